package mongo_test

import (
	"haidang/courses"
	"haidang/courses/records"
	"slices"
	"testing"

	"go.mongodb.org/mongo-driver/bson"
)

// TestCreditsAreCompletionsInShort has an index alone tell them.
func TestCreditsAreCompletionsInShort(t *testing.T) {
	db := open(t)
	s := db.Records()
	var list []records.Completion
	for i, person := range []courses.PersonID{"p", "p", "p", "q"} {
		at := noon.AddDate(0, 0, -40*i)
		list = append(list, records.Completion{ID: courses.NewID[courses.CompletionID](at), Person: person, Course: "c", CourseTitle: "Hộ tịch", Tiet: i, CompletedAt: at})
	}
	if err := s.Insert(t.Context(), list); err != nil {
		t.Fatal(err)
	}
	from, to := noon.AddDate(0, 0, -81), noon
	if err := db.Raw().RunCommand(t.Context(), bson.D{{Key: "profile", Value: 2}}).Err(); err != nil {
		t.Fatal(err)
	}
	got, err := s.Credits(t.Context(), "p", from, to)
	if err != nil {
		t.Fatal(err)
	}
	whole, err := s.InRange(t.Context(), "p", from, to)
	if err != nil || len(whole) != 2 {
		t.Fatalf("%d completions are in the range, %v", len(whole), err)
	}
	same := func(a records.Credit, b records.Completion) bool {
		return a.ID == b.ID && a.At.Equal(b.CompletedAt) && a.Tiet == b.Tiet
	}
	if !slices.EqualFunc(got, whole, same) {
		t.Errorf("in short they are %+v, whole %+v", got, whole)
	}
	var noted struct {
		Docs int `bson:"docsExamined"`
	}
	first := bson.D{{Key: "op", Value: "query"}, {Key: "command.find", Value: "completions"}, {Key: "command.projection", Value: bson.D{{Key: "$exists", Value: true}}}}
	if err := db.Raw().Collection("system.profile").FindOne(t.Context(), first).Decode(&noted); err != nil || noted.Docs != 0 {
		t.Errorf("%d documents were read, %v", noted.Docs, err)
	}
}
