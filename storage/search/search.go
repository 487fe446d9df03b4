// Package search finds courses by words with bleve, in memory: the catalogue
// is small and every server keeps its own index, refreshed from the database.
package search

import (
	"context"
	"fmt"
	"haidang/courses"
	"haidang/courses/catalog"
	"haidang/courses/vietnamese"
	"strings"
	"sync"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis/analyzer/custom"
	"github.com/blevesearch/bleve/v2/analysis/tokenizer/whitespace"
	"github.com/blevesearch/bleve/v2/search/query"
)

// Index implements catalog.Index.
type Index struct {
	bleve bleve.Index
	mu    sync.Mutex
	known map[courses.CourseID]courses.VersionID
}

// words splits at white space only: text is folded before it gets here.
const words = "words"

// New makes an empty index.
func New() (*Index, error) {
	m := bleve.NewIndexMapping()
	if err := m.AddCustomAnalyzer(words, map[string]any{"type": custom.Name, "tokenizer": whitespace.Name}); err != nil {
		return nil, fmt.Errorf("make the search index: %w", err)
	}
	m.DefaultAnalyzer = words
	b, err := bleve.NewMemOnly(m)
	if err != nil {
		return nil, fmt.Errorf("make the search index: %w", err)
	}
	return &Index{bleve: b, known: map[courses.CourseID]courses.VersionID{}}, nil
}

// entry is what bleve sees of a course.
type entry struct {
	Title  string `json:"title"`  // folded
	Marked string `json:"marked"` // lower case, with its marks
	Other  string `json:"other"`  // folded: code, summary, module titles, documents
}

// Put implements catalog.Index.
func (x *Index) Put(_ context.Context, list []catalog.Course) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	batch := x.bleve.NewBatch()
	for _, c := range list {
		if x.known[c.ID] == c.Newest.Version {
			continue
		}
		x.known[c.ID] = c.Newest.Version
		n := c.Newest
		other := strings.Join(append(append([]string{c.Code, n.Summary}, n.Modules...), n.Citations...), " ")
		if err := batch.Index(string(c.ID), entry{
			Title: fold(n.Title), Marked: plain(n.Title + " " + other), Other: fold(other),
		}); err != nil {
			return fmt.Errorf("index course: %w", err)
		}
	}
	if batch.Size() == 0 {
		return nil
	}
	if err := x.bleve.Batch(batch); err != nil {
		return fmt.Errorf("index courses: %w", err)
	}
	return nil
}

// fold is the search key with punctuation as blanks.
func fold(s string) string { return plain(vietnamese.SearchKey(s)) }

func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(".,;:!?()[]\"'“”/–…", r) {
			return ' '
		}
		return r
	}, strings.ToLower(s))
}

// Find implements catalog.Index. Every word has to be found, if need be as the
// start of a word or with a typo; where the words carry marks, courses that
// carry the same come first.
func (x *Index) Find(ctx context.Context, text string, limit int) ([]courses.CourseID, error) {
	var all []query.Query
	for _, word := range strings.Fields(fold(text)) {
		all = append(all, either(word))
	}
	if len(all) == 0 {
		return nil, nil
	}
	found := query.NewBooleanQuery([]query.Query{query.NewConjunctionQuery(all)}, marked(text), nil)
	result, err := x.bleve.SearchInContext(ctx, bleve.NewSearchRequestOptions(found, limit, 0, false))
	if err != nil {
		return nil, fmt.Errorf("search: %w", err)
	}
	ids := make([]courses.CourseID, 0, len(result.Hits))
	for _, hit := range result.Hits {
		ids = append(ids, courses.CourseID(hit.ID))
	}
	return ids, nil
}

// either finds one folded word: whole, as a start, or misspelt.
func either(word string) query.Query {
	var ways []query.Query
	add := func(q interface {
		query.FieldableQuery
		query.BoostableQuery
	}, field string, boost float64,
	) {
		q.SetField(field)
		q.SetBoost(boost)
		ways = append(ways, q)
	}
	for field, weight := range map[string]float64{"title": 3, "other": 1} {
		add(query.NewTermQuery(word), field, 4*weight)
		if len(word) >= 2 {
			add(query.NewPrefixQuery(word), field, 2*weight)
		}
		if typos := allowedTypos(word); typos > 0 {
			f := query.NewFuzzyQuery(word)
			f.SetFuzziness(typos)
			add(f, field, weight)
		}
	}
	return query.NewDisjunctionQuery(ways)
}

// allowedTypos grows with the word: short Vietnamese syllables differ by one
// letter from many others.
func allowedTypos(word string) int {
	switch n := len(word); {
	case n >= 8:
		return 2
	case n >= 4:
		return 1
	}
	return 0
}

// marked prefers courses that carry the words with their marks.
func marked(text string) []query.Query {
	if !vietnamese.HasMarks(text) {
		return nil
	}
	var should []query.Query
	for _, word := range strings.Fields(plain(text)) {
		q := query.NewTermQuery(word)
		q.SetField("marked")
		q.SetBoost(20)
		should = append(should, q)
	}
	return should
}
