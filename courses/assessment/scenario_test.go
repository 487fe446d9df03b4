package assessment

import (
	"errors"
	"fmt"
	"haidang/courses"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// scenes are written as their choices, "points>next": "60>2 0>0" has two, of which
// one leads to the second scene and one to the end.
func scenes(written ...string) []Scene {
	list := make([]Scene, len(written))
	for i, line := range written {
		list[i].Text = fmt.Sprint("cảnh ", i+1)
		for j, choice := range strings.Fields(line) {
			c := Choice{Text: fmt.Sprint("cách ", j+1), Then: "kết quả"}
			if _, err := fmt.Sscanf(choice, "%d>%d", &c.Points, &c.Next); err != nil {
				panic(err)
			}
			list[i].Choices = append(list[i].Choices, c)
		}
	}
	return list
}

// anyScenes draws scenes of which each but the first follows on an earlier one.
func anyScenes(t *rapid.T) []Scene {
	n := rapid.IntRange(1, MaxScenes).Draw(t, "scenes")
	list := make([]Scene, n)
	for i := range list {
		list[i].Text = fmt.Sprint("cảnh ", i+1)
		for j := range rapid.IntRange(minChoices, maxChoices-1).Draw(t, "choices") {
			c := Choice{Text: fmt.Sprint("cách ", j), Then: "kết quả", Points: rapid.IntRange(0, mostPoints).Draw(t, "points")}
			if i+1 < n && rapid.Bool().Draw(t, "goes on") {
				c.Next = rapid.IntRange(i+2, n).Draw(t, "next")
			}
			list[i].Choices = append(list[i].Choices, c)
		}
		if i+1 < n { // the next one is reached in any case
			list[i].Choices = append(list[i].Choices, Choice{Text: "đi tiếp", Then: "kết quả", Points: 1, Next: i + 2})
		} else {
			list[i].Choices[0].Points = max(1, list[i].Choices[0].Points)
		}
	}
	return list
}

func TestAScenarioIsMarkedByItsPath(t *testing.T) {
	// The greedy way 60+10 is worth less than 50+100.
	q := Question{Type: Scenario, Scenes: scenes("60>2 50>3 0>0", "10>0 0>0", "100>0 20>0")}
	plain := q.arrangeScenes(false, nil)
	turned := []int{2, 1, 0, 1, 0, 1, 0}
	for _, c := range []struct {
		order  []int
		chosen []int
		want   int
	}{
		{plain, []int{1, 0}, 100},
		{plain, []int{0, 0}, 46}, // 70 of 150
		{plain, []int{0}, 40},    // it went no further
		{plain, []int{1, 1}, 46},
		{plain, []int{2}, 0},
		{plain, []int{2, 0, 0}, 0}, // the end is the end
		{plain, []int{1, 0, 0, 0}, 100},
		{plain, []int{1, 7}, 33}, // nothing stands there
		{plain, []int{1, -1, 0}, 33},
		{plain, nil, 0},
		{turned, []int{1, 1}, 100},
		{turned, []int{2, 1}, 46},
	} {
		if got := q.score(c.order, Answer{Chosen: c.chosen}); got != c.want {
			t.Errorf("%v in order %v gets %d, want %d", c.chosen, c.order, got, c.want)
		}
	}
	if right := q.Right(turned); !slices.Equal(right.Chosen, []int{1, 1}) {
		t.Errorf("as right is shown %v", right.Chosen)
	}
	if shown := q.ScenesIn(turned)[2].Choices[1]; shown.Points != 100 {
		t.Errorf("the last scene's second choice is shown as %+v", shown)
	}
}

// What no path can get more than, found by going every path, is what is shown.
func TestTheBestPathIsBetterThanEveryOther(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q := Question{Type: Scenario, Text: "x", Scenes: anyScenes(t)[:]}
		if _, err := (Item{Difficulty: "easy", Question: q}).Clean(); err != nil {
			t.Fatal(err)
		}
		order := q.arrangeScenes(true, rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0)))
		points := func(a Answer) (sum int) {
			for _, c := range q.path(order, a) {
				sum += c.Points
			}
			return sum
		}
		best := points(q.Right(order))
		any := Answer{Chosen: rapid.SliceOfN(rapid.IntRange(0, maxChoices-1), 0, MaxScenes).Draw(t, "chosen")}
		if got := points(any); got > best {
			t.Fatalf("%v has %d points, the best path %d", any.Chosen, got, best)
		}
		if got := q.score(order, any); got < 0 || got > Marked || got == Marked && points(any) != best {
			t.Fatalf("%v gets %d", any.Chosen, got)
		}
	})
}

