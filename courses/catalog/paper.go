package catalog

import (
	"context"
	"fmt"
	"haidang/courses"
	"slices"
)

// Paper says which questions a quiz asks, and how. The questions stand in the bank
// of an organisation; which ones somebody gets is drawn when they begin.
type Paper struct {
	Bank     courses.UnitID
	Fixed    []courses.ItemID // that everybody gets
	Draws    []Draw           // and these many more
	Shuffle  bool             // the order of questions and of what may be chosen
	PassBp   int              // basis points of the points to be had; 0 means DefaultPass
	Attempts int              // 0 is any number
	Minutes  int              // from the start on; 0 is no limit
	Feedback Feedback
}

// Draw is a number of questions of a topic and a difficulty; empty means any.
type Draw struct {
	Topic      string
	Difficulty string // easy, medium or hard
	Count      int
}

// Feedback is what learners see after they have handed in.
type Feedback string

// What learners see: the answers that are right, which of theirs were, or only
// their score.
const (
	ShowRight Feedback = "right"
	ShowMarks Feedback = "marks"
	ShowScore Feedback = "score"
)

// DefaultPass is the share of the points that passes, in basis points.
const DefaultPass = 5000

// Pass is the share that passes, with its default.
func (p Paper) Pass() int {
	if p.PassBp == 0 {
		return DefaultPass
	}
	return p.PassBp
}

// Size is how many questions it asks.
func (p Paper) Size() int {
	n := len(p.Fixed)
	for _, d := range p.Draws {
		n += d.Count
	}
	return n
}

// estimate is how many minutes a quiz takes, which its limit ends.
func (p Paper) estimate() int {
	n := (p.Size()*secondsPerItem + 59) / 60
	if p.Minutes > 0 {
		n = min(n, p.Minutes)
	}
	return n
}

// MaxQuestions is how many questions a quiz may ask.
const MaxQuestions = 200

// Bounds of what a paper says.
const (
	maxDraws   = 50
	maxMinutes = 24 * 60
	maxTries   = 100
)

// Difficulties lists how hard a question can be.
func Difficulties() []string { return []string{"easy", "medium", "hard"} }

func (k *cleaner) paper(path string, p *Paper) {
	if p.Feedback == "" {
		p.Feedback = ShowMarks
	}
	for i := range p.Draws {
		d := &p.Draws[i]
		at := fmt.Sprintf("%s.draws[%d]", path, i)
		d.Topic = k.text(at+".topic", d.Topic)
		if d.Count < 1 || d.Count > MaxQuestions {
			k.refuse(at+".count", "range")
		}
		if d.Difficulty != "" && !slices.Contains(Difficulties(), d.Difficulty) {
			k.refuse(at+".difficulty", "unknown")
		}
	}
	for code, wrong := range map[string]bool{
		"feedback": !slices.Contains([]Feedback{ShowRight, ShowMarks, ShowScore}, p.Feedback),
		"passBp":   p.PassBp < 0 || p.PassBp > 10000,
		"attempts": p.Attempts < 0 || p.Attempts > maxTries,
		"minutes":  p.Minutes < 0 || p.Minutes > maxMinutes,
		"draws":    len(p.Draws) > maxDraws || p.Size() > MaxQuestions,
	} {
		if wrong {
			k.refuse(path+"."+code, "range")
		}
	}
	seen := map[courses.ItemID]bool{}
	for i, id := range p.Fixed {
		if seen[id] {
			k.refuse(fmt.Sprintf("%s.fixed[%d]", path, i), "twice")
		}
		seen[id] = true
	}
}

// Banks is what catalog asks of the question banks.
type Banks interface {
	// Lacking is how many questions of the paper its bank cannot give.
	Lacking(ctx context.Context, p Paper) (int, error)
}

// banks is the organisations whose questions the content asks.
func (c Content) banks() map[courses.UnitID]bool {
	all := map[courses.UnitID]bool{}
	c.Lessons(func(l Lesson) {
		if l.Kind == Quiz && l.Paper.Bank != "" {
			all[l.Paper.Bank] = true
		}
	})
	return all
}

// papers asks of every quiz of the content what its bank lacks.
func (s *Service) papers(ctx context.Context, c Content) (map[courses.LessonID]int, error) {
	lacking := map[courses.LessonID]int{}
	var failed error
	c.Lessons(func(l Lesson) {
		if l.Kind != Quiz || failed != nil {
			return
		}
		lacking[l.ID], failed = s.banks.Lacking(ctx, l.Paper)
	})
	return lacking, failed
}
