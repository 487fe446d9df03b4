// Package reports answers HR's questions from counters that follow the ledger,
// in the forms that the law or the city prescribes. It only reads what other
// packages own.
package reports

import (
	"context"
	"haidang/courses"
	"haidang/courses/assignments"
	"haidang/courses/learning"
	"haidang/courses/records"
	"haidang/courses/staff"
	"slices"
	"time"
)

// Service answers for reports.
type Service struct {
	store       Store
	staff       *staff.Service
	records     *records.Service
	learning    *learning.Service
	assignments *assignments.Service
	atomic      courses.Atomic
	clock       courses.Clock
}

// NewService builds the service.
func NewService(store Store, people *staff.Service, ledger *records.Service, learners *learning.Service, assigned *assignments.Service, atomic courses.Atomic, clock courses.Clock) *Service {
	return &Service{store: store, staff: people, records: ledger, learning: learners, assignments: assigned, atomic: atomic, clock: clock}
}

// Row is a unit's line of BC-01.
type Row struct {
	Unit    staff.Unit
	Staff   int // people posted there on the cut-off day
	Figures Figures
}

// Subtotal adds up the rows of one kind.
type Subtotal struct {
	Kind    string // xa, phuong, dac_khu or organisation
	Units   int
	Staff   int
	Figures Figures
}

// BC01 is the report by unit for a period. A person counts in the unit held on
// its last day.
type BC01 struct {
	Period    courses.Period
	From, To  courses.Date
	Ledger    int64 // the figures are as of this size of the ledger
	At        time.Time
	Rows      []Row
	Subtotals []Subtotal
	Staff     int
	Total     Figures
}

// Filter thins out a report.
type Filter struct {
	Kind staff.UnitKind
	Unit courses.UnitID // this unit and all below it
}

// BC01 is the report for the units that the actor may report on. It reads one
// counter for each unit, never people.
func (s *Service) BC01(ctx context.Context, actor courses.Actor, period courses.Period, filter Filter) (BC01, error) {
	scope, err := s.staff.Scope(ctx, actor, courses.ReadReport)
	if err != nil {
		return BC01{}, err
	}
	if period, err = courses.ParsePeriod(string(period)); err != nil {
		return BC01{}, err
	}
	tree, err := s.staff.Tree(ctx)
	if err != nil {
		return BC01{}, err
	}
	r := BC01{Period: period, At: s.clock.Now()}
	r.From, r.To = period.Range()
	if r.Ledger, err = s.store.Followed(ctx); err != nil {
		return BC01{}, err
	}
	counters, err := s.store.Counters(ctx, period)
	if err != nil {
		return BC01{}, err
	}
	heads, err := s.staff.Headcounts(ctx, r.To)
	if err != nil {
		return BC01{}, err
	}
	for _, u := range tree.All(r.To) {
		if u.Kind == staff.City || u.Kind == staff.Room || filter.Kind != "" && u.Kind != filter.Kind ||
			filter.Unit != "" && !tree.Within(u.Code, filter.Unit, r.To) ||
			!scope.Everywhere() && !slices.Contains(scope.Units(), u.Code) {
			continue
		}
		r.Rows = append(r.Rows, Row{Unit: u, Staff: heads[u.Code], Figures: counters[u.Code].Add(Figures{})})
	}
	r.sum()
	return r, nil
}

// sum fills in the subtotals, in the order of the form, and the total.
func (r *BC01) sum() {
	r.Total = Figures{}.Add(Figures{})
	for _, kind := range []string{"xa", "phuong", "dac_khu", "organisation"} {
		sub := Subtotal{Kind: kind, Figures: Figures{}.Add(Figures{})}
		for _, row := range r.Rows {
			if subtotalOf(row.Unit.Kind) == kind {
				sub.Units++
				sub.Staff += row.Staff
				sub.Figures = sub.Figures.Add(row.Figures)
			}
		}
		if sub.Units > 0 {
			r.Subtotals = append(r.Subtotals, sub)
			r.Staff += sub.Staff
			r.Total = r.Total.Add(sub.Figures)
		}
	}
}

func subtotalOf(kind staff.UnitKind) string {
	switch kind {
	case staff.Commune, staff.Ward, staff.Zone:
		return string(kind)
	}
	return "organisation"
}

// PersonRow is a person's line in a unit.
type PersonRow struct {
	Person staff.Person
	Credit Credit
	Target int
}

