package exchange

import (
	"haidang/courses"
	"haidang/courses/assessment"
	"haidang/courses/catalog"
)

// What course.json says of quizzes and their questions, since version 2. The bounds of
// a paper are the catalogue's to check, those of a question the assessment's.
type paperDoc struct {
	Bank         courses.UnitID     `json:"bank" most:"40"`
	Fixed        []courses.ItemID   `json:"fixed,omitempty" form:"id"`
	Draws        []drawDoc          `json:"draws,omitempty"`
	Shuffle      bool               `json:"shuffle,omitempty"`
	PassBp       int                `json:"passBp,omitempty"`
	Attempts     int                `json:"attempts,omitempty"`
	Minutes      int                `json:"minutes,omitempty"`
	Feedback     catalog.Feedback   `json:"feedback"`
	Excuses      []courses.LessonID `json:"excuses,omitempty" form:"id"`
	SecondMarker bool               `json:"secondMarker,omitempty"`
	Anonymous    bool               `json:"anonymous,omitempty"`
}

type drawDoc struct {
	Topic      string           `json:"topic,omitempty"`
	Difficulty string           `json:"difficulty,omitempty"`
	Count      int              `json:"count"`
	Lesson     courses.LessonID `json:"lesson,omitempty" form:"id"`
}

// questionDoc is a question by the id that papers of the package fix it by.
type questionDoc struct {
	ID         courses.ItemID  `json:"id" form:"id"`
	Topic      string          `json:"topic,omitempty"`
	Competency string          `json:"competency,omitempty"`
	Difficulty string          `json:"difficulty,omitempty"`
	Cites      []sourceDoc     `json:"cites,omitempty"`
	Type       assessment.Type `json:"type"`
	Text       string          `json:"text"`
	Options    []optionDoc     `json:"options,omitempty"`
	True       bool            `json:"true,omitempty"`
	Gaps       []gapDoc        `json:"gaps,omitempty"`
	Number     *quantityDoc    `json:"number,omitempty"`
	Picture    *pictureDoc     `json:"picture,omitempty"`
	Scenes     []sceneDoc      `json:"scenes,omitempty"`
	Note       string          `json:"note,omitempty"`
	Words      int             `json:"words,omitempty"`
	Files      int             `json:"files,omitempty"`
	Rubric     []criterionDoc  `json:"rubric,omitempty"`
}

type sourceDoc struct {
	Number  string `json:"number"`
	Article string `json:"article,omitempty"`
}

type optionDoc struct {
	Text  string   `json:"text"`
	Right bool     `json:"right,omitempty"`
	Match string   `json:"match,omitempty"`
	Area  *areaDoc `json:"area,omitempty"`
}

// areaDoc is in basis points of the picture.
type areaDoc struct {
	X      int `json:"x"`
	Y      int `json:"y"`
	Width  int `json:"width"`
	Height int `json:"height"`
}

type gapDoc struct {
	Accepted []string `json:"accepted"`
	Exact    bool     `json:"exact,omitempty"`
}

type quantityDoc struct {
	Value     float64 `json:"value"`
	Tolerance float64 `json:"tolerance"`
	Unit      string  `json:"unit,omitempty"`
}

type pictureDoc struct {
	Asset courses.AssetID `json:"asset" form:"id"`
	Alt   string          `json:"alt"`
}

type sceneDoc struct {
	Text    string      `json:"text"`
	Choices []choiceDoc `json:"choices"`
}

type choiceDoc struct {
	Text   string `json:"text"`
	Then   string `json:"then"`
	Points int    `json:"points"`
	Next   int    `json:"next"`
}

type criterionDoc struct {
	Name   string     `json:"name"`
	Levels []levelDoc `json:"levels"`
}

// levelDoc has hundredths of a point.
type levelDoc struct {
	Text   string `json:"text"`
	Points int    `json:"points"`
}

