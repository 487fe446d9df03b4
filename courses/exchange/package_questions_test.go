package exchange_test

import (
	"haidang/courses"
	"haidang/courses/assessment"
	"haidang/courses/catalog"
	"reflect"
	"slices"
	"testing"
)

const signID = "01a00000-0000-7000-8000-00000000000b"

func init() { sources[signID] = pixel + " " }

// quiz is a lesson that fixes the first of the questions and draws among the others.
func quiz() catalog.Lesson {
	return catalog.Lesson{
		ID: "01a00000-0000-7000-8000-000000000013", Kind: catalog.Quiz, Title: "Kiểm tra", Minutes: 10,
		Paper: catalog.Paper{
			Bank: "SNV", Fixed: []courses.ItemID{questions()[0].ID}, PassBp: 8000, Attempts: 2, Minutes: 30, Feedback: catalog.ShowScore, Shuffle: true, SecondMarker: true, Anonymous: true,
			Draws:   []catalog.Draw{{Topic: "Tiếp dân", Count: 3, Lesson: "01a00000-0000-7000-8000-000000000012"}, {Difficulty: "hard", Count: 1}},
			Excuses: []courses.LessonID{"01a00000-0000-7000-8000-000000000012"},
		},
	}
}

// questions is one of each type, in their one form.
func questions() []assessment.Item {
	option := func(text string, right bool) assessment.Option { return assessment.Option{Text: text, Right: right} }
	area := assessment.Area{X: 100, Y: 200, Width: 3000, Height: 400}
	list := []assessment.Question{
		{Type: assessment.Single, Text: "Ai tiếp?", Options: []assessment.Option{option("Chủ tịch", true), option("Không ai", false)}},
		{Type: assessment.Multiple, Text: "Giấy nào?\nChọn hết.", Options: []assessment.Option{option("Đơn", true), option("Căn cước", true), option("Vé", false)}},
		{Type: assessment.TrueOr, Text: "Phải trả lời <dân>.", True: true},
		{Type: assessment.Short, Text: "Đảo nào?", Gaps: []assessment.Gap{{Accepted: []string{"Bạch Long Vĩ", "BLV"}, Exact: true}}},
		{Type: assessment.Numeric, Text: "Bao lâu?", Number: assessment.Quantity{Value: 10.5, Tolerance: 0.25, Unit: "ngày"}},
		{Type: assessment.Matching, Text: "Nối.", Options: []assessment.Option{{Text: "Đơn", Match: "Ban"}, {Text: "Thư", Match: "Sở"}}},
		{Type: assessment.Ordering, Text: "Xếp.", Options: []assessment.Option{option("Nhận", false), option("Trả", false)}},
		{Type: assessment.Gaps, Text: "Trong [[1]] ngày.", Gaps: []assessment.Gap{{Accepted: []string{"mười"}}}},
		{Type: assessment.Hotspot, Text: "Ký ở đâu?", Picture: assessment.Picture{Asset: signID, Alt: "Mẫu đơn"}, Options: []assessment.Option{
			{Text: "Góc phải", Right: true, Area: area}, {Text: "Góc trái", Area: area},
		}},
		{Type: assessment.Scenario, Text: "Dân nổi nóng.", Scenes: []assessment.Scene{
			{Text: "Làm gì?", Choices: []assessment.Choice{{Text: "Nghe", Then: "Dịu lại", Points: 60, Next: 2}, {Text: "Bỏ đi", Then: "Căng hơn"}}},
			{Text: "Rồi sao?", Choices: []assessment.Choice{{Text: "Ghi", Then: "Xong", Points: 40}, {Text: "Quên", Then: "Hỏng"}}},
		}},
		{Type: assessment.Essay, Text: "Viết báo cáo.", Words: 500, Files: 1, Rubric: []assessment.Criterion{
			{Name: "Đủ ý", Levels: []assessment.Level{{Text: "Tốt", Points: 100}, {Text: "Kém", Points: 0}}},
		}},
	}
	items := make([]assessment.Item, len(list))
	for i, q := range list {
		q.Note = "Vì luật."
		items[i] = assessment.Item{
			ID: courses.ItemID("01a00000-0000-7000-8000-0000000001" + string(rune('0'+i/10)) + string(rune('0'+i%10))), Topic: "Tiếp dân", Competency: "Nghe dân", Difficulty: "medium",
			Cites: []catalog.Reference{{Number: "129-TB/TU", Article: "Mục 2"}}, Question: q,
		}
	}
	items[0].Topic = "Khác"
	return items
}

func TestEveryTypeOfQuestionHasItsPlaceInAPackage(t *testing.T) {
	var types []assessment.Type
	for _, x := range questions() {
		types = append(types, x.Question.Type)
		if clean, err := x.Clean(); err != nil || !reflect.DeepEqual(clean, x) {
			t.Errorf("%s is not in its one form: %v", x.Question.Type, err)
		}
	}
	for _, kind := range assessment.Types() {
		if !slices.Contains(types, kind) {
			t.Errorf("no question is of type %s", kind)
		}
	}
}

func TestAPackageOfTheFirstVersionIsRead(t *testing.T) {
	old := manifest(t, func(d map[string]any) {
		d["version"] = 1
		delete(d, "questions")
		d["assets"] = d["assets"].([]any)[:4]
		lessons := d["content"].(map[string]any)["modules"].([]any)[0].(map[string]any)["lessons"].([]any)
		delete(lessons[2].(map[string]any), "paper")
	})
	got, err := readPackage(zipped(t, without(old, sources[signID])))
	if err != nil {
		t.Fatal(err)
	}
	if l := got.Content.Modules[0].Lessons[2]; l.Kind != catalog.Quiz || !reflect.DeepEqual(l.Paper, catalog.Paper{}) || len(got.Questions) > 0 {
		t.Errorf("its quiz is %+v, with %d questions", l, len(got.Questions))
	}
}
