package learning

import (
	"context"
	"haidang/courses"
	"time"
)

// Store keeps enrolments and the log of events.
type Store interface {
	// InsertEnrolment keeps e, or gives the one that has its id already.
	InsertEnrolment(ctx context.Context, e Enrolment) (Enrolment, error)
	// InsertEnrolments adds many.
	InsertEnrolments(ctx context.Context, list []Enrolment) error
	// Enrolment refuses with ErrNoEnrolment.
	Enrolment(ctx context.Context, id courses.EnrolmentID) (Enrolment, error)
	// Enrolments is those of ids that exist, in any order, as a majority holds them.
	Enrolments(ctx context.Context, ids []courses.EnrolmentID) ([]Enrolment, error)
	// OfPerson lists a person's enrolments, latest activity first; open leaves
	// out the completed.
	OfPerson(ctx context.Context, person courses.PersonID, open bool, page courses.Page) (courses.Slice[Enrolment], error)
	// OfPersonIn is a person's enrolments on any of the courses.
	OfPersonIn(ctx context.Context, person courses.PersonID, in []courses.CourseID) ([]Enrolment, error)
	// Log keeps events on a majority with its journal; one that is there
	// already counts as kept once a majority has it.
	Log(ctx context.Context, person func(courses.EnrolmentID) courses.PersonID, events []Event) error
	// SaveProgress writes the progress of each enrolment whose revision still is
	// the one before, and says whether all were written.
	SaveProgress(ctx context.Context, list []Enrolment) (all bool, err error)
	// Complete marks the enrolment completed; it says false if it was already.
	Complete(ctx context.Context, id courses.EnrolmentID, at time.Time) (bool, error)
}
