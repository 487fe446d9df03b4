package assessment

import (
	"errors"
	"fmt"
	"haidang/courses"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// options are texts of which those with a star in front are right.
func options(texts ...string) []Option {
	list := make([]Option, len(texts))
	for i, text := range texts {
		right := text[0] == '*'
		list[i] = Option{Text: text, Right: right}
		if right {
			list[i].Text = text[1:]
		}
	}
	return list
}

func gap(accepted ...string) []Gap { return []Gap{{Accepted: accepted}} }

func TestEachTypeIsMarkedByItsRule(t *testing.T) {
	single := Question{Type: Single, Options: options("một", "*hai", "ba")}
	several := Question{Type: Multiple, Options: options("*một", "*hai", "ba", "bốn")}
	right, wrong := Question{Type: TrueOr, True: true}, Question{Type: TrueOr}
	pairs := Question{Type: Matching, Options: []Option{{Text: "xã", Match: "UBND xã"}, {Text: "phường", Match: "UBND phường"}, {Text: "đặc khu", Match: "UBND đặc khu"}, {Text: "đảo", Match: "UBND đặc khu"}}}
	order := Question{Type: Ordering, Options: options("nhận", "thẩm tra", "trình", "trả")}
	words := Question{Type: Short, Gaps: gap("Bạch Long Vĩ", "BLV")}
	exact := Question{Type: Short, Gaps: []Gap{{Accepted: []string{"Thủy Nguyên"}, Exact: true}}}
	two := Question{Type: Gaps, Gaps: []Gap{{Accepted: []string{"15 ngày"}}, {Accepted: []string{"Chủ tịch"}}}}
	number := Question{Type: Numeric, Number: Quantity{Value: 1234.5, Tolerance: 0.5}}
	small := Question{Type: Numeric, Number: Quantity{Value: 0.1}}
	choose := func(positions ...int) Answer { return Answer{Chosen: positions} }
	write := func(texts ...string) Answer { return Answer{Texts: texts} }
	straight := []int{0, 1, 2, 3}
	for i, c := range []struct {
		q     Question
		order []int
		a     Answer
		want  int
	}{
		{single, []int{0, 1, 2}, choose(1), 100},
		{single, []int{1, 2, 0}, choose(0), 100}, // the second option stands first
		{single, []int{0, 1, 2}, choose(0), 0},
		{single, []int{0, 1, 2}, choose(0, 1), 0},
		{single, []int{0, 1, 2}, choose(7), 0},
		{single, []int{0, 1, 2}, Answer{}, 0},
		{several, straight, choose(0, 1), 100},
		{several, straight, choose(1, 0, 0), 100}, // twice is once
		{several, straight, choose(0), 50},
		{several, straight, choose(0, 1, 2), 50},
		{several, straight, choose(0, 2), 0},
		{several, straight, choose(0, 1, 2, 3), 0},
		{right, []int{0, 1}, choose(0), 100},
		{right, []int{0, 1}, choose(1), 0},
		{wrong, []int{0, 1}, choose(1), 100},
		{pairs, straight, choose(0, 1, 2, 3), 100},
		{pairs, straight, choose(0, 1, 3, 2), 100}, // the same words
		{pairs, straight, choose(0, 1, -1, -1), 50},
		{pairs, []int{3, 2, 1, 0}, choose(3, 2, 1, 0), 100},
		{pairs, straight, choose(1, 0, 0, 0, 0, 0), 0},
		{order, straight, choose(0, 1, 2, 3), 100},
		{order, []int{2, 0, 3, 1}, choose(1, 3, 0, 2), 100},
		{order, straight, choose(1, 2, 3, 0), 66}, // two of three neighbours
		{order, straight, choose(3, 2, 1, 0), 0},
		{order, straight, choose(0, 1, 1, 1), 0},
		{order, straight, choose(0, 1), 33},
		{words, nil, write("  bach long  vi "), 100},
		{words, nil, write("blv"), 100},
		{words, nil, write("Bạch Long"), 0},
		{words, nil, write(""), 0},
		{exact, nil, write("thuỷ nguyên"), 100}, // the old spelling of the tone
		{exact, nil, write("thuy nguyen"), 0},
		{two, nil, write("15 NGÀY", "giám đốc"), 50},
		{two, nil, write("15 ngày", "chu tich", "thừa"), 100},
		{number, nil, write("1.234,5"), 100},
		{number, nil, write("1234.5"), 100},
		{number, nil, write("1,234.5"), 100},
		{number, nil, write("1 235"), 100},
		{number, nil, write("1.235"), 100}, // a point before three digits divides thousands
		{number, nil, write("1235,1"), 0},
		{number, nil, write("một nghìn"), 0},
		{number, nil, write("NaN"), 0},
		{small, nil, write("0,1"), 100},
		{small, nil, write("0.100"), 100},
		{small, nil, write("-0,1"), 0},
	} {
		if got := c.q.score(c.order, c.a); got != c.want {
			t.Errorf("%d: %s %v in order %v gets %d, want %d", i, c.q.Type, c.a, c.order, got, c.want)
		}
	}
}

// anyQuestion draws a question that Clean takes and that has a key.
func anyQuestion(t *rapid.T) Question {
	types := slices.DeleteFunc(Types(), func(k Type) bool { return k == Essay })
	q := Question{Type: rapid.SampledFrom(types).Draw(t, "type"), Text: "Hỏi [[1]] [[2]] [[3]]"}
	n := rapid.IntRange(2, 8).Draw(t, "options")
	right := rapid.IntRange(0, n-1).Draw(t, "right")
	for i := range n {
		q.Options = append(q.Options, Option{
			Text: fmt.Sprint("p", i), Match: fmt.Sprint("m", i), Right: i == right || q.Type != Single && rapid.Bool().Draw(t, "also"),
			Area: Area{X: 1000 * i, Width: 1000, Height: 500},
		})
	}
	q.Picture, q.Scenes = Picture{Asset: "x", Alt: "mẫu đơn"}, anyScenes(t)
	q.True = rapid.Bool().Draw(t, "true")
	q.Gaps = gap("một")
	if q.Type == Gaps {
		q.Gaps = append(q.Gaps, Gap{Accepted: []string{"hai"}, Exact: true}, Gap{Accepted: []string{"ba"}})
	}
	q.Number = Quantity{Value: rapid.Float64Range(-1e6, 1e6).Draw(t, "value"), Tolerance: rapid.Float64Range(0, 5).Draw(t, "tolerance")}
	x, err := Item{Difficulty: "easy", Question: q}.Clean()
	if err != nil {
		t.Fatal(err)
	}
	return x.Question
}

func TestWhatIsShownAsRightGetsThePointInAnyOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q := anyQuestion(t)
		order := arrange(q, true, rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0)))
		if got := q.score(order, q.Right(order)); got != Marked {
			t.Fatalf("what is right of %+v gets %d", q, got)
		}
		any := Answer{
			Chosen: rapid.SliceOfN(rapid.IntRange(-2, 9), 0, 12).Draw(t, "chosen"),
			Texts:  rapid.SliceOfN(rapid.SampledFrom([]string{"", "một", "Hai", "1e400", "1.000.000", "x"}), 0, 5).Draw(t, "texts"),
		}
		if got := q.score(order, any); got < 0 || got > Marked {
			t.Fatalf("%+v gets %d", any, got)
		}
	})
}

