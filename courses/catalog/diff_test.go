package catalog

import (
	"fmt"
	"haidang/courses"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func textBlock(text string, marks ...Mark) Block {
	return Block{Type: "paragraph", Text: []Inline{{Text: text, Marks: marks}}}
}

func TestADiffShowsExactlyTheChange(t *testing.T) {
	was := Content{
		Title: "Chứng thực", Tiet: 4, Citations: []Citation{{Number: "23/2015/NĐ-CP"}},
		Modules: []Module{{ID: "m", Title: "Một", Lessons: []Lesson{
			{ID: "a", Title: "Bài một", Minutes: 5, Blocks: []Block{textBlock("Đầu"), textBlock("Giữa"), textBlock("Cuối")}},
			{ID: "b", Title: "Bài hai", Minutes: 5, Blocks: []Block{textBlock("Bỏ đi")}},
		}}},
	}
	is := Content{
		Title: "Chứng thực", Tiet: 4, Citations: []Citation{{Number: "280/2025/NĐ-CP"}},
		Modules: []Module{{ID: "m", Title: "Một", Lessons: []Lesson{
			{ID: "a", Title: "Bài một", Minutes: 5, Blocks: []Block{textBlock("Đầu"), textBlock("Giữa, đã sửa"), textBlock("Cuối", Mark{Type: "bold"})}},
			{ID: "c", Title: "Bài ba", Minutes: 1},
		}}},
	}
	got := ""
	for _, s := range Diff(was, is) {
		got += fmt.Sprintf("[%s %s]\n", s.Lesson, s.Title)
		for _, l := range s.Lines {
			got += fmt.Sprintf("%s %s: %s\n", l.Op, l.Field, l.Text)
		}
	}
	want := `[ Chứng thực]
same tiet: 4
removed citation: 23/2015/NĐ-CP
added citation: 280/2025/NĐ-CP
same lesson: Bài một
removed lesson: Bài hai
added lesson: Bài ba
[a Bài một]
same text: Đầu
removed text: Giữa
removed text: Cuối
added text: Giữa, đã sửa
added text: Cuối
[c Bài ba]
added title: Bài ba
added minutes: 1
[b Bài hai]
removed title: Bài hai
removed minutes: 5
removed text: Bỏ đi
`
	if got != want {
		t.Errorf("the diff is\n%s\nwant\n%s", got, want)
	}
	if same := Diff(is, is); len(same) != 0 {
		t.Errorf("a content differs from itself in %+v", same)
	}
}

func TestADiffLeadsFromTheOneToTheOther(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		texts := rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "c", "d"}), 0, 12)
		was, is := texts.Draw(t, "was"), texts.Draw(t, "is")
		lesson := func(list []string) Content {
			l := Lesson{ID: courses.LessonID("l"), Title: "T"}
			for _, text := range list {
				l.Blocks = append(l.Blocks, textBlock(text))
			}
			return Content{Modules: []Module{{Lessons: []Lesson{l}}}}
		}
		var removed, added []string
		for _, s := range Diff(lesson(was), lesson(is)) {
			for _, l := range s.Lines {
				switch l.Op {
				case Removed:
					removed = append(removed, l.Text)
				case Added:
					added = append(added, l.Text)
				}
			}
		}
		// What is left of the one without the removed is what is left of the other
		// without the added, and no shorter than it could be.
		if len(was)-len(removed) != len(is)-len(added) || len(was)-len(removed) != common(was, is) {
			t.Fatalf("from %v to %v: removed %v, added %v; %d lines are common", was, is, removed, added, common(was, is))
		}
		if slices.Equal(was, is) != (len(removed)+len(added) == 0) {
			t.Fatalf("from %v to %v: removed %v, added %v", was, is, removed, added)
		}
	})
}

// TestALongDiffTakesNoMoreThanItMay compares what would need 10 GB.
func TestALongDiffTakesNoMoreThanItMay(t *testing.T) {
	long := func(word string) []Line {
		lines := make([]Line, 50_000)
		for i := range lines {
			lines[i] = plain(TextField, fmt.Sprint(word, i))
		}
		return lines
	}
	if got := changes(long("a"), long("b")); len(got) != 100_000 {
		t.Errorf("%d lines differ", len(got))
	}
	if got := changes(long("a"), append(long("a"), plain(TextField, "new"))); len(got) != 2 {
		t.Errorf("%d lines differ by one at the end", len(got))
	}
}

// common is the length of the longest common subsequence, as its definition says.
func common(a, b []string) int {
	if len(a) == 0 || len(b) == 0 {
		return 0
	}
	if a[0] == b[0] {
		return 1 + common(a[1:], b[1:])
	}
	return max(common(a[1:], b), common(a, b[1:]))
}

func TestTheDeltaIsWhatSaysSomethingElse(t *testing.T) {
	lesson := func(id courses.LessonID, title, text string, minutes int) Lesson {
		return Lesson{ID: id, Kind: Article, Title: title, Minutes: minutes, Blocks: []Block{paragraph(Inline{Text: text})}}
	}
	of := func(lessons ...Lesson) Content { return Content{Modules: []Module{{Lessons: lessons}}} }
	was := of(lesson("a", "A", "một", 5), lesson("b", "B", "hai", 5), Lesson{ID: "f", Kind: Video, Asset: "film"})
	is := of(
		lesson("c", "C", "ba", 5), lesson("a", "A khác", "một", 9), lesson("b", "B", "hai, sửa", 5), Lesson{ID: "f", Kind: Video, Asset: "other"},
	)
	var ids []courses.LessonID
	for _, l := range Delta(was, is) {
		ids = append(ids, l.ID)
	}
	if !slices.Equal(ids, []courses.LessonID{"c", "b", "f"}) {
		t.Errorf("the delta is %v", ids)
	}
	named := lesson("a", "A", "một", 5)
	named.Blocks[0].ID = "moved"
	if got := Delta(of(lesson("a", "A", "một", 5)), of(named)); len(got) != 0 {
		t.Errorf("an id alone makes a delta of %v", got)
	}
}
