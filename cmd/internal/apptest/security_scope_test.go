package apptest_test

import (
	"encoding/json"
	"fmt"
	"haidang/cmd/internal/apptest"
	"haidang/cmd/internal/demo"
	"haidang/courses"
	"haidang/courses/access"
	"haidang/courses/assessment"
	"haidang/courses/assignments"
	"haidang/courses/catalog"
	"haidang/courses/laws"
	"haidang/courses/media"
	"haidang/courses/staff"
	"haidang/handlers"
	"slices"
	"strings"
	"testing"
)

// Units that the tests below look at: the island of the demo's leader, a ward, and
// the organisation of the demo's authors.
const (
	island courses.UnitID = "11948"
	ward   courses.UnitID = "11311"
	home   courses.UnitID = "SNV"
)

// allPowers is who prepares what the tests look at.
var allPowers = courses.Actor{Person: "set-up", Roles: []courses.RoleAt{
	{Role: courses.HR, Unit: demo.City}, {Role: courses.Administrator, Unit: demo.City}, {Role: courses.Publisher, Unit: demo.City},
}}

// office is a World with HR and an administrator of the island besides the demo's
// accounts.
func office(t *testing.T) *apptest.World {
	t.Helper()
	w := apptest.New(t)
	for username, role := range map[string]courses.Role{"nhansu.dao": courses.HR, "quantri.dao": courses.Administrator} {
		p := somebodyIn(t, w, island, staff.Grant{ID: courses.GrantID("g-" + username), Role: role, Unit: island, From: "2026-01-01"})
		err := w.App.Services.Access.Import(t.Context(), []access.NewLogin{{Person: p.ID, Username: username, Password: demo.Password}})
		if err != nil {
			t.Fatal(err)
		}
	}
	return w
}

// somebodyIn puts a new person with roles in a unit's office.
func somebodyIn(t *testing.T, w *apptest.World, unit courses.UnitID, grants ...staff.Grant) staff.Person {
	t.Helper()
	now := w.App.Now()
	p := staff.Person{
		ID: courses.NewID[courses.PersonID](now), FullName: "Vũ Văn Thử", Gender: "male", Category: "cong_chuc", Revision: 1, CreatedAt: now,
		Postings: []staff.Posting{{ID: courses.NewID[courses.PostingID](now), Unit: unit + ".VP", Position: "CM-VP", Kind: staff.Permanent, From: "2026-01-01"}},
		Grants:   grants,
	}
	if err := w.App.Services.Staff.ImportPeople(t.Context(), []staff.Person{p}); err != nil {
		t.Fatal(err)
	}
	return p
}

// personOf is the person behind a demo account.
func personOf(t *testing.T, w *apptest.World, username string) courses.PersonID {
	t.Helper()
	login, err := w.App.DB.Access().Login(t.Context(), username)
	if err != nil {
		t.Fatal(err)
	}
	return login.Person
}

// reach is the units in which each account may do something; "*" is everywhere.
type reach map[string][]courses.UnitID

func (r reach) has(username string, unit courses.UnitID) bool {
	return slices.Contains(r[username], unit) || slices.Contains(r[username], "*")
}

var (
	everywhere  = []courses.UnitID{"*"}
	peopleRead  = reach{"lanhdao": {island}, "nhansu.dao": {island}, "quantri.dao": {island}, "nhansu": everywhere, "quantri": everywhere, "kiemtra": everywhere}
	recordsRead = reach{"lanhdao": {island}, "nhansu.dao": {island}, "nhansu": everywhere, "kiemtra": everywhere}
	peopleEdit  = reach{"nhansu.dao": {island}, "quantri.dao": {island}, "nhansu": everywhere, "quantri": everywhere}
	unitsEdit   = reach{"quantri.dao": {island}, "quantri": everywhere}
	draftsRead  = reach{"tacgia": {home}, "thamdinh": {home}, "xuatban": {"STP"}, "kiemtra": everywhere}
	coursesEdit = reach{"tacgia": {home}, "xuatban": {"STP"}}
	resultsRead = reach{"tacgia": {home}, "thamdinh": {home}, "xuatban": {"STP"}, "nhansu.dao": {island}, "nhansu": everywhere, "kiemtra": everywhere}
	followed    = reach{"lanhdao": {island}, "nhansu.dao": {island}, "nhansu": everywhere}
	surveysKept = reach{"quantri": everywhere}
	reviews     = reach{"tacgia": {home}, "thamdinh": {home}, "xuatban": {"STP"}}
)

