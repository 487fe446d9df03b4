package assignments

import (
	"context"
	"haidang/courses"
	"maps"
	"time"
)

// book is all assignments in memory. It does not change once it is given out.
type book struct {
	byID    map[ID]Assignment
	byUnit  map[courses.UnitID][]Assignment // those that hold
	courses map[courses.CourseID]bool       // those that are assigned; true if one counts completions for a while only
	newest  time.Time                       // the last change
}

// bookAge is how old the book may be that answers rest on: what one server writes, all
// know within it.
const bookAge = 5 * time.Second

// overlap is how much of what is known is read again, because the clocks of servers
// differ and writes take a while.
const overlap = time.Minute

// all is the book, at most five seconds old. Only what is new is read.
func (s *Service) all(ctx context.Context) (*book, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.clock.Now()
	if !s.readAt.IsZero() && now.Sub(s.readAt) < bookAge && !now.Before(s.readAt) {
		return s.book, nil
	}
	list, err := s.store.Since(ctx, s.book.newest.Add(-overlap))
	if err != nil {
		return nil, err
	}
	s.book, s.readAt = s.book.with(list), now
	return s.book, nil
}

// forget has what is new read at the next question.
func (s *Service) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.readAt = time.Time{}
}

// with is the book with what changed; the same one if nothing did.
func (b *book) with(list []Assignment) *book {
	is := &book{byID: maps.Clone(b.byID), byUnit: map[courses.UnitID][]Assignment{}, courses: map[courses.CourseID]bool{}, newest: b.newest}
	changed := false
	for _, a := range list {
		if was, known := b.byID[a.ID]; known && was.Withdrawn() == a.Withdrawn() {
			continue
		}
		changed, is.byID[a.ID] = true, a
		if a.changedAt().After(is.newest) {
			is.newest = a.changedAt()
		}
	}
	if !changed {
		return b
	}
	for _, a := range is.byID {
		if !a.Withdrawn() {
			is.byUnit[a.Unit] = append(is.byUnit[a.Unit], a)
			is.courses[a.Course] = is.courses[a.Course] || a.RenewMonths > 0
		}
	}
	return is
}
