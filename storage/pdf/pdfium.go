package pdf

import (
	"context"
	"errors"
	"fmt"
	"haidang/courses/media"
	"image"
	"io"
	"math"
	"os"
	"path/filepath"
	"syscall"
	"time"
	"unicode/utf8"

	"github.com/klippa-app/go-pdfium"
	"github.com/klippa-app/go-pdfium/enums"
	failures "github.com/klippa-app/go-pdfium/errors"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
	"github.com/klippa-app/go-pdfium/webassembly"
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"
)

// library is PDFium in this process, with one file.
type library struct {
	pdfium   pdfium.Pdfium
	document references.FPDF_DOCUMENT
}

// maxMemory is what PDFium may take, in pages of 64 KiB: 512 MiB.
const maxMemory = 512 << 20 >> 16

// fonts is where PDFium looks for those that a file names and does not hold.
const fonts = "/usr/share/fonts"

// load makes PDFium ready. It sees no files but the machine's fonts.
func load() (*library, error) {
	config := wazero.NewRuntimeConfig().WithMemoryLimitPages(maxMemory).
		WithCoreFeatures(api.CoreFeaturesV2 | experimental.CoreFeaturesExceptionHandling)
	files := wazero.NewFSConfig()
	if _, err := os.Stat(fonts); err == nil {
		files = files.WithReadOnlyDirMount(fonts, fonts)
	}
	cache, unlock := compiled()
	defer unlock()
	if cache != nil {
		config = config.WithCompilationCache(cache)
	}
	pool, err := webassembly.Init(webassembly.Config{
		Context: context.Background(), MaxTotal: 1, FSConfig: files, RuntimeConfig: config, Stdout: io.Discard, Stderr: io.Discard,
	})
	if err != nil {
		return nil, fmt.Errorf("load PDFium: %w", err)
	}
	instance, err := pool.GetInstance(time.Minute)
	if err != nil {
		return nil, fmt.Errorf("start PDFium: %w", err)
	}
	return &library{pdfium: instance}, nil
}

// compiled keeps PDFium's machine code in the user's own folder, where there is
// one: compiling takes seconds and 300 MB. One process compiles, others wait.
func compiled() (cache wazero.CompilationCache, unlock func()) {
	nothing := func() {}
	base, err := os.UserCacheDir()
	if err != nil {
		return nil, nothing
	}
	dir := filepath.Join(base, "haidang")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, nothing
	}
	if cache, err = wazero.NewCompilationCacheWithDir(dir); err != nil {
		return nil, nothing
	}
	lock, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return cache, nothing
	}
	_ = syscall.Flock(int(lock.Fd()), syscall.LOCK_EX) // without it more are busy, no more
	return cache, func() { lock.Close() }
}

func (l *library) open(path string) (answer, error) {
	f, err := os.Open(path) // the process ends with it
	if err != nil {
		return answer{}, fmt.Errorf("open a PDF: %w", err)
	}
	info, err := f.Stat()
	if err != nil {
		return answer{}, fmt.Errorf("look at a PDF: %w", err)
	}
	opened, err := l.pdfium.OpenDocument(&requests.OpenDocument{FileReader: f, FileReaderSize: info.Size()})
	if errors.Is(err, failures.ErrPassword) || errors.Is(err, failures.ErrSecurity) {
		return answer{Refused: locked}, nil
	}
	if err != nil {
		return answer{Refused: broken}, nil
	}
	l.document = opened.Document
	count, err := l.pdfium.FPDF_GetPageCount(&requests.FPDF_GetPageCount{Document: l.document})
	if err != nil || count.PageCount < 1 {
		return answer{Refused: broken}, nil
	}
	a := answer{Pages: count.PageCount}
	if size, err := l.pdfium.GetPageSize(&requests.GetPageSize{Page: l.page(1)}); err == nil && size.Width > 0 && size.Height > 0 {
		scale := min(media.PageWidth/size.Width, media.PageHeight/size.Height)
		a.Width, a.Height = upwards(size.Width*scale), upwards(size.Height*scale)
	}
	return a, nil
}

// upwards rounds a side as PDFium does; what stands far behind the point is noise.
func upwards(side float64) int { return max(1, int(math.Ceil(side-1e-6))) }

func (l *library) page(n int) requests.Page {
	return requests.Page{ByIndex: &requests.PageByIndex{Document: l.document, Index: n - 1}}
}

// draw writes the picture of a page with what was stamped on it.
func (l *library) draw(n int, picture string) (answer, error) {
	drawn, err := l.pdfium.RenderPageInPixels(&requests.RenderPageInPixels{
		Page: l.page(n), Width: media.PageWidth, Height: media.PageHeight, RenderFlags: enums.FPDF_RENDER_FLAG_ANNOT,
	})
	if err != nil {
		return answer{Refused: broken}, nil
	}
	defer drawn.Cleanup()
	m, plain := drawn.Result.RenderedImage.(*image.RGBA)
	if !plain {
		return answer{}, fmt.Errorf("PDFium draws %T", drawn.Result.RenderedImage)
	}
	return answer{}, writePPM(picture, m)
}

// writePPM writes a picture that has no transparent parts.
func writePPM(path string, m *image.RGBA) error {
	size := m.Bounds().Size()
	b := fmt.Appendf(nil, "P6\n%d %d\n255\n", size.X, size.Y)
	for y := range size.Y {
		row := m.Pix[y*m.Stride:][:4*size.X]
		for x := 0; x < len(row); x += 4 {
			b = append(b, row[x], row[x+1], row[x+2])
		}
	}
	if err := os.WriteFile(path, b, 0o600); err != nil {
		return fmt.Errorf("write a page: %w", err)
	}
	return nil
}

// text is a page's, as far as it is kept; nothing where it cannot be read.
func (l *library) text(n int) answer {
	read, err := l.pdfium.GetPageText(&requests.GetPageText{Page: l.page(n)})
	if err != nil {
		return answer{}
	}
	text := read.Text
	if len(text) > media.MaxPageText {
		text = text[:media.MaxPageText]
		for !utf8.ValidString(text) {
			text = text[:len(text)-1]
		}
	}
	return answer{Text: text}
}
