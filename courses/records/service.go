package records

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"haidang/courses"
	"sync/atomic"
	"time"

	"golang.org/x/mod/sumdb/tlog"
)

// Service answers for the ledger.
type Service struct {
	store  Store
	allow  courses.Authority
	atomic courses.Atomic
	clock  courses.Clock
	keys   Keys
	wake   atomic.Pointer[func()]
}

// NewService builds the service.
func NewService(store Store, allow courses.Authority, atomic courses.Atomic, clock courses.Clock, keys Keys) *Service {
	return &Service{store: store, allow: allow, atomic: atomic, clock: clock, keys: keys}
}

// OnWake says what Wake calls.
func (s *Service) OnWake(wake func()) { s.wake.Store(&wake) }

// Wake asks for sequencing at once, after a transaction that called Add.
func (s *Service) Wake() {
	if wake := s.wake.Load(); wake != nil {
		(*wake)()
	}
}

// Add keeps a completion, pending until the next sequencing. It joins the
// transaction in ctx.
func (s *Service) Add(ctx context.Context, c Completion) error {
	list := []Completion{c}
	if err := salt(list); err != nil {
		return err
	}
	return s.store.Insert(ctx, list)
}

// Import keeps many completions with their leaves, under one new head: from the
// command line only. Nothing may be pending.
func (s *Service) Import(ctx context.Context, list []Completion) error {
	if err := salt(list); err != nil {
		return err
	}
	head, err := s.store.Head(ctx)
	if err != nil {
		return err
	}
	return s.extend(ctx, head, list, s.store.Insert)
}

func salt(list []Completion) error {
	salts := make([]byte, 16*len(list))
	if _, err := rand.Read(salts); err != nil {
		return fmt.Errorf("make salts: %w", err)
	}
	for i := range list {
		list[i].Salt, list[i].Leaf = hex.EncodeToString(salts[16*i:16*i+16]), nil
	}
	return nil
}

// batch is how many leaves one head adds at the most.
const batch = 2000

// Sequence gives pending completions their leaves and signs a new head, until
// none is pending. It says how many it gave. Two servers that do it at once
// cannot both write a head of the same size.
func (s *Service) Sequence(ctx context.Context) (int, error) {
	total := 0
	for {
		n, err := s.sequence(ctx)
		total += n
		if err != nil || n < batch {
			return total, err
		}
	}
}

func (s *Service) sequence(ctx context.Context) (int, error) {
	// The head comes first: were it read after what is pending, another sequencer
	// could give the same entries their leaves in between.
	head, err := s.store.Head(ctx)
	if err != nil {
		return 0, err
	}
	pending, err := s.store.Pending(ctx, batch)
	if err != nil || len(pending) == 0 {
		return 0, err
	}
	if err := s.extend(ctx, head, pending, s.store.SetLeaves); err != nil {
		return 0, err
	}
	return len(pending), nil
}

// extend gives the completions the next leaves after head and signs the head
// over them; write keeps them in the same transaction.
func (s *Service) extend(ctx context.Context, head Head, list []Completion, write func(context.Context, []Completion) error) error {
	tree := newHashes(s.store)
	size := head.Size
	for i := range list {
		hash, err := list[i].hash()
		if err != nil {
			return err
		}
		if err := tree.add(ctx, size, hash); err != nil {
			return err
		}
		leaf := size
		list[i].Leaf = &leaf
		size++
	}
	root, err := tlog.TreeHash(size, tree.reader(ctx))
	if err != nil {
		return fmt.Errorf("hash the tree: %w", err)
	}
	next := Head{Size: size, At: s.clock.Now()}
	if next.Note, err = s.keys.sign(size, root); err != nil {
		return err
	}
	return s.atomic(ctx, func(ctx context.Context) error {
		if err := s.store.AddHead(ctx, next, head.Size); err != nil {
			return err
		}
		if err := s.store.SaveHashes(ctx, tree.toSave()); err != nil {
			return err
		}
		return write(ctx, list)
	})
}

// Head is the newest signed head with the key that checks it; anyone may keep
// both.
func (s *Service) Head(ctx context.Context) (Head, string, error) {
	h, err := s.store.Head(ctx)
	return h, s.keys.Public, err
}

// Size is how many leaves the ledger has.
func (s *Service) Size(ctx context.Context) (int64, error) {
	h, err := s.store.Head(ctx)
	return h.Size, err
}

// Since lists entries from a leaf on, for projections that follow the ledger.
func (s *Service) Since(ctx context.Context, leaf int64, limit int) ([]Completion, error) {
	return s.store.Since(ctx, leaf, limit)
}

// In is a person's completions in a year, half, quarter or month, for other
// packages, which ask Can themselves.
func (s *Service) In(ctx context.Context, person courses.PersonID, period courses.Period) ([]Completion, error) {
	from, to := period.Range()
	return s.store.InRange(ctx, person, from.Time(), to.AddDays(1).Time())
}

// ErrNoCompletion says that the ledger has no such entry.
var ErrNoCompletion = courses.Refusal(courses.NotFound, "records.no_such_completion", "there is no such completion")

// Between is a person's completions from an instant up to another, for other
// packages, which ask Can themselves, as of InUnits and Find.
func (s *Service) Between(ctx context.Context, person courses.PersonID, from, to time.Time) ([]Completion, error) {
	return s.store.InRange(ctx, person, from, to)
}

// Credit is a completion in short.
type Credit struct {
	ID   courses.CompletionID
	At   time.Time
	Tiet int
}

// Credits is Between in short: an index tells it.
func (s *Service) Credits(ctx context.Context, person courses.PersonID, from, to time.Time) ([]Credit, error) {
	return s.store.Credits(ctx, person, from, to)
}

// InUnits lists completions of people who were counted in the units, latest first.
func (s *Service) InUnits(ctx context.Context, units []courses.UnitID, from, to time.Time, page courses.Page) (courses.Slice[Completion], error) {
	return s.store.InUnits(ctx, units, from, to, page)
}

// Find refuses with ErrNoCompletion.
func (s *Service) Find(ctx context.Context, id courses.CompletionID) (Completion, error) {
	return s.store.Find(ctx, id)
}

// TietIn is what a person was credited in a period.
func (s *Service) TietIn(ctx context.Context, person courses.PersonID, period courses.Period) (int, error) {
	return s.store.Tiet(ctx, person, period)
}

// Of is a person's record, newest first, for whoever may read it. It refuses with
// courses.ErrBadPeriod.
func (s *Service) Of(ctx context.Context, actor courses.Actor, person courses.PersonID, filter Filter, page courses.Page) (courses.Slice[Completion], error) {
	if err := s.allow.Can(ctx, actor, courses.ReadRecord, courses.Object{Person: person}); err != nil {
		return courses.Slice[Completion]{}, err
	}
	if filter.Period != "" {
		if _, err := courses.ParsePeriod(string(filter.Period)); err != nil {
			return courses.Slice[Completion]{}, err
		}
	}
	return s.store.OfPerson(ctx, person, filter, page)
}
