package media

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"haidang/courses"
	"io"
	"os"
	"path/filepath"
)

// PictureWidths are the widths in pixels of a picture's smaller forms; it has
// those that are narrower than itself.
var PictureWidths = []int{480, 960, 1600}

// Probe looks into an uploaded file, makes its poster and moves it to its place
// by content. It may run again after any failure; a file that it refuses becomes
// a failed asset with the refusal's code.
func (s *Service) Probe(ctx context.Context, id courses.AssetID) error {
	return s.inspect(ctx, id, s.look)
}

// inspect has work done on an uploaded file and keeps the asset that comes of it.
// What work refuses becomes a failed asset with the refusal's code.
func (s *Service) inspect(ctx context.Context, id courses.AssetID, work func(ctx context.Context, a Asset, source, dir string) (Asset, error)) error {
	a, err := s.store.Asset(ctx, id)
	if err != nil || a.State != Uploaded {
		return err
	}
	var refusal *courses.Error
	a, err = s.worked(ctx, a, work)
	if errors.As(err, &refusal) && refusal.Kind == courses.Unsupported {
		a.State, a.Problem, a.SHA256 = Failed, refusal.Code, ""
	} else if err != nil {
		return err
	}
	if err := s.looked(ctx, a); err != nil {
		return err
	}
	return s.objects.Remove(ctx, a.Staging)
}

// worked is an asset after work was done on its file, which lies in a folder that goes
// with it.
func (s *Service) worked(ctx context.Context, a Asset, work func(ctx context.Context, a Asset, source, dir string) (Asset, error)) (Asset, error) {
	dir, done, err := scratch()
	if err != nil {
		return a, err
	}
	defer done()
	source := filepath.Join(dir, "source")
	if a.SHA256, err = s.fetch(ctx, a.Staging, a.Bytes, source); err != nil {
		return a, err
	}
	return work(ctx, a, source, dir)
}

// looked keeps what probing found and has renditions made of a recording, and
// pages of a document.
func (s *Service) looked(ctx context.Context, a Asset) error {
	if a.State == Ready && a.transcoded() {
		a.Transcode = Waiting
	}
	err := s.atomic(ctx, func(ctx context.Context) error {
		saved, err := s.store.SaveAsset(ctx, a)
		if err != nil || !saved || a.Transcode == "" {
			return err
		}
		return s.queue.Enqueue(ctx, a.job(), a.ID)
	})
	s.queue.Wake()
	return err
}

// look finds an asset's facts and puts its objects in their places.
func (s *Service) look(ctx context.Context, a Asset, source, dir string) (Asset, error) {
	var facts Facts
	var poster []byte
	var err error
	switch {
	case a.Kind == Document:
		facts, err = s.pager.Look(ctx, source)
	case a.Kind.Shown(): // what is imported is looked into then
		facts, poster, err = s.prober.Probe(ctx, source, a.Kind)
	}
	if err != nil {
		return a, err
	}
	a.Facts, a.Poster = facts, poster != nil
	if a.Kind == Image {
		if a, err = s.shrink(ctx, a, source, dir); err != nil {
			return a, err
		}
	}
	if err := s.place(ctx, a, poster); err != nil {
		return a, err
	}
	a.State = Ready
	return a, nil
}

// shrink makes and stores a picture's smaller forms.
func (s *Service) shrink(ctx context.Context, a Asset, source, dir string) (Asset, error) {
	made, err := s.encoder.Pictures(ctx, source, a.Type, dir)
	if err != nil {
		return a, err
	}
	a.Made = make([]Rendition, len(made))
	for i, m := range made {
		a.Made[i] = m.Rendition
		if _, err := s.objects.WriteFile(ctx, madeKey(a.SHA256, m.File), m.Type, m.Path); err != nil {
			return a, err
		}
	}
	// A photograph may lie on its side in its file; its forms stand upright.
	if last := made[len(made)-1]; (last.Width > last.Height) != (a.Facts.Width > a.Facts.Height) {
		a.Facts.Width, a.Facts.Height = a.Facts.Height, a.Facts.Width
	}
	return a, nil
}

// fetch copies an object into a file and hashes it.
func (s *Service) fetch(ctx context.Context, key string, size int64, file string) (sum string, err error) {
	body, err := s.objects.Read(ctx, key, 0, size)
	if err != nil {
		return "", err
	}
	defer body.Close()
	f, err := os.Create(file)
	if err != nil {
		return "", fmt.Errorf("make a temporary file: %w", err)
	}
	hash := sha256.New()
	n, err := io.Copy(io.MultiWriter(f, hash), body)
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err == nil && n != size {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		return "", fmt.Errorf("copy %s: %w", key, err)
	}
	return hex.EncodeToString(hash.Sum(nil)), nil
}

// place writes the source and the poster of an asset, each once: what is there
// by its hash is the same already.
func (s *Service) place(ctx context.Context, a Asset, poster []byte) error {
	size, found, err := s.objects.Size(ctx, sourceKey(a.SHA256))
	if err != nil {
		return err
	}
	if !found || size != a.Bytes {
		if err := s.objects.Copy(ctx, a.Staging, sourceKey(a.SHA256)); err != nil {
			return err
		}
		if size, _, err = s.objects.Size(ctx, sourceKey(a.SHA256)); err != nil {
			return err
		}
		if size != a.Bytes {
			return fmt.Errorf("copy of %s has %d bytes: %w", a.Staging, size, io.ErrShortWrite)
		}
	}
	if poster == nil {
		return nil
	}
	if _, found, err = s.objects.Size(ctx, posterKey(a.SHA256)); err != nil || found {
		return err
	}
	return s.objects.Write(ctx, posterKey(a.SHA256), "image/jpeg", poster)
}
