package exchange

import (
	"cmp"
	"haidang/courses/catalog"
	"math"
	"regexp"
	"slices"
	"strings"
)

// pdfLine is a line of text as it stands on a page.
type pdfLine struct {
	x, end, y, size float64
	parts           []shown
	text            writer
}

func (l *pdfLine) plain() string { return plain(l.text.inlines()) }

// typeset makes lines of what a page shows, in the order in which it does.
type typeset struct {
	lines []*pdfLine
}

// linesBack is how far above a run may go back to fill a gap: programs draw
// letters that a font lacks after the rest of the line.
const linesBack = 3

func (t *typeset) add(s shown) {
	for i := len(t.lines) - 1; i >= max(0, len(t.lines)-linesBack); i-- {
		if l := t.lines[i]; l.takes(s) {
			l.parts = append(l.parts, s)
			l.x, l.end, l.size = min(l.x, s.x), max(l.end, s.end), max(l.size, s.size)
			return
		}
	}
	if strings.TrimSpace(s.text) != "" {
		t.lines = append(t.lines, &pdfLine{x: s.x, end: s.end, y: s.y, size: s.size, parts: []shown{s}})
	}
}

// takes says that what is shown stands on the line, and not far from its text:
// columns stay apart.
func (l *pdfLine) takes(s shown) bool {
	size := max(s.size, l.size)
	return math.Abs(s.y-l.y) <= 0.4*size && s.x <= l.end+1.5*size && s.end >= l.x-1.5*size
}

// set puts the text of all lines together, from left to right.
func (t *typeset) set() []*pdfLine {
	for _, l := range t.lines {
		slices.SortStableFunc(l.parts, func(a, b shown) int { return cmp.Compare(a.x, b.x) })
		for i, s := range l.parts {
			if i > 0 && s.x-l.parts[i-1].end > 0.15*s.size {
				l.text.blank()
			}
			if i > 0 && s.text == l.parts[i-1].text && s.x-l.parts[i-1].x < 0.1*s.size {
				continue // drawn twice to look bold
			}
			l.text.write([]byte(s.text), s.look)
		}
		l.parts = nil
	}
	return t.lines
}

var digits = regexp.MustCompile(`\d+`)

// withoutRunning leaves out page numbers, and lines at the head or the foot that
// most pages have.
func withoutRunning(pages [][]*pdfLine) [][]*pdfLine {
	seen := map[string]int{}
	key := func(l *pdfLine) string { return digits.ReplaceAllString(l.plain(), "#") }
	for _, lines := range pages {
		if n := len(lines); n > 1 {
			seen[key(lines[0])]++
			seen[key(lines[n-1])]++
		}
	}
	runs := func(l *pdfLine) bool {
		k := key(l)
		return k == "#" || k == "Trang #" || k == "- # -" || len(pages) > 3 && seen[k]*2 > len(pages)
	}
	for i, lines := range pages {
		if len(lines) > 0 && runs(lines[0]) {
			lines = lines[1:]
		}
		if n := len(lines); n > 0 && runs(lines[n-1]) {
			lines = lines[:n-1]
		}
		pages[i] = lines
	}
	return pages
}

// column is where the text of a document stands.
type column struct {
	left, right, pitch float64         // pitch is from line to line
	rights             map[int]float64 // where full lines end that begin in a strip of the page
}

// strip is how wide the strips of a page are, in points.
const strip = 40

// columnOf measures the lines: most of them begin at the left edge, full ones
// end at the right one.
func columnOf(pages [][]*pdfLine) column {
	var lefts, rights, pitches []float64
	strips := map[int][]float64{}
	for _, lines := range pages {
		for i, l := range lines {
			lefts, rights = append(lefts, l.x), append(rights, l.end)
			strips[int(l.x/strip)] = append(strips[int(l.x/strip)], l.end)
			if i > 0 && lines[i-1].y > l.y {
				pitches = append(pitches, lines[i-1].y-l.y)
			}
		}
	}
	c := column{left: part(lefts, 25), right: part(rights, 90), pitch: part(pitches, 50), rights: map[int]float64{}}
	for at, ends := range strips {
		if len(ends) >= 10 {
			c.rights[at] = part(ends, 90)
		}
	}
	return c
}

