package assessment

import (
	"context"
	"errors"
	"fmt"
	"haidang/courses"
	"haidang/courses/catalog"
	"haidang/courses/fields"
	"math/rand/v2"
	"regexp"
	"slices"
	"time"
	"unicode/utf8"
)

// Sheet is an attempt with its questions and its sealed start.
type Sheet struct {
	Attempt   Attempt
	Questions []Question
	Seal      string
}

// Begin begins the next attempt of a sitting, or gives the one that is open: any
// number of requests at the same time make one. It refuses with ErrNoMore and
// ErrShort.
func (s *Service) Begin(ctx context.Context, sitting Sitting, p catalog.Paper) (Sheet, error) {
	for range 3 {
		attempts, err := s.Attempts(ctx, sitting)
		if err != nil {
			return Sheet{}, err
		}
		if n := len(attempts); n > 0 && attempts[n-1].State == Open {
			a, err := s.store.Attempt(ctx, attempts[n-1].ID)
			if err != nil {
				return Sheet{}, err
			}
			return s.SheetOf(ctx, a)
		}
		if p.Attempts > 0 && len(attempts) >= p.Attempts {
			return Sheet{}, ErrNoMore
		}
		a, err := s.compose(ctx, sitting, p, len(attempts)+1)
		if err != nil {
			return Sheet{}, err
		}
		fresh, err := s.store.InsertAttempt(ctx, a)
		if err != nil {
			return Sheet{}, err
		}
		if fresh {
			return s.SheetOf(ctx, a)
		}
	}
	return Sheet{}, courses.ErrConflict
}

// compose draws the questions of an attempt and settles their order.
func (s *Service) compose(ctx context.Context, sitting Sitting, p catalog.Paper, number int) (Attempt, error) {
	entries, err := s.pool(ctx, p.Bank)
	if err != nil {
		return Attempt{}, err
	}
	random := rand.New(rand.NewPCG(rand.Uint64(), rand.Uint64()))
	picked, short := draw(entries, p, random)
	if short > 0 || len(picked) == 0 {
		return Attempt{}, ErrShort
	}
	if essays(picked) > maxEssays {
		return Attempt{}, ErrEssays
	}
	now := s.now()
	a := Attempt{
		ID: courses.NewID[courses.AttemptID](now), Sitting: sitting, Number: number, Begun: now, PassBp: p.Pass(), Feedback: p.Feedback,
		State: Open, Given: map[int]Given{}, Slots: make([]Slot, len(picked)), Revision: 1, SecondMarker: p.SecondMarker, Anonymous: p.Anonymous,
	}
	if p.Minutes > 0 {
		a.Deadline = now.Add(time.Duration(p.Minutes) * time.Minute)
	}
	if p.Shuffle {
		random.Shuffle(len(picked), func(i, j int) { picked[i], picked[j] = picked[j], picked[i] })
	}
	for i, e := range picked {
		a.Slots[i] = Slot{Item: e.ID, Number: e.Number}
	}
	questions, err := s.questions(ctx, a.Slots)
	if err != nil {
		return Attempt{}, err
	}
	for i, q := range questions {
		a.Slots[i].Order = arrange(q, p.Shuffle, random)
	}
	a.Pictures = picturesOf(questions, func(q Question) Question { return q })
	return a, nil
}

// SheetOf is an attempt as its learner is shown it.
func (s *Service) SheetOf(ctx context.Context, a Attempt) (Sheet, error) {
	questions, err := s.questions(ctx, a.Slots)
	if err != nil {
		return Sheet{}, err
	}
	return Sheet{Attempt: a, Questions: questions, Seal: s.sealer().Seal(a)}, nil
}

// Sheet is the actor's own attempt. One whose time is over ends now.
func (s *Service) Sheet(ctx context.Context, actor courses.Actor, id courses.AttemptID) (Sheet, error) {
	a, err := s.own(ctx, actor, id)
	if err == nil && a.State == Open && a.over(s.clock.Now()) {
		a, err = s.end(ctx, a)
	}
	if err != nil {
		return Sheet{}, err
	}
	return s.SheetOf(ctx, a)
}

