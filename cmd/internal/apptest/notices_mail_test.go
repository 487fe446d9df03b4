package apptest_test

import (
	"haidang/cmd/internal/app"
	"haidang/cmd/internal/apptest"
	"haidang/courses"
	"haidang/handlers"
	"haidang/storage/mail/mailtest"
	"io"
	"mime"
	"mime/quotedprintable"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/bson"
)

const address = "hai@example.vn"

// mailed is a World with a mail server.
func mailed(t *testing.T) (*apptest.World, *mailtest.Server) {
	t.Helper()
	s := mailtest.Start(t, nil)
	return apptest.New(t, func(c *app.Config) {
		c.SMTP, c.SMTPFrom = "smtp://"+s.Address(), "Hải Đăng <khong-tra-loi@hoc.example.vn>"
	}), s
}

// letter is a mail as its reader sees it.
type letter struct{ subject, text, id string }

func letters(t *testing.T, s *mailtest.Server, to string) []letter {
	t.Helper()
	var list []letter
	for _, m := range s.Taken(to) {
		message := m.Read(t)
		subject, err := new(mime.WordDecoder).DecodeHeader(message.Header.Get("Subject"))
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(quotedprintable.NewReader(message.Body))
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, letter{subject, string(text), message.Header.Get("Message-Id")})
	}
	return list
}

// arrived waits for n mails and gives the last.
func arrived(t *testing.T, s *mailtest.Server, n int) letter {
	t.Helper()
	var list []letter
	eventually(t, "a mail comes", func() bool { list = letters(t, s, address); return len(list) >= n })
	if len(list) != n {
		t.Fatalf("%d mails came, want %d: %+v", len(list), n, list)
	}
	return list[n-1]
}

// idle waits until no mail is due any more.
func idle(t *testing.T, w *apptest.World) {
	t.Helper()
	eventually(t, "all mail that is due is sent", func() bool {
		n, err := w.App.DB.Raw().Collection("jobs").CountDocuments(t.Context(), bson.M{"kind": "notices.mail", "runAt": bson.M{"$lte": w.App.Now().Add(3 * time.Minute)}})
		return err == nil && n == 0
	})
}

// reachable gives a learner a confirmed address.
func reachable(t *testing.T, c *apptest.Client, s *mailtest.Server) {
	t.Helper()
	was := len(letters(t, s, address))
	c.Must("PUT", "/api/notices/addresses/mail", map[string]any{"value": address}, nil)
	code := regexp.MustCompile(`[0-9]{6}`).FindString(arrived(t, s, was+1).subject)
	c.Must("POST", "/api/notices/addresses/mail/code", map[string]any{"code": code}, nil)
}

// at lets time pass until an instant in Việt Nam.
func at(t *testing.T, w *apptest.World, when string) {
	t.Helper()
	x, err := time.ParseInLocation("2006-01-02 15:04", when, courses.Zone)
	if err != nil {
		t.Fatal(err)
	}
	w.Pass(x.Sub(w.App.Now()))
}

// triedInVain tells whether so many mails wait that could not be sent. A job counts its
// tries when it is taken, so that its reason alone says that a try has ended.
func triedInVain(t *testing.T, w *apptest.World, mails int64) func() bool {
	return func() bool {
		n, err := w.App.DB.Raw().Collection("jobs").CountDocuments(t.Context(), bson.M{"kind": "notices.mail", "tries": bson.M{"$gt": 0}, "reason": bson.M{"$gt": ""}})
		return err == nil && n == mails
	}
}

// mailsOf has a kind come by mail.
func mailsOf(c *apptest.Client, kind string, is bool) {
	c.Must("PUT", "/api/notices/choices", map[string]any{"choices": []any{map[string]any{"kind": kind, "mail": is}}}, nil)
}

