package app

import (
	"context"
	"errors"
	"fmt"
	"haidang/courses"
	"haidang/courses/assignments"
	"haidang/courses/catalog"
	"haidang/courses/learning"
	"haidang/courses/notices"
	"haidang/handlers"
)

// reminders is what notices ask of what is assigned.
type reminders struct {
	*handlers.Services
	clock courses.Clock
}

// DueOn implements notices.Assignments.
func (r reminders) DueOn(ctx context.Context, day courses.Date) ([]notices.Reminder, error) {
	found, err := r.Assignments.DueOn(ctx, day)
	if err != nil {
		return nil, err
	}
	var list []notices.Reminder
	for _, a := range found {
		c, err := r.Catalog.Published(ctx, a.Course)
		if errors.Is(err, catalog.ErrNoCourse) {
			continue
		}
		if err != nil {
			return nil, err
		}
		list = append(list, notices.Reminder{ID: string(a.ID), Course: a.Course, Title: c.Newest.Title, Page: coursePage(a.Course), Due: a.Due})
	}
	return list, nil
}

// Owing implements notices.Assignments.
func (r reminders) Owing(ctx context.Context, id, after string, limit int) ([]courses.PersonID, string, error) {
	a, err := r.Assignments.Holding(ctx, assignments.ID(id))
	if errors.Is(err, assignments.ErrNoAssignment) { // withdrawn meanwhile
		return nil, "", nil
	}
	if err != nil {
		return nil, "", err
	}
	audience, err := r.Assignments.Audience(ctx, a)
	if err != nil {
		return nil, "", err
	}
	found, err := r.Staff.Posted(ctx, audience, courses.Page{Limit: limit, After: after})
	if err != nil {
		return nil, "", err
	}
	ids := make([]courses.PersonID, len(found.Items))
	for i, p := range found.Items {
		ids[i] = p.ID
	}
	completed, err := r.Learning.Completed(ctx, a.Course, ids)
	if err != nil {
		return nil, "", err
	}
	var owing []courses.PersonID
	for _, id := range ids {
		day := courses.Date("")
		if at, done := completed[id]; done {
			day = courses.DateOf(at)
		}
		// Whose completion ceases to count after the last day has a day of their own.
		if x := a.Stands(day, r.clock.Today()); x.Day == a.Due && (x.State == assignments.Due || x.State == assignments.Late) {
			owing = append(owing, id)
		}
	}
	return owing, found.Next, nil
}

// deadline is the last day of an assigned course in the calendar.
func deadline(m learning.Must) notices.Date {
	return notices.Date{
		Kind: notices.Deadline, Subject: string(m.Course.ID), Title: m.Course.Newest.Title, Page: coursePage(m.Course.ID), Day: m.Standing.Day, Since: m.Assignment.At,
	}
}

// assignedDue is an assigned course in the digest, and a notice of its own where the last
// day is the person's own: the one on which their completion ceases to count.
func assignedDue(m learning.Must) notices.Due {
	due := notices.Due{
		Kind: notices.Assigned, Course: m.Course.ID, Title: m.Course.Newest.Title, Subject: string(m.Course.ID), Page: coursePage(m.Course.ID),
		From: notices.Day(m.Standing.Day),
	}
	if m.Standing.Day != m.Assignment.Due {
		due.Subject = fmt.Sprintf("%s/%s", m.Course.ID, m.Standing.Day)
		due.Since = m.Standing.Day.Time()
	}
	return due
}
