package exchange

import (
	"haidang/courses/catalog"
	"haidang/courses/vietnamese"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// piece is a block of a document with its place in the outline.
type piece struct {
	block catalog.Block
	level int // 1–9 of a heading, 0 of all else
}

// outline gathers the pieces of a document and makes lessons of them.
type outline struct {
	title  string
	pieces []piece
	runes  int
}

// add takes a piece; it refuses with ErrBlocks.
func (o *outline) add(b catalog.Block, level int) error {
	o.runes += utf8.RuneCountInString(b.Words())
	o.pieces = append(o.pieces, piece{b, level})
	return o.fits()
}

func (o *outline) fits() error {
	if o.runes > mostText || len(o.pieces) > mostBlocks {
		return ErrBlocks
	}
	return nil
}

// last is the block that was added last, or an empty one.
func (o *outline) last() *catalog.Block {
	if len(o.pieces) == 0 {
		return &catalog.Block{}
	}
	return &o.pieces[len(o.pieces)-1].block
}

// addItem puts an item into the list that stands last, or begins one.
func (o *outline) addItem(kind catalog.BlockType, item []catalog.Inline) error {
	last := o.last()
	if last.Type != kind {
		return o.add(catalog.Block{Type: kind, Items: [][]catalog.Inline{item}}, 0)
	}
	last.Items = append(last.Items, item)
	o.runes += utf8.RuneCountInString(plain(item))
	return o.fits()
}

// Words for what a document leaves without a title.
const (
	untitledLesson = "Nội dung"
	openingLesson  = "Mở đầu"
)

// lessons cuts the pieces at the headings of the highest level that the document
// uses. Without any headings, the articles of official documents serve as such.
// It refuses with ErrEmpty and ErrLessons.
func (o *outline) lessons() ([]catalog.Lesson, error) {
	if len(o.pieces) == 0 {
		return nil, ErrEmpty
	}
	top := o.top()
	if top == 0 {
		o.pieces, top = official(o.pieces), 1
	}
	o.joinBare()
	var made []catalog.Lesson
	for _, p := range o.pieces {
		switch {
		case p.level == top:
			made = append(made, catalog.Lesson{Kind: catalog.Article, Title: plain(p.block.Text)})
			continue
		case len(made) == 0:
			made = append(made, catalog.Lesson{Kind: catalog.Article, Title: o.opening(top)})
		}
		if p.level > 0 {
			p.block.Level = min(p.level-top+1, 4)
		}
		last := &made[len(made)-1]
		last.Blocks = append(last.Blocks, p.block)
	}
	return measured(made)
}

// measured gives each lesson its minutes. It refuses with ErrLessons.
func measured(made []catalog.Lesson) ([]catalog.Lesson, error) {
	if len(made) > mostLessons {
		return nil, ErrLessons
	}
	for i := range made {
		made[i].Minutes = catalog.ReadingMinutes(made[i].Blocks)
	}
	return made, nil
}

// top is the highest level of the headings, 0 without any.
func (o *outline) top() int {
	top := 0
	for _, p := range o.pieces {
		if p.level > 0 && (top == 0 || p.level < top) {
			top = p.level
		}
	}
	return top
}

// opening is the title of what stands before the first heading.
func (o *outline) opening(top int) string {
	switch {
	case o.title != "":
		return o.title
	case slices.ContainsFunc(o.pieces, func(p piece) bool { return p.level == top }):
		return openingLesson
	}
	return untitledLesson
}

// joinBare makes one heading of "CHƯƠNG I" and the heading of the same level
// that follows it, "QUY ĐỊNH CHUNG".
func (o *outline) joinBare() {
	kept := o.pieces[:0]
	for _, p := range o.pieces {
		if n := len(kept); n > 0 && p.level > 0 && kept[n-1].level == p.level && bare(kept[n-1].block.Text) && divisionOf(p.block.Text) == none {
			kept[n-1].block.Text = unmarked(strings.TrimRight(plain(kept[n-1].block.Text), ".:") + ". " + plain(p.block.Text))
			continue
		}
		kept = append(kept, p)
	}
	o.pieces = kept
}

// division is a kind of part that official documents have, from the widest.
type division int

const (
	none division = iota
	phan
	chuong
	roman
	muc
	tieuMuc
	dieu
)

var divisions = map[string]division{"phần": phan, "chương": chuong, "mục": muc, "tiểu mục": tieuMuc, "điều": dieu}

var (
	divisionHead = regexp.MustCompile(`^(phần|chương|mục|tiểu mục|điều) (thứ \p{L}+|\d+[a-zđ]?|[ivxlc]+)([.:–—-]| |$)`)
	romanHead    = regexp.MustCompile(`^[IVXLC]+ ?[.\-–—/] ?\p{L}`)
	bareHead     = regexp.MustCompile(`^(phần|chương|mục|tiểu mục) (thứ \p{L}+|\d+|[ivxlc]+)[.:]?$`)
)

// spelt is text in the one form in which patterns are written; text in a font
// of its own encoding fits none.
func spelt(runs []catalog.Inline) string {
	text, err := vietnamese.Clean(plain(runs))
	if err != nil {
		return ""
	}
	return text
}

func divisionOf(runs []catalog.Inline) division {
	text := spelt(runs)
	if m := divisionHead.FindStringSubmatch(strings.ToLower(text)); m != nil {
		return divisions[m[1]]
	}
	if romanHead.MatchString(text) {
		return roman
	}
	return none
}

// bare says that a heading is a number without a title.
func bare(runs []catalog.Inline) bool { return bareHead.MatchString(strings.ToLower(spelt(runs))) }

// boldHead parts a paragraph after the bold text that it begins with.
func boldHead(runs []catalog.Inline) (head, rest []catalog.Inline) {
	n := slices.IndexFunc(runs, func(r catalog.Inline) bool { return !marked(r, "bold") })
	if n < 0 {
		return runs, nil
	}
	return runs[:n], runs[n:]
}

// official makes headings of the bold lines with which official documents begin
// their parts: "Chương I", "Mục 1", "I. TÌNH HÌNH", "Điều 5." The widest kind but
// Điều begins lessons; Phần and Chương both do.
func official(pieces []piece) []piece {
	var made []piece
	kinds := make([]division, 0, len(pieces))
	put := func(p piece, kind division) {
		made, kinds = append(made, p), append(kinds, kind)
	}
	for _, p := range pieces {
		head, rest := boldHead(p.block.Text)
		kind := none
		if p.block.Type == catalog.Paragraph && len(head) > 0 {
			kind = divisionOf(head)
		}
		switch {
		case kind == roman && len(rest) > 0:
			put(p, none)
		case kind == none && len(kinds) > 0 && p.block.Type == catalog.Paragraph && allBold(p.block.Text) && bare(made[len(made)-1].block.Text):
			put(p, kinds[len(kinds)-1]) // its title, on a line of its own
		case kind == none:
			put(p, none)
		default:
			put(piece{block: catalog.Block{Type: catalog.Paragraph, Text: head}}, kind)
			if len(rest) > 0 {
				rest = slices.Clone(rest)
				rest[0].Text = strings.TrimLeft(rest[0].Text, " ")
				put(piece{block: catalog.Block{Type: catalog.Paragraph, Text: rest}}, none)
			}
		}
	}
	return levelled(made, kinds)
}

// levelled gives the divisions that are used their levels, from the widest.
func levelled(pieces []piece, kinds []division) []piece {
	var levels [dieu + 1]int
	next := 1
	for kind := phan; kind <= dieu; kind++ {
		if !slices.Contains(kinds, kind) {
			continue
		}
		if kind == dieu {
			next = max(next, 2)
		}
		levels[kind] = next
		if kind == phan && slices.Contains(kinds, chuong) {
			continue
		}
		next++
	}
	for i := range pieces {
		if level := levels[kinds[i]]; level > 0 {
			pieces[i].level = level
			pieces[i].block = heading(plain(pieces[i].block.Text))
		}
	}
	return pieces
}

// heading is a heading of the highest level that blocks have.
func heading(text string) catalog.Block {
	return catalog.Block{Type: catalog.Heading, Level: 2, Text: unmarked(text)}
}
