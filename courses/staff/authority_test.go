package staff

import (
	"errors"
	"fmt"
	"haidang/courses"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// policy is who may do what, written a second time: whoever changes powers says
// so here as well.
var policy = map[courses.Role][]courses.Action{
	courses.Learner:       nil,
	courses.Author:        {courses.ReadDraft, courses.WriteCourse, courses.ReadResults},
	courses.Reviewer:      {courses.ReadDraft, courses.ReviewCourse, courses.ReadResults},
	courses.Publisher:     {courses.ReadDraft, courses.WriteCourse, courses.ReviewCourse, courses.PublishCourse, courses.KeepLaw, courses.ReadResults},
	courses.Leader:        {courses.ReadPerson, courses.ReadRecord, courses.ReadReport, courses.FollowUp, courses.Assign},
	courses.HR:            {courses.ReadPerson, courses.EditPerson, courses.ReadRecord, courses.ReadReport, courses.FollowUp, courses.Assign, courses.ReadResults},
	courses.Administrator: {courses.ReadPerson, courses.EditPerson, courses.EditUnit, courses.EditRoles, courses.KeepSurveys},
	courses.Auditor:       {courses.ReadPerson, courses.ReadRecord, courses.ReadReport, courses.ReadDraft, courses.ReadResults},
}

const firstDay courses.Date = "2025-07-01"

// lastDay is how many days after the first anything may change in the drawn trees.
const lastDay = 40

func anyDay(t *rapid.T) courses.Date {
	return firstDay.AddDays(rapid.IntRange(0, lastDay).Draw(t, "day"))
}

// drawn is a dated tree as rows, with the codes of its units.
type drawn struct {
	rows  []Unit
	codes []courses.UnitID
}

// anyTree draws the city with communes, organisations and rooms, some of them
// renamed, moved or closed in time. Without loops a unit only ever lies below
// one that was drawn before it.
func anyTree(t *rapid.T, loops bool) drawn {
	d := drawn{rows: []Unit{{Code: rootUnit, Kind: City, From: firstDay}}, codes: []courses.UnitID{rootUnit}}
	n := rapid.IntRange(1, 12).Draw(t, "units")
	for i := range n {
		d.codes = append(d.codes, courses.UnitID(fmt.Sprintf("U%d", i)))
	}
	for i, code := range d.codes[1:] {
		parents := d.codes[:i+1]
		if loops {
			parents = d.codes
		}
		d.rows = append(d.rows, anyRows(t, code, parents)...)
	}
	return drawn{rows: rapid.Permutation(d.rows).Draw(t, "rows"), codes: d.codes}
}

// anyRows draws the stretches of one unit.
func anyRows(t *rapid.T, code courses.UnitID, parents []courses.UnitID) []Unit {
	kind := rapid.SampledFrom([]UnitKind{Commune, Ward, Zone, "so", Room, Room, Room}).Draw(t, "kind")
	row := Unit{
		Code: code, Name: "a", Kind: kind, Parent: rapid.SampledFrom(parents).Draw(t, "parent"),
		From: firstDay.AddDays(rapid.IntRange(0, lastDay/2).Draw(t, "from")),
	}
	var rows []Unit
	for range rapid.IntRange(0, 3).Draw(t, "changes") {
		next := row
		next.From = row.From.AddDays(rapid.IntRange(1, lastDay/2).Draw(t, "after"))
		row.To = next.From.AddDays(-1)
		rows = append(rows, row)
		switch rapid.SampledFrom([]string{"rename", "move", "move", "close"}).Draw(t, "change") {
		case "rename":
			next.Name += "a"
		case "move":
			next.Parent = rapid.SampledFrom(parents).Draw(t, "to")
		case "close":
			return rows
		}
		row = next
	}
	return append(rows, row)
}

// under lists what lies below a unit on a day by going over all rows again and
// again until nothing is added: slow, and unlike the tree.
func (d drawn) under(ancestor courses.UnitID, day courses.Date) map[courses.UnitID]bool {
	found := map[courses.UnitID]bool{}
	for size := -1; size != len(found); {
		size = len(found)
		for _, u := range d.rows {
			stands := u.From <= day && (u.To == "" || day <= u.To)
			if stands && (u.Code == ancestor || found[u.Parent]) {
				found[u.Code] = true
			}
		}
	}
	if !found[ancestor] {
		return nil
	}
	return found
}

// anyGrants draws grants over units of the tree, and a few over none.
func (d drawn) anyGrants(t *rapid.T, roles []courses.Role) []Grant {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Grant {
		g := Grant{
			Role: rapid.SampledFrom(roles).Draw(t, "role"),
			Unit: rapid.SampledFrom(append(slices.Clone(d.codes), "NOWHERE")).Draw(t, "unit"),
			From: anyDay(t),
		}
		if rapid.Bool().Draw(t, "ends") {
			g.To = g.From.AddDays(rapid.IntRange(0, lastDay).Draw(t, "length"))
		}
		return g
	}), 0, 6).Draw(t, "grants")
}

