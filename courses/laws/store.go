package laws

import (
	"context"
	"haidang/courses"
)

// Store keeps the registry.
type Store interface {
	// Documents is the whole registry, in no order: it grows with the law, not
	// with people or courses.
	Documents(ctx context.Context) ([]Document, error)
	// Revisions is the revision of every document: a small answer, so that the
	// registry is read whole only when something changed.
	Revisions(ctx context.Context) (map[courses.DocumentID]int, error)
	// Insert refuses with ErrTaken when a document has the same Key.
	Insert(ctx context.Context, d Document) error
	// Replace refuses with courses.ErrConflict when the document is no longer of
	// revision was, and with ErrTaken.
	Replace(ctx context.Context, d Document, was int) error
}
