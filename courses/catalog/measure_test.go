package catalog

import (
	"haidang/courses"
	"slices"
	"testing"
)

// measurable is a course with a picture that stands in two lessons, a film in
// three forms, a recording and a document.
func measurable() (Content, map[courses.AssetID]AssetFacts, map[courses.AssetID]Forms) {
	picture := Block{Type: Picture, Asset: "pic", Text: []Inline{{Text: "Sơ đồ"}}}
	content := Content{Tiet: 2, Modules: []Module{{Lessons: []Lesson{
		{ID: "a", Kind: Article, Blocks: []Block{paragraph(Inline{Text: "chữ"}), picture, picture, {Type: File, Asset: "paper"}}},
		{ID: "b", Kind: Article, Blocks: []Block{picture, {Type: Question, Note: "vì"}}},
		{ID: "v", Kind: Video, Asset: "film"},
	}}, {Lessons: []Lesson{
		{ID: "s", Kind: Audio, Asset: "sound"},
		{ID: "d", Kind: Document, Asset: "paper"},
		{ID: "e", Kind: Article},
		{ID: "n", Kind: Video},
	}}}}
	facts := map[courses.AssetID]AssetFacts{
		"pic":   {Kind: Image, Bytes: 9_000},
		"film":  {Kind: Video, Bytes: 90_000, DurationMs: 61_000},
		"sound": {Kind: Audio, Bytes: 7_000, DurationMs: 60_000},
		"paper": {Kind: Document, Bytes: 500, Pages: 3},
	}
	forms := map[courses.AssetID]Forms{
		"pic":   {List: []Form{{Width: 480, Bytes: 40}, {Width: 960, Bytes: 90}, {Width: 1600, Bytes: 160}, {Width: 2000, Bytes: 200}}},
		"film":  {List: []Form{{Height: 240, Bytes: 2_400}, {Bytes: 600}, {Height: 480, Bytes: 4_800}, {Height: 720, Bytes: 7_200}}, Complete: true},
		"sound": {List: []Form{{Bytes: 700}}, Complete: true},
	}
	return content, facts, forms
}

func TestALessonWeighsWhatADeviceLoadsAndTakesWhatItShows(t *testing.T) {
	content, facts, forms := measurable()
	got := measure(content, facts, forms)
	want := []Measure{
		{"a", 1, Load{5 + 2*9 + 90, 5 + 2*9 + 160, 5 + 2*9 + 90}, 500}, // the picture once
		{"b", 1, Load{9 + 3 + 90, 9 + 3 + 160, 9 + 3 + 90}, 0},
		{"v", 2, Load{4_800, 4_800, 4_800}, 0},
		{"s", 1, Load{700, 700, 700}, 0},
		{"d", 6, Load{500, 500, 500}, 0},
		{"e", 0, Load{}, 0},
		{"n", 0, Load{}, 0},
	}
	if !slices.Equal(got.Lessons, want) {
		t.Errorf("lessons: %+v\nwant %+v", got.Lessons, want)
	}
	// The picture, in two lessons, is loaded once.
	if want := (Load{6_125, 6_195, 6_125}); got.Load != want || got.Attached != 500 || got.Minutes != 11 || got.Declared != 90 {
		t.Errorf("the course: %+v, want %+v", got, want)
	}
}

func TestAFileIsLoadedInTheFormThatFits(t *testing.T) {
	const source = 9
	forms := func(complete bool, list ...Form) Forms { return Forms{List: list, Complete: complete} }
	low, sound, middle, high := Form{Height: 240, Bytes: 240}, Form{Bytes: 1}, Form{Height: 480, Bytes: 480}, Form{Height: 720, Bytes: 720}
	for _, c := range []struct {
		name  string
		kind  LessonKind
		forms Forms
		want  int64
	}{
		{"a film before it has forms", Video, forms(false), source},
		{"a film of which only low forms are made yet", Video, forms(false, low, sound), source},
		{"a film that is low itself", Video, forms(true, low, sound), 240},
		{"a film with all forms", Video, forms(true, low, sound, middle, high), 480},
		{"a film with its forms the other way round", Video, forms(true, high, middle, sound, low), 480},
		{"a recording before it has one", Audio, forms(false), source},
		{"a recording", Audio, forms(true, sound), 1},
	} {
		s := newScale(map[courses.AssetID]AssetFacts{"x": {Kind: c.kind, Bytes: source}}, map[courses.AssetID]Forms{"x": c.forms})
		if got := s.played("x"); got != c.want {
			t.Errorf("%s: %d bytes, want %d", c.name, got, c.want)
		}
	}
	for _, c := range []struct {
		name   string
		widths []int
		want   Load
	}{
		{"a picture before it has forms", nil, Load{source, source, source}},
		{"a narrow picture", []int{300}, Load{300, 300, 300}},
		{"a picture that fits exactly", []int{480, 672, 720, 1344}, Load{720, 1344, 672}},
		{"a picture that is too narrow for a tablet", []int{480, 960, 1200}, Load{960, 1200, 960}},
	} {
		var list []Form
		for _, width := range c.widths {
			list = append(list, Form{Width: width, Bytes: int64(width)})
		}
		slices.Reverse(list) // their order says nothing
		s := newScale(map[courses.AssetID]AssetFacts{"x": {Bytes: source}}, map[courses.AssetID]Forms{"x": {List: list}})
		if got := s.picture("x"); got != c.want {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
	}
}
