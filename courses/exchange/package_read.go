package exchange

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"haidang/courses"
	"haidang/courses/media"
	"io"
	"slices"
	"strings"
	"unicode/utf8"
)

// ReadPackage opens a package and checks all of it: its names and sizes, the form
// of course.json, its questions, and that there is every file that content and
// questions show and no other, each with the bytes that were announced. What the
// content says is the catalogue's to check. The package can be opened as long as r
// can be read. It refuses with ErrNotPackage, ErrPackageVersion, ErrPackageForm,
// ErrPackageMedia, ErrCorrupt, ErrNames, ErrUnpacked, and as
// assessment.Item.Clean and media.TypeOf do; nothing is written anywhere, and no
// file is ever in memory.
func ReadPackage(ctx context.Context, r io.ReaderAt, size int64) (Package, error) {
	a, err := openArchive(r, size, mostPackage, ErrNotPackage)
	if errors.Is(err, ErrOld) {
		err = ErrNotPackage
	}
	if err != nil {
		return Package{}, err
	}
	doc, err := a.manifest()
	if err != nil {
		return Package{}, err
	}
	p := doc.domain()
	if err := p.checkQuestions(); err != nil {
		return Package{}, err
	}
	p.Open = func(_ context.Context, asset PackagedAsset) (io.ReadCloser, error) { return a.media(asset) }
	if err := p.wholeIn(a); err != nil {
		return Package{}, err
	}
	return p, a.verify(ctx, p)
}

// manifest reads course.json.
func (a *archive) manifest() (packageDoc, error) {
	var doc packageDoc
	f := a.parts[manifestName]
	if f == nil || f.Name != manifestName {
		return doc, ErrNotPackage
	}
	if f.UncompressedSize64 > mostManifest {
		return doc, ErrUnpacked
	}
	rc, err := a.open(f, mostManifest)
	if err != nil {
		return doc, err
	}
	defer rc.Close()
	text, err := io.ReadAll(rc)
	if err != nil {
		return doc, err
	}
	return readManifest(text)
}

// readManifest reads the text of course.json. Its version is looked at first: a
// later one has fields that this one does not know.
func readManifest(text []byte) (doc packageDoc, err error) {
	var head struct {
		Format  string `json:"format"`
		Version int    `json:"version"`
	}
	if err := json.Unmarshal(text, &head); err != nil || head.Format != packageFormat || !utf8.Valid(text) {
		return doc, ErrNotPackage
	}
	if head.Version < 1 || head.Version > packageVersion {
		return doc, ErrPackageVersion.With(courses.Field{Path: "version", Code: fmt.Sprint(head.Version)})
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&doc); err != nil {
		return doc, ErrPackageForm.With(fieldOf(err))
	}
	if list := faults(doc); len(list) > 0 {
		return doc, ErrPackageForm.With(list...)
	}
	return doc, nil
}

// fieldOf says where JSON is not of the form.
func fieldOf(err error) courses.Field {
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) {
		return courses.Field{Path: wrong.Field, Code: "type"}
	}
	if name, found := strings.CutPrefix(err.Error(), "json: unknown field "); found {
		return courses.Field{Path: strings.Trim(name, `"`), Code: "unknown"}
	}
	return courses.Field{Path: manifestName, Code: "json"}
}

// shown is the files that content and questions show, each once.
func (p Package) shown() []courses.AssetID {
	ids := p.Content.Assets()
	for _, x := range p.Questions {
		if id := x.Question.Picture.Asset; id != "" && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}

// wholeIn holds that content, questions, assets and the archive name the same files.
func (p Package) wholeIn(a *archive) error {
	shown := map[courses.AssetID]bool{}
	for _, id := range p.shown() {
		shown[id] = true
	}
	wanted := map[string]bool{manifestName: true}
	for i, asset := range p.Assets {
		path := fmt.Sprintf("assets[%d]", i)
		switch {
		case asset.ID == "":
			return badMedia(path, "unnamed")
		case !shown[asset.ID]: // not shown anywhere, or here twice
			return badMedia(path, "extra")
		}
		delete(shown, asset.ID)
		if err := asset.in(a, path); err != nil {
			return err
		}
		wanted[mediaFolder+asset.SHA256] = true
	}
	for _, id := range p.shown() { // the first of them, always the same
		if shown[id] {
			return badMedia(string(id), "missing")
		}
	}
	if err := p.pictured(); err != nil {
		return err
	}
	for _, f := range a.parts {
		if !wanted[f.Name] || !f.Mode().IsRegular() {
			return badMedia(f.Name, "extra")
		}
	}
	return nil
}

// in holds that the archive has the asset's file, and that it would be kept as
// what it is called.
func (asset PackagedAsset) in(a *archive, path string) error {
	if asset.Bytes == 0 {
		return badMedia(path, "size")
	}
	kind, mediaType, err := media.TypeOf(asset.Name, asset.Bytes)
	if err != nil {
		return err
	}
	if kind != asset.Kind || mediaType != asset.Type || !kind.Shown() {
		return badMedia(path, "kind")
	}
	if _, err := media.CheckedCues(kind, asset.Captions); err != nil {
		return err
	}
	f := a.parts[mediaFolder+asset.SHA256]
	switch {
	case f == nil:
		return badMedia(path, "missing")
	case f.UncompressedSize64 != uint64(asset.Bytes):
		return badMedia(path, "size")
	}
	return nil
}

// media reads an asset's file and ends in a refusal unless it is the one that was
// announced.
func (a *archive) media(asset PackagedAsset) (io.ReadCloser, error) {
	f := a.parts[mediaFolder+asset.SHA256]
	if f == nil {
		return nil, badMedia(mediaFolder+asset.SHA256, "missing")
	}
	rc, err := a.again(f, asset.Bytes)
	if err != nil {
		return nil, err
	}
	return sealed(rc, asset, badMedia(f.Name, "hash")), nil
}

// verify reads every file once, so that nothing is kept of a package that turns
// out to be wrong at its end.
func (a *archive) verify(ctx context.Context, p Package) error {
	seen := map[*zip.File]bool{}
	for _, asset := range p.Assets {
		f := a.parts[mediaFolder+asset.SHA256]
		if seen[f] {
			continue
		}
		seen[f] = true
		if err := ctx.Err(); err != nil {
			return err
		}
		r, err := a.media(asset)
		if err != nil {
			return err
		}
		_, err = io.Copy(io.Discard, r)
		r.Close()
		if err != nil {
			return err
		}
	}
	return nil
}
