package minio_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"haidang/courses"
	"haidang/courses/media"
	"haidang/storage/local"
	"haidang/storage/local/localtest"
	"haidang/storage/minio"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	raw "github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

func TestMain(m *testing.M) { localtest.Main(m) }

// engines are the stores that keep the contract.
var engines = map[string]func(testing.TB) *local.S3{"MinIO": localtest.MinIO, "versitygw": localtest.VersityGW}

// bucket is a store's bucket of one test, as the program sees it and as any
// other client does.
type bucket struct {
	*minio.Objects
	store *local.S3
	name  string
	other raw.Core
}

func config(s *local.S3, name string) minio.Config {
	return minio.Config{Endpoint: "http://" + s.Endpoint, Region: "us-east-1", Bucket: name, AccessKey: s.AccessKey, SecretKey: s.SecretKey}
}

// open makes a bucket that goes with the test.
func open(t *testing.T, s *local.S3) bucket {
	t.Helper()
	b := connect(t, s)
	t.Cleanup(func() {
		if err := b.Drop(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return b
}

func connect(t *testing.T, s *local.S3) bucket {
	t.Helper()
	name := "t" + courses.NewID[string](time.Now())
	objects, err := minio.Open(config(s, name))
	if err != nil {
		t.Fatal(err)
	}
	if err := objects.Prepare(t.Context()); err != nil {
		t.Fatal(err)
	}
	other, err := raw.NewCore(s.Endpoint, &raw.Options{Creds: credentials.NewStaticV4(s.AccessKey, s.SecretKey, ""), Region: "us-east-1"})
	if err != nil {
		t.Fatal(err)
	}
	return bucket{Objects: objects, store: s, name: name, other: *other}
}

// onEach runs a test of the contract on every engine.
func onEach(t *testing.T, test func(t *testing.T, b bucket)) {
	for name, start := range engines {
		t.Run(name, func(t *testing.T) { test(t, open(t, start(t))) })
	}
}

// noise is n bytes that are the same for the same seed.
func noise(seed uint64, n int) []byte {
	b := make([]byte, n)
	var key [32]byte
	key[0] = byte(seed)
	_, _ = rand.NewChaCha8(key).Read(b)
	return b
}

func sum(b []byte) string {
	s := sha256.Sum256(b)
	return hex.EncodeToString(s[:])
}

func (b bucket) begin(t *testing.T, key string) string {
	t.Helper()
	multipart, err := b.Begin(t.Context(), key, "video/mp4")
	if err != nil {
		t.Fatal(err)
	}
	return multipart
}

func (b bucket) put(t *testing.T, key, multipart string, number int, data []byte) media.Part {
	t.Helper()
	etag, err := b.PutPart(t.Context(), key, multipart, number, data, sum(data))
	if err != nil {
		t.Fatal(err)
	}
	return media.Part{Number: number, ETag: etag, SHA256: sum(data), Bytes: int64(len(data))}
}

func (b bucket) write(t *testing.T, key string, data []byte) {
	t.Helper()
	if err := b.Write(t.Context(), key, "image/jpeg", data); err != nil {
		t.Fatal(err)
	}
}

func (b bucket) read(t *testing.T, key string, offset, length int64) []byte {
	t.Helper()
	body, err := b.Read(t.Context(), key, offset, length)
	if err != nil {
		t.Fatal(err)
	}
	defer body.Close()
	data, err := io.ReadAll(body)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// there checks whether a key has an object, and of what size.
func (b bucket) there(t *testing.T, key string, want int64) {
	t.Helper()
	size, found, err := b.Size(t.Context(), key)
	if err != nil || found != (want >= 0) || found && size != want {
		t.Errorf("%s has %d bytes, %v, %v; want %d", key, size, found, err, want)
	}
}

// unfinished counts the multipart uploads of a key that any client sees.
func (b bucket) unfinished(t *testing.T, key string) int {
	t.Helper()
	list, err := b.other.ListMultipartUploads(t.Context(), b.name, key, "", "", "", 100)
	if err != nil {
		t.Fatal(err)
	}
	return len(list.Uploads)
}

func TestAFileIsJoinedFromPartsThatCameInAnyOrder(t *testing.T) {
	onEach(t, func(t *testing.T, b bucket) {
		const key = "u/019ab3c4"
		file := noise(1, 2*media.PartBytes+12_345)
		multipart := b.begin(t, key)
		if b.unfinished(t, key) != 1 {
			t.Error("an upload under way is not seen")
		}
		third := b.put(t, key, multipart, 3, file[2*media.PartBytes:])
		b.put(t, key, multipart, 1, noise(2, media.PartBytes)) // and again, with the right bytes
		first := b.put(t, key, multipart, 1, file[:media.PartBytes])
		second := b.put(t, key, multipart, 2, file[media.PartBytes:2*media.PartBytes])
		b.put(t, key, multipart, 2, file[media.PartBytes:2*media.PartBytes])
		b.there(t, key, -1)
		size, err := b.Finish(t.Context(), key, multipart, []media.Part{third, first, second})
		if err != nil || size != int64(len(file)) {
			t.Fatalf("it has %d bytes, %v", size, err)
		}
		b.there(t, key, size)
		for name, r := range map[string][2]int64{
			"the first byte": {0, 1}, "the last byte": {size - 1, 1}, "over the border of two parts": {media.PartBytes - 10, 20},
			"the middle": {size / 2, 1 << 20}, "the whole": {0, size},
		} {
			if got := b.read(t, key, r[0], r[1]); !bytes.Equal(got, file[r[0]:r[0]+r[1]]) {
				t.Errorf("%s: %d other bytes", name, len(got))
			}
		}
		info, err := b.other.StatObject(t.Context(), b.name, key, raw.StatObjectOptions{})
		if err != nil || info.ContentType != "video/mp4" {
			t.Errorf("its type is %q, %v", info.ContentType, err)
		}
		if b.unfinished(t, key) != 0 {
			t.Error("the upload is still under way")
		}
		// Some engines answer a second join as the first, others refuse it.
		if again, err := b.Finish(t.Context(), key, multipart, []media.Part{first, second, third}); err == nil && again != size || errors.Is(err, courses.ErrUnavailable) {
			t.Errorf("joining again gives %d bytes, %v", again, err)
		}
		if !bytes.Equal(b.read(t, key, 0, size), file) {
			t.Error("joining again changed it")
		}
	})
}

func TestTheStoreItselfRefusesBytesThatChangedOnTheWay(t *testing.T) {
	onEach(t, func(t *testing.T, b bucket) {
		const key = "u/changed"
		multipart := b.begin(t, key)
		data := noise(1, 1<<20)
		announced := sum(data)
		data[500_000] ^= 1
		if etag, err := b.PutPart(t.Context(), key, multipart, 1, data, announced); err == nil || errors.Is(err, courses.ErrUnavailable) {
			t.Fatalf("a changed part gives %q, %v", etag, err)
		}
		parts, err := b.other.ListObjectParts(t.Context(), b.name, key, multipart, 0, 100)
		if err != nil || len(parts.ObjectParts) != 0 {
			t.Errorf("its parts are %+v, %v", parts.ObjectParts, err)
		}
		data[500_000] ^= 1
		part := b.put(t, key, multipart, 1, data)
		if _, err := b.Finish(t.Context(), key, multipart, []media.Part{part}); err != nil {
			t.Error(err)
		}
		if !bytes.Equal(b.read(t, key, 0, 1<<20), data) {
			t.Error("it has other bytes")
		}
	})
}

func TestPartsThatAreNotThereAreNotJoined(t *testing.T) {
	onEach(t, func(t *testing.T, b bucket) {
		const key = "u/holes"
		multipart := b.begin(t, key)
		part := b.put(t, key, multipart, 1, noise(1, 1000))
		missing, foreign := part, part
		missing.Number = 2
		foreign.ETag = "00000000000000000000000000000000"
		for name, list := range map[string][]media.Part{"a part that never came": {part, missing}, "a part of other bytes": {foreign}} {
			if _, err := b.Finish(t.Context(), key, multipart, list); err == nil || errors.Is(err, courses.ErrUnavailable) {
				t.Errorf("%s: %v", name, err)
			}
			b.there(t, key, -1)
		}
	})
}

func TestAnAbandonedUploadLeavesNothing(t *testing.T) {
	onEach(t, func(t *testing.T, b bucket) {
		const key, kept = "u/abandoned", "u/abandoned-not"
		multipart, other := b.begin(t, key), b.begin(t, kept)
		b.put(t, key, multipart, 1, noise(1, media.PartBytes))
		b.put(t, kept, other, 1, noise(1, 1000))
		for range 2 { // abandoning again is no fault
			if err := b.Abandon(t.Context(), key, multipart); err != nil {
				t.Fatal(err)
			}
		}
		if b.unfinished(t, key) > b.unfinished(t, kept) {
			t.Error("the upload is still under way")
		}
		if parts, err := b.other.ListObjectParts(t.Context(), b.name, key, multipart, 0, 100); err == nil {
			t.Errorf("its parts are still there: %+v", parts.ObjectParts)
		}
		if _, err := b.PutPart(t.Context(), key, multipart, 1, noise(1, 10), sum(noise(1, 10))); err == nil {
			t.Error("it still takes parts")
		}
		b.there(t, key, -1)
		if b.unfinished(t, kept) != 1 {
			t.Error("another upload went with it")
		}
		if err := b.Abandon(t.Context(), kept, other); err != nil {
			t.Error(err)
		}
	})
}

func TestObjectsAreCopiedAndRemoved(t *testing.T) {
	onEach(t, func(t *testing.T, b bucket) {
		data := noise(1, 100_000)
		b.write(t, "u/staged", data)
		if err := b.Copy(t.Context(), "u/staged", "m/ab/source"); err != nil {
			t.Fatal(err)
		}
		b.write(t, "m/ab/poster.jpg", data[:10])
		for range 2 { // removing again is no fault
			if err := b.Remove(t.Context(), "u/staged"); err != nil {
				t.Fatal(err)
			}
		}
		b.there(t, "u/staged", -1)
		b.there(t, "m/ab/source", int64(len(data)))
		if !bytes.Equal(b.read(t, "m/ab/source", 0, int64(len(data))), data) {
			t.Error("the copy has other bytes")
		}
		if err := b.Remove(t.Context(), "m/ab/source"); err != nil {
			t.Fatal(err)
		}
		b.there(t, "m/ab/source", -1)
		b.there(t, "m/ab/poster.jpg", 10) // its neighbour stays
		b.write(t, "m/ab/poster.jpg", data[:20])
		b.there(t, "m/ab/poster.jpg", 20)
		if err := b.Copy(t.Context(), "u/staged", "m/cd/source"); err == nil || errors.Is(err, courses.ErrUnavailable) {
			t.Errorf("copying what is not there gives %v", err)
		}
		b.there(t, "m/cd/source", -1)
	})
}

func TestWhatIsNotThereIsNotFound(t *testing.T) {
	onEach(t, func(t *testing.T, b bucket) {
		b.write(t, "m/ab/source", noise(1, 100))
		for _, key := range []string{"m/ab/none", "m/ab", "m", "m/ab/source/", "none"} {
			b.there(t, key, -1)
			if body, err := b.Read(t.Context(), key, 0, 1); err == nil || errors.Is(err, courses.ErrUnavailable) {
				t.Errorf("reading %s gives %v, %v", key, body, err)
			}
			if err := b.Remove(t.Context(), key); err != nil {
				t.Errorf("removing %s gives %v", key, err)
			}
		}
		b.there(t, "m/ab/source", 100)
		for _, r := range [][2]int64{{100, 1}, {1 << 40, 1}, {0, 0}, {-5, 2}} {
			if body, err := b.Read(t.Context(), "m/ab/source", r[0], r[1]); err == nil {
				got, _ := io.ReadAll(body)
				t.Errorf("reading %d bytes from %d of 100 gives %d", r[1], r[0], len(got))
			}
		}
	})
}

func TestManyServersPrepareOneBucket(t *testing.T) {
	onEach(t, func(t *testing.T, b bucket) {
		c := config(b.store, b.name+"2")
		var wg sync.WaitGroup
		for range 16 {
			o, err := minio.Open(c)
			if err != nil {
				t.Fatal(err)
			}
			wg.Go(func() {
				if err := errors.Join(o.Prepare(t.Context()), o.Ping(t.Context())); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		last, err := minio.Open(c)
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(last.Write(t.Context(), "kept", "text/plain", []byte("x")), last.Prepare(t.Context())); err != nil {
			t.Error(err)
		}
		if _, found, err := last.Size(t.Context(), "kept"); err != nil || !found {
			t.Errorf("preparing again leaves an object: %v, %v", found, err)
		}
		if err := last.Drop(t.Context()); err != nil {
			t.Error(err)
		}
		if found, err := b.other.BucketExists(t.Context(), c.Bucket); err != nil || found {
			t.Errorf("a dropped bucket is there: %v, %v", found, err)
		}
	})
}

func TestAStrangersKeyIsNoKey(t *testing.T) {
	onEach(t, func(t *testing.T, b bucket) {
		c := config(b.store, b.name)
		c.SecretKey += "x"
		stranger, err := minio.Open(c)
		if err != nil {
			t.Fatal(err)
		}
		if err := stranger.Write(t.Context(), "m/ab/source", "video/mp4", []byte("x")); err == nil {
			t.Error("a wrong secret key writes")
		}
		b.there(t, "m/ab/source", -1)
	})
}

// everyCall calls every method of media.Objects, and what starts and asks.
func everyCall(o *minio.Objects) map[string]func(context.Context) error {
	data := []byte("x")
	return map[string]func(context.Context) error{
		"Prepare": o.Prepare, "Ping": o.Ping,
		"Begin":   func(ctx context.Context) error { _, err := o.Begin(ctx, "u/a", "video/mp4"); return err },
		"PutPart": func(ctx context.Context) error { _, err := o.PutPart(ctx, "u/a", "m", 1, data, sum(data)); return err },
		"Finish": func(ctx context.Context) error {
			_, err := o.Finish(ctx, "u/a", "m", []media.Part{{Number: 1, ETag: "x"}})
			return err
		},
		"Abandon": func(ctx context.Context) error { return o.Abandon(ctx, "u/a", "m") },
		"Size":    func(ctx context.Context) error { _, _, err := o.Size(ctx, "u/a"); return err },
		"Read":    func(ctx context.Context) error { _, err := o.Read(ctx, "u/a", 0, 1); return err },
		"Write":   func(ctx context.Context) error { return o.Write(ctx, "u/a", "video/mp4", data) },
		"Copy":    func(ctx context.Context) error { return o.Copy(ctx, "u/a", "u/b") },
		"Remove":  func(ctx context.Context) error { return o.Remove(ctx, "u/a") },
	}
}

// unavailable checks that every call says so, at once.
func unavailable(t *testing.T, o *minio.Objects, within time.Duration) {
	t.Helper()
	var wg sync.WaitGroup
	for name, call := range everyCall(o) {
		wg.Go(func() {
			ctx, cancel := context.WithTimeout(t.Context(), within)
			defer cancel()
			err := call(ctx)
			var refusal *courses.Error
			if !errors.As(err, &refusal) || refusal.Code != courses.ErrUnavailable.Code || refusal.RetryAfter == 0 {
				t.Errorf("%s gives %v, want %v with a time to try again", name, err, courses.ErrUnavailable)
			}
		})
	}
	wg.Wait()
}

func TestAStoreThatIsAwayIsUnavailable(t *testing.T) {
	dir := t.TempDir()
	secrets, err := local.OpenSecrets(dir)
	if err != nil {
		t.Fatal(err)
	}
	port, err := local.FreePort()
	if err != nil {
		t.Fatal(err)
	}
	s, err := local.StartMinIO(t.Context(), dir+"/s3", port, secrets)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Kill() })
	b := connect(t, s)
	b.write(t, "u/a", []byte("x"))

	thaw := localtest.Freeze(t, s.Process)
	unavailable(t, b.Objects, 2*time.Second)
	thaw()
	b.there(t, "u/a", 1)
	s.Kill()
	unavailable(t, b.Objects, 20*time.Second)

	again, err := local.StartMinIO(t.Context(), dir+"/s3", port, secrets)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { again.Kill() })
	if got := b.read(t, "u/a", 0, 1); string(got) != "x" {
		t.Errorf("after kill -9 it has %q", got)
	}
}

func TestAnAddressThatIsNoneIsRefused(t *testing.T) {
	for _, address := range []string{"", "127.0.0.1:9000", "http://", "not an address", "://x"} {
		if _, err := minio.Open(minio.Config{Endpoint: address, Bucket: "bucket", AccessKey: "a", SecretKey: "s"}); err == nil {
			t.Errorf("%q is taken", address)
		}
	}
	port, err := local.FreePort()
	if err != nil {
		t.Fatal(err)
	}
	o, err := minio.Open(minio.Config{Endpoint: "http://" + net.JoinHostPort("127.0.0.1", strconv.Itoa(port)), Bucket: "bucket", AccessKey: "a", SecretKey: "s"})
	if err != nil {
		t.Fatal(fmt.Errorf("opening waits for the store: %w", err))
	}
	unavailable(t, o, 20*time.Second)
}

func TestAFileOfAnySizeIsStoredWhole(t *testing.T) {
	onEach(t, func(t *testing.T, b bucket) {
		for i, n := range []int{1, 5, media.PartBytes, 2*media.PartBytes + 3} {
			data := noise(uint64(i), n)
			path := filepath.Join(t.TempDir(), "file")
			if err := os.WriteFile(path, data, 0o600); err != nil {
				t.Fatal(err)
			}
			for range 2 { // a job that runs again writes the same once more
				if size, err := b.WriteFile(t.Context(), "m/x/240p.mp4", "video/mp4", path); err != nil || size != int64(n) {
					t.Errorf("%d bytes: %d, %v", n, size, err)
				}
			}
			if !bytes.Equal(b.read(t, "m/x/240p.mp4", 0, int64(n)), data) {
				t.Errorf("%d bytes came back changed", n)
			}
		}
		if _, err := b.WriteFile(t.Context(), "m/y", "video/mp4", "/nowhere"); err == nil {
			t.Error("a file that is not there was stored")
		}
		gone, cancel := context.WithCancel(t.Context())
		cancel()
		path := filepath.Join(t.TempDir(), "file")
		if err := os.WriteFile(path, []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := b.WriteFile(gone, "m/z", "video/mp4", path); err == nil {
			t.Error("it was stored after its time")
		}
		b.there(t, "m/z", -1)
	})
}
