package exchange

import (
	"strconv"
	"strings"
)

// docxLists counts the numbered paragraphs of a document.
type docxLists struct {
	levels map[string]*docxLevels // by abstractNumId
	nums   map[string]docxNum     // by numId
	counts map[string]*[9]int     // by abstractNumId
	begun  map[string]bool        // numIds that were met
}

// docxLevel says how a level of a list is numbered.
type docxLevel struct {
	format  string // decimal, lowerLetter, bullet, none …
	text    string // "%1." or "Điều %1."
	start   int
	restart int  // how many levels, from the top, begin it anew
	legal   bool // every number of its label is decimal
}

// docxLevels are those of one list.
type docxLevels [9]docxLevel

// mostLabel is how long the pattern of a label may be.
const mostLabel = 200

// docxNum is a list; restarts says with which numbers its levels begin anew.
type docxNum struct {
	abstract string
	levels   *docxLevels // nil if there is no such list
	restarts map[int]int
}

func docxNumbering(root *node) *docxLists {
	l := &docxLists{levels: map[string]*docxLevels{}, nums: map[string]docxNum{}, counts: map[string]*[9]int{}, begun: map[string]bool{}}
	for _, n := range root.children {
		switch n.name {
		case "abstractNum":
			l.levels[n.attr("abstractNumId")] = docxLevelsOf(n)
		case "num":
			l.nums[n.attr("numId")] = l.num(n)
		}
	}
	return l
}

// num reads a list, which may number some levels otherwise than those that it
// shares its count with.
func (l *docxLists) num(n *node) docxNum {
	num := docxNum{abstract: n.child("abstractNumId").attr("val"), restarts: map[int]int{}}
	num.levels = l.levels[num.abstract]
	if num.levels == nil {
		return num
	}
	own := *num.levels
	for _, c := range n.children {
		i := small(c.attr("ilvl"), 0)
		if c.name != "lvlOverride" || i >= len(own) {
			continue
		}
		if c.has("startOverride") {
			num.restarts[i] = small(c.child("startOverride").attr("val"), 1)
		}
		if c.has("lvl") {
			own[i] = docxLevelOf(c.child("lvl"), i)
			num.levels = &own
		}
	}
	return num
}

func docxLevelsOf(abstract *node) *docxLevels {
	var levels docxLevels
	for _, n := range abstract.children {
		if i := small(n.attr("ilvl"), 0); n.name == "lvl" && i < len(levels) {
			levels[i] = docxLevelOf(n, i)
		}
	}
	return &levels
}

// docxLevelOf reads a level. One without a start begins with 0; a format that
// only newer programs know has another one for those that do not.
func docxLevelOf(n *node, at int) docxLevel {
	format := n.child("numFmt").attr("val")
	if format == "" {
		format = n.at("AlternateContent", "Fallback", "numFmt").attr("val")
	}
	level := docxLevel{format: format, start: small(n.child("start").attr("val"), 0), restart: small(n.child("lvlRestart").attr("val"), at)}
	level.legal, _ = n.on("isLgl")
	if text := n.child("lvlText").attr("val"); len(text) <= mostLabel {
		level.text = text
	}
	return level
}

// small reads a number up to 30,000, or gives the default.
func small(s string, otherwise int) int {
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 || n > 30_000 {
		return otherwise
	}
	return n
}

// next counts a paragraph and gives its label; bullets have "•". Paragraphs
// that are in no list have none.
func (l *docxLists) next(pPr *node, s *docxStyle) (label string, bullet bool) {
	numPr := pPr.child("numPr")
	id, level := numPr.child("numId").attr("val"), numPr.child("ilvl").attr("val")
	if s.numbers != nil {
		if id == "" {
			id = s.numbers.child("numId").attr("val")
		}
		if level == "" {
			level = s.numbers.child("ilvl").attr("val")
		}
	}
	num, known := l.nums[id]
	if !known || num.levels == nil {
		return "", false
	}
	at := min(small(level, 0), len(num.levels)-1)
	switch num.levels[at].format {
	case "bullet":
		return "•", true
	case "":
		return "", false
	}
	return num.levels.label(l.count(id, num, at), at), false
}

// count gives the numbers of all levels down to the paragraph's.
func (l *docxLists) count(id string, num docxNum, at int) *[9]int {
	levels, counts := num.levels, l.counts[num.abstract]
	if counts == nil {
		counts = &[9]int{}
		for i := range counts {
			counts[i] = levels[i].start - 1
		}
		l.counts[num.abstract] = counts
	}
	if !l.begun[id] {
		l.begun[id] = true
		for i, start := range num.restarts {
			if i < len(counts) {
				counts[i] = start - 1
			}
		}
	}
	counts[at]++
	for i := at + 1; i < len(counts); i++ {
		if at < levels[i].restart {
			counts[i] = levels[i].start - 1
		}
	}
	for i := range at {
		counts[i] = max(counts[i], levels[i].start)
	}
	return counts
}

func (levels *docxLevels) label(counts *[9]int, at int) string {
	text := levels[at].text
	for i := range at + 1 {
		format := levels[i].format
		if levels[at].legal && format != "none" && format != "bullet" {
			format = "decimal"
		}
		text = strings.ReplaceAll(text, "%"+strconv.Itoa(i+1), figure(format, counts[i]))
	}
	return strings.TrimSpace(text)
}

// figure writes a number as lists do.
func figure(format string, n int) string {
	switch format {
	case "none", "bullet":
		return ""
	case "ordinal":
		return ordinal(n)
	case "lowerLetter":
		return letter(n)
	case "upperLetter":
		return strings.ToUpper(letter(n))
	case "lowerRoman":
		return strings.ToLower(romanFigure(n))
	case "upperRoman":
		return romanFigure(n)
	case "decimalZero":
		if n < 10 {
			return "0" + strconv.Itoa(n)
		}
	}
	return strconv.Itoa(n)
}

// ordinal counts 1st, 2nd, 3rd.
func ordinal(n int) string {
	ending := "th"
	if n%100 < 11 || n%100 > 13 {
		switch n % 10 {
		case 1:
			ending = "st"
		case 2:
			ending = "nd"
		case 3:
			ending = "rd"
		}
	}
	return strconv.Itoa(n) + ending
}

// letter counts a … z, aa, bb as Word does.
func letter(n int) string {
	if n < 1 {
		return strconv.Itoa(n)
	}
	return strings.Repeat(string(rune('a'+(n-1)%26)), min((n-1)/26+1, 20))
}

func romanFigure(n int) string {
	if n < 1 || n > 3999 {
		return strconv.Itoa(n)
	}
	var b strings.Builder
	for i, value := range []int{1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1} {
		for ; n >= value; n -= value {
			b.WriteString([]string{"M", "CM", "D", "CD", "C", "XC", "L", "XL", "X", "IX", "V", "IV", "I"}[i])
		}
	}
	return b.String()
}
