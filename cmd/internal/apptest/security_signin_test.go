package apptest_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"haidang/cmd/internal/apptest"
	"haidang/cmd/internal/demo"
	"haidang/courses"
	"haidang/courses/access"
	"haidang/handlers"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/bson"
)

// newAccount has HR make a person with an account in a unit.
func newAccount(t *testing.T, w *apptest.World, unit courses.UnitID, username string) (courses.PersonID, handlers.FirstPassword) {
	t.Helper()
	hr := w.SignIn(t, "nhansu")
	var p handlers.Person
	hr.Must("POST", "/api/people", map[string]any{
		"fullName": "Vũ Thị Mới", "gender": "female", "category": "cong_chuc",
		"posting": map[string]any{"unit": unit, "position": "CM-NV", "kind": "permanent", "from": "2026-01-01"},
	}, &p)
	var first handlers.FirstPassword
	hr.Must("POST", "/api/people/"+string(p.ID)+"/login", map[string]any{"username": username}, &first)
	return p.ID, first
}

func TestAFirstPasswordOpensNothingButItsChange(t *testing.T) {
	w := apptest.New(t)
	_, first := newAccount(t, w, "11948", "vtmoi")
	c := w.Client(t)
	var me handlers.Me
	c.Must("POST", "/api/session", map[string]string{"username": "vtmoi", "password": first.Password}, &me)
	if !me.MustChangePassword {
		t.Error("nobody says that the password has to be changed")
	}
	allowed := []string{"me", "changePassword", "signIn", "refreshSession", "signOut", "ledgerHead", "openSharedRecord", "verifyCertificate"}
	refused := 0
	for _, r := range describedRoutes(t, w) {
		if slices.Contains(allowed, r.ID) {
			continue
		}
		refused++
		for _, path := range []string{filled(r.Path), filled(r.Path) + "/"} {
			if a := ask(t, c.HTTP, r.Method, w.URL+path, ""); a.Status != 403 || a.Code != "access.password_change_needed" {
				t.Errorf("%s %s answers %d %s", r.Method, path, a.Status, a.Code)
			}
		}
	}
	if refused < 30 {
		t.Errorf("only %d routes were tried", refused)
	}
	if a := ask(t, c.HTTP, "GET", w.URL+"/media/"+nobodysID+"/source", ""); a.Status != 403 {
		t.Errorf("media answers %d", a.Status)
	}
	c.Must("GET", "/api/me", nil, nil)
	c.Must("POST", "/api/session/refresh", nil, nil)
	for next, code := range map[string]string{
		first.Password: "access.password_same", "ngắn": "access.password_length", "matkhau123456789": "access.password_guessable", "vtmoi12345678901": "access.password_guessable",
	} {
		if status, got := c.Do("PUT", "/api/password", map[string]string{"current": first.Password, "new": next}, nil); status != 422 || got != code {
			t.Errorf("%q answers %d %s, want %s", next, status, got, code)
		}
	}
	if status, _ := c.Do("GET", "/api/courses", nil, nil); status != 403 {
		t.Errorf("after changes that were refused, the catalogue answers %d", status)
	}
	c.Must("PUT", "/api/password", map[string]string{"current": first.Password, "new": "trời xanh mây trắng bay"}, nil)
	c.Must("GET", "/api/courses", nil, nil)
	if status, _ := w.Client(t).Do("POST", "/api/session", map[string]string{"username": "vtmoi", "password": first.Password}, nil); status != 401 {
		t.Errorf("the first password still opens: %d", status)
	}
}

// tries signs in and gives the answer.
func tries(t *testing.T, w *apptest.World, client *http.Client, username, password string) answer {
	t.Helper()
	return ask(t, client, "POST", w.URL+"/api/session", signInBody(username, password))
}

func TestFailedTries(t *testing.T) {
	w := apptest.New(t)
	t.Run("are throttled by account and address", func(t *testing.T) { throttledHere(t, w) })
	t.Run("throttle an account across addresses but never for long", func(t *testing.T) { throttledElsewhere(t, w) })
	t.Run("do not tell whether there is such an account", func(t *testing.T) { wrongAndUnknown(t, w) })
}

// fails tries a wrong password n times, after the free ones each time when the
// wait is over.
func fails(t *testing.T, w *apptest.World, username string, n, free int, client func(i int) *http.Client) {
	t.Helper()
	for i := range n {
		if i >= free {
			w.Pass(time.Second << (i - free))
		}
		if a := tries(t, w, client(i), username, "wrong password"); a.Status != 401 || a.Code != "access.wrong_password" {
			t.Fatalf("try %d answers %d %s", i+1, a.Status, a.Code)
		}
	}
}

