package apptest_test

import (
	"errors"
	"fmt"
	"haidang/cmd/internal/apptest"
	"haidang/courses"
	"haidang/courses/staff"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"go.mongodb.org/mongo-driver/bson"
)

// personRow is a person as the database has it.
type personRow struct {
	ID       courses.PersonID `bson:"_id"`
	FullName string           `bson:"fullName"`
	Postings []struct {
		Unit     courses.UnitID `bson:"unit"`
		Kind     string         `bson:"kind"`
		From, To courses.Date
	} `bson:"postings"`
	Grants []struct {
		Role     courses.Role   `bson:"role"`
		Unit     courses.UnitID `bson:"unit"`
		From, To courses.Date
	} `bson:"grants"`
}

// unitRow is a stretch of a unit as the database has it.
type unitRow struct {
	Code     courses.UnitID `bson:"code"`
	Parent   courses.UnitID `bson:"parent"`
	From, To courses.Date
}

// rowsOf reads a collection whole.
func rowsOf[T any](t *testing.T, w *apptest.World, collection string) []T {
	t.Helper()
	cursor, err := w.App.DB.Raw().Collection(collection).Find(t.Context(), bson.M{})
	if err != nil {
		t.Fatal(err)
	}
	var rows []T
	if err := cursor.All(t.Context(), &rows); err != nil {
		t.Fatal(err)
	}
	return rows
}

func onDay(day, from, to courses.Date) bool { return from <= day && (to == "" || day <= to) }

// oracle answers who may do what from the rows of the database and a policy of its
// own, without the tree and the service.
type oracle struct {
	day    courses.Date
	parent map[courses.UnitID]courses.UnitID // of the units that stand on the day
	people map[courses.PersonID]personRow
}

func newOracle(t *testing.T, w *apptest.World) oracle {
	t.Helper()
	o := oracle{day: w.App.Today(), parent: map[courses.UnitID]courses.UnitID{}, people: map[courses.PersonID]personRow{}}
	for _, u := range rowsOf[unitRow](t, w, "units") {
		if onDay(o.day, u.From, u.To) {
			o.parent[u.Code] = u.Parent
		}
	}
	for _, p := range rowsOf[personRow](t, w, "people") {
		o.people[p.ID] = p
	}
	return o
}

// within climbs from a unit; the city holds everything.
func (o oracle) within(unit, ancestor courses.UnitID) bool {
	if ancestor == "HP" {
		return true
	}
	for range 20 {
		parent, stands := o.parent[unit]
		if !stands || unit == ancestor {
			return stands
		}
		unit = parent
	}
	return false
}

// policy is the table of roles, by the names that the interface uses.
var policy = map[courses.Role]string{
	"author":        "draft.read course.write results.read",
	"reviewer":      "draft.read course.review results.read",
	"publisher":     "draft.read course.write course.review course.publish law.keep results.read",
	"leader":        "person.read record.read report.read person.follow_up course.assign",
	"hr":            "person.read person.edit record.read report.read person.follow_up course.assign results.read",
	"administrator": "person.read person.edit unit.edit roles.edit survey.keep",
	"auditor":       "person.read record.read report.read draft.read results.read",
}

// inUnit says whether a person's grants allow an action in a unit today.
func (o oracle) inUnit(actor courses.PersonID, action courses.Action, unit courses.UnitID) bool {
	for _, g := range o.people[actor].Grants {
		if onDay(o.day, g.From, g.To) && slices.Contains(strings.Fields(policy[g.Role]), string(action)) && o.within(unit, g.Unit) {
			return true
		}
	}
	return false
}

// onPerson says whether a person may do an action to another.
func (o oracle) onPerson(actor courses.PersonID, action courses.Action, id courses.PersonID) bool {
	if actor == id && strings.Contains(" person.read record.read learn ", " "+string(action)+" ") {
		return true
	}
	p, exists := o.people[id]
	posted := false
	for _, x := range p.Postings {
		if onDay(o.day, x.From, x.To) {
			posted = true
			if o.inUnit(actor, action, x.Unit) {
				return true
			}
		}
	}
	return exists && !posted && o.inUnit(actor, action, "HP")
}

// disorder moves and closes rooms, and adds people with postings and roles of every
// sort and time.
func disorder(t *testing.T, w *apptest.World, random *rand.Rand, people int) {
	t.Helper()
	rows := rowsOf[unitRow](t, w, "units")
	for i := range 30 {
		change := staff.UnitChange{From: w.App.Today().AddDays(-random.IntN(60)), Close: i%2 == 0}
		if !change.Close {
			change.Parent = anyOf(random, rows).Code
		}
		code := anyOf(random, rows).Code
		if code == "HP" || code == island {
			continue
		}
		_, err := w.App.Services.Staff.ChangeUnit(t.Context(), allPowers, code, change)
		var refusal *courses.Error // such as of a second change on one day
		if err != nil && !errors.As(err, &refusal) {
			t.Fatal(err)
		}
	}
	list := make([]staff.Person, people)
	for i := range list {
		list[i] = disorderly(w, random, rows, i)
	}
	if err := w.App.Services.Staff.ImportPeople(t.Context(), list); err != nil {
		t.Fatal(err)
	}
}

