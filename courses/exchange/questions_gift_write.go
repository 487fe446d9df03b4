package exchange

import (
	"fmt"
	"haidang/courses/assessment"
	"io"
	"strings"
)

// WriteGIFT writes items as GIFT: the topic as a category; no difficulty, no cites
// and not whether marks matter, which it does not have. A number's unit is put
// behind the text. Ordering, gaps, hotspots and scenarios are no part of GIFT: of
// these, a comment says what was left out. Read again, the other questions are the same.
func WriteGIFT(w io.Writer, items []assessment.Item) error {
	t := newTextWriter(w)
	topic := ""
	for _, x := range items {
		if x.Topic != topic {
			topic = x.Topic
			t.put("$CATEGORY: ", categoryOf(topic), "\n\n")
		}
		t.put(giftItem(x.Question), "\n")
	}
	return t.end()
}

var giftEscapes = strings.NewReplacer(`\`, `\\`, "~", `\~`, "=", `\=`, "#", `\#`, "{", `\{`, "}", `\}`, ":", `\:`, "->", `-\>`, "\n", `\n`)

// giftWords is a text that has no format.
func giftWords(s string) string { return giftEscapes.Replace(s) }

// giftRich is a text that may have a format, and has one if it would be taken for
// something else without.
func giftRich(s string) string {
	plain, _ := plainHTML(s)
	if plain == s && !strings.HasPrefix(s, "[") && !strings.HasPrefix(s, "//") && !strings.Contains(s, "->") {
		return giftWords(s)
	}
	return "[html]" + giftWords(markup(s))
}

func giftItem(q assessment.Question) string {
	text := q.Text
	if q.Number.Unit != "" {
		text += " (" + q.Number.Unit + ")"
	}
	var answers []string
	add := func(sign, text string) { answers = append(answers, "\t"+sign+text+"\n") }
	switch q.Type {
	case assessment.Single, assessment.Multiple:
		shares := sharesOf(q)
		for i, o := range q.Options {
			add(giftSign(q.Type, o, shares[i]), giftRich(o.Text))
		}
	case assessment.TrueOr:
		add("", strings.ToUpper(fmt.Sprint(q.True)))
	case assessment.Short:
		for _, gap := range q.Gaps {
			for _, words := range gap.Accepted {
				add(giftSign(q.Type, assessment.Option{Text: words, Right: true}, "100"), giftWords(starred(words)))
			}
		}
	case assessment.Numeric:
		add("#", writeNumber(q.Number.Value)+":"+writeNumber(q.Number.Tolerance))
	case assessment.Matching:
		for _, o := range q.Options {
			add("=", giftRich(o.Text)+" -> "+giftWords(o.Match))
		}
	default:
		return "// GIFT has no such type (" + string(q.Type) + "): " + excerpt(q.Text) + "\n"
	}
	if q.Note != "" {
		add("####", giftRich(q.Note))
	}
	return giftRich(text) + " {\n" + strings.Join(answers, "") + "}\n"
}

// giftSign stands before an answer; a text that begins like a share needs one
// before it.
func giftSign(t assessment.Type, o assessment.Option, share string) string {
	sign := map[bool]string{true: "=", false: "~"}[o.Right]
	switch {
	case t == assessment.Multiple:
		return "~%" + share + "%"
	case strings.HasPrefix(o.Text, "%"):
		return sign + "%" + share + "%"
	}
	return sign
}
