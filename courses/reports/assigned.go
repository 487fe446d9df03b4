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
	rows, size := []AssignedRow{}, page.Size()
	for looked := 0; ; {
		found, err := s.staff.List(ctx, actor, courses.ReadReport, "", "", audience, page)
		if err != nil {
			return none, err
		}
		of, err := s.standing(ctx, a, found.Items)
		if err != nil {
			return none, err
		}
		for _, row := range of {
			if len(states) == 0 || slices.Contains(states, row.Standing.State) {
				rows = append(rows, row)
			}
		}
		looked, page.After = looked+len(found.Items), found.Next
		if page.After == "" || 2*len(rows) >= size || looked >= mostLooked {
			return courses.Slice[AssignedRow]{Items: rows, Next: page.After}, nil
		}
	}
}

// standing is the rows of people.
func (s *Service) standing(ctx context.Context, a assignments.Assignment, people []staff.Person) ([]AssignedRow, error) {
	ids := make([]courses.PersonID, len(people))
	for i, p := range people {
		ids[i] = p.ID
	}
	completed, err := s.learning.Completed(ctx, a.Course, ids)
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
