package exchange

import (
	"encoding/xml"
	"fmt"
	"haidang/courses/assessment"
	"slices"
	"strconv"
	"strings"
)

// qtiWriter writes elements; a Builder never fails.
type qtiWriter struct {
	strings.Builder
	picture QuestionPicture // of a hotspot
}

func (w *qtiWriter) put(texts ...string) {
	for _, text := range texts {
		w.WriteString(text)
	}
}

// qtiTemplate is the address of a standard way to score.
func qtiTemplate(name string) string {
	return "http://www.imsglobal.org/question/qti_v2p2/rptemplates/" + name
}

// qtiResponse is the variable of the answer. The standard ways to score know no
// other.
const qtiResponse = "RESPONSE"

// item writes a question as an item that scores from 0 to 1.
func (w *qtiWriter) item(identifier string, q assessment.Question) {
	w.put(xml.Header, `<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p2"`, xsiNames,
		` xsi:schemaLocation="http://www.imsglobal.org/xsd/imsqti_v2p2 http://www.imsglobal.org/xsd/qti/qtiv2p2/imsqti_v2p2.xsd"`,
		` identifier="`, xmlText(identifier), `" title="`, xmlText(excerpt(q.Text)), `" xml:lang="vi" adaptive="false" timeDependent="false">`, "\n")
	switch q.Type {
	case assessment.Single, assessment.Multiple, assessment.TrueOr:
		w.choices(q)
	case assessment.Short:
		w.short(q)
	case assessment.Numeric:
		w.number(q)
	case assessment.Matching:
		w.matching(q)
	case assessment.Ordering:
		w.ordering(q)
	case assessment.Gaps:
		w.gaps(q)
	case assessment.Hotspot:
		w.hotspot(q)
	case assessment.Essay:
		w.essay(q)
	}
	if q.Note != "" { // whatever was answered
		w.put(`<modalFeedback outcomeIdentifier="FEEDBACK" identifier="NOTE" showHide="show"><p>`, qtiLines(q.Note), "</p></modalFeedback>\n")
	}
	w.put("</assessmentItem>\n")
}

// qtiLines is text of several lines.
func qtiLines(text string) string { return strings.ReplaceAll(xmlText(text), "&#xA;", "<br/>") }

// answer declares what is right, and what answers are worth of a point.
func (w *qtiWriter) answer(identifier, cardinality, base string, right []string, worth ...qtiWorth) {
	w.put(`<responseDeclaration identifier="`, identifier, `" cardinality="`, cardinality, `" baseType="`, base, `">`)
	if len(right) > 0 {
		w.put("<correctResponse>")
		for _, value := range right {
			w.put("<value>", xmlText(value), "</value>")
		}
		w.put("</correctResponse>")
	}
	if len(worth) > 0 {
		w.put(`<mapping lowerBound="0" upperBound="1" defaultValue="0">`)
		for _, m := range worth {
			w.put(`<mapEntry mapKey="`, xmlText(m.key), `" mappedValue="`, writeNumber(m.points), `" caseSensitive="false"/>`)
		}
		w.put("</mapping>")
	}
	w.put("</responseDeclaration>\n")
}

// outcome declares the score, and that a note is always shown; scored may be an
// attribute.
func (w *qtiWriter) outcome(q assessment.Question, scored string) {
	w.put(`<outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float" normalMaximum="1"`, scored, "><defaultValue><value>0</value></defaultValue></outcomeDeclaration>\n")
	if q.Note != "" {
		w.put(`<outcomeDeclaration identifier="FEEDBACK" cardinality="single" baseType="identifier"><defaultValue><value>NOTE</value></defaultValue></outcomeDeclaration>`, "\n")
	}
}

// body writes what is asked, and then how it is scored in a standard way.
func (w *qtiWriter) body(q assessment.Question, content, template string) {
	w.outcome(q, "")
	w.put("<itemBody>", content, "</itemBody>\n", `<responseProcessing template="`, qtiTemplate(template), `"/>`, "\n")
}

// interaction is an element in which something is chosen, with the question in it.
func interaction(name, attrs string, q assessment.Question, content string) string {
	return "<" + name + ` responseIdentifier="` + qtiResponse + `"` + attrs + "><prompt>" + qtiLines(q.Text) + "</prompt>" + content + "</" + name + ">"
}

func simpleChoice(identifier, text string) string {
	return `<simpleChoice identifier="` + identifier + `">` + xmlText(text) + "</simpleChoice>"
}

