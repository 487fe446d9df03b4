package learning

import (
	"cmp"
	"context"
	"haidang/courses"
	"haidang/courses/assignments"
	"haidang/courses/catalog"
)

// after says that an enrolment on a course comes after another on it.
func (e Enrolment) after(other Enrolment) bool {
	return cmp.Or(cmp.Compare(e.Number, other.Number), cmp.Compare(e.Round, other.Round)) > 0
}

// after says the same of enrolments in short, which do not know their round.
func (b Begun) after(other Begun) bool {
	open := func(b Begun) int {
		if b.Open {
			return 1
		}
		return 0
	}
	return cmp.Or(cmp.Compare(b.Number, other.Number), cmp.Compare(open(b), open(other)), cmp.Compare(b.Pinned, other.Pinned)) > 0
}

// lastRound is the last round of an enrolment of round 0: itself, mostly.
func (s *Service) lastRound(ctx context.Context, e Enrolment) (Enrolment, error) {
	if e.Rounds == 0 {
		return e, nil
	}
	return s.enrolment(ctx, RoundID(e.Person, e.Course, e.Number, e.Rounds))
}

// lastRounds puts the last round in the place of each. It asks the database only if
// there are any.
func (s *Service) lastRounds(ctx context.Context, list []Enrolment) ([]Enrolment, error) {
	var ids []courses.EnrolmentID
	for _, e := range list {
		if e.Rounds > 0 {
			ids = append(ids, RoundID(e.Person, e.Course, e.Number, e.Rounds))
		}
	}
	if len(ids) == 0 {
		return list, nil
	}
	found, err := s.Outlines(ctx, ids)
	if err != nil {
		return nil, err
	}
	for _, last := range found {
		for i, e := range list {
			if e.Course == last.Course && e.Number == last.Number {
				list[i] = last
			}
		}
	}
	return list, nil
}

// allRounds is the ids of the further rounds of enrolments of round 0.
func allRounds(list []Enrolment) []courses.EnrolmentID {
	var ids []courses.EnrolmentID
	for _, e := range list {
		for round := range e.Rounds {
			ids = append(ids, RoundID(e.Person, e.Course, e.Number, round+1))
		}
	}
	return ids
}

// owes is what is owed of a course by somebody whose latest enrolment on it is e.
func (s *Service) owes(ctx context.Context, n catalog.Newest, e Enrolment) (Owed, error) {
	what := owed(n, e.Number, e.Pinned)
	if what != Nothing || e.CompletedAt == nil {
		return what, nil
	}
	over, err := s.ceases(ctx, e)
	if over {
		what = Again
	}
	return what, err
}

// ceases says that an assignment counts what the person completed no longer, or not for
// long. Unless some assignment of the course does so, it asks the database nothing.
func (s *Service) ceases(ctx context.Context, e Enrolment) (bool, error) {
	if _, renews, err := s.assigned.Course(ctx, e.Course); err != nil || !renews {
		return false, err
	}
	m, assigned, err := s.mustOn(ctx, e.Person, e.Course)
	return assigned && m.Completed != "" && m.Standing.State != assignments.Done, err
}

// again begins the next round of was on the newest version. The same round is begun any
// number of times and is one.
func (s *Service) again(ctx context.Context, e, was Enrolment) (Enrolment, error) {
	e.Number, e.Round = was.Number, was.Round+1
	e.ID = RoundID(e.Person, e.Course, e.Number, e.Round)
	e, err := s.store.InsertEnrolment(ctx, e)
	if err != nil {
		return Enrolment{}, err
	}
	// Whoever fails between the two writes does both again the next time.
	return e, s.store.NoteRounds(ctx, EnrolmentID(e.Person, e.Course, e.Number), e.Round)
}
