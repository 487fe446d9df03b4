package catalog

import (
	"context"
	"haidang/courses"
	"haidang/courses/vietnamese"
	"slices"
)

// Hit is a lesson, or a file that its article offers, in which words are found.
type Hit struct {
	Place   Place
	Kind    LessonKind // of the lesson, or Attachment
	Title   vietnamese.Marked
	Excerpt vietnamese.Marked
	At      int64 // where the excerpt stands; see Passage
}

// FindTexts is the lessons of published courses, and their files, that say all
// words, the best first.
func (s *Service) FindTexts(ctx context.Context, actor courses.Actor, q vietnamese.Query) (lessons, files []Place, err error) {
	if err := s.allow.Can(ctx, actor, courses.Learn, courses.Object{Person: actor.Person}); err != nil {
		return nil, nil, err
	}
	all, err := s.index.FindTexts(ctx, q, 2*foundLimit)
	for _, place := range all {
		switch {
		case place.File != "" && len(files) < foundLimit:
			files = append(files, place)
		case place.File == "" && len(lessons) < foundLimit:
			lessons = append(lessons, place)
		}
	}
	return lessons, files, err
}

// Hits shows places that FindTexts found, but for those that are gone meanwhile.
func (s *Service) Hits(ctx context.Context, q vietnamese.Query, places []Place) []Hit {
	var hits []Hit
	for _, place := range places {
		t, there := s.index.Text(ctx, place)
		if !there {
			continue
		}
		h := Hit{Place: place, Kind: t.Kind}
		h.Title, _ = q.Mark(t.Title)
		h.Excerpt, h.At = t.excerpt(q)
		hits = append(hits, h)
	}
	return hits
}

// CourseHit is a course that words found.
type CourseHit struct {
	Course  Course
	Title   vietnamese.Marked
	Excerpt vietnamese.Marked
}

// lines is what a list may show of a course besides its title.
func (c Course) lines() []string {
	return slices.Concat([]string{c.Newest.Summary, c.Code}, c.Newest.Modules, c.Newest.Citations)
}

// Show shows courses that words found. Titles is those of positions: a course may
// be found because it is for one of them.
func (s *Service) Show(q vietnamese.Query, found []Course, titles map[courses.PositionID]string) []CourseHit {
	hits := make([]CourseHit, len(found))
	for i, c := range found {
		hits[i] = CourseHit{Course: c}
		hits[i].Title, _ = q.Mark(c.Newest.Title)
		best, shown := 0, c.Newest.Summary
		lines := c.lines()
		for _, p := range c.Newest.Positions {
			lines = append(lines, titles[p])
		}
		for _, line := range lines {
			if _, n := q.Mark(line); n > best {
				best, shown = n, line
			}
		}
		hits[i].Excerpt, _ = q.Excerpt(shown, c.Newest.Title)
	}
	return hits
}
