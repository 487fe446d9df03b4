package apptest_test

import (
	"haidang/cmd/internal/apptest"
	"haidang/handlers"
	"strings"
	"testing"
	"time"
)

// complete makes a draft of SNV that lacks nothing.
func complete(t *testing.T, author *apptest.Client, code string) (d handlers.Draft, path string) {
	t.Helper()
	author.Must("POST", "/api/studio/courses", map[string]any{"code": code, "title": "Hộ tịch", "owner": "SNV"}, &d)
	path = "/api/studio/courses/" + string(d.Card.ID)
	c := d.Content
	c.Summary, c.Knowledge, c.Tiet = "Đăng ký khai sinh.", "vi_tri_viec_lam", 1
	c.Citations = []handlers.Citation{{Number: "60/2014/QH13", Verified: true}}
	c.Modules = []handlers.Module{{Title: "Một", Lessons: []handlers.Lesson{{Kind: "article", Title: "Khai sinh", Minutes: 30, Blocks: []handlers.Block{
		{Type: "paragraph", Text: []handlers.Inline{{Text: "Trong sáu mươi ngày."}}},
		{Type: "callout", Style: "note", Text: []handlers.Inline{{Text: "Không thu lệ phí."}}},
	}}}}}
	author.Must("PUT", path, map[string]any{"revision": d.Revision, "content": c}, &d)
	return d, path
}

// refused asks for something that has to be refused, and leaves the draft as it
// is.
func refused(t *testing.T, c *apptest.Client, what, method, path string, in any, want string) {
	t.Helper()
	if status, code := c.Do(method, path, in, nil); code != want {
		t.Errorf("%s answers %d %s, want %s", what, status, code, want)
	}
}

func step(action string, more ...any) map[string]any {
	in := map[string]any{"action": action}
	for i := 0; i < len(more); i += 2 {
		in[more[i].(string)] = more[i+1] //nolint:forcetypeassert // written below
	}
	return in
}

