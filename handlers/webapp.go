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

// asksFirst are the questions that a page asks at once. Named in its header, they
// travel beside the program instead of after it: on a slow network that is a
// third of the wait.
var asksFirst = map[string]string{
	"index.html": "</api/me>; rel=preload; as=fetch; crossorigin",
	"/":          "</api/me>; rel=preload; as=fetch; crossorigin, </api/today>; rel=preload; as=fetch; crossorigin, </api/courses>; rel=preload; as=fetch; crossorigin",
}

// webApp serves the built web app, each file in the smallest form that the
// browser takes. Names below assets/ change with their content.
func (s *Server) webApp() {
	if s.config.App == nil {
		return
	}
	s.app.Get("/*", func(c *fiber.Ctx) error {
		name := strings.TrimPrefix(path.Clean("/"+c.Path()), "/")
		if name == "chia-se" || name == "xac-minh" {
			unlisted(c)
		}
		if path.Ext(name) == "" {
			first, _, _ := strings.Cut(name, "/")
			if name = entries[first]; name == "" {
				name = "index.html"
			}
			s.preload(c, name)
			if framed(c) {
				c.Set("Content-Security-Policy", framedSecurity)
			}
		}
		return s.webFile(c, name)
	})
}

// framed says that a request asks for the bare preview of a draft, which the
// studio shows in a frame of a device's width. No other page may be framed.
func framed(c *fiber.Ctx) bool {
	parts := strings.Split(c.Path(), "/")
	return len(parts) == 4 && parts[1] == "studio" && parts[3] == "xem-thu" && c.Query("khung") == "1"
}

// unlisted keeps the pages of a shared record and of a certificate, whose addresses
// hold what opens them behind the #, out of caches and search engines, and tells nobody where one comes from.
func unlisted(c *fiber.Ctx) {
	c.Set(fiber.HeaderCacheControl, "no-store")
	c.Set("Referrer-Policy", "no-referrer")
	c.Set("X-Robots-Tag", "noindex, nofollow")
}

// preload names what a page asks first, to those who seem signed in.
func (s *Server) preload(c *fiber.Ctx, page string) {
	accessName, _ := s.cookieNames()
	if c.Cookies(accessName) == "" {
		return
	}
	link := asksFirst[page]
	if c.Path() == "/" {
		link = asksFirst["/"]
	}
	if link != "" {
		c.Set(fiber.HeaderLink, link)
	}
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

// sendFresh sends what browsers keep but ask for again each time, unless it is not
// to be kept at all.
func sendFresh(c *fiber.Ctx, b []byte) error {
	sum := sha256.Sum256(b)
	etag := `"` + hex.EncodeToString(sum[:16]) + `"`
	if c.GetRespHeader(fiber.HeaderCacheControl) == "" {
		c.Set(fiber.HeaderCacheControl, "no-cache")
	}
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
