package learning

import (
	"context"
	"haidang/courses"
	"maps"
	"slices"
	"sync"
	"time"
)

// folds is what this server has logged of late. The log is what was promised;
// enrolments follow it. A delivery is acknowledged once it is in the log, and its
// progress is folded into the enrolment with that of everybody else a moment later,
// or at once when somebody asks for it here. Folding twice is folding once: what a
// server that died has left is folded again from its mark on (ADR 36).
type folds struct {
	service *Service
	server  string
	hurry   chan struct{}
	marking sync.Mutex // the mark is written by one at a time

	mu      sync.Mutex
	held    map[courses.PersonID]map[courses.EnrolmentID]*held
	writing map[*writing]bool // to the log
	doubt   time.Time         // since when a write may be in the log though it failed
	next    *round            // will fold all that is held now
	now     *round            // folds what it took
	running bool
	marked  bool // the mark of this server is in the store
}

// held is an enrolment as the log has it, as far as this server knows.
type held struct {
	is      Enrolment
	open    touch // not folded
	folding bool  // by the round of now: the store may not know it yet
	fresh   bool  // read since the last round
}

// writing is a write to the log.
type writing struct{ since time.Time }

// round is one fold; whoever waits for it waits for done.
type round struct {
	done   chan struct{}
	err    error
	failed map[courses.PersonID]error
}

// Times of folds.
const (
	foldEvery   = 500 * time.Millisecond // how long progress may be in the log alone
	foldTimeout = 10 * time.Second       // of a round
	foldPause   = time.Second            // after one that failed
	idleRounds  = 40                     // after so many without work the mark is taken away
)

func newFolds(s *Service) *folds {
	return &folds{
		service: s, server: courses.NewID[string](s.clock.Now()), hurry: make(chan struct{}, 1),
		held: map[courses.PersonID]map[courses.EnrolmentID]*held{}, writing: map[*writing]bool{}, next: newRound(),
	}
}

func newRound() *round { return &round{done: make(chan struct{})} }

// hold is the enrolments that a batch names, which are at hand also when its turn to
// be written comes, so that nobody's write waits for them to be read.
func (f *folds) hold(ctx context.Context, b *batch) (enrolments, error) {
	found, missing := f.look(b)
	if len(missing) == 0 {
		return found, nil
	}
	list, err := f.service.store.Enrolments(ctx, missing)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.start()
	for _, e := range list {
		if h := f.at(e.Person, e.ID); h.is.ID == "" {
			h.is, h.fresh = e, true
		}
		found[e.ID] = e
	}
	return found, err
}

// current is the enrolments that batches name, as the log has them. What a failed
// write may have left in the log is folded first.
func (f *folds) current(ctx context.Context, batches []*batch) (enrolments, error) {
	f.mu.Lock()
	doubtful := !f.doubt.IsZero()
	f.mu.Unlock()
	if doubtful {
		if err := f.all(ctx).err; err != nil {
			return nil, err
		}
	}
	found, missing := f.look(batches...)
	list, err := f.service.store.Enrolments(ctx, missing)
	for _, e := range list {
		found[e.ID] = e
	}
	return found, err
}

// look is what is held of the enrolments that batches name, and those of which
// nothing is.
func (f *folds) look(batches ...*batch) (found enrolments, missing []courses.EnrolmentID) {
	found, unknown := enrolments{}, map[courses.EnrolmentID]bool{}
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, b := range batches {
		for _, e := range b.events {
			if h := f.held[b.actor][e.Enrolment]; h != nil {
				found[e.Enrolment] = h.is
			} else {
				unknown[e.Enrolment] = true
			}
		}
	}
	return found, slices.Collect(maps.Keys(unknown))
}

// at is what is held of an enrolment, from now on; f.mu is locked.
func (f *folds) at(person courses.PersonID, id courses.EnrolmentID) *held {
	of := f.held[person]
	if of == nil {
		of = map[courses.EnrolmentID]*held{}
		f.held[person] = of
	}
	if of[id] == nil {
		of[id] = &held{}
	}
	return of[id]
}

// log writes deliveries and holds what they change.
func (f *folds) log(ctx context.Context, deliveries []Delivery, changed map[courses.EnrolmentID]held) error {
	w, err := f.begin(ctx)
	if err != nil {
		return err
	}
	for i := range deliveries {
		deliveries[i].At = w.since
	}
	err = f.service.store.Log(ctx, deliveries)
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.writing, w)
	if err != nil {
		f.doubt = earliest(f.doubt, w.since)
		return err
	}
	for id, c := range changed {
		h := f.at(c.is.Person, id)
		h.is = c.is
		c.open.at = w.since
		h.open.add(c.open)
	}
	return nil
}

// begin has the mark of this server in the store before the first write that it
// covers, and the rounds running.
func (f *folds) begin(ctx context.Context) (*writing, error) {
	f.mu.Lock()
	w := &writing{f.service.clock.Now()}
	f.writing[w] = true
	marked := f.marked
	f.start()
	f.mu.Unlock()
	if marked {
		return w, nil
	}
	f.marking.Lock()
	defer f.marking.Unlock()
	err := f.service.store.KeepMark(ctx, Mark{Server: f.server, From: w.since, Seen: w.since})
	f.mu.Lock()
	defer f.mu.Unlock()
	f.marked = err == nil
	if err != nil {
		delete(f.writing, w)
	}
	return w, err
}