// allowed is what the grants allow on a day, by the policy and the rows alone.
func (d drawn) allowed(grants []Grant, day courses.Date, action courses.Action, unit courses.UnitID) bool {
	for _, g := range grants {
		inForce := g.From <= day && (g.To == "" || g.To >= day)
		if inForce && slices.Contains(policy[g.Role], action) && (g.Unit == rootUnit || d.under(g.Unit, day)[unit]) {
			return true
		}
	}
	return false
}

// eachQuestion asks about every action in every unit and in one that is none.
func (d drawn) eachQuestion(ask func(action courses.Action, unit courses.UnitID)) {
	for _, action := range courses.Actions() {
		for _, unit := range append(slices.Clone(d.codes), "NOWHERE") {
			ask(action, unit)
		}
	}
}

func TestARoleReachesItsUnitAndAllBelowItAndNothingElse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, day := anyTree(t, false), anyDay(t)
		grants := d.anyGrants(t, courses.Roles())
		tree, roles := NewTree(d.rows), Person{Grants: grants}.Roles(day)
		d.eachQuestion(func(action courses.Action, unit courses.UnitID) {
			got := may(tree, day, roles, action, []courses.UnitID{unit})
			if want := d.allowed(grants, day, action, unit); got != want {
				t.Fatalf("on %s %v may %s in %s: %v, want %v", day, roles, action, unit, got, want)
			}
		})
	})
}

func TestAnObjectInSeveralUnitsIsReachedThroughAnyOfThem(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, day := anyTree(t, false), anyDay(t)
		grants := d.anyGrants(t, courses.Roles())
		tree, roles := NewTree(d.rows), Person{Grants: grants}.Roles(day)
		units := rapid.SliceOfN(rapid.SampledFrom(d.codes), 0, 3).Draw(t, "units")
		for _, action := range courses.Actions() {
			want := slices.ContainsFunc(units, func(u courses.UnitID) bool { return d.allowed(grants, day, action, u) })
			if got := may(tree, day, roles, action, units); got != want {
				t.Fatalf("%v may %s in %v: %v, want %v", roles, action, units, got, want)
			}
		}
	})
}

// coOwned is what the organisations that keep a course with its owner may do,
// written a second time.
var coOwned = []courses.Action{courses.ReadDraft, courses.WriteCourse, courses.ReviewCourse, courses.ReadResults}

func TestCoOwnersDoWhatTheyShareWithTheOwnerAndNoMore(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, day := anyTree(t, false), anyDay(t)
		grants := d.anyGrants(t, courses.Roles())
		s := NewService(nil, nil, func() time.Time { return day.Time() }, nil)
		s.tree, s.readAt = NewTree(d.rows), day.Time()
		actor := courses.Actor{Person: "a", Roles: Person{Grants: grants}.Roles(day)}
		object := courses.Object{Unit: rapid.SampledFrom(d.codes).Draw(t, "owner"), CoOwners: rapid.SliceOfN(rapid.SampledFrom(d.codes), 0, 2).Draw(t, "co-owners")}
		for _, action := range courses.Actions() {
			want := d.allowed(grants, day, action, object.Unit)
			for _, unit := range object.CoOwners {
				want = want || slices.Contains(coOwned, action) && d.allowed(grants, day, action, unit)
			}
			if err := s.Can(t.Context(), actor, action, object); (err == nil) != want {
				t.Fatalf("%v, %s of %+v: %v, want allowed %v", actor.Roles, action, object, err, want)
			}
		}
	})
}

func TestAUnitIsInTheScopeExactlyWhereTheActionIsAllowed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, day := anyTree(t, rapid.Bool().Draw(t, "loops")), anyDay(t)
		tree, roles := NewTree(d.rows), Person{Grants: d.anyGrants(t, courses.Roles())}.Roles(day)
		d.eachQuestion(func(action courses.Action, unit courses.UnitID) {
			sc := scope(tree, day, roles, action)
			inside := sc.Everywhere() || slices.Contains(sc.Units(), unit)
			if can := may(tree, day, roles, action, []courses.UnitID{unit}); can != inside {
				t.Fatalf("%v, %s in %s: allowed %v, in the scope %v", roles, action, unit, can, inside)
			}
		})
	})
}

func TestAGrantThatIsOverOrYetToComeGivesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, day := anyTree(t, false), anyDay(t)
		grants := d.anyGrants(t, courses.Roles())
		for i := range grants {
			if rapid.Bool().Draw(t, "over") {
				grants[i].From, grants[i].To = day.AddDays(-9), day.AddDays(-1)
			} else {
				grants[i].From, grants[i].To = day.AddDays(1), ""
			}
		}
		if roles := (Person{Grants: grants}).Roles(day); len(roles) > 0 {
			t.Fatalf("on %s %v gives %v", day, grants, roles)
		}
	})
}

