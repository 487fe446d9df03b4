package apptest_test

import (
	"haidang/cmd/internal/apptest"
	"haidang/courses"
	"haidang/handlers"
	"testing"
	"time"
)

// reader reads articles.
type reader struct {
	t      *testing.T
	w      *apptest.World
	client *apptest.Client
	course string
}

func (r reader) view() (v handlers.CourseView) {
	r.t.Helper()
	r.client.Must("GET", r.course, nil, &v)
	return v
}

// enrol gives the lessons that are still to be read.
func (r reader) enrol() (e handlers.EnrolmentView, open []courses.LessonID) {
	r.t.Helper()
	r.client.Must("POST", r.course+"/enrolment", nil, &e)
	for _, l := range e.Lessons {
		if !l.Complete {
			open = append(open, l.Lesson)
		}
	}
	return e, open
}

// read reads all that is still to be read.
func (r reader) read() handlers.EnrolmentView {
	r.t.Helper()
	e, open := r.enrol()
	var events []map[string]any
	for _, lesson := range open {
		events = append(events, map[string]any{"id": courses.NewID[courses.EventID](r.w.App.Now()), "enrolment": e.ID, "lesson": lesson, "kind": "read", "at": r.w.App.Now()})
	}
	var receipts handlers.Receipts
	r.client.Must("POST", "/api/learning/events", map[string]any{"events": events}, &receipts)
	return receipts.Enrolments[0]
}

// owes says what the first page and the course's page ask for.
func (r reader) owes(want string) {
	r.t.Helper()
	var today handlers.Today
	r.client.Must("GET", "/api/today", nil, &today)
	got, id := "", r.view().Card.ID
	for _, card := range today.Continue {
		if card.ID == id {
			got = card.Owed
		}
	}
	var found struct{ Items []handlers.CourseCard }
	r.client.Must("GET", "/api/courses?limit=100", nil, &found)
	listed := ""
	for _, card := range found.Items {
		if card.ID == id {
			listed = card.Owed
		}
	}
	if page := r.view().Card.Owed; got != want || page != want || listed != want {
		r.t.Errorf("owed are %q on the first page, %q on the course's, %q in the catalogue; want %q", got, page, listed, want)
	}
}

func (r reader) record() (entries, tiet int) {
	r.t.Helper()
	var me handlers.Me
	r.client.Must("GET", "/api/me", nil, &me)
	var record struct {
		Entries []struct{ Tiet int }
	}
	r.client.Must("GET", "/api/people/"+string(me.PersonID)+"/record", nil, &record)
	for _, e := range record.Entries {
		tiet += e.Tiet
	}
	return len(record.Entries), tiet
}

// TestThoseWhoFinishedLearnOnlyWhatWasAdded takes a course through a correction,
// an addition and a replacement, with one who had finished it and one who had
// only begun.
func TestThoseWhoFinishedLearnOnlyWhatWasAdded(t *testing.T) {
	w := apptest.New(t)
	author := w.SignIn(t, "tacgia")
	d, path := complete(t, author, "BS-01")
	w.Publish(t, author, &d, "")
	course := "/api/courses/" + string(d.Card.ID)
	done, begun := reader{t, w, w.SignIn(t, "hocvien"), course}, reader{t, w, w.SignIn(t, "kiemtra"), course}
	begun.enrol()
	if e := done.read(); e.CompletedAt == nil {
		t.Fatalf("read it is %+v", e)
	}
	done.owes("")

	save := func(change func(*handlers.CourseContent)) {
		t.Helper()
		c := d.Content
		change(&c)
		author.Must("PUT", path, map[string]any{"revision": d.Revision, "content": c}, &d)
	}
	save(func(c *handlers.CourseContent) { c.Summary = "Đăng ký khai sinh, sửa chữ." })
	refused(t, author, "an addition of nothing", "POST", path+"/review", map[string]any{"revision": d.Revision, "class": "addition"}, "catalog.nothing_added")
	w.Publish(t, author, &d, "correction")
	done.owes("")
	if e, _ := done.enrol(); e.CompletedAt == nil || e.Supplement {
		t.Errorf("a correction asks for %+v", e)
	}

	save(func(c *handlers.CourseContent) {
		c.Modules[0].Lessons = append(c.Modules[0].Lessons, handlers.Lesson{Kind: "article", Title: "Khai sinh lưu động", Minutes: 5, Blocks: []handlers.Block{
			{Type: "paragraph", Text: []handlers.Inline{{Text: "Ở đảo, cán bộ đến tận nhà."}}},
		}})
	})
	var means handlers.ConsequencesView
	author.Must("GET", path+"/consequences", nil, &means)
	if means.Finished != 1 || means.Open != 1 || len(means.Lessons) != 1 || means.Lessons[0].Title != "Khai sinh lưu động" {
		t.Errorf("publishing would mean %+v", means)
	}
	w.Publish(t, author, &d, "addition")
	supplemented(t, done)
	if v := begun.view(); v.Number != 1 || v.Card.Owed != "" {
		t.Errorf("who had only begun is on version %d and owes %q", v.Number, v.Card.Owed)
	}
	begun.read()
	begun.owes("addition")

	save(func(c *handlers.CourseContent) { c.Modules[0].Lessons[0].Blocks[0].Text[0].Text = "Luật mới." })
	w.Publish(t, author, &d, "replacement")
	done.owes("replacement")
	e, open := done.enrol()
	if len(open) != 2 || e.Supplement || e.CompletedAt != nil {
		t.Errorf("a replacement asks for %v of %+v", open, e)
	}
	if e := done.read(); e.CompletedAt == nil {
		t.Errorf("learnt anew it is %+v", e)
	}
	done.owes("")
	if entries, tiet := done.record(); entries != 3 || tiet != 2 {
		t.Errorf("the record has %d entries of %d tiết", entries, tiet)
	}
}

// supplemented learns what was added, and finds the record as it was.
func supplemented(t *testing.T, r reader) {
	t.Helper()
	r.owes("addition")
	if v := r.view(); v.Enrolment == nil || v.Enrolment.CompletedAt == nil || v.Number != 1 {
		t.Errorf("before the supplement the page shows %+v", v)
	}
	e, open := r.enrol()
	if again, _ := r.enrol(); again.ID != e.ID {
		t.Errorf("enrolling twice gives %s and %s", e.ID, again.ID)
	}
	if len(open) != 1 || !e.Supplement || e.Resume != open[0] || len(e.Lessons) != 2 {
		t.Errorf("the supplement is %+v", e)
	}
	r.owes("") // begun
	if e := r.read(); e.CompletedAt == nil {
		t.Errorf("read it is %+v", e)
	}
	r.owes("")
	if entries, tiet := r.record(); entries != 2 || tiet != 1 {
		t.Errorf("the record has %d entries of %d tiết, want the course and the supplement without any", entries, tiet)
	}
	var bc handlers.Bc01
	hr := r.w.SignIn(t, "nhansu")
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(100 * time.Millisecond) {
		hr.Must("GET", "/api/reports/bc01?period=2026", nil, &bc)
		if bc.LedgerSize == 32 && bc.Total.Attendances == 31 { // the demo's 30, the course, and the supplement that is none
			return
		}
		if time.Now().After(end) {
			t.Errorf("BC-01 counts %d attendances in %d entries", bc.Total.Attendances, bc.LedgerSize)
			return
		}
	}
}
