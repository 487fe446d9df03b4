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

// Words is what is said in an asset's recording or stands in its document, for
// another package, which asks its own questions; nothing of other files.
func (s *Service) Words(ctx context.Context, a Asset) (string, error) {
	switch {
	case a.Captions > 0:
		c, err := s.store.Captions(ctx, a.ID, Vietnamese)
		if err != nil {
			return "", err
		}
		return spoken(c.Cues), nil
	case a.Paged():
		return s.written(ctx, a)
	}
	return "", nil
}

// spoken is the text of cues, without their marks.
func spoken(cues []Cue) string {
	var b strings.Builder
	for _, c := range cues {
		if b.Len() > maxWords {
			break
		}
		b.WriteString(plain(c.Text) + "\n")
	}
	return b.String()
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
