// Package learning is enrolment, the merging of progress and completion.
package learning

import (
	"cmp"
	"context"
	"errors"
	"haidang/courses"
	"haidang/courses/catalog"
	"haidang/courses/records"
	"haidang/courses/staff"
	"slices"
	"strings"
	"sync"
	"time"
)

// Refusals of learning.
var (
	ErrNoEnrolment = courses.Refusal(courses.NotFound, "learning.no_such_enrolment", "there is no such enrolment of this person")
)

// Service answers for learners.
type Service struct {
	store   Store
	catalog *catalog.Service
	records *records.Service
	staff   *staff.Service
	atomic  courses.Atomic
	clock   courses.Clock
	lanes   [lanes]gatherer
}

// NewService builds the service from its parts.
func NewService(store Store, c *catalog.Service, r *records.Service, p *staff.Service, atomic courses.Atomic, clock courses.Clock) *Service {
	s := &Service{store: store, catalog: c, records: r, staff: p, atomic: atomic, clock: clock}
	for i := range s.lanes {
		s.lanes[i].write = s.write
	}
	return s
}

// Enrol puts the actor on the newest version of a published course. Doing it
// again gives the enrolment that is there.
func (s *Service) Enrol(ctx context.Context, actor courses.Actor, id courses.CourseID) (Enrolment, error) {
	if err := s.staff.Can(ctx, actor, courses.Learn, courses.Object{Person: actor.Person}); err != nil {
		return Enrolment{}, err
	}
	course, err := s.catalog.Published(ctx, id)
	if err != nil {
		return Enrolment{}, err
	}
	now := s.clock.Now()
	return s.store.InsertEnrolment(ctx, Enrolment{
		ID: EnrolmentID(actor.Person, id), Person: actor.Person, Course: id, Version: course.Newest.Version,
		EnrolledAt: now, LastAt: now,
	})
}

// Enrolment is the actor's own; others' do not exist for them.
func (s *Service) Enrolment(ctx context.Context, actor courses.Actor, id courses.EnrolmentID) (Enrolment, error) {
	e, err := s.store.Enrolment(ctx, id)
	if err == nil && e.Person != actor.Person {
		err = ErrNoEnrolment
	}
	if err != nil {
		return Enrolment{}, err
	}
	return e, nil
}

// On is the actor's enrolment on each of the courses, by course and without
// what is known of the lessons.
func (s *Service) On(ctx context.Context, actor courses.Actor, in []courses.CourseID) (map[courses.CourseID]Enrolment, error) {
	list, err := s.outlines(ctx, actor.Person, in)
	if err != nil {
		return nil, err
	}
	byCourse := make(map[courses.CourseID]Enrolment, len(list))
	for _, e := range list {
		byCourse[e.Course] = e
	}
	return byCourse, nil
}

func (s *Service) outlines(ctx context.Context, person courses.PersonID, in []courses.CourseID) ([]Enrolment, error) {
	ids := make([]courses.EnrolmentID, len(in))
	for i, course := range in {
		ids[i] = EnrolmentID(person, course)
	}
	return s.store.Outlines(ctx, ids)
}

// OnCourse is the actor's enrolment on a course; it refuses with ErrNoEnrolment.
func (s *Service) OnCourse(ctx context.Context, actor courses.Actor, course courses.CourseID) (Enrolment, error) {
	return s.store.Enrolment(ctx, EnrolmentID(actor.Person, course))
}

// Receive merges events into the actor's enrolments. When it returns without an
// error, every event is on a majority with its journal, and every enrolment that
// they completed has its entry in the ledger. It refuses the whole batch with
// ErrEvent, ErrEventTwice, ErrNotInCourse, ErrFuture, ErrTooFast or ErrNoEnrolment.
func (s *Service) Receive(ctx context.Context, actor courses.Actor, events []Event) ([]Enrolment, error) {
	b := &batch{actor: actor.Person, events: events}
	if err := s.lane(actor.Person).add(ctx, b); err != nil {
		return nil, err
	}
	list := make([]Enrolment, 0, len(b.merged))
	for id, e := range b.merged {
		e, err := s.completeIf(ctx, e, b.versions[id])
		if err != nil {
			return nil, err
		}
		list = append(list, e)
	}
	return list, nil
}

