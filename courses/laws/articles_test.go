package laws

import (
	"errors"
	"fmt"
	"haidang/courses"
	"slices"
	"strings"
	"testing"
)

func TestAListOfArticlesIsReadLineByLine(t *testing.T) {
	list, err := ReadArticles("Điều 1. Phạm vi điều chỉnh\n\n  dieu 2: Đối tượng  áp dụng\r\nĐiều 3\n", []Article{
		{Label: "Đ.2", Until: "2026-02-28", ChangedBy: " 7/2026/NĐ-CP "}, {Label: "khoản 1 Điều 3", From: "2025-09-01"},
	})
	want := []Article{
		{Label: "Điều 1", Title: "Phạm vi điều chỉnh"},
		{Label: "Điều 2", Title: "Đối tượng áp dụng", Until: "2026-02-28", ChangedBy: "7/2026/NĐ-CP"},
		{Label: "Điều 3", From: "2025-09-01"},
	}
	if err != nil || !slices.Equal(list, want) {
		t.Errorf("read as %+v, %v", list, err)
	}
}

func TestAListThatBreaksARuleIsRefusedByItsLine(t *testing.T) {
	for name, c := range map[string]struct {
		text    string
		changes []Article
		want    courses.Field
	}{
		"no article":             {"Điều 1. A\n\nQuy định chung", nil, courses.Field{Path: "line:3", Code: "not_an_article"}},
		"the same twice":         {"Điều 1. A\nĐiều 2. B\nđiều 01. C", nil, courses.Field{Path: "line:3", Code: "twice"}},
		"too long":               {"Điều 1. " + strings.Repeat("a", mostTitle+1), nil, courses.Field{Path: "line:1", Code: "too_long"}},
		"too many":               {numbered(mostArticles + 1), nil, courses.Field{Path: "line:1001", Code: "too_many"}},
		"a change of none":       {"Điều 1. A", []Article{{Label: "Điều 2", Until: "2026-01-01"}}, courses.Field{Path: "Điều 2", Code: "unlisted"}},
		"a change of no article": {"Điều 1. A", []Article{{Label: "A", Until: "2026-01-01"}}, courses.Field{Path: "A", Code: "unlisted"}},
		"a change of two":        {"Điều 1. A\nĐiều 2. B", []Article{{Label: "Điều 1, 2", Until: "2026-01-01"}}, courses.Field{Path: "Điều 1, 2", Code: "unlisted"}},
		"a change twice":         {"Điều 1. A", []Article{{Label: "Điều 1"}, {Label: "dieu 1"}}, courses.Field{Path: "dieu 1", Code: "twice"}},
	} {
		_, err := ReadArticles(c.text, c.changes)
		if !ErrArticles.Is(err) || !slices.Equal(fields(err), []courses.Field{c.want}) {
			t.Errorf("%s: %v %v, want %v", name, err, fields(err), c.want)
		}
	}
	if list, err := ReadArticles(numbered(mostArticles), nil); err != nil || len(list) != mostArticles {
		t.Errorf("%d articles: %v", len(list), err)
	}
}

func TestArticlesAreInForceWithinTheirDocument(t *testing.T) {
	good := Document{Number: "118/2025/NĐ-CP", From: "2025-07-01", Until: "2026-11-24"}
	for name, c := range map[string]struct {
		article Article
		want    string
	}{
		"days of its own":               {Article{From: "2025-07-01", Until: "2026-11-24", ChangedBy: "7/2026/NĐ-CP"}, ""},
		"the document's days":           {Article{}, ""},
		"a day that is none":            {Article{Until: "2026-02-30"}, "date"},
		"before the document":           {Article{From: "2025-06-30"}, "dates"},
		"after the document":            {Article{Until: "2026-11-25"}, "dates"},
		"begins behind the document":    {Article{From: "2026-11-25"}, "dates"},
		"ends before it begins":         {Article{From: "2026-02-02", Until: "2026-02-01"}, "dates"},
		"changed, but nobody says when": {Article{ChangedBy: "7/2026/NĐ-CP"}, "no_date"},
	} {
		c.article.Label = "Điều 5"
		good.Articles = []Article{c.article}
		var want []courses.Field
		if c.want != "" {
			want = []courses.Field{{Path: "Điều 5", Code: c.want}}
		}
		if _, err := clean(good); !slices.Equal(fields(err), want) {
			t.Errorf("%s: %v %v, want %v", name, err, fields(err), want)
		}
	}
}

func TestOnlyWhatCitesAnEndedArticleEnds(t *testing.T) {
	e := newEntry(Document{Number: "118/2025/NĐ-CP", From: "2025-07-01", Articles: []Article{
		{Label: "Điều 4"}, {Label: "Điều 5", Until: "2026-02-28", ChangedBy: "7/2026/NĐ-CP"}, {Label: "Điều 6", From: "2026-03-01"},
	}})
	five := End{Article: "Điều 5", Until: "2026-02-28", By: "7/2026/NĐ-CP"}
	for article, want := range map[string]End{
		"Điều 5": five, "khoản 2 Đ.5": five, "dieu 4 va 5": five, "Điều 4–6": five,
		"Điều 4": {}, "Điều 6": {}, "Điều 55": {}, "": {}, "khoản 5": {},
	} {
		if got, ended := e.end(article, "2026-03-01"); got != want || ended != (want != End{}) {
			t.Errorf("%q: %+v, %v", article, got, ended)
		}
	}
	if end, ended := e.end("Điều 5", "2026-02-28"); ended {
		t.Errorf("on its last day it ended: %+v", end)
	}
	e.Until, e.ReplacedBy = "2026-06-30", "8/2026/NĐ-CP"
	for _, article := range []string{"Điều 5", "Điều 4", ""} {
		if got, ended := e.end(article, "2026-07-01"); !ended || got != (End{Until: "2026-06-30", By: "8/2026/NĐ-CP"}) {
			t.Errorf("%q of an ended document: %+v, %v", article, got, ended)
		}
	}
}

func TestOnlyWhatShouldBeListedIsMissed(t *testing.T) {
	e := newEntry(Document{Articles: []Article{{Label: "Điều 4"}, {Label: "Điều 5"}}})
	for article, want := range map[string]string{
		"khoản 1 Điều 55": "Điều 55", "Điều 5, 6 và 7": "Điều 6|Điều 7", "Điều 5": "", "Chương II": "", "lời nói đầu": "", "": "",
	} {
		if _, got := e.named(article); strings.Join(got, "|") != want {
			t.Errorf("%q misses %q, want %q", article, got, want)
		}
	}
	if _, missed := newEntry(Document{}).named("Điều 55"); missed != nil {
		t.Errorf("a document without a list misses %q", missed)
	}
}

func fields(err error) []courses.Field {
	var refusal *courses.Error
	if !errors.As(err, &refusal) {
		return nil
	}
	return refusal.Fields
}

func numbered(n int) string {
	var list strings.Builder
	for i := range n {
		fmt.Fprintf(&list, "Điều %d\n", i+1)
	}
	return list.String()
}
