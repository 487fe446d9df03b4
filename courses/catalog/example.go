package catalog

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"haidang/courses"
	"slices"
	"time"
)

// ExampleID names an example.
type ExampleID string

// Example is what a unit adds of its own below a block of a published course, for
// its own people. The course stays one, and its versions stay as they are: block
// ids live on from version to version, and the example with them.
type Example struct {
	ID       ExampleID
	Course   courses.CourseID
	Lesson   courses.LessonID
	Block    string // empty below the whole lesson
	Unit     courses.UnitID
	Text     string
	Quote    string // how the block began when the example was written
	Sum      string // SHA-256 of the block's words then, hex
	Revision int    // from 1
	At       time.Time
	By       courses.PersonID
	Hidden   *Hiding // nil while it is shown
}

// Hiding says why the course's owner took an example away.
type Hiding struct {
	At     time.Time
	By     courses.PersonID
	Reason string
}

// ExampleState says whether learners see an example.
type ExampleState string

// The states of an example, against the newest version of its course.
const (
	Standing ExampleState = "shown"
	Altered  ExampleState = "altered" // shown; the block says something else since
	Lost     ExampleState = "lost"    // the newest version has no such block
	Hid      ExampleState = "hidden"  // the owner took it away
)

// Exhibit is an example with its course and state.
type Exhibit struct {
	Example
	Title string // of the course
	State ExampleState
}

// Refusals of examples.
var (
	ErrNoBlock   = courses.Refusal(courses.NotFound, "catalog.no_such_block", "the newest version has no such block")
	ErrNoExample = courses.Refusal(courses.NotFound, "catalog.no_such_example", "there is no such example")
)

// PutExample writes a unit's example below a block of the newest version, over the
// one of that revision, 0 for none; no text removes it. Authors of the unit may. It
// refuses with ErrNoCourse, ErrNoLesson, ErrNoBlock, ErrNoteEmpty and, if somebody
// wrote meanwhile, courses.ErrConflict.
func (s *Service) PutExample(ctx context.Context, actor courses.Actor, x Example, revision int) (Exhibit, error) {
	if err := s.allow.Can(ctx, actor, courses.WriteCourse, courses.Object{Unit: x.Unit}); err != nil {
		return Exhibit{}, err
	}
	c, err := s.Published(ctx, x.Course)
	if err != nil {
		return Exhibit{}, err
	}
	if x.Text, err = noteText(x.Text); err != nil {
		return Exhibit{}, err
	}
	now := s.clock.Now()
	x.ID, x.Revision, x.At, x.By, x.Hidden = courses.NewID[ExampleID](now), revision+1, now, actor.Person, nil
	if x.Text == "" {
		return Exhibit{Example: x, Title: c.Newest.Title}, s.store.RemoveExample(ctx, x, revision)
	}
	v, err := s.Version(ctx, c.Newest.Version)
	if err != nil {
		return Exhibit{}, err
	}
	words, err := wordsAt(v.Content, x.Lesson, x.Block)
	if err != nil {
		return Exhibit{}, err
	}
	x.Quote, x.Sum = beginning(words), sum(words)
	return Exhibit{Example: x, Title: c.Newest.Title, State: Standing}, s.store.SaveExample(ctx, x, revision)
}

// wordsAt is what a block says, or a lesson's title where there is no block. It
// refuses with ErrNoLesson and ErrNoBlock.
func wordsAt(c Content, lesson courses.LessonID, block string) (string, error) {
	l, found := c.Lesson(lesson)
	if !found {
		return "", ErrNoLesson
	}
	if block == "" {
		return l.Title, nil
	}
	i := slices.IndexFunc(l.Blocks, func(b Block) bool { return b.ID == block })
	if i < 0 {
		return "", ErrNoBlock
	}
	return l.Blocks[i].Words(), nil
}

func sum(words string) string {
	hash := sha256.Sum256([]byte(words))
	return hex.EncodeToString(hash[:])
}

// Examples lists the examples of the actor's units, latest first.
func (s *Service) Examples(ctx context.Context, actor courses.Actor, page courses.Page) (courses.Slice[Exhibit], error) {
	scope, err := s.allow.Scope(ctx, actor, courses.WriteCourse)
	if err != nil {
		return courses.Slice[Exhibit]{}, err
	}
	found, err := s.store.Examples(ctx, scope, page)
	if err != nil {
		return courses.Slice[Exhibit]{}, err
	}
	return s.exhibits(ctx, found)
}

// ExamplesOf lists what units added to a course, latest first: all of it for those
// who read the course's draft, else that of the actor's own units.
func (s *Service) ExamplesOf(ctx context.Context, actor courses.Actor, id courses.CourseID, page courses.Page) (courses.Slice[Exhibit], error) {
	c, err := s.store.Course(ctx, id)
	if err != nil {
		return courses.Slice[Exhibit]{}, err
	}
	scope := courses.Scope{}
	all := s.allow.Can(ctx, actor, courses.ReadDraft, c.object()) == nil
	if !all {
		if scope, err = s.allow.Scope(ctx, actor, courses.WriteCourse); err != nil {
			return courses.Slice[Exhibit]{}, err
		}
	}
	found, err := s.store.ExamplesOf(ctx, id, scope, all, page)
	if err != nil {
		return courses.Slice[Exhibit]{}, err
	}
	return s.exhibits(ctx, found)
}

// exhibits says of examples how they stand.
func (s *Service) exhibits(ctx context.Context, found courses.Slice[Example]) (courses.Slice[Exhibit], error) {
	list := courses.Slice[Exhibit]{Items: make([]Exhibit, len(found.Items)), Next: found.Next}
	for i, x := range found.Items {
		c, err := s.Published(ctx, x.Course)
		if err != nil {
			return list, err
		}
		v, err := s.Version(ctx, c.Newest.Version)
		if err != nil {
			return list, err
		}
		list.Items[i] = Exhibit{Example: x, Title: c.Newest.Title, State: x.state(v.Content)}
	}
	return list, nil
}

func (x Example) state(c Content) ExampleState {
	words, err := wordsAt(c, x.Lesson, x.Block)
	switch {
	case x.Hidden != nil:
		return Hid
	case err != nil:
		return Lost
	case sum(words) != x.Sum:
		return Altered
	}
	return Standing
}

// HideExample takes an example away from learners and says why. Publishers of the
// course's owner may; the unit may write another. It refuses with ErrNoExample and
// ErrReason.
func (s *Service) HideExample(ctx context.Context, actor courses.Actor, id courses.CourseID, example ExampleID, reason string) error {
	if _, err := s.owned(ctx, actor, courses.PublishCourse, id); err != nil {
		return err
	}
	reason, err := noteText(reason)
	if err == nil && reason == "" {
		err = ErrReason
	}
	if err != nil {
		return err
	}
	return s.store.HideExample(ctx, id, example, Hiding{At: s.clock.Now(), By: actor.Person, Reason: reason})
}

// ExamplesFor is what the actor's units added to a lesson.
func (s *Service) ExamplesFor(ctx context.Context, actor courses.Actor, course courses.CourseID, lesson courses.LessonID) ([]Example, error) {
	places, err := s.people.Places(ctx, actor.Person)
	if err != nil {
		return nil, err
	}
	return s.store.ExamplesFor(ctx, course, lesson, places)
}
