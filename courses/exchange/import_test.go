package exchange_test

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"haidang/courses/catalog"
	"haidang/courses/exchange"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden files anew")

type read func(context.Context, io.ReaderAt, int64) (exchange.Imported, error)

// readFile imports a document of testdata.
func readFile(t *testing.T, name string) exchange.Imported {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	reader := map[string]read{".docx": exchange.ReadDOCX, ".pptx": exchange.ReadPPTX}[filepath.Ext(name)]
	made, err := reader(t.Context(), bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// drawn writes what was imported so that a person can compare it with the document.
func drawn(made exchange.Imported) string {
	var b strings.Builder
	fmt.Fprintf(&b, "title: %s\n", made.Title)
	for _, p := range made.Pictures {
		fmt.Fprintf(&b, "picture: %s %s %d\n", p.Name, p.Type, p.Bytes)
	}
	for _, d := range made.Dropped {
		fmt.Fprintf(&b, "dropped: %s %d\n", d.Code, d.Count)
	}
	for _, l := range made.Lessons {
		fmt.Fprintf(&b, "\n=== %s (%s, %d min)\n", l.Title, l.Kind, l.Minutes)
		for _, block := range l.Blocks {
			drawBlock(&b, block)
		}
	}
	return b.String()
}

func drawBlock(b *strings.Builder, block catalog.Block) {
	fmt.Fprintf(b, "%s", block.Type)
	if block.Level > 0 {
		fmt.Fprintf(b, " %d", block.Level)
	}
	if block.Style != "" {
		fmt.Fprintf(b, " %s", block.Style)
	}
	if block.Asset != "" {
		fmt.Fprintf(b, " %s %q", block.Asset, block.Alt)
	}
	fmt.Fprintf(b, ": %s\n", drawRuns(block.Text))
	for _, item := range block.Items {
		fmt.Fprintf(b, "  * %s\n", drawRuns(item))
	}
	for _, row := range block.Rows {
		for _, cell := range row {
			head := ""
			if cell.Head {
				head = "#"
			}
			fmt.Fprintf(b, "  |%s%dx%d %s", head, cell.Columns, cell.Rows, drawRuns(cell.Text))
		}
		b.WriteString(" |\n")
	}
}

func drawRuns(runs []catalog.Inline) string {
	var b strings.Builder
	for _, r := range runs {
		if len(r.Marks) == 0 {
			b.WriteString(r.Text)
			continue
		}
		var marks []string
		for _, m := range r.Marks {
			marks = append(marks, strings.TrimSpace(m.Type+" "+m.Href))
		}
		fmt.Fprintf(&b, "[%s](%s)", r.Text, strings.Join(marks, ", "))
	}
	return b.String()
}

func TestDocumentsOfLibreOfficeAreTakenOver(t *testing.T) {
	for _, name := range []string{"course.docx", "official.docx", "review.docx", "deck.pptx"} {
		t.Run(name, func(t *testing.T) { asItsGolden(t, name) })
	}
}

// asItsGolden compares an imported document with what is expected of it.
func asItsGolden(t *testing.T, name string) {
	t.Helper()
	got := drawn(readFile(t, name))
	golden := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("imported otherwise than %s says (-update writes it anew):\n%s", golden, got)
	}
}
