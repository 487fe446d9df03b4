package learning

import (
	"cmp"
	"haidang/courses"
	"haidang/courses/catalog"
	"maps"
	"slices"
	"strings"
	"time"
)

// Answer is what somebody answered to a question of a recording.
type Answer struct {
	Chosen []int // which of its answers, from 0, ascending
	At     time.Time
	Event  courses.EventID // decides between answers of one instant
}

// Answers is the latest answer to each question, by its id.
type Answers map[string]Answer

// Union joins two sets, and takes the later of two answers to one question. It is
// commutative, associative and idempotent.
func (a Answers) Union(other Answers) Answers {
	if len(other) == 0 {
		return a
	}
	joined := make(Answers, len(a)+len(other))
	maps.Copy(joined, a)
	for id, answer := range other {
		if was, known := joined[id]; !known || was.compare(answer) < 0 {
			joined[id] = answer
		}
	}
	return joined
}

// compare is a total order, so that of any two answers the same one is the later.
func (a Answer) compare(b Answer) int {
	return cmp.Or(a.At.Compare(b.At), strings.Compare(string(a.Event), string(b.Event)), slices.Compare(a.Chosen, b.Chosen))
}

func (a Answer) equal(b Answer) bool { return a.compare(b) == 0 }

// open is how many questions of the lesson have no answer.
func (a Answers) open(l catalog.Lesson) int {
	n := 0
	for _, q := range l.Questions {
		if _, answered := a[q.Block.ID]; !answered {
			n++
		}
	}
	return n
}
