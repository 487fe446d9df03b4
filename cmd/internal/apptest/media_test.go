package apptest_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"haidang/cmd/internal/apptest"
	"haidang/courses"
	"haidang/courses/jobs"
	"haidang/courses/media"
	"haidang/handlers"
	"haidang/storage/local"
	"hash/crc32"
	"image"
	"image/jpeg"
	"image/png"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/bson"
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
	w := apptest.New(t)
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
	w := apptest.New(t)
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
		if a := uploaded(t, w, author, name, c.b); a.State != "failed" || a.Problem != c.problem || a.URL != "" {
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

// lecture is a film of 13 seconds.
func lecture(t *testing.T) []byte {
	t.Helper()
	return made(t, "a.mp4", "-f lavfi -i testsrc=size=854x480:rate=10:duration=13 -f lavfi -i sine=duration=13 -c:v libx264 -preset ultrafast -pix_fmt yuv420p -c:a aac")
}

// worker is a server that transcodes.
func worker(w *apptest.World, lease time.Duration, transcode func(context.Context, courses.AssetID) error) *jobs.Service {
	s := jobs.NewService(w.App.DB.Jobs(), w.App.Now)
	s.Lease = lease
	s.Alone(media.TranscodeJob, media.TranscodePatience, func(ctx context.Context, payload []byte) error {
		var id courses.AssetID
		if err := json.Unmarshal(payload, &id); err != nil {
			return err
		}
		return transcode(ctx, id)
	})
	return s
}

func TestFilmsAreServedForSlowNetworks(t *testing.T) {
	w := apptest.New(t)
	author, learner := w.SignIn(t, "tacgia"), w.SignIn(t, "hocvien")
	a := uploaded(t, w, author, "Bài giảng.mp4", lecture(t))
	base := "/media/" + string(a.ID)
	if a.State != "ready" || a.Transcode != "waiting" || a.URL == "" || len(a.Renditions) > 0 {
		t.Fatalf("before anybody transcodes it is %+v", a)
	}
	if x := ask(t, author.HTTP, "GET", w.URL+base+"/master.m3u8", ""); x.Status != 404 {
		t.Errorf("its playlist answers %d", x.Status)
	}
	if status, code := author.Do("POST", "/api/assets/"+string(a.ID)+"/retry", nil, nil); status != 409 || code != "media.not_failed" {
		t.Errorf("trying again what waits answers %d %s", status, code)
	}
	if err := w.App.Services.Media.Transcode(t.Context(), a.ID); err != nil {
		t.Fatal(err)
	}
	author.Must("GET", "/api/assets/"+string(a.ID), nil, &a)
	var names []string
	for _, r := range a.Renditions {
		names = append(names, r.Name)
		if x := ask(t, author.HTTP, "GET", w.URL+r.URL, "", "Range", "bytes=4-7"); x.Status != 206 || string(x.Body) != "ftyp" {
			t.Errorf("%s answers %d %q", r.URL, x.Status, x.Body)
		}
	}
	if strings.Join(names, " ") != "240p audio 480p" || a.Transcode != "ready" || a.Progress != 100 || a.HLSURL != base+"/master.m3u8" || a.ThumbsURL != base+"/thumbs.vtt" {
		t.Errorf("it became %+v", a)
	}
	if x := ask(t, learner.HTTP, "GET", w.URL+base+"/480p.mp4", ""); x.Status != 403 {
		t.Errorf("a learner sees a draft: %d", x.Status)
	}
	publish(t, w, a.ID)
	playlistsLead(t, w, learner, base)
}

// playlistsLead follows a player from the playlist of all to the bytes.
func playlistsLead(t *testing.T, w *apptest.World, c *apptest.Client, base string) {
	t.Helper()
	all := ask(t, c.HTTP, "GET", w.URL+base+"/master.m3u8", "")
	if all.Status != 200 || all.Header.Get("Content-Type") != "application/vnd.apple.mpegurl" || strings.Count(string(all.Body), ".m3u8") != 3 {
		t.Fatalf("the playlist of all answers %d %s", all.Status, all.Body)
	}
	one := ask(t, c.HTTP, "GET", w.URL+base+"/240p.m3u8", "")
	ranges := regexp.MustCompile(`EXT-X-BYTERANGE:(\d+)@(\d+)`).FindAllStringSubmatch(string(one.Body), -1)
	if one.Status != 200 || len(ranges) != 3 {
		t.Fatalf("the playlist answers %d %s", one.Status, one.Body)
	}
	for _, r := range ranges {
		bytes, _ := strconv.Atoi(r[1])
		offset, _ := strconv.Atoi(r[2])
		x := ask(t, c.HTTP, "GET", w.URL+base+"/240p.mp4", "", "Range", fmt.Sprintf("bytes=%d-%d", offset, offset+bytes-1))
		if x.Status != 206 || len(x.Body) != bytes || string(x.Body[4:8]) != "moof" {
			t.Errorf("the segment at %d answers %d, %d bytes", offset, x.Status, len(x.Body))
		}
	}
	if x := ask(t, c.HTTP, "GET", w.URL+base+"/thumbs.vtt", ""); x.Status != 200 || !strings.Contains(string(x.Body), "thumbs.jpg#xywh=160,0,160,90") {
		t.Errorf("the small pictures answer %d %s", x.Status, x.Body)
	}
	if x := ask(t, c.HTTP, "GET", w.URL+base+"/thumbs.jpg", ""); x.Status != 200 || x.Header.Get("Content-Type") != "image/jpeg" {
		t.Errorf("the small pictures answer %d", x.Status)
	}
}

// What a worker elsewhere makes is served at once, also where the film was read before.
func TestWhatAnotherServerMadeIsServed(t *testing.T) {
	w := apptest.New(t)
	author, learner := w.SignIn(t, "tacgia"), w.SignIn(t, "hocvien")
	a := uploaded(t, w, author, "a.mp4", lecture(t))
	publish(t, w, a.ID)
	base := w.URL + "/media/" + string(a.ID)
	elsewhere := another(t, w)
	ask(t, learner.HTTP, "GET", base+"/source", "", "Range", "bytes=4-7") // this server has read it
	if err := elsewhere.Services.Media.Transcode(t.Context(), a.ID); err != nil {
		t.Fatal(err)
	}
	if x := ask(t, learner.HTTP, "GET", base+"/240p.mp4", "", "Range", "bytes=4-7"); x.Status != 206 {
		t.Errorf("the lighter form answers %d", x.Status)
	}
	playlistsLead(t, w, learner, "/media/"+string(a.ID))
}

func TestTheSameFilmIsTranscodedOnce(t *testing.T) {
	w := apptest.New(t)
	author, film := w.SignIn(t, "tacgia"), lecture(t)
	first := uploaded(t, w, author, "a.mp4", film)
	if err := w.App.Services.Media.Transcode(t.Context(), first.ID); err != nil {
		t.Fatal(err)
	}
	second := uploaded(t, w, author, "b.mp4", film)
	began := time.Now()
	if err := w.App.Services.Media.Transcode(t.Context(), second.ID); err != nil {
		t.Fatal(err)
	}
	took := time.Since(began)
	author.Must("GET", "/api/assets/"+string(second.ID), nil, &second)
	if second.Transcode != "ready" || len(second.Renditions) != 3 || took > time.Second {
		t.Errorf("after %s it is %+v", took, second)
	}
}

// A worker that is killed leaves a job, a lease and renditions; another goes on
// behind them.
func TestAnotherWorkerGoesOnWhereOneWasKilled(t *testing.T) {
	w := apptest.New(t)
	author := w.SignIn(t, "tacgia")
	a := uploaded(t, w, author, "a.mp4", lecture(t))
	// The demo's film waits as well; it is not what this test is about.
	if _, err := w.App.DB.Raw().Collection("jobs").DeleteMany(t.Context(), bson.M{"kind": media.TranscodeJob, "payload": bson.M{"$ne": []byte(`"` + string(a.ID) + `"`)}}); err != nil {
		t.Fatal(err)
	}
	store := w.App.DB.Jobs()
	dead, found, err := store.Take(t.Context(), []string{media.TranscodeJob}, w.App.Now(), w.App.Now().Add(time.Minute))
	if err != nil || !found {
		t.Fatal(found, err)
	}
	dying, kill := context.WithCancel(t.Context())
	killed := make(chan error, 1)
	go func() { killed <- w.App.Services.Media.Transcode(dying, a.ID) }()
	eventually(t, "the first rendition is there", func() bool {
		author.Must("GET", "/api/assets/"+string(a.ID), nil, &a)
		return len(a.Renditions) > 0
	})
	kill()
	if err := <-killed; err == nil {
		t.Fatal("it was done before it died")
	}
	second := worker(w, time.Minute, w.App.Services.Media.Transcode)
	if second.Step(t.Context()) {
		t.Error("another took it while the lease stands")
	}
	w.Pass(time.Minute + time.Second)
	if !second.Step(t.Context()) || second.Step(t.Context()) {
		t.Error("nobody, or somebody twice, went on")
	}
	if mine, err := store.Hold(t.Context(), dead, w.App.Now()); err != nil || mine {
		t.Errorf("the dead one holds it: %v, %v", mine, err)
	}
	author = w.SignIn(t, "tacgia")
	author.Must("GET", "/api/assets/"+string(a.ID), nil, &a)
	if a.Transcode != "ready" || len(a.Renditions) != 3 {
		t.Errorf("it became %+v", a)
	}
	if left, _ := filepath.Glob(filepath.Join(os.TempDir(), "haidang-*", "job-*")); len(left) > 0 {
		t.Logf("in the place for jobs lies %v", left) // perhaps another test's
	}
}

func TestATranscodingThatFailedIsTriedAgain(t *testing.T) {
	w := apptest.New(t)
	author, learner := w.SignIn(t, "tacgia"), w.SignIn(t, "hocvien")
	a := uploaded(t, w, author, "a.mp4", lecture(t))
	path := "/api/assets/" + string(a.ID)
	// A refusal of the encoder, as the job would note it.
	if err := w.App.DB.Media().SaveTranscode(t.Context(), a.ID, media.Transcoding{State: media.Broken, Problem: "media.transcode_failed"}, media.Waiting); err != nil {
		t.Fatal(err)
	}
	author.Must("GET", path, nil, &a)
	if a.State != "ready" || a.Transcode != "failed" || a.Problem != "media.transcode_failed" || a.URL == "" {
		t.Errorf("it is %+v", a)
	}
	publish(t, w, a.ID)
	if status, code := learner.Do("POST", path+"/retry", nil, nil); status != 403 {
		t.Errorf("a learner tries again: %d %s", status, code)
	}
	a = handlers.AssetView{}
	author.Must("POST", path+"/retry", nil, &a)
	if a.Transcode != "waiting" || a.Problem != "" {
		t.Errorf("trying again it is %+v", a)
	}
	if status, _ := author.Do("POST", path+"/retry", nil, nil); status != 409 {
		t.Errorf("trying again twice answers %d", status)
	}
	s := worker(w, time.Minute, w.App.Services.Media.Transcode)
	for s.Step(t.Context()) {
	}
	w.Pass(11 * time.Second) // published assets stay in memory for ten
	author.Must("GET", path, nil, &a)
	if a.Transcode != "ready" || len(a.Renditions) != 3 {
		t.Errorf("it became %+v", a)
	}
}

func TestAnOrganisationHasSoMuchRoom(t *testing.T) {
	w := apptest.New(t)
	author := w.SignIn(t, "tacgia")
	var before, after handlers.StorageView
	author.Must("GET", "/api/studio/storage?owner=SNV", nil, &before)
	if before.Files < 2 || before.Bytes < 10_000 || before.CapBytes != 0 {
		t.Errorf("it keeps %+v", before)
	}
	w.App.Services.Media.CapBytes = before.Bytes + 1000
	announce := func(bytes int64) (int, string) {
		return author.Do("POST", "/api/uploads", map[string]any{"name": "a.pdf", "bytes": bytes, "owner": "SNV"}, nil)
	}
	if status, code := announce(1001); status != 413 || code != "media.storage_full" {
		t.Errorf("more than there is room for answers %d %s", status, code)
	}
	if status, code := announce(1000); status != 200 {
		t.Errorf("what there is room for answers %d %s", status, code)
	}
	if status, code := announce(1); status != 413 || code != "media.storage_full" {
		t.Errorf("beside an upload under way one byte answers %d %s", status, code)
	}
	author.Must("GET", "/api/studio/storage?owner=SNV", nil, &after)
	if after.Bytes != before.Bytes+1000 || after.CapBytes != before.Bytes+1000 || after.Files != before.Files {
		t.Errorf("it keeps %+v, before %+v", after, before)
	}
}

func TestAdministratorsLetAnOrganisationKeepMoreOrLess(t *testing.T) {
	w := apptest.New(t)
	w.App.Services.Media.CapBytes = 1 << 40
	author, admin := w.SignIn(t, "tacgia"), w.SignIn(t, "quantri")
	var kept handlers.StorageView
	author.Must("GET", "/api/studio/storage?owner=SNV", nil, &kept)
	announce := func(bytes int64) string {
		status, code := author.Do("POST", "/api/uploads", map[string]any{"name": "a.pdf", "bytes": bytes, "owner": "SNV"}, nil)
		return fmt.Sprintf("%d %s", status, code)
	}
	var set handlers.UnitStorage
	admin.Must("GET", "/api/units/SNV/storage", nil, &set)
	if set.StorageView != kept || set.CapBytes != 1<<40 || set.OwnBytes != 0 || set.SetAt != nil || set.SetBy != "" {
		t.Errorf("before anybody set anything it is %+v", set)
	}
	let := func(bytes int64) {
		t.Helper()
		admin.Must("PUT", "/api/units/SNV/storage", map[string]any{"capBytes": bytes}, &set)
	}
	let(kept.Bytes + 1000)
	var me handlers.Me
	admin.Must("GET", "/api/me", nil, &me)
	if set.CapBytes != kept.Bytes+1000 || set.OwnBytes != kept.Bytes+1000 || set.Bytes != kept.Bytes || set.SetBy != me.FullName || set.SetAt == nil || set.SetAt.Sub(w.App.Now()).Abs() > time.Minute {
		t.Errorf("it is set to %+v", set)
	}
	for _, c := range []struct {
		bytes int64
		want  string
	}{{1001, "413 media.storage_full"}, {1000, "200 "}, {1, "413 media.storage_full"}} {
		if got := announce(c.bytes); got != c.want {
			t.Errorf("%d bytes more: %q, want %q", c.bytes, got, c.want)
		}
	}
	// Less than there is takes nothing away; another organisation has its own.
	let(1)
	author.Must("GET", "/api/studio/storage?owner=SNV", nil, &kept)
	if kept.CapBytes != 1 || kept.Bytes <= 1 {
		t.Errorf("its author sees %+v", kept)
	}
	if status, code := w.SignIn(t, "xuatban").Do("POST", "/api/uploads", map[string]any{"name": "a.pdf", "bytes": 1 << 20, "owner": "STP"}, nil); status != 200 {
		t.Errorf("another organisation's upload answers %d %s", status, code)
	}
	let(0)
	if set.CapBytes != 1<<40 || set.OwnBytes != 0 || announce(1) != "200 " {
		t.Errorf("back at the settings it is %+v", set)
	}
	if status, code := author.Do("PUT", "/api/units/SNV/storage", map[string]any{"capBytes": 1}, nil); status != 403 || code != "courses.forbidden" || announce(1) != "200 " {
		t.Errorf("its author sets a cap: %d %s", status, code)
	}
	for path, bytes := range map[string]int64{"SNV": -1, "STP": 1_000_000_000_000_001} {
		if status, code := admin.Do("PUT", "/api/units/"+path+"/storage", map[string]any{"capBytes": bytes}, nil); status != 422 || code != "media.bad_cap" {
			t.Errorf("%d bytes answer %d %s", bytes, status, code)
		}
	}
	if status, code := admin.Do("PUT", "/api/units/NOWHERE/storage", map[string]any{"capBytes": 1}, nil); status != 422 || code != "staff.no_such_unit" {
		t.Errorf("a unit that is none answers %d %s", status, code)
	}
}