// Missed is the items of a done attempt that did not get their whole point; none
// while somebody still marks it.
func (s *Service) Missed(ctx context.Context, a Attempt) ([]Item, error) {
	if a.State != Done || a.Grading {
		return nil, nil
	}
	var refs []Ref
	for i, slot := range a.Slots {
		if a.Scores[i] < Marked {
			refs = append(refs, Ref{slot.Item, slot.Number})
		}
	}
	found, err := s.itemVersions(ctx, refs)
	if err != nil {
		return nil, err
	}
	missed := make([]Item, len(refs))
	for i, ref := range refs {
		missed[i] = found[ref]
	}
	return missed, nil
}

func (s *Service) own(ctx context.Context, actor courses.Actor, id courses.AttemptID) (Attempt, error) {
	a, err := s.store.Attempt(ctx, id)
	if err == nil && a.Sitting.Person != actor.Person {
		err = ErrNoAttempt
	}
	return a, err
}

// Attempts is all attempts of a sitting, by number, without their questions and
// answers; one whose time is over ends now.
func (s *Service) Attempts(ctx context.Context, sitting Sitting) ([]Attempt, error) {
	list, err := s.store.Attempts(ctx, sitting.Enrolment, sitting.Lesson)
	if err != nil {
		return nil, err
	}
	for i, a := range list {
		if a.State == Open && a.over(s.clock.Now()) {
			if a, err = s.store.Attempt(ctx, a.ID); err != nil {
				return nil, err
			}
			if list[i], err = s.end(ctx, a); err != nil {
				return nil, err
			}
		}
	}
	return list, nil
}

// Said is an answer as a device sends it.
type Said struct {
	Slot int
	Given
}

// Outcome is what became of answers.
type Outcome struct {
	Late bool // they came after the end; a person decides whether they count
}

var sumForm = regexp.MustCompile(`^[0-9a-f]{64}$`)

// Bounds of an answer.
const (
	maxPosition = 1000
	maxSaid     = 2000 // runes of a text that is no essay
	maxSeq      = 1 << 40
)

func (x Said) check(size int) error {
	switch {
	case x.Slot < 0 || x.Slot >= size:
		return ErrNotInPaper
	case !fields.IsUUID(x.Event), x.Seq < 1, x.Seq > maxSeq, x.At.IsZero(), x.At.Year() < 2020,
		len(x.Answer.Chosen) > MaxOptions, len(x.Answer.Texts) > MaxGaps, len(x.Answer.Files) > maxAttached,
		slices.ContainsFunc(x.Answer.Files, func(sum string) bool { return !sumForm.MatchString(sum) }):
		return ErrAnswer
	}
	for _, i := range x.Answer.Chosen {
		if i < -1 || i > maxPosition {
			return ErrAnswer
		}
	}
	for i, text := range x.Answer.Texts {
		if utf8.RuneCountInString(text) > MaxEssay {
			return ErrTooLong
		}
		if i > 0 && utf8.RuneCountInString(text) > maxSaid {
			return ErrAnswer
		}
	}
	return nil
}

// long says that only an essay may be answered so.
func (x Said) long() bool {
	return len(x.Answer.Texts) > 0 && utf8.RuneCountInString(x.Answer.Texts[0]) > maxSaid || len(x.Answer.Files) > 0
}

// essaysOnly refuses with ErrAnswer what is said at such length of anything but an
// essay. Only then are the questions read.
func (s *Service) essaysOnly(ctx context.Context, actor courses.Actor, id courses.AttemptID, list []Said) error {
	if !slices.ContainsFunc(list, Said.long) {
		return nil
	}
	a, err := s.own(ctx, actor, id)
	if err != nil {
		return err
	}
	questions, err := s.questions(ctx, a.Slots)
	if err != nil {
		return err
	}
	for i, x := range list {
		if x.long() && questions[x.Slot].Type != Essay {
			return ErrAnswer.With(courses.Field{Path: fmt.Sprintf("body.answers[%d]", i), Code: ErrAnswer.Code})
		}
	}
	return nil
}

