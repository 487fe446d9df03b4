package apptest_test

import (
	"fmt"
	"haidang/cmd/internal/apptest"
	"haidang/courses"
	"haidang/courses/media"
	"haidang/courses/records"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/bson"
)

// TestRebuildFindsWhatTheProjectionCounted has people complete courses and move
// between units, in any order, and counts all of it again from the ledger.
func TestRebuildFindsWhatTheProjectionCounted(t *testing.T) {
	w := apptest.New(t)
	hr := w.SignIn(t, "nhansu")
	people := rowsOf[personRow](t, w, "people")
	versions := rowsOf[struct {
		ID courses.VersionID `bson:"_id"`
	}](t, w, "versions")
	random := rand.New(rand.NewPCG(20261124, 4))
	units := []courses.UnitID{"11948", "11914", "SNV"}
	for _, p := range people {
		if len(units) < 9 {
			units = append(units, p.Postings[0].Unit)
		}
	}
	moved := 0
	for i := range 60 {
		p := people[random.IntN(len(people))]
		if random.IntN(2) == 0 {
			day := courses.Date(fmt.Sprintf("2026-%02d-%02d", 1+random.IntN(12), 1+random.IntN(28)))
			status, _ := hr.Do("POST", "/api/people/"+string(p.ID)+"/postings", map[string]any{
				"unit": units[random.IntN(len(units))], "position": "CM-VP", "kind": "transfer", "from": day,
			}, nil)
			if status < 300 {
				moved++
			}
			continue
		}
		at := apptest.Start.AddDate(0, 0, -random.IntN(500))
		err := w.App.Services.Records.Add(t.Context(), records.Completion{
			ID: courses.CompletionID(fmt.Sprint("c", i)), Person: p.ID, Version: versions[0].ID, Course: "a course",
			CourseCode: "HP-01", CourseTitle: "A course", Knowledge: "quan_ly_nha_nuoc", Tiet: 1 + random.IntN(30),
			StartedAt: at, CompletedAt: at,
		})
		if err != nil {
			t.Fatal(err)
		}
		w.App.Services.Records.Wake()
	}
	if moved < 10 {
		t.Fatalf("only %d moves were taken", moved)
	}
	settled(t, w)

	rebuild := func() (wrong []string, forgotten int) {
		r, err := w.App.Services.Reports.Rebuild(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return r.Wrong, r.Forgotten
	}
	if wrong, forgotten := rebuild(); len(wrong) != 0 || forgotten != 0 {
		t.Errorf("the projection is wrong in %d counters, and has %d years too many:\n%s", len(wrong), forgotten, strings.Join(wrong, "\n"))
	}

	db := w.App.DB.Raw()
	if _, err := db.Collection("counters").UpdateOne(t.Context(), bson.M{"trained": bson.M{"$gt": 0}}, bson.M{"$inc": bson.M{"tiet": 1}}); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Collection("person_years").InsertOne(t.Context(), bson.M{"_id": "nobody.2026", "person": "nobody", "year": "2026"}); err != nil {
		t.Fatal(err)
	}
	if wrong, forgotten := rebuild(); len(wrong) != 1 || forgotten != 1 {
		t.Errorf("of one wrong counter and one year too many it finds %q and %d", wrong, forgotten)
	}
	if wrong, forgotten := rebuild(); len(wrong) != 0 || forgotten != 0 {
		t.Errorf("a rebuild does not mend: %q, %d", wrong, forgotten)
	}
}

// settled waits until every entry has a leaf, the counters reach the last and
// whoever moved was counted again.
func settled(t *testing.T, w *apptest.World) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		pending, err := w.App.DB.Raw().Collection("completions").CountDocuments(t.Context(), bson.M{"leaf": nil})
		if err != nil {
			t.Fatal(err)
		}
		size, err := w.App.Services.Records.Size(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		followed, err := w.App.DB.Reports().Followed(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		// Nobody transcodes the demo's film here.
		jobs, err := w.App.DB.Raw().Collection("jobs").CountDocuments(t.Context(), bson.M{"kind": bson.M{"$nin": bson.A{media.TranscodeJob, media.PagesJob}}})
		if err != nil {
			t.Fatal(err)
		}
		if pending == 0 && jobs == 0 && followed == size {
			return
		}
	}
	t.Fatal("the counters never reach the ledger's end")
}
