// Package search finds courses by words with bleve, in memory: the catalogue
// is small and every server keeps its own index, refreshed from the database.
package search

import (
	"context"
	"fmt"
	"haidang/courses"
	"haidang/courses/catalog"
	"haidang/courses/vietnamese"
	"maps"
	"strings"
	"sync"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis/analyzer/custom"
	"github.com/blevesearch/bleve/v2/analysis/tokenizer/whitespace"
	"github.com/blevesearch/bleve/v2/index/scorch"
	"github.com/blevesearch/bleve/v2/mapping"
	"github.com/blevesearch/bleve/v2/search/query"
)

// Index implements catalog.Index.
type Index struct {
	mapping mapping.IndexMapping

	putting sync.Mutex
	known   map[courses.CourseID]known
	pieces  int // that the index consists of, each of one Put

	mu    sync.RWMutex // a search holds it, so that no index is closed below it
	bleve bleve.Index
	words map[string]bool // every folded word that stands in some course's entry
	texts map[courses.CourseID][]text
	said  map[string]uint32 // how many texts say, or said, each word
}

// known is a course as the index holds it.
type known struct {
	version courses.VersionID
	entry   entry
}

// entry is what bleve sees of a course.
type entry struct {
	Title  string `json:"title"`  // folded
	Marked string `json:"marked"` // lower case, with its marks
	All    string `json:"all"`    // folded: title, code, summary, module titles, documents
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
	x := &Index{mapping: m, known: map[courses.CourseID]known{}, words: map[string]bool{}, texts: map[courses.CourseID][]text{}, said: map[string]uint32{}}
	var err error
	x.bleve, err = x.empty()
	return x, err
}

func (x *Index) empty() (bleve.Index, error) {
	b, err := bleve.NewUsing("", x.mapping, scorch.Name, scorch.Name, nil)
	if err != nil {
		return nil, fmt.Errorf("make the search index: %w", err)
	}
	return b, nil
}

// mostPieces is after how many changes the index is made anew: in memory bleve
// joins no pieces, and each costs a search as much as the whole.
const mostPieces = 8

// Put implements catalog.Index.
func (x *Index) Put(_ context.Context, list []catalog.Course) error {
	x.putting.Lock()
	defer x.putting.Unlock()
	fresh := map[courses.CourseID]known{}
	for _, c := range list {
		if x.known[c.ID].version != c.Newest.Version {
			fresh[c.ID] = known{version: c.Newest.Version, entry: entryOf(c)}
		}
	}
	if len(fresh) == 0 {
		return nil
	}
	if x.pieces < mostPieces {
		if err := fill(x.bleve, fresh); err != nil {
			return err
		}
		maps.Copy(x.known, fresh)
		x.pieces++
		x.learn(fresh)
		return nil
	}
	return x.anew(fresh)
}

// anew makes the index of everything in one piece and searches that from now on.
func (x *Index) anew(fresh map[courses.CourseID]known) error {
	next, err := x.empty()
	if err != nil {
		return err
	}
	all := maps.Clone(x.known)
	maps.Copy(all, fresh)
	if err := fill(next, all); err != nil {
		return err
	}
	x.mu.Lock()
	last := x.bleve
	x.bleve = next
	x.mu.Unlock()
	x.known, x.pieces = all, 1
	x.learn(fresh)
	if err := last.Close(); err != nil {
		return fmt.Errorf("close the old search index: %w", err)
	}
	return nil
}

// learn adds the words of courses. Those of older versions stay: a word too many
// only makes a search stricter at first.
func (x *Index) learn(list map[courses.CourseID]known) {
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, k := range list {
		for word := range strings.FieldsSeq(k.entry.All) {
			x.words[word] = true
		}
	}
}

func fill(b bleve.Index, list map[courses.CourseID]known) error {
	batch := b.NewBatch()
	for id, k := range list {
		if err := batch.Index(string(id), k.entry); err != nil {
			return fmt.Errorf("index course: %w", err)
		}
	}
	if err := b.Batch(batch); err != nil {
		return fmt.Errorf("index courses: %w", err)
	}
	return nil
}

