package mongo

import (
	"haidang/courses"
	"haidang/courses/catalog"
)

type blockDoc struct {
	ID       string            `bson:"id,omitempty"`
	Type     catalog.BlockType `bson:"type"`
	Level    int               `bson:"level,omitempty"`
	Style    string            `bson:"style,omitempty"`
	Text     []inlineDoc       `bson:"text,omitempty"`
	Items    [][]inlineDoc     `bson:"items,omitempty"`
	Right    []int             `bson:"right,omitempty"`
	Note     string            `bson:"note,omitempty"`
	Rows     [][]cellDoc       `bson:"rows,omitempty"`
	Asset    courses.AssetID   `bson:"asset,omitempty"`
	Alt      string            `bson:"alt,omitempty"`
	Document documentHeadDoc   `bson:"document,omitempty"`
}

type cellDoc struct {
	Text    []inlineDoc `bson:"text,omitempty"`
	Head    bool        `bson:"head,omitempty"`
	Columns int         `bson:"columns,omitempty"`
	Rows    int         `bson:"rows,omitempty"`
}

type documentHeadDoc struct {
	Issuer   string       `bson:"issuer,omitempty"`
	Number   string       `bson:"number,omitempty"`
	Date     courses.Date `bson:"date,omitempty"`
	Abstract string       `bson:"abstract,omitempty"`
	Article  string       `bson:"article,omitempty"`
}

type inlineDoc struct {
	Text  string    `bson:"text"`
	Marks []markDoc `bson:"marks,omitempty"`
}

type markDoc struct {
	Type    string `bson:"type"`
	Href    string `bson:"href,omitempty"`
	Number  string `bson:"number,omitempty"`
	Article string `bson:"article,omitempty"`
}

func blockToDoc(b catalog.Block) blockDoc {
	return blockDoc{
		ID: b.ID, Type: b.Type, Level: b.Level, Style: b.Style, Right: b.Right, Note: b.Note, Asset: b.Asset, Alt: b.Alt,
		Text: inlinesToDocs(b.Text), Items: each(b.Items, inlinesToDocs), Document: documentHeadDoc(b.Document),
		Rows: each(b.Rows, func(row []catalog.Cell) []cellDoc {
			return each(row, func(c catalog.Cell) cellDoc {
				return cellDoc{Text: inlinesToDocs(c.Text), Head: c.Head, Columns: c.Columns, Rows: c.Rows}
			})
		}),
	}
}

func inlinesToDocs(list []catalog.Inline) []inlineDoc {
	return each(list, func(i catalog.Inline) inlineDoc {
		return inlineDoc{Text: i.Text, Marks: each(i.Marks, func(m catalog.Mark) markDoc { return markDoc(m) })}
	})
}

func (d blockDoc) block() catalog.Block {
	return catalog.Block{
		ID: d.ID, Type: d.Type, Level: d.Level, Style: d.Style, Right: d.Right, Note: d.Note, Asset: d.Asset, Alt: d.Alt,
		Text: inlines(d.Text), Items: each(d.Items, inlines), Document: catalog.DocumentHead(d.Document),
		Rows: each(d.Rows, func(row []cellDoc) []catalog.Cell {
			return each(row, func(c cellDoc) catalog.Cell {
				return catalog.Cell{Text: inlines(c.Text), Head: c.Head, Columns: c.Columns, Rows: c.Rows}
			})
		}),
	}
}

func inlines(list []inlineDoc) []catalog.Inline {
	return each(list, func(d inlineDoc) catalog.Inline {
		return catalog.Inline{Text: d.Text, Marks: each(d.Marks, func(m markDoc) catalog.Mark { return catalog.Mark(m) })}
	})
}

type timedQuestionDoc struct {
	AtMs  int64    `bson:"atMs"`
	Block blockDoc `bson:"block"`
}

func timedQuestionToDoc(q catalog.TimedQuestion) timedQuestionDoc {
	return timedQuestionDoc{AtMs: q.AtMs, Block: blockToDoc(q.Block)}
}

func (d timedQuestionDoc) question() catalog.TimedQuestion {
	return catalog.TimedQuestion{AtMs: d.AtMs, Block: d.Block.block()}
}
