package exchange

import (
	"strings"
	"unicode/utf16"
)

// pdfFont turns the codes of a font into text.
type pdfFont struct {
	wide     bool // two bytes a code
	widths   map[int]float64
	missing  float64 // the width of codes that widths does not name
	unicode  map[int]string
	encoding map[int]rune // of a font that has no unicode
	bold     bool
	italic   bool
}

const mostCodes = 70_000

// font reads a font.
func (f *pdfFile) font(dict pdfDict) (*pdfFont, error) {
	font := &pdfFont{widths: map[int]float64{}, unicode: map[int]string{}}
	name, _ := f.get(dict["BaseFont"]).(pdfName)
	lower := strings.ToLower(string(name))
	font.bold = strings.Contains(lower, "bold") || strings.Contains(lower, "black")
	font.italic = strings.Contains(lower, "italic") || strings.Contains(lower, "oblique")
	if f.get(dict["Subtype"]) == pdfName("Type0") {
		font.wide = true
		if below := f.list(dict["DescendantFonts"]); len(below) > 0 {
			f.wideWidths(f.dict(below[0]), font)
		}
	} else {
		f.narrowWidths(dict, font)
		font.encoding = f.encoding(dict["Encoding"])
	}
	if s, is := f.get(dict["ToUnicode"]).(pdfStream); is {
		b, err := f.decode(s)
		if err != nil {
			return nil, err
		}
		font.codes(b)
	}
	return font, nil
}

func (f *pdfFile) narrowWidths(dict pdfDict, font *pdfFont) {
	first := int(f.number(dict["FirstChar"]))
	for i, w := range f.list(dict["Widths"]) {
		font.widths[first+i] = f.number(w)
		if i > 255 {
			break
		}
	}
	font.missing = f.number(f.dict(dict["FontDescriptor"])["MissingWidth"])
	if len(font.widths) == 0 {
		font.missing = 500 // one of the fonts that every reader has
	}
}

// wideWidths reads "code [w w w]" and "from to w".
func (f *pdfFile) wideWidths(dict pdfDict, font *pdfFont) {
	font.missing = 1000
	if dw, is := f.get(dict["DW"]).(float64); is {
		font.missing = dw
	}
	list := f.list(dict["W"])
	for i := 0; i+1 < len(list) && len(font.widths) < mostCodes; {
		from := int(f.number(list[i]))
		if widths := f.list(list[i+1]); widths != nil {
			for j, w := range widths[:min(len(widths), mostCodes)] {
				font.widths[from+j] = f.number(w)
			}
			i += 2
			continue
		}
		if i+2 >= len(list) {
			return
		}
		to, w := int(f.number(list[i+1])), f.number(list[i+2])
		for code := from; code <= to && code < from+mostCodes; code++ {
			font.widths[code] = w
		}
		i += 3
	}
}

// windows1252 is where that encoding, the usual one, differs from Latin-1.
var windows1252 = []rune("€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ")

// glyphNames are the names of signs that encodings mention and that are no
// letter by themselves.
var glyphNames = map[string]rune{
	"space": ' ', "period": '.', "comma": ',', "colon": ':', "semicolon": ';', "hyphen": '-', "minus": '-', "endash": '–', "emdash": '—',
	"parenleft": '(', "parenright": ')', "slash": '/', "quotedblleft": '“', "quotedblright": '”', "quoteleft": '‘', "quoteright": '’', "quotesingle": '\'', "quotedbl": '"',
	"bullet": '•', "percent": '%', "plus": '+', "equal": '=', "exclam": '!', "question": '?', "ellipsis": '…', "ampersand": '&', "underscore": '_', "asterisk": '*',
	"zero": '0', "one": '1', "two": '2', "three": '3', "four": '4', "five": '5', "six": '6', "seven": '7', "eight": '8', "nine": '9',
	"dcroat": 'đ', "Dcroat": 'Đ', "abreve": 'ă', "Abreve": 'Ă', "acircumflex": 'â', "Acircumflex": 'Â', "ecircumflex": 'ê', "Ecircumflex": 'Ê',
	"ocircumflex": 'ô', "Ocircumflex": 'Ô', "ohorn": 'ơ', "Ohorn": 'Ơ', "uhorn": 'ư', "Uhorn": 'Ư',
	"aacute": 'á', "agrave": 'à', "atilde": 'ã', "eacute": 'é', "egrave": 'è', "iacute": 'í', "igrave": 'ì', "oacute": 'ó', "ograve": 'ò', "otilde": 'õ',
	"uacute": 'ú', "ugrave": 'ù', "yacute": 'ý',
}

