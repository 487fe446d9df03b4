package exchange

import (
	"cmp"
	"haidang/courses/assessment"
	"haidang/courses/vietnamese"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// The sheet of questions, which people fill in and which WriteQuestionSheet
// writes. One of its first 20 rows is the header; it names the columns in any
// order, with or without marks and capitals. Other columns are ignored, and so
// are empty rows and the sheets after the first that has such a header.
//
//	Loại         the type: một đáp án, nhiều đáp án, đúng/sai, trả lời ngắn, số,
//	             ghép đôi, sắp xếp, điền khuyết; or single, multiple, true_false …
//	Câu hỏi      the text; of điền khuyết with [[1]], [[2]] … where the gaps are
//	Chủ đề       the topic; may be empty
//	Năng lực     the competency; may be empty
//	Độ khó       dễ, trung bình, khó; or easy, medium, hard; empty is medium
//	Phương án n  n from 1 to 20; a cell that is empty is no option
//	Đúng         what is right; see below
//	Giải thích   why; may be empty
//	Văn bản      documents that the question cites, divided by "|"
//	Điều         the article of each of them, divided by "|"; of a single document
//	             there may be several
//
// What Phương án and Đúng hold depends on the type:
//
//	một đáp án     options; the number (as in the header) or letter of the right one
//	nhiều đáp án   options; "1;3", "1, 3", "A C" or "1 và 3"
//	đúng/sai       nothing; "Đúng" or "Sai"
//	trả lời ngắn   nothing; accepted words, divided by "|"
//	số             nothing; "12,5", "12,5 ± 0,5" or "12,5 ± 0,5 m²" ("+-" is "±");
//	               1.234 is a thousand, 1,234 is a little more than one
//	ghép đôi       "trái => phải", a pair each; nothing
//	sắp xếp        options; nothing if they stand in the right order, or "2;1;3"
//	điền khuyết    words that are accepted in gap n, divided by "|"; nothing
//
// A hotspot ("trên hình") rests on a picture and a scenario ("tình huống") on many
// texts for which a row has no room: they are listed, and not taken.
//
// Accepted words begin with "đúng dấu:" if their marks matter. A backslash before
// "|", "=" or a backslash makes it a letter like others, where "|" or "=>" divide.
// An apostrophe before = + - or @ is not part of the text: it keeps spreadsheets
// from taking it for a formula.
const (
	typeColumn = iota
	textColumn
	topicColumn
	difficultyColumn
	rightColumn
	noteColumn
	documentColumn
	articleColumn
	competencyColumn
	optionColumn // and those after it: Phương án 1 …
)

const sheetOptions = 20

// columnNames are the headers, folded; the first of each is written.
var columnNames = map[int][]string{
	typeColumn:       {"loai", "loai cau hoi", "type"},
	textColumn:       {"cau hoi", "noi dung", "noi dung cau hoi", "question"},
	topicColumn:      {"chu de", "topic"},
	difficultyColumn: {"do kho", "muc do", "difficulty"},
	rightColumn:      {"dung", "dap an dung", "dap an", "right"},
	noteColumn:       {"giai thich", "note"},
	documentColumn:   {"van ban", "document"},
	articleColumn:    {"dieu", "article"},
	competencyColumn: {"nang luc", "competency"},
}

// typeNames are the types, folded and without punctuation.
var typeNames = map[string]assessment.Type{
	"mot dap an": assessment.Single, "mot lua chon": assessment.Single, "mot phuong an": assessment.Single, "chon mot": assessment.Single,
	"nhieu dap an": assessment.Multiple, "nhieu lua chon": assessment.Multiple, "nhieu phuong an": assessment.Multiple, "chon nhieu": assessment.Multiple,
	"dung sai": assessment.TrueOr, "true false": assessment.TrueOr,
	"tra loi ngan": assessment.Short, "ngan": assessment.Short,
	"so": assessment.Numeric, "tra loi so": assessment.Numeric,
	"ghep doi": assessment.Matching, "ghep cap": assessment.Matching, "noi": assessment.Matching,
	"sap xep": assessment.Ordering, "sap thu tu": assessment.Ordering, "thu tu": assessment.Ordering,
	"tren hinh": assessment.Hotspot, "chon tren hinh": assessment.Hotspot, "tinh huong": assessment.Scenario,
	"dien khuyet": assessment.Gaps, "dien cho trong": assessment.Gaps, "dien tu": assessment.Gaps,
	"tu luan": assessment.Essay,
}

var difficulties = map[string]string{
	"": "medium", "de": "easy", "trung binh": "medium", "vua": "medium", "kho": "hard", "easy": "easy", "medium": "medium", "hard": "hard",
}

var notWord = regexp.MustCompile(`[^\pL\pN]+`)

// word folds a word that is one of a list.
func word(s string) string {
	return strings.TrimSpace(notWord.ReplaceAllString(vietnamese.SearchKey(s), " "))
}

// sheet reads a spreadsheet in the form above.
func (g *gathering) sheet(data []byte) error {
	b, err := openWorkbook(data)
	if err != nil {
		return err
	}
	var places map[int]int
	file, header, err := b.headed(func(r sheetRow) bool {
		places = columnsOf(r)
		return places != nil
	})
	if err != nil {
		return err
	}
	return b.rows(file, func(r sheetRow) error {
		if r.number <= header {
			return nil
		}
		line, other := questionLine{}, true
		for _, at := range r.columns() {
			if column, known := places[at]; known {
				line[column], other = unguarded(r.cells[at]), false
			}
		}
		if other {
			return nil
		}
		item, wrong := line.item()
		if r.broken {
			wrong = flaw{code: RefusedUnreadable}
		}
		return g.take(r.number, line[textColumn], item, wrong)
	})
}

var optionName = regexp.MustCompile(`^(?:phuong an|dap an|option) ([1-9]\d?)$`)

// columnsOf says which column stands where; nil if the row is no header. Of two
// with the same name the first counts.
func columnsOf(r sheetRow) map[int]int {
	places, seen := map[int]int{}, map[int]bool{}
	for _, at := range r.columns() {
		name := word(r.cells[at])
		column := -1
		for candidate, names := range columnNames {
			if slices.Contains(names, name) {
				column = candidate
			}
		}
		if found := optionName.FindStringSubmatch(name); found != nil {
			if n, _ := strconv.Atoi(found[1]); n <= sheetOptions {
				column = optionColumn + n - 1
			}
		}
		if column >= 0 && !seen[column] {
			places[at], seen[column] = column, true
		}
	}
	if !seen[typeColumn] || !seen[textColumn] {
		return nil
	}
	return places
}

// questionLine is a row by column.
type questionLine [optionColumn + sheetOptions]string

// options are the cells of Phương án.
func (l questionLine) options() []string { return l[optionColumn:] }

func (l questionLine) item() (assessment.Item, flaw) {
	item := assessment.Item{Topic: l[topicColumn], Competency: l[competencyColumn]}
	item.Question = assessment.Question{Text: l[textColumn], Note: l[noteColumn]}
	named := word(l[typeColumn])
	if named == "" {
		return item, flaw{RefusedRequired, "type"}
	}
	item.Question.Type = cmp.Or(typeNames[named], assessment.Type(strings.ReplaceAll(named, " ", "_")))
	if !slices.Contains(assessment.Types(), item.Question.Type) {
		return item, flaw{RefusedType, "type"}
	}
	if item.Question.Type == assessment.Essay {
		return item, flaw{RefusedRubric, "rubric"}
	}
	if item.Question.Type == assessment.Hotspot || item.Question.Type == assessment.Scenario {
		return item, flaw{RefusedForm, "type"}
	}
	var known bool
	if item.Difficulty, known = difficulties[word(l[difficultyColumn])]; !known {
		return item, flaw{RefusedDifficulty, "difficulty"}
	}
	wrong := l.cites(&item)
	if wrong == (flaw{}) {
		wrong = l.answers(&item.Question)
	}
	return item, wrong
}

// answers reads what Phương án and Đúng say.
func (l questionLine) answers(q *assessment.Question) flaw {
	right := l[rightColumn]
	given := func(text string) bool { return text != "" }
	switch q.Type {
	case assessment.TrueOr, assessment.Short, assessment.Numeric:
		if slices.ContainsFunc(l.options(), given) && (q.Type != assessment.TrueOr || !l.namesTruth()) {
			return flaw{RefusedUnused, "options"}
		}
		if right == "" {
			return flaw{RefusedNoRight, "right"}
		}
	case assessment.Matching, assessment.Gaps:
		if right != "" {
			return flaw{RefusedUnused, "right"}
		}
	}
	switch q.Type {
	case assessment.TrueOr:
		truth, known := truths[word(right)]
		if !known {
			return flaw{RefusedRight, "right"}
		}
		q.True = truth
	case assessment.Short:
		q.Gaps = []assessment.Gap{cellGap(right)}
	case assessment.Numeric:
		var known bool
		if q.Number, known = readQuantity(right); !known {
			return flaw{RefusedNumber, "right"}
		}
	case assessment.Matching:
		return l.pairs(q)
	case assessment.Gaps:
		q.Gaps = l.gaps()
	case assessment.Ordering:
		return l.ordered(q)
	default:
		return l.chosen(q)
	}
	return flaw{}
}
