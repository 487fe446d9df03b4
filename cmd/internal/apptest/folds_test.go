package apptest_test

import (
	"context"
	"errors"
	"haidang/cmd/internal/app"
	"haidang/cmd/internal/apptest"
	"haidang/courses"
	"haidang/courses/learning"
	"haidang/handlers"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// besides opens a second server on the same stores.
func besides(t *testing.T, w *apptest.World) *learning.Service {
	t.Helper()
	a, err := app.Open(t.Context(), w.App.Config, app.Options{Clock: w.App.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return a.Services.Learning
}

// played is a stretch of a film.
func played(w *apptest.World, e handlers.EnrolmentView, lesson courses.LessonID, from, to int64) learning.Event {
	return learning.Event{
		ID: courses.NewID[courses.EventID](time.Now()), Enrolment: e.ID, Lesson: lesson, Kind: learning.Watched, At: w.App.Now(),
		FromMs: from, ToMs: to, ElapsedMs: to - from,
	}
}

// TestTwoServersFoldIntoOneEnrolment has a learner's two devices reach a server each:
// what either was acknowledged is read there at once, and by the other soon.
func TestTwoServersFoldIntoOneEnrolment(t *testing.T) {
	w := apptest.New(t)
	e, lesson := beginsTheDemo(t, w.SignIn(t, "hocvien"))
	actor := courses.Actor{Person: personOf(t, w, "hocvien")}
	servers := []*learning.Service{w.App.Services.Learning, besides(t, w)}
	watched := func(s *learning.Service) learning.Spans {
		is, err := s.Enrolment(t.Context(), actor, e.ID)
		if err != nil {
			t.Fatal(err)
		}
		return is.Lessons[lesson].Watched
	}
	for i := range int64(6) {
		s, stretch := servers[i%2], learning.Span{From: i * 2000, To: i*2000 + 2000}
		if _, err := s.Receive(t.Context(), actor, []learning.Event{played(w, e, lesson, stretch.From, stretch.To)}); err != nil {
			t.Fatal(err)
		}
		if got := watched(s); !slices.ContainsFunc(got, func(x learning.Span) bool { return x.From <= stretch.From && x.To >= stretch.To }) {
			t.Errorf("where stretch %d was received, %v is known", i, got)
		}
	}
	whole := learning.Spans{{From: 0, To: 12_000}}
	eventually(t, "each server knows what both received", func() bool {
		return slices.Equal(watched(servers[0]), whole) && slices.Equal(watched(servers[1]), whole)
	})
}

// TestWhatADeadServerLoggedIsFolded has a server log and never come to folding.
func TestWhatADeadServerLoggedIsFolded(t *testing.T) {
	w := apptest.New(t)
	e, lesson := beginsTheDemo(t, w.SignIn(t, "hocvien"))
	person, store, s := personOf(t, w, "hocvien"), w.App.DB.Learning(), w.App.Services.Learning
	now := w.App.Now().Truncate(time.Millisecond)
	dies := func(server string, seen time.Time, from int64) {
		err := store.KeepMark(t.Context(), learning.Mark{Server: server, From: now, Seen: seen})
		err = errors.Join(err, store.Log(t.Context(), []learning.Delivery{{Person: person, At: now, Events: []learning.Event{played(w, e, lesson, from, from+1000)}}}))
		if err != nil {
			t.Fatal(err)
		}
	}
	knows := func(what string, want learning.Spans, marks ...string) {
		t.Helper()
		is, err := store.Enrolment(t.Context(), e.ID)
		if err != nil || !slices.Equal(is.Lessons[lesson].Watched, want) {
			t.Errorf("%s the enrolment knows of %v, %v, want %v", what, is.Lessons[lesson].Watched, err, want)
		}
		found, err := store.Marks(t.Context())
		var got []string
		for _, m := range found {
			got = append(got, m.Server)
		}
		if err != nil || !slices.Equal(got, marks) {
			t.Errorf("%s there are marks of %q, %v, want %q", what, got, err, marks)
		}
	}
	dies("just now", now, 0)
	if err := s.Recover(t.Context(), false); err != nil {
		t.Fatal(err)
	}
	knows("while a server may be running", nil, "just now")
	if err := s.Recover(t.Context(), true); err != nil {
		t.Fatal(err)
	}
	knows("after another has begun", learning.Spans{{From: 0, To: 1000}}, "just now")
	dies("long ago", now.Add(-time.Hour), 5000)
	if err := s.Recover(t.Context(), false); err != nil {
		t.Fatal(err)
	}
	knows("a while later", learning.Spans{{From: 0, To: 1000}, {From: 5000, To: 6000}}, "just now")
}

// TestWhatIsBeingFoldedIsReadToo has somebody read what they did while a round, which
// somebody else hurries, folds it.
func TestWhatIsBeingFoldedIsReadToo(t *testing.T) {
	w := apptest.New(t)
	s := w.App.Services.Learning
	reads := func(name string, until func(i int64) bool) {
		e, lesson := beginsTheDemo(t, w.SignIn(t, name))
		actor := courses.Actor{Person: personOf(t, w, name)}
		for i := int64(0); until(i); i++ {
			_, err := s.Receive(t.Context(), actor, []learning.Event{played(w, e, lesson, i*20, i*20+20)})
			time.Sleep(time.Duration(i%8) * time.Millisecond / 2) // a round may begin
			is, readErr := s.Enrolment(t.Context(), actor, e.ID)
			if err := errors.Join(err, readErr); err != nil {
				t.Error(err)
				return
			}
			if got, want := is.Lessons[lesson].Watched, (learning.Spans{{From: 0, To: i*20 + 20}}); !slices.Equal(got, want) {
				t.Errorf("%s reads %v after stretch %d", name, got, i)
				return
			}
		}
	}
	var ended atomic.Bool
	var others sync.WaitGroup
	others.Go(func() { reads("lanhdao", func(i int64) bool { return !ended.Load() && i < 2000 }) })
	reads("hocvien", func(i int64) bool { return i < 300 })
	ended.Store(true)
	others.Wait()
}
