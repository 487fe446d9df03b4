package exchange_test

import (
	"bytes"
	"fmt"
	"haidang/courses/exchange"
	"strings"
	"testing"
)

const (
	showML   = "http://schemas.openxmlformats.org/presentationml/2006/main"
	mainShow = "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"
)

// deck is a presentation of slides with those shapes; extra stands after the
// list of slides, whose ids count from 256.
func deck(extra string, slides ...string) []entry {
	list := []entry{
		{"[Content_Types].xml", `<Types><Override PartName="/ppt/presentation.xml" ContentType="` + mainShow + `"/></Types>`},
		{"_rels/.rels", relations(`<Relationship Id="r1" Type="` + office + `/officeDocument" Target="ppt/presentation.xml"/>`)},
		{"ppt/media/image1.png", pixel},
	}
	ids, links := "", ""
	for i, shapes := range slides {
		// The names run against the order, which only the presentation says.
		name := fmt.Sprintf("slides/slide%d.xml", len(slides)-i)
		ids += fmt.Sprintf(`<p:sldId id="%d" r:id="s%d"/>`, 256+i, i)
		links += fmt.Sprintf(`<Relationship Id="s%d" Type="%s/slide" Target="%s"/>`, i, office, name)
		show := ""
		if shapes == "" {
			show = ` show="0"`
		}
		list = append(list, entry{"ppt/" + name, `<p:sld xmlns:p="` + showML + `" xmlns:a="a" xmlns:r="` + office + `"` + show + `><p:cSld><p:spTree>` + shapes + `</p:spTree></p:cSld></p:sld>`},
			entry{fmt.Sprintf("ppt/slides/_rels/slide%d.xml.rels", len(slides)-i), relations(`<Relationship Id="i" Type="` + office + `/image" Target="../media/image1.png"/>` +
				`<Relationship Id="v" Type="` + office + `/video" Target="http://10.0.0.1/x.mp4" TargetMode="External"/>`)})
	}
	return append(list, entry{"ppt/_rels/presentation.xml.rels", relations(links)},
		entry{"ppt/presentation.xml", `<p:presentation xmlns:p="` + showML + `" xmlns:r="` + office + `" xmlns:p14="p14"><p:sldIdLst>` + ids + `</p:sldIdLst>` + extra + `</p:presentation>`})
}

// shape is a place of a slide with a paragraph for each text.
func shape(place string, texts ...string) string {
	lines := ""
	for _, text := range texts {
		lines += `<a:p><a:r><a:t>` + text + `</a:t></a:r></a:p>`
	}
	return `<p:sp><p:nvSpPr><p:nvPr>` + place + `</p:nvPr></p:nvSpPr><p:txBody>` + lines + `</p:txBody></p:sp>`
}

const (
	titled = `<p:ph type="title"/>`
	bodied = `<p:ph idx="1"/>`
)

func section(name string, ids ...int) string {
	list := ""
	for _, id := range ids {
		list += fmt.Sprintf(`<p14:sldId id="%d"/>`, id)
	}
	return `<p14:section name="` + name + `"><p14:sldIdLst>` + list + `</p14:sldIdLst></p14:section>`
}

func pptxOf(t *testing.T, list []entry) (exchange.Imported, error) {
	t.Helper()
	b := zipped(t, list)
	return exchange.ReadPPTX(t.Context(), bytes.NewReader(b), int64(len(b)))
}

