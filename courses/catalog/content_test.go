package catalog

import (
	"encoding/json"
	"errors"
	"fmt"
	"haidang/courses"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// ids makes ids that are easy to read.
func ids() func() string {
	n := 0
	return func() string {
		n++
		return fmt.Sprintf("new-%d", n)
	}
}

// article is a course of one article with the blocks.
func article(blocks ...Block) Content {
	return Content{Title: "Khóa", Modules: []Module{{ID: "m", Title: "Một", Lessons: []Lesson{{ID: "l", Kind: Article, Title: "Bài", Blocks: blocks}}}}}
}

func paragraph(runs ...Inline) Block { return Block{Type: "paragraph", Text: runs} }

func named(id string, runs ...Inline) Block {
	b := paragraph(runs...)
	b.ID = id
	return b
}

func marked(m Mark) Content { return article(paragraph(Inline{Text: "chữ", Marks: []Mark{m}})) }

func TestHostileContentIsRefusedWhereItStands(t *testing.T) {
	const block = "modules[0].lessons[0].blocks[0]"
	for _, c := range []struct {
		name    string
		content Content
		field   courses.Field
	}{
		{"a script as a link", marked(Mark{Type: "link", Href: "javascript:alert(1)"}), courses.Field{Path: block + ".text[0].marks[0].href", Code: "not_http"}},
		{"a script in capitals", marked(Mark{Type: "link", Href: "JaVaScRiPt:alert(1)"}), courses.Field{Path: block + ".text[0].marks[0].href", Code: "not_http"}},
		{"a script after a blank", marked(Mark{Type: "link", Href: " javascript:alert(1)"}), courses.Field{Path: block + ".text[0].marks[0].href", Code: "not_http"}},
		{"a script cut by a line end", marked(Mark{Type: "link", Href: "java\nscript:alert(1)"}), courses.Field{Path: block + ".text[0].marks[0].href", Code: "not_http"}},
		{"a script with a host", marked(Mark{Type: "link", Href: "javascript://example.vn/%0aalert(1)"}), courses.Field{Path: block + ".text[0].marks[0].href", Code: "not_http"}},
		{"data", marked(Mark{Type: "link", Href: "data:text/html,<script>alert(1)</script>"}), courses.Field{Path: block + ".text[0].marks[0].href", Code: "not_http"}},
		{"a file", marked(Mark{Type: "link", Href: "file:///etc/passwd"}), courses.Field{Path: block + ".text[0].marks[0].href", Code: "not_http"}},
		{"a link without a scheme", marked(Mark{Type: "link", Href: "//example.vn"}), courses.Field{Path: block + ".text[0].marks[0].href", Code: "not_http"}},
		{"a link to a path", marked(Mark{Type: "link", Href: "/api/session"}), courses.Field{Path: block + ".text[0].marks[0].href", Code: "not_http"}},
		{"a link to nowhere", marked(Mark{Type: "link", Href: ""}), courses.Field{Path: block + ".text[0].marks[0].href", Code: "not_http"}},
		{"a link without a host", marked(Mark{Type: "link", Href: "https://"}), courses.Field{Path: block + ".text[0].marks[0].href", Code: "not_http"}},
		{"an unknown mark", marked(Mark{Type: "script"}), courses.Field{Path: block + ".text[0].marks[0].type", Code: "unknown"}},
		{"a citation of nothing", marked(Mark{Type: "cite", Article: "Điều 5"}), courses.Field{Path: block + ".text[0].marks[0].number", Code: "empty"}},
		{"an unknown block", article(Block{Type: "html", Text: []Inline{{Text: "<b>"}}}), courses.Field{Path: block + ".type", Code: "unknown"}},
		{"a block without a type", article(Block{}), courses.Field{Path: block + ".type", Code: "unknown"}},
		{"a heading of level 1", article(Block{Type: "heading", Level: 1}), courses.Field{Path: block + ".level", Code: "range"}},
		{"a heading of level 5", article(Block{Type: "heading", Level: 5}), courses.Field{Path: block + ".level", Code: "range"}},
		{"a heading without a level", article(Block{Type: "heading"}), courses.Field{Path: block + ".level", Code: "range"}},
		{"a hostile mark in a list", article(Block{Type: "bullets", Items: [][]Inline{{}, {{Text: "a", Marks: []Mark{{Type: "link", Href: "vbscript:x"}}}}}}), courses.Field{Path: block + ".items[1][0].marks[0].href", Code: "not_http"}},
		{"a callout of no style", article(Block{Type: Callout, Style: "blink"}), courses.Field{Path: block + ".style", Code: "unknown"}},
		{"a hostile mark in a table", article(Block{Type: Table, Rows: [][]Cell{{{}, {Text: []Inline{{Text: "a", Marks: []Mark{{Type: "link", Href: "javascript:x"}}}}}}}}), courses.Field{Path: block + ".rows[0][1][0].marks[0].href", Code: "not_http"}},
		{"a table too wide", article(Block{Type: Table, Rows: [][]Cell{make([]Cell, 21)}}), courses.Field{Path: block + ".rows[0]", Code: "too_many"}},
		{"a table too long", article(Block{Type: Table, Rows: make([][]Cell, 201)}), courses.Field{Path: block + ".rows", Code: "too_many"}},
		{"a cell that reaches too far", article(Block{Type: Table, Rows: [][]Cell{{{Columns: 21}}}}), courses.Field{Path: block + ".rows[0][0]", Code: "range"}},
		{"a right answer that is not there", article(Block{Type: Question, Items: [][]Inline{{}, {}}, Right: []int{2}}), courses.Field{Path: block + ".right", Code: "range"}},
		{"a right answer twice", article(Block{Type: Question, Items: [][]Inline{{}, {}}, Right: []int{1, 1}}), courses.Field{Path: block + ".right", Code: "range"}},
		{"a day that is none", article(Block{Type: Official, Document: DocumentHead{Number: "1/QĐ", Date: "2025-02-30"}}), courses.Field{Path: block + ".document.date", Code: "date"}},
		{"two blocks of one id", article(Block{ID: "b", Type: Paragraph}, Block{ID: "b", Type: Paragraph}), courses.Field{Path: "modules[0].lessons[0].blocks[1].id", Code: "twice"}},
		{"TCVN3 in a table", article(Block{Type: Table, Rows: [][]Cell{{{Text: []Inline{{Text: "Hµ Néi, H¶i Phßng"}}}}}}), courses.Field{Path: block + ".rows[0][0][0].text", Code: "legacy_encoding"}},
		{"TCVN3 text", article(paragraph(Inline{Text: "Hµ Néi, H¶i Phßng"})), courses.Field{Path: block + ".text[0].text", Code: "legacy_encoding"}},
		{"a TCVN3 title", Content{Title: "Hµ Néi, H¶i Phßng"}, courses.Field{Path: "title", Code: "legacy_encoding"}},
		{"an unknown kind of lesson", Content{Modules: []Module{{Lessons: []Lesson{{Kind: "scorm"}}}}}, courses.Field{Path: "modules[0].lessons[0].kind", Code: "unknown"}},
		{"two modules of one id", Content{Modules: []Module{{ID: "m"}, {ID: "m"}}}, courses.Field{Path: "modules[1].id", Code: "twice"}},
		{"two lessons of one id", Content{Modules: []Module{{ID: "m", Lessons: []Lesson{{ID: "l", Kind: Video}}}, {ID: "n", Lessons: []Lesson{{ID: "l", Kind: Video}}}}}, courses.Field{Path: "modules[1].lessons[0].id", Code: "twice"}},
		{"a lesson with a module's id", Content{Modules: []Module{{ID: "m", Lessons: []Lesson{{ID: "m", Kind: Video}}}}}, courses.Field{Path: "modules[0].lessons[0].id", Code: "twice"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := clean(c.content, ids())
			var refusal *courses.Error
			if !errors.Is(err, ErrContent) || !errors.As(err, &refusal) || !slices.Equal(refusal.Fields, []courses.Field{c.field}) {
				t.Errorf("it gives %v with %+v, want %+v", err, fieldsOf(err), c.field)
			}
		})
	}
}

func fieldsOf(err error) []courses.Field {
	var refusal *courses.Error
	if errors.As(err, &refusal) {
		return refusal.Fields
	}
	return nil
}

func TestGoodContentIsTakenInOneForm(t *testing.T) {
	in := Content{
		Title: " Tie\u0302\u0301p  công dân ", Summary: "a\u200bb", Citations: []Citation{{Number: " 129-TB/TU\n", Abstract: "về  việc"}},
		Modules: []Module{{Title: "Một", Lessons: []Lesson{
			{Kind: Article, Title: "Bài đọc", Asset: "left-over", Coverage: 5000, Blocks: []Block{
				{Type: "heading", Level: 3, Text: []Inline{{Text: "Đầu"}}, Items: [][]Inline{{{Text: "x"}}}},
				paragraph(Inline{Text: "trước "}, Inline{Text: "\u200b"}, Inline{Text: " \u200b\t"}, Inline{Text: " đậm ", Marks: []Mark{{Type: "bold"}}}, Inline{Text: "sau", Marks: []Mark{{Type: "italic"}, {Type: "link", Href: "HTTPS://example.vn/a?b#c"}}}),
				{Type: "numbers", Level: 2, Text: []Inline{{Text: "x"}}, Items: [][]Inline{{{Text: "một\ttab"}}}},
				{Type: "quote", Level: 4, Text: []Inline{{Text: "trích"}}},
				{ID: "b", Type: Table, Asset: "left-over", Rows: [][]Cell{{{Text: []Inline{{Text: "Ô\u200b"}}, Head: true, Columns: 2}}}},
				{Type: Picture, Asset: "pic", Alt: " Trụ  sở ", Style: "note"},
				{Type: Paragraph, Text: []Inline{{Text: "Điều 5", Marks: []Mark{{Type: "cite", Href: "x", Number: " 1/QĐ ", Article: "Điều 5"}, {Type: "bold", Href: "x"}}}}},
			}},
			{ID: "kept", Kind: Video, Title: "Phim", Asset: "a", Coverage: 8000, Blocks: []Block{paragraph(Inline{Text: "x"})}},
		}}},
	}
	want := Content{
		Title: "Tiếp công dân", Summary: "ab", Citations: []Citation{{Number: "129-TB/TU", Abstract: "về việc"}},
		Modules: []Module{{ID: "new-1", Title: "Một", Lessons: []Lesson{
			{ID: "new-2", Kind: Article, Title: "Bài đọc", Blocks: []Block{
				{ID: "new-3", Type: "heading", Level: 3, Text: []Inline{{Text: "Đầu"}}},
				named("new-4", Inline{Text: "trước "}, Inline{Text: " "}, Inline{Text: " đậm ", Marks: []Mark{{Type: "bold"}}}, Inline{Text: "sau", Marks: []Mark{{Type: "italic"}, {Type: "link", Href: "HTTPS://example.vn/a?b#c"}}}),
				{ID: "new-5", Type: "numbers", Items: [][]Inline{{{Text: "một tab"}}}},
				{ID: "new-6", Type: "quote", Text: []Inline{{Text: "trích"}}},
				{ID: "b", Type: Table, Rows: [][]Cell{{{Text: []Inline{{Text: "Ô"}}, Head: true, Columns: 2}}}},
				{ID: "new-7", Type: Picture, Asset: "pic", Alt: "Trụ sở"},
				{ID: "new-8", Type: Paragraph, Text: []Inline{{Text: "Điều 5", Marks: []Mark{{Type: "cite", Number: "1/QĐ", Article: "Điều 5"}, {Type: "bold"}}}}},
			}},
			{ID: "kept", Kind: Video, Title: "Phim", Asset: "a", Coverage: 8000},
		}}},
	}
	got, err := clean(in, ids())
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("it becomes %+v, %v\nwant %+v", got, err, want)
	}
}

