package media

import (
	"os"
	"path/filepath"
	"testing"
)

func TestAJobsFolderGoesWithItsJobOrWithTheNextOne(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	mine, done, err := scratch()
	if err != nil {
		t.Fatal(err)
	}
	other, otherDone, err := scratch()
	if err != nil || other == mine {
		t.Fatalf("two jobs share %s, %v", other, err)
	}
	// A killed worker leaves its folder and its lock file, which nobody holds.
	base := filepath.Dir(mine)
	dead := filepath.Join(base, "job-dead")
	for _, err := range []error{os.Mkdir(dead, 0o700), os.WriteFile(filepath.Join(dead, "source"), []byte("x"), 0o600), os.WriteFile(dead+".lock", nil, 0o600)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	_, lastDone, err := scratch()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(dead); !os.IsNotExist(err) {
		t.Errorf("the dead one's folder is there: %v", err)
	}
	for _, dir := range []string{mine, other} {
		if info, err := os.Stat(dir); err != nil || info.Mode().Perm() != 0o700 {
			t.Errorf("a living one's folder: %v, %v", info, err)
		}
	}
	for _, end := range []func(){done, otherDone, lastDone} {
		end()
	}
	if left, err := filepath.Glob(filepath.Join(base, "job-*")); err != nil || len(left) > 0 {
		t.Errorf("at the end there is %v, %v", left, err)
	}
}

func TestAPlaceForJobsThatIsSomebodyElsesIsNotUsed(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	_, done, err := scratch()
	if err != nil {
		t.Fatal(err)
	}
	done()
	base, err := filepath.Glob(filepath.Join(os.TempDir(), "haidang-*"))
	if err != nil || len(base) != 1 {
		t.Fatal(base, err)
	}
	if err := os.Chmod(base[0], 0o777); err != nil {
		t.Fatal(err)
	}
	if _, _, err := scratch(); err == nil {
		t.Error("anybody may write where the jobs work")
	}
	if err := os.RemoveAll(base[0]); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(t.TempDir(), base[0]); err != nil {
		t.Fatal(err)
	}
	if _, _, err := scratch(); err == nil {
		t.Error("a link leads the jobs elsewhere")
	}
}
