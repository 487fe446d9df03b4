package assessment

import (
	"fmt"
	"slices"
)

// Criterion is one thing that an essay is judged by.
type Criterion struct {
	Name   string
	Levels []Level // the best first
}

// Level is how well a criterion can be met.
type Level struct {
	Text   string
	Points int // hundredths
}

// Bounds of an essay.
const (
	MaxEssay    = 20_000 // runes of an answer
	maxWords    = 5000
	maxAttached = 3 // files of an answer
	maxCriteria = 10
	maxLevels   = 6
	maxPoints   = 10_000
	maxEssays   = 20 // of an attempt, so that its answers stay in one document
)

// top is the points that the best level of every criterion gives.
func (q Question) top() int {
	sum := 0
	for _, c := range q.Rubric {
		sum += c.Levels[0].Points
	}
	return sum
}

// points is what levels give, one for each criterion.
func (q Question) points(levels []int) int {
	sum := 0
	for i, c := range q.Rubric {
		sum += c.Levels[levels[i]].Points
	}
	return sum
}

// rated is points of top as hundredths of what can be got for a question, rounded
// to the nearest.
func rated(points, top int) int {
	if top == 0 {
		return 0
	}
	return (2*points*Marked + top) / (2 * top)
}

func (k *checker) essay(q Question) []Criterion {
	k.Refuse(q.Words < 0 || q.Words > maxWords, "words", "range")
	k.Refuse(q.Files < 0 || q.Files > maxAttached, "files", "range")
	k.Refuse(len(q.Rubric) == 0, "rubric", "too_few")
	k.Refuse(len(q.Rubric) > maxCriteria, "rubric", "too_many")
	kept, seen := make([]Criterion, len(q.Rubric)), map[string]bool{}
	for i, c := range q.Rubric {
		path := fmt.Sprintf("rubric[%d]", i)
		k.Text(path+".name", &c.Name, 200)
		k.Refuse(c.Name == "", path+".name", "required")
		k.Refuse(seen[c.Name], path+".name", "twice")
		seen[c.Name] = true
		k.Refuse(len(c.Levels) < 2, path, "too_few")
		k.Refuse(len(c.Levels) > maxLevels, path, "too_many")
		c.Levels = slices.Clone(c.Levels)
		for j := range c.Levels {
			k.Text(fmt.Sprintf("%s.levels[%d].text", path, j), &c.Levels[j].Text, maxOption)
			k.Refuse(c.Levels[j].Text == "", fmt.Sprintf("%s.levels[%d].text", path, j), "required")
			k.Refuse(c.Levels[j].Points < 0 || c.Levels[j].Points > maxPoints, fmt.Sprintf("%s.levels[%d].points", path, j), "range")
			k.Refuse(j > 0 && c.Levels[j].Points >= c.Levels[j-1].Points, fmt.Sprintf("%s.levels[%d].points", path, j), "order")
		}
		kept[i] = c
	}
	return kept
}
