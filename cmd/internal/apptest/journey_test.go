package apptest_test

import (
	"context"
	"fmt"
	"haidang/cmd/internal/apptest"
	"haidang/cmd/internal/demo"
	"haidang/courses"
	"haidang/courses/records"
	"haidang/handlers"
	"haidang/storage/local"
	"haidang/storage/local/localtest"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
	"go.mongodb.org/mongo-driver/bson"
)

func TestMain(m *testing.M) { localtest.Main(m) }

// put sends one part of an upload.
func put(t *testing.T, c *apptest.Client, url string, part []byte, hash string) (int, string) {
	t.Helper()
	a := ask(t, c.HTTP, http.MethodPut, url, string(part), "X-Part-Sha256", hash)
	return a.Status, string(a.Body)
}

// uploaded sends a file of SNV and waits until it has been looked into.
func uploaded(t *testing.T, w *apptest.World, c *apptest.Client, name string, b []byte) handlers.AssetView {
	t.Helper()
	return uploadedOf(t, w, c, home, name, b)
}

func uploadedOf(t *testing.T, w *apptest.World, c *apptest.Client, owner courses.UnitID, name string, b []byte) handlers.AssetView {
	t.Helper()
	var u handlers.UploadView
	c.Must("POST", "/api/uploads", map[string]any{"name": name, "bytes": len(b), "owner": owner}, &u)
	for n := 1; n <= u.Parts; n++ {
		part := b[int64(n-1)*u.PartSize : min(int64(n)*u.PartSize, int64(len(b)))]
		if status, answer := put(t, c, fmt.Sprintf("%s/api/uploads/%s/parts/%d", w.URL, u.ID, n), part, sumOf(part)); status != 204 {
			t.Fatalf("part %d answers %d %s", n, status, answer)
		}
	}
	c.Must("POST", fmt.Sprintf("/api/uploads/%s/complete", u.ID), nil, &u)
	asset := *u.Asset
	eventually(t, "the file is looked into", func() bool {
		c.Must("GET", "/api/assets/"+string(asset.ID), nil, &asset)
		return asset.State != "uploaded"
	})
	return asset
}

// eventually waits for background work, asking every 50 ms for at most a
// minute.
func eventually(t *testing.T, what string, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		if done() {
			return
		}
	}
	t.Fatalf("not within a minute: %s", what)
}

