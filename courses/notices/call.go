package notices

import (
	"context"
	"haidang/courses"
	"haidang/courses/vietnamese"
	"log/slog"
	"time"
	"unicode/utf8"
)

// CallOut is what an organisation writes to those who are on a course of it and have
// not finished.
type CallOut struct {
	ID     string
	Course courses.CourseID
	Owner  courses.UnitID
	From   string // the organisation's name
	Title  string
	Page   string
	Text   string // may be empty
	By     courses.PersonID
	At     time.Time
	After  courses.EnrolmentID // who was called last
	Told   int
	Spared int // had enough of this organisation's calls, or want none
	Done   bool
}

// Refusals of calls.
var (
	ErrText   = courses.Refusal(courses.Invalid, "notices.text_too_long", "a call has at most 300 letters")
	ErrNobody = courses.Refusal(courses.Conflict, "notices.nobody", "nobody is on the course who has not finished it")
)

const longestText = 300 // runes

// CallJob is the kind of the jobs that call.
const CallJob = "notices.call"

// Callable is a course as calls need to know it.
type Callable struct {
	Owner courses.UnitID
	From  string
	Title string
	Page  string
	Open  int // how many people are on it and have not finished
}

// Learner is somebody on a course who has not finished it.
type Learner struct {
	Enrolment courses.EnrolmentID
	Person    courses.PersonID
}

// Courses is what calls ask of the catalogue and of learning.
type Courses interface {
	// Callable refuses where the actor may not read the draft.
	Callable(ctx context.Context, actor courses.Actor, id courses.CourseID) (Callable, error)
	// On lists those on a course who have not finished it, behind an enrolment.
	On(ctx context.Context, course courses.CourseID, after courses.EnrolmentID, limit int) ([]Learner, error)
}

// Calling is how a course stands with calls.
type Calling struct {
	Open    int
	Left    int // calls of the organisation this week
	Allowed int
	Next    time.Time // when the course can call; in the past or now: at once
	Last    *CallOut
}

// callable asks whether the actor may call those on a course.
func (s *Service) callable(ctx context.Context, actor courses.Actor, id courses.CourseID) (Callable, error) {
	c, err := s.Courses.Callable(ctx, actor, id)
	if err != nil {
		return Callable{}, err
	}
	return c, s.Allow.Can(ctx, actor, courses.PublishCourse, courses.Object{Unit: c.Owner})
}

// Calling says to whoever publishes a course how it stands with calls.
func (s *Service) Calling(ctx context.Context, actor courses.Actor, id courses.CourseID) (Calling, error) {
	c, err := s.callable(ctx, actor, id)
	if err != nil {
		return Calling{}, err
	}
	q, err := s.store.Quota(ctx, c.Owner)
	if err != nil {
		return Calling{}, err
	}
	now := s.clock.Now()
	last, err := s.store.LastCall(ctx, id)
	return Calling{Open: c.Open, Left: q.left(s.CallsAWeek, now), Allowed: s.CallsAWeek, Next: q.next(id, s.CallsAWeek, now), Last: last}, err
}

// Call tells all who are on a course and have not finished it that its organisation asks
// them to go on. It refuses with ErrText, ErrNobody and ErrQuota.
func (s *Service) Call(ctx context.Context, actor courses.Actor, id courses.CourseID, text string) (CallOut, error) {
	c, err := s.callable(ctx, actor, id)
	if err != nil {
		return CallOut{}, err
	}
	if text, err = vietnamese.Clean(text); err != nil {
		return CallOut{}, err
	}
	switch {
	case utf8.RuneCountInString(text) > longestText:
		return CallOut{}, ErrText
	case c.Open == 0:
		return CallOut{}, ErrNobody
	}
	now := s.clock.Now()
	call := CallOut{ID: courses.NewID[string](now), Course: id, Owner: c.Owner, From: c.From, Title: c.Title, Page: c.Page, Text: text, By: actor.Person, At: now}
	if err := s.queue(ctx, call); err != nil {
		return CallOut{}, err
	}
	slog.InfoContext(ctx, "learners called", "by", actor.Person, "course", id, "call", call.ID)
	return call, nil
}

// queue counts a call against its organisation's quota and has it done, in one
// transaction.
func (s *Service) queue(ctx context.Context, call CallOut) error {
	return s.atomic(ctx, func(ctx context.Context) error {
		was, err := s.store.Quota(ctx, call.Owner)
		if err != nil {
			return err
		}
		q, err := was.take(call.Course, s.CallsAWeek, call.At)
		if err != nil {
			return err
		}
		if err := s.store.SaveQuota(ctx, q); err != nil {
			return err
		}
		if err := s.store.SaveCall(ctx, call); err != nil {
			return err
		}
		return s.outbox.EnqueueAt(ctx, CallJob, call.ID, call.At)
	})
}

// CallAll tells everybody whom a call is for, a page at a time, and goes on where it
// stopped.
func (s *Service) CallAll(ctx context.Context, id string) error {
	for {
		call, err := s.store.Call(ctx, id)
		if err != nil || call.Done {
			return err
		}
		people, err := s.Courses.On(ctx, call.Course, call.After, batch)
		if err != nil {
			return err
		}
		for _, p := range people {
			told, err := s.callOne(ctx, call, p)
			if err != nil {
				return err
			}
			if call.After = p.Enrolment; told {
				call.Told++
			} else {
				call.Spared++
			}
		}
		call.Done = len(people) < batch
		if err := s.store.SaveCall(ctx, call); err != nil {
			return err
		}
	}
}

// callOne tells one person, unless they want none of it or had enough.
func (s *Service) callOne(ctx context.Context, call CallOut, p Learner) (bool, error) {
	recent, err := s.store.Of(ctx, p.Person, remember)
	if err != nil {
		return false, err
	}
	id := idOf(p.Person, Call, string(p.Enrolment), call.ID)
	calls := 0
	for _, n := range recent {
		if n.ID == id {
			return true, nil // before this server died
		}
		if n.Kind == Call && n.Owner == call.Owner && call.At.Sub(n.MadeAt) < rest {
			calls++
		}
	}
	if calls >= mostCalls {
		return false, nil
	}
	c, err := s.store.Contact(ctx, p.Person)
	if err != nil || !s.anyWay(c, Call) {
		return false, err
	}
	return true, s.tell(ctx, c, Notice{
		ID: id, Person: p.Person, Kind: Call, Course: call.Course, Subject: string(p.Enrolment), Title: call.Title, From: call.From, Owner: call.Owner,
		Text: call.Text, Page: call.Page, MadeAt: s.clock.Now(),
	})
}
