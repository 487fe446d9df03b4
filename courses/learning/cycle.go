package learning

import (
	"context"
	"errors"
	"haidang/courses"
	"haidang/courses/catalog"
	"slices"
)

// Owed is what somebody who was on a course has to learn anew.
type Owed string

// What may be owed.
const (
	Nothing  Owed = ""
	Addition Owed = "addition"    // what was added since
	Renewal  Owed = "replacement" // all of it, because it was replaced
	Again    Owed = "again"       // all of it, because an assignment counts a completion for a while only
)

// owed is what a published course asks of somebody whose enrolment of that number
// was completed on the version of the pinned number.
func owed(n catalog.Newest, number, pinned int) Owed {
	switch {
	case number < n.Renewed:
		return Renewal
	case pinned < n.Added:
		return Addition
	}
	return Nothing
}

// latest is the person's enrolment of the highest number on a course. It refuses
// with ErrNoEnrolment.
func (s *Service) latest(ctx context.Context, person courses.PersonID, course courses.CourseID) (Enrolment, error) {
	begun, err := s.begun(ctx, person)
	if err != nil {
		return Enrolment{}, err
	}
	b, found := newest(begun)[course]
	if !found {
		return Enrolment{}, ErrNoEnrolment
	}
	e, err := s.enrolment(ctx, EnrolmentID(person, course, b.Number))
	if err != nil {
		return Enrolment{}, err
	}
	return s.lastRound(ctx, e)
}

// newest is the one of the highest number on each course and, of its rounds, one that is
// open or else is on the newest version.
func newest(begun []Begun) map[courses.CourseID]Begun {
	of := make(map[courses.CourseID]Begun, len(begun))
	for _, b := range begun {
		if was, found := of[b.Course]; !found || b.after(was) {
			of[b.Course] = b
		}
	}
	return of
}

// Enrol puts the actor on the newest version of a published course: on all of it
// the first time and after it was replaced, on what was added if they had
// finished it. Doing it again gives the enrolment that is there.
func (s *Service) Enrol(ctx context.Context, actor courses.Actor, id courses.CourseID) (Enrolment, error) {
	if err := s.staff.Can(ctx, actor, courses.Learn, courses.Object{Person: actor.Person}); err != nil {
		return Enrolment{}, err
	}
	course, err := s.catalog.Published(ctx, id)
	if err != nil {
		return Enrolment{}, err
	}
	was, err := s.latest(ctx, actor.Person, id)
	begun := err == nil
	if err != nil && !errors.Is(err, ErrNoEnrolment) {
		return Enrolment{}, err
	}
	n, now := *course.Newest, s.clock.Now()
	e := Enrolment{
		Person: actor.Person, Course: id, Number: n.Renewed, Version: n.Version, Pinned: n.Number,
		EnrolledAt: now, LastAt: now,
	}
	if !begun {
		e.ID = EnrolmentID(actor.Person, id, e.Number)
		return s.store.InsertEnrolment(ctx, e)
	}
	switch what, err := s.owes(ctx, n, was); {
	case err != nil:
		return Enrolment{}, err
	case what == Nothing || was.CompletedAt == nil && what == Addition:
		return was, nil // an open one is finished first
	case what == Again:
		return s.again(ctx, e, was)
	case what == Addition:
		e.Number = n.Added
		if e.Only, err = s.delta(ctx, was.Version, n.Version); err != nil {
			return Enrolment{}, err
		}
		if len(e.Only) == 0 { // what was added is gone again
			e.CompletedAt = &now
		}
	}
	e.ID = EnrolmentID(actor.Person, id, e.Number)
	return s.store.InsertEnrolment(ctx, e)
}

// delta is the lessons that a newer version added to an older one or changed.
func (s *Service) delta(ctx context.Context, was, is courses.VersionID) ([]courses.LessonID, error) {
	older, err := s.catalog.Version(ctx, was)
	if err != nil {
		return nil, err
	}
	newer, err := s.catalog.Version(ctx, is)
	if err != nil {
		return nil, err
	}
	ids := []courses.LessonID{}
	for _, l := range catalog.Delta(older.Content, newer.Content) {
		ids = append(ids, l.ID)
	}
	return ids, nil
}

// Standing is where somebody stands on a published course.
type Standing struct {
	Enrolment
	Owed Owed
}