func TestAnAddressIsUsedOnceItsCodeCameBack(t *testing.T) {
	w, s := mailed(t)
	learner := w.SignIn(t, "hocvien")
	var settings handlers.NoticeSettings
	learner.Must("GET", "/api/notices/settings", nil, &settings)
	if !settings.Mail.Available || settings.Mail.State != "none" || settings.Gateway.Available {
		t.Errorf("at first it is %+v", settings)
	}
	for _, bad := range []string{"hai", "hai@example", "a b@example.vn", "hai@example.vn\r\nBcc: x@example.vn", "<hai@example.vn>", "hai@example.vn, x@example.vn", strings.Repeat("a", 65) + "@example.vn", "\"a\"@example.vn"} {
		refused(t, learner, bad, "PUT", "/api/notices/addresses/mail", map[string]any{"value": bad}, "notices.bad_address")
	}
	refused(t, learner, "a telephone where nothing is sent to one", "PUT", "/api/notices/addresses/gateway", map[string]any{"value": "0912345678"}, "notices.no_such_channel")
	learner.Must("PUT", "/api/notices/addresses/mail", map[string]any{"value": " " + address}, &settings)
	if settings.Mail.State != "waiting" || settings.Mail.Value != address {
		t.Errorf("it is %+v", settings.Mail)
	}
	first := arrived(t, s, 1)
	code := regexp.MustCompile(`[0-9]{6}`).FindString(first.subject)
	for _, secret := range []string{"Đoàn Văn Hải", "hocvien", string(personOf(t, w, "hocvien"))} {
		if strings.Contains(first.text+first.subject+first.id, secret) {
			t.Errorf("a mail to anybody's address tells %s", secret)
		}
	}
	refused(t, learner, "another code at once", "PUT", "/api/notices/addresses/mail", map[string]any{"value": address}, "notices.too_many_codes")
	other := w.SignIn(t, "lanhdao")
	refused(t, other, "somebody else's code", "POST", "/api/notices/addresses/mail/code", map[string]any{"code": code}, "notices.wrong_code")
	for range 5 {
		refused(t, learner, "a wrong code", "POST", "/api/notices/addresses/mail/code", map[string]any{"code": "x" + code}, "notices.wrong_code")
	}
	refused(t, learner, "the right code after five wrong ones", "POST", "/api/notices/addresses/mail/code", map[string]any{"code": code}, "notices.wrong_code")
	w.Pass(time.Minute)
	learner.Must("PUT", "/api/notices/addresses/mail", map[string]any{"value": address}, nil)
	late := regexp.MustCompile(`[0-9]{6}`).FindString(arrived(t, s, 2).subject)
	w.Pass(30 * time.Minute)
	learner = w.SignIn(t, "hocvien")
	refused(t, learner, "a code that is too old", "POST", "/api/notices/addresses/mail/code", map[string]any{"code": late}, "notices.wrong_code")
	reachable(t, learner, s)
	learner.Must("GET", "/api/notices/settings", nil, &settings)
	if settings.Mail.State != "confirmed" {
		t.Errorf("confirmed it is %+v", settings.Mail)
	}
	for range 2 {
		w.Pass(time.Minute)
		learner.Must("PUT", "/api/notices/addresses/mail", map[string]any{"value": address}, nil)
	}
	w.Pass(time.Minute)
	a := ask(t, learner.HTTP, "PUT", w.URL+"/api/notices/addresses/mail", `{"value":"`+address+`"}`)
	if a.Status != http.StatusTooManyRequests || a.Code != "notices.too_many_codes" || len(a.Header.Get("Retry-After")) < 5 {
		t.Errorf("a sixth code of the day answers %d %s, Retry-After %s", a.Status, a.Code, a.Header.Get("Retry-After"))
	}
	learner.Must("DELETE", "/api/notices/addresses/mail", nil, nil)
	learner.Must("GET", "/api/notices/settings", nil, &settings)
	if settings.Mail.State != "none" || settings.Mail.Value != "" {
		t.Errorf("taken away it is %+v", settings.Mail)
	}
}

func TestMailComesOnMondayMorningAndSaysWhatWaits(t *testing.T) {
	w, s := mailed(t)
	course, _, lesson, _ := ratedCourse(t, w, "TB-03")
	learner := w.SignIn(t, "hocvien")
	var mine handlers.EnrolmentView
	learner.Must("POST", "/api/courses/"+string(course)+"/enrolment", nil, &mine)
	told(t, w)
	reachable(t, learner, s)
	for _, quiet := range []string{"2026-11-27 21:00", "2026-11-28 10:00", "2026-11-30 06:58"} {
		at(t, w, quiet)
		told(t, w)
		idle(t, w)
	}
	if n := len(letters(t, s, address)); n != 1 {
		t.Fatalf("before Monday morning came %d mails: %+v", n, letters(t, s, address))
	}
	at(t, w, "2026-11-30 07:00")
	told(t, w)
	told(t, w)
	digest := arrived(t, s, 2)
	idle(t, w)
	if !strings.Contains(digest.subject, "đang chờ") || !strings.Contains(digest.text, "Học tiếp “Hộ tịch”") || !strings.Contains(digest.text, "Go on with “Hộ tịch”") ||
		!strings.Contains(digest.text, w.URL+"/khoa-hoc/"+string(course)) || !strings.Contains(digest.text, w.URL+"/thong-bao/cai-dat") {
		t.Errorf("the digest says %q: %q", digest.subject, digest.text)
	}
	for _, secret := range []string{"Đoàn Văn Hải", "hocvien", string(mine.ID), string(personOf(t, w, "hocvien"))} {
		if strings.Contains(digest.text+digest.subject+digest.id, secret) {
			t.Errorf("the digest tells %s", secret)
		}
	}
	at(t, w, "2026-12-01 09:00")
	if _, err := w.App.DB.Raw().Collection("notice_walks").DeleteMany(t.Context(), bson.M{}); err != nil { // as if the first had not come to its end
		t.Fatal(err)
	}
	told(t, w)
	idle(t, w)
	arrived(t, s, 2)
	// What is wanted at once comes beside the digest; and a digest that nobody wants, not.
	learner = w.SignIn(t, "hocvien")
	mailsOf(learner, "continue", true)
	mailsOf(learner, "digest", false)
	at(t, w, "2026-12-14 07:30")
	told(t, w)
	if one := arrived(t, s, 3); one.subject != "Học tiếp “Hộ tịch”" || !strings.Contains(one.text, w.URL+"/khoa-hoc/"+string(course)) || strings.Contains(one.text, "Đoàn") {
		t.Errorf("the reminder says %q: %q", one.subject, one.text)
	}
	idle(t, w)
	learner = w.SignIn(t, "hocvien")
	send(t, learner, event(w, mine, lesson, "read", nil))
	mailsOf(learner, "digest", true)
	mailsOf(learner, "new_course", false)
	s.Down() // all of one Monday's week
	at(t, w, "2026-12-21 07:30")
	told(t, w)
	eventually(t, "the digest was tried in vain", triedInVain(t, w, 1))
	s.Up()
	at(t, w, "2026-12-28 07:30")
	told(t, w)
	arrived(t, s, 4) // this week's, and not that of the week before
	idle(t, w)
	arrived(t, s, 4)
	for _, l := range letters(t, s, address)[3:] {
		if strings.Contains(l.text, "Hộ tịch") {
			t.Errorf("of what is completed a mail says %q", l.text)
		}
	}
}

