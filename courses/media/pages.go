package media

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"haidang/courses/vietnamese"
	"os"
	"path"
	"strconv"
	"strings"
	"time"
)

// How a document's pages are drawn.
const (
	PageWidth   = 1000   // pixels; narrower where that would be higher than PageHeight
	PageHeight  = 4000   // pixels
	MaxPageText = 40_000 // bytes of a page's text
	maxDrawn    = 2000   // pages
)

// PagesJob is the kind of the jobs that draw a document's pages; Transcode does
// them.
const PagesJob = "media.pages"

// How long the pages of one document may take, and how long the job that draws
// them, which fetches the document first.
const (
	pagesPatience = 2 * time.Hour
	PagesPatience = 3 * time.Hour
)

// Paged says that the pages of a document can be shown.
func (a Asset) Paged() bool { return a.has(pages) }

// pageTypes are the media types of a page's two files.
var pageTypes = map[string]string{".webp": "image/webp", ".txt": "text/plain; charset=utf-8"}

func pageFile(n int, ext string) string { return "p" + strconv.Itoa(n) + ext }

// page finds a file of a page.
func (s *Service) page(ctx context.Context, a Asset, file string) (File, error) {
	ext := path.Ext(file)
	n, err := strconv.Atoi(strings.TrimSuffix(strings.TrimPrefix(file, "p"), ext))
	if err != nil || pageTypes[ext] == "" || n < 1 || n > a.Facts.Pages || file != pageFile(n, ext) || !a.Paged() {
		return File{}, ErrNoAsset
	}
	return s.small(ctx, a, file, pageTypes[ext])
}

// drawPages stores a picture and the text of every page, behind those that are
// there, and at last the document's words for the search. It refuses with ErrPages
// or ErrManyPages; told hears how many pages are done.
func (s *Service) drawPages(ctx context.Context, a Asset, source, dir string, told func(pages int64)) error {
	if a.Facts.Pages > maxDrawn {
		return ErrManyPages
	}
	drawn, size, err := s.drawn(ctx, a)
	if err != nil {
		return err
	}
	var words bytes.Buffer
	working, cancel := context.WithTimeout(ctx, pagesPatience)
	defer cancel()
	err = s.pager.Pages(working, source, dir, drawn+1, func(p Page) error {
		p.Text = pageText(p.Text)
		if words.Len() < maxWords {
			words.WriteString(p.Text + pageEnd)
		}
		told(int64(p.Number))
		if p.Number <= drawn {
			return nil
		}
		n, err := s.keepPage(working, a, p, dir)
		size += n
		return err
	})
	switch {
	case err != nil && ctx.Err() == nil && errors.Is(working.Err(), context.DeadlineExceeded):
		return fmt.Errorf("%w: it takes longer than %s", ErrPages, pagesPatience)
	case err != nil:
		return err
	}
	r := Rendition{Name: pages, File: wordsFile, Type: pageTypes[".txt"], Bytes: size + int64(words.Len())}
	if err := s.objects.Write(ctx, madeKey(a.SHA256, r.File), r.Type, words.Bytes()); err != nil {
		return err
	}
	return s.store.AddRendition(ctx, a.ID, r)
}

// drawn counts the pages that an earlier worker stored, and their bytes. A page's
// text is stored after its picture.
func (s *Service) drawn(ctx context.Context, a Asset) (count int, bytes int64, err error) {
	for ; count < a.Facts.Pages; count++ {
		text, found, err := s.objects.Size(ctx, madeKey(a.SHA256, pageFile(count+1, ".txt")))
		if err != nil || !found {
			return count, bytes, err
		}
		picture, found, err := s.objects.Size(ctx, madeKey(a.SHA256, pageFile(count+1, ".webp")))
		if err != nil || !found {
			return count, bytes, err
		}
		bytes += text + picture
	}
	return count, bytes, nil
}

// keepPage stores the picture and the text of a page.
func (s *Service) keepPage(ctx context.Context, a Asset, p Page, dir string) (size int64, err error) {
	made, err := s.encoder.Page(ctx, p.Picture, dir)
	if err != nil {
		return 0, err
	}
	defer os.Remove(made.Path)
	if _, err := s.objects.WriteFile(ctx, madeKey(a.SHA256, pageFile(p.Number, ".webp")), made.Type, made.Path); err != nil {
		return 0, err
	}
	err = s.objects.Write(ctx, madeKey(a.SHA256, pageFile(p.Number, ".txt")), pageTypes[".txt"], []byte(p.Text))
	return made.Bytes + int64(len(p.Text)), err
}

// pageText is a page's text line by line, in canonical form, with a line's end
// after each and one at least: no object is empty. Lines in an old font, whose
// letters are others in Unicode, are left out.
func pageText(s string) string {
	var b strings.Builder
	for line := range strings.FieldsFuncSeq(s, func(r rune) bool { return r == '\r' || r == '\n' }) {
		if line, err := vietnamese.Clean(line); err == nil && line != "" {
			b.WriteString(line + "\n")
		}
	}
	if b.Len() == 0 {
		return "\n"
	}
	return b.String()
}
