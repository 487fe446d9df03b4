package exchange_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"haidang/courses/assessment"
	"haidang/courses/catalog"
	"haidang/courses/exchange"
	"io"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

var (
	awkward = []string{
		"Hải Phòng", "đặc khu", "Ủy ban", "=", "~", "#", "{", "}", ":", "\\", "|", "=>", "->", "\"", "'", "<b>", "</p>", "<", ">", "&", "&amp;", "&#39;", "*", "%50%", "%",
		"//", "[html]", "[[x]]", "::", "####", "$CATEGORY:", "\n", "\t", "  ", "\\n", "\\*", "{1:SA:=x}", "_x0041_", "<!--", "]]>", "đúng dấu:", "±", "-1", "+", "@", "/", "(", "=1", "T", "a", "1,5", "½", "😀", "H'Hen", "<img", "ANSWER",
	}
	texts = rapid.Custom(func(t *rapid.T) string {
		glue := rapid.SampledFrom([]string{"", " "})
		var b strings.Builder
		for range rapid.IntRange(1, 6).Draw(t, "pieces") {
			b.WriteString(rapid.SampledFrom(awkward).Draw(t, "piece") + glue.Draw(t, "glue"))
		}
		return b.String() + rapid.SampledFrom([]string{"", "x", "ố"}).Draw(t, "end")
	})
	cites = rapid.Custom(func(t *rapid.T) catalog.Reference {
		return catalog.Reference{Number: texts.Draw(t, "number"), Article: rapid.OneOf(rapid.Just(""), texts).Draw(t, "article")}
	}).Filter(func(r catalog.Reference) bool { return strings.TrimSpace(r.Number) != "" })
)

var (
	areaSides = rapid.IntRange(100, 5000)
	criteria  = rapid.Custom(func(t *rapid.T) assessment.Criterion {
		c := assessment.Criterion{Name: texts.Draw(t, "name")}
		points := rapid.IntRange(0, 10_000)
		for _, p := range rapid.SliceOfNDistinct(points, 2, 6, rapid.ID[int]).Draw(t, "points") {
			c.Levels = append(c.Levels, assessment.Level{Text: texts.Draw(t, "level"), Points: p})
		}
		slices.SortFunc(c.Levels, func(a, b assessment.Level) int { return b.Points - a.Points })
		return c
	})
	// shownForm is a picture as wide and as high as areas are counted in.
	shownForm = exchange.QuestionPictures{"p1": {Name: "tờ khai.webp", Type: "image/webp", Width: 10_000, Height: 10_000, Data: []byte("RIFF....WEBP")}}
)

func writeDrawn(w io.Writer, list []assessment.Item) error {
	return exchange.WriteQTI(w, list, shownForm)
}

// items are clean items of that type.
func items(kind assessment.Type) *rapid.Generator[assessment.Item] {
	draw := func(t *rapid.T) assessment.Item {
		q := assessment.Question{Type: kind, Text: texts.Draw(t, "text"), Note: rapid.OneOf(rapid.Just(""), texts).Draw(t, "note"), True: rapid.Bool().Draw(t, "true")}
		for i := range rapid.IntRange(2, 12).Draw(t, "options") {
			o := assessment.Option{Text: texts.Draw(t, "option"), Match: texts.Draw(t, "match"), Right: i == 0}
			o.Right = o.Right || (kind == assessment.Multiple || kind == assessment.Hotspot) && rapid.Bool().Draw(t, "right")
			if kind == assessment.Hotspot {
				o.Area.X, o.Area.Width = areaSides.Draw(t, "x"), areaSides.Draw(t, "width")
				o.Area.Y, o.Area.Height = areaSides.Draw(t, "y"), areaSides.Draw(t, "height")
			}
			q.Options = append(q.Options, o)
		}
		gaps := 1
		if kind == assessment.Gaps {
			gaps = rapid.IntRange(1, 9).Draw(t, "gaps")
		}
		for i := range gaps {
			q.Gaps = append(q.Gaps, assessment.Gap{Accepted: rapid.SliceOfN(texts, 1, 4).Draw(t, "accepted"), Exact: rapid.Bool().Draw(t, "exact")})
			if kind == assessment.Gaps {
				q.Text += fmt.Sprintf(" [[%d]]", i+1) + texts.Draw(t, "between")
			}
		}
		q.Picture = assessment.Picture{Asset: "p1", Alt: texts.Draw(t, "alt")}
		if kind == assessment.Essay {
			q.Words, q.Files, q.Rubric = rapid.IntRange(0, 5000).Draw(t, "words"), rapid.IntRange(0, 3).Draw(t, "files"), rapid.SliceOfN(criteria, 1, 4).Draw(t, "rubric")
		}
		q.Number = assessment.Quantity{
			Value: rapid.Float64Range(-1e9, 1e9).Draw(t, "value"), Tolerance: rapid.SampledFrom([]float64{0, 0.5, 1234.5, 1e-7, 20}).Draw(t, "tolerance"),
			Unit: rapid.SampledFrom([]string{"", "m²", "%", "°C", "đồng/tháng", "±x", "2x", "-", "e5", "200 m"}).Draw(t, "unit"),
		}
		return assessment.Item{Topic: rapid.OneOf(rapid.Just(""), texts).Draw(t, "topic"), Difficulty: rapid.SampledFrom([]string{"easy", "medium", "hard"}).Draw(t, "difficulty"), Question: q}
	}
	return rapid.Custom(draw).Filter(func(x assessment.Item) bool {
		_, err := x.Clean()
		return err == nil
	})
}

