package catalog

import (
	"haidang/courses"
	"slices"
	"testing"
)

func TestAPaperNamesOnlyLessonsThatAreThere(t *testing.T) {
	quiz := func(id courses.LessonID, p Paper) Lesson {
		p.Bank = "SNV"
		return Lesson{ID: id, Kind: Quiz, Title: "Kiểm tra", Paper: p}
	}
	c := Content{Modules: []Module{{ID: "m", Lessons: []Lesson{
		quiz("first", Paper{Excuses: []courses.LessonID{"first", "second", "a", "gone"}, Draws: []Draw{{Count: 1, Lesson: "a"}, {Count: 1, Lesson: "gone"}}}),
		quiz("second", Paper{Excuses: []courses.LessonID{"a"}}),
		{ID: "a", Kind: Article, Title: "Bài"},
	}}}}
	got, err := clean(c, func() string { return "new" })
	if err != nil {
		t.Fatal(err)
	}
	first := got.Modules[0].Lessons[0].Paper
	if !slices.Equal(first.Excuses, []courses.LessonID{"a"}) || first.Draws[0].Lesson != "a" || first.Draws[1].Lesson != "" {
		t.Errorf("it names %v and %v", first.Excuses, first.Draws)
	}
	if second := got.Modules[0].Lessons[1].Paper; !slices.Equal(second.Excuses, []courses.LessonID{"a"}) || got.onlyPretests() {
		t.Errorf("the second excuses from %v; only pre-tests: %v", second.Excuses, got.onlyPretests())
	}
	got.Modules[0].Lessons = got.Modules[0].Lessons[:2]
	if !got.onlyPretests() {
		t.Error("two pre-tests alone are said to be a course")
	}
	c.Modules[0].Lessons[0].Paper.Excuses = []courses.LessonID{"a", "a"}
	if _, err := clean(c, func() string { return "new" }); err == nil {
		t.Error("a lesson is excused from twice")
	}
}

func TestWhatWasMissedIsTaughtWhereTheQuizOrTheLawSays(t *testing.T) {
	cited := func(id courses.LessonID, article string) Lesson {
		return Lesson{ID: id, Kind: Article, Blocks: []Block{{Type: Official, Document: DocumentHead{Number: "1/NĐ", Article: article}}}}
	}
	c := Content{Modules: []Module{{Lessons: []Lesson{cited("one", "Điều 1"), cited("two", "Điều 2"), cited("whole", "")}}}}
	p := Paper{Draws: []Draw{{Topic: "A", Lesson: "two"}, {Topic: "B", Difficulty: "easy"}}}
	law := []Reference{{Number: "1/NĐ", Article: "Điều 1"}}
	for _, x := range []struct {
		name  string
		topic string
		cites []Reference
		want  []courses.LessonID
	}{
		{"named by the draw", "A", law, []courses.LessonID{"two"}},
		{"citing the same article, or the document", "B", law, []courses.LessonID{"one", "whole"}},
		{"citing the document", "B", []Reference{{Number: "1/NĐ"}}, []courses.LessonID{"one", "two", "whole"}},
		{"citing another", "B", []Reference{{Number: "2/NĐ"}}, nil},
		{"citing nothing", "B", nil, nil},
	} {
		if got := c.Teaching(p)(x.topic, "easy", x.cites); !slices.Equal(got, x.want) {
			t.Errorf("%s: %v, want %v", x.name, got, x.want)
		}
	}
}
