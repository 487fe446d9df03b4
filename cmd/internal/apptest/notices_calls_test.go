package apptest_test

import (
	"fmt"
	"haidang/cmd/internal/app"
	"haidang/cmd/internal/apptest"
	"haidang/courses"
	"haidang/handlers"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

func calls(id courses.CourseID) string { return "/api/studio/courses/" + string(id) + "/calls" }

// calling waits until a course's last call has come to everybody.
func calling(t *testing.T, c *apptest.Client, id courses.CourseID) handlers.CallingView {
	t.Helper()
	var v handlers.CallingView
	eventually(t, "everybody is called", func() bool {
		c.Must("GET", calls(id), nil, &v)
		return v.Last == nil || v.Last.Done
	})
	return v
}

func TestAnOrganisationCallsThoseWhoHaveNotFinished(t *testing.T) {
	w, s := mailed(t)
	course, _, lesson, _ := ratedCourse(t, w, "NH-01")
	author := w.SignIn(t, "tacgia")
	refused(t, author, "a call when nobody is there", "POST", calls(course), map[string]any{}, "notices.nobody")
	mine := map[string]handlers.EnrolmentView{}
	clients := map[string]*apptest.Client{}
	for _, username := range []string{"hocvien", "lanhdao", "nhansu", "kiemtra"} {
		clients[username] = w.SignIn(t, username)
		var e handlers.EnrolmentView
		clients[username].Must("POST", "/api/courses/"+string(course)+"/enrolment", nil, &e)
		mine[username] = e
	}
	send(t, clients["lanhdao"], event(w, mine["lanhdao"], lesson, "read", nil))
	clients["nhansu"].Must("PUT", "/api/notices/choices", map[string]any{"choices": []any{map[string]any{"kind": "call", "inbox": false}}}, nil)
	reachable(t, clients["hocvien"], s)
	mailsOf(clients["hocvien"], "call", true)
	if v := calling(t, author, course); v.Open != 3 || v.Left != 5 || v.Next != nil || v.Last != nil {
		t.Errorf("before the first call it stands at %+v", v)
	}
	refused(t, author, "a long call", "POST", calls(course), map[string]any{"text": strings.Repeat("ă", 301)}, "notices.text_too_long")
	refused(t, author, "a call in TCVN3", "POST", calls(course), map[string]any{"text": "Hµ Néi, H¶i Phßng, §µ N½ng"}, "vietnamese.legacy_encoding")
	for username, want := range map[string]string{"thamdinh": "courses.forbidden", "xuatban": "catalog.no_such_course", "hocvien": "catalog.no_such_course", "kiemtra": "courses.forbidden"} {
		refused(t, w.SignIn(t, username), username, "POST", calls(course), map[string]any{}, want)
	}
	text := "Hạn báo cáo là ngày 30/11.\nMời anh/chị học tiếp."
	author.Must("POST", calls(course), map[string]any{"text": text}, nil)
	v := calling(t, author, course)
	if v.Last.Told != 2 || v.Last.Spared != 1 || v.Left != 4 || v.Next == nil || !v.Next.Equal(v.Last.At.Add(7*24*time.Hour)) {
		t.Errorf("after the call it stands at %+v, %+v", v, v.Last)
	}
	got := inbox(t, clients["hocvien"], "call")
	if len(got) != 1 || got[0].From != "Sở Nội vụ thành phố Hải Phòng" || !strings.HasPrefix(got[0].Text, "Hạn báo cáo") || got[0].Title != "Hộ tịch" {
		t.Errorf("the learner is told %+v", got)
	}
	for _, username := range []string{"lanhdao", "nhansu"} {
		if got := inbox(t, clients[username], "call"); len(got) != 0 {
			t.Errorf("%s is told %+v", username, got)
		}
	}
	if l := arrived(t, s, 2); l.subject != "Sở Nội vụ thành phố Hải Phòng nhắc học “Hộ tịch”" || !strings.Contains(l.text, "Hạn báo cáo là ngày 30/11.") {
		t.Errorf("the mail says %q: %q", l.subject, l.text)
	}
	refused(t, author, "a second call of the week", "POST", calls(course), map[string]any{}, "notices.quota")
	send(t, clients["hocvien"], event(w, mine["hocvien"], lesson, "read", nil))
	if got := inbox(t, clients["hocvien"], "call"); len(got) != 0 {
		t.Errorf("whoever has finished is told %+v", got)
	}
	w.Pass(7 * 24 * time.Hour)
	author = w.SignIn(t, "tacgia")
	author.Must("POST", calls(course), map[string]any{}, nil)
	if v := calling(t, author, course); v.Last.Told != 1 || v.Open != 2 {
		t.Errorf("a week later it stands at %+v, %+v", v, v.Last)
	}
}

func TestAnOrganisationHasSoManyCallsAndNobodyHearsMoreThanTwo(t *testing.T) {
	w := apptest.New(t, func(c *app.Config) { c.CallsAWeek = 3 })
	var ids []courses.CourseID
	learner := w.SignIn(t, "hocvien")
	for i := range 4 {
		course, _, _, _ := ratedCourse(t, w, fmt.Sprintf("NH-1%d", i))
		learner.Must("POST", "/api/courses/"+string(course)+"/enrolment", nil, nil)
		ids = append(ids, course)
	}
	author := w.SignIn(t, "tacgia")
	author.Must("POST", calls(ids[0]), map[string]any{}, nil)
	calling(t, author, ids[0])
	w.Pass(time.Minute)
	var wg sync.WaitGroup
	statuses := make([]int, 6)
	for i := range statuses { // at the same moment, each course twice
		wg.Go(func() { statuses[i], _ = author.Do("POST", calls(ids[1+i%3]), map[string]any{}, nil) })
	}
	wg.Wait()
	slices.Sort(statuses)
	if !slices.Equal(statuses, []int{200, 200, 429, 429, 429, 429}) {
		t.Errorf("of six more with two left the answers are %v", statuses)
	}
	told, spared := 0, 0
	for _, id := range ids {
		if v := calling(t, author, id); v.Last != nil {
			told, spared = told+v.Last.Told, spared+v.Last.Spared
		}
	}
	if got := inbox(t, learner, "call"); len(got) != 2 || told != 2 || spared != 1 {
		t.Errorf("a learner is told %+v: %d told, %d spared", got, told, spared)
	}
	var v handlers.CallingView
	author.Must("GET", calls(ids[0]), nil, &v)
	if v.Left != 0 || v.Allowed != 3 {
		t.Errorf("it stands at %+v", v)
	}
	w.Pass(7*24*time.Hour - 30*time.Second) // the first of them is a week old, the others not
	author = w.SignIn(t, "tacgia")
	if v = calling(t, author, ids[3]); v.Left != 1 {
		t.Errorf("a week after the first it stands at %+v", v)
	}
}
