package catalog

import (
	"fmt"
	"haidang/courses"
	"net/url"
	"strings"
)

// BlockType says what a block is.
type BlockType string

// The types of blocks.
const (
	Heading   BlockType = "heading"
	Paragraph BlockType = "paragraph"
	Quote     BlockType = "quote"
	Bullets   BlockType = "bullets"
	Numbers   BlockType = "numbers"
	Callout   BlockType = "callout"  // a paragraph that stands out
	Table     BlockType = "table"    // rows of cells
	Picture   BlockType = "picture"  // an image with its alternative text
	File      BlockType = "file"     // a document to be read or saved
	Official  BlockType = "official" // the head of a legal document
	Question  BlockType = "question" // asked in passing; nobody is marked by it
)

// Block is a piece of an article: structured text, never HTML.
type Block struct {
	ID       string // the same through drafts and versions; comments are anchored to it
	Type     BlockType
	Level    int             // of a heading, 2–4
	Style    string          // of a callout: note, warning or example
	Text     []Inline        // of a text; the caption of a picture; the name of a file; what a question asks
	Items    [][]Inline      // of a list; the answers of a question
	Right    []int           // of a question: which answers are right, ascending
	Note     string          // of a question: why
	Rows     [][]Cell        // of a table
	Asset    courses.AssetID // of a picture or file
	Alt      string          // of a picture, for those who do not see it
	Document DocumentHead    // of an official head
}

// Cell is one cell of a table. Columns and Rows say over how many it reaches; 0
// means 1.
type Cell struct {
	Text          []Inline
	Head          bool
	Columns, Rows int
}

// DocumentHead is how an official document names itself, with the article that
// the lesson speaks of.
type DocumentHead struct {
	Issuer   string
	Number   string
	Date     courses.Date // empty where unknown
	Abstract string       // trích yếu
	Article  string       // "Điều 5, khoản 2"
}

// Inline is a run of text with its marks.
type Inline struct {
	Text  string
	Marks []Mark
}

// Mark is a style: bold, italic, link or cite.
type Mark struct {
	Type    string
	Href    string // of a link
	Number  string // of a citation: the document
	Article string // of a citation, if it names one
}

// Reference is a place in a legal document.
type Reference struct{ Number, Article string }

// runs calls see for every run of text in the block.
func (b Block) runs(see func(Inline)) {
	each := func(list []Inline) {
		for _, run := range list {
			see(run)
		}
	}
	each(b.Text)
	for _, item := range b.Items {
		each(item)
	}
	for _, row := range b.Rows {
		for _, cell := range row {
			each(cell.Text)
		}
	}
}

// Cited lists the places that the block cites.
func (b Block) Cited() []Reference {
	var list []Reference
	if b.Document.Number != "" {
		list = append(list, Reference{b.Document.Number, b.Document.Article})
	}
	b.runs(func(run Inline) {
		for _, mark := range run.Marks {
			if mark.Type == "cite" {
				list = append(list, Reference{mark.Number, mark.Article})
			}
		}
	})
	return list
}

// Words is the text of the block, for the diff and for quoting it.
func (b Block) Words() string {
	var words strings.Builder
	b.runs(func(run Inline) { words.WriteString(run.Text) })
	return words.String()
}

const (
	mostColumns = 20
	mostRows    = 200
)

// keep gives the block of only what its type has.
func (b Block) keep() (Block, bool) {
	kept := Block{ID: b.ID, Type: b.Type}
	switch b.Type {
	case Heading:
		kept.Level, kept.Text = b.Level, b.Text
	case Paragraph, Quote:
		kept.Text = b.Text
	case Callout:
		kept.Style, kept.Text = b.Style, b.Text
	case Bullets, Numbers:
		kept.Items = b.Items
	case Table:
		kept.Rows = b.Rows
	case Picture:
		kept.Asset, kept.Alt, kept.Text = b.Asset, b.Alt, b.Text
	case File:
		kept.Asset, kept.Text = b.Asset, b.Text
	case Official:
		kept.Document = b.Document
	case Question:
		kept.Text, kept.Items, kept.Right, kept.Note = b.Text, b.Items, b.Right, b.Note
	default:
		return b, false
	}
	return kept, true
}

