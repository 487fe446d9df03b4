package exchange

import (
	"bytes"
	"haidang/courses/assessment"
	"slices"
	"strconv"
	"strings"
)

// moodle reads the XML in which Moodle exports its question bank. The fraction of
// an answer, in percent, says how right it is. Short answers that mind capitals
// mind marks here.
func (g *gathering) moodle(data []byte) error {
	row := 0
	return eachElement(bytes.NewReader(data), "quiz", false, func(n *node) error {
		if n.name != "question" {
			return nil
		}
		kind := n.attr("type")
		if kind == "category" {
			g.topic = topicOf(string(n.at("category", "text").text))
			return nil
		}
		row++
		r := moodleReader{kind: kind, n: n}
		wrong := r.read()
		if r.picture && wrong.code != RefusedType {
			wrong = flaw{RefusedPicture, r.pictured}
		}
		return g.take(row, string(n.at("name", "text").text), assessment.Item{Question: r.q}, wrong)
	})
}

// moodleReader reads one question.
type moodleReader struct {
	kind     string
	n        *node
	q        assessment.Question
	picture  bool
	pictured string // the field that has the first picture
}

func (r *moodleReader) read() flaw {
	cloze := r.kind == "cloze" || r.kind == "multianswer"
	r.q.Note = r.text(r.n.child("generalfeedback"), "note")
	if !cloze {
		r.q.Text = r.text(r.n.child("questiontext"), "text")
	}
	switch r.kind {
	case "multichoice":
		return r.choices()
	case "truefalse":
		return r.truth()
	case "shortanswer":
		return r.short()
	case "numerical":
		return r.number()
	case "matching", "match":
		return r.matching()
	case "ordering":
		return r.ordering()
	case "cloze", "multianswer":
		return r.cloze()
	case "gapselect", "ddwtos":
		return r.selected()
	case "essay":
		return flaw{RefusedRubric, "rubric"}
	}
	return flaw{RefusedType, "type"}
}

// text is the text of an element that has a format.
func (r *moodleReader) text(n *node, field string) string {
	return r.said(string(n.child("text").text), n.attr("format"), field)
}

func (r *moodleReader) said(raw, format, field string) string {
	text, picture := formatted(raw, format)
	if picture && !r.picture {
		r.picture, r.pictured = true, field
	}
	return text
}

// answers gives the answers and their fractions.
func (r *moodleReader) answers() (list []*node, fractions []float64, wrong flaw) {
	for _, n := range r.n.children {
		if n.name != "answer" {
			continue
		}
		fraction, known := 0.0, true
		if said := n.attr("fraction"); said != "" {
			fraction, known = parseNumber(said)
		}
		if !known {
			return nil, nil, flaw{RefusedNumber, "options"}
		}
		list, fractions = append(list, n), append(fractions, fraction)
	}
	return list, fractions, flaw{}
}

func (r *moodleReader) choices() flaw {
	r.q.Type = assessment.Single
	if single := strings.TrimSpace(string(r.n.child("single").text)); single == "false" || single == "0" {
		r.q.Type = assessment.Multiple
	}
	list, fractions, wrong := r.answers()
	for i, n := range list {
		whole, partly := wholeShare(fractions[i])
		if r.q.Type == assessment.Single && partly {
			wrong = flaw{RefusedPartial, "options"}
		}
		r.q.Options = append(r.q.Options, assessment.Option{Text: r.text(n, "options"), Right: whole || partly})
	}
	return wrong
}

func (r *moodleReader) truth() flaw {
	r.q.Type = assessment.TrueOr
	list, fractions, wrong := r.answers()
	if wrong != (flaw{}) {
		return wrong
	}
	for i, n := range list {
		if fractions[i] <= 0 {
			continue
		}
		truth, known := truths[word(string(n.child("text").text))]
		if !known {
			return flaw{RefusedRight, "right"}
		}
		r.q.True = truth
		return flaw{}
	}
	return flaw{RefusedNoRight, "right"}
}

