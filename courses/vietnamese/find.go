package vietnamese

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Word is a word of a text: how it is found, and where it stands.
type Word struct {
	Key      string // its search key
	From, To int    // bytes of the text
}

// Split cuts a text into its words, which are what letters and digits stand
// together: "129-TB/TU" has three.
func Split(text string) []Word {
	words := make([]Word, 0, len(text)/5+1)
	keys := make([]byte, 0, len(text))
	ends := make([]int, 0, len(text)/5+1) // of each word's key
	within := false
	for at, r := range text {
		letter := unicode.IsLetter(r) || unicode.IsDigit(r)
		switch {
		case letter && !within:
			words, ends = append(words, Word{From: at}), append(ends, 0)
		case !letter && (!within || !unicode.Is(unicode.Mn, r)):
			within = false
			continue
		}
		within = true
		if letter {
			keys = append(keys, key(r)...)
		}
		_, size := utf8.DecodeRuneInString(text[at:])
		words[len(words)-1].To, ends[len(ends)-1] = at+size, len(keys)
	}
	all, from := string(keys), 0
	for i, end := range ends {
		words[i].Key, from = all[from:end], end
	}
	return words
}

// Letters whose keys are looked up: those of Latin scripts.
const lastKept = 0x1EFF

var kept = func() (list [lastKept + 1]string) {
	for r := range rune(lastKept + 1) {
		if r < 0x250 || r >= 0x1E00 {
			list[r] = SearchKey(string(r))
		}
	}
	return list
}()

// key is the search key of a letter.
func key(r rune) string {
	if r <= lastKept && kept[r] != "" {
		return kept[r]
	}
	return SearchKey(string(r))
}

// mostAsked is how many words of a query count.
const mostAsked = 16

// Query is the words that somebody looks for, folded. The last one may not be typed
// to its end.
type Query []string

// Ask reads what somebody typed.
func Ask(text string) Query {
	var q Query
	for _, w := range Split(text) {
		if len(q) < mostAsked && w.Key != "" {
			q = append(q, w.Key)
		}
	}
	return q
}

// How well a word of a text is what is asked for.
const (
	other = iota
	misspelt
	begun
	same
)

// meets says how well a folded word is the i-th that is asked for.
func (q Query) meets(i int, word string) int {
	switch asked := q[i]; {
	case word == asked:
		return same
	case i == len(q)-1 && len(asked) >= 2 && strings.HasPrefix(word, asked):
		return begun
	case Near(asked, word):
		return misspelt
	}
	return other
}

// Meets says that a folded word may be the i-th that is asked for.
func (q Query) Meets(i int, word string) bool { return q.meets(i, word) != other }

// shortest is how many letters a word has of which one may be wrong: shorter
// Vietnamese syllables differ by one letter from many others.
const shortest = 4

// Near says that a folded word is another with one letter wrong, missing, too many
// or in the place of its neighbour. Numbers are what they are.
func Near(asked, word string) bool {
	short, long := asked, word
	if len(short) > len(long) {
		short, long = long, short
	}
	if len(asked) < shortest || len(long)-len(short) > 1 || asked == word {
		return false
	}
	i := 0
	for i < len(short) && short[i] == long[i] {
		i++
	}
	var near bool
	if len(short) < len(long) {
		near = short[i:] == long[i+1:]
	} else {
		near = short[i+1:] == long[i+1:] ||
			i+1 < len(short) && short[i] == long[i+1] && short[i+1] == long[i] && short[i+2:] == long[i+2:]
	}
	return near && !strings.ContainsAny(asked, "0123456789")
}

// places says of each word of a text which of those that are asked for it stands
// for, -1 for none. A word that stands there or besides is meant as it is; only of
// one that does not are beginnings taken and, where there are none, misspellings.
func (q Query) places(words, besides []Word) []int {
	places := slices.Repeat([]int{-1}, len(words))
	for i := len(q) - 1; i >= 0; i-- { // the first one has a word that stands for two
		best := q.best(i, words, besides)
		for at, w := range words {
			if w.Key == q[i] || best < same && q.meets(i, w.Key) == best {
				places[at] = i
			}
		}
	}
	return places
}

// best is how well the i-th word is met at best, misspelt where it is not. Most are
// there as they are, and comparing is the cheapest question.
func (q Query) best(i int, lists ...[]Word) int {
	for _, list := range lists {
		if slices.ContainsFunc(list, func(w Word) bool { return w.Key == q[i] }) {
			return same
		}
	}
	best := misspelt
	for _, list := range lists {
		for _, w := range list {
			best = max(best, q.meets(i, w.Key))
		}
	}
	return best
}

