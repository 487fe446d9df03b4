package learning

import (
	"errors"
	"haidang/courses"
	"haidang/courses/catalog"
	"testing"
	"time"
)

// ofEachKind is a version with one lesson of each kind, named by it.
var ofEachKind = catalog.Version{
	Content: catalog.Content{Modules: []catalog.Module{
		{Lessons: []catalog.Lesson{{ID: "video", Kind: catalog.Video, Asset: "film"}, {ID: "audio", Kind: catalog.Audio, Asset: "talk"}}},
		{Lessons: []catalog.Lesson{{ID: "document", Kind: catalog.Document, Asset: "paper"}, {ID: "article", Kind: catalog.Article}}},
	}},
	Media: map[courses.AssetID]catalog.AssetFacts{
		"film": {DurationMs: 60_000}, "talk": {DurationMs: 60_000}, "paper": {Pages: 3},
	},
}

// anID is an event id as devices make them.
const anID courses.EventID = "019ab3c4-0000-7000-8000-000000000001"

func TestOnlyWhatCanHaveHappenedIsTaken(t *testing.T) {
	watched := func(from, to, elapsed int64) Event {
		return Event{ID: anID, Lesson: "video", Kind: Watched, At: noon, FromMs: from, ToMs: to, ElapsedMs: elapsed}
	}
	at := func(at time.Time) Event { return Event{ID: anID, Lesson: "article", Kind: ReadEnd, At: at} }
	named := func(id courses.EventID) Event { return Event{ID: id, Lesson: "article", Kind: ReadEnd, At: noon} }
	of := func(kind EventKind, lesson courses.LessonID) Event {
		return Event{ID: anID, Lesson: lesson, Kind: kind, At: noon, ToMs: 1000, ElapsedMs: 1000, Page: 1}
	}
	page := func(n int) Event { return Event{ID: anID, Lesson: "document", Kind: Paged, At: noon, Page: n} }
	for _, c := range []struct {
		name  string
		event Event
		want  *courses.Error
	}{
		{"a video was watched", watched(0, 10_000, 10_000), nil},
		{"all of it at once", watched(0, 60_000, 60_000), nil},
		{"at twice the speed", watched(0, 20_000, 9_250), nil},
		{"a little faster than that", watched(0, 20_000, 9_249), ErrTooFast},
		{"a beat without time", watched(0, 1_500, 0), nil},
		{"more without time", watched(0, 1_501, 0), ErrTooFast},
		{"time that runs backwards", watched(0, 10_000, -10_000), ErrTooFast},
		{"a little past the end", watched(50_000, 63_000, 13_000), nil},
		{"past the end", watched(50_000, 63_001, 13_001), ErrEvent},
		{"before the beginning", watched(-1, 10_000, 10_000), ErrEvent},
		{"backwards", watched(20_000, 10_000, 10_000), ErrEvent},
		{"nothing of it", watched(10_000, 10_000, 10_000), ErrEvent},
		{"of 2⁶² milliseconds", watched(0, 1<<62, 1<<62), ErrEvent},
		{"a recording was heard", of(Watched, "audio"), nil},
		{"a document was watched", of(Watched, "document"), ErrNotInCourse},
		{"an article was watched", of(Watched, "article"), ErrNotInCourse},
		{"the first page", page(1), nil},
		{"the last page", page(3), nil},
		{"a page beyond the end", page(4), ErrEvent},
		{"page 0", page(0), ErrEvent},
		{"page -1", page(-1), ErrEvent},
		{"a page of a video", of(Paged, "video"), ErrNotInCourse},
		{"an article was read", of(ReadEnd, "article"), nil},
		{"a video was read", of(ReadEnd, "video"), ErrNotInCourse},
		{"a document was opened", of(Opened, "document"), nil},
		{"a lesson of another version", of(Opened, "other"), ErrNotInCourse},
		{"no lesson", of(Opened, ""), ErrNotInCourse},
		{"an unknown kind", of("skipped", "video"), ErrEvent},
		{"no kind", of("", "video"), ErrEvent},
		{"a clock ten minutes ahead", at(noon.Add(10 * time.Minute)), nil},
		{"a clock further ahead", at(noon.Add(10*time.Minute + 1)), ErrFuture},
		{"weeks offline", at(noon.Add(-60 * 24 * time.Hour)), nil},
		{"a clock that was never set", at(time.Date(2019, 12, 31, 23, 59, 59, 0, time.UTC)), ErrEvent},
		{"no instant", at(time.Time{}), ErrEvent},
		{"an id in capitals", named("019AB3C4-0000-7000-8000-000000000001"), ErrEvent},
		{"an id in braces", named("{19ab3c4-0000-7000-8000-00000000000}"), ErrEvent},
		{"an id with a line end", named(anID + "\n"), ErrEvent},
		{"an id without hyphens", named("019ab3c4000070008000000000000001abcd"), ErrEvent},
		{"no id", named(""), ErrEvent},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := c.event.check(ofEachKind, noon)
			if c.want == nil && err != nil || c.want != nil && !errors.Is(err, c.want) {
				t.Errorf("it gives %v, want %v", err, c.want)
			}
		})
	}
}

