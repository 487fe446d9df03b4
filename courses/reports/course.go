package reports

import (
	"context"
	"haidang/courses"
	"haidang/courses/learning"
	"haidang/courses/staff"
)

// CourseRow is a learner's line of BC-04.
type CourseRow struct {
	Person   staff.Person
	Standing learning.Result
}

// mostLooked is how many people one page looks at; whoever wants more of a course that
// few learn asks for the next page.
const mostLooked = 2000

// Course lists the learners of a course in a unit (or, with none, in all that the
// actor reports on) with their results, by given name. A page may be shorter than
// was asked for.
func (s *Service) Course(ctx context.Context, actor courses.Actor, course courses.CourseID, unit courses.UnitID, page courses.Page) (courses.Slice[CourseRow], error) {
	return look(page, func(page courses.Page) (courses.Slice[staff.Person], error) {
		return s.staff.List(ctx, actor, courses.ReadReport, "", unit, staff.Filter{HomeOnly: true}, page)
	}, func(people []staff.Person) ([]CourseRow, error) { return s.results(ctx, course, people) })
}

// look fills a page with rows of people, some of whom have none. It may be shorter than
// was asked for.
func look[T any](page courses.Page, list func(courses.Page) (courses.Slice[staff.Person], error), of func([]staff.Person) ([]T, error)) (courses.Slice[T], error) {
	rows, size := []T{}, page.Size()
	for looked := 0; ; {
		found, err := list(page)
		if err != nil {
			return courses.Slice[T]{}, err
		}
		more, err := of(found.Items)
		if err != nil {
			return courses.Slice[T]{}, err
		}
		rows, looked, page.After = append(rows, more...), looked+len(found.Items), found.Next
		if page.After == "" || 2*len(rows) >= size || looked >= mostLooked {
			return courses.Slice[T]{Items: rows, Next: page.After}, nil
		}
	}
}

func idsOf(people []staff.Person) []courses.PersonID {
	ids := make([]courses.PersonID, len(people))
	for i, p := range people {
		ids[i] = p.ID
	}
	return ids
}

// results is the lines of those people who are on the course.
func (s *Service) results(ctx context.Context, course courses.CourseID, people []staff.Person) ([]CourseRow, error) {
	of, err := s.learning.Results(ctx, course, idsOf(people))
	if err != nil {
		return nil, err
	}
	var rows []CourseRow
	for _, p := range people {
		if standing, is := of[p.ID]; is {
			rows = append(rows, CourseRow{p, standing})
		}
	}
	return rows, nil
}

// CourseWhole gives the rows of Course, all of them, some at a time and none at the
// end.
func (s *Service) CourseWhole(ctx context.Context, actor courses.Actor, course courses.CourseID, unit courses.UnitID) (next func() ([]CourseRow, error)) {
	page, ended := courses.Page{Limit: everyonePage}, false
	return func() ([]CourseRow, error) {
		for !ended {
			found, err := s.Course(ctx, actor, course, unit, page)
			if err != nil {
				return nil, err
			}
			page.After, ended = found.Next, found.Next == ""
			if len(found.Items) > 0 {
				return found.Items, nil
			}
		}
		return nil, nil
	}
}
