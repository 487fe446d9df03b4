package notices

import (
	"context"
	"haidang/courses"
	"time"
)

// Store keeps notices, how people want to be told, and how far the walk is.
type Store interface {
	// Insert adds a notice; it says false when there is one with its id. It joins the
	// transaction in ctx.
	Insert(ctx context.Context, n Notice) (bool, error)
	// Notice is the one with the id; false when there is none.
	Notice(ctx context.Context, id ID) (Notice, bool, error)
	// Shown lists a person's inbox, latest first.
	Shown(ctx context.Context, person courses.PersonID, page courses.Page) (courses.Slice[Notice], error)
	// Unread is what a person has not read, in no order.
	Unread(ctx context.Context, person courses.PersonID) ([]Notice, error)
	// Of is the latest notices of a person, shown or not.
	Of(ctx context.Context, person courses.PersonID, limit int) ([]Notice, error)
	// Read marks a person's notices as read: those of ids, or all when there are none.
	Read(ctx context.Context, person courses.PersonID, ids []ID, at time.Time) error
	// Remove deletes a person's notices.
	Remove(ctx context.Context, person courses.PersonID, ids []ID) error

	// Contact is the zero one of a person who never chose.
	Contact(ctx context.Context, person courses.PersonID) (Contact, error)
	// SaveContact writes c if what is there has the revision was, 0 for nothing; else it
	// refuses with courses.ErrConflict.
	SaveContact(ctx context.Context, c Contact, was int) error

	// CalendarOf is whose calendar has the hash; it refuses with ErrNoCalendar.
	CalendarOf(ctx context.Context, hash string) (courses.PersonID, error)

	// Quota is the zero one of an organisation that never called; when another writes it
	// meanwhile, the transaction in ctx is done again.
	Quota(ctx context.Context, owner courses.UnitID) (Quota, error)
	// SaveQuota writes it; it joins the transaction in ctx.
	SaveQuota(ctx context.Context, q Quota) error
	// Call is the one with the id.
	Call(ctx context.Context, id string) (CallOut, error)
	// LastCall is a course's latest; nil before the first.
	LastCall(ctx context.Context, course courses.CourseID) (*CallOut, error)
	// SaveCall writes it; it joins the transaction in ctx.
	SaveCall(ctx context.Context, c CallOut) error

	// Reminded is the last day on which all were reminded of what is assigned; empty before
	// the first.
	Reminded(ctx context.Context) (courses.Date, error)
	// SaveReminded writes it.
	SaveReminded(ctx context.Context, day courses.Date) error

	// Walk is how far the week's walk is; the zero one before the first.
	Walk(ctx context.Context) (Walk, error)
	// SaveWalk writes it.
	SaveWalk(ctx context.Context, w Walk) error
}

// Walk is the way past everybody, once a week.
type Walk struct {
	Week  string
	After courses.PersonID // who was looked after last
	Done  bool
}

// Work is what notices ask of the rooms in which something may wait.
type Work interface {
	// Waiting is what waits for a person, a handful of each kind.
	Waiting(ctx context.Context, person courses.PersonID) ([]Due, error)
	// Still says of which notices of a person what they tell still waits.
	Still(ctx context.Context, person courses.PersonID, list []Notice) (map[ID]bool, error)
	// Dates is what of a person has a day, and the courses that they are on.
	Dates(ctx context.Context, person courses.PersonID) ([]Date, error)
}

// Reminder is an assigned course of which some are to be reminded.
type Reminder struct {
	ID     string // of what was assigned
	Course courses.CourseID
	Title  string
	Page   string
	Due    courses.Date
}

// Assignments is what notices ask of what is assigned.
type Assignments interface {
	// DueOn is what has to be learnt by a day.
	DueOn(ctx context.Context, day courses.Date) ([]Reminder, error)
	// Owing lists those who have not learnt it, behind a cursor; it says where to go on,
	// nowhere at the end.
	Owing(ctx context.Context, id, after string, limit int) (people []courses.PersonID, next string, err error)
}

// Accounts is what notices ask of sign-in.
type Accounts interface {
	// After lists people with an open account behind one, in an order that stays.
	After(ctx context.Context, person courses.PersonID, limit int) ([]courses.PersonID, error)
	// Open says whether a person has an account that is not closed.
	Open(ctx context.Context, person courses.PersonID) (bool, error)
}

// Outbox is where what leaves the house is queued; it joins the transaction in ctx.
type Outbox interface {
	EnqueueAt(ctx context.Context, kind string, payload any, at time.Time) error
}
