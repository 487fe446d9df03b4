package mongo_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"haidang/courses"
	"haidang/courses/jobs"
	"haidang/storage/local/localtest"
	"haidang/storage/mongo"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/bson"
)

// worker is a server that does the jobs of a kind.
func worker(db *mongo.DB, c *clock, kind string, handle func(ctx context.Context, payload string) error) *jobs.Service {
	s := jobs.NewService(db.Jobs(), c.now)
	s.Handle(kind, func(ctx context.Context, payload []byte) error {
		var p string
		if err := json.Unmarshal(payload, &p); err != nil {
			return err
		}
		return handle(ctx, p)
	})
	return s
}

func enqueue(t *testing.T, s *jobs.Service, kind string, payloads ...string) {
	t.Helper()
	for _, p := range payloads {
		if err := s.Enqueue(t.Context(), kind, p); err != nil {
			t.Fatal(err)
		}
	}
}

func waiting(t *testing.T, db *mongo.DB) int64 {
	t.Helper()
	return count(t, db, "jobs")
}

func TestManyServersDoEachJobOnce(t *testing.T) {
	db, c := open(t), &clock{}
	const count = 60
	var mu sync.Mutex
	done, running := map[string]int{}, map[string]bool{}
	handle := func(_ context.Context, p string) error {
		mu.Lock()
		if running[p] {
			t.Errorf("two do %s at the same time", p)
		}
		running[p] = true
		mu.Unlock()
		time.Sleep(time.Millisecond) // so that others come across it
		mu.Lock()
		defer mu.Unlock()
		running[p] = false
		done[p]++
		return nil
	}
	first := worker(db, c, "k", handle)
	for i := range count {
		enqueue(t, first, "k", fmt.Sprint(i))
	}
	var wg sync.WaitGroup
	for _, s := range []*jobs.Service{first, worker(db, c, "k", handle), worker(db, c, "k", handle), worker(db, c, "k", handle)} {
		wg.Go(func() {
			for s.Step(t.Context()) {
			}
		})
	}
	wg.Wait()
	for i := range count {
		if done[fmt.Sprint(i)] != 1 {
			t.Errorf("job %d was done %d times", i, done[fmt.Sprint(i)])
		}
	}
	if n := waiting(t, db); n != 0 {
		t.Errorf("%d jobs are left", n)
	}
}

func TestAJobThatFailsIsTriedAgainLater(t *testing.T) {
	db, c := open(t), &clock{}
	tries := 0
	s := worker(db, c, "k", func(context.Context, string) error {
		if tries++; tries < 3 {
			return errors.New("the store is away")
		}
		return nil
	})
	enqueue(t, s, "k", "x")
	for i, pause := range []time.Duration{2 * time.Second, 4 * time.Second} {
		if !s.Step(t.Context()) || tries != i+1 {
			t.Fatalf("try %d: it was tried %d times", i+1, tries)
		}
		c.pass(pause - time.Millisecond)
		if s.Step(t.Context()) {
			t.Errorf("it was tried again before %s had passed", pause)
		}
		var j struct{ Reason string }
		if err := db.Raw().Collection("jobs").FindOne(t.Context(), bson.M{}).Decode(&j); err != nil || j.Reason != "the store is away" {
			t.Errorf("why it waits is %q, %v", j.Reason, err)
		}
		c.pass(time.Millisecond)
	}
	if !s.Step(t.Context()) || tries != 3 || waiting(t, db) != 0 {
		t.Errorf("it was tried %d times, %d jobs are left", tries, waiting(t, db))
	}
}

func TestTheOldestJobOfTheKindsComesFirst(t *testing.T) {
	db, c := open(t), &clock{}
	var order []string
	s := worker(db, c, "k", func(_ context.Context, p string) error {
		order = append(order, p)
		return nil
	})
	for _, p := range []string{"a", "b", "c"} {
		enqueue(t, s, "other", p)
		enqueue(t, s, "k", p)
		c.pass(time.Second)
	}
	for s.Step(t.Context()) {
	}
	if fmt.Sprint(order) != "[a b c]" || waiting(t, db) != 3 {
		t.Errorf("done were %v, %d jobs of another kind are left", order, waiting(t, db))
	}
}

