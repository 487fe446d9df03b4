package apptest_test

import (
	"haidang/cmd/internal/apptest"
	"haidang/handlers"
	"os"
	"testing"
)

// TestADocumentBecomesLessonsOfADraft imports what LibreOffice wrote, and what it
// did not.
func TestADocumentBecomesLessonsOfADraft(t *testing.T) {
	w := apptest.New(t).Fill(t)
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
