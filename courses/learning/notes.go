package learning

import (
	"context"
	"errors"
	"haidang/courses"
	"haidang/courses/catalog"
	"haidang/courses/vietnamese"
	"time"
	"unicode/utf8"
)

// Note is what somebody wrote for themselves beside a lesson. Nobody else reads it.
type Note struct {
	Person courses.PersonID
	Course courses.CourseID
	Lesson courses.LessonID
	Title  string // of the lesson, when it was written
	Text   string // empty: there is none
	Edit   EditID // of the text
	At     time.Time
}

// EditID names one state of a note. It is made on the device, so that sending it
// again changes nothing, and whoever changes a note names the state that they saw.
type EditID string

// maxNote is how many characters a note may have.
const maxNote = 10_000

// Refusals of notes.
var (
	ErrNoteLength  = courses.Refusal(courses.Invalid, "learning.note_too_long", "a note has at most 10,000 characters")
	ErrNoteChanged = courses.Refusal(courses.Conflict, "learning.note_changed", "another device changed the note since; join both texts and save on what is there")
)

// Note is the actor's own beside a lesson; one that is not there is empty.
func (s *Service) Note(ctx context.Context, actor courses.Actor, course courses.CourseID, lesson courses.LessonID) (Note, error) {
	if err := s.staff.Can(ctx, actor, courses.Learn, courses.Object{Person: actor.Person}); err != nil {
		return Note{}, err
	}
	return s.store.Note(ctx, actor.Person, course, lesson)
}

// SaveNote keeps what the actor wrote on top of the state base, empty for none. An
// empty text deletes. It refuses with ErrNoteLength, with ErrNoteChanged when the
// note has another state, and, but for a note that is there, with ErrNoEnrolment,
// catalog.ErrNoCourse or catalog.ErrNoLesson.
func (s *Service) SaveNote(ctx context.Context, actor courses.Actor, n Note, base EditID) (Note, error) {
	if err := s.staff.Can(ctx, actor, courses.Learn, courses.Object{Person: actor.Person}); err != nil {
		return Note{}, err
	}
	var err error
	if n.Text, err = vietnamese.CleanLines(n.Text); err != nil {
		return Note{}, err
	}
	if utf8.RuneCountInString(n.Text) > maxNote {
		return Note{}, ErrNoteLength
	}
	is, err := s.store.Note(ctx, actor.Person, n.Course, n.Lesson)
	if err != nil {
		return Note{}, err
	}
	n.Person, n.Title, n.At = actor.Person, is.Title, s.clock.Now()
	switch {
	case is.Edit == n.Edit || is.Text == n.Text: // it was sent before, or says the same
		return is, nil
	case is.Edit != base:
		return Note{}, ErrNoteChanged
	}
	if err := s.title(ctx, actor, &n); err != nil && (is.Edit == "" || !unknown(err)) {
		return Note{}, err
	}
	return n, s.store.SaveNote(ctx, n, base)
}

// title notes what the lesson is called in the version that the actor learns.
func (s *Service) title(ctx context.Context, actor courses.Actor, n *Note) error {
	c, err := s.catalog.Published(ctx, n.Course)
	if err != nil {
		return err
	}
	standing, err := s.OnCourse(ctx, actor, c)
	if err != nil {
		return err
	}
	v, err := s.catalog.Version(ctx, standing.Version)
	if err != nil {
		return err
	}
	l, found := v.Content.Lesson(n.Lesson)
	if !found {
		return catalog.ErrNoLesson
	}
	n.Title = l.Title
	return nil
}

// unknown says that a newer version no longer has a lesson: a note on it stays its
// writer's.
func unknown(err error) bool { return errors.Is(err, catalog.ErrNoLesson) }

// Notes is the actor's own by course and lesson, those that hold the words, without
// diacritics, if there are any.
func (s *Service) Notes(ctx context.Context, actor courses.Actor, words string, page courses.Page) (courses.Slice[Note], map[courses.CourseID]catalog.Course, error) {
	if err := s.staff.Can(ctx, actor, courses.Learn, courses.Object{Person: actor.Person}); err != nil {
		return courses.Slice[Note]{}, nil, err
	}
	found, err := s.store.Notes(ctx, actor.Person, vietnamese.SearchKey(words), page)
	if err != nil {
		return courses.Slice[Note]{}, nil, err
	}
	ids := make([]courses.CourseID, len(found.Items))
	for i, n := range found.Items {
		ids[i] = n.Course
	}
	of, err := s.catalog.PublishedByID(ctx, ids)
	return found, of, err
}