// disorderly makes up one person.
func disorderly(w *apptest.World, random *rand.Rand, rows []unitRow, n int) staff.Person {
	kinds := []staff.PostingKind{staff.Permanent, staff.Concurrent, staff.Secondment, staff.Rotation, staff.Transfer}
	stretch := func() (from, to courses.Date) {
		from = w.App.Today().AddDays(random.IntN(200) - 100)
		if random.IntN(2) == 0 {
			to = from.AddDays(random.IntN(120))
		}
		return from, to
	}
	unit := func(often ...courses.UnitID) courses.UnitID {
		if random.IntN(3) == 0 {
			return anyOf(random, often)
		}
		return anyOf(random, rows).Code
	}
	p := staff.Person{ID: courses.NewID[courses.PersonID](w.App.Now()), FullName: fmt.Sprintf("Vũ Thử %d", n), Gender: "male", Category: "cong_chuc", Revision: 1}
	for range random.IntN(4) {
		x := staff.Posting{ID: courses.NewID[courses.PostingID](w.App.Now()), Position: "CM-VP", Kind: anyOf(random, kinds), Unit: unit(island+".VP", island+".DU", island, ward+".VP")}
		x.From, x.To = stretch()
		p.Postings = append(p.Postings, x)
	}
	for range random.IntN(4) {
		g := staff.Grant{ID: courses.NewID[courses.GrantID](w.App.Now()), Role: anyOf(random, courses.Roles()), Unit: unit("HP", island, ward, ward+".VP")}
		g.From, g.To = stretch()
		p.Grants = append(p.Grants, g)
	}
	return p
}

// count sums up what came of many questions.
type count struct{ allowed, refused, asked int }

func (c *count) add(allowed bool) {
	c.asked++
	if allowed {
		c.allowed++
	} else {
		c.refused++
	}
}

// quiz asks the authority and the oracle the same.
type quiz struct {
	t       *testing.T
	o       oracle
	service *staff.Service
	random  *rand.Rand
	ids     []courses.PersonID
	units   []courses.UnitID
	known   map[courses.PersonID]courses.Actor // kept, as sessions keep them
}

func TestTheAuthorityAgreesWithANaiveOracleInAHundredThousandQuestions(t *testing.T) {
	w := apptest.New(t)
	q := &quiz{t: t, service: w.App.Services.Staff, random: rand.New(rand.NewPCG(1, 129)), known: map[courses.PersonID]courses.Actor{}}
	disorder(t, w, q.random, 300)
	q.o = newOracle(t, w)
	for id := range q.o.people {
		q.ids = append(q.ids, id)
	}
	slices.Sort(q.ids)
	q.units = []courses.UnitID{"NOWHERE"}
	for _, u := range rowsOf[unitRow](t, w, "units") {
		q.units = append(q.units, u.Code)
	}
	seen := map[string]*count{"units": {}, "people": {}, "scopes": {}}
	for range 120_000 {
		seen["units"].add(q.aboutUnit())
	}
	for range 25_000 {
		seen["people"].add(q.aboutPerson())
	}
	for _, id := range q.ids {
		q.aboutScopes(id, seen["scopes"])
	}
	for what, c := range seen {
		t.Logf("%s: %+v", what, *c)
		if c.allowed < 200 || c.refused < 200 {
			t.Errorf("%s: %+v: too few of one sort to show anything", what, *c)
		}
	}
}

func anyOf[T any](random *rand.Rand, list []T) T { return list[random.IntN(len(list))] }

func (q *quiz) actor(id courses.PersonID) courses.Actor {
	q.t.Helper()
	if _, known := q.known[id]; !known {
		actor, err := q.service.ActorOf(q.t.Context(), id)
		if err != nil {
			q.t.Fatal(err)
		}
		q.known[id] = actor
	}
	return q.known[id]
}

func (q *quiz) aboutUnit() bool {
	q.t.Helper()
	actor, action, unit := q.actor(anyOf(q.random, q.ids)), anyOf(q.random, courses.Actions()), anyOf(q.random, q.units)
	if held := q.o.people[actor.Person].Grants; len(held) > 0 && q.random.IntN(2) == 0 {
		unit = anyOf(q.random, held).Unit // else nearly all is refused
	}
	can := allowed(q.t, q.service.Can(q.t.Context(), actor, action, courses.Object{Unit: unit}))
	if can != q.o.inUnit(actor.Person, action, unit) {
		q.t.Fatalf("%v may %s in %s: %v", actor, action, unit, can)
	}
	return can
}

func (q *quiz) aboutPerson() bool {
	q.t.Helper()
	actor, action, id := q.actor(anyOf(q.random, q.ids)), anyOf(q.random, courses.Actions()), anyOf(q.random, q.ids)
	switch q.random.IntN(40) {
	case 0:
		id = actor.Person
	case 1:
		id = nobodysID
	}
	can := allowed(q.t, q.service.Can(q.t.Context(), actor, action, courses.Object{Person: id}))
	if can != q.o.onPerson(actor.Person, action, id) {
		q.t.Fatalf("%v may %s of %+v: %v", actor, action, q.o.people[id], can)
	}
	return can
}

func (q *quiz) aboutScopes(id courses.PersonID, seen *count) {
	q.t.Helper()
	for _, action := range courses.Actions() {
		sc, err := q.service.Scope(q.t.Context(), q.actor(id), action)
		some := allowed(q.t, err)
		for _, unit := range q.units {
			inside := some && (sc.Everywhere() || slices.Contains(sc.Units(), unit))
			if seen.add(inside); inside != q.o.inUnit(id, action, unit) {
				q.t.Fatalf("the scope of %v for %s holds %s: %v", q.known[id], action, unit, inside)
			}
		}
	}
}

// allowed tells a refusal from a fault.
func allowed(t *testing.T, err error) bool {
	t.Helper()
	if err != nil && !errors.Is(err, courses.ErrForbidden) {
		t.Fatal(err)
	}
	return err == nil
}
