package transcode_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"haidang/courses/media"
	"haidang/storage/local"
	"haidang/storage/transcode"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/image/webp"
)

// ffmpeg finds the real one.
func ffmpeg(t testing.TB) string {
	t.Helper()
	path, err := local.Find("ffmpeg")
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func words(s string) []string { return strings.Fields(s) }

// made has ffmpeg make a file of that name.
func made(t testing.TB, name string, args ...[]string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	all := words("-hide_banner -loglevel error -nostdin -y")
	for _, a := range args {
		all = append(all, a...)
	}
	if out, err := exec.CommandContext(t.Context(), ffmpeg(t), append(all, path)...).CombinedOutput(); err != nil {
		t.Fatalf("make %s: %v\n%s", name, err, out)
	}
	return path
}

func written(t *testing.T, name string, b []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// photo is a JPEG whose EXIF says that the camera lay on its side and where it
// was.
func photo(t *testing.T, width, height int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewRGBA(image.Rect(0, 0, width, height)), nil); err != nil {
		t.Fatal(err)
	}
	le := binary.LittleEndian
	tiff := []byte("II*\x00\x08\x00\x00\x00")
	tiff = le.AppendUint16(tiff, 2)
	tiff = append(tiff, 0x12, 0x01, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0)   // Orientation: turn right
	tiff = append(tiff, 0x25, 0x88, 4, 0, 1, 0, 0, 0, 38, 0, 0, 0)  // the GPS table stands at 38
	tiff = le.AppendUint32(tiff, 0)                                 // no more tables
	tiff = append(tiff, 1, 0, 1, 0, 2, 0, 2, 0, 0, 0, 'N', 0, 0, 0) // GPSLatitudeRef: north
	tiff = le.AppendUint32(tiff, 0)
	tiff = append(tiff, "GPSCANARY"...)
	exif := append([]byte("Exif\x00\x00"), tiff...)
	head := binary.BigEndian.AppendUint16([]byte{0xff, 0xd8, 0xff, 0xe1}, uint16(len(exif)+2))
	return append(append(head, exif...), b.Bytes()[2:]...)
}

func TestPicturesBecomeSmallerFormsWithoutMetadata(t *testing.T) {
	source := photo(t, 1200, 2000) // which lies on its side: 2000 wide
	if !bytes.Contains(source, []byte("GPSCANARY")) {
		t.Fatal("the photograph has no place")
	}
	list, err := transcode.New(ffmpeg(t)).Pictures(t.Context(), written(t, "a.jpg", source), "image/jpeg", t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	want := []media.Rendition{
		{Name: "w480", File: "w480.jpg", Type: "image/jpeg", Width: 480, Height: 288},
		{Name: "w960", File: "w960.jpg", Type: "image/jpeg", Width: 960, Height: 576},
		{Name: "w1600", File: "w1600.jpg", Type: "image/jpeg", Width: 1600, Height: 960},
		{Name: "w2000", File: "w2000.jpg", Type: "image/jpeg", Width: 2000, Height: 1200},
	}
	if len(list) != len(want) {
		t.Fatalf("it has %+v", list)
	}
	for i, m := range list {
		b, err := os.ReadFile(m.Path)
		if err != nil {
			t.Fatal(err)
		}
		want[i].Bytes = int64(len(b))
		if m.Rendition != want[i] {
			t.Errorf("it has %+v, want %+v", m.Rendition, want[i])
		}
		if bytes.Contains(b, []byte("Exif")) || bytes.Contains(b, []byte("GPS")) {
			t.Errorf("%s keeps metadata", m.Name)
		}
	}
}

func TestWhatIsTransparentStaysSo(t *testing.T) {
	drawing := image.NewNRGBA(image.Rect(0, 0, 500, 20))
	drawing.Set(0, 0, color.NRGBA{R: 255, A: 255})
	var b bytes.Buffer
	if err := png.Encode(&b, drawing); err != nil {
		t.Fatal(err)
	}
	list, err := transcode.New(ffmpeg(t)).Pictures(t.Context(), written(t, "a.png", b.Bytes()), "image/png", t.TempDir())
	if err != nil || len(list) != 2 || list[0].File != "w480.webp" || list[1].File != "w500.webp" {
		t.Fatalf("it has %+v, %v", list, err)
	}
	for _, m := range list {
		f, err := os.Open(m.Path)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		picture, err := webp.Decode(f)
		if err != nil {
			t.Fatal(err)
		}
		if _, _, _, alpha := picture.At(m.Width-1, m.Height-1).RGBA(); alpha != 0 {
			t.Errorf("%s is not transparent: %d", m.File, alpha)
		}
	}
}

func TestTinyAndHugePicturesHaveForms(t *testing.T) {
	e := transcode.New(ffmpeg(t))
	for _, c := range []struct {
		name, size, media string
		want              string
	}{
		{"a.png", "1x1", "image/png", "w1"},
		{"a.jpg", "7680x4320", "image/jpeg", "w480 w960 w1600 w2560"},
		{"a.webp", "960x100", "image/webp", "w480 w960"},
	} {
		source := made(t, c.name, words("-f lavfi -i color=red:size="+c.size+" -frames:v 1"))
		list, err := e.Pictures(t.Context(), source, c.media, t.TempDir())
		names := make([]string, len(list))
		for i, m := range list {
			names[i] = m.Name
		}
		if err != nil || strings.Join(names, " ") != c.want {
			t.Errorf("%s of %s has %v, %v", c.name, c.size, names, err)
		}
	}
}

func TestPicturesThatCannotBeDecodedWholeAreRefused(t *testing.T) {
	e := transcode.New(ffmpeg(t))
	source := image.NewRGBA(image.Rect(0, 0, 640, 480))
	noise := rand.NewChaCha8([32]byte{1})
	_, _ = noise.Read(source.Pix)
	var jpg, pngs bytes.Buffer
	if err := errors.Join(jpeg.Encode(&jpg, source, nil), png.Encode(&pngs, source)); err != nil {
		t.Fatal(err)
	}
	wild := make([]byte, 50_000)
	_, _ = noise.Read(wild)
	for name, c := range map[string]struct {
		b     []byte
		media string
	}{
		"half a JPEG":                 {jpg.Bytes()[:jpg.Len()/2], "image/jpeg"},
		"half a PNG":                  {pngs.Bytes()[:pngs.Len()/2], "image/png"},
		"a PNG of noise":              {append(pngs.Bytes()[:60:60], wild...), "image/png"},
		"a PNG that is called a JPEG": {pngs.Bytes(), "image/jpeg"},
		"noise":                       {wild, "image/webp"},
		"nothing":                     {nil, "image/png"},
	} {
		if list, err := e.Pictures(t.Context(), written(t, "a", c.b), c.media, t.TempDir()); !errors.Is(err, media.ErrContent) {
			t.Errorf("%s gives %+v, %v", name, list, err)
		}
	}
}
