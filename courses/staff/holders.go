package staff

import (
	"context"
	"haidang/courses"
	"slices"
)

// mostHolders is how many people who hold a role one list names.
const mostHolders = 1000

// rolesWith lists the roles that give the action.
func rolesWith(action courses.Action) []courses.Role {
	var roles []courses.Role
	for _, role := range courses.Roles() {
		if slices.Contains(powers[role], action) {
			roles = append(roles, role)
		}
	}
	return roles
}

// Stands says that there is such a unit today.
func (s *Service) Stands(ctx context.Context, unit courses.UnitID) (bool, error) {
	tree, err := s.Tree(ctx)
	if err != nil {
		return false, err
	}
	_, stands := tree.At(unit, s.clock.Today())
	return stands, nil
}

// Holders is those who work today in the unit, or below it, and may do the action
// there, by given name: the first 1000.
func (s *Service) Holders(ctx context.Context, action courses.Action, unit courses.UnitID) ([]courses.PersonID, error) {
	tree, err := s.Tree(ctx)
	if err != nil {
		return nil, err
	}
	today := s.clock.Today()
	filter := Filter{Units: tree.Subtree(unit, today), Day: today, Roles: rolesWith(action)}
	if len(filter.Units) == 0 { // it does not stand today; no units would mean all
		return nil, nil
	}
	found, err := s.store.People(ctx, courses.NewScope(true, nil), filter, courses.Page{Limit: mostHolders})
	if err != nil {
		return nil, err
	}
	return holding(tree, today, found.Items, action, unit), nil
}

// Holding is those of people who work today in the unit, or below it, and may do
// the action there.
func (s *Service) Holding(ctx context.Context, action courses.Action, unit courses.UnitID, people []courses.PersonID) ([]courses.PersonID, error) {
	tree, err := s.Tree(ctx)
	if err != nil {
		return nil, err
	}
	found, err := s.store.PeopleByID(ctx, people)
	if err != nil {
		return nil, err
	}
	return holding(tree, s.clock.Today(), found, action, unit), nil
}

func holding(tree *Tree, day courses.Date, people []Person, action courses.Action, unit courses.UnitID) []courses.PersonID {
	var held []courses.PersonID
	for _, p := range people {
		if holds(tree, day, p, action, unit) {
			held = append(held, p.ID)
		}
	}
	return held
}

// holds says that a person works in the unit, or below it, and may do the action
// there.
func holds(tree *Tree, day courses.Date, p Person, action courses.Action, unit courses.UnitID) bool {
	works := slices.ContainsFunc(p.Units(day), func(at courses.UnitID) bool { return tree.Within(at, unit, day) })
	return works && may(tree, day, p.Roles(day), action, []courses.UnitID{unit})
}
