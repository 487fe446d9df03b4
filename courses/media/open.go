package media

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"haidang/courses"
	"io"
)

// File is something to be read: an asset's source, its poster or a rendition.
type File struct {
	Type  string
	Name  string // for whoever saves it
	ETag  string
	Bytes int64
	key   string
	text  []byte // what is no object
	Fresh bool   // it may change: whoever kept it has to ask again
}

const (
	masterFile   = "master.m3u8"
	captionsFile = "captions.vtt"
)

// Open finds a file of an asset that the actor may read: "source", "poster.jpg",
// a rendition such as "w480.jpg" or "480p.mp4", its playlist "480p.m3u8", the
// playlist of all, "master.m3u8", "thumbs.vtt", "captions.vtt", or of a document a
// page's picture or text, "p12.webp" and "p12.txt". Whoever a Viewer names reads it,
// too. The source of a picture is for those who see drafts: it may tell where and when it was taken.
func (s *Service) Open(ctx context.Context, actor courses.Actor, id courses.AssetID, file string) (File, error) {
	a, err := s.shown(ctx, actor, id)
	if err != nil {
		return File{}, err
	}
	f, err := s.open(ctx, actor, a, file)
	if !errors.Is(err, ErrNoAsset) || !s.forget(id) {
		return f, err
	}
	// It may have been made since the asset was kept here, by another server, too.
	if a, err = s.shown(ctx, actor, id); err != nil {
		return File{}, err
	}
	return s.open(ctx, actor, a, file)
}

func (s *Service) open(ctx context.Context, actor courses.Actor, a Asset, file string) (File, error) {
	switch {
	case a.State != Ready:
		return File{}, ErrNotReady
	case file == "source":
		var err error
		if a.Kind == Image {
			err = s.allow.Can(ctx, actor, courses.ReadDraft, a.object())
		}
		return File{Type: a.Type, Name: a.Name, ETag: a.SHA256, Bytes: a.Bytes, key: sourceKey(a.SHA256)}, err
	case file == "poster.jpg" && a.Poster:
		return s.small(ctx, a, file, "image/jpeg")
	case a.Kind == Document:
		return s.page(ctx, a, file)
	}
	if file == captionsFile && a.Captions > 0 {
		return s.captionsFile(ctx, a)
	}
	return s.rendition(ctx, a, file)
}

// shown is Asset, and also for those whom the Viewers name.
func (s *Service) shown(ctx context.Context, actor courses.Actor, id courses.AssetID) (Asset, error) {
	a, err := s.Asset(ctx, actor, id)
	if s.Viewers == nil || !errors.Is(err, courses.ErrForbidden) {
		return a, err
	}
	sees, asked := s.Viewers.Sees(ctx, actor.Person, id)
	switch {
	case asked != nil:
		return Asset{}, asked
	case !sees:
		return Asset{}, err
	}
	return s.store.Asset(ctx, id)
}

func (s *Service) rendition(ctx context.Context, a Asset, file string) (File, error) {
	r, found := a.called(file)
	switch {
	case file == masterFile && a.Transcode == Complete && len(a.Recordings()) > 0:
		text := master(a)
		return File{Type: typeOf(file), Name: file, ETag: a.SHA256 + "-" + file, Bytes: int64(len(text)), text: text}, nil
	case !found:
		return File{}, ErrNoAsset
	case file != r.File:
		return s.small(ctx, a, file, typeOf(file))
	}
	return File{Type: r.Type, Name: file, ETag: a.SHA256 + "-" + file, Bytes: r.Bytes, key: madeKey(a.SHA256, file)}, nil
}

func (s *Service) captionsFile(ctx context.Context, a Asset) (File, error) {
	c, err := s.store.Captions(ctx, a.ID, Vietnamese)
	if err != nil {
		return File{}, err
	}
	text := WriteVTT(c.Cues)
	return File{
		Type: typeOf(captionsFile), Name: captionsFile, ETag: fmt.Sprintf("%s-captions-%d", a.ID, c.Revision),
		Bytes: int64(len(text)), text: text, Fresh: true,
	}, nil
}

// small is a file whose size the asset does not say.
func (s *Service) small(ctx context.Context, a Asset, file, mediaType string) (File, error) {
	key := madeKey(a.SHA256, file)
	size, found, err := s.objects.Size(ctx, key)
	if err == nil && !found {
		err = ErrNoAsset
	}
	return File{Type: mediaType, Name: file, ETag: a.SHA256 + "-" + file, Bytes: size, key: key}, err
}

func madeKey(sha, file string) string { return "m/" + sha + "/" + file }
func sourceKey(sha string) string     { return madeKey(sha, "source") }
func posterKey(sha string) string     { return madeKey(sha, "poster.jpg") }

// Read streams length bytes of a file from offset; it has that many.
func (s *Service) Read(ctx context.Context, f File, offset, length int64) (io.ReadCloser, error) {
	if f.text != nil {
		return io.NopCloser(bytes.NewReader(f.text[offset : offset+length])), nil
	}
	return s.objects.Read(ctx, f.key, offset, length)
}
