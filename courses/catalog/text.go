package catalog

import (
	"haidang/courses"
	"haidang/courses/vietnamese"
	"slices"
	"sort"
	"strings"
)

// maxCourseWords is how many bytes of a course's words the search knows.
const maxCourseWords = 1_000_000

// Attachment is the kind of a text that is a file which an article offers.
const Attachment LessonKind = "file"

// Place is a lesson of a published course, or a file that its article offers.
type Place struct {
	Course courses.CourseID
	Lesson courses.LessonID
	File   courses.AssetID // empty for the lesson itself
}

// Text is what a lesson, or a file that its article offers, says.
type Text struct {
	Lesson   courses.LessonID
	File     courses.AssetID
	Kind     LessonKind // of the lesson, or Attachment
	Title    string
	Passages []Passage
}

// Passage is what is said at one moment of a recording, on a page or in a block.
type Passage struct {
	At   int64  // the moment in milliseconds, the page from 1, or the block from 0
	Head bool   // it is a heading
	Text string // on one line
}

// Saying is what is said in an asset, and its name.
type Saying struct {
	Name     string
	Passages []Passage
}

// Continuous is the passages as they are read: a sentence goes on from one moment
// of a recording to the next, and ends with a block or a page.
func (t Text) Continuous() []string {
	list := make([]string, len(t.Passages))
	for i, p := range t.Passages {
		list[i] = p.Text
	}
	if t.recorded() {
		return []string{strings.Join(list, " ")}
	}
	return list
}

func (t Text) recorded() bool { return t.Kind == Video || t.Kind == Audio }

// excerpt is the part of the text that has most of what is asked for, and at which
// passage's place it stands.
func (t Text) excerpt(q vietnamese.Query) (m vietnamese.Marked, at int64) {
	end := "\n"
	if t.recorded() {
		end = " "
	}
	var all strings.Builder
	starts := make([]int, len(t.Passages))
	for i, p := range t.Passages {
		starts[i] = all.Len()
		all.WriteString(p.Text + end)
	}
	m, offset := q.Excerpt(strings.TrimRight(all.String(), end), t.Title)
	if i := sort.SearchInts(starts, offset+1) - 1; i >= 0 {
		at = t.Passages[i].At
	}
	return m, at
}

// texts is what all lessons and their files say, as far as the search knows it.
func (c Content) texts(said map[courses.AssetID]Saying) []Text {
	var list []Text
	left := maxCourseWords
	add := func(t Text) {
		for i, p := range t.Passages {
			if left -= len(p.Text); left < 0 {
				t.Passages = t.Passages[:i]
				break
			}
		}
		list = append(list, t)
	}
	c.Lessons(func(l Lesson) {
		t := Text{Lesson: l.ID, Kind: l.Kind, Title: l.Title, Passages: said[l.Asset].Passages}
		if l.Kind == Article {
			t.Passages = passages(l.Blocks)
		}
		for _, q := range l.Questions {
			t.Passages = append(slices.Clip(t.Passages), Passage{At: q.AtMs, Text: oneLine(q.Block.texts())})
		}
		add(t)
		for _, b := range l.Blocks {
			if b.Type == File && b.Asset != "" {
				add(attached(l, b, said[b.Asset]))
			}
		}
	})
	return list
}

// passages is what the blocks of an article say.
func passages(blocks []Block) []Passage {
	var list []Passage
	for i, b := range blocks {
		if line := oneLine(append(b.texts(), b.Alt)); line != "" {
			list = append(list, Passage{At: int64(i), Head: b.Type == Heading, Text: line})
		}
	}
	return list
}

// attached is a file that an article offers: its name, what the article calls it
// and what it says.
func attached(l Lesson, b Block, s Saying) Text {
	t := Text{Lesson: l.ID, File: b.Asset, Kind: Attachment, Title: oneLine([]string{said(b.Text)})}
	if t.Title == "" {
		t.Title = s.Name
	}
	t.Passages = append([]Passage{{Text: s.Name}}, s.Passages...)
	return t
}

// oneLine is texts behind each other, without those that are empty.
func oneLine(texts []string) string {
	return strings.Join(strings.Fields(strings.Join(texts, " ")), " ")
}