// People lists the people of a unit (or, with none, of all that the actor
// reports on) with their credit in a period, by given name.
func (s *Service) People(ctx context.Context, actor courses.Actor, unit courses.UnitID, period courses.Period, page courses.Page) (courses.Slice[PersonRow], error) {
	found, err := s.homeAt(ctx, actor, unit, period, page)
	if err != nil {
		return courses.Slice[PersonRow]{}, err
	}
	rows, err := s.rows(ctx, found.Items, period)
	return courses.Slice[PersonRow]{Items: rows, Next: found.Next}, err
}

// homeAt is the people whom a report for the period counts in a unit.
func (s *Service) homeAt(ctx context.Context, actor courses.Actor, unit courses.UnitID, period courses.Period, page courses.Page) (courses.Slice[staff.Person], error) {
	period, err := courses.ParsePeriod(string(period))
	if err != nil {
		return courses.Slice[staff.Person]{}, err
	}
	_, last := period.Range()
	return s.staff.List(ctx, actor, courses.ReadReport, "", unit, staff.Filter{Day: last, HomeOnly: true}, page)
}

// rows adds to people what they were credited.
func (s *Service) rows(ctx context.Context, people []staff.Person, period courses.Period) ([]PersonRow, error) {
	ids := make([]courses.PersonID, len(people))
	for i, p := range people {
		ids[i] = p.ID
	}
	of, err := s.store.Credits(ctx, ids, period)
	if err != nil {
		return nil, err
	}
	_, last := period.Range()
	rows := make([]PersonRow, len(people))
	for i, p := range people {
		target, err := s.staff.Target(ctx, p.Category, last)
		if err != nil {
			return nil, err
		}
		rows[i] = PersonRow{Person: p, Credit: of[p.ID], Target: target}
	}
	return rows, nil
}

// everyonePage is how many people a list that goes on to its end reads at once.
const everyonePage = 1000

// Everyone gives the people of People, all of them, some at a time and none at
// the end. The next are read while the last are written; end ends the reading.
func (s *Service) Everyone(ctx context.Context, actor courses.Actor, unit courses.UnitID, period courses.Period) (next func() ([]PersonRow, error), end func()) {
	type read struct {
		people []staff.Person
		err    error
	}
	ctx, cancel := context.WithCancel(ctx)
	ahead := make(chan read, 1)
	go func() {
		defer close(ahead)
		for page := (courses.Page{Limit: everyonePage}); ; {
			found, err := s.homeAt(ctx, actor, unit, period, page)
			select {
			case ahead <- read{found.Items, err}:
			case <-ctx.Done():
				return
			}
			if page.After = found.Next; err != nil || page.After == "" {
				return
			}
		}
	}()
	return func() ([]PersonRow, error) {
		r, more := <-ahead
		if !more {
			return nil, ctx.Err()
		}
		if r.err != nil {
			return nil, r.err
		}
		return s.rows(ctx, r.people, period)
	}, cancel
}

// YearTotal is what a person was credited in a year.
type YearTotal struct {
	Year        courses.Period
	Tiet        int
	Completions int
	Target      int
}

// Years sums a person's record by year, newest first, for whoever may read it.
func (s *Service) Years(ctx context.Context, actor courses.Actor, person courses.PersonID) ([]YearTotal, error) {
	if err := s.staff.Can(ctx, actor, courses.ReadRecord, courses.Object{Person: person}); err != nil {
		return nil, err
	}
	years, err := s.store.Years(ctx, person)
	if err != nil {
		return nil, err
	}
	if now := courses.PeriodsOf(s.clock.Today())[0]; !slices.Contains(years, now) {
		years = append(years, now)
	}
	slices.Sort(years)
	slices.Reverse(years)
	p, err := s.staff.Person(ctx, person)
	if err != nil {
		return nil, err
	}
	totals := make([]YearTotal, len(years))
	for i, year := range years {
		list, err := s.records.In(ctx, person, year)
		if err != nil {
			return nil, err
		}
		t := YearTotal{Year: year, Completions: len(list)}
		for _, c := range list {
			t.Tiet += c.Tiet
		}
		_, last := year.Range()
		if t.Target, err = s.staff.Target(ctx, p.Category, last); err != nil {
			return nil, err
		}
		totals[i] = t
	}
	return totals, nil
}
