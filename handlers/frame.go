package handlers

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"haidang/courses"
	"io"
	"log/slog"
	"net/url"
	"path"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/compress"
)

type contextKey int

const (
	requestIDKey contextKey = iota
	actorKey
	deviceKey
)

// requestID is the id that answers and log lines of one request share.
func requestID(ctx context.Context) string {
	id, _ := ctx.Value(requestIDKey).(string)
	return id
}

// frame gives each request an id, a deadline and one log line.
func (s *Server) frame(c *fiber.Ctx) error {
	start := time.Now()
	id := identify(c, start)
	ctx, cancel := context.WithTimeout(c.UserContext(), requestTimeout)
	defer cancel()
	c.SetUserContext(ctx)
	err := c.Next()
	if err != nil {
		err = answer(c, err)
	}
	status := c.Response().StatusCode()
	if s.config.Observe != nil {
		s.config.Observe(c.Method(), status, time.Since(start))
	}
	level := slog.LevelDebug
	if status >= 500 {
		level = slog.LevelError
	}
	slog.LogAttrs(ctx, level, "request", slog.String("request_id", id), slog.String("method", c.Method()),
		slog.String("path", shownPath(c.Path())), slog.Int("status", status), slog.Duration("took", time.Since(start)))
	return err
}

// identify gives a request its id.
func identify(c *fiber.Ctx, now time.Time) string {
	id := courses.NewID[string](now)
	c.SetUserContext(context.WithValue(c.UserContext(), requestIDKey, id))
	c.Set("X-Request-Id", id)
	return id
}

// unframed answers what is no request and so comes to no route.
func unframed(c *fiber.Ctx, err error) error {
	identify(c, time.Now())
	secure(c)
	return answer(c, err)
}

// recovered turns a panic into a fault, so that one request cannot end the others.
func (s *Server) recovered(c *fiber.Ctx) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v\n%s", r, debug.Stack())
		}
	}()
	return c.Next()
}

// contentSecurity allows what the web app itself serves and nothing else.
const contentSecurity = "default-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; " +
	"style-src 'self'; script-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

// framedSecurity is the same for what pages of the web app may show in a frame.
var framedSecurity = strings.Replace(contentSecurity, "frame-ancestors 'none'", "frame-ancestors 'self'", 1)

// secured sets the headers that every answer carries, errors included.
func secured(c *fiber.Ctx) error {
	secure(c)
	return c.Next()
}

func secure(c *fiber.Ctx) {
	c.Set("Content-Security-Policy", contentSecurity)
	c.Set("X-Content-Type-Options", "nosniff")
	c.Set("Referrer-Policy", "same-origin")
	c.Set("Cross-Origin-Opener-Policy", "same-origin")
	c.Set("Cross-Origin-Resource-Policy", "same-origin")
	c.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
	c.Set("Strict-Transport-Security", "max-age=31536000")
	if strings.HasPrefix(c.Path(), "/api") {
		c.Set(fiber.HeaderCacheControl, "no-store")
	}
}

func safeMethod(c *fiber.Ctx) bool {
	return c.Method() == fiber.MethodGet || c.Method() == fiber.MethodHead || c.Method() == fiber.MethodOptions
}

// sameSite refuses unsafe requests that another site's page sends (CSRF).
func (s *Server) sameSite(c *fiber.Ctx) error {
	if safeMethod(c) {
		return c.Next()
	}
	if site := c.Get("Sec-Fetch-Site"); site != "" && site != "same-origin" && site != "none" {
		return errCrossSite
	}
	if origin := c.Get(fiber.HeaderOrigin); origin != "" {
		from, err := url.Parse(origin)
		own, ownErr := url.Parse(s.config.BaseURL)
		if err != nil || ownErr != nil || (from.Host != own.Host && from.Host != string(c.Request().Host())) {
			return errCrossSite
		}
	}
	return c.Next()
}

