package handlers

import (
	"bytes"
	"haidang/courses/exchange"
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"
)

// calendars is below what the addresses of calendars lie. Calendar programs ask again
// and again and can sign in nowhere, so the secret is in the path: it is kept out of
// our log (shownPath), and the answer out of caches.
const calendars = "/lich/"

// shownPath is a request's path as the log shows it.
func shownPath(path string) string {
	if before, _, found := strings.Cut(strings.ToLower(path), calendars); found {
		return before + calendars + "…"
	}
	return path
}

func (s *Server) registerCalendar(services Services) {
	host := s.config.BaseURL
	if u, err := url.Parse(host); err == nil {
		host = u.Hostname()
	}
	s.app.Get(calendars+":file", func(c *fiber.Ctx) error {
		unlisted(c)
		secret, _ := strings.CutSuffix(c.Params("file"), ".ics")
		entries, err := services.Notices.Calendar(c.UserContext(), secret)
		if err != nil {
			return err
		}
		var b bytes.Buffer
		if err := exchange.WriteCalendar(&b, "Hải Đăng", host, entries); err != nil {
			return err
		}
		c.Set(fiber.HeaderContentType, "text/calendar; charset=utf-8")
		return c.Send(b.Bytes())
	})
}
