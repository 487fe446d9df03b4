package exchange

import (
	"archive/zip"
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"slices"
	"time"
)

const (
	manifestName = "course.json"
	mediaFolder  = "media/"
)

// packageTime stands at every entry: the same course gives the same bytes. No
// zip knows an earlier one.
var packageTime = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)

// PackageFile is a package that can be read as a zip.
type PackageFile struct {
	Code    string
	Bytes   int64 // of the whole zip
	entries []packageEntry
}

// packageEntry is a file of the zip: its content, or how to get at it.
type packageEntry struct {
	name string
	size int64
	open func(context.Context) (io.ReadCloser, error)
}

// NewPackageFile prepares a package for being read as a zip; the same package
// gives the same bytes. It refuses with ErrPackageSize.
func NewPackageFile(p Package) (*PackageFile, error) {
	manifest, err := p.manifest()
	if err != nil {
		return nil, err
	}
	f := &PackageFile{Code: p.Code, entries: []packageEntry{{manifestName, int64(len(manifest)), func(context.Context) (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader(manifest)), nil
	}}}}
	seen := map[string]bool{}
	for _, a := range p.Assets {
		if !seen[a.SHA256] {
			seen[a.SHA256] = true
			f.entries = append(f.entries, packageEntry{mediaFolder + a.SHA256, a.Bytes, func(ctx context.Context) (io.ReadCloser, error) { return p.Open(ctx, a) }})
		}
	}
	slices.SortFunc(f.entries, func(a, b packageEntry) int { return cmp.Compare(a.name, b.name) })
	if err := f.measure(); err != nil {
		return nil, err
	}
	if f.Bytes > mostPackage || len(manifest) > mostManifest || len(f.entries) > mostEntries {
		return nil, ErrPackageSize
	}
	return f, nil
}

// measure finds how long the zip is: that of the same entries without content,
// and their contents, for nothing is compressed.
func (f *PackageFile) measure() error {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	sum := int64(0)
	for _, e := range f.entries {
		if _, err := z.CreateHeader(e.header()); err != nil {
			return err
		}
		sum += e.size
	}
	err := z.Close()
	f.Bytes = sum + int64(b.Len())
	return err
}

func (e packageEntry) header() *zip.FileHeader {
	return &zip.FileHeader{Name: e.name, Method: zip.Store, Modified: packageTime}
}

// Open reads the zip. It is made while it is read, a chunk at a time, so that no
// film is ever in memory; one that changed meanwhile ends in an error.
func (f *PackageFile) Open(ctx context.Context) io.ReadCloser {
	r := &packageReader{ctx: ctx, left: f.entries, chunk: make([]byte, 64<<10)}
	r.zip = zip.NewWriter(&r.made)
	return r
}

// packageReader is a zip that is made as it is read.
type packageReader struct {
	ctx     context.Context // of the one reading
	left    []packageEntry
	zip     *zip.Writer
	made    bytes.Buffer // not read yet
	entry   io.Writer    // where the content goes that is read now
	content io.ReadCloser
	chunk   []byte
	ended   bool
}

func (r *packageReader) Read(p []byte) (int, error) {
	for r.made.Len() == 0 {
		if r.ended {
			return 0, io.EOF
		}
		if err := r.step(); err != nil {
			return 0, err
		}
	}
	return r.made.Read(p)
}

// step makes a little more of the zip.
func (r *packageReader) step() error {
	if r.content == nil {
		return r.next()
	}
	n, err := r.content.Read(r.chunk)
	if _, err := r.entry.Write(r.chunk[:n]); err != nil {
		return err
	}
	if errors.Is(err, io.EOF) {
		err = r.content.Close()
		r.content = nil
	}
	return err
}

// next begins the next entry, or ends the zip.
func (r *packageReader) next() (err error) {
	if len(r.left) == 0 {
		r.ended = true
		return r.zip.Close()
	}
	e := r.left[0]
	r.left = r.left[1:]
	if r.entry, err = r.zip.CreateHeader(e.header()); err != nil {
		return err
	}
	r.content, err = e.open(r.ctx)
	return err
}

// Close lets go of what is being read.
func (r *packageReader) Close() error {
	if r.content == nil {
		return nil
	}
	return r.content.Close()
}

// sealedReader ends in an error unless what was read has its size and SHA-256.
type sealedReader struct {
	io.ReadCloser
	left  int64
	sum   hash.Hash
	want  string
	wrong error
}

func sealed(r io.ReadCloser, a PackagedAsset, wrong error) io.ReadCloser {
	return &sealedReader{ReadCloser: r, left: a.Bytes, sum: sha256.New(), want: a.SHA256, wrong: wrong}
}

func (s *sealedReader) Read(p []byte) (int, error) {
	n, err := s.ReadCloser.Read(p)
	s.sum.Write(p[:n])
	s.left -= int64(n)
	if s.left < 0 || errors.Is(err, io.EOF) && (s.left > 0 || hex.EncodeToString(s.sum.Sum(nil)) != s.want) {
		return 0, s.wrong
	}
	return n, err
}
