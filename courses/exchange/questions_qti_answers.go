package exchange

import (
	"haidang/courses/assessment"
	"haidang/courses/vietnamese"
	"slices"
	"strings"
)

// qtiItem is an item that is read.
type qtiItem struct {
	root     *node
	declared map[string]*node // declarations of responses by identifier
	q        assessment.Question
	picture  bool
}

func (i *qtiItem) read() flaw {
	var text qtiText
	text.read(i.root.child("itemBody"))
	i.picture = text.picture
	parts := strings.Split(text.out.String(), entryMark)
	i.q.Text = strings.Join(parts, "____")
	wrong := i.interact(text.interactions, parts)
	switch {
	case text.variable:
		return flaw{RefusedType, "type"}
	case i.picture && wrong.code != RefusedType:
		return flaw{RefusedPicture, "text"}
	}
	return wrong
}

// interact reads what is right; parts are the text between the places where words
// are entered.
func (i *qtiItem) interact(list []*node, parts []string) flaw {
	other := slices.ContainsFunc(list, func(n *node) bool { return n.name != "textEntryInteraction" })
	switch {
	case len(list) == 0 || other && len(list) > 1:
		return flaw{RefusedType, "type"}
	case !other && len(list) > 1:
		return i.entries(list, parts)
	}
	n := list[0]
	declaration := i.declared[n.attr("responseIdentifier")]
	if declaration == nil {
		return flaw{RefusedUnreadable, "right"}
	}
	switch n.name {
	case "choiceInteraction":
		return i.choices(n, declaration)
	case "orderInteraction":
		return i.ordering(n, declaration)
	case "matchInteraction":
		return i.matching(n, declaration)
	case "textEntryInteraction":
		if strings.TrimSpace(parts[1]) == "" { // words are entered behind the text
			i.q.Text = parts[0]
		}
		return i.entry(declaration)
	}
	return flaw{RefusedType, "type"}
}

// correct lists the values that a declaration says to be right.
func correct(declaration *node) []string {
	var list []string
	for _, n := range declaration.child("correctResponse").named("value") {
		list = append(list, said(n))
	}
	return list
}

// worth is what a mapping gives for each value.
func worth(declaration *node) map[string]float64 {
	points := map[string]float64{}
	for _, n := range declaration.child("mapping").named("mapEntry") {
		if value, known := parseNumber(n.attr("mappedValue")); known {
			points[strings.TrimSpace(n.attr("mapKey"))] = value
		}
	}
	return points
}

// option is the text of a choice.
func (i *qtiItem) option(n *node) string {
	var text qtiText
	for _, c := range n.children {
		text.read(c)
	}
	i.picture = i.picture || text.picture
	return text.out.String()
}

func (i *qtiItem) choices(n, declaration *node) flaw {
	i.q.Type = assessment.Multiple
	if declaration.attr("cardinality") == "single" || declaration.attr("cardinality") == "" && n.attr("maxChoices") == "1" {
		i.q.Type = assessment.Single
	}
	right := map[string]bool{}
	for _, value := range correct(declaration) {
		right[value] = true
	}
	if len(right) == 0 {
		for value, points := range worth(declaration) {
			right[value] = points > 0
		}
	}
	for _, choice := range n.named("simpleChoice") {
		identifier := choice.attr("identifier")
		i.q.Options = append(i.q.Options, assessment.Option{Text: i.option(choice), Right: right[identifier]})
		delete(right, identifier)
	}
	for _, is := range right {
		if is {
			return flaw{RefusedRight, "right"}
		}
	}
	return flaw{}
}

func (i *qtiItem) ordering(n, declaration *node) flaw {
	i.q.Type = assessment.Ordering
	choices := map[string]*node{}
	for _, choice := range n.named("simpleChoice") {
		choices[choice.attr("identifier")] = choice
	}
	order := correct(declaration)
	if len(order) == 0 {
		return flaw{RefusedNoRight, "right"}
	}
	for _, value := range order {
		choice := choices[value]
		if choice == nil {
			return flaw{RefusedRight, "right"}
		}
		delete(choices, value)
		i.q.Options = append(i.q.Options, assessment.Option{Text: i.option(choice)})
	}
	if len(choices) > 0 {
		return flaw{RefusedExtra, "options"}
	}
	return flaw{}
}

