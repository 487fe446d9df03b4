package catalog

import (
	"context"
	"haidang/courses"
	"slices"
)

// Hands says who keeps a course besides its owner.
type Hands struct {
	CoOwners []courses.UnitID   // phối hợp: organisations that read, write and review it, too
	Keeper   courses.PersonID   // phụ trách: the author who answers for it
	Deputies []courses.PersonID // stand in for the keeper
}

// Keeping is how many courses of an organisation somebody keeps.
type Keeping struct {
	Owner   courses.UnitID
	Keeper  courses.PersonID
	Courses int
}

// Bounds of who keeps a course.
const (
	mostCoOwners = 5
	mostDeputies = 3
	mostCoOwned  = 1000 // courses of others that one asks about at once
	mostKeepings = 1000
	mostHanded   = 500 // courses that change hands at once
)

// Refusals of who keeps a course.
var (
	ErrCoOwners = courses.Refusal(courses.Invalid, "catalog.co_owners", "a course has at most 5 co-owners, other units than its owner")
	ErrKeeper   = courses.Refusal(courses.Invalid, "catalog.keeper", "a course is kept, by a keeper and at most 3 deputies, by people who work for its owner today and write courses there")
)

// Units is the owner of a course and its co-owners.
func (c Course) Units() []courses.UnitID {
	return append([]courses.UnitID{c.Owner}, c.Hands.CoOwners...)
}

func (c Course) object() courses.Object {
	return courses.Object{Unit: c.Owner, CoOwners: c.Hands.CoOwners}
}

// Candidates is who could keep courses of the organisation, by given name.
func (s *Service) Candidates(ctx context.Context, actor courses.Actor, owner courses.UnitID) ([]courses.PersonID, error) {
	if err := s.allow.Can(ctx, actor, courses.ReadDraft, courses.Object{Unit: owner}); err != nil {
		return nil, err
	}
	return s.people.Holders(ctx, courses.WriteCourse, owner)
}

// SetHands says who keeps a course. Publishers of its owner may; its keeper may
// name deputies and hand it over. A keeper or deputy who is one already may stay,
// so that a list is not refused for somebody who was transferred. It refuses with
// ErrCoOwners, ErrKeeper and, if somebody else did so meanwhile, courses.ErrConflict.
func (s *Service) SetHands(ctx context.Context, actor courses.Actor, id courses.CourseID, to Hands) (Editable, error) {
	c, err := s.owned(ctx, actor, courses.ReadDraft, id)
	if err != nil {
		return Editable{}, err
	}
	to.CoOwners, to.Deputies = distinct(to.CoOwners), distinct(to.Deputies)
	sameOwners := slices.Equal(distinct(c.Hands.CoOwners), to.CoOwners)
	if actor.Person != c.Hands.Keeper || !sameOwners {
		if err := s.allow.Can(ctx, actor, courses.PublishCourse, courses.Object{Unit: c.Owner}); err != nil {
			return Editable{}, err
		}
	}
	if err := s.checkHands(ctx, c, to); err != nil {
		return Editable{}, err
	}
	if err := s.changeHands(ctx, actor, c, to); err != nil {
		return Editable{}, err
	}
	c.Hands = to
	return s.editable(ctx, actor, c)
}

// changeHands writes who keeps a course, with whom that shares its files, and the
// note that says so, at once.
func (s *Service) changeHands(ctx context.Context, actor courses.Actor, c Course, to Hands) error {
	n := s.note(actor, c, Shared)
	if to.Keeper != c.Hands.Keeper {
		n.Kind, n.To = Handed, to.Keeper
	}
	next := c
	next.Hands = to
	gone := slices.DeleteFunc(slices.Clone(c.Hands.CoOwners), func(u courses.UnitID) bool { return slices.Contains(to.CoOwners, u) })
	return s.atomic(ctx, func(ctx context.Context) error {
		if err := s.store.SaveHands(ctx, c, to); err != nil {
			return err
		}
		if err := s.shareFiles(ctx, next, gone...); err != nil {
			return err
		}
		return s.store.InsertNote(ctx, n)
	})
}