func TestOnlyAnswersToWhatARecordingAsksAreTaken(t *testing.T) {
	options := make([][]catalog.Inline, 3)
	v := catalog.Version{Content: catalog.Content{Modules: []catalog.Module{{Lessons: []catalog.Lesson{
		{ID: "video", Kind: catalog.Video, Questions: []catalog.TimedQuestion{
			{AtMs: 1000, Block: catalog.Block{ID: "one", Items: options, Right: []int{1}}},
			{AtMs: 2000, Block: catalog.Block{ID: "several", Items: options, Right: []int{0, 1}}},
		}},
		{ID: "audio", Kind: catalog.Audio},
		{ID: "article", Kind: catalog.Article, Blocks: []catalog.Block{{ID: "one", Type: catalog.Question, Items: options, Right: []int{1}}}},
	}}}}}
	for _, c := range []struct {
		name     string
		lesson   courses.LessonID
		question string
		chosen   []int
		want     *courses.Error
	}{
		{"a question was answered", "video", "one", []int{2}, nil},
		{"with several", "video", "several", []int{0, 1, 2}, nil},
		{"with several where one is right", "video", "one", []int{0, 1}, ErrEvent},
		{"with none", "video", "one", nil, ErrEvent},
		{"with an answer that it does not have", "video", "one", []int{3}, ErrNoQuestion},
		{"with an answer before the first", "video", "one", []int{-1}, ErrNoQuestion},
		{"with one twice", "video", "several", []int{1, 1}, ErrNoQuestion},
		{"with several out of order", "video", "several", []int{1, 0}, ErrNoQuestion},
		{"a question that is not asked", "video", "other", []int{0}, ErrNoQuestion},
		{"no question", "video", "", []int{0}, ErrNoQuestion},
		{"a question of another lesson", "audio", "one", []int{0}, ErrNoQuestion},
		{"a question of an article", "article", "one", []int{0}, ErrNotInCourse},
	} {
		err := Event{ID: anID, Lesson: c.lesson, Kind: Answered, At: noon, Question: c.question, Chosen: c.chosen}.check(v, noon)
		if c.want == nil && err != nil || c.want != nil && !errors.Is(err, c.want) {
			t.Errorf("%s: it gives %v, want %v", c.name, err, c.want)
		}
	}
}

func TestARefusalNamesTheEventsOfABatch(t *testing.T) {
	err := refuseAt(ErrFuture, 3)
	if !errors.Is(err, ErrFuture) || len(err.Fields) != 1 || err.Fields[0] != (courses.Field{Path: "body.events[3]", Code: "learning.event_in_future"}) {
		t.Errorf("it names %+v", err.Fields)
	}
	if len(ErrFuture.Fields) != 0 {
		t.Error("the refusal itself was changed")
	}
}

func TestAReceiptIsTheEndOfTheEventsID(t *testing.T) {
	if got := (Event{ID: "019ab3c4-0000-7000-8000-0000deadbeef"}).Receipt(); got != "deadbeef" {
		t.Errorf("it is %q", got)
	}
}
