package assessment

import (
	"haidang/courses/vietnamese"
	"math"
	"slices"
	"strings"
)

// Answer is what somebody chose or wrote. Positions are those on their screen,
// from 0, and −1 is none: what stands there differs from one attempt to another.
type Answer struct {
	// Chosen is the options of Single, Multiple and Hotspot, 0 (right) or 1 (wrong)
	// of TrueOr, all positions in the order given of Ordering, of Matching the
	// position that was given to each prompt, and of Scenario the choice in each
	// scene of the path, as far as it goes.
	Chosen []int
	// Texts is the words of Short, Numeric and Essay, and of each gap of Gaps.
	Texts []string
	// Files is the SHA-256, in hex, of what is attached to an Essay; its bytes may
	// come later.
	Files []string
}

// Empty says that nothing was answered.
func (a Answer) Empty() bool {
	return !slices.ContainsFunc(a.Chosen, func(i int) bool { return i >= 0 }) &&
		!slices.ContainsFunc(a.Texts, func(s string) bool { return strings.TrimSpace(s) != "" }) && len(a.Files) == 0
}

// score is what the answer gets, in hundredths of a point; order says which option
// stands at each position. Part of an answer gets part of the point: of Multiple
// and Hotspot, right choices less wrong ones over those that are right; of Matching
// and Gaps, the share that is right; of Ordering, the share of neighbours that
// follow each other; of Scenario, the points of the choices on the path over the
// most that any path has. An Essay gets what people give it. The other types are right or wrong.
func (q Question) score(order []int, a Answer) int {
	chosen := q.chosen(order, a)
	switch q.Type {
	case Single:
		return whole(len(chosen) == 1 && q.Options[chosen[0]].Right)
	case Multiple, Hotspot:
		return q.scoreMultiple(chosen)
	case Scenario:
		return q.scoreScenario(order, a)
	case TrueOr:
		return whole(len(chosen) == 1 && (chosen[0] == 0) == q.True)
	case Short, Gaps:
		return q.scoreGaps(a.Texts)
	case Numeric:
		value, ok := 0.0, false
		if len(a.Texts) > 0 {
			value, ok = vietnamese.ReadNumber(a.Texts[0])
		}
		return whole(ok && math.Abs(value-q.Number.Value) <= q.Number.Tolerance+1e-9*math.Max(1, math.Abs(q.Number.Value)))
	case Matching:
		return q.scoreMatching(chosen)
	case Ordering:
		return q.scoreOrdering(chosen)
	}
	return 0
}

// chosen is the options at the positions of the answer; a position that nothing
// stands at is −1.
func (q Question) chosen(order []int, a Answer) []int {
	list := make([]int, len(a.Chosen))
	for i, position := range a.Chosen {
		list[i] = -1
		if position >= 0 && position < len(order) {
			list[i] = order[position]
		}
	}
	if q.chooses() {
		list = slices.DeleteFunc(list, func(i int) bool { return i < 0 })
		slices.Sort(list)
		return slices.Compact(list)
	}
	return list
}

func whole(right bool) int {
	if right {
		return Marked
	}
	return 0
}

func share(right, all int) int {
	if all == 0 {
		return 0
	}
	return max(0, right) * Marked / all
}

func (q Question) scoreMultiple(chosen []int) int {
	right, balance := 0, 0
	for i, o := range q.Options {
		if o.Right {
			right++
		}
		switch picked := slices.Contains(chosen, i); {
		case picked && o.Right:
			balance++
		case picked:
			balance--
		}
	}
	return share(balance, right)
}

func (q Question) scoreMatching(chosen []int) int {
	right := 0
	for i, option := range chosen {
		// Two prompts may have the same match.
		if i < len(q.Options) && option >= 0 && q.Options[option].Match == q.Options[q.place(i)].Match {
			right++
		}
	}
	return share(right, len(q.Options))
}

func (q Question) scoreOrdering(chosen []int) int {
	right, seen := 0, map[int]bool{}
	for i, option := range chosen {
		if option < 0 || seen[option] {
			return 0
		}
		seen[option] = true
		if i > 0 && q.place(option) == q.place(chosen[i-1])+1 {
			right++
		}
	}
	return share(right, len(q.Options)-1)
}

func (q Question) scoreGaps(texts []string) int {
	right := 0
	for i, g := range q.Gaps {
		if i < len(texts) && g.takes(texts[i]) {
			right++
		}
	}
	return share(right, len(q.Gaps))
}

// takes says whether the words are accepted: with blanks and case as they may be,
// and without their marks unless these count.
func (g Gap) takes(words string) bool {
	form := vietnamese.SearchKey
	if g.Exact {
		form = vietnamese.ToneKey
	}
	said := form(words)
	return said != "" && slices.ContainsFunc(g.Accepted, func(accepted string) bool { return form(accepted) == said })
}

// Right is an answer that gets the whole point, at the positions of an order.
func (q Question) Right(order []int) Answer {
	at := make(map[int]int, len(order)) // position by option
	for position, option := range order {
		at[option] = position
	}
	var a Answer
	switch q.Type {
	case Scenario:
		a.Chosen = q.bestPath(order)
	case Single, Multiple, Hotspot:
		for i, o := range q.Options {
			if o.Right {
				a.Chosen = append(a.Chosen, at[i])
			}
		}
		slices.Sort(a.Chosen)
	case TrueOr:
		a.Chosen = []int{1}
		if q.True {
			a.Chosen[0] = 0
		}
	case Matching:
		for i := range q.Options {
			a.Chosen = append(a.Chosen, at[q.place(i)])
		}
	case Ordering:
		a.Chosen = make([]int, len(q.Options))
		for i := range q.Options {
			a.Chosen[q.place(i)] = at[i]
		}
	case Short, Gaps:
		for _, g := range q.Gaps {
			a.Texts = append(a.Texts, g.Accepted[0])
		}
	case Numeric:
		a.Texts = []string{vietnamese.WriteNumber(q.Number.Value)}
	}
	return a
}
