package search

import (
	"cmp"
	"haidang/courses"
	"haidang/courses/catalog"
	"haidang/courses/vietnamese"
	"slices"
	"strings"
	"unicode"
)

// entries is what lists show of courses, by word. It is never changed: when courses
// are published it is made anew.
type entries struct {
	ids   []courses.CourseID // newest first
	words []string           // all that stand in some entry, folded, ascending
	posts map[string][]post  // where a word stands: folded or, if it has marks, with them
}

// post is that a word stands in the entry of a course, or in its title even.
type post struct {
	course int32 // of ids
	title  bool
}

// spelt is the words of a text. A code or the number of a document is one, unlike in
// what lessons say.
type spelt struct {
	words  []string // folded
	marked []string // those with marks, with them
}

func spell(text string) spelt {
	s := spelt{words: slices.DeleteFunc(strings.FieldsFunc(vietnamese.SearchKey(text), splits), mute)}
	for word := range strings.FieldsFuncSeq(text, splits) {
		if strings.ContainsFunc(word, func(r rune) bool { return r > unicode.MaxASCII }) {
			s.marked = append(s.marked, vietnamese.ToneKey(word))
		}
	}
	return s
}

// mute says that a word has neither letters nor digits, as a dash.
func mute(word string) bool {
	return !strings.ContainsFunc(word, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) })
}

func splits(r rune) bool {
	return unicode.IsSpace(r) || strings.ContainsRune(".,;:!?()[]\"'“”/–…", r)
}

func entriesOf(list []catalog.Course) *entries {
	slices.SortFunc(list, func(a, b catalog.Course) int {
		return cmp.Or(b.Newest.At.Compare(a.Newest.At), cmp.Compare(a.ID, b.ID))
	})
	e := &entries{ids: make([]courses.CourseID, len(list)), posts: map[string][]post{}}
	for i, c := range list {
		e.ids[i] = c.ID
		e.add(post{int32(i), true}, c.Newest.Title)
		for _, line := range slices.Concat([]string{c.Code, c.Newest.Summary}, c.Newest.Modules, c.Newest.Citations) {
			e.add(post{int32(i), false}, line)
		}
	}
	slices.Sort(e.words)
	return e
}

// add takes in the words of a line, and the parts of its codes and numbers; the title's
// come first.
func (e *entries) add(p post, line string) {
	s := spell(line)
	words := s.words
	for _, part := range vietnamese.Split(line) {
		words = append(words, part.Key)
	}
	for _, word := range words {
		if len(e.posts[word]) == 0 {
			e.words = append(e.words, word)
		}
		e.post(word, p)
	}
	for _, word := range s.marked {
		e.post(word, p)
	}
}

// post notes that a word stands there, once for each course.
func (e *entries) post(word string, p post) {
	list := e.posts[word]
	if len(list) == 0 || list[len(list)-1].course != p.course {
		e.posts[word] = append(list, p)
	}
}

// How much it counts to find a word: in a title, whole, from its start on, or
// misspelt; and with its marks.
const (
	titleTimes  = 3
	wholePoints = 4
	begunPoints = 2
	nearPoints  = 1
	markPoints  = 100
)

// find is the courses whose entries have all words, the best first and the newest of
// those that are as good. Unless they are read freely, a word that stands in an entry is
// meant as it is, but for the last, which may not be typed to its end; strict says that
// one was.
func (e *entries) find(asked spelt, freely bool, limit int) (ids []courses.CourseID, strict bool) {
	points, of := make([]int, len(e.ids)), make([]int, len(e.ids))
	for i, word := range asked.words {
		clear(of)
		e.weigh(of, word, wholePoints)
		if !freely && i < len(asked.words)-1 && len(e.posts[word]) > 0 {
			strict = true
		} else {
			for _, begun := range e.from(word) {
				e.weigh(of, begun, begunPoints)
			}
			for _, near := range e.near(word) {
				e.weigh(of, near, nearPoints)
			}
		}
		for c, n := range of {
			if n == 0 || i > 0 && points[c] == 0 {
				points[c] = 0
			} else {
				points[c] += n
			}
		}
	}
	e.preferMarked(points, asked.marked)
	return e.best(points, limit), strict
}

// weigh notes where a word stands, unless a better one stands there.
func (e *entries) weigh(of []int, word string, n int) {
	for _, p := range e.posts[word] {
		if p.title {
			of[p.course] = max(of[p.course], n*titleTimes)
		} else {
			of[p.course] = max(of[p.course], n)
		}
	}
}

// shortest is how many letters make a beginning.
const shortest = 2

// from is the words that begin with a word.
func (e *entries) from(word string) []string {
	first, _ := slices.BinarySearch(e.words, word)
	last := first
	for len(word) >= shortest && last < len(e.words) && strings.HasPrefix(e.words[last], word) {
		last++
	}
	return e.words[first:last]
}

// near is the words that are a word with a typo.
func (e *entries) near(word string) []string {
	var list []string
	for _, w := range e.words {
		if vietnamese.Near(word, w) {
			list = append(list, w)
		}
	}
	return list
}

// preferMarked adds points to what was found, for each word that has the same marks.
func (e *entries) preferMarked(points []int, marked []string) {
	for _, word := range marked {
		for _, p := range e.posts[word] {
			if points[p.course] > 0 {
				points[p.course] += markPoints
			}
		}
	}
}

// best is the courses with points, those with most first.
func (e *entries) best(points []int, limit int) []courses.CourseID {
	var found []int
	for c, n := range points {
		if n > 0 {
			found = append(found, c)
		}
	}
	slices.SortStableFunc(found, func(a, b int) int { return cmp.Compare(points[b], points[a]) })
	ids := make([]courses.CourseID, min(limit, len(found)))
	for i := range ids {
		ids[i] = e.ids[found[i]]
	}
	return ids
}
