package assessment

import (
	"errors"
	"fmt"
	"haidang/courses"
	"testing"
	"time"
)

// criterion has a level for each number of points.
func criterion(name string, points ...int) Criterion {
	c := Criterion{Name: name}
	for _, p := range points {
		c.Levels = append(c.Levels, Level{Text: fmt.Sprint(p), Points: p})
	}
	return c
}

// essay is judged by two criteria of 7 and 3 points.
var essay = Question{Type: Essay, Text: "x", Rubric: []Criterion{criterion("content", 700, 600, 300, 0), criterion("form", 300, 150, 0)}}

// written is a done attempt with an essay and a statement that was answered right.
func written(second bool) Attempt {
	return Attempt{
		ID: "a", Sitting: Sitting{Person: "learner"}, State: Done, SecondMarker: second, Slots: []Slot{{Item: "e"}, {Item: "t", Order: []int{0, 1}}},
		Given: map[int]Given{0: {Answer: Answer{Texts: []string{"Bài làm"}}, Event: "one", Seq: 1}, 1: {Answer: Answer{Chosen: []int{0}}}},
	}
}

func TestMarksOfAnEssayMakeItsScore(t *testing.T) {
	questions := []Question{essay, {Type: TrueOr, True: true}}
	for _, c := range []struct {
		name    string
		second  bool
		marks   [][]int // levels
		next    Role
		score   int // hundredths of the essay
		scoreBp int
	}{
		{"nobody marked", false, nil, First, 0, 5000},
		{"the best", false, [][]int{{0, 0}}, "", 100, 10000},
		{"the least", false, [][]int{{3, 2}}, "", 0, 5000},
		{"criteria weigh what their best levels give", false, [][]int{{0, 2}}, "", 70, 8500},
		{"45 hundredths", false, [][]int{{2, 1}}, "", 45, 7250},
		{"one of two", true, [][]int{{0, 0}}, Second, 0, 5000},
		{"two that agree", true, [][]int{{1, 0}, {1, 0}}, "", 90, 9500},
		{"two that are a tenth apart: their mean", true, [][]int{{0, 0}, {1, 0}}, "", 95, 9750},
		{"two that are further apart", true, [][]int{{0, 0}, {0, 1}}, Final, 0, 5000},
		{"a criterion two levels apart", true, [][]int{{1, 0}, {1, 2}}, Final, 0, 5000},
		{"the final one counts alone", true, [][]int{{0, 0}, {3, 2}, {2, 0}}, "", 60, 8000},
	} {
		a := written(c.second)
		for i, levels := range c.marks {
			a.Marks = append(a.Marks, Mark{Slot: 0, By: courses.PersonID(fmt.Sprint(i)), Event: "one", Levels: levels})
		}
		a = a.score(questions)
		x := a.Standing(0, essay)
		if x.Next != c.next || a.Grading != (c.next != "") || a.Told != a.Grading {
			t.Errorf("%s: next is %q, grading %v, told %v; want %q", c.name, x.Next, a.Grading, a.Told, c.next)
		}
		if a.Scores[0] != c.score || a.ScoreBp != c.scoreBp {
			t.Errorf("%s: it gets %d, the attempt %d; want %d and %d", c.name, a.Scores[0], a.ScoreBp, c.score, c.scoreBp)
		}
	}
}

func TestTwoLevelsInOneCriterionLieApartHoweverFewPointsTheyAre(t *testing.T) {
	q := Question{Type: Essay, Rubric: []Criterion{criterion("content", 900, 0), criterion("form", 20, 10, 0)}}
	if !apart(q, []int{0, 0}, []int{0, 2}) || !apart(q, []int{0, 2}, []int{0, 0}) || apart(q, []int{0, 0}, []int{0, 1}) {
		t.Error("two levels are no reason for a third mark, or one is")
	}
}

func TestPointsAreRoundedToTheNearestHundredth(t *testing.T) {
	for _, c := range []struct{ points, top, want int }{{1, 3, 33}, {2, 3, 67}, {1, 200, 1}, {1, 201, 0}, {0, 7, 0}, {7, 7, 100}, {5, 0, 0}} {
		if got := rated(c.points, c.top); got != c.want {
			t.Errorf("%d of %d are %d hundredths, want %d", c.points, c.top, got, c.want)
		}
	}
}

func TestAnEssayWithoutAnAnswerNeedsNobody(t *testing.T) {
	a := written(true)
	a.Given[0] = Given{Answer: Answer{Texts: []string{" "}}, Event: "one"}
	if a = a.score([]Question{essay, {Type: TrueOr, True: true}}); a.Grading || a.Told || a.ScoreBp != 5000 {
		t.Errorf("it waits: %v, told: %v, with %d", a.Grading, a.Told, a.ScoreBp)
	}
}

