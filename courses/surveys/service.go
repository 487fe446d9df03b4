// Package surveys asks learners and those who lead them what a course was worth:
// at once, before and after it, and when it should show at work. What they answer
// is only ever counted, never kept under a name, and shown in groups of five.
package surveys

import (
	"context"
	"errors"
	"haidang/courses"
	"haidang/courses/catalog"
	"haidang/courses/fields"
	"haidang/courses/vietnamese"
	"time"
	"unicode/utf8"
)

// Refusals of surveys.
var (
	ErrAnswered = courses.Refusal(courses.Conflict, "surveys.answered", "this was answered before; an answer without a name cannot be found again to change it")
	ErrNotAsked = courses.Refusal(courses.Conflict, "surveys.not_asked", "this is not asked now: the course is not completed, was begun already, or too much time has passed")
	ErrNoBefore = courses.Refusal(courses.Conflict, "surveys.nothing_before", "nothing was said before the course that this could be compared with")
	ErrOther    = courses.Refusal(courses.Conflict, "surveys.other_template", "the evaluation is by another template")
	ErrText     = courses.Refusal(courses.Invalid, "surveys.bad_text", "a text has 1–500 letters")
	ErrEvent    = courses.Refusal(courses.Invalid, "surveys.bad_event", "an answer has an id that the device made, a UUID")
)

// Time in which surveys are asked.
const (
	day       = 24 * time.Hour
	askedFor  = 90 * day  // after the completion
	keptFor   = 730 * day // what was said before a course that nobody completes
	textRunes = 500
)

// ReactionChoices is how many words there are for a reaction, from the best to the
// worst.
const ReactionChoices = 4

// ratings is how far a statement may be agreed with, from 1.
const ratings = 5

// Service answers for surveys.
type Service struct {
	store       Store
	catalog     *catalog.Service
	learners    Learners
	completions Completions
	allow       courses.Authority
	atomic      courses.Atomic
	clock       courses.Clock
}

// NewService builds the service from its parts.
func NewService(store Store, c *catalog.Service, l Learners, done Completions, allow courses.Authority, atomic courses.Atomic, clock courses.Clock) *Service {
	return &Service{store: store, catalog: c, learners: l, completions: done, allow: allow, atomic: atomic, clock: clock}
}

// State says whether something is asked.
type State string

// The states; what is not asked has none.
const (
	Unasked State = ""
	Open    State = "open"
	Done    State = "done"
)

// Asked is what somebody on a course is asked about it.
type Asked struct {
	Statements []catalog.Statement
	Said       Answer // before the course
	Before     State
	After      State
	Reaction   State
	Comment    State
	Evaluation State
	Template   Template // of the evaluation, if that is asked
}

// Asked is what the actor is asked on an enrolment of theirs.
func (s *Service) Asked(ctx context.Context, actor courses.Actor, id courses.EnrolmentID) (Asked, error) {
	x, err := s.taking(ctx, actor, id)
	if err != nil {
		return Asked{}, err
	}
	if x.Supplement {
		return Asked{}, nil
	}
	a := Asked{Statements: x.statements}
	if len(x.statements) > 0 {
		if a.Said, err = s.store.Before(ctx, x.Enrolment); err != nil {
			return Asked{}, err
		}
	}
	if x.CompletedAt == nil {
		a.Before = x.before(a.Said)
		return a, nil
	}
	if !x.late(s.clock.Now()) {
		err = s.afterwards(ctx, x, &a)
	}
	return a, err
}

// afterwards fills in what is asked after the completion.
func (s *Service) afterwards(ctx context.Context, x taking, a *Asked) error {
	marked, err := s.store.Marked(ctx, []string{x.mark(Reactions), x.mark(comment), x.mark(Pairs), x.mark(Evaluations)})
	if err != nil {
		return err
	}
	state := func(k Kind, asked bool) State {
		switch {
		case marked[x.mark(k)]:
			return Done
		case asked:
			return Open
		}
		return Unasked
	}
	a.Reaction, a.After = state(Reactions, true), state(Pairs, a.Said != nil)
	a.Comment = state(comment, a.Reaction == Done)
	a.Template, err = s.store.Template(ctx, courses.DateOf(*x.CompletedAt))
	if errors.Is(err, ErrNoTemplate) {
		return nil
	}
	a.Evaluation = state(Evaluations, true)
	return err
}

