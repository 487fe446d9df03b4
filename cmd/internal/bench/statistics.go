package bench

import (
	"context"
	"errors"
	"fmt"
	"haidang/cmd/internal/app"
	"haidang/cmd/internal/demo"
	"haidang/courses"
	"haidang/courses/assessment"
	"math/rand/v2"
	"sync"
	"time"
)

// A bank of so many questions, and so many answers to them.
const (
	bankSize    = 500
	bankAnswers = 1_000_000
)

// statistics measures the figures of a bank with a million answers: how fast answers
// are counted into them, and how long reading all of them takes.
func (w *world) statistics(ctx context.Context) ([]*Row, error) {
	a, err := app.Open(ctx, w.stores.config, app.Options{})
	if err != nil {
		return nil, err
	}
	defer a.Close(ctx)
	attempts := bankAnswers / asked
	if w.o.Size == Small {
		attempts /= 10
	}
	items, err := demo.FillBank(ctx, a, "STP", fmt.Sprintf("TK-%d", time.Now().UnixMilli()), bankSize)
	if err != nil {
		return nil, err
	}
	// The server counts too, as it goes on; what is measured is until all is counted.
	begun := time.Now()
	if err := finished(ctx, a, items, attempts); err != nil {
		return nil, err
	}
	for left := true; left; {
		if left, err = counting(ctx, a); err != nil {
			return nil, err
		}
	}
	counted := time.Since(begun)
	var took time.Duration
	for range 3 {
		begun := time.Now()
		figures, err := a.Services.Assessment.Figures(ctx, items)
		if err != nil {
			return nil, err
		}
		n := 0
		for _, f := range figures {
			n += f.N
		}
		if n != attempts*asked {
			return nil, fmt.Errorf("%d answers are counted of %d", n, attempts*asked)
		}
		took = max(took, time.Since(begun))
	}
	answers := count(float64(attempts * asked))
	return []*Row{
		quantity(fmt.Sprintf("%s answers to %d questions, made and counted", answers, bankSize), "s", counted.Seconds()),
		quantity("statistics of that bank, all questions", "s", took.Seconds()).atMost(1, "s"),
	}, nil
}

// counting counts what is not yet in the figures, beside the server, and says whether
// anything was not.
func counting(ctx context.Context, a *app.App) (bool, error) {
	left, err := a.DB.Assessment().Uncounted(ctx, 1)
	if err != nil || len(left) == 0 {
		return false, err
	}
	// The server may have counted the same ones: then both look again.
	if err := a.Services.Assessment.Count(ctx); err != nil && !errors.Is(err, courses.ErrConflict) {
		return false, err
	}
	return true, nil
}

// finished stores done attempts of twenty questions each.
func finished(ctx context.Context, a *app.App, items []assessment.Item, n int) error {
	store, now, base := a.DB.Assessment(), time.Now().UTC().Truncate(time.Millisecond), courses.NewID[courses.AttemptID](time.Now())
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	const clients = 64
	var wg sync.WaitGroup
	for client := range clients {
		random := rand.New(rand.NewPCG(3, uint64(client)))
		wg.Go(func() {
			for i := client; i < n && ctx.Err() == nil; i += clients {
				x := assessment.Attempt{
					ID: courses.AttemptID(fmt.Sprintf("%s-%d", base, i)), Number: 1, Begun: now, Ended: now, State: assessment.Done, Told: true, Given: map[int]assessment.Given{},
					Sitting: assessment.Sitting{Person: "p", Enrolment: courses.EnrolmentID(fmt.Sprintf("%s-%d", base, i)), Course: "c", Version: "v", Lesson: "l", Owner: "STP"},
				}
				for slot, at := range random.Perm(len(items))[:asked] {
					score := 100 * random.IntN(2)
					x.Slots = append(x.Slots, assessment.Slot{Item: items[at].ID, Number: 1, Order: []int{0, 1}})
					x.Scores, x.ScoreBp = append(x.Scores, score), x.ScoreBp+score*100/asked
					x.Given[slot] = assessment.Given{Answer: assessment.Answer{Chosen: []int{1 - score/100}}, Event: "e", Seq: 1, At: now, Received: now}
				}
				if _, err := store.InsertAttempt(ctx, x); err != nil {
					cancel(err)
				}
			}
		})
	}
	wg.Wait()
	return context.Cause(ctx)
}