// In says that a text has every word that is asked for.
func (q Query) In(words []Word) bool {
	for i := range q {
		if !slices.ContainsFunc(words, func(w Word) bool { return q.meets(i, w.Key) != other }) {
			return false
		}
	}
	return len(q) > 0
}

// Holds says that all words of a text are asked for; a text has two at least.
func (q Query) Holds(words []Word) bool {
	return len(words) > 1 && !slices.ContainsFunc(words, func(w Word) bool { return !slices.Contains(q, w.Key) })
}

// Span is a part of a text, in bytes.
type Span struct{ From, To int }

// Marked is a text with the parts that were asked for, in order and disjoint.
type Marked struct {
	Text  string
	Marks []Span
}

// Mark finds in a text what is asked for; found is how many different words of it.
func (q Query) Mark(text string) (m Marked, found int) {
	words := Split(text)
	places := q.places(words, nil)
	m.Text, m.Marks = text, spans(text, words, places)
	return m, distinct(places)
}

// spans joins what was found where only a blank stands between.
func spans(text string, words []Word, places []int) []Span {
	var list []Span
	for i, w := range words {
		if places[i] < 0 {
			continue
		}
		if last := len(list) - 1; last >= 0 && i > 0 && places[i-1] >= 0 && text[list[last].To:w.From] == " " {
			list[last].To = w.To
			continue
		}
		list = append(list, Span{w.From, w.To})
	}
	return list
}

// distinct counts the different words that were found.
func distinct(places []int) int {
	var seen uint32
	n := 0
	for _, p := range places {
		if p >= 0 && seen&(1<<p) == 0 {
			seen |= 1 << p
			n++
		}
	}
	return n
}

const (
	nearby = 12 // words in which those that are asked for are looked for together
	before = 8  // words that an excerpt begins before them
	behind = 24 // and that follow the first of them
)

// Excerpt is a piece of a text, of one of its lines, around the place that has most
// of what is asked for nearest to each other, the first of several; at is where in
// the text that place is, 0 when nothing is found. What stands in its title is not
// looked for with typos.
func (q Query) Excerpt(text, title string) (m Marked, at int) {
	words := Split(text)
	if len(words) == 0 {
		return Marked{}, 0
	}
	places := q.places(words, Split(title))
	first := densest(text, words, places)
	from, to := first, first+1
	for from > 0 && first-from < before && sameLine(text, words, from) {
		from--
	}
	for to < len(words) && to-first < behind && sameLine(text, words, to) {
		to++
	}
	m = cut(text, words[from:to], places[from:to])
	if places[first] >= 0 {
		at = words[first].From
	}
	return m, at
}

// sameLine says that a word stands on the line of the one before.
func sameLine(text string, words []Word, i int) bool {
	return !strings.Contains(text[words[i-1].To:words[i].From], "\n")
}

// cut is the part of a text that some of its words take, up to the blanks around.
func cut(text string, words []Word, places []int) Marked {
	from, to := words[0].From, words[len(words)-1].To
	for from > 0 && !blank(text[from-1]) {
		from--
	}
	for to < len(text) && !blank(text[to]) {
		to++
	}
	lead, trail := "", ""
	if from > 0 && text[from-1] != '\n' {
		lead = "… "
	}
	if to < len(text) && text[to] != '\n' {
		trail = " …"
	}
	m := Marked{Text: lead + text[from:to] + trail}
	for _, s := range spans(text, words, places) {
		m.Marks = append(m.Marks, Span{s.From - from + len(lead), s.To - from + len(lead)})
	}
	return m
}

func blank(b byte) bool { return b == ' ' || b == '\n' }

// densest is the word from which on most different words follow soon on its line,
// and of those most in the order in which they are asked for and nearest to each
// other; 0 where there are none.
func densest(text string, words []Word, places []int) int {
	best, first := 0, 0
	for i, p := range places {
		if p < 0 {
			continue
		}
		end := i + 1
		for end < len(words) && end < i+nearby && sameLine(text, words, end) {
			end++
		}
		if score := together(places[i:end]); score > best {
			best, first = score, i
		}
	}
	return first
}

// together says how much of what is asked for stands in a few words, and how near.
func together(places []int) int {
	var seen uint32
	score, last := 0, 0
	for i, p := range places {
		if p < 0 {
			continue
		}
		if seen&(1<<p) == 0 {
			seen |= 1 << p
			score, last = score+2*nearby, i
		}
		if i > 0 && places[i-1] == p-1 && p > 0 {
			score++
		}
	}
	return score - last
}
