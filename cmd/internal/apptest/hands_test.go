package apptest_test

import (
	"haidang/cmd/internal/apptest"
	"haidang/cmd/internal/demo"
	"haidang/courses"
	"haidang/courses/access"
	"haidang/courses/staff"
	"haidang/handlers"
	"testing"
	"time"
)

// writer is a new person who works in a unit and has a role there, signed in.
func writer(t *testing.T, w *apptest.World, username string, unit courses.UnitID, role courses.Role) (*apptest.Client, courses.PersonID) {
	t.Helper()
	p := somebodyIn(t, w, unit, staff.Grant{ID: courses.GrantID("g-" + username), Role: role, Unit: unit, From: "2026-01-01"})
	if err := w.App.Services.Access.Import(t.Context(), []access.NewLogin{{Person: p.ID, Username: username, Password: demo.Password}}); err != nil {
		t.Fatal(err)
	}
	return w.SignIn(t, username), p.ID
}

func hands(keeper courses.PersonID, coOwners []string, deputies ...courses.PersonID) map[string]any {
	if deputies == nil {
		deputies = []courses.PersonID{}
	}
	if coOwners == nil {
		coOwners = []string{}
	}
	return map[string]any{"keeper": keeper, "coOwners": coOwners, "deputies": deputies}
}

// TestACoOwnerWritesAndReviewsAndOnlyTheOwnerPublishes lets a second organisation
// into a course, with its own files, and out again.
func TestACoOwnerWritesAndReviewsAndOnlyTheOwnerPublishes(t *testing.T) {
	w := apptest.New(t)
	author, other := w.SignIn(t, "tacgia"), w.SignIn(t, "xuatban") // of SNV, of STP
	d, path := complete(t, author, "PH-01")
	keeper := d.Hands.Keeper.ID
	if keeper != personOf(t, w, "tacgia") || len(d.May) != 3 || d.Files != "SNV" {
		t.Fatalf("a new course is kept by %v; its author may %v, with files of %s", d.Hands, d.May, d.Files)
	}
	refused(t, other, "reading another organisation's draft", "GET", path, nil, "catalog.no_such_course")
	for _, units := range [][]string{{"SNV"}, {"NOWHERE"}, {"STP", "STC", "SKHCN", "SNNMT", "TTTP", "MTTQ"}} {
		status, code := author.Do("PUT", path+"/hands", hands(keeper, units), nil)
		if status != 422 || code != "catalog.co_owners" && len(units) < 6 {
			t.Errorf("co-owners %v: %d %s", units, status, code)
		}
	}
	author.Must("PUT", path+"/hands", hands(keeper, []string{"STP"}), &d)
	if len(d.Hands.CoOwners) != 1 || d.Hands.CoOwners[0].Name != "Sở Tư pháp thành phố Hải Phòng" {
		t.Errorf("the co-owners are %v", d.Hands.CoOwners)
	}

	other.Must("GET", path, nil, &d)
	if len(d.May) != 2 || d.Files != "STP" {
		t.Errorf("a co-owner may %v, with files of %s", d.May, d.Files)
	}
	refused(t, other, "a co-owner changing the hands", "PUT", path+"/hands", hands(keeper, nil), "courses.forbidden")
	var list struct{ Items []handlers.DraftCard }
	other.Must("GET", "/api/studio/courses?limit=100", nil, &list)
	found := false
	for _, c := range list.Items {
		found = found || c.ID == d.Card.ID
	}
	if !found {
		t.Error("a co-owner does not see the course in the list")
	}

	picture := uploadedOf(t, w, other, "STP", "quay.png", drawn(t, 40, 30)).ID
	lesson := &d.Content.Modules[0].Lessons[0]
	lesson.Blocks = append(lesson.Blocks, handlers.Block{Type: "picture", Alt: "Quầy", Asset: picture})
	other.Must("PUT", path, map[string]any{"revision": d.Revision, "content": d.Content}, &d)
	author.Must("GET", "/api/assets/"+string(picture), nil, nil) // the owner sees what the co-owner sent
	d.Content.Summary = "Đăng ký khai sinh tại xã."
	author.Must("PUT", path, map[string]any{"revision": d.Revision, "content": d.Content}, &d) // and may go on with it

	author.Must("POST", path+"/review", map[string]any{"revision": d.Revision}, &d)
	var queue struct{ Items []handlers.ReviewCard }
	other.Must("GET", "/api/studio/reviews", nil, &queue)
	if len(queue.Items) != 1 || queue.Items[0].Card.ID != d.Card.ID {
		t.Errorf("the co-owner's queue is %+v", queue.Items)
	}
	other.Must("POST", path+"/step", step("pass"), &d)
	other.Must("POST", path+"/step", step("pass"), &d)
	refused(t, other, "a co-owner publishing", "POST", path+"/versions", map[string]any{"revision": d.Revision}, "courses.forbidden")
	author.Must("POST", path+"/step", step("withdraw"), &d)

	author.Must("PUT", path+"/hands", hands(keeper, nil), &d)
	refused(t, other, "reading what one no longer co-owns", "GET", path, nil, "catalog.no_such_course")
	var notes struct{ Items []handlers.NoteView }
	author.Must("GET", path+"/notes", nil, &notes)
	if notes.Items[0].Kind != "shared" {
		t.Errorf("the history ends with %+v", notes.Items[0])
	}
}

