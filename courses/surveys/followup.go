package surveys

import (
	"context"
	"errors"
	"fmt"
	"haidang/courses"
	"slices"
	"time"
)

// FollowUp asks, some time after a course, whether it shows at work. It is found
// when somebody looks, and lapses when the next is due or nobody answers.
type FollowUp struct {
	Completion
	Days     int // 30 or 90
	Until    time.Time
	Answered bool
}

// ErrNoFollowUp is also what others' follow-ups are.
var ErrNoFollowUp = courses.Refusal(courses.NotFound, "surveys.no_such_follow_up", "nothing of this completion is asked of this actor")

// When follow-ups are due, and for how long.
const (
	firstAfter  = 30 * day
	secondAfter = 90 * day
	lapsesAfter = 60 * day
)

// Choices of follow-ups, from the best to the worst.
const (
	UsedChoices = 5
	SeenChoices = 4
)

var (
	usedForm = []Question{{"used", UsedChoices}}
	seenForm = []Question{{"seen", SeenChoices}}
)

// window is the completions that are followed up today. Its ends are midnights, so
// that many who ask on one day ask the same.
func (s *Service) window() (from, to time.Time) {
	today := s.clock.Today().Time()
	return today.Add(day - secondAfter - lapsesAfter), today.Add(day - firstAfter)
}

// followUp is what is asked of a completion today; false if nothing is.
func (s *Service) followUp(c Completion) (FollowUp, bool) {
	from, to := s.window()
	if !c.Whole || c.At.Before(from) || !c.At.Before(to) {
		return FollowUp{}, false
	}
	if f := (FollowUp{Completion: c, Days: 30, Until: c.At.Add(secondAfter)}); !c.At.Before(s.clock.Today().Time().Add(day - secondAfter)) {
		return f, true
	}
	return FollowUp{Completion: c, Days: 90, Until: c.At.Add(secondAfter + lapsesAfter)}, true
}

func (f FollowUp) mark(kind string) string { return fmt.Sprintf("%s/%s-%d", f.ID, kind, f.Days) }

// asked finds out what is asked of completions, and what of it was answered.
func (s *Service) asked(ctx context.Context, list []Completion, kind string) ([]FollowUp, error) {
	var due []FollowUp
	var marks []string
	for _, c := range list {
		if f, asked := s.followUp(c); asked {
			due = append(due, f)
			marks = append(marks, f.mark(kind))
		}
	}
	if len(due) == 0 {
		return nil, nil
	}
	marked, err := s.store.Marked(ctx, marks)
	for i := range due {
		due[i].Answered = marked[marks[i]]
	}
	return due, err
}

const (
	used = "used"
	seen = "seen"
)

// Due is the first day on which it is asked.
func (f FollowUp) Due() courses.Date { return courses.DateOf(f.At.AddDate(0, 0, f.Days)) }

// Ahead is what a person is asked now or will be, by completion; for other packages,
// which ask for no actor.
func (s *Service) Ahead(ctx context.Context, person courses.PersonID) ([]FollowUp, error) {
	from, _ := s.window()
	now := s.clock.Now()
	list, err := s.completions.Of(ctx, person, from, now)
	if err != nil {
		return nil, err
	}
	var ahead []FollowUp
	var marks []string
	for _, c := range list {
		for _, f := range []FollowUp{
			{Completion: c, Days: 30, Until: c.At.Add(secondAfter)}, {Completion: c, Days: 90, Until: c.At.Add(secondAfter + lapsesAfter)},
		} {
			if c.Whole && now.Before(f.Until) {
				ahead, marks = append(ahead, f), append(marks, f.mark(used))
			}
		}
	}
	marked, err := s.store.Marked(ctx, marks)
	return slices.DeleteFunc(ahead, func(f FollowUp) bool { return marked[f.mark(used)] }), err
}

// FollowUps is what the actor is asked about courses that they completed.
func (s *Service) FollowUps(ctx context.Context, actor courses.Actor) ([]FollowUp, error) {
	if err := s.allow.Can(ctx, actor, courses.Learn, courses.Object{Person: actor.Person}); err != nil {
		return nil, err
	}
	from, to := s.window()
	list, err := s.completions.Of(ctx, actor.Person, from, to)
	if err != nil {
		return nil, err
	}
	return s.asked(ctx, list, used)
}

