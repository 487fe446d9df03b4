package assessment

import (
	"context"
	"fmt"
	"haidang/courses"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Refusals of marking.
var (
	ErrNoEssay   = courses.Refusal(courses.Invalid, "assessment.no_such_essay", "the attempt has no essay there, or nothing was written")
	ErrLevel     = courses.Refusal(courses.Invalid, "assessment.bad_level", "a mark names one level of each criterion; see fields")
	ErrComment   = courses.Refusal(courses.Invalid, "assessment.bad_comment", "the comment has more than 4000 characters")
	ErrOwn       = courses.Refusal(courses.Forbidden, "assessment.own_attempt", "nobody marks their own attempt")
	ErrSamePair  = courses.Refusal(courses.Conflict, "assessment.marked_already", "the second marker is somebody else than the first")
	ErrNotAsked  = courses.Refusal(courses.Conflict, "assessment.no_mark_asked", "the essay has its marks already")
	ErrNotHanded = courses.Refusal(courses.Conflict, "assessment.not_handed_in", "the attempt is still under way")
)

// Role is which mark of an essay one is.
type Role string

// An essay has one mark, or two by different people; where these lie apart,
// somebody who sees both sets the final one.
const (
	First  Role = "first"
	Second Role = "second"
	Final  Role = "final"
)

// Mark is what somebody gave an essay. Marks are added and never changed.
type Mark struct {
	Slot    int
	Role    Role
	By      courses.PersonID
	At      time.Time
	Event   courses.EventID // of the answer that was marked; a later answer is marked anew
	Levels  []int           // by criterion, from 0, the best
	Comment string
}

// Standing is how far the marking of an essay is.
type Standing struct {
	Marks  []Mark // of its answer, in their order
	Next   Role   // that is asked for; empty when it is graded
	Points int    // of Of; of a graded one
	Of     int
	Score  int // in hundredths of a point; of a graded one
}

// answers is what counts of what was given. Late answers that were accepted are
// among the others, but in attempts of before that was so.
func (a Attempt) answers() map[int]Given {
	if a.Late == Accepted {
		return Join(a.Given, a.LateGiven)
	}
	return a.Given
}

// Counting is the answer that counts in a slot.
func (a Attempt) Counting(slot int) Answer { return a.answers()[slot].Answer }

// Standing is that of the essay in a slot. One without an answer is graded, with 0.
func (a Attempt) Standing(slot int, q Question) Standing {
	answer, there := a.answers()[slot]
	x := Standing{Of: q.top()}
	if !there || answer.Answer.Empty() {
		return x
	}
	for _, m := range a.Marks {
		if m.Slot == slot && m.Event == answer.Event {
			x.Marks = append(x.Marks, m)
		}
	}
	switch n := len(x.Marks); {
	case n == 0:
		x.Next = First
	case !a.SecondMarker:
		x.Points = q.points(x.Marks[0].Levels)
	case n == 1:
		x.Next = Second
	case n == 2 && apart(q, x.Marks[0].Levels, x.Marks[1].Levels):
		x.Next = Final
	case n == 2:
		x.Points = q.points(x.Marks[0].Levels) + q.points(x.Marks[1].Levels)
		x.Of *= 2
	default:
		x.Points = q.points(x.Marks[n-1].Levels)
	}
	x.Score = rated(x.Points, x.Of)
	return x
}

// apart says that two marks need a third: they differ by more than a tenth of the
// points, or in one criterion by two levels or more.
func apart(q Question, a, b []int) bool {
	if diff := q.points(a) - q.points(b); max(diff, -diff)*10 > q.top() {
		return true
	}
	for i := range a {
		if max(a[i]-b[i], b[i]-a[i]) >= 2 {
			return true
		}
	}
	return false
}

// marked adds a mark to the attempt; seen is how many marks of the answer its maker
// knew of.
func (a Attempt) marked(questions []Question, m Mark, seen int) (Attempt, error) {
	switch {
	case a.Sitting.Person == m.By:
		return a, ErrOwn
	case a.State != Done:
		return a, ErrNotHanded
	case m.Slot < 0 || m.Slot >= len(questions) || questions[m.Slot].Type != Essay:
		return a, ErrNoEssay
	}
	q := questions[m.Slot]
	answer, there := a.answers()[m.Slot]
	if !there || answer.Answer.Empty() {
		return a, ErrNoEssay
	}
	if err := q.checkLevels(m.Levels); err != nil {
		return a, err
	}
	x := a.Standing(m.Slot, q)
	switch {
	case x.Next == "":
		return a, ErrNotAsked
	case x.Next == Second && x.Marks[0].By == m.By:
		return a, ErrSamePair
	case len(x.Marks) != seen:
		return a, courses.ErrConflict
	}
	m.Role, m.Event = x.Next, answer.Event
	a.Marks = append(slices.Clone(a.Marks), m)
	return a.score(questions), nil
}

func (q Question) checkLevels(levels []int) error {
	if len(levels) != len(q.Rubric) {
		return ErrLevel.With(courses.Field{Path: "body.levels", Code: "one_each"})
	}
	for i, c := range q.Rubric {
		if levels[i] < 0 || levels[i] >= len(c.Levels) {
			return ErrLevel.With(courses.Field{Path: fmt.Sprintf("body.levels[%d]", i), Code: "range"})
		}
	}
	return nil
}

// ToMark lists the attempts with essays that wait for a mark, at courses that the
// actor reviews, oldest first and without their own.
func (s *Service) ToMark(ctx context.Context, actor courses.Actor, page courses.Page) (courses.Slice[Attempt], error) {
	scope, err := s.allow.Scope(ctx, actor, courses.ReviewCourse)
	if err != nil {
		return courses.Slice[Attempt]{}, err
	}
	return s.store.ToMark(ctx, scope, actor.Person, page)
}

// Questions is those of an attempt, as they mark it.
func (s *Service) Questions(ctx context.Context, a Attempt) ([]Question, error) {
	return s.questions(ctx, a.Slots)
}

// Graded is an attempt as those see it who mark its essays. It refuses with
// ErrNoAttempt, also for attempts at courses of others, and with ErrOwn.
func (s *Service) Graded(ctx context.Context, actor courses.Actor, id courses.AttemptID) (Attempt, []Question, error) {
	a, err := s.store.Attempt(ctx, id)
	if err != nil {
		return Attempt{}, nil, err
	}
	if s.allow.Can(ctx, actor, courses.ReviewCourse, courses.Object{Unit: a.Sitting.Owner}) != nil {
		return Attempt{}, nil, ErrNoAttempt
	}
	if a.Sitting.Person == actor.Person {
		return Attempt{}, nil, ErrOwn
	}
	questions, err := s.questions(ctx, a.Slots)
	return a, questions, err
}

const maxComment = 4000 // runes

// Mark adds the actor's mark of an essay; seen is how many marks of the answer they
// knew of. Of two at the same time one wins, the other hears courses.ErrConflict.
// It refuses as Graded does, and with ErrNotHanded, ErrNoEssay, ErrLevel, ErrComment,
// ErrSamePair and ErrNotAsked.
func (s *Service) Mark(ctx context.Context, actor courses.Actor, id courses.AttemptID, m Mark, seen int) (Attempt, error) {
	m.Comment, m.By, m.At = strings.TrimSpace(m.Comment), actor.Person, s.now()
	if utf8.RuneCountInString(m.Comment) > maxComment {
		return Attempt{}, ErrComment
	}
	for range tries {
		a, questions, err := s.Graded(ctx, actor, id)
		if err != nil {
			return Attempt{}, err
		}
		to, err := a.marked(questions, m, seen)
		if err != nil {
			return Attempt{}, err
		}
		kept, err := s.store.ReplaceAttempt(ctx, to, a.Revision)
		if err != nil {
			return Attempt{}, err
		}
		if kept {
			to.Revision++
			return to, nil
		}
	}
	return Attempt{}, courses.ErrConflict
}

func (s *Service) now() time.Time { return s.clock.Now().UTC().Truncate(time.Millisecond) }
