package apptest_test

import (
	"fmt"
	"haidang/cmd/internal/apptest"
	"haidang/courses"
	"haidang/handlers"
	"net/url"
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

// TestAnArticleThatEndsMarksOnlyWhatCitesIt repeals one article of a document that
// stays in force, and looks wherever an ended document would be told.
func TestAnArticleThatEndsMarksOnlyWhatCitesIt(t *testing.T) {
	w := apptest.New(t)
	author, learner := w.SignIn(t, "tacgia"), w.SignIn(t, "hocvien")
	articles := "Điều 5. Thẩm quyền\nĐiều 6. Trình tự\nĐiều 7. Thời hạn"
	entry := enter(t, author, with(law("9/2026/NĐ-CP", "2026-01-01", "", ""), articles))
	if len(entry.Articles) != 3 || entry.Articles[1] != (handlers.LawArticle{Label: "Điều 6", Title: "Trình tự", State: "in_force"}) {
		t.Fatalf("entered as %+v", entry.Articles)
	}
	lesson := handlers.Lesson{Kind: "article", Title: "Bài", Minutes: 30, Blocks: []handlers.Block{
		citing("9/2026/NĐ-CP", "khoản 2 Điều 5"), citing("Nghị định 9/2026/NĐ-CP", "dieu 6"), citing("9/2026/NĐ-CP", ""), citing("9/2026/NĐ-CP", "Điều 55"),
	}}
	d, course := complete(t, author, "DAN-01")
	d.Content.Modules[0].Lessons = []handlers.Lesson{lesson}
	author.Must("PUT", course, map[string]any{"revision": d.Revision, "content": d.Content}, &d)
	warned := slices.DeleteFunc(d.Warnings, func(m handlers.Missing) bool { return m.Code == "tiet" }) // so few words take no tiết
	if len(warned) != 1 || warned[0].Code != "law_article" {
		t.Errorf("before the repeal the author is warned of %+v", d.Warnings)
	}
	w.Publish(t, author, &d, "")

	path := "/api/laws/" + string(entry.ID)
	repealed := with(law("9/2026/NĐ-CP", "2026-01-01", "", ""), articles)
	repealed["changes"] = []map[string]any{{"label": "Đ.5", "until": "2026-11-23", "changedBy": "7/2026/NĐ-CP"}}
	author.Must("PUT", path, map[string]any{"law": repealed, "revision": 1}, &entry)
	if entry.State != "in_force" || entry.Articles[0] != (handlers.LawArticle{Label: "Điều 5", Title: "Thẩm quyền", Until: "2026-11-23", ChangedBy: "7/2026/NĐ-CP", State: "ended"}) {
		t.Errorf("changed to %+v", entry)
	}
	five := []handlers.EndedLaw{{Number: "9/2026/NĐ-CP", Article: "khoản 2 Điều 5", Until: "2026-11-23", ReplacedBy: "7/2026/NĐ-CP"}}

	var view handlers.CourseView
	learner.Must("GET", "/api/courses/"+string(d.Card.ID), nil, &view)
	for _, c := range view.Citations {
		if c.Ended != "" {
			t.Errorf("the course itself is told to rest on an ended %+v", c)
		}
	}
	var shown handlers.LessonView
	learner.Must("GET", fmt.Sprintf("/api/versions/%s/lessons/%s", view.Version, view.Modules[0].Lessons[0].ID), nil, &shown)
	if !slices.Equal(shown.Ended, five) {
		t.Errorf("the learner sees %+v", shown.Ended)
	}
	var draft handlers.Draft
	author.Must("GET", course, nil, &draft)
	told := slices.DeleteFunc(draft.Warnings, func(m handlers.Missing) bool { return m.Lesson == "" })
	if !slices.Equal(told, []handlers.Missing{
		{Code: "law_ended", Path: "modules[0].lessons[0].blocks[0]", Name: "9/2026/NĐ-CP", Article: "Điều 5", Lesson: "Bài"},
		{Code: "law_article", Path: "modules[0].lessons[0].blocks[3]", Name: "9/2026/NĐ-CP", Article: "Điều 55", Lesson: "Bài"},
	}) || !slices.Equal(draft.Card.Ended, []string{"9/2026/NĐ-CP (khoản 2 Điều 5)"}) {
		t.Errorf("the author is warned of %+v, and by %q", told, draft.Card.Ended)
	}
	var drafts struct{ Items []handlers.DraftCard }
	author.Must("GET", "/api/studio/courses?limit=100", nil, &drafts)
	i := slices.IndexFunc(drafts.Items, func(x handlers.DraftCard) bool { return x.ID == d.Card.ID })
	if i < 0 || !slices.Equal(drafts.Items[i].Ended, draft.Card.Ended) {
		t.Errorf("the author's list shows %+v", drafts.Items)
	}
	var stale struct{ Items []handlers.StaleCard }
	author.Must("GET", "/api/studio/stale", nil, &stale)
	if len(stale.Items) != 1 || stale.Items[0].ID != d.Card.ID || !slices.Equal(stale.Items[0].Ended, five) {
		t.Errorf("to be looked through are %+v", stale.Items)
	}
	var cites struct{ Items []handlers.CitingCourse }
	author.Must("GET", path+"/courses", nil, &cites)
	if len(cites.Items) != 1 || !slices.Equal(cites.Items[0].Articles, []string{"", "Điều 5", "Điều 55", "Điều 6"}) {
		t.Errorf("cited by %+v", cites.Items)
	}
}

func TestTheFormIsToldWhatACitationNames(t *testing.T) {
	w := apptest.New(t)
	author := w.SignIn(t, "tacgia")
	changed := with(law("9/2026/NĐ-CP", "2026-01-01", "", ""), "Điều 5. Thẩm quyền\nĐiều 6")
	changed["changes"] = []map[string]any{{"label": "Điều 6", "from": "2026-12-01"}}
	enter(t, author, changed)
	five, six := handlers.LawArticle{Label: "Điều 5", Title: "Thẩm quyền", State: "in_force"}, handlers.LawArticle{Label: "Điều 6", From: "2026-12-01", State: "coming"}
	var view handlers.CitationView
	author.Must("GET", "/api/citation?number="+url.QueryEscape("Nghị định số 9/2026/nđ-cp")+"&article="+url.QueryEscape("k2 dieu 5, 55"), nil, &view)
	if !view.Known || view.State != "in_force" || !slices.Equal(view.Articles, []handlers.LawArticle{five, six}) ||
		!slices.Equal(view.Named, []handlers.LawArticle{five}) || !slices.Equal(view.Unlisted, []string{"Điều 55"}) {
		t.Errorf("the form is told %+v", view)
	}
	view = handlers.CitationView{}
	author.Must("GET", "/api/citation?number=10/2026&article=1", nil, &view)
	if view.Known || view.Articles == nil || view.Named == nil || view.Unlisted == nil {
		t.Errorf("of what nobody entered the form is told %+v", view)
	}
}

// with lists articles in a form.
func with(law map[string]any, articles string) map[string]any {
	law["articles"] = articles
	return law
}

func enter(t *testing.T, c *apptest.Client, law map[string]any) handlers.Law {
	t.Helper()
	var entry handlers.Law
	c.Must("POST", "/api/laws", map[string]any{"law": law, "keeper": "SNV"}, &entry)
	return entry
}

func citing(number, article string) handlers.Block {
	return handlers.Block{Type: "paragraph", Text: []handlers.Inline{{Text: "như đã dẫn", Marks: []handlers.Mark{{Type: "cite", Number: number, Article: article}}}}}
}

// TestADocumentThatEndsMarksAllThatCitesIt follows the notice that the demo's
// course rests on from its entry to its replacement.
func TestADocumentThatEndsMarksAllThatCitesIt(t *testing.T) {
	w := apptest.New(t)
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
	w := apptest.New(t)
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

// A department sees which of its questions cite a document, those that are asked no
// more are its work, and who writes a question again is told.
func TestQuestionsFollowTheLawsTheyCite(t *testing.T) {
	w := apptest.New(t)
	author, other := w.SignIn(t, "tacgia"), w.SignIn(t, "xuatban")
	question := func(text, number, article string) map[string]any {
		return map[string]any{
			"type": "true_false", "text": text, "true": true, "topic": "Hộ tịch", "difficulty": "easy", "competency": "Đăng ký khai sinh",
			"cites": []any{map[string]any{"number": number, "article": article}},
		}
	}
	five := "Ủy ban nhân dân cấp xã ký giấy khai sinh trong ngày làm việc."
	author.Must("POST", "/api/banks/SNV/items", question(five, "Nghị định số 9/2026/NĐ-CP", "khoản 2 Điều 5"), nil)
	author.Must("POST", "/api/banks/SNV/items", question("Trích lục được cấp ngay.", "9/2026/NĐ-CP", "Điều 6"), nil)
	author.Must("POST", "/api/banks/SNV/items", question("Khai tử là việc của cấp xã.", "8/2026/NĐ-CP", ""), nil)
	type found struct{ Items []handlers.BankItemView }
	texts := func(c *apptest.Client, path string) []string {
		var f found
		c.Must("GET", path, nil, &f)
		list := []string{}
		for _, x := range f.Items {
			list = append(list, x.Item.Text)
		}
		return list
	}
	entry := enter(t, author, with(law("9/2026/NĐ-CP", "2026-01-01", "", ""), "Điều 5. Thẩm quyền\nĐiều 6"))
	path := "/api/laws/" + string(entry.ID)
	if got := texts(author, path+"/items"); len(got) != 2 {
		t.Errorf("the document is cited by %q", got)
	}
	if got := texts(other, path+"/items"); len(got) != 0 {
		t.Errorf("another organisation sees %q", got)
	}
	if got := texts(author, "/api/studio/stale-items"); len(got) != 0 {
		t.Errorf("while all is in force, to be looked through are %q", got)
	}
	changed := with(law("9/2026/NĐ-CP", "2026-01-01", "", ""), "Điều 5. Thẩm quyền\nĐiều 6")
	changed["changes"] = []map[string]any{{"label": "Điều 5", "until": "2026-03-01"}}
	author.Must("PUT", path, map[string]any{"law": changed, "revision": entry.Revision}, nil)
	eventually(t, "the question on article 5 is work to do", func() bool {
		got := texts(author, "/api/studio/stale-items")
		return len(got) == 1 && got[0] == five
	})
	if got := texts(other, "/api/studio/stale-items"); len(got) != 0 {
		t.Errorf("another organisation has to look through %q", got)
	}

	var like []handlers.BankItemView
	author.Must("GET", "/api/banks/SNV/like?text="+url.QueryEscape("UBND hay Ủy ban nhân dân cấp xã ký giấy khai sinh trong ngày?"), nil, &like)
	if len(like) != 1 || like[0].Item.Text != five || like[0].Item.Competency != "Đăng ký khai sinh" {
		t.Errorf("nearly the same is %+v", like)
	}
	for _, text := range []string{"Ủy ban", "Ai được cấp trích lục ngay trong hôm ấy?"} {
		if author.Must("GET", "/api/banks/SNV/like?text="+url.QueryEscape(text), nil, &like); len(like) != 0 {
			t.Errorf("%q is like %+v", text, like)
		}
	}
	if got := texts(author, "/api/banks/SNV/items?q=dang+ky+khai"); len(got) != 3 {
		t.Errorf("by its competency is found %q", got)
	}
}