func TestPresentationsAreReadInTheirOrder(t *testing.T) {
	one, two, three := shape(titled, "Một")+shape(bodied, "a", "b"), shape(titled, "Hai")+shape(bodied, "c"), shape(bodied, "d")
	sections := `<p:extLst><p:ext><p14:sectionLst>` + section("Phần A", 256) + section("Trống") + section("Phần B", 257, 258) + `</p14:sectionLst></p:ext></p:extLst>`
	table := `<p:graphicFrame><a:graphic><a:graphicData uri="x/table"><a:tbl><a:tblPr firstRow="1"/>` +
		`<a:tr><a:tc gridSpan="2"><a:txBody><a:p><a:r><a:t>A</a:t></a:r></a:p></a:txBody></a:tc><a:tc hMerge="1"><a:txBody/></a:tc></a:tr>` +
		`<a:tr><a:tc rowSpan="2"><a:txBody><a:p><a:r><a:t>B</a:t></a:r></a:p></a:txBody></a:tc><a:tc><a:txBody><a:p><a:r><a:t>C</a:t></a:r></a:p></a:txBody></a:tc></a:tr>` +
		`<a:tr><a:tc vMerge="1"><a:txBody/></a:tc><a:tc><a:txBody><a:p><a:r><a:t>D</a:t></a:r></a:p></a:txBody></a:tc></a:tr></a:tbl></a:graphicData></a:graphic></p:graphicFrame>`
	for name, c := range map[string]struct {
		list []entry
		want string
	}{
		"one lesson without sections":    {deck("", one, two, three), "=== Một (article, 1 min)\nheading 2: Một\nbullets: \n  * a\n  * b\nheading 2: Hai\nparagraph: c\nparagraph: d\n"},
		"a lesson for each section":      {deck(sections, one, two, three), "=== Phần A (article, 1 min)\nheading 2: Một\nbullets: \n  * a\n  * b\n\n=== Phần B (article, 1 min)\nheading 2: Hai\nparagraph: c\nparagraph: d\n"},
		"slides before all sections":     {deck(`<p:extLst>`+section("B", 257)+`</p:extLst>`, one, two), "=== Mở đầu (article, 1 min)\nheading 2: Một\nbullets: \n  * a\n  * b\n\n=== B (article, 1 min)\nheading 2: Hai\nparagraph: c\n"},
		"slides after a section":         {deck(`<p:extLst>`+section("A", 256)+`</p:extLst>`, two, three), "=== A (article, 1 min)\nheading 2: Hai\nparagraph: c\nparagraph: d\n"},
		"hidden slides are left out":     {deck("", "", three), "dropped: hidden_slide 1\n\n=== Nội dung (article, 1 min)\nparagraph: d\n"},
		"dates and numbers are not text": {deck("", three+shape(`<p:ph type="sldNum"/>`, "7")+shape(`<p:ph type="ftr"/>`, "chân")), "=== Nội dung (article, 1 min)\nparagraph: d\n"},
		"groups, films and charts": {
			deck("", `<p:grpSp>`+three+`</p:grpSp><p:pic><p:nvPicPr><p:nvPr><a:videoFile r:link="v"/></p:nvPr></p:nvPicPr><p:blipFill><a:blip r:embed="i"/></p:blipFill></p:pic><p:graphicFrame><a:graphic><a:graphicData uri="x/chart"/></a:graphic></p:graphicFrame>`),
			"dropped: chart 1\ndropped: embedded_object 1\n\n=== Nội dung (article, 1 min)\nparagraph: d\n",
		},
		"a picture":       {deck("", `<p:pic><p:nvPicPr><p:cNvPr descr="Sơ đồ"/></p:nvPicPr><p:blipFill><a:blip r:embed="i"/></p:blipFill></p:pic>`), "picture: image1.png image/png 25\n\n=== Nội dung (article, 1 min)\npicture #0 \"Sơ đồ\": \n"},
		"a table":         {deck("", table), "=== Nội dung (article, 1 min)\ntable: \n  |#2x0 A |\n  |0x2 B  |0x0 C |\n  |0x0 D |\n"},
		"a numbered list": {deck("", strings.ReplaceAll(one, "<a:p>", `<a:p><a:pPr><a:buAutoNum type="arabicPeriod"/></a:pPr>`)), "=== Một (article, 1 min)\nheading 2: Một\nnumbers: \n  * a\n  * b\n"},
	} {
		t.Run(name, func(t *testing.T) {
			made, err := pptxOf(t, c.list)
			if err != nil {
				t.Fatal(err)
			}
			_, got, _ := strings.Cut(drawn(made), "\n")
			if at := strings.Index(got, "dropped: external_part"); at >= 0 { // the film that no slide shows
				got = got[:at] + strings.SplitN(got[at:], "\n", 2)[1]
			}
			if got = strings.TrimPrefix(got, "\n"); got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}

func TestHostilePresentationsAreRefused(t *testing.T) {
	slide := shape(titled, "Một")
	for name, c := range map[string]struct {
		list []entry
		want error
	}{
		"a Word document":        {parts(para("", "chữ")), exchange.ErrNotPPTX},
		"no slides":              {deck(""), exchange.ErrEmpty},
		"only hidden slides":     {deck("", ""), exchange.ErrEmpty},
		"a slide that is not":    {with(deck("", slide), entry{"ppt/_rels/presentation.xml.rels", relations("")}), exchange.ErrCorrupt},
		"a DOCTYPE in a slide":   {with(deck("", slide), entry{"ppt/slides/slide1.xml", "<!DOCTYPE x><x/>"}), exchange.ErrUnsafeXML},
		"groups 300 deep":        {deck("", strings.Repeat("<p:grpSp>", 300)+strings.Repeat("</p:grpSp>", 300)), exchange.ErrUnsafeXML},
		"301 sections":           {manySections(slide), exchange.ErrLessons},
		"a name upwards":         {with(deck("", slide), entry{"../x", ""}), exchange.ErrNames},
		"one slide ever so long": {deck("", shape(bodied, letters(3<<20))), exchange.ErrBlocks},
	} {
		t.Run(name, func(t *testing.T) { refusedAs(t, exchange.ReadPPTX, zipped(t, c.list), c.want) })
	}
}

func manySections(slide string) []entry {
	sections, slides := "", []string{}
	for i := range 301 {
		sections += section("S", 256+i)
		slides = append(slides, slide)
	}
	return deck("<p:extLst>"+sections+"</p:extLst>", slides...)
}
