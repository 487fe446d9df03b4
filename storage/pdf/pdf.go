// Package pdf reads PDFs page by page with PDFium, which is C++ compiled to
// WebAssembly: it can neither reach a file nor harm the server. Each file is read
// by a process of its own, this same program, so that nothing of PDFium stays in
// memory and a file that makes it loop is ended by a kill.
package pdf

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"haidang/courses/media"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// Reader implements media.Pager.
type Reader struct {
	// LookPatience is how long a processor may work on opening a file and counting
	// its pages, and PagePatience on one page. Set them before the first call, if at
	// all.
	LookPatience, PagePatience time.Duration
}

// New makes a reader.
func New() *Reader { return &Reader{LookPatience: 10 * time.Second, PagePatience: time.Minute} }

var _ media.Pager = (*Reader)(nil)

// startPatience is how long the process may take to be ready: PDFium is compiled
// when this machine has not kept it.
const startPatience = 5 * time.Minute

// errRefused is what the process says of a file that it cannot read, or what its
// silence says.
var errRefused = errors.New("PDFium cannot read this")

// Look implements media.Pager.
func (r *Reader) Look(ctx context.Context, path string) (media.Facts, error) {
	var facts media.Facts
	err := reading(ctx, path, "", func(p *process) error {
		a, err := p.open(r.LookPatience)
		facts = media.Facts{Pages: a.Pages, Width: a.Width, Height: a.Height}
		return err
	})
	return facts, err
}

// Pages implements media.Pager.
func (r *Reader) Pages(ctx context.Context, path, dir string, from int, keep func(media.Page) error) error {
	picture := filepath.Join(dir, "page.ppm")
	defer os.Remove(picture)
	return reading(ctx, path, picture, func(p *process) error {
		whole, err := p.open(r.LookPatience)
		if err != nil {
			return err
		}
		for n := 1; n <= whole.Pages; n++ {
			a, err := p.ask(request{Page: n, Draw: n >= from}, r.PagePatience)
			if errors.Is(err, errRefused) {
				return fmt.Errorf("%w (page %d)", media.ErrPages, n)
			}
			if err != nil {
				return err
			}
			page := media.Page{Number: n, Text: a.Text}
			if n >= from {
				page.Picture = picture
			}
			if err := keep(page); err != nil {
				return err
			}
		}
		return nil
	})
}

// process is the one that reads.
type process struct {
	cmd   *exec.Cmd
	in    io.WriteCloser
	lines *bufio.Scanner
}

// maxAnswer is how long an answer may be, the text of a page among them.
const maxAnswer = 4 << 20

// reading lets use ask a process that has the file open. The kernel ends that
// with the thread that began it, so this one is kept until then.
func reading(ctx context.Context, path, picture string, use func(*process) error) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	program, err := os.Executable()
	if err != nil {
		return fmt.Errorf("find this program: %w", err)
	}
	cmd := exec.CommandContext(ctx, program)
	if picture != "" { // nobody waits for pictures
		cmd = exec.CommandContext(ctx, "nice", "-n", "15", program)
	}
	cmd.Env = []string{fileEnv + "=" + path, pictureEnv + "=" + picture} // none of the server's secrets
	for _, name := range []string{"PATH", "HOME", "XDG_CACHE_HOME", "TMPDIR", "GOCOVERDIR"} {
		if value, set := os.LookupEnv(name); set {
			cmd.Env = append(cmd.Env, name+"="+value)
		}
	}
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	var said bytes.Buffer // a sentence of ours or a panic's: PDFium itself is not heard
	cmd.Stderr = &said
	in, err := cmd.StdinPipe()
	if err != nil {
		return fmt.Errorf("prepare a PDF reader: %w", err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return fmt.Errorf("prepare a PDF reader: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start a PDF reader: %w", err)
	}
	p := &process{cmd: cmd, in: in, lines: bufio.NewScanner(out)}
	p.lines.Buffer(nil, maxAnswer)
	if _, err = p.hear(startPatience); errors.Is(err, errRefused) {
		err = errors.New("the PDF reader does not begin")
	}
	if err == nil {
		err = use(p)
	}
	_ = cmd.Process.Kill() // all that it answered is read
	_ = cmd.Wait()
	switch {
	case ctx.Err() != nil:
		return fmt.Errorf("read a PDF: %w", ctx.Err())
	case errors.Is(err, io.ErrUnexpectedEOF):
		return fmt.Errorf("%w: %s", err, bytes.TrimSpace(said.Bytes()[:min(said.Len(), 2000)]))
	}
	return err
}

// open has the file opened and counted. It refuses with ErrLocked or ErrContent.
func (p *process) open(patience time.Duration) (answer, error) {
	a, err := p.ask(request{}, patience)
	switch {
	case errors.Is(err, errRefused) && a.Refused == locked:
		err = media.ErrLocked
	case errors.Is(err, errRefused), err == nil && (a.Pages < 1 || a.Pages > maxPages):
		err = media.ErrContent
	}
	return a, err
}

// maxPages is what events can name.
const maxPages = 100_000

// ask sends a request and hears the answer.
func (p *process) ask(q request, patience time.Duration) (answer, error) {
	b, err := json.Marshal(q)
	if err == nil {
		_, err = p.in.Write(append(b, '\n'))
	}
	if err != nil {
		return answer{}, fmt.Errorf("ask a PDF reader: %w", err)
	}
	return p.hear(patience)
}

// hear reads an answer. When the process works for too long it is ended, and the
// file is at fault; one that ends otherwise says nothing of the file.
func (p *process) hear(patience time.Duration) (answer, error) {
	var late atomic.Bool
	var watching sync.WaitGroup
	heard := make(chan struct{})
	watching.Go(func() {
		if p.overworked(patience, heard) {
			late.Store(true)
			_ = p.cmd.Process.Kill()
		}
	})
	said := p.lines.Scan()
	close(heard)
	watching.Wait()
	if late.Load() && !said {
		return answer{}, errRefused
	}
	if !said {
		return answer{}, fmt.Errorf("read a PDF: %w", cmp.Or(p.lines.Err(), io.ErrUnexpectedEOF))
	}
	var a answer
	if err := json.Unmarshal(p.lines.Bytes(), &a); err != nil {
		return a, fmt.Errorf("read what a PDF reader says: %w", err)
	}
	if a.Refused != "" {
		return a, errRefused
	}
	return a, nil
}

// overworked waits until the process has worked for so long, or has answered. On a
// busy machine the clock says little.
func (p *process) overworked(patience time.Duration, heard <-chan struct{}) bool {
	began, ticks := p.worked(), time.NewTicker(50*time.Millisecond)
	defer ticks.Stop()
	for p.worked()-began < patience {
		select {
		case <-heard:
			return false
		case <-ticks.C:
		}
	}
	return true
}

// worked is how long processors have worked for the process, which Linux tells in
// hundredths of a second.
func (p *process) worked() time.Duration {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.cmd.Process.Pid))
	if err != nil {
		return 0
	}
	_, after, _ := bytes.Cut(b, []byte(") ")) // behind its name come the state and numbers
	fields := bytes.Fields(after)
	if len(fields) < 13 {
		return 0
	}
	var sum time.Duration
	for _, field := range fields[11:13] { // in user mode and in the kernel
		if n, err := strconv.Atoi(string(field)); err == nil {
			sum += time.Duration(n) * 10 * time.Millisecond
		}
	}
	return sum
}
