package apptest_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"haidang/cmd/internal/apptest"
	"haidang/courses"
	"haidang/courses/exchange"
	"haidang/courses/media"
	"haidang/handlers"
	"io"
	"iter"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"go.mongodb.org/mongo-driver/bson"
)

// packageOf downloads a course's package.
func packageOf(t *testing.T, w *apptest.World, c *apptest.Client, course courses.CourseID) []byte {
	t.Helper()
	a := ask(t, c.HTTP, "GET", w.URL+"/api/studio/courses/"+string(course)+"/package.zip", "")
	if a.Status != 200 || a.Header.Get("Content-Type") != "application/zip" || a.Header.Get("Content-Length") != fmt.Sprint(len(a.Body)) ||
		!strings.HasPrefix(a.Header.Get("Content-Disposition"), "attachment; filename=") {
		t.Fatalf("the package answers %d %s %v", a.Status, a.Code, a.Header)
	}
	return a.Body
}

// keptFor makes an asset of another organisation and waits until it is looked
// into.
func keptFor(t *testing.T, w *apptest.World, owner courses.UnitID, name string, b []byte) media.Asset {
	t.Helper()
	a, err := w.App.Services.Media.Keep(t.Context(), allPowers, owner, name, int64(len(b)), bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	eventually(t, "the file is looked into", func() bool {
		a, err = w.App.Services.Media.Asset(t.Context(), allPowers, a.ID)
		return err == nil && a.State == media.Ready
	})
	return a
}

// opened reads a package.
func opened(t *testing.T, b []byte) exchange.Package {
	t.Helper()
	p, err := exchange.ReadPackage(t.Context(), bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// nameless makes packages alike that differ only in ids of assets and questions,
// code, owner and bank: assets are called by their place and SHA-256, questions by
// their place.
func nameless(p exchange.Package) exchange.Package {
	names := map[courses.AssetID]courses.AssetID{}
	for i := range p.Assets {
		name := courses.AssetID(fmt.Sprint(i, " ", p.Assets[i].SHA256))
		names[p.Assets[i].ID], p.Assets[i].ID = name, name
	}
	asked := map[courses.ItemID]courses.ItemID{}
	for i := range p.Questions {
		x := &p.Questions[i]
		name := courses.ItemID(fmt.Sprint(i))
		asked[x.ID], x.ID, x.Question.Picture.Asset = name, name, names[x.Question.Picture.Asset]
	}
	for _, m := range p.Content.Modules {
		for i := range m.Lessons {
			m.Lessons[i].Asset, m.Lessons[i].Paper.Bank = names[m.Lessons[i].Asset], ""
			for f, id := range m.Lessons[i].Paper.Fixed {
				m.Lessons[i].Paper.Fixed[f] = asked[id]
			}
			for b := range m.Lessons[i].Blocks {
				m.Lessons[i].Blocks[b].Asset = names[m.Lessons[i].Blocks[b].Asset]
			}
		}
	}
	p.Code, p.Owner, p.OwnerName, p.Open = "", "", "", nil
	return p
}

// rich writes a course with a film that has captions, a picture twice, a PDF, and
// a block of most types.
func rich(t *testing.T, w *apptest.World, author *apptest.Client, code string) handlers.Draft {
	t.Helper()
	video := uploaded(t, w, author, "Bài giảng số 1.mp4", film(t))
	image := uploaded(t, w, author, "Sơ đồ.png", drawn(t, 600, 400))
	same := uploaded(t, w, author, "Bản sao.png", drawn(t, 600, 400))
	author.Must("PUT", "/api/assets/"+string(video.ID)+"/captions", map[string]any{"revision": 0, "vtt": "WEBVTT\n\n00:00.000 --> 00:01.500\nXin <b>chào</b> &lt;y&gt;\n\n00:02.000 --> 00:03.000\nHai"}, nil)
	var d handlers.Draft
	author.Must("POST", "/api/studio/courses", map[string]any{"code": code, "title": "Tiếp công dân ở đảo", "owner": "SNV"}, &d)
	text := func(s string, marks ...handlers.Mark) []handlers.Inline {
		return []handlers.Inline{{Text: s, Marks: marks}}
	}
	content := d.Content
	content.Summary, content.Knowledge, content.Tiet, content.Positions = "Cách <tiếp> & nghe.", "vi_tri_viec_lam", 8, []courses.PositionID{"CM-VP"}
	content.Citations = []handlers.Citation{{Number: "129-TB/TU", Verified: true}}
	content.Modules = []handlers.Module{{Title: "Một", Tiet: 4, Lessons: []handlers.Lesson{
		{Kind: "video", Title: "Phim", Minutes: 3, Asset: video.ID, Coverage: 8000},
		{Kind: "article", Title: "Bài đọc", Minutes: 10, Blocks: []handlers.Block{
			{Type: "heading", Level: 2, Text: text("Mở")},
			{Type: "paragraph", Text: append(text("đậm ", handlers.Mark{Type: "bold"}), text("liên kết", handlers.Mark{Type: "link", Href: "https://haiphong.gov.vn/"})...)},
			{Type: "bullets", Items: [][]handlers.Inline{text("a"), text("b")}},
			{Type: "table", Rows: [][]handlers.Cell{{{Text: text("x"), Head: true, Columns: 2}}, {{Text: text("y")}, {Text: text("")}}}},
			{Type: "picture", Asset: image.ID, Alt: "Sơ đồ", Text: text("Hình 1")},
			{Type: "picture", Asset: same.ID, Alt: "Sơ đồ"},
			{Type: "official", Document: &handlers.DocumentHead{Issuer: "Chính phủ", Number: "171/2025/NĐ-CP", Date: "2025-06-30"}},
			{Type: "question", Text: text("Hỏi?"), Items: [][]handlers.Inline{text("có"), text("không")}, Right: []int{1}, Note: "Vì…"},
		}},
	}}, {Title: "Hai", Lessons: []handlers.Lesson{}}}
	author.Must("PUT", "/api/studio/courses/"+string(d.Card.ID), map[string]any{"revision": 1, "content": content}, &d)
	return d
}

func TestACourseTravelsToAnotherInstallationAndIsTheSame(t *testing.T) {
	here, there := apptest.New(t), apptest.New(t)
	author := here.SignIn(t, "tacgia")
	d := rich(t, here, author, "GOI-01")
	zipped := packageOf(t, here, author, d.Card.ID)
	if !bytes.Equal(zipped, packageOf(t, here, author, d.Card.ID)) {
		t.Error("downloaded again it has other bytes")
	}

	other := there.SignIn(t, "xuatban")
	asset := keptFor(t, there, "STP", "GOI-01.zip", zipped)
	var made handlers.Draft
	other.Must("POST", "/api/studio/packages", map[string]any{"asset": asset.ID, "code": "STP-GOI", "owner": "STP"}, &made)
	if made.Card.Code != "STP-GOI" || made.Card.Owner != "STP" || made.Revision != 1 || len(made.Assets) != 3 {
		t.Errorf("the course became %+v with %d files", made.Card, len(made.Assets))
	}
	for _, a := range made.Assets {
		eventually(t, a.Name+" is ready", func() bool {
			other.Must("GET", "/api/assets/"+string(a.ID), nil, &a)
			return a.State == "ready"
		})
	}
	var recording handlers.AssetView
	film := made.Content.Modules[0].Lessons[0].Asset
	other.Must("GET", "/api/assets/"+string(film), nil, &recording)
	captions := ask(t, other.HTTP, "GET", there.URL+"/media/"+string(film)+"/captions.vtt", "")
	if recording.CaptionsURL == "" || !strings.Contains(string(captions.Body), "Xin <b>chào</b> &lt;y&gt;") {
		t.Errorf("the captions are at %q: %s", recording.CaptionsURL, captions.Body)
	}
	back := packageOf(t, there, other, made.Card.ID)
	was, is := opened(t, zipped), opened(t, back)
	if is.Code != "STP-GOI" || is.Owner != "STP" || is.OwnerName == was.OwnerName || was.Code != "GOI-01" || was.Owner != "SNV" {
		t.Errorf("the packages are of %s of %s and %s of %s", was.Code, was.OwnerName, is.Code, is.OwnerName)
	}
	if was, is = nameless(was), nameless(is); !reflect.DeepEqual(was, is) {
		t.Errorf("the course was\n%+v\nand is\n%+v", was, is)
	}
	if got, want := shape(t, made.Content), shape(t, d.Content); got != want {
		t.Errorf("the draft was\n%s\nand is\n%s", want, got)
	}
	sameFiles(t, zipped, back)
}

// shape is a draft without the ids of its assets.
func shape(t *testing.T, c handlers.CourseContent) string {
	t.Helper()
	for _, m := range c.Modules {
		for i := range m.Lessons {
			m.Lessons[i].Asset = ""
			for b := range m.Lessons[i].Blocks {
				m.Lessons[i].Blocks[b].Asset = ""
			}
		}
	}
	return jsonOf(t, c)
}

// sameFiles holds that two packages have the same files, byte by byte.
func sameFiles(t *testing.T, a, b []byte) {
	t.Helper()
	read := func(b []byte) map[string]string {
		files := map[string]string{}
		for name, content := range unzipped(t, b) {
			files[name] = string(content)
		}
		delete(files, "course.json")
		return files
	}
	if was, is := read(a), read(b); len(was) != 2 || !reflect.DeepEqual(was, is) {
		t.Errorf("the first package has %d files, the second %d, and they are not the same", len(was), len(is))
	}
}

// unzipped gives the files of a zip by name, in their order.
func unzipped(t *testing.T, b []byte) iter.Seq2[string, []byte] {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	return func(yield func(string, []byte) bool) {
		for _, f := range z.File {
			r, err := f.Open()
			if err != nil {
				t.Fatal(err)
			}
			content, err := io.ReadAll(r)
			if err != nil {
				t.Fatal(err)
			}
			if !yield(f.Name, content) {
				return
			}
		}
	}
}

// changed is a package whose course.json is another.
func changed(t *testing.T, b []byte, change func(text string) string) []byte {
	t.Helper()
	return rezipped(t, b, func(name string, content []byte) []byte {
		if name == "course.json" {
			return []byte(change(string(content)))
		}
		return content
	})
}

// rezipped is a zip with other contents.
func rezipped(t *testing.T, b []byte, change func(name string, content []byte) []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	to := zip.NewWriter(&out)
	for name, content := range unzipped(t, b) {
		entry, err := to.Create(name)
		if err == nil {
			_, err = entry.Write(change(name, content))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := to.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestWhatIsRefusedOfAPackageLeavesNoCourseAndNoFile(t *testing.T) {
	w := apptest.New(t)
	author, learner := w.SignIn(t, "tacgia"), w.SignIn(t, "hocvien")
	d := rich(t, w, author, "GOI-01")
	whole := packageOf(t, w, author, d.Card.ID)
	swap := func(from, to string) []byte {
		return changed(t, whole, func(text string) string {
			if !strings.Contains(text, from) {
				t.Fatalf("course.json has no %s", from)
			}
			return strings.Replace(text, from, to, 1)
		})
	}
	in := func(asset courses.AssetID, code string) map[string]any {
		return map[string]any{"asset": asset, "code": code, "owner": "SNV"}
	}
	bad := map[string][]byte{
		"exchange.document_corrupt": whole[:len(whole)-30],
		"exchange.package_version":  swap(`"version":2`, `"version":3`),
		"exchange.package_form":     swap(`"summary"`, `"html"`),
		"exchange.package_media":    swap(opened(t, whole).Assets[0].SHA256, strings.Repeat("0", 64)),
		"catalog.bad_content":       swap("https://haiphong.gov.vn/", "javascript://haiphong.gov.vn/%0aalert(1)"),
	}
	files := map[string]courses.AssetID{}
	for code, b := range bad {
		files[code] = uploaded(t, w, author, code+".zip", b).ID
	}
	blocks := uploaded(t, w, author, "khối lạ.zip", swap(`"type":"bullets"`, `"type":"html"`)).ID
	good := uploaded(t, w, author, "GOI-01.zip", whole).ID
	before := counted(t, w)

	for code, asset := range files {
		refused(t, author, code, "POST", "/api/studio/packages", in(asset, "GOI-02"), code)
	}
	refused(t, author, "an unknown block", "POST", "/api/studio/packages", in(blocks, "GOI-02"), "catalog.bad_content")
	packagesRefused(t, author, learner, d, in, good)
	var kept handlers.StorageView
	author.Must("GET", "/api/studio/storage?owner=SNV", nil, &kept)
	w.App.Services.Media.CapBytes = kept.Bytes + 1000
	refused(t, author, "more than there is room for", "POST", "/api/studio/packages", in(good, "GOI-02"), "media.storage_full")
	w.App.Services.Media.CapBytes = 0
	if after := counted(t, w); after != before {
		t.Errorf("courses and files were %s and are %s", before, after)
	}
	author.Must("POST", "/api/studio/packages", in(good, "GOI-02"), &d)
	refused(t, author, "the same again", "POST", "/api/studio/packages", in(good, "GOI-02"), "catalog.code_taken")
}

// packagesRefused holds what is refused whatever the package holds.
func packagesRefused(t *testing.T, author, learner *apptest.Client, d handlers.Draft, in func(courses.AssetID, string) map[string]any, good courses.AssetID) {
	t.Helper()
	refused(t, author, "a code that is taken", "POST", "/api/studio/packages", in(good, "GOI-01"), "catalog.code_taken")
	refused(t, author, "a code that is none", "POST", "/api/studio/packages", in(good, "gói 1"), "catalog.bad_code")
	refused(t, author, "a film", "POST", "/api/studio/packages", in(d.Content.Modules[0].Lessons[0].Asset, "GOI-02"), "exchange.not_package")
	refused(t, author, "no file", "POST", "/api/studio/packages", in(nobodysID, "GOI-02"), "media.no_such_asset")
	refused(t, learner, "a learner importing", "POST", "/api/studio/packages", in(good, "GOI-02"), "courses.forbidden")
	refused(t, learner, "a learner exporting", "GET", "/api/studio/courses/"+string(d.Card.ID)+"/package.zip", nil, "catalog.no_such_course")
	refused(t, author, "a package of 0 bytes", "POST", "/api/uploads", map[string]any{"name": "a.zip", "bytes": 0, "owner": "SNV"}, "request.invalid")
	refused(t, author, "a package of 3 GiB", "POST", "/api/uploads", map[string]any{"name": "a.zip", "bytes": 3 << 30, "owner": "SNV"}, "media.too_large")
}

// counted says how many courses, files and questions there are.
func counted(t *testing.T, w *apptest.World) string {
	t.Helper()
	var list []string
	for _, name := range []string{"courses", "assets", "captions", "items"} {
		n, err := w.App.DB.Raw().Collection(name).CountDocuments(t.Context(), bson.M{})
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, fmt.Sprint(name, " ", n))
	}
	return strings.Join(list, ", ")
}

func TestACourseWhoseFileIsNotReadyIsNotPacked(t *testing.T) {
	w := apptest.New(t)
	author := w.SignIn(t, "tacgia")
	d := rich(t, w, author, "GOI-01")
	path := w.URL + "/api/studio/courses/" + string(d.Card.ID) + "/package.zip"
	asset := d.Content.Modules[0].Lessons[0].Asset
	if _, err := w.App.DB.Raw().Collection("assets").UpdateByID(t.Context(), asset, bson.M{"$set": bson.M{"state": "failed"}}); err != nil {
		t.Fatal(err)
	}
	a := ask(t, author.HTTP, "GET", path, "")
	var p handlers.Problem
	if err := json.Unmarshal(a.Body, &p); err != nil || a.Status != 409 || a.Code != "exchange.media_not_ready" ||
		len(p.Fields) != 1 || p.Fields[0] != (handlers.ProblemField{Path: "Bài giảng số 1.mp4", Code: "failed"}) {
		t.Errorf("a failed film answers %d %s", a.Status, a.Body)
	}
	// A source that is not what it was is never taken for whole.
	if _, err := w.App.DB.Raw().Collection("assets").UpdateByID(t.Context(), asset, bson.M{"$set": bson.M{"state": "ready"}}); err != nil {
		t.Fatal(err)
	}
	sha := opened(t, packageOf(t, w, author, d.Card.ID)).Assets[0].SHA256
	if err := w.App.Objects.Write(t.Context(), "m/"+sha+"/source", "video/mp4", film(t)[:1000]); err != nil {
		t.Fatal(err)
	}
	res, err := author.HTTP.Do(request(t, http.MethodGet, path))
	if err != nil {
		return // it broke off before the first byte
	}
	defer res.Body.Close()
	if b, err := io.ReadAll(res.Body); err == nil {
		t.Errorf("a package with half a film answers %d and %d bytes as if it were whole", res.StatusCode, len(b))
	}
}
