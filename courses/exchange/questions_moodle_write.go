package exchange

import (
	"encoding/xml"
	"haidang/courses/assessment"
	"html"
	"io"
	"strconv"
	"strings"
)

// moodleKinds are Moodle's names of the types.
var moodleKinds = map[assessment.Type]string{
	assessment.Single: "multichoice", assessment.Multiple: "multichoice", assessment.TrueOr: "truefalse", assessment.Short: "shortanswer",
	assessment.Numeric: "numerical", assessment.Matching: "matching", assessment.Ordering: "ordering", assessment.Gaps: "cloze",
}

// WriteMoodleXML writes items for Moodle: the topic as a category; no difficulty
// and no cites, which it does not have. Ordering needs its plugin. Of what it does not
// hold, rubrics, hotspots and scenarios, a comment says what was left out. Read again,
// the other questions are the same, with gaps numbered as they stand.
func WriteMoodleXML(w io.Writer, items []assessment.Item) error {
	m := moodleWriter{newTextWriter(w)}
	m.put(xml.Header + "<quiz>\n")
	topic := ""
	for _, x := range items {
		if x.Question.Type == assessment.Essay {
			m.put("<!-- left out, as its rubric has no place here (essay): ", strings.ReplaceAll(excerpt(x.Question.Text), "-", "‑"), " -->\n")
			continue
		}
		if x.Topic != topic {
			topic = x.Topic
			m.put("<question type=\"category\"><category><text>", xmlText(categoryOf(topic)), "</text></category></question>\n")
		}
		m.question(x.Question)
	}
	m.put("</quiz>\n")
	return m.end()
}

type moodleWriter struct{ textWriter }

func xmlText(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a Builder never fails
	return b.String()
}

// rich writes an element whose text is HTML.
func (m moodleWriter) rich(name, attrs, markup string) {
	m.put("  <", name, attrs, ` format="html"><text>`, xmlText(markup), "</text></", name, ">\n")
}

// plain writes an answer whose text is plain.
func (m moodleWriter) plain(fraction, text, more string) {
	m.put(`  <answer fraction="`, fraction, `" format="moodle_auto_format"><text>`, xmlText(text), "</text>", more, "</answer>\n")
}

func (m moodleWriter) question(q assessment.Question) {
	if moodleKinds[q.Type] == "" {
		text := strings.ReplaceAll(excerpt(q.Text), "--", "‐‐") // which would end the comment
		m.put("<!-- Moodle has no such type (", string(q.Type), "): ", text, " -->\n")
		return
	}
	m.put(`<question type="`, moodleKinds[q.Type], "\">\n  <name><text>", xmlText(excerpt(q.Text)), "</text></name>\n")
	text := markup(q.Text)
	if q.Type == assessment.Gaps {
		text = clozeText(q)
	}
	m.rich("questiontext", "", text)
	if q.Note != "" {
		m.rich("generalfeedback", "", markup(q.Note))
	}
	m.put("  <defaultgrade>1</defaultgrade>\n")
	switch q.Type {
	case assessment.Single, assessment.Multiple:
		m.choices(q)
	case assessment.TrueOr:
		m.plain(share(q.True), "true", "")
		m.plain(share(!q.True), "false", "")
	case assessment.Short:
		m.short(q)
	case assessment.Numeric:
		m.plain("100", writeNumber(q.Number.Value), "<tolerance>"+writeNumber(q.Number.Tolerance)+"</tolerance>")
		if q.Number.Unit != "" {
			m.put("  <units><unit><multiplier>1</multiplier><unit_name>", xmlText(q.Number.Unit), "</unit_name></unit></units>\n")
		}
	case assessment.Matching:
		m.put("  <shuffleanswers>true</shuffleanswers>\n")
		for _, o := range q.Options {
			m.put(`  <subquestion format="html"><text>`, xmlText(html.EscapeString(o.Text)), "</text><answer><text>", xmlText(o.Match), "</text></answer></subquestion>\n")
		}
	case assessment.Ordering:
		for i, o := range q.Options {
			m.rich("answer", ` fraction="`+strconv.Itoa(i+1)+`"`, html.EscapeString(o.Text))
		}
	}
	m.put("</question>\n")
}

func (m moodleWriter) choices(q assessment.Question) {
	m.put("  <single>", strconv.FormatBool(q.Type == assessment.Single), "</single>\n  <shuffleanswers>true</shuffleanswers>\n  <answernumbering>ABCD</answernumbering>\n")
	shares := sharesOf(q)
	for i, o := range q.Options {
		m.rich("answer", ` fraction="`+shares[i]+`"`, html.EscapeString(o.Text))
	}
}

func (m moodleWriter) short(q assessment.Question) {
	for _, gap := range q.Gaps {
		usecase := map[bool]string{true: "1", false: "0"}[gap.Exact]
		m.put("  <usecase>", usecase, "</usecase>\n")
		for _, words := range gap.Accepted {
			m.plain("100", starred(words), "")
		}
	}
}

func share(right bool) string {
	if right {
		return "100"
	}
	return "0"
}

// sharesOf is what each option is worth in percent. Of several right ones each is
// worth its part, and a wrong one costs as much.
func sharesOf(q assessment.Question) []string {
	right := 0
	for _, o := range q.Options {
		if o.Right {
			right++
		}
	}
	list := make([]string, len(q.Options))
	for i, o := range q.Options {
		list[i] = share(o.Right)
		if q.Type == assessment.Multiple && right > 0 {
			part := strings.TrimRight(strings.TrimRight(strconv.FormatFloat(100/float64(right), 'f', 5, 64), "0"), ".")
			list[i] = map[bool]string{true: "", false: "-"}[o.Right] + part
		}
	}
	return list
}
