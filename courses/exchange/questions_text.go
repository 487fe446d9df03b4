package exchange

import (
	"bytes"
	"encoding/binary"
	"haidang/courses/assessment"
	"haidang/courses/vietnamese"
	"html"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// inlineTags stand in a line of HTML; all other elements part words.
var inlineTags = tags("a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark nobr q s samp small span strike strong sub sup time tt u var wbr")

// pictureTags show what no text says.
var pictureTags = tags("img image picture svg video audio object embed iframe canvas applet math")

// lineTags end a line of text.
var lineTags = tags("p div li dt dd tr pre h1 h2 h3 h4 h5 h6 blockquote section article prompt")

// silentTags hold no text.
var silentTags = tags("script style template")

func tags(names string) map[string]bool {
	set := map[string]bool{}
	for _, name := range strings.Fields(names) {
		set[name] = true
	}
	return set
}

// raised and lowered are the digits of <sup> and <sub>: m² is not m2.
var (
	raised  = strings.NewReplacer("0", "⁰", "1", "¹", "2", "²", "3", "³", "4", "⁴", "5", "⁵", "6", "⁶", "7", "⁷", "8", "⁸", "9", "⁹", "+", "⁺", "-", "⁻")
	lowered = strings.NewReplacer("0", "₀", "1", "₁", "2", "₂", "3", "₃", "4", "₄", "5", "₅", "6", "₆", "7", "₇", "8", "₈", "9", "₉", "+", "₊", "-", "₋")
)

// htmlReader makes plain text of HTML.
type htmlReader struct {
	out     strings.Builder
	silent  string // the open element whose content is no text
	digits  *strings.Replacer
	picture bool
}

// plainHTML is the text of HTML without its tags, and whether there is something
// in it to look at or to hear. <br> and the ends of paragraphs and the like end
// lines; other elements that are not in a line part words. A tag that does not end is text, and so is what follows it.
func plainHTML(s string) (text string, picture bool) {
	r := &htmlReader{}
	for s != "" {
		at := strings.IndexByte(s, '<')
		if at < 0 {
			at = len(s)
		}
		r.write(s[:at])
		if s = s[at:]; s == "" {
			break
		}
		name, closing, length := htmlTag(s)
		switch {
		case length < 0:
			r.write(s)
			length = len(s)
		case name == "":
			r.write(s[:length])
		default:
			r.tag(name, closing)
		}
		s = s[length:]
	}
	return r.out.String(), r.picture
}

func (r *htmlReader) write(text string) {
	if r.silent != "" || text == "" {
		return
	}
	text = html.UnescapeString(text)
	if r.digits != nil {
		text = r.digits.Replace(text)
	}
	r.out.WriteString(text)
}

func (r *htmlReader) tag(name string, closing bool) {
	switch {
	case r.silent != "":
		if closing && name == r.silent {
			r.silent = ""
		}
	case silentTags[name] && !closing:
		r.silent = name
	case name == "!":
	case name == "sup" || name == "sub":
		r.digits = nil
		if !closing {
			r.digits = map[string]*strings.Replacer{"sup": raised, "sub": lowered}[name]
		}
	default:
		r.picture = r.picture || pictureTags[name]
		switch {
		case name == "br":
			r.out.WriteByte('\n')
		case closing && lineTags[name]:
			endLine(&r.out)
		case !inlineTags[name]:
			r.out.WriteByte(' ')
		}
	}
}

// endLine ends a line of text, unless that has just been done.
func endLine(out *strings.Builder) {
	if !strings.HasSuffix(strings.TrimRight(out.String(), " "), "\n") {
		out.WriteByte('\n')
	}
}

// markup is text of several lines as HTML.
func markup(text string) string {
	return strings.ReplaceAll(html.EscapeString(text), "\n", "<br>")
}

// htmlTag reads the tag that s begins with: its name in lower case ("!" of a
// comment and the like), or nothing if it is no tag; its length is −1 if it has
// no end.
func htmlTag(s string) (name string, closing bool, length int) {
	if strings.HasPrefix(s, "<!--") {
		if end := strings.Index(s[4:], "-->"); end >= 0 {
			return "!", false, end + 7
		}
		return "", false, -1
	}
	at := 1
	if strings.HasPrefix(s, "</") {
		at, closing = 2, true
	}
	end := at
	for end < len(s) && (isLetter(s[end]) || end > at && s[end] >= '0' && s[end] <= '9') {
		end++
	}
	switch {
	case end > at:
		name = strings.ToLower(s[at:end])
	case strings.HasPrefix(s, "<!") || strings.HasPrefix(s, "<?"):
		name = "!"
	default:
		return "", false, 1
	}
	quote := byte(0)
	for i := end; i < len(s); i++ {
		switch {
		case quote != 0:
			if s[i] == quote {
				quote = 0
			}
		case s[i] == '"' || s[i] == '\'':
			quote = s[i]
		case s[i] == '>':
			return name, closing, i + 1
		}
	}
	return "", false, -1
}

func isLetter(b byte) bool { return b|0x20 >= 'a' && b|0x20 <= 'z' }

var markdownPicture = regexp.MustCompile(`!\[[^\]\n]*\](\(|\[)`)

// formatted is the text in a format that Moodle knows: plain_text, html, markdown
// or its own, which takes tags too.
func formatted(text, format string) (plain string, picture bool) {
	switch format {
	case "plain_text", "plain":
		return text, false
	case "html":
		return plainHTML(strings.ReplaceAll(text, "\n", " "))
	case "markdown":
		plain, picture = plainHTML(text)
		return plain, picture || markdownPicture.MatchString(text)
	}
	return plainHTML(text)
}

// fileText is the text of a text file: UTF-8, or UTF-16 with its mark, with lines
// that end in \n. It refuses with ErrQuestions.
func fileText(data []byte) (string, error) {
	for mark, order := range map[string]binary.ByteOrder{"\xff\xfe": binary.LittleEndian, "\xfe\xff": binary.BigEndian} {
		if rest, found := bytes.CutPrefix(data, []byte(mark)); found {
			units := make([]uint16, len(rest)/2)
			for i := range units {
				units[i] = order.Uint16(rest[2*i:])
			}
			data = []byte(string(utf16.Decode(units)))
		}
	}
	data = bytes.TrimPrefix(data, []byte(byteOrderMark))
	if !utf8.Valid(data) || bytes.IndexByte(data, 0) >= 0 {
		return "", badQuestions("encoding", "not_utf8")
	}
	return strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(string(data)), nil
}

// parseNumber reads a number as programs write it; a comma may stand for the
// point.
func parseNumber(s string) (float64, bool) {
	s = strings.TrimSpace(s)
	if strings.Count(s, ",") == 1 && !strings.Contains(s, ".") {
		s = strings.Replace(s, ",", ".", 1)
	}
	return vietnamese.ReadPlainNumber(s)
}

// rounded is the number with 15 digits: what was computed in binary shows no more.
func rounded(f float64) float64 {
	if r, err := strconv.ParseFloat(strconv.FormatFloat(f, 'g', 15, 64), 64); err == nil {
		return r
	}
	return f
}

// writeNumber writes a number as programs read it.
func writeNumber(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

// wholeShare says that an answer is worth all of the points, and partly that it
// is worth some of them.
func wholeShare(percent float64) (whole, partly bool) {
	return percent >= 99.99, percent > 0 && percent < 99.99
}

// unstarred is accepted words as Moodle writes them, where "*" stands for any
// words unless a backslash is before it.
func unstarred(words string) (plain string, wrong flaw) {
	for i := range words {
		if words[i] == '*' && (i == 0 || words[i-1] != '\\') {
			return "", flaw{RefusedWildcard, "gaps"}
		}
	}
	return strings.ReplaceAll(words, `\*`, "*"), flaw{}
}

// starred is what unstarred reads.
func starred(words string) string { return strings.ReplaceAll(words, "*", `\*`) }

// accept adds words that are worth that many percent to a gap.
func accept(gap *assessment.Gap, words string, percent float64) flaw {
	whole, partly := wholeShare(percent)
	switch {
	case partly:
		return flaw{RefusedPartial, "gaps"}
	case !whole:
		return flaw{}
	}
	plain, wrong := unstarred(words)
	if wrong == (flaw{}) {
		gap.Accepted = append(gap.Accepted, plain)
	}
	return wrong
}