func TestScenesThatLeadNowhereOrInARingAreRefused(t *testing.T) {
	with := func(change func([]Scene)) []Scene {
		list := scenes("10>2 0>0", "10>0 0>0")
		change(list)
		return list
	}
	for _, c := range []struct {
		name   string
		scenes []Scene
		want   courses.Field
	}{
		{"none", nil, courses.Field{Path: "scenes", Code: "too_few"}},
		{"too many", make([]Scene, MaxScenes+1), courses.Field{Path: "scenes", Code: "too_many"}},
		{"a scene that leads to itself", scenes("10>1 0>0"), courses.Field{Path: "scenes[0].choices[0].next", Code: "cycle"}},
		{"a ring", scenes("10>2 0>0", "10>3 0>0", "10>0 0>2"), courses.Field{Path: "scenes[2].choices[1].next", Code: "cycle"}},
		{"a scene that no way leads to", scenes("10>0 0>3", "10>0 0>0", "10>0 0>0"), courses.Field{Path: "scenes[1]", Code: "unreachable"}},
		{"scenes that only lead to each other", scenes("10>0 0>0", "10>3 0>0", "10>2 0>0"), courses.Field{Path: "scenes[2]", Code: "unreachable"}},
		{"a scene that is none", scenes("10>2 0>0"), courses.Field{Path: "scenes[0].choices[0].next", Code: "unknown"}},
		{"a scene before the first", scenes("10>-1 0>0"), courses.Field{Path: "scenes[0].choices[0].next", Code: "unknown"}},
		{"nothing to be got", scenes("0>0 0>2", "0>0 0>0"), courses.Field{Path: "scenes", Code: "no_points"}},
		{"one way on", scenes("10>2", "10>0 0>0"), courses.Field{Path: "scenes[0].choices", Code: "too_few"}},
		{"seven ways on", scenes("1>0 1>0 1>0 1>0 1>0 1>0 1>0"), courses.Field{Path: "scenes[0].choices", Code: "too_many"}},
		{"too many points", scenes("101>0 0>0"), courses.Field{Path: "scenes[0].choices[0].points", Code: "range"}},
		{"points below nothing", scenes("10>0 -1>0"), courses.Field{Path: "scenes[0].choices[1].points", Code: "range"}},
		{"a scene without words", with(func(l []Scene) { l[1].Text = " \n " }), courses.Field{Path: "scenes[1].text", Code: "required"}},
		{"a choice without words", with(func(l []Scene) { l[0].Choices[1].Text = "" }), courses.Field{Path: "scenes[0].choices[1].text", Code: "required"}},
		{"a choice without a consequence", with(func(l []Scene) { l[1].Choices[0].Then = "" }), courses.Field{Path: "scenes[1].choices[0].then", Code: "required"}},
		{"a choice twice", with(func(l []Scene) { l[0].Choices[1].Text = "cách  1" }), courses.Field{Path: "scenes[0].choices[1].text", Code: "twice"}},
	} {
		_, err := Item{Difficulty: "easy", Question: Question{Type: Scenario, Text: "x", Scenes: c.scenes}}.Clean()
		var refusal *courses.Error
		if !errors.As(err, &refusal) || !slices.Contains(refusal.Fields, c.want) {
			t.Errorf("%s: it gives %v, want %v", c.name, err, c.want)
		}
	}
	// Two ways to one scene are no ring.
	if _, err := (Item{Difficulty: "easy", Question: Question{Type: Scenario, Text: "x", Scenes: scenes("10>2 0>3", "10>3 0>0", "10>0 0>0")}}).Clean(); err != nil {
		t.Error(err)
	}
}

