package media

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
)

// scratch makes a folder of one job's own and gives the way to remove it. What a
// killed worker left on this machine goes at the same time: the lock on a folder
// ends with its worker.
func scratch() (dir string, done func(), err error) {
	base := filepath.Join(os.TempDir(), "haidang-"+strconv.Itoa(os.Getuid()))
	if err := ownFolder(base); err != nil {
		return "", nil, err
	}
	// Nobody sweeps between the making of a folder and its locking.
	door, err := locked(filepath.Join(base, "door"), syscall.LOCK_EX)
	if err != nil {
		return "", nil, err
	}
	defer door.Close()
	sweepScratch(base)
	if dir, err = os.MkdirTemp(base, "job-*"); err != nil {
		return "", nil, fmt.Errorf("make a job's folder: %w", err)
	}
	own, err := locked(dir+".lock", syscall.LOCK_EX|syscall.LOCK_NB)
	if err != nil {
		os.RemoveAll(dir)
		return "", nil, err
	}
	return dir, func() {
		os.RemoveAll(dir)
		os.Remove(own.Name())
		own.Close()
	}, nil
}

// ownFolder makes a folder that nobody else can write into. In a place that is
// open to all somebody may have made it before us.
func ownFolder(path string) error {
	if err := os.MkdirAll(path, 0o700); err != nil {
		return fmt.Errorf("make a place for jobs: %w", err)
	}
	info, err := os.Lstat(path)
	if err != nil {
		return fmt.Errorf("look at the place for jobs: %w", err)
	}
	if stat, ok := info.Sys().(*syscall.Stat_t); !info.IsDir() || info.Mode().Perm() != 0o700 || !ok || int(stat.Uid) != os.Getuid() {
		return fmt.Errorf("%s is not this user's own: remove it", path)
	}
	return nil
}

// sweepScratch removes the folders whose workers are gone.
func sweepScratch(base string) {
	left, _ := filepath.Glob(filepath.Join(base, "job-*.lock")) // the pattern is well formed
	for _, name := range left {
		lock, err := locked(name, syscall.LOCK_EX|syscall.LOCK_NB)
		if err != nil {
			continue // somebody works there
		}
		os.RemoveAll(name[:len(name)-len(".lock")])
		os.Remove(name)
		lock.Close()
	}
}

// locked opens a file and locks it; the lock ends with the file or the process.
func locked(name string, how int) (*os.File, error) {
	f, err := os.OpenFile(name, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open a lock: %w", err)
	}
	if err := syscall.Flock(int(f.Fd()), how); err != nil {
		f.Close()
		return nil, fmt.Errorf("lock %s: %w", name, err)
	}
	return f, nil
}
