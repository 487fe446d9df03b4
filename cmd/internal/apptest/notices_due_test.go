package apptest_test

import (
	"haidang/cmd/internal/apptest"
	"haidang/courses"
	"haidang/handlers"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestWhoOwesACourseIsRemindedThreeTimes passes the last day of an assigned course, with a
// weekend on the way, and looks at who was told what.
func TestWhoOwesACourseIsRemindedThreeTimes(t *testing.T) {
	w := apptest.New(t)
	course := published(t, w, "GH-06")
	writer(t, w, "o.dao", island, courses.Learner)
	writer(t, w, "xong.roi", island, courses.Learner)
	writer(t, w, "o.phuong", ward, courses.Learner)
	due := assignment(course, island, map[string]any{"due": "2026-12-09"})
	hr := w.SignIn(t, "nhansu")
	hr.Must("POST", "/api/assignments", due, nil)
	due["level"] = "recommended"
	hr.Must("POST", "/api/assignments", due, nil) // the same twice is told once
	learnsAll(t, w, w.SignIn(t, "xong.roi"), course)
	for _, at := range []struct {
		pass int // days
		want int
	}{{0, 0}, {1, 1}, {1, 1}, {9, 1}, {1, 1}, {2, 2}, {1, 2}, {1, 3}, {20, 3}} { // 24, 25, 26/11, 5 and 6/12 (a weekend), 8, 9, 10 and 30/12
		w.Pass(time.Duration(at.pass) * 24 * time.Hour)
		for range 2 {
			if err := w.App.Services.Notices.Remind(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		for username, want := range map[string]int{"o.dao": at.want, "xong.roi": 0, "o.phuong": 0} {
			got := inbox(t, w.SignIn(t, username), "assigned")
			if len(got) != want || slices.ContainsFunc(got, func(n handlers.NoticeView) bool { return n.From != "09/12/2026" || n.Course != course }) {
				t.Errorf("on %s %s was told %+v, want %d", w.App.Today(), username, got, want)
			}
		}
	}
	c := w.SignIn(t, "o.dao")
	if all := strings.Join(lines(t, calendarOf(t, w, c)), "\n"); !strings.Contains(all, "Hạn học “Hộ tịch”") || !strings.Contains(all, "DTSTART;VALUE=DATE:20261209") {
		t.Errorf("the calendar says %s", all)
	}
	learnsAll(t, w, c, course)
	if got := inbox(t, c, "assigned"); len(got) != 0 {
		t.Errorf("learnt, the inbox still says %+v", got)
	}
	if all := strings.Join(lines(t, calendarOf(t, w, c)), "\n"); strings.Contains(all, "Hạn học") {
		t.Errorf("learnt, the calendar says %s", all)
	}
}

// TestWhoseCompletionCeasesToCountIsToldThreeTimes passes the day until which a completion
// counts, Monday by Monday.
func TestWhoseCompletionCeasesToCountIsToldThreeTimes(t *testing.T) {
	w := apptest.New(t)
	course := published(t, w, "GH-07")
	writer(t, w, "o.dao", island, courses.Learner)
	writer(t, w, "chua.hoc", island, courses.Learner)
	w.SignIn(t, "nhansu").Must("POST", "/api/assignments", assignment(course, island, map[string]any{"renewMonths": 3}), nil)
	learnsAll(t, w, w.SignIn(t, "o.dao"), course)
	for _, at := range []struct {
		pass int // days
		want int
	}{{27, 0}, {7, 1}, {42, 1}, {7, 2}, {7, 2}, {7, 3}, {42, 3}} { // 21 and 28/12/2026, 8, 15 and 22/2, 1/3 and 12/4/2027
		days(t, w, at.pass)
		for username, want := range map[string]int{"o.dao": at.want, "chua.hoc": 0} {
			got := inbox(t, w.SignIn(t, username), "assigned")
			got = slices.DeleteFunc(got, func(n handlers.NoticeView) bool { return n.Course != course || n.From != "24/02/2027" })
			if len(got) != want {
				t.Errorf("on %s %s was told %+v, want %d", w.App.Today(), username, got, want)
			}
		}
	}
	c := w.SignIn(t, "o.dao")
	begunTogether(t, c, "/api/courses/"+string(course))
	learnsAll(t, w, c, course)
	if got := inbox(t, c, "assigned"); len(got) != 0 {
		t.Errorf("learnt again, the inbox still says %+v", got)
	}
}