func (k *cleaner) block(path string, b *Block) {
	kept, known := b.keep()
	if !known {
		k.refuse(path+".type", "unknown")
		return
	}
	kept.ID = k.id(path+".id", kept.ID)
	if b.Type == Heading && (b.Level < 2 || b.Level > 4) {
		k.refuse(path+".level", "range")
	}
	if b.Type == Callout && b.Style != "note" && b.Style != "warning" && b.Style != "example" {
		k.refuse(path+".style", "unknown")
	}
	kept.Text = k.runs(path+".text", kept.Text)
	for i := range kept.Items {
		kept.Items[i] = k.runs(fmt.Sprintf("%s.items[%d]", path, i), kept.Items[i])
	}
	k.rows(path, kept.Rows)
	kept.Alt, kept.Note = k.text(path+".alt", kept.Alt), k.text(path+".note", kept.Note)
	k.head(path+".document", &kept.Document)
	last := -1
	for _, i := range kept.Right {
		if i <= last || i >= len(kept.Items) {
			k.refuse(path+".right", "range")
		}
		last = i
	}
	*b = kept
}

func (k *cleaner) rows(path string, rows [][]Cell) {
	if len(rows) > mostRows {
		k.refuse(path+".rows", "too_many")
	}
	for i, row := range rows {
		if len(row) > mostColumns {
			k.refuse(fmt.Sprintf("%s.rows[%d]", path, i), "too_many")
		}
		for j := range row {
			at, cell := fmt.Sprintf("%s.rows[%d][%d]", path, i, j), &row[j]
			cell.Text = k.runs(at, cell.Text)
			if cell.Columns < 0 || cell.Columns > mostColumns || cell.Rows < 0 || cell.Rows > mostRows {
				k.refuse(at, "range")
			}
		}
	}
}

func (k *cleaner) head(path string, d *DocumentHead) {
	for _, text := range []*string{&d.Issuer, &d.Number, &d.Abstract, &d.Article} {
		*text = k.text(path, *text)
	}
	if _, err := courses.ParseDate(string(d.Date)); d.Date != "" && err != nil {
		k.refuse(path+".date", "date")
	}
}

func (k *cleaner) runs(path string, runs []Inline) []Inline {
	kept := runs[:0]
	for i, run := range runs {
		at := fmt.Sprintf("%s[%d]", path, i)
		// Clean trims; the blanks between runs carry meaning.
		lead, trail := edge(run.Text)
		if text := k.text(at+".text", run.Text); text != "" {
			run.Text = lead + text + trail
		} else {
			run.Text = max(lead, trail) // of nothing but blanks one is enough
		}
		for j := range run.Marks {
			k.mark(fmt.Sprintf("%s.marks[%d]", at, j), &run.Marks[j])
		}
		if run.Text != "" {
			kept = append(kept, run)
		}
	}
	return kept
}

// edge keeps one blank where a run begins or ends with white space.
func edge(s string) (lead, trail string) {
	const blank = " \t\n\r\u00a0"
	if s != strings.TrimLeft(s, blank) {
		lead = " "
	}
	if strings.Trim(s, blank) != "" && s != strings.TrimRight(s, blank) {
		trail = " "
	}
	return lead, trail
}

func (k *cleaner) mark(path string, m *Mark) {
	switch m.Type {
	case "bold", "italic":
		*m = Mark{Type: m.Type}
	case "link":
		u, err := url.Parse(m.Href)
		if err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") {
			k.refuse(path+".href", "not_http")
		}
		*m = Mark{Type: m.Type, Href: m.Href}
	case "cite":
		*m = Mark{Type: m.Type, Number: k.text(path+".number", m.Number), Article: k.text(path+".article", m.Article)}
		if m.Number == "" {
			k.refuse(path+".number", "empty")
		}
	default:
		k.refuse(path+".type", "unknown")
	}
}
