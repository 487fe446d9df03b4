package rooms_test

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// eachGoFile calls see for every Go file of the project below a folder that is
// no test.
func eachGoFile(t *testing.T, below string, see func(rel, path string)) {
	t.Helper()
	root := filepath.Join("..", "..", "..")
	skipped := []string{"node_modules", ".cache", ".git", "data"}
	err := filepath.WalkDir(filepath.Join(root, below), func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && slices.Contains(skipped, d.Name()) {
			return fs.SkipDir
		}
		if strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go") {
			rel, err := filepath.Rel(root, path)
			if err != nil {
				return err
			}
			see(filepath.ToSlash(rel), path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// rules are words that may not stand in the code of a folder.
var rules = []struct {
	name   string
	below  string
	words  *regexp.Regexp
	except string // start of the paths where it may stand
}{
	{"courses takes the time from a Clock", "courses", regexp.MustCompile(`\btime\.Now\(`), "-"},
	{"only staff makes scopes", ".", regexp.MustCompile(`\bcourses\.NewScope\(`), "courses/staff/"},
	// The form of course.json is a file format, apart from what it is converted to.
	{"the domain has no wire or storage tags", "courses", regexp.MustCompile("`(json|bson):"), "courses/exchange/package_"},
	{"no presigned URL leaves the server", ".", regexp.MustCompile(`\bPresigned`), "-"},
	{"no $where", ".", regexp.MustCompile(`\$where`), "-"},
	{"handlers start no goroutine", "handlers", regexp.MustCompile(`(?m)^\s*go (func|\w)`), "-"},
}

func TestTheCodeKeepsItsRules(t *testing.T) {
	for _, rule := range rules {
		eachGoFile(t, rule.below, func(rel, path string) {
			if strings.HasPrefix(rel, rule.except) {
				return
			}
			if found := rule.words.Find(read(t, path)); found != nil {
				t.Errorf("%s: %s, but here is %q", rel, rule.name, found)
			}
		})
	}
}

func TestTheKernelStaysSmall(t *testing.T) {
	lines := 0
	eachGoFile(t, "courses", func(rel, path string) {
		if filepath.ToSlash(filepath.Dir(rel)) == "courses" {
			lines += bytes.Count(read(t, path), []byte("\n"))
		}
	})
	if lines == 0 || lines > 400 {
		t.Errorf("the kernel has %d lines, at most 400 are allowed", lines)
	}
}