// comment is the mark of a sentence after a reaction; it goes into the same pool.
const comment Kind = "comment"

// taking is an enrolment with what its course states.
type taking struct {
	Taking
	statements []catalog.Statement
}

// taking finds an enrolment of the actor's.
func (s *Service) taking(ctx context.Context, actor courses.Actor, id courses.EnrolmentID) (taking, error) {
	if err := s.allow.Can(ctx, actor, courses.Learn, courses.Object{Person: actor.Person}); err != nil {
		return taking{}, err
	}
	t, err := s.learners.Taking(ctx, actor, id)
	if err != nil {
		return taking{}, err
	}
	v, err := s.catalog.Version(ctx, t.Version)
	return taking{Taking: t, statements: v.Content.Statements}, err
}

func (x taking) mark(k Kind) string { return string(x.Enrolment) + "/" + string(k) }

// late says that the time for answers after the course is over.
func (x taking) late(now time.Time) bool { return now.Sub(*x.CompletedAt) > askedFor }

func (x taking) before(said Answer) State {
	switch {
	case said != nil:
		return Done
	case len(x.statements) > 0 && !x.Begun:
		return Open
	}
	return Unasked
}

// rated is the form of the statements, each question with a suffix.
func (x taking) rated(suffixes ...string) []Question {
	var form []Question
	for _, statement := range x.statements {
		for _, suffix := range suffixes {
			form = append(form, Question{ID: statement.ID + suffix, Choices: ratings})
		}
	}
	return form
}

// Said is an answer as a device sends it.
type Said struct {
	Event    string // a UUID, made there
	Choices  Answer
	Text     string       // optional where there are choices
	Template courses.Date // of an evaluation
}

// completed is an enrolment that is asked about now; it refuses with ErrNotAsked.
func (s *Service) completed(ctx context.Context, actor courses.Actor, id courses.EnrolmentID) (taking, error) {
	x, err := s.taking(ctx, actor, id)
	if err == nil && (x.Supplement || x.CompletedAt == nil || x.late(s.clock.Now())) {
		err = ErrNotAsked
	}
	return x, err
}

// Rate keeps how far the actor agrees with the course's statements before its first
// lesson is complete. It may be said again until then.
func (s *Service) Rate(ctx context.Context, actor courses.Actor, id courses.EnrolmentID, said Said) error {
	x, err := s.taking(ctx, actor, id)
	if err != nil {
		return err
	}
	if x.Supplement || x.CompletedAt != nil || x.Begun || len(x.statements) == 0 {
		return ErrNotAsked
	}
	if err := said.Choices.check(x.rated("")); err != nil {
		return err
	}
	return s.store.SaveBefore(ctx, Before{Enrolment: id, Answer: said.Choices, Until: s.clock.Today().Time().Add(keptFor)})
}

// RateAgain takes the statements after the course. The pair of both is counted, and
// what was said before is kept no longer. It refuses with ErrNoBefore.
func (s *Service) RateAgain(ctx context.Context, actor courses.Actor, id courses.EnrolmentID, said Said) error {
	x, err := s.completed(ctx, actor, id)
	if err != nil {
		return err
	}
	if err := said.Choices.check(x.rated("")); err != nil {
		return err
	}
	t := taken{mark: x.mark(Pairs), said: said, key: Key{Version: x.Version, Kind: Pairs}, course: x.Course, form: x.rated(":before", ":after")}
	t.pair = func(ctx context.Context) (Answer, error) {
		before, err := s.store.Before(ctx, id)
		if err == nil && before == nil {
			err = ErrNoBefore
		}
		if err != nil {
			return nil, err
		}
		both := Answer{}
		for _, statement := range x.statements {
			both[statement.ID+":before"], both[statement.ID+":after"] = before[statement.ID], said.Choices[statement.ID]
		}
		return both, s.store.RemoveBefore(ctx, id)
	}
	return s.take(ctx, t)
}

