package learning

import (
	"context"
	"haidang/courses"
	"time"
)

// Store keeps enrolments, the log of events and learners' notes.
type Store interface {
	// InsertEnrolment keeps e, or gives the one that has its id already.
	InsertEnrolment(ctx context.Context, e Enrolment) (Enrolment, error)
	// NoteRounds notes with the enrolment of round 0 that there are at least so many.
	NoteRounds(ctx context.Context, id courses.EnrolmentID, rounds int) error
	// InsertEnrolments adds many.
	InsertEnrolments(ctx context.Context, list []Enrolment) error
	// Enrolment refuses with ErrNoEnrolment.
	Enrolment(ctx context.Context, id courses.EnrolmentID) (Enrolment, error)
	// Outlines is those of ids that exist, without what is known of their lessons.
	Outlines(ctx context.Context, ids []courses.EnrolmentID) ([]Enrolment, error)
	// OnCourse is the enrolments that people have on a course.
	OnCourse(ctx context.Context, course courses.CourseID, people []courses.PersonID) ([]Enrolment, error)
	// ClosedOn is the completed enrolments that people have on a course, without what is
	// known of their lessons.
	ClosedOn(ctx context.Context, course courses.CourseID, people []courses.PersonID) ([]Enrolment, error)
	// Finished counts the enrolments on a course that are completed, and those
	// that are not.
	Finished(ctx context.Context, course courses.CourseID) (done, open int, err error)
	// OpenOn lists those on a course who have not finished it by enrolment, behind one,
	// with id and person alone.
	OpenOn(ctx context.Context, course courses.CourseID, after courses.EnrolmentID, limit int) ([]Enrolment, error)
	// Begun is every enrolment that a person has or had.
	Begun(ctx context.Context, person courses.PersonID) ([]Begun, error)
	// Enrolments is those of ids that exist.
	Enrolments(ctx context.Context, ids []courses.EnrolmentID) ([]Enrolment, error)
	// Merge reads those of ids that exist and writes the progress that decide makes
	// of them, on a majority with its journal, all or nothing. When another writes
	// one of the enrolments meanwhile, all of it is done again: decide may run more
	// than once, and asks the store nothing.
	Merge(ctx context.Context, ids []courses.EnrolmentID, decide func([]Enrolment) []Merged) error
	// Log keeps deliveries that came at one instant, on a majority with its journal,
	// all or none.
	Log(ctx context.Context, list []Delivery) error
	// Logged is told every delivery since an instant, in order of time by seconds.
	Logged(ctx context.Context, since time.Time, tell func(Delivery) error) error
	// KeepMark keeps the mark unless its server has one.
	KeepMark(ctx context.Context, m Mark) error
	// MoveMark puts the mark in the place of its server's.
	MoveMark(ctx context.Context, m Mark) error
	// DropMark takes the mark of a server away; when Seen is set, only if it is as it was.
	DropMark(ctx context.Context, m Mark) error
	// Marks is that of every server that has one.
	Marks(ctx context.Context) ([]Mark, error)
	// Known is which of a person's events are in the log since an instant.
	Known(ctx context.Context, person courses.PersonID, ids []courses.EventID, since time.Time) (map[courses.EventID]bool, error)
	// Deliveries is those of a person, newest first; with a receipt only those that
	// hold such an event, and of each only that event.
	Deliveries(ctx context.Context, person courses.PersonID, receipt string, page courses.Page) (courses.Slice[Delivery], error)
	// Complete marks the enrolment completed; it says false if it was already.
	Complete(ctx context.Context, id courses.EnrolmentID, at time.Time) (bool, error)

	// Note is a person's own beside a lesson, empty where there is none.
	Note(ctx context.Context, person courses.PersonID, course courses.CourseID, lesson courses.LessonID) (Note, error)
	// SaveNote writes n, or deletes it where its text is empty, if the state of what
	// is there is base (empty for none); else it refuses with ErrNoteChanged.
	SaveNote(ctx context.Context, n Note, base EditID) error
	// Notes is a person's own by course and lesson, those that hold the folded words.
	Notes(ctx context.Context, person courses.PersonID, key string, page courses.Page) (courses.Slice[Note], error)
}

// Begun is an enrolment in short, open until it is completed.
type Begun struct {
	Course courses.CourseID
	Open   bool
	Number int // as that of the enrolment
	Pinned int
}

// Delivery is a batch of events as a device sent it. An event that it sent again
// among others is in both, with the same id.
type Delivery struct {
	Person courses.PersonID
	At     time.Time // when it came
	Events []Event
}

// Merged is an enrolment with new progress in the touched lessons.
type Merged struct {
	Enrolment
	Touched []courses.LessonID
}