func entryOf(c catalog.Course) entry {
	n := c.Newest
	all := strings.Join(append(append([]string{n.Title, c.Code, n.Summary}, n.Modules...), n.Citations...), " ")
	return entry{Title: fold(n.Title), Marked: plain(all), All: fold(all)}
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

// Find implements catalog.Index. Every word has to be found. In the entries they
// are, if need be, the starts of words or have a typo, and where they carry marks,
// courses that carry the same come first. Behind those come the courses whose
// lessons say the words one after the other or, when nothing else is found, at all.
func (x *Index) Find(ctx context.Context, text string, said bool, limit int) ([]courses.CourseID, error) {
	words := strings.Fields(fold(text))
	if len(words) == 0 {
		return nil, nil
	}
	x.mu.RLock()
	defer x.mu.RUnlock()
	ids, strict, err := x.near(ctx, words, text, limit)
	if err != nil {
		return nil, err
	}
	var list []hit
	if said {
		var pairs int
		list, pairs = x.told(vietnamese.Ask(text), len(ids) == 0)
		ids = saying(ids, list, pairs, limit)
	}
	if len(ids) == 0 && strict {
		if ids, err = x.far(ctx, words, text, limit); err != nil {
			return nil, err
		}
	}
	if len(ids) == 0 {
		ids = saying(ids, list, 0, limit)
	}
	return ids, nil
}

// near looks through the entries. A word that stands in one of them is taken as it
// is, which strict says: looking for typos costs most.
func (x *Index) near(ctx context.Context, words []string, text string, limit int) (ids []courses.CourseID, strict bool, err error) {
	ways := make([]query.Query, len(words))
	for i, word := range words {
		if x.words[word] && i < len(words)-1 { // the last may not be typed to its end
			ways[i], strict = exactly(word), true
		} else {
			ways[i] = either(word)
		}
	}
	ids, err = x.ask(ctx, ways, text, limit)
	return ids, strict, err
}

// far looks through the entries for what any of the words could mean.
func (x *Index) far(ctx context.Context, words []string, text string, limit int) ([]courses.CourseID, error) {
	ways := make([]query.Query, len(words))
	for i, word := range words {
		ways[i] = either(word)
	}
	return x.ask(ctx, ways, text, limit)
}

// ask searches for what all the queries find.
func (x *Index) ask(ctx context.Context, all []query.Query, text string, limit int) ([]courses.CourseID, error) {
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

// How much more it counts to find a word in a title, whole, or from its start on.
const (
	titleBoost  = 3
	wholeBoost  = 4
	prefixBoost = 2
)

// exactly finds one folded word whole.
func exactly(word string) query.Query {
	return query.NewDisjunctionQuery([]query.Query{
		in("title", query.NewTermQuery(word), titleBoost*wholeBoost), in("all", query.NewTermQuery(word), wholeBoost),
	})
}

// either finds one folded word: whole, as a start, or misspelt. In the title it
// counts more, but for a misspelt one: what spells could be meant is the dearest
// question, and is asked once.
func either(word string) query.Query {
	ways := []query.Query{exactly(word)}
	if len(word) >= 2 {
		ways = append(ways, in("title", query.NewPrefixQuery(word), titleBoost*prefixBoost), in("all", query.NewPrefixQuery(word), prefixBoost))
	}
	if typos := allowedTypos(word); typos > 0 {
		f := query.NewFuzzyQuery(word)
		f.SetFuzziness(typos)
		ways = append(ways, in("all", f, 1))
	}
	return query.NewDisjunctionQuery(ways)
}

// in looks in a field and counts what it finds there so much.
func in(field string, q interface {
	query.FieldableQuery
	query.BoostableQuery
}, boost float64,
) query.Query {
	q.SetField(field)
	q.SetBoost(boost)
	return q
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
