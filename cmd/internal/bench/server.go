package bench

import (
	"bytes"
	"context"
	"fmt"
	"haidang/storage/local"
	"os"
	"strconv"
	"time"

	"github.com/valyala/fasthttp"
)

// server is `haidang serve` as a process of its own.
type server struct {
	*local.Process
	host  *fasthttp.HostClient
	ready time.Duration // from its start until it answered
}

// startServer starts the program beside the stores and waits until it is ready.
func startServer(ctx context.Context, program string, s *stores) (*server, error) {
	port, err := local.FreePort()
	if err != nil {
		return nil, err
	}
	address := "127.0.0.1:" + strconv.Itoa(port)
	env := []string{
		"HAIDANG_ENV=development", "HAIDANG_LOG=warn", "HAIDANG_LISTEN=" + address, "HAIDANG_BASE_URL=http://" + address,
		"MONGODB_URI=" + s.config.MongoURI, "HAIDANG_DATABASE=" + s.config.MongoName,
		"S3_ENDPOINT=" + s.config.S3Endpoint, "S3_BUCKET=" + s.config.S3Bucket, "S3_REGION=" + s.config.S3Region,
		"S3_ACCESS_KEY=" + s.config.S3AccessKey, "S3_SECRET_KEY=" + s.config.S3SecretKey,
		"HAIDANG_FFMPEG=" + s.config.FFmpeg, "HAIDANG_TRANSCODE=false", "HAIDANG_LEDGER_ORIGIN=" + s.config.LedgerOrigin,
	}
	begin := time.Now()
	p, err := local.Start("haidang serve", program, []string{"serve"}, env)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	host := newHost(address)
	if err := wait(ctx, host, "/readyz", p.Done()); err != nil {
		p.Kill()
		return nil, fmt.Errorf("%w: %w", err, p.Failure())
	}
	return &server{Process: p, host: host, ready: time.Since(begin)}, nil
}

// stop ends the server as an operator would.
func (s *server) stop() { s.Stop(20 * time.Second) }

// Memory of a process as the kernel counts it.
const (
	residentNow  = "VmRSS:"
	residentPeak = "VmHWM:"
)

// resident is the memory of a process in bytes.
func resident(pid int, which string) (int64, error) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, fmt.Errorf("read the memory of a process: %w", err)
	}
	for line := range bytes.Lines(b) {
		fields := bytes.Fields(line)
		if len(fields) == 3 && string(fields[0]) == which {
			n, err := strconv.ParseInt(string(fields[1]), 10, 64)
			return n << 10, err
		}
	}
	return 0, fmt.Errorf("read the memory of a process: no %s", which)
}

// forgetPeak makes the kernel measure the peak from now on.
func forgetPeak(pid int) error {
	if err := os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", pid), []byte("5"), 0o200); err != nil {
		return fmt.Errorf("measure the memory of a process: %w", err)
	}
	return nil
}

// tick is the kernel's unit of processor time on every Linux that Go runs on.
const tick = 10 * time.Millisecond

// cpuOf is the processor time that processes have taken so far.
func cpuOf(pids []int) (time.Duration, error) {
	var ticks int64
	for _, pid := range pids {
		b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if err != nil {
			return 0, fmt.Errorf("read the processor time of a process: %w", err)
		}
		// The name in brackets may hold blanks; state follows it, utime is the
		// twelfth field from there and stime the next.
		fields := bytes.Fields(b[bytes.LastIndexByte(b, ')')+1:])
		if len(fields) < 13 {
			return 0, fmt.Errorf("read the processor time of a process: %q", b)
		}
		for _, field := range fields[11:13] {
			n, err := strconv.ParseInt(string(field), 10, 64)
			if err != nil {
				return 0, fmt.Errorf("read the processor time of a process: %w", err)
			}
			ticks += n
		}
	}
	return time.Duration(ticks) * tick, nil
}
