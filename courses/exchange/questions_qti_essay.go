package exchange

import (
	"haidang/courses/assessment"
	"math"
	"strconv"
	"strings"
)

// essay reads what we mark essays by. The rubrics of other programs are text for
// people.
func (i *qtiItem) essay(n *node) flaw {
	i.q.Type = assessment.Essay
	i.q.Words, i.q.Files = numbered(n, qtiWordsClass), numbered(n, qtiFilesClass)
	for block := range i.root.child("itemBody").all() {
		if block.name == "rubricBlock" && block.classed(qtiRubricClass) && !i.criteria(block) {
			break
		}
	}
	if len(i.q.Rubric) == 0 {
		return flaw{RefusedRubric, "rubric"}
	}
	return flaw{}
}

// criteria reads names, each with its levels; without any if they cannot be read.
func (i *qtiItem) criteria(block *node) bool {
	for _, n := range block.children {
		switch n.name {
		case "p":
			i.q.Rubric = append(i.q.Rubric, assessment.Criterion{Name: said(n)})
		case "ul":
			for _, li := range n.named("li") {
				worth := said(li.child("span"))
				points, known := parseNumber(worth)
				if !known || len(i.q.Rubric) == 0 || math.Abs(points) > 1e6 {
					i.q.Rubric = nil
					return false
				}
				c := &i.q.Rubric[len(i.q.Rubric)-1]
				c.Levels = append(c.Levels, assessment.Level{Text: strings.TrimPrefix(said(li), worth), Points: int(math.Round(points * 100))})
			}
		}
	}
	return true
}

// numbered is the number at the end of a class, or 0.
func numbered(n *node, class string) int {
	for _, name := range strings.Fields(n.attr("class")) {
		if digits, found := strings.CutPrefix(name, class); found {
			number, _ := strconv.Atoi(digits)
			return number
		}
	}
	return 0
}
