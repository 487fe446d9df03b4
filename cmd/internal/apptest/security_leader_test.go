package apptest_test

import (
	"encoding/json"
	"fmt"
	"haidang/cmd/internal/apptest"
	"haidang/courses"
	"haidang/handlers"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"testing"

	"go.mongodb.org/mongo-driver/bson"
)

// islanders are those posted on the island on a day; with homeOnly, at home there.
// The island's rooms have codes that begin with its own, and none of them moved.
func (o oracle) islanders(day courses.Date, homeOnly bool) map[courses.PersonID]bool {
	found := map[courses.PersonID]bool{}
	for id, p := range o.people {
		for _, x := range p.Postings {
			here := x.Unit == island || strings.HasPrefix(string(x.Unit), string(island)+".")
			away := homeOnly && (x.Kind == "concurrent" || x.Kind == "secondment")
			if here && !away && onDay(day, x.From, x.To) {
				found[id] = true
			}
		}
	}
	return found
}

// leader asks as the leader of the island and checks what comes.
type leader struct {
	t      *testing.T
	w      *apptest.World
	c      *apptest.Client
	o      oracle
	random *rand.Rand
	ids    []courses.PersonID
	units  []courses.UnitID
	self   courses.PersonID
	seen   map[string]*count
}

func TestALeaderIsNeverShownAnybodyElsewhereInTwoThousandRequests(t *testing.T) {
	w := apptest.New(t)
	random := rand.New(rand.NewPCG(2, 129))
	islandStays(t, w, random)
	l := &leader{
		t: t, w: w, c: w.SignIn(t, "lanhdao"), o: newOracle(t, w), random: random, self: personOf(t, w, "lanhdao"),
		seen: map[string]*count{"person": {}, "record": {}, "list": {}, "report": {}, "figures": {}},
	}
	for id := range l.o.people {
		l.ids = append(l.ids, id)
	}
	slices.Sort(l.ids)
	l.units = []courses.UnitID{"", "", island, island + ".VP", island + ".DU", ward, "HP", "NOWHERE"}
	for unit := range l.o.parent {
		l.units = append(l.units, unit)
	}
	slices.Sort(l.units[8:])
	requests := []func(){l.person, l.record, l.list, l.report, l.figures}
	for i := range 2_500 {
		requests[i%len(requests)]()
	}
	for what, c := range l.seen {
		t.Logf("%s: %+v", what, *c)
		if c.allowed < 20 || c.refused < 20 {
			t.Errorf("%s: %+v: too few of one sort to show anything", what, *c)
		}
	}
	l.sheet()
}

// islandStays adds disorder, and takes back what it did to the island's rooms, so
// that their codes tell where they are.
func islandStays(t *testing.T, w *apptest.World, random *rand.Rand) {
	t.Helper()
	disorder(t, w, random, 300)
	units := w.App.DB.Raw().Collection("units")
	rooms := bson.M{"code": bson.M{"$regex": `^` + string(island) + `\.`}}
	if _, err := units.DeleteMany(t.Context(), bson.M{"$and": bson.A{rooms, bson.M{"from": bson.M{"$ne": "2025-07-01"}}}}); err != nil {
		t.Fatal(err)
	}
	if _, err := units.UpdateMany(t.Context(), rooms, bson.M{"$unset": bson.M{"to": 1}}); err != nil {
		t.Fatal(err)
	}
	// Nor does anything foreign lie below the island now.
	if _, err := units.DeleteMany(t.Context(), bson.M{"code": bson.M{"$not": bson.M{"$regex": `^` + string(island)}}, "parent": bson.M{"$regex": `^` + string(island)}}); err != nil {
		t.Fatal(err)
	}
	w.Pass(6_000_000_000) // the tree is read again
}

func (l *leader) someone() courses.PersonID {
	if l.random.IntN(3) > 0 {
		return l.ids[l.random.IntN(len(l.ids))]
	}
	mine := []courses.PersonID{}
	for id := range l.o.islanders(l.o.day, false) {
		mine = append(mine, id)
	}
	slices.Sort(mine)
	return mine[l.random.IntN(len(mine))]
}

// one asks about one person and checks that the answer is about that one, and
// given exactly when the person is here today.
func (l *leader) one(what, path string, into func(body []byte) (courses.PersonID, error)) {
	l.t.Helper()
	id := l.someone()
	a := ask(l.t, l.c.HTTP, "GET", l.w.URL+fmt.Sprintf(path, id), "")
	l.seen[what].add(a.Status == 200)
	if here := l.o.islanders(l.o.day, false)[id] || id == l.self; (a.Status == 200) != here {
		l.t.Fatalf("%s of %+v answers %d", what, l.o.people[id], a.Status)
	}
	if a.Status == 200 {
		if shown, err := into(a.Body); err != nil || shown != id {
			l.t.Fatalf("%s of %s shows %s, %v", what, id, shown, err)
		}
	}
}

