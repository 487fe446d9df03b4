// Package staff holds people, the dated tree of units, positions, postings and
// roles, and decides who may see and do what.
package staff

import (
	"context"
	"errors"
	"haidang/courses"
	"haidang/courses/vietnamese"
	"slices"
	"strings"
	"sync"
	"time"
)

// Refusals of staff.
var (
	ErrNoPerson     = courses.Refusal(courses.NotFound, "staff.no_such_person", "there is no such person for this actor")
	ErrNoUnit       = courses.Refusal(courses.Invalid, "staff.no_such_unit", "there is no such unit on that day")
	ErrNoPosition   = courses.Refusal(courses.Invalid, "staff.no_such_position", "there is no such position")
	ErrNoPosting    = courses.Refusal(courses.NotFound, "staff.no_such_posting", "there is no such posting")
	ErrNoGrant      = courses.Refusal(courses.NotFound, "staff.no_such_grant", "there is no such role")
	ErrPostingDates = courses.Refusal(courses.Invalid, "staff.posting_dates", "the dates of the posting overlap another home posting or run backwards")
	ErrName         = courses.Refusal(courses.Invalid, "staff.bad_name", "a name has letters, and none of the signs that no name has")
	ErrUnitTaken    = courses.Refusal(courses.Conflict, "staff.unit_code_taken", "a unit has or had this code; codes are never used again")
	ErrUnitLoop     = courses.Refusal(courses.Invalid, "staff.unit_below_itself", "a unit cannot lie below itself")
	ErrUnitDates    = courses.Refusal(courses.Invalid, "staff.unit_dates", "the change has to follow the unit's last change")
	ErrOwnRoles     = courses.Refusal(courses.Forbidden, "staff.own_roles", "nobody changes their own roles")
	ErrOutranked    = courses.Refusal(courses.Forbidden, "staff.outranked", "an account is reset by somebody else who may do all that its holder may do")
)

// Service answers for people and units.
type Service struct {
	store  Store
	atomic courses.Atomic
	clock  courses.Clock
	moved  Moved

	mu     sync.Mutex
	tree   *Tree
	readAt time.Time

	positions kept[Position]
	targets   kept[Target]
}

// NewService builds the service; moved may be nil.
func NewService(store Store, atomic courses.Atomic, clock courses.Clock, moved Moved) *Service {
	if moved == nil {
		moved = func(context.Context, courses.PersonID, courses.Date) error { return nil }
	}
	return &Service{store: store, atomic: atomic, clock: clock, moved: moved}
}

// treeAge is how old the tree may be that decisions rest on.
const treeAge = 5 * time.Second

// Tree is the tree of units, at most five seconds old.
func (s *Service) Tree(ctx context.Context) (*Tree, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.clock.Now()
	if s.tree != nil && now.Sub(s.readAt) < treeAge && !now.Before(s.readAt) {
		return s.tree, nil
	}
	rows, err := s.store.Units(ctx)
	if err != nil {
		return nil, err
	}
	s.tree, s.readAt = NewTree(rows), now
	return s.tree, nil
}

func (s *Service) forgetTree() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tree = nil
}

// Positions is all positions in official order, at most five seconds old.
func (s *Service) Positions(ctx context.Context) ([]Position, error) {
	return s.positions.get(ctx, s.clock.Now(), s.store.Positions)
}

// Person finds a person for another package, which asks Can itself.
func (s *Service) Person(ctx context.Context, id courses.PersonID) (Person, error) {
	return s.store.Person(ctx, id)
}

// People finds people for another package, which asks Can itself.
func (s *Service) People(ctx context.Context, ids []courses.PersonID) (map[courses.PersonID]Person, error) {
	list, err := s.store.PeopleByID(ctx, ids)
	if err != nil {
		return nil, err
	}
	people := make(map[courses.PersonID]Person, len(list))
	for _, p := range list {
		people[p.ID] = p
	}
	return people, nil
}

// HomePosting is where reports count a person on a day, else ErrNoPosting.
func (s *Service) HomePosting(ctx context.Context, id courses.PersonID, day courses.Date) (Posting, error) {
	p, err := s.store.Person(ctx, id)
	if err != nil {
		return Posting{}, err
	}
	posting, found := p.HomePosting(day)
	if !found {
		return Posting{}, ErrNoPosting
	}
	return posting, nil
}

