package apptest_test

import (
	"haidang/cmd/internal/apptest"
	"haidang/courses"
	"haidang/handlers"
	"net/url"
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

func TestAnAllowanceGivesMoreTimeFromTheNextAttemptOn(t *testing.T) {
	w := apptest.New(t)
	course, lessons := quizCourse(t, w, "KT-10", map[string]any{"minutes": 10})
	learner := w.SignIn(t, "hocvien")
	a, quiz := began(t, learner, course, lessons[1].ID)
	hr := w.SignIn(t, "nhansu")
	path := "/api/people/" + string(own(t, learner)) + "/allowance"
	for _, bad := range []map[string]any{
		{"extraBp": 2500, "largeText": false},
		{"extraBp": 2500, "largeText": false, "until": "2020-01-01"},
		{"extraBp": 2500, "largeText": false, "until": "soon"},
	} {
		refused(t, hr, "a bad allowance", "PUT", path, bad, "staff.bad_allowance")
	}
	refused(t, hr, "one's own allowance", "PUT", "/api/people/"+string(own(t, hr))+"/allowance", map[string]any{"extraBp": 2500, "largeText": true, "until": "2099-12-31"}, "courses.forbidden")
	var p handlers.Person
	hr.Must("PUT", path, map[string]any{"extraBp": 2500, "largeText": true, "until": courses.DateOf(w.App.Now())}, &p)
	if p.Allowance == nil || p.Allowance.By == "" || p.Allowance.ExtraBp != 2500 {
		t.Errorf("it is %+v", p.Allowance)
	}

	minutes := func(v handlers.AttemptView) float64 { return v.Deadline.Sub(v.Begun).Minutes() }
	var same, next handlers.AttemptView
	learner.Must("POST", quiz+"/attempts", nil, &same)
	if minutes(a) != 10 || !same.Deadline.Equal(*a.Deadline) {
		t.Errorf("the attempt under way has %v minutes and then %v", minutes(a), minutes(same))
	}
	learner.Must("POST", "/api/attempts/"+string(a.ID)+"/submission", nil, nil)
	learner.Must("POST", quiz+"/attempts", nil, &next)
	var q handlers.QuizView
	learner.Must("GET", quiz, nil, &q)
	if minutes(next) != 13 || q.Minutes != 13 || q.More != 3 || !q.LargeText {
		t.Errorf("the next has %v minutes, the page says %+v", minutes(next), q)
	}

	w.Pass(25 * time.Hour)
	w.SignIn(t, "hocvien").Must("GET", quiz, nil, &q)
	if q.Minutes != 10 || q.LargeText {
		t.Errorf("after its last day the page says %+v", q)
	}
}

func own(t *testing.T, c *apptest.Client) courses.PersonID {
	t.Helper()
	var me handlers.Me
	c.Must("GET", "/api/me", nil, &me)
	return me.PersonID
}

// BC-04 tells of each learner of a course what they got, also as an official sheet.
func TestHRReportsOnACourse(t *testing.T) {
	w := apptest.New(t)
	course, lessons := quizCourse(t, w, "KT-11", map[string]any{"passBp": 5000})
	finish := func(login string, right int) courses.PersonID {
		c := w.SignIn(t, login)
		a, _ := began(t, c, course, lessons[1].ID)
		for i := range right {
			c.Must("POST", "/api/attempts/"+string(a.ID)+"/answers", map[string]any{"seal": a.Seal, "answers": []any{sent(w, i, i, rightly(a.Questions[i]))}}, nil)
		}
		c.Must("POST", "/api/attempts/"+string(a.ID)+"/submission", nil, nil)
		if right == 8 {
			readOut(t, c, a.Enrolment, lessons[0].ID, w)
		}
		return own(t, c)
	}
	done, half := finish("hocvien", 8), finish("tacgia", 4)
	hr := w.SignIn(t, "nhansu")
	var report struct {
		Items []handlers.CourseResult
		Next  string
	}
	all := map[courses.PersonID]handlers.CourseResult{}
	for after := ""; ; after = report.Next {
		report.Items, report.Next = nil, ""
		hr.Must("GET", "/api/reports/bc04?course="+string(course)+"&limit=5&after="+url.QueryEscape(after), nil, &report)
		for _, row := range report.Items {
			all[row.Person.ID] = row
		}
		if report.Next == "" {
			break
		}
	}
	if len(all) != 2 || all[done].CompletedAt == nil || *all[done].ScoreBp != 10000 || all[half].CompletedAt != nil || *all[half].ScoreBp != 5000 || all[half].ShareBp != 5000 {
		t.Errorf("it tells %+v", all)
	}
	refused(t, hr, "a course that is not there", "GET", "/api/reports/bc04?course=nothing", nil, "catalog.no_such_course")

	byName := map[string][]string{}
	for _, row := range sheetRows(t, w, hr, "/api/reports/bc04.xlsx?course="+string(course)) {
		if len(row) > 8 {
			byName[row[1]] = row
		}
	}
	today := w.App.Now().In(courses.Zone).Format("02/01/2006")
	if got := byName[all[done].Person.FullName]; got == nil || got[5] != today || got[6] != today || got[7] != "100.00" || got[8] != "Hoàn thành" {
		t.Errorf("the sheet says %q", got)
	}
	if got := byName[all[half].Person.FullName]; got == nil || got[6] != "" || got[7] != "50.00" || got[8] != "Đang học (50%)" {
		t.Errorf("and %q", got)
	}
}