// deed is something that a request asks for in one unit.
type deed struct {
	name    string
	request func(t *testing.T, w *apptest.World, unit courses.UnitID) (method, path string, body any)
	reach   reach
	done    string // what it answers where it is allowed
	refused string // and where it is not
	known   reach  // where the refusal is 403 instead, because the object may be read
}

const forbidden = "403 courses.forbidden"

func postingIn(unit courses.UnitID, kind string) map[string]any {
	return map[string]any{"unit": unit + ".VP", "position": "CM-VP", "kind": kind, "from": "2026-02-01"}
}

// questionOf makes a question of a unit's bank.
func questionOf(t *testing.T, w *apptest.World, unit courses.UnitID) string {
	t.Helper()
	x := assessment.Item{Difficulty: "easy", Question: assessment.Question{Type: assessment.TrueOr, Text: "Đúng không?"}}
	made, err := w.App.Services.Assessment.Add(t.Context(), allPowers, unit, x)
	if err != nil {
		t.Fatal(err)
	}
	return string(made[0].ID)
}

// deeds with people and units.
var staffDeeds = []deed{
	{"read a person", func(t *testing.T, w *apptest.World, unit courses.UnitID) (string, string, any) {
		return "GET", "/api/people/" + string(somebodyIn(t, w, unit).ID), nil
	}, peopleRead, "200 ", "404 staff.no_such_person", nil},
	{"read a record", func(t *testing.T, w *apptest.World, unit courses.UnitID) (string, string, any) {
		return "GET", "/api/people/" + string(somebodyIn(t, w, unit).ID) + "/record", nil
	}, recordsRead, "200 ", forbidden, nil},
	{"look a receipt up", func(t *testing.T, w *apptest.World, unit courses.UnitID) (string, string, any) {
		return "GET", "/api/people/" + string(somebodyIn(t, w, unit).ID) + "/receipts/0123abcd", nil
	}, recordsRead, "200 ", forbidden, nil},
	{"list people", func(_ *testing.T, _ *apptest.World, unit courses.UnitID) (string, string, any) {
		return "GET", "/api/people?unit=" + string(unit), nil
	}, peopleRead, "200 ", forbidden, nil},
	{"list people of a room", func(_ *testing.T, _ *apptest.World, unit courses.UnitID) (string, string, any) {
		return "GET", "/api/people?unit=" + string(unit) + ".VP", nil
	}, peopleRead, "200 ", forbidden, nil},
	{"report on people", func(_ *testing.T, _ *apptest.World, unit courses.UnitID) (string, string, any) {
		return "GET", "/api/reports/units/" + string(unit) + "/people?period=2026", nil
	}, recordsRead, "200 ", forbidden, nil},
	{"report on people as a sheet", func(_ *testing.T, _ *apptest.World, unit courses.UnitID) (string, string, any) {
		return "GET", "/api/reports/people.xlsx?period=2026&unit=" + string(unit), nil
	}, recordsRead, "200 ", forbidden, nil},
	{"report on people for other programs", func(_ *testing.T, _ *apptest.World, unit courses.UnitID) (string, string, any) {
		return "GET", "/api/reports/people.csv?period=2026&unit=" + string(unit), nil
	}, recordsRead, "200 ", forbidden, nil},
	{"report on a course", func(t *testing.T, w *apptest.World, unit courses.UnitID) (string, string, any) {
		return "GET", "/api/reports/bc04" + asked(t, w, "/api/reports/bc04") + "&unit=" + string(unit), nil
	}, recordsRead, "200 ", forbidden, nil},
	{"report on a course as a sheet", func(t *testing.T, w *apptest.World, unit courses.UnitID) (string, string, any) {
		return "GET", "/api/reports/bc04.xlsx" + asked(t, w, "/api/reports/bc04") + "&unit=" + string(unit), nil
	}, recordsRead, "200 ", forbidden, nil},
	{"assign a course", func(t *testing.T, w *apptest.World, unit courses.UnitID) (string, string, any) {
		course, _ := noticeOf(t, w)
		return "POST", "/api/assignments", assignment(course, unit, nil)
	}, followed, "200 ", forbidden, nil},
	{"count whom an assignment reaches", func(_ *testing.T, _ *apptest.World, unit courses.UnitID) (string, string, any) {
		return "GET", "/api/assignments/reach?unit=" + string(unit), nil
	}, followed, "200 ", forbidden, nil},
	{"read an assignment", func(t *testing.T, w *apptest.World, unit courses.UnitID) (string, string, any) {
		return "GET", "/api/assignments/" + assignedTo(t, w, unit), nil
	}, recordsRead, "200 ", "404 assignments.no_such_assignment", nil},
	{"see who owes an assignment", func(t *testing.T, w *apptest.World, unit courses.UnitID) (string, string, any) {
		return "GET", "/api/assignments/" + assignedTo(t, w, unit) + "/people", nil
	}, recordsRead, "200 ", "404 assignments.no_such_assignment", nil},
	{"withdraw an assignment", func(t *testing.T, w *apptest.World, unit courses.UnitID) (string, string, any) {
		return "POST", "/api/assignments/" + assignedTo(t, w, unit) + "/withdrawal", nil
	}, followed, "200 ", "404 assignments.no_such_assignment", recordsRead},
	{"add a person", func(_ *testing.T, _ *apptest.World, unit courses.UnitID) (string, string, any) {
		return "POST", "/api/people", map[string]any{"fullName": "Vũ Văn Thử", "gender": "male", "category": "cong_chuc", "posting": postingIn(unit, "permanent")}
	}, peopleEdit, "200 ", forbidden, nil},
	{"post a person", func(t *testing.T, w *apptest.World, unit courses.UnitID) (string, string, any) {
		return "POST", "/api/people/" + string(somebodyIn(t, w, unit).ID) + "/postings", postingIn(unit, "transfer")
	}, peopleEdit, "200 ", forbidden, nil},
	{"end a posting", func(t *testing.T, w *apptest.World, unit courses.UnitID) (string, string, any) {
		p := somebodyIn(t, w, unit)
		return "POST", fmt.Sprintf("/api/people/%s/postings/%s/end", p.ID, p.Postings[0].ID), map[string]any{"to": "2026-12-31"}
	}, peopleEdit, "200 ", forbidden, nil},
	{"set an allowance", func(t *testing.T, w *apptest.World, unit courses.UnitID) (string, string, any) {
		return "PUT", "/api/people/" + string(somebodyIn(t, w, unit).ID) + "/allowance", map[string]any{"extraBp": 2500, "largeText": true, "until": "2027-12-31"}
	}, peopleEdit, "200 ", forbidden, nil},
	{"make an account", func(t *testing.T, w *apptest.World, unit courses.UnitID) (string, string, any) {
		p := somebodyIn(t, w, unit)
		return "POST", "/api/people/" + string(p.ID) + "/login", map[string]any{"username": "u" + string(p.ID)}
	}, peopleEdit, "200 ", forbidden, nil},
	{"give a role", func(t *testing.T, w *apptest.World, unit courses.UnitID) (string, string, any) {
		return "POST", "/api/people/" + string(somebodyIn(t, w, unit).ID) + "/grants", map[string]any{"role": "hr", "unit": unit, "from": "2026-01-01"}
	}, unitsEdit, "200 ", forbidden, nil},
	{"take a role back", func(t *testing.T, w *apptest.World, unit courses.UnitID) (string, string, any) {
		p := somebodyIn(t, w, unit, staff.Grant{ID: "g", Role: courses.Leader, Unit: unit, From: "2026-01-01"})
		return "DELETE", "/api/people/" + string(p.ID) + "/grants/g", nil
	}, unitsEdit, "204 ", forbidden, nil},
	{"add a unit", func(_ *testing.T, w *apptest.World, unit courses.UnitID) (string, string, any) {
		code := strings.ToUpper(courses.NewID[string](w.App.Now()))
		return "POST", "/api/units", map[string]any{"code": code, "name": "Tổ", "fullName": "Tổ", "kind": "phong", "parent": unit, "from": "2026-01-01"}
	}, unitsEdit, "200 ", forbidden, nil},
	{"rename a unit", func(t *testing.T, w *apptest.World, unit courses.UnitID) (string, string, any) {
		return "POST", "/api/units/" + string(newRoom(t, w, unit)) + "/changes", map[string]any{"from": "2026-06-01", "name": "Tổ mới"}
	}, unitsEdit, "200 ", forbidden, nil},
	{"see how much a unit may keep", func(_ *testing.T, _ *apptest.World, unit courses.UnitID) (string, string, any) {
		return "GET", "/api/units/" + string(unit) + "/storage", nil
	}, unitsEdit, "200 ", forbidden, nil},
	{"let a unit keep so much", func(_ *testing.T, _ *apptest.World, unit courses.UnitID) (string, string, any) {
		return "PUT", "/api/units/" + string(unit) + "/storage", map[string]any{"capBytes": 1_000_000_000}
	}, unitsEdit, "200 ", forbidden, nil},
}

