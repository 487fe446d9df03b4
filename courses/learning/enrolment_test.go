package learning

import (
	"haidang/courses"
	"haidang/courses/catalog"
	"testing"
	"time"
)

// done is the progress of every lesson of ofEachKind at its end.
func done() map[courses.LessonID]Progress {
	return map[courses.LessonID]Progress{
		"video": {Watched: Spans{{0, 60_000}}}, "audio": {Watched: Spans{{0, 60_000}}},
		"document": {Page: 3}, "article": {Read: true},
	}
}

func TestLessonsHaveShares(t *testing.T) {
	lesson := func(kind catalog.LessonKind) catalog.Lesson { return catalog.Lesson{Kind: kind} }
	minute, three := catalog.AssetFacts{DurationMs: 60_000}, catalog.AssetFacts{Pages: 3}
	for _, c := range []struct {
		name     string
		progress Progress
		lesson   catalog.Lesson
		facts    catalog.AssetFacts
		want     int
	}{
		{"an article not read", Progress{Last: noon}, lesson(catalog.Article), catalog.AssetFacts{}, 0},
		{"an article read", Progress{Read: true}, lesson(catalog.Article), catalog.AssetFacts{}, 10000},
		{"half of the 90 % of a video", Progress{Watched: Spans{{0, 27_000}}}, lesson(catalog.Video), minute, 5000},
		{"just not 90 %", Progress{Watched: Spans{{0, 53_999}}}, lesson(catalog.Video), minute, 9999},
		{"90 %", Progress{Watched: Spans{{0, 54_000}}}, lesson(catalog.Video), minute, 10000},
		{"90 % in two pieces", Progress{Watched: Spans{{0, 20_000}, {26_000, 60_000}}}, lesson(catalog.Audio), minute, 10000},
		{"only the end", Progress{Watched: Spans{{59_000, 60_000}}, Position: Position{Ms: 60_000}}, lesson(catalog.Video), minute, 185},
		{"beyond the end counts for nothing", Progress{Watched: Spans{{60_000, 63_000}}}, lesson(catalog.Video), minute, 0},
		{"all that a lesson asks for", Progress{Watched: Spans{{0, 6_000}}}, catalog.Lesson{Kind: catalog.Video, Coverage: 1000}, minute, 10000},
		{"a video of no length", Progress{Watched: Spans{{0, 6_000}}}, lesson(catalog.Video), catalog.AssetFacts{}, 0},
		{"a page of three", Progress{Page: 1}, lesson(catalog.Document), three, 3333},
		{"all pages", Progress{Page: 3}, lesson(catalog.Document), three, 10000},
		{"a document of no pages", Progress{Page: 3}, lesson(catalog.Document), catalog.AssetFacts{}, 0},
	} {
		if got := c.progress.ShareBp(c.lesson, c.facts); got != c.want {
			t.Errorf("%s: %d basis points, want %d", c.name, got, c.want)
		}
	}
}

func TestCompletionWaitsForTheTimeThatWatchingTakes(t *testing.T) {
	e := Enrolment{EnrolledAt: noon, Lessons: done()}
	for _, c := range []struct {
		after time.Duration
		want  bool
	}{
		{0, false},
		{59*time.Second + 249*time.Millisecond, false}, // 120 s were watched
		{59*time.Second + 250*time.Millisecond, true},
		{time.Hour, true},
		{-time.Hour, false}, // a server whose clock runs behind
	} {
		if got := e.complete(ofEachKind, noon.Add(c.after)); got != c.want {
			t.Errorf("%s after the enrolment it is complete: %v", c.after, got)
		}
	}
	for id := range e.Lessons {
		less := Enrolment{EnrolledAt: noon, Lessons: done()}
		delete(less.Lessons, id)
		if less.complete(ofEachKind, noon.Add(time.Hour)) {
			t.Errorf("without the %s it is complete", id)
		}
	}
	if (Enrolment{EnrolledAt: noon}).complete(catalog.Version{}, noon.Add(time.Hour)) {
		t.Error("a version without lessons is complete")
	}
	twice := Enrolment{EnrolledAt: noon, Lessons: done()}
	twice.Lessons["video"] = Progress{Watched: Spans{{0, 63_000}}}
	if !twice.complete(ofEachKind, noon.Add(59*time.Second+250*time.Millisecond)) {
		t.Error("what a player reports beyond the end has to be waited for")
	}
}

