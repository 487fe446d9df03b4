package exchange

import (
	"fmt"
	"haidang/courses/assessment"
	"regexp"
	"strings"
)

var (
	optionMark = regexp.MustCompile(`\[\[\d+\]\]`)
	clozeMark  = regexp.MustCompile(`(?is)\{\d*:([A-Z_]+):((?:\\.|[^\\}])*)\}`)
	clozeShare = regexp.MustCompile(`^%(-?\d+(?:\.\d+)?)%`)
)

// gapText is how a text marks its n-th gap, from 1.
func gapText(n int) string { return fmt.Sprintf("[[%d]]", n) }

// clozeKinds are the parts that are words; true if their capitals matter. What
// Moodle has people choose is written here.
var clozeKinds = map[string]bool{
	"SHORTANSWER": false, "SA": false, "MW": false, "SHORTANSWER_C": true, "SAC": true, "MWC": true,
	"MULTICHOICE": false, "MC": false, "MULTICHOICE_V": false, "MCV": false, "MULTICHOICE_H": false, "MCH": false,
	"MULTICHOICE_S": false, "MCS": false, "MULTICHOICE_VS": false, "MCVS": false, "MULTICHOICE_HS": false, "MCHS": false,
}

// cloze reads a text with {1:SHORTANSWER:=words} in it.
func (r *moodleReader) cloze() flaw {
	r.q.Type = assessment.Gaps
	wrong := flaw{}
	n := r.n.child("questiontext")
	text := clozeMark.ReplaceAllStringFunc(string(n.child("text").text), func(part string) string {
		found := clozeMark.FindStringSubmatch(part)
		exact, known := clozeKinds[strings.ToUpper(found[1])]
		if !known {
			wrong = flaw{RefusedType, "type"}
			return ""
		}
		gap := assessment.Gap{Exact: exact}
		for _, alternative := range clozeParts(found[2], '~') {
			share, words := clozeAlternative(alternative)
			words = r.said(words, n.attr("format"), "gaps")
			if flawed := accept(&gap, words, share); flawed != (flaw{}) && wrong == (flaw{}) {
				wrong = flawed
			}
		}
		r.q.Gaps = append(r.q.Gaps, gap)
		return gapText(len(r.q.Gaps))
	})
	r.q.Text = r.said(text, n.attr("format"), "text")
	return wrong
}

// clozeParts cuts at each sign that no backslash stands before, and no & either:
// the # of &#39; is part of a letter.
func clozeParts(s string, at byte) []string {
	var list []string
	from := 0
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\':
			i++
		case s[i] == at && (i == 0 || s[i-1] != '&'):
			list, from = append(list, s[from:i]), i+1
		}
	}
	return append(list, s[from:])
}

var clozeEscapes = strings.NewReplacer(`\~`, "~", `\#`, "#", `\}`, "}", `\{`, "{", `\"`, `"`, `\/`, "/", `\=`, "=", `\\`, `\`)

// clozeAlternative reads "=words#feedback" or "%50%words".
func clozeAlternative(s string) (share float64, words string) {
	s = strings.TrimSpace(clozeParts(s, '#')[0])
	if found := clozeShare.FindStringSubmatch(s); found != nil {
		share, _ = parseNumber(found[1])
		s = s[len(found[0]):]
	} else if rest, right := strings.CutPrefix(s, "="); right {
		share, s = 100, rest
	}
	return share, clozeEscapes.Replace(s)
}

// clozeText is the text, as HTML, with its gaps in it. Signs that mean something
// are written as entities, which need no backslash.
func clozeText(q assessment.Question) string {
	text := strings.NewReplacer("{", "&#123;", "}", "&#125;").Replace(markup(q.Text))
	for i, gap := range q.Gaps {
		kind := "SHORTANSWER"
		if gap.Exact {
			kind = "SHORTANSWER_C"
		}
		words := make([]string, len(gap.Accepted))
		for j, accepted := range gap.Accepted {
			words[j] = "=" + clozeEntities.Replace(starred(accepted))
		}
		// A word may look like the mark of a later gap: that mark is the entity's.
		text = strings.Replace(text, gapText(i+1), "{1:"+kind+":"+strings.Join(words, "~")+"}", 1)
	}
	return text
}

var clozeEntities = strings.NewReplacer(
	"&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&#34;", "'", "&#39;", "~", "&#126;", "#", "&#35;", "{", "&#123;", "}", "&#125;",
	"=", "&#61;", "%", "&#37;", `\`, "&#92;", "/", "&#47;", "[", "&#91;", "]", "&#93;")
