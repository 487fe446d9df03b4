package mongo_test

import (
	"fmt"
	"haidang/courses"
	"haidang/courses/media"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/bson"
)

func TestMediaOfOneOwnerAreAddedUpWithoutLookingAtOthers(t *testing.T) {
	db := open(t)
	store := db.Media()
	for i := range 40 {
		owner := courses.UnitID(fmt.Sprint("U", i%4))
		a := media.Asset{
			ID: courses.NewID[courses.AssetID](noon), Owner: owner, Bytes: 100, State: media.Ready,
			Made: []media.Rendition{{Name: "240p", Bytes: 7}, {Name: "audio", Bytes: 3}},
		}
		if i >= 36 {
			a.State, a.Made = media.Failed, nil
		}
		if err := store.InsertAsset(t.Context(), a); err != nil {
			t.Fatal(err)
		}
	}
	if err := store.InsertUpload(t.Context(), media.Upload{ID: "u1", Owner: "U1", Bytes: 1000}); err != nil {
		t.Fatal(err)
	}
	if err := store.InsertUpload(t.Context(), media.Upload{ID: "u2", Owner: "U1", Bytes: 1000, Asset: "done"}); err != nil {
		t.Fatal(err)
	}
	if err := store.Completed(t.Context(), "u2", "done"); err != nil {
		t.Fatal(err)
	}
	for owner, want := range map[courses.UnitID]media.Usage{"U1": {Files: 9, Bytes: 9*110 + 1000}, "U2": {Files: 9, Bytes: 990}, "U9": {}} {
		if got, err := store.Usage(t.Context(), owner); err != nil || got != want {
			t.Errorf("%s keeps %+v, %v, want %+v", owner, got, err, want)
		}
	}
	var plan struct {
		ExecutionStats struct{ TotalDocsExamined, TotalKeysExamined int }
	}
	err := db.Raw().RunCommand(t.Context(), bson.D{{Key: "explain", Value: bson.D{
		{Key: "find", Value: "assets"}, {Key: "filter", Value: bson.M{"owner": "U1", "state": bson.M{"$in": bson.A{"uploaded", "ready"}}}},
	}}, {Key: "verbosity", Value: "executionStats"}}).Decode(&plan)
	if err != nil || plan.ExecutionStats.TotalDocsExamined != 9 {
		t.Errorf("it looks at %+v, %v", plan, err)
	}
}

func TestMediaRenditionsAreRecordedOncePerName(t *testing.T) {
	db := open(t)
	store := db.Media()
	a := media.Asset{ID: "a", SHA256: "x", State: media.Ready, Transcode: media.Waiting}
	b := media.Asset{ID: "b", SHA256: "x", State: media.Ready, Transcode: media.Complete}
	for _, x := range []media.Asset{a, b} {
		if err := store.InsertAsset(t.Context(), x); err != nil {
			t.Fatal(err)
		}
	}
	r := media.Rendition{Name: "240p", File: "240p.mp4", Type: "video/mp4", Bytes: 9, Width: 426, Height: 240, Bitrate: 1, Peak: 2, Codecs: "avc1"}
	for range 2 {
		if err := store.AddRendition(t.Context(), "a", r); err != nil {
			t.Fatal(err)
		}
	}
	found, err := store.Asset(t.Context(), "a")
	if err != nil || len(found.Made) != 1 || found.Made[0] != r {
		t.Errorf("it has %+v, %v", found.Made, err)
	}
	if same, err := store.SameContent(t.Context(), "x"); err != nil || len(same) != 1 || same[0] != r {
		t.Errorf("the same content has %+v, %v", same, err)
	}
	// What a worker tells that was overtaken goes nowhere.
	if err := store.SaveTranscode(t.Context(), "b", media.Transcoding{State: media.Running, Percent: 5}, media.Waiting, media.Running); err != nil {
		t.Fatal(err)
	}
	if found, err := store.Asset(t.Context(), "b"); err != nil || found.Transcode != media.Complete || found.Progress != 0 {
		t.Errorf("it is %s, %d %%, %v", found.Transcode, found.Progress, err)
	}
}

func TestACapIsKeptForEachOwnerWithWhoSetIt(t *testing.T) {
	store := open(t).Media()
	for owner, set := range map[courses.UnitID][]media.Cap{
		"U1": {{Bytes: 1, SetAt: noon, SetBy: "p"}, {Bytes: 2, SetAt: noon.Add(time.Hour), SetBy: "q"}}, "U2": {{SetAt: noon, SetBy: "p"}}, "U3": nil,
	} {
		want := media.Cap{}
		for _, c := range set {
			want = c
			if err := store.SaveCap(t.Context(), owner, c); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := store.Cap(t.Context(), owner); err != nil || got != want {
			t.Errorf("%s may keep %+v, %v, want %+v", owner, got, err, want)
		}
	}
}
