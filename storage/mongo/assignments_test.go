package mongo_test

import (
	"haidang/courses"
	"haidang/courses/assignments"
	"haidang/courses/staff"
	"haidang/storage/mongo"
	"strings"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/bson"
)

// assigned is what a unit assigns, a number of hours after noon.
func assigned(id assignments.ID, unit courses.UnitID, hours int) assignments.Assignment {
	return assignments.Assignment{
		ID: id, Course: "k", Unit: unit, Level: assignments.Required, Basis: "129-TB/TU", Due: "2026-12-31", By: "p", At: noon.Add(time.Duration(hours) * time.Hour),
	}
}

func enter(t *testing.T, s *mongo.Assignments, list ...assignments.Assignment) {
	t.Helper()
	for _, a := range list {
		if err := s.Insert(t.Context(), a); err != nil {
			t.Fatal(err)
		}
	}
}

func TestWhatIsNewOfAssignmentsIsReadByItsIndexAndOneIsWithdrawnOnce(t *testing.T) {
	db := open(t)
	s := db.Assignments()
	enter(t, s, assigned("a", "u", 0), assigned("b", "u", 1), assigned("c", "u", 2))
	for i, want := range []bool{true, false} {
		if first, err := s.Withdraw(t.Context(), "a", "q", noon.Add(time.Duration(3+i)*time.Hour)); first != want || err != nil {
			t.Errorf("withdrawn %d times: %v, %v", i+1, first, err)
		}
	}
	list, err := s.Since(t.Context(), noon.Add(2*time.Hour))
	if err != nil || len(list) != 2 || list[0].ID != "c" || list[0].Withdrawn() || list[1].WithdrawnBy != "q" || !list[1].WithdrawnAt.Equal(noon.Add(3*time.Hour)) {
		t.Errorf("new are %+v, %v", list, err)
	}
	var plan struct {
		QueryPlanner struct{ WinningPlan bson.Raw }
	}
	find := bson.D{{Key: "find", Value: "assignments"}, {Key: "filter", Value: bson.M{"changedAt": bson.M{"$gte": noon}}}}
	if err := db.Raw().RunCommand(t.Context(), bson.D{{Key: "explain", Value: find}}).Decode(&plan); err != nil {
		t.Fatal(err)
	}
	if stage := plan.QueryPlanner.WinningPlan.String(); !strings.Contains(stage, "IXSCAN") {
		t.Errorf("it is read by %s", stage)
	}
}

// TestAServerKnowsWithinSecondsWhatAnotherAssigned writes as another server does, whose
// clock is half a minute behind.
func TestAServerKnowsWithinSecondsWhatAnotherAssigned(t *testing.T) {
	db := open(t)
	c, other := &clock{}, db.Assignments()
	people := staff.NewService(db.Staff(), db.Atomic, c.now, nil)
	if err := db.Staff().SaveUnits(t.Context(), []staff.Unit{{Code: "HP", From: "2026-01-01"}, {Code: "u", Parent: "HP", From: "2026-01-01"}}); err != nil {
		t.Fatal(err)
	}
	s := assignments.NewService(db.Assignments(), people, nil, c.now)
	somebody := staff.Person{Postings: []staff.Posting{{Unit: "u", Position: "A", From: "2026-01-01"}}}
	knows := func(want int) {
		t.Helper()
		c.pass(6 * time.Second)
		if list, err := s.Of(t.Context(), somebody); err != nil || len(list) != want {
			t.Errorf("%+v is assigned, %v, want %d", list, err, want)
		}
	}
	knows(0)
	enter(t, other, assigned("a", "u", 1), assigned("b", "HP", 1), assigned("c", "v", 1))
	knows(2)
	late := assigned("d", "u", 1)
	late.At = late.At.Add(-30 * time.Second)
	enter(t, other, late)
	knows(3)
	if _, err := other.Withdraw(t.Context(), "a", "q", noon.Add(2*time.Hour)); err != nil {
		t.Fatal(err)
	}
	knows(2)
}

func TestPeopleAreCountedByUnitAndPositionUpToAsManyAsAreAsked(t *testing.T) {
	s := open(t).Staff()
	at := func(id courses.PersonID, unit courses.UnitID, position courses.PositionID, to courses.Date) staff.Person {
		return staff.Person{ID: id, FullName: "Vũ Thử", Revision: 1, Postings: []staff.Posting{
			{ID: "x", Unit: unit, Position: position, Kind: staff.Secondment, From: "2026-01-01", To: to}, {ID: "y", Unit: "w", Position: "C", From: "2026-01-01"},
		}}
	}
	if err := s.InsertPeople(t.Context(), []staff.Person{at("1", "u", "A", ""), at("2", "u", "B", ""), at("3", "v", "A", ""), at("4", "u", "A", "2026-02-01")}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		units     []courses.UnitID
		positions []courses.PositionID
		most      int
		want      int
	}{
		{[]courses.UnitID{"u"}, nil, 9, 2},
		{[]courses.UnitID{"u", "v"}, nil, 9, 3},
		{[]courses.UnitID{"u", "v"}, []courses.PositionID{"A"}, 9, 2},
		{[]courses.UnitID{"u"}, []courses.PositionID{"C"}, 9, 0},
		{[]courses.UnitID{"u", "v", "w"}, nil, 3, 3},
	} {
		if n, err := s.CountPeople(t.Context(), staff.Filter{Units: c.units, Positions: c.positions, Day: "2026-11-24"}, c.most); n != c.want || err != nil {
			t.Errorf("in %v as %v there are %d, %v, want %d", c.units, c.positions, n, err, c.want)
		}
	}
}
