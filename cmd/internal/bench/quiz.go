package bench

import (
	"context"
	"encoding/json"
	"fmt"
	"haidang/cmd/internal/app"
	"haidang/cmd/internal/demo"
	"haidang/courses"
	"math/rand/v2"
	"strconv"
	"sync"
	"time"
)

// asked is how many questions the quiz has.
const asked = 20

// examinee is a learner at a quiz.
type examinee struct {
	*learner
	quiz string // path
	at   attempt
	seq  int64
	body []byte
}

// attempt is what a device keeps of a start.
type attempt struct {
	ID   courses.AttemptID `json:"id"`
	Seal string            `json:"seal"`
}

// quizzes measures exams: answers one by one as people give them, and whole quizzes.
func (w *world) quizzes(ctx context.Context) ([]*Row, error) {
	all, err := w.examinees(ctx)
	if err != nil {
		return nil, err
	}
	var rows []*Row
	if err := w.fresh(ctx); err != nil {
		return nil, err
	}
	begun := time.Now()
	if err := atOnce(ctx, len(all), func(i int) error { return all[i].begin() }); err != nil {
		return nil, err
	}
	rows = append(rows, quantity("256 learners begin an exam at once", "s", time.Since(begun).Seconds()).atMost(256*60.0/2000, "s"))
	random := make([]*rand.Rand, len(all))
	for i := range random {
		random[i] = rand.New(rand.NewPCG(7, uint64(i)))
	}
	ours, raw, err := w.beside(ctx, len(all), w.o.While, func(_ context.Context, client int) error {
		return all[client].answer(random[client].IntN(asked))
	}, func(ctx context.Context, client int) error { return w.upsert(ctx, random[client], 1) })
	if err != nil {
		return rows, err
	}
	rows = append(rows, rates("answers of 256 learners in one exam", ours, raw, 1).atLeastRaw(0.6))
	paced, err := w.paced(ctx, all, 500)
	if err != nil {
		return rows, err
	}
	rows = append(rows, rates("the same, 500 answers a second", paced, Figure{}, 1).tailWithin(100*time.Millisecond))
	turns := make([]int, 16)
	var whole sample
	err = w.alone(ctx, &whole, len(turns), w.o.While, func(_ context.Context, client int) error {
		turns[client]++
		return all[client+turns[client]%(len(all)/len(turns))*len(turns)].sit()
	})
	if err != nil {
		return rows, err
	}
	rows = append(rows, rates("quiz of 20: start, save, submit; 16 clients", whole.figure(), Figure{}, 1).moodle(14.5, 14.5, 40))
	more, err := w.statistics(ctx)
	return append(rows, more...), err
}

// examinees publishes a quiz and enrols every learner on it.
func (w *world) examinees(ctx context.Context) ([]*examinee, error) {
	a, err := app.Open(ctx, w.stores.config, app.Options{})
	if err != nil {
		return nil, err
	}
	defer a.Close(ctx)
	course, lesson, err := demo.PublishQuiz(ctx, a, fmt.Sprintf("KT-%d", time.Now().UnixMilli()), asked)
	if err != nil {
		return nil, err
	}
	all := make([]*examinee, len(w.learners))
	return all, atOnce(ctx, len(all), func(i int) error {
		all[i] = &examinee{learner: w.learners[i]}
		b, err := all[i].post("/api/courses/"+string(course)+"/enrolment", nil)
		if err != nil {
			return err
		}
		var e struct {
			ID courses.EnrolmentID `json:"id"`
		}
		if err := json.Unmarshal(b, &e); err != nil {
			return fmt.Errorf("enrol: %w", err)
		}
		all[i].quiz = fmt.Sprintf("/api/enrolments/%s/quizzes/%s", e.ID, lesson)
		return nil
	})
}

func (x *examinee) begin() error {
	b, err := x.post(x.quiz+"/attempts", nil)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(b, &x.at); err != nil {
		return fmt.Errorf("begin an attempt: %w", err)
	}
	return nil
}

// answer answers questions in one request.
func (x *examinee) answer(slots ...int) error {
	b := append(append(append(x.body[:0], `{"seal":"`...), x.at.Seal...), `","answers":[`...)
	now := time.Now().UTC()
	for i, slot := range slots {
		if i > 0 {
			b = append(b, ',')
		}
		x.seq++
		b = append(append(b, `{"event":"`...), newID(x.random)...)
		b = strconv.AppendInt(append(b, `","slot":`...), int64(slot), 10)
		b = strconv.AppendInt(append(b, `,"seq":`...), x.seq, 10)
		b = now.AppendFormat(append(b, `,"at":"`...), "2006-01-02T15:04:05.000Z")
		b = append(b, `","chosen":[0]}`...)
	}
	x.body = append(b, `]}`...)
	_, err := x.post("/api/attempts/"+string(x.at.ID)+"/answers", x.body)
	return err
}

// sit begins an attempt, answers all of it and hands it in.
func (x *examinee) sit() error {
	if err := x.begin(); err != nil {
		return err
	}
	slots := make([]int, asked)
	for i := range slots {
		slots[i] = i
	}
	if err := x.answer(slots...); err != nil {
		return err
	}
	_, err := x.post("/api/attempts/"+string(x.at.ID)+"/submission", nil)
	return err
}

// paced has the learners answer so many times a second together, each in their
// turn, however long an answer takes.
func (w *world) paced(ctx context.Context, all []*examinee, perSecond int) (Figure, error) {
	var s sample
	took := make([][]time.Duration, len(all))
	gap := time.Duration(len(all)) * time.Second / time.Duration(perSecond)
	begin := time.Now()
	end := begin.Add(w.o.While)
	var wg sync.WaitGroup
	failed := make(chan error, len(all))
	for i, x := range all {
		wg.Go(func() {
			for next := begin.Add(gap * time.Duration(i) / time.Duration(len(all))); next.Before(end) && ctx.Err() == nil; next = next.Add(gap) {
				time.Sleep(time.Until(next))
				if err := x.answer(i % asked); err != nil {
					failed <- err
					return
				}
				took[i] = append(took[i], time.Since(next)) // waiting behind one's own last answer counts
			}
		})
	}
	wg.Wait()
	close(failed)
	for _, list := range took {
		s.took = append(s.took, list...)
	}
	s.elapsed = time.Since(begin)
	return s.figure(), <-failed
}
