package probe_test

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"haidang/courses"
	"haidang/courses/media"
	"haidang/storage/local"
	"haidang/storage/probe"
	"image/jpeg"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// ffmpeg finds the real one.
func ffmpeg(t *testing.T) string {
	t.Helper()
	path, err := local.Find("ffmpeg")
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// Pictures and sounds of two seconds that ffmpeg makes by itself.
var (
	picture = []string{"-f", "lavfi", "-i", "testsrc=size=1280x720:rate=10:duration=2"}
	sound   = []string{"-f", "lavfi", "-i", "sine=frequency=440:duration=2"}
)

// made has ffmpeg make a file of that name.
func made(t *testing.T, name string, args ...[]string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	all := []string{"-hide_banner", "-loglevel", "error", "-nostdin", "-y"}
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

func readFile(t *testing.T, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func words(s string) []string { return strings.Fields(s) }

func TestVideosThatBrowsersPlayAreReady(t *testing.T) {
	p := probe.New(ffmpeg(t))
	for name, codecs := range map[string]string{
		"h264.mp4": "-c:v libx264 -preset ultrafast -pix_fmt yuv420p -c:a aac -movflags +faststart",
		"m4v.m4v":  "-c:v libx264 -preset ultrafast -pix_fmt yuv420p -an -f mp4",
		"vp8.webm": "-c:v libvpx -deadline realtime -c:a libvorbis",
		"vp9.webm": "-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -c:a libopus",
	} {
		t.Run(name, func(t *testing.T) {
			path := made(t, name, picture, sound, words(codecs))
			facts, poster, err := p.Probe(t.Context(), path, media.Video)
			if err != nil {
				t.Fatal(err)
			}
			if facts.DurationMs < 1900 || facts.DurationMs > 2200 || facts.Width != 1280 || facts.Height != 720 || facts.Pages != 0 {
				t.Errorf("its facts are %+v", facts)
			}
			image, err := jpeg.Decode(bytes.NewReader(poster))
			if err != nil {
				t.Fatalf("its poster of %d bytes: %v", len(poster), err)
			}
			if size := image.Bounds().Size(); size.X != 640 || size.Y != 360 {
				t.Errorf("its poster is %v", size)
			}
			if left, err := filepath.Glob(filepath.Join(filepath.Dir(path), "*")); err != nil || len(left) != 1 {
				t.Errorf("beside it lies %v, %v", left, err)
			}
		})
	}
}

func TestSoundsThatBrowsersPlayAreReady(t *testing.T) {
	p := probe.New(ffmpeg(t))
	cover := made(t, "cover.png", words("-f lavfi -i color=red:size=64x64 -frames:v 1"))
	for name, args := range map[string][][]string{
		"plain.mp3":     {sound, words("-c:a libmp3lame")},
		"covered.mp3":   {sound, {"-i", cover}, words("-map 0 -map 1 -c:a libmp3lame -c:v copy -id3v2_version 3 -disposition:v attached_pic")},
		"aac.m4a":       {sound, words("-c:a aac")},
		"vorbis.ogg":    {sound, words("-c:a libvorbis")},
		"opus.ogg":      {sound, words("-c:a libopus")},
		"aac-video.mp4": {sound, words("-c:a aac -f mp4")},
	} {
		facts, poster, err := p.Probe(t.Context(), made(t, name, args...), media.Audio)
		if err != nil || poster != nil || facts.DurationMs < 1900 || facts.DurationMs > 2200 || facts.Width != 0 {
			t.Errorf("%s: %+v, a poster of %d bytes, %v", name, facts, len(poster), err)
		}
	}
}

func TestFilesThatAreNotWhatTheirNamesSayAreRefused(t *testing.T) {
	p := probe.New(ffmpeg(t))
	h264 := words("-c:v libx264 -preset ultrafast -pix_fmt yuv420p -c:a aac")
	whole := readFile(t, made(t, "whole.mp4", picture, sound, h264))
	fast := readFile(t, made(t, "fast.mp4", picture, sound, h264, words("-movflags +faststart")))
	start := bytes.Index(fast, []byte("mdat"))
	var zipped bytes.Buffer
	archive := zip.NewWriter(&zipped)
	if f, err := archive.Create("bai.mp4"); err != nil {
		t.Fatal(err)
	} else if _, err := f.Write(whole); err != nil {
		t.Fatal(err)
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	live := exec.CommandContext(t.Context(), ffmpeg(t), append(append(words("-hide_banner -loglevel error -nostdin"), picture...), words("-c:v libvpx -deadline realtime -f webm -")...)...)
	endless, err := live.Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		path string
		kind media.Kind
		want *courses.Error
	}{
		{"a zip named .mp4", written(t, "a.mp4", zipped.Bytes()), media.Video, media.ErrContent},
		{"an MP4 without its end", written(t, "a.mp4", whole[:len(whole)/2]), media.Video, media.ErrContent},
		{"an MP4 with nothing but its head", written(t, "a.mp4", fast[:start+4]), media.Video, media.ErrContent},
		{"an MP4 of noise behind its head", written(t, "a.mp4", append(fast[:start+4:start+4], bytes.Repeat([]byte{0xa5}, 100_000)...)), media.Video, media.ErrContent},
		{"nothing", written(t, "a.mp4", nil), media.Video, media.ErrContent},
		{"an encrypted MP4", made(t, "a.mp4", picture, sound, h264, words("-encryption_scheme cenc-aes-ctr -encryption_key 76a6c65c5ea762046bd749a2e632ccbb -encryption_kid a7e61c373e219033c21091fa607bf3b8")), media.Video, media.ErrContent},
		{"words that ffmpeg prints itself", written(t, "a.mp4", []byte("Duration: 00:00:05.00\nStream #0:0: Video: h264, yuv420p, 640x360")), media.Video, media.ErrContent},
		{"a playlist", written(t, "a.mp4", []byte("#EXTM3U\n#EXTINF:5,\nfile:///etc/hostname\n#EXT-X-ENDLIST\n")), media.Video, media.ErrContent},
		{"a picture", made(t, "a.png", picture, words("-frames:v 1")), media.Video, media.ErrCodec},
		{"an MP4 without a picture", made(t, "a.mp4", sound, words("-c:a aac")), media.Video, media.ErrContent},
		{"a video as a recording", made(t, "a.m4a", picture, sound, h264, words("-f mp4")), media.Audio, media.ErrContent},
		{"a silent video as a recording", made(t, "a.m4a", picture, words("-c:v libx264 -preset ultrafast -f mp4")), media.Audio, media.ErrContent},
		{"MPEG-4 part 2", made(t, "a.mp4", picture, sound, words("-c:v mpeg4 -c:a aac")), media.Video, media.ErrCodec},
		{"HEVC", made(t, "a.mp4", picture, words("-c:v libx265 -preset ultrafast -x265-params log-level=none")), media.Video, media.ErrCodec},
		{"AC-3 beside H.264", made(t, "a.mp4", picture, sound, words("-c:v libx264 -preset ultrafast -c:a ac3")), media.Video, media.ErrCodec},
		{"FLAC in Ogg", made(t, "a.ogg", sound, words("-c:a flac -f ogg")), media.Audio, media.ErrCodec},
		{"WebM without a length", written(t, "a.webm", endless), media.Video, media.ErrLength},
	} {
		t.Run(c.name, func(t *testing.T) {
			if facts, poster, err := p.Probe(t.Context(), c.path, c.kind); !errors.Is(err, c.want) {
				t.Errorf("it gives %+v, a poster of %d bytes, %v; want %v", facts, len(poster), err, c.want)
			}
		})
	}
}

// What stops the looking says nothing of the file, which has to be looked into
// again and must not be refused.
func TestALookThatWasStoppedIsAFault(t *testing.T) {
	film := made(t, "a.mp4", picture, words("-c:v libx264 -preset ultrafast"))
	killed := filepath.Join(t.TempDir(), "killed")
	if err := os.WriteFile(killed, []byte("#!/bin/sh\nkill -9 $$\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	for _, c := range []struct {
		name   string
		ctx    context.Context
		ffmpeg string
	}{
		{"ffmpeg was killed", t.Context(), killed},
		{"ffmpeg is not there", t.Context(), "/nowhere/ffmpeg"},
		{"the server stops", gone, ffmpeg(t)},
	} {
		_, _, err := probe.New(c.ffmpeg).Probe(c.ctx, film, media.Video)
		var refusal *courses.Error
		if err == nil || errors.As(err, &refusal) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}
