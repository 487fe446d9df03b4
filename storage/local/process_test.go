package local

import (
	"strings"
	"testing"
)

func TestWhatAChildSaidLastIsInWords(t *testing.T) {
	info := `{"t":{"$date":"2026-11-25T19:00:00Z"},"s":"I","c":"STORAGE","msg":"Index build","attr":{"namespace":"haidang.courses"}}` + "\n"
	broken := &tail{}
	for range 400 { // more than it keeps, so that its first line was cut
		if _, err := broken.Write([]byte(info)); err != nil {
			t.Fatal(err)
		}
	}
	if got := broken.lastLines(); got != "" {
		t.Errorf("of nothing but information it keeps %q", got)
	}
	for _, line := range []string{
		`{"s":"E","msg":"Failed to write","attr":{"error":"No space left on device"}}` + "\n",
		`{"s":"F","msg":"Fatal assertion"}` + "\n",
		"exec: not found\n",
	} {
		if _, err := broken.Write([]byte(line)); err != nil {
			t.Fatal(err)
		}
	}
	if got, want := broken.lastLines(), "Failed to write: No space left on device\nFatal assertion\nexec: not found"; got != want {
		t.Errorf("it keeps %q, want %q", got, want)
	}
	if n := len(broken.buf); n > tailBytes || strings.HasPrefix(string(broken.buf), "{") == false {
		t.Errorf("%d bytes are kept, from %q on", n, broken.buf[:20])
	}
}
