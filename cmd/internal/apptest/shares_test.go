package apptest_test

import (
	"encoding/json"
	"fmt"
	"haidang/cmd/internal/apptest"
	"haidang/courses"
	"haidang/courses/records"
	"haidang/handlers"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/bson"
)

const noShare = "404 access.no_such_share"

// shared opens a link as somebody without an account does.
func shared(t *testing.T, w *apptest.World, secret, after string) (answer, handlers.SharedRecord) {
	t.Helper()
	in, err := json.Marshal(map[string]string{"secret": secret, "after": after})
	if err != nil {
		t.Fatal(err)
	}
	a, r := ask(t, stranger, "POST", w.URL+"/api/record/shared", string(in)), handlers.SharedRecord{}
	if a.Status == 200 {
		if err := json.Unmarshal(a.Body, &r); err != nil {
			t.Fatal(err)
		}
	}
	return a, r
}

// learnt adds completions to a person's record, one a day up to now.
func learnt(t *testing.T, w *apptest.World, person courses.PersonID, n int) {
	t.Helper()
	for i := range n {
		at := w.App.Now().AddDate(0, 0, -i)
		err := w.App.Services.Records.Add(t.Context(), records.Completion{
			ID: courses.NewID[courses.CompletionID](at), Person: person, CourseCode: fmt.Sprintf("HS-%02d", i), CourseTitle: fmt.Sprintf("Hòa giải ở cơ sở %d", i),
			IssuerName: "Sở Tư pháp", Knowledge: "vi_tri_viec_lam", Tiet: 2, StartedAt: at, CompletedAt: at,
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestASharedRecordOpensUntilItIsTakenBackOrEnds(t *testing.T) {
	w := apptest.New(t)
	learner, other := w.SignIn(t, "hocvien"), w.SignIn(t, "lanhdao")
	learnt(t, w, personOf(t, w, "hocvien"), 30)
	made := func(body map[string]any) (m handlers.MadeShare) {
		learner.Must("POST", "/api/record/shares", body, &m)
		return m
	}
	forMonth, forWeek := made(map[string]any{"label": "Phòng Nội vụ"}), made(map[string]any{"days": 7})
	if got := forMonth.Share.EndsAt.Sub(forMonth.Share.MadeAt); got != 30*24*time.Hour || len(forMonth.Secret) < 52 {
		t.Errorf("it ends after %v and has a secret of %d letters", got, len(forMonth.Secret))
	}

	a, r := shared(t, w, forMonth.Secret, "")
	var me handlers.Me
	learner.Must("GET", "/api/me", nil, &me)
	if r.FullName != me.FullName || r.UnitName != me.UnitName || len(r.Entries) != 25 || r.Next == "" {
		t.Fatalf("it shows %s", a.Body)
	}
	if a.Header.Get("Cache-Control") != "no-store" || strings.Contains(string(a.Body), string(me.PersonID)) || strings.Contains(string(a.Body), me.Username) {
		t.Errorf("it is kept, or tells more than the record: %v", a.Header)
	}
	if _, rest := shared(t, w, forMonth.Secret, r.Next); len(rest.Entries) != 5 {
		t.Errorf("%d entries come after the first page", len(rest.Entries))
	}
	if n, err := w.App.DB.Raw().Collection("shares").CountDocuments(t.Context(), bson.M{"hash": forMonth.Secret}); err != nil || n != 0 {
		t.Errorf("the secret itself is stored, %v", err)
	}

	var links struct{ Items []handlers.RecordShare }
	learner.Must("GET", "/api/record/shares", nil, &links)
	if len(links.Items) != 2 || links.Items[0].OpenedAt != nil || links.Items[1].OpenedAt == nil || links.Items[1].Label != "Phòng Nội vụ" {
		t.Errorf("the list is %+v", links.Items)
	}
	if status, code := other.Do("DELETE", "/api/record/shares/"+string(forMonth.Share.ID), nil, nil); status != 404 {
		t.Errorf("another takes it back: %d %s", status, code)
	}
	other.Must("GET", "/api/record/shares", nil, &links)
	if len(links.Items) != 0 {
		t.Errorf("another sees %+v", links.Items)
	}
	learner.Must("DELETE", "/api/record/shares/"+string(forMonth.Share.ID), nil, nil)
	for what, secret := range map[string]string{"taken back": forMonth.Secret, "unknown": strings.Repeat("A", 52), "its id": string(forWeek.Share.ID), "cut": forWeek.Secret[:51]} {
		if a, _ := shared(t, w, secret, ""); fmt.Sprintf("%d %s", a.Status, a.Code) != noShare {
			t.Errorf("a link that is %s answers %d %s", what, a.Status, a.Code)
		}
	}
	w.Pass(7*24*time.Hour - time.Minute)
	if a, _ := shared(t, w, forWeek.Secret, ""); a.Status != 200 {
		t.Errorf("a minute before it ends it answers %d %s", a.Status, a.Code)
	}
	w.Pass(time.Minute)
	if a, _ := shared(t, w, forWeek.Secret, ""); fmt.Sprintf("%d %s", a.Status, a.Code) != noShare {
		t.Errorf("ended it answers %d %s", a.Status, a.Code)
	}
}

func TestNobodyHasMoreThanTenLinks(t *testing.T) {
	w := apptest.New(t)
	learner := w.SignIn(t, "hocvien")
	var made handlers.MadeShare
	learner.Must("POST", "/api/record/shares", map[string]any{"days": 7}, &made)
	var wg sync.WaitGroup
	answers := make([]int, 15)
	for i := range answers { // at the same moment
		wg.Go(func() { answers[i], _ = learner.Do("POST", "/api/record/shares", map[string]any{}, nil) })
	}
	wg.Wait()
	count := map[int]int{}
	for _, status := range answers {
		count[status]++
	}
	if count[200] != 9 || count[409] != 6 {
		t.Errorf("of fifteen more the answers are %v", count)
	}
	if status, code := learner.Do("POST", "/api/record/shares", map[string]any{}, nil); code != "access.too_many_shares" {
		t.Errorf("an eleventh answers %d %s", status, code)
	}
	w.Pass(8 * 24 * time.Hour) // one ends and makes room for one
	learner = w.SignIn(t, "hocvien")
	learner.Must("POST", "/api/record/shares", map[string]any{}, nil)
	if status, code := learner.Do("POST", "/api/record/shares", map[string]any{}, nil); code != "access.too_many_shares" {
		t.Errorf("an eleventh answers %d %s", status, code)
	}
	refusedInputs := []map[string]any{{"days": 31}, {"days": -1}, {"label": strings.Repeat("x", 81)}, {"person": "p"}}
	for _, in := range refusedInputs {
		if status, code := learner.Do("POST", "/api/record/shares", in, nil); status != 422 {
			t.Errorf("%v answers %d %s", in, status, code)
		}
	}
}

func TestWhoTriesLinksWaitsAndAClosedAccountSharesNothing(t *testing.T) {
	w := apptest.New(t)
	learner := w.SignIn(t, "hocvien")
	var made handlers.MadeShare
	learner.Must("POST", "/api/record/shares", map[string]any{}, &made)
	for i := range 100 {
		if a, _ := shared(t, w, fmt.Sprintf("unknown-%d", i), ""); a.Code != "access.no_such_share" {
			t.Fatalf("try %d answers %d %s", i, a.Status, a.Code)
		}
	}
	if a, _ := shared(t, w, made.Secret, ""); a.Status != http.StatusTooManyRequests || a.Header.Get("Retry-After") == "" {
		t.Errorf("after a hundred unknown ones it answers %d %s", a.Status, a.Code)
	}
	w.Pass(5 * time.Second)
	if a, _ := shared(t, w, made.Secret, ""); a.Status != 200 {
		t.Errorf("after the wait it answers %d %s", a.Status, a.Code)
	}
	if _, err := w.App.DB.Raw().Collection("logins").UpdateOne(t.Context(), bson.M{"username": "hocvien"}, bson.M{"$set": bson.M{"disabled": true}}); err != nil {
		t.Fatal(err)
	}
	if a, _ := shared(t, w, made.Secret, ""); a.Code != "access.no_such_share" {
		t.Errorf("of a closed account it answers %d %s", a.Status, a.Code)
	}
}

func TestARecordIsFilteredByPeriodKindAndWords(t *testing.T) {
	w := apptest.New(t)
	person := personOf(t, w, "hocvien")
	learnt(t, w, person, 30)
	at := w.App.Now().AddDate(-2, 0, 0)
	err := w.App.Services.Records.Add(t.Context(), records.Completion{
		ID: courses.NewID[courses.CompletionID](at), Person: person, CourseCode: "NN-01", CourseTitle: "Tiếng Anh giao tiếp", IssuerName: "Sở Nội vụ",
		Knowledge: "ngoai_ngu", Tiet: 8, StartedAt: at, CompletedAt: at,
	})
	if err != nil {
		t.Fatal(err)
	}
	learner := w.SignIn(t, "hocvien")
	count := func(query string) (n int) {
		for after := ""; ; {
			var r handlers.RecordView
			learner.Must("GET", "/api/record?limit=10"+query+after, nil, &r)
			if n += len(r.Entries); r.Next == "" {
				return n
			}
			after = "&after=" + r.Next
		}
	}
	all := count("")
	for query, want := range map[string]int{
		"&knowledge=ngoai_ngu": 1, "&q=tieng+anh": 1, "&q=HOA+giai": 30, "&q=hs-07": 1, "&q=tu+phap+hoa": 30, "&q=khong+co": 0,
		"&period=" + at.Format("2006"): 1, "&period=" + at.Format("2006") + "&q=hoa": 0, "&period=1999": 0,
	} {
		if got := count(query); got != want {
			t.Errorf("%s finds %d of %d, want %d", query, got, all, want)
		}
	}
	if status, code := learner.Do("GET", "/api/record?period=now", nil, nil); code != "courses.bad_period" {
		t.Errorf("a bad period answers %d %s", status, code)
	}
}
