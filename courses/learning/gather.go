package learning

import (
	"context"
	"errors"
	"haidang/courses"
	"haidang/courses/catalog"
	"sync"
	"time"
)

// gatherer makes one write of what many callers send at the same time. The
// first caller leads: it writes all that is queued, hands the lead to a caller
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
	events   []Event
	versions map[courses.EnrolmentID]catalog.Version
	persons  map[courses.EnrolmentID]courses.PersonID
	merged   map[courses.EnrolmentID]Enrolment
	err      error
	done     chan struct{} // closed once written
	lead     chan struct{} // receives the lead
}

// most is how many batches one write takes.
const most = 256

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
	g.mu.Lock()
	n := min(len(g.queue), most)
	now := g.queue[:n:n]
	g.queue = g.queue[n:]
	g.mu.Unlock()

	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), writeTimeout)
	defer cancel()
	g.write(ctx, now)
	for _, b := range now {
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

// errContended is a fault: progress could not be saved because others kept
// saving the same enrolments.
var errContended = errors.New("save progress: too many others write the same enrolments")

// writeTries bounds how often a merge is tried again after others saved first.
const writeTries = 8

// write merges the batches into the enrolments and keeps their events; every
// batch learns its result.
func (s *Service) write(ctx context.Context, batches []*batch) {
	merged, err := s.merge(ctx, batches)
	for _, b := range batches {
		b.err = err
		b.merged = map[courses.EnrolmentID]Enrolment{}
		for id := range b.versions {
			b.merged[id] = merged[id]
		}
	}
}

func (s *Service) merge(ctx context.Context, batches []*batch) (map[courses.EnrolmentID]Enrolment, error) {
	var events []Event
	deltas := map[courses.EnrolmentID]map[courses.LessonID]Progress{}
	versions := map[courses.EnrolmentID]catalog.Version{}
	persons := map[courses.EnrolmentID]courses.PersonID{}
	for _, b := range batches {
		events = append(events, b.events...)
		for id, v := range b.versions {
			versions[id], persons[id] = v, b.persons[id]
		}
		for _, e := range b.events {
			if deltas[e.Enrolment] == nil {
				deltas[e.Enrolment] = map[courses.LessonID]Progress{}
			}
			deltas[e.Enrolment][e.Lesson] = deltas[e.Enrolment][e.Lesson].Join(e.progress())
		}
	}
	logged := make(chan error, 1)
	go func() {
		logged <- s.store.Log(ctx, func(id courses.EnrolmentID) courses.PersonID { return persons[id] }, events)
	}()
	merged, err := s.save(ctx, deltas, versions)
	if logErr := <-logged; err == nil {
		err = logErr
	}
	return merged, err
}

// save merges deltas into the enrolments until none was changed meanwhile.
// Merging twice is merging once, so a retry may write some of them again.
func (s *Service) save(ctx context.Context, deltas map[courses.EnrolmentID]map[courses.LessonID]Progress, versions map[courses.EnrolmentID]catalog.Version) (map[courses.EnrolmentID]Enrolment, error) {
	ids := make([]courses.EnrolmentID, 0, len(deltas))
	for id := range deltas {
		ids = append(ids, id)
	}
	for range writeTries {
		current, err := s.store.Enrolments(ctx, ids)
		if err != nil {
			return nil, err
		}
		merged := make(map[courses.EnrolmentID]Enrolment, len(current))
		var changed []Enrolment
		for _, was := range current {
			now := was.Join(deltas[was.ID])
			if !now.Same(was) {
				now.ShareBp = now.share(versions[was.ID])
				now.LastAt = s.clock.Now()
				changed = append(changed, now)
			}
			merged[was.ID] = now
		}
		if len(changed) == 0 {
			return merged, nil
		}
		all, err := s.store.SaveProgress(ctx, changed)
		if err != nil {
			return nil, err
		}
		if all {
			return merged, nil
		}
	}
	return nil, errContended
}