// Places is the units of a person's postings today, with the communes and
// organisations that those belong to.
func (s *Service) Places(ctx context.Context, id courses.PersonID) ([]courses.UnitID, error) {
	p, err := s.store.Person(ctx, id)
	if err != nil {
		return nil, err
	}
	return s.PlacesOf(ctx, p)
}

// PlacesOf is Places of a person who is at hand.
func (s *Service) PlacesOf(ctx context.Context, p Person) ([]courses.UnitID, error) {
	tree, err := s.Tree(ctx)
	if err != nil {
		return nil, err
	}
	today := s.clock.Today()
	places := p.Units(today)
	for _, unit := range p.Units(today) {
		places = append(places, tree.ReportUnit(unit, today))
	}
	return places, nil
}

// Postings is all postings of a person.
func (s *Service) Postings(ctx context.Context, id courses.PersonID) ([]Posting, error) {
	p, err := s.store.Person(ctx, id)
	return p.Postings, err
}

// Target is the tiết that a category owes in the year of the day; 0 where no
// rule sets one. Targets are dated data (Decree 171/2025/NĐ-CP: a week, 40
// tiết, for civil servants), at most five seconds old.
func (s *Service) Target(ctx context.Context, category Category, day courses.Date) (int, error) {
	list, err := s.targets.get(ctx, s.clock.Now(), s.store.Targets)
	if err != nil {
		return 0, err
	}
	var last Target
	for _, t := range list {
		if t.Category == category && t.From <= day && t.From >= last.From {
			last = t
		}
	}
	return last.Tiet, nil
}

// Headcounts is how many people each report unit has on a day, by the tree of
// that day: whoever works in a room that moved is counted where it moved to.
func (s *Service) Headcounts(ctx context.Context, day courses.Date) (map[courses.UnitID]int, error) {
	tree, err := s.Tree(ctx)
	if err != nil {
		return nil, err
	}
	posted, err := s.store.Headcounts(ctx, day)
	return reported(tree, day, posted), err
}

// Get is one person for someone who may read them; others are told that there
// is no such person.
func (s *Service) Get(ctx context.Context, actor courses.Actor, id courses.PersonID) (Person, error) {
	err := s.Can(ctx, actor, courses.ReadPerson, courses.Object{Person: id})
	if errors.Is(err, courses.ErrForbidden) {
		return Person{}, ErrNoPerson
	}
	if err != nil {
		return Person{}, err
	}
	return s.store.Person(ctx, id)
}

// List is the people whom the actor may do the action to, by given name: those
// posted today in a unit (or below it) or in all of the actor's units. A unit that
// never was is refused with ErrNoUnit.
func (s *Service) List(ctx context.Context, actor courses.Actor, action courses.Action, query string, unit courses.UnitID, filter Filter, page courses.Page) (courses.Slice[Person], error) {
	sc, err := s.Scope(ctx, actor, action)
	if err != nil {
		return courses.Slice[Person]{}, err
	}
	if filter.Day == "" {
		filter.Day = s.clock.Today()
	}
	filter.Words = strings.Fields(vietnamese.SearchKey(query))
	if unit != "" {
		if err := s.Can(ctx, actor, action, courses.Object{Unit: unit}); err != nil {
			return courses.Slice[Person]{}, err
		}
		tree, err := s.Tree(ctx)
		if err != nil {
			return courses.Slice[Person]{}, err
		}
		if filter.Units, err = tree.below(unit, s.clock.Today()); err != nil {
			return courses.Slice[Person]{}, err
		}
	}
	return s.store.People(ctx, sc, filter, page)
}

// Count is how many people are posted today in a unit or below it, in one of the
// positions if there are any, up to most. It is for other packages, which ask Can
// themselves.
func (s *Service) Count(ctx context.Context, unit courses.UnitID, positions []courses.PositionID, most int) (int, error) {
	tree, err := s.Tree(ctx)
	if err != nil {
		return 0, err
	}
	today := s.clock.Today()
	units := tree.Subtree(unit, today)
	if len(units) == 0 { // it does not stand today; no units would mean all
		return 0, nil
	}
	return s.store.CountPeople(ctx, Filter{Units: units, Positions: positions, Day: today}, most)
}

