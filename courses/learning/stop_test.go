package learning

import (
	"haidang/courses"
	"haidang/courses/catalog"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestACourseGoesOnAtAPlaceThatTakesSomeMinutes(t *testing.T) {
	long := catalog.Version{
		Content: catalog.Content{Modules: []catalog.Module{{Lessons: []catalog.Lesson{
			{ID: "film", Kind: catalog.Video, Asset: "f"}, {ID: "paper", Kind: catalog.Document, Asset: "p"}, {ID: "text", Kind: catalog.Article, Minutes: 7},
		}}}},
		Media: map[courses.AssetID]catalog.AssetFacts{"f": {DurationMs: 20*60_000 + 1}, "p": {Pages: 30}},
	}
	film := Progress{Watched: Spans{{0, 12 * 60_000}}, Position: Position{Ms: 12*60_000 + 40_000}, Last: time.Unix(9, 0)}
	seen := Progress{Watched: Spans{{0, 20 * 60_000}}, Last: time.Unix(1, 0)}
	for _, c := range []struct {
		name    string
		lessons map[courses.LessonID]Progress
		want    Stop
	}{
		{"nothing yet", nil, Stop{Lesson: "film", Minutes: 21}},
		{"in a film", map[courses.LessonID]Progress{"film": film}, Stop{Lesson: "film", Ms: 760_000, Minutes: 9}},
		{"behind the film", map[courses.LessonID]Progress{"film": seen}, Stop{Lesson: "paper", Minutes: 60}},
		{"in a document", map[courses.LessonID]Progress{"film": seen, "paper": {Page: 20, Last: time.Unix(2, 0)}}, Stop{Lesson: "paper", Page: 20, Minutes: 20}},
		{"at its last page but one", map[courses.LessonID]Progress{"film": seen, "paper": {Page: 29, Last: time.Unix(2, 0)}}, Stop{Lesson: "paper", Page: 29, Minutes: 2}},
		{"before a text", map[courses.LessonID]Progress{"film": seen, "paper": {Page: 30, Last: time.Unix(2, 0)}}, Stop{Lesson: "text", Minutes: 7}},
		{"at the end", map[courses.LessonID]Progress{"film": seen, "paper": {Page: 30}, "text": {Read: true}}, Stop{}},
	} {
		if got := (Enrolment{Lessons: c.lessons}).stop(long); got != c.want {
			t.Errorf("%s it goes on at %+v, want %+v", c.name, got, c.want)
		}
	}
	bare := catalog.Version{Content: (catalog.Lesson{ID: "text", Kind: catalog.Article}).Alone()}
	if got := (Enrolment{}).stop(bare); got != (Stop{Lesson: "text", Minutes: 1}) {
		t.Errorf("of a lesson without minutes it is said to go on at %+v", got)
	}
}

func TestWhateverWasLearntTheRestTakesAMinuteAtLeast(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from, span := rapid.Int64Range(0, 1<<40).Draw(t, "from"), rapid.Int64Range(0, 1<<40).Draw(t, "span")
		e := Enrolment{Lessons: map[courses.LessonID]Progress{
			"video": {Watched: Spans{{from, from + span}}, Last: noon}, "document": {Page: rapid.IntRange(0, 1000).Draw(t, "page"), Last: noon},
			"article": {Read: rapid.Bool().Draw(t, "read")},
		}}
		s := e.stop(ofEachKind)
		if s.Lesson != e.Resume(ofEachKind) || s.Lesson != "" && s.Minutes < 1 {
			t.Fatalf("%+v", s)
		}
	})
}
