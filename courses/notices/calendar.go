package notices

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"haidang/courses"
	"log/slog"
	"time"
)

// CalendarLink is the address under which a person's calendar can be read without
// signing in; only the hash of its secret is kept.
type CalendarLink struct {
	Hash  string
	Since time.Time // zero where there is none
}

// ErrNoCalendar is also what an address that was taken back, or whose account is closed,
// gives.
var ErrNoCalendar = courses.Refusal(courses.NotFound, "notices.no_such_calendar", "the calendar is unknown or was taken back")

// Entry is one line of a calendar: a day, or a task without one.
type Entry struct {
	ID      string // stays
	Summary string
	Page    string // whole address
	Day     courses.Date
	Made    time.Time
	Percent int // of a task
}

// Date is something of a person that has a day, or a course that they are on.
type Date struct {
	Kind    Kind
	Subject string
	Title   string
	Page    string
	Day     courses.Date // empty for a course that is not finished
	Since   time.Time
	Percent int
}

// Coming is the kind of a version that is to take effect; nobody is told of it but the
// calendar.
const Coming Kind = "coming"

// Deadline is the kind of the last day of an assigned course, in the calendar.
const Deadline Kind = "deadline"

func digestOf(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// MakeCalendar gives the secret of a new address of the actor's calendar, 260 random
// bits, never shown again. The one before opens nothing any more.
func (s *Service) MakeCalendar(ctx context.Context, actor courses.Actor) (string, Contact, error) {
	secret := rand.Text() + rand.Text()
	c, err := s.change(ctx, actor.Person, func(_ context.Context, c Contact) (Contact, error) {
		c.Calendar = CalendarLink{Hash: digestOf(secret), Since: s.clock.Now()}
		return c, nil
	})
	if err != nil {
		return "", c, err
	}
	slog.InfoContext(ctx, "calendar address made", "person", actor.Person)
	return secret, c, nil
}

// EndCalendar takes the address of the actor's calendar back at once.
func (s *Service) EndCalendar(ctx context.Context, actor courses.Actor) (Contact, error) {
	return s.change(ctx, actor.Person, func(_ context.Context, c Contact) (Contact, error) {
		c.Calendar = CalendarLink{}
		return c, nil
	})
}

// Calendar is what stands in the calendar of a secret. It refuses with ErrNoCalendar.
func (s *Service) Calendar(ctx context.Context, secret string) ([]Entry, error) {
	person, err := s.store.CalendarOf(ctx, digestOf(secret))
	if err != nil {
		return nil, err
	}
	if open, err := s.accounts.Open(ctx, person); err != nil || !open {
		if err == nil {
			err = ErrNoCalendar
		}
		return nil, err
	}
	dates, err := s.work.Dates(ctx, person)
	if err != nil {
		return nil, err
	}
	list := make([]Entry, len(dates))
	for i, d := range dates {
		list[i] = Entry{
			ID: string(idOf(person, d.Kind, d.Subject, "calendar")), Summary: sentence(d.Kind, 0, d.Title, ""), Page: s.words.base + d.Page,
			Day: d.Day, Made: d.Since, Percent: d.Percent,
		}
	}
	return list, nil
}
