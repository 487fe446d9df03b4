package apptest_test

import (
	"encoding/base64"
	"haidang/cmd/internal/app"
	"haidang/cmd/internal/apptest"
	"haidang/handlers"
	"haidang/storage/push/pushtest"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestANoticeIsPushedToTheBrowsersOfWhoAskedForIt(t *testing.T) {
	b := pushtest.Start(t)
	w := apptest.New(t, func(c *app.Config) { c.PushClient = b.Client })
	course, _, lesson, _ := ratedCourse(t, w, "TB-20")
	learner := w.SignIn(t, "hocvien")
	var mine handlers.EnrolmentView
	learner.Must("POST", "/api/courses/"+string(course)+"/enrolment", nil, &mine)
	var s handlers.NoticeSettings
	learner.Must("GET", "/api/notices/settings", nil, &s)
	if key, err := base64.RawURLEncoding.DecodeString(s.Push.Key); err != nil || len(key) != 65 || len(s.Push.Devices) != 0 {
		t.Fatalf("at first it is %+v", s.Push)
	}
	b.Subscribe(s.Push.Key)
	device := func(endpoint string) map[string]any {
		return map[string]any{"endpoint": endpoint, "key": b.Key, "auth": b.Auth}
	}
	for what, bad := range map[string]map[string]any{
		"plain http": device(strings.Replace(b.Endpoint, "https", "http", 1)), "a file": device("file:///etc/passwd"), "a name in it": device("https://a:b@push.example/"),
		"no key": {"endpoint": b.Endpoint, "key": "AAAA", "auth": b.Auth}, "a short secret": {"endpoint": b.Endpoint, "key": b.Key, "auth": "AAAA"},
	} {
		refused(t, learner, what, "POST", "/api/notices/devices", bad, "notices.bad_device")
	}
	learner.Must("POST", "/api/notices/devices", device(b.Endpoint), &s)
	learner.Must("POST", "/api/notices/devices", device(b.Endpoint), &s)
	if len(s.Push.Devices) != 1 {
		t.Fatalf("one browser is %+v", s.Push.Devices)
	}
	days(t, w, 14)
	var shown []string
	eventually(t, "the browser is shown it", func() bool { shown, _ = b.Shown(t); return len(shown) > 0 })
	if !strings.Contains(shown[0], "Học tiếp “Hộ tịch”") || !strings.Contains(shown[0], `"page":"/khoa-hoc/`+string(course)) || strings.Contains(shown[0], "Đoàn") || strings.Contains(shown[0], string(mine.ID)) {
		t.Errorf("the browser is shown %s", shown)
	}
	// Away for a while, it is tried again; gone, it is forgotten.
	b.Answer(http.StatusServiceUnavailable)
	days(t, w, 14)
	eventually(t, "it is tried in vain", func() bool { _, asked := b.Shown(t); return asked >= 2 })
	b.Answer(http.StatusCreated)
	w.Pass(time.Minute)
	eventually(t, "it is shown after all", func() bool { shown, _ = b.Shown(t); return len(shown) == 2 })
	for _, username := range []string{"hocvien", "lanhdao"} { // nobody stays away for long
		w.SignIn(t, username)
	}
	b.Answer(http.StatusGone)
	days(t, w, 28)
	learner = w.SignIn(t, "hocvien")
	eventually(t, "the browser is forgotten", func() bool {
		learner.Must("GET", "/api/notices/settings", nil, &s)
		return len(s.Push.Devices) == 0
	})
	send(t, learner, event(w, mine, lesson, "read", nil))
	for range 12 {
		learner.Must("POST", "/api/notices/devices", device(b.Endpoint+time.Now().Format(time.RFC3339Nano)), &s)
	}
	if len(s.Push.Devices) != 10 {
		t.Errorf("somebody has %d browsers", len(s.Push.Devices))
	}
	w.SignIn(t, "lanhdao").Must("DELETE", "/api/notices/devices/"+s.Push.Devices[0].ID, nil, nil)
	learner.Must("DELETE", "/api/notices/devices/"+s.Push.Devices[1].ID, nil, nil)
	learner.Must("GET", "/api/notices/settings", nil, &s)
	if len(s.Push.Devices) != 9 {
		t.Errorf("after one is taken away by its person, and one by somebody else, there are %d", len(s.Push.Devices))
	}
}
