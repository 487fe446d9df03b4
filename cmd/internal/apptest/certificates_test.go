package apptest_test

import (
	"encoding/json"
	"fmt"
	"haidang/cmd/internal/apptest"
	"haidang/courses"
	"haidang/courses/learning"
	"haidang/courses/records"
	"haidang/handlers"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"golang.org/x/mod/sumdb/tlog"
)

// printed is what a department prints on its certificates, but for fields given by
// name, value, ….
func printed(but ...any) map[string]any {
	form := map[string]any{
		"issues": true, "authorised": false, "nation": "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "motto": "Độc lập - Tự do - Hạnh phúc",
		"parent": "UBND THÀNH PHỐ HẢI PHÒNG", "title": "GIẤY CHỨNG NHẬN HOÀN THÀNH", "place": "Hải Phòng", "signerTitle": "GIÁM ĐỐC",
		"signerName": "Bùi Đức Thắng", "suffix": "/GCN-SNV",
	}
	for i := 0; i < len(but); i += 2 {
		form[but[i].(string)] = but[i+1] //nolint:forcetypeassert // written below
	}
	return form
}

const ofSNV = "/api/studio/certificates/settings?owner=SNV"

// finished has somebody complete a newly published course of SNV.
func finished(t *testing.T, w *apptest.World, author *apptest.Client, code string, learner *apptest.Client) (handlers.Draft, courses.CompletionID) {
	t.Helper()
	d, _ := complete(t, author, code)
	w.Publish(t, author, &d, "")
	return d, finish(t, w, d.Card.ID, learner)
}

// finish has somebody complete a course of one article.
func finish(t *testing.T, w *apptest.World, course courses.CourseID, learner *apptest.Client) courses.CompletionID {
	t.Helper()
	var view handlers.CourseView
	var e handlers.EnrolmentView
	learner.Must("POST", "/api/courses/"+string(course)+"/enrolment", nil, &e)
	learner.Must("GET", "/api/courses/"+string(course), nil, &view)
	learner.Must("POST", "/api/learning/events", map[string]any{"events": []any{event(w, e, view.Modules[0].Lessons[0].ID, "read", nil)}}, nil)
	return courses.CompletionID(e.ID)
}

// entryOf is the entry of somebody's own record.
func entryOf(t *testing.T, c *apptest.Client, id courses.CompletionID) handlers.RecordEntry {
	t.Helper()
	var r handlers.RecordView
	c.Must("GET", "/api/record", nil, &r)
	i := slices.IndexFunc(r.Entries, func(e handlers.RecordEntry) bool { return e.ID == id })
	if i < 0 {
		t.Fatalf("the record lacks %s", id)
	}
	return r.Entries[i]
}

// verified opens a code as somebody without an account does.
func verified(t *testing.T, w *apptest.World, code string) (answer, handlers.VerifiedCertificate) {
	t.Helper()
	a, v := ask(t, stranger, "POST", w.URL+"/api/certificates/verified", jsonOf(t, map[string]any{"code": code})), handlers.VerifiedCertificate{}
	if a.Status == 200 {
		if err := json.Unmarshal(a.Body, &v); err != nil {
			t.Fatal(err)
		}
	}
	return a, v
}