// film is the demo's MP4.
func film(t *testing.T) []byte {
	t.Helper()
	ffmpeg, err := local.Find("ffmpeg")
	if err != nil {
		t.Fatal(err)
	}
	b, err := demo.NoticeFilm(t.Context(), ffmpeg)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// event is one learning event for the wire.
func event(w *apptest.World, e handlers.EnrolmentView, lesson courses.LessonID, kind string, more map[string]any) map[string]any {
	m := map[string]any{"id": courses.NewID[string](time.Now()), "enrolment": e.ID, "lesson": lesson, "kind": kind, "at": w.App.Now()}
	for k, v := range more {
		m[k] = v
	}
	return m
}

func send(t *testing.T, c *apptest.Client, events ...map[string]any) handlers.Receipts {
	t.Helper()
	var r handlers.Receipts
	c.Must("POST", "/api/learning/events", map[string]any{"events": events}, &r)
	return r
}

func TestACourseIsPublishedLearntRecordedReportedAndProved(t *testing.T) {
	w := apptest.New(t)
	course := authorPublishes(t, w)
	completion := learnerCompletes(t, w, course)
	hrSees(t, w, completion)
	ledgerNames(t, w, completion)
}

func authorPublishes(t *testing.T, w *apptest.World) courses.CourseID {
	author := w.SignIn(t, "tacgia")
	asset := uploaded(t, w, author, "Bài giảng số 1.mp4", film(t))
	if asset.State != "ready" || asset.DurationMs < 60_000 || asset.Width != 854 || asset.PosterURL == "" {
		t.Fatalf("the film became %+v", asset)
	}
	var d handlers.Draft
	author.Must("POST", "/api/studio/courses", map[string]any{"code": "THU-01", "title": "Tiếp công dân ở đảo", "owner": "SNV"}, &d)
	if status, code := author.Do("POST", "/api/studio/courses/"+string(d.Card.ID)+"/review", map[string]any{"revision": d.Revision}, nil); status != 422 || code != "catalog.incomplete" {
		t.Errorf("submitting an empty course answers %d %s", status, code)
	}
	content := d.Content
	content.Summary, content.Knowledge, content.Tiet = "Cách tiếp công dân.", "vi_tri_viec_lam", 8
	content.Citations = []handlers.Citation{{Number: "129-TB/TU", Verified: true}}
	content.Modules = []handlers.Module{{Title: "Một", Lessons: []handlers.Lesson{
		{Kind: "video", Title: "Phim", Minutes: 200, Asset: asset.ID},
		{Kind: "article", Title: "Bài đọc", Minutes: 10, Blocks: []handlers.Block{{Type: "paragraph", Text: []handlers.Inline{{Text: "Nội dung."}}}}},
	}}}
	author.Must("PUT", "/api/studio/courses/"+string(d.Card.ID), map[string]any{"revision": d.Revision, "content": content}, &d)
	if len(d.Missing) != 1 || d.Missing[0].Code != "captions" {
		t.Fatalf("without captions it lacks %+v", d.Missing)
	}
	author.Must("PUT", "/api/assets/"+string(asset.ID)+"/captions", map[string]any{"revision": 0, "vtt": "WEBVTT\n\n00:01.000 --> 00:03.000\nXin chào\n"}, nil)
	w.Publish(t, author, &d, "")
	return d.Card.ID
}

func learnerCompletes(t *testing.T, w *apptest.World, course courses.CourseID) courses.CompletionID {
	learner := w.SignIn(t, "hocvien")
	var found struct{ Items []handlers.CourseCard }
	learner.Must("GET", "/api/courses?q=tiep+cong+dan+o+dao", nil, &found)
	if len(found.Items) == 0 || found.Items[0].ID != course {
		t.Fatalf("typed without marks, the search finds %+v", found.Items)
	}
	var e handlers.EnrolmentView
	learner.Must("POST", "/api/courses/"+string(course)+"/enrolment", nil, &e)
	var lesson handlers.LessonView
	learner.Must("GET", fmt.Sprintf("/api/versions/%s/lessons/%s", e.Version, e.Lessons[0].Lesson), nil, &lesson)
	rangeOf(t, w, learner, lesson.Asset.URL)

	half := lesson.Asset.DurationMs / 2
	first := event(w, e, lesson.Lesson.ID, "watched", map[string]any{"fromMs": 0, "toMs": half, "elapsedMs": half})
	r := send(t, learner, first)
	if share := r.Enrolments[0].Lessons[0].ShareBp; share < 5000 || share > 6000 {
		t.Errorf("half of the film is %d basis points of the lesson", share)
	}
	again := send(t, learner, first)
	if again.Enrolments[0].ShareBp != r.Enrolments[0].ShareBp || again.Codes[0] != r.Codes[0] {
		t.Error("the same event sent again changed something")
	}

	other := w.SignIn(t, "hocvien") // another browser
	other.Must("GET", "/api/enrolments/"+string(e.ID), nil, &e)
	if e.Lessons[0].PositionMs != half || e.Resume != lesson.Lesson.ID {
		t.Errorf("the other browser resumes %s at %d ms, want %d", e.Resume, e.Lessons[0].PositionMs, half)
	}
	w.Pass(time.Duration(half) * time.Millisecond)
	r = send(t, other,
		event(w, e, e.Lessons[1].Lesson, "read", nil),
		event(w, e, lesson.Lesson.ID, "watched", map[string]any{"fromMs": half, "toMs": lesson.Asset.DurationMs, "elapsedMs": half}))
	if r.Enrolments[0].CompletedAt == nil {
		t.Fatalf("all is done but not complete: %+v", r.Enrolments[0])
	}
	return courses.CompletionID(e.ID)
}

// rangeOf checks that a browser can seek in the film, and nobody else read it.
func rangeOf(t *testing.T, w *apptest.World, c *apptest.Client, url string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, w.URL+url, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Range", "bytes=100-199")
	res, err := c.HTTP.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != 206 || len(b) != 100 || !strings.HasPrefix(res.Header.Get("Content-Range"), "bytes 100-199/") {
		t.Errorf("a range answers %d, %d bytes, %q, %v", res.StatusCode, len(b), res.Header.Get("Content-Range"), err)
	}
	if status, code := w.Client(t).Do("GET", url, nil, nil); status != 401 || code != "courses.sign_in_needed" {
		t.Errorf("without a session the film answers %d %s", status, code)
	}
}

func hrSees(t *testing.T, w *apptest.World, completion courses.CompletionID) {
	hr := w.SignIn(t, "nhansu")
	var report handlers.Bc01
	row := func() handlers.Bc01Row {
		hr.Must("GET", "/api/reports/bc01?period=2026", nil, &report)
		for _, r := range report.Rows {
			if r.Unit == "11948" {
				return r
			}
		}
		t.Fatal("Bạch Long Vĩ is not in the report")
		return handlers.Bc01Row{}
	}
	eventually(t, "the completion is counted", func() bool { return row().Figures.Tiet >= 8 })
	var people struct{ Items []handlers.PersonFigures }
	hr.Must("GET", "/api/reports/units/11948/people?period=2026", nil, &people)
	var learner handlers.PersonSummary
	for _, p := range people.Items {
		if p.Person.FullName == "Đoàn Văn Hải" {
			learner = p.Person
		}
	}
	var record handlers.RecordView
	hr.Must("GET", "/api/people/"+string(learner.ID)+"/record", nil, &record)
	if len(record.Entries) != 1 || record.Entries[0].ID != completion || record.Entries[0].Leaf == nil || record.Years[0].Tiet != 8 {
		t.Errorf("the learner's record is %+v", record)
	}
	sheetIsTheTable(t, w, hr, report)
}

// sheetRows downloads a sheet and reads its rows.
func sheetRows(t *testing.T, w *apptest.World, c *apptest.Client, path string, as ...excelize.Options) [][]string {
	t.Helper()
	res, err := c.HTTP.Get(w.URL + path)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	f, err := excelize.OpenReader(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := f.GetRows("Sheet1", as...)
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// sheetIsTheTable reads the XLSX back and compares every figure.
func sheetIsTheTable(t *testing.T, w *apptest.World, c *apptest.Client, report handlers.Bc01) {
	t.Helper()
	sheet := sheetRows(t, w, c, "/api/reports/bc01.xlsx?period=2026", excelize.Options{RawCellValue: true})
	byName := map[string][]string{}
	for _, row := range sheet {
		if len(row) > 2 {
			byName[row[1]] = row
		}
	}
	for _, r := range report.Rows {
		x := r.Figures
		want := []string{"", r.UnitName, fmt.Sprint(x.Staff), fmt.Sprint(x.Trained), trim(x.TrainedBp), fmt.Sprint(x.Attendances), fmt.Sprint(x.Women), fmt.Sprint(x.Minority)}
		for _, n := range x.ByKnowledge {
			want = append(want, fmt.Sprint(n))
		}
		want = append(want, fmt.Sprint(x.Tiet), fmt.Sprint(x.Reached), trim(x.ReachedBp))
		got := byName[r.UnitName]
		if len(got) != len(want) {
			t.Fatalf("%s has %d cells in the sheet, want %d: %v", r.UnitName, len(got), len(want), got)
		}
		for i := 1; i < len(want); i++ {
			if got[i] != want[i] {
				t.Errorf("%s, column %d: %q in the sheet, %q in the table", r.UnitName, i+1, got[i], want[i])
			}
		}
	}
	if byName["Tổng cộng"][2] != fmt.Sprint(report.Total.Staff) {
		t.Errorf("the total of the sheet is %v", byName["Tổng cộng"])
	}
}

// trim writes basis points as a raw cell holds them.
func trim(bp int) string {
	return strings.TrimSuffix(strings.TrimRight(fmt.Sprintf("%d.%02d", bp/100, bp%100), "0"), ".")
}

func ledgerNames(t *testing.T, w *apptest.World, completion courses.CompletionID) {
	verify := func() (findings []records.Finding) {
		if _, err := w.App.Services.Records.Verify(t.Context(), func(f records.Finding) { findings = append(findings, f) }); err != nil {
			t.Fatal(err)
		}
		return findings
	}
	if found := verify(); len(found) != 0 {
		t.Fatalf("an untouched ledger: %+v", found)
	}
	entries := w.App.DB.Raw().Collection("completions")
	if _, err := entries.UpdateByID(context.Background(), completion, bson.M{"$set": bson.M{"courseTitle": "Tiếp công dân ở đảọ"}}); err != nil {
		t.Fatal(err)
	}
	found := verify()
	if len(found) != 1 || found[0].ID != completion {
		t.Errorf("after one letter changed, verify says %+v", found)
	}
}
