package exchange

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
)

// Limits of an archive. Office programs pack XML about ten times smaller; the
// ratio is only held against parts that are worth packing.
const (
	mostEntries   = 5_000
	mostUnpacked  = 512 << 20
	mostRatio     = 100
	ratioFrom     = 1 << 20
	mostPartBytes = 20 << 20
)

// source is the file as given. It remembers a failure that is not the file's:
// that one is a fault and no refusal.
type source struct {
	io.ReaderAt
	size  int64
	fault error
}

func (s *source) ReadAt(p []byte, off int64) (int, error) {
	if off < 0 || off >= s.size { // a hostile file asks for it; a store need not be asked
		return 0, io.EOF
	}
	n, err := s.ReaderAt.ReadAt(p, off)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		s.fault = err
	}
	return n, err
}

// damaged is what to answer when the file could not be read on.
func (s *source) damaged() error {
	if s.fault != nil {
		return fmt.Errorf("read a document: %w", s.fault)
	}
	return ErrCorrupt
}

// head gives the first bytes of the file.
func (s *source) head() ([]byte, error) {
	head := make([]byte, min(s.size, 1024))
	if n, err := s.ReadAt(head, 0); n < len(head) && err != nil {
		return nil, s.damaged()
	}
	return head, nil
}

// archive reads the parts of an office document that are asked for. Nothing
// else is unpacked, and nothing is written anywhere.
type archive struct {
	source   *source
	parts    map[string]*zip.File // by lower-case name: part names are compared so
	unpacked int64                // bytes so far
	most     int64                // bytes that it may unpack to
}

// oldHead begins every OLE compound file: a document before 2007, or one with a
// password.
var oldHead = []byte{0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1}

// openArchive opens an archive that may unpack to so many bytes. It refuses with
// ErrOld, wrong, ErrCorrupt, ErrNames and ErrUnpacked.
func openArchive(r io.ReaderAt, size, most int64, wrong error) (*archive, error) {
	src := &source{ReaderAt: r, size: size}
	head, err := src.head()
	switch {
	case err != nil:
		return nil, err
	case bytes.HasPrefix(head, oldHead):
		return nil, ErrOld
	case !bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return nil, wrong
	}
	z, err := zip.NewReader(src, size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return nil, src.damaged()
	}
	if len(z.File) > mostEntries {
		return nil, ErrUnpacked
	}
	a := &archive{source: src, parts: map[string]*zip.File{}, most: most}
	return a, a.index(z.File)
}

// index checks all names and the sizes that the archive declares.
func (a *archive) index(files []*zip.File) error {
	var total uint64
	for _, f := range files {
		name := strings.ToLower(f.Name)
		if !safeName(name) || a.parts[name] != nil {
			return ErrNames
		}
		a.parts[name] = f
		if total += min(f.UncompressedSize64, uint64(a.most)+1); total > uint64(a.most) {
			return ErrUnpacked
		}
		if f.Flags&1 != 0 {
			return ErrOld
		}
	}
	return nil
}

// safeName says that a name stays inside the archive.
func safeName(name string) bool {
	inside := strings.TrimSuffix(name, "/")
	return inside != "" && path.Clean("/"+inside) == "/"+inside && !strings.ContainsAny(name, "\\\x00:")
}

// find gives the part of that name, or nil.
func (a *archive) find(name string) *zip.File { return a.parts[strings.ToLower(name)] }

// open reads a part with all limits; its reader refuses with ErrUnpacked and
// ErrCorrupt.
func (a *archive) open(f *zip.File, most int64) (io.ReadCloser, error) {
	rc, err := f.Open()
	if err != nil {
		return nil, a.source.damaged()
	}
	if packed := int64(f.CompressedSize64); packed < most/mostRatio {
		most = min(most, max(ratioFrom, packed*mostRatio))
	}
	return &partReader{ReadCloser: rc, archive: a, left: most}, nil
}

