// Package laws is the registry of legal documents that courses cite: since when
// each is in force, until when, and what took its place. These are dated data
// that people keep, never rules in code.
package laws

import (
	"cmp"
	"context"
	"haidang/courses"
	"haidang/courses/vietnamese"
	"slices"
	"strings"
	"sync"
	"time"
)

// Refusals of the registry.
var (
	ErrNoDocument = courses.Refusal(courses.NotFound, "laws.no_such_document", "there is no such legal document")
	ErrTaken      = courses.Refusal(courses.Conflict, "laws.number_taken", "the registry has a document of this number")
	ErrNumber     = courses.Refusal(courses.Invalid, "laws.bad_number", "a document's number has a digit and no more than 60 characters: 118/2025/NĐ-CP")
	ErrDates      = courses.Refusal(courses.Invalid, "laws.dates", "a document is in force from a day on, and its last day, if it has one, is not before; what is replaced has a last day")
)

// Kind is a kind of legal document: luat, nghi_quyet, nghi_dinh, thong_tu,
// quyet_dinh, chi_thi, thong_bao or khac.
type Kind string

// Document is one legal document.
type Document struct {
	ID         courses.DocumentID
	Number     string // as written: "118/2025/NĐ-CP"
	Kind       Kind
	Abstract   string // trích yếu
	Issuer     string
	From       courses.Date   // the first day in force
	Until      courses.Date   // the last day in force; empty while nobody knows one
	ReplacedBy string         // the number of what took its place
	Articles   []Article      // as far as somebody listed them, in the document's order
	Keeper     courses.UnitID // the organisation that keeps the entry current
	Revision   int            // from 1
	SavedAt    time.Time
	SavedBy    courses.PersonID
}

// State says whether a document is in force.
type State string

// The states of a document on a day.
const (
	Coming  State = "coming"
	InForce State = "in_force"
	Ended   State = "ended"
)

// State is the document's state on a day.
func (d Document) State(day courses.Date) State {
	switch {
	case d.From > day:
		return Coming
	case d.Until != "" && d.Until < day:
		return Ended
	}
	return InForce
}

// Service answers for the registry.
type Service struct {
	store Store
	allow courses.Authority
	clock courses.Clock

	mu     sync.Mutex
	byKey  map[string]entry
	readAt time.Time
}

// NewService builds the service.
func NewService(store Store, allow courses.Authority, clock courses.Clock) *Service {
	return &Service{store: store, allow: allow, clock: clock}
}

// registryAge is how old the registry may be that answers rest on: what one
// server saves, all know within it.
const registryAge = 5 * time.Second

// registry is all documents by key; callers do not change it.
func (s *Service) registry(ctx context.Context) (map[string]entry, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.clock.Now()
	if s.byKey != nil && now.Sub(s.readAt) < registryAge && !now.Before(s.readAt) {
		return s.byKey, nil
	}
	if same, err := s.unchanged(ctx); err != nil {
		return nil, err
	} else if same {
		s.readAt = now
		return s.byKey, nil
	}
	list, err := s.store.Documents(ctx)
	if err != nil {
		return nil, err
	}
	byKey := make(map[string]entry, len(list))
	for _, d := range list {
		byKey[vietnamese.DocumentNumber(d.Number)] = newEntry(d)
	}
	s.byKey, s.readAt = byKey, now
	return byKey, nil
}

// unchanged says that the registry in memory is what the store has.
func (s *Service) unchanged(ctx context.Context) (bool, error) {
	if s.byKey == nil {
		return false, nil
	}
	revisions, err := s.store.Revisions(ctx)
	if err != nil || len(revisions) != len(s.byKey) {
		return false, err
	}
	for _, e := range s.byKey {
		if revisions[e.ID] != e.Revision {
			return false, nil
		}
	}
	return true, nil
}

func (s *Service) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.byKey = nil
}

// Filter thins out the registry.
type Filter struct {
	Words string // in number, abstract or issuer, folded
	State State
}

