package exchange

import (
	"haidang/courses/assessment"
	"regexp"
	"strings"
)

// giftAnswer is one answer: what follows "=" or "~".
type giftAnswer struct {
	share float64  // percent
	text  giftText // without its share and its feedback
	raw   giftText // with its share
}

var giftShare = regexp.MustCompile(`^%(-?\d+(?:\.\d+)?)%`)

// giftAnswers cuts a body into its answers. It is not whole if something stands
// before the first.
func giftAnswers(body giftText) (list []giftAnswer, whole bool) {
	from := -1
	for i := 0; i <= len(body); i++ {
		if i < len(body) && body[i] != (giftRune{'=', false}) && body[i] != (giftRune{'~', false}) {
			continue
		}
		if from < 0 {
			if len(body[:i].trimmed()) > 0 {
				return nil, false
			}
		} else {
			list = append(list, newGIFTAnswer(body[from].r, body[from+1:i]))
		}
		from = i
	}
	return list, len(list) > 0
}

func newGIFTAnswer(sign rune, text giftText) giftAnswer {
	text, _, _ = text.cut("#")
	text = text.trimmed()
	a := giftAnswer{text: text, raw: text}
	if sign == '=' {
		a.share = 100
	}
	if found := giftShare.FindStringSubmatch(text[:min(len(text), 20)].String()); found != nil {
		a.share, _ = parseNumber(found[1])
		a.text = text[len(found[0]):].trimmed()
	}
	return a
}

// choices reads options. With one that "=" stands before, one is right; else
// their shares say which are.
func (r *giftReader) choices(list []giftAnswer, single bool) flaw {
	r.q.Type = assessment.Multiple
	if single {
		r.q.Type = assessment.Single
	}
	wrong := flaw{}
	for _, a := range list {
		whole, partly := wholeShare(a.share)
		if single && partly {
			wrong = flaw{RefusedPartial, "options"}
		}
		r.q.Options = append(r.q.Options, assessment.Option{Text: r.text(a.text, "options"), Right: whole || partly})
	}
	return wrong
}

func (r *giftReader) matching(list []giftAnswer) flaw {
	r.q.Type = assessment.Matching
	for _, a := range list {
		left, match, found := a.raw.cut("->")
		if !found {
			return flaw{RefusedUnreadable, "options"}
		}
		if len(left.trimmed()) == 0 {
			return flaw{RefusedExtra, "options"}
		}
		r.q.Options = append(r.q.Options, assessment.Option{Text: r.text(left, "options"), Match: match.String()})
	}
	return flaw{}
}

func (r *giftReader) short(list []giftAnswer) flaw {
	r.q.Type = assessment.Short
	gap := assessment.Gap{}
	for _, a := range list {
		if wrong := accept(&gap, a.text.String(), a.share); wrong != (flaw{}) {
			return wrong
		}
	}
	if len(gap.Accepted) == 0 {
		return flaw{RefusedNoRight, "gaps"}
	}
	r.q.Gaps = []assessment.Gap{gap}
	return flaw{}
}

// number reads "3:0.5", "1..5" or several of them, each after "=".
func (r *giftReader) number(body giftText) flaw {
	r.q.Type = assessment.Numeric
	list, whole := giftAnswers(body)
	if !whole {
		list = []giftAnswer{newGIFTAnswer('=', body)}
	}
	right := 0
	for _, a := range list {
		full, partly := wholeShare(a.share)
		switch {
		case partly:
			return flaw{RefusedPartial, "number"}
		case !full:
			continue
		}
		right++
		var known bool
		if r.q.Number, known = giftQuantity(a.text.String()); !known {
			return flaw{RefusedNumber, "number"}
		}
	}
	switch right {
	case 0:
		return flaw{RefusedNoRight, "number"}
	case 1:
		return flaw{}
	}
	return flaw{RefusedOneRight, "number"}
}

func giftQuantity(s string) (q assessment.Quantity, known bool) {
	if from, to, between := strings.Cut(s, ".."); between {
		low, ok := parseNumber(from)
		high, fine := parseNumber(to)
		return assessment.Quantity{Value: rounded((low + high) / 2), Tolerance: rounded((high - low) / 2)}, ok && fine && low <= high
	}
	value, tolerance, bounded := strings.Cut(s, ":")
	q.Value, known = parseNumber(value)
	if known && bounded {
		q.Tolerance, known = parseNumber(tolerance)
	}
	return q, known
}