// check refuses a batch that holds anything which cannot have happened, seen
// from the enrolments as they are, and notes their versions in it.
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
		return s.store.Enrolment(ctx, e.ID)
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

// Today is what a learner sees first.
type Today struct {
	Continue []Enrolment                         // without what is known of the lessons
	Courses  map[courses.CourseID]catalog.Course // of Continue
	New      []catalog.Course
	Tiet     int // credited this year
	Target   int // of the person's category this year; 0 where none applies
}

// todayItems is how many rows each part of the page has at the most.
const todayItems = 6

// Today is the actor's open enrolments, latest first, and the newest courses
// for the actor's positions that are not begun.
func (s *Service) Today(ctx context.Context, actor courses.Actor) (Today, error) {
	if err := s.staff.Can(ctx, actor, courses.Learn, courses.Object{Person: actor.Person}); err != nil {
		return Today{}, err
	}
	var (
		t      Today
		person staff.Person
		begun  []Begun
		failed [3]error
		asking sync.WaitGroup
		today  = s.clock.Today()
	)
	// Side by side, so that each question joins those that others ask now.
	asking.Go(func() { person, failed[0] = s.staff.Person(ctx, actor.Person) })
	asking.Go(func() { t.Tiet, failed[1] = s.records.TietIn(ctx, actor.Person, courses.PeriodsOf(today)[0]) })
	if begun, failed[2] = s.store.Begun(ctx, actor.Person); failed[2] == nil {
		t.Continue, failed[2] = s.open(ctx, actor.Person, begun)
	}
	asking.Wait()
	for _, err := range failed {
		if err != nil {
			return Today{}, err
		}
	}
	ids := make([]courses.CourseID, len(t.Continue))
	for i, e := range t.Continue {
		ids[i] = e.Course
	}
	var err error
	if t.Courses, err = s.catalog.PublishedByID(ctx, ids); err != nil {
		return Today{}, err
	}
	if t.Target, err = s.staff.Target(ctx, person.Category, today); err != nil {
		return Today{}, err
	}
	t.New, err = s.fresh(ctx, actor, person, begun)
	return t, err
}

// open is the latest of the courses that a person is on.
func (s *Service) open(ctx context.Context, person courses.PersonID, begun []Begun) ([]Enrolment, error) {
	var ids []courses.CourseID
	for _, b := range begun {
		if b.Open {
			ids = append(ids, b.Course)
		}
	}
	list, err := s.outlines(ctx, person, ids)
	slices.SortFunc(list, func(a, b Enrolment) int {
		return cmp.Or(b.LastAt.Compare(a.LastAt), strings.Compare(string(b.ID), string(a.ID)))
	})
	return list[:min(len(list), todayItems)], err
}

// fresh is the newest courses for the actor's positions that are not begun.
func (s *Service) fresh(ctx context.Context, actor courses.Actor, person staff.Person, begun []Begun) ([]catalog.Course, error) {
	today := s.clock.Today()
	positions := []courses.PositionID{}
	for _, p := range person.Postings {
		if today.Within(p.From, p.To) {
			positions = append(positions, p.Position)
		}
	}
	found, err := s.catalog.Browse(ctx, actor, "", catalog.Filter{For: positions}, courses.Page{Limit: 5 * todayItems})
	if err != nil {
		return nil, err
	}
	var fresh []catalog.Course
	for _, c := range found.Items {
		if len(fresh) < todayItems && !slices.ContainsFunc(begun, func(b Begun) bool { return b.Course == c.ID }) {
			fresh = append(fresh, c)
		}
	}
	return fresh, nil
}
