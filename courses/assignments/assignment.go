// Package assignments is courses that a unit assigns to its people and to those of all
// below it, with a last day. Nothing is written for a person: what somebody owes is
// worked out from their postings of today, so that it follows a transfer by itself, and
// whoever is late is shown as late and kept from nothing.
package assignments

import (
	"cmp"
	"haidang/courses"
	"slices"
	"time"
)

// ID names an assignment.
type ID string

// Level says how binding an assignment is.
type Level string

// The levels.
const (
	Required    Level = "required"    // phải
	Recommended Level = "recommended" // nên
)

// Assignment is a course that a unit wants learnt by a day.
type Assignment struct {
	ID          ID
	Course      courses.CourseID
	Assigner    courses.UnitID       // for which somebody assigns it: Unit or one above it
	Unit        courses.UnitID       // with all below it, by the tree of the day
	Positions   []courses.PositionID // empty is all
	Level       Level
	Basis       string       // legal basis
	Due         courses.Date // the last day
	RenewMonths int          // so long a completion counts; 0 is for good
	By          courses.PersonID
	At          time.Time
	WithdrawnAt time.Time // zero while it holds; nothing is deleted
	WithdrawnBy courses.PersonID
}

// Withdrawn says that it holds no more.
func (a Assignment) Withdrawn() bool { return !a.WithdrawnAt.IsZero() }

// changedAt is when it was last written.
func (a Assignment) changedAt() time.Time {
	if a.Withdrawn() {
		return a.WithdrawnAt
	}
	return a.At
}

// reaches says that it is for those in a position.
func (a Assignment) reaches(position courses.PositionID) bool {
	return len(a.Positions) == 0 || slices.Contains(a.Positions, position)
}

// State is where somebody stands with an assignment.
type State string

// The states, the most pressing first.
const (
	Late     State = "late"     // the last day is over
	Due      State = "due"      // to be done by a day
	Expiring State = "expiring" // done, and counts for a short while only
	Done     State = "done"
)

// Standing is a state with its day: the last one to learn, or, of Expiring, the last on
// which the completion counts. Done has one if the completion ceases to count some day.
type Standing struct {
	State State
	Day   courses.Date
}

// expiringDays is how long before it ceases to count a completion is called expiring.
const expiringDays = 60

// Stands is where somebody stands today who last completed the course on a day, or never
// ("").
func (a Assignment) Stands(completed, today courses.Date) Standing {
	last := a.Due
	if completed != "" {
		if a.RenewMonths == 0 {
			return Standing{State: Done}
		}
		until := AddMonths(completed, a.RenewMonths)
		switch {
		case today.AddDays(expiringDays) < until:
			return Standing{Done, until}
		case today <= until:
			return Standing{Expiring, until}
		}
		last = max(last, until) // whoever learnt before it was assigned has until its last day
	}
	if today <= last {
		return Standing{Due, last}
	}
	return Standing{Late, last}
}

var pressing = map[State]int{Late: 0, Due: 1, Expiring: 2, Done: 3}

// Compare orders by how pressing standings are: late, due, expiring, done, and by day.
func (s Standing) Compare(other Standing) int {
	return cmp.Or(cmp.Compare(pressing[s.State], pressing[other.State]), cmp.Compare(s.Day, other.Day))
}

// AddMonths is the same day so many months later, or the last of that month where it is
// shorter.
func AddMonths(d courses.Date, months int) courses.Date {
	t := d.Time()
	first := time.Date(t.Year(), t.Month()+time.Month(months), 1, 0, 0, 0, 0, courses.Zone)
	last := first.AddDate(0, 1, -1).Day()
	return courses.DateOf(first.AddDate(0, 0, min(t.Day(), last)-1))
}
