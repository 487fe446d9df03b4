package staff

import (
	"context"
	"errors"
	"haidang/courses"
	"slices"
)

// powers says which actions a role gives over its unit and all below it. What a
// person may do to themselves stands in oneself.
var powers = map[courses.Role][]courses.Action{
	courses.Author:        {courses.ReadDraft, courses.WriteCourse, courses.ReadResults},
	courses.Reviewer:      {courses.ReadDraft, courses.ReviewCourse, courses.ReadResults},
	courses.Publisher:     {courses.ReadDraft, courses.WriteCourse, courses.ReviewCourse, courses.PublishCourse, courses.KeepLaw, courses.ReadResults},
	courses.Leader:        {courses.ReadPerson, courses.ReadRecord, courses.ReadReport, courses.FollowUp, courses.Assign},
	courses.HR:            {courses.ReadPerson, courses.EditPerson, courses.ReadRecord, courses.ReadReport, courses.FollowUp, courses.Assign, courses.ReadResults},
	courses.Administrator: {courses.ReadPerson, courses.EditPerson, courses.EditUnit, courses.EditRoles, courses.KeepSurveys},
	courses.Auditor:       {courses.ReadPerson, courses.ReadRecord, courses.ReadReport, courses.ReadDraft, courses.ReadResults},
}

// shared is what a co-owning organisation may do as the owner may. The owner alone
// publishes and says who keeps a course.
var shared = []courses.Action{courses.ReadDraft, courses.WriteCourse, courses.ReviewCourse, courses.ReadResults}

// oneself is what everyone may do to themselves.
var oneself = []courses.Action{courses.ReadPerson, courses.ReadRecord, courses.Learn}

// may says whether the roles allow the action in any of the units on the day. A
// role over the city reaches every unit, also one that has closed.
func may(tree *Tree, day courses.Date, roles []courses.RoleAt, action courses.Action, units []courses.UnitID) bool {
	for _, role := range roles {
		if !slices.Contains(powers[role.Role], action) {
			continue
		}
		for _, unit := range units {
			if role.Unit == rootUnit || tree.Within(unit, role.Unit, day) {
				return true
			}
		}
	}
	return false
}

// scope is every unit in which the roles allow the action on the day.
func scope(tree *Tree, day courses.Date, roles []courses.RoleAt, action courses.Action) courses.Scope {
	units := []courses.UnitID{}
	for _, role := range roles {
		if !slices.Contains(powers[role.Role], action) {
			continue
		}
		if role.Unit == rootUnit {
			return courses.NewScope(true, nil)
		}
		for _, unit := range tree.Subtree(role.Unit, day) {
			if !slices.Contains(units, unit) {
				units = append(units, unit)
			}
		}
	}
	return courses.NewScope(false, units)
}

// Can implements courses.Authority. With a person and no unit in the object it
// asks in which units the person is posted today: home and host unit both see
// someone during their dates. Whoever is posted nowhere today belongs to the
// city. That there is no such person is forbidden knowledge, too. Co-owners count
// as the unit does, for what they share with it.
func (s *Service) Can(ctx context.Context, actor courses.Actor, action courses.Action, object courses.Object) error {
	if actor.Person != "" && object.Person == actor.Person && slices.Contains(oneself, action) {
		return nil
	}
	units := []courses.UnitID{object.Unit}
	if slices.Contains(shared, action) {
		units = append(units, object.CoOwners...)
	}
	if object.Unit == "" {
		if object.Person == "" || len(actor.Roles) == 0 {
			return courses.ErrForbidden
		}
		p, err := s.store.Person(ctx, object.Person)
		if errors.Is(err, ErrNoPerson) {
			return courses.ErrForbidden
		}
		if err != nil {
			return err
		}
		if units = p.Units(s.clock.Today()); len(units) == 0 {
			units = []courses.UnitID{rootUnit}
		}
	}
	tree, err := s.Tree(ctx)
	if err != nil {
		return err
	}
	if !may(tree, s.clock.Today(), actor.Roles, action, units) {
		return courses.ErrForbidden
	}
	return nil
}

// Through is the unit of the first role of the actor that allows an action in a unit,
// such as the city of its HR; it refuses with courses.ErrForbidden.
func (s *Service) Through(ctx context.Context, actor courses.Actor, action courses.Action, unit courses.UnitID) (courses.UnitID, error) {
	tree, err := s.Tree(ctx)
	if err != nil {
		return "", err
	}
	for _, role := range actor.Roles {
		if may(tree, s.clock.Today(), []courses.RoleAt{role}, action, []courses.UnitID{unit}) {
			return role.Unit, nil
		}
	}
	return "", courses.ErrForbidden
}

// Scope implements courses.Authority.
func (s *Service) Scope(ctx context.Context, actor courses.Actor, action courses.Action) (courses.Scope, error) {
	tree, err := s.Tree(ctx)
	if err != nil {
		return courses.Scope{}, err
	}
	sc := scope(tree, s.clock.Today(), actor.Roles, action)
	if !sc.Everywhere() && len(sc.Units()) == 0 {
		return sc, courses.ErrForbidden
	}
	return sc, nil
}

// Outranks refuses with ErrOutranked unless the actor is somebody else who may
// do all that the person may do, now or by a role that is yet to come: whoever
// resets a password can sign in with it.
func (s *Service) Outranks(ctx context.Context, actor courses.Actor, person courses.PersonID) error {
	p, err := s.store.Person(ctx, person)
	if err != nil {
		return err
	}
	tree, err := s.Tree(ctx)
	if err != nil {
		return err
	}
	today := s.clock.Today()
	for _, g := range p.Grants {
		if (g.To == "" || g.To >= today) && !covers(tree, today, actor.Roles, g) {
			return ErrOutranked
		}
	}
	if person == actor.Person {
		return ErrOutranked
	}
	return nil
}

// covers says whether the roles could give the grant, or give all that it gives.
func covers(tree *Tree, day courses.Date, roles []courses.RoleAt, g Grant) bool {
	at := []courses.UnitID{g.Unit}
	return may(tree, day, roles, courses.EditRoles, at) || !slices.ContainsFunc(powers[g.Role], func(action courses.Action) bool {
		return !may(tree, day, roles, action, at)
	})
}
