package mongo_test

import (
	"errors"
	"haidang/courses"
	"haidang/courses/learning"
	"sync"
	"sync/atomic"
	"testing"

	"go.mongodb.org/mongo-driver/bson"
)

func TestOfTwoDevicesThatWriteOnOneStateOneIsKept(t *testing.T) {
	s := open(t).Learning()
	note := learning.Note{Person: "p", Course: "c", Lesson: "l", Text: "một", Edit: "e0", At: noon}
	if err := s.SaveNote(t.Context(), note, ""); err != nil {
		t.Fatal(err)
	}
	var kept atomic.Int32
	var wg sync.WaitGroup
	for _, edit := range []learning.EditID{"e1", "e2", "e3", "e4"} {
		wg.Go(func() {
			n := note
			n.Text, n.Edit = "từ "+string(edit), edit
			switch err := s.SaveNote(t.Context(), n, "e0"); {
			case err == nil:
				kept.Add(1)
			case !errors.Is(err, learning.ErrNoteChanged):
				t.Error(err)
			}
		})
	}
	wg.Wait()
	is, err := s.Note(t.Context(), "p", "c", "l")
	if kept.Load() != 1 || err != nil || is.Text != "từ "+string(is.Edit) {
		t.Errorf("%d were kept; it is %+v, %v", kept.Load(), is, err)
	}
}

func TestNotesOfOnePersonAreReadByTheirIndexAlone(t *testing.T) {
	db := open(t)
	s := db.Learning()
	for _, person := range []courses.PersonID{"p", "p1", "q"} {
		for _, lesson := range []courses.LessonID{"a", "b"} {
			if err := s.SaveNote(t.Context(), learning.Note{Person: person, Course: "c", Lesson: lesson, Text: "Ghi chú", Edit: "e", At: noon}, ""); err != nil {
				t.Fatal(err)
			}
		}
	}
	list, err := s.Notes(t.Context(), "p", "ghi chu", courses.Page{})
	if err != nil || len(list.Items) != 2 || list.Items[0].Person != "p" || list.Items[0].Lesson != "a" || list.Next != "" {
		t.Errorf("they are %+v, %v", list, err)
	}
	var plan struct {
		ExecutionStats struct {
			TotalKeysExamined, TotalDocsExamined int
		} `bson:"executionStats"`
	}
	find := bson.D{{Key: "find", Value: "learnernotes"}, {Key: "filter", Value: bson.M{"person": "p"}}, {Key: "sort", Value: bson.M{"_id": 1}}}
	err = db.Raw().RunCommand(t.Context(), bson.D{{Key: "explain", Value: find}, {Key: "verbosity", Value: "executionStats"}}).Decode(&plan)
	if err != nil || plan.ExecutionStats.TotalDocsExamined != 2 {
		t.Errorf("it looks at %+v, %v", plan.ExecutionStats, err)
	}
}
