package exchange

import (
	"bytes"
	"encoding/json"
	"fmt"
	"haidang/courses"
	"haidang/courses/catalog"
	"haidang/courses/media"
)

// What course.json says of itself.
const (
	packageFormat  = "haidang.course"
	packageVersion = 2
)

// The form of course.json, version 2: version 1 is the same without papers and
// questions. The tag most is the length of a text or a list, or the value of a
// number; the form id is a UUID or empty.
type packageDoc struct {
	Format  string         `json:"format"`
	Version int            `json:"version"`
	Code    string         `json:"code" most:"40"`
	Title   string         `json:"title" most:"20000"`
	Owner   packageOwner   `json:"owner"`
	Content contentDoc     `json:"content"`
	Assets  []packageAsset `json:"assets" most:"4999"`

	Questions []questionDoc `json:"questions,omitempty" most:"2000"`
}

type packageOwner struct {
	Code courses.UnitID `json:"code" most:"40"`
	Name string         `json:"name" most:"2000"`
}

type packageAsset struct {
	ID       courses.AssetID `json:"id" form:"id"`
	Name     string          `json:"name" most:"200"`
	Kind     media.Kind      `json:"kind" most:"20"`
	Type     string          `json:"type" most:"200"`
	Bytes    int64           `json:"bytes"`
	SHA256   string          `json:"sha256" form:"sha256"`
	Captions []cueDoc        `json:"captions,omitempty" most:"20000"`
}

type cueDoc struct {
	FromMs int64  `json:"fromMs"`
	ToMs   int64  `json:"toMs"`
	Text   string `json:"text" most:"2000"`
}

type contentDoc struct {
	Title     string               `json:"title" most:"20000"`
	Summary   string               `json:"summary" most:"2000"`
	Knowledge catalog.Knowledge    `json:"knowledge" form:"knowledge"`
	Tiet      int                  `json:"tiet" most:"400"`
	Positions []courses.PositionID `json:"positions,omitempty" most:"100"`
	Citations []citationDoc        `json:"citations,omitempty" most:"100"`
	Modules   []moduleDoc          `json:"modules,omitempty" most:"300"`

	Statements []statementDoc `json:"statements,omitempty" most:"10"`
}

type statementDoc struct {
	ID   string `json:"id" form:"id"`
	Text string `json:"text" most:"300"`
}

type citationDoc struct {
	Number   string `json:"number" most:"200"`
	Abstract string `json:"abstract,omitempty" most:"500"`
	Verified bool   `json:"verified"`
}

type moduleDoc struct {
	ID      string      `json:"id" form:"id"`
	Title   string      `json:"title" most:"20000"`
	Tiet    int         `json:"tiet" most:"400"`
	Lessons []lessonDoc `json:"lessons,omitempty" most:"300"`
}

type lessonDoc struct {
	ID       courses.LessonID   `json:"id" form:"id"`
	Kind     catalog.LessonKind `json:"kind" most:"20"`
	Title    string             `json:"title" most:"20000"`
	Minutes  int                `json:"minutes" most:"600"`
	Blocks   []blockDoc         `json:"blocks,omitempty" most:"2000"`
	Asset    courses.AssetID    `json:"asset,omitempty" form:"id"`
	Coverage int                `json:"coverage,omitempty" most:"10000"`
	Paper    *paperDoc          `json:"paper,omitempty"`

	Questions []timedQuestionDoc `json:"questions,omitempty" most:"30"`
}

type timedQuestionDoc struct {
	AtMs  int64    `json:"atMs" most:"86400000"`
	Block blockDoc `json:"block"`
}

