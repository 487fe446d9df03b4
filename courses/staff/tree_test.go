package staff

import (
	"haidang/courses"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// moving is a city where the office of commune A moved to commune B on the first
// of March, A was renamed on the first of February and closed at the end of May.
func moving() *Tree {
	return NewTree([]Unit{
		{Code: rootUnit, Name: "Hải Phòng", Kind: City, From: "2026-01-01"},
		{Code: "A", Name: "Cũ", Kind: Commune, Parent: rootUnit, From: "2026-01-01", To: "2026-01-31"},
		{Code: "A", Name: "Mới", Kind: Commune, Parent: rootUnit, From: "2026-02-01", To: "2026-05-31", Into: "B"},
		{Code: "B", Name: "B", Kind: Ward, Parent: rootUnit, From: "2026-01-01"},
		{Code: "A.VP", Name: "Văn phòng", Kind: Room, Parent: "A", From: "2026-01-01", To: "2026-02-28"},
		{Code: "A.VP", Name: "Văn phòng", Kind: Room, Parent: "B", From: "2026-03-01"},
		{Code: "A.VP.1", Name: "Tổ", Kind: Room, Parent: "A.VP", From: "2026-01-01"},
		{Code: "A.KT", Name: "Kinh tế", Kind: Room, Parent: "A", From: "2026-01-01"},
	})
}

func TestAUnitIsAsItStoodOnTheDay(t *testing.T) {
	for _, c := range []struct {
		code  courses.UnitID
		day   courses.Date
		name  string
		found bool
	}{
		{"A", "2025-12-31", "", false},
		{"A", "2026-01-01", "Cũ", true},
		{"A", "2026-01-31", "Cũ", true},
		{"A", "2026-02-01", "Mới", true},
		{"A", "2026-05-31", "Mới", true},
		{"A", "2026-06-01", "", false},
		{"B", "2030-01-01", "B", true},
		{"C", "2026-01-01", "", false},
	} {
		if u, found := moving().At(c.code, c.day); found != c.found || u.Name != c.name {
			t.Errorf("%s on %s is %q (%v), want %q (%v)", c.code, c.day, u.Name, found, c.name, c.found)
		}
	}
}

func TestAUnitLiesWhereItLayOnTheDay(t *testing.T) {
	for _, c := range []struct {
		code, ancestor courses.UnitID
		day            courses.Date
		want           bool
	}{
		{"A.VP", "A", "2026-02-28", true},
		{"A.VP", "B", "2026-02-28", false},
		{"A.VP", "A", "2026-03-01", false},
		{"A.VP", "B", "2026-03-01", true},
		{"A.VP.1", "B", "2026-03-01", true},
		{"A.VP.1", rootUnit, "2026-03-01", true},
		{"A", "A.VP", "2026-02-28", false},
		{"A", "A", "2026-05-31", true},
		{"A", "A", "2026-06-01", false},          // it does not stand
		{"A.KT", rootUnit, "2026-06-01", false},  // what holds it does not stand
		{"A.KT", "A.KT", "2026-06-01", true},     //
		{"A.VP", rootUnit, "2026-06-01", true},   // it had moved away
		{"C", "C", "2026-01-01", false},          //
		{"A", "", "2026-01-01", false},           //
		{rootUnit, rootUnit, "2026-01-01", true}, //
	} {
		if got := moving().Within(c.code, c.ancestor, c.day); got != c.want {
			t.Errorf("%s lies in %s on %s: %v, want %v", c.code, c.ancestor, c.day, got, c.want)
		}
	}
}

func TestASubtreeIsThatOfTheDay(t *testing.T) {
	for _, c := range []struct {
		code courses.UnitID
		day  courses.Date
		want []courses.UnitID
	}{
		{"A", "2026-02-28", []courses.UnitID{"A", "A.KT", "A.VP", "A.VP.1"}},
		{"A", "2026-03-01", []courses.UnitID{"A", "A.KT"}},
		{"B", "2026-02-28", []courses.UnitID{"B"}},
		{"B", "2026-03-01", []courses.UnitID{"A.VP", "A.VP.1", "B"}},
		{"A", "2026-06-01", nil},
		{rootUnit, "2026-06-01", []courses.UnitID{"A.VP", "A.VP.1", "B", rootUnit}},
		{"C", "2026-03-01", nil},
	} {
		got := moving().Subtree(c.code, c.day)
		slices.Sort(got)
		if !slices.Equal(got, c.want) {
			t.Errorf("below %s on %s: %v, want %v", c.code, c.day, got, c.want)
		}
	}
}

func TestAReportCountsARoomWithTheUnitThatHeldItThen(t *testing.T) {
	for _, c := range []struct {
		code courses.UnitID
		day  courses.Date
		want courses.UnitID
	}{
		{"A.VP.1", "2026-02-28", "A"},
		{"A.VP.1", "2026-03-01", "B"},
		{"A", "2026-03-01", "A"},
		{"A.KT", "2026-06-01", "A"}, // A closed before its room did
		{rootUnit, "2026-03-01", rootUnit},
		{"C", "2026-03-01", "C"},
	} {
		if got := moving().ReportUnit(c.code, c.day); got != c.want {
			t.Errorf("%s is reported with %s on %s, want %s", c.code, got, c.day, c.want)
		}
	}
}

func TestALoopInTheRowsEnds(t *testing.T) {
	tree := NewTree([]Unit{
		{Code: rootUnit, Kind: City, From: firstDay},
		{Code: "A", Kind: Room, Parent: "B", From: firstDay},
		{Code: "B", Kind: Room, Parent: "A", From: firstDay},
		{Code: "C", Kind: Room, Parent: "C", From: firstDay},
	})
	for _, code := range []courses.UnitID{"A", "B", "C"} {
		if tree.Within(code, rootUnit, firstDay) {
			t.Errorf("%s lies in the city", code)
		}
		_ = tree.ReportUnit(code, firstDay) // that it answers at all is the point
	}
	if got := tree.Subtree("A", firstDay); !slices.Equal(got, []courses.UnitID{"A", "B"}) {
		t.Errorf("below A: %v", got)
	}
	if got := tree.Subtree(rootUnit, firstDay); !slices.Equal(got, []courses.UnitID{rootUnit}) {
		t.Errorf("below the city: %v", got)
	}
}

func TestADeepTreeIsReachedFromItsTop(t *testing.T) {
	rows := []Unit{{Code: rootUnit, Kind: City, From: firstDay}}
	for len(rows) < 40 {
		top := rows[len(rows)-1].Code
		rows = append(rows, Unit{Code: top + ".X", Kind: Room, Parent: top, From: firstDay})
	}
	tree, bottom := NewTree(rows), rows[len(rows)-1].Code
	if !tree.Within(bottom, rootUnit, firstDay) || tree.ReportUnit(bottom, firstDay) != rootUnit {
		t.Errorf("a unit %d steps down is out of reach", len(rows)-1)
	}
}

func TestTheTreeAgreesWithItsRows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, day := anyTree(t, rapid.Bool().Draw(t, "loops")), anyDay(t)
		tree := NewTree(d.rows)
		for _, ancestor := range d.codes {
			want, got := d.under(ancestor, day), tree.Subtree(ancestor, day)
			if len(got) != len(want) {
				t.Fatalf("below %s on %s: %v, want %v", ancestor, day, got, want)
			}
			for _, code := range d.codes {
				if slices.Contains(got, code) != want[code] || tree.Within(code, ancestor, day) != want[code] {
					t.Fatalf("%s below %s on %s: in the subtree %v, within %v, want %v",
						code, ancestor, day, slices.Contains(got, code), tree.Within(code, ancestor, day), want[code])
				}
			}
		}
	})
}

func TestDaysFromAreThoseOnWhichTheTreeChanges(t *testing.T) {
	got := moving().daysFrom("2026-01-15")
	slices.Sort(got)
	if want := []courses.Date{"2026-01-15", "2026-02-01", "2026-03-01"}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}
