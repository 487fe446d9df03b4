package exchange

import (
	"haidang/courses/assessment"
	"regexp"
	"strings"
)

// giftRune is a letter of GIFT. Escaped by a backslash, it means nothing but
// itself.
type giftRune struct {
	r       rune
	escaped bool
}

type giftText []giftRune

// giftEscaped is what a backslash takes the meaning of. GIFT has no escape for the
// ">" of "->"; here it has.
const giftEscaped = `~=#{}:\>`

func readGIFT(s string) giftText {
	text := make(giftText, 0, len(s))
	escaped := false
	for _, r := range s {
		switch {
		case escaped && r == 'n':
			text = append(text, giftRune{'\n', true})
		case escaped && strings.ContainsRune(giftEscaped, r):
			text = append(text, giftRune{r, true})
		case escaped:
			text = append(text, giftRune{'\\', true}, giftRune{r, false})
		case r != '\\':
			text = append(text, giftRune{r, false})
		}
		escaped = r == '\\' && !escaped
	}
	if escaped {
		text = append(text, giftRune{'\\', true})
	}
	return text
}

func (t giftText) String() string {
	var b strings.Builder
	for _, g := range t {
		b.WriteRune(g.r)
	}
	return b.String()
}

// find is where the signs stand unescaped, or −1.
func (t giftText) find(signs string) int {
	want := []rune(signs)
next:
	for i := 0; i+len(want) <= len(t); i++ {
		for j, r := range want {
			if t[i+j].escaped || t[i+j].r != r {
				continue next
			}
		}
		return i
	}
	return -1
}

// last is where the sign stands unescaped the last time, or −1.
func (t giftText) last(sign rune) int {
	for i := len(t) - 1; i >= 0; i-- {
		if t[i] == (giftRune{sign, false}) {
			return i
		}
	}
	return -1
}

// cut cuts at the signs; all is before if they are not there.
func (t giftText) cut(signs string) (before, after giftText, found bool) {
	if at := t.find(signs); at >= 0 {
		return t[:at], t[at+len([]rune(signs)):], true
	}
	return t, nil, false
}

func (t giftText) trimmed() giftText {
	blank := func(g giftRune) bool { return strings.TrimSpace(string(g.r)) == "" }
	for len(t) > 0 && blank(t[0]) {
		t = t[1:]
	}
	for len(t) > 0 && blank(t[len(t)-1]) {
		t = t[:len(t)-1]
	}
	return t
}

var giftFormat = regexp.MustCompile(`^\s*\[(html|markdown|plain|moodle)\]`)

// formatted is the text without its format, such as [html].
func (t giftText) formatted() (plain string, picture bool) {
	raw := t.String()
	if found := giftFormat.FindStringSubmatch(raw); found != nil {
		return formatted(raw[len(found[0]):], found[1])
	}
	return formatted(raw, "moodle")
}

// gift reads Moodle's text format: questions are divided by empty lines, lines
// that begin with // are comments, and $CATEGORY: names the topic of what follows.
func (g *gathering) gift(data []byte) error {
	text, err := fileText(data)
	if err != nil {
		return err
	}
	row, block := 0, []string(nil)
	end := func() error {
		defer func() { row, block = 0, nil }()
		if row == 0 {
			return nil
		}
		return g.giftQuestion(row, readGIFT(strings.Join(block, "\n")))
	}
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		category, named := strings.CutPrefix(line, "$CATEGORY:")
		switch {
		case strings.HasPrefix(line, "//"):
			continue
		case named && row == 0:
			g.topic = topicOf(category)
			continue
		case line != "":
			if row == 0 {
				row = i + 1
			}
			block = append(block, line)
			continue
		}
		if err := end(); err != nil {
			return err
		}
	}
	return end()
}

func (g *gathering) giftQuestion(row int, text giftText) error {
	r := giftReader{}
	name := ""
	if rest, titled := text.cutPrefix("::"); titled {
		if title, after, found := rest.cut("::"); found {
			name, text = title.String(), after
		}
	}
	wrong := r.read(text)
	if r.picture && wrong.code != RefusedType {
		wrong = flaw{RefusedPicture, r.pictured}
	}
	return g.take(row, name, assessment.Item{Question: r.q}, wrong)
}

func (t giftText) cutPrefix(signs string) (rest giftText, found bool) {
	if len(t) >= len(signs) && t[:len(signs)].find(signs) == 0 {
		return t[len(signs):], true
	}
	return t, false
}

// giftReader reads one question.
type giftReader struct {
	q        assessment.Question
	picture  bool
	pictured string
}

func (r *giftReader) text(t giftText, field string) string {
	text, picture := t.formatted()
	if picture && !r.picture {
		r.picture, r.pictured = true, field
	}
	return text
}

// read reads a text with its answers in braces; words after these make a missing
// word of them.
func (r *giftReader) read(text giftText) flaw {
	open, shut := text.find("{"), text.last('}')
	if open < 0 && shut < 0 {
		r.q.Text = r.text(text, "text")
		return flaw{RefusedType, "type"} // a description
	}
	if open < 0 || shut < open {
		r.q.Text = r.text(text, "text")
		return flaw{code: RefusedUnreadable}
	}
	before, answers, after := text[:open], text[open+1:shut], text[shut+1:]
	if len(after.trimmed()) > 0 {
		missing := append(giftText{}, before...)
		for range 4 {
			missing = append(missing, giftRune{'_', true})
		}
		before = append(missing, after...)
	}
	r.q.Text = r.text(before, "text")
	if answers.find("{") >= 0 || answers.find("}") >= 0 { // several gaps
		return flaw{RefusedType, "type"}
	}
	answers, note, _ := answers.cut("####")
	r.q.Note = r.text(note, "note")
	return r.answers(answers.trimmed())
}

func (r *giftReader) answers(body giftText) flaw {
	first, _, _ := body.cut("#")
	truth, known := giftTruths[strings.ToUpper(strings.TrimSpace(first.String()))]
	numeric, isNumeric := body.cutPrefix("#")
	switch {
	case len(body) == 0: // an essay
		return flaw{RefusedRubric, "rubric"}
	case known:
		r.q.Type, r.q.True = assessment.TrueOr, truth
		return flaw{}
	case isNumeric:
		return r.number(numeric)
	}
	list, whole := giftAnswers(body)
	switch {
	case !whole && body.find(">") == 0: // the ordering plugin's
		return flaw{RefusedType, "type"}
	case !whole:
		return flaw{code: RefusedUnreadable}
	case body.find("~") >= 0:
		return r.choices(list, body.find("=") >= 0)
	case body.find("->") >= 0:
		return r.matching(list)
	}
	return r.short(list)
}

var giftTruths = map[string]bool{"T": true, "TRUE": true, "F": false, "FALSE": false}