type blockDoc struct {
	ID       string            `json:"id,omitempty" form:"id"`
	Type     catalog.BlockType `json:"type" most:"20"`
	Level    int               `json:"level,omitempty" most:"6"`
	Style    string            `json:"style,omitempty" most:"20"`
	Text     []inlineDoc       `json:"text,omitempty"`
	Items    [][]inlineDoc     `json:"items,omitempty"`
	Right    []int             `json:"right,omitempty" most:"500"`
	Note     string            `json:"note,omitempty" most:"2000"`
	Rows     [][]cellDoc       `json:"rows,omitempty" most:"200"`
	Asset    courses.AssetID   `json:"asset,omitempty" form:"id"`
	Alt      string            `json:"alt,omitempty"`
	Document *documentHeadDoc  `json:"document,omitempty"`
}

type cellDoc struct {
	Text    []inlineDoc `json:"text,omitempty"`
	Head    bool        `json:"head,omitempty"`
	Columns int         `json:"columns,omitempty" most:"20"`
	Rows    int         `json:"rows,omitempty" most:"200"`
}

type documentHeadDoc struct {
	Issuer   string       `json:"issuer,omitempty" most:"200"`
	Number   string       `json:"number,omitempty" most:"200"`
	Date     courses.Date `json:"date,omitempty" most:"10"`
	Abstract string       `json:"abstract,omitempty" most:"500"`
	Article  string       `json:"article,omitempty" most:"200"`
}

type inlineDoc struct {
	Text  string    `json:"text"`
	Marks []markDoc `json:"marks,omitempty" most:"20"`
}

type markDoc struct {
	Type    string `json:"type" most:"20"`
	Href    string `json:"href,omitempty"`
	Number  string `json:"number,omitempty" most:"200"`
	Article string `json:"article,omitempty" most:"200"`
}

// converted converts a list; empty becomes nil, so that nothing depends on which
// of them it was.
func converted[A, B any](list []A, convert func(A) B) []B {
	var out []B
	for _, a := range list {
		out = append(out, convert(a))
	}
	return out
}

// manifest is course.json.
func (p Package) manifest() ([]byte, error) {
	doc := packageDoc{
		Format: packageFormat, Version: packageVersion, Code: p.Code, Title: p.Content.Title,
		Owner: packageOwner{p.Owner, p.OwnerName}, Content: contentToDoc(p.Content),
		Assets: converted(p.Assets, func(a PackagedAsset) packageAsset {
			return packageAsset{
				ID: a.ID, Name: a.Name, Kind: a.Kind, Type: a.Type, Bytes: a.Bytes, SHA256: a.SHA256,
				Captions: converted(a.Captions, func(c media.Cue) cueDoc { return cueDoc(c) }),
			}
		}),
		Questions: converted(p.Questions, questionToDoc),
	}
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(doc); err != nil {
		return nil, fmt.Errorf("write course.json: %w", err)
	}
	return b.Bytes(), nil
}

// domain is the package without its files.
func (d packageDoc) domain() Package {
	return Package{
		Code: d.Code, Owner: d.Owner.Code, OwnerName: d.Owner.Name, Content: d.Content.content(),
		Assets: converted(d.Assets, func(a packageAsset) PackagedAsset {
			return PackagedAsset{
				ID: a.ID, Name: a.Name, Kind: a.Kind, Type: a.Type, Bytes: a.Bytes, SHA256: a.SHA256,
				Captions: converted(a.Captions, func(c cueDoc) media.Cue { return media.Cue(c) }),
			}
		}),
		Questions: converted(d.Questions, questionDoc.item),
	}
}

func contentToDoc(c catalog.Content) contentDoc {
	return contentDoc{
		Title: c.Title, Summary: c.Summary, Knowledge: c.Knowledge, Tiet: c.Tiet, Positions: c.Positions,
		Citations:  converted(c.Citations, func(x catalog.Citation) citationDoc { return citationDoc(x) }),
		Statements: converted(c.Statements, func(x catalog.Statement) statementDoc { return statementDoc(x) }),
		Modules: converted(c.Modules, func(m catalog.Module) moduleDoc {
			return moduleDoc{ID: m.ID, Title: m.Title, Tiet: m.Tiet, Lessons: converted(m.Lessons, func(l catalog.Lesson) lessonDoc {
				return lessonDoc{
					ID: l.ID, Kind: l.Kind, Title: l.Title, Minutes: l.Minutes, Asset: l.Asset, Coverage: l.Coverage,
					Blocks: converted(l.Blocks, blockToDoc), Paper: paperOf(l), Questions: converted(l.Questions, timedQuestionToDoc),
				}
			})}
		}),
	}
}