func TestACertificateIsIssuedOnceAndStaysAsItWas(t *testing.T) {
	w := apptest.New(t)
	author, learner, hr := w.SignIn(t, "tacgia"), w.SignIn(t, "hocvien"), w.SignIn(t, "nhansu")
	d, done := finished(t, w, author, "GCN-01", learner)
	in := map[string]any{"completion": done}
	author.Must("PUT", ofSNV, printed("issues", false), nil)
	if e := entryOf(t, learner, done); e.Certifiable || e.Certificate != nil {
		t.Errorf("before anybody issues, the record offers %+v", e)
	}
	refused(t, learner, "asking an organisation that issues none", "POST", "/api/certificates", in, "certificates.not_issued")
	author.Must("PUT", ofSNV, printed(), nil)
	if e := entryOf(t, learner, done); !e.Certifiable || e.Certificate != nil {
		t.Errorf("the record offers %+v", e)
	}
	refused(t, hr, "asking for somebody else's", "POST", "/api/certificates", in, "records.no_such_completion")
	refused(t, learner, "asking for nothing", "POST", "/api/certificates", map[string]any{"completion": nobodysID}, "records.no_such_completion")

	var all sync.WaitGroup
	got := make([]handlers.CertificateView, 6)
	for i := range got { // from many devices at once
		all.Go(func() { learner.Must("POST", "/api/certificates", in, &got[i]) })
	}
	all.Wait()
	c := got[0]
	for _, other := range got {
		if other.ID != c.ID || other.Text != c.Text || other.Code != c.Code {
			t.Errorf("asked twice there are %+v and %+v", c, other)
		}
	}
	var me handlers.Me
	learner.Must("GET", "/api/me", nil, &me)
	want := handlers.CertificateText{
		Nation: "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", Motto: "Độc lập - Tự do - Hạnh phúc", Parent: "UBND THÀNH PHỐ HẢI PHÒNG", Issuer: "Sở Nội vụ thành phố Hải Phòng",
		Kind: "giay_chung_nhan", Title: "GIẤY CHỨNG NHẬN HOÀN THÀNH", FullName: strings.ToUpper(me.FullName), BirthDate: c.Text.BirthDate, Position: c.Text.Position,
		Unit: me.UnitName, Course: "Hộ tịch", From: "2026-11-24", To: "2026-11-24", Tiet: 1, Place: "Hải Phòng", On: "2026-11-24",
		Dated: "Hải Phòng, ngày 24 tháng 11 năm 2026", SignerTitle: "GIÁM ĐỐC", SignerName: "Bùi Đức Thắng", Number: "1/GCN-SNV", Register: "1/2026",
	}
	if c.Text != want || c.Text.Position == "" || c.State != "valid" || c.MayChange {
		t.Errorf("it says\n%+v, want\n%+v", c, want)
	}

	// Everything that it was made of changes.
	people := w.App.DB.Raw().Collection("people")
	if _, err := people.UpdateByID(t.Context(), me.PersonID, bson.M{"$set": bson.M{"fullName": "Tên Khác"}}); err != nil {
		t.Fatal(err)
	}
	d.Content.Title = "Hộ tịch, bản mới"
	author.Must("PUT", "/api/studio/courses/"+string(d.Card.ID), map[string]any{"revision": d.Revision, "content": d.Content}, &d)
	w.Publish(t, author, &d, "correction")
	author.Must("PUT", ofSNV, printed("signerName", "Người Khác"), nil)
	var again handlers.CertificateView
	learner.Must("GET", "/api/certificates/"+string(c.ID), nil, &again)
	if again.Text != want {
		t.Errorf("afterwards it says %+v", again.Text)
	}
	eventually(t, "the ledger has it", func() bool { _, v := verified(t, w, c.Code); return v.Entry != nil })
	a, v := verified(t, w, strings.ToLower(strings.ReplaceAll(c.Code, "-", " ")))
	if v.Text != want || v.State != "valid" || len(v.Ended) != 0 || a.Header.Get("Cache-Control") != "no-store" || strings.Contains(string(a.Body), string(me.PersonID)) {
		t.Errorf("everybody sees %s", a.Body)
	}
	proves(t, w, done, *v.Entry)
	if e := entryOf(t, learner, done); e.Certifiable || e.Certificate == nil || e.Certificate.Number != "1/GCN-SNV" {
		t.Errorf("the record shows %+v", e)
	}
	if a, _ := verified(t, w, "ABCD-ABCD-ABCD-ABCD-ABCD"); fmt.Sprintf("%d %s", a.Status, a.Code) != "404 certificates.no_such_certificate" {
		t.Errorf("a code of nobody answers %d %s", a.Status, a.Code)
	}
	if _, err := w.App.DB.Raw().Collection("certificates").UpdateByID(t.Context(), c.ID, bson.M{"$set": bson.M{"text.fullName": "KẺ KHÁC"}}); err != nil {
		t.Fatal(err)
	}
	if _, v := verified(t, w, c.Code); v.State != "altered" {
		t.Errorf("written over in the database it is %q", v.State)
	}
	findings := 0
	if _, err := w.App.Services.Records.Verify(t.Context(), func(records.Finding) { findings++ }); err != nil || findings != 0 {
		t.Errorf("the ledger has %d findings, %v", findings, err)
	}
}