// Answer keeps answers to an attempt of the actor, in any order, any number of
// times. When it returns without an error they are on a majority with its journal.
// The device shows the sealed start of the attempt. Nothing is refused for coming
// late: it is kept, marked and decided by a person. It refuses with ErrSeal,
// ErrNoAttempt, ErrNotInPaper and ErrAnswer, all answers or none.
func (s *Service) Answer(ctx context.Context, actor courses.Actor, id courses.AttemptID, seal string, list []Said) (Outcome, error) {
	start, err := s.sealed(actor, id, seal)
	if err != nil {
		return Outcome{}, err
	}
	now := s.now()
	given, err := merged(list, start.Size, now)
	if err != nil {
		return Outcome{}, err
	}
	if err := s.essaysOnly(ctx, actor, id, list); err != nil {
		return Outcome{}, err
	}
	over := Attempt{Deadline: start.Deadline}.over(now)
	if !over {
		kept, err := s.store.Keep(ctx, id, actor.Person, given)
		if err != nil || kept {
			return Outcome{}, err
		}
	}
	a, err := s.own(ctx, actor, id)
	if err == nil && a.State == Open {
		_, err = s.end(ctx, a)
	}
	if err != nil {
		return Outcome{}, err
	}
	// What was counted already and comes once more is not late.
	late := map[int]Given{}
	for slot, g := range given {
		if was, there := a.Given[slot]; !there || g.Later(was) {
			late[slot] = g
		}
	}
	if len(late) == 0 {
		return Outcome{}, nil
	}
	_, err = s.store.KeepLate(ctx, id, actor.Person, late)
	return Outcome{Late: true}, err
}

// sealed reads the start of an attempt of the actor. It refuses with ErrSeal and
// ErrNoAttempt.
func (s *Service) sealed(actor courses.Actor, id courses.AttemptID, seal string) (Start, error) {
	start, err := s.sealer().Open(seal)
	if err == nil && start.Attempt != id {
		err = ErrSeal
	}
	if err == nil && start.Person != actor.Person {
		err = ErrNoAttempt
	}
	return start, err
}

// merged is the latest of the answers to each slot; it refuses the whole list for
// one that is wrong and names all that are.
func merged(list []Said, size int, now time.Time) (map[int]Given, error) {
	given := map[int]Given{}
	var refusal *courses.Error
	for i, x := range list {
		var wrong *courses.Error
		if errors.As(x.check(size), &wrong) {
			if refusal == nil {
				refusal = wrong
			}
			refusal = refusal.With(courses.Field{Path: fmt.Sprintf("body.answers[%d]", i), Code: wrong.Code})
			continue
		}
		x.At, x.Received = x.At.UTC().Truncate(time.Millisecond), now
		given = Join(given, map[int]Given{x.Slot: x.Given})
	}
	if refusal != nil {
		return nil, refusal
	}
	return given, nil
}

// HandIn ends the actor's attempt and marks it; again gives the same.
func (s *Service) HandIn(ctx context.Context, actor courses.Actor, id courses.AttemptID) (Attempt, error) {
	a, err := s.own(ctx, actor, id)
	if err != nil || a.State == Done {
		return a, err
	}
	return s.end(ctx, a)
}

// tries is how often an attempt is ended anew because answers came meanwhile.
const tries = 20

// end marks an attempt with all answers that it has, by the keys of today.
func (s *Service) end(ctx context.Context, a Attempt) (Attempt, error) {
	corrections, err := s.store.Corrections(ctx, itemsOf(a.Slots))
	if err != nil {
		return Attempt{}, err
	}
	a.Slots = keyed(a.Slots, corrections)
	questions, err := s.questions(ctx, a.Slots)
	if err != nil {
		return Attempt{}, err
	}
	for range tries {
		done := a.mark(questions, s.now())
		kept, err := s.store.ReplaceAttempt(ctx, done, a.Revision)
		if err != nil {
			return Attempt{}, err
		}
		if kept {
			done.Revision++
			return done, nil
		}
		if a, err = s.store.Attempt(ctx, a.ID); err != nil || a.State == Done {
			return a, err
		}
		a.Slots = keyed(a.Slots, corrections)
	}
	return Attempt{}, courses.ErrConflict
}

