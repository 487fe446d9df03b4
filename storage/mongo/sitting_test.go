package mongo_test

import (
	"context"
	"errors"
	"fmt"
	"haidang/courses"
	"haidang/courses/assessment"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// sittingModel is what a person at a quiz can count on, kept beside the program:
// what was acknowledged, and when.
type sittingModel struct {
	t     *testing.T
	s     func() *assessment.Service // each call is a server that has just started
	c     *clock
	actor courses.Actor
	of    assessment.Sitting
	sheet assessment.Sheet
	begun time.Time
	ended bool
	inCnt map[int]assessment.Given // acknowledged before the end
	late  map[int]assessment.Given // acknowledged as late
	sent  []assessment.Said        // all that any device ever made
	open  []assessment.Said        // sent, but what became of it is not known
	cut   bool                     // a connection was cut, so that it may have counted all the same
}

const (
	modelQuestions = 4
	modelMinutes   = 10
)

func (m *sittingModel) over() bool {
	return m.c.now().After(m.begun.Add(modelMinutes*time.Minute + 30*time.Second))
}

// fresh makes an answer that knows of what the device has seen.
func (m *sittingModel) fresh(r *rapid.T) assessment.Said {
	slot := rapid.IntRange(0, modelQuestions-1).Draw(r, "slot")
	x := saying(slot, 1, fmt.Sprintf("%02x", len(m.sent)%256), rapid.IntRange(0, 2).Draw(r, "position"))
	for _, was := range m.sent {
		if was.Slot == slot {
			x.Seq = max(x.Seq, was.Seq+int64(rapid.IntRange(0, 1).Draw(r, "knows"))) // another device may not know
		}
	}
	m.sent = append(m.sent, x)
	return x
}

// deliver sends answers; a fault may cut the connection at any moment.
func (m *sittingModel) deliver(r *rapid.T, list []assessment.Said) {
	ctx, cancel := context.WithCancel(m.t.Context())
	defer cancel()
	if rapid.IntRange(0, 3).Draw(r, "fault") == 0 {
		time.AfterFunc(time.Duration(rapid.IntRange(0, 3000).Draw(r, "after µs"))*time.Microsecond, cancel)
	}
	outcome, err := m.s().Answer(ctx, m.actor, m.sheet.Attempt.ID, m.sheet.Seal, list)
	if err != nil {
		if ctx.Err() == nil {
			r.Fatalf("answers are refused with %v", err)
		}
		m.open, m.cut = append(m.open, list...), true
		m.ended = m.ended || m.over()
		return
	}
	m.ended = m.ended || m.over()
	if outcome.Late != (m.ended && m.lateOf(list)) && !m.cut {
		r.Fatalf("answers are late: %v, the attempt has ended: %v", outcome.Late, m.ended)
	}
	for _, x := range list {
		into := &m.inCnt
		if outcome.Late {
			into = &m.late
		}
		*into = assessment.Join(*into, map[int]assessment.Given{x.Slot: x.Given})
	}
}

// lateOf says that something in the list was not counted before the end.
func (m *sittingModel) lateOf(list []assessment.Said) bool {
	return slices.ContainsFunc(list, func(x assessment.Said) bool {
		was, there := m.inCnt[x.Slot]
		return !there || x.Later(was)
	})
}

// check compares what the program holds with what was acknowledged.
func (m *sittingModel) check(r *rapid.T) {
	sheet, err := m.s().Sheet(m.t.Context(), m.actor, m.sheet.Attempt.ID)
	if err != nil {
		r.Fatal(err)
	}
	m.ended = m.ended || m.over()
	a := sheet.Attempt
	if (a.State == assessment.Done) != m.ended {
		r.Fatalf("the attempt is %s, it has ended: %v", a.State, m.ended)
	}
	holds := assessment.Join(a.Given, a.LateGiven)
	for slot, g := range assessment.Join(m.inCnt, m.late) {
		if is, there := holds[slot]; !there || g.Later(is) {
			r.Fatalf("the acknowledged answer %+v is lost: there is %+v", g, is)
		}
	}
	for slot, is := range holds {
		known := slices.ContainsFunc(m.sent, func(x assessment.Said) bool { return x.Slot == slot && x.Event == is.Event && x.Seq == is.Seq })
		if !known {
			r.Fatalf("nobody gave the answer %+v", is)
		}
	}
	if a.State == assessment.Done {
		m.checkScore(r, a)
	}
}

func (m *sittingModel) checkScore(r *rapid.T, a assessment.Attempt) {
	right := 0
	for slot, g := range a.Given {
		if a.Slots[slot].Order[g.Answer.Chosen[0]] == 0 {
			right++
		}
	}
	if want := right * 10000 / modelQuestions; a.Late != assessment.Accepted && a.ScoreBp != want {
		r.Fatalf("the score is %d, want %d of %v", a.ScoreBp, want, a.Given)
	}
}

func TestNoAnswerIsLostWhateverHappensInBetween(t *testing.T) {
	db, c := open(t), &clock{}
	bank := banks(t, db, c, modelQuestions)
	n := 1000
	rapid.Check(t, func(r *rapid.T) {
		n++
		m := &sittingModel{
			t: t, c: c, of: sittingOf(n), actor: courses.Actor{Person: sittingOf(n).Person}, begun: c.now(), inCnt: map[int]assessment.Given{}, late: map[int]assessment.Given{},
			s: func() *assessment.Service { return restarted(db, c) },
		}
		var err error
		if m.sheet, err = bank.Begin(t.Context(), m.of, paper(modelQuestions, 1, modelMinutes)); err != nil {
			r.Fatal(err)
		}
		r.Repeat(map[string]func(*rapid.T){
			"answer": func(r *rapid.T) { m.deliver(r, []assessment.Said{m.fresh(r)}) },
			"answer several": func(r *rapid.T) {
				m.deliver(r, []assessment.Said{m.fresh(r), m.fresh(r), m.fresh(r)})
			},
			"send again": func(r *rapid.T) {
				if len(m.sent) == 0 {
					r.Skip("nothing was sent")
				}
				m.deliver(r, rapid.SliceOfN(rapid.SampledFrom(m.sent), 1, 5).Draw(r, "again"))
			},
			"send what is not known": func(r *rapid.T) {
				if len(m.open) == 0 {
					r.Skip("all is known")
				}
				list := m.open
				m.open = nil
				m.deliver(r, list)
			},
			"time passes": func(r *rapid.T) { c.pass(time.Duration(rapid.IntRange(1, 200).Draw(r, "s")) * time.Second) },
			"begin again": func(r *rapid.T) {
				sheet, err := m.s().Begin(t.Context(), m.of, paper(modelQuestions, 1, modelMinutes))
				m.ended = m.ended || m.over()
				if m.ended != errors.Is(err, assessment.ErrNoMore) || err == nil && sheet.Attempt.ID != m.sheet.Attempt.ID {
					r.Fatalf("beginning again gives %s, %v", sheet.Attempt.ID, err)
				}
			},
			"hand in": func(r *rapid.T) {
				if rapid.IntRange(0, 4).Draw(r, "really") > 0 {
					r.Skip("not yet")
				}
				if _, err := m.s().HandIn(t.Context(), m.actor, m.sheet.Attempt.ID); err != nil {
					r.Fatal(err)
				}
				m.ended = true
			},
			"": m.check,
		})
	})
}