// encoding reads the encoding of a font of one byte a code.
func (f *pdfFile) encoding(v any) map[int]rune {
	codes := map[int]rune{}
	for c := 32; c < 256; c++ {
		codes[c] = rune(c)
		if c >= 0x80 && c < 0x80+len(windows1252) {
			codes[c] = windows1252[c-0x80]
		}
	}
	code := 0
	for _, d := range f.list(f.dict(v)["Differences"]) {
		switch d := f.get(d).(type) {
		case float64:
			code = int(d)
		case pdfName:
			codes[code] = glyph(string(d))
			code++
		}
		if code > 255 {
			break
		}
	}
	return codes
}

// glyph is the letter of that name; 0 if it is not known.
func glyph(name string) rune {
	if r, known := glyphNames[name]; known {
		return r
	}
	if len(name) == 1 {
		return rune(name[0])
	}
	if hex, is := strings.CutPrefix(name, "uni"); is && len(hex) == 4 {
		l := &pdfLexer{b: []byte(hex)}
		if b := l.hex(); len(b) == 2 {
			return rune(b[0])<<8 | rune(b[1])
		}
	}
	return 0
}

// codes reads a ToUnicode map.
func (t *pdfFont) codes(b []byte) {
	l := &pdfLexer{b: b}
	var args []any
	for {
		v, more := l.next()
		if !more {
			return
		}
		word, is := v.(pdfWord)
		if !is {
			if len(args) < 400 {
				args = append(args, v)
			}
			continue
		}
		switch word {
		case "endbfchar":
			for i := 0; i+1 < len(args); i += 2 {
				t.code(args[i], 0, args[i+1])
			}
		case "endbfrange":
			for i := 0; i+2 < len(args); i += 3 {
				t.codeRange(args[i], args[i+1], args[i+2])
			}
		}
		args = args[:0]
	}
}

func (t *pdfFont) code(code any, plus int, text any) {
	from, is := code.(pdfString)
	to, known := text.(pdfString)
	if is && known && len(t.unicode) < mostCodes {
		t.unicode[codeOf(from)+plus] = counted(to, plus)
	}
}

func (t *pdfFont) codeRange(from, to, text any) {
	low, _ := from.(pdfString)
	high, _ := to.(pdfString)
	n := codeOf(high) - codeOf(low)
	texts, listed := text.([]any)
	for i := 0; i <= n && i < 1<<16 && len(t.unicode) < mostCodes; i++ {
		if !listed {
			t.code(from, i, text)
		} else if i < len(texts) {
			if s, is := texts[i].(pdfString); is {
				t.unicode[codeOf(low)+i] = utf16Text(s)
			}
		}
	}
}

// codeOf reads a code of up to four bytes.
func codeOf(s pdfString) int {
	n := 0
	for i := 0; i < min(len(s), 4); i++ {
		n = n<<8 | int(s[i])
	}
	return n
}

// counted is the text whose last letter is that many further on.
func counted(s pdfString, plus int) string {
	runes := []rune(utf16Text(s))
	if len(runes) == 0 || len(runes) > 16 {
		return ""
	}
	runes[len(runes)-1] += rune(plus)
	return string(runes)
}

func utf16Text(s pdfString) string {
	units := make([]uint16, 0, len(s)/2)
	for i := 0; i+1 < len(s); i += 2 {
		units = append(units, uint16(s[i])<<8|uint16(s[i+1]))
	}
	return string(utf16.Decode(units))
}

// each calls see for every code of a string with its text and its width in
// thousandths of the size.
func (t *pdfFont) each(s pdfString, see func(text string, width float64, space bool)) {
	step := 1
	if t.wide {
		step = 2
	}
	for i := 0; i+step <= len(s); i += step {
		code := codeOf(s[i : i+step])
		text, known := t.unicode[code]
		if !known && t.encoding[code] != 0 {
			text = string(t.encoding[code])
		}
		width, known := t.widths[code]
		if !known {
			width = t.missing
		}
		see(text, width, !t.wide && code == ' ')
	}
}

// pdfText reads a string that is no part of a page.
func pdfText(v any) string {
	s, _ := v.(pdfString)
	switch {
	case strings.HasPrefix(string(s), "\xfe\xff"):
		return utf16Text(s[2:])
	case strings.HasPrefix(string(s), "\xef\xbb\xbf"):
		return string(s[3:])
	}
	runes := make([]rune, len(s))
	for i := range len(s) {
		runes[i] = rune(s[i])
	}
	return string(runes)
}
