package apptest_test

import (
	"encoding/json"
	"haidang/cmd/internal/apptest"
	"haidang/cmd/internal/demo"
	"haidang/handlers"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"golang.org/x/text/unicode/norm"
)

// tab holds the two tokens of one sign-in, as a browser would, in plain sight.
type tab struct {
	t               *testing.T
	w               *apptest.World
	access, refresh string
}

// tabOf signs in.
func tabOf(t *testing.T, w *apptest.World, username string) *tab {
	t.Helper()
	b := &tab{t: t, w: w}
	a := ask(t, stranger, "POST", w.URL+"/api/session", signInBody(username, demo.Password))
	if b.keep(a); a.Status != 200 || b.access == "" || b.refresh == "" {
		t.Fatalf("%s signs in: %d %s", username, a.Status, a.Code)
	}
	return b
}

func signInBody(username, password string) string {
	b, err := json.Marshal(map[string]string{"username": username, "password": password})
	if err != nil {
		panic(err) // two strings
	}
	return string(b)
}

// keep takes the tokens that an answer sets.
func (b *tab) keep(a answer) {
	if v := a.cookie("access"); v != "" {
		b.access = v
	}
	if v := a.cookie("refresh"); v != "" {
		b.refresh = v
	}
}

// do sends a request with the tab's access token.
func (b *tab) do(method, path, body string) answer {
	b.t.Helper()
	return ask(b.t, stranger, method, b.w.URL+path, body, "Cookie", "access="+b.access)
}

// renew sends a refresh token.
func (b *tab) renew(refresh string) answer {
	b.t.Helper()
	return ask(b.t, stranger, "POST", b.w.URL+"/api/session/refresh", "", "Cookie", "refresh="+refresh)
}

// lives and ended say what has become of the tab's session.
func (b *tab) lives(when string) {
	b.t.Helper()
	if a := b.do("GET", "/api/me", ""); a.Status != 200 {
		b.t.Errorf("%s the session answers %d %s", when, a.Status, a.Code)
	}
}

func (b *tab) ended(when string) {
	b.t.Helper()
	for _, path := range []string{"/api/me", "/api/courses", "/media/" + nobodysID + "/source"} {
		if a := b.do("GET", path, ""); a.Status != 401 || a.Code != "courses.sign_in_needed" {
			b.t.Errorf("%s the access token still opens %s: %d %s", when, path, a.Status, a.Code)
		}
	}
	if a := b.renew(b.refresh); a.Status != 401 || a.cookie("access") != "" {
		b.t.Errorf("%s the refresh token answers %d", when, a.Status)
	}
}

