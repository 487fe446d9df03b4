package assignments

import (
	"context"
	"errors"
	"haidang/courses"
	"haidang/courses/catalog"
	"haidang/courses/fields"
	"haidang/courses/staff"
	"slices"
	"strings"
	"sync"
	"time"
)

// Refusals of assignments.
var (
	ErrNoAssignment = courses.Refusal(courses.NotFound, "assignments.no_such_assignment", "there is no such assignment for this actor")
	ErrIncomplete   = courses.Refusal(courses.Invalid, "assignments.incomplete", "an assignment has a level, a basis of at most 300 characters, and an end to its completions of at most 120 months")
	ErrBasis        = courses.Refusal(courses.Invalid, "assignments.no_basis", "what has to be learnt has a legal basis")
	ErrDue          = courses.Refusal(courses.Invalid, "assignments.due_over", "the last day of an assignment is today or later")
	ErrWithdrawn    = courses.Refusal(courses.Conflict, "assignments.withdrawn", "the assignment was withdrawn already")
)

// Bounds of an assignment.
const (
	mostBasis     = 300 // characters
	mostMonths    = 120
	mostPositions = 60
)

// MostReached is up to how many people are counted whom an assignment reaches.
const MostReached = 5000

// Service answers for assignments.
type Service struct {
	store   Store
	staff   *staff.Service
	catalog *catalog.Service
	clock   courses.Clock

	mu     sync.Mutex
	book   *book
	readAt time.Time
}

// NewService builds the service from its parts.
func NewService(store Store, people *staff.Service, c *catalog.Service, clock courses.Clock) *Service {
	return &Service{store: store, staff: people, catalog: c, clock: clock, book: &book{byID: map[ID]Assignment{}}}
}

// Assign has a course learnt by the people of a unit of the actor. It refuses with
// ErrIncomplete, ErrBasis, ErrDue, catalog.ErrNoCourse, staff.ErrNoUnit and
// staff.ErrNoPosition.
func (s *Service) Assign(ctx context.Context, actor courses.Actor, a Assignment) (Assignment, error) {
	assigner, err := s.staff.Through(ctx, actor, courses.Assign, a.Unit)
	if err != nil {
		return Assignment{}, err
	}
	if a, err = clean(a, s.clock.Today()); err != nil {
		return Assignment{}, err
	}
	if _, err := s.catalog.Published(ctx, a.Course); err != nil {
		return Assignment{}, err
	}
	if stands, err := s.staff.Stands(ctx, a.Unit); err != nil {
		return Assignment{}, err
	} else if !stands {
		return Assignment{}, staff.ErrNoUnit
	}
	if err := s.positionsExist(ctx, a.Positions); err != nil {
		return Assignment{}, err
	}
	now := s.clock.Now()
	a.Assigner = assigner
	a.ID, a.By, a.At, a.WithdrawnAt, a.WithdrawnBy = courses.NewID[ID](now), actor.Person, now, time.Time{}, ""
	defer s.forget()
	return a, s.store.Insert(ctx, a)
}

func clean(a Assignment, today courses.Date) (Assignment, error) {
	var k fields.Checker
	k.Text("basis", &a.Basis, mostBasis)
	k.Refuse(a.Level != Required && a.Level != Recommended, "level", "unknown")
	k.Refuse(a.RenewMonths < 0 || a.RenewMonths > mostMonths, "renewMonths", "out_of_range")
	k.Refuse(len(a.Positions) > mostPositions, "positions", "too_many")
	if err := k.Err(ErrIncomplete); err != nil {
		return a, err
	}
	if _, err := courses.ParseDate(string(a.Due)); err != nil {
		return a, err
	}
	switch {
	case a.Level == Required && a.Basis == "":
		return a, ErrBasis
	case a.Due < today:
		return a, ErrDue
	}
	slices.Sort(a.Positions)
	a.Positions = slices.Compact(a.Positions)
	return a, nil
}

func (s *Service) positionsExist(ctx context.Context, list []courses.PositionID) error {
	known, err := s.staff.Positions(ctx)
	if err != nil {
		return err
	}
	for _, code := range list {
		if !slices.ContainsFunc(known, func(p staff.Position) bool { return p.Code == code }) {
			return staff.ErrNoPosition
		}
	}
	return nil
}

// Withdraw ends an assignment of a unit of the actor: nobody owes it any more. It
// refuses with ErrNoAssignment and ErrWithdrawn.
func (s *Service) Withdraw(ctx context.Context, actor courses.Actor, id ID) (Assignment, error) {
	a, err := s.Get(ctx, actor, id)
	if err != nil {
		return Assignment{}, err
	}
	if err := s.staff.Can(ctx, actor, courses.Assign, courses.Object{Unit: a.Unit}); err != nil {
		return Assignment{}, err
	}
	defer s.forget()
	a.WithdrawnAt, a.WithdrawnBy = s.clock.Now(), actor.Person
	first, err := s.store.Withdraw(ctx, id, a.WithdrawnBy, a.WithdrawnAt)
	if err == nil && !first {
		err = ErrWithdrawn
	}
	return a, err
}

// MayWithdraw says whether the actor may.
func (s *Service) MayWithdraw(ctx context.Context, actor courses.Actor, a Assignment) bool {
	return !a.Withdrawn() && s.staff.Can(ctx, actor, courses.Assign, courses.Object{Unit: a.Unit}) == nil
}