// proves checks an entry against its head, as anybody can who knows the ledger's key.
func proves(t *testing.T, w *apptest.World, id courses.CompletionID, e handlers.LedgerEntry) {
	t.Helper()
	hash := func(s string) tlog.Hash {
		h, err := tlog.ParseHash(s)
		if err != nil {
			t.Fatal(err)
		}
		return h
	}
	var path tlog.RecordProof
	for _, h := range e.Path {
		path = append(path, hash(h))
	}
	lines := strings.Split(e.Head.Note, "\n")
	if err := tlog.CheckRecord(path, e.Head.Size, hash(lines[2]), e.Leaf, hash(e.Hash)); err != nil {
		t.Error(err)
	}
	if c, err := w.App.Services.Records.Find(t.Context(), id); err != nil || c.Leaf == nil || *c.Leaf != e.Leaf {
		t.Errorf("the entry is %+v, %v", c, err)
	}
}

func TestACertificateIsReplacedOrRevokedByItsIssuer(t *testing.T) {
	w := apptest.New(t)
	author, learner, other := w.SignIn(t, "tacgia"), w.SignIn(t, "hocvien"), w.SignIn(t, "xuatban")
	author.Must("PUT", ofSNV, printed(), nil)
	_, done := finished(t, w, author, "GCN-02", learner)
	var first, second handlers.CertificateView
	learner.Must("POST", "/api/certificates", map[string]any{"completion": done}, &first)
	path := "/api/certificates/" + string(first.ID)
	why := func(reason string) map[string]any { return map[string]any{"reason": reason} }
	for _, what := range []string{"/replacement", "/revocation"} {
		refused(t, learner, "its holder", "POST", path+what, why("Mất"), "certificates.no_such_certificate")
		refused(t, other, "another organisation", "POST", path+what, why("Mất"), "certificates.no_such_certificate")
		refused(t, author, "without a reason", "POST", path+what, why(" \n "), "certificates.bad_reason")
		refused(t, author, "with a long reason", "POST", path+what, why(strings.Repeat("ấ", 501)), "certificates.bad_reason")
	}
	people := w.App.DB.Raw().Collection("people")
	if _, err := people.UpdateByID(t.Context(), personOf(t, w, "hocvien"), bson.M{"$set": bson.M{"fullName": "Đỗ Thị Ánh"}}); err != nil {
		t.Fatal(err)
	}
	author.Must("POST", path+"/replacement", why("Sai họ tên"), &second)
	if second.Text.FullName != "ĐỖ THỊ ÁNH" || second.Text.Number != "2/GCN-SNV" || second.State != "valid" || second.ID == first.ID || !second.MayChange {
		t.Errorf("the replacement is %+v", second)
	}
	refused(t, author, "replacing twice", "POST", path+"/replacement", why("Mất"), "certificates.already_settled")
	refused(t, author, "revoking what was replaced", "POST", path+"/revocation", why("Mất"), "certificates.already_settled")
	var was handlers.CertificateView
	author.Must("GET", path, nil, &was)
	if was.State != "replaced" || was.Reason != "Sai họ tên" || was.ReplacedBy != second.ID || was.Text != first.Text || was.MayChange {
		t.Errorf("the first is %+v", was)
	}
	if a, v := verified(t, w, first.Code); v.State != "replaced" || v.SettledAt == nil || v.Text != first.Text || strings.Contains(string(a.Body), "Sai họ tên") {
		t.Errorf("everybody sees of the first %s", a.Body)
	}
	if e := entryOf(t, learner, done); e.Certificate.ID != second.ID {
		t.Errorf("the record shows %+v", e.Certificate)
	}

	author.Must("POST", "/api/certificates/"+string(second.ID)+"/revocation", why("Học hộ"), &second)
	if _, v := verified(t, w, second.Code); v.State != "revoked" || second.State != "revoked" || second.Reason != "Học hộ" {
		t.Errorf("revoked it is %+v", second)
	}
	var again handlers.CertificateView
	learner.Must("POST", "/api/certificates", map[string]any{"completion": done}, &again)
	if again.ID != second.ID || again.State != "revoked" {
		t.Errorf("asking again gives %+v", again)
	}
	var register struct{ Items []handlers.RegisterLine }
	author.Must("GET", "/api/studio/certificates?owner=SNV", nil, &register)
	if len(register.Items) != 2 || register.Items[0].Register != "2/2026" || register.Items[1].State != "replaced" {
		t.Errorf("the register has %+v", register.Items)
	}
	author.Must("GET", "/api/studio/certificates?owner=SNV&number=1", nil, &register)
	if len(register.Items) != 1 || register.Items[0].ID != first.ID {
		t.Errorf("number 1 is %+v", register.Items)
	}
	for _, c := range []*apptest.Client{learner, other, w.SignIn(t, "thamdinh"), w.SignIn(t, "nhansu")} {
		refused(t, c, "the register of others", "GET", "/api/studio/certificates?owner=SNV", nil, "courses.forbidden")
	}
}