func TestAMailServerThatIsAwayLosesNothing(t *testing.T) {
	w, s := mailed(t)
	course, _, _, _ := ratedCourse(t, w, "TB-04")
	other, _, lesson, _ := ratedCourse(t, w, "TB-05")
	learner := w.SignIn(t, "hocvien")
	var done handlers.EnrolmentView
	learner.Must("POST", "/api/courses/"+string(course)+"/enrolment", nil, nil)
	learner.Must("POST", "/api/courses/"+string(other)+"/enrolment", nil, &done)
	reachable(t, learner, s)
	mailsOf(learner, "continue", true)
	mailsOf(learner, "digest", false)
	s.Down()
	days(t, w, 14)
	tried := triedInVain(t, w, 2)
	eventually(t, "both mails were tried in vain", tried)
	learner = w.SignIn(t, "hocvien")
	send(t, learner, event(w, done, lesson, "read", nil)) // done meanwhile
	w.Pass(10 * time.Hour)                                // 18:00, and then the evening
	eventually(t, "both mails were tried again", tried)
	w.Pass(4 * time.Hour)
	s.Up()
	time.Sleep(1500 * time.Millisecond) // at which a mail would be tried
	arrived(t, s, 1)
	w.Pass(11 * time.Hour)
	one := arrived(t, s, 2)
	if !strings.Contains(one.text, string(course)) {
		t.Errorf("the mail says %q", one.text)
	}
	idle(t, w)
	arrived(t, s, 2)
}

func TestAnAddressThatTakesNothingIsToldOnThePage(t *testing.T) {
	w, s := mailed(t)
	course, _, _, _ := ratedCourse(t, w, "TB-06")
	learner := w.SignIn(t, "hocvien")
	learner.Must("POST", "/api/courses/"+string(course)+"/enrolment", nil, nil)
	reachable(t, learner, s)
	mailsOf(learner, "continue", true)
	s.Refuse(address, "mailbox is gone")
	days(t, w, 14)
	learner = w.SignIn(t, "hocvien")
	var settings handlers.NoticeSettings
	eventually(t, "the refusal is known", func() bool {
		learner.Must("GET", "/api/notices/settings", nil, &settings)
		return settings.Mail.State == "failed"
	})
	if !strings.Contains(settings.Mail.Said, "mailbox is gone") {
		t.Errorf("the page is told %+v", settings.Mail)
	}
	idle(t, w)
	days(t, w, 14)
	if n, err := w.App.DB.Raw().Collection("jobs").CountDocuments(t.Context(), bson.M{"kind": "notices.mail"}); err != nil || n != 0 {
		t.Errorf("%d mails to it are queued, %v", n, err)
	}
	if got := inbox(t, w.SignIn(t, "hocvien"), "continue"); len(got) == 0 {
		t.Error("the inbox is empty, too")
	}
	metrics := ask(t, stranger, "GET", w.URL+"/metrics", "")
	for _, line := range []string{`haidang_notices_total{channel="mail",outcome="sent"} 1`, `haidang_notices_total{channel="mail",outcome="refused"}`} {
		if !strings.Contains(string(metrics.Body), line) {
			t.Errorf("the metrics lack %s", line)
		}
	}
}
