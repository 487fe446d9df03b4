package catalog

import (
	"context"
	"haidang/courses"
	"time"
)

// NoteID names a note.
type NoteID string

// NoteKind says what a note tells.
type NoteKind string

// The kinds of notes: comments, and what became of the review.
const (
	Comment   NoteKind = "comment"
	Submitted NoteKind = "submitted"
	Taken     NoteKind = "taken"
	Passed    NoteKind = "passed"
	SentBack  NoteKind = "sent_back"
	Withdrawn NoteKind = "withdrawn"
	Scheduled NoteKind = "scheduled"
	Published NoteKind = "published"
	Handed    NoteKind = "handed" // to another keeper
	Shared    NoteKind = "shared" // other co-owners or deputies
)

// Note is a comment on a draft, or an entry of its review's history.
type Note struct {
	ID       NoteID
	Course   courses.CourseID
	Kind     NoteKind
	Step     Step // at which it was written; empty while authors write
	Revision int  // of the draft that it speaks of
	At       time.Time
	Person   courses.PersonID
	Unit     courses.UnitID   // the commune that it speaks for, in a pilot
	Lesson   courses.LessonID // of a comment on a lesson
	Block    string           // of a comment on a block
	Quote    string           // how that block began
	Text     string
	To       courses.PersonID // of Handed: the new keeper
	DoneAt   *time.Time       // when somebody marked it as dealt with
	DoneBy   courses.PersonID
}

func (s *Service) note(actor courses.Actor, c Course, kind NoteKind) Note {
	now := s.clock.Now()
	n := Note{ID: courses.NewID[NoteID](now), Course: c.ID, Kind: kind, Revision: c.Revision, At: now, Person: actor.Person}
	if c.Review != nil {
		n.Step = c.Review.Step
	}
	return n
}

// quoted is how many characters of a block a comment quotes.
const quoted = 120

// Say adds a comment on the course, a lesson or a block. Whoever may read the
// draft may comment, as may those whose commune reads the pilot. It refuses with
// ErrNoteEmpty and ErrNoLesson.
func (s *Service) Say(ctx context.Context, actor courses.Actor, id courses.CourseID, lesson courses.LessonID, block, text string) (Note, error) {
	c, commune, err := s.readable(ctx, actor, id)
	if err != nil {
		return Note{}, err
	}
	n := s.note(actor, c, Comment)
	n.Unit, n.Lesson, n.Block = commune, lesson, block
	if n.Text, err = noteText(text); err == nil && n.Text == "" {
		err = ErrNoteEmpty
	}
	if err != nil {
		return Note{}, err
	}
	if lesson != "" || block != "" {
		l, found := c.Draft.Lesson(lesson)
		if !found {
			return Note{}, ErrNoLesson
		}
		l.pieces(func(_ string, b Block) {
			if b.ID == block {
				n.Quote = beginning(b.Words())
			}
		})
	}
	return n, s.store.InsertNote(ctx, n)
}

func beginning(text string) string {
	if runes := []rune(text); len(runes) > quoted {
		return string(runes[:quoted-1]) + "…"
	}
	return text
}

// Notes lists the comments and the history of a draft, newest first. Those who
// read a pilot see the comments of their commune only.
func (s *Service) Notes(ctx context.Context, actor courses.Actor, id courses.CourseID, page courses.Page) (courses.Slice[Note], error) {
	_, commune, err := s.readable(ctx, actor, id)
	if err != nil {
		return courses.Slice[Note]{}, err
	}
	return s.store.Notes(ctx, id, commune, page)
}

// Settle marks a comment as dealt with, or as open again. Authors and reviewers
// may. It refuses with ErrNoNote.
func (s *Service) Settle(ctx context.Context, actor courses.Actor, id courses.CourseID, note NoteID, done bool) error {
	c, err := s.owned(ctx, actor, courses.ReadDraft, id)
	if err != nil {
		return err
	}
	err = s.allow.Can(ctx, actor, courses.WriteCourse, c.object())
	if err != nil {
		err = s.allow.Can(ctx, actor, courses.ReviewCourse, c.object())
	}
	if err != nil {
		return err
	}
	at := s.clock.Now()
	if !done {
		return s.store.SettleNote(ctx, id, note, nil, "")
	}
	return s.store.SettleNote(ctx, id, note, &at, actor.Person)
}