// entry is a field for words or a number.
func entry(identifier string, classes ...string) string {
	class := strings.TrimSpace(strings.Join(classes, " "))
	if class != "" {
		class = ` class="` + class + `"`
	}
	return `<textEntryInteraction responseIdentifier="` + identifier + `"` + class + "/>"
}

func (w *qtiWriter) choices(q assessment.Question) {
	options, letters, shuffle := q.Options, optionLetter, "true"
	if q.Type == assessment.TrueOr {
		options, shuffle = []assessment.Option{{Text: "Đúng", Right: q.True}, {Text: "Sai", Right: !q.True}}, "false"
		letters = func(i int) string { return strconv.FormatBool(i == 0) }
	}
	content := ""
	for i, o := range options {
		content += simpleChoice(letters(i), o.Text)
	}
	if q.Type != assessment.Multiple {
		w.answer(qtiResponse, "single", "identifier", rightOf(options, letters))
		w.body(q, interaction("choiceInteraction", ` shuffle="`+shuffle+`" maxChoices="1"`, q, content), "match_correct")
		return
	}
	w.several(options)
	w.body(q, interaction("choiceInteraction", ` shuffle="true" maxChoices="0"`, q, content), "map_response")
}

// several declares which of the options are right. A wrong one costs as much as a
// right one gives.
func (w *qtiWriter) several(options []assessment.Option) {
	right := rightOf(options, optionLetter)
	worth := make([]qtiWorth, len(options))
	for i, o := range options {
		worth[i] = qtiWorth{optionLetter(i), 1 / float64(len(right))}
		if !o.Right {
			worth[i].points *= -1
		}
	}
	w.answer(qtiResponse, "multiple", "identifier", right, worth...)
}

// hotspot writes the areas as rectangles in pixels of the picture.
func (w *qtiWriter) hotspot(q assessment.Question) {
	p := w.picture
	content := `<object data="../` + qtiPictures + xmlText(p.Name) + `" type="` + p.Type + `" width="` + strconv.Itoa(p.Width) + `" height="` + strconv.Itoa(p.Height) + `">` +
		xmlText(q.Picture.Alt) + "</object>"
	for i, o := range q.Options {
		left, right := pixels(o.Area.X, p.Width), pixels(o.Area.X+o.Area.Width, p.Width)
		top, bottom := pixels(o.Area.Y, p.Height), pixels(o.Area.Y+o.Area.Height, p.Height)
		content += fmt.Sprintf(`<hotspotChoice identifier="%s" shape="rect" coords="%d,%d,%d,%d" hotspotLabel="%s"/>`, optionLetter(i), left, top, right, bottom, xmlText(o.Text))
	}
	w.several(q.Options)
	w.body(q, interaction("hotspotInteraction", ` maxChoices="0"`, q, content), "map_response")
}

// pixels is basis points of so many pixels, to the nearest.
func pixels(basisPoints, of int) int {
	return (basisPoints*of + assessment.FullSide/2) / assessment.FullSide
}

// exactClass says whether marks count.
func exactClass(gap assessment.Gap) string {
	if gap.Exact {
		return qtiExactClass
	}
	return ""
}

// words declares the words of a gap that is worth so much.
func (w *qtiWriter) words(identifier string, gap assessment.Gap, points float64) {
	var worth []qtiWorth
	for i, words := range gap.Accepted {
		if slices.Index(gap.Accepted, words) == i {
			worth = append(worth, qtiWorth{words, points})
		}
	}
	w.answer(identifier, "single", "string", gap.Accepted[:1], worth...)
}

func (w *qtiWriter) short(q assessment.Question) {
	for _, gap := range q.Gaps {
		w.words(qtiResponse, gap, 1)
		w.body(q, "<p>"+qtiLines(q.Text)+"</p><p>"+entry(qtiResponse, exactClass(gap))+"</p>", "map_response")
	}
}

const qtiPoint = `<baseValue baseType="float">1</baseValue>`

func (w *qtiWriter) number(q assessment.Question) {
	w.answer(qtiResponse, "single", "float", []string{writeNumber(q.Number.Value)})
	w.outcome(q, "")
	w.put("<itemBody><p>", qtiLines(q.Text), "</p><p>", entry(qtiResponse))
	if q.Number.Unit != "" {
		w.put(` <span class="`, qtiUnitClass, `">`, xmlText(q.Number.Unit), "</span>")
	}
	mode := `"exact"`
	if q.Number.Tolerance > 0 {
		mode = `"absolute" tolerance="` + writeNumber(q.Number.Tolerance) + `"`
	}
	w.put("</p></itemBody>\n<responseProcessing><responseCondition><responseIf><equal toleranceMode=", mode,
		`><variable identifier="RESPONSE"/><correct identifier="RESPONSE"/></equal><setOutcomeValue identifier="SCORE">`, qtiPoint,
		"</setOutcomeValue></responseIf></responseCondition></responseProcessing>\n")
}

