package search

import (
	"cmp"
	"context"
	"haidang/courses"
	"haidang/courses/catalog"
	"haidang/courses/vietnamese"
	"hash/fnv"
	"slices"
	"strings"
)

// text is what a lesson or one of its files says. For each word, and for each two
// that stand one after the other, it has a hash and how often that is said. Nearly
// every syllable is said in nearly every course, so that only their neighbours tell
// lessons apart; and an index of what stands where would take many times as much
// memory.
type text struct {
	place  catalog.Place
	head   []uint32 // hashes of its title and headings, ascending
	keys   []uint32 // hashes of all that it says, ascending
	times  []uint8  // 255 is that many or more
	packed []byte   // the text itself, for those few that are shown
}

// PutTexts implements catalog.Index.
func (x *Index) PutTexts(_ context.Context, id courses.CourseID, list []catalog.Text) error {
	texts := make([]text, len(list))
	words := map[string]uint32{}
	for i, t := range list {
		texts[i] = textOf(catalog.Place{Course: id, Lesson: t.Lesson, File: t.File}, t, words)
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	for word, n := range words {
		x.said[strings.Clone(word)] += n
	}
	x.texts[id] = texts
	return nil
}

// textOf also counts in words in how many texts each is said.
func textOf(place catalog.Place, t catalog.Text, words map[string]uint32) text {
	all, head := hashes(nil, t.Title), hashes(nil, t.Title)
	seen := map[string]bool{}
	note := func(s string) {
		for _, w := range vietnamese.Split(s) {
			if !seen[w.Key] {
				seen[w.Key] = true
				words[w.Key]++
			}
		}
	}
	note(t.Title)
	for _, p := range t.Passages {
		note(p.Text)
		if p.Head {
			head = hashes(head, p.Text)
		}
	}
	for _, part := range t.Continuous() {
		all = hashes(all, part)
	}
	slices.Sort(head)
	out := text{place: place, head: slices.Clip(slices.Compact(head)), packed: pack(t)}
	out.keys, out.times = count(all)
	return out
}

// hashes adds those of a text's words and of each two neighbours.
func hashes(list []uint32, s string) []uint32 {
	words := vietnamese.Split(s)
	for i, w := range words {
		list = append(list, key(w.Key))
		if i > 0 {
			list = append(list, key(words[i-1].Key+" "+w.Key))
		}
	}
	return list
}

// count sorts hashes and says how often each is there.
func count(all []uint32) (keys []uint32, times []uint8) {
	slices.Sort(all)
	for i, k := range all {
		if i == 0 || k != all[i-1] {
			keys, times = append(keys, k), append(times, 0)
		}
		if last := &times[len(times)-1]; *last < 255 {
			*last++
		}
	}
	return slices.Clip(keys), slices.Clip(times)
}

func key(s string) uint32 {
	h := fnv.New32a()
	_, _ = h.Write([]byte(s))
	return h.Sum32()
}

// meant is hashes of what is looked for: of each word the spellings that it may
// have, and of each two neighbours their combinations.
type meant struct {
	words, pairs [][]uint32
}

// mostSpellings is how many spellings of a word are looked for.
const mostSpellings = 8

// How freely words are read.
const (
	typed   = iota // as they are
	unknown        // with a typo, or as beginnings, where they are said nowhere
	free           // so in any case
)

// meanings is what is meant by the words; nothing if one of them is said nowhere.
func (x *Index) meanings(q vietnamese.Query, reading int) (m meant, found bool) {
	spellings := make([][]string, len(q))
	for i, word := range q {
		if _, said := x.said[word]; said {
			spellings[i] = []string{word}
		}
		if reading == free || reading == unknown && len(spellings[i]) == 0 {
			spellings[i] = append(spellings[i], x.like(q, i)...)
		}
		if len(spellings[i]) == 0 {
			return meant{}, false
		}
	}
	often := map[uint32]uint32{} // in how many texts a word or one of its spellings is, by the first
	for i, list := range spellings {
		var words, pairs []uint32
		for _, word := range list {
			words = append(words, key(word))
			often[words[0]] += x.said[word]
			if i == 0 {
				continue
			}
			for _, last := range spellings[i-1] {
				pairs = append(pairs, key(last+" "+word))
			}
		}
		m.words = append(m.words, words)
		if i > 0 {
			m.pairs = append(m.pairs, pairs)
		}
	}
	// What most texts lack is asked first.
	slices.SortFunc(m.words, func(a, b []uint32) int { return cmp.Compare(often[a[0]], often[b[0]]) })
	return m, true
}

// like is the words that are said and that a word of a query, which is another, may
// stand for, those first that most texts say.
func (x *Index) like(q vietnamese.Query, i int) []string {
	var list []string
	for word := range x.said {
		if word != q[i] && q.Meets(i, word) {
			list = append(list, word)
		}
	}
	slices.SortFunc(list, func(a, b string) int { return cmp.Or(cmp.Compare(x.said[b], x.said[a]), cmp.Compare(a, b)) })
	return list[:min(len(list), mostSpellings)]
}

// saysOf is how often a text says one of some spellings.
func (t text) saysOf(spellings []uint32) int {
	n := 0
	for _, k := range spellings {
		if i, found := slices.BinarySearch(t.keys, k); found {
			n += int(t.times[i])
		}
	}
	return n
}

// headed says that the title or a heading has all of some words or pairs.
func (t text) headed(all [][]uint32) bool {
	for _, spellings := range all {
		if !slices.ContainsFunc(spellings, func(k uint32) bool { _, found := slices.BinarySearch(t.head, k); return found }) {
			return false
		}
	}
	return true
}

// hit is a text in which all words are found.
type hit struct {
	place catalog.Place
	pairs int // of neighbours that stand there as they are asked for
	score int
}

// How much it counts that the title or a heading has all words, and as they are
// asked for, and that two stand one after the other.
const (
	headScore  = 1 << 16
	orderScore = 1 << 17
	pairScore  = 1 << 10
)

// weigh says how well a text fits; false when it lacks a word.
func (t *text) weigh(m meant) (hit, bool) {
	h := hit{place: t.place}
	least := 1 << 9
	for _, spellings := range m.words {
		n := t.saysOf(spellings)
		if n == 0 {
			return h, false
		}
		least = min(least, n)
	}
	for _, spellings := range m.pairs {
		if n := t.saysOf(spellings); n > 0 {
			h.pairs++
			least = min(least, n)
		}
	}
	h.score = h.pairs*pairScore + least
	if t.headed(m.words) {
		h.score += headScore
		if t.headed(m.pairs) {
			h.score += orderScore
		}
	}
	return h, true
}

// rank is the texts that say all words, the best first; those that have no two of
// them as neighbours only where no other has, unless their heads have the words.
func (x *Index) rank(m meant) []hit {
	var list []hit
	ordered := len(m.pairs) == 0
	for _, texts := range x.texts {
		for i := range texts {
			if h, fits := texts[i].weigh(m); fits {
				list = append(list, h)
				ordered = ordered || h.pairs > 0
			}
		}
	}
	if ordered && len(m.pairs) > 0 {
		list = slices.DeleteFunc(list, func(h hit) bool { return h.score < pairScore })
	}
	slices.SortFunc(list, func(a, b hit) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(b.place.Course, a.place.Course),
			cmp.Compare(a.place.Lesson, b.place.Lesson), cmp.Compare(a.place.File, b.place.File))
	})
	return list
}

