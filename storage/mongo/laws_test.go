package mongo_test

import (
	"context"
	"haidang/courses"
	"haidang/courses/laws"
	"reflect"
	"testing"
	"time"
)

// keeper may do everything.
type keeper struct{ nobody }

func (keeper) Can(context.Context, courses.Actor, courses.Action, courses.Object) error { return nil }

// TestServersLearnOfEachOthersArticles has two servers on one registry, which
// reads it whole only when a revision differs.
func TestServersLearnOfEachOthersArticles(t *testing.T) {
	db, clock := open(t), &clock{}
	here, there := laws.NewService(db.Laws(), keeper{}, clock.now), laws.NewService(db.Laws(), keeper{}, clock.now)
	cited := laws.Citation{Number: "118/2025/NĐ-CP", Article: "khoản 2 Điều 5"}
	ended := func() laws.End {
		t.Helper()
		clock.pass(6 * time.Second)
		found, err := there.Ended(t.Context(), []laws.Citation{cited})
		if err != nil {
			t.Fatal(err)
		}
		return found[cited]
	}
	if end := ended(); end != (laws.End{}) {
		t.Fatalf("an empty registry knows %+v", end)
	}
	law := laws.Document{Number: "118/2025/NĐ-CP", Kind: "nghi_dinh", From: "2025-07-01", Articles: []laws.Article{
		{Label: "Điều 5", Title: "Thẩm quyền"}, {Label: "Điều 6", From: "2026-01-01", Until: "2027-01-01", ChangedBy: "7/2026/NĐ-CP"},
	}}
	entered, err := here.Add(t.Context(), courses.Actor{}, law)
	if err != nil {
		t.Fatal(err)
	}
	if end := ended(); end != (laws.End{}) {
		t.Errorf("what is in force ended: %+v", end)
	}
	if kept, err := there.Get(t.Context(), entered.ID); err != nil || !reflect.DeepEqual(kept, entered) {
		t.Errorf("kept as %+v, want %+v: %v", kept, entered, err)
	}
	law.Articles[0].Until, law.Articles[0].ChangedBy = "2026-11-23", "8/2026/NĐ-CP"
	if _, err := here.Change(t.Context(), courses.Actor{}, entered.ID, 1, law); err != nil {
		t.Fatal(err)
	}
	if end := ended(); end != (laws.End{Article: "Điều 5", Until: "2026-11-23", By: "8/2026/NĐ-CP"}) {
		t.Errorf("another server knows %+v", end)
	}
}