// start has the rounds running; f.mu is locked.
func (f *folds) start() {
	if !f.running {
		f.running = true
		go f.run()
	}
}

// run folds until there has been nothing to do for a while.
func (f *folds) run() {
	for idle := 0; ; {
		select {
		case <-f.hurry:
		case <-time.After(foldEvery):
		}
		worked, whole := f.once()
		idle++
		if worked {
			idle = 0
		}
		if !whole {
			time.Sleep(foldPause)
		}
		if idle >= idleRounds && f.rest() {
			return
		}
	}
}

// once folds all that is held and moves the mark.
func (f *folds) once() (worked, whole bool) {
	ctx, cancel := context.WithTimeout(context.Background(), foldTimeout)
	defer cancel()
	f.mu.Lock()
	r, doubt := f.next, f.doubt
	f.now, f.next = r, newRound()
	f.mu.Unlock()
	defer close(r.done)
	if !doubt.IsZero() {
		if r.err = f.service.refold(ctx, doubt); r.err != nil {
			return true, false
		}
	}
	taken, from := f.take(doubt)
	if len(taken) == 0 {
		return !doubt.IsZero(), true
	}
	merged, failed := f.service.fold(ctx, taken)
	r.failed = f.folded(taken, merged, failed)
	if len(failed) > 0 {
		return true, false
	}
	return true, f.service.store.MoveMark(ctx, Mark{Server: f.server, From: from, Seen: f.service.clock.Now()}) == nil
}

// take is what this round folds, and the instant before which nothing is left in the
// log alone once it has. What nobody touched since the last round is let go, and with
// it what was read before the end of a doubt.
func (f *folds) take(doubt time.Time) (taken touches, from time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.doubt.Equal(doubt) {
		f.doubt = time.Time{}
	}
	taken, from = touches{}, earliest(f.doubt, f.service.clock.Now())
	for w := range f.writing {
		from = earliest(from, w.since)
	}
	for person, of := range f.held {
		for id, h := range of {
			switch {
			case h.open.lessons != nil:
				taken[id], h.open, h.folding = h.open, touch{}, true
			case !h.fresh || !doubt.IsZero():
				delete(of, id)
			}
			h.fresh = false
		}
		if len(of) == 0 {
			delete(f.held, person)
		}
	}
	return taken, from
}

// folded takes over the enrolments as the store has them now, and holds again what
// could not be folded.
func (f *folds) folded(taken touches, merged enrolments, failed map[courses.EnrolmentID]error) map[courses.PersonID]error {
	f.mu.Lock()
	defer f.mu.Unlock()
	of := map[courses.PersonID]error{}
	for person, mine := range f.held {
		for id, h := range mine {
			h.folding = false
			if e, found := merged[id]; found {
				h.is = e.Join(h.open.lessons)
			}
			if err := failed[id]; err != nil {
				h.open.add(taken[id])
				of[person] = err
			}
		}
	}
	return of
}

// all folds at once all that is held now.
func (f *folds) all(ctx context.Context) *round {
	f.mu.Lock()
	f.start()
	r := f.soon()
	f.mu.Unlock()
	return wait(ctx, r)
}

// soon is the next round, which begins at once; f.mu is locked.
func (f *folds) soon() *round {
	select {
	case f.hurry <- struct{}{}:
	default:
	}
	return f.next
}

// wait is the round when it is done.
func wait(ctx context.Context, r *round) *round {
	select {
	case <-r.done:
		return r
	case <-ctx.Done():
		return &round{err: ctx.Err()}
	}
}

// settle folds at once if this server has logged what those people's enrolments do
// not know, so that who learnt here reads here what they did.
func (f *folds) settle(ctx context.Context, people ...courses.PersonID) error {
	r := f.unsettled(people)
	if r == nil {
		return nil
	}
	r = wait(ctx, r)
	for _, p := range people {
		if err := r.failed[p]; err != nil {
			return err
		}
	}
	return r.err
}

// unsettled is the round after which the store knows what those people did; nil if it
// knows.
func (f *folds) unsettled(people []courses.PersonID) (r *round) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, p := range people {
		for _, h := range f.held[p] {
			switch {
			case h.open.lessons != nil:
				return f.soon()
			case h.folding:
				r = f.now
			}
		}
	}
	return r
}

// rest ends the rounds unless there is work again, and takes the mark away.
func (f *folds) rest() bool {
	f.marking.Lock()
	defer f.marking.Unlock()
	f.mu.Lock()
	if len(f.held) > 0 || len(f.writing) > 0 || !f.doubt.IsZero() {
		f.mu.Unlock()
		return false
	}
	marked := f.marked
	f.marked, f.running = false, false
	f.mu.Unlock()
	if marked {
		ctx, cancel := context.WithTimeout(context.Background(), foldTimeout)
		defer cancel()
		// One that stays is found by Recover.
		_ = f.service.store.DropMark(ctx, Mark{Server: f.server})
	}
	return true
}

// Rest folds all that this server has logged, before it ends.
func (s *Service) Rest(ctx context.Context) error {
	s.folds.mu.Lock()
	running := s.folds.running
	s.folds.mu.Unlock()
	if !running {
		return nil
	}
	return s.folds.all(ctx).err
}
