package localtest

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// Within waits for what other goroutines or processes bring about.
func Within(t testing.TB, d time.Duration, what string, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(d); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		if done() {
			return
		}
	}
	t.Fatalf("not within %s: %s", d, what)
}

// Running counts the processes whose command names all of names.
func Running(t testing.TB, names ...string) int {
	t.Helper()
	commands, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, command := range commands {
		b, err := os.ReadFile(command)
		if err == nil && !slices.ContainsFunc(names, func(name string) bool { return !bytes.Contains(b, []byte(name)) }) {
			n++
		}
	}
	return n
}