func TestAJobIsThereWhenItsTransactionIs(t *testing.T) {
	db, c := open(t), &clock{}
	s := worker(db, c, "k", func(context.Context, string) error { return nil })
	for _, failure := range []error{errTaken, nil} {
		err := db.Atomic(t.Context(), func(ctx context.Context) error {
			if err := s.Enqueue(ctx, "k", "x"); err != nil {
				return err
			}
			return failure
		})
		if !errors.Is(err, failure) || s.Step(t.Context()) != (failure == nil) {
			t.Errorf("after %v there is the wrong number of jobs", err)
		}
	}
}

func TestTheJobOfAServerThatDiedIsTakenAgainAfterAMinute(t *testing.T) {
	db, c := open(t), &clock{}
	store := db.Jobs()
	s := worker(db, c, "k", func(context.Context, string) error { return nil })
	enqueue(t, s, "k", "x")
	dead, found, err := store.Take(t.Context(), []string{"k"}, c.now(), c.now().Add(s.Lease))
	if err != nil || !found || dead.Tries != 1 {
		t.Fatalf("it takes %+v, %v, %v", dead, found, err)
	}
	c.pass(time.Minute - time.Millisecond)
	if s.Step(t.Context()) {
		t.Error("somebody took it meanwhile")
	}
	c.pass(time.Millisecond)
	alive, found, err := store.Take(t.Context(), []string{"k"}, c.now(), c.now().Add(s.Lease))
	if err != nil || !found || alive.ID != dead.ID || alive.Tries != 2 {
		t.Fatalf("after a minute it takes %+v, %v, %v", alive, found, err)
	}
	// The dead one was only asleep, and wakes up.
	if mine, err := store.Hold(t.Context(), dead, c.now().Add(time.Hour)); err != nil || mine {
		t.Errorf("it holds what is another's: %v, %v", mine, err)
	}
	dead.RunAt = c.now()
	if err := store.Delay(t.Context(), dead, "asleep"); err != nil {
		t.Error(err)
	}
	if s.Step(t.Context()) {
		t.Error("it gave away what is another's")
	}
	if mine, err := store.Hold(t.Context(), alive, c.now().Add(time.Hour)); err != nil || !mine {
		t.Errorf("the other no longer holds its own: %v, %v", mine, err)
	}
	c.pass(2 * time.Minute)
	if s.Step(t.Context()) {
		t.Error("what was renewed was taken")
	}
}

func TestALongJobStaysWithItsServer(t *testing.T) {
	db, c := open(t), &clock{}
	finish, begun := make(chan struct{}), make(chan struct{})
	long := worker(db, c, "k", func(ctx context.Context, _ string) error {
		close(begun)
		select {
		case <-finish:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	})
	long.Lease = 30 * time.Millisecond
	other := worker(db, c, "k", func(context.Context, string) error {
		t.Error("another does it as well")
		return nil
	})
	enqueue(t, long, "k", "x")
	var wg sync.WaitGroup
	wg.Go(func() { long.Step(t.Context()) })
	<-begun
	for range 20 { // nearly a lease each, so that it would have ended many times
		c.pass(20 * time.Millisecond)
		localtest.Within(t, 20*time.Second, "the lease is renewed", func() bool {
			var j struct{ RunAt time.Time }
			if err := db.Raw().Collection("jobs").FindOne(t.Context(), bson.M{}).Decode(&j); err != nil {
				t.Fatal(err)
			}
			return j.RunAt.Equal(c.now().Add(30 * time.Millisecond))
		})
		if other.Step(t.Context()) {
			t.Error("another took it")
		}
	}
	close(finish)
	wg.Wait()
	if n := waiting(t, db); n != 0 {
		t.Errorf("%d jobs are left", n)
	}
}

func TestALongJobKeepsNobodyWaitingButItsOwnKind(t *testing.T) {
	db, c := open(t), &clock{}
	begun, finish := make(chan string, 9), make(chan struct{})
	s := jobs.NewService(db.Jobs(), c.now)
	short := make(chan struct{}, 9)
	s.Handle("short", func(context.Context, []byte) error {
		short <- struct{}{}
		return nil
	})
	s.Alone("long", time.Hour, func(ctx context.Context, payload []byte) error {
		if deadline, ok := ctx.Deadline(); !ok || time.Until(deadline) < 59*time.Minute {
			t.Errorf("it has until %s", deadline)
		}
		begun <- string(payload)
		<-finish
		return nil
	})
	enqueue(t, s, "long", "a", "b")
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	wg.Go(func() { s.Run(ctx) })
	first := <-begun
	enqueue(t, s, "short", "x", "y")
	s.Wake()
	<-short
	<-short
	select {
	case other := <-begun:
		t.Errorf("%s began beside %s", other, first)
	default:
	}
	close(finish)
	if second := <-begun; second == first {
		t.Errorf("%s was done twice", first)
	}
	cancel()
	wg.Wait()
}

// repeater runs one task on a server until stop.
func repeater(t *testing.T, db *mongo.DB, c *clock, every time.Duration, run func()) (stop, wake func()) {
	t.Helper()
	s := jobs.NewService(db.Jobs(), c.now)
	wake = s.Every("task", every, func(context.Context) error {
		run()
		return nil
	})
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.Run(ctx)
	}()
	stop = func() {
		cancel()
		<-done
	}
	t.Cleanup(stop)
	return stop, wake
}

