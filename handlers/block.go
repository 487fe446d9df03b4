package handlers

import (
	"haidang/courses"
	"haidang/courses/catalog"
)

// Mark is a style of a run of text.
type Mark struct {
	Type    string `json:"type" enum:"bold,italic,link,cite"`
	Href    string `json:"href,omitempty" maxLength:"2000" doc:"Of a link; https or http"`
	Number  string `json:"number,omitempty" maxLength:"200" doc:"Of a citation: the legal document"`
	Article string `json:"article,omitempty" maxLength:"200" doc:"Of a citation: the place in it"`
}

// Inline is a run of text in a block.
type Inline struct {
	Text  string `json:"text" maxLength:"20000"`
	Marks []Mark `json:"marks,omitempty" nullable:"false" maxItems:"4"`
}

// Cell is one cell of a table.
type Cell struct {
	Text    []Inline `json:"text" nullable:"false" maxItems:"500"`
	Head    bool     `json:"head,omitempty"`
	Columns int      `json:"columns,omitempty" minimum:"0" maximum:"20" doc:"How many it reaches over; 0 means 1"`
	Rows    int      `json:"rows,omitempty" minimum:"0" maximum:"200" doc:"How many it reaches over; 0 means 1"`
}

// DocumentHead is how an official document names itself.
type DocumentHead struct {
	Issuer   string       `json:"issuer,omitempty" maxLength:"200"`
	Number   string       `json:"number" maxLength:"200"`
	Date     courses.Date `json:"date,omitempty" maxLength:"10"`
	Abstract string       `json:"abstract,omitempty" maxLength:"500"`
	Article  string       `json:"article,omitempty" maxLength:"200"`
}

// Block is a piece of an article: structured text, never HTML.
type Block struct {
	ID       string          `json:"id,omitempty" maxLength:"36" pattern:"^([0-9a-f-]{36})?$" doc:"A UUID that stays; empty lets the server make it"`
	Type     string          `json:"type" enum:"heading,paragraph,bullets,numbers,quote,callout,table,picture,file,official,question"`
	Level    int             `json:"level,omitempty" minimum:"2" maximum:"4" doc:"Of a heading"`
	Style    string          `json:"style,omitempty" enum:"note,warning,example" doc:"Of a callout"`
	Text     []Inline        `json:"text,omitempty" nullable:"false" maxItems:"500" doc:"Of a text; the caption of a picture; the name of a file; what a question asks"`
	Items    [][]Inline      `json:"items,omitempty" nullable:"false" maxItems:"500" doc:"Of a list; the answers of a question"`
	Right    []int           `json:"right,omitempty" nullable:"false" maxItems:"20" doc:"Of a question: which answers are right, from 0, ascending"`
	Note     string          `json:"note,omitempty" maxLength:"2000" doc:"Of a question: why"`
	Rows     [][]Cell        `json:"rows,omitempty" nullable:"false" maxItems:"200" doc:"Of a table"`
	Asset    courses.AssetID `json:"asset,omitempty" maxLength:"36" doc:"Of a picture or file"`
	Alt      string          `json:"alt,omitempty" maxLength:"500" doc:"Of a picture: what it shows, for those who do not see it"`
	Document *DocumentHead   `json:"document,omitempty" doc:"Of an official head"`
}

// TimedQuestion is a question in passing that a recording stops for.
type TimedQuestion struct {
	AtMs  int64 `json:"atMs" minimum:"0" maximum:"86400000" doc:"Where it stops, from its beginning; no two stop at the same"`
	Block Block `json:"block" doc:"Of type question"`
}

func timedQuestionView(q catalog.TimedQuestion) TimedQuestion {
	return TimedQuestion{AtMs: q.AtMs, Block: blockView(q.Block)}
}

func (q TimedQuestion) domain() catalog.TimedQuestion {
	return catalog.TimedQuestion{AtMs: q.AtMs, Block: q.Block.domain()}
}

func blockView(b catalog.Block) Block {
	view := Block{
		ID: b.ID, Type: string(b.Type), Level: b.Level, Style: b.Style, Text: inlineViews(b.Text), Items: each(b.Items, inlineViews),
		Right: b.Right, Note: b.Note, Asset: b.Asset, Alt: b.Alt,
		Rows: each(b.Rows, func(row []catalog.Cell) []Cell {
			return each(row, func(c catalog.Cell) Cell {
				return Cell{Text: inlineViews(c.Text), Head: c.Head, Columns: c.Columns, Rows: c.Rows}
			})
		}),
	}
	if b.Type == catalog.Official {
		head := DocumentHead(b.Document)
		view.Document = &head
	}
	return view
}

func inlineViews(list []catalog.Inline) []Inline {
	return each(list, func(i catalog.Inline) Inline {
		return Inline{Text: i.Text, Marks: each(i.Marks, func(m catalog.Mark) Mark { return Mark(m) })}
	})
}

func (b Block) domain() catalog.Block {
	block := catalog.Block{
		ID: b.ID, Type: catalog.BlockType(b.Type), Level: b.Level, Style: b.Style, Text: inlines(b.Text), Items: each(b.Items, inlines),
		Right: b.Right, Note: b.Note, Asset: b.Asset, Alt: b.Alt,
		Rows: each(b.Rows, func(row []Cell) []catalog.Cell {
			return each(row, func(c Cell) catalog.Cell {
				return catalog.Cell{Text: inlines(c.Text), Head: c.Head, Columns: c.Columns, Rows: c.Rows}
			})
		}),
	}
	if b.Document != nil {
		block.Document = catalog.DocumentHead(*b.Document)
	}
	return block
}

func inlines(list []Inline) []catalog.Inline {
	return each(list, func(i Inline) catalog.Inline {
		return catalog.Inline{Text: i.Text, Marks: each(i.Marks, func(m Mark) catalog.Mark { return catalog.Mark(m) })}
	})
}
