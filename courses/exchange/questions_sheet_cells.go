package exchange

import (
	"haidang/courses/assessment"
	"haidang/courses/catalog"
	"haidang/courses/vietnamese"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

var truths = map[string]bool{"dung": true, "true": true, "d": true, "t": true, "sai": false, "false": false, "s": false, "f": false}

// namesTruth says that the options are those that every such question has.
func (l questionLine) namesTruth() bool {
	return !slices.ContainsFunc(l.options(), func(text string) bool {
		_, known := truths[word(text)]
		return text != "" && !known
	})
}

var numberBetween = regexp.MustCompile(`[\s;,./|+&]+|va`)

// numbers reads "1;3", "A, C" or "1 và 3" as positions of columns, from 0.
func numbers(right string) (list []int, known bool) {
	for _, name := range numberBetween.Split(vietnamese.SearchKey(right), -1) {
		if name == "" {
			continue
		}
		n, err := strconv.Atoi(name)
		if err != nil && len(name) == 1 && isLetter(name[0]) {
			n, err = int(name[0]-'a')+1, nil
		}
		if err != nil || n < 1 || n > sheetOptions {
			return nil, false
		}
		list = append(list, n-1)
	}
	return list, true
}

// chosen reads options of which some are right.
func (l questionLine) chosen(q *assessment.Question) flaw {
	right, known := numbers(l[rightColumn])
	switch {
	case !known:
		return flaw{RefusedRight, "right"}
	case len(right) == 0:
		return flaw{RefusedNoRight, "right"}
	}
	for i, text := range l.options() {
		if text != "" {
			q.Options = append(q.Options, assessment.Option{Text: text, Right: slices.Contains(right, i)})
		} else if slices.Contains(right, i) {
			return flaw{RefusedRight, "right"}
		}
	}
	return flaw{}
}

// ordered reads options in their order, or in the one that Đúng says.
func (l questionLine) ordered(q *assessment.Question) flaw {
	order, known := numbers(l[rightColumn])
	if !known {
		return flaw{RefusedRight, "right"}
	}
	var filled []int
	for i, text := range l.options() {
		if text != "" {
			filled = append(filled, i)
		}
	}
	if len(order) == 0 {
		order = filled
	}
	if !slices.Equal(slices.Sorted(slices.Values(order)), filled) {
		return flaw{RefusedRight, "right"}
	}
	for _, i := range order {
		q.Options = append(q.Options, assessment.Option{Text: l.options()[i]})
	}
	return flaw{}
}

// pairs reads "trái => phải".
func (l questionLine) pairs(q *assessment.Question) flaw {
	for i, text := range l.options() {
		if text == "" {
			continue
		}
		left, match, found := cutCell(text, "=>")
		if !found {
			return flaw{RefusedUnreadable, "options[" + strconv.Itoa(i) + "]"}
		}
		q.Options = append(q.Options, assessment.Option{Text: unescaped(left), Match: unescaped(match)})
	}
	return flaw{}
}

// gaps reads the words of each gap, up to the last that has any.
func (l questionLine) gaps() []assessment.Gap {
	var list []assessment.Gap
	for i, text := range l.options() {
		if text == "" {
			continue
		}
		for len(list) < i {
			list = append(list, assessment.Gap{})
		}
		list = append(list, cellGap(text))
	}
	return list
}

// cites reads Văn bản and Điều.
func (l questionLine) cites(item *assessment.Item) flaw {
	documents, articles := splitCell(l[documentColumn]), splitCell(l[articleColumn])
	if len(documents) == 1 {
		for len(documents) < len(articles) {
			documents = append(documents, documents[0])
		}
	}
	if l[documentColumn] == "" && l[articleColumn] == "" {
		return flaw{}
	}
	if len(articles) > len(documents) {
		return flaw{refusedMany, "cites"}
	}
	for i, number := range documents {
		cite := catalog.Reference{Number: number}
		if i < len(articles) {
			cite.Article = articles[i]
		}
		item.Cites = append(item.Cites, cite)
	}
	return flaw{}
}

const (
	markedWords = "đúng dấu:"
	markedKey   = "dung dau:"
)

// cellGap reads accepted words.
func cellGap(cell string) assessment.Gap {
	var gap assessment.Gap
	if head, rest, found := strings.Cut(cell, ":"); found && vietnamese.SearchKey(head)+":" == markedKey {
		gap.Exact, cell = true, rest
	}
	for _, words := range splitCell(cell) {
		if words != "" {
			gap.Accepted = append(gap.Accepted, words)
		}
	}
	return gap
}

// gapCell is what cellGap reads.
func gapCell(gap assessment.Gap) string {
	words := joinCell(gap.Accepted)
	switch {
	case gap.Exact:
		return markedWords + " " + words
	case strings.HasPrefix(vietnamese.SearchKey(words), markedKey), strings.HasPrefix(vietnamese.SearchKey(words), "dung dau :"):
		return "| " + words
	}
	return words
}

// cutCell cuts at the first divider that no backslash stands before.
func cutCell(s, divider string) (before, after string, found bool) {
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) && strings.IndexByte(`|=\`, s[i+1]) >= 0 {
			i++
		} else if strings.HasPrefix(s[i:], divider) {
			return s[:i], s[i+len(divider):], true
		}
	}
	return s, "", false
}

// splitCell cuts at every "|" that no backslash stands before.
func splitCell(s string) []string {
	var list []string
	for found := true; found; {
		var part string
		part, s, found = cutCell(s, "|")
		list = append(list, strings.TrimSpace(unescaped(part)))
	}
	return list
}

// joinCell is what splitCell reads.
func joinCell(list []string) string {
	escaped := make([]string, len(list))
	for i, s := range list {
		escaped[i] = strings.NewReplacer(`\`, `\\`, "|", `\|`).Replace(s)
	}
	return strings.Join(escaped, " | ")
}

func unescaped(s string) string {
	return strings.NewReplacer(`\\`, `\`, `\|`, "|", `\=`, "=").Replace(s)
}

var quantityForm = regexp.MustCompile(`^([+\-−]?[\d.,]+(?: \d{3}\b)*(?:[eE][+-]?\d+)?)\s*(?:(?:±|\+/?[-−])\s*([\d.,]+(?:[eE][+-]?\d+)?)(?:\s+|$))?(.*)$`)

// readQuantity reads "12,5 ± 0,5 m²".
func readQuantity(cell string) (q assessment.Quantity, known bool) {
	found := quantityForm.FindStringSubmatch(strings.Join(strings.Fields(cell), " "))
	if found == nil {
		return q, false
	}
	if q.Value, known = vietnamese.ReadNumber(found[1]); known && found[2] != "" {
		q.Tolerance, known = vietnamese.ReadNumber(found[2])
	}
	q.Unit = found[3]
	return q, known && (found[2] != "" || !strings.HasPrefix(q.Unit, "±") && !strings.HasPrefix(q.Unit, "+"))
}

// quantityCell is what readQuantity reads.
func quantityCell(q assessment.Quantity) string {
	cell := vietnamese.WriteNumber(q.Value)
	first := ' '
	for _, r := range q.Unit {
		first = r
		break
	}
	if q.Tolerance != 0 || q.Unit != "" && !unicode.IsLetter(first) && first != '%' && first != '°' {
		cell += " ± " + vietnamese.WriteNumber(q.Tolerance)
	}
	return strings.TrimSpace(cell + " " + q.Unit)
}

// guarded is a text that no spreadsheet takes for a formula, such that unguarded
// gives the text again.
func guarded(s string) string {
	if first := strings.TrimLeft(s, "'"); first != "" && strings.ContainsRune("=+-@\t\r", rune(first[0])) {
		return "'" + s
	}
	return s
}

func unguarded(s string) string {
	first := strings.TrimLeft(s, "'")
	if first != "" && len(first) < len(s) && strings.ContainsRune("=+-@\t\r", rune(first[0])) {
		return s[1:]
	}
	return s
}
