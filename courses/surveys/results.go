package surveys

import (
	"context"
	"haidang/courses"
	"haidang/courses/catalog"
	"slices"
)

// Results is what the answers on one version of a course amount to, in whole
// groups. What fewer said is not in it.
type Results struct {
	Version     catalog.Version
	Told        []catalog.Version // all that have results, the newest first
	Reaction    Tally
	Pairs       int // how many rated before and after
	Gains       []Gain
	Evaluations []Evaluation
	FollowUps   []Spread
}

// Gain is how far people agreed with a statement before and after, in hundredths
// from 100 to 500. The difference of the means is the mean of the differences.
type Gain struct {
	Statement     string
	Before, After int
}

// Evaluation is the points by one template.
type Evaluation struct {
	Template Template
	N        int
	Points
}

// Spread is how often each choice of a follow-up was taken.
type Spread struct {
	Kind   Kind
	N      int
	Counts []int
}

// Results is for who keeps the course and for HR. With no version it is the newest
// that has any, else the newest.
func (s *Service) Results(ctx context.Context, actor courses.Actor, id courses.CourseID, version courses.VersionID) (Results, error) {
	r, err := s.told(ctx, actor, id, version)
	if err != nil {
		return Results{}, err
	}
	pools, err := s.store.Pools(ctx, r.Version.ID)
	if err != nil {
		return Results{}, err
	}
	for _, p := range pools {
		if p.Shown.N < Group {
			continue
		}
		switch p.Key.Kind {
		case Reactions:
			r.Reaction = p.Shown
		case Pairs:
			r.Pairs, r.Gains = p.Shown.N, gains(r.Version.Content.Statements, p.Shown)
		case Evaluations:
			t, err := s.store.Template(ctx, p.Key.Template)
			if err != nil {
				return Results{}, err
			}
			r.Evaluations = append(r.Evaluations, Evaluation{Template: t, N: p.Shown.N, Points: t.Points(p.Shown)})
		case Used30, Used90:
			r.FollowUps = append(r.FollowUps, Spread{Kind: p.Key.Kind, N: p.Shown.N, Counts: p.Shown.Counts[used]})
		case Seen30, Seen90:
			r.FollowUps = append(r.FollowUps, Spread{Kind: p.Key.Kind, N: p.Shown.N, Counts: p.Shown.Counts[seen]})
		}
	}
	return r, nil
}

func gains(statements []catalog.Statement, t Tally) []Gain {
	list := make([]Gain, len(statements))
	for i, statement := range statements {
		list[i] = Gain{Statement: statement.Text, Before: t.hundredths(statement.ID + ":before"), After: t.hundredths(statement.ID + ":after")}
	}
	return list
}

// told is the version that is asked for, and those that have results.
func (s *Service) told(ctx context.Context, actor courses.Actor, id courses.CourseID, version courses.VersionID) (Results, error) {
	c, err := s.catalog.Published(ctx, id)
	if err != nil {
		return Results{}, err
	}
	if err := s.allow.Can(ctx, actor, courses.ReadResults, courses.Object{Unit: c.Owner, CoOwners: c.Hands.CoOwners}); err != nil {
		return Results{}, err
	}
	ids, err := s.store.Told(ctx, id)
	if err != nil {
		return Results{}, err
	}
	var r Results
	for _, id := range ids {
		v, err := s.catalog.Version(ctx, id)
		if err != nil {
			return Results{}, err
		}
		r.Told = append(r.Told, v)
	}
	slices.SortFunc(r.Told, func(a, b catalog.Version) int { return b.Number - a.Number })
	switch {
	case version != "":
	case len(r.Told) > 0:
		version = r.Told[0].ID
	default:
		version = c.Newest.Version
	}
	r.Version, err = s.catalog.Version(ctx, version)
	if err == nil && r.Version.Course != id {
		err = catalog.ErrNoVersion
	}
	return r, err
}

// Kinds lists the kinds of pool that hold texts.
func Kinds() []Kind { return []Kind{Reactions, Evaluations, Used30, Used90, Seen30, Seen90} }

// Texts lists what was written on a version, in no order, once five people wrote.
func (s *Service) Texts(ctx context.Context, actor courses.Actor, id courses.CourseID, key Key, page courses.Page) (courses.Slice[string], error) {
	if _, err := s.told(ctx, actor, id, key.Version); err != nil {
		return courses.Slice[string]{}, err
	}
	if !slices.Contains(Kinds(), key.Kind) || (key.Kind == Evaluations) != (key.Template != "") {
		return courses.Slice[string]{}, ErrNoTexts
	}
	return s.store.Texts(ctx, key, page)
}

// ErrNoTexts says that nobody is asked to write there.
var ErrNoTexts = courses.Refusal(courses.NotFound, "surveys.no_such_texts", "such a survey has no texts")
