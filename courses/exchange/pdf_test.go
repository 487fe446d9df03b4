package exchange_test

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"haidang/courses/exchange"
	"strings"
	"testing"
)

// objects makes a PDF of objects, of which the first is the catalog, with that
// in its trailer.
func objects(trailer string, list ...string) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n")
	for i, object := range list {
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, object)
	}
	fmt.Fprintf(&b, "trailer <</Root 1 0 R %s>>\n%%%%EOF\n", trailer)
	return b.Bytes()
}

func stream(dict, content string) string {
	return fmt.Sprintf("<<%s /Length %d>>\nstream\n%s\nendstream", dict, len(content), content)
}

func deflated(content string) string {
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	z.Write([]byte(content))
	z.Close()
	return b.String()
}

const (
	onePage = "<</Type /Pages /Count 1 /Kids [3 0 R]>>"
	page    = "<</Type /Page /Contents 4 0 R /Resources <</Font <</F 5 0 R>> /XObject <</X 6 0 R>>>>>>"
	font    = "<</Type /Font /Subtype /TrueType /BaseFont /Times-Bold /Encoding /WinAnsiEncoding>>"
)

// simplePDF is a PDF of one page with that content.
func simplePDF(content string) []byte {
	return objects("", "<</Type /Catalog /Pages 2 0 R>>", onePage, page, stream("", content), font)
}

