package learning

import (
	"context"
	"errors"
	"haidang/courses"
	"haidang/courses/catalog"
	"sync"
	"time"
)

// gatherer makes one write to the log of what many callers send at the same time.
// The first caller leads: it writes all that is queued, hands the lead to a caller
// that queued meanwhile, and everybody returns after their own write is on a
// majority with its journal.
type gatherer struct {
	write func(ctx context.Context, batches []*batch)

	mu      sync.Mutex
	leading bool
	queue   []*batch
}

// batch is one caller's events and, afterwards, what became of them.
type batch struct {
	actor    courses.PersonID
	events   []Event
	versions map[courses.EnrolmentID]catalog.Version
	merged   map[courses.EnrolmentID]Enrolment
	news     bool // it changes an enrolment
	err      error
	done     chan struct{} // closed once written
	lead     chan struct{} // receives the lead
}

// One write takes at most so many batches and, but for a batch that has more by
// itself, so many events.
const (
	mostBatches = 256
	mostEvents  = 4000
)

// writeTimeout bounds one write; the devices keep their events until they hear.
const writeTimeout = 10 * time.Second

// add writes the batch together with others and returns when it is kept.
func (g *gatherer) add(ctx context.Context, b *batch) error {
	b.done, b.lead = make(chan struct{}), make(chan struct{}, 1)
	g.mu.Lock()
	g.queue = append(g.queue, b)
	if !g.leading {
		g.leading = true
		b.lead <- struct{}{}
	}
	g.mu.Unlock()
	select {
	case <-b.lead:
		g.flush(ctx)
		<-b.done
	case <-b.done:
	}
	return b.err
}

// flush writes what is queued and passes the lead on. The write is not the
// leader's alone, so the leader's cancellation does not end it.
func (g *gatherer) flush(ctx context.Context) {
	now := g.take()
	for _, b := range now {
		b.err = errUnwritten
	}
	defer g.passOn(now)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), writeTimeout)
	defer cancel()
	g.write(ctx, now)
}

// errUnwritten is a fault: whoever led the write panicked.
var errUnwritten = errors.New("save progress: the write did not end")

// passOn tells everybody that their write has ended, and gives the lead to
// somebody who waits.
func (g *gatherer) passOn(written []*batch) {
	for _, b := range written {
		close(b.done)
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.queue) == 0 {
		g.leading = false
		return
	}
	g.queue[0].lead <- struct{}{}
}

// take is the batches that the next write holds.
func (g *gatherer) take() []*batch {
	g.mu.Lock()
	defer g.mu.Unlock()
	n, events := 0, 0
	for n < min(len(g.queue), mostBatches) && (n == 0 || events+len(g.queue[n].events) <= mostEvents) {
		events += len(g.queue[n].events)
		n++
	}
	now := g.queue[:n:n]
	g.queue = g.queue[n:]
	return now
}

// write logs the batches; every batch learns its result. One that cannot be written
// takes no other with it.
func (s *Service) write(ctx context.Context, batches []*batch) {
	merged, err := s.record(ctx, batches)
	var refusal *courses.Error
	if err != nil && !errors.As(err, &refusal) && len(batches) > 1 {
		for _, b := range batches {
			s.write(ctx, []*batch{b})
		}
		return
	}
	for _, b := range batches {
		b.err, b.merged = err, make(enrolments, len(b.versions))
		for id := range b.versions {
			b.merged[id] = merged[id]
		}
	}
}

// enrolments is enrolments by their ids.
type enrolments map[courses.EnrolmentID]Enrolment

// record finds what the batches make of the enrolments and logs what changes any.
func (s *Service) record(ctx context.Context, batches []*batch) (merged enrolments, err error) {
	current, err := s.folds.current(ctx, batches)
	if err != nil {
		return nil, err
	}
	merged, changed := join(batches, current)
	if log := deliveries(batches); len(log) > 0 {
		err = s.folds.log(ctx, log, changed)
	}
	return merged, err
}

// deliveries is the batches as the log keeps them. One that changes nothing is not
// kept here: most often a device sent it again (logUnknown).
func deliveries(batches []*batch) []Delivery {
	list := make([]Delivery, 0, len(batches))
	for _, b := range batches {
		if b.news {
			list = append(list, Delivery{Person: b.actor, Events: b.events})
		}
	}
	return list
}

// join merges the events into the enrolments; changed is those that are other than
// before, with what makes them so.
func join(batches []*batch, current enrolments) (merged enrolments, changed map[courses.EnrolmentID]held) {
	merged, changed = make(enrolments, len(current)), map[courses.EnrolmentID]held{}
	for _, b := range batches {
		b.news = false
		told := map[courses.EnrolmentID]map[courses.LessonID]Progress{}
		for _, e := range b.events {
			if told[e.Enrolment] == nil {
				told[e.Enrolment] = map[courses.LessonID]Progress{}
			}
			told[e.Enrolment][e.Lesson] = told[e.Enrolment][e.Lesson].Join(e.progress())
		}
		for id, v := range b.versions {
			before, again := merged[id]
			if !again {
				before = current[id]
			}
			merged[id] = before.Join(told[id])
			if merged[id].Same(before) {
				continue
			}
			b.news = true
			c := changed[id]
			c.is = merged[id]
			c.open.add(touch{version: v.ID, lessons: told[id]})
			changed[id] = c
		}
	}
	return merged, changed
}
