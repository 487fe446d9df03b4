package exchange

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"iter"
	"strings"
)

// Limits of a part. Word nests a picture in a text box in a table in a table
// about 45 elements deep; 128 leaves room for tables within tables. A book of
// 300 pages has some 400,000 elements, no table more than a tenth of them.
const (
	mostDepth = 128
	mostNodes = 500_000 // of one tree that is held in memory
)

// node is an element of a part. Names are without their name space: the office
// formats have two name spaces for each of theirs, and no parser here depends on
// which.
type node struct {
	name     string
	attrs    []xml.Attr
	children []*node
	text     []byte // what stands directly in the element
}

// attr gives an attribute; of two with the same name the one that is no link.
func (n *node) attr(name string) string {
	for _, a := range n.attrs {
		if a.Name.Local == name && !strings.HasSuffix(a.Name.Space, "/relationships") {
			return a.Value
		}
	}
	return ""
}

// link gives an attribute that is the id of a relation.
func (n *node) link(name string) string {
	for _, a := range n.attrs {
		if a.Name.Local == name && strings.HasSuffix(a.Name.Space, "/relationships") {
			return a.Value
		}
	}
	return ""
}

// at follows the names downwards, each the first of its name; an empty node if
// there is none.
func (n *node) at(names ...string) *node {
	for _, name := range names {
		n = n.child(name)
	}
	return n
}

func (n *node) child(name string) *node {
	for _, c := range n.children {
		if c.name == name {
			return c
		}
	}
	return &node{}
}

// has says that a child of that name is there.
func (n *node) has(name string) bool { return n.child(name).name != "" }

// on reads a switch such as <w:b/> or <w:b w:val="0"/>; known is false if it is
// not there at all.
func (n *node) on(name string) (on, known bool) {
	c := n.child(name)
	if c.name == "" {
		return false, false
	}
	v := c.attr("val")
	return v != "0" && v != "false" && v != "off" && v != "none", true
}

// all gives the node and every one below it, in order, but nothing below a node
// that is named in except.
func (n *node) all(except ...string) iter.Seq[*node] {
	return func(yield func(*node) bool) { n.walk(yield, except) }
}

func (n *node) walk(yield func(*node) bool, except []string) bool {
	if !yield(n) {
		return false
	}
	for _, name := range except {
		if n.name == name {
			return true
		}
	}
	for _, c := range n.children {
		if !c.walk(yield, except) {
			return false
		}
	}
	return true
}

// wrappers hold elements that stand, for a reader, where the wrapper stands.
var wrappers = map[string]bool{
	"sdt": true, "sdtContent": true, "customXml": true, "smartTag": true, "ins": true, "moveTo": true,
}

// inside gives the children with those of wrappers in their place.
func (n *node) inside() iter.Seq[*node] {
	return func(yield func(*node) bool) { n.unwrap(yield) }
}

func (n *node) unwrap(yield func(*node) bool) bool {
	for _, c := range n.children {
		see := yield
		if wrappers[c.name] {
			see = func(*node) bool { return c.unwrap(yield) }
		}
		if !see(c) {
			return false
		}
	}
	return true
}

// whole reads a part as one tree; an empty node if there is no such part.
func (a *archive) whole(part string) (*node, error) {
	root := &node{}
	f := a.find(part)
	if f == nil {
		return root, nil
	}
	err := a.each(f, "", func(n *node) error {
		root = n
		return nil
	})
	return root, err
}

// each has see look at every element that stands directly in an element of that
// name ("" for the root itself); only one of them is held in memory. It refuses
// with ErrUnsafeXML, ErrCorrupt and ErrUnpacked.
func (a *archive) each(f *zip.File, parent string, see func(*node) error) error {
	return a.eachWithin(f, mostPartBytes, parent, see)
}

// eachWithin is each, of a part that may have so many bytes.
func (a *archive) eachWithin(f *zip.File, most int64, parent string, see func(*node) error) error {
	rc, err := a.open(f, most)
	if err != nil {
		return err
	}
	defer rc.Close()
	g := grower{in: xml.NewDecoder(rc), parent: parent, see: see}
	return g.grow(a.xmlFailure)
}

// xmlFailure tells what was wrong from what the decoder makes of it.
func (a *archive) xmlFailure(err error) error {
	if errors.Is(err, ErrUnpacked) {
		return ErrUnpacked
	}
	return a.source.damaged()
}

// grower makes trees of the elements that are asked for.
type grower struct {
	in     *xml.Decoder
	parent string
	see    func(*node) error
	mixed  bool // text is a child without a name, so that its place among the others is known
	rooted bool
	above  []string // names of the open elements outside a tree
	tree   []*node  // the open elements of the tree
	nodes  int
}

// grow reads to the end; failure makes a refusal or a fault of what the decoder
// could not read.
func (g *grower) grow(failure func(error) error) error {
	for {
		token, err := g.in.Token()
		switch {
		case errors.Is(err, io.EOF):
			if !g.rooted {
				return ErrCorrupt
			}
			return nil
		case err != nil:
			return failure(err)
		}
		if err := g.take(token); err != nil {
			return err
		}
	}
}

func (g *grower) take(token xml.Token) error {
	switch t := token.(type) {
	case xml.Directive:
		return ErrUnsafeXML
	case xml.StartElement:
		return g.begin(t)
	case xml.EndElement:
		return g.end()
	case xml.CharData:
		return g.write(t)
	}
	return nil
}

func (g *grower) write(text xml.CharData) error {
	if len(g.tree) == 0 {
		return nil
	}
	top := g.tree[len(g.tree)-1]
	if !g.mixed {
		top.text = append(top.text, text...)
		return nil
	}
	if g.nodes++; g.nodes > mostNodes {
		return ErrUnpacked
	}
	top.children = append(top.children, &node{text: bytes.Clone(text)})
	return nil
}

func (g *grower) begin(t xml.StartElement) error {
	g.rooted = true
	if len(g.above)+len(g.tree) >= mostDepth {
		return ErrUnsafeXML
	}
	open := len(g.tree)
	if open == 0 && !g.wanted() {
		g.above = append(g.above, t.Name.Local)
		return nil
	}
	if g.nodes++; g.nodes > mostNodes {
		return ErrUnpacked
	}
	n := &node{name: t.Name.Local, attrs: t.Attr}
	if open > 0 {
		g.tree[open-1].children = append(g.tree[open-1].children, n)
	}
	g.tree = append(g.tree, n)
	return nil
}

// wanted says that a tree begins here.
func (g *grower) wanted() bool {
	if g.parent == "" {
		return len(g.above) == 0
	}
	return len(g.above) > 0 && g.above[len(g.above)-1] == g.parent
}

func (g *grower) end() error {
	if len(g.tree) == 0 {
		g.above = g.above[:len(g.above)-1]
		return nil
	}
	n := g.tree[len(g.tree)-1]
	g.tree = g.tree[:len(g.tree)-1]
	if len(g.tree) > 0 {
		return nil
	}
	g.nodes = 0
	return g.see(n)
}
