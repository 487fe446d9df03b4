package media

// Piece is a file of an asset that a device keeps to show it without a network.
type Piece struct {
	File      string // as Open takes it; of pages, what their names begin with
	Bytes     int64  // of pages, all of them together; 0 when it is small and not known
	Rendition string // of a recording: one of these is kept
	Pages     int    // how many pages of a document
}

// offlineWidth is how wide a picture is kept: it fills a phone.
const offlineWidth = 960 // pixels

// Pieces lists what shows an asset without a network. Of a picture it is one form,
// of a recording each rendition, or the source while there is none.
func (a Asset) Pieces() []Piece {
	if a.State != Ready {
		return nil
	}
	var list []Piece
	for _, r := range a.Made {
		switch {
		case r.recording():
			list = append(list, Piece{File: r.File, Bytes: r.Bytes, Rendition: r.Name})
		case r.Name == pages:
			list = append(list, Piece{File: "p", Bytes: r.Bytes, Pages: a.Facts.Pages})
		}
	}
	recorded := len(a.Recordings()) > 0
	switch form, found := a.offlineForm(); {
	case found:
		list = append(list, Piece{File: form.File, Bytes: form.Bytes})
	case !recorded && a.Kind != Image:
		list = append(list, Piece{File: "source", Bytes: a.Bytes})
	}
	if a.Poster {
		list = append(list, Piece{File: "poster.jpg"})
	}
	if a.Captions > 0 {
		list = append(list, Piece{File: captionsFile})
	}
	return list
}

// offlineForm is the narrowest form of a picture that fills a phone, else its widest.
func (a Asset) offlineForm() (form Rendition, found bool) {
	if a.Kind != Image || len(a.Made) == 0 {
		return form, false
	}
	for _, form = range a.Made {
		if form.Width >= offlineWidth {
			break
		}
	}
	return form, true
}
