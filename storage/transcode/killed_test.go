package transcode_test

import (
	"haidang/courses/media"
	"haidang/storage/local/localtest"
	"haidang/storage/transcode"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

const workIn = "HAIDANG_TEST_WORK_IN"

// TestAWorkerThatIsKilled is the worker of the test below, in a process of its own.
func TestAWorkerThatIsKilled(t *testing.T) {
	dir := os.Getenv(workIn)
	if dir == "" {
		t.Skip("it runs for another test")
	}
	_, err := transcode.New(ffmpeg(t)).Recording(t.Context(), filepath.Join(dir, "source.mp4"), dir, "720p", media.Facts{DurationMs: 60_000, Silent: true}, nil)
	t.Error("it was not killed in time", err)
}

func TestFFmpegEndsWithTheWorkerThatIsKilled(t *testing.T) {
	source := made(t, "source.mp4", words("-f lavfi -i testsrc2=size=1280x720:rate=30:duration=60 -c:v libx264 -preset ultrafast -pix_fmt yuv420p"))
	worker := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestAWorkerThatIsKilled$")
	worker.Env = append(os.Environ(), workIn+"="+filepath.Dir(source))
	if err := worker.Start(); err != nil {
		t.Fatal(err)
	}
	localtest.Within(t, 20*time.Second, "ffmpeg runs", func() bool { return localtest.Running(t, source) > 0 })
	if err := worker.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = worker.Wait()
	localtest.Within(t, 2*time.Second, "ffmpeg is gone", func() bool { return localtest.Running(t, source) == 0 })
}
