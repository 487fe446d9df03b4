package apptest_test

import (
	"fmt"
	"haidang/cmd/internal/apptest"
	"haidang/cmd/internal/demo"
	"haidang/courses"
	"haidang/courses/access"
	"haidang/courses/staff"
	"haidang/handlers"
	"strings"
	"testing"

	"go.mongodb.org/mongo-driver/bson"
)

func TestNobodyGetsPowersThatWereNotGiven(t *testing.T) {
	w := office(t)
	t.Run("by resetting a password", func(t *testing.T) { resetsAreRefused(t, w) })
	t.Run("by giving roles", func(t *testing.T) { grantsStayWithin(t, w) })
	t.Run("by moving people", func(t *testing.T) { hostsTakeNobodyAway(t, w) })
	t.Run("by asking whether somebody exists", func(t *testing.T) { strangersDoNotExist(t, w) })
	t.Run("by a posting or a unit that is over", func(t *testing.T) { leaversBelongToTheCity(t, w) })
	t.Run("by dates that are none", func(t *testing.T) { datesAreDates(t, w) })
	t.Run("by a loop of units to come", func(t *testing.T) { loopsToComeAreRefused(t, w) })
}

func resetsAreRefused(t *testing.T, w *apptest.World) {
	role := func(r courses.Role, unit courses.UnitID, from courses.Date) staff.Grant {
		return staff.Grant{ID: courses.NewID[courses.GrantID](w.App.Now()), Role: r, Unit: unit, From: from}
	}
	const outranked = "403 staff.outranked"
	for _, c := range []struct {
		name     string
		grants   []staff.Grant
		by       string
		expected string
	}{
		{"of nobody in particular", nil, "nhansu.dao", "200 "},
		{"of their leader", []staff.Grant{role(courses.Leader, island, "2026-01-01")}, "nhansu.dao", "200 "},
		{"of the city's administrator", []staff.Grant{role(courses.Administrator, demo.City, "2026-01-01")}, "nhansu.dao", outranked},
		{"of their administrator", []staff.Grant{role(courses.Administrator, island, "2026-01-01")}, "nhansu.dao", outranked},
		{"of an administrator to come", []staff.Grant{role(courses.Administrator, island, "2027-01-01")}, "nhansu.dao", outranked},
		{"of an administrator that was", []staff.Grant{{ID: "x", Role: courses.Administrator, Unit: island, From: "2026-01-01", To: "2026-11-23"}}, "nhansu.dao", "200 "},
		{"of HR elsewhere", []staff.Grant{role(courses.HR, ward, "2026-01-01")}, "nhansu.dao", outranked},
		{"of the city's HR", []staff.Grant{role(courses.HR, demo.City, "2026-01-01")}, "quantri.dao", outranked},
		{"of their HR", []staff.Grant{role(courses.HR, island, "2026-01-01")}, "quantri.dao", "200 "},
		{"of the city's administrator", []staff.Grant{role(courses.Administrator, demo.City, "2026-01-01")}, "nhansu", outranked},
		{"of an author", []staff.Grant{role(courses.Author, home, "2026-01-01")}, "nhansu", outranked},
		{"of the city's HR", []staff.Grant{role(courses.HR, demo.City, "2026-01-01")}, "quantri", "200 "},
		{"of two roles, one of them more", []staff.Grant{role(courses.Leader, island, "2026-01-01"), role(courses.Publisher, island, "2026-01-01")}, "nhansu.dao", outranked},
	} {
		p := somebodyIn(t, w, island, c.grants...)
		username := strings.ReplaceAll(string(p.ID), "-", "")
		if err := w.App.Services.Access.Import(t.Context(), []access.NewLogin{{Person: p.ID, Username: username, Password: demo.Password}}); err != nil {
			t.Fatal(err)
		}
		path := "/api/people/" + string(p.ID) + "/login"
		if got := said(t, w, w.SignIn(t, c.by), "POST", path, map[string]any{"username": username}); got != c.expected {
			t.Errorf("%s resets the password %s: %q, want %q", c.by, c.name, got, c.expected)
		}
		want := map[bool]int{true: 200, false: 401}[c.expected == outranked]
		if a := tries(t, w, stranger, username, demo.Password); a.Status != want {
			t.Errorf("%s, %s: the password before answers %d, want %d", c.by, c.name, a.Status, want)
		}
	}
	for _, username := range []string{"nhansu", "quantri", "nhansu.dao"} {
		path := "/api/people/" + string(personOf(t, w, username)) + "/login"
		if got := said(t, w, w.SignIn(t, username), "POST", path, map[string]any{"username": username}); got != outranked {
			t.Errorf("%s resets the own password without the old one: %q", username, got)
		}
	}
}

