package assessment

import (
	"context"
	"haidang/courses"
	"time"
)

// Ref names a version of an item.
type Ref struct {
	Item   courses.ItemID
	Number int
}

// Filter cuts a bank down; empty fields do not.
type Filter struct {
	Words      string // folded; an item has a word that begins with each
	Topic      string
	Difficulty string
	Type       Type
	Retired    bool // only those; else only the others
}

// Store keeps banks and attempts.
type Store interface {
	// InsertItems adds items with their first versions, all or none.
	InsertItems(ctx context.Context, items []Item) error
	// ReplaceItem keeps the next version. It refuses with courses.ErrConflict when
	// the item is no longer of the version before x.
	ReplaceItem(ctx context.Context, x Item) error
	// Item is the newest version. It refuses with ErrNoItem.
	Item(ctx context.Context, id courses.ItemID) (Item, error)
	// Versions is those of refs that exist.
	Versions(ctx context.Context, refs []Ref) (map[Ref]Item, error)
	// Items lists the newest versions of a bank, latest made first.
	Items(ctx context.Context, bank courses.UnitID, filter Filter, page courses.Page) (courses.Slice[Item], error)
	// Citing lists the newest versions of items of the scope that cite one of the
	// documents and are not retired, latest made first. Numbers meet however they are
	// written.
	Citing(ctx context.Context, scope courses.Scope, numbers []string, page courses.Page) (courses.Slice[Item], error)
	// Like is the items of a bank that are not retired and hold most of the words,
	// those that hold more of them first, at most limit, with how many they hold.
	Like(ctx context.Context, bank courses.UnitID, words []string, limit int) ([]Item, []int, error)
	// Pool is all items of a bank that are not retired, in short.
	Pool(ctx context.Context, bank courses.UnitID) ([]Entry, error)
	// Figures is what is known of how items were answered.
	Figures(ctx context.Context, refs []Ref) (map[Ref]Figures, error)

	// InsertAttempt says false when the person has an attempt of that number at the
	// quiz.
	InsertAttempt(ctx context.Context, a Attempt) (bool, error)
	// Attempt refuses with ErrNoAttempt.
	Attempt(ctx context.Context, id courses.AttemptID) (Attempt, error)
	// Attempts is all that an enrolment has at a quiz, by number, without their
	// questions, answers and marks.
	Attempts(ctx context.Context, enrolment courses.EnrolmentID, lesson courses.LessonID) ([]Attempt, error)
	// Shows says that an attempt of the person has the picture.
	Shows(ctx context.Context, person courses.PersonID, picture courses.AssetID) (bool, error)
	// Keep merges answers into an open attempt of the person, in whatever order they
	// come, on a majority with its journal. It says false when there is none.
	Keep(ctx context.Context, id courses.AttemptID, person courses.PersonID, given map[int]Given) (bool, error)
	// KeepLate merges answers into those that came late to a done attempt; a person
	// has to decide on them. It says false when nothing in them is new.
	KeepLate(ctx context.Context, id courses.AttemptID, person courses.PersonID, given map[int]Given) (bool, error)
	// ReplaceAttempt says false when it is no longer of that revision.
	ReplaceAttempt(ctx context.Context, a Attempt, revision int) (bool, error)
	// Overdue is open attempts whose deadline was before, at most limit.
	Overdue(ctx context.Context, before time.Time, limit int) ([]Attempt, error)
	// Untold is done attempts whose scores are not passed on, at most limit.
	Untold(ctx context.Context, limit int) ([]Attempt, error)
	// Tell marks an attempt as told, unless it was marked anew.
	Tell(ctx context.Context, a Attempt) error
	// Uncounted is done attempts whose answers are not in the figures of their items,
	// at most limit.
	Uncounted(ctx context.Context, limit int) ([]Attempt, error)
	// Count adds to the figures of items what attempts gave, all or nothing. It refuses
	// with courses.ErrConflict when one of them was counted already.
	Count(ctx context.Context, ids []courses.AttemptID, counts map[Ref]Figures) error
	// KeepFile adds a file to an attempt, unless it has it. It says false when the
	// attempt has MaxFiles others.
	KeepFile(ctx context.Context, id courses.AttemptID, f File) (bool, error)
	// ToMark lists the attempts at courses of units in the scope that wait for marks,
	// without those of a person, oldest first.
	ToMark(ctx context.Context, scope courses.Scope, without courses.PersonID, page courses.Page) (courses.Slice[Attempt], error)

	// InsertCorrection refuses with courses.ErrConflict when the item has one of that
	// version.
	InsertCorrection(ctx context.Context, c Correction) error
	// Corrections is those of items.
	Corrections(ctx context.Context, items []courses.ItemID) ([]Correction, error)
	// OpenCorrections is those that are not finished, oldest first.
	OpenCorrections(ctx context.Context) ([]Correction, error)
	// FinishCorrection notes that every attempt has it.
	FinishCorrection(ctx context.Context, c Correction) error
	// Uncorrected is done attempts behind one that a correction is about and that are not
	// marked by it, at most limit.
	Uncorrected(ctx context.Context, c Correction, after courses.AttemptID, limit int) ([]Attempt, error)
	// Corrected lists the attempts at courses of units in the scope that corrections of
	// an item changed, newest first.
	Corrected(ctx context.Context, scope courses.Scope, item courses.ItemID, page courses.Page) (courses.Slice[Attempt], error)

	// LateOnes lists the attempts at courses of units in the scope whose late answers
	// wait for a decision, oldest first.
	LateOnes(ctx context.Context, scope courses.Scope, page courses.Page) (courses.Slice[Attempt], error)
}
