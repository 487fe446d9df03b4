package handlers

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"mime"
	"path"
	"strings"

	"github.com/gofiber/fiber/v2"
)

// entries are the pages of the web app by the first element of their address;
// every other address without a file of its own is the learner's.
var entries = map[string]string{"studio": "studio.html", "hr": "hr.html", "admin": "admin.html"}

// webApp serves the built web app, each file in the smallest form that the
// browser takes. Names below assets/ change with their content.
func (s *Server) webApp() {
	if s.config.App == nil {
		return
	}
	s.app.Get("/*", func(c *fiber.Ctx) error {
		name := strings.TrimPrefix(path.Clean("/"+c.Path()), "/")
		if path.Ext(name) == "" {
			first, _, _ := strings.Cut(name, "/")
			if name = entries[first]; name == "" {
				name = "index.html"
			}
		}
		return s.webFile(c, name)
	})
}

// webFile answers one file of the web app.
func (s *Server) webFile(c *fiber.Ctx, name string) error {
	for _, form := range []struct{ encoding, suffix string }{{"br", ".br"}, {"gzip", ".gz"}, {"", ""}} {
		if form.encoding != "" && !strings.Contains(c.Get(fiber.HeaderAcceptEncoding), form.encoding) {
			continue
		}
		b, err := fs.ReadFile(s.config.App, name+form.suffix)
		if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrInvalid) {
			continue
		}
		if err != nil {
			return err
		}
		c.Set(fiber.HeaderContentType, typeOf(name))
		c.Set(fiber.HeaderVary, fiber.HeaderAcceptEncoding)
		if form.encoding != "" {
			c.Set(fiber.HeaderContentEncoding, form.encoding)
		}
		if strings.HasPrefix(name, "assets/") || strings.HasPrefix(name, "fonts/") {
			c.Set(fiber.HeaderCacheControl, "public, max-age=31536000, immutable")
			return c.Send(b)
		}
		return sendFresh(c, b)
	}
	return errNoRoute
}

// sendFresh sends what browsers keep but ask for again each time.
func sendFresh(c *fiber.Ctx, b []byte) error {
	sum := sha256.Sum256(b)
	etag := `"` + hex.EncodeToString(sum[:16]) + `"`
	c.Set(fiber.HeaderCacheControl, "no-cache")
	c.Set(fiber.HeaderETag, etag)
	if c.Get(fiber.HeaderIfNoneMatch) == etag {
		return c.SendStatus(fiber.StatusNotModified)
	}
	return c.Send(b)
}

// typeOf is the media type of a file of the web app, whatever the machine's own
// table says.
func typeOf(name string) string {
	switch path.Ext(name) {
	case ".js", ".mjs":
		return "text/javascript; charset=utf-8"
	case ".woff2":
		return "font/woff2"
	case ".webmanifest":
		return "application/manifest+json"
	}
	return mime.TypeByExtension(path.Ext(name))
}
