package exchange

import (
	"bytes"
	"context"
	"haidang/courses/catalog"
	"regexp"
	"strings"
)

// docxField is a field whose end is not read yet: a code, and after its
// separator what Word shows for it.
type docxField struct {
	code   []byte
	result bool
}

const (
	mostFields    = 64
	mostFieldCode = 4096
)

var (
	contentsField = regexp.MustCompile(`(?i)^\s*TOC\b`)
	linkField     = regexp.MustCompile(`(?i)^\s*HYPERLINK\s+"([^"]+)"`)
)

// field follows one mark of a complex field.
func (d *docx) field(kind string) error {
	switch kind {
	case "begin":
		if len(d.fields) == mostFields {
			return ErrCorrupt
		}
		d.fields = append(d.fields, docxField{})
	case "separate":
		if n := len(d.fields); n > 0 {
			d.fields[n-1].result = true
			if contentsField.Match(d.fields[n-1].code) {
				d.dropped.add(DropContents)
			}
		}
	case "end":
		d.fields = d.fields[:max(0, len(d.fields)-1)]
	}
	return nil
}

// closeFields ends, with its paragraph, a field that shows nothing.
func (d *docx) closeFields() {
	kept := d.fields[:0]
	for _, f := range d.fields {
		if f.result {
			kept = append(kept, f)
		}
	}
	d.fields = kept
}

// shown says whether text is shown where the reader stands, and what a field
// links it to.
func (d *docx) shown() (bool, string) {
	address := ""
	for _, f := range d.fields {
		if !f.result || contentsField.Match(f.code) {
			return false, ""
		}
		if m := linkField.FindSubmatch(f.code); m != nil {
			address = linkTo(string(m[1]))
		}
	}
	return true, address
}

