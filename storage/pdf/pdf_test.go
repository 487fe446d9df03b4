package pdf_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"haidang/courses"
	"haidang/courses/media"
	"haidang/storage/pdf"
	"image"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/go-pdf/fpdf"
)

func written(t *testing.T, b []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "a.pdf")
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// document is a real PDF of a page size, each page with its number.
func document(t *testing.T, pages int, size fpdf.SizeType, more ...func(*fpdf.Fpdf)) []byte {
	t.Helper()
	f := fpdf.NewCustom(&fpdf.InitType{UnitStr: "pt", Size: size})
	f.AddUTF8Font("bvp", "", filepath.Join("..", "..", "cmd", "internal", "demo", "data", "BeVietnamPro-Regular.ttf"))
	f.SetFont("bvp", "", 14)
	for _, change := range more {
		change(f)
	}
	for i := range pages {
		f.AddPage()
		f.Cell(0, 20, fmt.Sprintf("Trang %d: Nghị quyết của Hội đồng nhân dân", i+1))
	}
	var b bytes.Buffer
	if err := f.Output(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

var a4 = fpdf.SizeType{Wd: 595, Ht: 842}

// reader waits no longer than a test can.
func reader() *pdf.Reader {
	r := pdf.New()
	r.LookPatience = 4 * time.Second
	return r
}

// pages reads all pages, and gives the sizes of their pictures as well.
func pages(t *testing.T, path string, from int) (list []media.Page, sizes []image.Point, err error) {
	t.Helper()
	dir := t.TempDir()
	err = reader().Pages(t.Context(), path, dir, from, func(p media.Page) error {
		list, sizes = append(list, p), append(sizes, image.Point{})
		if p.Picture == "" {
			return nil
		}
		b, err := os.ReadFile(p.Picture)
		if err != nil {
			return err
		}
		size := &sizes[len(sizes)-1]
		if _, err := fmt.Sscanf(string(b[:20]), "P6\n%d %d\n255\n", &size.X, &size.Y); err != nil {
			return err
		}
		dark := bytes.IndexFunc(b[20:], func(r rune) bool { return r < 100 })
		if dark < 0 || len(b) < 3*size.X*size.Y {
			return errors.New("nothing is drawn")
		}
		return nil
	})
	if left, _ := filepath.Glob(filepath.Join(dir, "*")); len(left) > 0 {
		t.Errorf("%v is left", left)
	}
	return list, sizes, err
}

func TestEveryPageHasAPictureAndItsWords(t *testing.T) {
	path := written(t, document(t, 3, a4))
	facts, err := pdf.New().Look(t.Context(), path)
	if err != nil || facts != (media.Facts{Pages: 3, Width: 1000, Height: 1416}) {
		t.Errorf("it has %+v, %v", facts, err)
	}
	list, sizes, err := pages(t, path, 2)
	if err != nil || len(list) != 3 || list[0].Picture != "" || sizes[0] != (image.Point{}) {
		t.Fatalf("its pages are %+v, %v", list, err)
	}
	for i, p := range list {
		if want := fmt.Sprintf("Trang %d: Nghị quyết của Hội đồng nhân dân", i+1); p.Number != i+1 || p.Text != want {
			t.Errorf("page %d says %q", p.Number, p.Text)
		}
		if i > 0 && sizes[i] != (image.Point{1000, 1416}) {
			t.Errorf("page %d is drawn in %v", p.Number, sizes[i])
		}
	}
}

func TestPagesOfAnySizeAreDrawnWithinBounds(t *testing.T) {
	for name, c := range map[string]struct {
		size fpdf.SizeType
		want image.Point
	}{
		"a slide":             {fpdf.SizeType{Wd: 960, Ht: 540}, image.Point{1000, 563}},
		"a wall":              {fpdf.SizeType{Wd: 20_000, Ht: 20_000}, image.Point{1000, 1000}},
		"a long strip":        {fpdf.SizeType{Wd: 600, Ht: 14_400}, image.Point{167, 4000}},
		"a strip on its side": {fpdf.SizeType{Wd: 14_400, Ht: 200}, image.Point{1000, 14}},
	} {
		path := written(t, document(t, 1, c.size, func(f *fpdf.Fpdf) { f.SetFontSize(max(24, c.size.Wd/40)) }))
		facts, err := pdf.New().Look(t.Context(), path)
		_, sizes, drawn := pages(t, path, 1)
		if err != nil || drawn != nil || sizes[0] != c.want || facts != (media.Facts{Pages: 1, Width: c.want.X, Height: c.want.Y}) {
			t.Errorf("%s has %+v, is drawn in %v, %v, %v", name, facts, sizes, err, drawn)
		}
	}
}

func TestManyPagesAreCountedQuickly(t *testing.T) {
	path := written(t, document(t, 5000, a4))
	began := time.Now()
	facts, err := pdf.New().Look(t.Context(), path)
	if took := time.Since(began); err != nil || facts.Pages != 5000 || took > 10*time.Second {
		t.Errorf("after %s it has %+v, %v", took, facts, err)
	}
}

const square = "0 0 0 rg 0 0 100 50 re f"

// handmade is a PDF of one page whose parts are given; what is %d in the trailer
// becomes the place of the table.
func handmade(count, table, trailer, drawing string) []byte {
	body := "%PDF-1.4\n%" + strings.Repeat("-", 200) + "\n"
	var places []int
	for _, object := range []string{
		"1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n",
		"2 0 obj<</Type/Pages/Kids[3 0 R]/Count " + count + ">>endobj\n",
		"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]/Contents 4 0 R>>endobj\n",
		fmt.Sprintf("4 0 obj<</Length %d>>stream\n%s\nendstream endobj\n", len(drawing), drawing),
	} {
		places = append(places, len(body))
		body += object
	}
	at := len(body)
	if table == "" {
		table = "0 5\n0000000000 65535 f \n"
		for _, place := range places {
			table += fmt.Sprintf("%010d 00000 n \n", place)
		}
	}
	return []byte(body + "xref\n" + table + "trailer<</Size 5/Root 1 0 R" + strings.ReplaceAll(trailer, "%d", fmt.Sprint(at)) +
		">>\nstartxref\n" + fmt.Sprint(at) + "\n%%EOF\n")
}

func TestFilesThatAreHostileOrLockedAreRefused(t *testing.T) {
	if list, sizes, err := pages(t, written(t, handmade("1", "", "", square)), 1); err != nil || len(list) != 1 || sizes[0] != (image.Point{1000, 500}) {
		t.Fatalf("unbroken it has %+v, %v", list, err)
	}
	good := document(t, 3, a4)
	for name, c := range map[string]struct {
		b    []byte
		want *courses.Error
	}{
		"nothing":                       {nil, media.ErrContent},
		"a head alone":                  {[]byte("%PDF-1.4\n"), media.ErrContent},
		"the first fifth of one":        {good[:len(good)/5], media.ErrContent},
		"a web page":                    {[]byte("<html>" + strings.Repeat("x", 500)), media.ErrContent},
		"20 MiB of letters":             {[]byte("%PDF-1.4\n" + strings.Repeat("x", 20<<20)), media.ErrContent},
		"no pages":                      {bytes.Replace(handmade("0", "", "", square), []byte("Kids[3 0 R]"), []byte("Kids[     ]"), 1), media.ErrContent},
		"one with a password":           {document(t, 1, a4, func(f *fpdf.Fpdf) { f.SetProtection(0, "mo-ra", "chu") }), media.ErrLocked},
		"a root that is itself":         {handmade("1", "x\n", "/Root 9 0 R", square), media.ErrContent},
		"objects that nest without end": {[]byte("%PDF-1.4\n1 0 obj" + strings.Repeat("[", 4<<20)), media.ErrContent},
	} {
		t.Run(name, func(t *testing.T) {
			if facts, err := reader().Look(t.Context(), written(t, c.b)); !errors.Is(err, c.want) {
				t.Errorf("it has %+v, %v", facts, err)
			}
		})
	}
}

// Whatever such a file says of itself, it is answered soon, and nothing breaks.
func TestFilesThatLieAreReadAsFarAsTheyGo(t *testing.T) {
	good := document(t, 3, a4)
	for name, b := range map[string][]byte{
		"half of one":                      good[:len(good)/2],
		"one without its end":              good[:len(good)-30],
		"less than no pages":               handmade("-1", "", "", square),
		"more pages than there are":        handmade("2000000000", "", "", square),
		"a table that comes before itself": handmade("1", "", "/Prev %d", square),
		"more objects than there is room":  handmade("1", "3000000000 1\n0000000000 65535 f \n", "", square),
	} {
		t.Run(name, func(t *testing.T) {
			facts, err := pdf.New().Look(t.Context(), written(t, b))
			var refusal *courses.Error
			if err != nil && !errors.As(err, &refusal) || err == nil && facts.Pages < 1 {
				t.Errorf("it has %+v, %v", facts, err)
			}
			t.Logf("it has %+v, %v", facts, err)
		})
	}
}

// endless has a page whose drawing takes far longer than anybody waits.
func endless() []byte {
	return handmade("1", "", "", "[0.001] 0 d "+strings.Repeat("0 0 m 200 100 200 0 0 100 c 100 100 0 0 200 50 c S ", 1000))
}

func TestAPageThatTakesTooLongIsRefused(t *testing.T) {
	r := pdf.New()
	r.PagePatience = 200 * time.Millisecond
	path, began := written(t, endless()), time.Now()
	err := r.Pages(t.Context(), path, t.TempDir(), 1, func(media.Page) error { return nil })
	if !errors.Is(err, media.ErrPages) || time.Since(began) > 20*time.Second {
		t.Errorf("after %s it gives %v", time.Since(began), err)
	}
	if n := len(children(t, path)); n > 0 {
		t.Errorf("%d readers are left", n)
	}
}

// What stops the reading says nothing of the file.
func TestReadingThatWasStoppedIsAFault(t *testing.T) {
	path := written(t, document(t, 3, a4))
	gone, cancel := context.WithCancel(t.Context())
	err := pdf.New().Pages(gone, path, t.TempDir(), 1, func(media.Page) error { cancel(); return nil })
	var refusal *courses.Error
	if err == nil || errors.As(err, &refusal) || !errors.Is(err, context.Canceled) {
		t.Errorf("the server stops: %v", err)
	}
	err = pdf.New().Pages(t.Context(), path, t.TempDir(), 1, func(media.Page) error { return kill(t, path) })
	if err == nil || errors.As(err, &refusal) {
		t.Errorf("the reader was killed: %v", err)
	}
	full := errors.New("the disk is full")
	if err := pdf.New().Pages(t.Context(), path, t.TempDir(), 1, func(media.Page) error { return full }); !errors.Is(err, full) {
		t.Errorf("keeping fails: %v", err)
	}
}

// children are the processes that read a file.
func children(t *testing.T, path string) (ids []string) {
	t.Helper()
	folders, err := filepath.Glob("/proc/[0-9]*")
	if err != nil {
		t.Fatal(err)
	}
	for _, folder := range folders {
		environment, err := os.ReadFile(filepath.Join(folder, "environ"))
		if err == nil && bytes.Contains(environment, []byte("HAIDANG_READ_PDF="+path)) {
			ids = append(ids, filepath.Base(folder))
		}
	}
	return ids
}

func kill(t *testing.T, path string) error {
	t.Helper()
	return exec.CommandContext(t.Context(), "kill", append([]string{"-9"}, children(t, path)...)...).Run()
}
