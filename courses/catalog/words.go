package catalog

import (
	"context"
	"errors"
	"fmt"
	"haidang/courses"
	"slices"
	"sync"
	"time"
)

// words remembers whose words the index has read.
type words struct {
	mu    sync.Mutex
	read  map[courses.CourseID]readCourse
	since time.Time                     // captions saved before are read
	heard map[courses.AssetID]time.Time // captions saved after, as the index has them
}

type readCourse struct {
	version courses.VersionID
	assets  []courses.AssetID
}

// Reread brings into this server's index what lessons say: articles, captions and
// the pages of documents, where they are new or were corrected. What cannot be
// read now is read the next time.
func (s *Service) Reread(ctx context.Context) error {
	w := &s.words
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.read == nil {
		w.read, w.since = map[courses.CourseID]readCourse{}, s.clock.Now().Add(-refreshOverlap)
	}
	heard, err := s.assets.Reworded(ctx, w.since)
	if err != nil {
		return err
	}
	corrected := func(id courses.AssetID) bool { return !heard[id].Equal(w.heard[id]) }
	var failed []error
	for _, c := range s.shelf.all() {
		if r := w.read[c.ID]; r.version == c.Newest.Version && !slices.ContainsFunc(r.assets, corrected) {
			continue
		}
		delete(w.read, c.ID) // until it is read again
		r, err := s.readWords(ctx, c)
		if err != nil {
			failed = append(failed, fmt.Errorf("read the words of %s: %w", c.Code, err))
			continue
		}
		w.read[c.ID] = r
	}
	w.heard = heard
	for _, at := range heard {
		if at = at.Add(-refreshOverlap); at.After(w.since) {
			w.since = at
		}
	}
	return errors.Join(failed...)
}

func (s *Service) readWords(ctx context.Context, c Course) (readCourse, error) {
	v, err := s.store.Version(ctx, c.Newest.Version) // not kept: few of them are asked for
	if err != nil {
		return readCourse{}, err
	}
	r := readCourse{version: v.ID, assets: v.Content.Assets()}
	said, err := s.assets.Says(ctx, r.assets)
	if err != nil {
		return r, err
	}
	return r, s.index.PutTexts(ctx, c.ID, v.Content.texts(said))
}
