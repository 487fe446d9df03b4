package catalog

import (
	"cmp"
	"haidang/courses"
	"haidang/courses/vietnamese"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// shelf is the published courses as lists show them, without their drafts, in
// the memory of each server: the catalogue is small and everybody reads it.
type shelf struct {
	mu   sync.RWMutex
	byID map[courses.CourseID]Course
	list []Course       // newest first; replaced whole, never changed
	cite map[string]int // how many courses cite a document, by its number's key
}

// put takes in courses that were published, here or by another server.
func (s *shelf) put(found []Course) {
	s.mu.Lock()
	defer s.mu.Unlock()
	changed := false
	for _, c := range found {
		was, known := s.byID[c.ID]
		if c.Newest == nil || known && was.Newest.Number >= c.Newest.Number {
			continue
		}
		c.Draft = Content{}
		if s.byID == nil {
			s.byID = map[courses.CourseID]Course{}
		}
		s.byID[c.ID], changed = c, true
	}
	if !changed {
		return
	}
	s.list = make([]Course, 0, len(s.byID))
	for _, c := range s.byID {
		s.list = append(s.list, c)
	}
	slices.SortFunc(s.list, func(a, b Course) int { return before(a.Newest.At, a.ID, b.Newest.At, b.ID) })
	s.cite = citing(s.list)
}

// citing counts the courses that cite each document, by its number's key.
func citing(list []Course) map[string]int {
	counts := map[string]int{}
	for _, c := range list {
		seen := map[string]bool{}
		for _, place := range c.Newest.Cited {
			if key := vietnamese.DocumentNumber(place.Number); !seen[key] {
				seen[key] = true
				counts[key]++
			}
		}
	}
	return counts
}

// Citing is how many published courses cite a document.
func (s *Service) Citing(number string) int {
	s.shelf.mu.RLock()
	defer s.shelf.mu.RUnlock()
	return s.shelf.cite[vietnamese.DocumentNumber(number)]
}

// before orders newest first; of two published in one instant the later id.
func before(a time.Time, aID courses.CourseID, b time.Time, bID courses.CourseID) int {
	return cmp.Or(b.Compare(a), strings.Compare(string(bID), string(aID)))
}

// all is every published course, newest first; nobody changes the list.
func (s *shelf) all() []Course {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.list
}

// get finds a published course.
func (s *shelf) get(id courses.CourseID) (Course, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	c, found := s.byID[id]
	return c, found
}

// page lists one page, newest first. The cursor is the instant and id of the
// last; a malformed one is refused with courses.ErrBadCursor.
func (s *shelf) page(filter Filter, page courses.Page) (courses.Slice[Course], error) {
	list := s.all()
	first := 0
	if page.After != "" {
		ms, id, ok := strings.Cut(page.After, ".")
		n, err := strconv.ParseInt(ms, 10, 64)
		if !ok || err != nil {
			return courses.Slice[Course]{}, courses.ErrBadCursor
		}
		at, last := time.UnixMilli(n), courses.CourseID(id)
		for first < len(list) && before(list[first].Newest.At, list[first].ID, at, last) <= 0 {
			first++
		}
	}
	slice := courses.Slice[Course]{}
	for _, c := range list[first:] {
		if !filter.takes(c) {
			continue
		}
		if len(slice.Items) == page.Size() {
			last := slice.Items[len(slice.Items)-1]
			slice.Next = strconv.FormatInt(last.Newest.At.UnixMilli(), 10) + "." + string(last.ID)
			break
		}
		slice.Items = append(slice.Items, c)
	}
	return slice, nil
}

// takes says that a published course passes the filter.
func (f Filter) takes(c Course) bool {
	if f.Knowledge != "" && c.Newest.Knowledge != f.Knowledge || f.Owner != "" && c.Owner != f.Owner {
		return false
	}
	if f.Cites != nil && !slices.ContainsFunc(c.Newest.Cited, f.Cites) {
		return false
	}
	if f.Within != nil && !f.Within.Everywhere() && !slices.Contains(f.Within.Units(), c.Owner) && !slices.Contains(f.Also, c.ID) {
		return false
	}
	return f.For == nil || len(c.Newest.Positions) == 0 && !f.Named ||
		slices.ContainsFunc(f.For, func(p courses.PositionID) bool { return slices.Contains(c.Newest.Positions, p) })
}