// paperOf is the paper of a quiz, nil of another lesson.
func paperOf(l catalog.Lesson) *paperDoc {
	if l.Kind != catalog.Quiz {
		return nil
	}
	p := l.Paper
	return &paperDoc{
		Bank: p.Bank, Fixed: p.Fixed, Shuffle: p.Shuffle, PassBp: p.PassBp, Attempts: p.Attempts, Minutes: p.Minutes, Feedback: p.Feedback,
		Draws:   converted(p.Draws, func(d catalog.Draw) drawDoc { return drawDoc(d) }),
		Excuses: p.Excuses, SecondMarker: p.SecondMarker, Anonymous: p.Anonymous,
	}
}

func (d *paperDoc) paper() catalog.Paper {
	if d == nil {
		return catalog.Paper{}
	}
	return catalog.Paper{
		Bank: d.Bank, Fixed: d.Fixed, Shuffle: d.Shuffle, PassBp: d.PassBp, Attempts: d.Attempts, Minutes: d.Minutes, Feedback: d.Feedback,
		Draws:   converted(d.Draws, func(d drawDoc) catalog.Draw { return catalog.Draw(d) }),
		Excuses: d.Excuses, SecondMarker: d.SecondMarker, Anonymous: d.Anonymous,
	}
}

func questionToDoc(x assessment.Item) questionDoc {
	q := x.Question
	d := questionDoc{
		ID: x.ID, Topic: x.Topic, Competency: x.Competency, Difficulty: x.Difficulty, Type: q.Type, Text: q.Text, True: q.True, Note: q.Note,
		Cites:   converted(x.Cites, func(r catalog.Reference) sourceDoc { return sourceDoc(r) }),
		Options: converted(q.Options, optionToDoc),
		Gaps:    converted(q.Gaps, func(g assessment.Gap) gapDoc { return gapDoc(g) }),
		Scenes: converted(q.Scenes, func(s assessment.Scene) sceneDoc {
			return sceneDoc{s.Text, converted(s.Choices, func(c assessment.Choice) choiceDoc { return choiceDoc(c) })}
		}),
		Words: q.Words, Files: q.Files,
		Rubric: converted(q.Rubric, func(c assessment.Criterion) criterionDoc {
			return criterionDoc{c.Name, converted(c.Levels, func(l assessment.Level) levelDoc { return levelDoc(l) })}
		}),
	}
	if q.Type == assessment.Numeric {
		d.Number = (*quantityDoc)(&q.Number)
	}
	if q.Type == assessment.Hotspot {
		d.Picture = (*pictureDoc)(&q.Picture)
	}
	return d
}

func (d questionDoc) item() assessment.Item {
	x := assessment.Item{
		ID: d.ID, Topic: d.Topic, Competency: d.Competency, Difficulty: d.Difficulty,
		Cites: converted(d.Cites, func(r sourceDoc) catalog.Reference { return catalog.Reference(r) }),
		Question: assessment.Question{
			Type: d.Type, Text: d.Text, True: d.True, Note: d.Note,
			Options: converted(d.Options, optionDoc.option),
			Gaps:    converted(d.Gaps, func(g gapDoc) assessment.Gap { return assessment.Gap(g) }),
			Scenes: converted(d.Scenes, func(s sceneDoc) assessment.Scene {
				return assessment.Scene{Text: s.Text, Choices: converted(s.Choices, func(c choiceDoc) assessment.Choice { return assessment.Choice(c) })}
			}),
			Words: d.Words, Files: d.Files,
			Rubric: converted(d.Rubric, func(c criterionDoc) assessment.Criterion {
				return assessment.Criterion{Name: c.Name, Levels: converted(c.Levels, func(l levelDoc) assessment.Level { return assessment.Level(l) })}
			}),
		},
	}
	if d.Number != nil {
		x.Question.Number = assessment.Quantity(*d.Number)
	}
	if d.Picture != nil {
		x.Question.Picture = assessment.Picture(*d.Picture)
	}
	return x
}

func optionToDoc(o assessment.Option) optionDoc {
	d := optionDoc{Text: o.Text, Right: o.Right, Match: o.Match}
	if o.Area != (assessment.Area{}) {
		d.Area = (*areaDoc)(&o.Area)
	}
	return d
}

func (d optionDoc) option() assessment.Option {
	o := assessment.Option{Text: d.Text, Right: d.Right, Match: d.Match}
	if d.Area != nil {
		o.Area = assessment.Area(*d.Area)
	}
	return o
}
