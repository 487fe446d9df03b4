// Package bench measures the program beside its raw stores: the real server as
// a process of its own, the real mongod and MinIO with a data set of a fixed
// size, and clients in this process. Each figure stands beside what the raw
// driver does on the same stores in the same run.
package bench

import (
	"context"
	"fmt"
	"haidang/cmd/internal/demo"
	"io"
	"slices"
	"time"
)

// Options say what Run measures.
type Options struct {
	Program  string        // the haidang binary
	Data     string        // folder of the stores and their data set
	Fresh    bool          // make the data set anew
	Size     demo.Size     // of the data set
	Only     []string      // names of parts; all if empty
	While    time.Duration // how long each side of a figure is measured
	JSON     string        // file for the figures; none if empty
	Table    io.Writer
	Progress io.Writer
}

// Sizes of the data set.
var (
	Full  = demo.Size{People: 10_000, Courses: 60, Completions: 300_000, Seed: 129}
	Small = demo.Size{People: 1_000, Courses: 12, Completions: 5_000, Seed: 129}
)

// Run measures, prints the table and stops all that it started. A budget that
// is missed is no error.
func Run(ctx context.Context, o Options) error {
	s, err := prepare(ctx, o)
	if err != nil {
		return err
	}
	defer s.stop()
	rows, err := measure(ctx, o, s)
	if len(rows) > 0 {
		if err := write(o.Table, rows); err != nil {
			return err
		}
	}
	if err == nil && o.JSON != "" {
		err = writeJSON(o.JSON, rows)
	}
	return err
}

// measure takes every figure, in an order in which none disturbs the next.
func measure(ctx context.Context, o Options, s *stores) ([]*Row, error) {
	rows := []*Row{s.seedRow()}
	start, w, err := open(ctx, o, s)
	if err != nil {
		return rows, err
	}
	defer w.close()
	rows = append(rows, start...)
	for _, part := range []struct {
		name string
		take func(context.Context) ([]*Row, error)
	}{
		{"events", w.events},
		{"quizzes", w.quizzes},
		{"pages", w.pages},
		{"reports", w.reports},
		{"video", w.video},
		{"studio", w.studio},
		{"search", w.find},
		{"memory", w.memory},
	} {
		if len(o.Only) > 0 && !slices.Contains(o.Only, part.name) {
			continue
		}
		fmt.Fprintf(o.Progress, "measuring %s …\n", part.name)
		more, err := part.take(ctx)
		rows = append(rows, more...)
		if err != nil {
			return rows, fmt.Errorf("measure %s: %w", part.name, err)
		}
	}
	return rows, nil
}

func (s *stores) seedRow() *Row {
	size := s.made.Size
	work := fmt.Sprintf("seed %s × %d × %s", count(float64(size.People)), size.Courses, count(float64(size.Completions)))
	if !s.seeded {
		work += " (earlier run)"
	}
	return quantity(work, "s", s.made.Took.Seconds()).atMost(120, "s")
}
