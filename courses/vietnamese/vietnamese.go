// Package vietnamese knows how Vietnamese is written: canonical text, search
// keys, the parts and the order of names, official dates and numbers. All of it
// is pure functions.
package vietnamese

import (
	"haidang/courses"
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"
)

// ErrLegacyEncoding refuses text that was typed in a TCVN3 or VNI font: its
// letters are other letters in Unicode, and guessing would garble names.
var ErrLegacyEncoding = courses.Refusal(courses.Invalid, "vietnamese.legacy_encoding", "the text is in a TCVN3 or VNI font; type it in Unicode")

// Clean brings text to the one form in which it is kept: NFC, blanks of every
// kind collapsed to single spaces, invisible characters gone. It refuses with
// ErrLegacyEncoding.
func Clean(s string) (string, error) {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\u200b' || r == '\ufeff' || r == '\u00ad' || unicode.Is(unicode.Bidi_Control, r):
			return -1
		case unicode.IsControl(r) && !unicode.IsSpace(r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	s = strings.Join(strings.Fields(norm.NFC.String(s)), " ")
	if legacy(s) {
		return "", ErrLegacyEncoding
	}
	return s, nil
}

// CleanLines is Clean for text of several lines: each line in canonical form, and
// between two of them at most one empty line.
func CleanLines(s string) (string, error) {
	var lines []string
	for line := range strings.Lines(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(s)) {
		cleaned, err := Clean(line)
		if err != nil {
			return "", err
		}
		if cleaned != "" || len(lines) > 0 && lines[len(lines)-1] != "" {
			lines = append(lines, cleaned)
		}
	}
	s = strings.TrimSpace(strings.Join(lines, "\n"))
	if legacy(s) {
		return "", ErrLegacyEncoding
	}
	return s, nil
}

var (
	// In TCVN3, signs of Latin-1 stand for letters: "Hµ Néi".
	tcvn3 = regexp.MustCompile(`\pL[µ¸¶¹¨©ª«¬®]|[µ¸¶¹¨©ª«¬®][a-zA-Z]`)
	// In VNI, a vowel is followed by its mark as a letter of its own: "Haø Noäi".
	vni = regexp.MustCompile(`(?i)[aeouyöô][øûïäåë]|e[ãáàâ]|ñ[aeouyö]`)
)

// legacy says that text looks typed in a TCVN3 or VNI font. One suspicious pair
// may be a trademark or a French name; two are not.
func legacy(s string) bool {
	return len(tcvn3.FindAllStringIndex(s, 2)) == 2 || len(vni.FindAllStringIndex(s, 2)) == 2
}

// SearchKey folds text for finding: no marks, no case, đ as d, single spaces.
// Two different names can share a key, so it ranks and never identifies.
func SearchKey(s string) string {
	s = strings.ReplaceAll(strings.ToLower(s), "đ", "d")
	folded, _, err := transform.String(transform.Chain(norm.NFD, runes.Remove(runes.In(unicode.Mn))), s)
	if err != nil {
		folded = s
	}
	return strings.Join(strings.Fields(folded), " ")
}

// HasMarks says that text holds a Vietnamese mark or đ, so that its writer
// means those letters and no others.
func HasMarks(s string) bool {
	return SearchKey(s) != strings.Join(strings.Fields(strings.ToLower(s)), " ")
}

// ToneKey is the lower-case text with its marks, each tone where the old
// spelling puts it (Thuỷ and Thủy are one), for comparing names exactly.
func ToneKey(s string) string {
	r := []rune(strings.Join(strings.Fields(strings.ToLower(norm.NFC.String(s))), " "))
	for i := 0; i+1 < len(r); i++ {
		endsHere := i+2 == len(r) || !unicode.IsLetter(r[i+2])
		base, tone := split(r[i+1])
		if tone == 0 || !endsHere {
			continue
		}
		glide := r[i] == 'o' && (base == 'a' || base == 'e') ||
			r[i] == 'u' && base == 'y' && (i == 0 || r[i-1] != 'q')
		if glide {
			r[i], r[i+1] = []rune(norm.NFC.String(string([]rune{r[i], tone})))[0], base
		}
	}
	return string(r)
}

// split takes a plain vowel apart from its tone; tone is 0 if it has none or
// is no plain vowel.
func split(r rune) (base, tone rune) {
	d := []rune(norm.NFD.String(string(r)))
	if len(d) == 2 && strings.ContainsRune("\u0300\u0301\u0303\u0309\u0323", d[1]) {
		return d[0], d[1]
	}
	return r, 0
}

// Words is the folded words of a text, each once and at most so many, without what
// stands around them.
func Words(text string, most int) []string {
	words, seen := []string{}, map[string]bool{}
	for _, w := range strings.Fields(SearchKey(text)) {
		if w = strings.Trim(w, ".,;:?!()[]\"“”'"); w != "" && !seen[w] && len(words) < most {
			seen[w] = true
			words = append(words, w)
		}
	}
	return words
}
