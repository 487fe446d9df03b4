package notices

import (
	"context"
	"errors"
	"fmt"
	"haidang/courses"
	"log/slog"
)

// Sizes of the walk.
const (
	batch    = 100 // people at a time; a server that dies repeats as many
	remember = 100 // notices of a person that are looked at
)

// Go walks past everybody with an account, once a week from Monday morning on, and
// makes the notices of what waits. It goes on where it stopped, and rests while it is
// quiet. It may run again at any time: nobody is told anything twice.
func (s *Service) Go(ctx context.Context) error {
	for ctx.Err() == nil {
		now := s.clock.Now()
		w, err := s.store.Walk(ctx)
		if err != nil || Quiet(now) {
			return err
		}
		if week := weekOf(now); w.Week != week {
			w = Walk{Week: week}
		}
		if w.Done {
			return nil
		}
		people, err := s.accounts.After(ctx, w.After, batch)
		if err != nil {
			return err
		}
		for _, person := range people {
			if err := s.look(ctx, person, w.Week); errors.Is(err, courses.ErrUnavailable) || ctx.Err() != nil {
				return err
			} else if err != nil { // of one person, it does not keep the others waiting
				slog.ErrorContext(ctx, "look what waits", "person", person, "error", err)
			}
			w.After = person
		}
		w.Done = len(people) < batch
		if err := s.store.SaveWalk(ctx, w); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// look makes the notices of what waits for a person, and forgets those of what is
// done.
func (s *Service) look(ctx context.Context, person courses.PersonID, week string) error {
	due, err := s.work.Waiting(ctx, person)
	if err != nil {
		return fmt.Errorf("ask what waits: %w", err)
	}
	recent, err := s.store.Of(ctx, person, remember)
	if err != nil {
		return err
	}
	c, err := s.store.Contact(ctx, person)
	if err != nil {
		return err
	}
	for _, n := range plan(person, due, recent, s.clock.Now()) {
		if err := s.tell(ctx, c, n); err != nil {
			return err
		}
	}
	if len(due) > 0 {
		if err := s.sum(ctx, c, week); err != nil {
			return err
		}
	}
	return s.forget(ctx, person, recent)
}

// sum queues the week's digest for who wants one, once.
func (s *Service) sum(ctx context.Context, c Contact, week string) error {
	if !s.Has(Mail) || !c.reached(Mail) || !c.Wants(Digest, Mail) || c.Digested == week {
		return nil
	}
	_, err := s.change(ctx, c.Person, func(ctx context.Context, c Contact) (Contact, error) {
		if c.Digested == week {
			return c, nil
		}
		c.Digested = week
		return c, s.send(ctx, Delivery{Person: c.Person, Channel: Mail, Week: week, At: Opening(s.clock.Now())})
	})
	if errors.Is(err, courses.ErrConflict) { // the person chooses at this moment, or another server was first
		return nil
	}
	return err
}

// forget removes the notices of what is done. One of the last days stays: its id keeps
// it from being told again.
func (s *Service) forget(ctx context.Context, person courses.PersonID, list []Notice) error {
	if len(list) == 0 {
		return nil
	}
	still, err := s.work.Still(ctx, person, list)
	if err != nil {
		return err
	}
	var done []ID
	for _, n := range list {
		if !still[n.ID] && s.clock.Now().Sub(n.MadeAt) >= rest {
			done = append(done, n.ID)
		}
	}
	if len(done) == 0 {
		return nil
	}
	return s.store.Remove(ctx, person, done)
}