func TestLearnersResumeWhereTheyWere(t *testing.T) {
	touched := func(p Progress, minutes int) Progress {
		p.Last = noon.Add(time.Duration(minutes) * time.Minute)
		return p
	}
	all := done()
	for _, c := range []struct {
		name    string
		lessons map[courses.LessonID]Progress
		want    courses.LessonID
	}{
		{"nothing touched: the first", nil, "video"},
		{"the one touched last", map[courses.LessonID]Progress{"video": touched(Progress{}, 1), "document": touched(Progress{Page: 1}, 2)}, "document"},
		{"also when it comes before others", map[courses.LessonID]Progress{"video": touched(Progress{}, 2), "document": touched(Progress{Page: 1}, 1)}, "video"},
		{"the one touched last is complete: the first that is not", map[courses.LessonID]Progress{"video": all["video"], "document": touched(all["document"], 2)}, "audio"},
		{"also when a later one was touched before", map[courses.LessonID]Progress{"article": touched(Progress{}, 1), "video": touched(all["video"], 2)}, "audio"},
		{"all complete: nowhere", all, ""},
	} {
		if got := (Enrolment{Lessons: c.lessons}).Resume(ofEachKind); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestJoiningChangesNoOther(t *testing.T) {
	e := Enrolment{Lessons: map[courses.LessonID]Progress{"document": {Page: 1}}}
	joined := e.Join(map[courses.LessonID]Progress{"document": {Page: 2}, "article": {Read: true}})
	if e.Lessons["document"].Page != 1 || len(e.Lessons) != 1 {
		t.Errorf("the enrolment before became %+v", e.Lessons)
	}
	if joined.Lessons["document"].Page != 2 || !joined.Lessons["article"].Read || joined.Same(e) || !joined.Same(joined.Join(e.Lessons)) {
		t.Errorf("joined it is %+v", joined.Lessons)
	}
	if got := (Enrolment{}).Join(joined.Lessons); !got.Same(joined) {
		t.Errorf("joined to nothing it is %+v", got.Lessons)
	}
}

func TestTheSamePersonAndCourseHaveOneEnrolment(t *testing.T) {
	if first := EnrolmentID("p", "c", 1); first != EnrolmentID("p", "c", 1) || first == EnrolmentID("q", "c", 1) || first == EnrolmentID("p", "d", 1) || first == EnrolmentID("p", "c", 2) {
		t.Error("its id is not that of the person and the course")
	}
}

func TestAFinishedEnrolmentIsComplete(t *testing.T) {
	v := ofEachKind
	v.Course, v.ID = "c", "v"
	e := Finished("p", v, noon)
	if !e.complete(v, *e.CompletedAt) || e.share(v) != 10000 || e.ShareBp != 10000 || e.Resume(v) != "" {
		t.Errorf("it is %+v", e)
	}
	entry := EntryOf(e, v)
	if entry.ID != courses.CompletionID(e.ID) || entry.Person != "p" || !entry.CompletedAt.Equal(noon) || !entry.StartedAt.Equal(e.EnrolledAt) {
		t.Errorf("its entry is %+v", entry)
	}
}

func TestAPretestIsNotAskedForAndStandsForItsLessons(t *testing.T) {
	lesson := func(id courses.LessonID, kind catalog.LessonKind, excuses ...courses.LessonID) catalog.Lesson {
		return catalog.Lesson{ID: id, Kind: kind, Paper: catalog.Paper{Excuses: excuses}}
	}
	v := catalog.Version{Content: catalog.Content{Modules: []catalog.Module{{Lessons: []catalog.Lesson{
		lesson("pretest", catalog.Quiz, "known"), lesson("known", catalog.Article), lesson("new", catalog.Article),
	}}}}}
	at := func(p Progress) Progress { p.Last = noon; return p }
	passed, failed, read := at(Progress{ScoreBp: 5000}), at(Progress{ScoreBp: 4999}), at(Progress{Read: true})
	for _, c := range []struct {
		name    string
		lessons map[courses.LessonID]Progress
		share   int
		resume  courses.LessonID
	}{
		{"nothing", nil, 0, "pretest"},
		{"opened", map[courses.LessonID]Progress{"pretest": at(Progress{})}, 0, "pretest"},
		{"failed", map[courses.LessonID]Progress{"pretest": failed}, 0, "known"},
		{"passed by", map[courses.LessonID]Progress{"known": read}, 5000, "new"},
		{"passed", map[courses.LessonID]Progress{"pretest": passed}, 5000, "new"},
		{"passed, and the rest read", map[courses.LessonID]Progress{"pretest": passed, "new": read}, 10000, ""},
		{"all read without it", map[courses.LessonID]Progress{"known": read, "new": read}, 10000, ""},
	} {
		e := Enrolment{Lessons: c.lessons, EnrolledAt: noon}
		if e.share(v) != c.share || e.complete(v, noon) != (c.share == 10000) || e.Resume(v) != c.resume {
			t.Errorf("%s: at %d, complete: %v, goes on with %q", c.name, e.share(v), e.complete(v, noon), e.Resume(v))
		}
	}
}