// waits checks that somebody is sent away for about so long, even with the right
// password.
func waits(t *testing.T, w *apptest.World, client *http.Client, username string, least, most int) {
	t.Helper()
	for _, password := range []string{"wrong password", demo.Password} {
		a := tries(t, w, client, username, password)
		wait, err := strconv.Atoi(a.Header.Get("Retry-After"))
		if a.Status != 429 || a.Code != "access.throttled" || err != nil || wait < least || wait > most {
			t.Errorf("with %q: %d %s, Retry-After %q", password, a.Status, a.Code, a.Header.Get("Retry-After"))
		}
	}
}

func throttledHere(t *testing.T, w *apptest.World) {
	here, there := from(t, "127.0.0.1"), from(t, "127.0.0.2")
	fails(t, w, "hocvien", 10, 5, func(int) *http.Client { return here })
	waits(t, w, here, "hocvien", 12, 33)
	if a := tries(t, w, here, "tacgia", demo.Password); a.Status != 200 {
		t.Errorf("a colleague at the same address: %d %s", a.Status, a.Code)
	}
	if a := tries(t, w, there, "hocvien", "wrong password"); a.Status != 401 {
		t.Errorf("the account at another address: %d %s", a.Status, a.Code)
	}
	w.Pass(32 * time.Second)
	if a := tries(t, w, here, "hocvien", demo.Password); a.Status != 200 {
		t.Errorf("with the password, after the wait: %d %s", a.Status, a.Code)
	}
	fails(t, w, "hocvien", 5, 5, func(int) *http.Client { return here }) // a success forgets the failures before it
}

func throttledElsewhere(t *testing.T, w *apptest.World) {
	fails(t, w, "thamdinh", 26, 20, func(i int) *http.Client { return from(t, fmt.Sprintf("127.0.1.%d", 1+i/4)) })
	fresh := from(t, "127.0.2.1")
	waits(t, w, fresh, "thamdinh", 20, 61)
	w.Pass(time.Minute)
	if a := tries(t, w, fresh, "thamdinh", demo.Password); a.Status != 200 {
		t.Errorf("a minute later: %d %s", a.Status, a.Code)
	}
}

func wrongAndUnknown(t *testing.T, w *apptest.World) {
	same := func(username string) string {
		t.Helper()
		a := tries(t, w, stranger, username, "wrong password")
		var p handlers.Problem
		if err := json.Unmarshal(a.Body, &p); err != nil {
			t.Fatal(err)
		}
		p.RequestID = ""
		for _, name := range []string{"Date", "X-Request-Id", "Retry-After"} {
			a.Header.Del(name)
		}
		headers := slices.Sorted(maps.Keys(a.Header))
		for i, name := range headers {
			headers[i] = name + "=" + a.Header.Get(name)
		}
		return fmt.Sprint(a.Status, p, headers)
	}
	for i := range 5 {
		if wrong, unknown := same("lanhdao"), same("nobody."); wrong != unknown || !strings.HasPrefix(wrong, "401") {
			t.Errorf("try %d:\n%s\n%s", i+1, wrong, unknown)
		}
	}
	// Both were counted; a later moment of the last failure keeps them waiting.
	failures := w.App.DB.Raw().Collection("failures")
	result, err := failures.UpdateMany(t.Context(), bson.M{"_id": bson.M{"$in": bson.A{"both:lanhdao@127.0.0.1", "both:nobody.@127.0.0.1"}}, "count": 5},
		bson.M{"$set": bson.M{"last": w.App.Now().Add(time.Minute)}})
	if err != nil || result.ModifiedCount != 2 {
		t.Fatalf("%+v, %v", result, err)
	}
	if wrong, unknown := same("lanhdao"), same("nobody."); wrong != unknown || !strings.HasPrefix(wrong, "429") {
		t.Errorf("throttled:\n%s\n%s", wrong, unknown)
	}
}

