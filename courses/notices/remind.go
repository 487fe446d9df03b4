package notices

import (
	"context"
	"fmt"
	"haidang/courses"
)

// remindAt is how many days before its last day somebody is reminded of an assigned
// course: two weeks, three days, and on the day after it.
var remindAt = []int{14, 3, -1}

// mostMissed is how many days are made up for that passed while nobody was reminded:
// weekends, and when the system was away.
const mostMissed = 14

// Remind tells those who have not learnt an assigned course that its last day is near or
// over, once for each of remindAt. It rests while it is quiet, and may run again at any
// time: nobody is told anything twice.
func (s *Service) Remind(ctx context.Context) error {
	now := s.clock.Now()
	if Quiet(now) {
		return nil
	}
	today := courses.DateOf(now)
	done, err := s.store.Reminded(ctx)
	if err != nil || done >= today {
		return err
	}
	if done == "" {
		done = today.AddDays(-1) // nothing is made up for on the first day
	}
	for day := max(done, today.AddDays(-mostMissed)); day < today; {
		day = day.AddDays(1)
		if err := s.remindOn(ctx, day); err != nil {
			return err
		}
		if err := s.store.SaveReminded(ctx, day); err != nil {
			return err
		}
	}
	return nil
}

// remindOn reminds of what is due so many days after a day.
func (s *Service) remindOn(ctx context.Context, day courses.Date) error {
	for _, days := range remindAt {
		list, err := s.Assignments.DueOn(ctx, day.AddDays(days))
		if err != nil {
			return fmt.Errorf("ask what is due: %w", err)
		}
		for _, r := range list {
			if err := s.remind(ctx, r, days); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *Service) remind(ctx context.Context, r Reminder, days int) error {
	for after := ""; ; {
		people, next, err := s.Assignments.Owing(ctx, r.ID, after, batch)
		if err != nil {
			return fmt.Errorf("ask who owes: %w", err)
		}
		for _, person := range people {
			if err := s.remindOne(ctx, r, person, days); err != nil {
				return err
			}
		}
		if after = next; after == "" {
			return nil
		}
	}
}

func (s *Service) remindOne(ctx context.Context, r Reminder, person courses.PersonID, days int) error {
	open, err := s.accounts.Open(ctx, person)
	if err != nil || !open {
		return err
	}
	subject := fmt.Sprintf("%s/%s", r.Course, r.Due) // of two assignments by one day one is told
	return s.Tell(ctx, Notice{
		ID: idOf(person, Assigned, subject, fmt.Sprint(days)), Person: person, Kind: Assigned, Course: r.Course, Subject: subject, Title: r.Title,
		From: Day(r.Due), Page: r.Page, MadeAt: s.clock.Now(),
	})
}

// Day is a day as notices write it, dd/mm/yyyy.
func Day(d courses.Date) string { return d.Time().Format("02/01/2006") }
