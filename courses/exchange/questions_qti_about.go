package exchange

import (
	"haidang/courses/assessment"
	"haidang/courses/catalog"
	"math"
	"slices"
	"strings"
)

// classed says that an element has that class.
func (n *node) classed(class string) bool {
	return slices.Contains(strings.Fields(n.attr("class")), class)
}

// described is what LOM says of an item. Of a path of taxons the last one is the
// topic.
func described(lom *node) assessment.Item {
	var x assessment.Item
	switch strings.TrimSpace(string(lom.at("educational", "difficulty", "value").text)) {
	case "very easy", "easy":
		x.Difficulty = "easy"
	case "difficult", "very difficult":
		x.Difficulty = "hard"
	}
	for _, n := range lom.named("relation") {
		resource := n.child("resource")
		if said(resource.at("identifier", "catalog")) == qtiLaw {
			x.Cites = append(x.Cites, catalog.Reference{Number: said(resource.at("identifier", "entry")), Article: said(resource.child("description"))})
		}
	}
	for _, n := range lom.named("classification") {
		taxons := n.child("taxonPath").named("taxon")
		if len(taxons) == 0 {
			continue
		}
		words := said(taxons[len(taxons)-1].at("entry", "string"))
		switch strings.TrimSpace(string(n.at("purpose", "value").text)) {
		case qtiTopic:
			x.Topic = words
		case qtiAbility:
			x.Competency = words
		}
	}
	return x
}

// note is the feedback that is shown whatever was answered: an outcome says so that
// nothing sets.
func (i *qtiItem) note() string {
	for _, feedback := range i.root.named("modalFeedback") {
		outcome, always := feedback.attr("outcomeIdentifier"), false
		for _, n := range i.root.named("outcomeDeclaration") {
			always = always || n.attr("identifier") == outcome && said(n.at("defaultValue", "value")) == feedback.attr("identifier")
		}
		for n := range i.root.child("responseProcessing").all() {
			always = always && (n.name != "setOutcomeValue" || n.attr("identifier") != outcome)
		}
		if !always || feedback.attr("showHide") != "show" {
			continue
		}
		var text qtiText
		for _, c := range feedback.children {
			text.read(c)
		}
		if !text.picture && !text.variable {
			return strings.ReplaceAll(text.out.String(), entryMark, "")
		}
	}
	return ""
}

// tolerance reads how far from the number an answer may be. It is the same on both
// sides here.
func (i *qtiItem) tolerance(identifier string) flaw {
	for n := range i.root.child("responseProcessing").all() {
		if n.name != "equal" || n.child("variable").attr("identifier") != identifier {
			continue
		}
		mode, sides := n.attr("toleranceMode"), strings.Fields(n.attr("tolerance"))
		if mode != "absolute" && mode != "relative" {
			return flaw{}
		}
		if len(sides) == 0 || slices.ContainsFunc(sides, func(side string) bool { return side != sides[0] }) {
			return flaw{RefusedNumber, "number"}
		}
		tolerance, known := parseNumber(sides[0])
		if !known {
			return flaw{RefusedNumber, "number"}
		}
		if mode == "relative" { // in percent
			tolerance = rounded(math.Abs(i.q.Number.Value) * tolerance / 100)
		}
		i.q.Number.Tolerance = tolerance
		return flaw{}
	}
	return flaw{}
}
