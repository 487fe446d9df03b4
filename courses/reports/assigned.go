package reports

import (
	"context"
	"haidang/courses"
	"haidang/courses/assignments"
	"haidang/courses/staff"
	"slices"
	"time"
)

// AssignedRow is where somebody stands with an assignment.
type AssignedRow struct {
	Person      staff.Person
	Standing    assignments.Standing
	CompletedAt time.Time // when they last completed the course; zero if never
}

// Assigned lists, by given name, the people in the actor's units whom an assignment
// reaches, or those of them who are in one of the states. A page may be shorter than was
// asked for: states are worked out of the people who are looked at, some at a time.
func (s *Service) Assigned(ctx context.Context, actor courses.Actor, id assignments.ID, states []assignments.State, page courses.Page) (courses.Slice[AssignedRow], error) {
	none := courses.Slice[AssignedRow]{}
	a, err := s.assignments.Get(ctx, actor, id)
	if err != nil {
		return none, err
	}
	audience, err := s.assignments.Audience(ctx, a)
	if err != nil {
		return none, err
	}
	return look(page, func(page courses.Page) (courses.Slice[staff.Person], error) {
		return s.staff.List(ctx, actor, courses.ReadReport, "", "", audience, page)
	}, func(people []staff.Person) ([]AssignedRow, error) {
		rows, err := s.standing(ctx, a, people)
		return slices.DeleteFunc(rows, func(row AssignedRow) bool {
			return len(states) > 0 && !slices.Contains(states, row.Standing.State)
		}), err
	})
}

// standing is the rows of people.
func (s *Service) standing(ctx context.Context, a assignments.Assignment, people []staff.Person) ([]AssignedRow, error) {
	completed, err := s.learning.Completed(ctx, a.Course, idsOf(people))
	if err != nil {
		return nil, err
	}
	rows, today := make([]AssignedRow, len(people)), s.clock.Today()
	for i, p := range people {
		row := AssignedRow{Person: p, CompletedAt: completed[p.ID]}
		day := courses.Date("")
		if !row.CompletedAt.IsZero() {
			day = courses.DateOf(row.CompletedAt)
		}
		row.Standing = a.Stands(day, today)
		rows[i] = row
	}
	return rows, nil
}
