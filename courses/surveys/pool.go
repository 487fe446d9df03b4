package surveys

import (
	"fmt"
	"haidang/courses"
	"math/rand/v2"
	"slices"
)

// Group is how many answers are shown together at the least. Nothing is shown
// before there are so many, and what is shown changes by so many at once.
const Group = 5

// Kind says which survey a pool is of.
type Kind string

// The kinds of pool.
const (
	Reactions   Kind = "reaction"
	Pairs       Kind = "pairs" // before and after
	Evaluations Kind = "evaluation"
	Used30      Kind = "used-30" // what learners say 30 days after a course
	Used90      Kind = "used-90"
	Seen30      Kind = "seen-30" // and those who lead them
	Seen90      Kind = "seen-90"
)

// Key names a pool.
type Key struct {
	Version  courses.VersionID
	Kind     Kind
	Template courses.Date // of evaluations: the first day of the template
}

// Answer is what one person chose: the position of a choice for each question.
type Answer map[string]int

// Question is something to choose about, with how many choices it has.
type Question struct {
	ID      string
	Choices int
}

// Refusals of answers.
var (
	ErrQuestion = courses.Refusal(courses.Invalid, "surveys.other_questions", "the answer is not to the questions that were asked; see fields")
	ErrRating   = courses.Refusal(courses.Invalid, "surveys.no_such_choice", "a question has no such choice; see fields")
)

// check refuses an answer that does not choose once for each question.
func (a Answer) check(form []Question) error {
	var unasked, wrong []courses.Field
	known := make(map[string]bool, len(form))
	for _, q := range form {
		known[q.ID] = true
		choice, there := a[q.ID]
		switch {
		case !there:
			unasked = append(unasked, courses.Field{Path: "choices." + q.ID, Code: "required"})
		case choice < 0 || choice >= q.Choices:
			wrong = append(wrong, courses.Field{Path: "choices." + q.ID, Code: "range"})
		}
	}
	for id := range a {
		if !known[id] {
			unasked = append(unasked, courses.Field{Path: "choices", Code: "unknown"})
		}
	}
	switch {
	case len(unasked) > 0:
		return ErrQuestion.With(unasked...)
	case len(wrong) > 0:
		return ErrRating.With(wrong...)
	}
	return nil
}

// Tally counts answers: how often each choice was taken.
type Tally struct {
	N      int
	Counts map[string][]int // of each question
}

// Add counts what another tally has counted.
func (t Tally) Add(other Tally) Tally {
	sum := Tally{N: t.N + other.N, Counts: make(map[string][]int, len(other.Counts))}
	for _, part := range []Tally{t, other} {
		for id, counts := range part.Counts {
			into := slices.Grow(slices.Clone(sum.Counts[id]), len(counts))
			for len(into) < len(counts) {
				into = append(into, 0)
			}
			for i, n := range counts {
				into[i] += n
			}
			sum.Counts[id] = into
		}
	}
	return sum
}

// tallyOf is a tally of one answer.
func tallyOf(a Answer, form []Question) Tally {
	t := Tally{N: 1, Counts: make(map[string][]int, len(form))}
	for _, q := range form {
		t.Counts[q.ID] = make([]int, q.Choices)
		t.Counts[q.ID][a[q.ID]] = 1
	}
	return t
}

// Pool counts the answers to one survey on one version of a course. What was
// answered is nowhere else.
type Pool struct {
	Key     Key
	Course  courses.CourseID
	Waiting Tally    // fewer than a group, shown to nobody
	Shown   Tally    // whole groups
	Texts   []string // fewer than a group, in no order, shown to nobody
}

// Take counts an answer; a group that it makes whole is shown from then on.
func (p Pool) Take(a Answer, form []Question) Pool {
	p.Waiting = p.Waiting.Add(tallyOf(a, form))
	if p.Waiting.N >= Group {
		p.Shown, p.Waiting = p.Shown.Add(p.Waiting), Tally{}
	}
	return p
}

// Hear keeps a text where chance puts it. A group that it makes whole is given
// back, to be shown, in no order.
func (p Pool) Hear(text string) (Pool, []string) {
	p.Texts = slices.Insert(slices.Clone(p.Texts), rand.IntN(len(p.Texts)+1), text)
	if len(p.Texts) < Group {
		return p, nil
	}
	told := p.Texts
	p.Texts = nil
	return p, told
}

// hundredths is the mean of a question's choices, the first being 1.
func (t Tally) hundredths(id string) int {
	sum := 0
	for i, n := range t.Counts[id] {
		sum += (i + 1) * n
	}
	return rounded(100*sum, t.N)
}

// rounded is a quotient to the nearest whole, half away from zero.
func rounded(a, b int) int {
	if b == 0 {
		return 0
	}
	if a < 0 {
		return -rounded(-a, b)
	}
	return (2*a + b) / (2 * b)
}

func questionID(dimension, question int) string {
	return fmt.Sprintf("d%dq%d", dimension, question)
}
