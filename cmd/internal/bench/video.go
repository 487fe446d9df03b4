package bench

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"haidang/cmd/internal/app"
	"haidang/cmd/internal/demo"
	"haidang/courses"
	"haidang/courses/media"
	"io"
	"math/rand/v2"

	"github.com/minio/minio-go/v7"
)

// Of the film that ranges are read from.
const (
	filmBytes  = 64 << 20
	rangeBytes = 1 << 20
)

// film makes a film of filmBytes: the demo's, with a box of noise behind it
// that players pass over.
func film(ctx context.Context, ffmpeg string) ([]byte, error) {
	b, err := demo.NoticeFilm(ctx, ffmpeg)
	if err != nil {
		return nil, err
	}
	if len(b) > filmBytes-8 {
		return nil, fmt.Errorf("the demo's film has %d bytes", len(b))
	}
	noise := make([]byte, filmBytes-len(b))
	binary.BigEndian.PutUint32(noise, uint32(len(noise)))
	copy(noise[4:], "free")
	random := rand.NewChaCha8([32]byte{129})
	if _, err := random.Read(noise[8:]); err != nil {
		return nil, fmt.Errorf("make noise: %w", err)
	}
	return append(b, noise...), nil
}

// addFilm uploads the film as an author's browser would and lets everyone see it.
func addFilm(ctx context.Context, a *app.App) (courses.AssetID, error) {
	b, err := film(ctx, a.Config.FFmpeg)
	if err != nil {
		return "", err
	}
	m, author := a.Services.Media, courses.Actor{Person: "bench", Roles: []courses.RoleAt{{Role: courses.Publisher, Unit: demo.City}}}
	u, err := m.Announce(ctx, author, "film.mp4", int64(len(b)), "SNV")
	if err != nil {
		return "", err
	}
	for n := 1; n <= u.PartCount(); n++ {
		part := b[(n-1)*media.PartBytes:][:u.PartSize(n)]
		sum := sha256.Sum256(part)
		if err := m.PutPart(ctx, author, u.ID, n, hex.EncodeToString(sum[:]), part); err != nil {
			return "", err
		}
	}
	_, asset, err := m.Complete(ctx, author, u.ID)
	if err != nil {
		return "", err
	}
	if err := m.Probe(ctx, asset.ID); err != nil {
		return "", err
	}
	return asset.ID, m.Publish(ctx, []courses.AssetID{asset.ID})
}

// video measures ranges of a film through the server beside the same ranges
// straight from the object store.
func (w *world) video(ctx context.Context) ([]*Row, error) {
	if err := w.fresh(ctx); err != nil {
		return nil, err
	}
	var asset struct {
		SHA256 string `json:"sha256"`
	}
	viewer := w.hr.copies(readers)
	if err := w.hr.read("/api/assets/"+string(w.stores.made.Film), &asset); err != nil {
		return nil, err
	}
	path, key := "/media/"+string(w.stores.made.Film)+"/source", "m/"+asset.SHA256+"/source"
	random, buffers := make([]*rand.Rand, readers), make([]bytes.Buffer, readers)
	for i := range random {
		random[i] = rand.New(rand.NewPCG(w.o.Size.Seed, uint64(i)))
	}
	ours, raw, err := w.beside(ctx, readers, w.o.While, func(_ context.Context, client int) error {
		first := random[client].Int64N(filmBytes - rangeBytes)
		b, err := viewer[client].getRange(path, first, first+rangeBytes-1)
		if err == nil && len(b) != rangeBytes {
			err = fmt.Errorf("a range of %d bytes came with %d", rangeBytes, len(b))
		}
		return err
	}, func(ctx context.Context, client int) error {
		return w.rawRange(ctx, key, random[client].Int64N(filmBytes-rangeBytes), &buffers[client])
	})
	if err != nil {
		return nil, err
	}
	return []*Row{rates(fmt.Sprintf("video, ranges of 1 MiB, %d clients", readers), ours, raw, 1).atLeastRaw(0.6).moodle(122, 153, 0)}, nil
}

func (w *world) rawRange(ctx context.Context, key string, first int64, into *bytes.Buffer) error {
	o := minio.GetObjectOptions{}
	if err := o.SetRange(first, first+rangeBytes-1); err != nil {
		return err
	}
	body, _, _, err := w.objects.GetObject(ctx, w.stores.config.S3Bucket, key, o)
	if err != nil {
		return err
	}
	defer body.Close()
	into.Reset()
	n, err := io.Copy(into, body)
	if err == nil && n != rangeBytes {
		err = errors.New("a range came short")
	}
	return err
}
