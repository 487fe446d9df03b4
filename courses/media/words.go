package media

import (
	"context"
	"haidang/courses"
	"io"
	"strings"
	"time"
)

// maxWords is how many bytes of one file's words are kept for the search, give or
// take a page.
const maxWords = 200_000

// wordsFile lies beside a document's pages; nobody is served it.
const wordsFile = "words.txt"

// Passage is what is said at one moment of a recording, or stands on a page.
type Passage struct {
	At   int64 // the moment in milliseconds, or the page from 1
	Text string
}

// Passages is what is said in an asset's recording or stands in its document, for
// another package, which asks its own questions; nothing of other files.
func (s *Service) Passages(ctx context.Context, a Asset) ([]Passage, error) {
	switch {
	case a.Captions > 0:
		c, err := s.store.Captions(ctx, a.ID, Vietnamese)
		if err != nil {
			return nil, err
		}
		return spoken(c.Cues), nil
	case a.Paged():
		words, err := s.written(ctx, a)
		return pagesOf(words), err
	}
	return nil, nil
}

// spoken is what cues say, without their marks.
func spoken(cues []Cue) []Passage {
	var list []Passage
	size := 0
	for _, c := range cues {
		text := strings.Join(strings.Fields(plain(c.Text)), " ")
		if size += len(text); size > maxWords {
			break
		}
		list = append(list, Passage{At: c.FromMs, Text: text})
	}
	return list
}

// pageEnd stands behind each page in a document's words.
const pageEnd = "\f"

// pagesOf is the pages of a document's words that have any.
func pagesOf(words string) []Passage {
	var list []Passage
	for i, page := range strings.Split(words, pageEnd) {
		if text := strings.Join(strings.Fields(page), " "); text != "" {
			list = append(list, Passage{At: int64(i + 1), Text: text})
		}
	}
	return list
}

// written is the text of a document's pages.
func (s *Service) written(ctx context.Context, a Asset) (string, error) {
	key := madeKey(a.SHA256, wordsFile)
	size, found, err := s.objects.Size(ctx, key)
	if err != nil || !found {
		return "", err
	}
	body, err := s.objects.Read(ctx, key, 0, size)
	if err != nil {
		return "", err
	}
	defer body.Close()
	b, err := io.ReadAll(body)
	return string(b), err
}

// Reworded is the assets whose captions were saved at an instant or later, with
// when they were.
func (s *Service) Reworded(ctx context.Context, since time.Time) (map[courses.AssetID]time.Time, error) {
	return s.store.Captioned(ctx, since)
}
