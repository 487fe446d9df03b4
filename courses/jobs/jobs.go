// Package jobs is background work: an outbox that joins transactions, with
// leases and retries, and tasks that one server at a time repeats. It knows no
// feature.
package jobs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"haidang/courses"
	"log/slog"
	"slices"
	"sync"
	"time"
)

// Job is one piece of work. Its handler may run more than once.
type Job struct {
	ID      courses.JobID
	Kind    string
	Payload []byte // JSON
	RunAt   time.Time
	Tries   int
}

// Times of the work.
const (
	lease     = time.Minute      // after which the job of a server that died is taken again
	patience  = 10 * time.Minute // a short job has as long
	pollEvery = time.Second
	maxTries  = 12
	held      = 15 * time.Second // how long a repeated task stays with its server
)

// Service runs jobs and repeated tasks.
type Service struct {
	// Lease is how long a job stays with a server that renews it no longer. Set it
	// before Run, if at all.
	Lease time.Duration

	store    Store
	clock    courses.Clock
	owner    string
	handlers map[string]func(ctx context.Context, payload []byte) error
	lanes    []*lane // the first one is for all short kinds
	tasks    []task
}

// lane does the jobs of its kinds one after the other, beside other lanes.
type lane struct {
	kinds    []string
	patience time.Duration
	wake     chan struct{}
}

func newLane(patience time.Duration, kinds ...string) *lane {
	return &lane{kinds: kinds, patience: patience, wake: make(chan struct{}, 1)}
}

type task struct {
	name  string
	every time.Duration
	run   func(ctx context.Context) error
	wake  chan struct{}
}

// NewService builds the service.
func NewService(store Store, clock courses.Clock) *Service {
	return &Service{
		Lease: lease, store: store, clock: clock, owner: courses.NewID[string](clock.Now()),
		handlers: map[string]func(context.Context, []byte) error{}, lanes: []*lane{newLane(patience)},
	}
}

// Handle says who does the jobs of a kind. Call it before Run.
func (s *Service) Handle(kind string, handler func(ctx context.Context, payload []byte) error) {
	s.handlers[kind] = handler
	s.lanes[0].kinds = append(s.lanes[0].kinds, kind)
}

// Alone is Handle for jobs that take long: this server does one of the kind at a
// time, beside all others, and each may take as long as patience says. Call it
// before Run.
func (s *Service) Alone(kind string, patience time.Duration, handler func(ctx context.Context, payload []byte) error) {
	s.handlers[kind] = handler
	s.lanes = append(s.lanes, newLane(patience, kind))
}

// Every repeats a task, on one server at a time. Call it before Run. The
// function that it returns asks for a run at once.
func (s *Service) Every(name string, every time.Duration, run func(ctx context.Context) error) (wake func()) {
	t := task{name: name, every: every, run: run, wake: make(chan struct{}, 1)}
	s.tasks = append(s.tasks, t)
	return func() { poke(t.wake) }
}

