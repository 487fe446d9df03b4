package apptest_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"haidang/cmd/internal/apptest"
	"haidang/handlers"
	"io"
	"runtime"
	"strings"
	"testing"
)

// zipped is a text as gzip.
func zipped(t *testing.T, text io.Reader) string {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := io.Copy(w, text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// nothing is endless spaces.
type nothing struct{}

func (nothing) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}

func TestBodiesMayComePacked(t *testing.T) {
	w := apptest.New(t)
	learner := w.SignIn(t, "hocvien")
	e, lesson := beginsTheDemo(t, learner)
	batch := jsonOf(t, map[string]any{"events": []any{event(w, e, lesson, "opened", nil)}})
	whole := zipped(t, strings.NewReader(batch))
	send := func(encoding, body string) answer {
		return ask(t, learner.HTTP, "POST", w.URL+"/api/learning/events", body, "Content-Encoding", encoding)
	}
	for _, x := range []struct {
		name, encoding, body string
		status               int
		code                 string
	}{
		{"a whole one", "gzip", whole, 200, ""},
		{"half of one", "gzip", whole[:len(whole)/2], 422, "request.cut_short"},
		{"another byte", "gzip", whole[:len(whole)-6] + "\x00" + whole[len(whole)-5:], 422, "request.cut_short"},
		{"what is not packed", "gzip", batch, 422, "request.cut_short"},
		{"what nobody asked for", "br", batch, 415, "request.not_json"},
		{"twice packed", "gzip, gzip", whole, 415, "request.not_json"},
	} {
		if a := send(x.encoding, x.body); a.Status != x.status || a.Code != x.code {
			t.Errorf("%s answers %d %s", x.name, a.Status, a.Code)
		}
	}
	bomb := strings.Repeat(zipped(t, io.LimitReader(nothing{}, 1<<25)), 1<<5) // a gigabyte in a megabyte
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if a := send("gzip", bomb); a.Status != 413 || a.Code != "request.too_large" {
		t.Errorf("a bomb answers %d %s", a.Status, a.Code)
	}
	runtime.ReadMemStats(&after)
	if grown := after.TotalAlloc - before.TotalAlloc; grown > 64<<20 {
		t.Errorf("a bomb takes %d MB", grown>>20)
	}
}

func TestAnswersComePacked(t *testing.T) {
	w := apptest.New(t)
	learner := w.SignIn(t, "hocvien")
	plain := ask(t, learner.HTTP, "GET", w.URL+"/api/courses", "", "Accept-Encoding", "identity")
	a := ask(t, learner.HTTP, "GET", w.URL+"/api/courses", "", "Accept-Encoding", "gzip")
	if a.Header.Get("Content-Encoding") != "gzip" || !strings.Contains(a.Header.Get("Vary"), "Accept-Encoding") || len(a.Body) >= len(plain.Body) {
		t.Fatalf("%d bytes of %d come with %v", len(a.Body), len(plain.Body), a.Header)
	}
	r, err := gzip.NewReader(bytes.NewReader(a.Body))
	if err != nil {
		t.Fatal(err)
	}
	var list struct{ Items []handlers.CourseCard }
	if err := json.NewDecoder(r).Decode(&list); err != nil || len(list.Items) == 0 {
		t.Errorf("it unpacks to %+v, %v", list, err)
	}
}
