// Package search finds courses and what their lessons say by words, in memory: the
// catalogue is small and every server keeps its own index, refreshed from the database.
package search

import (
	"context"
	"haidang/courses"
	"haidang/courses/catalog"
	"haidang/courses/vietnamese"
	"maps"
	"slices"
	"sync"
)

// Index implements catalog.Index.
type Index struct {
	putting sync.Mutex
	known   map[courses.CourseID]catalog.Course // without their drafts

	mu      sync.RWMutex
	entries *entries
	texts   map[courses.CourseID][]text
	said    map[string]uint32 // how many texts say, or said, each word
}

// New makes an empty index.
func New() *Index {
	return &Index{known: map[courses.CourseID]catalog.Course{}, entries: &entries{}, texts: map[courses.CourseID][]text{}, said: map[string]uint32{}}
}

// Put implements catalog.Index.
func (x *Index) Put(_ context.Context, list []catalog.Course) error {
	x.putting.Lock()
	defer x.putting.Unlock()
	changed := false
	for _, c := range list {
		if was, known := x.known[c.ID]; !known || was.Newest.Version != c.Newest.Version {
			x.known[c.ID], changed = catalog.Course{ID: c.ID, Code: c.Code, Newest: c.Newest}, true
		}
	}
	if !changed {
		return nil
	}
	next := entriesOf(slices.Collect(maps.Values(x.known)))
	x.mu.Lock()
	defer x.mu.Unlock()
	x.entries = next
	return nil
}

// Find implements catalog.Index. Every word has to be found. In the entries they
// are, if need be, the starts of words or have a typo, and where they carry marks,
// courses that carry the same come first. Behind those come the courses whose
// lessons say the words one after the other or, when nothing else is found, at all.
func (x *Index) Find(_ context.Context, text string, said bool, limit int) ([]courses.CourseID, error) {
	asked := spell(text)
	if len(asked.words) == 0 {
		return nil, nil
	}
	x.mu.RLock()
	defer x.mu.RUnlock()
	ids, strict := x.entries.find(asked, false, limit)
	var list []hit
	if said {
		var pairs int
		list, pairs = x.told(vietnamese.Ask(text), len(ids) == 0)
		ids = saying(ids, list, pairs, limit)
	}
	if len(ids) == 0 && strict {
		ids, _ = x.entries.find(asked, true, limit)
	}
	if len(ids) == 0 {
		ids = saying(ids, list, 0, limit)
	}
	return ids, nil
}
