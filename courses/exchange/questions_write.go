package exchange

import (
	"bufio"
	"fmt"
	"haidang/courses/assessment"
	"io"
)

// textWriter writes a file of questions.
type textWriter struct{ out *bufio.Writer }

func newTextWriter(w io.Writer) textWriter { return textWriter{bufio.NewWriter(w)} }

// put writes; what goes wrong, end tells.
func (t textWriter) put(texts ...string) {
	for _, text := range texts {
		_, _ = t.out.WriteString(text)
	}
}

func (t textWriter) end() error {
	if err := t.out.Flush(); err != nil {
		return fmt.Errorf("write questions: %w", err)
	}
	return nil
}

// optionLetter names the i-th choice.
func optionLetter(i int) string { return string(rune('A' + i)) }

// rightOf names the right ones of the options.
func rightOf(options []assessment.Option, name func(int) string) []string {
	var list []string
	for i, o := range options {
		if o.Right {
			list = append(list, name(i))
		}
	}
	return list
}
