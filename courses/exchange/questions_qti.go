package exchange

import (
	"archive/zip"
	"bytes"
	"errors"
	"haidang/courses/assessment"
	"io"
	"net/url"
	"path"
	"slices"
	"strings"
)

// qti reads a QTI item (2.x or 3.0), or the items that the manifest of a content
// package names. How an item computes its score is not looked at, but for the
// tolerance of a number: right is what its declarations say. Words in others' rubrics
// and in feedback that depends on the answer are left out.
func (g *gathering) qti(data []byte) error {
	if bytes.HasPrefix(data, []byte("PK\x03\x04")) {
		return g.qtiPackage(data)
	}
	name, q, wrong, err := readQTI(bytes.NewReader(data), &qtiFolder{})
	if err != nil {
		return err
	}
	if wrong == notItem {
		return badQuestions("format", "not_qti")
	}
	return g.take(1, name, assessment.Item{Question: q}, wrong)
}

// notItem is what a document is that is no item.
var notItem = flaw{RefusedUnreadable, "item"}

const (
	qtiManifest  = "imsmanifest.xml"
	mostQTI      = 128 << 20 // bytes of a package, unpacked
	mostQTIBytes = 4 << 20   // bytes of an item
)

// qtiPackage reads the items in the order of the manifest. One that is missing or
// damaged is refused; one that is hostile refuses the package.
func (g *gathering) qtiPackage(data []byte) error {
	a, err := openArchive(bytes.NewReader(data), int64(len(data)), mostQTI, badQuestions("format", "not_qti"))
	if err != nil {
		return err
	}
	manifest := a.find(qtiManifest)
	if manifest == nil {
		return badQuestions("format", "not_qti")
	}
	var hrefs []string
	var items []assessment.Item // what the manifest says of them
	err = a.each(manifest, "resources", func(n *node) error {
		if strings.HasPrefix(strings.ToLower(n.attr("type")), "imsqti_item_") {
			hrefs, items = append(hrefs, n.attr("href")), append(items, described(n.at("metadata", "lom")))
		}
		return nil
	})
	if err != nil {
		return err
	}
	for i, href := range hrefs {
		if err := g.qtiPart(a, i+1, href, items[i]); err != nil {
			return err
		}
	}
	return nil
}

func (g *gathering) qtiPart(a *archive, row int, href string, item assessment.Item) error {
	file := a.referred("", href)
	if file == nil {
		return g.take(row, path.Base(href), assessment.Item{}, flaw{RefusedUnreadable, "href"})
	}
	folder := &qtiFolder{archive: a, name: file.Name[:strings.LastIndex(file.Name, "/")+1], found: &g.found}
	name, q, wrong, err := readPackedQTI(folder, file)
	if errors.Is(err, ErrCorrupt) {
		wrong = notItem
	} else if err != nil {
		return err
	}
	if name == "" && q.Text == "" {
		name = path.Base(href)
	}
	item.Question = q
	return g.take(row, name, item, wrong)
}

// referred is the part that a file in a folder names by its address, or nil.
func (a *archive) referred(folder, address string) *zip.File {
	if plain, err := url.PathUnescape(address); err == nil {
		address = plain
	}
	return a.find(within(folder, address))
}

func readPackedQTI(folder *qtiFolder, file *zip.File) (name string, q assessment.Question, wrong flaw, err error) {
	r, err := folder.archive.open(file, mostQTIBytes)
	if err != nil {
		return "", q, wrong, err
	}
	defer r.Close()
	return readQTI(r, folder)
}

// readQTI reads an item that lies in a folder.
func readQTI(r io.Reader, folder *qtiFolder) (name string, q assessment.Question, wrong flaw, err error) {
	root := &node{}
	err = eachElement(r, "", true, func(n *node) error {
		root = n
		return nil
	})
	if err != nil {
		return "", q, wrong, err
	}
	modern(root)
	if root.name != "assessmentItem" {
		return "", q, notItem, nil
	}
	i := qtiItem{root: root, declared: map[string]*node{}, folder: folder}
	for _, n := range root.children {
		if n.name == "responseDeclaration" {
			i.declared[n.attr("identifier")] = n
		}
	}
	wrong = i.read()
	return root.attr("title"), i.q, wrong, folder.fault
}

// modern gives the names of 3.0, such as qti-choice-interaction and
// response-identifier, as 2.x writes them.
func modern(n *node) {
	n.name = camel(strings.TrimPrefix(n.name, "qti-"))
	for i := range n.attrs {
		n.attrs[i].Name.Local = camel(n.attrs[i].Name.Local)
	}
	for _, c := range n.children {
		modern(c)
	}
}

func camel(name string) string {
	words := strings.Split(name, "-")
	for i, word := range words[1:] {
		if word != "" {
			words[i+1] = strings.ToUpper(word[:1]) + word[1:]
		}
	}
	return strings.Join(words, "")
}

// silentQTI is not part of what is asked.
var silentQTI = tags("rubricBlock feedbackBlock feedbackInline templateBlock templateInline stylesheet script style catalogInfo modalFeedback")

// qtiText is the text of a part of an item.
type qtiText struct {
	out          strings.Builder
	picture      bool
	variable     bool // text is computed
	unit         string
	interactions []*node
}

// entryMark stands where words are entered; no XML has it.
const entryMark = "\x00"

func (t *qtiText) read(n *node) {
	switch {
	case n.name == "":
		t.out.WriteString(strings.ReplaceAll(string(n.text), "\n", " "))
		return
	case silentQTI[n.name]:
		return
	case n.name == "span" && n.classed(qtiUnitClass):
		t.unit = said(n)
		return
	case n.name == "printedVariable":
		t.variable = true
	case pictureTags[n.name]:
		t.picture = true
	case n.name == "br":
		t.out.WriteByte('\n')
		return
	case n.name == "textEntryInteraction":
		t.interactions = append(t.interactions, n)
		t.out.WriteString(entryMark)
		return
	case strings.HasSuffix(n.name, "Interaction"):
		t.interactions = append(t.interactions, n)
		t.out.WriteByte(' ')
		n = n.child("prompt")
	case !inlineTags[n.name]:
		t.out.WriteByte(' ')
	}
	for _, c := range n.children {
		t.read(c)
	}
	switch {
	case lineTags[n.name]:
		endLine(&t.out)
	case !inlineTags[n.name]:
		t.out.WriteByte(' ')
	}
}

// said is the text of an element without any mark-up.
func said(n *node) string {
	var b strings.Builder
	for c := range n.all() {
		b.Write(c.text)
	}
	return strings.TrimSpace(b.String())
}

// named lists the children of that name.
func (n *node) named(name string) []*node {
	return slices.DeleteFunc(slices.Clone(n.children), func(c *node) bool { return c.name != name })
}
