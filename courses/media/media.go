// Package media is files that lessons show: resumable uploads, probing, and
// reading by those who may. Bytes are addressed by their SHA-256 and written
// once; no browser ever reaches the object store.
package media

import (
	"bytes"
	"haidang/courses"
	"haidang/courses/vietnamese"
	"path"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Kind says how a file is shown.
type Kind string

// The kinds of files.
const (
	Video    Kind = "video"
	Audio    Kind = "audio"
	Document Kind = "document"
	Image    Kind = "image"
	Office   Kind = "office"  // a document to be imported; nobody is shown it
	Package  Kind = "package" // a whole course to be imported; nobody is shown it
)

// Shown says that files of the kind are for lessons: they are looked into.
func (k Kind) Shown() bool { return k != Office && k != Package }

// State of an asset.
type State string

// The states of an asset.
const (
	Uploaded State = "uploaded" // all bytes are here, not looked into yet
	Ready    State = "ready"
	Failed   State = "failed"
)

// Facts are what probing finds.
type Facts struct {
	DurationMs    int64
	Width, Height int
	Pages         int
	Silent        bool // a film without sound
}

// Asset is a file that lessons show.
type Asset struct {
	ID        courses.AssetID
	Owner     courses.UnitID
	Shared    []courses.UnitID // read it, too: a course of theirs shows it
	Name      string           // as the author called it
	Kind      Kind
	Type      string // media type, found by content
	Bytes     int64
	SHA256    string // hex, once probed
	State     State
	Problem   string // code of the refusal when it or its transcoding failed
	Published bool   // part of a published version: every learner may read it
	Facts     Facts
	Poster    bool
	Made      []Rendition // smaller forms, and pages, in the order in which they were made
	Transcode TranscodeState
	Progress  int    // percent of the transcoding
	Captions  int    // revision of its captions, 0 without any
	Staging   string // key of the uploaded object until probed
	CreatedAt time.Time
	CreatedBy courses.PersonID
}

func (a Asset) object() courses.Object {
	return courses.Object{Unit: a.Owner, CoOwners: a.Shared}
}

// TranscodeState says how far the making of a recording's renditions, or of a
// document's pages, is.
type TranscodeState string

// The states of transcoding; pictures and what is imported have none.
const (
	Waiting  TranscodeState = "waiting"
	Running  TranscodeState = "running"
	Complete TranscodeState = "ready"
	Broken   TranscodeState = "failed"
)

// Transcoding is what a worker tells of a recording or a document.
type Transcoding struct {
	State   TranscodeState
	Percent int
	Problem string // code of the refusal when broken
}

// MaxPixels is how large a picture may be; decoding takes 4 bytes for each.
const MaxPixels = 100_000_000

// MaxSide is how many pixels a side of a picture may have: encoders end there.
const MaxSide = 16_000

// Part is a part of an upload that is in the object store.
type Part struct {
	Number int
	SHA256 string // hex
	ETag   string
	Bytes  int64
}

// Upload is a file on its way.
type Upload struct {
	ID        courses.UploadID
	Person    courses.PersonID
	Owner     courses.UnitID
	Name      string
	Kind      Kind
	Type      string
	Bytes     int64
	Multipart string // the object store's name for it
	Parts     []Part // by number
	Asset     courses.AssetID
	CreatedAt time.Time
	TouchedAt time.Time
}

// PartBytes is the size of every part but the last.
const PartBytes = 8 << 20

// PartCount is how many parts the upload has.
func (u Upload) PartCount() int { return int((u.Bytes + PartBytes - 1) / PartBytes) }

// PartSize is how many bytes part n has, or 0 if there is no such part.
func (u Upload) PartSize(n int) int64 {
	if n < 1 || n > u.PartCount() {
		return 0
	}
	return min(PartBytes, u.Bytes-int64(n-1)*PartBytes)
}

func (u Upload) key() string { return "u/" + string(u.ID) }

// Refusals of media.
var (
	ErrNoUpload    = courses.Refusal(courses.NotFound, "media.no_such_upload", "there is no such upload of this person")
	ErrNoAsset     = courses.Refusal(courses.NotFound, "media.no_such_asset", "there is no such file for this actor")
	ErrName        = courses.Refusal(courses.Invalid, "media.bad_name", "a file name has no path in it and ends in its type")
	ErrType        = courses.Refusal(courses.Unsupported, "media.type_not_taken", "only MP4, WebM, MP3, M4A, OGG, PDF, DOCX, PPTX, PNG, JPEG, WebP and packages of courses (.zip) are taken")
	ErrOldOffice   = courses.Refusal(courses.Unsupported, "media.old_office", "save the document as .docx or .pptx first")
	ErrSize        = courses.Refusal(courses.TooLarge, "media.too_large", "videos and packages have at most 2 GiB, audio and documents 200 MiB, pictures 40 MiB")
	ErrStorageFull = courses.Refusal(courses.TooLarge, "media.storage_full", "the organisation has used up its storage")
	ErrTooMany     = courses.Refusal(courses.Throttled, "media.too_many_uploads", "finish or leave other uploads first")
	ErrPartNumber  = courses.Refusal(courses.Invalid, "media.no_such_part", "the upload has no part of this number")
	ErrPartSize    = courses.Refusal(courses.Invalid, "media.part_size", "the part has another length than it should have")
	ErrPartHash    = courses.Refusal(courses.Invalid, "media.part_hash", "the part's bytes do not have the SHA-256 that was announced")
	ErrContent     = courses.Refusal(courses.Unsupported, "media.wrong_content", "the file's content is not what its name says")
	ErrCodec       = courses.Refusal(courses.Unsupported, "media.codec", "browsers cannot play this; save it as H.264 with AAC")
	ErrConvert     = courses.Refusal(courses.Unsupported, "media.conversion_failed", "LibreOffice cannot read the document; save it as .docx or .pptx")
	ErrLength      = courses.Refusal(courses.Unsupported, "media.no_length", "the recording does not say how long it is")
	ErrPixels      = courses.Refusal(courses.Unsupported, "media.too_many_pixels", "pictures have at most 100 megapixels and 16,000 pixels a side")
	ErrTranscode   = courses.Refusal(courses.Unsupported, "media.transcode_failed", "the recording plays, but no smaller forms can be made of it")
	ErrLocked      = courses.Refusal(courses.Unsupported, "media.locked", "the document has a password; save it without one")
	ErrPages       = courses.Refusal(courses.Unsupported, "media.pages_failed", "the document can be downloaded, but not all of its pages can be drawn")
	ErrManyPages   = courses.Refusal(courses.Unsupported, "media.too_many_pages", "the document can be downloaded, but a lesson shows at most 2,000 pages")
	ErrNotFailed   = courses.Refusal(courses.Conflict, "media.not_failed", "only what failed can be tried again")
	ErrParts       = courses.Refusal(courses.Conflict, "media.parts_missing", "not all parts are here")
	ErrNotReady    = courses.Refusal(courses.Conflict, "media.not_ready", "the file is still being looked into")
	ErrRange       = courses.Refusal(courses.Invalid, "media.bad_range", "the file has no such bytes")
)

// format is one type of file that is taken.
type format struct {
	kind  Kind
	media string
	signs []sign
}

// sign is a run of bytes that a file of the type has near its start.
type sign struct {
	at    int
	bytes string
}

// officeSigns are those of a zip and, so that it is refused in words, of what has
// a password.
var officeSigns = []sign{{0, "PK\x03\x04"}, {0, "\xd0\xcf\x11\xe0"}}

// old are the formats of office programs before 2007.
var old = map[string]bool{".doc": true, ".ppt": true, ".odt": true, ".odp": true, ".rtf": true}

var formats = map[string]format{
	".mp4":  {Video, "video/mp4", []sign{{4, "ftyp"}}},
	".m4v":  {Video, "video/mp4", []sign{{4, "ftyp"}}},
	".webm": {Video, "video/webm", []sign{{0, "\x1a\x45\xdf\xa3"}}},
	".mp3":  {Audio, "audio/mpeg", []sign{{0, "ID3"}, {0, "\xff\xfb"}, {0, "\xff\xf3"}, {0, "\xff\xf2"}}},
	".m4a":  {Audio, "audio/mp4", []sign{{4, "ftyp"}}},
	".ogg":  {Audio, "audio/ogg", []sign{{0, "OggS"}}},
	".pdf":  {Document, "application/pdf", []sign{{0, "%PDF-"}}},
	".docx": {Office, "application/vnd.openxmlformats-officedocument.wordprocessingml.document", officeSigns},
	".pptx": {Office, "application/vnd.openxmlformats-officedocument.presentationml.presentation", officeSigns},
	".zip":  {Package, "application/zip", []sign{{0, "PK\x03\x04"}}},
	".png":  {Image, "image/png", []sign{{0, "\x89PNG\r\n\x1a\n"}}},
	".jpg":  {Image, "image/jpeg", []sign{{0, "\xff\xd8\xff"}}},
	".jpeg": {Image, "image/jpeg", []sign{{0, "\xff\xd8\xff"}}},
	".webp": {Image, "image/webp", []sign{{8, "WEBP"}}},
}

const (
	maxVideo   = 2 << 30
	maxPackage = 2 << 30
	maxOther   = 200 << 20
	maxImage   = 40 << 20
)

// most is how many bytes a file of the kind may have.
func (k Kind) most() int64 {
	switch k {
	case Video:
		return maxVideo
	case Package:
		return maxPackage
	case Image:
		return maxImage
	}
	return maxOther
}

// TypeOf is what a file of that name would be kept as. It refuses with ErrName,
// ErrType and ErrSize.
func TypeOf(name string, size int64) (Kind, string, error) {
	cleaned, err := cleanName(name)
	if err != nil {
		return "", "", err
	}
	if cleaned != name {
		return "", "", ErrName
	}
	f, err := formatOf(name, size)
	return f.kind, f.media, err
}

// formatOf reads the type off a cleaned name, and refuses with ErrName, ErrType
// or ErrSize before the first byte comes.
func formatOf(name string, size int64) (format, error) {
	f, found := formats[strings.ToLower(path.Ext(name))]
	switch {
	case old[strings.ToLower(path.Ext(name))]:
		return f, ErrOldOffice
	case !found:
		return f, ErrType
	case size < 1 || size > f.kind.most():
		return f, ErrSize
	}
	return f, nil
}

// cleanName is the file's name in canonical form, or ErrName.
func cleanName(name string) (string, error) {
	name, err := vietnamese.Clean(name)
	if err != nil {
		return "", err
	}
	if name == "" || utf8.RuneCountInString(name) > 200 || strings.HasPrefix(name, ".") ||
		strings.ContainsAny(name, `/\`) || strings.ContainsFunc(name, unicode.IsControl) {
		return "", ErrName
	}
	return name, nil
}

// begins says that data starts as a file of the format does.
func (f format) begins(data []byte) bool {
	for _, s := range f.signs {
		if len(data) >= s.at+len(s.bytes) && bytes.HasPrefix(data[s.at:], []byte(s.bytes)) {
			return true
		}
	}
	return false
}
