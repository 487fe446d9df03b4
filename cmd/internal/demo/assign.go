package demo

import (
	"context"
	"fmt"
	"haidang/cmd/internal/app"
	"haidang/courses"
	"haidang/courses/assignments"
	"haidang/courses/staff"
	"time"
)

// assign has the course on the notice learnt on Bạch Long Vĩ by those in the learner's
// position, with a month left, and on Cát Hải, where the last day is over.
func assign(ctx context.Context, a *app.App, byName map[string]staff.Person, course courses.CourseID) error {
	hr := courses.Actor{Person: byName["nhansu"].ID, Roles: []courses.RoleAt{{Role: courses.HR, Unit: City}}}
	today := a.Today()
	x := assignments.Assignment{Course: course, Level: assignments.Required, Basis: "Thông báo 129-TB/TU ngày 27/8/2025, mục 6"}
	x.Unit, x.Positions, x.Due, x.RenewMonths = "11948", []courses.PositionID{"CM-TP"}, today.AddDays(30), 12
	if _, err := a.Services.Assignments.Assign(ctx, hr, x); err != nil {
		return fmt.Errorf("assign a course: %w", err)
	}
	past, err := app.Open(ctx, a.Config, app.Options{Clock: func() time.Time { return a.Now().Add(-published) }})
	if err != nil {
		return err
	}
	defer past.Close(ctx)
	x.Unit, x.Positions, x.Due, x.RenewMonths = "11914", nil, today.AddDays(-14), 0
	if _, err := past.Services.Assignments.Assign(ctx, hr, x); err != nil {
		return fmt.Errorf("assign a course long ago: %w", err)
	}
	return nil
}
