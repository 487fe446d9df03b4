// Package transcode makes the renditions of lesson media with ffmpeg: smaller
// pictures, and recordings for slow networks.
package transcode

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"haidang/courses/media"
	"io"
	"os/exec"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

// Encoder implements media.Encoder with an ffmpeg program.
type Encoder struct{ ffmpeg string }

// New uses the ffmpeg program of that name or path.
func New(ffmpeg string) *Encoder { return &Encoder{ffmpeg: ffmpeg} }

var _ media.Encoder = (*Encoder)(nil)

// errEncode is what ffmpeg says of a file that it cannot do.
var errEncode = errors.New("ffmpeg gave up")

// run calls ffmpeg at low priority; told hears how many milliseconds are done,
// and may be nil. When the file is at fault the error is errEncode; to be killed
// or not to be there says nothing of the file.
func (e *Encoder) run(ctx context.Context, told func(ms int64), args ...string) error {
	all := append([]string{"-n", "15", e.ffmpeg}, frame...)
	cmd := exec.CommandContext(ctx, "nice", append(all, args...)...)
	// ffmpeg ends with its worker, whatever ends that.
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	said := &tail{}
	cmd.Stderr = said
	progress, err := cmd.StdoutPipe()
	if err != nil {
		return fmt.Errorf("prepare ffmpeg: %w", err)
	}
	err = watched(cmd, progress, told)
	var exit *exec.ExitError
	switch {
	case ctx.Err() != nil:
		return fmt.Errorf("run ffmpeg: %w", ctx.Err())
	case err == nil:
		return nil
	case errors.As(err, &exit) && exit.Exited() && !slices.Contains(machines, exit.ExitCode()):
		return fmt.Errorf("%w: %s", errEncode, said)
	}
	return fmt.Errorf("run ffmpeg: %w", err)
}

// machines are the exit codes that tell of the machine: nice's own, and ffmpeg's
// for a full disk, no memory and a broken disk.
var machines = []int{125, 126, 127, 256 - int(syscall.ENOSPC), 256 - int(syscall.ENOMEM), 256 - int(syscall.EIO)}

// frame is what every call begins with: local files only, one thread, errors
// only, progress on the standard output.
var frame = []string{
	"-hide_banner", "-nostdin", "-y", "-loglevel", "error", "-protocol_whitelist", "file",
	"-threads", "1", "-filter_threads", "1", "-progress", "pipe:1", "-nostats",
}

// watched runs a command and reads its progress. The kernel ends a child with
// the thread that began it, so this one is kept until then.
func watched(cmd *exec.Cmd, progress io.Reader, told func(ms int64)) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start: %w", err)
	}
	read := readProgress(progress, told)
	return cmp.Or(cmd.Wait(), read)
}

// readProgress hears lines such as out_time_us=1234567.
func readProgress(r io.Reader, told func(ms int64)) error {
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		text, found := strings.CutPrefix(lines.Text(), "out_time_us=")
		if !found || told == nil {
			continue
		}
		if us, err := strconv.ParseInt(text, 10, 64); err == nil && us > 0 { // else N/A: nothing is done yet
			told(us / 1000)
		}
	}
	return lines.Err()
}

// tail keeps the last of what a program says.
type tail struct{ b []byte }

func (t *tail) Write(p []byte) (int, error) {
	t.b = append(t.b, p...)
	t.b = t.b[max(0, len(t.b)-2000):]
	return len(p), nil
}

func (t *tail) String() string { return string(bytes.TrimSpace(t.b)) }
