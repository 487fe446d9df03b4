package exchange_test

import (
	"archive/zip"
	"bytes"
	"haidang/courses/catalog"
	"haidang/courses/exchange"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Files that Word and PowerPoint wrote; testdata/office/SOURCES.md says where they
// are from. Their golden files were compared with what python-docx and
// python-pptx see in them.
func TestDocumentsOfMicrosoftOfficeAreTakenOver(t *testing.T) {
	for _, name := range []string{
		"testWORD.docx", "testWORD_numbered_list.docx", "testWORD_override_list_numbering.docx", "testWORD_embedded_pics.docx",
		"testPPT.pptx", "testPPT_various.pptx", "testPPT_groups.pptx",
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join("office", name)
			if by := writtenBy(t, file); !strings.Contains(by, "<Application>Microsoft Office ") {
				t.Fatalf("it says of itself: %s", by)
			}
			asItsGolden(t, file)
		})
	}
}

// writtenBy is what a document says of the program that wrote it.
func writtenBy(t *testing.T, file string) string {
	t.Helper()
	z, err := zip.OpenReader(filepath.Join("testdata", file))
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	f, err := z.Open("docProps/app.xml")
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// In this document each numbered paragraph has as its text the number that Word
// shows before it: with levels that restart, are replaced, are written as in laws,
// begin with 0, are ordinal, or are in other levels' places.
func TestListsOfWordHaveTheNumbersThatWordShows(t *testing.T) {
	shown := 0
	for _, l := range readFile(t, "office/testWORD_override_list_numbering.docx").Lessons {
		for _, b := range l.Blocks {
			text := drawRuns(b.Text)
			if label, number, two := strings.Cut(text, " "); two && !strings.Contains(text, "Test") {
				shown++
				if label != number {
					t.Errorf("Word shows %s, the lesson %s", number, label)
				}
			}
			for i, item := range b.Items {
				if b.Type != catalog.Numbers {
					continue
				}
				shown++
				if number := drawRuns(item); number != string(rune('1'+i)) {
					t.Errorf("Word shows %s, the lesson item %d", number, i+1)
				}
			}
		}
	}
	if shown != 43 {
		t.Errorf("%d numbers were compared", shown)
	}
}

// What PowerPoint and Word write with a password is another container.
func TestADocumentWithAPasswordIsRefusedAsSuch(t *testing.T) {
	b, err := os.ReadFile("testdata/office/testWORD_protected_passtika.docx")
	if err != nil {
		t.Fatal(err)
	}
	refusedAs(t, exchange.ReadDOCX, b, exchange.ErrOld)
	if _, err := exchange.ReadPPTX(t.Context(), bytes.NewReader(b), int64(len(b))); err == nil {
		t.Error("it is taken as a presentation")
	}
}
