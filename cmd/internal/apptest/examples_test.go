package apptest_test

import (
	"haidang/cmd/internal/apptest"
	"haidang/courses"
	"haidang/handlers"
	"testing"
)

// TestACommuneAddsItsOwnExampleAndTheCourseStaysOne writes an example below a block
// and follows it through new versions of the course.
func TestACommuneAddsItsOwnExampleAndTheCourseStaysOne(t *testing.T) {
	w := apptest.New(t)
	author, official, elsewhere := w.SignIn(t, "tacgia"), w.SignIn(t, "hocvien"), w.SignIn(t, "xuatban")
	writes, _ := writer(t, w, "soanxa", island, courses.Author)
	d, path := complete(t, author, "VD-01")
	w.Publish(t, author, &d, "")
	course := "/api/examples/" + string(d.Card.ID)
	lesson := d.Content.Modules[0].Lessons[0]
	block := lesson.Blocks[1].ID
	example := func(text string, revision int) map[string]any {
		return map[string]any{"unit": island, "lesson": lesson.ID, "block": block, "text": text, "revision": revision}
	}
	seen := func(c *apptest.Client) []handlers.LocalExample {
		var page handlers.ExamplePage
		var view handlers.LessonView
		c.Must("GET", course, nil, &page)
		c.Must("GET", "/api/versions/"+string(page.Version)+"/lessons/"+string(lesson.ID), nil, &view)
		return view.Examples
	}
	stands := func(c *apptest.Client) handlers.ExampleView {
		var list struct{ Items []handlers.ExampleView }
		c.Must("GET", course+"/list", nil, &list)
		if len(list.Items) != 1 {
			t.Fatalf("there are %d examples", len(list.Items))
		}
		return list.Items[0]
	}

	refused(t, official, "somebody who is no author", "PUT", course, example("Ở đảo.", 0), "courses.forbidden")
	refused(t, writes, "a block that is not there", "PUT", course, map[string]any{"unit": island, "lesson": lesson.ID, "block": "?", "text": "Ở đảo.", "revision": 0}, "catalog.no_such_block")
	refused(t, writes, "another unit", "PUT", course, map[string]any{"unit": ward, "lesson": lesson.ID, "block": block, "text": "Ở đảo.", "revision": 0}, "courses.forbidden")
	var x handlers.ExampleView
	writes.Must("PUT", course, example("Ở đảo, nộp tại Bộ phận một cửa,\nthứ Hai đến thứ Sáu.", 0), &x)
	if x.State != "shown" || x.Quote != "Không thu lệ phí." || x.Revision != 1 || x.Unit.Name != "Đặc khu Bạch Long Vĩ" {
		t.Errorf("the example is %+v", x)
	}
	refused(t, writes, "a second writer who knows nothing of the first", "PUT", course, example("Khác.", 0), "courses.changed_meanwhile")
	if got := seen(official); len(got) != 1 || got[0].Block != block || got[0].Text != "Ở đảo, nộp tại Bộ phận một cửa,\nthứ Hai đến thứ Sáu." {
		t.Errorf("an official of the island sees %+v", got)
	}
	if got := seen(elsewhere); len(got) != 0 {
		t.Errorf("an official of another unit sees %+v", got)
	}
	refused(t, official, "an official listing examples", "GET", course+"/list", nil, "courses.forbidden")
	var list struct{ Items []handlers.ExampleView }
	elsewhere.Must("GET", course+"/list", nil, &list)
	if len(list.Items) != 0 {
		t.Errorf("authors of another unit are shown %+v", list.Items)
	}

	// The passage changes, and goes: the example is followed by its block's id.
	d.Content.Modules[0].Lessons[0].Blocks[1].Text[0].Text = "Không thu lệ phí, trừ khi đăng ký quá hạn."
	author.Must("PUT", path, map[string]any{"revision": d.Revision, "content": d.Content}, &d)
	w.Publish(t, author, &d, "correction")
	if got := stands(writes); got.State != "altered" || len(seen(official)) != 1 {
		t.Errorf("below a passage that changed the example is %s", got.State)
	}
	whole := d.Content.Modules[0].Lessons[0].Blocks
	d.Content.Modules[0].Lessons[0].Blocks = whole[:1]
	author.Must("PUT", path, map[string]any{"revision": d.Revision, "content": d.Content}, &d)
	w.Publish(t, author, &d, "correction")
	if got := stands(author); got.State != "lost" || got.Quote != "Không thu lệ phí." {
		t.Errorf("below a passage that is gone the example is %+v", got)
	}
	d.Content.Modules[0].Lessons[0].Blocks = whole
	author.Must("PUT", path, map[string]any{"revision": d.Revision, "content": d.Content}, &d)
	w.Publish(t, author, &d, "correction")

	hide := course + "/" + string(x.ID) + "/hide"
	refused(t, writes, "the commune taking away by that way", "POST", hide, map[string]any{"reason": "Sai."}, "catalog.no_such_course")
	author.Must("POST", hide, map[string]any{"reason": "Sai địa điểm."}, nil)
	if got := stands(writes); got.State != "hidden" || got.Reason != "Sai địa điểm." || len(seen(official)) != 0 {
		t.Errorf("taken away it is %+v", got)
	}
	refused(t, writes, "writing on without knowing of it", "PUT", course, example("Vẫn thế.", x.Revision), "courses.changed_meanwhile")
	x = stands(writes)
	writes.Must("PUT", course, example("Ở đảo, nộp tại trụ sở đặc khu.", x.Revision), &x)
	if x.State != "shown" || len(seen(official)) != 1 {
		t.Errorf("written anew it is %+v", x)
	}
	writes.Must("PUT", course, example(" ", x.Revision), nil)
	if len(seen(official)) != 0 {
		t.Error("what was removed is still shown")
	}
}