// cleaned gives items in their one form.
func cleaned(t *rapid.T, list []assessment.Item) []assessment.Item {
	out := make([]assessment.Item, len(list))
	for i, x := range list {
		var err error
		if out[i], err = x.Clean(); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

// same holds that what was written is read again, with nothing refused.
func same(t *rapid.T, format exchange.QuestionFormat, write func(io.Writer, []assessment.Item) error, list []assessment.Item, keep func(*assessment.Item)) {
	var b bytes.Buffer
	if err := write(&b, list); err != nil {
		t.Fatal(err)
	}
	got, err := exchange.ReadQuestions(format, b.Bytes())
	if err != nil || len(got.Refused) > 0 || len(got.Items) != len(list) {
		t.Fatalf("%d items of %d, %+v, %v\n%s", len(got.Items), len(list), got.Refused, err, shown(format, b.Bytes()))
	}
	for i, x := range got.Items {
		want := list[i]
		keep(&want)
		if len(want.Cites) == 0 {
			want.Cites, x.Item.Cites = nil, nil
		}
		if !reflect.DeepEqual(x.Item, want) {
			t.Fatalf("read %+v\nwant %+v\n%s", x.Item, want, shown(format, b.Bytes()))
		}
	}
}

func shown(format exchange.QuestionFormat, b []byte) string {
	switch format {
	case exchange.QuestionSheet:
		return ""
	case exchange.QTI:
		return strings.Join(slices.Collect(maps.Values(unzipped(b))), "\n")
	}
	return string(b)
}

// unzipped is the files of a zip.
func unzipped(b []byte) map[string]string {
	files := map[string]string{}
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		panic(err)
	}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			panic(err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			panic(err)
		}
		files[f.Name] = string(content)
	}
	return files
}

// peculiar are the types that QTI alone holds.
func peculiar(t *rapid.T) []assessment.Item {
	return []assessment.Item{items(assessment.Hotspot).Draw(t, "hotspot"), items(assessment.Essay).Draw(t, "essay")}
}

// ofEach are items of every type that all formats hold but those that are not there.
func ofEach(without ...assessment.Type) *rapid.Generator[[]assessment.Item] {
	return rapid.Custom(func(t *rapid.T) []assessment.Item {
		var list []assessment.Item
		for _, kind := range assessment.Types() {
			if !slices.Contains(append(without, assessment.Hotspot, assessment.Scenario, assessment.Essay), kind) {
				list = append(list, items(kind).Draw(t, string(kind)))
			}
		}
		return list
	})
}

func TestASheetThatWasWrittenIsReadTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := ofEach().Draw(t, "items")
		for i := range list {
			list[i].Cites = rapid.SliceOfN(cites, 0, 3).Draw(t, "cites")
			list[i].Competency = rapid.OneOf(rapid.Just(""), texts).Draw(t, "competency")
		}
		same(t, exchange.QuestionSheet, exchange.WriteQuestionSheet, cleaned(t, list), func(*assessment.Item) {})
	})
}

func TestMoodleXMLThatWasWrittenIsReadTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		same(t, exchange.MoodleXML, exchange.WriteMoodleXML, cleaned(t, ofEach().Draw(t, "items")), func(x *assessment.Item) { x.Difficulty = "medium" })
	})
}

func TestGIFTThatWasWrittenIsReadTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := cleaned(t, ofEach(assessment.Ordering, assessment.Gaps).Draw(t, "items"))
		for i := range list {
			list[i].Question.Number.Unit = ""
			for j := range list[i].Question.Gaps {
				list[i].Question.Gaps[j].Exact = false
			}
		}
		same(t, exchange.GIFT, exchange.WriteGIFT, list, func(x *assessment.Item) { x.Difficulty = "medium" })
	})
}

func TestAikenThatWasWrittenIsReadTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var list []assessment.Item
		for range 3 {
			list = append(list, items(rapid.SampledFrom([]assessment.Type{assessment.Single, assessment.Multiple}).Draw(t, "type")).Draw(t, "item"))
			list[len(list)-1].Question.Text = "Hỏi: " + list[len(list)-1].Question.Text
		}
		line := func(s string) string { return strings.Join(strings.Fields(s), " ") }
		same(t, exchange.Aiken, exchange.WriteAiken, cleaned(t, list), func(x *assessment.Item) {
			x.Topic, x.Difficulty, x.Question.Note, x.Question.Text = "", "medium", "", line(x.Question.Text)
			right := 0
			x.Question.Options = slices.Clone(x.Question.Options)
			for i, o := range x.Question.Options {
				x.Question.Options[i].Text = line(o.Text)
				if o.Right {
					right++
				}
			}
			if right == 1 {
				x.Question.Type = assessment.Single
			}
		})
	})
}

func TestAikenTakesATextForNothingElse(t *testing.T) {
	options := []assessment.Option{{Text: "Answer: B", Right: true}, {Text: "B. Không"}}
	var b bytes.Buffer
	err := exchange.WriteAiken(&b, []assessment.Item{
		{Question: assessment.Question{Type: assessment.Single, Text: "A. Đúng\nhay sai?", Options: options}},
		{Question: assessment.Question{Type: assessment.Single, Text: "Đáp án: B?", Options: options}},
		{Question: assessment.Question{Type: assessment.TrueOr, Text: "Đúng."}},
	})
	if err != nil {
		t.Fatal(err)
	}
	got, err := exchange.ReadQuestions(exchange.Aiken, b.Bytes())
	if err != nil || len(got.Items) != 2 || len(got.Refused) > 0 {
		t.Fatalf("read is %+v, %v\n%s", got, err, b.String())
	}
	for i, text := range []string{"– A. Đúng hay sai?", "– Đáp án: B?"} {
		if q := got.Items[i].Item.Question; q.Text != text || len(q.Options) != 2 || !q.Options[0].Right {
			t.Errorf("read is %+v", q)
		}
	}
}

func TestAQTIPackageThatWasWrittenIsReadTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := append(ofEach().Draw(t, "items"), peculiar(t)...)
		for i := range list {
			list[i].Cites = rapid.SliceOfN(cites, 0, 3).Draw(t, "cites")
			list[i].Competency = rapid.OneOf(rapid.Just(""), texts).Draw(t, "competency")
		}
		same(t, exchange.QTI, writeDrawn, cleaned(t, list), func(x *assessment.Item) {
			if x.Question.Type == assessment.Hotspot {
				x.Question.Picture.Asset = "pictures/tờ khai.webp"
			}
			x.Question.Gaps = slices.Clone(x.Question.Gaps)
			for i, gap := range x.Question.Gaps { // each word once
				x.Question.Gaps[i].Accepted = nil
				for _, words := range gap.Accepted {
					if !slices.Contains(x.Question.Gaps[i].Accepted, words) {
						x.Question.Gaps[i].Accepted = append(x.Question.Gaps[i].Accepted, words)
					}
				}
			}
		})
	})
}

