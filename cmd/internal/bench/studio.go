package bench

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"haidang/courses"
	"haidang/courses/media"
	"haidang/storage/transcode"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/valyala/fasthttp"
	"go.mongodb.org/mongo-driver/bson"
)

// Of the file that is uploaded: 1 GiB, so many parts at the same time.
const (
	uploadParts   = 128
	uploadSenders = 4
)

// studio measures what departments do.
func (w *world) studio(ctx context.Context) ([]*Row, error) {
	rows, err := w.uploads(ctx)
	if err != nil {
		return rows, err
	}
	more, err := w.flags(ctx)
	if rows = append(rows, more...); err != nil {
		return rows, err
	}
	more, err = transcoding(ctx, w.stores.config.FFmpeg)
	return append(rows, more...), err
}

// uploads sends a file through the server and straight to the object store. The
// parts are thrown away at the end.
func (w *world) uploads(ctx context.Context) ([]*Row, error) {
	author, err := signIn(w.server.host, "tacgia")
	if err != nil {
		return nil, err
	}
	part := make([]byte, media.PartBytes)
	if _, err := rand.NewChaCha8([32]byte{129}).Read(part); err != nil {
		return nil, fmt.Errorf("make a part: %w", err)
	}
	copy(part, "\x00\x00\x00\x20ftypisom")
	before, err := resident(w.server.PID(), residentNow)
	if err == nil {
		err = forgetPeak(w.server.PID())
	}
	if err != nil {
		return nil, err
	}
	ours, err := w.throughServer(ctx, author, part)
	if err != nil {
		return nil, err
	}
	peak, err := resident(w.server.PID(), residentPeak)
	if err != nil {
		return nil, err
	}
	raw, err := w.straight(ctx, part)
	if err != nil {
		return nil, err
	}
	row := quantity("upload of 1 GiB in parts", "MiB/s", 1024/ours.Seconds())
	row.Raw, row.Ratio = fmt.Sprintf("%.3g MiB/s", 1024/raw.Seconds()), raw.Seconds()/ours.Seconds()
	return []*Row{
		row.atLeastRaw(0.6),
		quantity("the same: the server's peak memory above what it had", "MiB", mebibytes(max(0, peak-before))).atMost(128, "MiB"),
	}, nil
}

// throughServer announces a file and sends its parts.
func (w *world) throughServer(ctx context.Context, author *user, part []byte) (time.Duration, error) {
	var u struct {
		ID courses.UploadID `json:"id"`
	}
	if err := author.ask("/api/uploads", map[string]any{"name": "bench.mp4", "bytes": uploadParts * media.PartBytes, "owner": "SNV"}, &u); err != nil {
		return 0, err
	}
	senders := author.copies(uploadSenders)
	took, err := send(ctx, func(_ context.Context, sender, n int) error {
		sum := sha256.Sum256(part)
		s := senders[sender]
		s.req.Reset()
		s.req.Header.SetMethod(fasthttp.MethodPut)
		s.req.Header.Set("X-Part-Sha256", hex.EncodeToString(sum[:]))
		s.req.Header.SetContentType("application/octet-stream")
		s.req.SetBodyRaw(part)
		_, err := s.send(fmt.Sprintf("/api/uploads/%s/parts/%d", u.ID, n))
		return err
	})
	if err != nil {
		return 0, err
	}
	var d struct {
		Multipart string `bson:"multipart"`
	}
	if err := w.db.Collection("uploads").FindOneAndDelete(ctx, bson.D{{Key: "_id", Value: u.ID}}).Decode(&d); err != nil {
		return 0, fmt.Errorf("forget the upload: %w", err)
	}
	return took, w.objects.AbortMultipartUpload(ctx, w.stores.config.S3Bucket, "u/"+string(u.ID), d.Multipart)
}

// straight sends the same parts to the object store itself.
func (w *world) straight(ctx context.Context, part []byte) (time.Duration, error) {
	bucket, key := w.stores.config.S3Bucket, "u/bench"
	id, err := w.objects.NewMultipartUpload(ctx, bucket, key, minio.PutObjectOptions{})
	if err != nil {
		return 0, fmt.Errorf("begin a raw upload: %w", err)
	}
	took, err := send(ctx, func(ctx context.Context, _, n int) error {
		sum := sha256.Sum256(part)
		_, err := w.objects.PutObjectPart(ctx, bucket, key, id, n, bytes.NewReader(part), int64(len(part)), minio.PutObjectPartOptions{Sha256Hex: hex.EncodeToString(sum[:])})
		return err
	})
	if aborted := w.objects.AbortMultipartUpload(ctx, bucket, key, id); err == nil {
		err = aborted
	}
	return took, err
}

