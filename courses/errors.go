package courses

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

// Kind says what sort of refusal an Error is; handlers maps it to an HTTP
// status and cmd to an exit code.
type Kind uint8

// The kinds of refusal.
const (
	Invalid         Kind = iota + 1 // the input breaks a rule
	Unauthenticated                 // nobody is signed in, or not validly
	Forbidden                       // signed in, but not allowed
	NotFound                        // it does not exist, or not for this actor
	Conflict                        // it changed meanwhile, or exists already
	TooLarge                        // more bytes than are taken
	Unsupported                     // a type of content that is not taken
	Throttled                       // too many tries; see RetryAfter
	Unavailable                     // a store or a queue cannot serve now
)

// Error is a refusal: the caller asked for something that a rule forbids.
// Everything that is not an Error is a fault. Declare refusals once, with
// Refusal, beside the rule that refuses.
type Error struct {
	Kind       Kind
	Code       string        // stable "package.snake_case", never changed once released
	Detail     string        // English, for developers; the front end words the code
	Fields     []Field       // which parts of the input, if any
	RetryAfter time.Duration // when Throttled or Unavailable
}

// Field names one part of the input and what is wrong with it.
type Field struct {
	Path string // such as "events[3].at"
	Code string // such as "required", "too_long", "unknown"
}

var declared = map[string]bool{}

// Refusal declares a refusal. Call it in package variables only; it panics if
// a code is declared twice.
func Refusal(kind Kind, code, detail string) *Error {
	if declared[code] {
		panic(fmt.Sprintf("refusal %q is declared twice", code))
	}
	declared[code] = true
	return &Error{Kind: kind, Code: code, Detail: detail}
}

// Codes lists the code of every refusal that the program can give, sorted.
func Codes() []string {
	codes := make([]string, 0, len(declared))
	for code := range declared {
		codes = append(codes, code)
	}
	slices.Sort(codes)
	return codes
}

func (e *Error) Error() string { return e.Code + ": " + e.Detail }

// Is makes errors.Is compare refusals by code, so that With keeps identity.
func (e *Error) Is(target error) bool {
	var other *Error
	return errors.As(target, &other) && other.Code == e.Code
}

// With returns a copy that names the fields at fault.
func (e *Error) With(fields ...Field) *Error {
	c := *e
	c.Fields = append(slices.Clone(e.Fields), fields...)
	return &c
}

// After returns a copy that says when to try again.
func (e *Error) After(d time.Duration) *Error {
	c := *e
	c.RetryAfter = d
	return &c
}

// Refusals that belong to no single feature.
var (
	ErrForbidden   = Refusal(Forbidden, "courses.forbidden", "the actor's roles do not allow this here")
	ErrSignIn      = Refusal(Unauthenticated, "courses.sign_in_needed", "sign in first")
	ErrConflict    = Refusal(Conflict, "courses.changed_meanwhile", "somebody else changed it meanwhile; read it again")
	ErrUnavailable = Refusal(Unavailable, "courses.store_away", "a store cannot be reached; nothing was lost, try again")
	ErrBadCursor   = Refusal(Invalid, "courses.bad_cursor", "the page cursor is not one that this server gave")
	ErrBadDate     = Refusal(Invalid, "courses.bad_date", "dates are written yyyy-mm-dd")
	ErrBadPeriod   = Refusal(Invalid, "courses.bad_period", "periods are written 2026, 2026-H1, 2026-Q3 or 2026-11")
)
