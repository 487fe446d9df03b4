package apptest_test

import (
	"bytes"
	"context"
	"fmt"
	"haidang/cmd/internal/apptest"
	"haidang/handlers"
	"strings"
	"sync"
	"testing"

	"github.com/go-pdf/fpdf"
	"golang.org/x/image/webp"
)

// paper is a PDF of so many pages, each with a sentence.
func paper(t *testing.T, pages int, sentence string, more ...func(*fpdf.Fpdf)) []byte {
	t.Helper()
	f := fpdf.New("P", "mm", "A4", "")
	f.AddUTF8Font("bvp", "", "../demo/data/BeVietnamPro-Regular.ttf")
	f.SetFont("bvp", "", 14)
	for _, change := range more {
		change(f)
	}
	for i := range pages {
		f.AddPage()
		f.MultiCell(0, 8, fmt.Sprintf("Trang %d. %s", i+1, sentence), "", "L", false)
	}
	var b bytes.Buffer
	if err := f.Output(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestDocumentsAreShownPageByPage(t *testing.T) {
	w := apptest.New(t)
	author, learner := w.SignIn(t, "tacgia"), w.SignIn(t, "hocvien")
	a := uploaded(t, w, author, "Quy chế.pdf", paper(t, 3, "Trình tự thẩm định hồ sơ."))
	base := "/media/" + string(a.ID)
	if a.State != "ready" || a.Transcode != "waiting" || a.Pages != 3 || a.Width != 1000 || a.Height != 1415 || a.PagesURL != "" {
		t.Fatalf("before its pages are drawn it is %+v", a)
	}
	if x := ask(t, author.HTTP, "GET", w.URL+base+"/p1.webp", ""); x.Status != 404 {
		t.Errorf("a page that is not drawn answers %d", x.Status)
	}
	if err := w.App.Services.Media.Transcode(t.Context(), a.ID); err != nil {
		t.Fatal(err)
	}
	author.Must("GET", "/api/assets/"+string(a.ID), nil, &a)
	if a.Transcode != "ready" || a.Progress != 100 || a.PagesURL != base+"/p" || a.HLSURL != "" || len(a.Renditions) > 0 {
		t.Errorf("it became %+v", a)
	}
	if x := ask(t, learner.HTTP, "GET", w.URL+base+"/p1.webp", ""); x.Status != 403 {
		t.Errorf("a learner sees a draft: %d", x.Status)
	}
	publish(t, w, a.ID)
	x := ask(t, learner.HTTP, "GET", w.URL+a.PagesURL+"3.webp", "")
	config, err := webp.DecodeConfig(bytes.NewReader(x.Body))
	if x.Status != 200 || x.Header.Get("Content-Type") != "image/webp" || err != nil || config.Width != 1000 || len(x.Body) > 30_000 {
		t.Errorf("page 3 answers %d, %d bytes, %+v, %v", x.Status, len(x.Body), config, err)
	}
	if x := ask(t, learner.HTTP, "GET", w.URL+a.PagesURL+"3.txt", ""); x.Status != 200 || string(x.Body) != "Trang 3. Trình tự thẩm định hồ sơ.\n" || x.Header.Get("Content-Type") != "text/plain; charset=utf-8" {
		t.Errorf("the words of page 3 answer %d %q", x.Status, x.Body)
	}
	for _, file := range []string{"p4.webp", "p0.webp", "p03.webp", "p3.png", "p3", "p", "p-1.txt", "words.txt", "p3.webp.txt", "pages"} {
		if x := ask(t, learner.HTTP, "GET", w.URL+base+"/"+file, ""); x.Status != 404 {
			t.Errorf("%s answers %d", file, x.Status)
		}
	}
	if x := ask(t, learner.HTTP, "GET", w.URL+base+"/source", ""); x.Status != 200 || !bytes.HasPrefix(x.Body, []byte("%PDF-")) {
		t.Errorf("the file itself answers %d", x.Status)
	}
}

// A worker is killed while it draws; another goes on behind what is stored, and
// two at once do no harm.
func TestAnotherWorkerDrawsThePagesThatAreMissing(t *testing.T) {
	w := apptest.New(t)
	author := w.SignIn(t, "tacgia")
	a := uploaded(t, w, author, "a.pdf", paper(t, 12, "Nội dung."))
	first, fourth := "m/"+a.SHA256+"/p1.webp", "m/"+a.SHA256+"/p4.txt"
	dying, kill := context.WithCancel(t.Context())
	killed := make(chan error, 1)
	go func() { killed <- w.App.Services.Media.Transcode(dying, a.ID) }()
	eventually(t, "four pages are stored", func() bool {
		_, found, err := w.App.Objects.Size(t.Context(), fourth)
		return err == nil && found
	})
	kill()
	if err := <-killed; err == nil {
		t.Fatal("it was done before it died")
	}
	author.Must("GET", "/api/assets/"+string(a.ID), nil, &a)
	if a.Transcode != "running" || a.PagesURL != "" {
		t.Errorf("in between it is %+v", a)
	}
	if err := w.App.Objects.Write(t.Context(), first, "image/webp", []byte("as it was")); err != nil {
		t.Fatal(err)
	}
	var both sync.WaitGroup
	for range 2 {
		both.Go(func() {
			if err := w.App.Services.Media.Transcode(t.Context(), a.ID); err != nil {
				t.Error(err)
			}
		})
	}
	both.Wait()
	author.Must("GET", "/api/assets/"+string(a.ID), nil, &a)
	if a.Transcode != "ready" || a.PagesURL == "" {
		t.Errorf("it became %+v", a)
	}
	if x := ask(t, author.HTTP, "GET", w.URL+a.PagesURL+"1.webp", ""); string(x.Body) != "as it was" {
		t.Errorf("the first page was drawn again: %d bytes", len(x.Body))
	}
	if x := ask(t, author.HTTP, "GET", w.URL+a.PagesURL+"12.webp", ""); x.Status != 200 || len(x.Body) < 1000 {
		t.Errorf("the last page answers %d", x.Status)
	}
	found, err := w.App.DB.Media().Asset(t.Context(), a.ID)
	if err != nil || len(found.Made) != 1 || found.Made[0].Bytes < 12*1000 {
		t.Errorf("it has %+v, %v", found.Made, err)
	}
}

func TestDocumentsWithoutPagesTellTheirAuthorsWhy(t *testing.T) {
	w := apptest.New(t)
	author := w.SignIn(t, "tacgia")
	locked := uploaded(t, w, author, "khóa.pdf", paper(t, 1, "Mật.", func(f *fpdf.Fpdf) { f.SetProtection(0, "mo-ra", "chu") }))
	if locked.State != "failed" || locked.Problem != "media.locked" {
		t.Errorf("one with a password is %+v", locked)
	}
	broken := uploaded(t, w, author, "hỏng.pdf", []byte("%PDF-1.4\n"+strings.Repeat("x", 1000)))
	if broken.State != "failed" || broken.Problem != "media.wrong_content" {
		t.Errorf("one of letters is %+v", broken)
	}
	a := uploaded(t, w, author, "dài.pdf", paper(t, 2001, "Dài."))
	if err := w.App.Services.Media.Transcode(t.Context(), a.ID); err != nil {
		t.Fatal(err)
	}
	path := "/api/assets/" + string(a.ID)
	author.Must("GET", path, nil, &a)
	if a.State != "ready" || a.Transcode != "failed" || a.Problem != "media.too_many_pages" || a.URL == "" || a.PagesURL != "" {
		t.Errorf("one of too many pages is %+v", a)
	}
	attached := handlers.Block{Type: "file", Asset: a.ID, Text: []handlers.Inline{{Text: "Tệp"}}}
	d := drafted(t, author, "DAI-01", handlers.Lesson{Kind: "document", Title: "Dài", Minutes: 200, Asset: a.ID},
		handlers.Lesson{Kind: "article", Title: "Đọc", Minutes: 5, Blocks: []handlers.Block{attached}})
	if len(d.Missing) != 1 || d.Missing[0] != (handlers.Missing{Code: "asset_not_ready", Path: "modules[0].lessons[0]", Name: "Dài"}) {
		t.Errorf("a lesson of it and one that it is attached to lack %+v", d.Missing)
	}
	author.Must("POST", path+"/retry", nil, &a)
	if a.Transcode != "waiting" || a.Problem != "" {
		t.Errorf("trying again it is %+v", a)
	}
}

// drafted is a course of some lessons that lacks nothing.
func drafted(t *testing.T, author *apptest.Client, code string, lessons ...handlers.Lesson) handlers.Draft {
	t.Helper()
	var d handlers.Draft
	author.Must("POST", "/api/studio/courses", map[string]any{"code": code, "title": "Thử", "owner": "SNV"}, &d)
	content := d.Content
	content.Summary, content.Knowledge, content.Tiet = "Thử.", "vi_tri_viec_lam", 2
	content.Citations = []handlers.Citation{{Number: "129-TB/TU", Verified: true}}
	content.Modules = []handlers.Module{{Title: "Một", Lessons: lessons}}
	author.Must("PUT", "/api/studio/courses/"+string(d.Card.ID), map[string]any{"revision": d.Revision, "content": content}, &d)
	return d
}
