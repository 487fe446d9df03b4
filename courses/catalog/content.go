package catalog

import (
	"fmt"
	"haidang/courses"
	"haidang/courses/fields"
	"haidang/courses/vietnamese"
	"unicode/utf8"
)

// Knowledge is one of the kinds of knowledge that a course gives; the first
// five are those of Decree 171/2025/NĐ-CP.
type Knowledge string

// Knowledges lists the kinds in the order of the official forms.
func Knowledges() []Knowledge {
	return []Knowledge{
		"ly_luan_chinh_tri", "quoc_phong_an_ninh", "quan_ly_nha_nuoc", "vi_tri_viec_lam",
		"ky_nang_so", "ngoai_ngu", "khac",
	}
}

// LessonKind says how a lesson is shown.
type LessonKind string

// The kinds of lesson.
const (
	Article  LessonKind = "article"
	Video    LessonKind = "video"
	Audio    LessonKind = "audio"
	Document LessonKind = "document"
	Quiz     LessonKind = "quiz"
)

// Image is the kind of the files that pictures show; no lesson is one.
const Image LessonKind = "image"

// Content is all that authors write and a version freezes.
type Content struct {
	Title     string
	Summary   string
	Knowledge Knowledge // empty while undecided
	Tiet      int       // teaching periods, credited on completion
	Positions []courses.PositionID
	Citations []Citation
	Modules   []Module
	// Statements are what learners say of themselves before and after the course.
	Statements []Statement
}

// Statement is something that somebody can do after the course: how far they agree
// is compared with what they said before it.
type Statement struct {
	ID   string // the same through all versions
	Text string
}

// Citation is a legal document that the course rests on.
type Citation struct {
	Number   string // as written on the document: "129-TB/TU"
	Abstract string // trích yếu
	Verified bool   // false is shown as "cần rà soát"
}

// Module is a group of lessons (chuyên đề).
type Module struct {
	ID      string
	Title   string
	Tiet    int
	Lessons []Lesson
}

// Lesson is one sitting of a course.
type Lesson struct {
	ID       courses.LessonID // the same through all versions
	Kind     LessonKind
	Title    string
	Minutes  int     // as declared
	Blocks   []Block // of an article
	Asset    courses.AssetID
	Coverage int   // basis points of a video or audio to be watched; 0 means DefaultCoverage
	Paper    Paper // of a quiz
	// Questions of a video or audio, in the order of time; each has to be answered.
	Questions []TimedQuestion
}

// DefaultCoverage is the share of a video that completes it, in basis points.
const DefaultCoverage = 9000

// Threshold is the lesson's coverage with its default.
func (l Lesson) Threshold() int {
	if l.Coverage == 0 {
		return DefaultCoverage
	}
	return l.Coverage
}

// Refusals of content.
var (
	ErrContent  = courses.Refusal(courses.Invalid, "catalog.bad_content", "the content breaks a rule; see fields")
	ErrTooLarge = courses.Refusal(courses.TooLarge, "catalog.course_too_large", "more lessons or text than a course may have")
)

// Limits of one course.
const (
	maxLessons = 300
	maxRunes   = 1_000_000
	maxBlocks  = 2000 // of a lesson

	maxStatements = 10
)

// Lessons calls see for each lesson in order.
func (c Content) Lessons(see func(Lesson)) {
	for _, m := range c.Modules {
		for _, l := range m.Lessons {
			see(l)
		}
	}
}

// Lesson finds a lesson by id.
func (c Content) Lesson(id courses.LessonID) (lesson Lesson, found bool) {
	c.Lessons(func(l Lesson) {
		if l.ID == id {
			lesson, found = l, true
		}
	})
	return lesson, found
}

// assets calls see for the lesson's file and for each that its blocks show.
func (l Lesson) assets(see func(courses.AssetID)) {
	see(l.Asset)
	for _, b := range l.Blocks {
		see(b.Asset)
	}
}

// Alone is a content of nothing but the lesson.
func (l Lesson) Alone() Content { return Content{Modules: []Module{{Lessons: []Lesson{l}}}} }

// Assets lists the assets that lessons show, each once.
func (c Content) Assets() []courses.AssetID {
	var ids []courses.AssetID
	seen := map[courses.AssetID]bool{"": true}
	c.Lessons(func(l Lesson) {
		l.assets(func(id courses.AssetID) {
			if !seen[id] {
				seen[id] = true
				ids = append(ids, id)
			}
		})
	})
	return ids
}

// References calls see for each place in a legal document that the course or a
// block of it cites, with the path of what cites it and the lesson's title.
func (c Content) References(see func(path, lesson string, r Reference)) {
	for i, x := range c.Citations {
		see(fmt.Sprintf("citations[%d]", i), "", Reference{Number: x.Number})
	}
	for i, m := range c.Modules {
		for j, l := range m.Lessons {
			l.pieces(func(at string, b Block) {
				for _, r := range b.Cited() {
					see(fmt.Sprintf("modules[%d].lessons[%d].%s", i, j, at), l.Title, r)
				}
			})
		}
	}
}

