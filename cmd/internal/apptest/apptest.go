// Package apptest runs the whole program over real stores for HTTP tests.
package apptest

import (
	"bytes"
	"context"
	"encoding/json"
	"haidang/cmd/internal/app"
	"haidang/courses"
	"haidang/storage/local"
	"haidang/storage/local/localtest"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"reflect"
	"sync/atomic"
	"testing"
	"time"
)

// World is one running program with a database and a bucket of its own.
type World struct {
	App *app.App
	URL string
	now atomic.Int64 // offset of the clock in nanoseconds
}

// Start is the instant at which every World's clock begins: 24/11/2026 08:00 in Việt Nam.
var Start = time.Date(2026, 11, 24, 1, 0, 0, 0, time.UTC)

// New starts a World with the demo: its units, accounts, the course on Notice 129
// and a few people. It ends with the test. Its configuration may be changed.
func New(t testing.TB, changes ...func(*app.Config)) *World {
	t.Helper()
	ctx := context.Background()
	w := &World{}
	began := time.Now()
	clock := courses.Clock(func() time.Time {
		return Start.Add(time.Since(began)).Add(time.Duration(w.now.Load()))
	})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w.URL = "http://" + l.Addr().String()
	s3 := localtest.MinIO(t)
	ffmpeg, err := local.Find("ffmpeg")
	if err != nil {
		t.Fatal(err)
	}
	name := "t" + courses.NewID[string](time.Now())
	config := app.Config{
		Env: "development", BaseURL: w.URL, MongoURI: localtest.Mongod(t).URI, MongoName: name,
		S3Endpoint: "http://" + s3.Endpoint, S3Bucket: name, S3Region: "us-east-1",
		S3AccessKey: s3.AccessKey, S3SecretKey: s3.SecretKey, FFmpeg: ffmpeg, CallsAWeek: 5, LedgerOrigin: "test/ledger", Version: "test",
	}
	for _, change := range changes {
		change(&config)
	}
	fill(t, config)
	w.App, err = app.Open(ctx, config, app.Options{Clock: clock})
	if err != nil {
		t.Fatal(err)
	}
	working, stop := context.WithCancel(ctx)
	worked := make(chan struct{})
	go func() {
		defer close(worked)
		w.App.Run(working)
	}()
	server := w.App.Server(nil)
	served := make(chan error, 1)
	go func() { served <- server.Serve(l) }()
	t.Cleanup(func() {
		if err := server.Shutdown(ctx); err != nil {
			t.Error(err)
		}
		if err := <-served; err != nil {
			t.Error(err)
		}
		stop()
		<-worked
		if err := w.App.DB.Drop(ctx); err != nil {
			t.Error(err)
		}
		if err := w.App.Objects.Drop(ctx); err != nil {
			t.Error(err)
		}
		if err := w.App.Close(ctx); err != nil {
			t.Error(err)
		}
	})
	return w
}

// Pass moves the World's clock on.
func (w *World) Pass(d time.Duration) { w.now.Add(int64(d)) }

// Client is a browser without pages: it keeps cookies and sends JSON.
type Client struct {
	t    testing.TB
	url  string
	HTTP *http.Client
}

// Client makes a new one, not signed in.
func (w *World) Client(t testing.TB) *Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &Client{t: t, url: w.URL, HTTP: &http.Client{Jar: jar, Timeout: 60 * time.Second}}
}

// Do sends a request with a JSON body (nil for none), decodes the answer into
// out (nil for none) when it is 2xx, and returns the status and, for a refusal,
// its code.
func (c *Client) Do(method, path string, in, out any) (status int, code string) {
	c.t.Helper()
	var body io.Reader
	if in != nil {
		b, err := json.Marshal(in)
		if err != nil {
			c.t.Fatal(err)
		}
		body = bytes.NewReader(b)
	}
	req, err := http.NewRequestWithContext(c.t.Context(), method, c.url+path, body)
	if err != nil {
		c.t.Fatal(err)
	}
	if in != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	res, err := c.HTTP.Do(req)
	if err != nil {
		c.t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	if res.StatusCode >= 300 {
		var p struct{ Code string }
		if err := json.Unmarshal(b, &p); err != nil {
			c.t.Fatalf("%s %s answers %d without a problem: %s", method, path, res.StatusCode, b)
		}
		return res.StatusCode, p.Code
	}
	if out != nil {
		reflect.ValueOf(out).Elem().SetZero() // what the answer lacks is not left over
		if err := json.Unmarshal(b, out); err != nil {
			c.t.Fatalf("%s %s: %v in %s", method, path, err, b)
		}
	}
	return res.StatusCode, ""
}

// Must is Do for what has to succeed.
func (c *Client) Must(method, path string, in, out any) {
	c.t.Helper()
	if status, code := c.Do(method, path, in, out); status >= 300 {
		c.t.Fatalf("%s %s answers %d %s", method, path, status, code)
	}
}
