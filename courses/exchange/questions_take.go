package exchange

import (
	"encoding/xml"
	"errors"
	"fmt"
	"haidang/courses"
	"haidang/courses/assessment"
	"haidang/courses/vietnamese"
	"io"
	"strings"
	"unicode/utf8"
)

// flaw is why a question is not taken; the empty one is none.
type flaw struct{ code, field string }

// gathering collects what a file gives.
type gathering struct {
	found Questions
	topic string // of the questions that follow and name none
}

// take keeps the item or lists it as refused. It refuses with ErrQuestionsSize
// when there are too many.
func (g *gathering) take(row int, name string, item assessment.Item, wrong flaw) error {
	if len(g.found.Items)+len(g.found.Refused) >= mostQuestions {
		return ErrQuestionsSize
	}
	if item.Topic == "" {
		item.Topic = g.topic
	}
	if item.Difficulty == "" {
		item.Difficulty = "medium"
	}
	if wrong == (flaw{}) {
		wrong = flawOf(item.Question)
	}
	if wrong == (flaw{}) {
		wrong = tooLong(item)
	}
	if strings.TrimSpace(name) == "" {
		name = item.Question.Text
	}
	if wrong == (flaw{}) {
		var err error
		item, err = item.Clean()
		if wrong, err = cleanFlaw(err); err != nil {
			return err
		}
	}
	if wrong != (flaw{}) {
		g.found.Refused = append(g.found.Refused, RefusedQuestion{Row: row, Name: excerpt(name), Code: wrong.code, Field: wrong.field})
		return nil
	}
	g.found.Items = append(g.found.Items, ReadItem{Row: row, Item: item})
	return nil
}

// flawOf finds what is told apart here and not by the domain, and lists that are
// too long to look at each of their members.
func flawOf(q assessment.Question) flaw {
	right := 0
	for _, o := range q.Options {
		if o.Right {
			right++
		}
	}
	switch {
	case len(q.Options) > assessment.MaxOptions:
		return flaw{refusedMany, "options"}
	case len(q.Gaps) > assessment.MaxGaps:
		return flaw{refusedMany, "gaps"}
	case (q.Type == assessment.Single || q.Type == assessment.Multiple) && len(q.Options) > 1 && right == 0:
		return flaw{RefusedNoRight, "options"}
	}
	return flaw{}
}

// tooLong finds texts that are too long however they are written, before anything
// is done with them that costs time.
func tooLong(x assessment.Item) flaw {
	q := x.Question
	switch {
	case len(x.Topic) > 2_000:
		return flaw{refusedLong, "topic"}
	case len(q.Text) > mostTextBytes:
		return flaw{refusedLong, "text"}
	case len(q.Note) > mostTextBytes:
		return flaw{refusedLong, "note"}
	}
	for _, o := range q.Options {
		if len(o.Text)+len(o.Match) > mostTextBytes {
			return flaw{refusedLong, "options"}
		}
	}
	for _, c := range q.Rubric {
		for _, level := range c.Levels {
			if len(c.Name)+len(level.Text) > mostTextBytes {
				return flaw{refusedLong, "rubric"}
			}
		}
	}
	for _, gap := range q.Gaps {
		for _, words := range gap.Accepted {
			if len(words) > mostTextBytes/10 {
				return flaw{refusedLong, "gaps"}
			}
		}
		if len(gap.Accepted) > 100 {
			return flaw{refusedMany, "gaps"}
		}
	}
	return flaw{}
}

// cleanFlaw is the first thing that Item.Clean refused.
func cleanFlaw(err error) (flaw, error) {
	var refusal *courses.Error
	switch {
	case err == nil:
		return flaw{}, nil
	case !errors.As(err, &refusal):
		return flaw{}, fmt.Errorf("check a question: %w", err)
	case len(refusal.Fields) == 0:
		return flaw{code: RefusedUnreadable}, nil
	}
	first := refusal.Fields[0]
	switch {
	case first.Path == "type":
		first.Code = RefusedType
	case first.Path == "difficulty":
		first.Code = RefusedDifficulty
	case strings.HasSuffix(first.Path, ".area"):
		first = courses.Field{Path: "options", Code: RefusedArea}
	case first.Code == "range":
		first.Code = RefusedNumber
	case first.Code == "none_right":
		first.Code = RefusedNoRight
	}
	return flaw{first.Code, first.Path}, nil
}

// excerpt is how a text begins, in at most 80 characters.
func excerpt(s string) string {
	if len(s) > 1000 {
		s = s[:1000]
	}
	cleaned, err := vietnamese.Clean(s)
	if err != nil { // a font's encoding: as it stands, it is at least the writer's
		cleaned = strings.Join(strings.Fields(strings.ToValidUTF8(s, "")), " ")
	}
	if utf8.RuneCountInString(cleaned) > 80 {
		cleaned = string([]rune(cleaned)[:79]) + "…"
	}
	return cleaned
}

// eachElement has see look at the elements of an XML file as archive.each does;
// with mixed, text is a child of its own.
func eachElement(r io.Reader, parent string, mixed bool, see func(*node) error) error {
	g := grower{in: xml.NewDecoder(r), parent: parent, see: see, mixed: mixed}
	return g.grow(func(err error) error {
		if errors.Is(err, ErrUnpacked) {
			return ErrUnpacked
		}
		return ErrCorrupt
	})
}
