package assessment

import (
	"context"
	"errors"
	"haidang/courses"
	"slices"
	"time"
)

// Refusals of marking anew.
var (
	ErrShape    = courses.Refusal(courses.Conflict, "assessment.another_question", "the corrected question has another type, other options or gaps than the version before; attempts cannot be marked by it")
	ErrNoOlder  = courses.Refusal(courses.Conflict, "assessment.nothing_to_correct", "the question has no version before this one")
	ErrByPeople = courses.Refusal(courses.Conflict, "assessment.marked_by_people", "an essay is marked by people, not by a key")
)

// Correction says that attempts which were given older versions of an item are
// marked by a newer one.
type Correction struct {
	Item   courses.ItemID
	From   int // the oldest version that it corrects
	To     int // the version that marks
	By     courses.PersonID
	At     time.Time
	Reason string
	Done   bool // every attempt that was done at the time has it
}

// corrects says that what was given in this version is marked by To.
func (c Correction) corrects(s Slot) bool {
	return s.Item == c.Item && s.Number >= c.From && s.Number < c.To && s.Key < c.To
}

// Regrade is what a correction changed in an attempt.
type Regrade struct {
	Item     courses.ItemID
	Slot     int
	To       int // the version that marks
	By       courses.PersonID
	At       time.Time
	Reason   string
	Before   int // hundredths of the question's point
	After    int
	BeforeBp int // of the attempt
	AfterBp  int
	Graded   bool // no essay waited for a mark, so that the attempt's scores are whole
}

// place is where an option belongs that stands at i, of a question with another key.
func (q Question) place(i int) int {
	if q.key == nil {
		return i
	}
	return q.key[i]
}

// corrected is the question as it was asked, with what is right by a newer version of
// it. False says that the newer one asks something else.
func (q Question) corrected(by Question) (Question, bool) {
	if q.Type != by.Type || len(q.Options) != len(by.Options) || len(q.Gaps) != len(by.Gaps) || q.Type == Essay {
		return q, false
	}
	q.True, q.Gaps, q.Number, q.Note = by.True, by.Gaps, by.Number, by.Note
	to, ok := align(texts(q.Options, Option.text), texts(by.Options, Option.text))
	if !ok {
		return q, false
	}
	switch q.Type {
	case Single, Multiple, Hotspot:
		q.Options = slices.Clone(q.Options)
		for i := range q.Options {
			q.Options[i].Right = by.Options[to[i]].Right
		}
	case Scenario:
		if !sameWays(q.Scenes, by.Scenes) {
			return q, false
		}
		q.Scenes = by.Scenes
	case Ordering:
		q.key = to
	case Matching:
		q.key = make([]int, len(to))
		was, is := texts(q.Options, Option.match), texts(by.Options, Option.match)
		for i := range to {
			right := is[to[i]]
			if q.key[i] = slices.Index(was, right); q.key[i] >= 0 {
				continue
			}
			if slices.Contains(is, was[i]) { // its words are another prompt's now
				return q, false
			}
			q.key[i] = i // the words were corrected, not the pair
		}
	}
	return q, true
}

func (o Option) text() string  { return o.Text }
func (o Option) match() string { return o.Match }

func texts(options []Option, of func(Option) string) []string {
	list := make([]string, len(options))
	for i, o := range options {
		list[i] = of(o)
	}
	return list
}

// align finds the texts of one list in another of its length: where a text stands,
// or at the same place where its words were changed. It says false when a text
// moved to where another was changed.
func align(old, changed []string) ([]int, bool) {
	to := make([]int, len(old))
	for i, text := range old {
		if to[i] = slices.Index(changed, text); to[i] >= 0 {
			continue
		}
		if slices.Contains(old, changed[i]) {
			return nil, false
		}
		to[i] = i
	}
	return to, true
}

// Regrade has attempts that were given older versions of a question marked by its
// newest one; number is that which the actor saw. It is for those who publish the
// bank's courses. It refuses with ErrNoItem, courses.ErrForbidden, ErrNoOlder,
// ErrByPeople, ErrShape and, when somebody saved or corrected meanwhile,
// courses.ErrConflict.
func (s *Service) Regrade(ctx context.Context, actor courses.Actor, id courses.ItemID, number int, reason string) (Correction, error) {
	x, err := s.item(ctx, actor, id)
	if err != nil {
		return Correction{}, err
	}
	if err := s.allow.Can(ctx, actor, courses.PublishCourse, courses.Object{Unit: x.Bank}); err != nil {
		return Correction{}, err
	}
	switch {
	case x.Number != number:
		return Correction{}, courses.ErrConflict
	case x.Number == 1:
		return Correction{}, ErrNoOlder
	case x.Question.Type == Essay:
		return Correction{}, ErrByPeople
	}
	from, err := s.correctable(ctx, x)
	if err != nil {
		return Correction{}, err
	}
	c := Correction{Item: id, From: from, To: number, By: actor.Person, At: s.now(), Reason: reason}
	return c, s.store.InsertCorrection(ctx, c)
}