func TestAnAuditorChangesNothing(t *testing.T) {
	changing := []courses.Action{courses.EditPerson, courses.EditUnit, courses.EditRoles, courses.WriteCourse, courses.ReviewCourse, courses.PublishCourse, courses.KeepLaw, courses.FollowUp, courses.KeepSurveys}
	rapid.Check(t, func(t *rapid.T) {
		d, day := anyTree(t, false), anyDay(t)
		tree, roles := NewTree(d.rows), Person{Grants: d.anyGrants(t, []courses.Role{courses.Auditor})}.Roles(day)
		for _, action := range changing {
			if may(tree, day, roles, action, d.codes) {
				t.Fatalf("%v may %s", roles, action)
			}
		}
	})
	everywhere := []courses.RoleAt{{Role: courses.Auditor, Unit: rootUnit}}
	if !may(NewTree(nil), firstDay, everywhere, courses.ReadRecord, []courses.UnitID{rootUnit}) {
		t.Error("an auditor of the city reads no record: the property above holds of nothing")
	}
}

func TestEveryoneReadsAndLearnsForThemselvesAndDoesNoMore(t *testing.T) {
	s := NewService(nil, nil, func() time.Time { return firstDay.Time() }, nil) // no question here needs a store
	own := []courses.Action{courses.ReadPerson, courses.ReadRecord, courses.Learn}
	for _, action := range courses.Actions() {
		for _, c := range []struct {
			actor, person courses.PersonID
			want          bool
		}{
			{"a", "a", slices.Contains(own, action)},
			{"a", "b", false},
			{"a", "", false},
			{"", "", false},
			{"", "a", false},
		} {
			err := s.Can(t.Context(), courses.Actor{Person: c.actor}, action, courses.Object{Person: c.person})
			if c.want && err != nil || !c.want && !errors.Is(err, courses.ErrForbidden) {
				t.Errorf("%q, %s of %q: %v, want allowed %v", c.actor, action, c.person, err, c.want)
			}
		}
	}
}

func TestWhoeverCoversAGrantMayDoAllThatItGives(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, day := anyTree(t, false), anyDay(t)
		tree, roles := NewTree(d.rows), Person{Grants: d.anyGrants(t, courses.Roles())}.Roles(day)
		for _, g := range d.anyGrants(t, courses.Roles()) {
			if !covers(tree, day, roles, g) || may(tree, day, roles, courses.EditRoles, []courses.UnitID{g.Unit}) {
				continue
			}
			d.eachQuestion(func(action courses.Action, unit courses.UnitID) {
				held := []courses.RoleAt{{Role: g.Role, Unit: g.Unit}}
				units := []courses.UnitID{unit}
				if may(tree, day, held, action, units) && !may(tree, day, roles, action, units) {
					t.Fatalf("%v covers %v but may not %s in %s", roles, g, action, unit)
				}
			})
		}
	})
}

func TestAGrantIsCoveredByThoseWhoCouldGiveItOrHaveItsPowers(t *testing.T) {
	tree := NewTree([]Unit{
		{Code: rootUnit, Kind: City, From: firstDay},
		{Code: "A", Kind: Commune, Parent: rootUnit, From: firstDay},
		{Code: "A.VP", Kind: Room, Parent: "A", From: firstDay},
		{Code: "B", Kind: Commune, Parent: rootUnit, From: firstDay},
	})
	for _, c := range []struct {
		role courses.Role
		unit courses.UnitID
		of   courses.Role
		over courses.UnitID
		want bool
	}{
		{courses.HR, "A", courses.Administrator, "A", false},
		{courses.HR, "A", courses.Administrator, rootUnit, false},
		{courses.HR, rootUnit, courses.Administrator, "A.VP", false},
		{courses.HR, rootUnit, courses.Author, "A", false},
		{courses.HR, "A", courses.Leader, "A", true},
		{courses.HR, "A", courses.Leader, "A.VP", true},
		{courses.HR, "A", courses.Leader, "B", false},
		{courses.HR, "A.VP", courses.Leader, "A", false},
		{courses.HR, "A", courses.HR, "A", true},
		{courses.HR, "A", courses.Learner, "A", true},
		{courses.Administrator, "A", courses.HR, "A", true},
		{courses.Administrator, "A", courses.Publisher, "A.VP", true},
		{courses.Administrator, "A", courses.Administrator, "A", true},
		{courses.Administrator, "A", courses.Administrator, rootUnit, false},
		{courses.Administrator, "A", courses.HR, "B", false},
	} {
		roles := []courses.RoleAt{{Role: c.role, Unit: c.unit}}
		if got := covers(tree, firstDay, roles, Grant{Role: c.of, Unit: c.over}); got != c.want {
			t.Errorf("%s of %s covers %s of %s: %v, want %v", c.role, c.unit, c.of, c.over, got, c.want)
		}
	}
}