func distinct[T ~string](list []T) []T {
	list = slices.Clone(list)
	slices.Sort(list)
	return slices.Compact(list)
}

func (s *Service) checkHands(ctx context.Context, c Course, to Hands) error {
	if len(to.CoOwners) > mostCoOwners || slices.Contains(to.CoOwners, c.Owner) {
		return ErrCoOwners
	}
	for _, unit := range to.CoOwners {
		stands, err := s.people.Stands(ctx, unit)
		if err != nil {
			return err
		}
		if !stands && !slices.Contains(c.Hands.CoOwners, unit) {
			return ErrCoOwners
		}
	}
	if to.Keeper == "" || len(to.Deputies) > mostDeputies || slices.Contains(to.Deputies, to.Keeper) {
		return ErrKeeper
	}
	was := append([]courses.PersonID{c.Hands.Keeper}, c.Hands.Deputies...)
	fresh := slices.DeleteFunc(append([]courses.PersonID{to.Keeper}, to.Deputies...), func(p courses.PersonID) bool { return slices.Contains(was, p) })
	able, err := s.people.Holding(ctx, courses.WriteCourse, c.Owner, fresh)
	if err == nil && len(able) < len(fresh) {
		err = ErrKeeper
	}
	return err
}

// shareFiles lets the organisations of a co-owned course read the files of its
// draft, whoever of them sent those, and those that are gone no longer; it joins
// the transaction.
func (s *Service) shareFiles(ctx context.Context, c Course, gone ...courses.UnitID) error {
	var with []courses.UnitID
	if len(c.Hands.CoOwners) > 0 {
		with = c.Units()
	}
	return s.assets.Share(ctx, c.Draft.Assets(), with, gone)
}

// Left lists the keepers who no longer work for the organisation whose courses
// they keep, or write no courses there any more, in the actor's organisations:
// somebody has to take over from them.
func (s *Service) Left(ctx context.Context, actor courses.Actor) ([]Keeping, error) {
	scope, err := s.allow.Scope(ctx, actor, courses.PublishCourse)
	if err != nil {
		return nil, err
	}
	all, err := s.store.Keepers(ctx, scope, mostKeepings)
	if err != nil {
		return nil, err
	}
	people := map[courses.UnitID][]courses.PersonID{}
	for _, k := range all {
		people[k.Owner] = append(people[k.Owner], k.Keeper)
	}
	here := map[courses.UnitID][]courses.PersonID{}
	for owner, keepers := range people {
		if here[owner], err = s.people.Holding(ctx, courses.WriteCourse, owner, keepers); err != nil {
			return nil, err
		}
	}
	return slices.DeleteFunc(all, func(k Keeping) bool { return slices.Contains(here[k.Owner], k.Keeper) }), nil
}

// HandOver gives all courses of an organisation that one person keeps to another,
// and says how many. Publishers of the organisation may, and the keeper. It
// refuses with ErrKeeper.
func (s *Service) HandOver(ctx context.Context, actor courses.Actor, owner courses.UnitID, from, to courses.PersonID) (int, error) {
	action := courses.PublishCourse
	if actor.Person == from {
		action = courses.ReadDraft
	}
	if err := s.allow.Can(ctx, actor, action, courses.Object{Unit: owner}); err != nil {
		return 0, err
	}
	able, err := s.people.Holding(ctx, courses.WriteCourse, owner, []courses.PersonID{to})
	if err != nil {
		return 0, err
	}
	if len(able) == 0 {
		return 0, ErrKeeper
	}
	kept, err := s.store.KeptBy(ctx, owner, from, mostHanded)
	if err != nil {
		return 0, err
	}
	for i, c := range kept {
		hands := c.Hands
		hands.Keeper = to
		hands.Deputies = slices.DeleteFunc(slices.Clone(hands.Deputies), func(p courses.PersonID) bool { return p == to })
		if err := s.changeHands(ctx, actor, c, hands); err != nil {
			return i, err
		}
	}
	return len(kept), nil
}