// matching reads pairs: each of the one side belongs to one of the other, and none
// is left over.
func (i *qtiItem) matching(n, declaration *node) flaw {
	i.q.Type = assessment.Matching
	sets := n.named("simpleMatchSet")
	pairs := correct(declaration)
	switch {
	case len(sets) != 2:
		return flaw{RefusedUnreadable, "options"}
	case len(pairs) == 0:
		return flaw{RefusedNoRight, "right"}
	}
	var sides [2]map[string]*node
	for side, set := range sets {
		sides[side] = map[string]*node{}
		for _, choice := range set.named("simpleAssociableChoice") {
			sides[side][choice.attr("identifier")] = choice
		}
	}
	if len(sides[0]) != len(sides[1]) || len(pairs) != len(sides[0]) {
		return flaw{RefusedExtra, "options"}
	}
	for _, pair := range pairs {
		names := strings.Fields(pair)
		if len(names) != 2 || sides[0][names[0]] == nil || sides[1][names[1]] == nil {
			return flaw{RefusedRight, "right"}
		}
		i.q.Options = append(i.q.Options, assessment.Option{Text: i.option(sides[0][names[0]]), Match: i.option(sides[1][names[1]])})
		delete(sides[0], names[0])
		delete(sides[1], names[1])
	}
	return flaw{}
}

// entry reads words or a number that is entered.
func (i *qtiItem) entry(declaration *node) flaw {
	if base := declaration.attr("baseType"); base == "float" || base == "integer" {
		i.q.Type = assessment.Numeric
		values := correct(declaration)
		if len(values) == 0 {
			return flaw{RefusedNoRight, "number"}
		}
		var known bool
		if i.q.Number.Value, known = parseNumber(values[0]); !known {
			return flaw{RefusedNumber, "number"}
		}
		return flaw{}
	}
	i.q.Type = assessment.Short
	gap, wrong := qtiGap(declaration)
	i.q.Gaps = []assessment.Gap{gap}
	return wrong
}

// entries reads several gaps in a text.
func (i *qtiItem) entries(list []*node, parts []string) flaw {
	i.q.Type = assessment.Gaps
	var text strings.Builder
	text.WriteString(parts[0])
	for at, n := range list {
		text.WriteString(gapText(at+1) + parts[at+1])
		declaration := i.declared[n.attr("responseIdentifier")]
		if declaration == nil {
			return flaw{RefusedUnreadable, "right"}
		}
		if declaration.attr("baseType") == "float" {
			return flaw{RefusedType, "type"}
		}
		gap, wrong := qtiGap(declaration)
		if wrong != (flaw{}) {
			return wrong
		}
		i.q.Gaps = append(i.q.Gaps, gap)
	}
	i.q.Text = text.String()
	return flaw{}
}

// qtiGap is the words that are right, and those to which the mapping gives as many
// points. Capitals never matter here.
func qtiGap(declaration *node) (assessment.Gap, flaw) {
	gap := assessment.Gap{Accepted: correct(declaration)}
	points, most, folded := worth(declaration), 0.0, map[string]bool{}
	if len(gap.Accepted) > 100 || len(points) > 100 {
		return gap, flaw{refusedMany, "gaps"}
	}
	for _, value := range points {
		most = max(most, value)
	}
	said := len(gap.Accepted)
	for value, worth := range points {
		if worth >= most && worth > 0 && !slices.Contains(gap.Accepted, value) {
			gap.Accepted = append(gap.Accepted, value)
		}
	}
	slices.Sort(gap.Accepted[said:])
	for _, words := range gap.Accepted {
		folded[vietnamese.SearchKey(words)] = true
	}
	for value, worth := range points {
		if worth > 0 && worth < most && !folded[vietnamese.SearchKey(value)] {
			return gap, flaw{RefusedPartial, "gaps"}
		}
	}
	if len(gap.Accepted) == 0 {
		return gap, flaw{RefusedNoRight, "gaps"}
	}
	return gap, flaw{}
}
