package exchange_test

import (
	"errors"
	"haidang/courses"
	"haidang/courses/exchange"
	"strings"
	"testing"
)

// fits holds what is promised of every file.
func fits(t *testing.T, format exchange.QuestionFormat, data []byte) {
	got, err := exchange.ReadQuestions(format, data)
	if err != nil {
		var refusal *courses.Error
		if !errors.As(err, &refusal) {
			t.Fatal(err)
		}
		return
	}
	if len(got.Items)+len(got.Refused) == 0 {
		t.Fatal("neither questions nor a refusal")
	}
	for _, x := range got.Items {
		if again, err := x.Item.Clean(); err != nil || told(exchange.ReadItem{Row: x.Row, Item: again}) != told(x) {
			t.Fatalf("%s is not clean: %v", told(x), err)
		}
	}
	for _, r := range got.Refused {
		if r.Code == "" || len([]rune(r.Name)) > 80 || r.Row < 1 {
			t.Fatalf("refused as %+v", r)
		}
	}
}

func FuzzReadGIFT(f *testing.F) {
	for _, block := range strings.Split(string(fixture(f, "questions/course.gift")), "\n\n") {
		f.Add(block)
	}
	f.Fuzz(func(t *testing.T, text string) {
		fits(t, exchange.GIFT, []byte(text))
		fits(t, exchange.Aiken, []byte(text))
	})
}

func FuzzReadMoodle(f *testing.F) {
	for _, question := range strings.SplitAfter(string(fixture(f, "questions/course.moodle.xml")), "</question>") {
		f.Add(question)
	}
	f.Fuzz(func(t *testing.T, text string) {
		fits(t, exchange.MoodleXML, []byte("<quiz>"+text+"</quiz>"))
	})
}

// FuzzReadQTI fuzzes what is in an item: its declarations and its body.
func FuzzReadQTI(f *testing.F) {
	for _, name := range []string{"choice.qti.xml", "gaps.qti.xml", "match.qti3.xml"} {
		item := string(fixture(f, "questions/"+name))
		f.Add(item[strings.Index(item, ">\n  <")+1 : strings.LastIndex(item, "</")])
	}
	f.Add(`<responseDeclaration identifier="R" cardinality="ordered">` + rightIs("C", "A", "B") + `</responseDeclaration><itemBody>` + asked("orderInteraction", "", three) + `</itemBody>`)
	f.Add(`<responseDeclaration identifier="R" baseType="float">` + rightIs("1") + `</responseDeclaration><itemBody>` + asked("textEntryInteraction", "", "") + `</itemBody>`)
	f.Add(`<responseDeclaration identifier="R" baseType="float">` + rightIs("1") + `</responseDeclaration><outcomeDeclaration identifier="F"><defaultValue><value>N</value></defaultValue></outcomeDeclaration><itemBody>` +
		asked("textEntryInteraction", `class="haidang-exact"`, "") + `<span class="haidang-unit">m</span></itemBody><responseProcessing><equal toleranceMode="relative" tolerance="5"><variable identifier="R"/></equal></responseProcessing>` +
		`<modalFeedback outcomeIdentifier="F" identifier="N" showHide="show">a</modalFeedback>`)
	declared := `<responseDeclaration identifier="R" cardinality="multiple">` + rightIs("A") + "</responseDeclaration>"
	f.Add(declared + "<itemBody>" + asked("hotspotInteraction", "", `<object data="../a.png">Tờ</object>`+place+`<hotspotChoice identifier="B" shape="poly" coords="1,2,30,4,5,60"/>`) + "</itemBody>")
	f.Add(declared + "<itemBody>" + asked("extendedTextInteraction", `class="haidang-words-9"`, "") + `<rubricBlock class="haidang-rubric"><p>a</p><ul><li><span>1</span>b</li><li><span>0</span>c</li></ul></rubricBlock></itemBody>`)
	picture := form(f)
	f.Fuzz(func(t *testing.T, text string) {
		fits(t, exchange.QTI, []byte(text))
		fits(t, exchange.QTI, packageOf(t, "<assessmentItem>"+text+"</assessmentItem>", entry{"a.png", picture}))
	})
}

// FuzzReadSheet fuzzes the cells of a row.
func FuzzReadSheet(f *testing.F) {
	f.Add(rowOf("1", "1;3", "Ai?", "Nhiều đáp án", "a", "b", "c"))
	f.Add(rowOf("1", "12,5 ± 0,5 m²", "Dài?", "Số") + rowOf("", "", "Ghép", "ghép đôi", `a \=> b => c`, "d => e"))
	f.Add(rowOf("", "", "Có [[1]].", "điền khuyết", "đúng dấu: a | b") + rowOf("", `<c t="e"><v>#N/A</v></c>`, "x", "số"))
	f.Fuzz(func(t *testing.T, rows string) {
		fits(t, exchange.QuestionSheet, zipped(t, bookOf(header+rows)))
	})
}
