package exchange

import (
	"regexp"
	"strconv"
	"strings"
)

// docxStyle is a style with what it has from those that it is based on.
type docxStyle struct {
	id, name, based string
	level           int // of a heading, 1–9; 0 if it is none, -1 while unknown
	bold, italic    *bool
	hidden          *bool
	numbers         *node // numPr
	title           bool
	caption         bool
	contents        bool // of a table of contents
	resolved        bool
}

// Word names its own styles in English whatever its language, and only their
// ids are translated; other programs translate the names too.
var (
	headingStyle  = regexp.MustCompile(`^(?:heading|đầu đề|tiêu đề|đề mục) ?([1-9])$`)
	contentsStyle = regexp.MustCompile(`^(toc [1-9]|toc heading|contents [1-9]|contents heading|mục lục [1-9])$`)
)

// docxStyles reads the styles by id; "" is the default of paragraphs.
func docxStyles(root *node) map[string]*docxStyle {
	styles := map[string]*docxStyle{}
	for _, n := range root.children {
		if n.name != "style" {
			continue
		}
		s := docxStyleOf(n)
		styles[s.id] = s
		if d := n.attr("default"); n.attr("type") == "paragraph" && (d == "1" || d == "true" || d == "on") {
			styles[""] = s
		}
	}
	if styles[""] == nil {
		styles[""] = &docxStyle{}
	}
	for _, s := range styles {
		s.resolve(styles, 0)
	}
	return styles
}

func docxStyleOf(n *node) *docxStyle {
	name := strings.ToLower(spelt(unmarked(n.child("name").attr("val") + " ")))
	s := &docxStyle{id: n.attr("styleId"), name: name, based: n.child("basedOn").attr("val"), level: -1}
	s.bold, s.italic, s.hidden = switches(n.child("rPr"))
	pPr := n.child("pPr")
	if pPr.has("outlineLvl") {
		s.level = outlineLevel(pPr)
	}
	if m := headingStyle.FindStringSubmatch(name); m != nil {
		s.level = int(m[1][0] - '0')
	}
	if pPr.has("numPr") {
		s.numbers = pPr.child("numPr")
	}
	s.title = name == "title"
	s.caption = name == "caption" || name == "chú thích" || name == "figure" || name == "illustration"
	s.contents = contentsStyle.MatchString(name)
	return s
}

// resolve takes over from the style that it is based on what the style leaves
// open. Chains that are circular or longer than Word makes them end.
func (s *docxStyle) resolve(styles map[string]*docxStyle, depth int) {
	if s.resolved {
		return
	}
	s.resolved = true
	base := styles[s.based]
	if s.based != "" && base != nil && depth < 64 {
		base.resolve(styles, depth+1)
		if s.level < 0 {
			s.level = base.level
		}
		s.bold, s.italic, s.hidden = or(s.bold, base.bold), or(s.italic, base.italic), or(s.hidden, base.hidden)
		if s.numbers == nil {
			s.numbers = base.numbers
		}
	}
	s.level = max(s.level, 0)
}

func or(own, inherited *bool) *bool {
	if own != nil {
		return own
	}
	return inherited
}

// switches reads what is said of bold, italic and hidden text.
func switches(rPr *node) (bold, italic, hidden *bool) {
	read := func(name string) *bool {
		if on, known := rPr.on(name); known {
			return &on
		}
		return nil
	}
	return read("b"), read("i"), read("vanish")
}

// outlineLevel is 1–9, or 0 for body text.
func outlineLevel(pPr *node) int {
	n, err := strconv.Atoi(pPr.child("outlineLvl").attr("val"))
	if err != nil || n < 0 || n > 8 {
		return 0
	}
	return n + 1
}

// styleOf is the style of a paragraph.
func (d *docx) styleOf(p *node) *docxStyle {
	if s := d.styles[p.at("pPr", "pStyle").attr("val")]; s != nil {
		return s
	}
	return d.styles[""]
}

// headingLevel is 1–9, or 0 if the paragraph is no heading.
func headingLevel(p *node, s *docxStyle) int {
	if pPr := p.child("pPr"); pPr.has("outlineLvl") {
		return outlineLevel(pPr)
	}
	return s.level
}

// lookOf says how a run looks: its own word, else that of its style, else that
// of the paragraph's.
func (d *docx) lookOf(rPr *node, paragraph *docxStyle) (l look, hidden bool) {
	bold, italic, vanish := switches(rPr)
	if s := d.styles[rPr.child("rStyle").attr("val")]; s != nil && rPr.has("rStyle") {
		bold, italic, vanish = or(bold, s.bold), or(italic, s.italic), or(vanish, s.hidden)
	}
	is := func(own, inherited *bool) bool {
		own = or(own, inherited)
		return own != nil && *own
	}
	return look{bold: is(bold, paragraph.bold), italic: is(italic, paragraph.italic)}, is(vanish, paragraph.hidden)
}
