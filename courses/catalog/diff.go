package catalog

import (
	"context"
	"fmt"
	"haidang/courses"
	"slices"
	"strconv"
	"strings"
)

// Section is a part of a course that differs between two contents: a lesson, or
// what the course says of itself (then Lesson is empty).
type Section struct {
	Lesson courses.LessonID
	Title  string
	Lines  []Line // those that differ, each with the unchanged one before it
}

// Line is one statement or one block of text.
type Line struct {
	Op    Op
	Field Field
	Text  string
	whole string // what tells it from others: the text with its marks
}

// Op says what became of a line.
type Op string

// What becomes of a line.
const (
	Same    Op = "same"
	Added   Op = "added"
	Removed Op = "removed"
)

// Field says what a line is.
type Field string

// The fields of lines.
const (
	TitleField    Field = "title"
	SummaryField  Field = "summary"
	KindField     Field = "knowledge"
	TietField     Field = "tiet"
	PositionField Field = "position"
	CitationField Field = "citation"
	ModuleField   Field = "module"
	LessonField   Field = "lesson"
	MinutesField  Field = "minutes"
	FileField     Field = "file"
	TextField     Field = "text"
	PaperField    Field = "paper"
	ExcuseField   Field = "excuse"
	QuestionField Field = "question" // where a recording asks one

	StatementField Field = "statement"
)

// Diff is what differs between two contents, in the order of the newer one, then
// what only the older one has. Lessons are the same where their ids are.
func Diff(was, is Content) []Section {
	var sections []Section
	add := func(id courses.LessonID, title string, before, after []Line) {
		if lines := changes(before, after); len(lines) > 0 {
			sections = append(sections, Section{Lesson: id, Title: title, Lines: lines})
		}
	}
	add("", is.Title, was.lines(), is.lines())
	is.Lessons(func(l Lesson) {
		older, _ := was.Lesson(l.ID)
		add(l.ID, l.Title, older.lines(), l.lines())
	})
	was.Lessons(func(l Lesson) {
		if _, still := is.Lesson(l.ID); !still {
			add(l.ID, l.Title, l.lines(), nil)
		}
	})
	return sections
}

// Delta lists the lessons of a content that are new or say something else than
// they did: what somebody who knows the older one has to learn. Titles and
// lengths do not count.
func Delta(was, is Content) []Lesson {
	var list []Lesson
	is.Lessons(func(l Lesson) {
		older, found := was.Lesson(l.ID)
		if !found || !slices.EqualFunc(older.substance(), l.substance(), func(a, b Line) bool { return a.whole == b.whole }) {
			list = append(list, l)
		}
	})
	return list
}

// substance is what a lesson teaches.
func (l Lesson) substance() []Line {
	return slices.DeleteFunc(l.lines(), func(line Line) bool { return line.Field == TitleField || line.Field == MinutesField })
}

// lines is what a course says of itself.
func (c Content) lines() []Line {
	list := []Line{plain(TitleField, c.Title), plain(SummaryField, c.Summary), plain(KindField, string(c.Knowledge)), plain(TietField, strconv.Itoa(c.Tiet))}
	for _, p := range c.Positions {
		list = append(list, plain(PositionField, string(p)))
	}
	for _, x := range c.Citations {
		line := plain(CitationField, strings.TrimRight(x.Number+": "+x.Abstract, ": "))
		line.whole += fmt.Sprint(x.Verified)
		list = append(list, line)
	}
	for _, x := range c.Statements {
		list = append(list, plain(StatementField, x.Text))
	}
	for _, m := range c.Modules {
		list = append(list, plain(ModuleField, fmt.Sprintf("%s (%d)", m.Title, m.Tiet)))
		for _, l := range m.Lessons {
			list = append(list, plain(LessonField, l.Title))
		}
	}
	return list
}

// lines is what a lesson holds; nothing of the zero Lesson.
func (l Lesson) lines() []Line {
	if l.ID == "" {
		return nil
	}
	list := []Line{plain(TitleField, l.Title), plain(MinutesField, strconv.Itoa(l.Minutes))}
	if l.Asset != "" {
		file := plain(FileField, string(l.Asset))
		file.whole += fmt.Sprint(l.Threshold())
		list = append(list, file)
	}
	if l.Kind == Quiz {
		list = append(list, l.Paper.lines()...)
	}
	for _, b := range l.Blocks {
		list = append(list, b.lines()...)
	}
	for _, q := range l.Questions {
		list = append(list, q.lines()...)
	}
	return list
}

// lines is what a paper says: how it is held, then what it asks.
func (p Paper) lines() []Line {
	list := []Line{plain(PaperField, fmt.Sprintf("%s · ≥ %d %% · %d′ · × %d", p.Bank, p.Pass()/100, p.Minutes, p.Attempts))}
	list[0].whole += fmt.Sprint(p.PassBp, p.Shuffle, p.Feedback)
	if p.SecondMarker {
		list = append(list, plain(PaperField, "second_marker"))
	}
	if p.Anonymous {
		list = append(list, plain(PaperField, "anonymous"))
	}
	for _, d := range p.Draws {
		list = append(list, plain(PaperField, strings.TrimSpace(fmt.Sprintf("%d × %s %s", d.Count, d.Topic, d.Difficulty))))
		list[len(list)-1].whole += string(d.Lesson)
	}
	for _, id := range p.Fixed {
		list = append(list, plain(PaperField, string(id)))
	}
	if n := len(p.Excuses); n > 0 {
		list = append(list, plain(ExcuseField, strconv.Itoa(n)))
		list[len(list)-1].whole += fmt.Sprint(p.Excuses)
	}
	return list
}

