package reports

import (
	"context"
	"haidang/courses"
)

// Store keeps what the projection counted.
type Store interface {
	// PersonYear is what is counted of a person in a year; empty if nothing.
	PersonYear(ctx context.Context, person courses.PersonID, year courses.Period) (PersonYear, error)
	// Credits is what people were credited in a period, for those who were.
	Credits(ctx context.Context, people []courses.PersonID, period courses.Period) (map[courses.PersonID]Credit, error)
	// Years lists the years in which a person has something counted.
	Years(ctx context.Context, person courses.PersonID) ([]courses.Period, error)
	// SavePersonYears replaces what is counted of people.
	SavePersonYears(ctx context.Context, list []PersonYear) error
	// AddCounters adds to counters.
	AddCounters(ctx context.Context, sums map[Counter]Figures) error
	// Counters is all units' figures in a period.
	Counters(ctx context.Context, period courses.Period) (map[courses.UnitID]Figures, error)

	// ForgetPersonYears forgets what is counted of those whom known does not
	// know, and says how many that were.
	ForgetPersonYears(ctx context.Context, known func(courses.PersonID, courses.Period) bool) (int, error)

	// AllCounters is every counter there is.
	AllCounters(ctx context.Context) (map[Counter]Figures, error)
	// SetCounters writes counters as they are.
	SetCounters(ctx context.Context, sums map[Counter]Figures) error

	// Followed is up to which leaf of the ledger the counters reach.
	Followed(ctx context.Context) (int64, error)
	// Follow notes that.
	Follow(ctx context.Context, leaf int64) error
}
