package assessment

import (
	"haidang/courses"
	"haidang/courses/catalog"
	"math/rand/v2"
	"slices"
)

// Entry is what drawing needs to know of an item.
type Entry struct {
	ID         courses.ItemID
	Number     int
	Type       Type
	Topic      string
	Difficulty string
	Cites      []catalog.Reference
}

// draw picks the items of a paper out of a pool, as random says, each once; short
// is how many the pool lacks.
func draw(pool []Entry, p catalog.Paper, random *rand.Rand) (picked []Entry, short int) {
	d := &drawing{pool: pool, order: random.Perm(len(pool)), want: map[int]int{}}
	for _, id := range p.Fixed {
		d.fits = append(d.fits, func(e Entry) bool { return e.ID == id })
	}
	for _, x := range p.Draws {
		for range x.Count {
			d.fits = append(d.fits, func(e Entry) bool { return x.Fits(e.Topic, e.Difficulty) })
		}
	}
	for want := range d.fits {
		if !d.take(want, map[int]bool{}) {
			short++
		}
	}
	place := make(map[int]int, len(d.want))
	for i, want := range d.want {
		place[want] = i
	}
	for want := range d.fits {
		if i, found := place[want]; found {
			picked = append(picked, pool[i])
		}
	}
	return picked, short
}

// askable picks out of the pools of banks, the newest first in each, what papers may
// ask, at most so many: what they fix, of each draw as many as its paper asks, by
// which it is filled as well as by all, and then the rest. It says false when most is
// too few for the first two.
func askable(pools map[courses.UnitID][]Entry, papers []catalog.Paper, most int) (picked map[courses.ItemID]Entry, enough bool) {
	picked = map[courses.ItemID]Entry{}
	for _, p := range papers {
		for _, e := range needed(pools[p.Bank], p) {
			picked[e.ID] = e
		}
	}
	if len(picked) > most {
		return nil, false
	}
	for _, p := range papers {
		for _, e := range pools[p.Bank] {
			if len(picked) < most && slices.ContainsFunc(p.Draws, func(d catalog.Draw) bool { return d.Fits(e.Topic, e.Difficulty) }) {
				picked[e.ID] = e
			}
		}
	}
	return picked, true
}

// needed is what a paper fixes, and of each draw as many as the paper asks.
func needed(pool []Entry, p catalog.Paper) []Entry {
	var list []Entry
	left := make([]int, len(p.Draws))
	for i := range left {
		left[i] = p.Size()
	}
	for _, e := range pool {
		needs := slices.Contains(p.Fixed, e.ID)
		for i, d := range p.Draws {
			if left[i] > 0 && d.Fits(e.Topic, e.Difficulty) {
				left[i]--
				needs = true
			}
		}
		if needs {
			list = append(list, e)
		}
	}
	return list
}

// drawing gives each want of a paper an item that fits it: a matching in a
// bipartite graph, found along augmenting paths, so that a paper which can be
// filled is.
type drawing struct {
	pool  []Entry
	order []int              // in which items are looked at
	fits  []func(Entry) bool // by want
	want  map[int]int        // who took an item, by its place in the pool
}

// take finds an item for a want; if all that fit are taken, one of those who took
// them takes another if it can. Tried are items that were asked for already.
func (d *drawing) take(want int, tried map[int]bool) bool {
	var taken []int
	for _, i := range d.order {
		if tried[i] || !d.fits[want](d.pool[i]) {
			continue
		}
		if _, is := d.want[i]; !is {
			d.want[i] = want
			return true
		}
		taken = append(taken, i)
	}
	for _, i := range taken {
		if tried[i] {
			continue
		}
		tried[i] = true
		if d.take(d.want[i], tried) {
			d.want[i] = want
			return true
		}
	}
	return false
}

// essays is how many of the items people have to mark.
func essays(list []Entry) int {
	n := 0
	for _, e := range list {
		if e.Type == Essay {
			n++
		}
	}
	return n
}

// straight is the order of n things as they stand, nil of none.
func straight(n int) []int {
	if n == 0 {
		return nil
	}
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	return order
}

// arrange is which option stands at each position of a question.
func arrange(q Question, shuffle bool, random *rand.Rand) []int {
	if q.Type == Scenario {
		return q.arrangeScenes(shuffle, random)
	}
	order := straight(q.choices())
	if q.shuffles() || shuffle && q.Type != TrueOr {
		random.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
	}
	// What is never shown as it stands is turned by one if chance leaves it so.
	if q.shuffles() && slices.IsSorted(order) {
		order = append(order[1:], order[0])
	}
	return order
}
