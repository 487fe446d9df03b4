package staff

import (
	"haidang/courses"
	"haidang/courses/vietnamese"
	"slices"
	"time"
)

// Category is a staff category, as the law and the reports divide them.
type Category string

// Person is a member of staff: not a login and not a posting. The postings and
// grants belong to it and change with its revision.
type Person struct {
	ID             courses.PersonID
	FullName       string
	Name           vietnamese.Name // derived, editable
	BirthDate      courses.Date
	Gender         string // female, male, unstated
	EthnicMinority bool
	Category       Category
	Postings       []Posting
	Grants         []Grant
	Allowance      Allowance
	Revision       int
	CreatedAt      time.Time
}

// PostingKind says how a person came to a unit.
type PostingKind string

// The kinds of posting.
const (
	Permanent  PostingKind = "permanent"  // chính thức
	Concurrent PostingKind = "concurrent" // kiêm nhiệm
	Secondment PostingKind = "secondment" // biệt phái: the home posting stays
	Rotation   PostingKind = "rotation"   // luân chuyển
	Transfer   PostingKind = "transfer"   // điều động
)

// Home says that the posting is where reports count the person.
func (k PostingKind) Home() bool { return k == Permanent || k == Rotation || k == Transfer }

// Posting is a person in a unit and position from a day to a day, both included.
type Posting struct {
	ID         courses.PostingID
	Unit       courses.UnitID
	Position   courses.PositionID
	Kind       PostingKind
	From, To   courses.Date // To is empty while it is open
	DecisionNo string
}

// Grant is a role over a unit from a day to a day, both included.
type Grant struct {
	ID       courses.GrantID
	Role     courses.Role
	Unit     courses.UnitID
	From, To courses.Date
}

// Position is a job position of an official list.
type Position struct {
	Code     courses.PositionID
	Title    string
	Body     string
	Group    string
	Order    int
	Verified bool
}

// HomePosting is the home posting in force on a day.
func (p Person) HomePosting(day courses.Date) (Posting, bool) {
	for _, posting := range p.Postings {
		if posting.Kind.Home() && day.Within(posting.From, posting.To) {
			return posting, true
		}
	}
	return Posting{}, false
}

// Units lists the units of the postings in force on a day.
func (p Person) Units(day courses.Date) []courses.UnitID {
	var units []courses.UnitID
	for _, posting := range p.Postings {
		if day.Within(posting.From, posting.To) {
			units = append(units, posting.Unit)
		}
	}
	return units
}

// Roles lists the roles in force on a day; everyone is a learner.
func (p Person) Roles(day courses.Date) []courses.RoleAt {
	roles := []courses.RoleAt{}
	for _, g := range p.Grants {
		if day.Within(g.From, g.To) {
			roles = append(roles, courses.RoleAt{Role: g.Role, Unit: g.Unit})
		}
	}
	return roles
}

// ends says that adding the posting would end another.
func (p Posting) ends(was Posting) bool {
	return p.Kind.Home() && was.Kind.Home() && (was.To == "" || was.To >= p.From)
}

// post adds a posting. A new home posting ends the home posting before it; one
// that would begin on or before the day when the present one began is refused.
func (p Person) post(posting Posting) (Person, error) {
	if posting.To != "" && posting.To < posting.From {
		return p, ErrPostingDates
	}
	p.Postings = slices.Clone(p.Postings)
	for i, was := range p.Postings {
		if !posting.ends(was) {
			continue
		}
		if was.From >= posting.From {
			return p, ErrPostingDates
		}
		p.Postings[i].To = posting.From.AddDays(-1)
	}
	p.Postings = append(p.Postings, posting)
	return p, nil
}

// Change is a headcount that goes up or down from a day on.
type Change struct {
	Unit  courses.UnitID // of the posting
	Day   courses.Date
	Delta int
}

// headcount lists what a person adds to the headcounts.
func headcount(p Person, sign int) []Change {
	var list []Change
	for _, posting := range p.Postings {
		if !posting.Kind.Home() {
			continue
		}
		list = append(list, Change{Unit: posting.Unit, Day: posting.From, Delta: sign})
		if posting.To != "" {
			list = append(list, Change{Unit: posting.Unit, Day: posting.To.AddDays(1), Delta: -sign})
		}
	}
	return list
}

// reported adds up the headcounts of a day by report unit.
func reported(tree *Tree, day courses.Date, posted map[courses.UnitID]int) map[courses.UnitID]int {
	sums := make(map[courses.UnitID]int, len(posted))
	for unit, n := range posted {
		sums[tree.ReportUnit(unit, day)] += n
	}
	return sums
}

// changes lists how the headcounts change when was becomes is, without zeros.
func changes(was, is Person) []Change {
	type key struct {
		unit courses.UnitID
		day  courses.Date
	}
	sum := map[key]int{}
	for _, c := range slices.Concat(headcount(was, -1), headcount(is, 1)) {
		sum[key{c.Unit, c.Day}] += c.Delta
	}
	var list []Change
	for k, delta := range sum {
		if delta != 0 {
			list = append(list, Change{Unit: k.unit, Day: k.day, Delta: delta})
		}
	}
	return list
}
