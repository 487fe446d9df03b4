package apptest_test

import (
	"haidang/cmd/internal/apptest"
	"haidang/courses"
	"haidang/courses/catalog"
	"haidang/courses/records"
	"haidang/handlers"
	"strings"
	"testing"
	"time"
)

// publishedOf puts a published course of a unit into the database.
func publishedOf(t *testing.T, w *apptest.World, unit courses.UnitID) string {
	t.Helper()
	now := w.App.Now()
	id, version := courses.NewID[courses.CourseID](now), courses.NewID[courses.VersionID](now)
	store := w.App.DB.Catalog()
	c := catalog.Course{ID: id, Code: strings.ToUpper(string(id)), Owner: unit, Revision: 1, Newest: &catalog.Newest{Version: version, Number: 1, Revision: 1, Renewed: 1}}
	if err := store.InsertCourse(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	if err := store.InsertVersion(t.Context(), catalog.Version{ID: version, Course: id, Number: 1, Owner: unit}); err != nil {
		t.Fatal(err)
	}
	return "/api/courses/" + string(id)
}

// toCome counts the days of templates, each of which is made once.
var toCome courses.Date = "2030-01-01"

// deeds with surveys.
var surveyDeeds = []deed{
	{"read what surveys say", func(t *testing.T, w *apptest.World, unit courses.UnitID) (string, string, any) {
		return "GET", publishedOf(t, w, unit) + "/results", nil
	}, resultsRead, "200 ", forbidden, nil},
	{"read what was written in surveys", func(t *testing.T, w *apptest.World, unit courses.UnitID) (string, string, any) {
		return "GET", publishedOf(t, w, unit) + "/results/texts?kind=reaction&version=" + nobodysID, nil
	}, resultsRead, "404 catalog.no_such_version", forbidden, nil},
	{"say what one saw of a course", func(t *testing.T, w *apptest.World, unit courses.UnitID) (string, string, any) {
		now := w.App.Now()
		id := courses.NewID[courses.CompletionID](now)
		err := w.App.DB.Records().Insert(t.Context(), []records.Completion{{
			ID: id, Person: somebodyIn(t, w, unit).ID, Version: nobodysID, Unit: unit, Tiet: 1, CompletedAt: now.Add(-40 * 24 * time.Hour), Salt: "00",
		}})
		if err != nil {
			t.Fatal(err)
		}
		return "POST", "/api/follow-ups/" + string(id) + "/seen", map[string]any{"event": courses.NewID[string](now), "days": 30, "choice": 0}
	}, followed, "204 ", "404 surveys.no_such_follow_up", nil},
	{"make a template of evaluations", func(_ *testing.T, _ *apptest.World, _ courses.UnitID) (string, string, any) {
		toCome = toCome.AddDays(1)
		return "PUT", "/api/survey-templates/" + string(toCome), handlers.SurveyTemplate{
			From: toCome, Title: "Phiếu", Basis: "TT", Scale: []handlers.ScaleStep{{Label: "Không", Worth: 0}, {Label: "Có", Worth: 100}},
			Dimensions: []handlers.SurveyDimension{{Title: "Chương trình", Weight: 100, Questions: []string{"Sát việc?"}}}, Bands: []handlers.SurveyBand{{Label: "Đạt"}},
		}
	}, surveysKept, "200 ", forbidden, nil},
}
