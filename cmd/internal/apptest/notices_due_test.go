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