func (l *leader) person() {
	l.one("person", "/api/people/%s", func(b []byte) (courses.PersonID, error) {
		var p handlers.Person
		err := json.Unmarshal(b, &p)
		return p.ID, err
	})
}

func (l *leader) record() {
	l.one("record", "/api/people/%s/record", func(b []byte) (courses.PersonID, error) {
		var r handlers.RecordView
		err := json.Unmarshal(b, &r)
		for _, e := range r.Entries {
			entry := bson.M{"_id": e.ID, "person": r.Person.ID}
			if n, err := l.w.App.DB.Raw().Collection("completions").CountDocuments(l.t.Context(), entry); n != 1 || err != nil {
				return "", fmt.Errorf("entry %s is somebody else's (%w)", e.ID, err)
			}
		}
		return r.Person.ID, err
	})
}

// many checks that a page shows only people who are here.
func (l *leader) many(what string, a answer, unit courses.UnitID, here map[courses.PersonID]bool, ids []courses.PersonID) {
	l.t.Helper()
	l.seen[what].add(a.Status == 200)
	own := unit == "" || unit == island || strings.HasPrefix(string(unit), string(island)+".")
	if (a.Status == 200) != own {
		l.t.Fatalf("%s of %q answers %d %s", what, unit, a.Status, a.Code)
	}
	for _, id := range ids {
		if !here[id] {
			l.t.Fatalf("%s of %q shows %+v", what, unit, l.o.people[id])
		}
	}
}

func (l *leader) unit() courses.UnitID {
	if l.random.IntN(2) == 0 {
		return l.units[l.random.IntN(5)]
	}
	return l.units[l.random.IntN(len(l.units))]
}

func (l *leader) list() {
	unit := l.unit()
	query := url.Values{"unit": {string(unit)}, "limit": {fmt.Sprint(1 + l.random.IntN(100))}}
	query.Set("q", []string{"", "", "v", "thu", "nguyen", "vu thu", ".*", "^"}[l.random.IntN(8)])
	query.Set("after", []string{"", "", "", ".", "a.", "zzz.zzz"}[l.random.IntN(6)])
	a := ask(l.t, l.c.HTTP, "GET", l.w.URL+"/api/people?"+query.Encode(), "")
	var page struct{ Items []handlers.PersonSummary }
	if a.Status == 200 {
		if err := json.Unmarshal(a.Body, &page); err != nil {
			l.t.Fatal(err)
		}
	}
	ids := make([]courses.PersonID, len(page.Items))
	for i, p := range page.Items {
		ids[i] = p.ID
	}
	l.many("list", a, unit, l.o.islanders(l.o.day, false), ids)
}

func (l *leader) report() {
	unit := l.unit()
	if unit == "" {
		unit = island
	}
	period := courses.Period([]string{"2026", "2026-H1", "2026-Q3", "2026-08", "2026-12", "2025"}[l.random.IntN(6)])
	_, last := period.Range()
	a := ask(l.t, l.c.HTTP, "GET", l.w.URL+"/api/reports/units/"+string(unit)+"/people?limit=100&period="+string(period), "")
	var page struct{ Items []handlers.PersonFigures }
	if a.Status == 200 {
		if err := json.Unmarshal(a.Body, &page); err != nil {
			l.t.Fatal(err)
		}
	}
	ids := make([]courses.PersonID, len(page.Items))
	for i, p := range page.Items {
		ids[i] = p.Person.ID
	}
	l.many("report", a, unit, l.o.islanders(last, true), ids)
}

func (l *leader) figures() {
	unit := l.unit()
	var report handlers.Bc01
	l.c.Must("GET", "/api/reports/bc01?period=2026&unit="+string(unit), nil, &report)
	l.seen["figures"].add(len(report.Rows) > 0)
	for _, row := range report.Rows {
		if row.Unit != island {
			l.t.Fatalf("the report on %q shows %s", unit, row.Unit)
		}
	}
}

// sheet reads the list of people as a sheet: these and no others are at home here.
func (l *leader) sheet() {
	l.t.Helper()
	var got, want []string
	for _, row := range sheetRows(l.t, l.w, l.c, "/api/reports/people.xlsx?period=2026") {
		if len(row) > 7 && strings.Trim(row[0], "0123456789") == "" {
			got = append(got, row[1])
		}
	}
	for id := range l.o.islanders("2026-12-31", true) {
		want = append(want, l.o.people[id].FullName)
	}
	slices.Sort(got)
	slices.Sort(want)
	if len(want) < 10 || !slices.Equal(got, want) {
		l.t.Errorf("the sheet names %d people, want %d:\n%v\n%v", len(got), len(want), got, want)
	}
}
