package certificates

import (
	"context"
	"haidang/courses"
)

// Store keeps certificates, their registers and what organisations print on them.
type Store interface {
	// OpenRegister makes the register of an issuer's year and the tally of a version, if
	// they are not there yet, so that transactions only count on.
	OpenRegister(ctx context.Context, c Certificate) error
	// NextNumber takes the next number of an issuer's year; it joins the transaction.
	NextNumber(ctx context.Context, issuer courses.UnitID, year int) (int, error)
	// Insert adds a certificate and counts it for its version. It refuses with
	// courses.ErrConflict when the completion has that copy.
	Insert(ctx context.Context, c Certificate) error
	// Settle writes the state of a valid certificate and no longer counts it; it refuses
	// with ErrSettled when it is not valid any more.
	Settle(ctx context.Context, c Certificate) error

	// Certificate refuses with ErrNoCertificate, as ByCode does.
	Certificate(ctx context.Context, id ID) (Certificate, error)
	ByCode(ctx context.Context, code Code) (Certificate, error)
	// Latest is the last copy of each completion that has one.
	Latest(ctx context.Context, ids []courses.CompletionID) (map[courses.CompletionID]Certificate, error)
	// Register lists what an organisation issued, latest first; only those of a number
	// if it is not 0.
	Register(ctx context.Context, issuer courses.UnitID, number int, page courses.Page) (courses.Slice[Certificate], error)
	// Citing lists the valid certificates of people in the scope that rest on a document,
	// by unit.
	Citing(ctx context.Context, scope courses.Scope, document string, page courses.Page) (courses.Slice[Certificate], error)
	// CountCiting is how many valid certificates rest on a document, from the tallies of
	// the versions that cite it.
	CountCiting(ctx context.Context, document string) (int, error)
	// CountOf is how many valid certificates there are of versions.
	CountOf(ctx context.Context, versions []courses.VersionID) (map[courses.VersionID]int, error)

	// SettingsOf lists an organisation's settings, latest day first.
	SettingsOf(ctx context.Context, unit courses.UnitID, limit int) ([]Settings, error)
	// SettingsOn is the settings that count on a day, of those units that have some.
	SettingsOn(ctx context.Context, units []courses.UnitID, day courses.Date) (map[courses.UnitID]Settings, error)
	// SaveSettings writes settings by organisation and day.
	SaveSettings(ctx context.Context, set Settings) error
}

// Scores is what certificates ask of learning.
type Scores interface {
	// Score is the mean of the quizzes of a completed course in basis points, if it asks
	// for any.
	Score(ctx context.Context, id courses.CompletionID) (bp int, scored bool, err error)
}
