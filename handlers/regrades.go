package handlers

import (
	"context"
	"haidang/courses"
	"haidang/courses/assessment"
	"time"

	"github.com/danielgtaylor/huma/v2"
)

// CorrectionView says that attempts at older versions of a question are marked by a
// newer one.
type CorrectionView struct {
	From   int       `json:"from" doc:"The oldest version that it corrects"`
	To     int       `json:"to" doc:"The version that marks"`
	At     time.Time `json:"at"`
	Name   string    `json:"name"`
	Reason string    `json:"reason"`
	Done   bool      `json:"done" doc:"Every attempt is marked"`
}

// RegradedAttempt is an attempt that corrections of a question changed.
type RegradedAttempt struct {
	ID       courses.AttemptID `json:"id"`
	Name     string            `json:"name,omitempty" doc:"Of the learner; absent where the quiz is marked anonymously"`
	Title    string            `json:"title" doc:"Of the course"`
	Regrades []RegradeView     `json:"regrades" nullable:"false"`
}

type regradeIn struct {
	ItemPath
	Body newRegrade
}

type newRegrade struct {
	Number int    `json:"number" minimum:"1" doc:"The newest version, which marks"`
	Reason string `json:"reason" minLength:"1" maxLength:"500" pattern:"\\S" doc:"Learners see it"`
}

func registerRegrades(api huma.API, r bankRoutes) {
	private(api, get("listRegrades", "/api/items/{id}/regrades", "The corrections of a question, newest first"), r.corrections)
	private(api, post("regradeItem", "/api/items/{id}/regrades", "Have done attempts at older versions marked by the newest; they follow in the background"), r.regrade)
	private(api, get("listRegraded", "/api/items/{id}/regraded", "Attempts that corrections of a question changed, at courses that the actor publishes, newest first"), r.regraded)
}

func (r bankRoutes) corrections(ctx context.Context, actor courses.Actor, in *ItemPath) (*body[[]CorrectionView], error) {
	found, err := r.Assessment.Corrections(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	views, err := r.correctionViews(ctx, found)
	return &body[[]CorrectionView]{Body: views}, err
}

func (r bankRoutes) correctionViews(ctx context.Context, list []assessment.Correction) ([]CorrectionView, error) {
	names, err := r.fullNames(ctx, each(list, func(c assessment.Correction) courses.PersonID { return c.By })...)
	return each(list, func(c assessment.Correction) CorrectionView {
		return CorrectionView{From: c.From, To: c.To, At: c.At, Name: names[c.By], Reason: c.Reason, Done: c.Done}
	}), err
}

func (r bankRoutes) regrade(ctx context.Context, actor courses.Actor, in *regradeIn) (*body[CorrectionView], error) {
	c, err := r.Assessment.Regrade(ctx, actor, in.ID, in.Body.Number, in.Body.Reason)
	if err != nil {
		return nil, err
	}
	views, err := r.correctionViews(ctx, []assessment.Correction{c})
	if err != nil {
		return nil, err
	}
	return &body[CorrectionView]{Body: views[0]}, nil
}

type regradedIn struct {
	ItemPath
	PageIn
}

func (r bankRoutes) regraded(ctx context.Context, actor courses.Actor, in *regradedIn) (*body[list[RegradedAttempt]], error) {
	found, err := r.Assessment.Corrected(ctx, actor, in.ID, in.page())
	if err != nil {
		return nil, err
	}
	names, err := r.fullNames(ctx, each(found.Items, func(a assessment.Attempt) courses.PersonID { return a.Sitting.Person })...)
	if err != nil {
		return nil, err
	}
	quizzes := quizRoutes{Services: r.Services}
	items := make([]RegradedAttempt, len(found.Items))
	for i, a := range found.Items {
		version, err := r.Catalog.Version(ctx, a.Sitting.Version)
		if err != nil {
			return nil, err
		}
		a.Regrades = of(a.Regrades, in.ID)
		items[i] = RegradedAttempt{ID: a.ID, Title: version.Content.Title}
		if !a.Anonymous {
			items[i].Name = names[a.Sitting.Person]
		}
		if items[i].Regrades, err = quizzes.regrades(ctx, a); err != nil {
			return nil, err
		}
	}
	return &body[list[RegradedAttempt]]{Body: list[RegradedAttempt]{Items: items, Next: found.Next}}, nil
}

// of is what corrections of one question changed.
func of(list []assessment.Regrade, item courses.ItemID) []assessment.Regrade {
	var kept []assessment.Regrade
	for _, x := range list {
		if x.Item == item {
			kept = append(kept, x)
		}
	}
	return kept
}