func grantsStayWithin(t *testing.T, w *apptest.World) {
	admin := w.SignIn(t, "quantri.dao")
	own, foreign := somebodyIn(t, w, island), somebodyIn(t, w, ward)
	give := func(p courses.PersonID, role courses.Role, unit courses.UnitID) string {
		return said(t, w, admin, "POST", "/api/people/"+string(p)+"/grants", map[string]any{"role": role, "unit": unit, "from": "2026-01-01"})
	}
	for _, unit := range []courses.UnitID{demo.City, ward, home, "NOWHERE"} {
		if got := give(own.ID, courses.Leader, unit); got != forbidden {
			t.Errorf("the island's administrator gives a role over %s: %q", unit, got)
		}
	}
	if got := give(own.ID, courses.Leader, island+".VP"); got != "200 " {
		t.Errorf("a role over one of the island's rooms: %q", got)
	}
	// The answer would show all of the person.
	for _, p := range []courses.PersonID{foreign.ID, nobodysID} {
		if got := give(p, courses.Leader, island); got != forbidden {
			t.Errorf("a role for somebody elsewhere: %q", got)
		}
	}
	self := personOf(t, w, "quantri.dao")
	if got := give(self, courses.HR, island); got != "403 staff.own_roles" {
		t.Errorf("a role for oneself: %q", got)
	}
	if got := said(t, w, admin, "DELETE", "/api/people/"+string(self)+"/grants/g-quantri.dao", nil); got != "403 staff.own_roles" {
		t.Errorf("one's own role taken back: %q", got)
	}
	takenBackWhereItWasGiven(t, w, admin)
}

// takenBackWhereItWasGiven looks at roles over the island of people who have left it.
func takenBackWhereItWasGiven(t *testing.T, w *apptest.World, admin *apptest.Client) {
	t.Helper()
	left := somebodyIn(t, w, ward,
		staff.Grant{ID: "here", Role: courses.HR, Unit: island, From: "2026-01-01"},
		staff.Grant{ID: "there", Role: courses.HR, Unit: ward, From: "2026-01-01"},
		staff.Grant{ID: "over", Role: courses.HR, Unit: island, From: "2026-01-01", To: "2026-03-31"})
	path := "/api/people/" + string(left.ID) + "/grants/"
	for id, want := range map[string]string{"here": "204 ", "there": forbidden, "over": "204 ", "none": "404 staff.no_such_grant"} {
		if got := said(t, w, admin, "DELETE", path+id, nil); got != want {
			t.Errorf("taking back the role %q: %q, want %q", id, got, want)
		}
	}
	if got := said(t, w, w.SignIn(t, "hocvien"), "DELETE", path+"none", nil); got != forbidden {
		t.Errorf("somebody who gives no roles takes one back: %q", got)
	}
	is, err := w.App.Services.Staff.Person(t.Context(), left.ID)
	if err != nil {
		t.Fatal(err)
	}
	for i, to := range []courses.Date{"2026-11-23", "", "2026-03-31"} {
		if is.Grants[i].To != to {
			t.Errorf("the role %q ends on %q, want %q", is.Grants[i].ID, is.Grants[i].To, to)
		}
	}
}