func TestHostilePDFsAreRefused(t *testing.T) {
	catalog := "<</Type /Catalog /Pages 2 0 R>>"
	text := "BT /F 12 Tf 72 700 Td (Chu) Tj ET "
	bomb := deflated(strings.Repeat(" ", 21<<20))
	real := fixture(t, "course.pdf")
	for name, c := range map[string]struct {
		content []byte
		want    error
	}{
		"nothing":                       {nil, exchange.ErrNotPDF},
		"a Word document":               {fixture(t, "course.docx"), exchange.ErrNotPDF},
		"a document before 2007":        {[]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and more"), exchange.ErrOld},
		"only a head":                   {[]byte("%PDF-1.7\n"), exchange.ErrCorrupt},
		"a truncated PDF":               {real[:len(real)/2], exchange.ErrCorrupt},
		"a password":                    {objects("/Encrypt 9 0 R", catalog, onePage, page, stream("", text), font), exchange.ErrLocked},
		"no text":                       {simplePDF("0 0 m 10 10 l S"), exchange.ErrScanned},
		"a stream that is a bomb":       {objects("", catalog, onePage, page, stream("/Filter /FlateDecode", bomb), font), exchange.ErrUnpacked},
		"objects that are a bomb":       {objects("", catalog, onePage, page, stream("", text), font, stream("/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode", bomb)), exchange.ErrUnpacked},
		"a form that shows itself":      {objects("", catalog, onePage, page, stream("", strings.Repeat("/X Do ", 9)), font, stream("/Subtype /Form", strings.Repeat("/X Do ", 500))), exchange.ErrUnpacked},
		"20,000 forms":                  {objects("", catalog, onePage, page, stream("", strings.Repeat("/X Do ", 20_000)), font, stream("/Subtype /Form", "")), exchange.ErrUnpacked},
		"a million characters":          {simplePDF("BT /F 12 Tf " + strings.Repeat("(0123456789abcdef) Tj 0 -20 Td ", 70_000) + "ET"), exchange.ErrBlocks},
		"4 million values":              {objects("", catalog, onePage, page, stream("", text), font, strings.Repeat("["+strings.Repeat("1 ", 100_000)+"]\nendobj\n7 0 obj\n", 31)), exchange.ErrUnpacked},
		"pages that hold each other":    {objects("", catalog, "<</Kids [2 0 R 3 0 R]>>", "<</Kids [2 0 R 3 0 R]>>"), exchange.ErrScanned},
		"a catalog that is itself":      {objects("/Root 1 0 R", "1 0 R"), exchange.ErrCorrupt},
		"arrays ten million deep":       {objects("", catalog, strings.Repeat("[", 10_000_000)), exchange.ErrCorrupt},
		"dictionaries ten million deep": {objects("", catalog, strings.Repeat("<</A ", 10_000_000)), exchange.ErrCorrupt},
	} {
		t.Run(name, func(t *testing.T) { refusedAs(t, exchange.ReadPDF, c.content, c.want) })
	}
}

func TestPDFTextIsFoundWhereverItStands(t *testing.T) {
	text := "BT /F 12 Tf 72 700 Td (Chu) Tj ET "
	catalog := "<</Type /Catalog /Pages 2 0 R>>"
	for name, c := range map[string]struct {
		content []byte
		want    string
	}{
		"above a page number": {simplePDF(text + "BT /F 12 Tf 300 30 Td (7) Tj ET"), "paragraph: [Chu](bold)\n"},
		"plain":               {simplePDF(text), "paragraph: [Chu](bold)\n"},
		"packed":              {objects("", catalog, onePage, page, stream("/Filter /FlateDecode", deflated(text)), font), "paragraph: [Chu](bold)\n"},
		"in a form":           {objects("", catalog, onePage, page, stream("", "/X Do"), font, stream("/Subtype /Form /Matrix [1 0 0 1 0 -50]", text)), "paragraph: [Chu](bold)\n"},
		"in hexadecimal":      {simplePDF("BT /F 12 Tf <43 68 75> Tj ET"), "paragraph: [Chu](bold)\n"},
		"with escapes":        {simplePDF(`BT /F 12 Tf (\103\(h\)u \\) Tj ET`), "paragraph: [C(h)u \\](bold)\n"},
		"with a gap":          {simplePDF("BT /F 12 Tf [(Chu) -500 (cai)] TJ ET"), "paragraph: [Chu cai](bold)\n"},
		"closed up":           {simplePDF("BT /F 12 Tf [(Ch) -20 (u)] TJ ET"), "paragraph: [Chu](bold)\n"},
		"drawn twice":         {simplePDF(text + "BT /F 12 Tf 72.3 700 Td (Chu) Tj ET"), "paragraph: [Chu](bold)\n"},
		"after a stamp":       {simplePDF("BT /F 12 Tf 0 1 -1 0 20 20 Tm (STAMP) Tj ET " + text), "paragraph: [Chu](bold)\n"},
		"beside an artefact":  {simplePDF("/Artifact <</Type /Pagination>> BDC BT /F 12 Tf 72 800 Td (HEAD) Tj ET EMC " + text), "paragraph: [Chu](bold)\n"},
		"after a picture":     {simplePDF("BI /W 1 ID \x00(((\nEI " + text), "paragraph: [Chu](bold)\n"},
		"of the newer object": {append(simplePDF("BT /F 12 Tf (cu) Tj ET"), []byte("4 0 obj\n"+stream("", text)+"\nendobj\n")...), "paragraph: [Chu](bold)\n"},
		"lines that go on": {
			simplePDF("BT /F 12 Tf 72 700 Td (mot dong du dai den le phai) Tj 0 -14 Td (mot dong du dai den le phai) Tj 0 -14 Td (ngan) Tj 0 -14 Td (doan moi den le phai cua to) Tj ET"),
			"paragraph: [mot dong du dai den le phai mot dong du dai den le phai ngan](bold)\nparagraph: [doan moi den le phai cua to](bold)\n",
		},
	} {
		t.Run(name, func(t *testing.T) {
			made, err := exchange.ReadPDF(t.Context(), bytes.NewReader(c.content), int64(len(c.content)))
			if err != nil {
				t.Fatal(err)
			}
			if got := drawn(made); !strings.HasSuffix(got, " min)\n"+c.want) {
				t.Errorf("got\n%swant\n%s", got, c.want)
			}
		})
	}
}

func TestALongPDFWithoutHeadingsIsCutEveryFivePages(t *testing.T) {
	list := []string{"<</Type /Catalog /Pages 2 0 R>>", ""}
	kids := ""
	for i := range 12 {
		n := 3 + 2*i
		kids += fmt.Sprintf("%d 0 R ", n)
		list = append(list, fmt.Sprintf("<</Type /Page /Contents %d 0 R /Resources <</Font <</F 27 0 R>>>>>>", n+1),
			stream("", fmt.Sprintf("BT /F 12 Tf 72 780 Td (SO TAY) Tj 0 -80 Td (doan %d) Tj 0 -600 Td (%d) Tj ET", i, i+1)))
	}
	list[1] = "<</Kids [" + kids + "]>>"
	b := objects("/Info <</Title (\xfe\xff\x00S\x1e\xd5)>>", append(list, font)...)
	made, err := exchange.ReadPDF(t.Context(), bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	got := drawn(made)
	if len(made.Lessons) != 3 || made.Lessons[2].Title != "Trang 11–12" || made.Title != "Sổ" || strings.Contains(got, "SO TAY") || strings.Contains(got, "[1]") {
		t.Error(got)
	}
}

func TestTheOutlineOfAPDFNamesItsLessons(t *testing.T) {
	b := objects("", "<</Pages 2 0 R /Outlines <</First 7 0 R>> /Names <</Dests <</Names [(to) [3 0 R /XYZ 0 710 0]]>>>>>>", onePage, page,
		stream("", "BT /F 12 Tf 72 700 Td <00010002> Tj 0 -14 Td <00030004> Tj 0 -14 Td <0004> Tj 0 -60 Td <0003> Tj ET"),
		"<</Subtype /Type0 /BaseFont /Serif /Encoding /Identity-H /ToUnicode 6 0 R /DescendantFonts [<</DW 500>>]>>",
		stream("", "1 beginbfrange <0001> <0004> <0061> endbfrange"),
		"<</Title (abcd) /Dest (to) /Next 8 0 R>>", "<</Title (Khac) /A <</S /GoTo /D [3 0 R /XYZ 0 620 0]>> /Next 7 0 R>>")
	made, err := exchange.ReadPDF(t.Context(), bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	const want = "title: \n\n=== abcd (article, 1 min)\nparagraph: d\n\n=== Khac (article, 1 min)\nparagraph: c\n"
	if got := drawn(made); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}
