package exchange_test

import (
	"bytes"
	"encoding/json"
	"haidang/courses/assessment"
	"haidang/courses/exchange"
	"math"
	"os/exec"
	"testing"

	"pgregory.net/rapid"
)

// scored is what answers to the items of a package score with another program, which
// also holds that the package is as the specification says.
func scored(t *testing.T, list []assessment.Item, answers [][]any) [][]float64 {
	t.Helper()
	var b, out, failure bytes.Buffer
	if err := writeDrawn(&b, list); err != nil {
		t.Fatalf("write: %v", err)
	}
	given, err := json.Marshal(map[string]any{"package": b.Bytes(), "answers": answers})
	if err != nil {
		t.Fatalf("%v", err)
	}
	cmd := exec.CommandContext(t.Context(), "python3", "testdata/qti.py")
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(given), &out, &failure
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v: %s\n%s", err, failure.Bytes(), shown(exchange.QTI, b.Bytes()))
	}
	var scores [][]float64
	if err := json.Unmarshal(out.Bytes(), &scores); err != nil {
		t.Fatalf("%v", err)
	}
	return scores
}

func TestOtherProgramsScoreWhatTheyRead(t *testing.T) {
	options := func(right int, texts ...string) []assessment.Option {
		var list []assessment.Option
		for i, text := range texts {
			list = append(list, assessment.Option{Text: text, Right: i < right})
		}
		return list
	}
	pairs := []assessment.Option{{Text: "Cát Bà", Match: "đảo"}, {Text: "Lạch Tray", Match: "sông"}, {Text: "Bạch Long Vĩ", Match: "đảo"}, {Text: "Đồ Sơn", Match: "bãi biển"}}
	places := options(2, "ô trái", "ô giữa", "ô phải")
	for i := range places {
		places[i].Area = assessment.Area{X: 3000 * i, Y: 500, Width: 2500, Height: 1000}
	}
	type pair = [2]string
	cases := []struct {
		question assessment.Question
		answers  []any
		want     []float64
	}{
		{
			assessment.Question{Type: assessment.Single, Text: "Đảo <nào> lớn nhất & xanh nhất?\n\nChọn một.", Options: options(1, "Cát Bà", `"Hòn Dấu" <b>`), Note: "Luật\nghi thế."},
			[]any{[]string{"Cát Bà"}, []string{`"Hòn Dấu" <b>`}, []string{}},
			[]float64{1, 0, 0},
		},
		{
			assessment.Question{Type: assessment.Multiple, Text: "Ba nào?", Options: options(3, "a", "b", "c", "d")},
			[]any{[]string{"a", "b", "c"}, []string{"a", "b"}, []string{"a", "d"}, []string{"a", "b", "c", "d"}, []string{"d"}},
			[]float64{1, 2. / 3, 0, 2. / 3, 0},
		},
		{assessment.Question{Type: assessment.TrueOr, Text: "Không thu lệ phí.", True: true}, []any{[]string{"Đúng"}, []string{"Sai"}}, []float64{1, 0}},
		{
			assessment.Question{Type: assessment.Short, Text: "Ai?", Gaps: []assessment.Gap{{Accepted: []string{"UBND xã", "Ủy ban", "UBND xã"}, Exact: true}}},
			[]any{[]string{"ubnd xã"}, []string{"ủy ban"}, []string{"UBND tỉnh"}, []string{""}},
			[]float64{1, 1, 0, 0},
		},
		{
			assessment.Question{Type: assessment.Numeric, Text: "Dài?", Number: assessment.Quantity{Value: -2.5, Tolerance: 0.25, Unit: "m²"}},
			[]any{[]string{"-2.5"}, []string{"-2.25"}, []string{"-2.2"}, []string{""}},
			[]float64{1, 1, 0, 0},
		},
		{assessment.Question{Type: assessment.Numeric, Text: "Mấy?", Number: assessment.Quantity{Value: 15}}, []any{[]string{"15"}, []string{"15.1"}}, []float64{1, 0}},
		{
			assessment.Question{Type: assessment.Matching, Text: "Ghép.", Options: pairs},
			[]any{[]pair{{"Cát Bà", "đảo"}, {"Lạch Tray", "sông"}, {"Đồ Sơn", "bãi biển"}}, []pair{{"Bạch Long Vĩ", "đảo"}}, []pair{{"Cát Bà", "sông"}}},
			[]float64{0.75, 0.25, 0},
		},
		{
			assessment.Question{Type: assessment.Ordering, Text: "Xếp.", Options: options(0, "nhận", "kiểm tra", "trả")},
			[]any{[]string{"nhận", "kiểm tra", "trả"}, []string{"trả", "kiểm tra", "nhận"}},
			[]float64{1, 0},
		},
		{
			assessment.Question{Type: assessment.Gaps, Text: "Thủ đô [[2]] & [[1]].", Gaps: []assessment.Gap{{Accepted: []string{"1955"}}, {Accepted: []string{"Hà Nội"}}}},
			[]any{[]string{"hà nội", "1955"}, []string{"Hà Nội", ""}, []string{"", ""}},
			[]float64{1, 0.5, 0},
		},
		{
			assessment.Question{Type: assessment.Hotspot, Text: "Ký ở đâu?", Picture: assessment.Picture{Asset: "p1", Alt: "Tờ khai"}, Options: places},
			[]any{[]string{"ô trái"}, []string{"ô trái", "ô giữa"}, []string{"ô trái", "ô phải"}, []string{}},
			[]float64{0.5, 1, 0, 0},
		},
		{
			assessment.Question{Type: assessment.Essay, Text: "Nêu ba việc.", Rubric: []assessment.Criterion{{Name: "Đủ", Levels: []assessment.Level{{Text: "ba", Points: 150}, {Text: "ít hơn"}}}}},
			[]any{},
			nil,
		},
	}
	var list []assessment.Item
	var answers [][]any
	for _, c := range cases {
		list, answers = append(list, assessment.Item{Topic: "Hộ tịch", Difficulty: "hard", Question: c.question}), append(answers, c.answers)
	}
	for i, got := range scored(t, list, answers) {
		for j, score := range got {
			if math.Abs(score-cases[i].want[j]) > 1e-9 {
				t.Errorf("%s: %v scores %v, want %v", cases[i].question.Type, cases[i].answers[j], score, cases[i].want[j])
			}
		}
	}
}

func TestAnyPackageIsAsTheSpecificationSays(t *testing.T) {
	var list []assessment.Item
	for seed := range 60 {
		for _, x := range append(ofEach().Example(seed), rapid.Custom(peculiar).Example(seed)...) {
			x, err := x.Clean()
			if err != nil {
				t.Fatal(err)
			}
			list = append(list, x)
		}
	}
	answers := make([][]any, len(list))
	for i := range answers {
		answers[i] = []any{}
	}
	scored(t, list, answers)
}
