package exchange

import (
	"cmp"
	"haidang/courses/catalog"
	"slices"
	"strings"
)

// line is a paragraph of a shape.
type line struct {
	text []catalog.Inline
	sign catalog.BlockType // the list or paragraph that it says it belongs to, or "" as its place has it
}

// lines reads the paragraphs that have text.
func (s *slide) lines(body *node) []line {
	var lines []line
	for _, n := range body.children {
		if n.name != "p" {
			continue
		}
		var w writer
		s.paragraph(n, &w)
		if text := w.inlines(); len(text) > 0 {
			lines = append(lines, line{text, signOf(n.child("pPr"))})
		}
	}
	return lines
}

// signOf is what stands before a paragraph by its own properties.
func signOf(pPr *node) catalog.BlockType {
	switch {
	case pPr.has("buAutoNum"):
		return catalog.Numbers
	case pPr.has("buChar"), pPr.has("buBlip"):
		return catalog.Bullets
	case pPr.has("buNone"):
		return catalog.Paragraph
	}
	return ""
}

// passages makes paragraphs and lists of lines; of those without a sign of their
// own what their place has.
func passages(lines []line, place catalog.BlockType) []catalog.Block {
	var blocks []catalog.Block
	for len(lines) > 0 {
		items := slices.IndexFunc(lines, func(l line) bool { return cmp.Or(l.sign, place) == catalog.Paragraph })
		switch items {
		case 0:
			blocks, lines = append(blocks, catalog.Block{Type: catalog.Paragraph, Text: lines[0].text}), lines[1:]
			continue
		case -1:
			items = len(lines)
		}
		blocks, lines = append(blocks, listOf(lines[:items])), lines[items:]
	}
	return blocks
}

// paragraph reads the runs of a paragraph.
func (s *slide) paragraph(n *node, w *writer) {
	for _, c := range n.children {
		switch c.name {
		case "r", "fld":
			rPr := c.child("rPr")
			w.write(c.child("t").text, look{
				bold: isOn(rPr.attr("b")), italic: isOn(rPr.attr("i")),
				href: linkTo(s.links[rPr.child("hlinkClick").link("id")].target),
			})
		case "br":
			w.blank()
		case "AlternateContent", "m":
			s.pptx.dropped.add(DropEquation)
		}
	}
}

func isOn(attr string) bool { return attr == "1" || attr == "true" }

// listOf makes a list of lines; a numbered one only if each of them is.
func listOf(lines []line) catalog.Block {
	b := catalog.Block{Type: catalog.Numbers}
	if slices.ContainsFunc(lines, func(l line) bool { return l.sign != catalog.Numbers }) {
		b.Type = catalog.Bullets
	}
	for _, l := range lines {
		b.Items = append(b.Items, l.text)
	}
	return b
}

// joinedLines is the text of lines on one line.
func joinedLines(lines []line) string {
	texts := make([]string, len(lines))
	for i, l := range lines {
		texts[i] = plain(l.text)
	}
	return strings.Join(texts, " ")
}

// table adds a table of the slide. The formats of Office name the cells that a
// wider or higher one covers.
func (s *slide) table(tbl *node) {
	g := grid{}
	if isOn(tbl.child("tblPr").attr("firstRow")) {
		g.heads = 1
	}
	for _, tr := range tbl.children {
		if tr.name == "tr" {
			g.rows = append(g.rows, s.cells(tr))
		}
	}
	s.blocks = append(s.blocks, g.tables()...)
}

// cells reads the cells of a row up to the last column that tables have.
func (s *slide) cells(tr *node) []gridCell {
	var cells []gridCell
	column := 0
	for _, tc := range tr.children {
		switch {
		case tc.name != "tc":
			continue
		case column >= tableColumns:
			s.pptx.dropped.add(DropColumns)
		case !isOn(tc.attr("hMerge")):
			cells = append(cells, gridCell{
				cell: catalog.Cell{
					Text:    s.cellText(tc.child("txBody")),
					Columns: over(min(small(tc.attr("gridSpan"), 1), tableColumns-column)),
				},
				column: column, goesOn: isOn(tc.attr("vMerge")),
			})
		}
		column++
	}
	return cells
}

// cellText is the text of a cell on one line.
func (s *slide) cellText(body *node) []catalog.Inline {
	var w writer
	for _, n := range body.children {
		if n.name == "p" {
			w.blank()
			s.paragraph(n, &w)
		}
	}
	return w.inlines()
}
