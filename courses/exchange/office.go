package exchange

import (
	"bytes"
	"context"
	"haidang/courses"
	"haidang/courses/catalog"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Imported is what a document gives a course: lessons with blocks, and the
// pictures that the blocks show.
type Imported struct {
	Title    string           // empty if the document does not name itself
	Lessons  []catalog.Lesson // articles without ids, which the catalogue makes
	Pictures []ImportedPicture
	Dropped  []Drop // what was left out, sorted by code
}

// Drop says that something of the document was left out, and how often.
type Drop struct {
	Code  string // one of the Drop… constants
	Count int
}

// What imports leave out. The front end words the codes.
const (
	DropMacro       = "macro"            // programs; never read
	DropTextBox     = "text_box"         // text that floats over the page
	DropChart       = "chart"            // charts
	DropDiagram     = "diagram"          // SmartArt
	DropObject      = "embedded_object"  // OLE objects, films and sounds
	DropEquation    = "equation"         // formulas
	DropSymbol      = "symbol"           // signs of a picture font
	DropFootnote    = "footnote"         // footnotes and endnotes
	DropComment     = "comment"          // reviewers' comments
	DropDeleted     = "deleted_text"     // tracked deletions
	DropHidden      = "hidden_text"      // text set as hidden
	DropContents    = "contents"         // tables of contents
	DropColumns     = "table_columns"    // cells beyond the 20th column
	DropSlide       = "hidden_slide"     // slides that are not shown
	DropPictureType = "picture_type"     // pictures that are not PNG, JPEG or WebP
	DropPictureSize = "picture_size"     // pictures of more than 20 MiB
	DropPictures    = "picture_count"    // pictures after the 200th
	DropMissing     = "picture_missing"  // pictures that the file does not hold
	DropExternal    = "external_picture" // pictures elsewhere; nothing is fetched
	DropTemplate    = "external_part"    // templates and objects elsewhere; nothing is fetched
)

// Refusals of imports. What cannot be read at all is a fault only when the
// reader failed with something else than the end of the file.
var (
	ErrNotDOCX   = courses.Refusal(courses.Unsupported, "exchange.not_docx", "the file is not a Word document (.docx)")
	ErrNotPPTX   = courses.Refusal(courses.Unsupported, "exchange.not_pptx", "the file is not a PowerPoint presentation (.pptx)")
	ErrOld       = courses.Refusal(courses.Unsupported, "exchange.encrypted_or_old", "the file is in the format before 2007 or has a password; save it as .docx or .pptx without a password")
	ErrCorrupt   = courses.Refusal(courses.Invalid, "exchange.document_corrupt", "the file is damaged or not whole")
	ErrNames     = courses.Refusal(courses.Invalid, "exchange.unsafe_names", "the archive has names that no office program writes: paths upwards, absolute, with backslashes or twice")
	ErrUnsafeXML = courses.Refusal(courses.Invalid, "exchange.unsafe_xml", "a part of the document declares a DOCTYPE or nests deeper than 128 elements")
	ErrUnpacked  = courses.Refusal(courses.TooLarge, "exchange.unpacks_too_large", "unpacked, the document is larger than is taken")
	ErrLessons   = courses.Refusal(courses.TooLarge, "exchange.too_many_lessons", "the document would make more than 300 lessons; split it or use fewer headings of the first level")
	ErrBlocks    = courses.Refusal(courses.TooLarge, "exchange.too_long", "the document has more than 20,000 blocks or 1,000,000 characters; split it")
	ErrEmpty     = courses.Refusal(courses.Invalid, "exchange.document_empty", "the document holds no text, table or picture that can be taken over")
)

// Limits of what one document gives.
const (
	mostLessons  = 300
	mostBlocks   = 20_000
	mostText     = 1_000_000 // characters
	mostPictures = 200
	pictureBytes = 20 << 20
)

// ImportedPicture is a picture of a document. Until it is stored, blocks name it
// by its place in Imported.Pictures: "#0", "#1" and so on.
type ImportedPicture struct {
	Name  string // a file name, such as "image1.png"
	Type  string // image/png, image/jpeg or image/webp, by its content
	Bytes int64
	open  func() (io.ReadCloser, error)
}

// Open reads the picture from the document, which must still be readable. It
// may be called more than once; whoever calls it closes what it gives. Its
// content was whole at the import.
func (p ImportedPicture) Open() (io.ReadCloser, error) { return p.open() }

// PictureAsset is what stands for the picture of that index in the blocks.
func PictureAsset(index int) courses.AssetID {
	return courses.AssetID("#" + strconv.Itoa(index))
}

// drops counts what is left out.
type drops map[string]int

func (d drops) add(code string) { d[code]++ }

func (d drops) list() []Drop {
	var list []Drop
	for code, count := range d {
		list = append(list, Drop{code, count})
	}
	slices.SortFunc(list, func(a, b Drop) int { return strings.Compare(a.Code, b.Code) })
	return list
}

// album gathers the pictures of a document, each once.
type album struct {
	archive  *archive
	dropped  drops
	pictures []ImportedPicture
	known    map[string]int // index by part; -1 if the part is no picture that is taken
}

// block is the picture of that relation as a block.
func (a *album) block(ctx context.Context, r relation, alt string) (catalog.Block, bool, error) {
	if r.external {
		a.dropped.add(DropExternal)
		return catalog.Block{}, false, nil
	}
	index, known := a.known[r.target]
	if !known {
		code, err := a.take(ctx, r.target)
		if err != nil {
			return catalog.Block{}, false, err
		}
		index = len(a.pictures) - 1
		if code != "" {
			a.dropped.add(code)
			index = -1
		}
		a.known[r.target] = index
	}
	return catalog.Block{Type: catalog.Picture, Asset: PictureAsset(index), Alt: altOf(alt)}, index >= 0, nil
}

// fileName matches what Office itself writes for a description: the file, often
// with the folders of whoever wrote the document.
var fileName = regexp.MustCompile(`(?i)^(file:|[a-z]:[\\/]|\\\\)|^\S+\.(png|jpe?g|gif|bmp|tiff?|emf|wmf|webp|svg)$`)

// altOf is a description of a picture, if somebody wrote one.
func altOf(alt string) string {
	alt = strings.TrimSpace(alt)
	if fileName.MatchString(alt) {
		return ""
	}
	return alt
}

// take adds the part to the album, or says why not.
func (a *album) take(ctx context.Context, part string) (code string, err error) {
	if err := ctx.Err(); err != nil {
		return "", err
	}
	file := a.archive.find(part)
	switch {
	case file == nil:
		return DropMissing, nil
	case file.UncompressedSize64 > pictureBytes:
		return DropPictureSize, nil
	case len(a.pictures) == mostPictures:
		return DropPictures, nil
	}
	head, size, err := a.archive.sniff(file)
	if err != nil {
		return "", err
	}
	kind := pictureType(head)
	if kind == "" {
		return DropPictureType, nil
	}
	a.pictures = append(a.pictures, ImportedPicture{
		Name: part[strings.LastIndexByte(part, '/')+1:], Type: kind, Bytes: size,
		open: func() (io.ReadCloser, error) { return a.archive.again(file, pictureBytes) },
	})
	return "", nil
}

// pictureType says what kind of picture begins so; nothing if none that is taken.
func pictureType(head []byte) string {
	switch {
	case bytes.HasPrefix(head, []byte("\x89PNG\r\n\x1a\n")):
		return "image/png"
	case bytes.HasPrefix(head, []byte("\xff\xd8\xff")):
		return "image/jpeg"
	case len(head) >= 12 && string(head[:4]) == "RIFF" && string(head[8:12]) == "WEBP":
		return "image/webp"
	}
	return ""
}
