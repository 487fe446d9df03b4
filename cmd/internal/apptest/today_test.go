package apptest_test

import (
	"haidang/cmd/internal/apptest"
	"haidang/courses"
	"haidang/handlers"
	"slices"
	"testing"
	"time"
)

// card is a course on somebody's first page, without which there is none.
func card(t *testing.T, c *apptest.Client, id courses.CourseID) handlers.CourseCard {
	t.Helper()
	var today handlers.Today
	c.Must("GET", "/api/today", nil, &today)
	list := slices.Concat(today.Continue, today.New)
	i := slices.IndexFunc(list, func(c handlers.CourseCard) bool { return c.ID == id })
	if i < 0 || list[i].Next == nil {
		t.Fatalf("today has %+v", list)
	}
	return list[i]
}

func TestTodayNamesTheExactPlaceAndTheMinutesThatAreLeft(t *testing.T) {
	w := apptest.New(t)
	author, learner := w.SignIn(t, "tacgia"), w.SignIn(t, "hocvien")
	a := uploaded(t, w, author, "Quy chế.pdf", paper(t, 4, "Trình tự."))
	if err := w.App.Services.Media.Transcode(t.Context(), a.ID); err != nil {
		t.Fatal(err)
	}
	d := drafted(t, author, "CHO-01", article("Mở đầu", sentence("Vài lời.")), handlers.Lesson{Kind: "document", Title: "Quy chế", Minutes: 200, Asset: a.ID})
	w.Publish(t, author, &d, "")
	lessons := d.Content.Modules[0].Lessons
	open := handlers.NextLesson{Lesson: lessons[0].ID, Title: "Mở đầu", Kind: "article", Number: 1, Minutes: 1}
	if next := *card(t, learner, d.Card.ID).Next; next != open {
		t.Errorf("before it is begun it begins with %+v", next)
	}
	var e handlers.EnrolmentView
	learner.Must("POST", "/api/courses/"+string(d.Card.ID)+"/enrolment", nil, &e)
	if next := *card(t, learner, d.Card.ID).Next; next != open {
		t.Errorf("just begun it goes on with %+v", next)
	}
	w.Pass(time.Minute)
	send := func(lesson courses.LessonID, kind string, more map[string]any) {
		learner.Must("POST", "/api/learning/events", map[string]any{"events": []any{event(w, e, lesson, kind, more)}}, nil)
	}
	send(lessons[0].ID, "read", nil)
	if next, want := *card(t, learner, d.Card.ID).Next, (handlers.NextLesson{Lesson: lessons[1].ID, Title: "Quy chế", Kind: "document", Number: 2, Minutes: 8}); next != want {
		t.Errorf("after a lesson it goes on with %+v, want %+v", next, want)
	}
	send(lessons[1].ID, "paged", map[string]any{"page": 3})
	if next, want := *card(t, learner, d.Card.ID).Next, (handlers.NextLesson{Lesson: lessons[1].ID, Title: "Quy chế", Kind: "document", Number: 2, Page: 3, Minutes: 2}); next != want {
		t.Errorf("after three pages it goes on with %+v, want %+v", next, want)
	}
}
