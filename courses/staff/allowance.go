package staff

import (
	"context"
	"haidang/courses"
)

// ErrAllowance refuses an allowance that is none of those there are.
var ErrAllowance = courses.Refusal(courses.Invalid, "staff.bad_allowance", "an allowance gives up to as much time again, until a day that is still to come")

// Allowance is what somebody needs to show in a quiz what they know, such as more
// time for weak eyes. Why they need it is nobody's business here and is not kept.
type Allowance struct {
	ExtraBp   int  // more time, in basis points of a quiz's limit
	LargeText bool // quizzes in large text
	Until     courses.Date
	By        courses.PersonID // who gave it; empty where there is none
	On        courses.Date
}

// mostExtraBp doubles the time.
const mostExtraBp = 10000

// At is the allowance if it is in force on a day, else none.
func (a Allowance) At(day courses.Date) Allowance {
	if a.By == "" || day > a.Until {
		return Allowance{}
	}
	return a
}

// Allow gives somebody an allowance in place of the one before; one that gives
// nothing takes it back. Attempts that were begun stay as they are, and nobody allows
// themselves anything. It refuses with ErrAllowance.
func (s *Service) Allow(ctx context.Context, actor courses.Actor, id courses.PersonID, a Allowance) (Person, error) {
	was, err := s.editable(ctx, actor, id)
	if err == nil && id == actor.Person {
		err = courses.ErrForbidden
	}
	if err != nil {
		return Person{}, err
	}
	is := was
	is.Allowance = Allowance{}
	if a.ExtraBp != 0 || a.LargeText {
		if a.ExtraBp < 0 || a.ExtraBp > mostExtraBp || checkDates(a.Until, "") != nil || a.Until < s.clock.Today() {
			return Person{}, ErrAllowance
		}
		a.By, a.On = actor.Person, s.clock.Today()
		is.Allowance = a
	}
	is.Revision++
	return is, s.store.ReplacePerson(ctx, is, was.Revision)
}
