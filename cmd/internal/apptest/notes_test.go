package apptest_test

import (
	"haidang/cmd/internal/apptest"
	"haidang/courses"
	"haidang/handlers"
	"net/url"
	"strings"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/bson"
)

// saved is a text for a note on top of a state.
func saved(text, base string) map[string]any {
	return map[string]any{"text": text, "edit": courses.NewID[string](time.Now()), "base": base}
}

// noted is a course that hocvien learns, and the address of a note beside its lesson.
func noted(t *testing.T, w *apptest.World) (*apptest.Client, courses.CourseID, string) {
	t.Helper()
	author := w.SignIn(t, "tacgia")
	d, _ := complete(t, author, "GHI-01")
	w.Publish(t, author, &d, "")
	c := w.SignIn(t, "hocvien")
	c.Must("POST", "/api/courses/"+string(d.Card.ID)+"/enrolment", nil, nil)
	return c, d.Card.ID, "/api/notes/" + string(d.Card.ID) + "/" + string(d.Content.Modules[0].Lessons[0].ID)
}

func TestANoteIsKeptOnTheStateThatItsWriterSaw(t *testing.T) {
	w := apptest.New(t)
	c, _, path := noted(t, w)
	var first, second handlers.OwnNote
	if c.Must("GET", path, nil, &first); first.Text != "" || first.Edit != "" || first.At != nil {
		t.Fatalf("before it is written it is %+v", first)
	}
	sent := saved("Sáu mươi ngày\n\n- hỏi lại văn thư", "")
	c.Must("PUT", path, sent, &first)
	c.Must("PUT", path, sent, &second) // its answer was lost
	if first.Edit != second.Edit || second.Text != "Sáu mươi ngày\n\n- hỏi lại văn thư" || second.LessonTitle != "Khai sinh" || second.At == nil {
		t.Errorf("sent twice it is %+v", second)
	}
	refused(t, c, "another device that has not seen it", "PUT", path, saved("Của máy hai", ""), "learning.note_changed")
	c.Must("PUT", path, saved("Của cả hai", string(first.Edit)), &second)
	refused(t, c, "an older state", "PUT", path, saved("", string(first.Edit)), "learning.note_changed")
	refused(t, c, "10,001 characters", "PUT", path, saved(strings.Repeat("ữ", 10_001), string(second.Edit)), "learning.note_too_long")
	c.Must("PUT", path, saved(strings.Repeat("ữ", 10_000), string(second.Edit)), &second)
	gone := saved("", string(second.Edit))
	c.Must("PUT", path, gone, &first)
	c.Must("PUT", path, gone, &first) // again
	if c.Must("GET", path, nil, &first); first.Text != "" || first.Edit != "" {
		t.Errorf("emptied it is %+v", first)
	}
	refused(t, c, "what was emptied", "PUT", path, saved("Từ máy cũ", string(second.Edit)), "learning.note_changed")
	if n, err := w.App.DB.Raw().Collection("learnernotes").CountDocuments(t.Context(), bson.M{}); err != nil || n != 0 {
		t.Errorf("%d are kept of what was emptied, %v", n, err)
	}
}

func TestNotesAreOnLessonsThatTheirWriterLearns(t *testing.T) {
	w := apptest.New(t)
	c, course, path := noted(t, w)
	nothing := "/01a00000-0000-7000-8000-000000000000"
	refused(t, c, "a lesson that is none", "PUT", "/api/notes/"+string(course)+nothing, saved("x", ""), "catalog.no_such_lesson")
	refused(t, c, "a course that is none", "PUT", "/api/notes"+nothing+nothing, saved("x", ""), "catalog.no_such_course")
	refused(t, w.SignIn(t, "lanhdao"), "a course that one does not learn", "PUT", path, saved("x", ""), "learning.no_such_enrolment")
	refused(t, c, "a lesson with a dot", "PUT", "/api/notes/"+string(course)+"/a.b", saved("x", ""), "request.invalid")
}

// TestNobodyReadsTheNotesOfOthers has everybody of the demo look where a learner wrote.
func TestNobodyReadsTheNotesOfOthers(t *testing.T) {
	const secret = "Chỉ mình tôi đọc"
	w := apptest.New(t)
	c, course, path := noted(t, w)
	c.Must("PUT", path, saved(secret, ""), nil)
	for _, username := range []string{"tacgia", "thamdinh", "xuatban", "lanhdao", "nhansu", "quantri", "kiemtra"} {
		other := w.SignIn(t, username)
		var n handlers.OwnNote
		if other.Must("GET", path, nil, &n); n.Text != "" || n.Edit != "" {
			t.Errorf("%s reads %+v", username, n)
		}
		var list struct{ Items []handlers.OwnNote }
		if other.Must("GET", "/api/notes", nil, &list); len(list.Items) != 0 {
			t.Errorf("%s lists %+v", username, list.Items)
		}
		if other.Must("GET", "/api/notes?q=toi", nil, &list); len(list.Items) != 0 {
			t.Errorf("%s finds %+v", username, list.Items)
		}
		other.Must("POST", "/api/courses/"+string(course)+"/enrolment", nil, nil)
		other.Must("PUT", path, saved("Của "+username, ""), nil) // their own, beside the same lesson
	}
	var n handlers.OwnNote
	if c.Must("GET", path, nil, &n); n.Text != secret {
		t.Errorf("it became %+v", n)
	}
}

func TestNotesAreListedByCourseAndFoundWithoutDiacritics(t *testing.T) {
	w := apptest.New(t)
	c, course, path := noted(t, w)
	c.Must("PUT", path, saved("Sáu mươi ngày, hỏi văn thư (a+b)", ""), nil)
	second, lessons := quizCourse(t, w, "GHI-02", nil)
	c.Must("POST", "/api/courses/"+string(second)+"/enrolment", nil, nil)
	for _, l := range lessons {
		c.Must("PUT", "/api/notes/"+string(second)+"/"+string(l.ID), saved("Ôn lại "+l.Title, ""), nil)
	}
	type page struct {
		Items []handlers.OwnNote
		Next  string
	}
	var all []handlers.OwnNote
	var p page
	for after := ""; ; after = p.Next {
		c.Must("GET", "/api/notes?limit=1&after="+url.QueryEscape(after), nil, &p)
		all = append(all, p.Items...)
		if p.Next == "" {
			break
		}
	}
	if len(all) != 3 || all[0].Course != course || all[1].Course != second || all[2].Course != second || all[0].CourseTitle == "" || all[0].LessonTitle != "Khai sinh" {
		t.Errorf("page by page they are %+v", all)
	}
	for q, want := range map[string]int{"SAU MUOI": 1, "on lai": 2, "kiem tra": 1, "(a+b)": 1, "a.b": 0, ".*": 0} {
		c.Must("GET", "/api/notes?q="+url.QueryEscape(q), nil, &p)
		if len(p.Items) != want {
			t.Errorf("%q finds %+v", q, p.Items)
		}
	}
}
