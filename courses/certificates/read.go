package certificates

import (
	"context"
	"errors"
	"haidang/courses"
	"haidang/courses/vietnamese"
)

// Get is a certificate for whoever may read its person's record and for the publishers
// of its issuer, and whether the actor is one of these. It refuses with
// ErrNoCertificate.
func (s *Service) Get(ctx context.Context, actor courses.Actor, id ID) (c Certificate, issues bool, err error) {
	if c, err = s.store.Certificate(ctx, id); err != nil {
		return c, false, err
	}
	err = s.allow.Can(ctx, actor, courses.PublishCourse, courses.Object{Unit: c.Issuer})
	if err == nil {
		return c, true, nil
	}
	if !errors.Is(err, courses.ErrForbidden) {
		return Certificate{}, false, err
	}
	if err := s.allow.Can(ctx, actor, courses.ReadRecord, courses.Object{Person: c.Person}); err != nil {
		return Certificate{}, false, hidden(err)
	}
	return c, false, nil
}

// Verify finds the certificate of a code, for everybody, and says whether its text is
// the one that was sealed. It refuses with ErrNoCertificate.
func (s *Service) Verify(ctx context.Context, typed string) (c Certificate, genuine bool, err error) {
	if c, err = s.store.ByCode(ctx, ReadCode(typed)); err != nil {
		return c, false, err
	}
	text, err := c.sealed()
	return c, err == nil && s.records.Sealed(text, c.Seal), err
}

// Of is the last certificate of completions that have one, for other packages, which
// ask Can themselves.
func (s *Service) Of(ctx context.Context, ids []courses.CompletionID) (map[courses.CompletionID]Certificate, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	return s.store.Latest(ctx, ids)
}

// Issues says which of the organisations issue certificates today.
func (s *Service) Issues(ctx context.Context, units []courses.UnitID) (map[courses.UnitID]bool, error) {
	if len(units) == 0 {
		return nil, nil
	}
	found, err := s.store.SettingsOn(ctx, units, s.clock.Today())
	issues := make(map[courses.UnitID]bool, len(found))
	for unit, set := range found {
		issues[unit] = set.Issues
	}
	return issues, err
}

// Register lists what an organisation issued, latest first; with a number, what has
// it. Its publishers may read it.
func (s *Service) Register(ctx context.Context, actor courses.Actor, issuer courses.UnitID, number int, page courses.Page) (courses.Slice[Certificate], error) {
	if err := s.allow.Can(ctx, actor, courses.PublishCourse, courses.Object{Unit: issuer}); err != nil {
		return courses.Slice[Certificate]{}, err
	}
	return s.store.Register(ctx, issuer, number, page)
}

// Citing is how many valid certificates rest on a document, for everybody, and those
// of people whose records the actor may read, by unit. A page may be shorter than was
// asked for.
func (s *Service) Citing(ctx context.Context, actor courses.Actor, number string, page courses.Page) (int, courses.Slice[Certificate], error) {
	var none courses.Slice[Certificate]
	key := vietnamese.DocumentNumber(number)
	count, err := s.store.CountCiting(ctx, key)
	if err != nil || count == 0 {
		return 0, none, err
	}
	scope, err := s.allow.Scope(ctx, actor, courses.ReadRecord)
	if errors.Is(err, courses.ErrForbidden) {
		return count, none, nil
	}
	if err != nil {
		return 0, none, err
	}
	found, err := s.store.Citing(ctx, scope, key, page)
	if err != nil {
		return 0, none, err
	}
	if scope.Everywhere() {
		return count, found, nil
	}
	slice := courses.Slice[Certificate]{Next: found.Next}
	for _, c := range found.Items { // who has moved on since is their new unit's to see
		err := s.allow.Can(ctx, actor, courses.ReadRecord, courses.Object{Person: c.Person})
		if err == nil {
			slice.Items = append(slice.Items, c)
		} else if !errors.Is(err, courses.ErrForbidden) {
			return 0, none, err
		}
	}
	return count, slice, nil
}

// CountOf is how many valid certificates were issued for versions.
func (s *Service) CountOf(ctx context.Context, versions []courses.VersionID) (map[courses.VersionID]int, error) {
	if len(versions) == 0 {
		return nil, nil
	}
	return s.store.CountOf(ctx, versions)
}
