package exchange

import (
	"haidang/courses/assessment"
	"haidang/courses/vietnamese"
	"regexp"
	"slices"
	"strings"
)

var (
	aikenOption = regexp.MustCompile(`^([A-Z])[.)]\s*(.*)$`)
	aikenRight  = regexp.MustCompile(`^(?:answer|dap an)\s*:\s*(.*)$`)
	aikenLetter = regexp.MustCompile(`^[a-z]$`)
)

// aikenReader reads questions line by line.
type aikenReader struct {
	g       *gathering
	row     int // where the question begins
	text    []string
	options [][]string
	blank   bool // whether the line before was empty
}

// aiken reads questions in Aiken's form: the text, options "A." or "A)" in the
// order of the letters, and "ANSWER: B" (or "Đáp án: B"). Text and options may go
// on in further lines. Several letters ("ANSWER: A, C") make a question with
// several right options.
func (g *gathering) aiken(data []byte) error {
	text, err := fileText(data)
	if err != nil {
		return err
	}
	r := &aikenReader{g: g}
	for i, line := range strings.Split(text, "\n") {
		if err := r.line(i+1, strings.TrimSpace(line)); err != nil {
			return err
		}
	}
	return r.unanswered()
}

func (r *aikenReader) line(number int, line string) error {
	if line == "" {
		r.blank = true
		return nil
	}
	after := r.blank
	r.blank = false
	if len(line) < 200 {
		if right := aikenRight.FindStringSubmatch(vietnamese.SearchKey(line)); right != nil {
			return r.answered(number, right[1])
		}
	}
	if found := aikenOption.FindStringSubmatch(line); found != nil && int(found[1][0]-'A') == len(r.options) {
		r.begin(number)
		r.options = append(r.options, []string{found[2]})
		return nil
	}
	if last := len(r.options) - 1; last >= 0 && !after {
		r.options[last] = append(r.options[last], line)
		return nil
	}
	if len(r.options) > 0 { // the question before has no answer
		if err := r.unanswered(); err != nil {
			return err
		}
	}
	r.begin(number)
	r.text = append(r.text, line)
	return nil
}

func (r *aikenReader) begin(number int) {
	if r.row == 0 {
		r.row = number
	}
}

// unanswered lists a question that ends without an answer.
func (r *aikenReader) unanswered() error {
	if r.row == 0 {
		return nil
	}
	return r.end(flaw{RefusedNoRight, "right"})
}

func (r *aikenReader) end(wrong flaw, right ...int) error {
	q := assessment.Question{Type: assessment.Single, Text: strings.Join(r.text, " ")}
	if len(right) > 1 {
		q.Type = assessment.Multiple
	}
	for _, lines := range r.options {
		q.Options = append(q.Options, assessment.Option{Text: strings.Join(lines, " ")})
	}
	for _, i := range right {
		if i >= len(q.Options) {
			wrong = flaw{RefusedRight, "right"}
			break
		}
		q.Options[i].Right = true
	}
	row := r.row
	r.row, r.text, r.options = 0, nil, nil
	return r.g.take(row, q.Text, assessment.Item{Question: q}, wrong)
}

// answered ends a question with the letters of what is right.
func (r *aikenReader) answered(number int, letters string) error {
	r.begin(number)
	var right []int
	for _, letter := range strings.FieldsFunc(letters, func(c rune) bool { return strings.ContainsRune(" ,;.&)", c) }) {
		if !aikenLetter.MatchString(letter) {
			return r.end(flaw{RefusedRight, "right"})
		}
		right = append(right, int(letter[0]-'a'))
	}
	if len(right) == 0 {
		return r.end(flaw{RefusedNoRight, "right"})
	}
	slices.Sort(right)
	return r.end(flaw{}, slices.Compact(right)...)
}