// React takes what the actor thinks of a course that they completed, in one choice.
func (s *Service) React(ctx context.Context, actor courses.Actor, id courses.EnrolmentID, said Said) error {
	x, err := s.completed(ctx, actor, id)
	if err != nil {
		return err
	}
	said.Text = ""
	return s.take(ctx, taken{mark: x.mark(Reactions), said: said, key: Key{Version: x.Version, Kind: Reactions}, course: x.Course, form: reactionForm})
}

var reactionForm = []Question{{"reaction", ReactionChoices}}

// Comment takes a sentence after the reaction. Nothing joins the two.
func (s *Service) Comment(ctx context.Context, actor courses.Actor, id courses.EnrolmentID, said Said) error {
	x, err := s.completed(ctx, actor, id)
	if err != nil {
		return err
	}
	said.Choices = nil
	return s.take(ctx, taken{mark: x.mark(comment), said: said, key: Key{Version: x.Version, Kind: Reactions}, course: x.Course})
}

// Evaluate takes an evaluation by the template that was in force on the day of the
// completion. It refuses with ErrOther when it is by another.
func (s *Service) Evaluate(ctx context.Context, actor courses.Actor, id courses.EnrolmentID, said Said) error {
	x, err := s.completed(ctx, actor, id)
	if err != nil {
		return err
	}
	t, err := s.store.Template(ctx, courses.DateOf(*x.CompletedAt))
	if err != nil {
		return err
	}
	if said.Template != t.From {
		return ErrOther
	}
	return s.take(ctx, taken{mark: x.mark(Evaluations), said: said, key: Key{Version: x.Version, Kind: Evaluations, Template: t.From}, course: x.Course, form: t.form()})
}

// taken is an answer on its way into a pool.
type taken struct {
	mark   string
	said   Said
	key    Key
	course courses.CourseID
	form   []Question // empty for a text alone
	// pair gives what is counted instead of the choices, inside the transaction.
	pair func(ctx context.Context) (Answer, error)
}

// take counts an answer once: sent again under its id it changes nothing, and a
// second one is refused with ErrAnswered.
func (s *Service) take(ctx context.Context, t taken) error {
	if !fields.IsUUID(t.said.Event) {
		return ErrEvent
	}
	text, err := vietnamese.Clean(t.said.Text)
	if err != nil {
		return err
	}
	if utf8.RuneCountInString(text) > textRunes || text == "" && len(t.form) == 0 {
		return ErrText
	}
	t.said.Text = text
	if t.pair == nil {
		if err := t.said.Choices.check(t.form); err != nil {
			return err
		}
	}
	err = s.atomic(ctx, func(ctx context.Context) error { return s.count(ctx, t) })
	if !errors.Is(err, ErrAnswered) {
		return err
	}
	if was, found, e := s.store.Mark(ctx, t.mark); e != nil || found && was.Event == t.said.Event {
		return e
	}
	return ErrAnswered
}

// count writes the mark and the pool, in one transaction.
func (s *Service) count(ctx context.Context, t taken) error {
	if err := s.store.InsertMark(ctx, Mark{ID: t.mark, Event: t.said.Event}); err != nil {
		return err
	}
	answer := t.said.Choices
	if t.pair != nil {
		var err error
		if answer, err = t.pair(ctx); err != nil {
			return err
		}
	}
	p, err := s.store.Pool(ctx, t.key)
	if err != nil {
		return err
	}
	p.Course = t.course
	if len(t.form) > 0 {
		p = p.Take(answer, t.form)
	}
	if t.said.Text != "" {
		var told []string
		if p, told = p.Hear(t.said.Text); told != nil {
			if err := s.store.InsertTexts(ctx, t.key, told); err != nil {
				return err
			}
		}
	}
	return s.store.SavePool(ctx, p)
}