// mostVersions is how many versions back a correction reaches.
const mostVersions = 100

// correctable is the oldest version of a question that asks the same as the newest.
func (s *Service) correctable(ctx context.Context, x Item) (int, error) {
	var refs []Ref
	for n := x.Number - 1; n >= max(1, x.Number-mostVersions); n-- {
		refs = append(refs, Ref{x.ID, n})
	}
	found, err := s.store.Versions(ctx, refs)
	if err != nil {
		return 0, err
	}
	from := x.Number
	for _, ref := range refs {
		if _, same := found[ref].Question.corrected(x.Question); !same {
			break
		}
		from = ref.Number
	}
	if from == x.Number {
		return 0, ErrShape
	}
	return from, nil
}

// Corrections lists those of a question, newest first. It refuses with ErrNoItem.
func (s *Service) Corrections(ctx context.Context, actor courses.Actor, id courses.ItemID) ([]Correction, error) {
	if _, err := s.item(ctx, actor, id); err != nil {
		return nil, err
	}
	list, err := s.store.Corrections(ctx, []courses.ItemID{id})
	slices.SortFunc(list, func(a, b Correction) int { return b.To - a.To })
	return list, err
}

// Corrected lists the attempts that a question's corrections changed, at courses that
// the actor publishes, newest first.
func (s *Service) Corrected(ctx context.Context, actor courses.Actor, id courses.ItemID, page courses.Page) (courses.Slice[Attempt], error) {
	if _, err := s.item(ctx, actor, id); err != nil {
		return courses.Slice[Attempt]{}, err
	}
	scope, err := s.allow.Scope(ctx, actor, courses.PublishCourse)
	if err != nil {
		return courses.Slice[Attempt]{}, err
	}
	return s.store.Corrected(ctx, scope, id, page)
}

// keyed gives slots the keys that corrections say.
func keyed(slots []Slot, list []Correction) []Slot {
	slots = slices.Clone(slots)
	for i := range slots {
		for _, c := range list {
			if c.corrects(slots[i]) {
				slots[i].Key = c.To
			}
		}
	}
	return slots
}

// settling is how long after a correction attempts are looked for that ended
// without knowing of it.
const settling = time.Minute

// Correct marks the attempts anew that open corrections are about. A server that is
// killed leaves those that are marked as they are, and the others to the next.
func (s *Service) Correct(ctx context.Context) error {
	open, err := s.store.OpenCorrections(ctx)
	failed := []error{err}
	for _, c := range open {
		failed = append(failed, s.correctAll(ctx, c))
	}
	return errors.Join(failed...)
}

// rounds is how many batches of a correction are marked before other work has its turn.
const rounds = 10

func (s *Service) correctAll(ctx context.Context, c Correction) error {
	now, last := s.clock.Now(), courses.AttemptID("")
	for range rounds {
		list, err := s.store.Uncorrected(ctx, c, last, batchOf)
		if err != nil {
			return err
		}
		for _, a := range list {
			if err := s.correct(ctx, a, c); err != nil {
				return err
			}
			last = a.ID
		}
		switch {
		case len(list) > 0:
		case last == "" && now.After(c.At.Add(settling)):
			return s.store.FinishCorrection(ctx, c)
		default:
			return nil
		}
	}
	return nil
}

// correct marks an attempt by a correction and keeps what that changed.
func (s *Service) correct(ctx context.Context, a Attempt, c Correction) error {
	for range tries {
		was := a
		a.Slots = keyed(a.Slots, []Correction{c})
		questions, err := s.questions(ctx, a.Slots)
		if err != nil {
			return err
		}
		a = a.score(questions)
		a.Regrades = slices.Clone(a.Regrades)
		for i, slot := range a.Slots {
			if slot.Key == was.Slots[i].Key {
				continue
			}
			a.Regrades = append(a.Regrades, Regrade{
				Item: c.Item, Slot: i, To: c.To, By: c.By, At: s.now(), Reason: c.Reason,
				Before: was.Scores[i], After: a.Scores[i], BeforeBp: was.ScoreBp, AfterBp: a.ScoreBp, Graded: !a.Grading,
			})
		}
		if len(a.Regrades) == len(was.Regrades) {
			return nil
		}
		kept, err := s.store.ReplaceAttempt(ctx, a, was.Revision)
		if err != nil || kept {
			return err
		}
		if a, err = s.store.Attempt(ctx, a.ID); err != nil {
			return err
		}
	}
	return courses.ErrConflict
}

// sameWays says that two scenarios have the same scenes and lead from one to the next
// alike, so that a path through one is a path through the other.
func sameWays(a, b []Scene) bool {
	return slices.EqualFunc(a, b, func(x, y Scene) bool {
		return slices.EqualFunc(x.Choices, y.Choices, func(c, d Choice) bool { return c.Next == d.Next })
	})
}
