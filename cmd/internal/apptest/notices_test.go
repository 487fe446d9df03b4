package apptest_test

import (
	"haidang/cmd/internal/apptest"
	"haidang/courses"
	"haidang/handlers"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/bson"
)

// inbox is what a person is told of a kind.
func inbox(t *testing.T, c *apptest.Client, kind string) (found []handlers.NoticeView) {
	t.Helper()
	for after := ""; ; {
		var page struct {
			Items []handlers.NoticeView
			Next  string
		}
		c.Must("GET", "/api/notices?limit=100"+after, nil, &page)
		for _, n := range page.Items {
			if n.Kind == kind {
				found = append(found, n)
			}
		}
		if page.Next == "" {
			return found
		}
		after = "&after=" + page.Next
	}
}

// told goes past everybody whom something waits for.
func told(t *testing.T, w *apptest.World) {
	t.Helper()
	if err := w.App.Services.Notices.Go(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// days lets so many days pass and goes past everybody.
func days(t *testing.T, w *apptest.World, n int) {
	t.Helper()
	w.Pass(time.Duration(n) * 24 * time.Hour)
	told(t, w)
}

func unread(t *testing.T, c *apptest.Client) int {
	t.Helper()
	var today handlers.Today
	c.Must("GET", "/api/today", nil, &today)
	return today.Unread
}

func TestWhoStopsLearningIsRemindedUntilTheyGoOn(t *testing.T) {
	w := apptest.New(t)
	course, _, lesson, _ := ratedCourse(t, w, "TB-01")
	learner := w.SignIn(t, "hocvien")
	var mine handlers.EnrolmentView
	learner.Must("POST", "/api/courses/"+string(course)+"/enrolment", nil, &mine)
	of := func(c *apptest.Client) (found []handlers.NoticeView) {
		for _, n := range inbox(t, c, "continue") {
			if n.Course == course {
				found = append(found, n)
			}
		}
		return found
	}
	days(t, w, 7)
	learner = w.SignIn(t, "hocvien")
	if got := of(learner); len(got) != 0 {
		t.Errorf("after a week the inbox holds %+v", got)
	}
	days(t, w, 7)
	days(t, w, 0)
	learner = w.SignIn(t, "hocvien")
	got := of(learner)
	if len(got) != 1 || got[0].Title != "Hộ tịch" || got[0].Page != "/khoa-hoc/"+string(course) || got[0].Read {
		t.Fatalf("after two weeks the inbox holds %+v", got)
	}
	if other := w.SignIn(t, "lanhdao"); len(of(other)) != 0 {
		t.Errorf("somebody else sees %+v", of(other))
	} else {
		other.Must("POST", "/api/notices/read", map[string]any{"ids": []any{got[0].ID}}, nil)
	}
	learner.Must("POST", "/api/notices/read", map[string]any{"ids": []string{}}, nil)
	if got := of(learner); len(got) != 1 || !got[0].Read || unread(t, learner) != 0 {
		t.Errorf("read, it is %+v, and %d are unread", got, unread(t, learner))
	}
	days(t, w, 14) // four weeks of rest
	learner = w.SignIn(t, "hocvien")
	if got := of(learner); len(got) != 2 || unread(t, learner) == 0 {
		t.Errorf("after four weeks the inbox holds %+v", got)
	}
	was := unread(t, learner)
	send(t, learner, event(w, mine, lesson, "opened", nil))
	if got := of(learner); len(got) != 0 || unread(t, learner) != was-1 {
		t.Errorf("to whoever goes on the inbox says %+v, %d unread instead of %d", got, unread(t, learner), was)
	}
	send(t, learner, event(w, mine, lesson, "read", nil))
	days(t, w, 31)
	learner = w.SignIn(t, "hocvien")
	if got := of(learner); len(got) != 0 {
		t.Errorf("of what is completed the inbox says %+v", got)
	}
	if got := inbox(t, learner, "follow_up"); len(got) == 0 || got[0].Course != course || got[0].Page != "/khao-sat/viec" {
		t.Errorf("a month after the course the inbox says %+v", got)
	}
}

func TestWhatIsNewAndWhatIsMarkedIsTold(t *testing.T) {
	w := apptest.New(t)
	author := w.SignIn(t, "tacgia")
	for _, position := range []string{"CM-VP", "CM-TP"} {
		d, path := complete(t, author, "TB-"+position)
		d.Content.Positions = []courses.PositionID{courses.PositionID(position)}
		author.Must("PUT", path, map[string]any{"revision": d.Revision, "content": d.Content}, &d)
		w.Publish(t, author, &d, "")
	}
	days(t, w, 7)
	learner := w.SignIn(t, "hocvien")
	fresh := inbox(t, learner, "new_course")
	var today handlers.Today
	learner.Must("GET", "/api/today", nil, &today)
	if len(fresh) == 0 || len(fresh) >= 2+len(today.New) {
		t.Fatalf("of new courses is told %+v; today says %+v", fresh, today.New)
	}
	learner.Must("POST", "/api/courses/"+string(fresh[0].Course)+"/enrolment", nil, nil)
	if got := inbox(t, learner, "new_course"); len(got) != len(fresh)-1 {
		t.Errorf("of a course that is begun the inbox says that it is new: %+v", got)
	}
	course, lessons := essayCourse(t, w, "TB-02", nil)
	a, _ := began(t, learner, course, lessons[1].ID)
	learner.Must("POST", attempted(t, w, learner, a)+"/submission", nil, &a)
	if got := inbox(t, learner, "marked"); len(got) != 0 {
		t.Errorf("of an essay that waits the inbox says %+v", got)
	}
	w.SignIn(t, "thamdinh").Must("POST", "/api/studio/grading/"+string(a.ID)+"/marks", marking(0, 0, 0, 0), nil)
	got := inbox(t, learner, "marked")
	if len(got) != 1 || got[0].Course != course || got[0].Page != "/khoa-hoc/"+string(course)+"/"+string(lessons[1].ID) {
		t.Errorf("of its result the inbox says %+v", got)
	}
}

func TestEachKindIsChosenForEachChannel(t *testing.T) {
	w := apptest.New(t)
	learner := w.SignIn(t, "hocvien")
	var s handlers.NoticeSettings
	choose := func(choices ...map[string]any) {
		learner.Must("PUT", "/api/notices/choices", map[string]any{"choices": choices}, &s)
	}
	is := func(kind string) (inbox, mail bool) {
		learner.Must("GET", "/api/notices/settings", nil, &s)
		for _, c := range s.Choices {
			if c.Kind == kind {
				return c.Inbox != nil && *c.Inbox, *c.Mail
			}
		}
		t.Fatalf("%s cannot be chosen", kind)
		return
	}
	if inbox, mail := is("new_course"); !inbox || mail {
		t.Errorf("usually new courses come into the inbox %v, by mail %v", inbox, mail)
	}
	if inbox, mail := is("digest"); inbox || !mail {
		t.Errorf("usually the digest comes into the inbox %v, by mail %v", inbox, mail)
	}
	choose(map[string]any{"kind": "new_course", "inbox": false}, map[string]any{"kind": "digest", "mail": false, "inbox": true})
	if inbox, mail := is("new_course"); inbox || mail {
		t.Errorf("taken away, new courses come into the inbox %v, by mail %v", inbox, mail)
	}
	if inbox, mail := is("digest"); inbox || mail {
		t.Errorf("taken away, the digest comes into the inbox %v, by mail %v", inbox, mail)
	}
	n, err := w.App.DB.Raw().Collection("notices").DeleteMany(t.Context(), bson.M{"person": personOf(t, w, "hocvien")})
	if err != nil {
		t.Fatal(n, err)
	}
	days(t, w, 7)
	learner = w.SignIn(t, "hocvien")
	if got := inbox(t, learner, "new_course"); len(got) != 0 {
		t.Errorf("whoever wants no new courses is told %+v", got)
	}
	for _, bad := range []map[string]any{{"kind": "nothing"}, {"inbox": true}, {"kind": "call", "fax": true}} {
		refused(t, learner, "a choice that is none", "PUT", "/api/notices/choices", map[string]any{"choices": []any{bad}}, "request.invalid")
	}
	refused(t, learner, "a bad cursor", "GET", "/api/notices?after=x", nil, "courses.bad_cursor")
	refused(t, learner, "too many at once", "POST", "/api/notices/read", map[string]any{"ids": make([]courses.EventID, 101)}, "request.invalid")
}