// What a file cannot hold is said in it, and the other questions are read again.
func TestFilesSayWhichQuestionsTheyCannotHold(t *testing.T) {
	option := []assessment.Option{{Text: "Ô số 1", Right: true}, {Text: "Ô số 2"}}
	list := []assessment.Item{
		{Difficulty: "easy", Question: assessment.Question{Text: "Ký -- ở đâu?", Type: assessment.Hotspot, Options: option}},
		{Difficulty: "easy", Question: assessment.Question{Text: "Dân đến hỏi.", Type: assessment.Scenario, Scenes: []assessment.Scene{{Text: "Cảnh"}}}},
		{Difficulty: "easy", Question: assessment.Question{Text: "Đúng.", Type: assessment.TrueOr, True: true}},
	}
	for _, f := range []struct {
		format  exchange.QuestionFormat
		write   func(io.Writer, []assessment.Item) error
		said    []string
		refused int
	}{
		{exchange.GIFT, exchange.WriteGIFT, []string{"// GIFT has no such type (hotspot): Ký -- ở đâu?", "// GIFT has no such type (scenario): Dân đến hỏi."}, 0},
		{exchange.MoodleXML, exchange.WriteMoodleXML, []string{"<!-- Moodle has no such type (hotspot): Ký ‐‐ ở đâu? -->", "(scenario): Dân đến hỏi. -->"}, 0},
		{exchange.QTI, writeDrawn, []string{"<!-- left out, as there is no room for its picture (hotspot): Ký ‐‐ ở đâu? -->", "(scenario): Dân đến hỏi. -->"}, 0},
		{exchange.QuestionSheet, exchange.WriteQuestionSheet, nil, 2},
	} {
		var b bytes.Buffer
		if err := f.write(&b, list); err != nil {
			t.Fatal(err)
		}
		for _, words := range f.said {
			if said := shown(f.format, b.Bytes()); !strings.Contains(said, words) {
				t.Errorf("%s does not say %q: %s", f.format, words, said)
			}
		}
		got, err := exchange.ReadQuestions(f.format, b.Bytes())
		if err != nil || len(got.Items) != 1 || got.Items[0].Item.Question.Text != "Đúng." || len(got.Refused) != f.refused {
			t.Errorf("%s is read as %+v, %v", f.format, got, err)
		}
		for _, r := range got.Refused {
			if r.Code != exchange.RefusedForm || r.Name == "" {
				t.Errorf("%s: refused is %+v", f.format, r)
			}
		}
	}
}

func TestGIFTSaysWhatItLeavesOut(t *testing.T) {
	q := assessment.Question{Text: "Xếp.", Type: assessment.Ordering, Options: []assessment.Option{{Text: "a"}, {Text: "b"}}}
	n := assessment.Question{Text: "Dài?", Type: assessment.Numeric, Number: assessment.Quantity{Value: 2, Unit: "km"}}
	var b bytes.Buffer
	if err := exchange.WriteGIFT(&b, []assessment.Item{{Question: q}, {Question: n}}); err != nil {
		t.Fatal(err)
	}
	if want := "// GIFT has no such type (ordering): Xếp.\n\nDài? (km) {\n\t#2:0\n}\n\n"; b.String() != want {
		t.Errorf("wrote %q, want %q", b.String(), want)
	}
}

func TestFilesListTheEssaysThatTheyDoNotHold(t *testing.T) {
	level := func(points int) assessment.Level { return assessment.Level{Text: fmt.Sprint(points), Points: points} }
	list := []assessment.Item{{Difficulty: "hard", Question: assessment.Question{
		Type: assessment.Essay, Text: "Nêu -- ba việc.", Rubric: []assessment.Criterion{{Name: "Đủ", Levels: []assessment.Level{level(100), level(0)}}},
	}}}
	for format, write := range map[exchange.QuestionFormat]func(io.Writer, []assessment.Item) error{
		exchange.QuestionSheet: exchange.WriteQuestionSheet, exchange.MoodleXML: exchange.WriteMoodleXML, exchange.GIFT: exchange.WriteGIFT,
	} {
		var b bytes.Buffer
		if err := write(&b, list); err != nil {
			t.Fatal(err)
		}
		if said := shown(format, b.Bytes()); format != exchange.QuestionSheet && !strings.Contains(said, "ba việc") {
			t.Errorf("%s does not name what it leaves out: %s", format, said)
		}
		if format != exchange.QuestionSheet {
			continue
		}
		got, err := exchange.ReadQuestions(format, b.Bytes())
		if err != nil || len(got.Items) > 0 || len(got.Refused) != 1 || got.Refused[0].Code != exchange.RefusedRubric {
			t.Errorf("of %s are read %+v, %v", format, got, err)
		}
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, io.ErrShortWrite }

func TestQuestionsThatCannotBeWrittenAreAFault(t *testing.T) {
	list := []assessment.Item{{Difficulty: "easy", Question: assessment.Question{Type: assessment.TrueOr, Text: "a"}}}
	for name, write := range map[string]func(io.Writer, []assessment.Item) error{
		"sheet": exchange.WriteQuestionSheet, "Moodle": exchange.WriteMoodleXML, "GIFT": exchange.WriteGIFT, "QTI": writeDrawn,
	} {
		if err := write(full{}, list); !errors.Is(err, io.ErrShortWrite) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
