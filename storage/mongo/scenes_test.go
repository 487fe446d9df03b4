package mongo_test

import (
	"haidang/courses"
	"haidang/courses/assessment"
	"haidang/courses/catalog"
	"reflect"
	"testing"

	"go.mongodb.org/mongo-driver/bson"
)

func TestPicturesAndScenesAreKeptWithTheirQuestion(t *testing.T) {
	db, c := open(t), &clock{}
	s := banks(t, db, c, 1)
	hotspot := assessment.Question{
		Type: assessment.Hotspot, Text: "Ký ở đâu?\nĐánh dấu.", Picture: assessment.Picture{Asset: "picture", Alt: "Tờ khai"},
		Options: []assessment.Option{{Text: "Ô dưới", Right: true, Area: assessment.Area{X: 10, Y: 9000, Width: 500, Height: 600}}, {Text: "Ô trên", Area: assessment.Area{Width: 500, Height: 600}}},
	}
	scenario := assessment.Question{Type: assessment.Scenario, Text: "Dân đến.", Scenes: []assessment.Scene{
		{Text: "Chờ lâu.", Choices: []assessment.Choice{{Text: "Mời ngồi", Then: "Dân ngồi.", Points: 40, Next: 2}, {Text: "Kệ", Then: "Dân về."}}},
		{Text: "Thiếu giấy.", Choices: []assessment.Choice{{Text: "Hướng dẫn", Then: "Dân hiểu.", Points: 60}, {Text: "Trả lại", Then: "Dân giận.", Points: 5}}},
	}}
	made, err := s.Add(t.Context(), courses.Actor{}, "SNV", assessment.Item{Topic: "hình", Difficulty: "easy", Question: hotspot}, assessment.Item{Topic: "hình", Difficulty: "easy", Question: scenario})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []assessment.Question{hotspot, scenario} {
		x, _, err := restarted(db, c).Item(t.Context(), courses.Actor{}, made[i].ID)
		if err != nil || !reflect.DeepEqual(x.Question, want) {
			t.Errorf("kept is %+v, %v, want %+v", x.Question, err, want)
		}
	}
	p := catalog.Paper{Bank: "SNV", Draws: []catalog.Draw{{Topic: "hình", Count: 2}}, Shuffle: true}
	sheet, err := s.Begin(t.Context(), sittingOf(1), p)
	if err != nil {
		t.Fatal(err)
	}
	others := paper(1, 0, 0)
	others.Draws[0].Topic = "hộ tịch"
	for n := 2; n < 30; n++ { // others are asked something else
		if _, err := s.Begin(t.Context(), sittingOf(n), others); err != nil {
			t.Fatal(err)
		}
	}
	again, err := restarted(db, c).Sheet(t.Context(), courses.Actor{Person: "p1"}, sheet.Attempt.ID)
	if err != nil || !reflect.DeepEqual(again.Attempt.Slots, sheet.Attempt.Slots) || !reflect.DeepEqual(again.Attempt.Pictures, []courses.AssetID{"picture"}) {
		t.Errorf("the attempt is kept as %+v, %v", again.Attempt, err)
	}
	for _, asked := range []struct {
		person  courses.PersonID
		picture courses.AssetID
		want    bool
	}{{"p1", "picture", true}, {"p2", "picture", false}, {"p1", "other", false}} {
		if sees, err := s.Sees(t.Context(), asked.person, asked.picture); err != nil || sees != asked.want {
			t.Errorf("%s sees %s: %v, %v", asked.person, asked.picture, sees, err)
		}
	}
	var plan struct {
		ExecutionStats struct{ TotalDocsExamined, TotalKeysExamined int }
	}
	err = db.Raw().RunCommand(t.Context(), bson.D{{Key: "explain", Value: bson.D{
		{Key: "find", Value: "attempts"}, {Key: "filter", Value: bson.D{{Key: "person", Value: "p2"}, {Key: "pictures", Value: "picture"}}},
	}}, {Key: "verbosity", Value: "executionStats"}}).Decode(&plan)
	if err != nil || plan.ExecutionStats.TotalDocsExamined != 0 {
		t.Errorf("whether somebody sees a picture looks at %+v, %v", plan, err)
	}
}
