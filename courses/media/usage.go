package media

import (
	"context"
	"haidang/courses"
)

// Usage is how much an organisation keeps.
type Usage struct {
	Files    int
	Bytes    int64 // of sources and renditions, and of uploads under way
	CapBytes int64 // 0 is none
}

// Usage tells it to those who may read the organisation's drafts.
func (s *Service) Usage(ctx context.Context, actor courses.Actor, owner courses.UnitID) (Usage, error) {
	if err := s.allow.Can(ctx, actor, courses.ReadDraft, courses.Object{Unit: owner}); err != nil {
		return Usage{}, err
	}
	u, err := s.store.Usage(ctx, owner)
	u.CapBytes = s.CapBytes
	return u, err
}

// room refuses with ErrStorageFull when so many bytes more are too many.
func (s *Service) room(ctx context.Context, owner courses.UnitID, more int64) error {
	if s.CapBytes == 0 {
		return nil
	}
	u, err := s.store.Usage(ctx, owner)
	if err == nil && u.Bytes+more > s.CapBytes {
		return ErrStorageFull
	}
	return err
}