// TestCoursesAreHandedOverWhenTheirKeeperIsTransferred moves an author away.
func TestCoursesAreHandedOverWhenTheirKeeperIsTransferred(t *testing.T) {
	w := apptest.New(t)
	publisher := w.SignIn(t, "tacgia")
	leaving, leaver := writer(t, w, "chuyendi", home, courses.Author)
	_, deputy := writer(t, w, "lamthay", home, courses.Author)
	_, stranger := writer(t, w, "khac", "STP", courses.Author)
	d, path := complete(t, leaving, "BG-01")
	complete(t, leaving, "BG-02")

	refused(t, leaving, "a keeper letting others in", "PUT", path+"/hands", hands(leaver, []string{"STP"}), "courses.forbidden")
	for _, bad := range [][]courses.PersonID{{stranger}, {leaver}, {courses.PersonID(nobodysID)}} {
		refused(t, leaving, "a deputy who cannot be one", "PUT", path+"/hands", hands(leaver, nil, bad...), "catalog.keeper")
	}
	leaving.Must("PUT", path+"/hands", hands(leaver, nil, deputy), &d)
	var people struct{ Items []handlers.PersonName }
	publisher.Must("GET", "/api/studio/keepers?owner=SNV", nil, &people)
	if len(people.Items) != 3 {
		t.Errorf("courses of SNV could be kept by %v", people.Items)
	}
	var mine struct{ Items []handlers.DraftCard }
	w.SignIn(t, "lamthay").Must("GET", "/api/studio/courses?mine=true", nil, &mine)
	if len(mine.Items) != 1 || mine.Items[0].ID != d.Card.ID {
		t.Errorf("the deputy stands in for %+v", mine.Items)
	}

	var left struct{ Items []handlers.KeepingView }
	publisher.Must("GET", "/api/studio/handovers", nil, &left)
	if len(left.Items) != 0 {
		t.Fatalf("before anybody leaves there is to be handed over %+v", left.Items)
	}
	tomorrow := string(w.App.Today().AddDays(1))
	w.SignIn(t, "nhansu").Must("POST", "/api/people/"+string(leaver)+"/postings",
		map[string]any{"unit": "STP.VP", "position": "CM-VP", "kind": "transfer", "from": tomorrow}, nil)
	publisher.Must("GET", "/api/studio/handovers", nil, &left)
	if len(left.Items) != 0 {
		t.Errorf("the day before the transfer there is to be handed over %+v", left.Items)
	}
	w.Pass(24 * time.Hour)
	publisher = w.SignIn(t, "tacgia")
	publisher.Must("GET", "/api/studio/handovers", nil, &left)
	if len(left.Items) != 1 || left.Items[0].Keeper.ID != leaver || left.Items[0].Courses != 2 || left.Items[0].Owner.Code != home {
		t.Fatalf("after the transfer there is to be handed over %+v", left.Items)
	}
	give := func(to courses.PersonID) map[string]any {
		return map[string]any{"owner": home, "from": leaver, "to": to}
	}
	refused(t, publisher, "handing over to a stranger", "POST", "/api/studio/handovers", give(stranger), "catalog.keeper")
	refused(t, w.SignIn(t, "xuatban"), "another organisation's publisher handing over", "POST", "/api/studio/handovers", give(deputy), "courses.forbidden")
	var done handlers.HandedOver
	publisher.Must("POST", "/api/studio/handovers", give(deputy), &done)
	publisher.Must("GET", "/api/studio/handovers", nil, &left)
	publisher.Must("GET", path, nil, &d)
	if done.Courses != 2 || len(left.Items) != 0 || d.Hands.Keeper.ID != deputy || len(d.Hands.Deputies) != 0 {
		t.Errorf("%d courses were handed over, %+v are left, one is kept by %+v", done.Courses, left.Items, d.Hands)
	}
	var notes struct{ Items []handlers.NoteView }
	publisher.Must("GET", path+"/notes", nil, &notes)
	if n := notes.Items[0]; n.Kind != "handed" || n.ToName != "Vũ Văn Thử" {
		t.Errorf("the history ends with %+v", n)
	}
}
