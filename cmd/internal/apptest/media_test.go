package apptest_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"haidang/cmd/internal/apptest"
	"haidang/courses"
	"haidang/storage/local"
	"hash/crc32"
	"image"
	"image/jpeg"
	"image/png"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// made has ffmpeg make a file of that name.
func made(t *testing.T, name, args string) []byte {
	t.Helper()
	ffmpeg, err := local.Find("ffmpeg")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), name)
	all := append(strings.Fields("-hide_banner -loglevel error -nostdin -y "+args), path)
	if out, err := exec.CommandContext(t.Context(), ffmpeg, all...).CombinedOutput(); err != nil {
		t.Fatalf("make %s: %v\n%s", name, err, out)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// drawn is a PNG of a size.
func drawn(t *testing.T, width, height int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewNRGBA(image.Rect(0, 0, width, height))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// bombHead is the head of a PNG that announces a square.
func bombHead(side uint32) []byte {
	chunk := binary.BigEndian.AppendUint32([]byte("IHDR"), side)
	chunk = append(binary.BigEndian.AppendUint32(chunk, side), 8, 2, 0, 0, 0)
	b := append([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0d"), chunk...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(chunk))
}

// publish lets every learner read an asset, as a published version does.
func publish(t *testing.T, w *apptest.World, id courses.AssetID) {
	t.Helper()
	if err := w.App.Services.Media.Publish(t.Context(), []courses.AssetID{id}); err != nil {
		t.Fatal(err)
	}
}

func TestPicturesAreServedInSmallerForms(t *testing.T) {
	w := apptest.New(t).Fill(t)
	author, learner := w.SignIn(t, "tacgia"), w.SignIn(t, "hocvien")
	a := uploaded(t, w, author, "Sơ đồ 8K.jpg", made(t, "a.jpg", "-f lavfi -i testsrc=size=7680x4320 -frames:v 1"))
	base := "/media/" + string(a.ID)
	want := fmt.Sprintf("%[1]s/w480.jpg 480w, %[1]s/w960.jpg 960w, %[1]s/w1600.jpg 1600w, %[1]s/w2560.jpg 2560w", base)
	if a.State != "ready" || a.Kind != "image" || a.Width != 7680 || a.Height != 4320 || a.Srcset != want || a.URL != base+"/w2560.jpg" {
		t.Fatalf("it became %+v", a)
	}
	if x := ask(t, learner.HTTP, "GET", w.URL+base+"/w480.jpg", ""); x.Status != 403 {
		t.Errorf("a learner sees a draft's picture: %d", x.Status)
	}
	publish(t, w, a.ID)
	x := ask(t, learner.HTTP, "GET", w.URL+base+"/w480.jpg", "")
	config, err := jpeg.DecodeConfig(bytes.NewReader(x.Body))
	if x.Status != 200 || err != nil || config.Width != 480 || config.Height != 270 || x.Header.Get("Content-Type") != "image/jpeg" {
		t.Errorf("it is served with %d %v as %+v, %v", x.Status, x.Header, config, err)
	}
	for path, want := range map[string]int{"/source": 403, "/w481.jpg": 404, "/w480.png": 404, "/poster.jpg": 404, "/..%2fw480.jpg": 404} {
		if x := ask(t, learner.HTTP, "GET", w.URL+base+path, ""); x.Status != want {
			t.Errorf("%s answers %d", path, x.Status)
		}
	}
	if x := ask(t, author.HTTP, http.MethodHead, w.URL+base+"/source", ""); x.Status != 200 {
		t.Errorf("its author asks for the source: %d", x.Status)
	}
}

func TestPicturesThatAreNoneFail(t *testing.T) {
	w := apptest.New(t).Fill(t)
	author := w.SignIn(t, "tacgia")
	whole := drawn(t, 300, 300)
	bomb := bytes.Clone(whole)
	copy(bomb[16:], []byte{0, 0, 0xff, 0, 0, 0, 0xff, 0}) // 65,280 pixels a side; the checksum is wrong as well
	for name, c := range map[string]struct {
		b       []byte
		problem string
	}{
		"half.png":  {whole[:len(whole)/2], "media.wrong_content"},
		"bomb.png":  {bomb, "media.wrong_content"},
		"large.png": {append(bombHead(65_280), whole[33:]...), "media.too_many_pixels"},
		"head.webp": {[]byte("RIFF\x00\x00\x00\x00WEBPVP8 \x00\x00\x00\x00"), "media.wrong_content"},
	} {
		if a := uploaded(t, w, author, name, c.b); a.State != "failed" || string(a.Problem) != c.problem || a.URL != "" {
			t.Errorf("%s became %+v", name, a)
		}
	}
	if status, code := author.Do("POST", "/api/uploads", map[string]any{"name": "a.png", "bytes": 0, "owner": "SNV"}, nil); status != 422 {
		t.Errorf("a picture of no bytes answers %d %s", status, code)
	}
	if status, code := author.Do("POST", "/api/uploads", map[string]any{"name": "a.png", "bytes": 40<<20 + 1, "owner": "SNV"}, nil); status != 413 || code != "media.too_large" {
		t.Errorf("a picture of more than 40 MiB answers %d %s", status, code)
	}
}
