package apptest

import (
	"haidang/cmd/internal/demo"
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
