package probe_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"haidang/courses"
	"haidang/courses/media"
	"haidang/storage/probe"
	"hash/crc32"
	"testing"
)

// head is the head of a PNG that announces a size, and nothing behind it.
func head(width, height uint32) []byte {
	chunk := binary.BigEndian.AppendUint32([]byte("IHDR"), width)
	chunk = append(binary.BigEndian.AppendUint32(chunk, height), 8, 2, 0, 0, 0)
	b := append([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0d"), chunk...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(chunk))
}

func TestPicturesTellTheirSizeBeforeTheyAreDecoded(t *testing.T) {
	p := probe.New(ffmpeg(t))
	for _, c := range []struct {
		name          string
		b             []byte
		width, height int
		want          *courses.Error
	}{
		{"8K", head(7680, 4320), 7680, 4320, nil},
		{"100 megapixels", head(10_000, 10_000), 10_000, 10_000, nil},
		{"one row more", head(10_000, 10_001), 0, 0, media.ErrPixels},
		{"a bomb", head(50_000, 50_000), 0, 0, media.ErrPixels},
		{"as large as can be said", head(1<<31-1, 1<<31-1), 0, 0, media.ErrContent},
		{"a thread", head(1, 16_001), 0, 0, media.ErrPixels},
		{"no width", head(0, 7), 0, 0, media.ErrContent},
		{"nothing", nil, 0, 0, media.ErrContent},
		{"the first bytes alone", head(1, 1)[:8], 0, 0, media.ErrContent},
		{"noise behind the first bytes", append(head(1, 1)[:8:8], bytes.Repeat([]byte{0xa5}, 10_000)...), 0, 0, media.ErrContent},
	} {
		facts, poster, err := p.Probe(t.Context(), written(t, "a.png", c.b), media.Image)
		if c.want != nil {
			if !errors.Is(err, c.want) {
				t.Errorf("%s gives %+v, %v", c.name, facts, err)
			}
		} else if err != nil || poster != nil || facts != (media.Facts{Width: c.width, Height: c.height}) {
			t.Errorf("%s gives %+v, %v", c.name, facts, err)
		}
	}
	for _, name := range []string{"a.jpg", "a.webp", "a.png"} {
		facts, _, err := p.Probe(t.Context(), made(t, name, picture, words("-frames:v 1")), media.Image)
		if err != nil || facts.Width != 1280 || facts.Height != 720 {
			t.Errorf("%s gives %+v, %v", name, facts, err)
		}
	}
}
