package apptest_test

import (
	"haidang/cmd/internal/apptest"
	"haidang/courses"
	"haidang/handlers"
	"testing"
	"time"
)

// Whoever passes a pre-test has completed the lessons that it stands for; whoever
// fails it learns them, and is told what to go over.
func TestAPretestExcusesOnlyThoseWhoPassIt(t *testing.T) {
	w := apptest.New(t)
	article := func(id courses.LessonID) any { return []any{id} }
	taught := func(id courses.LessonID) any {
		return []any{map[string]any{"topic": "Hộ tịch", "count": 8, "lesson": id}}
	}
	course, lessons := quizCourse(t, w, "KT-09", map[string]any{"excuses": article, "draws": taught, "passBp": 8000})
	answered := func(login string, right int) (handlers.AttemptView, handlers.EnrolmentView, handlers.QuizView) {
		c := w.SignIn(t, login)
		a, quiz := began(t, c, course, lessons[1].ID)
		list := make([]any, right)
		for i := range list {
			list[i] = sent(w, i, i, rightly(a.Questions[i]))
		}
		attempt := "/api/attempts/" + string(a.ID)
		c.Must("POST", attempt+"/answers", map[string]any{"seal": a.Seal, "answers": list}, nil)
		c.Must("POST", attempt+"/submission", nil, &a)
		var e handlers.EnrolmentView
		c.Must("GET", "/api/enrolments/"+string(a.Enrolment), nil, &e)
		var q handlers.QuizView
		c.Must("GET", quiz, nil, &q)
		return a, e, q
	}

	a, e, q := answered("hocvien", 8)
	if !a.Passed || e.CompletedAt == nil || !e.Lessons[0].Excused || !e.Lessons[0].Complete || e.ShareBp != 10000 || e.Resume != "" || len(a.Revise) != 0 {
		t.Errorf("who knew all has %+v, to go over %v", e, a.Revise)
	}
	if len(q.Excuses) != 1 || q.Excuses[0] != lessons[0].Title {
		t.Errorf("the quiz says that it excuses from %q", q.Excuses)
	}

	a, e, _ = answered("nhansu", 3)
	if a.Passed || e.CompletedAt != nil || e.Lessons[0].Excused || e.ShareBp != 0 || e.Resume != lessons[0].ID {
		t.Errorf("who failed has %+v", e)
	}
	if len(a.Revise) != 1 || a.Revise[0].Lesson != lessons[0].ID || a.Revise[0].Missed != 5 {
		t.Errorf("and is told to go over %+v", a.Revise)
	}
	w.Pass(time.Minute)
	again := w.SignIn(t, "nhansu")
	readOut(t, again, e.ID, lessons[0].ID, w)
	again.Must("GET", "/api/enrolments/"+string(e.ID), nil, &e)
	if e.CompletedAt == nil || e.Lessons[1].Complete {
		t.Errorf("and has, having read the article, %+v", e)
	}
}
