package media

import (
	"context"
	"haidang/courses"
	"io"
	"time"
)

// Store keeps uploads and assets.
type Store interface {
	// InsertUpload adds an upload.
	InsertUpload(ctx context.Context, u Upload) error
	// Upload refuses with ErrNoUpload.
	Upload(ctx context.Context, id courses.UploadID) (Upload, error)
	// OpenUploads counts a person's uploads that are not complete.
	OpenUploads(ctx context.Context, person courses.PersonID) (int, error)
	// SavePart notes a part that is in the object store.
	SavePart(ctx context.Context, id courses.UploadID, p Part, now time.Time) error
	// Completed marks an upload complete with its asset.
	Completed(ctx context.Context, id courses.UploadID, asset courses.AssetID) error
	// Stale lists uploads that are not complete and were last touched before.
	Stale(ctx context.Context, before time.Time, limit int) ([]Upload, error)
	// RemoveUpload forgets an upload.
	RemoveUpload(ctx context.Context, id courses.UploadID) error

	// Usage is the files of an owner that did not fail, and the bytes of them, of
	// their renditions and of uploads under way.
	Usage(ctx context.Context, owner courses.UnitID) (Usage, error)
	// Cap is what an administrator set for an owner, the zero value if nobody did.
	Cap(ctx context.Context, owner courses.UnitID) (Cap, error)
	// SaveCap sets it.
	SaveCap(ctx context.Context, owner courses.UnitID, c Cap) error

	// InsertAsset adds an asset.
	InsertAsset(ctx context.Context, a Asset) error
	// Asset refuses with ErrNoAsset.
	Asset(ctx context.Context, id courses.AssetID) (Asset, error)
	// Assets is those of ids that exist, in any order.
	Assets(ctx context.Context, ids []courses.AssetID) ([]Asset, error)
	// SaveAsset writes what probing or converting found, if the asset still is uploaded, and
	// says whether it was.
	SaveAsset(ctx context.Context, a Asset) (saved bool, err error)
	// SaveTranscode writes how far transcoding is, if it is in one of the states;
	// it joins the transaction in ctx.
	SaveTranscode(ctx context.Context, id courses.AssetID, t Transcoding, from ...TranscodeState) error
	// AddRendition records a rendition that is in the object store, once for each
	// name.
	AddRendition(ctx context.Context, id courses.AssetID, r Rendition) error
	// SameContent is the renditions of all assets whose source has the SHA-256.
	SameContent(ctx context.Context, sha256 string) ([]Rendition, error)
	// Captions are an asset's in a language; revision 0 when there are none.
	Captions(ctx context.Context, id courses.AssetID, language string) (Captions, error)
	// SaveCaptions writes captions over those of the revision before, and notes on
	// the asset which revision it has, 0 without cues; it joins the transaction in
	// ctx. It refuses with courses.ErrConflict.
	SaveCaptions(ctx context.Context, c Captions) error
	// Captioned is the assets whose captions were saved at an instant or later, with
	// when they were.
	Captioned(ctx context.Context, since time.Time) (map[courses.AssetID]time.Time, error)
	// MarkPublished lets every learner read the assets.
	MarkPublished(ctx context.Context, ids []courses.AssetID) error
	// Share adds units to those that the assets are shared with, and takes others
	// away.
	Share(ctx context.Context, ids []courses.AssetID, with, without []courses.UnitID) error
}

// Objects is an object store that no browser reaches.
type Objects interface {
	// Begin starts a multipart upload of a key.
	Begin(ctx context.Context, key, contentType string) (multipart string, err error)
	// PutPart stores a part; the store checks its SHA-256 (hex).
	PutPart(ctx context.Context, key, multipart string, number int, data []byte, sha256 string) (etag string, err error)
	// Finish joins the parts and gives the object's size.
	Finish(ctx context.Context, key, multipart string, parts []Part) (bytes int64, err error)
	// Abandon forgets a multipart upload and its parts.
	Abandon(ctx context.Context, key, multipart string) error
	// Size is an object's size; found is false when there is none.
	Size(ctx context.Context, key string) (bytes int64, found bool, err error)
	// Read streams length bytes from offset.
	Read(ctx context.Context, key string, offset, length int64) (io.ReadCloser, error)
	// Write stores a small object.
	Write(ctx context.Context, key, contentType string, data []byte) error
	// WriteFile stores a file of any size, in parts that the store checks, and
	// gives the object's size, which is the file's.
	WriteFile(ctx context.Context, key, contentType, file string) (bytes int64, err error)
	// Copy makes an object of another inside the store.
	Copy(ctx context.Context, from, to string) error
	// Remove deletes an object, if it is there.
	Remove(ctx context.Context, key string) error
}

// Prober looks into a picture or a recording.
type Prober interface {
	// Probe tells what a file holds, or refuses with ErrContent, ErrCodec,
	// ErrLength or ErrPixels. Poster is a JPEG, nil if there is nothing to show.
	Probe(ctx context.Context, path string, kind Kind) (facts Facts, poster []byte, err error)
}

// Made is a rendition that lies in a file, not yet in the object store.
type Made struct {
	Rendition
	Path string
}

// Encoder makes renditions in a folder of the caller's.
type Encoder interface {
	// Pictures makes the smaller forms of a picture, smallest first, without its
	// metadata; the last one is the picture itself, at most 2560 pixels wide. It
	// refuses with ErrContent what cannot be decoded whole.
	Pictures(ctx context.Context, source, mediaType, dir string) ([]Made, error)
	// Recording makes the rendition of a name out of a film or a recording: MP4 in
	// fragments of six seconds with an index, or small pictures. It refuses with
	// ErrTranscode; told hears how many milliseconds are done.
	Recording(ctx context.Context, source, dir, name string, facts Facts, told func(ms int64)) (Made, error)
	// Page makes a WebP of a page's picture.
	Page(ctx context.Context, picture, dir string) (Made, error)
}

// Page is one page of a document.
type Page struct {
	Number  int    // from 1
	Picture string // path of a PPM, at most PageWidth × PageHeight pixels; gone with the next page
	Text    string // at most MaxPageText bytes, as it stands in the file
}

// Pager reads documents.
type Pager interface {
	// Look counts a document's pages and tells how large the first one is drawn. It
	// refuses with ErrContent or ErrLocked.
	Look(ctx context.Context, path string) (Facts, error)
	// Pages gives every page to keep, in order, with a picture from the numbered one
	// on. It works in a folder of the caller's, on one page at a time, and refuses
	// with ErrPages.
	Pages(ctx context.Context, path, dir string, from int, keep func(Page) error) error
}

// Converter makes documents of today out of old ones.
type Converter interface {
	// Convert writes the .docx or .pptx of a .doc or .ppt into a folder of the
	// caller's and gives its path. It refuses with ErrConvert what it cannot read,
	// or not within its bounds.
	Convert(ctx context.Context, source, dir string) (made string, err error)
}

// Viewers says who is shown a file by something else than a course.
type Viewers interface {
	// Sees says that a person is shown a file.
	Sees(ctx context.Context, person courses.PersonID, id courses.AssetID) (bool, error)
}

// Queue takes jobs; the jobs package implements it.
type Queue interface {
	Enqueue(ctx context.Context, kind string, payload any) error
	Wake()
}