func TestALaterAnswerIsMarkedAnew(t *testing.T) {
	questions := []Question{essay, {Type: TrueOr, True: true}}
	a := written(false)
	a, err := a.marked(questions, Mark{Slot: 0, By: "m", Levels: []int{0, 0}}, 0)
	if err != nil || a.Grading {
		t.Fatalf("%v, it waits: %v", err, a.Grading)
	}
	a.LateGiven, a.Late = map[int]Given{0: {Answer: Answer{Texts: []string{"Thêm"}}, Event: "two", Seq: 2}}, Accepted
	if a = a.score(questions); !a.Grading || len(a.Marks) != 1 {
		t.Fatalf("after a late answer was accepted it waits: %v, with %d marks", a.Grading, len(a.Marks))
	}
	a, err = a.marked(questions, Mark{Slot: 0, By: "m", Levels: []int{3, 0}}, 0)
	if err != nil || a.Grading || a.Scores[0] != 30 || len(a.Marks) != 2 {
		t.Errorf("%v: %+v", err, a)
	}
}

func TestMarksThatNobodyMayGive(t *testing.T) {
	questions := []Question{essay, {Type: TrueOr, True: true}}
	one := []Mark{{Slot: 0, Role: First, By: "first", Event: "one", Levels: []int{0, 0}}}
	two := append(one[:1:1], Mark{Slot: 0, Role: Second, By: "second", Event: "one", Levels: []int{0, 0}})
	for _, c := range []struct {
		name string
		was  []Mark
		m    Mark
		seen int
		want error
	}{
		{"of one's own attempt", nil, Mark{By: "learner", Levels: []int{0, 0}}, 0, ErrOwn},
		{"of what is no essay", nil, Mark{By: "m", Slot: 1, Levels: []int{0, 0}}, 0, ErrNoEssay},
		{"of a question that is not there", nil, Mark{By: "m", Slot: 2, Levels: []int{0, 0}}, 0, ErrNoEssay},
		{"without a criterion", nil, Mark{By: "m", Levels: []int{0}}, 0, ErrLevel},
		{"with a level that is not there", nil, Mark{By: "m", Levels: []int{0, 3}}, 0, ErrLevel},
		{"with a level below the first", nil, Mark{By: "m", Levels: []int{-1, 0}}, 0, ErrLevel},
		{"by the first marker once more", one, Mark{By: "first", Levels: []int{0, 0}}, 1, ErrSamePair},
		{"without knowing of the first", one, Mark{By: "m", Levels: []int{0, 0}}, 0, courses.ErrConflict},
		{"of a graded one", two, Mark{By: "m", Levels: []int{0, 0}}, 2, ErrNotAsked},
	} {
		a := written(true)
		a.Marks = c.was
		if after, err := a.marked(questions, c.m, c.seen); !errors.Is(err, c.want) || len(after.Marks) != len(c.was) {
			t.Errorf("a mark %s gives %v, want %v", c.name, err, c.want)
		}
	}
	a := written(true)
	a.State = Open
	if _, err := a.marked(questions, Mark{By: "m", Levels: []int{0, 0}}, 0); !errors.Is(err, ErrNotHanded) {
		t.Errorf("a mark of an open attempt gives %v", err)
	}
	a = written(true)
	a.Given = map[int]Given{}
	if _, err := a.marked(questions, Mark{By: "m", Levels: []int{0, 0}, At: time.Now()}, 0); !errors.Is(err, ErrNoEssay) {
		t.Errorf("a mark of a blank gives %v", err)
	}
}

func TestFilesAreWhatTheirNamesSay(t *testing.T) {
	pdf := []byte("%PDF-1.7\n")
	for _, c := range []struct {
		name string
		data []byte
		want error
	}{
		{"bài.pdf", pdf, nil},
		{"bài.PDF", pdf, nil},
		{"ảnh.jpg", []byte("\xff\xd8\xff\xe0"), nil},
		{"bài.docx", []byte("PK\x03\x04…word/document.xml…"), nil},
		{"bài.docx", []byte("PK\x03\x04…xl/workbook.xml…"), ErrFileType},
		{"bài.docx", pdf, ErrFileType},
		{"bài.exe", pdf, ErrFileType},
		{"bài.svg", []byte("<svg/>"), ErrFileType},
		{"bài", pdf, ErrFileType},
		{"bài.pdf", nil, ErrFileSize},
		{"bài.pdf", append(pdf, make([]byte, MaxFileBytes)...), ErrFileSize},
		{" ", pdf, ErrFileName},
		{"../bài.pdf", pdf, ErrFileName},
	} {
		if _, err := newFile(c.name, c.data); !errors.Is(err, c.want) {
			t.Errorf("%q of %d bytes gives %v, want %v", c.name, len(c.data), err, c.want)
		}
	}
}
