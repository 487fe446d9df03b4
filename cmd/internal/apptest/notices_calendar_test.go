package apptest_test

import (
	"bytes"
	"encoding/json"
	"haidang/cmd/internal/apptest"
	"haidang/courses"
	"haidang/handlers"
	"log/slog"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"go.mongodb.org/mongo-driver/bson"
)

const noCalendar = "notices.no_such_calendar"

// calendarOf makes an address of one's calendar.
func calendarOf(t *testing.T, w *apptest.World, c *apptest.Client) string {
	t.Helper()
	var made handlers.MadeCalendar
	c.Must("POST", "/api/notices/calendar", map[string]any{}, &made)
	if len(made.Secret) < 52 || made.Settings.Calendar == nil {
		t.Fatalf("made is %+v", made)
	}
	return w.URL + "/lich/" + made.Secret + ".ics"
}

// lines reads a calendar without any library: its lines are checked and unfolded.
func lines(t *testing.T, url string) []string {
	t.Helper()
	a := ask(t, stranger, "GET", url, "")
	if a.Status != 200 || a.Header.Get("Content-Type") != "text/calendar; charset=utf-8" || a.Header.Get("Cache-Control") != "no-store" || a.Header.Get("X-Robots-Tag") == "" || a.Header.Get("Referrer-Policy") != "no-referrer" {
		t.Fatalf("the calendar answers %d %s %v", a.Status, a.Code, a.Header)
	}
	if !bytes.HasSuffix(a.Body, []byte("END:VCALENDAR\r\n")) {
		t.Errorf("it ends with %q", a.Body)
	}
	for line := range bytes.SplitSeq(a.Body, []byte("\r\n")) {
		if len(line) > 75 || !utf8.Valid(line) || bytes.ContainsAny(line, "\r\n") {
			t.Errorf("a line of %d octets: %q", len(line), line)
		}
	}
	return strings.Split(strings.ReplaceAll(string(a.Body), "\r\n ", ""), "\r\n")
}

// components are the parts of a calendar, each with its properties by name.
func components(t *testing.T, url string) (list []map[string]string) {
	t.Helper()
	for _, line := range lines(t, url) {
		name, value, _ := strings.Cut(line, ":")
		switch {
		case name == "BEGIN" && value != "VCALENDAR":
			list = append(list, map[string]string{"": value})
		case name != "END" && len(list) > 0 && line != "":
			list[len(list)-1][name] = value
		}
	}
	return list
}

func TestACalendarHasWhatHasADayUntilItIsTakenBack(t *testing.T) {
	w := apptest.New(t)
	course, _, lesson, _ := ratedCourse(t, w, "LI-01")
	open, _, _, _ := ratedCourse(t, w, "LI-02")
	learner := w.SignIn(t, "hocvien")
	var mine handlers.EnrolmentView
	learner.Must("POST", "/api/courses/"+string(open)+"/enrolment", nil, nil)
	learner.Must("POST", "/api/courses/"+string(course)+"/enrolment", nil, &mine)
	send(t, learner, event(w, mine, lesson, "read", nil))
	url := calendarOf(t, w, learner)
	of := func(page string) (found []map[string]string) {
		for _, c := range components(t, url) {
			if c["URL"] == w.URL+page && (page != "/khao-sat/viec" || strings.Contains(c["SUMMARY"], "Hộ tịch")) {
				found = append(found, c)
			}
		}
		return found
	}
	if got := of("/khoa-hoc/" + string(open)); len(got) != 1 || got[0][""] != "VTODO" || got[0]["SUMMARY"] != "Học tiếp “Hộ tịch”" || got[0]["PERCENT-COMPLETE"] != "0" {
		t.Errorf("of a course that is begun the calendar says %v", got)
	}
	due := of("/khao-sat/viec")
	if len(due) != 2 || due[0]["DTSTART;VALUE=DATE"] != "20261224" || due[0]["DTEND;VALUE=DATE"] != "20261225" || due[1]["DTSTART;VALUE=DATE"] != "20270222" || due[0]["UID"] == due[1]["UID"] {
		t.Errorf("of a course that is completed the calendar says %v", due)
	}
	if again := of("/khao-sat/viec"); again[0]["UID"] != due[0]["UID"] || again[0]["DTSTAMP"] != due[0]["DTSTAMP"] {
		t.Errorf("asked again it says %v, not %v", again, due)
	}
	for _, secret := range []string{"Đoàn", "hocvien", string(mine.ID), string(personOf(t, w, "hocvien"))} {
		if strings.Contains(strings.Join(lines(t, url), "\n"), secret) {
			t.Errorf("the calendar tells %s", secret)
		}
	}
	// A version that takes effect later stands there until its day.
	author := w.SignIn(t, "tacgia")
	path := "/api/studio/courses/" + string(course)
	var d handlers.Draft
	author.Must("GET", path, nil, &d)
	d.Content.Modules[0].Lessons[0].Title = "Khai sinh mới"
	author.Must("PUT", path, map[string]any{"revision": d.Revision, "content": d.Content}, &d)
	author.Must("POST", path+"/review", map[string]any{"revision": d.Revision, "class": "correction"}, &d)
	for reviewer := w.SignIn(t, "thamdinh"); d.Review.Step != "ready"; {
		reviewer.Must("POST", path+"/step", map[string]any{"action": "pass"}, &d)
	}
	author.Must("POST", path+"/versions", map[string]any{"revision": d.Revision, "effective": "2026-12-01"}, &d)
	if got := of("/khoa-hoc/" + string(course)); len(got) != 1 || got[0]["DTSTART;VALUE=DATE"] != "20261201" || !strings.Contains(got[0]["SUMMARY"], "phiên bản mới") {
		t.Errorf("of a version to come the calendar says %v", got)
	}
	if got := strings.Join(lines(t, calendarOf(t, w, w.SignIn(t, "lanhdao"))), "\n"); strings.Contains(got, string(course)) {
		t.Errorf("somebody else's calendar says %s", got)
	}
	// What is answered, and what lapsed, is gone.
	w.Pass(30 * 24 * time.Hour)
	learner = w.SignIn(t, "hocvien")
	learner.Must("POST", "/api/follow-ups/"+string(mine.ID)+"/used", map[string]any{"event": courses.NewID[string](time.Now()), "days": 30, "choice": 1}, nil)
	if due := of("/khao-sat/viec"); len(due) != 1 || due[0]["DTSTART;VALUE=DATE"] != "20270222" {
		t.Errorf("answered, the calendar says %v", due)
	}
	takenBack(t, w, learner, url)
}