// full says that a line ends about where the full ones beside it do.
func (c column) full(l *pdfLine) bool {
	right, known := c.rights[int(l.x/strip)]
	if !known {
		right = c.right
	}
	return l.end >= right-0.15*(right-l.x)
}

// part is the value below which that many of a hundred lie.
func part(values []float64, percent int) float64 {
	if len(values) == 0 {
		return 0
	}
	slices.Sort(values)
	return values[(len(values)-1)*percent/100]
}

// itemHead begins what is a paragraph of its own in Vietnamese papers.
var itemHead = regexp.MustCompile(`^([-–+*•●▪◦\x{e000}-\x{f8ff}] ?\S|\d{1,2}(\.\d{1,2})*[.)/] ?\S|[a-zđ]\) ?\S|[IVX]+[.\-–] ?\S)`)

// begins says that a line begins a paragraph after the line above it.
func (c column) begins(l, above *pdfLine, samePage bool) bool {
	text := l.text.inlines()
	switch {
	case itemHead.MatchString(l.plain()) || divisionOf(text) != none:
		return true
	case math.Abs(l.size-above.size) > 0.15*max(l.size, above.size):
		return true
	case allBold(text) != allBold(above.text.inlines()):
		return true
	case samePage && (above.y-l.y > 1.45*c.pitch || above.y-l.y < 0.4*l.size):
		return true // far below, or beside
	case l.x > above.x+l.size && l.x > c.left+l.size/2:
		return !itemHead.MatchString(above.plain()) // indented, unless it hangs below an item
	}
	return !c.full(above)
}

var bulletHead = regexp.MustCompile(`^[•●▪◦\x{e000}-\x{f8ff}]\s*`)

// joiner puts lines together to paragraphs and adds them to an outline.
type joiner struct {
	column column
	heads  map[*pdfLine]*bookmark
	out    *outline
	open   *writer  // the paragraph that may go on
	above  *pdfLine // its last line
	page   int      // on which that stands
}

// join adds the pages; before, if there is one, is called where a page may begin
// a lesson.
func (j *joiner) join(pages [][]*pdfLine, before func(page int)) error {
	for page, lines := range pages {
		if before != nil && page%pagesPerLesson == 0 {
			if err := j.flush(); err != nil {
				return err
			}
			before(page)
		}
		for _, l := range lines {
			if err := j.line(l, page); err != nil {
				return err
			}
		}
	}
	return j.flush()
}

func (j *joiner) line(l *pdfLine, page int) error {
	b, is := j.heads[l]
	if is || j.above == nil || j.column.begins(l, j.above, page == j.page) {
		if err := j.flush(); err != nil {
			return err
		}
	}
	switch {
	case is && b == nil: // a title goes on
		return nil
	case is:
		return j.out.add(heading(b.title), b.level)
	case j.open == nil:
		j.open = &writer{}
	}
	j.open.blank()
	for _, r := range l.text.runs {
		j.open.write(r.text, r.look)
	}
	j.above, j.page = l, page
	return nil
}

// flush ends the paragraph.
func (j *joiner) flush() error {
	if j.open == nil {
		return nil
	}
	text := j.open.inlines()
	j.open, j.above = nil, nil
	return j.out.addText(text)
}

// addText adds a paragraph, or an item if it begins with a bullet.
func (o *outline) addText(text []catalog.Inline) error {
	if len(text) == 0 {
		return nil
	}
	if m := bulletHead.FindString(text[0].Text); m != "" {
		text[0].Text = text[0].Text[len(m):]
		if text[0].Text == "" {
			text = text[1:]
		}
		if len(text) == 0 {
			return nil
		}
		return o.addItem(catalog.Bullets, text)
	}
	return o.add(catalog.Block{Type: catalog.Paragraph, Text: text}, 0)
}