func TestAnAccountThatNobodyUsedFor45DaysIsClosed(t *testing.T) {
	w := apptest.New(t)
	const day = 24 * time.Hour
	w.Pass(44 * day)
	for _, username := range []string{"nhansu", "lanhdao"} {
		tabOf(t, w, username)
	}
	w.Pass(2 * day)
	if a := tries(t, w, stranger, "hocvien", demo.Password); a.Status != 403 || a.Code != "access.disabled" {
		t.Errorf("after 46 days without use: %d %s", a.Status, a.Code)
	}
	if a := tries(t, w, stranger, "hocvien", "wrong password"); a.Status != 401 || a.Code != "access.wrong_password" {
		t.Errorf("that it is closed shows without its password: %d %s", a.Status, a.Code)
	}
	tabOf(t, w, "lanhdao").lives("of one used two days ago")
	var learner struct {
		Person string `bson:"person"`
	}
	if err := w.App.DB.Raw().Collection("logins").FindOne(t.Context(), bson.M{"username": "hocvien"}).Decode(&learner); err != nil {
		t.Fatal(err)
	}
	var first handlers.FirstPassword
	w.SignIn(t, "nhansu").Must("POST", "/api/people/"+learner.Person+"/login", map[string]any{"username": "hocvien"}, &first)
	if a := tries(t, w, stranger, "hocvien", first.Password); a.Status != 200 {
		t.Errorf("opened again by HR: %d %s", a.Status, a.Code)
	}
}

// meanwhile is the real store, with something done between the reading of a login
// and what is decided on it.
type meanwhile struct {
	access.Store
	then func()
}

func (m meanwhile) Login(ctx context.Context, username string) (access.Login, error) {
	login, err := m.Store.Login(ctx, username)
	m.then()
	return login, err
}

func (m meanwhile) LoginOf(ctx context.Context, person courses.PersonID) (access.Login, error) {
	login, err := m.Store.LoginOf(ctx, person)
	m.then()
	return login, err
}

// beside is a second server over the same database that is slow.
func beside(w *apptest.World, then func()) *access.Service {
	people := w.App.Services.Staff
	return access.NewService(meanwhile{w.App.DB.Access(), then}, people, people, w.App.Now)
}

func TestWhatHappensMeanwhileIsNotUndone(t *testing.T) {
	w := apptest.New(t)
	t.Run("a password changed during a sign-in stays changed", func(t *testing.T) { changedDuringSignIn(t, w) })
	t.Run("an account closed during a password change stays closed", func(t *testing.T) { closedDuringChange(t, w) })
}

func changedDuringSignIn(t *testing.T, w *apptest.World) {
	owner := w.SignIn(t, "hocvien")
	var me handlers.Me
	owner.Must("GET", "/api/me", nil, &me)
	thief := beside(w, func() {
		owner.Must("PUT", "/api/password", map[string]string{"current": demo.Password, "new": "trời xanh mây trắng bay"}, nil)
	})
	if _, err := thief.SignIn(t.Context(), "hocvien", demo.Password, access.Device{}); !errors.Is(err, courses.ErrConflict) {
		t.Errorf("the old password opens: %v", err)
	}
	sessions, err := w.App.Services.Access.Sessions(t.Context(), courses.Actor{Person: me.PersonID})
	if err != nil || len(sessions) != 1 {
		t.Errorf("%d sessions besides the owner's, %v", len(sessions)-1, err)
	}
	owner.Must("GET", "/api/me", nil, nil)
	for password, want := range map[string]int{demo.Password: 401, "trời xanh mây trắng bay": 200} {
		if a := tries(t, w, stranger, "hocvien", password); a.Status != want {
			t.Errorf("%q then answers %d %s", password, a.Status, a.Code)
		}
	}
}

func closedDuringChange(t *testing.T, w *apptest.World) {
	var me handlers.Me
	w.SignIn(t, "tacgia").Must("GET", "/api/me", nil, &me)
	logins := w.App.DB.Raw().Collection("logins")
	thief := beside(w, func() {
		if _, err := logins.UpdateOne(t.Context(), bson.M{"username": "tacgia"}, bson.M{"$set": bson.M{"disabled": true}}); err != nil {
			t.Fatal(err)
		}
	})
	err := thief.ChangePassword(t.Context(), courses.Actor{Person: me.PersonID}, demo.Password, "trời xanh mây trắng bay")
	if !errors.Is(err, courses.ErrConflict) {
		t.Errorf("the change answers %v", err)
	}
	if n, err := logins.CountDocuments(t.Context(), bson.M{"username": "tacgia", "disabled": true}); n != 1 || err != nil {
		t.Errorf("the account is open again: %d, %v", n, err)
	}
}