// inline reads what stands in a paragraph or in a part of it that is linked to
// an address.
func (d *docx) inline(ctx context.Context, n *node, p *passage, address string) error {
	for _, c := range n.children {
		var err error
		switch c.name {
		case "r":
			err = d.run(ctx, c, p, address)
		case "hyperlink":
			err = d.inline(ctx, c, p, linkTo(d.links[c.link("id")].target))
		case "fldSimple":
			if contentsField.MatchString(c.attr("instr")) {
				d.dropped.add(DropContents)
				continue
			}
			err = d.inline(ctx, c, p, address)
		case "dir", "bdo":
			err = d.inline(ctx, c, p, address)
		case "del", "moveFrom":
			d.dropped.add(DropDeleted)
		case "oMath", "oMathPara":
			d.dropped.add(DropEquation)
		case "AlternateContent":
			err = d.inline(ctx, alternative(c), p, address)
		case "drawing", "pict", "object":
			err = d.drawing(ctx, c, p)
		default:
			if wrappers[c.name] {
				err = d.inline(ctx, c, p, address)
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// alternative is the first of several ways to say the same.
func alternative(n *node) *node {
	if n.has("Choice") {
		return n.child("Choice")
	}
	return n.child("Fallback")
}

// run reads a run of text.
func (d *docx) run(ctx context.Context, n *node, p *passage, address string) error {
	l, hidden := d.lookOf(n.child("rPr"), p.style)
	show, linked := d.shown()
	if l.href = address; address == "" {
		l.href = linked
	}
	for _, c := range n.children {
		switch c.name {
		case "fldChar":
			if err := d.field(c.attr("fldCharType")); err != nil {
				return err
			}
			show, _ = d.shown()
		case "instrText":
			d.instruction(c.text)
		case "footnoteReference", "endnoteReference":
			d.dropped.add(DropFootnote)
		case "commentReference":
			d.dropped.add(DropComment)
		case "drawing", "pict", "object", "AlternateContent":
			if err := d.drawing(ctx, c, p); err != nil {
				return err
			}
		case "ruby":
			if err := d.inline(ctx, c.child("rubyBase"), p, address); err != nil {
				return err
			}
		default:
			if show {
				d.sign(c, l, hidden, p)
			}
		}
	}
	return nil
}

// instruction keeps the beginning of a field's code.
func (d *docx) instruction(text []byte) {
	if n := len(d.fields); n > 0 && !d.fields[n-1].result && len(d.fields[n-1].code) < mostFieldCode {
		d.fields[n-1].code = append(d.fields[n-1].code, text[:min(len(text), mostFieldCode)]...)
	}
}

// sign reads text, or an element that stands for a sign.
func (d *docx) sign(n *node, l look, hidden bool, p *passage) {
	text := n.text
	switch n.name {
	case "t":
	case "tab", "br", "cr", "ptab":
		p.text.blank()
		return
	case "noBreakHyphen":
		text = []byte("-")
	case "sym":
		d.dropped.add(DropSymbol)
		return
	default:
		return
	}
	if hidden && len(bytes.TrimSpace(text)) > 0 {
		d.dropped.add(DropHidden)
		return
	}
	p.text.write(text, l)
}

// drawing takes the pictures out of a drawing.
func (d *docx) drawing(ctx context.Context, n *node, p *passage) error {
	if n.name == "AlternateContent" {
		n = alternative(n)
	}
	if n.name == "object" {
		d.dropped.add(DropObject)
		return nil
	}
	if show, _ := d.shown(); !show {
		return nil
	}
	described := ""
	for c := range n.all("txbxContent", "Fallback") {
		id, alt := "", ""
		switch c.name {
		case "docPr":
			described = c.attr("descr")
		case "txbxContent":
			d.textBox(c)
		case "graphicData":
			d.dropped.graphic(c.attr("uri"))
		case "pic":
			id, alt = blip(c)
		case "imagedata":
			id, alt = c.link("id"), c.attr("title")
		}
		if id == "" {
			continue
		}
		if described != "" {
			alt = described
		}
		if err := d.picture(ctx, d.links[id], alt, p); err != nil {
			return err
		}
	}
	return nil
}

func (d *docx) picture(ctx context.Context, r relation, alt string, p *passage) error {
	b, taken, err := d.album.block(ctx, r, alt)
	if taken {
		p.pictures = append(p.pictures, b)
	}
	return err
}

// blip is the link of a picture to its file, and what it says of itself.
func blip(pic *node) (id, alt string) {
	for c := range pic.all() {
		switch c.name {
		case "cNvPr":
			alt = c.attr("descr")
		case "blip":
			if id = c.link("embed"); id == "" {
				id = c.link("link")
			}
		}
	}
	return id, alt
}

// textBox counts a text box that holds text or a picture.
func (d *docx) textBox(n *node) {
	for c := range n.all() {
		if c.name == "blip" || c.name == "imagedata" || c.name == "t" && len(bytes.TrimSpace(c.text)) > 0 {
			d.dropped.add(DropTextBox)
			return
		}
	}
}

// graphic counts what is drawn by another program.
func (d drops) graphic(uri string) {
	switch last := uri[strings.LastIndexByte(uri, '/')+1:]; last {
	case "chart", "chartex":
		d.add(DropChart)
	case "diagram":
		d.add(DropDiagram)
	case "ole":
		d.add(DropObject)
	}
}

// cellText is the text of a cell on one line, with the pictures that it shows.
func (d *docx) cellText(ctx context.Context, cell *node) ([]catalog.Inline, []catalog.Block, error) {
	var text writer
	var pictures []catalog.Block
	for n := range cell.all("p", "sdtPr") {
		if n.name != "p" {
			continue
		}
		p, err := d.read(ctx, n)
		if err != nil {
			return nil, nil, err
		}
		pictures = append(pictures, p.pictures...)
		text.blank()
		if p.label != "" {
			text.write([]byte(p.label+" "), look{})
		}
		text.runs = append(text.runs, p.text.runs...)
	}
	return text.inlines(), pictures, nil
}
