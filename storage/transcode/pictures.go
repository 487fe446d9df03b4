package transcode

import (
	"context"
	"errors"
	"fmt"
	"haidang/courses/media"
	"image"
	_ "image/jpeg" // what DecodeConfig reads
	"os"
	"path/filepath"

	_ "golang.org/x/image/webp" // what DecodeConfig reads
)

// Pictures implements media.Encoder.
func (e *Encoder) Pictures(ctx context.Context, source, mediaType, dir string) ([]media.Made, error) {
	form, known := forms[mediaType]
	if !known {
		return nil, fmt.Errorf("no form for pictures of type %s", mediaType)
	}
	whole := filepath.Join(dir, "whole"+form.ext)
	if err := e.run(ctx, nil, pictureArgs(form, source, whole, "min(iw,2560)")...); err != nil {
		return nil, unreadable(err)
	}
	last, err := made(whole, form)
	if err != nil {
		return nil, err
	}
	var list []media.Made
	for _, width := range media.PictureWidths {
		if width >= last.Width {
			break
		}
		path := filepath.Join(dir, fmt.Sprintf("w%d%s", width, form.ext))
		if err := e.run(ctx, nil, pictureArgs(form, source, path, fmt.Sprint(width))...); err != nil {
			return nil, unreadable(err)
		}
		m, err := made(path, form)
		if err != nil {
			return nil, err
		}
		list = append(list, m)
	}
	return append(list, last), nil
}

// form is how pictures of a type are read and written. WebP keeps what is
// transparent and JPEG is read everywhere.
type form struct {
	reader, ext, media string
	encode             []string
}

var (
	asJPEG = []string{"-c:v", "mjpeg", "-pix_fmt", "yuvj420p", "-q:v", "4"}
	asWebP = []string{"-c:v", "libwebp", "-quality", "82", "-compression_level", "4"}
	forms  = map[string]form{
		"image/jpeg": {"jpeg_pipe", ".jpg", "image/jpeg", asJPEG},
		"image/png":  {"png_pipe", ".webp", "image/webp", asWebP},
		"image/webp": {"webp_pipe", ".webp", "image/webp", asWebP},
	}
)

// pictureArgs writes one picture of a width. Every fault in the source ends it;
// metadata, such as where a photograph was taken, stays behind.
func pictureArgs(f form, source, out, width string) []string {
	args := []string{"-xerror", "-err_detect", "explode", "-f", f.reader, "-i", source, "-map", "0:v:0", "-frames:v", "1", "-map_metadata", "-1", "-vf", "sidedata=mode=delete,scale='" + width + "':-1"}
	return append(append(args, f.encode...), "-f", "image2", "-update", "1", out)
}

func unreadable(err error) error {
	if errors.Is(err, errEncode) {
		return media.ErrContent
	}
	return err
}

// made describes a picture that was written.
func made(path string, f form) (media.Made, error) {
	file, err := os.Open(path)
	if err != nil { // ffmpeg ends well without a picture when there is none to read
		return media.Made{}, media.ErrContent
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return media.Made{}, fmt.Errorf("look at a picture: %w", err)
	}
	config, _, err := image.DecodeConfig(file)
	if err != nil {
		return media.Made{}, fmt.Errorf("read a picture: %w", err)
	}
	name := fmt.Sprintf("w%d", config.Width)
	return media.Made{Path: path, Rendition: media.Rendition{
		Name: name, File: name + f.ext, Type: f.media, Bytes: info.Size(), Width: config.Width, Height: config.Height,
	}}, nil
}
