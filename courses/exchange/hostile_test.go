package exchange_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"haidang/courses"
	"haidang/courses/exchange"
	"hash/crc32"
	"io"
	"math/rand/v2"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"
)

// refusedAs imports the bytes and holds that the refusal is the one wanted.
func refusedAs(t *testing.T, reader read, b []byte, want error) {
	t.Helper()
	made, err := reader(t.Context(), bytes.NewReader(b), int64(len(b)))
	if !errors.Is(err, want) {
		t.Errorf("%d lessons, %v; want %v", len(made.Lessons), err, want)
	}
}

// packed makes a deflated entry that declares whatever it is told to.
func packed(t *testing.T, list []entry, name string, content []byte, declared uint64) []byte {
	t.Helper()
	var deflated bytes.Buffer
	z := zip.NewWriter(&deflated)
	w, err := z.Create("x")
	if err == nil {
		_, err = w.Write(content)
	}
	if errors.Join(err, z.Close()) != nil {
		t.Fatal(err)
	}
	inner, err := zip.NewReader(bytes.NewReader(deflated.Bytes()), int64(deflated.Len()))
	if err != nil {
		t.Fatal(err)
	}
	raw, err := inner.File[0].OpenRaw()
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(raw)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	out := zip.NewWriter(&b)
	for _, e := range list {
		if e.name == name {
			continue
		}
		w, _ := out.Create(e.name)
		io.WriteString(w, e.content)
	}
	w, err = out.CreateRaw(&zip.FileHeader{Name: name, Method: zip.Deflate, CRC32: crc32.ChecksumIEEE(content), CompressedSize64: uint64(len(data)), UncompressedSize64: declared})
	if err == nil {
		_, err = w.Write(data)
	}
	if errors.Join(err, out.Close()) != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func document(body string) string { return parts(body)[2].content }

func TestHostileWordDocumentsAreRefused(t *testing.T) {
	good := parts(para("", "chữ"))
	noise := make([]byte, 100_000)
	for i := range noise {
		noise[i] = byte(rand.Uint32())
	}
	real := fixture(t, "course.docx")
	main := func(content string) []byte { return zipped(t, with(parts(""), entry{"word/document.xml", content})) }
	for name, c := range map[string]struct {
		content []byte
		want    error
	}{
		"nothing":                    {nil, exchange.ErrNotDOCX},
		"one byte":                   {[]byte("P"), exchange.ErrNotDOCX},
		"random bytes":               {noise, exchange.ErrNotDOCX},
		"random bytes after a head":  {append([]byte("PK\x03\x04"), noise...), exchange.ErrCorrupt},
		"a document before 2007":     {append([]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), noise...), exchange.ErrOld},
		"a truncated document":       {real[:len(real)/2], exchange.ErrCorrupt},
		"a presentation":             {fixture(t, "deck.pptx"), exchange.ErrNotDOCX},
		"a PDF":                      {[]byte("%PDF-1.7 and so on, long enough to be looked into"), exchange.ErrNotDOCX},
		"another archive":            {zipped(t, []entry{{"a.txt", "a"}}), exchange.ErrNotDOCX},
		"no main part":               {zipped(t, good[:2]), exchange.ErrNotDOCX},
		"an empty body":              {main(document("")), exchange.ErrEmpty},
		"an empty part":              {main(""), exchange.ErrCorrupt},
		"XML that breaks off":        {main(strings.TrimSuffix(document(para("", "chữ")), "</w:document>")), exchange.ErrCorrupt},
		"XML that is crossed":        {main(document("<w:p></w:r></w:p>")), exchange.ErrCorrupt},
		"a DOCTYPE":                  {main(`<!DOCTYPE w:document>` + document(para("", "chữ"))), exchange.ErrUnsafeXML},
		"an external entity":         {main(`<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>` + document(para("", "&x;"))), exchange.ErrUnsafeXML},
		"entities in entities":       {main(`<!DOCTYPE d [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>` + document(para("", "&b;"))), exchange.ErrUnsafeXML},
		"an unknown entity":          {main(document(para("", "&x;"))), exchange.ErrCorrupt},
		"a DOCTYPE in the styles":    {zipped(t, with(styled(para("", "chữ")), entry{"word/styles.xml", `<!DOCTYPE s>` + styles})), exchange.ErrUnsafeXML},
		"a DOCTYPE in the links":     {zipped(t, with(parts(para("", "chữ")), entry{"_rels/.rels", `<!DOCTYPE s>` + relations("")})), exchange.ErrUnsafeXML},
		"129 elements deep":          {main(document(strings.Repeat("<w:sdt>", 127) + strings.Repeat("</w:sdt>", 127))), exchange.ErrUnsafeXML},
		"a million elements deep":    {main(document(strings.Repeat("<w:sdt>", 1_000_000))), exchange.ErrUnsafeXML},
		"a name upwards":             {zipped(t, with(parts("x"), entry{"../../etc/cron.d/x", ""})), exchange.ErrNames},
		"a name upwards, within":     {zipped(t, with(parts("x"), entry{"word/../../x", ""})), exchange.ErrNames},
		"an absolute name":           {zipped(t, with(parts("x"), entry{"/etc/passwd", ""})), exchange.ErrNames},
		"a drive":                    {zipped(t, with(parts("x"), entry{"c:/windows", ""})), exchange.ErrNames},
		"a backslash":                {zipped(t, with(parts("x"), entry{`word\x`, ""})), exchange.ErrNames},
		"an empty name":              {zipped(t, with(parts("x"), entry{"", ""})), exchange.ErrNames},
		"a name twice":               {zipped(t, append(parts(para("", "chữ")), entry{"word/document.xml", "x"})), exchange.ErrNames},
		"a name twice but for case":  {zipped(t, append(parts(para("", "chữ")), entry{"WORD/Document.XML", "x"})), exchange.ErrNames},
		"too many entries":           {zipped(t, many(5_001)), exchange.ErrUnpacked},
		"a part of 21 MiB":           {main(document(para("", strings.Repeat("0123456789abcdef", 21<<16)))), exchange.ErrUnpacked},
		"a bomb":                     {main(document(para("", strings.Repeat(" ", 15<<20)))), exchange.ErrUnpacked},
		"a bomb that denies it":      {packed(t, good, "word/document.xml", []byte(document(para("", strings.Repeat(" ", 15<<20)))), 1000), exchange.ErrCorrupt},
		"600 MiB declared":           {packed(t, good, "word/x.bin", []byte("x"), 600<<20), exchange.ErrUnpacked},
		"2⁶⁴−1 bytes declared":       {packed(t, with(parts("x"), entry{"a", "a"}), "word/x.bin", []byte("x"), 1<<64-1), exchange.ErrUnpacked},
		"half a million elements":    {main(document("<w:p>" + elements(500_001) + "</w:p>")), exchange.ErrUnpacked},
		"301 lessons":                {zipped(t, styled(strings.Repeat(para("u1", "Bài")+para("", "chữ"), 301))), exchange.ErrLessons},
		"20,001 blocks":              {main(document(different(20_001))), exchange.ErrBlocks},
		"a million characters":       {main(document(para("", strings.Repeat("chữ số ", 150_000)))), exchange.ErrUnpacked},
		"a paragraph of 10 MB":       {main(document(para("", letters(10<<20)))), exchange.ErrBlocks},
		"fields without end":         {main(document("<w:p>" + strings.Repeat(`<w:r><w:fldChar w:fldCharType="begin"/></w:r>`, 1000) + "</w:p>")), exchange.ErrCorrupt},
		"a picture that is damaged":  {packed(t, styled(picture("p1", "")), "word/media/image1.png", []byte(pixel), 1000), exchange.ErrCorrupt},
		"an entry with a password":   {locked(zipped(t, good)), exchange.ErrOld},
		"UTF-16 that is none":        {main("\xff\xfe<\x00"), exchange.ErrCorrupt},
		"another encoding":           {main(`<?xml version="1.0" encoding="UTF-7"?>` + document(para("", "chữ"))), exchange.ErrCorrupt},
		"a type that is another's":   {zipped(t, with(parts(para("", "chữ")), entry{"[Content_Types].xml", `<Types><Override PartName="/word/document.xml" ContentType="text/html"/></Types>`})), exchange.ErrNotDOCX},
		"a main part that is linked": {zipped(t, with(parts("x"), entry{"_rels/.rels", relations(`<Relationship Id="r1" Type="` + office + `/officeDocument" Target="http://10.0.0.1/" TargetMode="External"/>`)})), exchange.ErrNotDOCX},
	} {
		t.Run(name, func(t *testing.T) { refusedAs(t, exchange.ReadDOCX, c.content, c.want) })
	}
}

