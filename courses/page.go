package courses

// Page asks for one page of a list.
type Page struct {
	Limit int    // 1–1000; 0 means 25. The API lets 100 through
	After string // the Next of the page before; empty for the first
}

// Size is the limit within its bounds.
func (p Page) Size() int {
	switch {
	case p.Limit <= 0:
		return 25
	case p.Limit > 1000:
		return 1000
	}
	return p.Limit
}

// Slice is one page of a list.
type Slice[T any] struct {
	Items []T
	Next  string // empty on the last page
}
