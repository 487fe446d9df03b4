package exchange

import (
	"bytes"
	"context"
	"math"
)

// matrix is [a b c d e f] of a PDF.
type matrix [6]float64

var upright = matrix{1, 0, 0, 1, 0, 0}

// then is first m, after it n.
func (m matrix) then(n matrix) matrix {
	return matrix{
		m[0]*n[0] + m[1]*n[2], m[0]*n[1] + m[1]*n[3],
		m[2]*n[0] + m[3]*n[2], m[2]*n[1] + m[3]*n[3],
		m[4]*n[0] + m[5]*n[2] + n[4], m[4]*n[1] + m[5]*n[3] + n[5],
	}
}

func moved(x, y float64) matrix { return matrix{1, 0, 0, 1, x, y} }

// shown is a run of text where it stands on a page, in points from its foot.
type shown struct {
	x, end, y, size float64
	text            string
	look            look
}

// pdfState is what q keeps and Q brings back.
type pdfState struct {
	place                             matrix
	font                              *pdfFont
	size, gap, blank, scale, lead, up float64
}

// Limits of a page's content.
const (
	pdfForms  = 8 // within each other
	pdfSaved  = 256
	pdfMarked = 256
	pdfArgs   = 256
)

// page reads the content of one page.
type pdfPage struct {
	file     *pdfFile
	fonts    map[pdfRef]*pdfFont
	dropped  drops
	show     func(shown)
	state    pdfState
	saved    []pdfState
	text     matrix // where text goes on
	line     matrix // where its line began
	marked   []bool // for each open mark: whether it is no part of the text
	hidden   int    // how many of them are not
	resource pdfDict
	args     []any
}

// run reads a content stream. It refuses with ErrUnpacked.
func (p *pdfPage) run(ctx context.Context, content []byte, forms int) error {
	if p.file.unpacked += len(content); p.file.unpacked > pdfStreams {
		return ErrUnpacked
	}
	l := &pdfLexer{b: content}
	p.args = p.args[:0]
	for count := 0; ; count++ {
		if count%4096 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		v, more := l.next()
		if !more {
			return nil
		}
		word, is := v.(pdfWord)
		switch {
		case !is && len(p.args) < pdfArgs:
			p.args = append(p.args, v)
		case word == "BI":
			skipPicture(l)
			p.dropped.add(DropImages)
		case word == "Do":
			if err := p.object(ctx, forms); err != nil {
				return err
			}
		case word == "Tf":
			if err := p.setFont(); err != nil {
				return err
			}
		case is && !p.place(word) && !p.write(word):
			p.mark(word)
		}
		if is {
			p.args = p.args[:0]
		}
	}
}

// skipPicture skips a picture that stands in the content itself.
func skipPicture(l *pdfLexer) {
	for {
		v, more := l.next()
		if !more {
			return
		}
		if v == pdfWord("ID") {
			break
		}
	}
	for _, end := range []string{"\nEI", " EI", "\rEI"} {
		if n := bytes.Index(l.b[l.pos:], []byte(end)); n >= 0 {
			l.pos += n + len(end)
			return
		}
	}
	l.pos = len(l.b)
}

// arg is a number among the arguments, 0 if there is none.
func (p *pdfPage) arg(i int) float64 {
	if i >= len(p.args) {
		return 0
	}
	n, _ := p.args[i].(float64)
	return n
}

func (p *pdfPage) matrix() (m matrix) {
	for i := range m {
		m[i] = p.arg(i)
	}
	return m
}

// place does the operators that say where and how; false if it is none of them.
func (p *pdfPage) place(word pdfWord) bool {
	s := &p.state
	switch word {
	case "q":
		if len(p.saved) < pdfSaved {
			p.saved = append(p.saved, *s)
		}
	case "Q":
		if n := len(p.saved); n > 0 {
			*s, p.saved = p.saved[n-1], p.saved[:n-1]
		}
	case "cm":
		s.place = p.matrix().then(s.place)
	case "BT":
		p.text, p.line = upright, upright
	case "Tm":
		p.line = p.matrix()
		p.text = p.line
	case "Td":
		p.nextLine(p.arg(0), p.arg(1))
	case "TD":
		s.lead = -p.arg(1)
		p.nextLine(p.arg(0), p.arg(1))
	case "T*":
		p.nextLine(0, -s.lead)
	case "Tc":
		s.gap = p.arg(0)
	case "Tw":
		s.blank = p.arg(0)
	case "Tz":
		s.scale = p.arg(0) / 100
	case "TL":
		s.lead = p.arg(0)
	case "Ts":
		s.up = p.arg(0)
	default:
		return false
	}
	return true
}

