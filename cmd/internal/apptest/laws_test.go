package apptest_test

import (
	"fmt"
	"haidang/cmd/internal/apptest"
	"haidang/courses"
	"haidang/handlers"
	"slices"
	"testing"
	"time"
)

func law(number string, from, until courses.Date, by string) map[string]any {
	l := map[string]any{"number": number, "kind": "thong_bao", "abstract": "Kết luận", "issuer": "Thành ủy", "from": from}
	if until != "" {
		l["until"] = until
	}
	if by != "" {
		l["replacedBy"] = by
	}
	return l
}

// TestADocumentThatEndsMarksAllThatCitesIt follows the notice that the demo's
// course rests on from its entry to its replacement.
func TestADocumentThatEndsMarksAllThatCitesIt(t *testing.T) {
	w := apptest.New(t).Fill(t)
	author, learner := w.SignIn(t, "tacgia"), w.SignIn(t, "hocvien") // the author also publishes for the keeper
	var found struct{ Items []handlers.CourseCard }
	learner.Must("GET", "/api/courses?q=129-TB", nil, &found)
	if len(found.Items) == 0 {
		t.Fatal("no course cites the notice")
	}
	course := found.Items[0]

	var registry struct{ Items []handlers.Law }
	learner.Must("GET", "/api/laws?q=129-tb/tu", nil, &registry)
	if len(registry.Items) != 1 || registry.Items[0].State != "in_force" || registry.Items[0].KeeperName == "" {
		t.Fatalf("the registry has %+v", registry.Items)
	}
	entry := registry.Items[0]
	cited := func() handlers.CitedLaw {
		var view handlers.CourseView
		learner.Must("GET", "/api/courses/"+string(course.ID), nil, &view)
		return view.Citations[0]
	}
	if c := cited(); c.Ended != "" {
		t.Errorf("a document in force is shown as %+v", c)
	}

	path := "/api/laws/" + string(entry.ID)
	author.Must("PUT", path, map[string]any{"law": law("129-TB/TU", "2025-08-27", "2026-11-23", "15-NQ/TU"), "revision": 1}, &entry)
	if entry.State != "ended" || entry.Revision != 2 {
		t.Errorf("changed to %+v", entry)
	}
	if c := cited(); c.Ended != "2026-11-23" || c.ReplacedBy != "15-NQ/TU" {
		t.Errorf("the learner sees %+v", c)
	}
	var drafts struct{ Items []handlers.DraftCard }
	author.Must("GET", "/api/studio/courses?limit=100", nil, &drafts)
	i := slices.IndexFunc(drafts.Items, func(d handlers.DraftCard) bool { return d.ID == course.ID })
	if i < 0 || !slices.Equal(drafts.Items[i].Ended, []string{"129-TB/TU"}) {
		t.Errorf("the author's list shows %+v", drafts.Items)
	}
	var draft handlers.Draft
	author.Must("GET", "/api/studio/courses/"+string(course.ID), nil, &draft)
	if !slices.Contains(draft.Warnings, handlers.Missing{Code: "law_ended", Path: "citations[0]", Name: "129-TB/TU"}) {
		t.Errorf("the author is warned of %+v", draft.Warnings)
	}
	var stale struct{ Items []handlers.StaleCard }
	author.Must("GET", "/api/studio/stale", nil, &stale)
	if len(stale.Items) != 1 || stale.Items[0].ID != course.ID || !slices.Equal(stale.Items[0].Ended, []handlers.EndedLaw{{Number: "129-TB/TU", Until: "2026-11-23", ReplacedBy: "15-NQ/TU"}}) {
		t.Errorf("to be looked through are %+v", stale.Items)
	}
	w.SignIn(t, "xuatban").Must("GET", "/api/studio/stale", nil, &stale) // of another organisation
	if len(stale.Items) != 0 {
		t.Errorf("another organisation is to look through %+v", stale.Items)
	}
	refused(t, learner, "a learner asking for work", "GET", "/api/studio/stale", nil, "courses.forbidden")
	var citing struct{ Items []handlers.CourseCard }
	author.Must("GET", path+"/courses", nil, &citing)
	if !slices.ContainsFunc(citing.Items, func(c handlers.CourseCard) bool { return c.ID == course.ID }) {
		t.Errorf("cited by %+v", citing.Items)
	}

	// The last day is still a day in force, wherever the server's clock stands.
	author.Must("PUT", path, map[string]any{"law": law("129-TB/TU", "2025-08-27", "2026-11-24", ""), "revision": 2}, &entry)
	if c := cited(); c.Ended != "" {
		t.Errorf("on its last day it is shown as %+v", c)
	}
	w.Pass(17 * time.Hour)
	if c := w.SignIn(t, "hocvien"); c != nil {
		learner = c
	}
	if c := cited(); c.Ended != "2026-11-24" {
		t.Errorf("the day after its last it is shown as %+v", c)
	}
}

func TestTheRegistryIsPagedAndFound(t *testing.T) {
	w := apptest.New(t).Fill(t)
	publisher, learner := w.SignIn(t, "xuatban"), w.SignIn(t, "hocvien")
	for i := range 30 {
		l := law(fmt.Sprintf("%d/2026/NĐ-CP", i+1), courses.Date(fmt.Sprintf("2026-%02d-01", 1+i%12)), "", "")
		l["abstract"] = fmt.Sprintf("Quy định về việc thứ %d", i)
		publisher.Must("POST", "/api/laws", map[string]any{"law": l, "keeper": "STP"}, nil)
	}
	seen := map[string]bool{}
	var last courses.Date = "9999-12-31"
	for after := ""; ; {
		var page struct {
			Items []handlers.Law
			Next  string
		}
		learner.Must("GET", "/api/laws?limit=7&after="+after, nil, &page)
		for _, d := range page.Items {
			if seen[d.Number] || d.From > last {
				t.Errorf("%s of %s stands after %s, or twice", d.Number, d.From, last)
			}
			seen[d.Number], last = true, d.From
		}
		if after = page.Next; after == "" {
			break
		}
	}
	if len(seen) != 30+1 { // and the demo's own
		t.Errorf("%d of 31 documents are listed", len(seen))
	}
	for query, want := range map[string]int{"q=quy+dinh+ve+viec+thu": 30, "q=17/2026": 1, "q=khong+co": 0, "state=coming": 2, "state=in_force": 29, "state=ended": 0} {
		var page struct{ Items []handlers.Law }
		learner.Must("GET", "/api/laws?limit=100&"+query, nil, &page)
		if len(page.Items) != want {
			t.Errorf("%s finds %d, want %d", query, len(page.Items), want)
		}
	}
}
