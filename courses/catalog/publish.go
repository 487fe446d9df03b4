package catalog

import (
	"context"
	"errors"
	"fmt"
	"haidang/courses"
	"slices"
)

// Publish freezes an approved draft as the next version: today, or on the day
// from which it takes effect. It refuses with ErrStep unless the review has
// approved it, and with ErrIncomplete, ErrDue and courses.ErrConflict.
func (s *Service) Publish(ctx context.Context, actor courses.Actor, id courses.CourseID, revision int, effective courses.Date) (Editable, error) {
	c, err := s.owned(ctx, actor, courses.PublishCourse, id)
	if err != nil {
		return Editable{}, err
	}
	if c.Review == nil || c.Review.Step != Approved {
		return Editable{}, ErrStep
	}
	today := s.clock.Today()
	if effective == "" {
		effective = today
	}
	if _, err := courses.ParseDate(string(effective)); err != nil || effective < today {
		return Editable{}, ErrDue
	}
	if c.Revision != revision {
		return Editable{}, courses.ErrConflict
	}
	if effective > today {
		r := *c.Review
		r.Effective, r.Publisher = effective, actor.Person
		return s.move(ctx, actor, c, &r, Scheduled, "")
	}
	if c, err = s.publish(ctx, actor, c); err != nil {
		return Editable{}, err
	}
	return s.editable(ctx, actor, c)
}

// publish freezes the draft of an approved course.
func (s *Service) publish(ctx context.Context, actor courses.Actor, c Course) (Course, error) {
	v, err := s.next(ctx, c, actor, c.Revision, c.Review.Class)
	if err != nil {
		return Course{}, err
	}
	n := s.note(actor, c, Published)
	was := c
	c.Newest, c.Review = newestOf(v, c.Revision, c.Newest), nil
	err = s.atomic(ctx, func(ctx context.Context) error {
		if err := s.store.InsertVersion(ctx, v); err != nil {
			return err
		}
		if err := s.assets.Publish(ctx, v.Content.Assets()); err != nil {
			return err
		}
		if err := s.store.SaveNewest(ctx, was, *c.Newest); err != nil {
			return err
		}
		return s.store.InsertNote(ctx, n)
	})
	if err != nil {
		return Course{}, err
	}
	s.shelf.put([]Course{c})
	return c, s.index.Put(ctx, []Course{c})
}

// PublishDue publishes what takes effect today or before, and says how many.
func (s *Service) PublishDue(ctx context.Context) (int, error) {
	due, err := s.store.Effective(ctx, s.clock.Today(), 100)
	if err != nil {
		return 0, err
	}
	done := 0
	var failed []error
	for _, c := range due {
		if _, err := s.publish(ctx, courses.Actor{Person: c.Review.Publisher}, c); err != nil {
			failed = append(failed, fmt.Errorf("publish %s: %w", c.Code, err))
			continue
		}
		done++
	}
	return done, errors.Join(failed...)
}

// next is the version that publishing the course would make.
func (s *Service) next(ctx context.Context, c Course, actor courses.Actor, revision int, class Class) (Version, error) {
	facts, err := s.assets.Facts(ctx, c.Draft.Assets())
	if err != nil {
		return Version{}, err
	}
	short, err := s.papers(ctx, c.Draft)
	if err != nil {
		return Version{}, err
	}
	return nextOf(c, actor.Person, revision, class, facts, short, s.clock)
}

func nextOf(c Course, by courses.PersonID, revision int, class Class, facts map[courses.AssetID]AssetFacts, short map[courses.LessonID]int, clock courses.Clock) (Version, error) {
	if c.Revision != revision {
		return Version{}, courses.ErrConflict
	}
	if !c.Changed() {
		return Version{}, ErrUnchanged
	}
	if lacks := missing(c.Draft, facts, short); len(lacks) > 0 {
		refusal := ErrIncomplete
		for _, m := range lacks {
			refusal = refusal.With(courses.Field{Path: m.Path, Code: m.Code})
		}
		return Version{}, refusal
	}
	number := 1
	if c.Newest != nil {
		number = c.Newest.Number + 1
	}
	known := []Class{Correction, Addition, Replacement}
	if number == 1 {
		class = ""
	} else if !slices.Contains(known, class) {
		return Version{}, ErrClassNeeded
	}
	now := clock.Now()
	v := Version{
		ID: courses.NewID[courses.VersionID](now), Course: c.ID, Number: number, Class: class, Code: c.Code, Owner: c.Owner,
		Content: c.Draft, Media: map[courses.AssetID]AssetFacts{}, PublishedAt: now, PublishedBy: by,
	}
	for _, id := range v.Content.Assets() {
		v.Media[id] = facts[id]
	}
	return v, nil
}
