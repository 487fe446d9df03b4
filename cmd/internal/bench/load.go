package bench

import (
	"context"
	"os"
	"slices"
	"sync"
	"time"
)

// Figure is how a piece of work went.
type Figure struct {
	Count   int
	Elapsed time.Duration
	P50     time.Duration
	P95     time.Duration
	P99     time.Duration
	CPU     time.Duration // that each operation took, but for a client of the server
}

// PerSecond is the rate; 0 of nothing.
func (f Figure) PerSecond() float64 {
	if f.Elapsed <= 0 {
		return 0
	}
	return float64(f.Count) / f.Elapsed.Seconds()
}

// sample is what the clients saw, over any number of rounds.
type sample struct {
	took    []time.Duration
	elapsed time.Duration
	begun   int           // operations, counted or not
	cpu     time.Duration // that they took
}

func (s *sample) figure() Figure {
	slices.Sort(s.took)
	f := Figure{Count: len(s.took), Elapsed: s.elapsed, P50: quantile(s.took, 50), P95: quantile(s.took, 95), P99: quantile(s.took, 99)}
	if s.begun > 0 {
		f.CPU = s.cpu / time.Duration(s.begun)
	}
	return f
}

// quantile is the smallest value that percent of a sorted list do not exceed.
func quantile(sorted []time.Duration, percent int) time.Duration {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[max(0, (len(sorted)*percent+99)/100-1)]
}

// work is one operation of one client, who is numbered from 0.
type work func(ctx context.Context, client int) error

// load has clients do the work over and over for a while, and adds to the
// sample what began after the first fifth of it: by then connections and caches
// are warm. The first failure ends it.
func (s *sample) load(ctx context.Context, clients int, while time.Duration, do work) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	begin := time.Now()
	counted, end := begin.Add(while/5), begin.Add(while)
	took, begun := make([][]time.Duration, clients), make([]int, clients)
	var wg sync.WaitGroup
	for client := range clients {
		wg.Go(func() {
			for start := time.Now(); start.Before(end) && ctx.Err() == nil; start = time.Now() {
				begun[client]++
				if err := do(ctx, client); err != nil {
					cancel(err)
					return
				}
				if start.After(counted) {
					took[client] = append(took[client], time.Since(start))
				}
			}
		})
	}
	wg.Wait()
	s.elapsed += time.Since(counted)
	s.took = append(s.took, slices.Concat(took...)...)
	for _, n := range begun {
		s.begun += n
	}
	return context.Cause(ctx)
}

// rounds is how often two sides take turns, so that what else the machine does
// meets both.
const rounds = 2

// alone has clients do some work, which takes processor time in the server and
// the stores and, with the raw driver, in this process.
func (w *world) alone(ctx context.Context, s *sample, clients int, while time.Duration, do work, also ...int) error {
	pids := append([]int{w.server.PID(), w.stores.mongod.PID(), w.stores.objects.PID()}, also...)
	before, err := cpuOf(pids)
	if err != nil {
		return err
	}
	if err := s.load(ctx, clients, while, do); err != nil {
		return err
	}
	after, err := cpuOf(pids)
	s.cpu += after - before
	return err
}

// beside measures ours and raw in turns, each for the whole of while.
func (w *world) beside(ctx context.Context, clients int, while time.Duration, ours, raw work) (Figure, Figure, error) {
	var a, b sample
	for range rounds {
		if err := w.alone(ctx, &a, clients, while/rounds, ours); err != nil {
			return Figure{}, Figure{}, err
		}
		if err := w.alone(ctx, &b, clients, while/rounds, raw, os.Getpid()); err != nil {
			return Figure{}, Figure{}, err
		}
	}
	return a.figure(), b.figure(), nil
}
