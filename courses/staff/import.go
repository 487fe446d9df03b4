package staff

import (
	"context"
	"haidang/courses"
)

// Import writes units and positions as they are: for a first installation and
// the demo data, from the command line only.
func (s *Service) Import(ctx context.Context, units []Unit, positions []Position) error {
	defer s.forgetTree()
	if err := s.store.SaveUnits(ctx, units); err != nil {
		return err
	}
	defer s.positions.forget()
	return s.store.SavePositions(ctx, positions)
}

// ImportPeople adds people with their postings and grants, many at a time, and
// counts them: from the command line only. Running it twice adds them twice.
func (s *Service) ImportPeople(ctx context.Context, list []Person) error {
	const chunk = 2000
	for len(list) > 0 {
		n := min(chunk, len(list))
		sums := map[Change]int{}
		for _, p := range list[:n] {
			for _, c := range headcount(p, 1) {
				sums[Change{Unit: c.Unit, Day: c.Day}] += c.Delta
			}
		}
		counts := make([]Change, 0, len(sums))
		for c, delta := range sums {
			counts = append(counts, Change{Unit: c.Unit, Day: c.Day, Delta: delta})
		}
		if err := s.atomic(ctx, func(ctx context.Context) error {
			if err := s.store.InsertPeople(ctx, list[:n]); err != nil {
				return err
			}
			return s.store.ChangeHeadcounts(ctx, counts)
		}); err != nil {
			return err
		}
		list = list[n:]
	}
	return nil
}

// SetTarget sets the yearly target of a category from a day on: from the
// command line only.
func (s *Service) SetTarget(ctx context.Context, category Category, from courses.Date, tiet int) error {
	defer s.targets.forget()
	return s.store.SaveTarget(ctx, category, from, tiet)
}
