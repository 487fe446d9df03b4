package catalog

import (
	"context"
	"errors"
	"haidang/courses"
	"haidang/courses/vietnamese"
	"slices"
	"time"
)

// keptVersions bounds how many versions stay in memory.
const keptVersions = 500

// Version is a published version. It is for other packages, which have asked
// the Authority themselves; every published version is open to all who sign in.
func (s *Service) Version(ctx context.Context, id courses.VersionID) (Version, error) {
	s.mu.Lock()
	v, kept := s.versions[id]
	s.mu.Unlock()
	if kept {
		return v, nil
	}
	v, err := s.store.Version(ctx, id)
	if err != nil {
		return Version{}, err
	}
	v = v.timed()
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.versions) >= keptVersions {
		clear(s.versions)
	}
	s.versions[id] = v
	return v, nil
}

// Published is a course that has a version, without its draft, or ErrNoCourse.
func (s *Service) Published(ctx context.Context, id courses.CourseID) (Course, error) {
	if c, found := s.shelf.get(id); found {
		return c, nil
	}
	c, err := s.store.Course(ctx, id)
	if err != nil {
		return Course{}, err
	}
	if c.Newest == nil {
		return Course{}, ErrNoCourse
	}
	s.shelf.put([]Course{c}) // another server has only just published it
	c.Draft = Content{}
	return c, nil
}

// PublishedByID is those of ids that have a version, by id.
func (s *Service) PublishedByID(ctx context.Context, ids []courses.CourseID) (map[courses.CourseID]Course, error) {
	byID := make(map[courses.CourseID]Course, len(ids))
	for _, id := range ids {
		c, err := s.Published(ctx, id)
		if errors.Is(err, ErrNoCourse) {
			continue
		}
		if err != nil {
			return nil, err
		}
		byID[id] = c
	}
	return byID, nil
}

// foundLimit is how many hits a search gives at the most.
const foundLimit = 100

// Browse lists published courses: newest first, or, with words, best match
// first on one page.
func (s *Service) Browse(ctx context.Context, actor courses.Actor, words string, filter Filter, page courses.Page) (courses.Slice[Course], error) {
	if err := s.allow.Can(ctx, actor, courses.Learn, courses.Object{Person: actor.Person}); err != nil {
		return courses.Slice[Course]{}, err
	}
	words, err := vietnamese.Clean(words)
	if err != nil {
		return courses.Slice[Course]{}, err
	}
	if words == "" {
		return s.shelf.page(filter, page)
	}
	ids, err := s.index.Find(ctx, words, !filter.Shown, foundLimit)
	if err != nil {
		return courses.Slice[Course]{}, err
	}
	var hits courses.Slice[Course]
	for _, id := range ids {
		if c, there := s.shelf.get(id); there && filter.takes(c) && len(hits.Items) < page.Size() {
			hits.Items = append(hits.Items, c)
		}
	}
	return hits, nil
}

// Stale lists the published courses of the actor's organisations that cite a
// place of which ended is true, newest first: those that have to be looked
// through.
func (s *Service) Stale(ctx context.Context, actor courses.Actor, ended func(Reference) bool, page courses.Page) (courses.Slice[Course], error) {
	scope, err := s.allow.Scope(ctx, actor, courses.ReadDraft)
	if err != nil {
		return courses.Slice[Course]{}, err
	}
	also, err := s.store.CoOwned(ctx, scope, mostCoOwned)
	if err != nil {
		return courses.Slice[Course]{}, err
	}
	return s.shelf.page(Filter{Cites: ended, Within: &scope, Also: also}, page)
}

// refreshOverlap covers clocks of other servers that run behind.
const refreshOverlap = time.Minute

// AskedToRead says whether one of the units reads a pilot, as of the last Refresh.
func (s *Service) AskedToRead(places []courses.UnitID) bool {
	asked := s.asked.Load()
	return asked != nil && slices.ContainsFunc(places, func(u courses.UnitID) bool { return slices.Contains(*asked, u) })
}

// Refresh brings what other servers published onto this server's shelf and into
// its index, and learns which communes read a pilot.
func (s *Service) Refresh(ctx context.Context) error {
	asked, err := s.store.PilotCommunes(ctx)
	if err != nil {
		return err
	}
	s.asked.Store(&asked)
	return s.restock(ctx)
}

func (s *Service) restock(ctx context.Context) error {
	const batch = 500
	for {
		s.mu.Lock()
		since := s.indexed
		s.mu.Unlock()
		found, err := s.store.PublishedSince(ctx, since, batch)
		if err != nil || len(found) == 0 {
			return err
		}
		s.shelf.put(found)
		if err := s.index.Put(ctx, found); err != nil {
			return err
		}
		last := found[len(found)-1].Newest.At
		s.mu.Lock()
		if len(found) < batch {
			last = last.Add(-refreshOverlap)
		}
		if last.After(s.indexed) {
			s.indexed = last
		}
		s.mu.Unlock()
		if len(found) < batch {
			return nil
		}
	}
}

// mostComing is how many courses that are to take effect are looked at.
const mostComing = 200

// Coming is on which day the next version of published courses takes effect.
func (s *Service) Coming(ctx context.Context) (map[courses.CourseID]courses.Date, error) {
	list, err := s.store.Effective(ctx, s.clock.Today().AddDays(366), mostComing)
	days := make(map[courses.CourseID]courses.Date, len(list))
	for _, c := range list {
		if c.Newest != nil {
			days[c.ID] = c.Review.Effective
		}
	}
	return days, err
}
