package media

import (
	"context"
	"fmt"
	"haidang/courses"
	"time"
)

// Vietnamese is the language of captions that there are.
const Vietnamese = "vi"

// Captions are what is said in a recording, in one language.
type Captions struct {
	Asset    courses.AssetID
	Language string
	Revision int // counts savings; 0 before the first
	Cues     []Cue
	SavedAt  time.Time
	SavedBy  courses.PersonID
}

// Captions are an asset's, for someone who may read it; without cues when nobody
// saved any.
func (s *Service) Captions(ctx context.Context, actor courses.Actor, id courses.AssetID) (Captions, error) {
	if _, err := s.Asset(ctx, actor, id); err != nil {
		return Captions{}, err
	}
	return s.store.Captions(ctx, id, Vietnamese)
}

// SaveCaptions replaces an asset's captions by cues or, when there is one, by a
// WebVTT file. Revision is the one that was read. It refuses as ReadVTT does, and
// with ErrNotReady or courses.ErrConflict.
func (s *Service) SaveCaptions(ctx context.Context, actor courses.Actor, id courses.AssetID, revision int, cues []Cue, vtt string) (Captions, error) {
	a, err := s.Asset(ctx, actor, id)
	if err != nil {
		return Captions{}, err
	}
	if err := s.allow.Can(ctx, actor, courses.WriteCourse, a.object()); err != nil {
		return Captions{}, err
	}
	if a.State != Ready {
		return Captions{}, ErrNotReady
	}
	if vtt != "" {
		cues, err = ReadVTT(vtt, a.Facts.DurationMs)
	} else {
		cues, err = CleanCues(cues, a.Facts.DurationMs)
	}
	if err != nil {
		return Captions{}, err
	}
	c := Captions{Asset: id, Language: Vietnamese, Revision: revision + 1, Cues: cues, SavedAt: s.clock.Now(), SavedBy: actor.Person}
	if err := s.atomic(ctx, func(ctx context.Context) error { return s.store.SaveCaptions(ctx, c) }); err != nil {
		return Captions{}, err
	}
	s.forget(id)
	return c, nil
}

// anyLength is how long a recording is that nobody has looked into: a cue behind
// its end is never shown.
const anyLength = 1 << 50

// CheckedCues checks cues that were checked as captions before, of a file of that
// kind that has not been looked into. It refuses with ErrCaptions.
func CheckedCues(kind Kind, cues []Cue) ([]Cue, error) {
	if len(cues) > 0 && kind != Video && kind != Audio {
		return nil, badCaptions("cues[0]", "beyond_end")
	}
	list := make([]placedCue, len(cues))
	for i, c := range cues {
		list[i] = placedCue{c, fmt.Sprintf("cues[%d]", i)}
	}
	return checkCues(list, anyLength)
}

// forget lets the next reader see what changed, and says whether anything was kept;
// other servers see it when theirs has run out, or when they miss a file.
func (s *Service) forget(id courses.AssetID) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, kept := s.kept[id]
	delete(s.kept, id)
	return kept
}
