package reports

import (
	"haidang/courses"
	"haidang/courses/catalog"
	"haidang/courses/records"
	"haidang/courses/staff"
	"slices"
)

// Figures are what BC-01 counts of a unit, or of one person (then the counts of
// people are 0 or 1).
type Figures struct {
	Trained     int // different people with a completion
	Attendances int
	Women       int // of Trained
	Minority    int // of Trained
	ByKnowledge []int
	Tiet        int
	Reached     int // people at the yearly target
}

// Add sums two figures.
func (f Figures) Add(g Figures) Figures {
	sum := Figures{
		Trained: f.Trained + g.Trained, Attendances: f.Attendances + g.Attendances, Women: f.Women + g.Women,
		Minority: f.Minority + g.Minority, Tiet: f.Tiet + g.Tiet, Reached: f.Reached + g.Reached,
		ByKnowledge: make([]int, len(catalog.Knowledges())),
	}
	for i := range sum.ByKnowledge {
		sum.ByKnowledge[i] = at(f.ByKnowledge, i) + at(g.ByKnowledge, i)
	}
	return sum
}

func at(list []int, i int) int {
	if i < len(list) {
		return list[i]
	}
	return 0
}

// Minus is the figures with every sign turned.
func (f Figures) Minus() Figures {
	m := Figures{
		Trained: -f.Trained, Attendances: -f.Attendances, Women: -f.Women,
		Minority: -f.Minority, Tiet: -f.Tiet, Reached: -f.Reached,
	}
	for _, n := range f.ByKnowledge {
		m.ByKnowledge = append(m.ByKnowledge, -n)
	}
	return m
}

// Zero says that all figures are 0.
func (f Figures) Zero() bool {
	return f.Trained == 0 && f.Attendances == 0 && f.Women == 0 && f.Minority == 0 && f.Tiet == 0 && f.Reached == 0 &&
		!slices.ContainsFunc(f.ByKnowledge, func(n int) bool { return n != 0 })
}

// Equal compares two figures.
func (f Figures) Equal(g Figures) bool { return f.Add(g.Minus()).Zero() }

// ShareBp is a part of a whole in basis points, rounded; 0 of nothing.
func ShareBp(part, whole int) int {
	if whole <= 0 {
		return 0
	}
	return (part*20000 + whole) / (2 * whole)
}

// Counted is what one person adds to one unit in one period.
type Counted struct {
	Unit    courses.UnitID // report unit on the period's last day
	Figures Figures
}

// Credit is what a person completed in a period and was credited for it.
type Credit struct {
	Attendances int
	Tiet        int
}

// PersonYear is what one person adds to the counters of one year's periods.
type PersonYear struct {
	Person  courses.PersonID
	Year    courses.Period
	Periods map[courses.Period]Counted // only those with a completion
}

// count makes a person's year out of the completions in it. A person counts in
// the unit held on the last day of the period; without one, nowhere.
func count(tree *staff.Tree, p staff.Person, year courses.Period, target int, list []records.Completion) PersonYear {
	py := PersonYear{Person: p.ID, Year: year, Periods: map[courses.Period]Counted{}}
	for _, c := range list {
		if c.Tiet == 0 {
			continue // a supplement to what was counted
		}
		for _, period := range courses.PeriodsOf(courses.DateOf(c.CompletedAt)) {
			counted, begun := py.Periods[period]
			if !begun {
				_, last := period.Range()
				posting, posted := p.HomePosting(last)
				if !posted {
					continue
				}
				counted = Counted{Unit: tree.ReportUnit(posting.Unit, last), Figures: first(p)}
			}
			f := &counted.Figures
			f.Attendances++
			f.Tiet += c.Tiet
			f.ByKnowledge[kindOf(c)]++
			if target > 0 && f.Tiet >= target {
				f.Reached = 1
			}
			py.Periods[period] = counted
		}
	}
	return py
}

// kindOf is the place of an entry's kind in the form; an unknown kind is the
// last one, "khác".
func kindOf(c records.Completion) int {
	kinds := catalog.Knowledges()
	if i := slices.Index(kinds, catalog.Knowledge(c.Knowledge)); i >= 0 {
		return i
	}
	return len(kinds) - 1
}

// first is the figures of a person who has been trained, before any completion.
func first(p staff.Person) Figures {
	f := Figures{Trained: 1, ByKnowledge: make([]int, len(catalog.Knowledges()))}
	if p.Gender == "female" {
		f.Women = 1
	}
	if p.EthnicMinority {
		f.Minority = 1
	}
	return f
}

// Counter names one unit's figures in one period.
type Counter struct {
	Unit   courses.UnitID
	Period courses.Period
}

// difference is how the counters change when was becomes is.
func difference(was, is PersonYear) map[Counter]Figures {
	sums := map[Counter]Figures{}
	for period, c := range was.Periods {
		k := Counter{c.Unit, period}
		sums[k] = sums[k].Add(c.Figures.Minus())
	}
	for period, c := range is.Periods {
		k := Counter{c.Unit, period}
		sums[k] = sums[k].Add(c.Figures)
	}
	for k, f := range sums {
		if f.Zero() {
			delete(sums, k)
		}
	}
	return sums
}
