package staff

import (
	"cmp"
	"context"
	"haidang/courses"
	"haidang/courses/vietnamese"
	"slices"
	"strings"
)

// UnitFilter thins out the list of units.
type UnitFilter struct {
	Query  string // folded; with marks, exact names come first
	Parent courses.UnitID
	Kind   UnitKind
	Day    courses.Date // empty is today
}

// Units lists units in official order, or found by name. Everyone who is
// signed in may read it.
func (s *Service) Units(ctx context.Context, _ courses.Actor, filter UnitFilter, page courses.Page) (courses.Slice[Unit], error) {
	tree, err := s.Tree(ctx)
	if err != nil {
		return courses.Slice[Unit]{}, err
	}
	day := cmp.Or(filter.Day, s.clock.Today())
	exact, folded := vietnamese.ToneKey(filter.Query), vietnamese.SearchKey(filter.Query)
	var first, rest []Unit
	for _, u := range tree.All(day) {
		if filter.Parent != "" && u.Parent != filter.Parent || filter.Kind != "" && u.Kind != filter.Kind {
			continue
		}
		text := u.FullName + " " + u.ShortName + " " + string(u.Code)
		switch {
		case !strings.Contains(vietnamese.SearchKey(text), folded):
		case vietnamese.HasMarks(filter.Query) && strings.Contains(vietnamese.ToneKey(text), exact):
			first = append(first, u)
		default:
			rest = append(rest, u)
		}
	}
	return pageOf(append(first, rest...), page)
}

// pageOf cuts a page out of a whole list of units; the cursor is the last code.
func pageOf(list []Unit, page courses.Page) (courses.Slice[Unit], error) {
	if page.After != "" {
		i := slices.IndexFunc(list, func(u Unit) bool { return string(u.Code) == page.After })
		if i < 0 {
			return courses.Slice[Unit]{}, courses.ErrBadCursor
		}
		list = list[i+1:]
	}
	slice := courses.Slice[Unit]{Items: list}
	if len(list) > page.Size() {
		slice.Items = list[:page.Size()]
		slice.Next = string(slice.Items[page.Size()-1].Code)
	}
	return slice, nil
}

// CreateUnit adds a unit below one that the actor administers.
func (s *Service) CreateUnit(ctx context.Context, actor courses.Actor, u Unit) (Unit, error) {
	if err := s.Can(ctx, actor, courses.EditUnit, courses.Object{Unit: u.Parent}); err != nil {
		return Unit{}, err
	}
	tree, err := s.Tree(ctx)
	if err != nil {
		return Unit{}, err
	}
	if len(tree.rows[u.Code]) > 0 {
		return Unit{}, ErrUnitTaken
	}
	parent, found := tree.At(u.Parent, u.From)
	if !found {
		return Unit{}, ErrNoUnit
	}
	if u.Name, u.FullName, err = cleanNames(u.Name, u.FullName); err != nil {
		return Unit{}, err
	}
	u.Order, u.To = parent.Order, ""
	return u, s.saveUnits(ctx, u)
}

func cleanNames(name, fullName string) (string, string, error) {
	name, err := vietnamese.Clean(name)
	if err != nil {
		return "", "", err
	}
	fullName, err = vietnamese.Clean(fullName)
	return name, fullName, err
}

func (s *Service) saveUnits(ctx context.Context, rows ...Unit) error {
	defer s.forgetTree()
	return s.atomic(ctx, func(ctx context.Context) error { return s.store.SaveUnits(ctx, rows) })
}

// UnitChange is what becomes of a unit from a day on; empty fields stay.
type UnitChange struct {
	From     courses.Date
	Name     string
	FullName string
	Parent   courses.UnitID
	Close    bool // the unit ends the day before From
	Into     courses.UnitID
}

// ChangeUnit renames, moves or closes a unit from a day on. What was before
// stays as it was.
func (s *Service) ChangeUnit(ctx context.Context, actor courses.Actor, code courses.UnitID, change UnitChange) (Unit, error) {
	if err := s.Can(ctx, actor, courses.EditUnit, courses.Object{Unit: code}); err != nil {
		return Unit{}, err
	}
	tree, err := s.Tree(ctx)
	if err != nil {
		return Unit{}, err
	}
	rows := tree.rows[code]
	if len(rows) == 0 {
		return Unit{}, ErrNoUnit
	}
	was := rows[len(rows)-1]
	if was.To != "" || change.From <= was.From {
		return Unit{}, ErrUnitDates
	}
	is := was
	was.To = change.From.AddDays(-1)
	if change.Close {
		was.Into = change.Into
		return was, s.saveUnits(ctx, was)
	}
	is.From = change.From
	if is.Name, is.FullName, err = cleanNames(cmp.Or(change.Name, is.Name), cmp.Or(change.FullName, is.FullName)); err != nil {
		return Unit{}, err
	}
	if change.Parent != "" && change.Parent != is.Parent {
		if err := s.Can(ctx, actor, courses.EditUnit, courses.Object{Unit: change.Parent}); err != nil {
			return Unit{}, err
		}
		if slices.ContainsFunc(tree.daysFrom(change.From), func(day courses.Date) bool { return tree.Within(change.Parent, code, day) }) {
			return Unit{}, ErrUnitLoop
		}
		is.Parent = change.Parent
	}
	return is, s.saveUnits(ctx, was, is)
}
