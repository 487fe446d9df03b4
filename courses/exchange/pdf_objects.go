package exchange

import (
	"bytes"
	"strconv"
)

// The values of a PDF: float64, bool, nil, []any and these.
type (
	pdfName   string
	pdfString string // bytes
	pdfRef    int    // an object by its number
	pdfWord   string // an operator or another keyword
	pdfDict   map[string]any
	pdfStream struct {
		dict pdfDict
		raw  []byte
	}
)

// Limits of values: no array or dictionary that text needs is as long.
const (
	pdfDepth    = 64
	pdfElements = 200_000
	pdfValues   = 3_000_000 // of all objects together
)

// pdfLexer reads values one after the other. What is malformed it skips: it ends
// always, and never fails.
type pdfLexer struct {
	b      []byte
	pos    int
	depth  int
	values int // how many were read
}

func pdfBlank(c byte) bool {
	return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == 0
}

func pdfDelimiter(c byte) bool { return bytes.IndexByte([]byte("()<>[]{}/%"), c) >= 0 }

// blanks skips white space and comments.
func (l *pdfLexer) blanks() {
	for l.pos < len(l.b) {
		switch c := l.b[l.pos]; {
		case pdfBlank(c):
			l.pos++
		case c == '%':
			for l.pos < len(l.b) && l.b[l.pos] != '\n' && l.b[l.pos] != '\r' {
				l.pos++
			}
		default:
			return
		}
	}
}

// next reads a value; more is false at the end.
func (l *pdfLexer) next() (value any, more bool) {
	l.blanks()
	if l.pos >= len(l.b) {
		return nil, false
	}
	l.values++
	switch c := l.b[l.pos]; {
	case c == '/':
		l.pos++
		return l.name(), true
	case c == '(':
		l.pos++
		return l.literal(), true
	case c == '<' && l.pos+1 < len(l.b) && l.b[l.pos+1] == '<':
		l.pos += 2
		return l.dict(), true
	case c == '<':
		l.pos++
		return l.hex(), true
	case c == '[':
		l.pos++
		return l.list("]"), true
	case pdfDelimiter(c):
		l.pos++
		if c == '>' && l.pos < len(l.b) && l.b[l.pos] == '>' {
			l.pos++
			return pdfWord(">>"), true
		}
		return pdfWord(c), true
	}
	return l.word(), true
}

// regular reads on to the next blank or delimiter.
func (l *pdfLexer) regular() string {
	from := l.pos
	for l.pos < len(l.b) && !pdfBlank(l.b[l.pos]) && !pdfDelimiter(l.b[l.pos]) {
		l.pos++
	}
	return string(l.b[from:l.pos])
}

func (l *pdfLexer) name() pdfName {
	s := l.regular()
	if !bytes.Contains([]byte(s), []byte("#")) {
		return pdfName(s)
	}
	var out []byte
	for i := 0; i < len(s); i++ {
		if s[i] == '#' && i+2 < len(s) {
			if n, err := strconv.ParseUint(s[i+1:i+3], 16, 8); err == nil {
				out = append(out, byte(n))
				i += 2
				continue
			}
		}
		out = append(out, s[i])
	}
	return pdfName(out)
}

// word reads a number, a reference or a keyword.
func (l *pdfLexer) word() any {
	s := l.regular()
	switch s {
	case "true":
		return true
	case "false":
		return false
	case "null":
		return nil
	}
	n, err := strconv.ParseFloat(s, 64)
	if err != nil || n != n || n > 1e12 || n < -1e12 {
		return pdfWord(s)
	}
	if n >= 0 && n == float64(int(n)) && l.refers() {
		return pdfRef(int(n))
	}
	return n
}

// refers says that " 0 R" follows, and skips it.
func (l *pdfLexer) refers() bool {
	p := l.pos
	for p < len(l.b) && pdfBlank(l.b[p]) {
		p++
	}
	digits := p
	for p < len(l.b) && p < digits+5 && l.b[p] >= '0' && l.b[p] <= '9' {
		p++
	}
	blank := p
	for p < len(l.b) && pdfBlank(l.b[p]) {
		p++
	}
	if digits == blank || blank == p || p >= len(l.b) || l.b[p] != 'R' {
		return false
	}
	if p+1 < len(l.b) && !pdfBlank(l.b[p+1]) && !pdfDelimiter(l.b[p+1]) {
		return false
	}
	l.pos = p + 1
	return true
}

// literal reads a string in parentheses.
func (l *pdfLexer) literal() pdfString {
	var out []byte
	for open := 1; l.pos < len(l.b); l.pos++ {
		switch c := l.b[l.pos]; c {
		case '(':
			open++
		case ')':
			if open--; open == 0 {
				l.pos++
				return pdfString(out)
			}
		case '\\':
			out = l.escape(out)
			continue
		}
		out = append(out, l.b[l.pos])
	}
	l.pos = len(l.b)
	return pdfString(out)
}

// escape reads what follows a backslash and stays on its last byte.
func (l *pdfLexer) escape(out []byte) []byte {
	l.pos++
	if l.pos >= len(l.b) {
		return out
	}
	c := l.b[l.pos]
	if i := bytes.IndexByte([]byte("nrtbf"), c); i >= 0 {
		return append(out, "\n\r\t\b\f"[i])
	}
	switch {
	case c == '\n':
		return out
	case c == '\r':
		if l.pos+1 < len(l.b) && l.b[l.pos+1] == '\n' {
			l.pos++
		}
		return out
	case c < '0' || c > '7':
		return append(out, c)
	}
	n := 0
	for i := 0; i < 3 && l.pos < len(l.b) && l.b[l.pos] >= '0' && l.b[l.pos] <= '7'; i++ {
		n = n*8 + int(l.b[l.pos]-'0')
		l.pos++
	}
	l.pos--
	return append(out, byte(n))
}

func (l *pdfLexer) hex() pdfString {
	var out []byte
	half, digits := byte(0), 0
	for ; l.pos < len(l.b) && l.b[l.pos] != '>'; l.pos++ {
		n, err := strconv.ParseUint(string(l.b[l.pos:l.pos+1]), 16, 8)
		if err != nil {
			continue
		}
		if digits++; digits%2 == 1 {
			half = byte(n) << 4
		} else {
			out = append(out, half|byte(n))
		}
	}
	l.pos = min(l.pos+1, len(l.b))
	if digits%2 == 1 {
		out = append(out, half)
	}
	return pdfString(out)
}

// list reads values up to the word that closes them.
func (l *pdfLexer) list(closing pdfWord) []any {
	if l.depth >= pdfDepth {
		l.pos = len(l.b)
		return nil
	}
	l.depth++
	defer func() { l.depth-- }()
	var values []any
	for len(values) < pdfElements {
		v, more := l.next()
		if word, is := v.(pdfWord); !more || is && (word == closing || word == "endobj" || word == "stream") {
			return values
		}
		values = append(values, v)
	}
	l.pos = len(l.b)
	return nil
}

func (l *pdfLexer) dict() pdfDict {
	values := l.list(">>")
	d := make(pdfDict, len(values)/2)
	for i := 0; i+1 < len(values); i += 2 {
		if name, is := values[i].(pdfName); is {
			d[string(name)] = values[i+1]
		}
	}
	return d
}
