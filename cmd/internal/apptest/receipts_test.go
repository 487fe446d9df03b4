package apptest_test

import (
	"fmt"
	"haidang/cmd/internal/apptest"
	"haidang/courses"
	"haidang/handlers"
	"slices"
	"testing"
	"time"
)

// deliveries is what a route shows of what was received.
type deliveries struct {
	Items []handlers.DeliveryView
	Next  string
}

func deliveriesOf(t *testing.T, c *apptest.Client, path string) deliveries {
	t.Helper()
	var d deliveries
	c.Must("GET", path, nil, &d)
	return d
}

// codes is the receipts of all that was received, a delivery after the other.
func (d deliveries) codes() []string {
	var list []string
	for _, x := range d.Items {
		for _, e := range x.Events {
			list = append(list, e.Code)
		}
	}
	return list
}

// TestEveryReceiptCanBeLookedUp has a learner send what is new, what is not, and the
// same again; a receipt of each finds it.
func TestEveryReceiptCanBeLookedUp(t *testing.T) {
	w := apptest.New(t)
	learner, hr, person := w.SignIn(t, "hocvien"), w.SignIn(t, "nhansu"), personOf(t, w, "hocvien")
	e, lesson := beginsTheDemo(t, learner)
	later := event(w, e, lesson, "opened", nil)
	earlier := event(w, e, lesson, "opened", map[string]any{"at": w.App.Now().Add(-time.Second)})
	between := event(w, e, lesson, "opened", map[string]any{"at": w.App.Now().Add(-time.Second / 2)}) // says nothing new
	var made []string
	for _, x := range []map[string]any{later, earlier, between} {
		made = append(made, send(t, learner, x).Codes[0])
	}
	send(t, learner, between) // again
	newest := slices.Clone(made)
	slices.Reverse(newest)
	mine := deliveriesOf(t, learner, "/api/learning/deliveries")
	if got := mine.codes(); !slices.Equal(got, newest) {
		t.Fatalf("received are %q, want %q", got, newest)
	}
	if first := mine.Items[0].Events[0]; first.LessonTitle == "" || first.CourseTitle == "" || first.Course != e.Course || mine.Items[0].CameAt.IsZero() {
		t.Errorf("the newest is shown as %+v", mine.Items[0])
	}
	page := deliveriesOf(t, learner, "/api/learning/deliveries?limit=2")
	rest := deliveriesOf(t, learner, "/api/learning/deliveries?limit=2&after="+page.Next)
	if got := append(page.codes(), rest.codes()...); !slices.Equal(got, newest) || rest.Next != "" {
		t.Errorf("by pages they are %q, want %q", got, newest)
	}
	for _, code := range made {
		for who, path := range map[*apptest.Client]string{learner: "/api/learning/deliveries?code=" + code, hr: "/api/people/" + string(person) + "/receipts/" + code} {
			if got := deliveriesOf(t, who, path).codes(); !slices.Equal(got, []string{code}) {
				t.Errorf("%s finds %q", path, got)
			}
		}
	}
	if got := deliveriesOf(t, hr, "/api/people/"+string(person)+"/receipts/ffffffff").codes(); len(got) > 0 {
		t.Errorf("a receipt that nobody has finds %q", got)
	}
}

func TestReceiptsAreForWhoAsksAboutTheirOwn(t *testing.T) {
	w := apptest.New(t)
	learner, hr, person := w.SignIn(t, "hocvien"), w.SignIn(t, "nhansu"), personOf(t, w, "hocvien")
	e, lesson := beginsTheDemo(t, learner)
	code := send(t, learner, event(w, e, lesson, "opened", nil)).Codes[0]
	author := w.SignIn(t, "tacgia")
	if got := deliveriesOf(t, author, "/api/learning/deliveries?code="+code); len(got.Items) > 0 {
		t.Errorf("somebody else's own list shows %+v", got)
	}
	for _, x := range []struct {
		who  *apptest.Client
		path string
		want string
	}{
		{author, "/api/people/" + string(person) + "/receipts/" + code, "courses.forbidden"},
		{hr, "/api/people/" + string(person) + "/receipts/" + code[1:], "learning.bad_receipt"},
		{hr, "/api/people/" + string(person) + "/receipts/.......a", "learning.bad_receipt"},
		{learner, "/api/learning/deliveries?code=12", "learning.bad_receipt"},
		{learner, "/api/learning/deliveries?after=nowhere", "courses.bad_cursor"},
	} {
		if _, got := x.who.Do("GET", x.path, nil, nil); got != x.want {
			t.Errorf("%s answers %s, want %s", x.path, got, x.want)
		}
	}
}

// TestADeviceWithTwoPeopleMixesNothing has a page of one person send while another is
// signed in.
func TestADeviceWithTwoPeopleMixesNothing(t *testing.T) {
	w := apptest.New(t)
	learner, other := w.SignIn(t, "hocvien"), w.SignIn(t, "tacgia")
	e, lesson := beginsTheDemo(t, learner)
	in := map[string]any{"person": personOf(t, w, "hocvien"), "events": []any{event(w, e, lesson, "opened", nil)}}
	if status, code := other.Do("POST", "/api/learning/events", in, nil); status != 409 || code != "learning.other_person" {
		t.Errorf("it answers %d %s", status, code)
	}
	if got := deliveriesOf(t, learner, "/api/learning/deliveries"); len(got.Items) > 0 {
		t.Errorf("received is %+v", got)
	}
	note := fmt.Sprintf("/api/notes/%s/%s", e.Course, lesson)
	text := map[string]any{"person": personOf(t, w, "hocvien"), "text": "Của tôi", "edit": courses.NewID[string](w.App.Now()), "base": ""}
	if status, code := other.Do("PUT", note, text, nil); status != 409 || code != "learning.other_person" {
		t.Errorf("a note answers %d %s", status, code)
	}
	learner.Must("PUT", note, text, nil)
	learner.Must("POST", "/api/learning/events", in, nil)
	if got := deliveriesOf(t, learner, "/api/learning/deliveries"); len(got.Items) != 1 {
		t.Errorf("received is %+v", got)
	}
}

// beginsTheDemo enrols on the demo's course and gives its first lesson.
func beginsTheDemo(t *testing.T, c *apptest.Client) (handlers.EnrolmentView, courses.LessonID) {
	t.Helper()
	var list struct{ Items []handlers.CourseCard }
	c.Must("GET", "/api/courses", nil, &list)
	var e handlers.EnrolmentView
	c.Must("POST", "/api/courses/"+string(list.Items[0].ID)+"/enrolment", nil, &e)
	return e, e.Lessons[0].Lesson
}
