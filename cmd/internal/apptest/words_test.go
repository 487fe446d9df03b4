package apptest_test

import (
	"context"
	"errors"
	"fmt"
	"haidang/cmd/internal/app"
	"haidang/cmd/internal/apptest"
	"haidang/courses"
	"haidang/courses/catalog"
	"haidang/handlers"
	"net/url"
	"strings"
	"testing"
)

// finds is the codes of the courses that words find.
func finds(c *apptest.Client, words string) string {
	var hits struct {
		Items []struct{ Code string }
	}
	c.Must("GET", "/api/courses?q="+url.QueryEscape(words), nil, &hits)
	codes := make([]string, len(hits.Items))
	for i, hit := range hits.Items {
		codes[i] = hit.Code
	}
	return strings.Join(codes, " ")
}

func TestWhatIsSaidAndWrittenInLessonsFindsTheCourse(t *testing.T) {
	w := apptest.New(t)
	author, learner := w.SignIn(t, "tacgia"), w.SignIn(t, "hocvien")
	if codes := finds(learner, "dat bai boi") + finds(learner, "ca heo trang"); codes != "" {
		t.Fatalf("before anybody spoke of it %s is found", codes)
	}
	a, recording := uploaded(t, w, author, "Quy chế.pdf", paper(t, 3, "Trình tự giao đất bãi bồi ven sông.")), uploaded(t, w, author, "a.mp4", film(t))
	if err := w.App.Services.Media.Transcode(t.Context(), a.ID); err != nil {
		t.Fatal(err)
	}
	captions := "/api/assets/" + string(recording.ID) + "/captions"
	author.Must("PUT", captions, map[string]any{"revision": 0, "cues": []handlers.Cue{{ToMs: 1500, Text: "Xin <b>chào</b>\ncác đồng chí"}}}, nil)
	d := drafted(t, author, "DAT-01", handlers.Lesson{Kind: "document", Title: "Quy chế", Minutes: 200, Asset: a.ID}, handlers.Lesson{Kind: "video", Title: "Phim", Minutes: 5, Asset: recording.ID})
	w.Publish(t, author, &d, "")
	for words, want := range map[string]string{
		"luan chuyen dieu dong": "TB129-01", // an article
		"khẩn trương tham mưu":  "TB129-01",
		"dat bai boi":           "DAT-01", // a PDF
		"Đất bãi bồi ven sông":  "DAT-01",
		"xin chao cac dong chi": "DAT-01", // captions
	} {
		eventually(t, fmt.Sprintf("%q finds %s", words, want), func() bool { return finds(learner, words) == want })
	}
	second := another(t, w)
	if codes := foundBy(t, second, "xin chao cac dong chi"); codes != "DAT-01" {
		t.Errorf("another server finds %q", codes)
	}
	author.Must("PUT", captions, map[string]any{"revision": 1, "cues": []handlers.Cue{{ToMs: 1500, Text: "Cá heo trắng"}}}, nil)
	eventually(t, "what was corrected is found", func() bool {
		return finds(learner, "ca heo trang") == "DAT-01" && finds(learner, "xin chao cac dong chi") == ""
	})
	if codes := foundBy(t, second, "ca heo trang"); codes != "DAT-01" {
		t.Errorf("another server finds %q", codes)
	}
}

// another is a second server over the same stores.
func another(t *testing.T, w *apptest.World) *app.App {
	t.Helper()
	a, err := app.Open(t.Context(), w.App.Config, app.Options{Clock: w.App.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Close(context.Background()) })
	return a
}

// foundBy is what a server finds after its next look for what is new.
func foundBy(t *testing.T, a *app.App, words string) string {
	t.Helper()
	c := a.Services.Catalog
	if err := errors.Join(c.Refresh(t.Context()), c.Reread(t.Context())); err != nil {
		t.Fatal(err)
	}
	hits, err := c.Browse(t.Context(), courses.Actor{Person: "p"}, words, catalog.Filter{}, courses.Page{})
	if err != nil {
		t.Fatal(err)
	}
	codes := make([]string, len(hits.Items))
	for i, hit := range hits.Items {
		codes[i] = hit.Code
	}
	return strings.Join(codes, " ")
}
