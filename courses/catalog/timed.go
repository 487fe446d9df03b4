package catalog

import (
	"fmt"
	"slices"
	"time"
)

// TimedQuestion is a question in passing that a recording stops for.
type TimedQuestion struct {
	AtMs  int64 // where it stops, from its beginning; no two stop at the same
	Block Block // of type Question; what was answered is kept by its id
}

// Limits of the questions of one recording.
const (
	maxTimedQuestions = 30
	maxAnswers        = 20 // of one question
	maxMoment         = 24 * time.Hour
)

// Question finds a question of a recording by its id.
func (l Lesson) Question(id string) (question Block, found bool) {
	i := slices.IndexFunc(l.Questions, func(q TimedQuestion) bool { return q.Block.ID == id })
	if i < 0 {
		return Block{}, false
	}
	return l.Questions[i].Block, true
}

// pieces calls see for each block of the lesson with its place in it: what an
// article says, and what a recording asks.
func (l Lesson) pieces(see func(at string, b Block)) {
	for i, b := range l.Blocks {
		see(fmt.Sprintf("blocks[%d]", i), b)
	}
	for i, q := range l.Questions {
		see(fmt.Sprintf("questions[%d]", i), q.Block)
	}
}

// timed brings the questions of a recording to their canonical form: in the order
// of time, each at a moment of its own.
func (k *cleaner) timed(path string, list []TimedQuestion) {
	if len(list) > maxTimedQuestions {
		k.refuse(path, "too_many")
	}
	seen := map[int64]bool{}
	for i := range list {
		at, q := fmt.Sprintf("%s[%d]", path, i), &list[i]
		switch {
		case q.AtMs < 0 || q.AtMs > maxMoment.Milliseconds():
			k.refuse(at+".atMs", "range")
		case seen[q.AtMs]:
			k.refuse(at+".atMs", "twice")
		}
		seen[q.AtMs] = true
		if q.Block.Type != Question {
			k.refuse(at+".block.type", "unknown")
			continue
		}
		if len(q.Block.Items) > maxAnswers {
			k.refuse(at+".block.items", "too_many")
		}
		k.block(at+".block", &q.Block)
	}
	slices.SortStableFunc(list, func(a, b TimedQuestion) int { return int(a.AtMs - b.AtMs) })
}

// missingTimed lists what the questions of a recording of that length still need.
func missingTimed(l Lesson, at string, facts AssetFacts) []Missing {
	var list []Missing
	for i, q := range l.Questions {
		code := lacking(q.Block, nil)
		if code == "" && facts.DurationMs > 0 && q.AtMs > facts.DurationMs {
			code = "question_time"
		}
		if code != "" {
			list = append(list, Missing{Code: code, Path: fmt.Sprintf("%s.questions[%d]", at, i), Name: l.Title})
		}
	}
	return list
}

// lines is what a question of a recording says, after where it is asked.
func (q TimedQuestion) lines() []Line {
	s := q.AtMs / 1000
	at := plain(QuestionField, fmt.Sprintf("%d:%02d", s/60, s%60))
	at.whole += fmt.Sprint(q.AtMs)
	return append([]Line{at}, q.Block.lines()...)
}