// told is the texts that say all words, and how many pairs those are. They are
// read as they are typed and, if typos and that finds nothing, as they may be meant.
func (x *Index) told(q vietnamese.Query, typos bool) (list []hit, pairs int) {
	for reading := range free + 1 {
		if reading > typed && !typos {
			break
		}
		if m, found := x.meanings(q, reading); found {
			if list = x.rank(m); len(list) > 0 {
				return list, len(m.pairs)
			}
		}
	}
	return nil, 0
}

// FindTexts implements catalog.Index.
func (x *Index) FindTexts(_ context.Context, q vietnamese.Query, limit int) ([]catalog.Place, error) {
	if len(q) == 0 {
		return nil, nil
	}
	x.mu.RLock()
	defer x.mu.RUnlock()
	list, _ := x.told(q, true)
	places := make([]catalog.Place, min(limit, len(list)))
	for i := range places {
		places[i] = list[i].place
	}
	return places, nil
}

// Text implements catalog.Index.
func (x *Index) Text(_ context.Context, place catalog.Place) (catalog.Text, bool) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	for _, t := range x.texts[place.Course] {
		if t.place == place {
			return unpack(t.packed), true
		}
	}
	return catalog.Text{}, false
}

// saying adds to ids the courses of texts that have so many pairs of words as they
// are asked for.
func saying(ids []courses.CourseID, list []hit, pairs, limit int) []courses.CourseID {
	for _, h := range list {
		if len(ids) < limit && h.pairs >= pairs && !slices.Contains(ids, h.place.Course) {
			ids = append(ids, h.place.Course)
		}
	}
	return ids
}