func hostsTakeNobodyAway(t *testing.T, w *apptest.World) {
	p := somebodyIn(t, w, ward)
	p, err := w.App.Services.Staff.Post(t.Context(), allPowers, p.ID, staff.Posting{Unit: island + ".VP", Position: "CM-VP", Kind: staff.Secondment, From: "2026-02-01"})
	if err != nil {
		t.Fatal(err)
	}
	host := w.SignIn(t, "nhansu.dao")
	path := "/api/people/" + string(p.ID) + "/postings"
	end := func(i int) string {
		return said(t, w, host, "POST", fmt.Sprintf("%s/%s/end", path, p.Postings[i].ID), map[string]any{"to": "2026-12-31"})
	}
	if got := said(t, w, host, "POST", path, postingIn(island, "transfer")); got != forbidden {
		t.Errorf("the host moves the person to itself: %q", got)
	}
	if got := end(0); got != forbidden {
		t.Errorf("the host ends the home posting: %q", got)
	}
	if got := said(t, w, host, "POST", path, postingIn(ward, "concurrent")); got != forbidden {
		t.Errorf("the host posts the person at home: %q", got)
	}
	if got := end(1); got != "200 " {
		t.Errorf("the host ends its own posting: %q", got)
	}
	if got := said(t, w, host, "POST", path, postingIn(island, "concurrent")); got != "200 " {
		t.Errorf("the host posts the person in itself: %q", got)
	}
	if got := said(t, w, w.SignIn(t, "nhansu"), "POST", path, postingIn(island, "transfer")); got != "200 " {
		t.Errorf("the city moves the person: %q", got)
	}
}

func strangersDoNotExist(t *testing.T, w *apptest.World) {
	foreign := somebodyIn(t, w, ward, staff.Grant{ID: "g", Role: courses.Leader, Unit: ward, From: "2026-01-01"})
	tried := 0
	for _, username := range []string{"hocvien", "tacgia", "lanhdao", "nhansu.dao", "quantri.dao"} {
		c := w.SignIn(t, username)
		for _, r := range describedRoutes(t, w) {
			if !strings.HasPrefix(r.Path, "/api/people/{id}") {
				continue
			}
			tried++
			body := map[string]any{
				"addPosting": postingIn(island, "transfer"), "endPosting": map[string]any{"to": "2026-12-31"}, "createLogin": map[string]any{"username": "somebody"},
				"setAllowance": map[string]any{"extraBp": 100, "largeText": false, "until": "2027-12-31"},
				"addGrant":     map[string]any{"role": "leader", "unit": island, "from": "2026-01-01"},
			}[r.ID]
			about := func(id courses.PersonID) string {
				return said(t, w, c, r.Method, filled(strings.Replace(r.Path, "{id}", string(id), 1)), body)
			}
			if there, nowhere := about(foreign.ID), about(nobodysID); there != nowhere || !strings.HasPrefix(there, "40") {
				t.Errorf("%s, %s %s: %q of somebody elsewhere, %q of nobody", username, r.Method, r.Path, there, nowhere)
			}
		}
	}
	if tried < 30 {
		t.Errorf("only %d requests were compared", tried)
	}
}