// Get is one that reaches a unit on which the actor reports, or ErrNoAssignment.
func (s *Service) Get(ctx context.Context, actor courses.Actor, id ID) (Assignment, error) {
	seen, err := s.seen(ctx, actor)
	if errors.Is(err, courses.ErrForbidden) {
		return Assignment{}, ErrNoAssignment
	}
	if err != nil {
		return Assignment{}, err
	}
	b, err := s.all(ctx)
	if err != nil {
		return Assignment{}, err
	}
	a, found := b.byID[id]
	if !found || !seen(a) {
		return Assignment{}, ErrNoAssignment
	}
	return a, nil
}

// seen says which assignments the actor may see: those of which the units and the ones
// on which the actor reports have some in common.
func (s *Service) seen(ctx context.Context, actor courses.Actor) (func(Assignment) bool, error) {
	sc, err := s.staff.Scope(ctx, actor, courses.ReadReport)
	if err != nil {
		return nil, err
	}
	tree, err := s.staff.Tree(ctx)
	if err != nil {
		return nil, err
	}
	today, over := s.clock.Today(), map[courses.UnitID]bool{}
	for _, unit := range sc.Units() {
		for above := range tree.Up(unit, today) {
			over[above] = true
		}
	}
	return func(a Assignment) bool { return sc.Everywhere() || over[a.Unit] }, nil
}

// List is those that reach units on which the actor reports, those that hold first,
// each latest first.
func (s *Service) List(ctx context.Context, actor courses.Actor, page courses.Page) (courses.Slice[Assignment], error) {
	var slice courses.Slice[Assignment]
	seen, err := s.seen(ctx, actor)
	if err != nil {
		return slice, err
	}
	b, err := s.all(ctx)
	if err != nil {
		return slice, err
	}
	var list []Assignment
	for _, a := range b.byID {
		if seen(a) && (page.After == "" || a.place() < page.After) {
			list = append(list, a)
		}
	}
	slices.SortFunc(list, func(x, y Assignment) int { return strings.Compare(y.place(), x.place()) })
	if slice.Items = list; len(list) > page.Size() {
		slice.Items = list[:page.Size()]
		slice.Next = slice.Items[page.Size()-1].place()
	}
	return slice, nil
}

// place is where one stands in the list; ids sort by when they were made.
func (a Assignment) place() string {
	if a.Withdrawn() {
		return "0." + string(a.ID)
	}
	return "1." + string(a.ID)
}

// Reach is how many people an assignment would reach today, counted up to MostReached.
func (s *Service) Reach(ctx context.Context, actor courses.Actor, unit courses.UnitID, positions []courses.PositionID) (int, error) {
	if err := s.staff.Can(ctx, actor, courses.Assign, courses.Object{Unit: unit}); err != nil {
		return 0, err
	}
	return s.staff.Count(ctx, unit, positions, MostReached)
}

// Of is what is assigned to a person today, by where they are posted. It asks the
// database nothing.
func (s *Service) Of(ctx context.Context, p staff.Person) ([]Assignment, error) {
	b, err := s.all(ctx)
	if err != nil || len(b.byUnit) == 0 {
		return nil, err
	}
	tree, err := s.staff.Tree(ctx)
	if err != nil {
		return nil, err
	}
	today := s.clock.Today()
	var list []Assignment
	for _, posting := range p.Postings {
		if !today.Within(posting.From, posting.To) {
			continue
		}
		for unit := range tree.Up(posting.Unit, today) {
			for _, a := range b.byUnit[unit] {
				twice := slices.ContainsFunc(list, func(x Assignment) bool { return x.ID == a.ID })
				if a.reaches(posting.Position) && !twice {
					list = append(list, a)
				}
			}
		}
	}
	return list, nil
}

// Course says whether a course is assigned to anybody, and whether some assignment
// counts its completions for a while only.
func (s *Service) Course(ctx context.Context, course courses.CourseID) (assigned, renews bool, err error) {
	b, err := s.all(ctx)
	if err != nil {
		return false, false, err
	}
	renews, assigned = b.courses[course]
	return assigned, renews, nil
}

// DueOn is what has to be learnt by a day. It is for other packages, which ask for no
// actor, as Holding is.
func (s *Service) DueOn(ctx context.Context, day courses.Date) ([]Assignment, error) {
	b, err := s.all(ctx)
	if err != nil {
		return nil, err
	}
	var list []Assignment
	for _, a := range b.byID {
		if a.Due == day && !a.Withdrawn() {
			list = append(list, a)
		}
	}
	return list, nil
}

// Holding is the one with the id, unless it was withdrawn: ErrNoAssignment.
func (s *Service) Holding(ctx context.Context, id ID) (Assignment, error) {
	b, err := s.all(ctx)
	if err != nil {
		return Assignment{}, err
	}
	a, found := b.byID[id]
	if !found || a.Withdrawn() {
		return Assignment{}, ErrNoAssignment
	}
	return a, nil
}

// Audience thins out people to those whom an assignment reaches today.
func (s *Service) Audience(ctx context.Context, a Assignment) (staff.Filter, error) {
	tree, err := s.staff.Tree(ctx)
	if err != nil {
		return staff.Filter{}, err
	}
	today := s.clock.Today()
	f := staff.Filter{Units: tree.Subtree(a.Unit, today), Positions: a.Positions, Day: today}
	if len(f.Units) == 0 { // it does not stand today; no units would mean all
		f.Units = []courses.UnitID{a.Unit}
	}
	return f, nil
}
