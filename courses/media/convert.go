package media

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"haidang/courses"
	"io"
	"log/slog"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"
)

// ConvertJob is the kind of the jobs that make documents of today out of old ones;
// Convert does them.
const ConvertJob = "media.convert"

// ConvertPatience is how long one document may take.
const ConvertPatience = 10 * time.Minute

// convertible are the old formats that a converter reads.
var convertible = map[string]format{
	".doc": {Office, "application/msword", oldSigns},
	".ppt": {Office, "application/vnd.ms-powerpoint", oldSigns},
}

var oldSigns = []sign{{0, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"}}

// announced is formatOf for uploads: with a converter, old documents are taken.
func (s *Service) announced(name string, size int64) (format, error) {
	f, old := convertible[strings.ToLower(path.Ext(name))]
	if !old || s.Converter == nil {
		return formatOf(name, size)
	}
	if size < 1 || size > f.kind.most() {
		return f, ErrSize
	}
	return f, nil
}

// known is the format that an upload of the name was taken as.
func known(name string) format {
	ext := strings.ToLower(path.Ext(name))
	if f, old := convertible[ext]; old {
		return f
	}
	return formats[ext]
}

// jobOf is the kind of the job that looks into a new asset.
func jobOf(a Asset) string {
	if _, old := convertible[strings.ToLower(path.Ext(a.Name))]; old {
		return ConvertJob
	}
	return ProbeJob
}

// Convert puts a document of today in the place of an old one that was uploaded:
// from then on the asset is that. It may run again after any failure; a document
// that the converter refuses becomes a failed asset with the refusal's code.
func (s *Service) Convert(ctx context.Context, id courses.AssetID) error {
	return s.inspect(ctx, id, func(ctx context.Context, a Asset, source, dir string) (Asset, error) {
		a, err := s.converted(ctx, a, source, dir)
		if errors.Is(err, ErrConvert) {
			slog.WarnContext(ctx, "a document cannot be converted", "asset", id, "error", err)
		}
		return a, err
	})
}

// converted has the document made and puts it in its place by content.
func (s *Service) converted(ctx context.Context, a Asset, source, dir string) (Asset, error) {
	named := source + strings.ToLower(path.Ext(a.Name)) // by which the converter knows its form
	if err := os.Rename(source, named); err != nil {
		return a, fmt.Errorf("name an old document: %w", err)
	}
	made, err := s.Converter.Convert(ctx, named, dir)
	if err != nil {
		return a, err
	}
	ext := filepath.Ext(made)
	f := formats[ext]
	sum, size, err := hashed(made)
	if err != nil {
		return a, err
	}
	if size < 1 || size > f.kind.most() {
		return a, ErrConvert
	}
	if _, err := s.objects.WriteFile(ctx, sourceKey(sum), f.media, made); err != nil {
		return a, err
	}
	a.Name = strings.TrimSuffix(a.Name, path.Ext(a.Name)) + ext
	a.Kind, a.Type, a.Bytes, a.SHA256, a.State = f.kind, f.media, size, sum, Ready
	return a, nil
}

// hashed is the SHA-256 (hex) and the size of a file.
func hashed(name string) (sum string, size int64, err error) {
	file, err := os.Open(name)
	if err != nil {
		return "", 0, fmt.Errorf("open a converted document: %w", err)
	}
	defer file.Close()
	hash := sha256.New()
	if size, err = io.Copy(hash, file); err != nil {
		return "", 0, fmt.Errorf("read a converted document: %w", err)
	}
	return hex.EncodeToString(hash.Sum(nil)), size, nil
}
