package surveys

import (
	"context"
	"haidang/courses"
	"time"
)

// Store keeps who has answered, apart from what was answered.
type Store interface {
	// Mark is the one with the id; false when there is none.
	Mark(ctx context.Context, id string) (Mark, bool, error)
	// Marked is those of ids that exist.
	Marked(ctx context.Context, ids []string) (map[string]bool, error)
	// InsertMark refuses with ErrAnswered when there is one; it joins the
	// transaction in ctx.
	InsertMark(ctx context.Context, m Mark) error

	// Pool is empty where there is none yet; when another writes it meanwhile, the
	// transaction in ctx is done again.
	Pool(ctx context.Context, key Key) (Pool, error)
	// SavePool writes it; it joins the transaction in ctx.
	SavePool(ctx context.Context, p Pool) error
	// Pools is all pools of a version.
	Pools(ctx context.Context, version courses.VersionID) ([]Pool, error)
	// Told is the versions of a course whose pools show anything.
	Told(ctx context.Context, course courses.CourseID) ([]courses.VersionID, error)
	// InsertTexts adds texts that are shown from now on, in no order.
	InsertTexts(ctx context.Context, key Key, texts []string) error
	// Texts lists the texts of a pool that are shown, in no order.
	Texts(ctx context.Context, key Key, page courses.Page) (courses.Slice[string], error)

	// SaveBefore writes what somebody said before a course, over what they said.
	SaveBefore(ctx context.Context, b Before) error
	// Before is what was said on an enrolment; nil when nothing was.
	Before(ctx context.Context, id courses.EnrolmentID) (Answer, error)
	// RemoveBefore joins the transaction in ctx.
	RemoveBefore(ctx context.Context, id courses.EnrolmentID) error

	// Template is the one in force on a day; it refuses with ErrNoTemplate.
	Template(ctx context.Context, day courses.Date) (Template, error)
	// Templates lists them, the latest first.
	Templates(ctx context.Context, page courses.Page) (courses.Slice[Template], error)
	// SaveTemplate writes t if that of its day is of revision was, 0 for none, else
	// it refuses with courses.ErrConflict.
	SaveTemplate(ctx context.Context, t Template, was int) error
	// RemoveTemplate removes the one of a day, on the same terms.
	RemoveTemplate(ctx context.Context, from courses.Date, was int) error
}

// Mark says that an answer was given. It names who, never what, and no answer
// names a mark.
type Mark struct {
	ID    string
	Event string // made on the device, so that sending it again is no second answer
}

// Before is what somebody said before a course: kept under their name until they
// say it again after it.
type Before struct {
	Enrolment courses.EnrolmentID
	Answer    Answer
	Until     time.Time // then it goes, answered or not
}

// Taking is an enrolment as surveys need to know it.
type Taking struct {
	Enrolment   courses.EnrolmentID
	Course      courses.CourseID
	Version     courses.VersionID
	Begun       bool // a lesson is complete
	CompletedAt *time.Time
	Supplement  bool
}

// Learners is what surveys ask of learning.
type Learners interface {
	// Taking is the actor's own enrolment; others' do not exist.
	Taking(ctx context.Context, actor courses.Actor, id courses.EnrolmentID) (Taking, error)
}

// Completion is a completed course as surveys need to know it.
type Completion struct {
	ID      courses.CompletionID
	Person  courses.PersonID
	Course  courses.CourseID
	Version courses.VersionID
	Title   string
	At      time.Time
	Whole   bool // not only what was added to a course
}

// Completions is what surveys ask of the ledger.
type Completions interface {
	// Of is a person's completions from an instant up to another.
	Of(ctx context.Context, person courses.PersonID, from, to time.Time) ([]Completion, error)
	// Briefly is the same without course, version and title.
	Briefly(ctx context.Context, person courses.PersonID, from, to time.Time) ([]Completion, error)
	// In lists those of people who were counted in the units, latest first.
	In(ctx context.Context, units []courses.UnitID, from, to time.Time, page courses.Page) (courses.Slice[Completion], error)
	// Completion refuses with ErrNoFollowUp.
	Completion(ctx context.Context, id courses.CompletionID) (Completion, error)
}
