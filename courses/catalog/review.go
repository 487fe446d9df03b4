package catalog

import (
	"context"
	"errors"
	"haidang/courses"
	"haidang/courses/vietnamese"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Step is where a draft stands between its authors and publication.
type Step string

// The steps, in their order. A course without a Review is being written.
const (
	ContentReview Step = "content" // thẩm định nội dung
	LegalCheck    Step = "legal"   // rà soát pháp lý
	Pilot         Step = "pilot"   // communes read it and comment
	Approved      Step = "ready"   // may be published
)

// Review is a draft's way to publication. While there is one, nobody changes the
// draft.
type Review struct {
	Step      Step
	Class     Class            // of the version that it would become
	Submitter courses.PersonID // reviews nothing of this round
	Since     time.Time        // when the step began
	Due       courses.Date     // the last day of the step
	Owner     courses.PersonID // who took the step; empty while nobody did
	Communes  []courses.UnitID // that read a pilot
	Effective courses.Date     // of an approved one: the day on which it is published; empty until decided
	Publisher courses.PersonID // who decided that
}

// Days that a step has, unless whoever begins it says otherwise. They are the
// house's own and no rule of law.
const (
	reviewDays = 5
	pilotDays  = 10
)

// Pilots are read by so many communes, or by none.
const (
	fewestPilots = 2
	mostPilots   = 3
)

// Refusals of reviewing.
var (
	ErrStep         = courses.Refusal(courses.Conflict, "catalog.another_step", "the draft stands at another step")
	ErrNothingAdded = courses.Refusal(courses.Invalid, "catalog.nothing_added", "an addition has a lesson that is new or says something else")
	ErrOwnWork      = courses.Refusal(courses.Forbidden, "catalog.own_work", "whoever submitted a draft does not review it")
	ErrReason       = courses.Refusal(courses.Invalid, "catalog.reason_needed", "say what has to be changed")
	ErrCommunes     = courses.Refusal(courses.Invalid, "catalog.pilot_communes", "a pilot is read by two or three communes")
	ErrDue          = courses.Refusal(courses.Invalid, "catalog.due", "the last day of a step is today or later")
	ErrNoNote       = courses.Refusal(courses.NotFound, "catalog.no_such_note", "there is no such comment")
	ErrNoteEmpty    = courses.Refusal(courses.Invalid, "catalog.note_empty", "a comment says something, in at most 4,000 characters")
)

// People tells where somebody works.
type People interface {
	// Places is the units of a person's postings today, with the communes and
	// organisations that those belong to.
	Places(ctx context.Context, person courses.PersonID) ([]courses.UnitID, error)
	// Stands says that there is such a unit today.
	Stands(ctx context.Context, unit courses.UnitID) (bool, error)
	// Holders is those who work today in the unit, or below it, and may do the action
	// there, by given name.
	Holders(ctx context.Context, action courses.Action, unit courses.UnitID) ([]courses.PersonID, error)
	// Holding is those of people who do so.
	Holding(ctx context.Context, action courses.Action, unit courses.UnitID, people []courses.PersonID) ([]courses.PersonID, error)
}

// after is the step that follows: corrections of wording are read once, all else
// is also checked against the law and, with communes, tried out.
func (r Review) after(communes []courses.UnitID) Step {
	switch {
	case r.Step == ContentReview && r.Class != Correction:
		return LegalCheck
	case r.Step == LegalCheck && len(communes) > 0:
		return Pilot
	}
	return Approved
}

// Submit hands the draft of that revision to the reviewers. It refuses with
// ErrIncomplete, ErrUnchanged, ErrClassNeeded, ErrNothingAdded, ErrInReview and
// courses.ErrConflict.
func (s *Service) Submit(ctx context.Context, actor courses.Actor, id courses.CourseID, revision int, class Class) (Editable, error) {
	c, err := s.owned(ctx, actor, courses.WriteCourse, id)
	if err != nil {
		return Editable{}, err
	}
	if c.Review != nil {
		return Editable{}, ErrInReview
	}
	if _, err := s.next(ctx, c, actor, revision, class); err != nil {
		return Editable{}, err
	}
	if c.Newest == nil {
		class = ""
	}
	if class == Addition {
		newest, err := s.Version(ctx, c.Newest.Version)
		if err != nil {
			return Editable{}, err
		}
		if len(Delta(newest.Content, c.Draft)) == 0 {
			return Editable{}, ErrNothingAdded
		}
	}
	r := &Review{Step: ContentReview, Class: class, Submitter: actor.Person}
	return s.move(ctx, actor, c, s.begin(r, ""), Submitted, "")
}

// begin gives a step its clock.
func (s *Service) begin(r *Review, due courses.Date) *Review {
	r.Since, r.Owner, r.Due = s.clock.Now(), "", due
	if due == "" {
		days := reviewDays
		if r.Step == Pilot {
			days = pilotDays
		}
		r.Due = s.clock.Today().AddDays(days)
	}
	return r
}

// Take makes the actor the owner of the step that the draft stands at.
func (s *Service) Take(ctx context.Context, actor courses.Actor, id courses.CourseID) (Editable, error) {
	c, err := s.reviewed(ctx, actor, id)
	if err != nil {
		return Editable{}, err
	}
	r := *c.Review
	r.Owner = actor.Person
	return s.move(ctx, actor, c, &r, Taken, "")
}

// Passing is what goes with a step that is passed.
type Passing struct {
	Text     string           // what the reviewer says of it, if anything
	Communes []courses.UnitID // after the legal check: those that read the pilot; none for no pilot
	Due      courses.Date     // of the next step; empty for the usual days
}

// Pass ends the step that the draft stands at. It refuses with ErrOwnWork,
// ErrStep, ErrCommunes and ErrDue.
func (s *Service) Pass(ctx context.Context, actor courses.Actor, id courses.CourseID, p Passing) (Editable, error) {
	c, err := s.reviewed(ctx, actor, id)
	if err != nil {
		return Editable{}, err
	}
	if c.Review.Step == Approved {
		return Editable{}, ErrStep
	}
	slices.Sort(p.Communes)
	p.Communes = slices.Compact(p.Communes)
	if n := len(p.Communes); n > 0 && (c.Review.Step != LegalCheck || n < fewestPilots || n > mostPilots) {
		return Editable{}, ErrCommunes
	}
	if p.Due != "" && p.Due < s.clock.Today() {
		return Editable{}, ErrDue
	}
	r := *c.Review
	r.Step = r.after(p.Communes)
	if r.Step == Pilot {
		r.Communes = p.Communes
		// Those who read the pilot see its files as learners will.
		if err := s.assets.Publish(ctx, c.Draft.Assets()); err != nil {
			return Editable{}, err
		}
	}
	return s.move(ctx, actor, c, s.begin(&r, p.Due), Passed, p.Text)
}

// SendBack gives the draft back to its authors and says why. It refuses with
// ErrReason and ErrOwnWork.
func (s *Service) SendBack(ctx context.Context, actor courses.Actor, id courses.CourseID, reason string) (Editable, error) {
	c, err := s.reviewed(ctx, actor, id)
	if err != nil {
		return Editable{}, err
	}
	if reason, err = noteText(reason); err != nil {
		return Editable{}, err
	}
	if reason == "" {
		return Editable{}, ErrReason
	}
	return s.move(ctx, actor, c, nil, SentBack, reason)
}

// Withdraw takes the draft back to its authors.
func (s *Service) Withdraw(ctx context.Context, actor courses.Actor, id courses.CourseID) (Editable, error) {
	c, err := s.owned(ctx, actor, courses.WriteCourse, id)
	if err == nil && c.Review == nil {
		err = ErrStep
	}
	if err != nil {
		return Editable{}, err
	}
	return s.move(ctx, actor, c, nil, Withdrawn, "")
}

// reviewed finds a course under review of which the actor may decide the step.
func (s *Service) reviewed(ctx context.Context, actor courses.Actor, id courses.CourseID) (Course, error) {
	c, err := s.owned(ctx, actor, courses.ReviewCourse, id)
	switch {
	case err != nil:
		return Course{}, err
	case c.Review == nil:
		return Course{}, ErrStep
	case c.Review.Submitter == actor.Person:
		return Course{}, ErrOwnWork
	}
	return c, nil
}

// move writes the review of a course and the note that says so, at once.
func (s *Service) move(ctx context.Context, actor courses.Actor, c Course, to *Review, kind NoteKind, text string) (Editable, error) {
	n := s.note(actor, c, kind)
	if c.Review == nil && to != nil {
		n.Step = to.Step
	}
	var err error
	if n.Text, err = noteText(text); err != nil {
		return Editable{}, err
	}
	err = s.atomic(ctx, func(ctx context.Context) error {
		if err := s.store.SaveReview(ctx, c, to); err != nil {
			return err
		}
		return s.store.InsertNote(ctx, n)
	})
	if err != nil {
		return Editable{}, err
	}
	c.Review = to
	return s.editable(ctx, actor, c)
}

// Reviews lists the courses under review of the actor's organisations, those that
// are due first before the others.
func (s *Service) Reviews(ctx context.Context, actor courses.Actor, page courses.Page) (courses.Slice[Course], error) {
	scope, err := s.allow.Scope(ctx, actor, courses.ReadDraft)
	if err != nil {
		return courses.Slice[Course]{}, err
	}
	return s.store.Reviews(ctx, scope, page)
}

// Pilots lists the courses that the actor's commune is asked to read, due first.
func (s *Service) Pilots(ctx context.Context, actor courses.Actor, page courses.Page) (courses.Slice[Course], error) {
	places, err := s.people.Places(ctx, actor.Person)
	if err != nil {
		return courses.Slice[Course]{}, err
	}
	return s.store.Pilots(ctx, places, page)
}

// PilotOf is a draft that the actor's commune is asked to read, else ErrNoCourse.
func (s *Service) PilotOf(ctx context.Context, actor courses.Actor, id courses.CourseID) (Course, error) {
	c, _, err := s.piloted(ctx, actor, id)
	return c, err
}

// piloted also says for which commune the actor reads.
func (s *Service) piloted(ctx context.Context, actor courses.Actor, id courses.CourseID) (Course, courses.UnitID, error) {
	c, err := s.store.Course(ctx, id)
	if err != nil {
		return Course{}, "", err
	}
	if c.Review == nil || c.Review.Step != Pilot {
		return Course{}, "", ErrNoCourse
	}
	places, err := s.people.Places(ctx, actor.Person)
	if err != nil {
		return Course{}, "", err
	}
	for _, commune := range c.Review.Communes {
		if slices.Contains(places, commune) {
			return c, commune, nil
		}
	}
	return Course{}, "", ErrNoCourse
}

// readable finds a course that the actor may read as a draft, or for a commune.
func (s *Service) readable(ctx context.Context, actor courses.Actor, id courses.CourseID) (Course, courses.UnitID, error) {
	c, err := s.owned(ctx, actor, courses.ReadDraft, id)
	if errors.Is(err, ErrNoCourse) {
		return s.piloted(ctx, actor, id)
	}
	return c, "", err
}

// mostNote is how many characters a comment has at the most.
const mostNote = 4000

// noteText is a text in canonical form, line by line.
func noteText(text string) (string, error) {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		var err error
		if lines[i], err = vietnamese.Clean(line); err != nil {
			return "", err
		}
	}
	text = strings.TrimSpace(strings.Join(lines, "\n"))
	if utf8.RuneCountInString(text) > mostNote {
		return "", ErrNoteEmpty
	}
	return text, nil
}