// On is where the actor stands on each of the courses that they are on, by course
// and without what is known of the lessons.
func (s *Service) On(ctx context.Context, actor courses.Actor, in []catalog.Course) (map[courses.CourseID]Standing, error) {
	ids := make([]courses.EnrolmentID, 0, len(in))
	for _, c := range in {
		ids = append(ids, idsOn(actor.Person, c)...)
	}
	list, err := s.Outlines(ctx, ids)
	if err != nil {
		return nil, err
	}
	if list, err = s.lastRounds(ctx, list); err != nil {
		return nil, err
	}
	byCourse := make(map[courses.CourseID]Standing, len(list))
	for _, e := range list {
		if was, found := byCourse[e.Course]; !found || e.Number > was.Number {
			byCourse[e.Course] = Standing{Enrolment: e}
		}
	}
	for _, c := range in {
		if e, found := byCourse[c.ID]; found && e.CompletedAt != nil {
			e.Owed = owed(*c.Newest, e.Number, e.Pinned)
			byCourse[c.ID] = e
		}
	}
	return byCourse, nil
}

// idsOn is the enrolments that a person may have on the course as it is.
func idsOn(person courses.PersonID, c catalog.Course) []courses.EnrolmentID {
	ids := []courses.EnrolmentID{EnrolmentID(person, c.ID, c.Newest.Renewed)}
	if c.Newest.Added > 0 {
		ids = append(ids, EnrolmentID(person, c.ID, c.Newest.Added))
	}
	if c.Newest.Renewed > 1 {
		ids = append(ids, EnrolmentID(person, c.ID, 1))
	}
	return ids
}

// OnCourse is where the actor stands on a published course; it refuses with
// ErrNoEnrolment.
func (s *Service) OnCourse(ctx context.Context, actor courses.Actor, c catalog.Course) (Standing, error) {
	if c.Newest.Renewed == 1 && c.Newest.Added == 0 { // there can be one only, and such a read joins others
		e, err := s.enrolment(ctx, EnrolmentID(actor.Person, c.ID, 1))
		if err != nil {
			return Standing{}, err
		}
		if e, err = s.lastRound(ctx, e); err != nil {
			return Standing{}, err
		}
		return s.standing(ctx, c, e)
	}
	e, err := s.latest(ctx, actor.Person, c.ID)
	if err != nil {
		return Standing{}, err
	}
	return s.standing(ctx, c, e)
}

func (s *Service) standing(ctx context.Context, c catalog.Course, e Enrolment) (Standing, error) {
	standing := Standing{Enrolment: e}
	var err error
	if e.CompletedAt != nil {
		standing.Owed, err = s.owes(ctx, *c.Newest, e)
	}
	return standing, err
}

// Consequences is what publishing a draft would mean to those who learnt it.
type Consequences struct {
	Finished int // enrolments that are completed
	Open     int // enrolments that are not: they stay on their version
	Lessons  []catalog.Lesson
}

// Consequences tells what publishing the draft would mean. Lessons is those that
// differ from the newest version: what an addition would ask of those who
// finished; none of a first version.
func (s *Service) Consequences(ctx context.Context, actor courses.Actor, id courses.CourseID) (Consequences, error) {
	e, err := s.catalog.Draft(ctx, actor, id)
	if err != nil || e.Course.Newest == nil {
		return Consequences{}, err
	}
	v, err := s.catalog.Version(ctx, e.Course.Newest.Version)
	if err != nil {
		return Consequences{}, err
	}
	c := Consequences{Lessons: catalog.Delta(v.Content, e.Course.Draft)}
	c.Finished, c.Open, err = s.store.Finished(ctx, id)
	return c, err
}

// Anew is a course that somebody finished and has to learn anew, or a part of it.
type Anew struct {
	Course catalog.Course
	Owed   Owed
}

// anew is the courses that somebody has to learn anew, out of all that they were
// on.
func (s *Service) anew(ctx context.Context, begun []Begun) ([]Anew, error) {
	latest := newest(begun)
	var closed []courses.CourseID
	for id, b := range latest {
		if !b.Open {
			closed = append(closed, id)
		}
	}
	found, err := s.catalog.PublishedByID(ctx, closed)
	if err != nil {
		return nil, err
	}
	var list []Anew
	for id, c := range found {
		b := latest[id]
		if what := owed(*c.Newest, b.Number, b.Pinned); what != Nothing {
			list = append(list, Anew{Course: c, Owed: what})
		}
	}
	slices.SortFunc(list, func(a, b Anew) int { return b.Course.Newest.At.Compare(a.Course.Newest.At) })
	return list[:min(len(list), todayItems)], nil
}