// assignedTo has a unit's people learn the demo's course and gives the assignment's id.
func assignedTo(t *testing.T, w *apptest.World, unit courses.UnitID) string {
	t.Helper()
	course, _ := noticeOf(t, w)
	a, err := w.App.Services.Assignments.Assign(t.Context(), allPowers, assignments.Assignment{Course: course, Unit: unit, Level: assignments.Recommended, Due: "2026-12-31"})
	if err != nil {
		t.Fatal(err)
	}
	return string(a.ID)
}

// newRoom adds a room to a unit.
func newRoom(t *testing.T, w *apptest.World, unit courses.UnitID) courses.UnitID {
	t.Helper()
	u, err := w.App.Services.Staff.CreateUnit(t.Context(), allPowers, staff.Unit{
		Code: courses.UnitID(strings.ToUpper(courses.NewID[string](w.App.Now()))), Name: "Tổ", FullName: "Tổ", Kind: staff.Room, Parent: unit, From: "2026-01-01",
	})
	if err != nil {
		t.Fatal(err)
	}
	return u.Code
}

// draftOf begins a course of a unit and gives its address in the studio.
func draftOf(t *testing.T, w *apptest.World, unit courses.UnitID) string {
	t.Helper()
	e, err := w.App.Services.Catalog.Create(t.Context(), allPowers, strings.ToUpper(courses.NewID[string](w.App.Now())), "Thử", unit)
	if err != nil {
		t.Fatal(err)
	}
	return "/api/studio/courses/" + string(e.Course.ID)
}

