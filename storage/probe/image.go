package probe

import (
	"fmt"
	"haidang/courses/media"
	"image"
	_ "image/jpeg" // what DecodeConfig reads
	_ "image/png"  // what DecodeConfig reads
	"os"

	_ "golang.org/x/image/webp" // what DecodeConfig reads
)

// pixels reads the head of a picture, which says how large it would become in
// memory before anybody decodes it.
func pixels(path string) (media.Facts, error) {
	f, err := os.Open(path)
	if err != nil {
		return media.Facts{}, fmt.Errorf("open a picture: %w", err)
	}
	defer f.Close()
	config, _, err := image.DecodeConfig(f)
	switch {
	case err != nil || config.Width < 1 || config.Height < 1:
		return media.Facts{}, media.ErrContent
	case config.Width > media.MaxSide || config.Height > media.MaxSide || config.Width*config.Height > media.MaxPixels:
		return media.Facts{}, media.ErrPixels
	}
	return media.Facts{Width: config.Width, Height: config.Height}, nil
}
