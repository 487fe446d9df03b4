package learning

import (
	"fmt"
	"haidang/courses"
	"haidang/courses/catalog"
	"haidang/courses/fields"
	"time"
)

// Event is one thing that happened while somebody learned. Its id is made on
// the device, so that sending it again changes nothing.
type Event struct {
	ID        courses.EventID // a UUID
	Enrolment courses.EnrolmentID
	Lesson    courses.LessonID
	Kind      EventKind
	At        time.Time // by the device's clock
	FromMs    int64     // of Watched
	ToMs      int64     // of Watched and Opened (where it was opened)
	ElapsedMs int64     // of Watched: device time that passed while it played
	Page      int       // of Paged
	ScoreBp   int       // of Scored
	Question  string    // of Answered: the id of the block that asks
	Chosen    []int     // of Answered: which of its answers, from 0, ascending
	Offline   bool
}

// EventKind says what happened.
type EventKind string

// The kinds of event.
const (
	Opened   EventKind = "opened"
	Watched  EventKind = "watched"
	Answered EventKind = "answered" // a question of a recording
	Paged    EventKind = "paged"
	ReadEnd  EventKind = "read"
	Scored   EventKind = "scored" // a quiz was marked; only the server says so
)

// Refusals of events. A batch is taken whole or not at all; the fields name
// the events at fault, so that a device can set them aside and send the rest.
var (
	ErrEvent       = courses.Refusal(courses.Invalid, "learning.bad_event", "an event is not well-formed; see fields")
	ErrEventTwice  = courses.Refusal(courses.Invalid, "learning.event_twice", "one batch names an event id twice; see fields")
	ErrNotInCourse = courses.Refusal(courses.Invalid, "learning.not_in_version", "the version has no such lesson, or the lesson is of another kind; see fields")
	ErrFuture      = courses.Refusal(courses.Invalid, "learning.event_in_future", "an event is from the future; set the device's clock; see fields")
	ErrNoQuestion  = courses.Refusal(courses.Invalid, "learning.no_such_question", "the lesson asks no such question, or the question has no such answer; see fields")
	ErrTooFast     = courses.Refusal(courses.Invalid, "learning.watched_too_fast", "more was watched than twice the time that passed; see fields")
)

const (
	futureTolerance = 10 * time.Minute // clocks of devices
	fastestPlayback = 2                // times real time
	beatSlackMs     = 1500             // timers of slow phones
	endSlackMs      = 3000             // players report an end a little past it
)

// check refuses an event that cannot have happened in the version.
func (e Event) check(v catalog.Version, now time.Time) error {
	lesson, found := v.Content.Lesson(e.Lesson)
	switch {
	case !fields.IsUUID(e.ID) || e.At.IsZero() || e.At.Year() < 2020:
		return ErrEvent
	case !found:
		return ErrNotInCourse
	case e.At.After(now.Add(futureTolerance)):
		return ErrFuture
	}
	facts := v.Media[lesson.Asset]
	switch e.Kind {
	case Opened:
		return nil
	case Watched:
		return e.checkWatched(lesson, facts)
	case Answered:
		return e.checkAnswered(lesson)
	case Paged:
		if lesson.Kind != catalog.Document {
			return ErrNotInCourse
		}
		if e.Page < 1 || e.Page > facts.Pages {
			return ErrEvent
		}
		return nil
	case ReadEnd:
		if lesson.Kind != catalog.Article {
			return ErrNotInCourse
		}
		return nil
	case Scored:
		if lesson.Kind != catalog.Quiz {
			return ErrNotInCourse
		}
		return nil
	}
	return ErrEvent
}

func (e Event) checkWatched(lesson catalog.Lesson, facts catalog.AssetFacts) error {
	switch {
	case lesson.Kind != catalog.Video && lesson.Kind != catalog.Audio:
		return ErrNotInCourse
	case e.FromMs < 0 || e.ToMs <= e.FromMs || e.ToMs > facts.DurationMs+endSlackMs:
		return ErrEvent
	case e.ToMs-e.FromMs > e.ElapsedMs*fastestPlayback+beatSlackMs:
		return ErrTooFast
	}
	return nil
}

func (e Event) checkAnswered(lesson catalog.Lesson) error {
	if lesson.Kind != catalog.Video && lesson.Kind != catalog.Audio {
		return ErrNotInCourse
	}
	question, found := lesson.Question(e.Question)
	if !found {
		return ErrNoQuestion
	}
	if len(e.Chosen) == 0 || len(question.Right) == 1 && len(e.Chosen) > 1 {
		return ErrEvent
	}
	last := -1
	for _, i := range e.Chosen {
		if i <= last || i >= len(question.Items) {
			return ErrNoQuestion
		}
		last = i
	}
	return nil
}

// progress is what the event alone says of its lesson.
func (e Event) progress() Progress {
	at := e.At.UTC().Truncate(time.Millisecond)
	p := Progress{First: at, Last: at}
	switch e.Kind {
	case Watched:
		p.Watched = Spans{{e.FromMs, e.ToMs}}
		p.Position = Position{Ms: e.ToMs, At: at, Event: e.ID}
	case Answered:
		p.Answers = Answers{e.Question: {Chosen: e.Chosen, At: at, Event: e.ID}}
	case Paged:
		p.Page = e.Page
	case ReadEnd:
		p.Read = true
	case Scored:
		p.ScoreBp = e.ScoreBp
	case Opened:
	}
	return p
}

// refuseAt says which event of a batch a refusal is about.
func refuseAt(err *courses.Error, i int) *courses.Error {
	return err.With(courses.Field{Path: fmt.Sprintf("body.events[%d]", i), Code: err.Code})
}
