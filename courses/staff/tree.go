package staff

import (
	"haidang/courses"
	"iter"
	"slices"
)

// UnitKind is a sort of unit.
type UnitKind string

// Kinds that rules speak of; the others are only shown.
const (
	City     UnitKind = "thanh_pho"
	Commune  UnitKind = "xa"
	Ward     UnitKind = "phuong"
	Zone     UnitKind = "dac_khu"
	Room     UnitKind = "phong" // below a commune or an organisation; reported with it
	rootUnit          = courses.UnitID("HP")
)

// Unit is a unit as it was for a time. A unit that is renamed or moved has one
// row for each stretch; codes are never used again.
type Unit struct {
	Code      courses.UnitID
	Name      string
	FullName  string
	ShortName string
	Kind      UnitKind
	Parent    courses.UnitID
	Order     int // in official lists
	From, To  courses.Date
	Into      courses.UnitID // where it was merged into when it closed
	Verified  bool
}

// Tree is the dated tree of all units. It does not change once built.
type Tree struct {
	rows     map[courses.UnitID][]Unit // by From
	children map[courses.UnitID][]courses.UnitID
	ordered  []courses.UnitID
}

// NewTree builds the tree of the rows.
func NewTree(rows []Unit) *Tree {
	t := &Tree{rows: map[courses.UnitID][]Unit{}, children: map[courses.UnitID][]courses.UnitID{}}
	rows = slices.Clone(rows)
	slices.SortFunc(rows, func(a, b Unit) int {
		if a.Order != b.Order {
			return a.Order - b.Order
		}
		if a.Code != b.Code {
			if a.Code < b.Code {
				return -1
			}
			return 1
		}
		if a.From < b.From {
			return -1
		}
		return 1
	})
	for _, u := range rows {
		if t.rows[u.Code] == nil {
			t.ordered = append(t.ordered, u.Code)
		}
		t.rows[u.Code] = append(t.rows[u.Code], u)
		if !slices.Contains(t.children[u.Parent], u.Code) {
			t.children[u.Parent] = append(t.children[u.Parent], u.Code)
		}
	}
	return t
}

// At is the unit as it stands on a day.
func (t *Tree) At(code courses.UnitID, day courses.Date) (Unit, bool) {
	for _, u := range t.rows[code] {
		if day.Within(u.From, u.To) {
			return u, true
		}
	}
	return Unit{}, false
}

// All lists the units that stand on a day, in official order.
func (t *Tree) All(day courses.Date) []Unit {
	list := make([]Unit, 0, len(t.ordered))
	for _, code := range t.ordered {
		if u, found := t.At(code, day); found {
			list = append(list, u)
		}
	}
	return list
}

// Within says that a unit is the ancestor or lies below it on a day. A unit that
// does not stand on the day lies nowhere.
func (t *Tree) Within(code, ancestor courses.UnitID, day courses.Date) bool {
	for unit := range t.Up(code, day) {
		if unit == ancestor {
			return true
		}
	}
	return false
}

// Up is a unit and all that it lies below on a day, as far as they stand. No way up is
// longer than there are units: this ends a loop, whatever rows somebody managed to write.
func (t *Tree) Up(code courses.UnitID, day courses.Date) iter.Seq[courses.UnitID] {
	return func(yield func(courses.UnitID) bool) {
		for range t.ordered {
			u, found := t.At(code, day)
			if !found || !yield(code) {
				return
			}
			code = u.Parent
		}
	}
}

// daysFrom lists a day and every later one on which a unit begins or changes.
func (t *Tree) daysFrom(day courses.Date) []courses.Date {
	days := []courses.Date{day}
	for _, rows := range t.rows {
		for _, u := range rows {
			if u.From > day && !slices.Contains(days, u.From) {
				days = append(days, u.From)
			}
		}
	}
	return days
}

// Subtree lists a unit and all below it on a day.
func (t *Tree) Subtree(code courses.UnitID, day courses.Date) []courses.UnitID {
	if _, found := t.At(code, day); !found {
		return nil
	}
	list := []courses.UnitID{code}
	for i := 0; i < len(list); i++ {
		for _, child := range t.children[list[i]] {
			u, found := t.At(child, day)
			if found && u.Parent == list[i] && !slices.Contains(list, child) {
				list = append(list, child)
			}
		}
	}
	return list
}

// below is the unit and all under it, or the unit alone where it does not stand on that
// day: no units would mean all. One that never stood is refused.
func (t *Tree) below(code courses.UnitID, day courses.Date) ([]courses.UnitID, error) {
	if len(t.rows[code]) == 0 {
		return nil, ErrNoUnit
	}
	if units := t.Subtree(code, day); len(units) > 0 {
		return units, nil
	}
	return []courses.UnitID{code}, nil
}

// ReportUnit is the unit under which reports count what happens in code: the
// nearest of itself and its ancestors that is no room.
func (t *Tree) ReportUnit(code courses.UnitID, day courses.Date) courses.UnitID {
	for range t.ordered {
		u, found := t.At(code, day)
		if !found || u.Kind != Room || u.Parent == "" {
			return code
		}
		code = u.Parent
	}
	return code
}