func fixture(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func many(n int) []entry {
	list := parts("x")
	for i := range n {
		list = append(list, entry{fmt.Sprintf("x/%d", i), ""})
	}
	return list
}

// different gives that many paragraphs.
func different(n int) string {
	var b strings.Builder
	text := letters(n * 10)
	for i := range n {
		b.WriteString("<w:p><w:r><w:t>" + text[i*10:i*10+10] + "a</w:t></w:r></w:p>")
	}
	return b.String()
}

// elements gives that many, which pack badly.
func elements(n int) string {
	var b strings.Builder
	text := letters(n * 8)
	for i := range n {
		b.WriteString(`<w:r a="` + text[i*8:i*8+8] + `"/>`)
	}
	return b.String()
}

// letters is text that packs badly.
func letters(n int) string {
	r := rand.New(rand.NewPCG(1, 2))
	b := make([]byte, n)
	for i := range b {
		b[i] = "abcdefghijklmnopqrstuvwxyz      "[r.IntN(32)]
	}
	return string(b)
}

// locked sets the flag of encryption in the directory of an archive.
func locked(b []byte) []byte {
	at := bytes.Index(b, []byte("PK\x01\x02"))
	binary.LittleEndian.PutUint16(b[at+8:], binary.LittleEndian.Uint16(b[at+8:])|1)
	return b
}

func TestMacrosAreNeverRead(t *testing.T) {
	program := entry{"word/vbaProject.bin", "Sub AutoOpen()"}
	enabled := entry{"[Content_Types].xml", `<Types><Override PartName="/word/document.xml" ContentType="` + macroWord + `"/></Types>`}
	for name, more := range map[string][]entry{"a program": {program}, "a type": {enabled}, "both": {program, enabled}} {
		made, err := docxOf(t, with(parts(para("", "chữ")), more...))
		if err != nil || !strings.Contains(drawn(made), "dropped: macro 1\n") || strings.Contains(drawn(made), "AutoOpen") {
			t.Errorf("%s: %v\n%s", name, err, drawn(made))
		}
	}
}

func TestWhatIsElsewhereIsOnlyCounted(t *testing.T) {
	made, err := docxOf(t, styled(para("", "chữ")+picture("p3", "")))
	if err != nil || !strings.Contains(drawn(made), "dropped: external_part 1\ndropped: external_picture 1\n") {
		t.Errorf("%v\n%s", err, drawn(made))
	}
}

func TestPicturesAreBounded(t *testing.T) {
	body, rels := "", ""
	list := styled("")
	for i := range 202 {
		name := fmt.Sprintf("media/many%d.png", i)
		rels += fmt.Sprintf(`<Relationship Id="m%d" Type="%s/image" Target="%s"/>`, i, office, name)
		body += picture(fmt.Sprintf("m%d", i), "")
		list = append(list, entry{"word/" + name, pixel})
	}
	list = with(list, parts(body)[2], entry{"word/_rels/document.xml.rels", relations(rels + `<Relationship Id="big" Type="` + office + `/image" Target="media/big.png"/>`)},
		entry{"word/media/big.png", pixel + letters(20<<20)}, entry{"word/document.xml", document(picture("big", "") + body)})
	made, err := docxOf(t, list)
	if err != nil || len(made.Pictures) != 200 || !strings.Contains(drawn(made), "dropped: picture_count 2\ndropped: picture_size 1\n") {
		t.Errorf("%d pictures, %v, %v", len(made.Pictures), made.Dropped, err)
	}
}

func TestHostileDocumentsCostLittle(t *testing.T) {
	for name, list := range map[string][]entry{
		"comments between letters": with(parts(""), entry{"word/document.xml", document("<w:p><w:r><w:t>" + strings.Repeat("a<!---->", 800_000) + "</w:t></w:r></w:p>")}),
		"runs of a letter":         with(parts(""), entry{"word/document.xml", document("<w:p>" + strings.Repeat("<w:r><w:t>a</w:t></w:r>", 160_000) + "</w:p>")}),
		"tables in tables":         with(parts(""), entry{"word/document.xml", document(strings.Repeat("<w:tbl><w:tr><w:tc>", 40) + para("", "chữ") + strings.Repeat("</w:tc></w:tr></w:tbl>", 40))}),
	} {
		t.Run(name, func(t *testing.T) {
			b := zipped(t, list)
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			begun := time.Now()
			_, err := exchange.ReadDOCX(t.Context(), bytes.NewReader(b), int64(len(b)))
			runtime.ReadMemStats(&after)
			if grown := (after.TotalAlloc - before.TotalAlloc) >> 20; time.Since(begun) > 20*time.Second || grown > 1500 {
				t.Errorf("%v and %d MiB; %v", time.Since(begun), grown, err)
			}
		})
	}
}

// failing reads up to a point and then fails as a store does.
type failing struct {
	io.ReaderAt
	from int64
}

var errStore = errors.New("the store is away")

func (f failing) ReadAt(p []byte, off int64) (int, error) {
	if off+int64(len(p)) > f.from {
		return 0, errStore
	}
	return f.ReaderAt.ReadAt(p, off)
}

func TestAFailingStoreIsAFaultAndNoRefusal(t *testing.T) {
	for name, reader := range map[string]read{"course.docx": exchange.ReadDOCX, "deck.pptx": exchange.ReadPPTX} {
		b := fixture(t, name)
		for _, from := range []int64{0, 2000, int64(len(b)) - 1} {
			_, err := reader(t.Context(), failing{bytes.NewReader(b), from}, int64(len(b)))
			var refusal *courses.Error
			if !errors.Is(err, errStore) || errors.As(err, &refusal) {
				t.Errorf("%s from %d: %v", name, from, err)
			}
		}
	}
}

func TestImportsStopWhenAsked(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for name, reader := range map[string]read{"course.docx": exchange.ReadDOCX, "deck.pptx": exchange.ReadPPTX} {
		b := fixture(t, name)
		if _, err := reader(ctx, bytes.NewReader(b), int64(len(b))); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// cancelling cancels when the middle of the file is read.
type cancelling struct {
	*bytes.Reader
	cancel func()
}

func (c cancelling) ReadAt(p []byte, off int64) (int, error) {
	if off > c.Size()/3 && off < c.Size()/2 {
		c.cancel()
	}
	return c.Reader.ReadAt(p, off)
}

func TestALongDocumentStopsInItsMiddle(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	b := zipped(t, with(parts(""), entry{"word/document.xml", document(different(15_000))}))
	if made, err := exchange.ReadDOCX(ctx, cancelling{bytes.NewReader(b), cancel}, int64(len(b))); !errors.Is(err, context.Canceled) {
		t.Errorf("%d lessons, %v", len(made.Lessons), err)
	}
}

func TestTruncatedAndFlippedDocumentsNeverCrash(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for name, reader := range map[string]read{"review.docx": exchange.ReadDOCX, "deck.pptx": exchange.ReadPPTX} {
		whole := fixture(t, name)
		for range 150 {
			b := bytes.Clone(whole)
			for range r.IntN(8) {
				b[r.IntN(len(b))] = byte(r.Uint32())
			}
			if r.IntN(2) == 0 {
				b = b[:r.IntN(len(b))]
			}
			_, err := reader(t.Context(), bytes.NewReader(b), int64(len(b)))
			var refusal *courses.Error
			if err != nil && !errors.As(err, &refusal) {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

func FuzzReadDOCX(f *testing.F) {
	for _, name := range []string{"course.docx", "official.docx", "review.docx"} {
		f.Add(fixture(f, name))
	}
	f.Add(zipped(f, styled(picture("p1", "a")+item("1", "0", "b"))))
	f.Fuzz(func(t *testing.T, b []byte) { held(t, exchange.ReadDOCX, b) })
}

// FuzzDocumentXML fuzzes the main part itself, which a fuzzer hardly reaches
// through the archive.
func FuzzDocumentXML(f *testing.F) {
	f.Add(para("u1", "Một") + picture("p1", "a") + item("1", "0", "b"))
	f.Add(`<w:tbl>` + row(cell(`<w:vMerge w:val="restart"/>`, "a"), cell(`<w:gridSpan w:val="2"/>`, "b")) + row(cell(`<w:vMerge/>`, "")) + `</w:tbl>`)
	f.Add(`<w:p><w:r><w:fldChar w:fldCharType="begin"/><w:instrText>TOC</w:instrText><w:fldChar w:fldCharType="separate"/></w:r></w:p>`)
	f.Fuzz(func(t *testing.T, body string) { held(t, exchange.ReadDOCX, zipped(t, styled(body))) })
}

// FuzzNumbering fuzzes what the lists of a document say of themselves.
func FuzzNumbering(f *testing.F) {
	f.Add(numbering)
	f.Add(`<w:numbering><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:numFmt w:val="ordinal"/><w:lvlText w:val="%1"/></w:lvl><w:lvl w:ilvl="2"><w:isLgl/><w:lvlRestart w:val="1"/><w:numFmt w:val="lowerRoman"/><w:lvlText w:val="%1.%2.%3"/></w:lvl></w:abstractNum>` +
		`<w:num w:numId="1"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="7"/><w:lvl w:ilvl="0"><w:numFmt w:val="upperLetter"/><w:lvlText w:val="%1)"/></w:lvl></w:lvlOverride></w:num></w:numbering>`)
	body := item("1", "0", "a") + item("1", "2", "b") + item("1", "8", "c") + item("4", "1", "d") + item("1", "0", "e")
	f.Fuzz(func(t *testing.T, text string) {
		held(t, exchange.ReadDOCX, zipped(t, with(styled(body), entry{"word/numbering.xml", text})))
	})
}

func FuzzReadPPTX(f *testing.F) {
	f.Add(fixture(f, "deck.pptx"))
	f.Fuzz(func(t *testing.T, b []byte) { held(t, exchange.ReadPPTX, b) })
}

// FuzzSlide fuzzes the shapes of a slide.
func FuzzSlide(f *testing.F) {
	f.Add(shape(titled, "Một") + shape(bodied, "a", "b"))
	f.Add(`<p:grpSp>` + shape("", "a") + `<p:pic><p:blipFill><a:blip r:embed="i"/></p:blipFill></p:pic></p:grpSp>`)
	f.Add(strings.Replace(shape("", "a", "b", "c"), "<a:p>", `<a:p><a:pPr><a:buChar char="•"/></a:pPr>`, 2))
	f.Add(`<p:graphicFrame><a:graphic><a:graphicData uri="x/table"><a:tbl><a:tr><a:tc gridSpan="2"><a:txBody><a:p><a:r><a:t>A</a:t></a:r></a:p></a:txBody></a:tc><a:tc hMerge="1"/></a:tr></a:tbl></a:graphicData></a:graphic></p:graphicFrame>`)
	f.Fuzz(func(t *testing.T, shapes string) { held(t, exchange.ReadPPTX, zipped(t, deck("", shapes))) })
}

// held holds what is promised of every document: a refusal, or lessons within
// the limits whose pictures are there.
func held(t *testing.T, reader read, b []byte) {
	made, err := reader(t.Context(), bytes.NewReader(b), int64(len(b)))
	if err != nil {
		var refusal *courses.Error
		if !errors.As(err, &refusal) {
			t.Fatal(err)
		}
		return
	}
	if len(made.Lessons) == 0 || len(made.Lessons) > 300 {
		t.Fatalf("%d lessons", len(made.Lessons))
	}
	known := map[courses.AssetID]bool{"": true}
	for i := range made.Pictures {
		known[exchange.PictureAsset(i)] = true
	}
	for _, l := range made.Lessons {
		for _, block := range l.Blocks {
			if !known[block.Asset] || len(block.Rows) > 200 {
				t.Fatalf("block %+v", block)
			}
		}
	}
}
