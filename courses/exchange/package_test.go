package exchange_test

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"haidang/courses"
	"haidang/courses/catalog"
	"haidang/courses/exchange"
	"haidang/courses/media"
	"io"
	"reflect"
	"slices"
	"strings"
	"testing"
)

const (
	filmID   = "01a00000-0000-7000-8000-00000000000f"
	paperID  = "01a00000-0000-7000-8000-00000000000d"
	schemeID = "01a00000-0000-7000-8000-00000000000e"
	copyID   = "01a00000-0000-7000-8000-00000000000c"
)

// sources are the files of the course below by their assets.
var sources = map[courses.AssetID]string{
	filmID:   "\x00\x00\x00\x20ftypisom" + strings.Repeat("phim ", 5000),
	paperID:  "%PDF-1.7 văn bản",
	schemeID: pixel,
	copyID:   pixel, // the same bytes under another name
}

func hexSum(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

func packedAsset(id courses.AssetID, name string, kind media.Kind, mediaType string, cues ...media.Cue) exchange.PackagedAsset {
	return exchange.PackagedAsset{ID: id, Name: name, Kind: kind, Type: mediaType, Bytes: int64(len(sources[id])), SHA256: hexSum(sources[id]), Captions: cues}
}

// island is a course with every kind of block, of file and of question.
func island() exchange.Package {
	run := func(text string, marks ...catalog.Mark) []catalog.Inline {
		return []catalog.Inline{{Text: text, Marks: marks}}
	}
	id := func(n string) string { return "01a00000-0000-7000-8000-0000000000" + n }
	return exchange.Package{
		Code: "DAO-01", Owner: "SNV", OwnerName: "Sở Nội vụ",
		Content: catalog.Content{
			Title: "Tiếp công dân ở đảo", Summary: "Cách <tiếp> & nghe", Knowledge: "vi_tri_viec_lam", Tiet: 8, Positions: []courses.PositionID{"CM-VP"},
			Citations:  []catalog.Citation{{Number: "129-TB/TU", Abstract: "Thông báo", Verified: true}},
			Statements: []catalog.Statement{{ID: "01a00000-0000-7000-8000-0000000000aa", Text: "Tôi tự thụ lý được đơn"}},
			Modules: []catalog.Module{{ID: id("10"), Title: "Một", Tiet: 4, Lessons: []catalog.Lesson{
				{ID: courses.LessonID(id("11")), Kind: catalog.Video, Title: "Phim", Minutes: 3, Asset: filmID, Coverage: 8000, Questions: []catalog.TimedQuestion{
					{AtMs: 1500, Block: catalog.Block{ID: id("2a"), Type: catalog.Question, Text: run("Ai tiếp?"), Items: [][]catalog.Inline{run("chủ tịch"), run("văn thư")}, Right: []int{0}, Note: "Luật ghi"}},
				}},
				{ID: courses.LessonID(id("12")), Kind: catalog.Article, Title: "Bài đọc", Minutes: 10, Blocks: []catalog.Block{
					{ID: id("20"), Type: catalog.Heading, Level: 2, Text: run("Mở")},
					{ID: id("21"), Type: catalog.Paragraph, Text: run("chữ", catalog.Mark{Type: "bold"}, catalog.Mark{Type: "link", Href: "https://haiphong.gov.vn/"})},
					{ID: id("22"), Type: catalog.Bullets, Items: [][]catalog.Inline{run("a"), run("b")}},
					{ID: id("23"), Type: catalog.Table, Rows: [][]catalog.Cell{{{Text: run("x"), Head: true, Columns: 2}}, {{Text: run("y")}, {Text: run("z")}}}},
					{ID: id("24"), Type: catalog.Picture, Asset: schemeID, Alt: "Sơ đồ", Text: run("Hình 1")},
					{ID: id("25"), Type: catalog.Picture, Asset: copyID, Alt: "Sơ đồ"},
					{ID: id("26"), Type: catalog.File, Asset: paperID, Text: run("Tải")},
					{ID: id("27"), Type: catalog.Official, Document: catalog.DocumentHead{Issuer: "Chính phủ", Number: "171/2025/NĐ-CP", Date: "2025-06-30", Article: "Điều 5"}},
					{ID: id("28"), Type: catalog.Question, Text: run("Hỏi?"), Items: [][]catalog.Inline{run("có"), run("không")}, Right: []int{1}, Note: "Vì…"},
					{ID: id("29"), Type: catalog.Callout, Style: "warning", Text: run("cẩn thận", catalog.Mark{Type: "cite", Number: "129-TB/TU", Article: "Mục 2"})},
				}},
				quiz(),
			}}},
		},
		Assets: []exchange.PackagedAsset{
			packedAsset(filmID, "Phim số 1.mp4", media.Video, "video/mp4", media.Cue{FromMs: 0, ToMs: 1500, Text: "Xin <b>chào</b>"}, media.Cue{FromMs: 2000, ToMs: 2500, Text: "1 < 2 & <y>"}),
			packedAsset(schemeID, "Sơ đồ.png", media.Image, "image/png"),
			packedAsset(copyID, "Bản sao.png", media.Image, "image/png"),
			packedAsset(paperID, "Văn bản.pdf", media.Document, "application/pdf"),
			packedAsset(signID, "Mẫu.png", media.Image, "image/png"),
		},
		Questions: questions(),
		Open: func(_ context.Context, a exchange.PackagedAsset) (io.ReadCloser, error) {
			return io.NopCloser(strings.NewReader(sources[a.ID])), nil
		},
	}
}

// written is a package as a zip.
func written(t testing.TB, p exchange.Package) []byte {
	t.Helper()
	f, err := exchange.NewPackageFile(p)
	if err != nil {
		t.Fatal(err)
	}
	r := f.Open(context.Background())
	b, err := io.ReadAll(r)
	if errors.Join(err, r.Close()) != nil || int64(len(b)) != f.Bytes {
		t.Fatalf("%d bytes, announced were %d; %v", len(b), f.Bytes, err)
	}
	return b
}

func readPackage(b []byte) (exchange.Package, error) {
	return exchange.ReadPackage(context.Background(), bytes.NewReader(b), int64(len(b)))
}

func TestAPackageIsReadBackAsItWas(t *testing.T) {
	want := island()
	b := written(t, want)
	got, err := readPackage(b)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range got.Assets {
		r, err := got.Open(t.Context(), a)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if errors.Join(err, r.Close()) != nil || string(text) != sources[a.ID] {
			t.Errorf("%s has %d bytes, %v", a.Name, len(text), err)
		}
	}
	again := got
	want.Open, got.Open = nil, nil
	if !reflect.DeepEqual(got, want) {
		t.Errorf("read back it is\n%+v\nnot\n%+v", got, want)
	}
	if !bytes.Equal(written(t, again), b) {
		t.Error("packed again it has other bytes")
	}
}

func TestAPackageIsAPlainZip(t *testing.T) {
	b := written(t, island())
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range z.File {
		names = append(names, f.Name)
		if f.Method != zip.Store || f.Modified.Year() != 1980 {
			t.Errorf("%s is packed by %d, of %v", f.Name, f.Method, f.Modified)
		}
	}
	if len(names) != 5 || names[0] != "course.json" || !slices.IsSorted(names) {
		t.Errorf("it holds %v: the two equal pictures are one file", names)
	}
}

// source is a file of any size that nobody has in memory; it tells how much of it
// was read.
type source struct {
	size, given int64
	told        func(given int64)
}

func (s *source) Read(p []byte) (int, error) {
	n := min(int64(len(p)), s.size-s.given)
	if n == 0 {
		return 0, io.EOF
	}
	clear(p[:n])
	s.given += n
	s.told(s.given)
	return int(n), nil
}

func (s *source) Close() error { return nil }

func TestAPackageIsMadeWhileItIsRead(t *testing.T) {
	p, size := island(), int64(16<<20)
	p.Assets[0].Bytes = size
	out := int64(0)
	p.Open = func(_ context.Context, a exchange.PackagedAsset) (io.ReadCloser, error) {
		return &source{size: a.Bytes, told: func(given int64) {
			if given-out > 256<<10 {
				t.Fatalf("%d bytes are in memory: %d of a file were read and %d of the zip", given-out, given, out)
			}
		}}, nil
	}
	f, err := exchange.NewPackageFile(p)
	if err != nil {
		t.Fatal(err)
	}
	r, buffer := f.Open(t.Context()), make([]byte, 32<<10)
	for {
		n, err := r.Read(buffer)
		out += int64(n)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if out != f.Bytes || out < size {
		t.Errorf("the zip has %d bytes, announced were %d", out, f.Bytes)
	}
}

// pieces tells the largest piece that was ever read at once.
type pieces struct {
	io.ReaderAt
	largest int
}

func (p *pieces) ReadAt(b []byte, off int64) (int, error) {
	p.largest = max(p.largest, len(b))
	return p.ReaderAt.ReadAt(b, off)
}

func TestAPackageIsReadInPieces(t *testing.T) {
	was := sources[filmID]
	defer func() { sources[filmID] = was }()
	sources[filmID] = was + letters(8<<20)
	p := island()
	b := written(t, p)
	r := &pieces{ReaderAt: bytes.NewReader(b)}
	got, err := exchange.ReadPackage(t.Context(), r, int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	film, err := got.Open(t.Context(), got.Assets[0])
	if err != nil {
		t.Fatal(err)
	}
	if n, err := io.Copy(io.Discard, film); err != nil || n != p.Assets[0].Bytes {
		t.Errorf("%d bytes of the film, %v", n, err)
	}
	if r.largest > 128<<10 {
		t.Errorf("%d bytes were read at once", r.largest)
	}
}

func TestASourceThatChangedEndsThePackageInAnError(t *testing.T) {
	for name, change := range map[string]func(string) string{
		"shorter": func(s string) string { return s[:len(s)-1] },
		"gone":    func(string) string { return "" },
	} {
		p := island()
		p.Open = func(_ context.Context, a exchange.PackagedAsset) (io.ReadCloser, error) {
			return io.NopCloser(strings.NewReader(change(sources[a.ID]))), nil
		}
		f, err := exchange.NewPackageFile(p)
		if err != nil {
			t.Fatal(err)
		}
		if b, err := io.ReadAll(f.Open(t.Context())); err == nil && int64(len(b)) == f.Bytes {
			t.Errorf("%s: the package looks whole", name)
		}
	}
}

func TestWhatNoPackageTakesIsNotPacked(t *testing.T) {
	p := island()
	p.Assets[0].Bytes = 2 << 30
	if _, err := exchange.NewPackageFile(p); !errors.Is(err, exchange.ErrPackageSize) {
		t.Errorf("more than 2 GiB: %v", err)
	}
	p = island()
	p.Content.Modules[0].Lessons[1].Blocks[0].Text[0].Text = strings.Repeat("a", 20<<20)
	if _, err := exchange.NewPackageFile(p); !errors.Is(err, exchange.ErrPackageSize) {
		t.Errorf("a course.json of more than 20 MiB: %v", err)
	}
}