func TestWhatHasToBeOrderedIsNeverShownInOrder(t *testing.T) {
	for seed := range uint64(200) {
		for _, q := range []Question{{Type: Ordering, Options: options("a", "b")}, {Type: Matching, Options: options("a", "b", "c")}} {
			if order := arrange(q, false, rand.New(rand.NewPCG(seed, 0))); slices.IsSorted(order) {
				t.Fatalf("with seed %d %s is shown in order %v", seed, q.Type, order)
			}
		}
	}
	if order := arrange(Question{Type: Single, Options: options("a", "b", "c")}, false, rand.New(rand.NewPCG(1, 0))); !slices.Equal(order, []int{0, 1, 2}) {
		t.Errorf("options that are not to be shuffled stand in order %v", order)
	}
}

func TestBadQuestionsAreRefusedByField(t *testing.T) {
	long := make([]byte, maxText+1)
	for i := range long {
		long[i] = 'a'
	}
	for _, c := range []struct {
		name string
		q    Question
		want courses.Field
	}{
		{"no text", Question{Type: TrueOr}, courses.Field{Path: "text", Code: "required"}},
		{"too long", Question{Type: TrueOr, Text: string(long)}, courses.Field{Path: "text", Code: "too_long"}},
		{"an unknown type", Question{Type: "poem", Text: "x"}, courses.Field{Path: "type", Code: "unknown"}},
		{"one option", Question{Type: Single, Text: "x", Options: options("*a")}, courses.Field{Path: "options", Code: "too_few"}},
		{"two are right of which one is", Question{Type: Single, Text: "x", Options: options("*a", "*b")}, courses.Field{Path: "options", Code: "one_right"}},
		{"none is right", Question{Type: Multiple, Text: "x", Options: options("a", "b")}, courses.Field{Path: "options", Code: "none_right"}},
		{"an option twice", Question{Type: Single, Text: "x", Options: options("*a", "a")}, courses.Field{Path: "options[1].text", Code: "twice"}},
		{"an empty option", Question{Type: Ordering, Text: "x", Options: options("a", " ")}, courses.Field{Path: "options[1].text", Code: "required"}},
		{"a prompt without a match", Question{Type: Matching, Text: "x", Options: []Option{{Text: "a", Match: "b"}, {Text: "c"}}}, courses.Field{Path: "options[1].match", Code: "required"}},
		{"no accepted words", Question{Type: Short, Text: "x", Gaps: []Gap{{}}}, courses.Field{Path: "gaps[0]", Code: "required"}},
		{"a gap that the text lacks", Question{Type: Gaps, Text: "x [[1]]", Gaps: append(gap("a"), gap("b")...)}, courses.Field{Path: "gaps[1]", Code: "not_in_text"}},
		{"a tolerance below nothing", Question{Type: Numeric, Text: "x", Number: Quantity{Tolerance: -1}}, courses.Field{Path: "number.tolerance", Code: "range"}},
		{"an essay without a rubric", Question{Type: Essay, Text: "x"}, courses.Field{Path: "rubric", Code: "too_few"}},
		{"a criterion of one level", Question{Type: Essay, Text: "x", Rubric: []Criterion{criterion("a", 100)}}, courses.Field{Path: "rubric[0]", Code: "too_few"}},
		{"levels that do not fall", Question{Type: Essay, Text: "x", Rubric: []Criterion{criterion("a", 100, 50, 50)}}, courses.Field{Path: "rubric[0].levels[2].points", Code: "order"}},
		{"points below nothing", Question{Type: Essay, Text: "x", Rubric: []Criterion{criterion("a", 100, -50)}}, courses.Field{Path: "rubric[0].levels[1].points", Code: "range"}},
		{"a criterion twice", Question{Type: Essay, Text: "x", Rubric: []Criterion{criterion("a", 100, 0), criterion("a", 100, 0)}}, courses.Field{Path: "rubric[1].name", Code: "twice"}},
		{"eleven criteria", Question{Type: Essay, Text: "x", Rubric: make([]Criterion, 11)}, courses.Field{Path: "rubric", Code: "too_many"}},
		{"more files than an answer may have", Question{Type: Essay, Text: "x", Files: 4, Rubric: []Criterion{criterion("a", 100, 0)}}, courses.Field{Path: "files", Code: "range"}},
		{"an old encoding", Question{Type: TrueOr, Text: "Hµ Néi lµ thñ ®«"}, courses.Field{Path: "text", Code: "legacy_encoding"}},
	} {
		_, err := Item{Difficulty: "easy", Question: c.q}.Clean()
		var refusal *courses.Error
		if !errors.As(err, &refusal) || !slices.Contains(refusal.Fields, c.want) {
			t.Errorf("%s: it gives %v, want %v", c.name, err, c.want)
		}
	}
	if _, err := (Item{Difficulty: "very", Question: Question{Type: TrueOr, Text: "x"}}).Clean(); err == nil {
		t.Error("an unknown difficulty is taken")
	}
}
