package assessment

import (
	"fmt"
	"haidang/courses/catalog"
	"haidang/courses/fields"
	"math"
	"slices"
	"strings"
)

// Bounds of a question.
const (
	MaxOptions  = 20
	MaxGaps     = 9
	maxText     = 4000 // runes
	maxOption   = 1000
	maxAccepted = 20
	maxCites    = 20
	MinArea     = 100    // basis points of a side
	FullSide    = 10_000 // basis points of a side of a picture
)

// checker brings an item to its one form and collects what it refuses.
type checker struct{ fields.Checker }

// Clean gives the item in its one form: text in NFC and trimmed, with its lines where
// it may have several, nothing that its type does not have. It refuses with
// ErrQuestion and names the fields.
func (x Item) Clean() (Item, error) {
	k := &checker{}
	k.Text("topic", &x.Topic, 100)
	k.Text("competency", &x.Competency, 200)
	k.Refuse(!slices.Contains(catalog.Difficulties(), x.Difficulty), "difficulty", "unknown")
	k.Refuse(len(x.Cites) > maxCites, "cites", "too_many")
	x.Cites = slices.Clone(x.Cites)
	for i := range x.Cites {
		k.Text(fmt.Sprintf("cites[%d].number", i), &x.Cites[i].Number, 200)
		k.Text(fmt.Sprintf("cites[%d].article", i), &x.Cites[i].Article, 200)
		k.Refuse(x.Cites[i].Number == "", fmt.Sprintf("cites[%d].number", i), "required")
	}
	x.Question = k.question(x.Question)
	if err := k.Err(ErrQuestion); err != nil {
		return Item{}, err
	}
	return x, nil
}

func (k *checker) question(q Question) Question {
	kept := Question{Type: q.Type, Text: q.Text, Note: q.Note}
	k.Lines("text", &kept.Text, maxText)
	k.Lines("note", &kept.Note, maxText)
	k.Refuse(kept.Text == "", "text", "required")
	switch q.Type {
	case Single, Multiple, Matching, Ordering:
		kept.Options = k.options(q.Type, q.Options)
	case Hotspot:
		kept.Picture = k.picture(q.Picture)
		kept.Options = k.options(q.Type, q.Options)
	case Scenario:
		kept.Scenes = k.scenes(q.Scenes)
	case TrueOr:
		kept.True = q.True
	case Short, Gaps:
		kept.Gaps = k.gaps(q)
	case Numeric:
		kept.Number = q.Number
		k.Text("number.unit", &kept.Number.Unit, 40)
		k.Refuse(!finite(q.Number.Value), "number.value", "range")
		k.Refuse(!finite(q.Number.Tolerance) || q.Number.Tolerance < 0, "number.tolerance", "range")
	case Essay:
		kept.Words, kept.Files, kept.Rubric = q.Words, q.Files, k.essay(q)
	default:
		k.Refuse(true, "type", "unknown")
	}
	return kept
}

func finite(f float64) bool { return !math.IsNaN(f) && math.Abs(f) < 1e15 }

func (k *checker) options(t Type, options []Option) []Option {
	k.Refuse(len(options) < 2, "options", "too_few")
	k.Refuse(len(options) > MaxOptions, "options", "too_many")
	kept := make([]Option, len(options))
	right, seen := 0, map[string]bool{}
	for i, o := range options {
		path := fmt.Sprintf("options[%d]", i)
		k.Text(path+".text", &o.Text, maxOption)
		k.Refuse(o.Text == "", path+".text", "required")
		k.Refuse(seen[o.Text], path+".text", "twice")
		seen[o.Text] = true
		if o.Right {
			right++
		}
		if t == Matching {
			k.Text(path+".match", &o.Match, maxOption)
			k.Refuse(o.Match == "", path+".match", "required")
		} else {
			o.Match = ""
		}
		o.Right = o.Right && (t == Single || t == Multiple || t == Hotspot)
		if t == Hotspot {
			k.Refuse(!o.Area.within(), path+".area", "range")
		} else {
			o.Area = Area{}
		}
		kept[i] = o
	}
	k.Refuse(t == Single && right != 1, "options", "one_right")
	k.Refuse((t == Multiple || t == Hotspot) && right == 0, "options", "none_right")
	return kept
}

func (k *checker) picture(p Picture) Picture {
	k.Refuse(p.Asset == "", "picture.asset", "required")
	k.Text("picture.alt", &p.Alt, maxOption)
	k.Refuse(p.Alt == "", "picture.alt", "required")
	return p
}

// within says that the area lies on the picture and is large enough to be seen.
func (a Area) within() bool {
	return a.X >= 0 && a.Y >= 0 && a.Width >= MinArea && a.Height >= MinArea && a.Width <= FullSide-a.X && a.Height <= FullSide-a.Y
}

func (k *checker) gaps(q Question) []Gap {
	k.Refuse(q.Type == Short && len(q.Gaps) != 1 || len(q.Gaps) == 0, "gaps", "too_few")
	k.Refuse(len(q.Gaps) > MaxGaps, "gaps", "too_many")
	kept := make([]Gap, min(len(q.Gaps), MaxGaps))
	for i, g := range q.Gaps[:len(kept)] {
		path := fmt.Sprintf("gaps[%d]", i)
		if q.Type == Gaps {
			k.Refuse(strings.Count(q.Text, gapMark(i)) != 1, path, "not_in_text")
		}
		k.Refuse(len(g.Accepted) == 0, path, "required")
		k.Refuse(len(g.Accepted) > maxAccepted, path, "too_many")
		g.Accepted = slices.Clone(g.Accepted)
		for j := range g.Accepted {
			at := fmt.Sprintf("%s.accepted[%d]", path, j)
			k.Text(at, &g.Accepted[j], 200)
			k.Refuse(g.Accepted[j] == "", at, "required")
		}
		kept[i] = g
	}
	return kept
}
