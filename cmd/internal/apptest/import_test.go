package apptest_test

import (
	"haidang/cmd/internal/app"
	"haidang/cmd/internal/apptest"
	"haidang/handlers"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestADocumentBecomesLessonsOfADraft imports what LibreOffice wrote, and what it
// did not.
func TestADocumentBecomesLessonsOfADraft(t *testing.T) {
	w := apptest.New(t)
	author, learner := w.SignIn(t, "tacgia"), w.SignIn(t, "hocvien")
	document, err := os.ReadFile("../../../courses/exchange/testdata/course.docx")
	if err != nil {
		t.Fatal(err)
	}
	var d handlers.Draft
	author.Must("POST", "/api/studio/courses", map[string]any{"code": "NHAP-01", "title": "Nhập", "owner": "SNV"}, &d)
	path := "/api/studio/courses/" + string(d.Card.ID)
	asset := uploaded(t, w, author, "Bài giảng.docx", document)
	in := map[string]any{"revision": d.Revision, "asset": asset.ID}
	refused(t, learner, "a learner importing", "POST", path+"/import", in, "catalog.no_such_course")

	for _, c := range []struct {
		name  string
		bytes []byte
		code  string
	}{
		{"half a document.docx", document[:len(document)/2], "exchange.document_corrupt"},
		{"a document with a password.docx", append([]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), make([]byte, 2000)...), "exchange.encrypted_or_old"},
		{"a presentation that is none.pptx", document, "exchange.not_pptx"},
	} {
		file := uploaded(t, w, author, c.name, c.bytes)
		refused(t, author, c.name, "POST", path+"/import", map[string]any{"revision": d.Revision, "asset": file.ID}, c.code)
	}
	refused(t, author, "an old document", "POST", "/api/uploads", map[string]any{"name": "cũ.doc", "bytes": 9, "owner": "SNV"}, "media.old_office")
	refused(t, author, "a file that is not there", "POST", path+"/import", map[string]any{"revision": d.Revision, "asset": "01a00000-0000-7000-8000-000000000000"}, "media.no_such_asset")
	author.Must("GET", path, nil, &d)
	if d.Revision != 1 || len(d.Content.Modules) != 0 {
		t.Errorf("what was refused left the draft as %+v", d)
	}

	var made handlers.ImportView
	author.Must("POST", path+"/import", in, &made)
	refused(t, author, "importing into an older draft", "POST", path+"/import", in, "courses.changed_meanwhile")
	d = made.Draft
	if d.Revision != 2 || len(d.Content.Modules) != 1 || len(d.Content.Modules[0].Lessons) < 2 || d.Content.Modules[0].Title == "" {
		t.Fatalf("imported it is %+v", d.Content.Modules)
	}
	pictures := 0
	for _, l := range d.Content.Modules[0].Lessons {
		for _, b := range l.Blocks {
			if b.Type == "picture" {
				pictures++
				eventually(t, "the picture is ready", func() bool {
					author.Must("GET", "/api/assets/"+string(b.Asset), nil, &asset)
					return asset.State == "ready" && asset.Kind == "image"
				})
			}
		}
	}
	if pictures == 0 {
		t.Error("no picture came along")
	}
}

// TestAnOldDocumentBecomesLessonsToo has LibreOffice write a .doc, and the server
// convert and import it. Without LibreOffice the refusal is tested above.
func TestAnOldDocumentBecomesLessonsToo(t *testing.T) {
	soffice, err := exec.LookPath("soffice")
	if err != nil {
		t.Skip("LibreOffice is not on this machine: its refusal is tested, conversion is not")
	}
	dir := t.TempDir()
	out, err := exec.CommandContext(t.Context(), soffice, "-env:UserInstallation=file://"+dir, "--headless", "--convert-to", "doc:MS Word 97",
		"--outdir", dir, "../../../courses/exchange/testdata/course.docx").CombinedOutput()
	if err != nil {
		t.Fatalf("make a .doc: %v\n%s", err, out)
	}
	document, err := os.ReadFile(filepath.Join(dir, "course.doc"))
	if err != nil {
		t.Fatal(err)
	}
	w := apptest.New(t, func(c *app.Config) { c.Soffice = soffice })
	author := w.SignIn(t, "tacgia")
	asset := uploaded(t, w, author, "Bài giảng cũ.DOC", document)
	if asset.State != "ready" || asset.Kind != "office" || asset.Name != "Bài giảng cũ.docx" || asset.SHA256 == "" || asset.Bytes == int64(len(document)) {
		t.Fatalf("converted it is %+v", asset)
	}
	var d handlers.Draft
	author.Must("POST", "/api/studio/courses", map[string]any{"code": "NHAP-02", "title": "Nhập", "owner": "SNV"}, &d)
	var made handlers.ImportView
	author.Must("POST", "/api/studio/courses/"+string(d.Card.ID)+"/import", map[string]any{"revision": d.Revision, "asset": asset.ID}, &made)
	kinds := map[string]int{}
	for _, l := range made.Draft.Content.Modules[0].Lessons {
		for _, b := range l.Blocks {
			kinds[b.Type]++
		}
	}
	if len(made.Draft.Content.Modules[0].Lessons) < 2 || kinds["table"] == 0 || kinds["picture"] == 0 || kinds["bullets"]+kinds["numbers"] == 0 {
		t.Errorf("imported it has %d lessons of %v", len(made.Draft.Content.Modules[0].Lessons), kinds)
	}

	junk := append([]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), make([]byte, 2000)...)
	if failed := uploaded(t, w, author, "hỏng.ppt", junk); failed.State != "failed" || failed.Problem != "media.conversion_failed" {
		t.Errorf("junk became %+v", failed)
	}
	refused(t, author, "a form that LibreOffice is not asked for", "POST", "/api/uploads", map[string]any{"name": "cũ.odt", "bytes": 9, "owner": "SNV"}, "media.old_office")
	var u handlers.UploadView
	author.Must("POST", "/api/uploads", map[string]any{"name": "giả.doc", "bytes": 9, "owner": "SNV"}, &u)
	part := []byte("PK\x03\x04 zip.")[:9]
	if status, answer := put(t, author, w.URL+"/api/uploads/"+string(u.ID)+"/parts/1", part, sumOf(part)); status != 415 {
		t.Errorf("a zip named .doc answers %d %s", status, answer)
	}
}
