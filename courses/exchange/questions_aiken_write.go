package exchange

import (
	"haidang/courses/assessment"
	"haidang/courses/vietnamese"
	"io"
	"strings"
)

// WriteAiken writes the questions with one or several right options, which is all
// that Aiken has: of these the text, in one line, the options and what is right. It
// has no comments in which the other questions could be named.
func WriteAiken(w io.Writer, items []assessment.Item) error {
	t := newTextWriter(w)
	for _, x := range items {
		if q := x.Question; q.Type == assessment.Single || q.Type == assessment.Multiple {
			t.put(aikenItem(q), "\n")
		}
	}
	return t.end()
}

func aikenItem(q assessment.Question) string {
	var b strings.Builder
	text := strings.Join(strings.Fields(q.Text), " ")
	if aikenOption.MatchString(text) || aikenRight.MatchString(vietnamese.SearchKey(text)) {
		text = "– " + text // or it would be taken for an option or an answer
	}
	b.WriteString(text + "\n")
	for i, o := range q.Options {
		b.WriteString(optionLetter(i) + ". " + o.Text + "\n")
	}
	b.WriteString("ANSWER: " + strings.Join(rightOf(q.Options, optionLetter), ", ") + "\n")
	return b.String()
}
