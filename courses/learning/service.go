// Package learning is enrolment, the merging of progress and completion.
package learning

import (
	"context"
	"errors"
	"haidang/courses"
	"haidang/courses/assessment"
	"haidang/courses/assignments"
	"haidang/courses/catalog"
	"haidang/courses/records"
	"haidang/courses/staff"
	"time"
)

// Refusals of learning.
var (
	ErrNoEnrolment = courses.Refusal(courses.NotFound, "learning.no_such_enrolment", "there is no such enrolment of this person")
)

// Service answers for learners.
type Service struct {
	store    Store
	catalog  *catalog.Service
	records  *records.Service
	quizzes  *assessment.Service
	staff    *staff.Service
	assigned *assignments.Service
	atomic   courses.Atomic
	clock    courses.Clock
	writes   gatherer
	folds    *folds

	// Marked is told, at least once, when an attempt with essays has its result; nil
	// tells nobody.
	Marked func(ctx context.Context, a assessment.Attempt) error
}

// NewService builds the service from its parts.
func NewService(store Store, c *catalog.Service, r *records.Service, q *assessment.Service, p *staff.Service, x *assignments.Service, atomic courses.Atomic, clock courses.Clock) *Service {
	s := &Service{store: store, catalog: c, records: r, quizzes: q, staff: p, assigned: x, atomic: atomic, clock: clock}
	s.folds = newFolds(s)
	s.writes.write = s.write
	return s
}

// Enrolment is the actor's own; others' do not exist for them.
func (s *Service) Enrolment(ctx context.Context, actor courses.Actor, id courses.EnrolmentID) (Enrolment, error) {
	e, err := s.enrolment(ctx, id)
	if err == nil && e.Person != actor.Person {
		err = ErrNoEnrolment
	}
	if err != nil {
		return Enrolment{}, err
	}
	return e, nil
}

// Standing is the actor's own enrolment with its version.
func (s *Service) Standing(ctx context.Context, actor courses.Actor, id courses.EnrolmentID) (Enrolment, catalog.Version, error) {
	e, err := s.Enrolment(ctx, actor, id)
	if err != nil {
		return Enrolment{}, catalog.Version{}, err
	}
	v, err := s.catalog.Version(ctx, e.Version)
	return e, v, err
}

// Receive merges events into the actor's enrolments. When it returns without an
// error, every event is in the log, on a majority with its journal, and every
// enrolment that they completed has its entry in the ledger, and every event can be
// looked up by its receipt. The documents of enrolments follow within foldEvery. It
// refuses the whole batch with
// ErrEvent, ErrEventTwice, ErrNotInCourse, ErrFuture, ErrTooFast or ErrNoEnrolment.
func (s *Service) Receive(ctx context.Context, actor courses.Actor, events []Event) ([]Enrolment, error) {
	b := &batch{actor: actor.Person, events: events}
	current, err := s.folds.hold(ctx, b)
	if err == nil {
		err = s.check(ctx, b, current)
	}
	if err != nil {
		return nil, err
	}
	if err := s.writes.add(ctx, b); err != nil {
		return nil, err
	}
	if !b.news {
		if err := s.logUnknown(ctx, b); err != nil {
			return nil, err
		}
	}
	list := make([]Enrolment, 0, len(b.merged))
	for id, e := range b.merged {
		v := b.versions[id]
		e.ShareBp = e.share(v)
		if e.CompletedAt == nil && e.ShareBp == 10000 && e.complete(v, s.clock.Now()) {
			var err error
			if e, err = s.Enrolment(ctx, actor, id); err != nil {
				return nil, err
			}
			if e, err = s.completeIf(ctx, e, v); err != nil {
				return nil, err
			}
		}
		list = append(list, e)
	}
	return list, nil
}

// check refuses a batch that holds anything which cannot have happened, and notes in
// it the versions of its enrolments, which never change.
func (s *Service) check(ctx context.Context, b *batch, current enrolments) error {
	b.versions = make(map[courses.EnrolmentID]catalog.Version, 1)
	seen := make(map[courses.EventID]bool, len(b.events))
	var refusal *courses.Error
	now := s.clock.Now()
	for i, e := range b.events {
		v, known := b.versions[e.Enrolment]
		if !known {
			enrolment, found := current[e.Enrolment]
			if !found || enrolment.Person != b.actor {
				return refuseAt(ErrNoEnrolment, i)
			}
			var err error
			if v, err = s.catalog.Version(ctx, enrolment.Version); err != nil {
				return err
			}
			b.versions[e.Enrolment] = v
		}
		err := e.check(v, now)
		if err == nil && seen[e.ID] {
			err = ErrEventTwice
		}
		seen[e.ID] = true
		var wrong *courses.Error
		if errors.As(err, &wrong) {
			if refusal == nil {
				refusal = wrong
			}
			refusal = refusal.With(refuseAt(wrong, i).Fields...)
		}
	}
	if refusal != nil {
		return refusal
	}
	return nil
}

// completeIf writes the completion of an enrolment whose lessons are complete:
// the enrolment and the ledger's pending entry, in one transaction.
func (s *Service) completeIf(ctx context.Context, e Enrolment, v catalog.Version) (Enrolment, error) {
	now := s.clock.Now()
	if e.CompletedAt != nil || !e.complete(v, now) {
		return e, nil
	}
	entry, err := s.entry(ctx, e, v, now)
	if err != nil {
		return e, err
	}
	first := false
	err = s.atomic(ctx, func(ctx context.Context) error {
		var err error
		if first, err = s.store.Complete(ctx, e.ID, now); err != nil || !first {
			return err
		}
		return s.records.Add(ctx, entry)
	})
	if err != nil {
		return e, err
	}
	if !first { // another request completed it between our merge and now
		return s.store.Enrolment(ctx, e.ID) // a fold may ask, and waits for none
	}
	e.CompletedAt = &now
	s.records.Wake()
	return e, nil
}

// entry is the completion as the ledger keeps it, with the texts of the day.
func (s *Service) entry(ctx context.Context, e Enrolment, v catalog.Version, now time.Time) (records.Completion, error) {
	tree, err := s.staff.Tree(ctx)
	if err != nil {
		return records.Completion{}, err
	}
	today := courses.DateOf(now)
	e.CompletedAt = &now
	c := EntryOf(e, v)
	if issuer, found := tree.At(v.Owner, today); found {
		c.IssuerName = issuer.FullName
	}
	posting, err := s.staff.HomePosting(ctx, e.Person, today)
	if errors.Is(err, staff.ErrNoPosting) {
		return c, nil
	}
	if err != nil {
		return c, err
	}
	c.Unit = tree.ReportUnit(posting.Unit, today)
	if unit, found := tree.At(c.Unit, today); found {
		c.UnitName = unit.FullName
	}
	return c, nil
}
