// Package localtest gives tests the real stores: one mongod and one object
// store for each test binary, a database or bucket for each test.
package localtest

import (
	"bytes"
	"context"
	"fmt"
	"haidang/storage/local"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"
)

// The stores of this test binary; they end with it by the parent-death signal.
var (
	mongod  = sync.OnceValues(startMongod)
	minio   = sync.OnceValues(func() (*local.S3, error) { return startS3(local.StartMinIO) })
	versity = sync.OnceValues(func() (*local.S3, error) { return startS3(local.StartVersityGW) })
	folders struct {
		sync.Mutex
		made []string
	}
)

// Main runs a package's tests and removes what the stores left on disk. Call
// it from TestMain of every package that uses this one.
func Main(m *testing.M) {
	code := m.Run()
	for _, s := range running {
		s.Kill()
	}
	for _, dir := range folders.made {
		_ = os.RemoveAll(dir)
	}
	os.Exit(code)
}

var running []*local.Process

// Mongod is the test binary's own mongod.
func Mongod(t testing.TB) *local.Mongod {
	t.Helper()
	m, err := mongod()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// MinIO is the test binary's own MinIO.
func MinIO(t testing.TB) *local.S3 {
	t.Helper()
	s, err := minio()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// VersityGW is the test binary's own versitygw.
func VersityGW(t testing.TB) *local.S3 {
	t.Helper()
	s, err := versity()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Freeze stops a store as a machine that hangs would: its connections stay and
// are not answered. It returns once every thread of it stands still, and gives
// the way back.
func Freeze(t testing.TB, p *local.Process) (thaw func()) {
	t.Helper()
	signal := func(s syscall.Signal) {
		if err := syscall.Kill(p.PID(), s); err != nil {
			t.Fatal(err)
		}
	}
	signal(syscall.SIGSTOP)
	for deadline := time.Now().Add(10 * time.Second); !still(p.PID()); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%s does not stop", p.Name())
		}
	}
	return func() { signal(syscall.SIGCONT) }
}

// still says that all threads of a process are stopped. A thread's state is
// the first letter behind its name, which stands in brackets (proc(5)).
func still(pid int) bool {
	threads, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/stat", pid))
	for _, thread := range threads {
		stat, err := os.ReadFile(thread)
		if _, state, found := bytes.Cut(stat, []byte(") ")); err == nil && (!found || state[0] != 'T') {
			return false
		}
	}
	return err == nil && len(threads) > 0
}

func startMongod() (*local.Mongod, error) {
	dir, secrets, port, err := place()
	if err != nil {
		return nil, err
	}
	// Tests live on a fixed day: by the machine's clock their sessions have ended.
	m, err := local.StartMongod(context.Background(), filepath.Join(dir, "mongo"), port, secrets, "--setParameter", "ttlMonitorEnabled=false")
	if err == nil {
		keep(m.Process)
		m.URI += "&serverSelectionTimeoutMS=60000" // a machine busy with other tests is not a failure
	}
	return m, err
}

func startS3(start func(context.Context, string, int, *local.Secrets) (*local.S3, error)) (*local.S3, error) {
	dir, secrets, port, err := place()
	if err != nil {
		return nil, err
	}
	s, err := start(context.Background(), filepath.Join(dir, "s3"), port, secrets)
	if err == nil {
		keep(s.Process)
	}
	return s, err
}

func keep(p *local.Process) {
	folders.Lock()
	defer folders.Unlock()
	running = append(running, p)
}

func place() (dir string, secrets *local.Secrets, port int, err error) {
	if dir, err = os.MkdirTemp("", "haidang-test-"); err != nil {
		return "", nil, 0, err
	}
	folders.Lock()
	folders.made = append(folders.made, dir)
	folders.Unlock()
	if secrets, err = local.OpenSecrets(dir); err != nil {
		return "", nil, 0, err
	}
	port, err = local.FreePort()
	return dir, secrets, port, err
}
