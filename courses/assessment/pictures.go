package assessment

import (
	"context"
	"haidang/courses"
	"slices"
)

// Pictures is what banks ask of the files of their organisation.
type Pictures interface {
	// Ready is those of the files that are pictures of the owner, and of each whether
	// it can be shown.
	Ready(ctx context.Context, owner courses.UnitID, ids []courses.AssetID) (map[courses.AssetID]bool, error)
}

// pictured refuses with ErrQuestion an item whose picture is not the bank's or
// cannot be shown yet: what a bank has can be asked.
func (s *Service) pictured(ctx context.Context, bank courses.UnitID, items ...Item) error {
	ids := PicturesOf(items)
	if len(ids) == 0 {
		return nil
	}
	ready, err := s.pictures.Ready(ctx, bank, ids)
	if err != nil {
		return err
	}
	k := &checker{}
	for _, id := range ids {
		can, known := ready[id]
		k.Refuse(!known, "picture.asset", "unknown")
		k.Refuse(known && !can, "picture.asset", "not_ready")
	}
	return k.Err(ErrQuestion)
}

// PicturesOf is the pictures that items show, each once.
func PicturesOf(items []Item) []courses.AssetID {
	return picturesOf(items, func(x Item) Question { return x.Question })
}

// picturesOf is the pictures that questions show, each once.
func picturesOf[X any](list []X, question func(X) Question) []courses.AssetID {
	var ids []courses.AssetID
	for _, x := range list {
		if id := question(x).Picture.Asset; id != "" {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// Sees says that a person has an attempt whose questions show a picture.
func (s *Service) Sees(ctx context.Context, person courses.PersonID, picture courses.AssetID) (bool, error) {
	return s.store.Shows(ctx, person, picture)
}
