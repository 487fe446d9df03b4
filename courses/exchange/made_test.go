package exchange_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"haidang/courses/exchange"
	"io"
	"strings"
	"testing"
)

// entry is a file of an archive that a test makes.
type entry struct{ name, content string }

const (
	office    = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	wordML    = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
	mainWord  = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
	macroWord = "application/vnd.ms-word.document.macroEnabled.main+xml"
	pixel     = "\x89PNG\r\n\x1a\n and what follows"
)

// parts is the least that a Word document consists of, with that body.
func parts(body string) []entry {
	return []entry{
		{"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/word/document.xml" ContentType="` + mainWord + `"/></Types>`},
		{"_rels/.rels", relations(`<Relationship Id="r1" Type="` + office + `/officeDocument" Target="word/document.xml"/>`)},
		{"word/document.xml", `<w:document xmlns:w="` + wordML + `" xmlns:r="` + office + `" xmlns:a="a" xmlns:wp="wp" xmlns:pic="pic" xmlns:mc="mc" xmlns:m="m" xmlns:v="v"><w:body>` + body + `</w:body></w:document>`},
	}
}

func relations(list string) string {
	return `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` + list + `</Relationships>`
}

// with adds entries, or puts them in the place of those of the same name.
func with(list []entry, more ...entry) []entry {
	for _, m := range more {
		found := false
		for i := range list {
			if list[i].name == m.name {
				list[i], found = m, true
			}
		}
		if !found {
			list = append(list, m)
		}
	}
	return list
}

// zipped packs the entries as they are.
func zipped(t testing.TB, list []entry) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, e := range list {
		w, err := z.Create(e.name)
		if err == nil {
			_, err = io.WriteString(w, e.content)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func docxOf(t *testing.T, list []entry) (exchange.Imported, error) {
	t.Helper()
	b := zipped(t, list)
	return exchange.ReadDOCX(t.Context(), bytes.NewReader(b), int64(len(b)))
}

// para is a paragraph of that style with that text.
func para(style, text string) string {
	return `<w:p><w:pPr><w:pStyle w:val="` + style + `"/></w:pPr><w:r><w:t xml:space="preserve">` + text + `</w:t></w:r></w:p>`
}

func bold(text string) string {
	return `<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>` + text + `</w:t></w:r></w:p>`
}

const styles = `<w:styles xmlns:w="` + wordML + `">
<w:style w:type="paragraph" w:default="1" w:styleId="Binhthuong"><w:name w:val="Normal"/></w:style>
<w:style w:type="paragraph" w:styleId="u1"><w:name w:val="heading 1"/><w:basedOn w:val="Binhthuong"/><w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="u2"><w:name w:val="heading 2"/></w:style>
<w:style w:type="paragraph" w:styleId="u3"><w:name w:val="Tiêu đề 3"/></w:style>
<w:style w:type="paragraph" w:styleId="Rieng"><w:name w:val="Chương của tôi"/><w:basedOn w:val="u1"/></w:style>
<w:style w:type="paragraph" w:styleId="KhongDeMuc"><w:name w:val="Như đề mục"/><w:basedOn w:val="u1"/><w:pPr><w:outlineLvl w:val="9"/></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="A"><w:name w:val="a"/><w:basedOn w:val="B"/></w:style>
<w:style w:type="paragraph" w:styleId="B"><w:name w:val="b"/><w:basedOn w:val="A"/></w:style>
<w:style w:type="paragraph" w:styleId="Dam"><w:name w:val="Đậm"/><w:rPr><w:b/></w:rPr></w:style>
<w:style w:type="character" w:styleId="Strong"><w:name w:val="Strong"/><w:rPr><w:b/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="mucluc1"><w:name w:val="toc 1"/></w:style>
<w:style w:type="paragraph" w:styleId="chuthich"><w:name w:val="caption"/></w:style>
</w:styles>`

const numbering = `<w:numbering xmlns:w="` + wordML + `">
<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%2)"/></w:lvl></w:abstractNum>
<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="-"/></w:lvl></w:abstractNum>
<w:abstractNum w:abstractNumId="2"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="upperRoman"/><w:lvlText w:val="Chương %1."/></w:lvl></w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num><w:num w:numId="3"><w:abstractNumId w:val="2"/></w:num>
<w:num w:numId="4"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>
</w:numbering>`

// styled is a document with styles, lists and links to pictures.
func styled(body string) []entry {
	return with(parts(body), entry{"word/styles.xml", styles}, entry{"word/numbering.xml", numbering}, entry{"word/media/image1.png", pixel}, entry{"word/media/image2.emf", "\x01\x00\x00\x00 EMF"},
		entry{"word/_rels/document.xml.rels", relations(`<Relationship Id="s" Type="` + office + `/styles" Target="styles.xml"/><Relationship Id="n" Type="` + office + `/numbering" Target="numbering.xml"/>` +
			`<Relationship Id="p1" Type="` + office + `/image" Target="media/image1.png"/><Relationship Id="p2" Type="` + office + `/image" Target="/word/media/image2.emf"/>` +
			`<Relationship Id="p3" Type="` + office + `/image" Target="http://10.0.0.1/track.png" TargetMode="External"/><Relationship Id="p4" Type="` + office + `/image" Target="../../../etc/passwd"/>` +
			`<Relationship Id="h1" Type="` + office + `/hyperlink" Target="https://haiphong.gov.vn/" TargetMode="External"/><Relationship Id="h2" Type="` + office + `/hyperlink" Target="file:///c:/a" TargetMode="External"/><Relationship Id="h3" Type="` + office + `/hyperlink" Target="javascript://a.vn/%0aalert(1)" TargetMode="External"/>` +
			`<Relationship Id="t" Type="` + office + `/attachedTemplate" Target="http://10.0.0.1/a.dotm" TargetMode="External"/>`)})
}

func item(num, level, text string) string {
	return `<w:p><w:pPr><w:numPr><w:ilvl w:val="` + level + `"/><w:numId w:val="` + num + `"/></w:numPr></w:pPr><w:r><w:t>` + text + `</w:t></w:r></w:p>`
}

func picture(id, alt string) string {
	return `<w:p><w:r><w:drawing><wp:inline><wp:docPr descr="` + alt + `"/><a:graphic><a:graphicData uri="x/picture"><pic:pic><pic:blipFill><a:blip r:embed="` + id + `"/></pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>`
}

func cell(properties, text string) string {
	return `<w:tc><w:tcPr>` + properties + `</w:tcPr><w:p><w:r><w:t>` + text + `</w:t></w:r></w:p></w:tc>`
}

func row(cells ...string) string { return `<w:tr>` + strings.Join(cells, "") + `</w:tr>` }

func TestWordDocumentsAreReadAsTheyLook(t *testing.T) {
	for name, c := range map[string]struct{ body, want string }{
		"a translated style id is a heading":          {para("u1", "Một") + para("u2", "Hai") + para("u3", "Ba") + para("", "chữ"), "=== Một (article, 1 min)\nheading 2: Hai\nheading 3: Ba\nparagraph: chữ\n"},
		"a style based on a heading is one":           {para("Rieng", "Một") + para("", "chữ"), "=== Một (article, 1 min)\nparagraph: chữ\n"},
		"a style may stop being a heading":            {para("KhongDeMuc", "Một"), "=== Nội dung (article, 1 min)\nparagraph: Một\n"},
		"styles in a circle end":                      {para("A", "Một"), "=== Nội dung (article, 1 min)\nparagraph: Một\n"},
		"without level 1 the next one cuts":           {para("u2", "Hai") + para("u3", "Ba") + para("", "chữ"), "=== Hai (article, 1 min)\nheading 2: Ba\nparagraph: chữ\n"},
		"a number and its title are one":              {para("u1", "CHƯƠNG I") + para("u1", "QUY ĐỊNH CHUNG") + para("", "chữ"), "=== CHƯƠNG I. QUY ĐỊNH CHUNG (article, 1 min)\nparagraph: chữ\n"},
		"two bare numbers are two lessons":            {para("u1", "CHƯƠNG I") + para("u1", "CHƯƠNG II") + para("", "chữ"), "=== CHƯƠNG I (article, 1 min)\n\n=== CHƯƠNG II (article, 1 min)\nparagraph: chữ\n"},
		"headings are numbered by Word":               {`<w:p><w:pPr><w:pStyle w:val="u1"/><w:numPr><w:numId w:val="3"/></w:numPr></w:pPr><w:r><w:t>Mở</w:t></w:r></w:p>` + para("", "chữ"), "=== Chương I. Mở (article, 1 min)\nparagraph: chữ\n"},
		"bold from a style, and against it":           {para("Dam", "đậm") + `<w:p><w:r><w:rPr><w:rStyle w:val="Strong"/></w:rPr><w:t>a</w:t></w:r><w:r><w:rPr><w:rStyle w:val="Strong"/><w:b w:val="0"/></w:rPr><w:t>b</w:t></w:r></w:p>`, "=== Nội dung (article, 1 min)\nparagraph: [đậm](bold)\nparagraph: [a](bold)b\n"},
		"runs of one look are one":                    {`<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>Đ</w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t xml:space="preserve"> i </w:t></w:r><w:r><w:t>ều</w:t></w:r></w:p>`, "=== Nội dung (article, 1 min)\nparagraph: [Đ i ](bold)ều\n"},
		"lists":                                       {item("2", "0", "a") + item("2", "0", "b") + item("1", "0", "một") + item("1", "0", "hai"), "=== Nội dung (article, 1 min)\nbullets: \n  * a\n  * b\nnumbers: \n  * một\n  * hai\n"},
		"numbers stay what they were":                 {item("1", "0", "một") + item("1", "1", "chữ") + item("1", "0", "hai"), "=== Nội dung (article, 1 min)\nnumbers: \n  * một\nparagraph: a) chữ\nparagraph: 2. hai\n"},
		"a list may begin anew":                       {item("1", "0", "một") + item("4", "0", "lại một"), "=== Nội dung (article, 1 min)\nnumbers: \n  * một\nnumbers: \n  * lại một\n"},
		"links to the web only":                       {`<w:p><w:hyperlink r:id="h1"><w:r><w:t>mạng</w:t></w:r></w:hyperlink><w:hyperlink r:id="h2"><w:r><w:t> tệp</w:t></w:r></w:hyperlink><w:hyperlink r:id="h3"><w:r><w:t>!</w:t></w:r></w:hyperlink></w:p>`, "=== Nội dung (article, 1 min)\nparagraph: [mạng](link https://haiphong.gov.vn/) tệp!\n"},
		"fields show their result":                    {`<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>HYPERLINK "https://a.vn/x"</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>kết quả</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r><w:fldSimple w:instr="PAGE"><w:r><w:t>7</w:t></w:r></w:fldSimple></w:p>`, "=== Nội dung (article, 1 min)\nparagraph: [kết quả](link https://a.vn/x)7\n"},
		"a field that never ends hides nothing below": {`<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:t>ẩn</w:t></w:r></w:p>` + para("", "chữ"), "=== Nội dung (article, 1 min)\nparagraph: chữ\n"},
		"moved text is there once":                    {`<w:p><w:moveFrom><w:r><w:t>cũ</w:t></w:r></w:moveFrom><w:moveTo><w:r><w:t>mới</w:t></w:r></w:moveTo></w:p>`, "dropped: deleted_text 1\n\n=== Nội dung (article, 1 min)\nparagraph: mới\n"},
		"contents by style":                           {para("mucluc1", "Một 1") + para("mucluc1", "Hai 2") + para("", "chữ"), "dropped: contents 1\n\n=== Nội dung (article, 1 min)\nparagraph: chữ\n"},
		"formulas and signs":                          {`<w:p><m:oMath><m:r><m:t>x</m:t></m:r></m:oMath><w:r><w:sym w:char="F0FC"/><w:t>chữ</w:t><w:noBreakHyphen/><w:t>a</w:t></w:r></w:p>`, "dropped: equation 1\ndropped: symbol 1\n\n=== Nội dung (article, 1 min)\nparagraph: chữ-a\n"},
		"pictures, one of them twice":                 {picture("p1", "Sơ đồ") + para("chuthich", "Hình 1") + picture("p1", ""), "picture: image1.png image/png 25\n\n=== Nội dung (article, 1 min)\npicture #0 \"Sơ đồ\": Hình 1\npicture #0 \"\": \n"},
		"a box with a picture":                        {`<w:p><w:r><w:t>chữ</w:t><w:pict><v:textbox><w:txbxContent><v:imagedata r:id="p1"/></w:txbxContent></v:textbox><v:imagedata r:id="p1" title="Cũ"/></w:pict></w:r></w:p>`, "picture: image1.png image/png 25\ndropped: text_box 1\n\n=== Nội dung (article, 1 min)\nparagraph: chữ\npicture #0 \"Cũ\": \n"},
		"pictures that are not taken":                 {para("", "chữ") + picture("p2", "") + picture("p3", "") + picture("p4", "") + picture("p9", ""), "dropped: external_picture 1\ndropped: picture_missing 2\ndropped: picture_type 1\n\n=== Nội dung (article, 1 min)\nparagraph: chữ\n"},
		"charts, diagrams and objects":                {`<w:p><w:r><w:drawing><a:graphicData uri="http://x/2006/chart"/></w:drawing><w:drawing><a:graphicData uri="http://x/2006/diagram"/></w:drawing><w:object/><w:t>chữ</w:t></w:r></w:p>`, "dropped: chart 1\ndropped: diagram 1\ndropped: embedded_object 1\n\n=== Nội dung (article, 1 min)\nparagraph: chữ\n"},
		"one cell is a frame":                         {`<w:tbl>` + row(cell("", "chữ")) + `</w:tbl>`, "=== Nội dung (article, 1 min)\nparagraph: chữ\n"},
		"cells over columns and rows": {
			`<w:tbl><w:tr><w:trPr><w:tblHeader/></w:trPr>` + cell(`<w:vMerge w:val="restart"/>`, "a") + cell(`<w:gridSpan w:val="2"/>`, "b") + `</w:tr><w:tr><w:trPr><w:tblHeader/></w:trPr>` + cell(`<w:vMerge/>`, "") + cell("", "c") + cell("", "d") + `</w:tr>` + row(cell("", "1"), cell("", "2"), cell("", "3")) + `</w:tbl>`,
			"=== Nội dung (article, 1 min)\ntable: \n  |#0x2 a  |#2x0 b |\n  |#0x0 c  |#0x0 d |\n  |0x0 1  |0x0 2  |0x0 3 |\n",
		},
		"a table in a table is text":  {`<w:tbl>` + row(`<w:tc><w:tbl>`+row(cell("", "x"), cell("", "y"))+`</w:tbl><w:p/></w:tc>`, cell("", "z")) + `</w:tbl>`, "=== Nội dung (article, 1 min)\ntable: \n  |0x0 x y  |0x0 z |\n"},
		"a deleted row is gone":       {`<w:tbl>` + row(cell("", "a"), cell("", "b")) + `<w:tr><w:trPr><w:del/></w:trPr>` + cell("", "x") + `</w:tr></w:tbl>`, "=== Nội dung (article, 1 min)\ntable: \n  |0x0 a  |0x0 b |\n"},
		"bold lines cut":              {para("", "Căn cứ") + bold("Chương I") + bold("CHUNG") + bold("Điều 1. Phạm vi") + para("", "chữ") + bold("Lưu ý"), "=== Mở đầu (article, 1 min)\nparagraph: Căn cứ\n\n=== Chương I. CHUNG (article, 1 min)\nheading 2: Điều 1. Phạm vi\nparagraph: chữ\nparagraph: [Lưu ý](bold)\n"},
		"in any spelling of Unicode":  {bold("Chu\u031bo\u031bng I") + para("", "chữ"), "=== Chu\u031bo\u031bng I (article, 1 min)\nparagraph: chữ\n"},
		"Điều alone does not cut":     {bold("Điều 1.") + para("", "chữ"), "=== Nội dung (article, 1 min)\nheading 2: Điều 1.\nparagraph: chữ\n"},
		"what only begins so is text": {bold("Mục tiêu 2030") + para("", "Chương I nêu rõ"), "=== Nội dung (article, 1 min)\nparagraph: [Mục tiêu 2030](bold)\nparagraph: Chương I nêu rõ\n"},
		"Roman numbers cut":           {bold("I. TÌNH HÌNH") + para("", "chữ") + bold("II- NHIỆM VỤ") + para("", "chữ"), "=== I. TÌNH HÌNH (article, 1 min)\nparagraph: chữ\n\n=== II- NHIỆM VỤ (article, 1 min)\nparagraph: chữ\n"},
	} {
		t.Run(name, func(t *testing.T) {
			made, err := docxOf(t, styled(c.body))
			if err != nil {
				t.Fatal(err)
			}
			got := strings.TrimPrefix(strings.TrimPrefix(drawn(made), "title: \n"), "\n")
			got = strings.TrimPrefix(strings.Replace(got, "dropped: external_part 1\n", "", 1), "\n")
			if got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}

func TestTablesAreCutToWhatTheCatalogueTakes(t *testing.T) {
	var wide []string
	for i := range 22 {
		wide = append(wide, cell("", fmt.Sprint(i)))
	}
	tall := row(wide...)
	for i := range 450 {
		merge := ""
		if i > 0 {
			merge = "<w:vMerge/>"
		}
		tall += row(cell(merge, fmt.Sprint(i)), cell("", "x"))
	}
	made, err := docxOf(t, styled(`<w:tbl>`+strings.Replace(tall, "<w:tr>", "<w:tr><w:trPr><w:tblHeader/></w:trPr>", 1)+`</w:tbl>`))
	if err != nil {
		t.Fatal(err)
	}
	rows := 0
	for _, b := range made.Lessons[0].Blocks {
		if len(b.Rows) > 200 || len(b.Rows[0]) != 20 || !b.Rows[0][0].Head || b.Rows[1][0].Rows > 199 || len(b.Rows[1]) != 2 {
			t.Errorf("a table of %d rows and %d columns, the first cell over %d rows", len(b.Rows), len(b.Rows[0]), b.Rows[1][0].Rows)
		}
		rows += len(b.Rows) - 1
	}
	if rows != 450 || !strings.Contains(drawn(made), "dropped: table_columns 2\n") {
		t.Errorf("%d rows; %v", rows, made.Dropped)
	}
}

func TestPicturesCanBeRead(t *testing.T) {
	made, err := docxOf(t, styled(picture("p1", "Sơ đồ")))
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		r, err := made.Pictures[0].Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if string(b) != pixel || errors.Join(err, r.Close()) != nil {
			t.Errorf("%q, %v", b, err)
		}
	}
}

func TestLargePicturesCanBeReadAsOftenAsNeeded(t *testing.T) {
	large := pixel + letters(19<<20)
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, e := range with(styled(picture("p1", "")), entry{"word/media/image1.png", large}) {
		w, err := z.CreateHeader(&zip.FileHeader{Name: e.name, Method: zip.Store})
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(w, e.content)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	made, err := exchange.ReadDOCX(t.Context(), bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	for i := range 28 {
		r, err := made.Pictures[0].Open()
		if err != nil {
			t.Fatal(err)
		}
		if n, err := io.Copy(io.Discard, r); err != nil || n != int64(len(large)) {
			t.Fatalf("time %d: %d bytes, %v", i, n, err)
		}
	}
}
