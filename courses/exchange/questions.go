package exchange

import (
	"haidang/courses"
	"haidang/courses/assessment"
)

// QuestionFormat is a form in which question banks travel.
type QuestionFormat string

// The formats of questions.
const (
	QuestionSheet QuestionFormat = "xlsx"   // our own sheet
	MoodleXML     QuestionFormat = "moodle" // Moodle's XML
	GIFT          QuestionFormat = "gift"   // Moodle's text
	Aiken         QuestionFormat = "aiken"  // text with "ANSWER: B"
	QTI           QuestionFormat = "qti"    // 1EdTech QTI 2.x and 3.0: an item, or a package of them; written as 2.2
)

// Questions is what a file gives: every question of it is in one of the lists.
type Questions struct {
	Format   QuestionFormat
	Items    []ReadItem
	Refused  []RefusedQuestion
	Pictures QuestionPictures // of its hotspots, which name them by their place in the file
}

// ReadItem is a question that can be kept. Its item is clean and has neither id,
// bank nor number; its picture is one of Questions.Pictures.
type ReadItem struct {
	Row  int // the row of the sheet, the line, or the ordinal from 1
	Item assessment.Item
}

// RefusedQuestion is a question that was left out, and why.
type RefusedQuestion struct {
	Row   int    // as of ReadItem
	Name  string // its title, or how it begins; at most 80 characters
	Code  string // one of the Refused… constants, or a code of assessment.ErrQuestion's fields
	Field string // as in assessment.ErrQuestion; "right" is what is said to be right
}

// Why questions are left out. The fields of assessment.ErrQuestion add required,
// too_long, too_few, too_many, twice, not_in_text, range and legacy_encoding. The
// front end words the codes.
const (
	RefusedType       = "type_unknown"       // a type that we do not have
	RefusedPicture    = "picture"            // rests on a picture, a sound, a film or a formula that is not there or that we cannot show
	RefusedArea       = "area"               // a place of a picture that cannot be read, lies outside or is too small
	RefusedUnreadable = "unreadable"         // not in the form that its format asks for
	RefusedRequired   = "required"           // something is missing
	RefusedNoRight    = "no_right"           // nothing is said to be right
	RefusedOneRight   = "one_right"          // several are right where there can be one
	RefusedRight      = "right_unknown"      // what is said to be right is not among the options
	RefusedNumber     = "bad_number"         // no number stands where one should
	RefusedPartial    = "partial_credit"     // an answer is worth part of the points
	RefusedWildcard   = "wildcard"           // "*" stands for any words
	RefusedRubric     = "no_rubric"          // an essay: it cannot be read what we mark it by
	RefusedExtra      = "extra_options"      // options that belong nowhere, which only mislead
	RefusedUnused     = "unused"             // a cell that a question of that type has no use for
	RefusedForm       = "type_not_in_form"   // a type that we have, and that the format has no room for
	RefusedDifficulty = "difficulty_unknown" // neither easy, medium nor hard
	refusedMany       = "too_many"
	refusedLong       = "too_long"
)

// Limits of a file of questions.
const (
	mostQuestions      = 20_000
	mostQuestionsBytes = 10 << 20
	mostTextBytes      = 40_000 // of one text, of which 4,000 characters are taken
)

// Refusals of files with questions. The fields of ErrQuestions say what is wrong:
// header, encoding, format or empty.
var (
	ErrQuestions     = courses.Refusal(courses.Invalid, "exchange.bad_questions", "the file holds no questions in that format; see fields")
	ErrQuestionsSize = courses.Refusal(courses.TooLarge, "exchange.questions_too_large", "the file has more than 10 MiB, 20,000 questions or the text of so many; split it")
)

func badQuestions(path, code string) error {
	return ErrQuestions.With(courses.Field{Path: path, Code: code})
}

// ReadQuestions reads the questions of a file. What is wrong with one of them
// refuses that one and no other. Words for the learner that depend on their answer
// (feedback) are left out; nothing is fetched. It refuses with ErrQuestions and
// ErrQuestionsSize, and files that are damaged or hostile with ErrCorrupt,
// ErrUnsafeXML, ErrNames, ErrUnpacked and ErrOld.
func ReadQuestions(format QuestionFormat, data []byte) (Questions, error) {
	if len(data) > mostQuestionsBytes {
		return Questions{}, ErrQuestionsSize
	}
	readers := map[QuestionFormat]func(*gathering, []byte) error{
		QuestionSheet: (*gathering).sheet,
		MoodleXML:     (*gathering).moodle,
		GIFT:          (*gathering).gift,
		Aiken:         (*gathering).aiken,
		QTI:           (*gathering).qti,
	}
	read, known := readers[format]
	if !known {
		return Questions{}, badQuestions("format", "unknown")
	}
	g := &gathering{found: Questions{Format: format}}
	if err := read(g, data); err != nil {
		return Questions{}, err
	}
	if len(g.found.Items)+len(g.found.Refused) == 0 {
		return Questions{}, badQuestions("questions", "empty")
	}
	return g.found, nil
}
