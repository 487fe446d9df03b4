package exchange

import (
	"context"
	"fmt"
	"io"
	"path"
	"strings"
)

const pagesPerLesson = 5

// ReadPDF makes a course of the text of a PDF: a lesson for each entry of its
// outline; without one, for each "Chương" or "Mục" that is set in bold; else for
// every five pages. Paragraphs are put together from lines, as well as their
// places on the pages tell. Pictures and tables stay behind: they are counted, or
// come as lines. It takes at most 64 MiB and 5,000 pages and refuses with ErrNotPDF,
// ErrLocked, ErrOld, ErrCorrupt, ErrScanned, ErrUnpacked, ErrLessons and ErrBlocks.
func ReadPDF(ctx context.Context, r io.ReaderAt, size int64) (Imported, error) {
	f, err := openPDF(ctx, r, size)
	if err != nil {
		return Imported{}, err
	}
	leaves := f.pageTree()
	dropped := drops{}
	pages, err := f.lines(ctx, leaves, dropped)
	if err != nil {
		return Imported{}, err
	}
	o := &outline{title: f.title()}
	if err := o.takePages(pages, f.bookmarks(leaves)); err != nil {
		return Imported{}, err
	}
	if len(o.pieces) == 0 {
		return Imported{}, ErrScanned
	}
	lessons, err := o.lessons()
	if err != nil {
		return Imported{}, err
	}
	return Imported{Title: o.title, Lessons: lessons, Dropped: dropped.list()}, nil
}

// title is what the PDF calls itself; Word puts its own name before that of the
// file.
func (f *pdfFile) title() string {
	title := strings.Join(strings.Fields(pdfText(f.get(f.dict(f.trailer["Info"])["Title"]))), " ")
	if name, is := strings.CutPrefix(title, "Microsoft Word - "); is {
		title = strings.TrimSuffix(name, path.Ext(name))
	}
	return title
}

// takePages adds the pages with their headings.
func (o *outline) takePages(pages [][]*pdfLine, bookmarks []bookmark) error {
	c := columnOf(pages)
	heads := placed(pages, bookmarks)
	if err := (&joiner{column: c, heads: heads, out: o}).join(pages, nil); err != nil {
		return err
	}
	if len(heads) > 0 || divided(o.pieces) || len(pages) <= pagesPerLesson {
		return nil
	}
	o.pieces, o.runes = nil, 0
	return (&joiner{column: c, out: o}).join(pages, func(page int) {
		title := fmt.Sprintf("Trang %d–%d", page+1, min(page+pagesPerLesson, len(pages)))
		o.pieces = append(o.pieces, piece{block: heading(title), level: 1})
	})
}

// divided says that the bold lines of official documents are there to cut at.
func divided(pieces []piece) bool {
	for _, p := range official(pieces) {
		if p.level == 1 {
			return true
		}
	}
	return false
}

// placed finds the lines that are the headings which the outline names. Lines
// that go on with the title of the one before lead to nil.
func placed(pages [][]*pdfLine, bookmarks []bookmark) map[*pdfLine]*bookmark {
	heads := map[*pdfLine]*bookmark{}
	for i := range bookmarks {
		b := &bookmarks[i]
		lines := pages[b.page]
		at, count := b.find(lines, heads)
		if count == 0 {
			at = b.nearest(lines, heads)
		}
		if at == len(lines) {
			continue
		}
		if count == 0 { // the outline words it otherwise: a line of its own
			own := *lines[at]
			pages[b.page] = append(lines[:at:at], append([]*pdfLine{&own}, lines[at:]...)...)
			heads[&own] = b
			continue
		}
		heads[lines[at]] = b
		for _, l := range lines[at+1 : at+count] {
			heads[l] = nil
		}
	}
	return heads
}

// find looks for one to three lines that together are the title.
func (b *bookmark) find(lines []*pdfLine, heads map[*pdfLine]*bookmark) (at, count int) {
	title := folded(b.title)
	for i := range lines {
		text := ""
		for n := 1; n <= 3 && i+n <= len(lines); n++ {
			if _, taken := heads[lines[i+n-1]]; taken {
				break
			}
			text += folded(lines[i+n-1].plain())
			if text == title || n == 1 && len(text)-len(title) <= len("chương10.") && strings.HasSuffix(text, title) {
				return i, n
			}
		}
	}
	return 0, 0
}

// nearest is the first line below the place that the outline names.
func (b *bookmark) nearest(lines []*pdfLine, heads map[*pdfLine]*bookmark) int {
	for i, l := range lines {
		if _, taken := heads[l]; !taken && (!b.exact || l.y < b.top) {
			return i
		}
	}
	return len(lines)
}