// assetOf adds a recording whose transcoding failed, and gives its path.
func assetOf(t *testing.T, w *apptest.World, unit courses.UnitID) string {
	t.Helper()
	a := media.Asset{
		ID: courses.NewID[courses.AssetID](w.App.Now()), Owner: unit, Name: "a.mp4", Kind: media.Video, Type: "video/mp4", Bytes: 9,
		State: media.Ready, Transcode: media.Broken, Facts: media.Facts{DurationMs: 5000, Height: 240},
	}
	if err := w.App.DB.Media().InsertAsset(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	return "/api/assets/" + string(a.ID)
}

// deeds with courses.
var courseDeeds = []deed{
	{"begin a course", func(_ *testing.T, w *apptest.World, unit courses.UnitID) (string, string, any) {
		return "POST", "/api/studio/courses", map[string]any{"code": strings.ToUpper(courses.NewID[string](w.App.Now())), "title": "Thử", "owner": unit}
	}, coursesEdit, "200 ", forbidden, nil},
	{"read a draft", func(t *testing.T, w *apptest.World, unit courses.UnitID) (string, string, any) {
		return "GET", draftOf(t, w, unit), nil
	}, draftsRead, "200 ", "404 catalog.no_such_course", nil},
	{"save a draft", func(t *testing.T, w *apptest.World, unit courses.UnitID) (string, string, any) {
		return "PUT", draftOf(t, w, unit), map[string]any{"revision": 1, "content": map[string]any{
			"title": "Thử", "summary": "", "knowledge": "", "tiet": 0, "positions": []string{}, "citations": []string{}, "modules": []string{},
		}}
	}, coursesEdit, "200 ", "404 catalog.no_such_course", draftsRead},
	{"publish a draft", func(t *testing.T, w *apptest.World, unit courses.UnitID) (string, string, any) {
		return "POST", draftOf(t, w, unit) + "/versions", map[string]any{"revision": 1}
	}, coursesEdit, "409 catalog.another_step", "404 catalog.no_such_course", draftsRead},
	{"submit a draft", func(t *testing.T, w *apptest.World, unit courses.UnitID) (string, string, any) {
		return "POST", draftOf(t, w, unit) + "/review", map[string]any{"revision": 1}
	}, coursesEdit, "422 catalog.incomplete", "404 catalog.no_such_course", draftsRead},
	{"pass a step", func(t *testing.T, w *apptest.World, unit courses.UnitID) (string, string, any) {
		return "POST", draftOf(t, w, unit) + "/step", map[string]any{"action": "pass"}
	}, reviews, "409 catalog.another_step", "404 catalog.no_such_course", draftsRead},
	{"withdraw a draft", func(t *testing.T, w *apptest.World, unit courses.UnitID) (string, string, any) {
		return "POST", draftOf(t, w, unit) + "/step", map[string]any{"action": "withdraw"}
	}, coursesEdit, "409 catalog.another_step", "404 catalog.no_such_course", draftsRead},
	{"compare a draft", func(t *testing.T, w *apptest.World, unit courses.UnitID) (string, string, any) {
		return "POST", draftOf(t, w, unit) + "/compare", map[string]any{"content": map[string]any{
			"title": "Khác", "summary": "", "knowledge": "", "tiet": 0, "positions": []string{}, "citations": []string{}, "modules": []string{},
		}}
	}, draftsRead, "200 ", "404 catalog.no_such_course", nil},
	{"import a document", func(t *testing.T, w *apptest.World, unit courses.UnitID) (string, string, any) {
		return "POST", draftOf(t, w, unit) + "/import", map[string]any{"revision": 1, "asset": "01a00000-0000-7000-8000-000000000000"}
	}, draftsRead, "404 media.no_such_asset", "404 catalog.no_such_course", nil},
	{"see how a course stands with calls", func(t *testing.T, w *apptest.World, unit courses.UnitID) (string, string, any) {
		return "GET", draftOf(t, w, unit) + "/calls", nil
	}, coursesEdit, "200 ", "404 catalog.no_such_course", draftsRead},
	{"call those on a course", func(t *testing.T, w *apptest.World, unit courses.UnitID) (string, string, any) {
		return "POST", draftOf(t, w, unit) + "/calls", map[string]any{"text": "Mời học tiếp."}
	}, coursesEdit, "409 notices.nobody", "404 catalog.no_such_course", draftsRead},
	{"comment on a draft", func(t *testing.T, w *apptest.World, unit courses.UnitID) (string, string, any) {
		return "POST", draftOf(t, w, unit) + "/notes", map[string]any{"text": "Xem lại."}
	}, draftsRead, "200 ", "404 catalog.no_such_course", nil},
	{"read the comments on a draft", func(t *testing.T, w *apptest.World, unit courses.UnitID) (string, string, any) {
		return "GET", draftOf(t, w, unit) + "/notes", nil
	}, draftsRead, "200 ", "404 catalog.no_such_course", nil},
	{"settle a comment", func(t *testing.T, w *apptest.World, unit courses.UnitID) (string, string, any) {
		return "PUT", draftOf(t, w, unit) + "/notes/01a00000-0000-7000-8000-000000000000", map[string]any{"done": true}
	}, reviews, "404 catalog.no_such_note", "404 catalog.no_such_course", draftsRead},
	{"download a draft as a package", func(t *testing.T, w *apptest.World, unit courses.UnitID) (string, string, any) {
		return "GET", draftOf(t, w, unit) + "/package.zip", nil
	}, draftsRead, "200 ", "404 catalog.no_such_course", nil},
	{"make a course of a package", func(_ *testing.T, w *apptest.World, unit courses.UnitID) (string, string, any) {
		return "POST", "/api/studio/packages", map[string]any{"asset": nobodysID, "code": strings.ToUpper(courses.NewID[string](w.App.Now())), "owner": unit}
	}, coursesEdit, "404 media.no_such_asset", forbidden, nil},
	{"upload a file", func(_ *testing.T, _ *apptest.World, unit courses.UnitID) (string, string, any) {
		return "POST", "/api/uploads", map[string]any{"name": "a.mp4", "bytes": 9, "owner": unit}
	}, coursesEdit, "200 ", forbidden, nil},
	{"transcode again", func(t *testing.T, w *apptest.World, unit courses.UnitID) (string, string, any) {
		return "POST", assetOf(t, w, unit) + "/retry", nil
	}, coursesEdit, "200 ", forbidden, nil},
	{"see who could keep courses", func(_ *testing.T, _ *apptest.World, unit courses.UnitID) (string, string, any) {
		return "GET", "/api/studio/keepers?owner=" + string(unit), nil
	}, draftsRead, "200 ", forbidden, nil},
	{"say who keeps a course", func(t *testing.T, w *apptest.World, unit courses.UnitID) (string, string, any) {
		return "PUT", draftOf(t, w, unit) + "/hands", map[string]any{"coOwners": []string{}, "deputies": []string{}, "keeper": allPowers.Person}
	}, coursesEdit, "200 ", "404 catalog.no_such_course", draftsRead},
	{"hand courses over", func(_ *testing.T, _ *apptest.World, unit courses.UnitID) (string, string, any) {
		return "POST", "/api/studio/handovers", map[string]any{"owner": unit, "from": allPowers.Person, "to": nobodysID}
	}, coursesEdit, "422 catalog.keeper", forbidden, nil},
	{"add an example to a course of all", func(t *testing.T, w *apptest.World, unit courses.UnitID) (string, string, any) {
		course, lesson := noticeOf(t, w)
		return "PUT", "/api/examples/" + string(course), map[string]any{"unit": unit, "lesson": lesson, "text": "Ở đây thì khác.", "revision": 9}
	}, coursesEdit, "409 courses.changed_meanwhile", forbidden, nil},
	{"take an example away", func(t *testing.T, w *apptest.World, unit courses.UnitID) (string, string, any) {
		return "POST", strings.Replace(draftOf(t, w, unit), "/studio/courses/", "/examples/", 1) + "/" + nobodysID + "/hide", map[string]any{"reason": "Sai."}
	}, coursesEdit, "404 catalog.no_such_example", "404 catalog.no_such_course", draftsRead},
	{"see how much is kept", func(_ *testing.T, _ *apptest.World, unit courses.UnitID) (string, string, any) {
		return "GET", "/api/studio/storage?owner=" + string(unit), nil
	}, draftsRead, "200 ", forbidden, nil},
	{"write captions", func(t *testing.T, w *apptest.World, unit courses.UnitID) (string, string, any) {
		return "PUT", assetOf(t, w, unit) + "/captions", map[string]any{"revision": 0, "vtt": "WEBVTT\n\n00:00.000 --> 00:01.000\nA"}
	}, coursesEdit, "200 ", forbidden, nil},
	{"read a draft's captions", func(t *testing.T, w *apptest.World, unit courses.UnitID) (string, string, any) {
		return "GET", assetOf(t, w, unit) + "/captions", nil
	}, draftsRead, "200 ", forbidden, nil},
	{"read a bank of questions", func(_ *testing.T, _ *apptest.World, unit courses.UnitID) (string, string, any) {
		return "GET", "/api/banks/" + string(unit) + "/items", nil
	}, draftsRead, "200 ", forbidden, nil},
	{"count the topics of a bank", func(_ *testing.T, _ *apptest.World, unit courses.UnitID) (string, string, any) {
		return "GET", "/api/banks/" + string(unit) + "/topics", nil
	}, draftsRead, "200 ", forbidden, nil},
	{"add a question", func(_ *testing.T, _ *apptest.World, unit courses.UnitID) (string, string, any) {
		return "POST", "/api/banks/" + string(unit) + "/items", eightQuestions()[0]
	}, coursesEdit, "200 ", forbidden, nil},
	{"add the questions of a file", func(_ *testing.T, _ *apptest.World, unit courses.UnitID) (string, string, any) {
		return "POST", "/api/banks/" + string(unit) + "/import", map[string]any{"name": "a.txt", "format": "aiken", "file": []byte("Ai?\nA. Tôi\nB. Bạn\nANSWER: A\n")}
	}, coursesEdit, "200 ", forbidden, nil},
	{"take a bank away as a file", func(_ *testing.T, _ *apptest.World, unit courses.UnitID) (string, string, any) {
		return "GET", "/api/banks/" + string(unit) + "/export", nil
	}, draftsRead, "200 ", forbidden, nil},
	{"read a question", func(t *testing.T, w *apptest.World, unit courses.UnitID) (string, string, any) {
		return "GET", "/api/items/" + questionOf(t, w, unit), nil
	}, draftsRead, "200 ", "404 assessment.no_such_question", nil},
	{"change a question", func(t *testing.T, w *apptest.World, unit courses.UnitID) (string, string, any) {
		return "PUT", "/api/items/" + questionOf(t, w, unit), map[string]any{"number": 1, "item": eightQuestions()[1]}
	}, coursesEdit, "200 ", "404 assessment.no_such_question", draftsRead},
	{"decide on late answers", func(t *testing.T, w *apptest.World, unit courses.UnitID) (string, string, any) {
		id := courses.NewID[courses.AttemptID](w.App.Now())
		_, err := w.App.DB.Assessment().InsertAttempt(t.Context(), assessment.Attempt{
			ID: id, Sitting: assessment.Sitting{Enrolment: courses.EnrolmentID(id), Owner: unit}, State: assessment.Done, Late: assessment.Waiting, Revision: 1, Told: true,
		})
		if err != nil {
			t.Fatal(err)
		}
		return "POST", "/api/studio/late-answers/" + string(id), map[string]any{"accept": false, "reason": "Quá hạn."}
	}, coursesEdit, "200 ", "404 assessment.no_such_attempt", nil},
	{"read an essay to mark it", func(t *testing.T, w *apptest.World, unit courses.UnitID) (string, string, any) {
		return "GET", "/api/studio/grading/" + string(essayToMark(t, w, "somebody", unit)), nil
	}, reviews, "200 ", "404 assessment.no_such_attempt", nil},
	{"mark an essay", func(t *testing.T, w *apptest.World, unit courses.UnitID) (string, string, any) {
		return "POST", "/api/studio/grading/" + string(essayToMark(t, w, "somebody", unit)) + "/marks", map[string]any{"slot": 0, "seen": 0, "levels": []int{0}}
	}, reviews, "200 ", "404 assessment.no_such_attempt", nil},
	{"read the file of an essay", func(t *testing.T, w *apptest.World, unit courses.UnitID) (string, string, any) {
		return "GET", "/api/attempts/" + string(essayToMark(t, w, "somebody", unit)) + "/files/0/" + sumOf(pdf), nil
	}, reviews, "200 ", "404 assessment.no_such_file", nil},
	{"have attempts marked by a corrected question", func(t *testing.T, w *apptest.World, unit courses.UnitID) (string, string, any) {
		return "POST", "/api/items/" + questionOf(t, w, unit) + "/regrades", map[string]any{"number": 1, "reason": "Đáp án sai."}
	}, coursesEdit, "409 assessment.nothing_to_correct", "404 assessment.no_such_question", draftsRead},
	{"see the corrections of a question", func(t *testing.T, w *apptest.World, unit courses.UnitID) (string, string, any) {
		return "GET", "/api/items/" + questionOf(t, w, unit) + "/regrades", nil
	}, draftsRead, "200 ", "404 assessment.no_such_question", nil},
	{"enter a legal document", func(_ *testing.T, w *apptest.World, unit courses.UnitID) (string, string, any) {
		return "POST", "/api/laws", map[string]any{"law": law(courses.NewID[string](w.App.Now()), "2026-01-01", "", ""), "keeper": unit}
	}, coursesEdit, "200 ", forbidden, nil},
	{"change a legal document", func(t *testing.T, w *apptest.World, unit courses.UnitID) (string, string, any) {
		anyone := courses.Actor{Roles: []courses.RoleAt{{Role: courses.Publisher, Unit: "HP"}}}
		d, err := w.App.Services.Laws.Add(t.Context(), anyone, laws.Document{Number: courses.NewID[string](w.App.Now()), Kind: "khac", From: "2026-01-01", Keeper: unit})
		if err != nil {
			t.Fatal(err)
		}
		return "PUT", "/api/laws/" + string(d.ID), map[string]any{"law": law(d.Number, "2026-01-01", "2026-02-01", ""), "revision": 1}
	}, coursesEdit, "200 ", forbidden, nil},
}

// noticeOf is the demo's published course and one of its lessons.
func noticeOf(t *testing.T, w *apptest.World) (courses.CourseID, courses.LessonID) {
	t.Helper()
	found, err := w.App.Services.Catalog.Browse(t.Context(), courses.Actor{Person: "a"}, "129", catalog.Filter{}, courses.Page{})
	if err != nil || len(found.Items) == 0 {
		t.Fatalf("the demo has no course on the notice: %v", err)
	}
	v, err := w.App.Services.Catalog.Version(t.Context(), found.Items[0].Newest.Version)
	if err != nil {
		t.Fatal(err)
	}
	return v.Course, v.Content.Modules[0].Lessons[0].ID
}

// said asks with a client and gives the answer as "403 courses.forbidden".
func said(t *testing.T, w *apptest.World, c *apptest.Client, method, path string, body any) string {
	t.Helper()
	text := ""
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		text = string(b)
	}
	a := ask(t, c.HTTP, method, w.URL+path, text)
	return fmt.Sprintf("%d %s", a.Status, a.Code)
}