// Posted lists people for another package, which asks Can itself or asks for no actor.
func (s *Service) Posted(ctx context.Context, filter Filter, page courses.Page) (courses.Slice[Person], error) {
	return s.store.People(ctx, courses.NewScope(true, nil), filter, page)
}

// Create adds a person with a first posting.
func (s *Service) Create(ctx context.Context, actor courses.Actor, p Person, first Posting) (Person, error) {
	if err := s.Can(ctx, actor, courses.EditPerson, courses.Object{Unit: first.Unit}); err != nil {
		return Person{}, err
	}
	name, err := vietnamese.Clean(p.FullName)
	if err != nil {
		return Person{}, err
	}
	if !strings.ContainsFunc(name, isLetter) || strings.ContainsAny(name, `<>{}[]=@#$%^&*|\/"`) {
		return Person{}, ErrName
	}
	p.ID, p.FullName, p.Name = courses.NewID[courses.PersonID](s.clock.Now()), name, vietnamese.SplitName(name)
	p.Revision, p.CreatedAt, p.Postings, p.Grants = 1, s.clock.Now(), nil, nil
	return s.write(ctx, p, first, func(ctx context.Context, p Person) error { return s.store.InsertPeople(ctx, []Person{p}) })
}

func isLetter(r rune) bool { return r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' || r > 0xbf }

// Post gives a person a further posting; a home posting ends the one before, for
// which the actor has to answer as well: a host unit takes nobody away.
func (s *Service) Post(ctx context.Context, actor courses.Actor, id courses.PersonID, posting Posting) (Person, error) {
	p, err := s.editable(ctx, actor, id)
	if err != nil {
		return Person{}, err
	}
	units := []courses.UnitID{posting.Unit}
	for _, was := range p.Postings {
		if posting.ends(was) {
			units = append(units, was.Unit)
		}
	}
	for _, unit := range units {
		if err := s.Can(ctx, actor, courses.EditPerson, courses.Object{Unit: unit}); err != nil {
			return Person{}, err
		}
	}
	return s.write(ctx, p, posting, func(ctx context.Context, is Person) error { return s.store.ReplacePerson(ctx, is, p.Revision) })
}

// write adds a posting to p and saves it with the headcounts and what follows.
func (s *Service) write(ctx context.Context, p Person, posting Posting, save func(context.Context, Person) error) (Person, error) {
	posting.ID = courses.NewID[courses.PostingID](s.clock.Now())
	if err := s.checkPosting(ctx, posting); err != nil {
		return Person{}, err
	}
	is, err := p.post(posting)
	if err != nil {
		return Person{}, err
	}
	if len(p.Postings) > 0 {
		is.Revision++
	}
	return is, s.save(ctx, p, is, posting.From, save)
}

func (s *Service) checkPosting(ctx context.Context, posting Posting) error {
	if err := checkDates(posting.From, posting.To); err != nil {
		return err
	}
	tree, err := s.Tree(ctx)
	if err != nil {
		return err
	}
	if _, found := tree.At(posting.Unit, posting.From); !found {
		return ErrNoUnit
	}
	positions, err := s.store.Positions(ctx)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(positions, func(p Position) bool { return p.Code == posting.Position }) {
		return ErrNoPosition
	}
	return nil
}

// checkDates refuses with courses.ErrBadDate a first day that is none, and a last
// day that is neither one nor open.
func checkDates(from, to courses.Date) error {
	if _, err := courses.ParseDate(string(from)); err != nil {
		return err
	}
	if to == "" {
		return nil
	}
	_, err := courses.ParseDate(string(to))
	return err
}

// save writes a changed person, the headcounts and the recount in one transaction.
func (s *Service) save(ctx context.Context, was, is Person, from courses.Date, save func(context.Context, Person) error) error {
	counts := changes(was, is)
	return s.atomic(ctx, func(ctx context.Context) error {
		if err := save(ctx, is); err != nil {
			return err
		}
		if err := s.store.ChangeHeadcounts(ctx, counts); err != nil {
			return err
		}
		return s.moved(ctx, is.ID, from)
	})
}

// EndPosting ends a posting in one of the actor's units on its last day.
func (s *Service) EndPosting(ctx context.Context, actor courses.Actor, id courses.PersonID, posting courses.PostingID, to courses.Date) (Person, error) {
	p, err := s.editable(ctx, actor, id)
	if err != nil {
		return Person{}, err
	}
	i := slices.IndexFunc(p.Postings, func(x Posting) bool { return x.ID == posting })
	if i < 0 {
		return Person{}, ErrNoPosting
	}
	if err := s.Can(ctx, actor, courses.EditPerson, courses.Object{Unit: p.Postings[i].Unit}); err != nil {
		return Person{}, err
	}
	if err := checkDates(to, ""); err != nil {
		return Person{}, err
	}
	is := p
	is.Postings = slices.Clone(p.Postings)
	is.Postings[i].To = to
	is.Revision++
	if to < is.Postings[i].From || p.Postings[i].To != "" && to > p.Postings[i].To {
		return Person{}, ErrPostingDates
	}
	return is, s.save(ctx, p, is, to, func(ctx context.Context, is Person) error { return s.store.ReplacePerson(ctx, is, p.Revision) })
}

// editable is a person whom the actor may edit.
func (s *Service) editable(ctx context.Context, actor courses.Actor, id courses.PersonID) (Person, error) {
	if err := s.Can(ctx, actor, courses.EditPerson, courses.Object{Person: id}); err != nil {
		return Person{}, err
	}
	return s.store.Person(ctx, id)
}

// Give grants a role over a unit to somebody in the actor's units: the answer
// shows the person. Nobody changes their own roles (ErrOwnRoles).
func (s *Service) Give(ctx context.Context, actor courses.Actor, id courses.PersonID, grant Grant) (Person, error) {
	if err := s.Can(ctx, actor, courses.EditRoles, courses.Object{Unit: grant.Unit}); err != nil {
		return Person{}, err
	}
	if id == actor.Person {
		return Person{}, ErrOwnRoles
	}
	if err := s.Can(ctx, actor, courses.EditRoles, courses.Object{Person: id}); err != nil {
		return Person{}, err
	}
	if err := checkDates(grant.From, grant.To); err != nil {
		return Person{}, err
	}
	p, err := s.store.Person(ctx, id)
	if err != nil {
		return Person{}, err
	}
	tree, err := s.Tree(ctx)
	if err != nil {
		return Person{}, err
	}
	if _, found := tree.At(grant.Unit, grant.From); !found {
		return Person{}, ErrNoUnit
	}
	if grant.To != "" && grant.To < grant.From {
		return Person{}, courses.ErrBadDate
	}
	grant.ID = courses.NewID[courses.GrantID](s.clock.Now())
	p.Grants = append(slices.Clone(p.Grants), grant)
	p.Revision++
	return p, s.store.ReplacePerson(ctx, p, p.Revision-1)
}

// TakeBack ends a role yesterday, so that it no longer holds today; one that
// ended before stays as it is. The person may be posted elsewhere by now, so
// that nobody learns from the answer whether there is such a person.
func (s *Service) TakeBack(ctx context.Context, actor courses.Actor, id courses.PersonID, grant courses.GrantID) error {
	if _, err := s.Scope(ctx, actor, courses.EditRoles); err != nil {
		return err
	}
	p, err := s.store.Person(ctx, id)
	if errors.Is(err, ErrNoPerson) {
		return ErrNoGrant
	}
	if err != nil {
		return err
	}
	i := slices.IndexFunc(p.Grants, func(g Grant) bool { return g.ID == grant })
	if i < 0 {
		return ErrNoGrant
	}
	if err := s.Can(ctx, actor, courses.EditRoles, courses.Object{Unit: p.Grants[i].Unit}); err != nil {
		return err
	}
	if id == actor.Person {
		return ErrOwnRoles
	}
	yesterday := s.clock.Today().AddDays(-1)
	if was := p.Grants[i].To; was != "" && was <= yesterday {
		return nil
	}
	p.Grants = slices.Clone(p.Grants)
	p.Grants[i].To = yesterday
	p.Revision++
	return s.store.ReplacePerson(ctx, p, p.Revision-1)
}

// ActorOf is the person as someone who acts, with the roles of today.
func (s *Service) ActorOf(ctx context.Context, id courses.PersonID) (courses.Actor, error) {
	p, err := s.store.Person(ctx, id)
	if err != nil {
		return courses.Actor{}, err
	}
	return courses.Actor{Person: id, Roles: p.Roles(s.clock.Today())}, nil
}