func TestASessionEndsWhenItsHolderOrTheOfficeEndsIt(t *testing.T) {
	w := apptest.New(t)
	const changed = "sóng vỗ bờ đá xa xa"
	t.Run("on signing out", func(t *testing.T) {
		a, b := tabOf(t, w, "hocvien"), tabOf(t, w, "hocvien")
		if got := a.do("DELETE", "/api/session", ""); got.Status != 204 || !forgets(got) {
			t.Errorf("signing out answers %d with %v", got.Status, got.Header["Set-Cookie"])
		}
		a.ended("after signing out")
		b.lives("after another device signed out")
	})
	t.Run("on signing out with the refresh token alone", func(t *testing.T) {
		a := tabOf(t, w, "hocvien")
		ask(t, stranger, "DELETE", w.URL+"/api/session", "", "Cookie", "refresh="+a.refresh)
		a.ended("after signing out")
	})
	t.Run("on signing out everywhere", func(t *testing.T) {
		a, b, other := tabOf(t, w, "hocvien"), tabOf(t, w, "hocvien"), tabOf(t, w, "tacgia")
		a.do("DELETE", "/api/sessions", "")
		a.ended("after signing out everywhere")
		b.ended("after signing out everywhere on another device")
		other.lives("after somebody else signed out everywhere")
	})
	t.Run("on signing out one device", func(t *testing.T) {
		a, b, other := tabOf(t, w, "hocvien"), tabOf(t, w, "hocvien"), tabOf(t, w, "tacgia")
		for _, id := range []string{otherSession(t, a), otherSession(t, other)} {
			a.do("DELETE", "/api/sessions/"+id, "")
		}
		a.lives("after it signed out another device")
		b.ended("after another device signed it out")
		other.lives("after a stranger signed it out")
	})
	t.Run("on changing the password", func(t *testing.T) {
		a, b := tabOf(t, w, "thamdinh"), tabOf(t, w, "thamdinh")
		if got := a.do("PUT", "/api/password", passwords("wrong "+demo.Password, changed)); got.Status != 401 || got.Code != "access.wrong_password" {
			t.Errorf("with a wrong password: %d %s", got.Status, got.Code)
		}
		b.lives("after a change that was refused")
		if got := a.do("PUT", "/api/password", passwords(demo.Password, changed)); got.Status != 204 {
			t.Fatalf("changing the password answers %d %s", got.Status, got.Code)
		}
		a.lives("after it changed the password")
		b.ended("after the password was changed elsewhere")
		for password, want := range map[string]int{demo.Password: 401, changed: 200, norm.NFD.String(changed): 200} {
			if got := ask(t, stranger, "POST", w.URL+"/api/session", signInBody("thamdinh", password)); got.Status != want {
				t.Errorf("afterwards %+q answers %d", password, got.Status)
			}
		}
	})
	t.Run("when the account is closed", func(t *testing.T) {
		a := tabOf(t, w, "xuatban")
		a.lives("before")
		if _, err := w.App.DB.Raw().Collection("logins").UpdateOne(t.Context(), bson.M{"username": "xuatban"}, bson.M{"$set": bson.M{"disabled": true}}); err != nil {
			t.Fatal(err)
		}
		w.Pass(2 * time.Second)
		a.ended("two seconds after the account was closed")
		if got := ask(t, stranger, "POST", w.URL+"/api/session", signInBody("xuatban", demo.Password)); got.Status != 403 || got.Code != "access.disabled" {
			t.Errorf("signing in to a closed account answers %d %s", got.Status, got.Code)
		}
	})
	t.Run("when roles are taken away they are gone within two seconds", func(t *testing.T) {
		a := tabOf(t, w, "lanhdao")
		if got := a.do("GET", "/api/people", ""); got.Status != 200 {
			t.Fatalf("before: %d", got.Status)
		}
		if _, err := w.App.DB.Raw().Collection("people").UpdateOne(t.Context(), bson.M{"fullName": "Phạm Đức Thắng"}, bson.M{"$set": bson.M{"grants": bson.A{}}}); err != nil {
			t.Fatal(err)
		}
		w.Pass(2 * time.Second)
		if got := a.do("GET", "/api/people", ""); got.Status != 403 {
			t.Errorf("afterwards: %d %s", got.Status, got.Code)
		}
	})
}

// forgets says that an answer drops both cookies.
func forgets(a answer) bool {
	dropped := 0
	for _, c := range (&http.Response{Header: a.Header}).Cookies() {
		if c.Value == "" && c.Expires.Year() <= 1970 {
			dropped++
		}
	}
	return dropped == 2
}

func passwords(current, next string) string {
	b, err := json.Marshal(map[string]string{"current": current, "new": next})
	if err != nil {
		panic(err) // two strings
	}
	return string(b)
}

// otherSession is a session of the tab's person: the newest that is another one,
// else its own.
func otherSession(t *testing.T, b *tab) string {
	t.Helper()
	var found struct{ Items []handlers.Device }
	if err := json.Unmarshal(b.do("GET", "/api/sessions", "").Body, &found); err != nil || len(found.Items) == 0 {
		t.Fatalf("no devices: %v", err)
	}
	for _, d := range found.Items {
		if !d.Current {
			return string(d.ID)
		}
	}
	return string(found.Items[0].ID)
}

