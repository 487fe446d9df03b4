package handlers

import (
	"context"
	"haidang/courses"
	"haidang/courses/assessment"
	"time"

	"github.com/danielgtaylor/huma/v2"
)

// LateAttempt is an attempt whose late answers wait for a decision.
type LateAttempt struct {
	AttemptCard
	Person  courses.PersonID `json:"person"`
	Name    string           `json:"name"`
	Course  courses.CourseID `json:"course"`
	Title   string           `json:"title"`
	Answers []LateAnswer     `json:"answers" nullable:"false"`
}

// LateAnswer is what is known of the time of a late answer.
type LateAnswer struct {
	Slot     int       `json:"slot"`
	At       time.Time `json:"at" doc:"By the device's clock"`
	Received time.Time `json:"received" doc:"By the server's"`
	Offline  bool      `json:"offline"`
}

type lateDecision struct {
	Accept bool   `json:"accept"`
	Reason string `json:"reason" minLength:"1" maxLength:"500" pattern:"\\S" doc:"The learner sees it"`
}

func registerLateAnswers(api huma.API, r quizRoutes) {
	private(api, get("listLateAnswers", "/api/studio/late-answers", "Attempts at courses that the actor publishes, with answers that came after their end, oldest first"), r.lateOnes)
	private(api, post("decideLateAnswers", "/api/studio/late-answers/{id}", "Say whether late answers count; the attempt is marked anew if they do"), r.decide)
}

func (r quizRoutes) lateOnes(ctx context.Context, actor courses.Actor, in *PageIn) (*body[list[LateAttempt]], error) {
	found, err := r.Assessment.LateOnes(ctx, actor, in.page())
	if err != nil {
		return nil, err
	}
	names, err := r.fullNames(ctx, each(found.Items, func(a assessment.Attempt) courses.PersonID { return a.Sitting.Person })...)
	if err != nil {
		return nil, err
	}
	items := make([]LateAttempt, len(found.Items))
	for i, a := range found.Items {
		v, err := r.Catalog.Version(ctx, a.Sitting.Version)
		if err != nil {
			return nil, err
		}
		items[i] = LateAttempt{
			AttemptCard: attemptCard(a), Person: a.Sitting.Person, Name: names[a.Sitting.Person], Course: a.Sitting.Course,
			Title: v.Content.Title, Answers: []LateAnswer{},
		}
		for slot := range a.Slots {
			if g, late := a.LateGiven[slot]; late {
				items[i].Answers = append(items[i].Answers, LateAnswer{Slot: slot, At: g.At, Received: g.Received, Offline: g.Offline})
			}
		}
	}
	return &body[list[LateAttempt]]{Body: list[LateAttempt]{Items: items, Next: found.Next}}, nil
}

type decideIn struct {
	AttemptPath
	Body lateDecision
}

func (r quizRoutes) decide(ctx context.Context, actor courses.Actor, in *decideIn) (*body[AttemptCard], error) {
	a, err := r.Learning.Decide(ctx, actor, in.ID, in.Body.Accept, in.Body.Reason)
	if err != nil {
		return nil, err
	}
	return &body[AttemptCard]{Body: attemptCard(a)}, nil
}