func TestARepeatedTaskRunsOnOneServerAtATime(t *testing.T) {
	db, c := open(t), &clock{}
	var runs [3]atomic.Int32
	var running atomic.Int32
	var stops [3]func()
	for i := range runs {
		stops[i], _ = repeater(t, db, c, time.Millisecond, func() {
			if running.Add(1) != 1 {
				t.Error("two servers run it at the same time")
			}
			time.Sleep(100 * time.Microsecond)
			running.Add(-1)
			runs[i].Add(1)
		})
	}
	owner := func() int {
		first := [3]int32{runs[0].Load(), runs[1].Load(), runs[2].Load()}
		for {
			for i := range runs {
				if runs[i].Load() > first[i] {
					return i
				}
			}
			time.Sleep(time.Millisecond)
		}
	}
	localtest.Within(t, 20*time.Second, "somebody runs it often", func() bool {
		return runs[0].Load()+runs[1].Load()+runs[2].Load() > 50
	})
	one := owner()
	for i := range runs {
		if i != one && runs[i].Load() > 0 {
			t.Errorf("server %d holds it, but %d ran it", one, i)
		}
	}
	stops[one]()
	total := func() int32 { return runs[0].Load() + runs[1].Load() + runs[2].Load() }
	was := total()
	// Its lease stays until it has run out by the clock, for whoever died without
	// a word.
	c.pass(14 * time.Second)
	held, err := db.Jobs().Lease(t.Context(), "task", "a third", c.now(), c.now())
	if err != nil || held || total() != was {
		t.Errorf("before its end others have it: %v, %v", held, err)
	}
	c.pass(2 * time.Second)
	localtest.Within(t, 20*time.Second, "another runs it", func() bool { return total() > was })
	if next := owner(); next == one {
		t.Error("the one that stopped runs it")
	}
}

func TestATaskRunsAtOnceWhenItIsWoken(t *testing.T) {
	db, c := open(t), &clock{}
	var runs atomic.Int32
	_, wake := repeater(t, db, c, time.Hour, func() { runs.Add(1) })
	localtest.Within(t, 20*time.Second, "it runs once", func() bool { return runs.Load() == 1 })
	wake()
	localtest.Within(t, 20*time.Second, "it runs again", func() bool { return runs.Load() == 2 })
}

func TestALeaseBelongsToOneOwner(t *testing.T) {
	db, c := open(t), &clock{}
	lease := func(owner string) bool {
		t.Helper()
		mine, err := db.Jobs().Lease(t.Context(), "task", owner, c.now(), c.now().Add(15*time.Second))
		if err != nil {
			t.Fatal(err)
		}
		return mine
	}
	var wg sync.WaitGroup
	var got atomic.Int32
	for i := range 8 { // nobody had it before
		wg.Go(func() {
			mine, err := db.Jobs().Lease(t.Context(), "fresh", courses.NewID[string](noon)+fmt.Sprint(i), c.now(), c.now().Add(time.Second))
			if err != nil {
				t.Error(err)
			}
			if mine {
				got.Add(1)
			}
		})
	}
	wg.Wait()
	if got.Load() != 1 {
		t.Errorf("%d of 8 got it", got.Load())
	}
	if !lease("a") || lease("b") || !lease("a") {
		t.Error("a does not hold it alone")
	}
	c.pass(15 * time.Second)
	if lease("b") {
		t.Error("b has it in the moment in which it still is a's")
	}
	c.pass(time.Millisecond)
	if !lease("b") || lease("a") {
		t.Error("after it ended b cannot have it")
	}
}