func (d contentDoc) content() catalog.Content {
	return catalog.Content{
		Title: d.Title, Summary: d.Summary, Knowledge: d.Knowledge, Tiet: d.Tiet, Positions: d.Positions,
		Citations:  converted(d.Citations, func(x citationDoc) catalog.Citation { return catalog.Citation(x) }),
		Statements: converted(d.Statements, func(x statementDoc) catalog.Statement { return catalog.Statement(x) }),
		Modules: converted(d.Modules, func(m moduleDoc) catalog.Module {
			return catalog.Module{ID: m.ID, Title: m.Title, Tiet: m.Tiet, Lessons: converted(m.Lessons, func(l lessonDoc) catalog.Lesson {
				return catalog.Lesson{
					ID: l.ID, Kind: l.Kind, Title: l.Title, Minutes: l.Minutes, Asset: l.Asset, Coverage: l.Coverage,
					Blocks: converted(l.Blocks, blockDoc.block), Paper: l.Paper.paper(), Questions: converted(l.Questions, timedQuestionDoc.question),
				}
			})}
		}),
	}
}

func timedQuestionToDoc(q catalog.TimedQuestion) timedQuestionDoc {
	return timedQuestionDoc{AtMs: q.AtMs, Block: blockToDoc(q.Block)}
}

func (d timedQuestionDoc) question() catalog.TimedQuestion {
	return catalog.TimedQuestion{AtMs: d.AtMs, Block: d.Block.block()}
}

func blockToDoc(b catalog.Block) blockDoc {
	d := blockDoc{
		ID: b.ID, Type: b.Type, Level: b.Level, Style: b.Style, Right: b.Right, Note: b.Note, Asset: b.Asset, Alt: b.Alt,
		Text: inlinesToDocs(b.Text), Items: converted(b.Items, inlinesToDocs),
		Rows: converted(b.Rows, func(row []catalog.Cell) []cellDoc {
			return converted(row, func(c catalog.Cell) cellDoc {
				return cellDoc{Text: inlinesToDocs(c.Text), Head: c.Head, Columns: c.Columns, Rows: c.Rows}
			})
		}),
	}
	if b.Document != (catalog.DocumentHead{}) {
		head := documentHeadDoc(b.Document)
		d.Document = &head
	}
	return d
}

func (d blockDoc) block() catalog.Block {
	b := catalog.Block{
		ID: d.ID, Type: d.Type, Level: d.Level, Style: d.Style, Right: d.Right, Note: d.Note, Asset: d.Asset, Alt: d.Alt,
		Text: inlinesOf(d.Text), Items: converted(d.Items, inlinesOf),
		Rows: converted(d.Rows, func(row []cellDoc) []catalog.Cell {
			return converted(row, func(c cellDoc) catalog.Cell {
				return catalog.Cell{Text: inlinesOf(c.Text), Head: c.Head, Columns: c.Columns, Rows: c.Rows}
			})
		}),
	}
	if d.Document != nil {
		b.Document = catalog.DocumentHead(*d.Document)
	}
	return b
}

func inlinesToDocs(list []catalog.Inline) []inlineDoc {
	return converted(list, func(i catalog.Inline) inlineDoc {
		return inlineDoc{Text: i.Text, Marks: converted(i.Marks, func(m catalog.Mark) markDoc { return markDoc(m) })}
	})
}

func inlinesOf(list []inlineDoc) []catalog.Inline {
	return converted(list, func(d inlineDoc) catalog.Inline {
		return catalog.Inline{Text: d.Text, Marks: converted(d.Marks, func(m markDoc) catalog.Mark { return catalog.Mark(m) })}
	})
}
