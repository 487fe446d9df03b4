package access

import (
	"context"
	"crypto/rand"
	"errors"
	"haidang/courses"
	"haidang/courses/vietnamese"
	"log/slog"
	"time"
)

// Share is a link by which whoever has it reads a person's training record
// without signing in. The secret stands in the link alone.
type Share struct {
	ID       ShareID
	Person   courses.PersonID
	Slot     int    // below MaxShares, unique for a person, so that no more are live
	Hash     string // of the secret
	Label    string // for whom, as the person wrote it; may be empty
	MadeAt   time.Time
	OpenedAt time.Time // to the minute; zero before the first time
	EndsAt   time.Time
}

// ShareID names a link to its maker; it opens nothing.
type ShareID string

// MaxShares is how many live links a person may have.
const MaxShares = 10

// openedEvery is how often an opening is written down.
const openedEvery = time.Minute

// Refusals of links. What is unknown, ended or taken back is one, so that nobody
// learns which links there were.
var (
	ErrNoShare    = courses.Refusal(courses.NotFound, "access.no_such_share", "the link is unknown, has ended or was taken back")
	ErrShareLimit = courses.Refusal(courses.Conflict, "access.too_many_shares", "a person has at most 10 live links")
)

// MakeShare makes a link to the actor's record that ends after so many days, and
// gives its secret: 260 random bits, never shown again. It refuses with
// ErrShareLimit.
func (s *Service) MakeShare(ctx context.Context, actor courses.Actor, label string, days int) (Share, string, error) {
	label, err := vietnamese.Clean(label)
	if err != nil {
		return Share{}, "", err
	}
	now, secret := s.clock.Now(), rand.Text()+rand.Text()
	share := Share{
		ID: courses.NewID[ShareID](now), Person: actor.Person, Hash: digest(secret), Label: label,
		MadeAt: now, EndsAt: now.AddDate(0, 0, days),
	}
	for range MaxShares { // another device may take the same slot meanwhile
		if share.Slot, err = s.freeSlot(ctx, actor.Person, now); err != nil {
			return Share{}, "", err
		}
		if err = s.store.InsertShare(ctx, share); !errors.Is(err, courses.ErrConflict) {
			break
		}
	}
	if err != nil {
		return Share{}, "", err
	}
	slog.InfoContext(ctx, "record shared", "person", actor.Person, "share", share.ID, "until", share.EndsAt)
	return share, secret, nil
}

// freeSlot finds a slot without a live link; ended ones make room.
func (s *Service) freeSlot(ctx context.Context, person courses.PersonID, now time.Time) (int, error) {
	list, err := s.store.SharesOf(ctx, person)
	if err != nil {
		return 0, err
	}
	var taken [MaxShares]bool
	for _, share := range list {
		if taken[share.Slot] = now.Before(share.EndsAt); taken[share.Slot] {
			continue
		}
		if err := s.store.EndShare(ctx, person, share.ID); err != nil && !errors.Is(err, ErrNoShare) {
			return 0, err
		}
	}
	for slot, is := range taken {
		if !is {
			return slot, nil
		}
	}
	return 0, ErrShareLimit
}

// Shares lists the actor's live links, latest first.
func (s *Service) Shares(ctx context.Context, actor courses.Actor) ([]Share, error) {
	list, err := s.store.SharesOf(ctx, actor.Person)
	if err != nil {
		return nil, err
	}
	now, live := s.clock.Now(), []Share{}
	for _, share := range list {
		if now.Before(share.EndsAt) {
			live = append(live, share)
		}
	}
	return live, nil
}

// EndShare takes one of the actor's links back at once. It refuses with ErrNoShare.
func (s *Service) EndShare(ctx context.Context, actor courses.Actor, id ShareID) error {
	if err := s.store.EndShare(ctx, actor.Person, id); err != nil {
		return err
	}
	slog.InfoContext(ctx, "record no longer shared", "person", actor.Person, "share", id)
	return nil
}

// OpenShare finds the live link of a secret. It refuses with ErrNoShare, also once
// the person's account is closed, and with ErrThrottled at an address from which too
// many unknown ones came.
func (s *Service) OpenShare(ctx context.Context, secret, address string) (Share, error) {
	key := []string{"share:" + address}
	if err := s.throttled(ctx, key, addressLimits); err != nil {
		return Share{}, err
	}
	share, err := s.live(ctx, secret)
	if errors.Is(err, ErrNoShare) {
		if err := s.store.Fail(ctx, key, s.clock.Now()); err != nil {
			return Share{}, err
		}
		return Share{}, ErrNoShare
	}
	if now := s.clock.Now(); err == nil && now.Sub(share.OpenedAt) >= openedEvery {
		err = s.store.ShareOpened(ctx, share.ID, now)
	}
	return share, err
}

func (s *Service) live(ctx context.Context, secret string) (Share, error) {
	share, err := s.store.ShareBy(ctx, digest(secret))
	if err != nil {
		return Share{}, err
	}
	login, err := s.store.LoginOf(ctx, share.Person)
	if err != nil && !errors.Is(err, ErrNoLogin) {
		return Share{}, err
	}
	if err != nil || login.Disabled || !s.clock.Now().Before(share.EndsAt) {
		return Share{}, ErrNoShare
	}
	return share, nil
}