func (r *moodleReader) short() flaw {
	r.q.Type = assessment.Short
	list, fractions, wrong := r.answers()
	if wrong != (flaw{}) {
		return wrong
	}
	gap := assessment.Gap{Exact: strings.TrimSpace(string(r.n.child("usecase").text)) == "1"}
	for i, n := range list {
		if wrong := accept(&gap, string(n.child("text").text), fractions[i]); wrong != (flaw{}) {
			return wrong
		}
	}
	if len(gap.Accepted) == 0 {
		return flaw{RefusedNoRight, "gaps"}
	}
	r.q.Gaps = []assessment.Gap{gap}
	return flaw{}
}

func (r *moodleReader) number() flaw {
	r.q.Type = assessment.Numeric
	list, fractions, wrong := r.answers()
	if wrong != (flaw{}) {
		return wrong
	}
	right := 0
	for i, n := range list {
		whole, partly := wholeShare(fractions[i])
		switch {
		case partly:
			return flaw{RefusedPartial, "number"}
		case !whole:
			continue
		}
		right++
		value, known := parseNumber(string(n.child("text").text))
		tolerance, bounded := 0.0, true
		if said := strings.TrimSpace(string(n.child("tolerance").text)); said != "" {
			tolerance, bounded = parseNumber(said)
		}
		if !known || !bounded {
			return flaw{RefusedNumber, "number"}
		}
		r.q.Number.Value, r.q.Number.Tolerance = value, tolerance
	}
	switch right {
	case 0:
		return flaw{RefusedNoRight, "number"}
	case 1:
		r.q.Number.Unit = r.unit()
		return flaw{}
	}
	return flaw{RefusedOneRight, "number"}
}

// unit is the one that the number is in.
func (r *moodleReader) unit() string {
	for _, n := range r.n.child("units").children {
		if times, known := parseNumber(string(n.child("multiplier").text)); known && times == 1 {
			return string(n.child("unit_name").text)
		}
	}
	return ""
}

func (r *moodleReader) matching() flaw {
	r.q.Type = assessment.Matching
	for _, n := range r.n.children {
		if n.name != "subquestion" {
			continue
		}
		o := assessment.Option{Text: r.text(n, "options"), Match: string(n.at("answer", "text").text)}
		if strings.TrimSpace(o.Text) == "" {
			return flaw{RefusedExtra, "options"}
		}
		r.q.Options = append(r.q.Options, o)
	}
	return flaw{}
}

// ordering reads the question type of that plugin: the fraction of an answer is
// its place.
func (r *moodleReader) ordering() flaw {
	r.q.Type = assessment.Ordering
	list, places, wrong := r.answers()
	order := make([]int, len(list))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case places[a] < places[b]:
			return -1
		case places[a] > places[b]:
			return 1
		}
		return 0
	})
	for _, i := range order {
		r.q.Options = append(r.q.Options, assessment.Option{Text: r.text(list[i], "options")})
	}
	return wrong
}

// selected reads words that are chosen or dragged into a text. Its [[n]] names an
// option; ours numbers the gap.
func (r *moodleReader) selected() flaw {
	r.q.Type = assessment.Gaps
	var words []string
	for _, n := range r.n.children {
		if n.name == "selectoption" || n.name == "dragbox" {
			words = append(words, r.text(n, "gaps"))
		}
	}
	wrong := flaw{}
	r.q.Text = optionMark.ReplaceAllStringFunc(r.q.Text, func(mark string) string {
		named, err := strconv.Atoi(strings.Trim(mark, "[]"))
		if err != nil || named < 1 || named > len(words) {
			wrong = flaw{RefusedRight, "gaps"}
			return mark
		}
		r.q.Gaps = append(r.q.Gaps, assessment.Gap{Accepted: []string{words[named-1]}})
		return gapText(len(r.q.Gaps))
	})
	return wrong
}
