package exchange_test

import (
	"fmt"
	"haidang/courses/exchange"
	"strings"
	"testing"
)

func TestQTIItemsAreReadInBothStyles(t *testing.T) {
	for name, want := range map[string]string{
		"choice.qti.xml": "1 single Vườn quốc gia nào ở Hải Phòng? / Chọn một. | Cúc Phương | *Cát Bà",
		"gaps.qti.xml":   "1 gaps Thủ đô là [[1]], Hải Phòng giải phóng năm [[2]]. | Hà Nội, Thăng Long | 1955",
		"match.qti3.xml": "1 matching Ghép đôi. | Cát Bà => đảo | Lạch Tray => sông",
	} {
		t.Run(name, func(t *testing.T) {
			compare(t, questionsOf(t, exchange.QTI, fixture(t, "questions/"+name)), want)
		})
	}
}

// qtiOf is an item of 2.2 with that declaration and that body.
func qtiOf(attrs, declared, body string) string {
	return `<assessmentItem title="Câu"><responseDeclaration identifier="R" ` + attrs + `>` + declared + `</responseDeclaration><itemBody>` + body + `</itemBody></assessmentItem>`
}

func rightIs(values ...string) string {
	return "<correctResponse><value>" + strings.Join(values, "</value><value>") + "</value></correctResponse>"
}

func asked(name, attrs, inside string) string {
	return fmt.Sprintf(`<p>Hỏi?</p><%s responseIdentifier="R" %s>%s</%s>`, name, attrs, inside, name)
}

const (
	three = `<simpleChoice identifier="A">a</simpleChoice><simpleChoice identifier="B">b</simpleChoice><simpleChoice identifier="C">c</simpleChoice>`
	sets  = `<simpleMatchSet><simpleAssociableChoice identifier="A">a</simpleAssociableChoice><simpleAssociableChoice identifier="B">b</simpleAssociableChoice></simpleMatchSet>` +
		`<simpleMatchSet><simpleAssociableChoice identifier="X">x</simpleAssociableChoice><simpleAssociableChoice identifier="Y">y</simpleAssociableChoice></simpleMatchSet>`
)

func TestAPackageGivesEachItemOrWhyNot(t *testing.T) {
	bodies := []struct{ item, want string }{
		{qtiOf(`cardinality="multiple"`, rightIs("A", "C"), asked("choiceInteraction", `maxChoices="0"`, three)), "1 multiple Hỏi? | *a | b | *c"},
		{qtiOf(`cardinality="multiple"`, `<mapping><mapEntry mapKey="B" mappedValue="2"/><mapEntry mapKey="A" mappedValue="-1"/></mapping>`, asked("choiceInteraction", "", three)), "2 multiple Hỏi? | a | *b | c"},
		{qtiOf(`cardinality="ordered"`, rightIs("C", "A", "B"), asked("orderInteraction", "", three)), "3 ordering Hỏi? | c | a | b"},
		{qtiOf(`cardinality="single" baseType="float"`, rightIs("2.5"), `<p>Dài <textEntryInteraction responseIdentifier="R"/></p>`), "4 number Dài | 2.5 ± 0 "},
		{qtiOf(`cardinality="single" baseType="string"`, rightIs("Cát Bà"), `<p>Đảo <textEntryInteraction responseIdentifier="R"/> đẹp.</p>`), "5 short Đảo ____ đẹp. | Cát Bà"},
		{strings.ReplaceAll(strings.ReplaceAll(qtiOf(`cardinality="single"`, rightIs("A"), asked("choiceInteraction", "", three)), "simpleChoice", "qti-simple-choice"), "choiceInteraction", "qti-choice-interaction"), "6 single Hỏi? | *a | b | c"},
		{qtiOf(`cardinality="single"`, "", asked("choiceInteraction", "", three)), "7! Câu: no_right options"},
		{qtiOf(`cardinality="single"`, rightIs("Z"), asked("choiceInteraction", "", three)), "8! Câu: right_unknown right"},
		{qtiOf(`cardinality="ordered"`, rightIs("C", "A"), asked("orderInteraction", "", three)), "9! Câu: extra_options options"},
		{qtiOf(`cardinality="multiple"`, rightIs("A X"), asked("matchInteraction", "", sets)), "10! Câu: extra_options options"},
		{qtiOf(`cardinality="multiple"`, rightIs("A X", "A Y"), asked("matchInteraction", "", sets)), "11! Câu: right_unknown right"},
		{qtiOf(`cardinality="single" baseType="float"`, rightIs("năm"), asked("textEntryInteraction", "", "")), "12! Câu: bad_number number"},
		{qtiOf(`cardinality="single" baseType="string"`, `<mapping><mapEntry mapKey="a" mappedValue="1"/><mapEntry mapKey="b" mappedValue="0.5"/></mapping>`, asked("textEntryInteraction", "", "")), "13! Câu: partial_credit gaps"},
		{qtiOf("", "", asked("extendedTextInteraction", "", "")), "14! Câu: no_rubric rubric"},
		{qtiOf("", "", asked("hotspotInteraction", "", `<object data="a.png"/>`)), "15! Câu: picture picture"},
		{qtiOf("", "", "<p>Chỉ có chữ.</p>"), "16! Câu: type_unknown type"},
		{qtiOf(`cardinality="single"`, rightIs("A"), `<img src="a.png"/>`+asked("choiceInteraction", "", three)), "17! Câu: picture text"},
		{qtiOf(`cardinality="single"`, rightIs("A"), asked("choiceInteraction", "", three)+asked("choiceInteraction", "", three)), "18! Câu: type_unknown type"},
		{qtiOf(`cardinality="single"`, rightIs("A"), `<p><printedVariable identifier="x"/></p>`+asked("choiceInteraction", "", three)), "19! Câu: type_unknown type"},
		{`<assessmentItem title="Câu"><itemBody>` + asked("choiceInteraction", "", three) + `</itemBody></assessmentItem>`, "20! Câu: unreadable right"},
		{`<assessmentTest/>`, "21! 21.xml: unreadable item"},
		{`<assessmentItem>`, "22! 22.xml: unreadable item"},
	}
	resources := ""
	var list []entry
	var items, refused []string
	for i, b := range bodies {
		resources += fmt.Sprintf(`<resource identifier="r%d" type="imsqti_item_xmlv2p2" href="items/c%%C3%%A2u/%d.xml"/>`, i, i+1)
		list = append(list, entry{fmt.Sprintf("items/câu/%d.xml", i+1), b.item})
		if strings.Contains(b.want, "!") {
			refused = append(refused, b.want)
		} else {
			items = append(items, b.want)
		}
	}
	resources += `<resource type="webcontent" href="a.css"/><resource type="imsqti_item_xmlv3p0" href="gone.xml"/>`
	refused = append(refused, "23! gone.xml: unreadable href")
	list = append(list, entry{"imsmanifest.xml", "<manifest><resources>" + resources + "</resources></manifest>"})
	compare(t, questionsOf(t, exchange.QTI, zipped(t, list)), append(items, refused...)...)
}

