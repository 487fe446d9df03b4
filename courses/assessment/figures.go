package assessment

import "math"

// Figures is how a version of an item was answered, as sums that grow with each
// attempt: x is the share of the item's point that was got, y that of all other
// questions of the attempt, both from 0 to 1.
type Figures struct {
	N      int // attempts that asked it
	Blank  int // that left it unanswered
	X, Y   float64
	XX, YY float64
	XY     float64
	Chosen []int // how often each option was chosen, by its place in the question
}

// Facility is the mean share of the point, from 0 (nobody knew) to 1.
func (f Figures) Facility() float64 {
	if f.N == 0 {
		return 0
	}
	return f.X / float64(f.N)
}

// Discrimination is the correlation between the item and the rest of the attempt,
// from −1 to 1 (the item-rest correlation of classical test theory); 0 where all
// answered alike.
func (f Figures) Discrimination() float64 {
	n := float64(f.N)
	spread := (n*f.XX - f.X*f.X) * (n*f.YY - f.Y*f.Y)
	if spread <= 1e-12 {
		return 0
	}
	return (n*f.XY - f.X*f.Y) / math.Sqrt(spread)
}

func (f Figures) plus(g Figures) Figures {
	sum := Figures{N: f.N + g.N, Blank: f.Blank + g.Blank, X: f.X + g.X, Y: f.Y + g.Y, XX: f.XX + g.XX, YY: f.YY + g.YY, XY: f.XY + g.XY}
	sum.Chosen = make([]int, max(len(f.Chosen), len(g.Chosen)))
	for _, chosen := range [][]int{f.Chosen, g.Chosen} {
		for i, n := range chosen {
			sum.Chosen[i] += n
		}
	}
	return sum
}

// counts is what a done attempt adds to the figures of its items. Essays are not in
// them: people mark those, in their own time.
func (a Attempt) counts(questions []Question) map[Ref]Figures {
	total, marked := 0, 0
	for i, s := range a.Scores {
		if questions[i].Type != Essay {
			total, marked = total+s, marked+1
		}
	}
	all := make(map[Ref]Figures, len(a.Slots))
	for i, slot := range a.Slots {
		if questions[i].Type == Essay {
			continue
		}
		x := float64(a.Scores[i]) / Marked
		y := x
		if rest := marked - 1; rest > 0 {
			y = float64(total-a.Scores[i]) / float64(Marked*rest)
		}
		f := Figures{N: 1, X: x, Y: y, XX: x * x, YY: y * y, XY: x * y}
		g, there := a.Given[i]
		if !there || g.Answer.Empty() {
			f.Blank = 1
		}
		if q := questions[i]; q.chooses() {
			f.Chosen = make([]int, q.choices())
			for _, option := range q.chosen(slot.Order, g.Answer) {
				f.Chosen[option]++
			}
		}
		all[Ref{slot.Item, slot.Number}] = f
	}
	return all
}
