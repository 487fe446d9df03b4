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
	folder   *qtiFolder
	q        assessment.Question
	picture  bool
}

func (i *qtiItem) read() flaw {
	var text qtiText
	text.read(i.root.child("itemBody"))
	i.picture = text.picture
	parts := strings.Split(text.out.String(), entryMark)
	i.q.Text = strings.Join(parts, "____")
	i.q.Number.Unit = text.unit
	i.q.Note = i.note()
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
	case !other && (len(list) > 1 || list[0].classed(qtiGapClass)):
		return i.entries(list, parts)
	case list[0].name == "extendedTextInteraction":
		return i.essay(list[0])
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
	case "hotspotInteraction":
		return i.hotspot(n, declaration)
	case "textEntryInteraction":
		if strings.TrimSpace(parts[1]) == "" { // words are entered behind the text
			i.q.Text = parts[0]
		}
		return i.entry(n, declaration)
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

// qtiWorth is what a mapping gives for a value.
type qtiWorth struct {
	key    string
	points float64
}

// worth is a mapping, in its order.
func worth(declaration *node) []qtiWorth {
	var list []qtiWorth
	for _, n := range declaration.child("mapping").named("mapEntry") {
		if points, known := parseNumber(n.attr("mappedValue")); known {
			list = append(list, qtiWorth{strings.TrimSpace(n.attr("mapKey")), points})
		}
	}
	return list
}

// rights says which choices a declaration takes to be right, or gives points for.
func rights(declaration *node) map[string]bool {
	right := map[string]bool{}
	for _, value := range correct(declaration) {
		right[value] = true
	}
	if len(right) == 0 {
		for _, m := range worth(declaration) {
			right[m.key] = m.points > 0
		}
	}
	return right
}

// unknown refuses what is right and was not among the choices.
func unknown(left map[string]bool) flaw {
	for _, right := range left {
		if right {
			return flaw{RefusedRight, "right"}
		}
	}
	return flaw{}
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
	right := rights(declaration)
	var identifiers []string
	for _, choice := range n.named("simpleChoice") {
		identifier := choice.attr("identifier")
		identifiers = append(identifiers, identifier)
		i.q.Options = append(i.q.Options, assessment.Option{Text: i.option(choice), Right: right[identifier]})
		delete(right, identifier)
	}
	if wrong := unknown(right); wrong != (flaw{}) {
		return wrong
	}
	if i.q.Type == assessment.Single && slices.Equal(identifiers, []string{"true", "false"}) {
		i.truth()
	}
	return flaw{}
}

// truth makes a question of true or false of choices that say so too.
func (i *qtiItem) truth() {
	for at, o := range i.q.Options {
		if says, known := truths[vietnamese.SearchKey(o.Text)]; !known || says != (at == 0) {
			return
		}
	}
	if i.q.Options[0].Right != i.q.Options[1].Right {
		i.q.Type, i.q.True, i.q.Options = assessment.TrueOr, i.q.Options[0].Right, nil
	}
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
func (i *qtiItem) entry(n, declaration *node) flaw {
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
		return i.tolerance(n.attr("responseIdentifier"))
	}
	i.q.Type = assessment.Short
	gap, wrong := qtiGap(n, declaration)
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
		gap, wrong := qtiGap(n, declaration)
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
func qtiGap(n, declaration *node) (assessment.Gap, flaw) {
	gap := assessment.Gap{Accepted: correct(declaration), Exact: n.classed(qtiExactClass)}
	mapping, most, folded := worth(declaration), 0.0, map[string]bool{}
	if len(gap.Accepted) > 100 || len(mapping) > 100 {
		return gap, flaw{refusedMany, "gaps"}
	}
	for _, m := range mapping {
		most = max(most, m.points)
	}
	for _, m := range mapping {
		if m.points >= most && m.points > 0 && !slices.Contains(gap.Accepted, m.key) {
			gap.Accepted = append(gap.Accepted, m.key)
		}
	}
	for _, words := range gap.Accepted {
		folded[vietnamese.SearchKey(words)] = true
	}
	for _, m := range mapping {
		if m.points > 0 && m.points < most && !folded[vietnamese.SearchKey(m.key)] {
			return gap, flaw{RefusedPartial, "gaps"}
		}
	}
	if len(gap.Accepted) == 0 {
		return gap, flaw{RefusedNoRight, "gaps"}
	}
	return gap, flaw{}
}
