package staff

import (
	"context"
	"haidang/courses"
)

// Store keeps units, positions, people and headcounts.
type Store interface {
	// Units is every row of the tree: it grows with units, not with people.
	Units(ctx context.Context) ([]Unit, error)
	// SaveUnits writes rows by code and first day.
	SaveUnits(ctx context.Context, rows []Unit) error

	// Positions is all positions, in official order.
	Positions(ctx context.Context) ([]Position, error)
	// SavePositions writes positions by code.
	SavePositions(ctx context.Context, list []Position) error

	// InsertPeople adds people, many at a time.
	InsertPeople(ctx context.Context, list []Person) error
	// Person refuses with ErrNoPerson.
	Person(ctx context.Context, id courses.PersonID) (Person, error)
	// PeopleByID is those of ids that exist, in any order.
	PeopleByID(ctx context.Context, ids []courses.PersonID) ([]Person, error)
	// ReplacePerson writes p if its revision is still was, else refuses with
	// courses.ErrConflict.
	ReplacePerson(ctx context.Context, p Person, was int) error
	// People lists, by given name, those posted on a day in the units of the
	// scope, of units if there are any, and whose name or words begin with
	// each of the folded words.
	People(ctx context.Context, scope courses.Scope, filter Filter, page courses.Page) (courses.Slice[Person], error)
	// CountPeople counts those whom People would list, up to most.
	CountPeople(ctx context.Context, filter Filter, most int) (int, error)

	// ChangeHeadcounts adds the changes to what is there.
	ChangeHeadcounts(ctx context.Context, list []Change) error
	// Headcounts sums the changes up to and including the day, by unit.
	Headcounts(ctx context.Context, day courses.Date) (map[courses.UnitID]int, error)

	// Targets is every yearly target there is or was.
	Targets(ctx context.Context) ([]Target, error)
	// SaveTarget sets a category's target from a day on.
	SaveTarget(ctx context.Context, category Category, from courses.Date, tiet int) error
}

// Target is the tiết that a category owes in a year, from a day on.
type Target struct {
	Category Category
	From     courses.Date
	Tiet     int
}

// Filter thins out a list of people.
type Filter struct {
	Units []courses.UnitID // empty is all of the scope
	Words []string         // folded beginnings of words of the name
	Day   courses.Date
	// HomeOnly leaves out those who are only seconded or concurrent there.
	HomeOnly  bool
	Positions []courses.PositionID // only postings in one of them; empty is all
	Roles     []courses.Role       // only those who were ever granted one of them
}

// Moved is told, inside the transaction, that a person's postings changed from
// a day on.
type Moved func(ctx context.Context, person courses.PersonID, from courses.Date) error
