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
	Paged      bool // the pages of a document can be shown
	Silent     bool // a film without sound
	Captioned  bool
}

// minutesPerTiet is the usual length of a teaching period. It is only used to
// warn: no law fixes it.
const minutesPerTiet = 45

// missing lists what publishing still asks for, in the order of the content; short
// is how many questions the banks lack for quizzes.
func missing(c Content, assets map[courses.AssetID]AssetFacts, short map[courses.LessonID]int) []Missing {
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
	for i, x := range c.Statements {
		ask(x.Text == "", "statement", fmt.Sprintf("statements[%d]", i), "")
	}
	ask(len(c.Modules) == 0, "module", "modules", "")
	ask(c.onlyPretests(), "only_pretests", "modules", "")
	for i, m := range c.Modules {
		at := fmt.Sprintf("modules[%d]", i)
		ask(m.Title == "", "module_title", at, "")
		ask(len(m.Lessons) == 0, "lesson", at, m.Title)
		for j, l := range m.Lessons {
			path := fmt.Sprintf("%s.lessons[%d]", at, j)
			list = append(list, missingOf(l, path, assets)...)
			ask(l.Kind == Quiz && l.Paper.Size() == 0, "quiz_empty", path, l.Title)
			ask(short[l.ID] > 0, "quiz_short", path, l.Title)
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
	if l.Kind == Quiz {
		return list
	}
	if l.Kind != Article {
		if code := unfit(assets, l.Asset, l.Kind); code != "" {
			ask(code)
		} else if f := assets[l.Asset]; l.Kind == Video && !f.Silent && !f.Captioned {
			ask("captions")
		} else if l.Kind == Document && !f.Paged {
			ask("asset_not_ready")
		}
		return append(list, missingTimed(l, at, assets[l.Asset])...)
	}
	if !slices.ContainsFunc(l.Blocks, func(b Block) bool { return strings.TrimSpace(b.Words()) != "" }) {
		ask("article_empty")
	}
	for i, b := range l.Blocks {
		if code := lacking(b, assets); code != "" {
			list = append(list, Missing{Code: code, Path: fmt.Sprintf("%s.blocks[%d]", at, i), Name: l.Title})
		}
	}
	return list
}

// unfit says why a file cannot be shown as that kind; nothing if it can.
func unfit(assets map[courses.AssetID]AssetFacts, id courses.AssetID, kind LessonKind) string {
	facts, known := assets[id]
	switch {
	case !known:
		return "asset_missing"
	case facts.Failed:
		return "asset_failed"
	case !facts.Ready:
		return "asset_not_ready"
	case facts.Kind != kind:
		return "asset_kind"
	}
	return ""
}

// lacking says what a block still needs; nothing if it is whole.
func lacking(b Block, assets map[courses.AssetID]AssetFacts) string {
	switch b.Type {
	case Picture:
		if b.Alt == "" {
			return "picture_alt"
		}
		return unfit(assets, b.Asset, Image)
	case File:
		return unfit(assets, b.Asset, Document)
	case Question:
		if len(b.Text) == 0 || len(b.Items) < 2 || len(b.Right) == 0 {
			return "question"
		}
	case Official:
		if b.Document.Number == "" {
			return "official"
		}
	}
	return ""
}

// warnings lists what authors should look at before publishing: citations that
// nobody has verified, and far more tiết declared than the material takes, by the
// minutes that they typed or by what the lessons show.
func warnings(c Content, assets map[courses.AssetID]AssetFacts) []Missing {
	var list []Missing
	for i, citation := range c.Citations {
		if !citation.Verified {
			list = append(list, Missing{Code: "citation", Path: fmt.Sprintf("citations[%d]", i), Name: citation.Number})
		}
	}
	if min(c.Minutes(), c.material(assets))*2 < c.Tiet*minutesPerTiet {
		list = append(list, Missing{Code: "tiet", Path: "tiet"})
	}
	return list
}
