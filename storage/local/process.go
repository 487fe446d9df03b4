// Package local runs the real mongod, MinIO and versitygw as supervised child
// processes on loopback, for `make run` and for the tests. A child never
// outlives its parent, even a parent that is killed.
package local

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"time"
)

// Process is a child under supervision.
type Process struct {
	name string
	cmd  *exec.Cmd
	done chan struct{}
	err  error // valid after done
	tail *tail
}

// Start runs a binary. The thread that starts a child is kept until the child
// ends, because the kernel's parent-death signal follows the thread.
func Start(name, binary string, args, env []string) (*Process, error) {
	p := &Process{name: name, done: make(chan struct{}), tail: &tail{}}
	p.cmd = exec.Command(binary, args...)
	p.cmd.Env = append(os.Environ(), env...)
	p.cmd.Stdout, p.cmd.Stderr = p.tail, p.tail
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL, Setpgid: true}
	started := make(chan error)
	go func() {
		runtime.LockOSThread()
		defer close(p.done)
		err := p.cmd.Start()
		started <- err
		if err == nil {
			p.err = p.cmd.Wait()
		}
	}()
	if err := <-started; err != nil {
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	return p, nil
}

// Name is what the child is called in messages.
func (p *Process) Name() string { return p.name }

// PID is the child's process id.
func (p *Process) PID() int { return p.cmd.Process.Pid }

// Done is closed when the child has ended, for whatever reason.
func (p *Process) Done() <-chan struct{} { return p.done }

// Failure explains a child that ended by itself, with its last words.
func (p *Process) Failure() error {
	words := p.tail.lastLines()
	if words != "" {
		words = ": " + words
	}
	if p.err == nil {
		return fmt.Errorf("%s stopped by itself%s", p.name, words)
	}
	return fmt.Errorf("%s stopped (%w)%s", p.name, p.err, words)
}

// Kill ends the child at once, as a power cut would.
func (p *Process) Kill() {
	if err := p.cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return
	}
	<-p.done
}

// Stop asks the child to end, and kills it when it has not within patience.
func (p *Process) Stop(patience time.Duration) {
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return
	}
	select {
	case <-p.done:
	case <-time.After(patience):
		p.Kill()
	}
}

// until calls ready every 50 ms until it succeeds, the child ends or ctx ends.
func (p *Process) until(ctx context.Context, ready func(ctx context.Context) error) error {
	for {
		err := ready(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-p.done:
			return p.Failure()
		case <-ctx.Done():
			return fmt.Errorf("%s does not answer (%w): %s", p.name, err, p.tail.lastLines())
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// tail keeps the end of what a child prints.
type tail struct {
	mu  sync.Mutex
	buf []byte
}

const tailBytes = 16 << 10

func (t *tail) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.buf = append(t.buf, b...)
	if len(t.buf) > tailBytes {
		_, whole, _ := bytes.Cut(t.buf[len(t.buf)-tailBytes:], []byte("\n"))
		t.buf = bytes.Clone(whole)
	}
	return len(b), nil
}

// lastLines is the end of what matters in it.
func (t *tail) lastLines() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	var lines []string
	for line := range strings.SplitSeq(strings.TrimSpace(string(t.buf)), "\n") {
		if line = matters(line); line != "" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines[max(0, len(lines)-5):], "\n")
}

// matters is a line in words: of mongod's log, which is JSON, only errors.
func matters(line string) string {
	var entry struct {
		Severity string `json:"s"`
		Message  string `json:"msg"`
		More     struct {
			Error any `json:"error"`
		} `json:"attr"`
	}
	if json.Unmarshal([]byte(line), &entry) != nil || entry.Severity == "" {
		return line
	}
	if entry.Severity != "E" && entry.Severity != "F" {
		return ""
	}
	if entry.More.Error == nil {
		return entry.Message
	}
	return fmt.Sprintf("%s: %v", entry.Message, entry.More.Error)
}

var _ io.Writer = (*tail)(nil)

// FreePort finds a loopback port that nobody listens on. It lies below those that
// Linux gives to outgoing connections, so that none of them takes it before it is
// used.
func FreePort() (int, error) {
	for range 100 {
		if port := 20_000 + rand.IntN(12_000); !PortTaken(port) {
			return port, nil
		}
	}
	return 0, errors.New("find a free port: all that were tried are taken")
}

// PortTaken says whether somebody already listens on a loopback port.
func PortTaken(port int) bool {
	l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
	if err != nil {
		return true
	}
	return l.Close() != nil
}

// Find looks for a program: on the PATH, then in the project's .cache/bin,
// seen from the working directory upwards.
func Find(program string) (string, error) {
	if path, err := exec.LookPath(program); err == nil {
		return path, nil
	}
	dir, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("find %s: %w", program, err)
	}
	for ; ; dir = filepath.Dir(dir) {
		path := filepath.Join(dir, ".cache", "bin", program)
		if info, err := os.Stat(path); err == nil && !info.IsDir() {
			return path, nil
		}
		if dir == filepath.Dir(dir) {
			return "", fmt.Errorf("%s is neither on the PATH nor in .cache/bin: run `make tools`", program)
		}
	}
}