func itemsOf(slots []Slot) []courses.ItemID {
	items := make([]courses.ItemID, len(slots))
	for i, s := range slots {
		items[i] = s.Item
	}
	return items
}

// batchOf is how many attempts the background work takes at a time.
const batchOf = 200

// EndOverdue ends the attempts whose time is over.
func (s *Service) EndOverdue(ctx context.Context) error {
	list, err := s.store.Overdue(ctx, s.clock.Now().Add(-grace), batchOf)
	var failed []error
	for _, a := range list {
		if _, err := s.end(ctx, a); err != nil {
			failed = append(failed, err)
		}
	}
	return errors.Join(append(failed, err)...)
}

// Untold is done attempts whose scores nobody was told of.
func (s *Service) Untold(ctx context.Context) ([]Attempt, error) { return s.store.Untold(ctx, batchOf) }

// Told notes that a learner's progress has the score.
func (s *Service) Told(ctx context.Context, a Attempt) error { return s.store.Tell(ctx, a) }

// Count adds the answers of done attempts to the figures of their items, many
// attempts at a time: an exam ends for all at once, and each of its questions has
// one place to be counted in.
func (s *Service) Count(ctx context.Context) error {
	for {
		n, err := s.countSome(ctx)
		if err != nil || n < batchOf {
			return err
		}
	}
}

// countSome counts one batch and says how many attempts it held.
func (s *Service) countSome(ctx context.Context) (int, error) {
	list, err := s.store.Uncounted(ctx, batchOf)
	if err != nil || len(list) == 0 {
		return 0, err
	}
	sums, ids := map[Ref]Figures{}, make([]courses.AttemptID, len(list))
	for i, a := range list {
		questions, err := s.questions(ctx, a.Slots)
		if err != nil {
			return 0, err
		}
		for ref, f := range a.counts(questions) {
			sums[ref] = sums[ref].plus(f)
		}
		ids[i] = a.ID
	}
	return len(list), s.store.Count(ctx, ids, sums)
}

// LateOnes lists attempts at the actor's courses whose late answers wait.
func (s *Service) LateOnes(ctx context.Context, actor courses.Actor, page courses.Page) (courses.Slice[Attempt], error) {
	scope, err := s.allow.Scope(ctx, actor, courses.PublishCourse)
	if err != nil {
		return courses.Slice[Attempt]{}, err
	}
	return s.store.LateOnes(ctx, scope, page)
}

// Decide says whether late answers count, and why; the attempt is marked anew if
// they do. It refuses with ErrNoAttempt and, when somebody decided meanwhile or
// more came, courses.ErrConflict.
func (s *Service) Decide(ctx context.Context, actor courses.Actor, id courses.AttemptID, accept bool, reason string) (Attempt, error) {
	a, err := s.store.Attempt(ctx, id)
	if err != nil {
		return Attempt{}, err
	}
	if s.allow.Can(ctx, actor, courses.PublishCourse, courses.Object{Unit: a.Sitting.Owner}) != nil {
		return Attempt{}, ErrNoAttempt
	}
	if a.Late != Waiting {
		return Attempt{}, courses.ErrConflict
	}
	questions, err := s.questions(ctx, a.Slots)
	if err != nil {
		return Attempt{}, err
	}
	was := a.Revision
	a.Late, a.Decision = Declined, Decision{By: actor.Person, At: s.now(), Reason: reason}
	if accept {
		a.Late, a.Given = Accepted, Join(a.Given, a.LateGiven) // whatever is decided on later ones
		a = a.score(questions)
	}
	kept, err := s.store.ReplaceAttempt(ctx, a, was)
	if err == nil && !kept {
		err = courses.ErrConflict
	}
	a.Revision++
	return a, err
}
