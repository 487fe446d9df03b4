package learning

import (
	"context"
	"haidang/courses"
)

// What is read of somebody's enrolments is folded first, so that who learnt here reads
// here what they did. Only the fold itself asks the store.

func (s *Service) begun(ctx context.Context, person courses.PersonID) ([]Begun, error) {
	if err := s.folds.settle(ctx, person); err != nil {
		return nil, err
	}
	return s.store.Begun(ctx, person)
}

func (s *Service) enrolment(ctx context.Context, id courses.EnrolmentID) (Enrolment, error) {
	if err := s.folds.settle(ctx, personOf(id)); err != nil {
		return Enrolment{}, err
	}
	return s.store.Enrolment(ctx, id)
}

// Outlines is those of ids that exist, without what is known of their lessons.
func (s *Service) Outlines(ctx context.Context, ids []courses.EnrolmentID) ([]Enrolment, error) {
	people := make([]courses.PersonID, len(ids))
	for i, id := range ids {
		people[i] = personOf(id)
	}
	if err := s.folds.settle(ctx, people...); err != nil {
		return nil, err
	}
	return s.store.Outlines(ctx, ids)
}

func (s *Service) onCourse(ctx context.Context, course courses.CourseID, people []courses.PersonID) ([]Enrolment, error) {
	if err := s.folds.settle(ctx, people...); err != nil {
		return nil, err
	}
	return s.store.OnCourse(ctx, course, people)
}
