package learning

import (
	"cmp"
	"context"
	"haidang/courses"
	"haidang/courses/catalog"
	"haidang/courses/staff"
	"slices"
	"strings"
	"sync"
)

// Today is what a learner sees first.
type Today struct {
	Must     []Must                              // assigned, late first; the other parts do not repeat it
	Anew     []Anew                              // finished once, and added to or replaced since
	Continue []Enrolment                         // without what is known of the lessons
	Courses  map[courses.CourseID]catalog.Course // of Continue
	New      []catalog.Course
	Tiet     int  // credited this year
	Pilots   bool // the person's commune is asked to read a draft
	Target   int  // of the person's category this year; 0 where none applies
}

// todayItems is how many rows each part of the page has at the most.
const todayItems = 6

// Today is what the actor has to learn anew, the open enrolments, latest first,
// and the newest courses for the actor's positions that are not begun.
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
	if begun, failed[2] = s.begun(ctx, actor.Person); failed[2] == nil {
		t.Continue, failed[2] = s.open(ctx, actor.Person, begun)
	}
	asking.Wait()
	for _, err := range failed {
		if err != nil {
			return Today{}, err
		}
	}
	var err error
	if t.Courses, err = s.coursesOf(ctx, t.Continue); err != nil {
		return Today{}, err
	}
	places, err := s.staff.PlacesOf(ctx, person)
	if err != nil {
		return Today{}, err
	}
	t.Pilots = s.catalog.AskedToRead(places)
	if t.Anew, err = s.anew(ctx, begun); err != nil {
		return Today{}, err
	}
	if t.Target, err = s.staff.Target(ctx, person.Category, today); err != nil {
		return Today{}, err
	}
	if t.New, err = s.fresh(ctx, actor, person, begun); err != nil {
		return Today{}, err
	}
	t.Must, err = s.must(ctx, person, begun)
	t.Anew = without(t.Anew, t.Must, func(x Anew) courses.CourseID { return x.Course.ID })
	t.Continue = without(t.Continue, t.Must, func(e Enrolment) courses.CourseID { return e.Course })
	t.New = without(t.New, t.Must, func(c catalog.Course) courses.CourseID { return c.ID })
	return t, err
}

// coursesOf is the courses of enrolments, as far as they are published.
func (s *Service) coursesOf(ctx context.Context, list []Enrolment) (map[courses.CourseID]catalog.Course, error) {
	ids := make([]courses.CourseID, len(list))
	for i, e := range list {
		ids[i] = e.Course
	}
	return s.catalog.PublishedByID(ctx, ids)
}

// open is the latest of the courses that a person is on.
func (s *Service) open(ctx context.Context, person courses.PersonID, begun []Begun) ([]Enrolment, error) {
	var ids []courses.EnrolmentID
	for _, b := range begun {
		if b.Open {
			ids = append(ids, EnrolmentID(person, b.Course, b.Number))
		}
	}
	list, err := s.Outlines(ctx, ids)
	if err != nil {
		return nil, err
	}
	list, err = s.lastRounds(ctx, list)
	list = slices.DeleteFunc(list, func(e Enrolment) bool { return e.CompletedAt != nil }) // a round that is not noted yet
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