func TestWhatIsPrintedIsDatedAndChecked(t *testing.T) {
	w := apptest.New(t)
	author, admin := w.SignIn(t, "tacgia"), w.SignIn(t, "quantri")
	for field, value := range map[string]any{"signerName": " ", "signerTitle": "", "title": strings.Repeat("Ấ", 121), "nation": "", "suffix": strings.Repeat("/", 31), "from": "2026-11-23"} {
		refused(t, author, field, "PUT", ofSNV, printed(field, value), "certificates.bad_settings")
	}
	for who, c := range map[string]*apptest.Client{"learner": w.SignIn(t, "hocvien"), "reviewer": w.SignIn(t, "thamdinh"), "another's publisher": w.SignIn(t, "xuatban"), "HR": w.SignIn(t, "nhansu")} {
		refused(t, c, who, "PUT", ofSNV, printed(), "courses.forbidden")
		refused(t, c, who, "GET", ofSNV, nil, "courses.forbidden")
	}
	refused(t, author, "a publisher authorising", "PUT", ofSNV, printed("authorised", true), "courses.forbidden")
	var form handlers.CertificateForm
	author.Must("GET", ofSNV, nil, &form)
	if len(form.Settings) != 1 || form.MayAuthorise || form.Usual.Nation != "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" || form.Usual.Suffix != "/GCN-SNV" {
		t.Errorf("a form begins with %+v", form)
	}
	author.Must("PUT", ofSNV, printed(), nil)
	admin.Must("PUT", ofSNV, printed("authorised", true, "title", "CHỨNG CHỈ", "from", "2026-12-01"), &form)
	if len(form.Settings) != 3 || form.Settings[0].From != "2026-12-01" || !form.Settings[0].Authorised || form.Settings[1].Authorised || !form.MayAuthorise {
		t.Errorf("the form has %+v", form)
	}
	learner := w.SignIn(t, "hocvien")
	_, one := finished(t, w, author, "GCN-03", learner)
	var c handlers.CertificateView
	learner.Must("POST", "/api/certificates", map[string]any{"completion": one}, &c)
	if c.Text.Kind != "giay_chung_nhan" || c.Text.Title != "GIẤY CHỨNG NHẬN HOÀN THÀNH" {
		t.Errorf("before the day it is %+v", c.Text)
	}
	w.Pass(10 * 24 * time.Hour)
	author, learner = w.SignIn(t, "tacgia"), w.SignIn(t, "hocvien")
	_, two := finished(t, w, author, "GCN-04", learner)
	learner.Must("POST", "/api/certificates", map[string]any{"completion": two}, &c)
	if c.Text.Kind != "chung_chi" || c.Text.Title != "CHỨNG CHỈ" || c.Text.Dated != "Hải Phòng, ngày 04 tháng 12 năm 2026" {
		t.Errorf("from the day on it is %+v", c.Text)
	}
	refused(t, author, "a publisher taking the authority away", "PUT", ofSNV, printed(), "courses.forbidden")
}

