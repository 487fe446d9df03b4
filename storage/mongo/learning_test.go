package mongo_test

import (
	"context"
	"errors"
	"haidang/courses"
	"haidang/courses/learning"
	"haidang/storage/mongo"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/bson"
)

// watched is a merge of one stretch into lesson "l".
func watched(to int64) func([]learning.Enrolment) []learning.Merged {
	return func(list []learning.Enrolment) (merged []learning.Merged) {
		for _, e := range list {
			is := e.Join(map[courses.LessonID]learning.Progress{"l": {Watched: learning.Spans{{From: 0, To: to}}, First: noon, Last: noon}})
			merged = append(merged, learning.Merged{Enrolment: is, Touched: []courses.LessonID{"l"}})
		}
		return merged
	}
}

func delivery(events ...courses.EventID) learning.Delivery {
	d := learning.Delivery{Person: "p", At: noon}
	for _, id := range events {
		d.Events = append(d.Events, learning.Event{ID: id, Enrolment: "p.c.1", Lesson: "l", Kind: learning.Watched, At: noon, ToMs: 1})
	}
	return d
}

func enrolled(t *testing.T, db *mongo.DB) *mongo.Learning {
	t.Helper()
	s := db.Learning()
	if _, err := s.InsertEnrolment(t.Context(), learning.Enrolment{ID: "p.c.1", Person: "p", Course: "c", Version: "v", EnrolledAt: noon, LastAt: noon}); err != nil {
		t.Fatal(err)
	}
	return s
}

func TestEveryDeliveryIsLogged(t *testing.T) {
	db := open(t)
	s := enrolled(t, db)
	for i, deliveries := range [][]learning.Delivery{
		{delivery("a", "b")},
		{delivery("a", "b")},                // again
		{delivery("c"), delivery("d", "e")}, // together
	} {
		if err := s.Log(t.Context(), deliveries); err != nil {
			t.Fatalf("log %d: %v", i, err)
		}
	}
	if log := logged(t, db); !slices.Equal(log, []string{"a b", "a b", "c", "d e"}) {
		t.Errorf("logged is %q", log)
	}
	for since, want := range map[time.Time]int{noon: 4, noon.Add(time.Minute): 0} {
		n := 0
		err := s.Logged(t.Context(), since, func(learning.Delivery) error {
			n++
			return nil
		})
		if err != nil || n != want {
			t.Errorf("since %s %d deliveries are in the log, %v, want %d", since, n, err, want)
		}
	}
}

func TestAServersMarkMovesOnlyForward(t *testing.T) {
	s := open(t).Learning()
	mark := func(server string, from, seen int) learning.Mark {
		return learning.Mark{Server: server, From: noon.Add(time.Duration(from) * time.Minute), Seen: noon.Add(time.Duration(seen) * time.Minute)}
	}
	for i, step := range []struct {
		do   func(context.Context, learning.Mark) error
		mark learning.Mark
		want []learning.Mark
	}{
		{s.KeepMark, mark("a", 1, 1), []learning.Mark{mark("a", 1, 1)}},
		{s.KeepMark, mark("a", 2, 2), []learning.Mark{mark("a", 1, 2)}}, // what it covers stays covered
		{s.MoveMark, mark("a", 3, 3), []learning.Mark{mark("a", 3, 3)}},
		{s.DropMark, mark("a", 0, 2), []learning.Mark{mark("a", 3, 3)}}, // it was seen since
		{s.DropMark, mark("a", 0, 3), nil},
	} {
		if err := step.do(t.Context(), step.mark); err != nil {
			t.Fatalf("step %d: %v", i, err)
		}
		got, err := s.Marks(t.Context())
		if err != nil || !slices.EqualFunc(got, step.want, func(a, b learning.Mark) bool {
			return a.Server == b.Server && a.From.Equal(b.From) && a.Seen.Equal(b.Seen)
		}) {
			t.Errorf("after step %d the marks are %v, %v, want %v", i, got, err, step.want)
		}
	}
}

// logged is the events of each delivery in the log.
func logged(t *testing.T, db *mongo.DB) []string {
	t.Helper()
	cursor, err := db.Raw().Collection("eventlog").Find(t.Context(), bson.M{})
	if err != nil {
		t.Fatal(err)
	}
	var writes []struct {
		Deliveries []struct{ Events []struct{ ID string } }
	}
	if err := cursor.All(t.Context(), &writes); err != nil {
		t.Fatal(err)
	}
	var log []string
	for _, w := range writes {
		for _, d := range w.Deliveries {
			var ids []string
			for _, e := range d.Events {
				ids = append(ids, e.ID)
			}
			log = append(log, strings.Join(ids, " "))
		}
	}
	return log
}

