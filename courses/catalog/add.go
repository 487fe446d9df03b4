package catalog

import (
	"context"
	"haidang/courses"
	"regexp"
)

var codeForm = regexp.MustCompile(`^[A-Z0-9Đ][A-Z0-9Đ-]{1,39}$`)

// Admit says whether Add would take a course, before files are kept for it, and
// gives its content in canonical form. It refuses as Add does.
func (s *Service) Admit(ctx context.Context, actor courses.Actor, code string, owner courses.UnitID, content Content) (Content, error) {
	content, err := s.admit(ctx, actor, code, owner, content)
	if err != nil {
		return Content{}, err
	}
	taken, err := s.store.CodeTaken(ctx, code)
	if err == nil && taken {
		err = ErrCodeTaken
	}
	return content, err
}

func (s *Service) admit(ctx context.Context, actor courses.Actor, code string, owner courses.UnitID, content Content) (Content, error) {
	if err := s.allow.Can(ctx, actor, courses.WriteCourse, courses.Object{Unit: owner}); err != nil {
		return Content{}, err
	}
	if !codeForm.MatchString(code) {
		return Content{}, ErrCode
	}
	return clean(content, s.newID)
}

// Add begins a course of an organisation with its first draft. The ids in the
// content stay. It refuses with ErrCode, ErrCodeTaken and as Save does.
func (s *Service) Add(ctx context.Context, actor courses.Actor, code string, owner courses.UnitID, content Content) (Editable, error) {
	content, err := s.admit(ctx, actor, code, owner, content)
	if err != nil {
		return Editable{}, err
	}
	if err := s.ownAssets(ctx, actor, content, Content{}); err != nil {
		return Editable{}, err
	}
	now := s.clock.Now()
	c := Course{
		ID: courses.NewID[courses.CourseID](now), Code: code, Owner: owner, Hands: Hands{Keeper: actor.Person}, Draft: content, Cited: content.Cited(),
		Revision: 1, SavedAt: now, SavedBy: actor.Person,
	}
	if err := s.store.InsertCourse(ctx, c); err != nil {
		return Editable{}, err
	}
	return s.editable(ctx, actor, c)
}