// TestADraftIsReadCheckedAndTriedBeforeItIsPublished follows one draft through
// every step, back once, and out on the day that it takes effect.
func TestADraftIsReadCheckedAndTriedBeforeItIsPublished(t *testing.T) {
	w := apptest.New(t)
	author, reviewer := w.SignIn(t, "tacgia"), w.SignIn(t, "thamdinh")
	d, path := complete(t, author, "HT-01")
	content := map[string]any{"revision": d.Revision, "content": d.Content}

	refused(t, author, "publishing what nobody reviewed", "POST", path+"/versions", map[string]any{"revision": d.Revision}, "catalog.another_step")
	refused(t, reviewer, "passing what was not submitted", "POST", path+"/step", step("pass"), "catalog.another_step")
	refused(t, reviewer, "a reviewer submitting", "POST", path+"/review", map[string]any{"revision": d.Revision}, "courses.forbidden")
	refused(t, author, "submitting an older draft", "POST", path+"/review", map[string]any{"revision": d.Revision - 1}, "courses.changed_meanwhile")
	author.Must("POST", path+"/review", map[string]any{"revision": d.Revision}, &d)
	if r := d.Review; r == nil || r.Step != "content" || r.SubmitterName != "Nguyễn Thị Thu Hà" || r.Due != "2026-11-29" || r.Late || r.OwnerName != "" {
		t.Fatalf("submitted it stands as %+v", r)
	}
	refused(t, author, "changing what is under review", "PUT", path, content, "catalog.in_review")
	refused(t, author, "submitting twice", "POST", path+"/review", map[string]any{"revision": d.Revision}, "catalog.in_review")
	refused(t, author, "reviewing one's own work", "POST", path+"/step", step("pass"), "catalog.own_work")
	refused(t, reviewer, "sending back without a word", "POST", path+"/step", step("send_back", "text", " "), "catalog.reason_needed")

	block := d.Content.Modules[0].Lessons[0].Blocks[0].ID
	lesson := d.Content.Modules[0].Lessons[0].ID
	var note handlers.NoteView
	reviewer.Must("POST", path+"/notes", map[string]any{"lesson": lesson, "block": block, "text": "Ghi rõ từ ngày sinh."}, &note)
	if note.Quote != "Trong sáu mươi ngày." || note.PersonName != "Trần Minh Quang" || note.Step != "content" {
		t.Errorf("the comment is %+v", note)
	}
	refused(t, reviewer, "a comment on no lesson", "POST", path+"/notes", map[string]any{"lesson": "01a00000-0000-7000-8000-000000000000", "text": "?"}, "catalog.no_such_lesson")
	refused(t, reviewer, "a comment of blanks", "POST", path+"/notes", map[string]any{"text": " \u200b"}, "catalog.note_empty")
	reviewer.Must("POST", path+"/step", step("take"), &d)
	if d.Review.OwnerName != "Trần Minh Quang" {
		t.Errorf("taken it stands as %+v", d.Review)
	}
	w.Pass(6 * 24 * time.Hour)
	author, reviewer = w.SignIn(t, "tacgia"), w.SignIn(t, "thamdinh")
	official := w.SignIn(t, "hocvien")
	var queue struct{ Items []handlers.ReviewCard }
	reviewer.Must("GET", "/api/studio/reviews", nil, &queue)
	if len(queue.Items) != 2 || queue.Items[0].Card.ID != d.Card.ID || !queue.Items[0].Review.Late || queue.Items[1].Review.Step != "pilot" {
		t.Errorf("the queue is %+v", queue.Items)
	}
	reviewer.Must("POST", path+"/step", step("send_back", "text", "Xem góp ý."), &d)
	if d.Review != nil {
		t.Errorf("sent back it stands as %+v", d.Review)
	}

	d.Content.Modules[0].Lessons[0].Blocks[0].Text[0].Text = "Trong sáu mươi ngày, kể từ ngày sinh con."
	author.Must("PUT", path, map[string]any{"revision": d.Revision, "content": d.Content}, &d)
	if got := d.Content.Modules[0].Lessons[0].Blocks[0].ID; got != block {
		t.Errorf("the block has become %s, it was %s", got, block)
	}
	author.Must("PUT", path+"/notes/"+string(note.ID), map[string]any{"done": true}, nil)
	author.Must("POST", path+"/review", map[string]any{"revision": d.Revision}, &d)
	reviewer.Must("POST", path+"/step", step("pass"), &d)
	for _, communes := range [][]string{{"11948"}, {"11948", "11948"}} {
		refused(t, reviewer, "a pilot in one commune", "POST", path+"/step", step("pass", "communes", communes), "catalog.pilot_communes")
	}
	refused(t, reviewer, "a step that is over before it begins", "POST", path+"/step", step("pass", "due", "2026-11-01"), "catalog.due")
	pilot := "/api/pilots/" + string(d.Card.ID)
	refused(t, official, "reading before the pilot", "GET", pilot, nil, "catalog.no_such_course")
	reviewer.Must("POST", path+"/step", step("pass", "communes", []string{"11948", "11914"}, "due", "2026-12-15", "text", "Đúng luật."), &d)
	if d.Review.Step != "pilot" || d.Review.Due != "2026-12-15" || strings.Join(d.Review.Communes, ", ") != "Đặc khu Cát Hải, Đặc khu Bạch Long Vĩ" {
		t.Errorf("with the communes it stands as %+v", d.Review)
	}

	communesRead(t, w, pilot, path, d)
	reviewer.Must("POST", path+"/step", step("pass"), &d)
	refused(t, reviewer, "passing what is approved", "POST", path+"/step", step("pass"), "catalog.another_step")
	refused(t, official, "reading after the pilot", "GET", pilot, nil, "catalog.no_such_course")
	refused(t, author, "publishing in the past", "POST", path+"/versions", map[string]any{"revision": d.Revision, "effective": "2026-11-01"}, "catalog.due")
	takesEffect(t, w, author, path, d)
	historyOf(t, w.SignIn(t, "tacgia"), path)
}

