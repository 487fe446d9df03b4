package transcode_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"haidang/courses"
	"haidang/courses/media"
	"haidang/storage/transcode"
	"image/jpeg"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// lecture is a film of 20 seconds with a sound that is far too quiet, and with
// metadata.
func lecture(t testing.TB, size string) string {
	t.Helper()
	return made(t, "a.mp4", words("-f lavfi -i testsrc2=size="+size+":rate=25:duration=20 -f lavfi -i sine=frequency=440:duration=20"),
		words("-af volume=-30dB -c:v libx264 -preset ultrafast -pix_fmt yuv420p -c:a aac -metadata title=CANARY"))
}

var facts = media.Facts{DurationMs: 20_000, Width: 1280, Height: 720}

// described is what ffmpeg prints of a file.
func described(t *testing.T, path string) string {
	t.Helper()
	out, _ := exec.CommandContext(t.Context(), ffmpeg(t), "-hide_banner", "-nostdin", "-i", path, "-af", "ebur128", "-f", "null", "-").CombinedOutput()
	return string(out)
}

func layout(t *testing.T, m media.Made) media.Fragments {
	t.Helper()
	f, err := os.Open(m.Path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	fragments, err := media.ReadFragments(f, m.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	return fragments
}

func TestFilmsAreMadeForSlowNetworks(t *testing.T) {
	source, e := lecture(t, "1280x720"), transcode.New(ffmpeg(t))
	for _, c := range []struct {
		name, codecs string
		width, peak  int
	}{
		{"240p", "avc1.640015,mp4a.40.2", 426, 300_000},
		{"480p", "avc1.64001e,mp4a.40.2", 854, 900_000},
		{"720p", "avc1.64001f,mp4a.40.2", 1280, 2_200_000},
		{"audio", "mp4a.40.2", 0, 80_000},
	} {
		t.Run(c.name, func(t *testing.T) {
			var last int64
			m, err := e.Recording(t.Context(), source, t.TempDir(), c.name, facts, func(ms int64) { last = ms })
			if err != nil {
				t.Fatal(err)
			}
			f := layout(t, m)
			average, peak := f.Rates()
			if f.Codecs != c.codecs || f.Width != c.width || f.Height != media.Heights[c.name] || peak > int64(c.peak) || average > peak || average < 20_000 {
				t.Errorf("it is %s of %dx%d, %d bit/s, at most %d", f.Codecs, f.Width, f.Height, average, peak)
			}
			if n := len(f.Segments); n != 4 || f.Micros() < 19_900_000 || f.Micros() > 20_100_000 || last < 19_000 {
				t.Errorf("it has %d segments of %d µs; the last word came at %d ms", n, f.Micros(), last)
			}
			eachPlaysByItself(t, m, f)
			said := described(t, m.Path)
			loud := regexp.MustCompile(`I: +(-\d+)`).FindAllStringSubmatch(said, -1)
			if len(loud) == 0 || !slices.Contains([]string{"-14", "-15", "-16", "-17", "-18"}, loud[len(loud)-1][1]) || strings.Contains(said, "CANARY") {
				t.Errorf("ffmpeg says of it:\n%s", said)
			}
		})
	}
}

// eachPlaysByItself decodes each segment behind the init bytes alone.
func eachPlaysByItself(t *testing.T, m media.Made, f media.Fragments) {
	t.Helper()
	b, err := os.ReadFile(m.Path)
	if err != nil {
		t.Fatal(err)
	}
	for i, s := range f.Segments {
		if string(b[s.Offset+4:s.Offset+8]) != "moof" {
			t.Fatalf("segment %d begins with %q", i, b[s.Offset:s.Offset+8])
		}
		piece := append(bytes.Clone(b[:f.Init]), b[s.Offset:s.Offset+s.Bytes]...)
		path := written(t, fmt.Sprintf("%d.mp4", i), piece)
		if out, err := exec.CommandContext(t.Context(), ffmpeg(t), "-v", "error", "-nostdin", "-xerror", "-i", path, "-f", "null", "-").CombinedOutput(); err != nil || len(out) > 0 {
			t.Errorf("segment %d: %v %s", i, err, out)
		}
	}
}

func TestSilentAndNarrowFilmsAreMadeToo(t *testing.T) {
	source := made(t, "a.webm", words("-f lavfi -i testsrc=size=202x640:rate=10:duration=3 -c:v libvpx -deadline realtime"))
	m, err := transcode.New(ffmpeg(t)).Recording(t.Context(), source, t.TempDir(), "480p", media.Facts{DurationMs: 3000, Silent: true}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if f := layout(t, m); !strings.HasPrefix(f.Codecs, "avc1.") || strings.Contains(f.Codecs, "mp4a") || f.Width != 152 || f.Height != 480 || len(f.Segments) != 1 {
		t.Errorf("it is %+v", f)
	}
}

func TestSmallPicturesOfAFilmLieInOne(t *testing.T) {
	source := made(t, "a.mp4", words("-f lavfi -i testsrc=size=640x480:rate=5:duration=125 -c:v libx264 -preset ultrafast -g 25"))
	m, err := transcode.New(ffmpeg(t)).Recording(t.Context(), source, t.TempDir(), "thumbs", media.Facts{DurationMs: 125_000}, nil)
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(m.Path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	config, err := jpeg.DecodeConfig(f)
	if err != nil || config.Width != 1600 || config.Height != 180 || m.Width != 1600 || m.Height != 180 || m.File != "thumbs.jpg" {
		t.Errorf("they lie in %+v, %v, called %+v", config, err, m.Rendition)
	}
}

func TestWhatCannotBeTranscodedIsRefused(t *testing.T) {
	e := transcode.New(ffmpeg(t))
	film := made(t, "a.mp4", words("-f lavfi -i testsrc=size=320x240:rate=10:duration=3 -c:v libx264 -preset ultrafast"))
	whole, err := os.ReadFile(film)
	if err != nil {
		t.Fatal(err)
	}
	start := bytes.Index(whole, []byte("mdat"))
	noise := bytes.Clone(whole) // as if encrypted: the head is right, the frames are not
	for i := range whole[start+4:][:len(whole)/3] {
		noise[start+4+i] ^= byte(i*i + 91)
	}
	for name, source := range map[string]string{
		"nothing": written(t, "a.mp4", nil), "noise": written(t, "b.mp4", bytes.Repeat([]byte{0xa5}, 9999)), "encrypted": written(t, "c.mp4", noise),
	} {
		for _, rendition := range []string{"240p", "thumbs"} {
			m, err := e.Recording(t.Context(), source, t.TempDir(), rendition, media.Facts{DurationMs: 3000, Silent: true}, nil)
			if !errors.Is(err, media.ErrTranscode) && (err != nil || name != "encrypted") { // a player shows what can be seen of it
				t.Errorf("%s as %s gives %+v, %v", name, rendition, m.Rendition, err)
			}
		}
	}
	if _, err := e.Recording(t.Context(), film, t.TempDir(), "audio", facts, nil); !errors.Is(err, media.ErrTranscode) {
		t.Errorf("the sound of a silent film gives %v", err)
	}
}

// What stops the work says nothing of the recording.
func TestWorkThatWasStoppedIsAFault(t *testing.T) {
	film := made(t, "a.mp4", words("-f lavfi -i testsrc=size=320x240:rate=10:duration=3 -c:v libx264 -preset ultrafast"))
	killed := filepath.Join(t.TempDir(), "killed")
	if err := os.WriteFile(killed, []byte("#!/bin/sh\nkill -9 $$\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	full := filepath.Join(t.TempDir(), "full")
	if err := os.WriteFile(full, []byte("#!/bin/sh\nexit 228\n"), 0o700); err != nil { // no space is left
		t.Fatal(err)
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	for name, c := range map[string]struct {
		ctx    context.Context
		ffmpeg string
	}{
		"ffmpeg was killed": {t.Context(), killed}, "the disk is full": {t.Context(), full},
		"ffmpeg is not there": {t.Context(), "/nowhere/ffmpeg"}, "the server stops": {gone, ffmpeg(t)},
	} {
		_, err := transcode.New(c.ffmpeg).Recording(c.ctx, film, t.TempDir(), "240p", media.Facts{DurationMs: 3000, Silent: true}, nil)
		var refusal *courses.Error
		if err == nil || errors.As(err, &refusal) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
