package reports

import (
	"context"
	"fmt"
	"haidang/courses"
	"haidang/courses/records"
	"haidang/courses/staff"
	"slices"
)

// projectBatch is how many ledger entries are followed at a time.
const projectBatch = 500

// Project brings the counters up to the ledger's last leaf and says how many
// entries it followed. Counting a person again changes nothing, so it may stop
// and begin again anywhere.
func (s *Service) Project(ctx context.Context) (int, error) {
	total := 0
	for {
		leaf, err := s.store.Followed(ctx)
		if err != nil {
			return total, err
		}
		list, err := s.records.Since(ctx, leaf, projectBatch)
		if err != nil || len(list) == 0 {
			return total, err
		}
		seen := map[personYear]bool{}
		for _, c := range list {
			seen[personYear{c.Person, yearOf(c)}] = true
		}
		for k := range seen {
			if err := s.recount(ctx, k); err != nil {
				return total, err
			}
		}
		if err := s.store.Follow(ctx, *list[len(list)-1].Leaf+1); err != nil {
			return total, err
		}
		total += len(list)
	}
}

type personYear struct {
	person courses.PersonID
	year   courses.Period
}

func yearOf(c records.Completion) courses.Period {
	return courses.PeriodsOf(courses.DateOf(c.CompletedAt))[0]
}

// Recount counts a person again from a day on: after a posting changed.
func (s *Service) Recount(ctx context.Context, person courses.PersonID, from courses.Date) error {
	years, err := s.store.Years(ctx, person)
	if err != nil {
		return err
	}
	for _, year := range years {
		if _, last := year.Range(); last < from {
			continue
		}
		if err := s.recount(ctx, personYear{person, year}); err != nil {
			return err
		}
	}
	return nil
}

// recount counts one person's year from its sources and moves the counters by
// what differs, in one transaction.
func (s *Service) recount(ctx context.Context, k personYear) error {
	tree, err := s.staff.Tree(ctx)
	if err != nil {
		return err
	}
	return s.atomic(ctx, func(ctx context.Context) error {
		is, err := s.counted(ctx, tree, k)
		if err != nil {
			return err
		}
		was, err := s.store.PersonYear(ctx, k.person, k.year)
		if err != nil {
			return err
		}
		if err := s.store.AddCounters(ctx, difference(was, is)); err != nil {
			return err
		}
		return s.store.SavePersonYears(ctx, []PersonYear{is})
	})
}

func (s *Service) counted(ctx context.Context, tree *staff.Tree, k personYear) (PersonYear, error) {
	person, err := s.staff.Person(ctx, k.person)
	if err != nil {
		return PersonYear{}, err
	}
	list, err := s.records.In(ctx, k.person, k.year)
	if err != nil {
		return PersonYear{}, err
	}
	// An entry counts once the ledger has it.
	list = slices.DeleteFunc(list, func(c records.Completion) bool { return c.Leaf == nil })
	_, last := k.year.Range()
	target, err := s.staff.Target(ctx, person.Category, last)
	if err != nil {
		return PersonYear{}, err
	}
	return count(tree, person, k.year, target, list), nil
}

// Rebuilt says what a rebuild found.
type Rebuilt struct {
	Entries   int64
	Counters  int
	Wrong     []string // counters that differed, with both figures
	Forgotten int      // people's years that the ledger does not know
}

// Rebuild counts everything again from the ledger, mends the counters and names
// those that differed. Run it while no server projects.
func (s *Service) Rebuild(ctx context.Context) (Rebuilt, error) {
	byPerson, size, err := s.fromLedger(ctx)
	if err != nil {
		return Rebuilt{}, err
	}
	sums, err := s.countAll(ctx, byPerson)
	if err != nil {
		return Rebuilt{}, err
	}
	was, err := s.store.AllCounters(ctx)
	if err != nil {
		return Rebuilt{}, err
	}
	result := Rebuilt{Entries: size, Counters: len(sums)}
	for k := range was {
		if _, there := sums[k]; !there {
			sums[k] = Figures{}
		}
	}
	for k, is := range sums {
		if !is.Equal(was[k]) {
			result.Wrong = append(result.Wrong, fmt.Sprintf("%s in %s: was %+v, is %+v", k.Unit, k.Period, was[k], is))
		}
	}
	slices.Sort(result.Wrong)
	result.Forgotten, err = s.store.ForgetPersonYears(ctx, func(person courses.PersonID, year courses.Period) bool {
		_, known := byPerson[personYear{person, year}]
		return known
	})
	if err != nil {
		return result, err
	}
	if err := s.store.SetCounters(ctx, sums); err != nil {
		return result, err
	}
	return result, s.store.Follow(ctx, size)
}

// fromLedger reads every entry, by person and year.
func (s *Service) fromLedger(ctx context.Context) (map[personYear][]records.Completion, int64, error) {
	byPerson := map[personYear][]records.Completion{}
	next := int64(0)
	for {
		list, err := s.records.Since(ctx, next, 20*projectBatch)
		if err != nil {
			return nil, 0, err
		}
		for _, c := range list {
			k := personYear{c.Person, yearOf(c)}
			byPerson[k] = append(byPerson[k], records.Completion{Knowledge: c.Knowledge, Tiet: c.Tiet, CompletedAt: c.CompletedAt})
			next = *c.Leaf + 1
		}
		if len(list) == 0 {
			return byPerson, next, nil
		}
	}
}

// countAll counts every person's years, keeps them, and sums the counters.
func (s *Service) countAll(ctx context.Context, byPerson map[personYear][]records.Completion) (map[Counter]Figures, error) {
	tree, err := s.staff.Tree(ctx)
	if err != nil {
		return nil, err
	}
	keys := make([]personYear, 0, len(byPerson))
	for k := range byPerson {
		keys = append(keys, k)
	}
	sums := map[Counter]Figures{}
	targets := map[yearlyTarget]int{}
	for chunk := range slices.Chunk(keys, 1000) {
		ids := make([]courses.PersonID, len(chunk))
		for i, k := range chunk {
			ids[i] = k.person
		}
		people, err := s.staff.People(ctx, ids)
		if err != nil {
			return nil, err
		}
		years := make([]PersonYear, len(chunk))
		for i, k := range chunk {
			target, err := s.target(ctx, targets, yearlyTarget{people[k.person].Category, k.year})
			if err != nil {
				return nil, err
			}
			years[i] = count(tree, people[k.person], k.year, target, byPerson[k])
			for period, c := range years[i].Periods {
				sums[Counter{c.Unit, period}] = sums[Counter{c.Unit, period}].Add(c.Figures)
			}
		}
		if err := s.store.SavePersonYears(ctx, years); err != nil {
			return nil, err
		}
	}
	return sums, nil
}

// yearlyTarget names a category's target in a year.
type yearlyTarget struct {
	category staff.Category
	year     courses.Period
}

// target reads a target once and keeps it in known.
func (s *Service) target(ctx context.Context, known map[yearlyTarget]int, k yearlyTarget) (int, error) {
	if tiet, found := known[k]; found {
		return tiet, nil
	}
	_, last := k.year.Range()
	tiet, err := s.staff.Target(ctx, k.category, last)
	known[k] = tiet
	return tiet, err
}