// Led lists what the actor is asked about courses that people of their units
// completed while they were counted there, latest first. Whoever is posted
// elsewhere by now is left out, so that a page may be short. Of a whole city
// nobody has seen how each works: who leads it is asked nothing.
func (s *Service) Led(ctx context.Context, actor courses.Actor, page courses.Page) (courses.Slice[FollowUp], error) {
	scope, err := s.allow.Scope(ctx, actor, courses.FollowUp)
	if err != nil || scope.Everywhere() {
		return courses.Slice[FollowUp]{}, err
	}
	from, to := s.window()
	found, err := s.completions.In(ctx, scope.Units(), from, to, page)
	if err != nil {
		return courses.Slice[FollowUp]{}, err
	}
	var here []Completion
	for _, c := range found.Items {
		if err := s.leads(ctx, actor, c); errors.Is(err, courses.ErrForbidden) {
			continue
		} else if err != nil {
			return courses.Slice[FollowUp]{}, err
		}
		here = append(here, c)
	}
	due, err := s.asked(ctx, here, seen)
	return courses.Slice[FollowUp]{Items: due, Next: found.Next}, err
}

// leads refuses with courses.ErrForbidden unless the actor leads whoever completed it.
func (s *Service) leads(ctx context.Context, actor courses.Actor, c Completion) error {
	if c.Person == actor.Person {
		return courses.ErrForbidden
	}
	return s.allow.Can(ctx, actor, courses.FollowUp, courses.Object{Person: c.Person})
}

// Waiting says how much is asked of the actor as a learner, and whether anything is
// as a leader, as far as the latest completions show.
func (s *Service) Waiting(ctx context.Context, actor courses.Actor) (mine int, led bool, err error) {
	open := func(f FollowUp) bool { return !f.Answered }
	if err := s.allow.Can(ctx, actor, courses.Learn, courses.Object{Person: actor.Person}); err != nil {
		return 0, false, err
	}
	from, to := s.window()
	list, err := s.completions.Briefly(ctx, actor.Person, from, to)
	if err != nil {
		return 0, false, err
	}
	due, err := s.asked(ctx, list, used)
	if err != nil {
		return 0, false, err
	}
	for _, f := range due {
		if open(f) {
			mine++
		}
	}
	if !slices.ContainsFunc(actor.Roles, func(r courses.RoleAt) bool { return r.Role == courses.Leader }) {
		return mine, false, nil
	}
	found, err := s.Led(ctx, actor, courses.Page{})
	return mine, slices.ContainsFunc(found.Items, open), err
}

// Use takes what the actor says of a course that they completed: whether they used
// it, and an example.
func (s *Service) Use(ctx context.Context, actor courses.Actor, id courses.CompletionID, days int, said Said) error {
	c, err := s.completions.Completion(ctx, id)
	if err == nil && c.Person != actor.Person {
		err = ErrNoFollowUp
	}
	if err != nil {
		return err
	}
	return s.followed(ctx, c, days, used, usedForm, said)
}

// See takes what the actor saw of a course at the work of somebody whom they lead.
func (s *Service) See(ctx context.Context, actor courses.Actor, id courses.CompletionID, days int, said Said) error {
	c, err := s.completions.Completion(ctx, id)
	if err != nil {
		return err
	}
	if err := s.leads(ctx, actor, c); errors.Is(err, courses.ErrForbidden) {
		return ErrNoFollowUp
	} else if err != nil {
		return err
	}
	return s.followed(ctx, c, days, seen, seenForm, said)
}

// followed refuses with ErrNotAsked before a follow-up is due and when it lapsed.
func (s *Service) followed(ctx context.Context, c Completion, days int, kind string, form []Question, said Said) error {
	f, due := s.followUp(c)
	if !due || f.Days != days {
		return ErrNotAsked
	}
	key := Key{Version: c.Version, Kind: Kind(fmt.Sprintf("%s-%d", kind, days))}
	return s.take(ctx, taken{mark: f.mark(kind), said: said, key: key, course: c.Course, form: form})
}