// communesRead is what those see who read a pilot, and those who do not.
func communesRead(t *testing.T, w *apptest.World, pilot, path string, d handlers.Draft) {
	t.Helper()
	official, elsewhere := w.SignIn(t, "hocvien"), w.SignIn(t, "quantri")
	var view handlers.PilotView
	official.Must("GET", pilot, nil, &view)
	if len(view.Content.Modules) != 1 || view.Due != d.Review.Due {
		t.Errorf("the commune reads %+v", view)
	}
	var today handlers.Today
	eventually(t, "the first page speaks of the pilots", func() bool {
		official.Must("GET", "/api/today", nil, &today)
		return today.Pilots
	})
	elsewhere.Must("GET", "/api/today", nil, &today)
	if today.Pilots {
		t.Error("the first page of another unit speaks of pilots")
	}
	var pilots struct{ Items []handlers.PilotCard }
	official.Must("GET", "/api/pilots", nil, &pilots)
	if len(pilots.Items) != 2 || pilots.Items[1].ID != d.Card.ID {
		t.Errorf("the commune is asked to read %+v", pilots.Items)
	}
	refused(t, official, "a commune opening the studio's draft", "GET", path, nil, "catalog.no_such_course")
	refused(t, official, "a commune passing a step", "POST", path+"/step", step("pass"), "catalog.no_such_course")
	refused(t, elsewhere, "another unit reading the pilot", "GET", pilot, nil, "catalog.no_such_course")
	refused(t, elsewhere, "another unit commenting", "POST", path+"/notes", map[string]any{"text": "?"}, "catalog.no_such_course")
	elsewhere.Must("GET", "/api/pilots", nil, &pilots)
	if len(pilots.Items) != 0 {
		t.Errorf("another unit is asked to read %+v", pilots.Items)
	}
	official.Must("POST", path+"/notes", map[string]any{"text": "Ở đảo tàu chậm."}, nil)
	var notes struct{ Items []handlers.NoteView }
	official.Must("GET", path+"/notes", nil, &notes)
	if len(notes.Items) != 1 || notes.Items[0].UnitName != "Đặc khu Bạch Long Vĩ" {
		t.Errorf("the commune sees the comments %+v", notes.Items)
	}
}

// takesEffect publishes on a day to come.
func takesEffect(t *testing.T, w *apptest.World, author *apptest.Client, path string, d handlers.Draft) {
	t.Helper()
	author.Must("POST", path+"/versions", map[string]any{"revision": d.Revision, "effective": "2026-12-02"}, &d)
	if d.Card.Published != 0 || d.Review == nil || d.Review.Effective != "2026-12-02" {
		t.Errorf("until the day it stands as %+v %+v", d.Card, d.Review)
	}
	due := func(want int) {
		t.Helper()
		if n, err := w.App.Services.Catalog.PublishDue(t.Context()); err != nil || n != want {
			t.Errorf("%d take effect, %v; want %d", n, err, want)
		}
	}
	due(0)
	w.Pass(2 * 24 * time.Hour)
	due(1)
	due(0)
	w.SignIn(t, "tacgia").Must("GET", path, nil, &d)
	if d.Card.Published != 1 || d.Card.Changed || d.Review != nil {
		t.Errorf("on the day it stands as %+v %+v", d.Card, d.Review)
	}
}

// historyOf has every step, each with a name.
func historyOf(t *testing.T, author *apptest.Client, path string) {
	t.Helper()
	var notes, more struct {
		Items []handlers.NoteView
		Next  string
	}
	author.Must("GET", path+"/notes?limit=4", nil, &notes)
	author.Must("GET", path+"/notes?limit=100&after="+notes.Next, nil, &more)
	var kinds []string
	for _, n := range append(notes.Items, more.Items...) {
		kinds = append(kinds, n.Kind+" "+n.Step)
		if n.PersonName == "" || n.Kind == "comment" && n.Step == "content" && !n.Done {
			t.Errorf("the history has %+v", n)
		}
	}
	want := "published ready, scheduled ready, passed pilot, comment pilot, passed legal, passed content, submitted content, sent_back content, taken content, comment content, submitted content"
	if got := strings.Join(kinds, ", "); got != want {
		t.Errorf("the history is %s\nwant %s", got, want)
	}
}
