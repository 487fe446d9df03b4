package transcode

import (
	"context"
	"fmt"
	"haidang/courses/media"
	"os"
	"path/filepath"
)

// Letters on paper stay sharp, and take half as much, without loss: with 32 shades
// of each colour instead of 256. A photograph takes less with loss.
const (
	shades = "round(val*31/255)*255/31"
	few    = "format=rgb24,lutrgb=r='" + shades + "':g='" + shades + "':b='" + shades + "'"
)

// Page implements media.Encoder: it makes both and gives the smaller one.
func (e *Encoder) Page(ctx context.Context, picture, dir string) (media.Made, error) {
	sharp, soft := filepath.Join(dir, "sharp.webp"), filepath.Join(dir, "soft.webp")
	one := []string{"-frames:v", "1", "-c:v", "libwebp", "-compression_level", "4"}
	args := append([]string{"-f", "ppm_pipe", "-i", picture, "-vf", few}, one...)
	args = append(append(args, "-lossless", "1", "-f", "image2", "-update", "1", sharp), one...)
	args = append(args, "-pix_fmt", "yuv420p", "-quality", "60", "-f", "image2", "-update", "1", soft)
	if err := e.run(ctx, nil, args...); err != nil {
		return media.Made{}, fmt.Errorf("write a page: %w", err)
	}
	small, err := made(sharp, forms["image/webp"])
	if err != nil {
		return small, err
	}
	other, err := made(soft, forms["image/webp"])
	if err != nil {
		return small, err
	}
	if other.Bytes < small.Bytes {
		small, other = other, small
	}
	if err := os.Remove(other.Path); err != nil {
		return small, fmt.Errorf("remove the larger of two pictures: %w", err)
	}
	return small, nil
}
