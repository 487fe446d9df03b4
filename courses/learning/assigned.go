package learning

import (
	"cmp"
	"context"
	"haidang/courses"
	"haidang/courses/assignments"
	"haidang/courses/catalog"
	"haidang/courses/staff"
	"slices"
	"time"
)

// Must is an assigned course that somebody has still to learn, or will have again.
type Must struct {
	Assignment assignments.Assignment // the most pressing of those on the course
	Standing   assignments.Standing
	Course     catalog.Course
	Completed  courses.Date // when the person last completed all of it
	Open       Enrolment    // without what is known of the lessons; empty unless the person is on it
}

// mostMust is how many assigned courses are shown at the most.
const mostMust = 20

// must is what a person has to learn by a day, late first, then by day, out of all that
// they were on. It asks the database only about assigned courses that they began.
func (s *Service) must(ctx context.Context, person staff.Person, begun []Begun) ([]Must, error) {
	list, err := s.assigned.Of(ctx, person)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	open, done, err := s.onAssigned(ctx, person.ID, list, begun)
	if err != nil {
		return nil, err
	}
	var all []Must
	for id, m := range pressing(list, done, s.clock.Today()) {
		if m.Course, err = s.catalog.Published(ctx, id); err != nil {
			return nil, err
		}
		m.Open = open[id]
		if m.Standing.State != assignments.Done {
			all = append(all, m)
		}
	}
	slices.SortFunc(all, func(a, b Must) int { return cmp.Or(a.compare(b), cmp.Compare(a.Course.ID, b.Course.ID)) })
	return all[:min(len(all), mostMust)], nil
}

// pressing is the most pressing of the assignments of each course, of which the person
// completed some on a day.
func pressing(list []assignments.Assignment, done map[courses.CourseID]courses.Date, today courses.Date) map[courses.CourseID]Must {
	byCourse := map[courses.CourseID]Must{}
	for _, a := range list {
		m := Must{Assignment: a, Standing: a.Stands(done[a.Course], today), Completed: done[a.Course]}
		if was, twice := byCourse[a.Course]; !twice || m.before(was) {
			byCourse[a.Course] = m
		}
	}
	return byCourse
}

// Assigned is what a person must learn. It is for other packages, which ask for no actor.
func (s *Service) Assigned(ctx context.Context, person courses.PersonID) ([]Must, error) {
	p, err := s.staff.Person(ctx, person)
	if err != nil {
		return nil, err
	}
	begun, err := s.begun(ctx, person)
	if err != nil {
		return nil, err
	}
	return s.must(ctx, p, begun)
}

// MustOn is where the actor stands with a course that was assigned to them; false if it
// was not. Of a course that is assigned to nobody it asks the database nothing.
func (s *Service) MustOn(ctx context.Context, actor courses.Actor, course courses.CourseID) (Must, bool, error) {
	if assigned, _, err := s.assigned.Course(ctx, course); err != nil || !assigned {
		return Must{}, false, err
	}
	return s.mustOn(ctx, actor.Person, course)
}

func (s *Service) mustOn(ctx context.Context, person courses.PersonID, course courses.CourseID) (is Must, assigned bool, err error) {
	p, err := s.staff.Person(ctx, person)
	if err != nil {
		return is, false, err
	}
	list, err := s.assigned.Of(ctx, p)
	list = slices.DeleteFunc(list, func(a assignments.Assignment) bool { return a.Course != course })
	if err != nil || len(list) == 0 {
		return is, false, err
	}
	at, err := s.Completed(ctx, course, []courses.PersonID{person})
	if err != nil {
		return is, false, err
	}
	done := map[courses.CourseID]courses.Date{}
	if day, completed := at[person]; completed {
		done[course] = courses.DateOf(day)
	}
	is, assigned = pressing(list, done, s.clock.Today())[course]
	return is, assigned, nil
}

// compare puts what presses most first and, of the same day, what is required.
func (m Must) compare(other Must) int {
	soft := func(m Must) int {
		if m.Assignment.Level == assignments.Required {
			return 0
		}
		return 1
	}
	return cmp.Or(m.Standing.Compare(other.Standing), cmp.Compare(soft(m), soft(other)))
}

func (m Must) before(other Must) bool {
	return cmp.Or(m.compare(other), cmp.Compare(m.Assignment.ID, other.Assignment.ID)) < 0
}

// onAssigned is, by course, the open enrolments of a person on assigned courses and the
// days on which they last completed all of one.
func (s *Service) onAssigned(ctx context.Context, person courses.PersonID, list []assignments.Assignment, begun []Begun) (open map[courses.CourseID]Enrolment, done map[courses.CourseID]courses.Date, err error) {
	var ids []courses.EnrolmentID
	for _, b := range begun {
		if slices.ContainsFunc(list, func(a assignments.Assignment) bool { return a.Course == b.Course }) {
			ids = append(ids, EnrolmentID(person, b.Course, b.Number))
		}
	}
	open, done = map[courses.CourseID]Enrolment{}, map[courses.CourseID]courses.Date{}
	if len(ids) == 0 {
		return open, done, nil
	}
	found, err := s.Outlines(ctx, ids)
	if err != nil {
		return nil, nil, err
	}
	more, err := s.Outlines(ctx, allRounds(found))
	found = append(found, more...)
	for _, e := range found {
		switch {
		case e.CompletedAt == nil:
			open[e.Course] = e
		case e.whole():
			done[e.Course] = max(done[e.Course], courses.DateOf(*e.CompletedAt))
		}
	}
	return open, done, err
}

// whole says that all of the course was learnt: a supplement is not, and neither is one
// of which nothing was left to learn.
func (e Enrolment) whole() bool {
	return e.CompletedAt != nil && !e.Supplement() && e.CompletedAt.After(e.EnrolledAt)
}

// without leaves out what is shown among the assigned courses.
func without[T any](list []T, must []Must, course func(T) courses.CourseID) []T {
	return slices.DeleteFunc(list, func(x T) bool {
		return slices.ContainsFunc(must, func(m Must) bool { return m.Course.ID == course(x) })
	})
}

// Completed is when people last completed all of a course, for those who did.
func (s *Service) Completed(ctx context.Context, course courses.CourseID, people []courses.PersonID) (map[courses.PersonID]time.Time, error) {
	list, err := s.store.ClosedOn(ctx, course, people)
	of := make(map[courses.PersonID]time.Time, len(list))
	for _, e := range list {
		if e.whole() && e.CompletedAt.After(of[e.Person]) {
			of[e.Person] = e.CompletedAt.UTC()
		}
	}
	return of, err
}
