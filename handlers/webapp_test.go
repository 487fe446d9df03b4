package handlers_test

import (
	"haidang/handlers"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestOnlyTheBarePreviewMayBeFramedAndOnlyHere(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"index.html", "studio.html", "hr.html", "admin.html"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("<!doctype html>"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	server := handlers.New(handlers.Config{BaseURL: "http://127.0.0.1", App: os.DirFS(dir)}, handlers.Services{})
	for path, want := range map[string]string{
		"/studio/c1/xem-thu?khung=1":          "'self'",
		"/studio/c1/xem-thu?khung=1&bai=l1":   "'self'",
		"/studio/c1/xem-thu":                  "'none'",
		"/studio/c1/xem-thu?khung=0":          "'none'",
		"/studio/c1?khung=1":                  "'none'",
		"/studio/c1/tham-dinh?khung=1":        "'none'",
		"/studio/c1/xem-thu/them?khung=1":     "'none'",
		"/hr/c1/xem-thu?khung=1":              "'none'",
		"/khoa-hoc/xem-thu?khung=1":           "'none'",
		"/?khung=1":                           "'none'",
		"/api/studio/c1/xem-thu?khung=1":      "'none'",
		"/studio/c1/xem-thu.html?khung=1":     "'none'",
		"/studio/../studio/c1/khac?khung=1":   "'none'",
		"/studio/c1/xem-thu?x=1&khung=1%0d%0": "'none'",
	} {
		response := pageOf(t, server, path)
		policy := response.Header.Get("Content-Security-Policy")
		rest, ancestors, found := strings.Cut(policy, "frame-ancestors ")
		if !found || ancestors != want {
			t.Errorf("%s may be framed by %q, want %s", path, ancestors, want)
		}
		if !strings.Contains(rest, "default-src 'self'; ") || !strings.Contains(rest, "script-src 'self'; ") || strings.Contains(rest, "unsafe") {
			t.Errorf("%s: the rest of the policy is %q", path, rest)
		}
	}
}

func TestThePageOfASharedRecordIsNeitherKeptNorListed(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "index.html"), []byte("<!doctype html>"), 0o600); err != nil {
		t.Fatal(err)
	}
	server := handlers.New(handlers.Config{BaseURL: "http://127.0.0.1", App: os.DirFS(dir)}, handlers.Services{})
	for path, want := range map[string]string{
		"/chia-se": "no-store no-referrer noindex, nofollow", "/xac-minh": "no-store no-referrer noindex, nofollow", "/chia-se/": "no-store no-referrer noindex, nofollow",
		"/": "no-cache same-origin ", "/ho-so": "no-cache same-origin ",
	} {
		response := pageOf(t, server, path)
		h := response.Header
		if got := strings.Join([]string{h.Get("Cache-Control"), h.Get("Referrer-Policy"), h.Get("X-Robots-Tag")}, " "); response.StatusCode != 200 || got != want {
			t.Errorf("%s answers %d with %q, want %q", path, response.StatusCode, got, want)
		}
	}
}

// pageOf is what a server answers to somebody who opens a page, without its body.
func pageOf(t *testing.T, server *handlers.Server, path string) *http.Response {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://127.0.0.1"+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := server.Test(request)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	return response
}
