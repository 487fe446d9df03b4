package learning

import (
	"context"
	"haidang/courses"
	"haidang/courses/catalog"
	"haidang/courses/records"
	"time"
)

// Import adds enrolments as they are: from the command line only.
func (s *Service) Import(ctx context.Context, list []Enrolment) error {
	return s.store.InsertEnrolments(ctx, list)
}

// Finished is an enrolment whose lessons were all completed at an instant.
func Finished(person courses.PersonID, v catalog.Version, at time.Time) Enrolment {
	e := Enrolment{
		ID: EnrolmentID(person, v.Course, 1), Person: person, Course: v.Course, Number: 1, Version: v.ID, Pinned: v.Number, EnrolledAt: at.Add(-24 * time.Hour),
		CompletedAt: &at, Lessons: map[courses.LessonID]Progress{}, ShareBp: 10000, LastAt: at,
	}
	v.Content.Lessons(func(l catalog.Lesson) {
		facts := v.Media[l.Asset]
		p := Progress{First: at, Last: at, Read: l.Kind == catalog.Article, ScoreBp: scoreOf(l), Page: facts.Pages}
		if facts.DurationMs > 0 {
			p.Watched = Spans{{0, facts.DurationMs}}
		}
		e.Lessons[l.ID] = p
	})
	return e
}

// scoreOf is the score of a quiz that was passed without a mistake.
func scoreOf(l catalog.Lesson) int {
	if l.Kind == catalog.Quiz {
		return 10000
	}
	return 0
}

// supplementTitle is how a record names what was added to a course.
const supplementTitle = " (phần bổ sung)"

// EntryOf is the ledger's entry for a completed enrolment, without the units. A
// supplement is credited no tiết: the course was.
func EntryOf(e Enrolment, v catalog.Version) records.Completion {
	c := records.Completion{
		ID:     courses.CompletionID(e.ID),
		Person: e.Person, Course: e.Course, Version: e.Version, CourseCode: v.Code, CourseTitle: v.Content.Title,
		Issuer: v.Owner, Knowledge: string(v.Content.Knowledge), Tiet: v.Content.Tiet,
		StartedAt: e.EnrolledAt, CompletedAt: *e.CompletedAt,
	}
	if e.Supplement() {
		c.CourseTitle, c.Tiet = c.CourseTitle+supplementTitle, 0
	}
	return c
}
