package app

import (
	"context"
	"errors"
	"haidang/courses"
	"haidang/courses/learning"
	"haidang/courses/records"
	"haidang/courses/surveys"
	"time"
)

// learners is what surveys ask of learning.
type learners struct{ learning *learning.Service }

// Taking implements surveys.Learners.
func (l learners) Taking(ctx context.Context, actor courses.Actor, id courses.EnrolmentID) (surveys.Taking, error) {
	e, v, err := l.learning.Standing(ctx, actor, id)
	if err != nil {
		return surveys.Taking{}, err
	}
	return surveys.Taking{
		Enrolment: e.ID, Course: e.Course, Version: e.Version, CompletedAt: e.CompletedAt, Supplement: e.Supplement(), Begun: e.Begun(v),
	}, nil
}

// completions is what surveys ask of the ledger.
type completions struct{ records *records.Service }

// Of implements surveys.Completions.
func (c completions) Of(ctx context.Context, person courses.PersonID, from, to time.Time) ([]surveys.Completion, error) {
	list, err := c.records.Between(ctx, person, from, to)
	return surveyed(list), err
}

// Briefly implements surveys.Completions.
func (c completions) Briefly(ctx context.Context, person courses.PersonID, from, to time.Time) ([]surveys.Completion, error) {
	list, err := c.records.Credits(ctx, person, from, to)
	out := make([]surveys.Completion, len(list))
	for i, x := range list {
		out[i] = surveys.Completion{ID: x.ID, Person: person, At: x.At, Whole: x.Tiet > 0}
	}
	return out, err
}

// In implements surveys.Completions.
func (c completions) In(ctx context.Context, units []courses.UnitID, from, to time.Time, page courses.Page) (courses.Slice[surveys.Completion], error) {
	found, err := c.records.InUnits(ctx, units, from, to, page)
	return courses.Slice[surveys.Completion]{Items: surveyed(found.Items), Next: found.Next}, err
}

// Completion implements surveys.Completions.
func (c completions) Completion(ctx context.Context, id courses.CompletionID) (surveys.Completion, error) {
	x, err := c.records.Find(ctx, id)
	if errors.Is(err, records.ErrNoCompletion) {
		err = surveys.ErrNoFollowUp
	}
	if err != nil {
		return surveys.Completion{}, err
	}
	return surveyed([]records.Completion{x})[0], nil
}

// surveyed is completions as surveys see them. A supplement is credited no tiết.
func surveyed(list []records.Completion) []surveys.Completion {
	out := make([]surveys.Completion, len(list))
	for i, c := range list {
		out[i] = surveys.Completion{ID: c.ID, Person: c.Person, Course: c.Course, Version: c.Version, Title: c.CourseTitle, At: c.CompletedAt, Whole: c.Tiet > 0}
	}
	return out
}