func (p *pdfPage) nextLine(x, y float64) {
	p.line = moved(x, y).then(p.line)
	p.text = p.line
}

// write does the operators that show text; false if it is none of them.
func (p *pdfPage) write(word pdfWord) bool {
	switch word {
	case "Tj":
		p.strings(p.args)
	case "'":
		p.nextLine(0, -p.state.lead)
		p.strings(p.args)
	case "\"":
		p.state.blank, p.state.gap = p.arg(0), p.arg(1)
		p.nextLine(0, -p.state.lead)
		p.strings(p.args[min(2, len(p.args)):])
	case "TJ":
		if len(p.args) > 0 {
			list, _ := p.args[0].([]any)
			p.strings(list)
		}
	default:
		return false
	}
	return true
}

// strings shows strings; the numbers between them move on.
func (p *pdfPage) strings(values []any) {
	for _, v := range values {
		switch v := v.(type) {
		case pdfString:
			p.string(v)
		case float64:
			p.text = moved(-v/1000*p.state.size*p.state.scale, 0).then(p.text)
		}
	}
}

func (p *pdfPage) string(s pdfString) {
	st := &p.state
	if st.font == nil {
		return
	}
	from := p.text.then(st.place)
	var text []byte
	st.font.each(s, func(sign string, width float64, space bool) {
		text = append(text, sign...)
		w := width/1000*st.size + st.gap
		if space {
			w += st.blank
		}
		p.text = moved(w*st.scale, 0).then(p.text)
	})
	end := p.text.then(st.place)
	if p.hidden > 0 || len(text) == 0 || math.Abs(from[1]) > math.Abs(from[0]) { // what runs upwards is a stamp
		return
	}
	p.show(shown{
		x: from[4], end: end[4], y: from[5] + st.up*from[3], size: math.Abs(st.size * from[3]),
		text: string(text), look: look{bold: st.font.bold, italic: st.font.italic},
	})
}

// mark follows marks around what is no text of the document: the head and the
// foot of pages.
func (p *pdfPage) mark(word pdfWord) {
	switch word {
	case "BMC", "BDC":
		hides := len(p.args) > 0 && p.args[0] == pdfName("Artifact")
		if len(p.marked) < pdfMarked {
			p.marked = append(p.marked, hides)
			p.hide(hides, 1)
		}
	case "EMC":
		if n := len(p.marked); n > 0 {
			p.hide(p.marked[n-1], -1)
			p.marked = p.marked[:n-1]
		}
	}
}

func (p *pdfPage) hide(hides bool, by int) {
	if hides {
		p.hidden += by
	}
}

// named finds a resource of the page.
func (p *pdfPage) named(kind string) any {
	if len(p.args) == 0 {
		return nil
	}
	name, _ := p.args[0].(pdfName)
	return p.file.dict(p.resource[kind])[string(name)]
}

func (p *pdfPage) setFont() error {
	v := p.named("Font")
	p.state.size, p.state.font = p.arg(1), nil
	ref, shared := v.(pdfRef)
	if font := p.fonts[ref]; shared && font != nil {
		p.state.font = font
		return nil
	}
	dict := p.file.dict(v)
	if dict == nil {
		return nil
	}
	font, err := p.file.font(dict)
	if shared {
		p.fonts[ref] = font
	}
	p.state.font = font
	return err
}

// object shows a form, which has text of its own, or counts a picture.
func (p *pdfPage) object(ctx context.Context, forms int) error {
	s, is := p.file.get(p.named("XObject")).(pdfStream)
	switch {
	case !is:
		return nil
	case p.file.get(s.dict["Subtype"]) == pdfName("Image"):
		if p.hidden == 0 {
			p.dropped.add(DropImages)
		}
		return nil
	case forms >= pdfForms:
		return nil
	}
	if p.file.shows++; p.file.shows > pdfShows {
		return ErrUnpacked
	}
	content, err := p.file.decode(s)
	if err != nil {
		return err
	}
	within := *p
	within.saved, within.args = nil, nil
	if own := p.file.dict(s.dict["Resources"]); own != nil {
		within.resource = own
	}
	if m := p.file.list(s.dict["Matrix"]); len(m) == 6 {
		within.args = m
		within.state.place = within.matrix().then(p.state.place)
	}
	within.args = nil
	return within.run(ctx, content, forms+1)
}
