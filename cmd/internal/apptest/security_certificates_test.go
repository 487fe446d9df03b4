package apptest_test

import (
	"haidang/cmd/internal/apptest"
	"haidang/courses"
	"haidang/courses/certificates"
	"haidang/courses/records"
	"testing"
)

// certificateOf gives somebody in a unit a certificate of an issuer, and gives its path.
func certificateOf(t *testing.T, w *apptest.World, unit, issuer courses.UnitID) string {
	t.Helper()
	p, at := somebodyIn(t, w, unit), w.App.Now()
	done := records.Completion{ID: courses.NewID[courses.CompletionID](at), Person: p.ID, CourseTitle: "Thử", Issuer: issuer, Tiet: 1, Unit: unit, StartedAt: at, CompletedAt: at}
	if err := w.App.Services.Records.Add(t.Context(), done); err != nil {
		t.Fatal(err)
	}
	c := certificates.Certificate{
		ID: courses.NewID[certificates.ID](at), Code: certificates.Code(courses.NewID[string](at)), Completion: done.ID, Person: p.ID, Version: "v",
		Issuer: issuer, Unit: unit, Year: 2026, State: certificates.Valid, IssuedAt: at, IssuedBy: p.ID,
	}
	store := w.App.DB.Certificates()
	err := store.OpenRegister(t.Context(), c)
	if err == nil {
		c.Number, err = store.NextNumber(t.Context(), issuer, c.Year)
	}
	if err == nil {
		err = store.Insert(t.Context(), c)
	}
	if err != nil {
		t.Fatal(err)
	}
	return "/api/certificates/" + string(c.ID)
}

const noCertificate = "404 certificates.no_such_certificate"

var certificatesKept = reach{"tacgia": {home}, "xuatban": {"STP"}, "quantri.dao": {island}, "quantri": everywhere}

// earlier is a day before the one that it gave last: what somebody was allowed to say is
// not yet so on that day.
var earlier = func() func() courses.Date {
	day := courses.Date("2030-01-01")
	return func() courses.Date { day = day.AddDays(-1); return day }
}()

// deeds with certificates.
var certificateDeeds = []deed{
	{"read a certificate of somebody", func(t *testing.T, w *apptest.World, unit courses.UnitID) (string, string, any) {
		return "GET", certificateOf(t, w, unit, "UBND-VP"), nil
	}, recordsRead, "200 ", noCertificate, nil},
	{"replace a certificate of an organisation", func(t *testing.T, w *apptest.World, unit courses.UnitID) (string, string, any) {
		return "POST", certificateOf(t, w, ward, unit) + "/replacement", map[string]any{"reason": " "}
	}, coursesEdit, "422 certificates.bad_reason", noCertificate, nil},
	{"revoke a certificate of an organisation", func(t *testing.T, w *apptest.World, unit courses.UnitID) (string, string, any) {
		return "POST", certificateOf(t, w, ward, unit) + "/revocation", map[string]any{"reason": "Thử"}
	}, coursesEdit, "200 ", noCertificate, nil},
	{"read the register of an organisation", func(_ *testing.T, _ *apptest.World, unit courses.UnitID) (string, string, any) {
		return "GET", "/api/studio/certificates?owner=" + string(unit), nil
	}, coursesEdit, "200 ", forbidden, nil},
	{"see what an organisation prints", func(_ *testing.T, _ *apptest.World, unit courses.UnitID) (string, string, any) {
		return "GET", "/api/studio/certificates/settings?owner=" + string(unit), nil
	}, certificatesKept, "200 ", forbidden, nil},
	{"say what an organisation prints", func(_ *testing.T, _ *apptest.World, unit courses.UnitID) (string, string, any) {
		return "PUT", "/api/studio/certificates/settings?owner=" + string(unit), printed()
	}, certificatesKept, "200 ", forbidden, nil},
	{"authorise an organisation", func(_ *testing.T, _ *apptest.World, unit courses.UnitID) (string, string, any) {
		return "PUT", "/api/studio/certificates/settings?owner=" + string(unit), printed("authorised", true, "from", earlier())
	}, unitsEdit, "200 ", forbidden, nil},
}
