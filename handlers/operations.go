package handlers

import (
	"context"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp/fasthttpadaptor"
)

// operations are the routes for those who run the program.
func (s *Server) operations() {
	s.app.Get("/healthz", func(c *fiber.Ctx) error { return c.SendString("ok\n") })
	s.app.Get("/readyz", s.ready)
	if s.config.Metrics != nil {
		s.app.Get("/metrics", func(c *fiber.Ctx) error {
			fasthttpadaptor.NewFastHTTPHandler(s.config.Metrics)(c.Context())
			return nil
		})
	}
	s.app.Get("/openapi.json", func(c *fiber.Ctx) error {
		b, err := s.OpenAPI()
		if err != nil {
			return err
		}
		c.Set(fiber.HeaderContentType, fiber.MIMEApplicationJSON)
		return c.Send(b)
	})
}

// ready says which store is away, with 503 when any is. All are asked at once, so that
// one that does not answer does not take the others' time.
func (s *Server) ready(c *fiber.Ctx) error {
	ctx, cancel := context.WithTimeout(c.UserContext(), 2*time.Second)
	defer cancel()
	var mu sync.Mutex
	var asked sync.WaitGroup
	state, status := map[string]string{}, fiber.StatusOK
	for name, ping := range s.config.Stores {
		asked.Go(func() {
			err := ping(ctx)
			mu.Lock()
			defer mu.Unlock()
			state[name] = "ready"
			if err != nil {
				state[name], status = "away", fiber.StatusServiceUnavailable
			}
		})
	}
	asked.Wait()
	return c.Status(status).JSON(state)
}