func TestPlacesOnAPictureAreMarkedAndChecked(t *testing.T) {
	area := func(x, y, width, height int) []Option {
		return []Option{{Text: "a", Right: true, Area: Area{x, y, width, height}}, {Text: "b", Area: Area{0, 0, 10_000, 10_000}}, {Text: "c", Right: true, Area: Area{100, 100, 100, 100}}}
	}
	q := Question{Type: Hotspot, Text: "x", Picture: Picture{"p", "mẫu"}, Options: area(9_000, 9_900, 1_000, 100)}
	for chosen, want := range map[*[]int]int{{0, 2}: 100, {2}: 50, {0, 1}: 0, {0, 1, 2}: 50, {}: 0} {
		if got := q.score([]int{0, 1, 2}, Answer{Chosen: *chosen}); got != want {
			t.Errorf("%v gets %d, want %d", *chosen, got, want)
		}
	}
	a := Attempt{Slots: []Slot{{Item: "x", Number: 1, Order: []int{2, 0, 1}}}, Given: map[int]Given{0: {Answer: Answer{Chosen: []int{0, 2}}}}}
	a = a.mark([]Question{q}, noon)
	if f := a.counts([]Question{q})[Ref{"x", 1}]; !slices.Equal(f.Chosen, []int{0, 1, 1}) {
		t.Errorf("counted is %v", f.Chosen)
	}
	for _, c := range []struct {
		name string
		q    Question
		want courses.Field
	}{
		{"good", q, courses.Field{}},
		{"no picture", Question{Picture: Picture{Alt: "x"}, Options: q.Options}, courses.Field{Path: "picture.asset", Code: "required"}},
		{"a picture without words", Question{Picture: Picture{Asset: "x"}, Options: q.Options}, courses.Field{Path: "picture.alt", Code: "required"}},
		{"none is right", Question{Options: []Option{{Text: "a"}, {Text: "b"}}}, courses.Field{Path: "options", Code: "none_right"}},
		{"one place", Question{Options: q.Options[:1]}, courses.Field{Path: "options", Code: "too_few"}},
		{"over the right edge", Question{Options: area(9_001, 0, 1_000, 100)}, courses.Field{Path: "options[0].area", Code: "range"}},
		{"below the lower edge", Question{Options: area(0, 9_901, 1_000, 100)}, courses.Field{Path: "options[0].area", Code: "range"}},
		{"before the left edge", Question{Options: area(-1, 0, 1_000, 100)}, courses.Field{Path: "options[0].area", Code: "range"}},
		{"a line", Question{Options: area(0, 0, 1_000, 99)}, courses.Field{Path: "options[0].area", Code: "range"}},
	} {
		c.q.Type, c.q.Text = Hotspot, "x"
		_, err := Item{Difficulty: "easy", Question: c.q}.Clean()
		var refusal *courses.Error
		if c.want == (courses.Field{}) {
			if err != nil {
				t.Errorf("%s: it gives %v", c.name, err)
			}
		} else if !errors.As(err, &refusal) || !slices.Contains(refusal.Fields, c.want) {
			t.Errorf("%s: it gives %v, want %v", c.name, err, c.want)
		}
	}
}

func TestQuestionsKeepTheirLines(t *testing.T) {
	x, err := Item{Difficulty: "easy", Question: Question{Type: TrueOr, Text: " Một \r\n\n\n  hai\tba \n", Note: "bốn\nnăm"}}.Clean()
	if err != nil || x.Question.Text != "Một\n\nhai ba" || x.Question.Note != "bốn\nnăm" {
		t.Errorf("cleaned are %q and %q, %v", x.Question.Text, x.Question.Note, err)
	}
}
