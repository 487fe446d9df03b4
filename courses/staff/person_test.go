package staff

import (
	"errors"
	"haidang/courses"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestPostingSomebody(t *testing.T) {
	home := Posting{Unit: "A", Kind: Permanent, From: "2026-01-01"}
	ended := Posting{Unit: "A", Kind: Permanent, From: "2026-01-01", To: "2026-03-31"}
	for _, c := range []struct {
		name    string
		was     Posting
		posting Posting
		refused bool
		wasTo   courses.Date // when the posting before ends afterwards
	}{
		{"a transfer ends the home posting the day before", home, Posting{Unit: "B", Kind: Transfer, From: "2026-05-01"}, false, "2026-04-30"},
		{"a rotation ends the home posting", home, Posting{Unit: "B", Kind: Rotation, From: "2026-01-02"}, false, "2026-01-01"},
		{"a secondment keeps it", home, Posting{Unit: "B", Kind: Secondment, From: "2026-05-01"}, false, ""},
		{"a concurrent posting keeps it", home, Posting{Unit: "B", Kind: Concurrent, From: "2026-05-01"}, false, ""},
		{"a secondment may begin before it", home, Posting{Unit: "B", Kind: Secondment, From: "2025-05-01"}, false, ""},
		{"one that had ended stays as it was", ended, Posting{Unit: "B", Kind: Permanent, From: "2026-04-01"}, false, "2026-03-31"},
		{"one that ends later is cut", ended, Posting{Unit: "B", Kind: Permanent, From: "2026-03-31"}, false, "2026-03-30"},
		{"a home posting on the same day is refused", home, Posting{Unit: "B", Kind: Transfer, From: "2026-01-01"}, true, ""},
		{"a home posting before it is refused", home, Posting{Unit: "B", Kind: Transfer, From: "2025-12-31"}, true, ""},
		{"dates that run backwards are refused", home, Posting{Unit: "B", Kind: Secondment, From: "2026-05-01", To: "2026-04-30"}, true, ""},
		{"one day is enough", home, Posting{Unit: "B", Kind: Secondment, From: "2026-05-01", To: "2026-05-01"}, false, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := Person{Postings: []Posting{c.was}}
			is, err := p.post(c.posting)
			if c.refused {
				if !errors.Is(err, ErrPostingDates) {
					t.Fatalf("answers %v", err)
				}
				return
			}
			if err != nil || len(is.Postings) != 2 || is.Postings[0].To != c.wasTo || is.Postings[1] != c.posting {
				t.Errorf("became %+v, %v", is.Postings, err)
			}
			if p.Postings[0] != c.was {
				t.Error("the person before was changed, too")
			}
		})
	}
}

// career draws a person who is posted and ends postings, some of it refused, and
// gives what the service would have added to the headcounts.
func career(t *rapid.T, units []courses.UnitID) (Person, []Change) {
	var p Person
	var all []Change
	for range rapid.IntRange(0, 6).Draw(t, "steps") {
		is := p
		if len(p.Postings) > 0 && rapid.IntRange(0, 3).Draw(t, "ending") == 0 {
			i := rapid.IntRange(0, len(p.Postings)-1).Draw(t, "which")
			is.Postings = slices.Clone(p.Postings)
			to := is.Postings[i].From.AddDays(rapid.IntRange(0, lastDay).Draw(t, "to"))
			if is.Postings[i].To != "" && to > is.Postings[i].To {
				continue
			}
			is.Postings[i].To = to
		} else {
			posting := Posting{
				Unit: rapid.SampledFrom(units).Draw(t, "unit"), From: anyDay(t),
				Kind: rapid.SampledFrom([]PostingKind{Permanent, Concurrent, Secondment, Rotation, Transfer}).Draw(t, "kind"),
			}
			if rapid.Bool().Draw(t, "closed") {
				posting.To = anyDay(t)
			}
			var err error
			if is, err = p.post(posting); err != nil {
				continue
			}
		}
		all = append(all, changes(p, is)...)
		p = is
	}
	return p, all
}

// homes counts the postings that are home ones on a day, by report unit as the
// rows have it.
func (d drawn) homes(p Person, day courses.Date, count map[courses.UnitID]int) int {
	n := 0
	for _, x := range p.Postings {
		if (x.Kind == Permanent || x.Kind == Rotation || x.Kind == Transfer) && x.From <= day && (x.To == "" || day <= x.To) {
			count[d.reportUnit(x.Unit, day)]++
			n++
		}
	}
	return n
}

func (d drawn) reportUnit(code courses.UnitID, day courses.Date) courses.UnitID {
	for _, u := range d.rows {
		if u.Code == code && u.From <= day && (u.To == "" || day <= u.To) && u.Kind == Room {
			return d.reportUnit(u.Parent, day)
		}
	}
	return code
}

func TestHeadcountsAreThePeopleWhoseHomePostingIsThere(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := anyTree(t, false)
		tree, deltas := NewTree(d.rows), map[Change]int{}
		var people []Person
		for range rapid.IntRange(1, 4).Draw(t, "people") {
			p, list := career(t, d.codes)
			people = append(people, p)
			for _, c := range list {
				deltas[Change{Unit: c.Unit, Day: c.Day}] += c.Delta
			}
		}
		for n := range 2 * lastDay {
			day := firstDay.AddDays(n)
			sums, want := map[courses.UnitID]int{}, map[courses.UnitID]int{}
			for c, delta := range deltas {
				if c.Day <= day {
					sums[c.Unit] += delta
				}
			}
			for _, p := range people {
				n := d.homes(p, day, want)
				if _, found := p.HomePosting(day); n > 1 || found != (n == 1) {
					t.Fatalf("on %s there are %d home postings in %+v", day, n, p.Postings)
				}
			}
			got := reported(tree, day, sums)
			for _, code := range d.codes {
				if got[code] != want[code] {
					t.Fatalf("on %s %s has %d people, want %d", day, code, got[code], want[code])
				}
			}
		}
	})
}

func TestOnlyThePostingsOfTheDayPlaceAPerson(t *testing.T) {
	p := Person{Postings: []Posting{
		{Unit: "A", Kind: Permanent, From: "2026-01-01", To: "2026-03-31"},
		{Unit: "B", Kind: Secondment, From: "2026-03-01", To: "2026-04-30"},
	}}
	for _, c := range []struct {
		day   courses.Date
		units []courses.UnitID
		home  courses.UnitID
	}{
		{"2025-12-31", nil, ""},
		{"2026-01-01", []courses.UnitID{"A"}, "A"},
		{"2026-03-31", []courses.UnitID{"A", "B"}, "A"},
		{"2026-04-30", []courses.UnitID{"B"}, ""},
		{"2026-05-01", nil, ""},
	} {
		home, _ := p.HomePosting(c.day)
		if units := p.Units(c.day); !slices.Equal(units, c.units) || home.Unit != c.home {
			t.Errorf("on %s posted in %v, at home in %q; want %v, %q", c.day, units, home.Unit, c.units, c.home)
		}
	}
}
