package media

import (
	"context"
	"fmt"
	"haidang/courses"
	"io"
	"os"
	"path/filepath"
)

// Keep makes an asset of a file that the server itself has, such as a picture
// out of a document; a job looks into it as into any other. Cues are what is said
// in a recording: it has them as captions from its first instant, so that nobody
// has to wait for the job. It refuses as Announce does, and with ErrContent and
// ErrCaptions.
func (s *Service) Keep(ctx context.Context, actor courses.Actor, owner courses.UnitID, name string, size int64, r io.Reader, cues ...Cue) (Asset, error) {
	a, cues, err := s.staged(ctx, actor, owner, name, size, r, cues...)
	if err != nil {
		return Asset{}, err
	}
	if len(cues) > 0 {
		a.Captions = 1
	}
	return a, s.insert(ctx, a, func(ctx context.Context) error {
		if len(cues) == 0 {
			return nil
		}
		return s.store.SaveCaptions(ctx, Captions{Asset: a.ID, Language: Vietnamese, Revision: 1, Cues: cues, SavedAt: a.CreatedAt, SavedBy: actor.Person})
	})
}

// KeepPicture is Keep for a picture that has to be ready at once. It is looked into
// before it is an asset, so that what is refused leaves none; it refuses as Probe's
// prober does too.
func (s *Service) KeepPicture(ctx context.Context, actor courses.Actor, owner courses.UnitID, name string, size int64, r io.Reader) (Asset, error) {
	a, _, err := s.staged(ctx, actor, owner, name, size, r)
	if err != nil {
		return Asset{}, err
	}
	if a.Kind != Image {
		err = ErrType
	} else if a, err = s.worked(ctx, a, s.look); err == nil {
		err = s.store.InsertAsset(ctx, a)
	}
	if removed := s.objects.Remove(ctx, a.Staging); err == nil {
		err = removed
	}
	return a, err
}

// staged is an asset whose bytes lie where they can be looked into, and its cues in
// their one form.
func (s *Service) staged(ctx context.Context, actor courses.Actor, owner courses.UnitID, name string, size int64, r io.Reader, cues ...Cue) (Asset, []Cue, error) {
	if err := s.allow.Can(ctx, actor, courses.WriteCourse, courses.Object{Unit: owner}); err != nil {
		return Asset{}, nil, err
	}
	name, err := cleanName(name)
	if err != nil {
		return Asset{}, nil, err
	}
	f, err := formatOf(name, size)
	if err != nil {
		return Asset{}, nil, err
	}
	if err := s.room(ctx, owner, size); err != nil {
		return Asset{}, nil, err
	}
	if cues, err = CheckedCues(f.kind, cues); err != nil {
		return Asset{}, nil, err
	}
	now := s.clock.Now()
	a := Asset{
		ID: courses.NewID[courses.AssetID](now), Owner: owner, Name: name, Kind: f.kind, Type: f.media, Bytes: size,
		State: Uploaded, CreatedAt: now, CreatedBy: actor.Person,
	}
	a.Staging = "u/" + string(a.ID)
	return a, cues, s.stage(ctx, a, f, r)
}

// Fits refuses with ErrStorageFull when an owner has no room for so many bytes
// more.
func (s *Service) Fits(ctx context.Context, actor courses.Actor, owner courses.UnitID, more int64) error {
	if err := s.allow.Can(ctx, actor, courses.WriteCourse, courses.Object{Unit: owner}); err != nil {
		return err
	}
	return s.room(ctx, owner, more)
}

// stage writes the bytes of an asset where the job finds them.
func (s *Service) stage(ctx context.Context, a Asset, f format, r io.Reader) error {
	dir, done, err := scratch()
	if err != nil {
		return err
	}
	defer done()
	path := filepath.Join(dir, "kept")
	file, err := os.Create(path)
	if err != nil {
		return fmt.Errorf("make a temporary file: %w", err)
	}
	n, err := io.Copy(file, io.LimitReader(r, a.Bytes+1))
	start := make([]byte, 16)
	read, _ := file.ReadAt(start, 0) // a short file begins as no format does
	if closed := file.Close(); err == nil {
		err = closed
	}
	switch {
	case err != nil:
		return fmt.Errorf("keep %s: %w", a.Name, err)
	case n != a.Bytes || !f.begins(start[:read]):
		return ErrContent
	}
	_, err = s.objects.WriteFile(ctx, a.Staging, a.Type, path)
	return err
}

// Fetch lets use read a ready file that the actor may read, as a file on this
// machine that is gone afterwards. It refuses with ErrNoAsset and ErrNotReady.
func (s *Service) Fetch(ctx context.Context, actor courses.Actor, id courses.AssetID, use func(a Asset, file *os.File) error) error {
	a, err := s.Asset(ctx, actor, id)
	if err != nil {
		return err
	}
	if a.State != Ready {
		return ErrNotReady
	}
	dir, done, err := scratch()
	if err != nil {
		return err
	}
	defer done()
	path := filepath.Join(dir, "fetched")
	if _, err := s.fetch(ctx, sourceKey(a.SHA256), a.Bytes, path); err != nil {
		return err
	}
	file, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("open a fetched file: %w", err)
	}
	defer file.Close()
	return use(a, file)
}
