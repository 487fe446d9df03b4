package apptest

import (
	"haidang/cmd/internal/demo"
	"haidang/handlers"
	"testing"
)

// Fill seeds the World with the demo: its units, accounts, the course on Notice
// 129 and a few people.
func (w *World) Fill(t testing.TB) *World {
	t.Helper()
	size := demo.Size{People: 60, Completions: 30, Seed: 1}
	if err := demo.Seed(t.Context(), w.App, size, func(line string) { t.Log(line) }); err != nil {
		t.Fatal(err)
	}
	return w
}

// SignIn makes a client that is signed in with a demo account.
func (w *World) SignIn(t testing.TB, username string) *Client {
	t.Helper()
	c := w.Client(t)
	c.Must("POST", "/api/session", map[string]string{"username": username, "password": demo.Password}, nil)
	return c
}

// Publish takes a draft through its review, without a pilot, and publishes it.
// The reviewer of the author's own organisation passes each step.
func (w *World) Publish(t testing.TB, author *Client, d *handlers.Draft, class string) {
	t.Helper()
	path := "/api/studio/courses/" + string(d.Card.ID)
	author.Must("POST", path+"/review", map[string]any{"revision": d.Revision, "class": class}, d)
	reviewer := w.SignIn(t, "thamdinh")
	for d.Review.Step != "ready" {
		reviewer.Must("POST", path+"/step", map[string]any{"action": "pass"}, d)
	}
	author.Must("POST", path+"/versions", map[string]any{"revision": d.Revision}, d)
}
