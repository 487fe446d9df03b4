package catalog

import (
	"fmt"
	"haidang/courses"
	"slices"
	"strings"
)

// Missing is one thing that publishing asks for, or a warning.
type Missing struct {
	Code string // which rule; the front end words it
	Path string // such as "modules[0].lessons[2]"
	Name string // title of the module or lesson, if it has one
}

// AssetFacts is what catalog needs to know of an asset.
type AssetFacts struct {
	Ready      bool
	Failed     bool
	Kind       LessonKind
	Owner      courses.UnitID
	Bytes      int64
	DurationMs int64
	Pages      int
}

// minutesPerTiet is the usual length of a teaching period. It is only used to
// warn: no law fixes it.
const minutesPerTiet = 45

// missing lists what publishing still asks for, in the order of the content.
func missing(c Content, assets map[courses.AssetID]AssetFacts) []Missing {
	var list []Missing
	ask := func(when bool, code, path, name string) {
		if when {
			list = append(list, Missing{Code: code, Path: path, Name: name})
		}
	}
	ask(c.Title == "", "title", "title", "")
	ask(c.Summary == "", "summary", "summary", "")
	ask(c.Knowledge == "", "knowledge", "knowledge", "")
	ask(c.Tiet == 0, "tiet", "tiet", "")
	ask(len(c.Citations) == 0, "citation", "citations", "")
	ask(len(c.Modules) == 0, "module", "modules", "")
	for i, m := range c.Modules {
		at := fmt.Sprintf("modules[%d]", i)
		ask(m.Title == "", "module_title", at, "")
		ask(len(m.Lessons) == 0, "lesson", at, m.Title)
		for j, l := range m.Lessons {
			list = append(list, missingOf(l, fmt.Sprintf("%s.lessons[%d]", at, j), assets)...)
		}
	}
	return list
}

func missingOf(l Lesson, at string, assets map[courses.AssetID]AssetFacts) []Missing {
	var list []Missing
	ask := func(code string) { list = append(list, Missing{Code: code, Path: at, Name: l.Title}) }
	if l.Title == "" {
		ask("lesson_title")
	}
	if l.Minutes == 0 {
		ask("lesson_minutes")
	}
	if l.Kind == Article {
		if !hasText(l.Blocks) {
			ask("article_empty")
		}
		return list
	}
	facts, known := assets[l.Asset]
	switch {
	case !known:
		ask("asset_missing")
	case facts.Failed:
		ask("asset_failed")
	case !facts.Ready:
		ask("asset_not_ready")
	case facts.Kind != l.Kind:
		ask("asset_kind")
	}
	return list
}

func hasText(blocks []Block) bool {
	says := func(runs []Inline) bool {
		return slices.ContainsFunc(runs, func(run Inline) bool { return strings.TrimSpace(run.Text) != "" })
	}
	return slices.ContainsFunc(blocks, func(b Block) bool { return says(b.Text) || slices.ContainsFunc(b.Items, says) })
}

// warnings lists what authors should look at before publishing: citations that
// nobody has verified, and far more tiết declared than the material takes.
func warnings(c Content) []Missing {
	var list []Missing
	for i, citation := range c.Citations {
		if !citation.Verified {
			list = append(list, Missing{Code: "citation", Path: fmt.Sprintf("citations[%d]", i), Name: citation.Number})
		}
	}
	if c.Minutes()*2 < c.Tiet*minutesPerTiet {
		list = append(list, Missing{Code: "tiet", Path: "tiet"})
	}
	return list
}
