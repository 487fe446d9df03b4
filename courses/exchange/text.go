package exchange

import (
	"bytes"
	"haidang/courses/catalog"
	"net/url"
	"slices"
	"strings"
)

// look is how a run of text looks.
type look struct {
	bold, italic bool
	href         string
}

func (l look) marks() []catalog.Mark {
	var marks []catalog.Mark
	if l.bold {
		marks = append(marks, catalog.Mark{Type: "bold"})
	}
	if l.italic {
		marks = append(marks, catalog.Mark{Type: "italic"})
	}
	if l.href != "" {
		marks = append(marks, catalog.Mark{Type: "link", Href: l.href})
	}
	return marks
}

const mostAddress = 2_000

// linkTo gives the address if a course may link to it, or nothing.
func linkTo(address string) string {
	u, err := url.Parse(address)
	if len(address) > mostAddress || err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") {
		return ""
	}
	return address
}

// writer gathers the text of one paragraph: runs of one look are one run, and
// white space is one blank.
type writer struct {
	runs []writtenRun
}

type writtenRun struct {
	look look
	text []byte
}

func (w *writer) write(text []byte, l look) {
	if len(text) == 0 {
		return
	}
	if blank := len(bytes.TrimSpace(text)) == 0; blank && len(w.runs) > 0 {
		l = w.runs[len(w.runs)-1].look // blanks have no look of their own
	}
	if len(w.runs) == 0 || w.runs[len(w.runs)-1].look != l {
		w.runs = append(w.runs, writtenRun{look: l})
	}
	last := &w.runs[len(w.runs)-1]
	last.text = append(last.text, text...)
}

func (w *writer) blank() { w.write([]byte(" "), look{}) }

// empty says that nothing but blanks was written.
func (w *writer) empty() bool {
	return !slices.ContainsFunc(w.runs, func(r writtenRun) bool { return len(bytes.TrimSpace(r.text)) > 0 })
}

// inlines gives what was written, without blanks at its ends.
func (w *writer) inlines() []catalog.Inline {
	var list []catalog.Inline
	parted := true // whether a blank would be one too many
	for _, r := range w.runs {
		text := squeezed(string(r.text), parted)
		if text == "" {
			continue
		}
		parted = strings.HasSuffix(text, " ")
		list = append(list, catalog.Inline{Text: text, Marks: r.look.marks()})
	}
	if n := len(list); n > 0 {
		list[n-1].Text = strings.TrimSuffix(list[n-1].Text, " ")
		if list[n-1].Text == "" {
			list = list[:n-1]
		}
	}
	return list
}

// squeezed makes all white space single blanks; none at the begin if parted.
func squeezed(text string, parted bool) string {
	words := strings.Join(strings.Fields(text), " ")
	lead, trail := "", ""
	if !parted && text != strings.TrimLeft(text, " \t\r\n\u00a0") {
		lead = " "
	}
	if words != "" && text != strings.TrimRight(text, " \t\r\n\u00a0") {
		trail = " "
	}
	return lead + words + trail
}

// plain is the text of runs without their looks.
func plain(runs []catalog.Inline) string {
	var b strings.Builder
	for _, r := range runs {
		b.WriteString(r.Text)
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// marked says that a run has the mark.
func marked(r catalog.Inline, mark string) bool {
	return slices.ContainsFunc(r.Marks, func(m catalog.Mark) bool { return m.Type == mark })
}

// allBold says that there is text and all of it is bold.
func allBold(runs []catalog.Inline) bool {
	return len(runs) > 0 && !slices.ContainsFunc(runs, func(r catalog.Inline) bool { return !marked(r, "bold") })
}

// unmarked is a text of one run without looks.
func unmarked(text string) []catalog.Inline { return []catalog.Inline{{Text: text}} }
