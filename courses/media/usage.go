package media

import (
	"context"
	"haidang/courses"
	"time"
)

// Usage is how much an organisation keeps.
type Usage struct {
	Files    int
	Bytes    int64 // of sources and renditions, and of uploads under way
	CapBytes int64 // how much it may keep; 0 is no cap
	Cap      Cap   // what an administrator set, if anything
}

// Cap is how much an administrator lets an organisation keep.
type Cap struct {
	Bytes int64 // 0 is as much as the installation's settings allow everybody
	SetAt time.Time
	SetBy courses.PersonID // empty where nobody set anything
}

// maxCap is more than any store holds: 1 PB.
const maxCap = 1_000_000_000_000_000

// ErrCap is refused to administrators who mistype.
var ErrCap = courses.Refusal(courses.Invalid, "media.bad_cap", "an organisation may keep between 0 bytes (as the settings have it) and 1 PB")

// Usage tells it to those who may read the organisation's drafts.
func (s *Service) Usage(ctx context.Context, actor courses.Actor, owner courses.UnitID) (Usage, error) {
	return s.usage(ctx, actor, courses.ReadDraft, owner)
}

// Capacity tells it to those who administer the unit.
func (s *Service) Capacity(ctx context.Context, actor courses.Actor, owner courses.UnitID) (Usage, error) {
	return s.usage(ctx, actor, courses.EditUnit, owner)
}

// SetCap lets an organisation keep so many bytes, or with 0 as many as the
// installation's settings say. What is kept already stays, also where it is more.
// It refuses with ErrCap.
func (s *Service) SetCap(ctx context.Context, actor courses.Actor, owner courses.UnitID, bytes int64) (Usage, error) {
	if err := s.allow.Can(ctx, actor, courses.EditUnit, courses.Object{Unit: owner}); err != nil {
		return Usage{}, err
	}
	if bytes < 0 || bytes > maxCap {
		return Usage{}, ErrCap
	}
	if err := s.store.SaveCap(ctx, owner, Cap{Bytes: bytes, SetAt: s.clock.Now(), SetBy: actor.Person}); err != nil {
		return Usage{}, err
	}
	return s.Capacity(ctx, actor, owner)
}

func (s *Service) usage(ctx context.Context, actor courses.Actor, action courses.Action, owner courses.UnitID) (Usage, error) {
	if err := s.allow.Can(ctx, actor, action, courses.Object{Unit: owner}); err != nil {
		return Usage{}, err
	}
	limit, err := s.store.Cap(ctx, owner)
	if err != nil {
		return Usage{}, err
	}
	u, err := s.store.Usage(ctx, owner)
	u.Cap, u.CapBytes = limit, s.most(limit)
	return u, err
}

// most is how many bytes a cap allows; 0 is any number.
func (s *Service) most(limit Cap) int64 {
	if limit.Bytes > 0 {
		return limit.Bytes
	}
	return s.CapBytes
}

// room refuses with ErrStorageFull when so many bytes more are too many.
func (s *Service) room(ctx context.Context, owner courses.UnitID, more int64) error {
	limit, err := s.store.Cap(ctx, owner)
	if err != nil || s.most(limit) == 0 {
		return err
	}
	u, err := s.store.Usage(ctx, owner)
	if err == nil && u.Bytes+more > s.most(limit) {
		return ErrStorageFull
	}
	return err
}