func poke(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// Enqueue adds a job; it joins the transaction in ctx and is done after that
// commits, at least once.
func (s *Service) Enqueue(ctx context.Context, kind string, payload any) error {
	return s.EnqueueAt(ctx, kind, payload, s.clock.Now())
}

// EnqueueAt is Enqueue for a job that is not done before an instant.
func (s *Service) EnqueueAt(ctx context.Context, kind string, payload any, at time.Time) error {
	b, err := json.Marshal(payload)
	if err != nil {
		return fmt.Errorf("write the payload of %s: %w", kind, err)
	}
	return s.store.Insert(ctx, Job{ID: courses.NewID[courses.JobID](s.clock.Now()), Kind: kind, Payload: b, RunAt: at})
}

// Wake looks for jobs at once instead of at the next second.
func (s *Service) Wake() {
	for _, l := range s.lanes {
		poke(l.wake)
	}
}

// Run works until ctx ends, and waits for what it began.
func (s *Service) Run(ctx context.Context) {
	var wg sync.WaitGroup
	defer wg.Wait()
	for _, t := range s.tasks {
		wg.Go(func() { s.repeat(ctx, t) })
	}
	for _, l := range s.lanes {
		wg.Go(func() { s.follow(ctx, l) })
	}
}

// follow does the jobs of a lane until ctx ends.
func (s *Service) follow(ctx context.Context, l *lane) {
	for {
		for s.step(ctx, l) {
		}
		select {
		case <-ctx.Done():
			return
		case <-l.wake:
		case <-time.After(pollEvery):
		}
	}
}

// Step does one job that is due and says whether there was one. A handler's
// fault is logged, and the job tried again later.
func (s *Service) Step(ctx context.Context) bool {
	return slices.ContainsFunc(s.lanes, func(l *lane) bool { return s.step(ctx, l) })
}

func (s *Service) step(ctx context.Context, l *lane) bool {
	if ctx.Err() != nil || len(l.kinds) == 0 {
		return false
	}
	now := s.clock.Now()
	j, found, err := s.store.Take(ctx, l.kinds, now, now.Add(s.Lease))
	if err != nil || !found {
		if err != nil && ctx.Err() == nil {
			slog.ErrorContext(ctx, "take a job", "error", err)
		}
		return false
	}
	working, cancel := context.WithTimeout(ctx, l.patience)
	defer cancel()
	err = holding(working, s.Lease/3,
		func(ctx context.Context) (bool, error) { return s.store.Hold(ctx, j, s.clock.Now().Add(s.Lease)) },
		func(ctx context.Context) error { return s.handlers[j.Kind](ctx, j.Payload) })
	if err == nil {
		err = s.store.Remove(ctx, j.ID)
	}
	var wait *later
	if errors.As(err, &wait) {
		j.RunAt = wait.at
		s.delay(context.WithoutCancel(ctx), j, "")
	} else if err != nil {
		slog.ErrorContext(ctx, "job", "kind", j.Kind, "job", j.ID, "tries", j.Tries, "error", err)
		s.again(context.WithoutCancel(ctx), j, err)
	}
	return true
}

// holding does work and renews its lease beside it. When the lease has become
// somebody else's, the context of work ends.
func holding(ctx context.Context, every time.Duration, renew func(context.Context) (mine bool, err error), work func(context.Context) error) error {
	ctx, stop := context.WithCancel(ctx)
	var wg sync.WaitGroup
	defer wg.Wait()
	defer stop()
	wg.Go(func() {
		for {
			select {
			case <-ctx.Done():
				return
			case <-time.After(every):
			}
			if mine, err := renew(ctx); err == nil && !mine {
				stop()
			}
		}
	})
	return work(ctx)
}

// pause is how long a job rests after so many tries: 2 s, 4 s, 8 s … at most an
// hour; after maxTries a day.
func pause(tries int) time.Duration {
	if tries >= maxTries {
		return 24 * time.Hour
	}
	return min(time.Second<<max(tries, 0), time.Hour)
}

// later is what a handler gives that wants its job at another time.
type later struct{ at time.Time }

func (l *later) Error() string { return "not before " + l.at.Format(time.RFC3339) }

// Later is given by a handler to have its job done at an instant, and not before: that
// is no failure.
func Later(at time.Time) error { return &later{at} }

// again delays a job.
func (s *Service) again(ctx context.Context, j Job, reason error) {
	j.RunAt = s.clock.Now().Add(pause(j.Tries))
	s.delay(ctx, j, reason.Error())
}

func (s *Service) delay(ctx context.Context, j Job, reason string) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	if err := s.store.Delay(ctx, j, reason); err != nil {
		slog.ErrorContext(ctx, "delay a job", "job", j.ID, "error", err)
	}
}

// repeat runs a task whenever its time has come or it is woken, while this
// server holds its lease.
func (s *Service) repeat(ctx context.Context, t task) {
	var until time.Time
	for {
		now := s.clock.Now()
		if until.Sub(now) < held/3 {
			mine, err := s.store.Lease(ctx, t.name, s.owner, now, now.Add(held))
			if err != nil && ctx.Err() == nil {
				slog.ErrorContext(ctx, "lease a task", "task", t.name, "error", err)
			}
			until = time.Time{}
			if mine {
				until = now.Add(held)
			}
		}
		if now.Before(until) {
			err := holding(ctx, held/3, func(ctx context.Context) (bool, error) {
				now := s.clock.Now()
				return s.store.Lease(ctx, t.name, s.owner, now, now.Add(held))
			}, t.run)
			if err != nil && ctx.Err() == nil {
				slog.ErrorContext(ctx, "task", "task", t.name, "error", err)
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-t.wake:
		case <-time.After(t.every):
		}
	}
}
