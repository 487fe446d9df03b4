package apptest_test

import (
	"haidang/cmd/internal/apptest"
	"haidang/handlers"
	"strings"
	"testing"
)

func TestCaptionsAreTypedUploadedAndShown(t *testing.T) {
	w := apptest.New(t)
	author, learner := w.SignIn(t, "tacgia"), w.SignIn(t, "hocvien")
	a := uploaded(t, w, author, "a.mp4", lecture(t))
	path, file := "/api/assets/"+string(a.ID)+"/captions", w.URL+"/media/"+string(a.ID)+"/captions.vtt"
	var c handlers.Captions
	author.Must("GET", path, nil, &c)
	if c.Revision != 0 || len(c.Cues) != 0 || a.CaptionsURL != "" || ask(t, author.HTTP, "GET", file, "").Status != 404 {
		t.Errorf("before anybody saved there are %+v", c)
	}
	publish(t, w, a.ID)
	author.Must("GET", "/api/assets/"+string(a.ID), nil, &a) // from now on it stays in memory
	author.Must("PUT", path, map[string]any{"revision": 0, "cues": []handlers.Cue{{FromMs: 0, ToMs: 1500, Text: "Xin cha\u0300o <b>các</b> bạn <script>"}}}, &c)
	if c.Revision != 1 || c.Cues[0].Text != "Xin chào <b>các</b> bạn" {
		t.Errorf("it became %+v", c)
	}
	learner.Must("GET", "/api/assets/"+string(a.ID), nil, &a)
	x := ask(t, learner.HTTP, "GET", w.URL+a.CaptionsURL, "")
	if x.Status != 200 || x.Header.Get("Content-Type") != "text/vtt; charset=utf-8" || x.Header.Get("Cache-Control") != "private, no-cache" ||
		string(x.Body) != "WEBVTT\n\n00:00:00.000 --> 00:00:01.500\nXin chào <b>các</b> bạn\n" {
		t.Errorf("a learner reads %d %v %s", x.Status, x.Header, x.Body)
	}
	if same := ask(t, learner.HTTP, "GET", file, "", "If-None-Match", x.Header.Get("ETag")); same.Status != 304 {
		t.Errorf("what did not change answers %d", same.Status)
	}
	author.Must("PUT", path, map[string]any{"revision": 1, "vtt": "WEBVTT\n\n00:02.000 --> 00:03.000\nHai\n"}, &c)
	if again := ask(t, learner.HTTP, "GET", file, "", "If-None-Match", x.Header.Get("ETag")); again.Status != 200 || !strings.Contains(string(again.Body), "Hai") {
		t.Errorf("what changed answers %d %s", again.Status, again.Body)
	}
	if status, code := author.Do("PUT", path, map[string]any{"revision": 1, "vtt": "WEBVTT"}, nil); status != 409 || code != "courses.changed_meanwhile" {
		t.Errorf("an old revision answers %d %s", status, code)
	}
	if status, code := learner.Do("PUT", path, map[string]any{"revision": 2, "vtt": "WEBVTT"}, nil); status != 403 {
		t.Errorf("a learner writes captions: %d %s", status, code)
	}
	badCaptions(t, w, author, path)
	author.Must("PUT", path, map[string]any{"revision": 2, "cues": []handlers.Cue{}}, &c)
	a = handlers.AssetView{}
	author.Must("GET", strings.TrimSuffix(path, "/captions"), nil, &a)
	if c.Revision != 3 || a.CaptionsURL != "" || ask(t, author.HTTP, "GET", file, "").Status != 404 {
		t.Errorf("after all cues went there are %+v and %q", c, a.CaptionsURL)
	}
}

func badCaptions(t *testing.T, w *apptest.World, author *apptest.Client, path string) {
	t.Helper()
	vtt := func(text string) string { return jsonOf(t, map[string]any{"revision": 2, "vtt": text}) }
	refusedInputs(t, w, author, []badInput{
		{"captions of another kind", "PUT", path, vtt("1\n00:00:01,000 --> 00:00:02,000\nA"), 422, "media.bad_captions"},
		{"captions at once", "PUT", path, vtt("WEBVTT\n\n00:01.000 --> 00:03.000\nA\n\n00:02.000 --> 00:04.000\nB"), 422, "media.bad_captions"},
		{"captions behind the end", "PUT", path, vtt("WEBVTT\n\n00:13.000 --> 00:15.000\nA"), 422, "media.bad_captions"},
		{"captions before the beginning", "PUT", path, jsonOf(t, map[string]any{"revision": 2, "cues": []handlers.Cue{{FromMs: -1, ToMs: 5, Text: "A"}}}), 422, "media.bad_captions"},
		{"captions of more than 1 MiB", "PUT", path, vtt("WEBVTT\n\nNOTE " + strings.Repeat("x", 1<<20)), 413, "media.captions_too_large"},
		{"captions below zero", "PUT", path, `{"revision":-1,"cues":[]}`, 422, "request.invalid"},
	})
	a := ask(t, author.HTTP, "PUT", w.URL+path, vtt("WEBVTT\n\n00:13.000 --> 00:15.000\nA"))
	if !strings.Contains(string(a.Body), `{"path":"line:3","code":"beyond_end"}`) {
		t.Errorf("which line is at fault is not said: %s", a.Body)
	}
}
