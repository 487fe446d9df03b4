package office_test

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"haidang/courses/media"
	"haidang/storage/local/localtest"
	"haidang/storage/office"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

func converter(t *testing.T) *office.Converter {
	t.Helper()
	c, found := office.Find("soffice")
	if !found {
		t.Skip("LibreOffice is not on this machine: conversion is not tested here, its refusal is in cmd/internal/apptest")
	}
	return c
}

// old has LibreOffice itself write a document of an old form.
func old(t *testing.T, source, filter, ext string, more ...string) string {
	t.Helper()
	dir := t.TempDir()
	args := append([]string{"-env:UserInstallation=file://" + filepath.Join(dir, "home"), "--headless", "--norestore"}, more...)
	args = append(args, "--convert-to", ext+":"+filter, "--outdir", dir, source)
	if out, err := exec.CommandContext(t.Context(), "soffice", args...).CombinedOutput(); err != nil {
		t.Fatalf("make a .%s: %v\n%s", ext, err, out)
	}
	return filepath.Join(dir, strings.TrimSuffix(filepath.Base(source), filepath.Ext(source))+"."+ext)
}

// part reads a part of a document of today.
func part(t *testing.T, path, name string) string {
	t.Helper()
	z, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	f, err := z.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	b, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestOldDocumentsBecomeThoseOfToday(t *testing.T) {
	c := converter(t)
	for _, kind := range []struct{ source, filter, ext, part, want string }{
		{"course.docx", "MS Word 97", "doc", "word/document.xml", "w:tbl"},
		{"deck.pptx", "MS PowerPoint 97", "ppt", "ppt/slides/slide1.xml", "<a:t>"},
	} {
		source := old(t, filepath.Join("../../courses/exchange/testdata", kind.source), kind.filter, kind.ext)
		begin := time.Now()
		made, err := c.Convert(t.Context(), source, filepath.Dir(source))
		t.Logf("a .%s took %s", kind.ext, time.Since(begin).Round(time.Millisecond))
		if err != nil || filepath.Ext(made) != "."+kind.ext+"x" {
			t.Fatalf("the .%s became %q, %v", kind.ext, made, err)
		}
		if text := part(t, made, kind.part); !strings.Contains(text, kind.want) {
			t.Errorf("the .%s holds %.300s", kind.ext, text)
		}
		if _, err := os.Stat(filepath.Join(filepath.Dir(source), "office")); !os.IsNotExist(err) {
			t.Errorf("its home is left: %v", err)
		}
	}
}

// TestNothingIsFetchedForADocument has a document name a picture on a server that
// stands by; LibreOffice left to itself asks for it.
func TestNothingIsFetchedForADocument(t *testing.T) {
	c := converter(t)
	var asked atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		w.WriteHeader(http.StatusNotFound)
	}))
	defer server.Close()
	page := filepath.Join(t.TempDir(), "linked.html")
	if err := os.WriteFile(page, []byte(`<p>Xin chào</p><img src="`+server.URL+`/canary.png" width="100" height="100">`), 0o600); err != nil {
		t.Fatal(err)
	}
	source := old(t, page, "MS Word 97", "doc", "--infilter=HTML (StarWriter)")
	if b, err := os.ReadFile(source); err != nil || !bytes.Contains(b, []byte("canary.png")) && !bytes.Contains(b, []byte("c\x00a\x00n\x00a\x00r\x00y")) {
		t.Fatalf("the document names no picture: %v", err)
	}
	if asked.Swap(0) == 0 {
		t.Fatal("LibreOffice left to itself asks for nothing, so this test shows nothing")
	}
	if _, err := c.Convert(t.Context(), source, filepath.Dir(source)); err != nil {
		t.Fatal(err)
	}
	if n := asked.Load(); n > 0 {
		t.Errorf("the server was asked %d times", n)
	}
}

func TestWhatIsNoDocumentIsRefused(t *testing.T) {
	c := converter(t)
	for name, content := range map[string]string{
		"junk.doc": "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00\xff", 4000),
		"junk.ppt": "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00\xff", 4000),
		"page.doc": "<html><body>Xin chào</body></html>",
	} {
		source := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(source, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if made, err := c.Convert(t.Context(), source, filepath.Dir(source)); !errors.Is(err, media.ErrConvert) {
			t.Errorf("%s became %q, %v", name, made, err)
		}
	}
}

func TestAConversionThatIsStoppedLeavesNothingRunning(t *testing.T) {
	c := converter(t)
	source := old(t, "../../courses/exchange/testdata/course.docx", "MS Word 97", "doc")
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		_, err := c.Convert(ctx, source, filepath.Dir(source))
		done <- err
	}()
	localtest.Within(t, 30*time.Second, "LibreOffice runs", func() bool { return localtest.Running(t, source) > 0 })
	stop()
	if err := <-done; !errors.Is(err, context.Canceled) || errors.Is(err, media.ErrConvert) {
		t.Errorf("stopped, it says %v", err)
	}
	localtest.Within(t, time.Second, "LibreOffice is gone", func() bool { return localtest.Running(t, source) == 0 })
}

const workOn = "HAIDANG_TEST_WORK_ON"

// TestAWorkerThatIsKilled is the worker of the test below, in a process of its own.
func TestAWorkerThatIsKilled(t *testing.T) {
	source := os.Getenv(workOn)
	if source == "" {
		t.Skip("it runs for another test")
	}
	_, err := converter(t).Convert(t.Context(), source, filepath.Dir(source))
	t.Error("it was not killed in time", err)
}

func TestLibreOfficeEndsWithTheWorkerThatIsKilled(t *testing.T) {
	converter(t)
	if exec.Command("unshare", "--user", "--net", "--pid", "--fork", "true").Run() != nil {
		t.Skip("this machine gives nobody processes of their own; LibreOffice ends by its bound of processor time")
	}
	source := old(t, "../../courses/exchange/testdata/course.docx", "MS Word 97", "doc")
	worker := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestAWorkerThatIsKilled$")
	worker.Env = append(os.Environ(), workOn+"="+source)
	if err := worker.Start(); err != nil {
		t.Fatal(err)
	}
	localtest.Within(t, 30*time.Second, "LibreOffice itself runs", func() bool { return localtest.Running(t, source, "soffice.bin") > 0 })
	if err := worker.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = worker.Wait()
	localtest.Within(t, time.Second, "LibreOffice is gone", func() bool { return localtest.Running(t, source) == 0 })
}