// TestWritersOfOneEnrolmentLoseNothing has two servers merge into one enrolment.
func TestWritersOfOneEnrolmentLoseNothing(t *testing.T) {
	db := open(t)
	enrolled(t, db)
	const each = 20
	var wg sync.WaitGroup
	for _, lesson := range []courses.LessonID{"one", "two"} {
		s := connect(t, db.Raw().Name()).Learning()
		wg.Go(func() {
			for i := range int64(each) {
				err := s.Merge(t.Context(), []courses.EnrolmentID{"p.c.1"}, func(list []learning.Enrolment) []learning.Merged {
					is := list[0].Join(map[courses.LessonID]learning.Progress{lesson: {Watched: learning.Spans{{From: i * 60_000, To: i*60_000 + 1000}}, First: noon, Last: noon}})
					return []learning.Merged{{Enrolment: is, Touched: []courses.LessonID{lesson}}}
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	e, err := db.Learning().Enrolment(t.Context(), "p.c.1")
	if err != nil || len(e.Lessons["one"].Watched) != each || len(e.Lessons["two"].Watched) != each {
		t.Errorf("of %d stretches each are there %d and %d, %v", each, len(e.Lessons["one"].Watched), len(e.Lessons["two"].Watched), err)
	}
}

func TestAMergeThatFailsWritesNothing(t *testing.T) {
	db := open(t)
	s := enrolled(t, db)
	if _, err := s.InsertEnrolment(t.Context(), learning.Enrolment{ID: "q.c.1", Person: "q", Course: "c", Version: "v", EnrolledAt: noon, LastAt: noon}); err != nil {
		t.Fatal(err)
	}
	// What cannot be kept: a document beyond 16 MiB.
	large := learning.Progress{First: noon, Last: noon}
	for i := range int64(700_000) {
		large.Watched = append(large.Watched, learning.Span{From: i * 9000, To: i*9000 + 1})
	}
	err := s.Merge(t.Context(), []courses.EnrolmentID{"p.c.1", "q.c.1"}, func(list []learning.Enrolment) []learning.Merged {
		merged := watched(1000)(list)
		merged[1].Enrolment = merged[1].Join(map[courses.LessonID]learning.Progress{"l": large})
		return merged
	})
	if err == nil {
		t.Fatal("a document beyond 16 MiB is kept")
	}
	if n, err := db.Raw().Collection("enrolments").CountDocuments(t.Context(), bson.M{"lessons.l": bson.M{"$exists": true}}); err != nil || n != 0 {
		t.Errorf("the progress of a merge that failed is kept: %d, %v", n, err)
	}
}

func TestAnswersToARecordingAreKept(t *testing.T) {
	db := open(t)
	s := enrolled(t, db)
	at := noon.Truncate(time.Millisecond)
	want := learning.Progress{First: at, Last: at, Answers: learning.Answers{
		"01a00000-0000-7000-8000-000000000001": {Chosen: []int{0, 2}, At: at, Event: "e1"},
		"01a00000-0000-7000-8000-000000000002": {Chosen: []int{1}, At: at.Add(time.Second), Event: "e2"},
	}}
	sent := learning.Delivery{Person: "p", At: noon, Events: []learning.Event{{ID: "e1", Enrolment: "p.c.1", Lesson: "l", Kind: learning.Answered, At: at, Question: "q", Chosen: []int{0, 2}}}}
	err := s.Merge(t.Context(), []courses.EnrolmentID{"p.c.1"}, func(list []learning.Enrolment) []learning.Merged {
		is := list[0].Join(map[courses.LessonID]learning.Progress{"l": want})
		return []learning.Merged{{Enrolment: is, Touched: []courses.LessonID{"l"}}}
	})
	if err := errors.Join(err, s.Log(t.Context(), []learning.Delivery{sent})); err != nil {
		t.Fatal(err)
	}
	e, err := s.Enrolment(t.Context(), "p.c.1")
	if err != nil || !e.Lessons["l"].Equal(want) {
		t.Errorf("kept is %+v, %v", e.Lessons["l"], err)
	}
	if n, err := db.Raw().Collection("eventlog").CountDocuments(t.Context(), bson.M{"deliveries.events.question": "q", "deliveries.events.chosen": bson.A{0, 2}}); err != nil || n != 1 {
		t.Errorf("the log has %d of it, %v", n, err)
	}
}
