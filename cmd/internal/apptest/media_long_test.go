package apptest_test

import (
	"fmt"
	"haidang/cmd/internal/apptest"
	"haidang/courses"
	"haidang/courses/media"
	"haidang/handlers"
	"haidang/storage/local"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// fourHours is a silent film of four hours, two minutes of it over and over.
func fourHours(t *testing.T) []byte {
	t.Helper()
	ffmpeg, err := local.Find("ffmpeg")
	if err != nil {
		t.Fatal(err)
	}
	short := filepath.Join(t.TempDir(), "short.mp4")
	args := strings.Fields("-loglevel error -nostdin -f lavfi -i color=c=navy:size=320x240:rate=1/6:duration=120 -c:v libx264 -preset ultrafast -pix_fmt yuv420p " + short)
	if out, err := exec.CommandContext(t.Context(), ffmpeg, args...).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return made(t, "long.mp4", "-stream_loop 119 -i "+short+" -c copy")
}

// A film of four hours is taken like any other: it plays at once, its author sees
// how far its lighter form is, and whatever a player loads before it plays is small.
func TestAFilmOfFourHoursIsTakenWhole(t *testing.T) {
	const length = 4 * 60 * 60 * 1000
	t.Setenv("TMPDIR", t.TempDir())
	w := apptest.New(t)
	author := w.SignIn(t, "tacgia")
	a := uploaded(t, w, author, "Hội nghị cả buổi.mp4", fourHours(t))
	if a.State != "ready" || a.DurationMs != length || a.URL == "" || a.PosterURL == "" {
		t.Fatalf("before anybody transcodes it is %+v", a)
	}
	soFar := watchedTranscode(t, w, a.ID)
	author = w.SignIn(t, "tacgia")
	author.Must("GET", "/api/assets/"+string(a.ID), nil, &a)
	if a.Transcode != "ready" || a.Progress != 100 || len(a.Renditions) != 1 || len(soFar) < 3 || !slices.IsSorted(soFar) {
		t.Errorf("it became %+v, after %v %%", a, soFar)
	}
	if left, err := filepath.Glob(filepath.Join(os.TempDir(), "haidang-*", "job-*")); err != nil || len(left) > 0 {
		t.Errorf("in the place for jobs lies %v, %v", left, err)
	}
	longPlaylist(t, w, author, a, length)
	longThumbs(t, w, author, a)
	cue := "WEBVTT\n\n03:59:58.000 --> 03:59:59.900\nXin cảm ơn\n"
	author.Must("PUT", "/api/assets/"+string(a.ID)+"/captions", map[string]any{"revision": 0, "vtt": cue}, nil)
	if x := ask(t, author.HTTP, "GET", w.URL+"/media/"+string(a.ID)+"/captions.vtt", ""); string(x.Body) != cue {
		t.Errorf("its last words are served as %s", x.Body)
	}
}

// watchedTranscode transcodes a film, while time flies, and gives the shares that
// were noted.
func watchedTranscode(t *testing.T, w *apptest.World, id courses.AssetID) []int {
	t.Helper()
	ended := make(chan error, 1)
	go func() { ended <- w.App.Services.Media.Transcode(t.Context(), id) }()
	var soFar []int
	eventually(t, "the long film is transcoded", func() bool {
		w.Pass(4 * time.Second)
		a, err := w.App.DB.Media().Asset(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		if n := len(soFar); n == 0 || soFar[n-1] != a.Progress {
			soFar = append(soFar, a.Progress)
		}
		return a.Transcode == media.Complete
	})
	if err := <-ended; err != nil {
		t.Error(err)
	}
	return soFar
}

// longPlaylist holds that a playlist of four hours is small, and whole.
func longPlaylist(t *testing.T, w *apptest.World, c *apptest.Client, a handlers.AssetView, length float64) {
	t.Helper()
	x := ask(t, c.HTTP, "GET", w.URL+"/media/"+string(a.ID)+"/240p.m3u8", "")
	if x.Status != 200 || len(x.Body) > 200_000 {
		t.Errorf("the playlist answers %d, %d bytes", x.Status, len(x.Body))
	}
	if x := ask(t, c.HTTP, "GET", w.URL+"/media/"+string(a.ID)+"/240p.m3u8", "", "Accept-Encoding", "gzip"); x.Header.Get("Content-Encoding") != "gzip" || len(x.Body) > 40_000 {
		t.Errorf("it travels as %q, %d bytes", x.Header.Get("Content-Encoding"), len(x.Body))
	}
	ms := 0.0
	for _, found := range regexp.MustCompile(`#EXTINF:([\d.]+),`).FindAllStringSubmatch(string(x.Body), -1) {
		seconds, err := strconv.ParseFloat(found[1], 64)
		if err != nil {
			t.Fatal(err)
		}
		ms += seconds * 1000
	}
	if ms < length-10 || ms > length+10 {
		t.Errorf("its segments play %.0f ms", ms)
	}
	ranges := regexp.MustCompile(`EXT-X-BYTERANGE:(\d+)@(\d+)`).FindAllStringSubmatch(string(x.Body), -1)
	if len(ranges) != 2400 {
		t.Fatalf("it has %d segments", len(ranges))
	}
	for _, i := range []int{0, 1200, 2399} {
		bytes, _ := strconv.Atoi(ranges[i][1])
		offset, _ := strconv.Atoi(ranges[i][2])
		s := ask(t, c.HTTP, "GET", w.URL+a.Renditions[0].URL, "", "Range", fmt.Sprintf("bytes=%d-%d", offset, offset+bytes-1))
		if s.Status != http.StatusPartialContent || string(s.Body[4:8]) != "moof" {
			t.Errorf("segment %d answers %d, %d bytes", i, s.Status, len(s.Body))
		}
	}
}

// longThumbs holds that the small pictures reach the end and are not many more
// than those of a short film.
func longThumbs(t *testing.T, w *apptest.World, c *apptest.Client, a handlers.AssetView) {
	t.Helper()
	track := ask(t, c.HTTP, "GET", w.URL+a.ThumbsURL, "")
	cues := strings.Count(string(track.Body), " --> ")
	if track.Status != 200 || cues != 200 || !strings.Contains(string(track.Body), "--> 04:00:00.000") {
		t.Errorf("the track answers %d, %d small pictures", track.Status, cues)
	}
	if x := ask(t, c.HTTP, "GET", w.URL+strings.Replace(a.ThumbsURL, ".vtt", ".jpg", 1), ""); x.Status != 200 || len(x.Body) > 1<<20 {
		t.Errorf("the small pictures answer %d, %d bytes", x.Status, len(x.Body))
	}
}
