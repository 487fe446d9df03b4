package exchange

import (
	"context"
	"haidang/courses/vietnamese"
	"strings"
)

// pageTree lists the pages in their order, each with what it inherits.
func (f *pdfFile) pageTree() []pdfLeaf {
	t := pageWalk{file: f, seen: map[pdfRef]bool{}}
	t.walk(f.dict(f.trailer["Root"])["Pages"], pdfLeaf{}, 0)
	return t.leaves
}

// pdfLeaf is one page.
type pdfLeaf struct {
	ref       pdfRef
	dict      pdfDict
	resources any
}

type pageWalk struct {
	file   *pdfFile
	seen   map[pdfRef]bool
	leaves []pdfLeaf
}

func (t *pageWalk) walk(v any, above pdfLeaf, depth int) {
	ref, is := v.(pdfRef)
	dict := t.file.dict(v)
	if dict == nil || is && t.seen[ref] || depth > pdfDepth || len(t.leaves) >= pdfPages {
		return
	}
	t.seen[ref] = is
	leaf := pdfLeaf{ref: ref, dict: dict, resources: above.resources}
	if dict["Resources"] != nil {
		leaf.resources = dict["Resources"]
	}
	kids := t.file.list(dict["Kids"])
	if kids == nil {
		t.leaves = append(t.leaves, leaf)
		return
	}
	for _, kid := range kids {
		t.walk(kid, leaf, depth+1)
	}
}

// content is the content of a page, which may be in several streams.
func (f *pdfFile) content(dict pdfDict) ([]byte, error) {
	parts := f.list(dict["Contents"])
	if parts == nil {
		parts = []any{dict["Contents"]}
	}
	var all []byte
	for _, part := range parts {
		s, is := f.get(part).(pdfStream)
		if !is {
			continue
		}
		b, err := f.decode(s)
		if err != nil {
			return nil, err
		}
		if all = append(append(all, b...), '\n'); len(all) > pdfStreams {
			return nil, ErrUnpacked
		}
	}
	return all, nil
}

// lines reads the lines of all pages. It refuses with ErrUnpacked and ErrBlocks.
func (f *pdfFile) lines(ctx context.Context, leaves []pdfLeaf, dropped drops) ([][]*pdfLine, error) {
	pages := make([][]*pdfLine, len(leaves))
	fonts := map[pdfRef]*pdfFont{}
	bytes := 0
	for i, leaf := range leaves {
		content, err := f.content(leaf.dict)
		if err != nil {
			return nil, err
		}
		var set typeset
		p := &pdfPage{
			file: f, fonts: fonts, dropped: dropped, resource: f.dict(leaf.resources), state: pdfState{place: upright, scale: 1}, text: upright, line: upright,
			show: func(s shown) {
				if bytes += len(s.text); bytes <= 4*mostText {
					set.add(s)
				}
			},
		}
		if err := p.run(ctx, content, 0); err != nil {
			return nil, err
		}
		if bytes > 4*mostText {
			return nil, ErrBlocks
		}
		pages[i] = set.set()
	}
	return withoutRunning(pages), nil
}

// bookmark is an entry of the outline of a PDF.
type bookmark struct {
	title string
	level int // from 1
	page  int
	top   float64
	exact bool // whether top is known
}

const mostBookmarks = 5_000

// bookmarks reads the outline; entries that lead to no page are left out.
func (f *pdfFile) bookmarks(leaves []pdfLeaf) []bookmark {
	root := f.dict(f.trailer["Root"])
	w := outlineWalk{file: f, seen: map[pdfRef]bool{}, pages: map[pdfRef]int{}, named: map[string]any{}}
	for i, leaf := range leaves {
		w.pages[leaf.ref] = i
	}
	for name, to := range f.dict(root["Dests"]) {
		w.named[name] = to
	}
	w.names(f.dict(root["Names"])["Dests"], 0)
	w.entries(f.dict(root["Outlines"])["First"], 1)
	return w.found
}

type outlineWalk struct {
	file  *pdfFile
	seen  map[pdfRef]bool
	pages map[pdfRef]int
	named map[string]any
	found []bookmark
}

// names reads a tree of named places.
func (w *outlineWalk) names(v any, depth int) {
	ref, is := v.(pdfRef)
	dict := w.file.dict(v)
	if dict == nil || is && w.seen[ref] || depth > 16 {
		return
	}
	w.seen[ref] = is
	list := w.file.list(dict["Names"])
	for i := 0; i+1 < len(list); i += 2 {
		if name, is := w.file.get(list[i]).(pdfString); is {
			w.named[string(name)] = list[i+1]
		}
	}
	for _, kid := range w.file.list(dict["Kids"]) {
		w.names(kid, depth+1)
	}
}

func (w *outlineWalk) entries(v any, level int) {
	for level <= 9 && len(w.found) < mostBookmarks {
		ref, is := v.(pdfRef)
		dict := w.file.dict(v)
		if dict == nil || !is || w.seen[ref] {
			return
		}
		w.seen[ref] = true
		b := bookmark{title: strings.Join(strings.Fields(pdfText(w.file.get(dict["Title"]))), " "), level: level}
		if w.lead(dict, &b) && b.title != "" {
			w.found = append(w.found, b)
		}
		w.entries(dict["First"], level+1)
		v = dict["Next"]
	}
}

// lead finds the place that an entry leads to.
func (w *outlineWalk) lead(entry pdfDict, b *bookmark) bool {
	to := w.file.get(entry["Dest"])
	if action := w.file.dict(entry["A"]); to == nil && action["S"] == pdfName("GoTo") {
		to = w.file.get(action["D"])
	}
	switch name := to.(type) {
	case pdfString:
		to = w.file.get(w.named[string(name)])
	case pdfName:
		to = w.file.get(w.named[string(name)])
	}
	if dict, is := to.(pdfDict); is {
		to = w.file.get(dict["D"])
	}
	place, _ := to.([]any)
	if len(place) == 0 {
		return false
	}
	ref, is := place[0].(pdfRef)
	page, known := w.pages[ref]
	b.page = page
	if len(place) > 3 && place[1] == pdfName("XYZ") {
		b.top, b.exact = place[3].(float64)
	}
	return is && known
}

// folded is a text for finding it again: no blanks, no marks, no case.
func folded(s string) string { return strings.ReplaceAll(vietnamese.SearchKey(s), " ", "") }
