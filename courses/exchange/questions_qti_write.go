package exchange

import (
	"archive/zip"
	"cmp"
	"encoding/xml"
	"fmt"
	"haidang/courses"
	"haidang/courses/assessment"
	"haidang/courses/catalog"
	"io"
	"strconv"
	"strings"
)

// qtiForms are the types that are written.
var qtiForms = map[assessment.Type]bool{
	assessment.Single: true, assessment.Multiple: true, assessment.TrueOr: true, assessment.Short: true, assessment.Numeric: true,
	assessment.Matching: true, assessment.Ordering: true, assessment.Gaps: true, assessment.Hotspot: true, assessment.Essay: true,
}

// Classes that say what QTI has no word for. Other programs pass over them.
const (
	qtiGapClass    = "haidang-gap"    // a single gap of a text, not the field of a short answer
	qtiExactClass  = "haidang-exact"  // marks count: "Hoa" is not "Hóa"
	qtiUnitClass   = "haidang-unit"   // of a number
	qtiWordsClass  = "haidang-words-" // of an essay: how many it should not exceed
	qtiFilesClass  = "haidang-files-" // of an essay: how many may be attached
	qtiRubricClass = "haidang-rubric" // criteria, each with its levels, the best first
	qtiPointsClass = "haidang-points" // of a level
)

// What the manifest says of an item.
const (
	qtiLaw     = "haidang-document" // the catalogue of what a question rests on
	qtiCites   = "isbasedon"
	qtiTopic   = "discipline"
	qtiAbility = "competency"
)

// lomDifficulties are LOM's words.
var lomDifficulties = map[string]string{"easy": "easy", "medium": "medium", "hard": "difficult"}

// WriteQTI writes a content package of QTI 2.2, which more programs read than 3.0:
// an item for each question with its picture, and in the manifest its topic,
// competency, difficulty and cites. Every item scores a point, as here; but for an
// ordering, which other programs take as a whole, and for marks, which always count
// there. An essay is scored by people, by its rubric. Of scenarios, and of hotspots
// whose picture is not given, a comment of the manifest says what was left out. Read
// again, all are the same, but for areas, which are in pixels, gaps numbered as they
// stand and no words accepted twice.
func WriteQTI(w io.Writer, items []assessment.Item, pictures QuestionPictures) error {
	p := qtiPackage{zip: zip.NewWriter(w), pictures: pictures, written: map[courses.AssetID]bool{}}
	p.manifest.put(xml.Header, `<manifest xmlns="http://www.imsglobal.org/xsd/imscp_v1p1" xmlns:lom="http://ltsc.ieee.org/xsd/LOM"`, xsiNames,
		` xsi:schemaLocation="http://www.imsglobal.org/xsd/imscp_v1p1 http://www.imsglobal.org/xsd/qti/qtiv2p2/qtiv2p2_imscpv1p2_v1p0.xsd`,
		` http://ltsc.ieee.org/xsd/LOM http://www.imsglobal.org/xsd/imsmd_loose_v1p3p2.xsd" identifier="bank">`, "\n",
		"<metadata><schema>QTIv2.2 Package</schema><schemaversion>1.0.0</schemaversion></metadata>\n<organizations/>\n<resources>\n")
	for i, x := range items {
		if err := p.add(i+1, x); err != nil {
			return fmt.Errorf("write questions: %w", err)
		}
	}
	p.manifest.put("</resources>\n</manifest>\n")
	err := p.file(qtiManifest, []byte(p.manifest.String()))
	if err == nil {
		err = p.zip.Close()
	}
	if err != nil {
		return fmt.Errorf("write questions: %w", err)
	}
	return nil
}

// qtiPictures is the folder of pictures.
const qtiPictures = "pictures/"

const xsiNames = ` xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"`

// qtiPackage is a package that is written.
type qtiPackage struct {
	zip      *zip.Writer
	manifest qtiWriter
	pictures QuestionPictures
	written  map[courses.AssetID]bool
}

func (p *qtiPackage) add(row int, x assessment.Item) error {
	m, asset := &p.manifest, x.Question.Picture.Asset
	picture, shown := p.pictures[asset]
	if !qtiForms[x.Question.Type] || x.Question.Type == assessment.Hotspot && !shown {
		why := "it has no form here"
		if qtiForms[x.Question.Type] {
			why = "there is no room for its picture"
		}
		text := strings.ReplaceAll(excerpt(x.Question.Text), "--", "‐‐") // which would end the comment
		m.put("<!-- left out, as ", why, " (", string(x.Question.Type), "): ", text, " -->\n")
		return nil
	}
	identifier, name := "q-"+cmp.Or(string(x.ID), strconv.Itoa(row)), "items/"+strconv.Itoa(row)+".xml"
	m.put(`<resource identifier="`, xmlText(identifier), `" type="imsqti_item_xmlv2p2" href="`, name, `">`, "\n")
	m.lom(x)
	m.put(`<file href="`, name, `"/>`)
	if shown {
		m.put(`<file href="`, qtiPictures, xmlText(picture.Name), `"/>`)
		if err := p.show(asset, picture); err != nil {
			return err
		}
	}
	m.put("</resource>\n")
	item := qtiWriter{picture: picture}
	item.item(identifier, x.Question)
	return p.file(name, []byte(item.String()))
}

// show writes a picture, once.
func (p *qtiPackage) show(asset courses.AssetID, picture QuestionPicture) error {
	if p.written[asset] {
		return nil
	}
	p.written[asset] = true
	return p.file(qtiPictures+picture.Name, picture.Data)
}

func (p *qtiPackage) file(name string, content []byte) error {
	f, err := p.zip.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: packageTime})
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	return err
}

// lom writes what LOM has a place for.
func (w *qtiWriter) lom(x assessment.Item) {
	w.put("<metadata><lom:lom>")
	if word := lomDifficulties[x.Difficulty]; word != "" {
		w.put("<lom:educational>")
		w.vocabulary("difficulty", word)
		w.put("</lom:educational>")
	}
	for _, cite := range x.Cites {
		w.cite(cite)
	}
	w.taxon(qtiTopic, x.Topic)
	w.taxon(qtiAbility, x.Competency)
	w.put("</lom:lom></metadata>\n")
}

func (w *qtiWriter) vocabulary(name, word string) {
	w.put("<lom:", name, "><lom:source>LOMv1.0</lom:source><lom:value>", word, "</lom:value></lom:", name, ">")
}

func (w *qtiWriter) cite(cite catalog.Reference) {
	w.put("<lom:relation>")
	w.vocabulary("kind", qtiCites)
	w.put("<lom:resource><lom:identifier><lom:catalog>", qtiLaw, "</lom:catalog><lom:entry>", xmlText(cite.Number), "</lom:entry></lom:identifier>")
	if cite.Article != "" {
		w.put("<lom:description>", lomWords(cite.Article), "</lom:description>")
	}
	w.put("</lom:resource></lom:relation>")
}

func (w *qtiWriter) taxon(purpose, words string) {
	if words == "" {
		return
	}
	w.put("<lom:classification>")
	w.vocabulary("purpose", purpose)
	w.put("<lom:taxonPath><lom:taxon><lom:entry>", lomWords(words), "</lom:entry></lom:taxon></lom:taxonPath></lom:classification>")
}

func lomWords(words string) string {
	return `<lom:string language="vi">` + xmlText(words) + "</lom:string>"
}