// Cited lists the places that the course or a block of it cites, each once.
func (c Content) Cited() []Reference {
	var list []Reference
	seen := map[Reference]bool{}
	c.References(func(_, _ string, r Reference) {
		if r.Number != "" && !seen[r] {
			seen[r] = true
			list = append(list, r)
		}
	})
	return list
}

// documents lists the numbers of places, each once.
func documents(places []Reference) []string {
	var numbers []string
	seen := map[string]bool{}
	for _, r := range places {
		if !seen[r.Number] {
			seen[r.Number] = true
			numbers = append(numbers, r.Number)
		}
	}
	return numbers
}

// Minutes is the declared length of all lessons together.
func (c Content) Minutes() int {
	total := 0
	c.Lessons(func(l Lesson) { total += l.Minutes })
	return total
}

// LessonCount is the number of lessons.
func (c Content) LessonCount() int {
	n := 0
	c.Lessons(func(Lesson) { n++ })
	return n
}

// cleaner brings content to its one canonical form and collects what it refuses.
type cleaner struct {
	fields.Checker
	newID func() string
	seen  map[string]bool
	runes int
	long  bool // a lesson has too many blocks
}

// clean returns the content in canonical form: text in NFC, ids for what is
// new, no empty runs, nothing beyond the known blocks and marks. It refuses
// with ErrContent and names the fields.
func clean(c Content, newID func() string) (Content, error) {
	k := &cleaner{newID: newID, seen: map[string]bool{}}
	c.Title, c.Summary = k.text("title", c.Title), k.text("summary", c.Summary)
	for i := range c.Citations {
		at := fmt.Sprintf("citations[%d]", i)
		c.Citations[i].Number = k.text(at+".number", c.Citations[i].Number)
		c.Citations[i].Abstract = k.text(at+".abstract", c.Citations[i].Abstract)
	}
	k.statements(c.Statements)
	for i := range c.Modules {
		k.module(fmt.Sprintf("modules[%d]", i), &c.Modules[i])
	}
	c.resolve()
	if c.LessonCount() > maxLessons || k.runes > maxRunes || k.long {
		return Content{}, ErrTooLarge
	}
	if err := k.Err(ErrContent); err != nil {
		return Content{}, err
	}
	return c, nil
}

func (k *cleaner) refuse(path, code string) { k.Refuse(true, path, code) }

func (k *cleaner) text(path, s string) string {
	cleaned, err := vietnamese.Clean(s)
	if err != nil {
		k.refuse(path, "legacy_encoding")
	}
	k.runes += utf8.RuneCountInString(cleaned)
	return cleaned
}

func (k *cleaner) id(path, id string) string {
	if id == "" {
		id = k.newID()
	}
	if k.seen[id] {
		k.refuse(path, "twice")
	}
	k.seen[id] = true
	return id
}

func (k *cleaner) statements(list []Statement) {
	if len(list) > maxStatements {
		k.refuse("statements", "range")
	}
	for i := range list {
		at := fmt.Sprintf("statements[%d]", i)
		list[i].ID, list[i].Text = k.id(at+".id", list[i].ID), k.text(at+".text", list[i].Text)
	}
}

func (k *cleaner) module(path string, m *Module) {
	m.ID = k.id(path+".id", m.ID)
	m.Title = k.text(path+".title", m.Title)
	for i := range m.Lessons {
		k.lesson(fmt.Sprintf("%s.lessons[%d]", path, i), &m.Lessons[i])
	}
}

func (k *cleaner) lesson(path string, l *Lesson) {
	l.ID = courses.LessonID(k.id(path+".id", string(l.ID)))
	l.Title = k.text(path+".title", l.Title)
	switch l.Kind {
	case Article:
		l.Asset, l.Coverage, l.Paper, l.Questions = "", 0, Paper{}, nil
		k.long = k.long || len(l.Blocks) > maxBlocks
		for i := range l.Blocks {
			k.block(fmt.Sprintf("%s.blocks[%d]", path, i), &l.Blocks[i])
		}
	case Video, Audio:
		l.Blocks, l.Paper = nil, Paper{}
		k.timed(path+".questions", l.Questions)
	case Document:
		l.Blocks, l.Paper, l.Questions = nil, Paper{}, nil
	case Quiz:
		l.Asset, l.Coverage, l.Blocks, l.Questions = "", 0, nil, nil
		k.paper(path+".paper", &l.Paper)
	default:
		k.refuse(path+".kind", "unknown")
	}
}