// sortedOptions is the positions of the options by what they say, so that their
// order in the file tells nothing.
func sortedOptions(options []assessment.Option, says func(assessment.Option) string) []int {
	list := make([]int, len(options))
	for i := range list {
		list[i] = i
	}
	slices.SortStableFunc(list, func(a, b int) int { return strings.Compare(says(options[a]), says(options[b])) })
	return list
}

func (w *qtiWriter) matching(q assessment.Question) {
	choice := func(identifier, text string) string {
		return `<simpleAssociableChoice identifier="` + identifier + `" matchMax="1">` + xmlText(text) + "</simpleAssociableChoice>"
	}
	prompts, matches := "", ""
	var right []string
	var worth []qtiWorth
	order := sortedOptions(q.Options, func(o assessment.Option) string { return o.Match })
	for i, o := range q.Options {
		prompts += choice("P"+strconv.Itoa(i+1), o.Text)
		matches += choice("M"+strconv.Itoa(i+1), q.Options[order[i]].Match)
		right = append(right, "P"+strconv.Itoa(i+1)+" M"+strconv.Itoa(slices.Index(order, i)+1))
		for at, other := range order {
			if q.Options[other].Match == o.Match { // two prompts may have the same match
				worth = append(worth, qtiWorth{"P" + strconv.Itoa(i+1) + " M" + strconv.Itoa(at+1), 1 / float64(len(q.Options))})
			}
		}
	}
	w.answer(qtiResponse, "multiple", "directedPair", right, worth...)
	w.body(q, interaction("matchInteraction", ` shuffle="true" maxAssociations="`+strconv.Itoa(len(q.Options))+`"`, q,
		"<simpleMatchSet>"+prompts+"</simpleMatchSet><simpleMatchSet>"+matches+"</simpleMatchSet>"), "map_response")
}

func (w *qtiWriter) ordering(q assessment.Question) {
	right := make([]string, len(q.Options))
	content := ""
	for at, i := range sortedOptions(q.Options, func(o assessment.Option) string { return o.Text }) {
		content += simpleChoice(optionLetter(at), q.Options[i].Text)
		right[i] = optionLetter(at)
	}
	w.answer(qtiResponse, "ordered", "identifier", right)
	w.body(q, interaction("orderInteraction", ` shuffle="true"`, q, content), "match_correct")
}

// gaps writes a text with fields in it, each of which gives its share.
func (w *qtiWriter) gaps(q assessment.Question) {
	text, sum := qtiLines(q.Text), ""
	for i, gap := range q.Gaps {
		identifier := qtiResponse + "_" + strconv.Itoa(i+1)
		w.words(identifier, gap, 1/float64(len(q.Gaps)))
		text = strings.Replace(text, gapText(i+1), entry(identifier, qtiGapClass, exactClass(gap)), 1)
		sum += `<responseCondition><responseIf><not><isNull><variable identifier="` + identifier + `"/></isNull></not><setOutcomeValue identifier="SCORE"><sum>` +
			`<variable identifier="SCORE"/><mapResponse identifier="` + identifier + `"/></sum></setOutcomeValue></responseIf></responseCondition>`
	}
	w.outcome(q, "")
	w.put("<itemBody><p>", text, "</p></itemBody>\n<responseProcessing>", sum, "</responseProcessing>\n")
}

func (w *qtiWriter) essay(q assessment.Question) {
	w.answer(qtiResponse, "single", "string", nil)
	w.outcome(q, ` externalScored="human"`)
	attrs := ` format="plain" class="` + qtiWordsClass + strconv.Itoa(q.Words) + " " + qtiFilesClass + strconv.Itoa(q.Files) + `"`
	w.put("<itemBody>", interaction("extendedTextInteraction", attrs, q, ""), `<rubricBlock view="scorer" class="`, qtiRubricClass, `">`)
	for _, c := range q.Rubric {
		w.put("<p>", xmlText(c.Name), "</p><ul>")
		for _, level := range c.Levels {
			w.put(`<li><span class="`, qtiPointsClass, `">`, writeNumber(float64(level.Points)/100), "</span> ", xmlText(level.Text), "</li>")
		}
		w.put("</ul>")
	}
	w.put("</rubricBlock></itemBody>\n")
}
