package laws

import (
	"cmp"
	"fmt"
	"haidang/courses"
	"haidang/courses/vietnamese"
	"slices"
	"strings"
	"unicode/utf8"
)

// ErrArticles refuses a list of articles. Its field names the line ("line:3") or
// the label of a change ("Điều 5"), and one of not_an_article, twice, too_long,
// too_many, unlisted, date, dates and no_date.
var ErrArticles = courses.Refusal(courses.Invalid, "laws.bad_articles", "the list of articles breaks a rule; see fields")

// Article is a part of a document that texts cite.
type Article struct {
	Label     string       // "Điều 5", as vietnamese.Articles gives it; each once
	Title     string       // may be empty
	From      courses.Date // its first day in force; empty where it is the document's
	Until     courses.Date // its last day in force; empty where it is the document's
	ChangedBy string       // the number of what amended or repealed it
}

// Bounds of a list of articles.
const (
	mostArticles = 1000
	mostTitle    = 300 // characters
)

func badArticles(place, code string) error {
	return ErrArticles.With(courses.Field{Path: place, Code: code})
}

// ReadArticles reads a list with one article on each line, "Điều 5. Thẩm quyền",
// and gives those that changed their days and what changed them; changes name
// articles as citations do. It refuses with ErrArticles.
func ReadArticles(text string, changes []Article) ([]Article, error) {
	var list []Article
	at := map[string]int{}
	for i, line := range strings.Split(text, "\n") {
		if strings.TrimSpace(line) == "" {
			continue
		}
		a, err := readArticle(line, fmt.Sprintf("line:%d", i+1))
		if err != nil {
			return nil, err
		}
		if _, twice := at[a.Label]; twice {
			return nil, badArticles(fmt.Sprintf("line:%d", i+1), "twice")
		}
		if len(list) == mostArticles {
			return nil, badArticles(fmt.Sprintf("line:%d", i+1), "too_many")
		}
		at[a.Label], list = len(list), append(list, a)
	}
	return list, change(list, at, changes)
}

func readArticle(line, place string) (Article, error) {
	line, err := vietnamese.Clean(line)
	if err != nil {
		return Article{}, err
	}
	label, title, found := vietnamese.Article(line)
	switch {
	case !found:
		return Article{}, badArticles(place, "not_an_article")
	case utf8.RuneCountInString(title) > mostTitle:
		return Article{}, badArticles(place, "too_long")
	}
	return Article{Label: label, Title: title}, nil
}

// change gives the articles of a list their own days; at says where each stands.
func change(list []Article, at map[string]int, changes []Article) error {
	seen := map[int]bool{}
	for _, c := range changes {
		by, err := vietnamese.Clean(c.ChangedBy)
		if err != nil {
			return err
		}
		labels := vietnamese.Articles(c.Label)
		if len(labels) != 1 {
			return badArticles(c.Label, "unlisted")
		}
		i, listed := at[labels[0]]
		switch {
		case !listed:
			return badArticles(c.Label, "unlisted")
		case seen[i]:
			return badArticles(c.Label, "twice")
		}
		seen[i] = true
		list[i].From, list[i].Until, list[i].ChangedBy = c.From, c.Until, by
	}
	return nil
}

// checkArticles refuses with ErrArticles what has days that are none, or outside
// the document's.
func (d Document) checkArticles() error {
	for _, a := range d.Articles {
		for _, day := range []courses.Date{a.From, a.Until} {
			if _, err := courses.ParseDate(string(day)); day != "" && err != nil {
				return badArticles(a.Label, "date")
			}
		}
		own := d.withDaysOf(a)
		if own.From < d.From || own.Until != "" && own.Until < own.From || d.Until != "" && own.Until > d.Until {
			return badArticles(a.Label, "dates")
		}
		if a.ChangedBy != "" && a.From == "" && a.Until == "" {
			return badArticles(a.Label, "no_date")
		}
	}
	return nil
}

// withDaysOf is the document in force as long as one of its articles.
func (d Document) withDaysOf(a Article) Document {
	d.From, d.Until = cmp.Or(a.From, d.From), cmp.Or(a.Until, d.Until)
	return d
}

// ArticleState is the state of one of the document's articles on a day.
func (d Document) ArticleState(a Article, day courses.Date) State { return d.withDaysOf(a).State(day) }

// entry is a document with its articles by label.
type entry struct {
	Document
	byLabel map[string]Article
	units   []string          // the words with which labels begin
	words   []vietnamese.Word // by which it is found
}

func newEntry(d Document) entry {
	e := entry{Document: d, byLabel: make(map[string]Article, len(d.Articles))}
	e.words = vietnamese.Split(strings.Join([]string{d.Number, string(d.Kind), d.Abstract, d.Issuer}, " "))
	for _, a := range d.Articles {
		e.byLabel[a.Label] = a
		if unit := unitOf(a.Label); !slices.Contains(e.units, unit) {
			e.units = append(e.units, unit)
		}
	}
	return e
}

// unitOf is the word or words before the number of a label.
func unitOf(label string) string { return label[:strings.LastIndexByte(label, ' ')] }

// named is the articles that a text names, and the labels that should be listed
// and are not: a document whose entry has articles need not have chapters.
func (e entry) named(text string) (listed []Article, unlisted []string) {
	if len(e.byLabel) == 0 || text == "" {
		return nil, nil
	}
	for _, label := range vietnamese.Articles(text) {
		if a, found := e.byLabel[label]; found {
			listed = append(listed, a)
		} else if slices.Contains(e.units, unitOf(label)) {
			unlisted = append(unlisted, label)
		}
	}
	return listed, unlisted
}
