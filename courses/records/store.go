package records

import (
	"context"
	"haidang/courses"
	"time"
)

// Store keeps completions and the ledger over them.
type Store interface {
	// Insert adds completions, pending if they have no leaf; it joins the
	// transaction in ctx.
	Insert(ctx context.Context, list []Completion) error
	// Pending lists completions that have no leaf yet, oldest first.
	Pending(ctx context.Context, limit int) ([]Completion, error)
	// SetLeaves gives completions their leaves, as the entries say.
	SetLeaves(ctx context.Context, list []Completion) error
	// Since lists completions with leaf and above, by leaf.
	Since(ctx context.Context, leaf int64, limit int) ([]Completion, error)
	// Astray lists completions that have no leaf and wait for none. It reads every
	// completion.
	Astray(ctx context.Context) ([]Completion, error)
	// OfPerson lists the completions of a person that a filter keeps, newest first.
	OfPerson(ctx context.Context, person courses.PersonID, filter Filter, page courses.Page) (courses.Slice[Completion], error)
	// InRange is a person's completions from an instant up to another.
	InRange(ctx context.Context, person courses.PersonID, from, to time.Time) ([]Completion, error)
	// Credits is the same in short.
	Credits(ctx context.Context, person courses.PersonID, from, to time.Time) ([]Credit, error)
	// InUnits lists the completions of people who were counted in the units, from an
	// instant up to another, latest first.
	InUnits(ctx context.Context, units []courses.UnitID, from, to time.Time, page courses.Page) (courses.Slice[Completion], error)
	// Find refuses with ErrNoCompletion.
	Find(ctx context.Context, id courses.CompletionID) (Completion, error)
	// Tiet is the sum of a person's tiết in a period.
	Tiet(ctx context.Context, person courses.PersonID, period courses.Period) (int, error)

	// Head is the newest head; the zero Head before the first.
	Head(ctx context.Context) (Head, error)
	// AddHead adds a head that follows one of size was; it refuses with
	// courses.ErrConflict when the newest is another.
	AddHead(ctx context.Context, h Head, was int64) error
	// Heads lists the heads from a size on, by size.
	Heads(ctx context.Context, from int64, limit int) ([]Head, error)
	// Hashes reads chunks of the tree's stored hashes, in the order of numbers;
	// one that is missing is empty.
	Hashes(ctx context.Context, chunks []int64) ([][]byte, error)
	// SaveHashes writes chunks.
	SaveHashes(ctx context.Context, chunks map[int64][]byte) error
}
