package learning

import (
	"haidang/courses"
	"haidang/courses/catalog"
)

// Stop is where somebody goes on with a course. It is kept with the enrolment, so
// that a list of courses need not know all that happened in their lessons.
type Stop struct {
	Lesson  courses.LessonID // empty when nothing is left
	Ms      int64            // where a recording was left
	Page    int              // how far a document was read
	Minutes int              // that the rest of the lesson takes: at least 1
}

// stop is where the enrolment goes on; see Resume.
func (e Enrolment) stop(v catalog.Version) Stop {
	l, found := v.Content.Lesson(e.Resume(v))
	if !found {
		return Stop{}
	}
	p, facts := e.Lessons[l.ID], v.Media[l.Asset]
	s := Stop{Lesson: l.ID, Minutes: v.Minutes(l)}
	switch l.Kind {
	case catalog.Video, catalog.Audio:
		s.Ms = p.Position.Ms
		s.Minutes = minutesOf(facts.DurationMs - p.Watched.Covered(facts.DurationMs))
	case catalog.Document:
		s.Page = p.Page
		s.Minutes -= s.Minutes * p.Page / max(1, facts.Pages)
	}
	s.Minutes = max(1, s.Minutes)
	return s
}

// GoesOn is where an enrolment goes on of which the lessons are not known: as of the
// last merge or, before the first one, where its version begins.
func (e Enrolment) GoesOn(v catalog.Version) Stop {
	if e.Next.Lesson == "" && e.ShareBp == 0 {
		return e.stop(v)
	}
	return e.Next
}

// minutesOf is milliseconds in whole minutes, rounded up.
func minutesOf(ms int64) int { return int((ms + 59_999) / 60_000) }
