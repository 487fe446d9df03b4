package exchange

import (
	"context"
	"haidang/courses/catalog"
	"io"
	"strings"
)

// docx reads one Word document.
type docx struct {
	archive *archive
	links   map[string]relation
	styles  map[string]*docxStyle
	lists   *docxLists
	fields  []docxField // the fields that are open where the reader stands
	album   *album
	dropped drops
	titled  bool // the title was read from the text
	out     outline
}

// ReadDOCX makes a course of a Word document: a lesson for each heading of the
// highest level, with paragraphs, lists, tables and pictures. Documents without
// heading styles are cut at their bold "Chương", "Mục" and "Điều". It refuses
// with ErrNotDOCX, ErrOld, ErrCorrupt, ErrNames, ErrUnsafeXML, ErrUnpacked,
// ErrLessons, ErrBlocks and ErrEmpty; it runs and fetches nothing.
func ReadDOCX(ctx context.Context, r io.ReaderAt, size int64) (Imported, error) {
	a, err := openArchive(r, size, mostUnpacked, ErrNotDOCX)
	if err != nil {
		return Imported{}, err
	}
	part, macros, err := a.mainPart(ErrNotDOCX, "wordprocessingml.document.main", "wordprocessingml.template.main", "ms-word.document.macroenabled", "ms-word.template.macroenabled")
	if err != nil {
		return Imported{}, err
	}
	d := &docx{archive: a, dropped: drops{}}
	d.album = &album{archive: a, dropped: d.dropped, known: map[string]int{}}
	if macros {
		d.dropped.add(DropMacro)
	}
	if err := d.prepare(ctx, part); err != nil {
		return Imported{}, err
	}
	err = a.each(a.find(part), "body", func(n *node) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		return d.body(ctx, n)
	})
	if err != nil {
		return Imported{}, err
	}
	return d.imported()
}

// prepare reads what the body refers to.
func (d *docx) prepare(ctx context.Context, part string) error {
	var err error
	if d.links, err = d.archive.relations(part); err != nil {
		return err
	}
	d.dropped.elsewhere(d.links)
	settings, err := d.archive.relations(linked(d.links, "settings"))
	if err != nil {
		return err
	}
	if linked(d.links, "settings") != "" {
		d.dropped.elsewhere(settings)
	}
	styles, err := d.archive.whole(linked(d.links, "styles"))
	if err != nil {
		return err
	}
	numbering, err := d.archive.whole(linked(d.links, "numbering"))
	if err != nil {
		return err
	}
	d.styles, d.lists = docxStyles(styles), docxNumbering(numbering)
	d.out.title, err = d.archive.coreTitle()
	if err != nil {
		return err
	}
	return ctx.Err()
}

// coreTitle is the title in the document's properties.
func (a *archive) coreTitle() (string, error) {
	links, err := a.relations("")
	if err != nil {
		return "", err
	}
	core, err := a.whole(linked(links, "core-properties"))
	return strings.Join(strings.Fields(string(core.child("title").text)), " "), err
}

func (d *docx) imported() (Imported, error) {
	lessons, err := d.out.lessons()
	if err != nil {
		return Imported{}, err
	}
	return Imported{Title: d.out.title, Lessons: lessons, Pictures: d.album.pictures, Dropped: d.dropped.list()}, nil
}

// body takes an element that stands in the body, or in a table of one cell.
func (d *docx) body(ctx context.Context, n *node) error {
	switch {
	case n.name == "p":
		return d.paragraph(ctx, n)
	case n.name == "tbl":
		return d.table(ctx, n)
	case n.name == "altChunk":
		d.dropped.add(DropObject)
	case n.name == "oMathPara":
		d.dropped.add(DropEquation)
	case n.name == "sdt" && strings.EqualFold(n.at("sdtPr", "docPartObj", "docPartGallery").attr("val"), "Table of Contents"):
		d.dropped.add(DropContents)
	case n.name == "del" || n.name == "moveFrom":
		d.dropped.add(DropDeleted)
	case wrappers[n.name]:
		for _, c := range n.children {
			if err := d.body(ctx, c); err != nil {
				return err
			}
		}
	}
	return nil
}

// passage is a paragraph as read.
type passage struct {
	text     writer
	pictures []catalog.Block
	style    *docxStyle
	label    string // its number or bullet, if it has one
	bullet   bool
}

// read reads the text and the pictures of a paragraph.
func (d *docx) read(ctx context.Context, n *node) (*passage, error) {
	p := &passage{style: d.styleOf(n)}
	if err := d.inline(ctx, n, p, ""); err != nil {
		return nil, err
	}
	d.closeFields()
	if !p.text.empty() {
		p.label, p.bullet = d.lists.next(n.child("pPr"), p.style)
	}
	return p, nil
}

// paragraph adds a paragraph of the body.
func (d *docx) paragraph(ctx context.Context, n *node) error {
	p, err := d.read(ctx, n)
	if err != nil {
		return err
	}
	if p.style.contents {
		if !p.text.empty() && d.dropped[DropContents] == 0 {
			d.dropped.add(DropContents)
		}
		return nil
	}
	if err := d.place(p, headingLevel(n, p.style)); err != nil {
		return err
	}
	for _, picture := range p.pictures {
		if err := d.out.add(picture, 0); err != nil {
			return err
		}
	}
	return nil
}

// place adds the text of a paragraph as what it is.
func (d *docx) place(p *passage, level int) error {
	text := p.text.inlines()
	last := d.out.last()
	switch {
	case len(text) == 0:
		return nil
	case p.style.title && len(d.out.pieces) == 0:
		d.out.title = strings.TrimSpace(d.titleSoFar() + plain(text))
		return nil
	case level > 0:
		return d.out.add(heading(strings.TrimSpace(p.label+" "+plain(text))), level)
	case p.style.caption && last.Type == catalog.Picture && last.Text == nil:
		last.Text = text
		return d.out.fits()
	case p.bullet:
		return d.out.addItem(catalog.Bullets, text)
	case p.label == "":
		return d.out.add(catalog.Block{Type: catalog.Paragraph, Text: text}, 0)
	case d.goesOn(p.label):
		return d.out.addItem(catalog.Numbers, text)
	case counts(p.label, 1):
		return d.out.add(catalog.Block{Type: catalog.Numbers, Items: [][]catalog.Inline{text}}, 0)
	}
	// A list that does not count 1, 2, 3 would show other numbers than the
	// document has, and they may be those of clauses.
	return d.out.add(catalog.Block{Type: catalog.Paragraph, Text: labelled(p.label, text)}, 0)
}

// titleSoFar is what the paragraphs above gave of a title of several lines.
func (d *docx) titleSoFar() string {
	if d.titled {
		return d.out.title + " "
	}
	d.titled = true
	return ""
}

// goesOn says that the label is the next number of the list that stands last.
func (d *docx) goesOn(label string) bool {
	last := d.out.last()
	return last.Type == catalog.Numbers && counts(label, len(last.Items)+1)
}

// counts says that a label is that number and no more: "2." or "2)".
func counts(label string, number int) bool {
	return strings.TrimRight(label, ".)") == figure("decimal", number)
}

// labelled puts a label before a text.
func labelled(label string, text []catalog.Inline) []catalog.Inline {
	if len(text) > 0 && len(text[0].Marks) == 0 {
		text[0].Text = label + " " + text[0].Text
		return text
	}
	return append(unmarked(label+" "), text...)
}