// takenBack holds that an address opens nothing once it is replaced, taken back or its
// account closed.
func takenBack(t *testing.T, w *apptest.World, learner *apptest.Client, was string) {
	t.Helper()
	is := calendarOf(t, w, learner)
	gone := func(what, url string) {
		t.Helper()
		a := ask(t, stranger, "GET", url, "")
		if a.Status != 404 || a.Code != noCalendar || a.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s answers %d %s %v", what, a.Status, a.Code, a.Header)
		}
	}
	gone("the one before", was)
	gone("an unknown one", w.URL+"/lich/"+strings.Repeat("A", 52)+".ics")
	gone("its hash", w.URL+"/lich/"+sumOf([]byte(is))+".ics")
	lines(t, is)
	if n, err := w.App.DB.Raw().Collection("notice_contacts").CountDocuments(t.Context(), bson.M{"$expr": bson.M{"$in": bson.A{strings.TrimSuffix(strings.TrimPrefix(is, w.URL+"/lich/"), ".ics"), bson.A{"$calendar.hash"}}}}); err != nil || n != 0 {
		t.Errorf("the secret itself is stored, %v", err)
	}
	logins := w.App.DB.Raw().Collection("logins")
	closed := func(is bool) {
		if _, err := logins.UpdateOne(t.Context(), bson.M{"username": "hocvien"}, bson.M{"$set": bson.M{"disabled": is}}); err != nil {
			t.Fatal(err)
		}
	}
	closed(true)
	gone("that of a closed account", is)
	closed(false)
	lines(t, is)
	learner.Must("DELETE", "/api/notices/calendar", nil, nil)
	gone("the one that was taken back", is)
	var s handlers.NoticeSettings
	learner.Must("GET", "/api/notices/settings", nil, &s)
	if s.Calendar != nil {
		t.Errorf("taken back the settings say %+v", s)
	}
}

func TestTheLogKeepsNoAddressOfACalendar(t *testing.T) {
	var log bytes.Buffer
	was := slog.Default()
	slog.SetDefault(slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})))
	t.Cleanup(func() { slog.SetDefault(was) })
	func() { // the World ends before the log is read
		t.Run("a World", func(t *testing.T) {
			w := apptest.New(t)
			url := calendarOf(t, w, w.SignIn(t, "hocvien"))
			lines(t, url)
			for _, other := range []string{strings.Replace(url, "/lich/", "/LICH/", 1), strings.Replace(url, "/lich/", "//lich/", 1), url + "/x"} {
				ask(t, stranger, "GET", other, "")
			}
			if secret := strings.TrimSuffix(strings.TrimPrefix(url, w.URL+"/lich/"), ".ics"); strings.Contains(log.String(), secret) {
				t.Errorf("the log has the secret %s", secret)
			}
		})
	}()
	if !strings.Contains(log.String(), `"path":"/lich/…"`) || !json.Valid([]byte(strings.SplitN(log.String(), "\n", 2)[0])) {
		t.Error("the log says nothing of the request")
	}
}
