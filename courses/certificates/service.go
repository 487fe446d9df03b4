package certificates

import (
	"context"
	"crypto/rand"
	"errors"
	"haidang/courses"
	"haidang/courses/catalog"
	"haidang/courses/records"
	"haidang/courses/staff"
	"haidang/courses/vietnamese"
	"log/slog"
	"unicode/utf8"
)

// Service answers for certificates.
type Service struct {
	store   Store
	staff   *staff.Service
	catalog *catalog.Service
	records *records.Service
	scores  Scores
	atomic  courses.Atomic
	clock   courses.Clock
	allow   courses.Authority
}

// NewService builds the service.
func NewService(store Store, people *staff.Service, c *catalog.Service, r *records.Service, scores Scores, atomic courses.Atomic, clock courses.Clock) *Service {
	return &Service{store: store, staff: people, catalog: c, records: r, scores: scores, atomic: atomic, clock: clock, allow: people}
}

func newCode() Code { return Code(rand.Text()[:4*groups]) }

// Issue gives the actor the certificate of a completion of theirs: the one that there
// is, whatever became of it, else a new one. It refuses with records.ErrNoCompletion,
// ErrSupplement and ErrNotIssued.
func (s *Service) Issue(ctx context.Context, actor courses.Actor, id courses.CompletionID) (Certificate, error) {
	c, err := s.records.Find(ctx, id)
	if err == nil && (actor.Person == "" || c.Person != actor.Person) {
		err = records.ErrNoCompletion
	}
	if err != nil {
		return Certificate{}, err
	}
	if was, there, err := s.latest(ctx, id); err != nil || there {
		return was, err
	}
	if c.Tiet == 0 {
		return Certificate{}, ErrSupplement
	}
	set, err := s.inForce(ctx, c.Issuer)
	if err != nil {
		return Certificate{}, err
	}
	cert, err := s.compose(ctx, c, set)
	if err != nil {
		return Certificate{}, err
	}
	cert.IssuedBy = actor.Person
	cert, err = s.enter(ctx, cert, set, nil)
	if errors.Is(err, courses.ErrConflict) { // another device asked at the same moment
		if was, there, err := s.latest(ctx, id); err != nil || there {
			return was, err
		}
	}
	return cert, err
}

func (s *Service) latest(ctx context.Context, id courses.CompletionID) (Certificate, bool, error) {
	found, err := s.store.Latest(ctx, []courses.CompletionID{id})
	c, there := found[id]
	return c, there, err
}

// inForce is what an organisation prints today; it refuses with ErrNotIssued.
func (s *Service) inForce(ctx context.Context, unit courses.UnitID) (Settings, error) {
	found, err := s.store.SettingsOn(ctx, []courses.UnitID{unit}, s.clock.Today())
	if err == nil && !found[unit].Issues {
		err = ErrNotIssued
	}
	return found[unit], err
}

// enter numbers, seals and keeps a certificate, in one transaction with what comes
// before.
func (s *Service) enter(ctx context.Context, cert Certificate, set Settings, before func(context.Context) error) (Certificate, error) {
	if err := s.store.OpenRegister(ctx, cert); err != nil {
		return cert, err
	}
	entered := cert
	err := s.atomic(ctx, func(ctx context.Context) error {
		if before != nil {
			if err := before(ctx); err != nil {
				return err
			}
		}
		number, err := s.store.NextNumber(ctx, cert.Issuer, cert.Year)
		if err != nil {
			return err
		}
		entered = cert.numbered(number, set.Suffix)
		text, err := entered.sealed()
		if err != nil {
			return err
		}
		if entered.Seal, err = s.records.Seal(text); err != nil {
			return err
		}
		return s.store.Insert(ctx, entered)
	})
	if err != nil {
		return cert, err
	}
	slog.InfoContext(ctx, "certificate issued", "certificate", entered.ID, "issuer", entered.Issuer, "number", entered.Text.Register, "by", entered.IssuedBy)
	return entered, nil
}

// Replace issues a certificate anew, with the texts and a number of today, in place of
// one that was lost or has a mistake. Publishers of its issuer may. It refuses with
// ErrNoCertificate, ErrReason, ErrSettled and ErrNotIssued.
func (s *Service) Replace(ctx context.Context, actor courses.Actor, id ID, reason string) (Certificate, error) {
	was, err := s.settling(ctx, actor, id, Replaced, reason)
	if err != nil {
		return Certificate{}, err
	}
	c, err := s.records.Find(ctx, was.Completion)
	if err != nil {
		return Certificate{}, err
	}
	set, err := s.inForce(ctx, was.Issuer)
	if err != nil {
		return Certificate{}, err
	}
	cert, err := s.compose(ctx, c, set)
	if err != nil {
		return Certificate{}, err
	}
	cert.Copy, cert.IssuedBy = was.Copy+1, actor.Person
	cert, err = s.enter(ctx, cert, set, func(ctx context.Context) error { return s.store.Settle(ctx, was) })
	if errors.Is(err, courses.ErrConflict) {
		err = ErrSettled
	}
	return cert, err
}

// Revoke says that a certificate does not count. Publishers of its issuer may. It
// refuses with ErrNoCertificate, ErrReason and ErrSettled.
func (s *Service) Revoke(ctx context.Context, actor courses.Actor, id ID, reason string) (Certificate, error) {
	was, err := s.settling(ctx, actor, id, Revoked, reason)
	if err != nil {
		return Certificate{}, err
	}
	err = s.atomic(ctx, func(ctx context.Context) error { return s.store.Settle(ctx, was) })
	if err == nil {
		slog.InfoContext(ctx, "certificate revoked", "certificate", id, "issuer", was.Issuer, "by", actor.Person)
	}
	return was, err
}

const mostReason = 500 // characters

// settling is a certificate as it will be once it no longer counts.
func (s *Service) settling(ctx context.Context, actor courses.Actor, id ID, to State, reason string) (Certificate, error) {
	c, err := s.store.Certificate(ctx, id)
	if err != nil {
		return Certificate{}, err
	}
	if err := s.allow.Can(ctx, actor, courses.PublishCourse, courses.Object{Unit: c.Issuer}); err != nil {
		return Certificate{}, hidden(err)
	}
	if reason, err = vietnamese.CleanLines(reason); err != nil {
		return Certificate{}, err
	}
	switch n := utf8.RuneCountInString(reason); {
	case n == 0:
		return Certificate{}, ErrReason.With(courses.Field{Path: "reason", Code: "required"})
	case n > mostReason:
		return Certificate{}, ErrReason.With(courses.Field{Path: "reason", Code: "too_long"})
	case c.State != Valid:
		return Certificate{}, ErrSettled
	}
	c.State, c.Reason, c.SettledAt, c.SettledBy = to, reason, s.clock.Now(), actor.Person
	return c, nil
}

// hidden is a refusal that does not say whether the certificate exists.
func hidden(err error) error {
	if errors.Is(err, courses.ErrForbidden) {
		return ErrNoCertificate
	}
	return err
}