func TestNoMoreThanTwentyFieldsAreNamed(t *testing.T) {
	if _, err := clean(article(make([]Block, 50)...), ids()); len(fieldsOf(err)) != 20 {
		t.Errorf("50 wrong blocks give %d fields, %v", len(fieldsOf(err)), err)
	}
}

func TestACourseHasALimit(t *testing.T) {
	lessons := func(n int) Content {
		m := Module{Title: "Một", Lessons: make([]Lesson, n)}
		for i := range m.Lessons {
			m.Lessons[i].Kind = Video
		}
		return Content{Modules: []Module{m}}
	}
	letters := func(n int) Content { return article(paragraph(Inline{Text: strings.Repeat("đ", n)})) }
	around := len([]rune("KhóaMộtBài"))
	for _, c := range []struct {
		name    string
		content Content
		taken   bool
	}{
		{"300 lessons", lessons(300), true},
		{"301 lessons", lessons(301), false},
		{"a million letters", letters(1_000_000 - around), true},
		{"a million and one", letters(1_000_001 - around), false},
	} {
		if _, err := clean(c.content, ids()); c.taken && err != nil || !c.taken && !errors.Is(err, ErrTooLarge) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

// anyContent draws content out of pieces that have something to clean.
func anyContent(t *rapid.T) Content {
	text := rapid.Custom(func(t *rapid.T) string {
		letters := rapid.SampledFrom([]string{"a", "ệ", "e\u0302\u0323", "µ", "đ", "\u0301"})
		blanks := rapid.SampledFrom([]string{" ", "\t", "\n", "\u00a0", "\u2003"})
		invisible := rapid.SampledFrom([]string{"\u200b", "\ufeff", "\u202e", "\x00", "\xff"})
		return strings.Join(rapid.SliceOfN(rapid.OneOf(letters, blanks, blanks, invisible), 0, 8).Draw(t, "text"), "")
	})
	runs := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Inline {
		return Inline{Text: text.Draw(t, "run"), Marks: rapid.SliceOfN(rapid.SampledFrom([]Mark{{Type: "bold"}, {Type: "link", Href: "https://example.vn"}, {Type: "cite", Number: "1/QĐ"}}), 0, 2).Draw(t, "marks")}
	}), 0, 3)
	block := rapid.Custom(func(t *rapid.T) Block {
		return Block{
			Type:  rapid.SampledFrom([]BlockType{Heading, Paragraph, Bullets, Numbers, Quote, Callout, Table, Picture, File, Official, Question}).Draw(t, "type"),
			Level: rapid.IntRange(2, 4).Draw(t, "level"), Text: runs.Draw(t, "runs"), Items: rapid.SliceOfN(runs, 0, 2).Draw(t, "items"),
			Style: "note", Alt: text.Draw(t, "alt"), Note: text.Draw(t, "note"), Asset: "b",
			Rows:     [][]Cell{{{Text: runs.Draw(t, "cell")}}},
			Document: DocumentHead{Number: text.Draw(t, "document")},
		}
	})
	lesson := rapid.Custom(func(t *rapid.T) Lesson {
		return Lesson{
			Kind: rapid.SampledFrom([]LessonKind{Article, Video, Audio, Document}).Draw(t, "kind"), Title: text.Draw(t, "title"),
			Blocks: rapid.SliceOfN(block, 0, 3).Draw(t, "blocks"), Asset: "a", Coverage: rapid.IntRange(0, 10000).Draw(t, "coverage"),
		}
	})
	return Content{
		Title: text.Draw(t, "title"), Summary: text.Draw(t, "summary"),
		Citations: []Citation{{Number: text.Draw(t, "number"), Abstract: text.Draw(t, "abstract")}},
		Modules:   []Module{{Title: text.Draw(t, "module"), Lessons: rapid.SliceOfN(lesson, 0, 3).Draw(t, "lessons")}},
	}
}

func TestCleaningTwiceIsCleaningOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { cleansOnce(t, anyContent(t)) })
}

// FuzzClean cleans what a client may send, of any kind and depth.
func FuzzClean(f *testing.F) {
	for i := range 20 {
		b, err := json.Marshal(rapid.Custom(anyContent).Example(i))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		var c Content
		if json.Unmarshal(b, &c) == nil {
			cleansOnce(t, c)
		}
	})
}

// cleansOnce holds that content is refused in words, or clean from then on.
func cleansOnce(t rapid.TB, c Content) {
	once, err := clean(c, ids())
	if err != nil {
		if refusal := new(courses.Error); !errors.As(err, &refusal) {
			t.Fatalf("refused with %v", err)
		}
		return
	}
	was := fmt.Sprintf("%+v", once)
	twice, err := clean(once, func() string { t.Fatalf("an id was made again"); return "" })
	if got := fmt.Sprintf("%+v", twice); err != nil || got != was {
		t.Fatalf("cleaned again it is %s, %v\nwas %s", got, err, was)
	}
}

func TestContentKnowsWhatIsInIt(t *testing.T) {
	c := Content{Citations: []Citation{{Number: "1/QĐ"}}, Modules: []Module{
		{Lessons: []Lesson{{ID: "1", Minutes: 10, Asset: "a"}, {ID: "2", Minutes: 5, Blocks: []Block{{Type: Picture, Asset: "c"}, {Type: Official, Document: DocumentHead{Number: "2/NQ"}}, marked(Mark{Type: "cite", Number: "1/QĐ"}).Modules[0].Lessons[0].Blocks[0]}}}},
		{Lessons: []Lesson{{ID: "3", Minutes: 20, Asset: "b"}, {ID: "4", Asset: "a"}}},
	}}
	if l, found := c.Lesson("3"); !found || l.Minutes != 20 {
		t.Errorf("lesson 3 is %+v, %v", l, found)
	}
	if l, found := c.Lesson("5"); found {
		t.Errorf("there is a lesson 5: %+v", l)
	}
	if got := c.Assets(); !slices.Equal(got, []courses.AssetID{"a", "c", "b"}) {
		t.Errorf("its assets are %v", got)
	}
	if got := documents(c.Cited()); !slices.Equal(got, []string{"1/QĐ", "2/NQ"}) {
		t.Errorf("it cites %v", got)
	}
	if c.Minutes() != 35 || c.LessonCount() != 4 {
		t.Errorf("it takes %d minutes in %d lessons", c.Minutes(), c.LessonCount())
	}
	if (Lesson{}).Threshold() != 9000 || (Lesson{Coverage: 100}).Threshold() != 100 {
		t.Error("without a coverage of its own a lesson asks for 90 %")
	}
}