// TestADocumentThatEndsMarksTheCertificatesThatRestOnIt looks wherever one shows.
func TestADocumentThatEndsMarksTheCertificatesThatRestOnIt(t *testing.T) {
	w := apptest.New(t)
	author, learner, hr, far := w.SignIn(t, "tacgia"), w.SignIn(t, "hocvien"), w.SignIn(t, "nhansu"), w.SignIn(t, "xuatban")
	author.Must("PUT", ofSNV, printed(), nil)
	entry := enter(t, author, law("60/2014/QH13", "2016-01-01", "", ""))
	d, done := finished(t, w, author, "GCN-05", learner)
	finishedToo := finish(t, w, d.Card.ID, author)
	var c, own handlers.CertificateView
	learner.Must("POST", "/api/certificates", map[string]any{"completion": done}, &c)
	author.Must("POST", "/api/certificates", map[string]any{"completion": finishedToo}, &own)
	if len(c.Ended) != 0 {
		t.Errorf("while all is in force it is marked with %+v", c.Ended)
	}
	path := "/api/laws/" + string(entry.ID)
	author.Must("PUT", path, map[string]any{"law": law("60/2014/QH13", "2016-01-01", "2026-11-23", "1/2026/QH16"), "revision": 1}, nil)

	ended := []handlers.EndedLaw{{Number: "60/2014/QH13", Until: "2026-11-23", ReplacedBy: "1/2026/QH16"}}
	me := personOf(t, w, "hocvien")
	var of handlers.RecordView
	hr.Must("GET", "/api/people/"+string(me)+"/record", nil, &of)
	learner.Must("GET", "/api/certificates/"+string(c.ID), nil, &c)
	_, v := verified(t, w, c.Code)
	for where, is := range map[string][]handlers.EndedLaw{
		"the certificate": c.Ended, "one's record": entryOf(t, learner, done).Certificate.Ended, "HR's list": of.Entries[0].Certificate.Ended, "the public page": v.Ended,
	} {
		if !slices.Equal(is, ended) {
			t.Errorf("%s shows %+v", where, is)
		}
	}
	if v.State != "valid" {
		t.Errorf("it is %q", v.State)
	}
	var stale struct{ Items []handlers.StaleCard }
	author.Must("GET", "/api/studio/stale", nil, &stale)
	if len(stale.Items) != 1 || stale.Items[0].Certificates != 2 {
		t.Errorf("the department's work is %+v", stale.Items)
	}

	for who, want := range map[*apptest.Client][]string{hr: {c.Text.FullName, own.Text.FullName}, w.SignIn(t, "lanhdao"): {c.Text.FullName}, far: nil, learner: nil, author: nil} {
		var resting handlers.RestingCertificates
		who.Must("GET", path+"/certificates", nil, &resting)
		var names []string
		for _, line := range resting.Items {
			names = append(names, line.FullName)
		}
		slices.Sort(names)
		slices.Sort(want)
		if resting.Count != 2 || !slices.Equal(names, want) {
			t.Errorf("resting on it are %d, of %q, want %q", resting.Count, names, want)
		}
	}
	author.Must("POST", "/api/certificates/"+string(own.ID)+"/revocation", map[string]any{"reason": "Thử"}, nil)
	var resting handlers.RestingCertificates
	hr.Must("GET", path+"/certificates", nil, &resting)
	if resting.Count != 1 || len(resting.Items) != 1 {
		t.Errorf("after one was revoked there are %+v", resting)
	}
}

func TestACertificateSaysTheScoreAndNoneIsForASupplement(t *testing.T) {
	w := apptest.New(t)
	learner := w.SignIn(t, "hocvien")
	course, _ := quizCourse(t, w, "GCN-06", nil)
	published, err := w.App.Services.Catalog.Published(t.Context(), course)
	if err != nil {
		t.Fatal(err)
	}
	v, err := w.App.Services.Catalog.Version(t.Context(), published.Newest.Version)
	if err != nil {
		t.Fatal(err)
	}
	e := learning.Finished(personOf(t, w, "hocvien"), v, w.App.Now())
	if err := w.App.Services.Learning.Import(t.Context(), []learning.Enrolment{e}); err != nil {
		t.Fatal(err)
	}
	whole, added := learning.EntryOf(e, v), learning.EntryOf(e, v)
	added.ID, added.Tiet = "added", 0
	for _, c := range []records.Completion{whole, added} {
		if err := w.App.Services.Records.Add(t.Context(), c); err != nil {
			t.Fatal(err)
		}
	}
	var c handlers.CertificateView
	learner.Must("POST", "/api/certificates", map[string]any{"completion": whole.ID}, &c)
	if !c.Text.Scored || c.Text.ScoreBp < 5000 {
		t.Errorf("the certificate says %+v", c.Text)
	}
	if entryOf(t, learner, added.ID).Certifiable {
		t.Error("the record offers one for what was added")
	}
	refused(t, learner, "what was added", "POST", "/api/certificates", map[string]any{"completion": added.ID}, "certificates.supplement")
}
