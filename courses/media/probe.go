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
)

// Probe looks into an uploaded file, makes its poster and moves it to its place
// by content. It may run again after any failure; a file that it refuses becomes
// a failed asset with the refusal's code.
func (s *Service) Probe(ctx context.Context, id courses.AssetID) error {
	a, err := s.store.Asset(ctx, id)
	if err != nil || a.State != Uploaded {
		return err
	}
	file, sum, err := s.fetch(ctx, a)
	if err != nil {
		return err
	}
	defer os.Remove(file)
	facts, poster, err := s.prober.Probe(ctx, file, a.Kind)
	var refusal *courses.Error
	if errors.As(err, &refusal) && refusal.Kind == courses.Unsupported {
		a.State, a.Problem = Failed, refusal.Code
		if err := s.store.SaveAsset(ctx, a); err != nil {
			return err
		}
		return s.objects.Remove(ctx, a.Staging)
	}
	if err != nil {
		return err
	}
	a.SHA256, a.Facts, a.Poster = sum, facts, poster != nil
	if err := s.place(ctx, a, poster); err != nil {
		return err
	}
	a.State = Ready
	if err := s.store.SaveAsset(ctx, a); err != nil {
		return err
	}
	return s.objects.Remove(ctx, a.Staging)
}

// fetch copies the staged object into a temporary file and hashes it.
func (s *Service) fetch(ctx context.Context, a Asset) (file, sum string, err error) {
	body, err := s.objects.Read(ctx, a.Staging, 0, a.Bytes)
	if err != nil {
		return "", "", err
	}
	defer body.Close()
	f, err := os.CreateTemp("", "haidang-probe-*")
	if err != nil {
		return "", "", fmt.Errorf("make a temporary file: %w", err)
	}
	hash := sha256.New()
	n, err := io.Copy(io.MultiWriter(f, hash), body)
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err == nil && n != a.Bytes {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		os.Remove(f.Name())
		return "", "", fmt.Errorf("copy %s: %w", a.Staging, err)
	}
	return f.Name(), hex.EncodeToString(hash.Sum(nil)), nil
}

// place writes the objects of an asset, each once: what is there by its hash is
// the same already.
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