// What is read of an item beyond its declarations and its body.
func TestToleranceNotesAndTruthAreReadOfAnItem(t *testing.T) {
	item := func(attrs, declared, body, processing string) string {
		return strings.Replace(qtiOf(attrs, declared, body), "</assessmentItem>", processing+"</assessmentItem>", 1)
	}
	number := func(equal string) string {
		return item(`cardinality="single" baseType="float"`, rightIs("200"), `<p>Dài <textEntryInteraction responseIdentifier="R"/></p>`,
			`<responseProcessing><responseCondition><responseIf><equal `+equal+`><variable identifier="R"/><correct identifier="R"/></equal></responseIf></responseCondition></responseProcessing>`)
	}
	truth := func(first, second string) string {
		choices := `<simpleChoice identifier="true">` + first + `</simpleChoice><simpleChoice identifier="false">` + second + `</simpleChoice>`
		return item(`cardinality="single"`, rightIs("false"), asked("choiceInteraction", "", choices), "")
	}
	note := func(outcome, processing string) string {
		return item(`cardinality="single"`, rightIs("A"), asked("choiceInteraction", "", three),
			`<outcomeDeclaration identifier="F">`+outcome+`</outcomeDeclaration>`+processing+`<modalFeedback outcomeIdentifier="F" identifier="N" showHide="show"><p>Vì luật.</p></modalFeedback>`)
	}
	always := "<defaultValue><value>N</value></defaultValue>"
	for name, c := range map[string]struct{ item, want string }{
		"an absolute tolerance":          {number(`toleranceMode="absolute" tolerance="0.5 0.5"`), "1 number Dài | 200 ± 0.5 "},
		"a relative tolerance":           {number(`toleranceMode="relative" tolerance="5"`), "1 number Dài | 200 ± 10 "},
		"no tolerance":                   {number(`toleranceMode="exact"`), "1 number Dài | 200 ± 0 "},
		"more on the one side":           {number(`toleranceMode="absolute" tolerance="0 1"`), "1! Câu: bad_number number"},
		"a tolerance that is computed":   {number(`toleranceMode="absolute" tolerance="T"`), "1! Câu: bad_number number"},
		"a tolerance without a number":   {number(`toleranceMode="absolute"`), "1! Câu: bad_number number"},
		"true and false":                 {truth("Đúng", "Sai"), "1 true_false Hỏi? | false"},
		"true and false, named so only":  {truth("Còn hiệu lực", "Hết hiệu lực"), "1 single Hỏi? | Còn hiệu lực | *Hết hiệu lực"},
		"true and false, the other way":  {truth("Sai", "Đúng"), "1 single Hỏi? | Sai | *Đúng"},
		"feedback that is always shown":  {note(always, ""), "1 single Hỏi? | *a | b | c // Vì luật."},
		"feedback that nothing shows":    {note("", ""), "1 single Hỏi? | *a | b | c"},
		"feedback that answers decide":   {note(always, `<responseProcessing><setOutcomeValue identifier="F"/></responseProcessing>`), "1 single Hỏi? | *a | b | c"},
		"feedback with something to see": {strings.Replace(note(always, ""), "Vì luật.", `<img src="a.png"/>`, 1), "1 single Hỏi? | *a | b | c"},
	} {
		t.Run(name, func(t *testing.T) { compare(t, questionsOf(t, exchange.QTI, []byte(c.item)), c.want) })
	}
}
