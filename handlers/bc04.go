package handlers

import (
	"context"
	"haidang/courses"
	"haidang/courses/exchange"
	"haidang/courses/reports"
	"io"
	"time"
)

// CourseResult is a learner's line of BC-04.
type CourseResult struct {
	Person      PersonSummary `json:"person"`
	Version     int           `json:"version" doc:"Number of the version that is learnt"`
	EnrolledAt  time.Time     `json:"enrolledAt"`
	CompletedAt *time.Time    `json:"completedAt,omitempty"`
	ShareBp     int           `json:"shareBp" doc:"Basis points towards completion"`
	ScoreBp     *int          `json:"scoreBp,omitempty" doc:"Mean of the best scores of the quizzes, basis points; absent where the version has none"`
}

// Bc04In names a course and where its learners work.
type Bc04In struct {
	Course courses.CourseID `query:"course" required:"true" maxLength:"36"`
	Unit   courses.UnitID   `query:"unit" maxLength:"40" doc:"This unit and all below it; absent: all that the actor reports on"`
}

type bc04ListIn struct {
	PageIn
	Bc04In
}

func (r reportRoutes) bc04(ctx context.Context, actor courses.Actor, in *bc04ListIn) (*body[list[CourseResult]], error) {
	if _, err := r.Catalog.Published(ctx, in.Course); err != nil {
		return nil, err
	}
	found, err := r.Reports.Course(ctx, actor, in.Course, in.Unit, in.page())
	if err != nil {
		return nil, err
	}
	names, err := r.names(ctx, r.clock)
	if err != nil {
		return nil, err
	}
	return &body[list[CourseResult]]{Body: list[CourseResult]{Next: found.Next, Items: each(found.Items, func(row reports.CourseRow) CourseResult {
		e := row.Standing.Enrolment
		v := CourseResult{Person: names.summary(row.Person), Version: e.Pinned, EnrolledAt: e.EnrolledAt, CompletedAt: e.CompletedAt, ShareBp: e.ShareBp}
		if row.Standing.Scored {
			v.ScoreBp = &row.Standing.ScoreBp
		}
		return v
	})}}, nil
}

func (r reportRoutes) bc04Sheet(ctx context.Context, actor courses.Actor, in *Bc04In) (*file, error) {
	course, err := r.Catalog.Published(ctx, in.Course)
	if err != nil {
		return nil, err
	}
	names, err := r.names(ctx, r.clock)
	if err != nil {
		return nil, err
	}
	rows := r.Reports.CourseWhole(ctx, actor, in.Course, in.Unit)
	next := func() ([]exchange.LearnerLine, error) {
		list, err := rows()
		return each(list, func(row reports.CourseRow) exchange.LearnerLine {
			s, e := names.summary(row.Person), row.Standing.Enrolment
			l := exchange.LearnerLine{
				FullName: s.FullName, BirthYear: s.BirthYear, Unit: s.UnitName, Position: s.PositionTitle,
				Enrolled: courses.DateOf(e.EnrolledAt), ScoreBp: row.Standing.ScoreBp, Scored: row.Standing.Scored, ShareBp: e.ShareBp,
			}
			if e.CompletedAt != nil {
				l.Completed = courses.DateOf(*e.CompletedAt)
			}
			return l
		}), err
	}
	return newFile("BC-04-"+course.Code, "xlsx", func(w io.Writer) error {
		return exchange.WriteBC04(w, course.Code, course.Newest.Title, r.clock.Today(), next)
	})
}
