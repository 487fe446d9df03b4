package mongo_test

import (
	"errors"
	"fmt"
	"haidang/courses"
	"haidang/courses/assessment"
	"haidang/courses/catalog"
	"haidang/storage/mongo"
	"slices"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// gradingModel is what markers and authors did to an attempt with an essay and a
// statement, kept beside the program.
type gradingModel struct {
	t       *testing.T
	s       func() *assessment.Service
	c       *clock
	id      courses.AttemptID
	item    courses.ItemID // the statement
	seal    string
	truth   []bool // by version of the statement
	key     int    // the version that marks, from 0
	waits   bool   // a correction is not in the attempt
	answer  string // the essay's event that counts
	marks   []assessment.Mark
	said    int
	trail   int
	told    int // the last score that was passed on
	anytold bool
}

var (
	learner = courses.Actor{Person: "p1"}
	markers = []courses.Actor{{Person: "m0"}, {Person: "m1"}, {Person: "m2"}}
)

func essayOf() assessment.Question {
	level := func(points int) assessment.Level { return assessment.Level{Text: fmt.Sprint(points), Points: points} }
	return assessment.Question{Type: assessment.Essay, Text: "Viết.", Rubric: []assessment.Criterion{
		{Name: "Nội dung", Levels: []assessment.Level{level(700), level(640), level(300), level(0)}}, {Name: "Trình bày", Levels: []assessment.Level{level(300), level(0)}},
	}}
}

// begunGrading hands in an attempt with both questions.
func begunGrading(r *rapid.T, t *testing.T, db *mongo.DB, c *clock, n int) *gradingModel {
	m := &gradingModel{t: t, c: c, truth: []bool{true}, s: func() *assessment.Service { return restarted(db, c) }}
	bank := courses.UnitID(fmt.Sprint("B", n))
	made, err := m.s().Add(t.Context(), courses.Actor{}, bank,
		assessment.Item{Topic: "a", Difficulty: "hard", Question: essayOf()},
		assessment.Item{Topic: "b", Difficulty: "easy", Question: assessment.Question{Type: assessment.TrueOr, Text: "Đúng.", True: true}})
	if err != nil {
		r.Fatal(err)
	}
	m.item = made[1].ID
	of := sittingOf(n)
	of.Person = learner.Person
	sheet, err := m.s().Begin(t.Context(), of, catalog.Paper{Bank: bank, Fixed: []courses.ItemID{made[0].ID, made[1].ID}, SecondMarker: true})
	if err != nil {
		r.Fatal(err)
	}
	m.id, m.seal = sheet.Attempt.ID, sheet.Seal
	m.answer = m.say(r, "00")
	statement := saying(1, 1, "99", 0)
	if _, err := m.s().Answer(t.Context(), learner, m.id, m.seal, []assessment.Said{statement}); err != nil {
		r.Fatal(err)
	}
	if _, err := m.s().HandIn(t.Context(), learner, m.id); err != nil {
		r.Fatal(err)
	}
	return m
}

// say writes the essay anew.
func (m *gradingModel) say(r *rapid.T, event string) string {
	m.said++
	x := saying(0, int64(m.said), event, 0)
	x.Answer = assessment.Answer{Texts: []string{"Bài " + event}}
	if _, err := m.s().Answer(m.t.Context(), learner, m.id, m.seal, []assessment.Said{x}); err != nil {
		r.Fatal(err)
	}
	return string(x.Event)
}

// mark has one or two people mark at the same moment.
func (m *gradingModel) mark(r *rapid.T) {
	seen := len(m.counting())
	by := rapid.SliceOfNDistinct(rapid.IntRange(0, 2), 1, 2, rapid.ID).Draw(r, "by")
	given := make([]assessment.Mark, len(by))
	errs := make([]error, len(by))
	var wg sync.WaitGroup
	for i, n := range by {
		given[i] = assessment.Mark{Slot: 0, By: markers[n].Person, Levels: []int{rapid.IntRange(0, 3).Draw(r, "content"), rapid.IntRange(0, 1).Draw(r, "form")}}
		wg.Go(func() { _, errs[i] = m.s().Mark(m.t.Context(), markers[n], m.id, given[i], seen) })
	}
	wg.Wait()
	took := 0
	for i, err := range errs {
		switch {
		case err == nil:
			took++
			given[i].Event = courses.EventID(m.answer)
			m.marks = append(m.marks, given[i])
		case !errors.Is(err, courses.ErrConflict) && !errors.Is(err, assessment.ErrNotAsked) && !errors.Is(err, assessment.ErrSamePair):
			r.Fatal(err)
		}
	}
	if took > 1 {
		r.Fatalf("of two marks for one role %d were taken", took)
	}
	if took == 0 && m.next() != "" && !slices.ContainsFunc(errs, func(err error) bool { return errors.Is(err, assessment.ErrSamePair) }) {
		r.Fatalf("no mark was taken where one is asked: %v", errs)
	}
}

func (m *gradingModel) counting() []assessment.Mark {
	return slices.DeleteFunc(slices.Clone(m.marks), func(x assessment.Mark) bool { return string(x.Event) != m.answer })
}

var modelPoints = [][]int{{700, 640, 300, 0}, {300, 0}}

func pointsOf(x assessment.Mark) int {
	return modelPoints[0][x.Levels[0]] + modelPoints[1][x.Levels[1]]
}

// next is the mark that is asked for, by the rule as the ADR tells it.
func (m *gradingModel) next() assessment.Role {
	marks := m.counting()
	switch len(marks) {
	case 0:
		return assessment.First
	case 1:
		return assessment.Second
	case 2:
		a, b := marks[0], marks[1]
		diff, levels := pointsOf(a)-pointsOf(b), a.Levels[0]-b.Levels[0]
		if diff > 100 || diff < -100 || levels > 1 || levels < -1 {
			return assessment.Final
		}
	}
	return ""
}

// essay is its hundredths.
func (m *gradingModel) essay() int {
	marks := m.counting()
	switch {
	case m.next() != "":
		return 0
	case len(marks) == 2:
		return (pointsOf(marks[0]) + pointsOf(marks[1]) + 10) / 20
	}
	return (pointsOf(marks[2]) + 5) / 10
}

func (m *gradingModel) change(r *rapid.T) {
	x, _, err := m.s().Item(m.t.Context(), courses.Actor{}, m.item)
	if err != nil {
		r.Fatal(err)
	}
	x.Question.True = rapid.Bool().Draw(r, "true")
	if _, err := m.s().Change(m.t.Context(), courses.Actor{}, m.item, x.Number, x); err != nil {
		r.Fatal(err)
	}
	m.truth = append(m.truth, x.Question.True)
}

func (m *gradingModel) regrade(r *rapid.T) {
	_, err := m.s().Regrade(m.t.Context(), courses.Actor{Person: "author"}, m.item, len(m.truth), "Sai.")
	if errors.Is(err, assessment.ErrNoOlder) && len(m.truth) == 1 || errors.Is(err, courses.ErrConflict) && m.key == len(m.truth)-1 {
		return
	}
	if err != nil {
		r.Fatal(err)
	}
	m.key, m.waits = len(m.truth)-1, true
}

// settle does the background work, as any server may at any time.
func (m *gradingModel) settle(r *rapid.T) {
	if err := m.s().Correct(m.t.Context()); err != nil {
		r.Fatal(err)
	}
	m.waits = false
	list, err := m.s().Untold(m.t.Context())
	if err != nil {
		r.Fatal(err)
	}
	for _, a := range list {
		if a.ID == m.id {
			m.told, m.anytold = a.ScoreBp, true
			if err := m.s().Told(m.t.Context(), a); err != nil {
				r.Fatal(err)
			}
		}
	}
}

func (m *gradingModel) late(r *rapid.T) {
	if m.said > 3 {
		r.Skip("enough was written")
	}
	event := m.say(r, fmt.Sprintf("%02d", m.said))
	accept := rapid.Bool().Draw(r, "accept")
	if _, err := m.s().Decide(m.t.Context(), courses.Actor{Person: "publisher"}, m.id, accept, "x"); err != nil {
		r.Fatal(err)
	}
	if accept {
		m.answer = event
	}
}

func (m *gradingModel) attempt(r *rapid.T) assessment.Attempt {
	sheet, err := m.s().Sheet(m.t.Context(), learner, m.id)
	if err != nil {
		r.Fatal(err)
	}
	return sheet.Attempt
}

func (m *gradingModel) check(r *rapid.T) {
	a := m.attempt(r)
	if len(a.Marks) != len(m.marks) {
		r.Fatalf("of %d marks there are %d", len(m.marks), len(a.Marks))
	}
	for i, x := range m.marks {
		if is := a.Marks[i]; is.By != x.By || is.Event != x.Event || !slices.Equal(is.Levels, x.Levels) {
			r.Fatalf("the mark %+v became %+v", x, is)
		}
	}
	if len(a.Regrades) < m.trail {
		r.Fatalf("of the trail of %d there are %d", m.trail, len(a.Regrades))
	}
	m.trail = len(a.Regrades)
	if m.waits {
		return
	}
	statement := 0
	if m.truth[m.key] {
		statement = 100
	}
	if want := []int{m.essay(), statement}; !slices.Equal(a.Scores, want) || a.Grading != (m.next() != "") || a.ScoreBp != (want[0]+want[1])*50 {
		r.Fatalf("scores are %v (%d), waiting %v; from the marks and answers follow %v and %q", a.Scores, a.ScoreBp, a.Grading, want, m.next())
	}
	if a.Told && !a.Grading && (!m.anytold || m.told != a.ScoreBp) {
		r.Fatalf("told is %d, the score is %d", m.told, a.ScoreBp)
	}
}

// Whatever markers, authors, learners and servers that come and go do in between:
// no mark is lost, the score is what follows from the marks and answers that are
// kept, and the score that is told is the latest.
func TestNoMarkIsLostWhateverHappensInBetween(t *testing.T) {
	db, c := open(t), &clock{}
	n := 5000
	rapid.Check(t, func(r *rapid.T) {
		n++
		m := begunGrading(r, t, db, c, n)
		r.Repeat(map[string]func(*rapid.T){
			"mark":    m.mark,
			"write":   m.late,
			"change":  m.change,
			"regrade": m.regrade,
			"settle":  m.settle,
			"time passes": func(r *rapid.T) {
				c.pass(time.Duration(rapid.IntRange(1, 100).Draw(r, "s")) * time.Second)
			},
			"": m.check,
		})
	})
}