// List is the registry, newest in force first. Everybody may read it.
func (s *Service) List(ctx context.Context, filter Filter, page courses.Page) (courses.Slice[Document], error) {
	registry, err := s.registry(ctx)
	if err != nil {
		return courses.Slice[Document]{}, err
	}
	today := s.clock.Today()
	words := strings.Fields(vietnamese.SearchKey(filter.Words))
	var found []Document
	for _, e := range registry {
		d := e.Document
		if filter.State != "" && d.State(today) != filter.State {
			continue
		}
		text := vietnamese.SearchKey(d.Number + " " + d.Abstract + " " + d.Issuer)
		if !slices.ContainsFunc(words, func(word string) bool { return !strings.Contains(text, word) }) {
			found = append(found, d)
		}
	}
	slices.SortFunc(found, func(a, b Document) int { return strings.Compare(b.place(), a.place()) })
	var slice courses.Slice[Document]
	for _, d := range found {
		if page.After != "" && d.place() >= page.After {
			continue
		}
		if len(slice.Items) == page.Size() {
			slice.Next = slice.Items[len(slice.Items)-1].place()
			break
		}
		slice.Items = append(slice.Items, d)
	}
	return slice, nil
}

// Find is the documents that have all words in their number, kind, abstract or
// issuer: those in force first, then the newest. Everybody may read them.
func (s *Service) Find(ctx context.Context, q vietnamese.Query) ([]Document, error) {
	registry, err := s.registry(ctx)
	if err != nil {
		return nil, err
	}
	var found []Document
	for _, e := range registry {
		if q.In(e.words) {
			found = append(found, e.Document)
		}
	}
	today := s.clock.Today()
	rank := map[State]int{InForce: 0, Coming: 1, Ended: 2}
	slices.SortFunc(found, func(a, b Document) int {
		return cmp.Or(cmp.Compare(rank[a.State(today)], rank[b.State(today)]), strings.Compare(b.place(), a.place()))
	})
	return found, nil
}

// place is where a document stands in the list.
func (d Document) place() string { return string(d.From) + "." + string(d.ID) }

// Get refuses with ErrNoDocument.
func (s *Service) Get(ctx context.Context, id courses.DocumentID) (Document, error) {
	registry, err := s.registry(ctx)
	if err != nil {
		return Document{}, err
	}
	for _, e := range registry {
		if e.ID == id {
			return e.Document, nil
		}
	}
	return Document{}, ErrNoDocument
}

// Add enters a document that an organisation of the actor keeps. It refuses with
// ErrNumber, ErrDates, ErrArticles and ErrTaken.
func (s *Service) Add(ctx context.Context, actor courses.Actor, d Document) (Document, error) {
	if err := s.allow.Can(ctx, actor, courses.KeepLaw, courses.Object{Unit: d.Keeper}); err != nil {
		return Document{}, err
	}
	d, err := clean(d)
	if err != nil {
		return Document{}, err
	}
	now := s.clock.Now()
	d.ID, d.Revision, d.SavedAt, d.SavedBy = courses.NewID[courses.DocumentID](now), 1, now, actor.Person
	defer s.forget()
	return d, s.store.Insert(ctx, d)
}

// Change writes a document anew if nobody did since revision, else it refuses
// with courses.ErrConflict. Its keeper stays.
func (s *Service) Change(ctx context.Context, actor courses.Actor, id courses.DocumentID, revision int, d Document) (Document, error) {
	was, err := s.Get(ctx, id)
	if err != nil {
		return Document{}, err
	}
	if err := s.allow.Can(ctx, actor, courses.KeepLaw, courses.Object{Unit: was.Keeper}); err != nil {
		return Document{}, err
	}
	if d, err = clean(d); err != nil {
		return Document{}, err
	}
	d.ID, d.Keeper, d.Revision, d.SavedAt, d.SavedBy = id, was.Keeper, revision+1, s.clock.Now(), actor.Person
	defer s.forget()
	return d, s.store.Replace(ctx, d, revision)
}

const mostNumber = 60 // characters

// clean makes the texts canonical and checks what the registry relies on.
func clean(d Document) (Document, error) {
	for _, text := range []*string{&d.Number, &d.Abstract, &d.Issuer, &d.ReplacedBy} {
		var err error
		if *text, err = vietnamese.Clean(*text); err != nil {
			return d, err
		}
	}
	if len([]rune(d.Number)) > mostNumber || !strings.ContainsAny(d.Number, "0123456789") {
		return d, ErrNumber
	}
	if _, err := courses.ParseDate(string(d.From)); err != nil {
		return d, err
	}
	if d.Until != "" {
		if _, err := courses.ParseDate(string(d.Until)); err != nil {
			return d, err
		}
	}
	if d.Until != "" && d.Until < d.From || d.ReplacedBy != "" && d.Until == "" || d.ReplacedBy != "" && vietnamese.DocumentNumber(d.ReplacedBy) == vietnamese.DocumentNumber(d.Number) {
		return d, ErrDates
	}
	return d, d.checkArticles()
}