func TestARefreshTokenIsGoodOnce(t *testing.T) {
	w := apptest.New(t)
	t.Run("each use gives the next", func(t *testing.T) {
		b := tabOf(t, w, "hocvien")
		for range 3 {
			before := *b
			w.Pass(10 * time.Minute)
			if a := b.do("GET", "/api/me", ""); a.Status != 401 {
				t.Errorf("an access token of ten minutes ago answers %d", a.Status)
			}
			a := b.renew(b.refresh)
			if b.keep(a); a.Status != 200 || b.refresh == before.refresh || b.access == before.access {
				t.Fatalf("refreshing answers %d, new tokens %v %v", a.Status, b.refresh != before.refresh, b.access != before.access)
			}
			b.lives("after refreshing")
		}
	})
	t.Run("a second use within the grace is another tab", func(t *testing.T) {
		b := tabOf(t, w, "hocvien")
		first := b.refresh
		b.keep(b.renew(first))
		w.Pass(5 * time.Second)
		a := b.renew(first)
		if a.Status != 200 || a.cookie("access") == "" || a.cookie("refresh") != "" {
			t.Errorf("the other tab gets %d, access %v, refresh %v", a.Status, a.cookie("access") != "", a.cookie("refresh") != "")
		}
		if a := b.renew(b.refresh); a.Status != 200 {
			t.Errorf("the newest token then answers %d", a.Status)
		}
	})
	t.Run("a second use after the grace ends all of them", func(t *testing.T) {
		b := tabOf(t, w, "hocvien")
		first := b.refresh
		b.keep(b.renew(first))
		b.lives("before the second use")
		w.Pass(11 * time.Second)
		if a := b.renew(first); a.Status != 401 || a.cookie("access") != "" {
			t.Errorf("the old token answers %d", a.Status)
		}
		b.ended("after an old token was used again")
	})
	t.Run("one of two generations ago ends all at once", func(t *testing.T) {
		b := tabOf(t, w, "hocvien")
		first := b.refresh
		b.keep(b.renew(b.refresh))
		b.keep(b.renew(b.refresh))
		if a := b.renew(first); a.Status != 401 {
			t.Errorf("the oldest token answers %d", a.Status)
		}
		b.ended("after the oldest token was used again")
	})
	t.Run("two tabs at the same moment both go on", func(t *testing.T) { twoTabs(t, w) })
	t.Run("a forged one opens nothing", func(t *testing.T) {
		b := tabOf(t, w, "hocvien")
		id, _, _ := strings.Cut(b.refresh, ".")
		for _, forged := range []string{"", ".", "x", id, id + ".", nobodysID + ".AAAA", strings.Repeat("a", 2000)} {
			if a := b.renew(forged); a.Status != 401 {
				t.Errorf("%q answers %d %s", forged, a.Status, a.Code)
			}
		}
	})
}

func twoTabs(t *testing.T, w *apptest.World) {
	for range 5 {
		b := tabOf(t, w, "hocvien")
		answers := make([]answer, 4)
		var wg sync.WaitGroup
		for i := range answers {
			wg.Go(func() { answers[i] = b.renew(b.refresh) })
		}
		wg.Wait()
		news := 0
		for _, a := range answers {
			if a.Status != 200 || a.cookie("access") == "" {
				t.Errorf("a tab gets %d %s", a.Status, a.Code)
			}
			if a.cookie("refresh") != "" {
				news++
			}
			b.keep(a)
		}
		if news != 1 {
			t.Errorf("%d of four tabs got a new refresh token", news)
		}
		if a := b.renew(b.refresh); a.Status != 200 {
			t.Errorf("the one new token answers %d", a.Status)
		}
	}
}

func TestASessionDoesNotOutliveItsTerm(t *testing.T) {
	w := apptest.New(t)
	const day = 24 * time.Hour
	idle, used := tabOf(t, w, "hocvien"), tabOf(t, w, "tacgia")
	for _, days := range []int{10, 20} {
		w.Pass(10 * day)
		a := used.renew(used.refresh)
		if used.keep(a); a.Status != 200 {
			t.Errorf("in use, after %d days: %d", days, a.Status)
		}
	}
	idle.ended("after 20 idle days")
	idle = tabOf(t, w, "hocvien")
	w.Pass(10 * day)
	used.ended("in use, after 30 days")
	if a := idle.renew(idle.refresh); a.Status != 200 {
		t.Errorf("after 10 idle days: %d", a.Status)
	}
}