// send has the senders share out the parts, and says how long that took.
func send(ctx context.Context, part func(ctx context.Context, sender, n int) error) (time.Duration, error) {
	var next atomic.Int64
	var failed atomic.Pointer[error]
	var sending sync.WaitGroup
	begin := time.Now()
	for sender := range uploadSenders {
		sending.Go(func() {
			for n := next.Add(1); n <= uploadParts && failed.Load() == nil; n = next.Add(1) {
				if err := part(ctx, sender, int(n)); err != nil {
					failed.Store(&err)
				}
			}
		})
	}
	sending.Wait()
	if err := failed.Load(); err != nil {
		return 0, *err
	}
	return time.Since(begin), nil
}

// ask posts JSON and decodes the answer.
func (u *user) ask(path string, in, out any) error { return u.call(fasthttp.MethodPost, path, in, out) }

func (u *user) call(method, path string, in, out any) error {
	body, err := json.Marshal(in)
	if err != nil {
		return fmt.Errorf("ask %s: %w", path, err)
	}
	u.req.Reset()
	u.req.Header.SetMethod(method)
	u.req.Header.SetContentType("application/json")
	u.req.SetBodyRaw(body)
	b, err := u.send(path)
	if err == nil {
		err = json.Unmarshal(b, out)
	}
	return err
}

// filmSeconds is how long the film is that is transcoded.
const filmSeconds = 20

// transcoding measures the processor time of all renditions of a film of 720p
// beside the bare program with the same settings.
func transcoding(ctx context.Context, ffmpeg string) ([]*Row, error) {
	dir, err := os.MkdirTemp("", "haidang-bench-")
	if err != nil {
		return nil, fmt.Errorf("make a temporary folder: %w", err)
	}
	defer os.RemoveAll(dir)
	source := filepath.Join(dir, "source.mp4")
	cmd := exec.CommandContext(ctx, ffmpeg, "-loglevel", "error", "-nostdin", "-f", "lavfi", "-i", fmt.Sprintf("testsrc2=s=1280x720:r=25:d=%d", filmSeconds),
		"-f", "lavfi", "-i", fmt.Sprintf("sine=f=330:d=%d", filmSeconds), "-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p", "-c:a", "aac", source)
	if out, err := cmd.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("make a film: %w: %s", err, out)
	}
	facts := media.Facts{DurationMs: filmSeconds * 1000, Width: 1280, Height: 720}
	names := []string{"240p", "480p", "720p", "audio", "thumbs"}
	encoder := transcode.New(ffmpeg)
	ours, err := children(func() error {
		for _, name := range names {
			if _, err := encoder.Recording(ctx, source, dir, name, facts, nil); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	raw, err := children(func() error {
		for _, name := range names {
			args := append([]string{"-y", "-loglevel", "error", "-nostdin"}, transcode.Args(name, source, filepath.Join(dir, "raw-"+name+".mp4"), facts)...)
			if name == "thumbs" {
				args[len(args)-1] = filepath.Join(dir, "raw.jpg")
			}
			if out, err := exec.CommandContext(ctx, ffmpeg, args...).CombinedOutput(); err != nil {
				return fmt.Errorf("transcode %s: %w: %s", name, err, out)
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	each := func(cpu time.Duration) float64 { return cpu.Seconds() * 60 / filmSeconds }
	row := quantity("transcoding a minute of 720p into all renditions", "CPU-s", each(ours))
	row.Raw, row.Ratio = fmt.Sprintf("%.3g CPU-s", each(raw)), ours.Seconds()/raw.Seconds()
	return []*Row{row.budget("≤ 1.1 × bare ffmpeg", row.Ratio <= 1.1)}, nil
}

// children is the processor time of the processes that do starts and waits for.
func children(do func() error) (time.Duration, error) {
	used := func() (time.Duration, error) {
		var u syscall.Rusage
		err := syscall.Getrusage(syscall.RUSAGE_CHILDREN, &u)
		return time.Duration(u.Utime.Nano() + u.Stime.Nano()), err
	}
	before, err := used()
	if err == nil {
		err = do()
	}
	if err != nil {
		return 0, err
	}
	after, err := used()
	return after - before, err
}
