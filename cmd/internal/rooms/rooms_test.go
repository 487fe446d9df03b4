package rooms_test

import (
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "haidang"

// domain is what every domain package may import.
var domain = []string{"haidang/courses", "haidang/courses/vietnamese", "haidang/courses/fields"}

// table says what each room may import besides the standard library: exact
// packages, or everything below a prefix that ends in "/...".
var table = map[string][]string{
	"courses":             nil,
	"courses/vietnamese":  {"haidang/courses", "golang.org/x/text/..."},
	"courses/fields":      {"haidang/courses", "haidang/courses/vietnamese"},
	"courses/staff":       domain,
	"courses/access":      append([]string{"golang.org/x/crypto/...", "golang.org/x/text/..."}, domain...),
	"courses/catalog":     domain,
	"courses/media":       domain,
	"courses/records":     append([]string{"golang.org/x/mod/..."}, domain...),
	"courses/jobs":        domain,
	"courses/laws":        domain,
	"courses/assessment":  append([]string{"haidang/courses/catalog"}, domain...),
	"courses/assignments": append([]string{"haidang/courses/staff", "haidang/courses/catalog"}, domain...),
	"courses/surveys":     append([]string{"haidang/courses/catalog"}, domain...),
	"courses/notices":     append([]string{"haidang/courses/jobs"}, domain...),
	"courses/learning": append([]string{
		"haidang/courses/staff", "haidang/courses/catalog", "haidang/courses/assessment",
		"haidang/courses/records", "haidang/courses/jobs", "haidang/courses/assignments",
	}, domain...),
	"courses/certificates": append([]string{
		"haidang/courses/staff", "haidang/courses/catalog", "haidang/courses/records",
	}, domain...),
	"courses/reports":         {"haidang/courses/..."},
	"courses/exchange":        {"haidang/courses/...", "github.com/xuri/excelize/v2", "github.com/arran4/golang-ical"},
	"storage/mongo":           {"haidang/courses/...", "go.mongodb.org/mongo-driver/..."},
	"storage/minio":           {"haidang/courses/...", "github.com/minio/minio-go/v7/..."},
	"storage/search":          {"haidang/courses/..."},
	"storage/gateway":         {"haidang/courses/notices"},
	"storage/mail":            {"haidang/courses/notices", "github.com/wneessen/go-mail"},
	"storage/push/pushtest":   nil,
	"storage/push":            {"haidang/courses/notices", "github.com/SherClockHolmes/webpush-go"},
	"storage/mail/mailtest":   {"github.com/emersion/go-smtp"},
	"storage/probe":           {"haidang/courses/...", "golang.org/x/image/..."},
	"storage/office":          {"haidang/courses/..."},
	"storage/transcode":       {"haidang/courses/...", "golang.org/x/image/..."},
	"storage/pdf":             {"haidang/courses/...", "github.com/klippa-app/go-pdfium/...", "github.com/tetratelabs/wazero/..."},
	"storage/local":           {"go.mongodb.org/mongo-driver/..."},
	"storage/local/localtest": {"haidang/storage/local"},
	"handlers": {
		"haidang/courses/...", "github.com/gofiber/fiber/v2/...", "github.com/danielgtaylor/huma/v2/...",
		"github.com/golang-jwt/jwt/v5", "github.com/valyala/fasthttp/...", "github.com/go-json-experiment/json",
	},
	"frontend": nil,
	"cmd/...":  {"..."},
}

func TestEachRoomImportsOnlyWhatTheTableAllows(t *testing.T) {
	seen := 0
	eachGoFile(t, ".", func(rel, path string) {
		seen++
		checkFile(t, rel, path)
	})
	if seen < 20 {
		t.Fatalf("only %d files were found", seen)
	}
}

func checkFile(t *testing.T, rel, path string) {
	t.Helper()
	room := filepath.ToSlash(filepath.Dir(rel))
	allowed, known := lookUp(room)
	if !known {
		t.Errorf("%s: the table has no room %s", rel, room)
		return
	}
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	for _, spec := range file.Imports {
		imported := strings.Trim(spec.Path.Value, `"`)
		if !allows(allowed, imported) {
			t.Errorf("%s: room %s may not import %s", rel, room, imported)
		}
	}
}

func lookUp(room string) (allowed []string, known bool) {
	if allowed, known = table[room]; known {
		return allowed, true
	}
	for name, allowed := range table {
		if prefix, below := strings.CutSuffix(name, "..."); below && strings.HasPrefix(room+"/", prefix) {
			return allowed, true
		}
	}
	return nil, false
}

func allows(allowed []string, imported string) bool {
	if standard(imported) {
		return true
	}
	return slices.ContainsFunc(allowed, func(rule string) bool {
		prefix, below := strings.CutSuffix(rule, "...")
		return imported == strings.TrimSuffix(rule, "/...") || below && strings.HasPrefix(imported, prefix)
	})
}

// standard says that a path belongs to the standard library: its first element
// has no dot and is not this module.
func standard(path string) bool {
	first, _, _ := strings.Cut(path, "/")
	return !strings.Contains(first, ".") && first != module
}

func TestTheTableRefusesWhatItShould(t *testing.T) {
	for _, c := range []struct {
		room, imported string
		want           bool
	}{
		{"courses", "strings", true},
		{"courses", "golang.org/x/text/unicode/norm", false},
		{"courses/records", "haidang/courses/staff", false},
		{"courses/learning", "haidang/courses/records", true},
		{"courses/staff", "haidang/courses/reports", false},
		{"handlers", "haidang/storage/mongo", false},
		{"handlers", "go.mongodb.org/mongo-driver/bson", false},
		{"storage/mongo", "github.com/gofiber/fiber/v2", false},
		{"cmd/haidang", "haidang/storage/mongo", true},
	} {
		allowed, known := lookUp(c.room)
		if got := known && allows(allowed, c.imported); got != c.want {
			t.Errorf("room %s imports %s: %v, want %v", c.room, c.imported, got, c.want)
		}
	}
}
