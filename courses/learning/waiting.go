package learning

import (
	"context"
	"haidang/courses"
	"haidang/courses/catalog"
	"maps"
	"slices"
)

// Waiting is what waits for a learner, a handful of each, as Today shows it.
type Waiting struct {
	Open    []Enrolment                         // begun and not finished, latest first, without what is known of lessons
	Courses map[courses.CourseID]catalog.Course // of Open
	Anew    []Anew
	New     []catalog.Course // for the person's positions, not begun
}

// Waiting is for other packages, which ask for no actor.
func (s *Service) Waiting(ctx context.Context, person courses.PersonID) (Waiting, error) {
	p, err := s.staff.Person(ctx, person)
	if err != nil {
		return Waiting{}, err
	}
	begun, err := s.begun(ctx, person)
	if err != nil {
		return Waiting{}, err
	}
	var w Waiting
	if w.Open, err = s.open(ctx, person, begun); err != nil {
		return Waiting{}, err
	}
	if w.Courses, err = s.coursesOf(ctx, w.Open); err != nil {
		return Waiting{}, err
	}
	if w.Anew, err = s.anew(ctx, begun); err != nil {
		return Waiting{}, err
	}
	w.New, err = s.fresh(ctx, courses.Actor{Person: person}, p, begun)
	return w, err
}

// Owing says of the courses that a person began what they owe of each.
func (s *Service) Owing(ctx context.Context, person courses.PersonID) (map[courses.CourseID]Owed, error) {
	begun, err := s.begun(ctx, person)
	if err != nil || len(begun) == 0 {
		return nil, err
	}
	latest := newest(begun)
	published, err := s.catalog.PublishedByID(ctx, slices.Collect(maps.Keys(latest)))
	if err != nil {
		return nil, err
	}
	all := make(map[courses.CourseID]Owed, len(latest))
	for id, b := range latest {
		all[id] = Nothing
		if c, there := published[id]; there && !b.Open {
			all[id] = owed(*c.Newest, b.Number, b.Pinned)
		}
	}
	return all, nil
}

// OpenOn lists those on a course who have not finished it by enrolment, behind one, with
// id and person alone.
func (s *Service) OpenOn(ctx context.Context, course courses.CourseID, after courses.EnrolmentID, limit int) ([]Enrolment, error) {
	return s.store.OpenOn(ctx, course, after, limit)
}

// Unfinished counts the enrolments on a course that are not completed.
func (s *Service) Unfinished(ctx context.Context, course courses.CourseID) (int, error) {
	_, open, err := s.store.Finished(ctx, course)
	return open, err
}