// lines is what a block says: a line for each text, item and row.
func (b Block) lines() []Line {
	var list []Line
	add := func(text string, whole ...any) {
		list = append(list, Line{Op: Same, Field: TextField, Text: text, whole: fmt.Sprint(b.Type, whole)})
	}
	switch b.Type {
	case Picture, File:
		add(strings.Join(filled(said(b.Text), b.Alt), " – "), b.Asset, b.Alt, b.Text)
	case Official:
		d := b.Document
		add(strings.Join(filled(d.Issuer, d.Number, string(d.Date), d.Article, d.Abstract), ", "), d)
	default:
		if len(b.Text) > 0 {
			add(said(b.Text), b.Level, b.Style, b.Text)
		}
	}
	for i, item := range b.Items {
		add(said(item), item, slices.Contains(b.Right, i))
	}
	for _, row := range b.Rows {
		texts := make([]string, len(row))
		for i, cell := range row {
			texts[i] = said(cell.Text)
		}
		add(strings.Join(texts, " | "), row)
	}
	if b.Note != "" {
		add(b.Note, b.Note)
	}
	return list
}

func said(runs []Inline) string {
	var text strings.Builder
	for _, run := range runs {
		text.WriteString(run.Text)
	}
	return text.String()
}

func filled(texts ...string) []string {
	return slices.DeleteFunc(texts, func(text string) bool { return text == "" })
}

func plain(field Field, text string) Line {
	return Line{Op: Same, Field: field, Text: text, whole: string(field) + " " + text}
}

// changes compares two lists of lines by their longest common subsequence (very
// long ones by the first match) and keeps what differs, each with the unchanged
// line before it.
func changes(was, is []Line) []Line {
	start := 0
	for start < len(was) && start < len(is) && was[start].whole == is[start].whole {
		start++
	}
	common := lengths(was[start:], is[start:])
	at := func(i, j int) int32 {
		if common == nil {
			return 0
		}
		return common[i-start][j-start]
	}
	var all []Line
	if start > 0 {
		all = append(all, was[start-1])
	}
	for i, j := start, start; i < len(was) || j < len(is); {
		switch {
		case i < len(was) && j < len(is) && was[i].whole == is[j].whole:
			all = append(all, is[j])
			i++
			j++
		case j == len(is) || i < len(was) && at(i+1, j) >= at(i, j+1):
			all = append(all, was[i].as(Removed))
			i++
		default:
			all = append(all, is[j].as(Added))
			j++
		}
	}
	var kept []Line
	for i, line := range all {
		if line.Op != Same || i+1 < len(all) && all[i+1].Op != Same {
			kept = append(kept, line)
		}
	}
	return kept
}

func (l Line) as(op Op) Line {
	l.Op = op
	return l
}

// mostCells bounds the memory of a comparison to some 16 MiB.
const mostCells = 1 << 22

// lengths holds, for each pair of places, how long the longest common
// subsequence of what follows is; nil where that would take too much.
func lengths(was, is []Line) [][]int32 {
	if (len(was)+1)*(len(is)+1) > mostCells {
		return nil
	}
	table := make([][]int32, len(was)+1)
	for i := range table {
		table[i] = make([]int32, len(is)+1)
	}
	for i := len(was) - 1; i >= 0; i-- {
		for j := len(is) - 1; j >= 0; j-- {
			if was[i].whole == is[j].whole {
				table[i][j] = table[i+1][j+1] + 1
			} else {
				table[i][j] = max(table[i+1][j], table[i][j+1])
			}
		}
	}
	return table
}

// Changes is what differs between two versions of a course, or between a version
// and the draft where to is empty.
func (s *Service) Changes(ctx context.Context, actor courses.Actor, id courses.CourseID, from, to courses.VersionID) ([]Section, error) {
	c, err := s.owned(ctx, actor, courses.ReadDraft, id)
	if err != nil {
		return nil, err
	}
	older, err := s.content(ctx, c, from)
	if err != nil {
		return nil, err
	}
	newer, err := s.content(ctx, c, to)
	if err != nil {
		return nil, err
	}
	return Diff(older, newer), nil
}

// Compare is what differs between the draft as it is kept and a content that
// somebody has in hand. It refuses with what saving it would refuse.
func (s *Service) Compare(ctx context.Context, actor courses.Actor, id courses.CourseID, content Content) ([]Section, error) {
	c, err := s.owned(ctx, actor, courses.ReadDraft, id)
	if err != nil {
		return nil, err
	}
	if content, err = clean(content, s.newID); err != nil {
		return nil, err
	}
	return Diff(c.Draft, content), nil
}

// content is that of a version of the course, or of its draft.
func (s *Service) content(ctx context.Context, c Course, version courses.VersionID) (Content, error) {
	if version == "" {
		return c.Draft, nil
	}
	return s.versionOf(ctx, c, version)
}

// versionOf is the content of one of the course's versions, else ErrNoVersion.
func (s *Service) versionOf(ctx context.Context, c Course, version courses.VersionID) (Content, error) {
	v, err := s.Version(ctx, version)
	if err == nil && v.Course != c.ID {
		err = ErrNoVersion
	}
	return v.Content, err
}
