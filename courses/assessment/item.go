// Package assessment is question banks, and attempts at the quizzes that are made
// of them.
package assessment

import (
	"haidang/courses"
	"haidang/courses/catalog"
	"haidang/courses/vietnamese"
	"strings"
	"time"
)

// Refusals of banks.
var (
	ErrNoItem   = courses.Refusal(courses.NotFound, "assessment.no_such_question", "there is no such question")
	ErrQuestion = courses.Refusal(courses.Invalid, "assessment.bad_question", "the question breaks a rule; see fields")
)

// Item is a question of an organisation's bank, in one version. Attempts keep the
// version that they were begun with.
type Item struct {
	ID         courses.ItemID
	Bank       courses.UnitID
	Number     int // of the version, from 1
	Topic      string
	Competency string // what it shows that somebody can do; may be empty
	Difficulty string // easy, medium or hard
	Cites      []catalog.Reference
	Question   Question
	Retired    bool // asked in no new attempt
	SavedAt    time.Time
	SavedBy    courses.PersonID
}

// Type says how a question is answered.
type Type string

// The types of question.
const (
	Single   Type = "single"   // one of the options
	Multiple Type = "multiple" // any of the options
	TrueOr   Type = "true_false"
	Short    Type = "short"    // a few words
	Numeric  Type = "number"   // a number, within a tolerance
	Matching Type = "matching" // an option to each prompt
	Ordering Type = "ordering" // options in their order
	Gaps     Type = "gaps"     // words where the text has [[1]], [[2]] …
	Essay    Type = "essay"    // a text and files, which people mark
	Hotspot  Type = "hotspot"  // any of the areas of a picture
	Scenario Type = "scenario" // a choice in each scene of a path
)

// Types lists every type.
func Types() []Type {
	return []Type{Single, Multiple, TrueOr, Short, Numeric, Matching, Ordering, Gaps, Hotspot, Scenario, Essay}
}

// Question is what is asked and what is right.
type Question struct {
	Type    Type
	Text    string   // what is asked; of Gaps with [[1]], [[2]] … in it
	Options []Option // of Single, Multiple and Hotspot; of Ordering in the right order; of Matching the pairs
	True    bool     // of TrueOr: that it is right
	Gaps    []Gap    // of Gaps, and one of Short
	Number  Quantity // of Numeric
	Picture Picture  // of Hotspot
	Scenes  []Scene  // of Scenario; it begins with the first
	Note    string   // why; shown with what is right

	Words  int         // of Essay: how many it should not exceed; 0 is no limit
	Files  int         // of Essay: how many may be attached
	Rubric []Criterion // of Essay

	key []int // of a corrected Matching or Ordering; see corrected
}

// Option is something to choose.
type Option struct {
	Text  string
	Right bool   // of Single, Multiple and Hotspot
	Match string // of Matching: what belongs to Text
	Area  Area   // of Hotspot: the place on the picture that Text names
}

// Picture is what the areas of a Hotspot lie on: an image of the bank's
// organisation.
type Picture struct {
	Asset courses.AssetID
	Alt   string // what it shows, for those who cannot see it
}

// Area is a rectangle on a picture, in basis points of its width and height from
// the upper left corner.
type Area struct{ X, Y, Width, Height int }

// Gap is a place for words. Case, blanks and, unless Exact, marks do not matter.
type Gap struct {
	Accepted []string
	Exact    bool // "Hoa" is not "Hóa"
}

// Quantity is a number that is right within a tolerance on both sides.
type Quantity struct {
	Value     float64
	Tolerance float64
	Unit      string // shown behind the field
}

// Marked is what can be got for one question, in hundredths of a point.
const Marked = 100

// gapMark is how the text marks the i-th gap, from 0.
func gapMark(i int) string { return "[[" + string(rune('1'+i)) + "]]" }

// choices is how many positions a question shows to choose among.
func (q Question) choices() int {
	switch q.Type {
	case Single, Multiple, Matching, Ordering, Hotspot:
		return len(q.Options)
	case TrueOr:
		return 2
	}
	return 0
}

// chooses says that an answer is a set of what may be chosen.
func (q Question) chooses() bool {
	return q.Type == Single || q.Type == Multiple || q.Type == TrueOr || q.Type == Hotspot
}

// shuffles says that the order of what may be chosen is part of the question, so
// that it is never shown as it stands.
func (q Question) shuffles() bool { return q.Type == Matching || q.Type == Ordering }

// Words is what a bank is searched by.
func (x Item) Words() []string {
	words := []string{x.Question.Text, x.Topic, x.Competency, x.Question.Picture.Alt}
	for _, o := range x.Question.Options {
		words = append(words, o.Text, o.Match)
	}
	for _, scene := range x.Question.Scenes {
		words = append(words, scene.Text)
		for _, c := range scene.Choices {
			words = append(words, c.Text)
		}
	}
	return vietnamese.Words(strings.Join(words, " "), foundWords)
}
