package catalog

import (
	"errors"
	"haidang/courses"
	"slices"
	"testing"
)

// asked is a question with two answers, the first of which is right.
func asked(at int64, id, text string) TimedQuestion {
	return TimedQuestion{AtMs: at, Block: Block{
		ID: id, Type: Question, Text: []Inline{{Text: text}}, Items: [][]Inline{{{Text: "Có"}}, {{Text: "Không"}}}, Right: []int{0},
	}}
}

func filmOf(questions ...TimedQuestion) Content {
	return Content{Modules: []Module{{ID: "m", Lessons: []Lesson{{ID: "l", Kind: Video, Asset: "film", Title: "Phim", Minutes: 1, Questions: questions}}}}}
}

func TestQuestionsOfARecordingStandInTheOrderOfTime(t *testing.T) {
	late, early := asked(9000, "late", "Muộn?"), asked(1000, "", "Sớm?")
	c, err := clean(filmOf(late, early), func() string { return "made" })
	if err != nil {
		t.Fatal(err)
	}
	list := c.Modules[0].Lessons[0].Questions
	if len(list) != 2 || list[0].Block.ID != "made" || list[1].Block.ID != "late" {
		t.Errorf("they became %+v", list)
	}
}

func TestQuestionsOfARecordingHaveBounds(t *testing.T) {
	many := make([]TimedQuestion, 31)
	for i := range many {
		many[i] = asked(int64(i), "", "?")
	}
	wide := asked(0, "", "?")
	wide.Block.Items = make([][]Inline, 21)
	heading := TimedQuestion{Block: Block{Type: Heading, Level: 2}}
	for _, c := range []struct {
		name  string
		list  []TimedQuestion
		field courses.Field
	}{
		{"31", many, courses.Field{Path: "modules[0].lessons[0].questions", Code: "too_many"}},
		{"21 answers", []TimedQuestion{wide}, courses.Field{Path: "modules[0].lessons[0].questions[0].block.items", Code: "too_many"}},
		{"two at one moment", []TimedQuestion{asked(5, "", "?"), asked(5, "", "?")}, courses.Field{Path: "modules[0].lessons[0].questions[1].atMs", Code: "twice"}},
		{"an id twice", []TimedQuestion{asked(5, "q", "?"), asked(6, "q", "?")}, courses.Field{Path: "modules[0].lessons[0].questions[1].block.id", Code: "twice"}},
		{"before the beginning", []TimedQuestion{asked(-1, "", "?")}, courses.Field{Path: "modules[0].lessons[0].questions[0].atMs", Code: "range"}},
		{"after a day", []TimedQuestion{asked(86_400_001, "", "?")}, courses.Field{Path: "modules[0].lessons[0].questions[0].atMs", Code: "range"}},
		{"a heading", []TimedQuestion{heading}, courses.Field{Path: "modules[0].lessons[0].questions[0].block.type", Code: "unknown"}},
	} {
		n := 0
		_, err := clean(filmOf(c.list...), func() string { n++; return string(rune('a' + n)) })
		var refusal *courses.Error
		if !errors.As(err, &refusal) || !slices.Contains(refusal.Fields, c.field) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

func TestOnlyRecordingsAsk(t *testing.T) {
	for _, kind := range []LessonKind{Article, Document, Quiz} {
		c := filmOf(asked(1, "", "?"))
		c.Modules[0].Lessons[0].Kind = kind
		cleaned, err := clean(c, func() string { return "made" })
		if err != nil || cleaned.Modules[0].Lessons[0].Questions != nil {
			t.Errorf("%s keeps %+v, %v", kind, cleaned.Modules[0].Lessons[0].Questions, err)
		}
	}
}

func TestPublishingAsksForWholeQuestionsWithinTheRecording(t *testing.T) {
	bare := asked(1, "bare", "Trống?")
	bare.Block.Right = nil
	film := map[courses.AssetID]AssetFacts{"film": {Ready: true, Kind: Video, DurationMs: 10_000, Silent: true}}
	c := filmOf(bare, asked(10_000, "end", "Cuối?"), asked(10_001, "past", "Sau?"))
	got := missingOf(c.Modules[0].Lessons[0], "l", film)
	want := []Missing{{"question", "l.questions[0]", "Phim"}, {"question_time", "l.questions[2]", "Phim"}}
	if !slices.Equal(got, want) {
		t.Errorf("it asks for %+v", got)
	}
}

func TestQuestionsOfARecordingAreInTheDiffAndInWhatHasToBeLearntAgain(t *testing.T) {
	was, moved, added := filmOf(asked(5000, "q", "Có không?")), filmOf(asked(65_000, "q", "Có không?")), filmOf(asked(5000, "q", "Có không?"), asked(9000, "r", "Nữa?"))
	if len(Diff(was, was)) != 0 || len(Delta(was, was)) != 0 {
		t.Error("the same differs")
	}
	lines := Diff(was, moved)[0].Lines
	if !slices.ContainsFunc(lines, func(l Line) bool { return l.Op == Added && l.Field == QuestionField && l.Text == "1:05" }) {
		t.Errorf("where it moved to is not told: %+v", lines)
	}
	if !slices.ContainsFunc(Diff(was, added)[0].Lines, func(l Line) bool { return l.Op == Added && l.Text == "Nữa?" }) {
		t.Error("what is new is not told")
	}
	if len(Delta(was, added)) != 1 {
		t.Error("a recording that asks more is not learnt again")
	}
}

func TestCitationsInQuestionsOfARecordingCount(t *testing.T) {
	q := asked(1, "q", "?")
	q.Block.Items[0][0].Marks = []Mark{{Type: "cite", Number: "5/NĐ-CP"}}
	c := filmOf(q)
	var paths []string
	c.References(func(path, _ string, _ Reference) { paths = append(paths, path) })
	if !slices.Equal(paths, []string{"modules[0].lessons[0].questions[0]"}) || len(c.places()) != 1 {
		t.Errorf("they are at %v", paths)
	}
}
