package catalog

import (
	"context"
	"haidang/courses"
	"haidang/courses/vietnamese"
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
	// SaveDraft writes the draft of c if its revision still is was and it is not
	// under review, else refuses with courses.ErrConflict.
	SaveDraft(ctx context.Context, c Course, was int) error
	// SaveHands writes who keeps the course if its hands still are those of c, else
	// refuses with courses.ErrConflict.
	SaveHands(ctx context.Context, c Course, to Hands) error
	// Drafts lists the courses that units in the scope own or co-own, latest change
	// first; with a minder those that this person keeps or stands in for.
	Drafts(ctx context.Context, scope courses.Scope, minder courses.PersonID, page courses.Page) (courses.Slice[Course], error)
	// CoOwned is the courses that units in the scope co-own, at most limit.
	CoOwned(ctx context.Context, scope courses.Scope, limit int) ([]courses.CourseID, error)
	// Keepers says of the courses that units in the scope own who keeps how many,
	// for at most limit pairs of owner and keeper.
	Keepers(ctx context.Context, scope courses.Scope, limit int) ([]Keeping, error)
	// KeptBy is the courses of the owner that the person keeps, without their
	// content, at most limit.
	KeptBy(ctx context.Context, owner courses.UnitID, keeper courses.PersonID, limit int) ([]Course, error)
	// SaveReview writes the review of a course, nil for none, if its draft and
	// review still are those of c, else refuses with courses.ErrConflict.
	SaveReview(ctx context.Context, c Course, to *Review) error
	// SaveNewest writes the newest version of a course and ends its review, if
	// draft and review still are those of c, else refuses with courses.ErrConflict.
	SaveNewest(ctx context.Context, c Course, n Newest) error
	// Reviews lists the courses under review that units in the scope own or co-own,
	// without their drafts, by the day they are due.
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

	// SaveExample writes an example over the one of its unit at its place if that is
	// of revision was, 0 for none, else refuses with courses.ErrConflict.
	SaveExample(ctx context.Context, x Example, was int) error
	// RemoveExample removes it, on the same terms.
	RemoveExample(ctx context.Context, x Example, was int) error
	// HideExample makes it one revision more, so that whoever is writing is told. It
	// refuses with ErrNoExample.
	HideExample(ctx context.Context, course courses.CourseID, id ExampleID, why Hiding) error
	// Examples lists the examples of units in the scope, latest first.
	Examples(ctx context.Context, scope courses.Scope, page courses.Page) (courses.Slice[Example], error)
	// ExamplesOf lists those of a course, of every unit or of those in the scope,
	// latest first.
	ExamplesOf(ctx context.Context, course courses.CourseID, scope courses.Scope, all bool, page courses.Page) (courses.Slice[Example], error)
	// ExamplesFor is what learners of the units see with a lesson.
	ExamplesFor(ctx context.Context, course courses.CourseID, lesson courses.LessonID, units []courses.UnitID) ([]Example, error)

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
	Named     bool                 // with For: and not those for everyone
	Cites     func(Reference) bool // courses that cite a place of which it is true
	Shown     bool                 // with words: and not those that only lessons say
	Within    *courses.Scope       // courses that units in the scope own
	Also      []courses.CourseID   // and, of other units, these
}

// Index finds published courses, and what their lessons say, by words, folded.
type Index interface {
	// Put takes in the titles, codes, summaries and citations of courses, in which
	// words are found with typos and from their beginnings as well.
	Put(ctx context.Context, courses []Course) error
	// PutTexts replaces what a course's lessons and their files say.
	PutTexts(ctx context.Context, id courses.CourseID, texts []Text) error
	// Find gives the best matches first, at most limit; if said, whom only the lessons'
	// words find comes after all others.
	Find(ctx context.Context, words string, said bool, limit int) ([]courses.CourseID, error)
	// FindTexts is where all words are said, the best first, at most limit.
	FindTexts(ctx context.Context, q vietnamese.Query, limit int) ([]Place, error)
	// Text is what is said at a place; false where nothing is any more.
	Text(ctx context.Context, place Place) (Text, bool)
}

// Assets is what catalog asks of media.
type Assets interface {
	Facts(ctx context.Context, ids []courses.AssetID) (map[courses.AssetID]AssetFacts, error)
	// Forms also gives the lighter forms of pictures, recordings and documents.
	Forms(ctx context.Context, ids []courses.AssetID) (map[courses.AssetID]AssetFacts, map[courses.AssetID]Forms, error)
	// Says is the names of assets and what is said and written in them.
	Says(ctx context.Context, ids []courses.AssetID) (map[courses.AssetID]Saying, error)
	// Reworded is the assets whose captions were saved at an instant or later, with
	// when they were.
	Reworded(ctx context.Context, since time.Time) (map[courses.AssetID]time.Time, error)
	// Publish makes assets readable by every learner; it joins the transaction.
	Publish(ctx context.Context, ids []courses.AssetID) error
	// Share makes assets readable by those who read the drafts of the units in
	// with, and no longer of those in without; it joins the transaction.
	Share(ctx context.Context, ids []courses.AssetID, with, without []courses.UnitID) error
}