// limitOf is how many bytes a request's body may have.
func limitOf(c *fiber.Ctx) int {
	if draft, found := strings.CutPrefix(c.Path(), "/api/studio/courses/"); found && (c.Method() == fiber.MethodPut || strings.HasSuffix(draft, "/compare")) {
		return draftLimit
	}
	switch {
	case strings.HasPrefix(c.Path(), "/api/banks/") && strings.HasSuffix(c.Path(), "/import"):
		return questionsLimit
	case strings.HasPrefix(c.Path(), "/api/attempts/") && strings.HasSuffix(c.Path(), "/files"):
		return attachedLimit
	}
	return jsonLimit
}

// wholeBody takes the JSON body of an API request whole, within limitOf, and
// compares it with Content-Length: a streamed body that was cut looks like a
// clean end. One that came as gzip goes on unpacked, within the same limit.
// Upload parts pass; their own handler counts them.
func wholeBody(c *fiber.Ctx) error {
	if safeMethod(c) || isUploadPart(c) {
		return c.Next()
	}
	announced, limit := c.Request().Header.ContentLength(), limitOf(c)
	if announced > limit {
		discard(c)
		return errBodySize
	}
	var body []byte
	if stream := c.Context().RequestBodyStream(); stream != nil {
		var err error
		body, err = io.ReadAll(io.LimitReader(stream, int64(limit)+1))
		if err != nil {
			return errBodyCut
		}
	}
	switch {
	case len(body) > limit:
		discard(c)
		return errBodySize
	case announced >= 0 && len(body) != announced:
		return errBodyCut
	case len(body) > 0 && !strings.HasPrefix(c.Get(fiber.HeaderContentType), fiber.MIMEApplicationJSON):
		return errBodyType
	}
	body, err := unpacked(c, body, limit)
	if err != nil {
		return err
	}
	c.Request().SetBodyStream(bytes.NewReader(body), len(body))
	return c.Next()
}

// packed has answers compressed as the browser likes it; sheets and packages are by
// themselves. A course of 60 kB is 8 kB then, a second less on a weak network.
var packed = compress.New(compress.Config{
	Level: compress.LevelBestSpeed,
	Next: func(c *fiber.Ctx) bool {
		return slices.Contains([]string{".xlsx", ".zip"}, path.Ext(c.Path()))
	},
})

// unpacked is a body without its content encoding.
func unpacked(c *fiber.Ctx, body []byte, limit int) ([]byte, error) {
	switch c.Get(fiber.HeaderContentEncoding) {
	case "":
		return body, nil
	case "gzip":
		zip, err := gzip.NewReader(bytes.NewReader(body))
		if err != nil {
			return nil, errBodyCut
		}
		defer zip.Close()
		whole, err := io.ReadAll(io.LimitReader(zip, int64(limit)+1))
		if err != nil {
			return nil, errBodyCut
		}
		if len(whole) > limit {
			return nil, errBodySize
		}
		c.Request().Header.Del(fiber.HeaderContentEncoding)
		return whole, nil
	}
	return nil, errBodyType
}

// discardLimit is how much of a refused body is still read.
const discardLimit = 16 << 20

// discard reads a body that is refused: to whoever still sends, an answer and the
// end of the connection would look like a lost network. What is larger is cut off.
func discard(c *fiber.Ctx) {
	stream := c.Context().RequestBodyStream()
	if stream == nil {
		return
	}
	if n, err := io.Copy(io.Discard, io.LimitReader(stream, discardLimit)); err != nil || n == discardLimit {
		c.Context().SetConnectionClose()
	}
}

func isUploadPart(c *fiber.Ctx) bool {
	return c.Method() == fiber.MethodPut && strings.HasPrefix(c.Path(), "/api/uploads/")
}

// signedIn is the actor that authenticate found, or courses.ErrSignIn.
func signedIn(ctx context.Context) (courses.Actor, error) {
	switch actor := ctx.Value(actorKey).(type) {
	case courses.Actor:
		return actor, nil
	case error:
		return courses.Actor{}, actor
	}
	return courses.Actor{}, courses.ErrSignIn
}