// again reads a part that was read to its end before: it counts no more towards
// what the archive may unpack to.
func (a *archive) again(f *zip.File, most int64) (io.ReadCloser, error) {
	return (&archive{source: a.source, most: a.most}).open(f, most)
}

// partReader counts what is unpacked, whatever the archive declares.
type partReader struct {
	io.ReadCloser
	archive *archive
	left    int64
}

func (p *partReader) Read(b []byte) (int, error) {
	n, err := p.ReadCloser.Read(b)
	p.left -= int64(n)
	p.archive.unpacked += int64(n)
	switch {
	case p.left < 0 || p.archive.unpacked > p.archive.most:
		return 0, ErrUnpacked
	case err != nil && !errors.Is(err, io.EOF):
		return 0, p.archive.source.damaged()
	}
	return n, err
}

// sniff reads a picture to its end, so that it is known to be whole, and gives
// its first bytes and its length.
func (a *archive) sniff(f *zip.File) (head []byte, size int64, err error) {
	rc, err := a.open(f, pictureBytes)
	if err != nil {
		return nil, 0, err
	}
	defer rc.Close()
	head = make([]byte, 16)
	n, err := io.ReadFull(rc, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, 0, err
	}
	rest, err := io.Copy(io.Discard, rc)
	return head[:n], int64(n) + rest, err
}

// relation is a link of one part to another.
type relation struct {
	kind     string // the last word of its type: "image", "hyperlink"
	target   string // a part, or an address if external
	external bool
}

// relations gives the links of a part by id; none if it has none. The links of
// the whole document are those of the part "".
func (a *archive) relations(part string) (map[string]relation, error) {
	dir, base := path.Split(part)
	f := a.find(dir + "_rels/" + base + ".rels")
	if f == nil {
		return nil, nil //nolint:nilnil // a part without links
	}
	links := map[string]relation{}
	err := a.each(f, "Relationships", func(n *node) error {
		r := relation{kind: path.Base(n.attr("Type")), target: n.attr("Target"), external: n.attr("TargetMode") == "External"}
		if !r.external {
			r.target = within(dir, r.target)
		}
		links[n.attr("Id")] = r
		return nil
	})
	return links, err
}

// within is the name of the part that a link in that folder names.
func within(dir, target string) string {
	if !strings.HasPrefix(target, "/") {
		target = "/" + dir + target
	}
	return strings.TrimPrefix(path.Clean(target), "/")
}

// linked gives the part that is linked as kind, or "". Of several it is always
// the same one.
func linked(links map[string]relation, kind string) string {
	part := ""
	for _, r := range links {
		if r.kind == kind && !r.external && (part == "" || r.target < part) {
			part = r.target
		}
	}
	return part
}

// elsewhere counts the links to things outside that would be fetched.
func (d drops) elsewhere(links map[string]relation) {
	for _, r := range links {
		if r.external && r.kind != "hyperlink" && r.kind != "image" {
			d.add(DropTemplate)
		}
	}
}

// mainPart finds the part that the document is, and says whether the document
// holds macros. It refuses with wrong if the part's type does not begin with
// one of kinds.
func (a *archive) mainPart(wrong error, kinds ...string) (part string, macros bool, err error) {
	links, err := a.relations("")
	if err != nil {
		return "", false, err
	}
	part = linked(links, "officeDocument")
	types := a.find("[Content_Types].xml")
	if types == nil || a.find(part) == nil {
		return "", false, wrong
	}
	fits := false
	err = a.each(types, "Types", func(n *node) error {
		kind := strings.ToLower(n.attr("ContentType"))
		macros = macros || strings.Contains(kind, "vbaproject") || strings.Contains(kind, "macroenabled")
		if strings.EqualFold(n.attr("PartName"), "/"+part) {
			for _, k := range kinds {
				fits = fits || strings.Contains(kind, k)
			}
		}
		return nil
	})
	if err == nil && !fits {
		err = wrong
	}
	for name := range a.parts {
		macros = macros || path.Base(name) == "vbaproject.bin"
	}
	return part, macros, err
}