func TestEachRoleDoesItsWorkInItsUnitsAndNothingElsewhere(t *testing.T) {
	w := office(t)
	usernames := []string{"nhansu.dao", "quantri.dao"}
	for _, account := range demo.Accounts() {
		usernames = append(usernames, account.Username)
	}
	clients := map[string]*apptest.Client{}
	for _, username := range usernames {
		clients[username] = w.SignIn(t, username)
	}
	for _, d := range slices.Concat(staffDeeds, courseDeeds, surveyDeeds, certificateDeeds) {
		t.Run(d.name, func(t *testing.T) {
			for _, unit := range []courses.UnitID{island, ward, home, "STP"} {
				for _, username := range usernames {
					want := d.done
					switch {
					case d.reach.has(username, unit):
					case d.known.has(username, unit):
						want = forbidden
					default:
						want = d.refused
					}
					method, path, body := d.request(t, w, unit)
					if got := said(t, w, clients[username], method, path, body); got != want {
						t.Errorf("%s in %s: %q, want %q", username, unit, got, want)
					}
				}
			}
		})
	}
	t.Run("see one's own units in the report", func(t *testing.T) { reportsShowOwnUnits(t, clients) })
}

// reportsShowOwnUnits asks for BC-01 of every unit and of foreign ones.
func reportsShowOwnUnits(t *testing.T, clients map[string]*apptest.Client) {
	for username, c := range clients {
		for _, unit := range []courses.UnitID{"", island, ward} {
			var report handlers.Bc01
			status, code := c.Do("GET", "/api/reports/bc01?period=2026&unit="+string(unit), nil, &report)
			if len(recordsRead[username]) == 0 {
				if status != 403 || code != "courses.forbidden" {
					t.Errorf("%s gets a report: %d %s", username, status, code)
				}
				continue
			}
			if status != 200 || len(report.Rows) == 0 && recordsRead.has(username, unit) {
				t.Errorf("%s, report on %q: %d %s, %d rows", username, unit, status, code, len(report.Rows))
			}
			for _, row := range report.Rows {
				if !recordsRead.has(username, row.Unit) {
					t.Errorf("%s is shown the figures of %s", username, row.Unit)
				}
			}
		}
	}
}