func leaversBelongToTheCity(t *testing.T, w *apptest.World) {
	service := w.App.Services.Staff
	room := newRoom(t, w, island)
	left, later, stranded := somebodyIn(t, w, island), somebodyIn(t, w, island), somebodyIn(t, w, island)
	for id, change := range map[courses.PersonID]bson.M{
		left.ID:     {"postings.0.to": "2026-11-23"},
		later.ID:    {"postings.0.from": "2026-11-25"},
		stranded.ID: {"postings.0.unit": room},
	} {
		if _, err := w.App.DB.Raw().Collection("people").UpdateByID(t.Context(), id, bson.M{"$set": change}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := service.ChangeUnit(t.Context(), allPowers, room, staff.UnitChange{From: "2026-11-24", Close: true}); err != nil {
		t.Fatal(err)
	}
	holder := somebodyIn(t, w, ward, staff.Grant{ID: "g", Role: courses.HR, Unit: room, From: "2026-01-01"})
	if err := w.App.Services.Access.Import(t.Context(), []access.NewLogin{{Person: holder.ID, Username: "nhansu.to", Password: demo.Password}}); err != nil {
		t.Fatal(err)
	}
	for username, want := range map[string]string{"nhansu": "200 ", "kiemtra": "200 ", "nhansu.dao": "404 staff.no_such_person", "nhansu.to": "404 staff.no_such_person", "hocvien": "404 staff.no_such_person"} {
		c := w.SignIn(t, username)
		for what, id := range map[string]courses.PersonID{"who left": left.ID, "who comes tomorrow": later.ID, "whose room has closed": stranded.ID} {
			if got := said(t, w, c, "GET", "/api/people/"+string(id), nil); got != want {
				t.Errorf("%s reads somebody %s: %q, want %q", username, what, got, want)
			}
		}
	}
	hr := w.SignIn(t, "nhansu")
	if got := said(t, w, hr, "POST", "/api/people/"+string(left.ID)+"/postings", map[string]any{"unit": ward + ".VP", "position": "CM-VP", "kind": "permanent", "from": "2026-11-24"}); got != "200 " {
		t.Errorf("somebody who left is taken on again: %q", got)
	}
	var found struct{ Items []handlers.PersonSummary }
	if hr.Must("GET", "/api/people?limit=100&unit="+string(room), nil, &found); len(found.Items) != 1 {
		t.Errorf("%d people are listed in a room that has closed, want 1", len(found.Items))
	}
	if got := said(t, w, hr, "GET", "/api/people?limit=100&unit=NOWHERE", nil); got != "422 staff.no_such_unit" {
		t.Errorf("a unit that never was: %q", got)
	}
}

func datesAreDates(t *testing.T, w *apptest.World) {
	hr, admin := w.SignIn(t, "nhansu"), w.SignIn(t, "quantri")
	p := somebodyIn(t, w, island)
	for _, day := range []string{"zzz", "2026-02-30", "2026-13-01", "9", "2027-1-1", "31/12/2026"} {
		posting := postingIn(island, "concurrent")
		posting["to"] = day
		if got := said(t, w, hr, "POST", "/api/people/"+string(p.ID)+"/postings", posting); got != "422 courses.bad_date" {
			t.Errorf("a posting until %q: %q", day, got)
		}
		grant := map[string]any{"role": "leader", "unit": island, "from": "2026-01-01", "to": day}
		if got := said(t, w, admin, "POST", "/api/people/"+string(p.ID)+"/grants", grant); got != "422 courses.bad_date" {
			t.Errorf("a role until %q: %q", day, got)
		}
	}
}

func loopsToComeAreRefused(t *testing.T, w *apptest.World) {
	admin := w.SignIn(t, "quantri")
	a, b := newRoom(t, w, island), newRoom(t, w, island)
	move := func(unit, to courses.UnitID, from courses.Date) string {
		return said(t, w, admin, "POST", "/api/units/"+string(unit)+"/changes", map[string]any{"from": from, "parent": to})
	}
	if got := move(a, b, "2027-02-01"); got != "200 " {
		t.Fatalf("moving a unit: %q", got)
	}
	for _, day := range []courses.Date{"2027-03-01", "2027-02-01", "2027-01-01"} {
		if got := move(b, a, day); got != "422 staff.unit_below_itself" {
			t.Errorf("each below the other from %s on: %q", day, got)
		}
	}
	if got := move(b, ward, "2027-01-01"); got != "200 " {
		t.Errorf("moving the other elsewhere: %q", got)
	}
}
