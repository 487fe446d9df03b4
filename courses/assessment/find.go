package assessment

import (
	"context"
	"haidang/courses"
	"haidang/courses/catalog"
	"haidang/courses/vietnamese"
	"slices"
)

// Citing lists the questions of the actor's banks that cite a document.
func (s *Service) Citing(ctx context.Context, actor courses.Actor, number string, page courses.Page) (courses.Slice[Item], error) {
	scope, err := s.allow.Scope(ctx, actor, courses.ReadDraft)
	if err != nil {
		return courses.Slice[Item]{}, err
	}
	return s.store.Citing(ctx, scope, []string{number}, page)
}

// Stale lists the questions of banks that the actor writes which are asked no more,
// because what they cite has ended. A page may be shorter than the next one.
func (s *Service) Stale(ctx context.Context, actor courses.Actor, page courses.Page) (courses.Slice[Item], error) {
	scope, err := s.allow.Scope(ctx, actor, courses.WriteCourse)
	if err != nil {
		return courses.Slice[Item]{}, err
	}
	numbers, err := s.laws.Ended(ctx)
	if err != nil || len(numbers) == 0 {
		return courses.Slice[Item]{Items: []Item{}}, err
	}
	found, err := s.store.Citing(ctx, scope, numbers, page)
	if err != nil {
		return courses.Slice[Item]{}, err
	}
	var places []catalog.Reference
	for _, x := range found.Items {
		places = append(places, x.Cites...)
	}
	lapsed, err := s.laws.Lapsed(ctx, places)
	if err != nil {
		return courses.Slice[Item]{}, err
	}
	found.Items = slices.DeleteFunc(found.Items, func(x Item) bool {
		return !slices.ContainsFunc(x.Cites, func(r catalog.Reference) bool { return lapsed[r] })
	})
	return found, nil
}

// Of what is alike: how many words a text has at least, and the share of them that
// another question has.
const (
	likeWords = 4
	likeShare = 0.75
	mostLike  = 3
)

// Like is the questions of a bank that say nearly the same as a text.
func (s *Service) Like(ctx context.Context, actor courses.Actor, bank courses.UnitID, text string) ([]Item, error) {
	if err := s.allow.Can(ctx, actor, courses.ReadDraft, courses.Object{Unit: bank}); err != nil {
		return nil, err
	}
	words := vietnamese.Words(text, foundWords)
	if len(words) < likeWords {
		return nil, nil
	}
	found, held, err := s.store.Like(ctx, bank, words, mostLike)
	for i, n := range held {
		if float64(n) < likeShare*float64(len(words)) {
			return found[:i], err
		}
	}
	return found, err
}

// foundWords is how many words of a question it is found by.
const foundWords = 60
