package catalog

import (
	"context"
	"haidang/courses"
	"time"
)

// Store keeps courses and versions.
type Store interface {
	// InsertCourse refuses with ErrCodeTaken.
	InsertCourse(ctx context.Context, c Course) error
	// CodeTaken says whether a course has the code.
	CodeTaken(ctx context.Context, code string) (bool, error)
	// Course refuses with ErrNoCourse.
	Course(ctx context.Context, id courses.CourseID) (Course, error)
	// ReplaceCourse writes c over the course if its revision still is was and it
	// is not under review, else refuses with courses.ErrConflict.
	ReplaceCourse(ctx context.Context, c Course, was int) error
	// Drafts lists the courses that units in the scope own, latest change first.
	Drafts(ctx context.Context, scope courses.Scope, page courses.Page) (courses.Slice[Course], error)
	// SaveReview writes the review of a course, nil for none, if its draft and
	// review still are those of c, else refuses with courses.ErrConflict.
	SaveReview(ctx context.Context, c Course, to *Review) error
	// SaveNewest writes the newest version of a course and ends its review, if
	// draft and review still are those of c, else refuses with courses.ErrConflict.
	SaveNewest(ctx context.Context, c Course, n Newest) error
	// Reviews lists the courses under review that units in the scope own, without
	// their drafts, by the day they are due.
	Reviews(ctx context.Context, scope courses.Scope, page courses.Page) (courses.Slice[Course], error)
	// Pilots lists the courses that one of the communes reads, without their
	// drafts, by the day they are due.
	Pilots(ctx context.Context, communes []courses.UnitID, page courses.Page) (courses.Slice[Course], error)
	// PilotCommunes is every commune that reads a pilot now.
	PilotCommunes(ctx context.Context) ([]courses.UnitID, error)
	// Effective is the approved courses that take effect on the day or before, at
	// most limit.
	Effective(ctx context.Context, day courses.Date, limit int) ([]Course, error)

	// InsertNote adds a note.
	InsertNote(ctx context.Context, n Note) error
	// Notes lists the notes of a course, newest first; those of one commune only,
	// unless it is empty.
	Notes(ctx context.Context, id courses.CourseID, commune courses.UnitID, page courses.Page) (courses.Slice[Note], error)
	// SettleNote marks a comment of the course as dealt with, or with nil as
	// open. It refuses with ErrNoNote.
	SettleNote(ctx context.Context, id courses.CourseID, note NoteID, at *time.Time, by courses.PersonID) error

	// InsertVersion refuses with courses.ErrConflict when the course has that
	// number already.
	InsertVersion(ctx context.Context, v Version) error
	// Version refuses with ErrNoVersion.
	Version(ctx context.Context, id courses.VersionID) (Version, error)
	// Versions lists a course's versions, newest first, without their content.
	Versions(ctx context.Context, id courses.CourseID, page courses.Page) (courses.Slice[Version], error)
	// PublishedSince is every course whose newest version is from since or
	// later, oldest first, at most limit.
	PublishedSince(ctx context.Context, since time.Time, limit int) ([]Course, error)
}

// Filter cuts the list of published courses down; empty fields do not.
type Filter struct {
	Knowledge Knowledge
	Owner     courses.UnitID
	For       []courses.PositionID // courses for any of these, or for everyone
	Cites     func(Reference) bool // courses that cite a place of which it is true
	Within    *courses.Scope       // courses that units in the scope own
}

// Index finds published courses by words: folded and typo-tolerant.
type Index interface {
	Put(ctx context.Context, courses []Course) error
	// Find gives the best matches first, at most limit.
	Find(ctx context.Context, words string, limit int) ([]courses.CourseID, error)
}

// Assets is what catalog asks of media.
type Assets interface {
	Facts(ctx context.Context, ids []courses.AssetID) (map[courses.AssetID]AssetFacts, error)
	// Publish makes assets readable by every learner; it joins the transaction.
	Publish(ctx context.Context, ids []courses.AssetID) error
}
