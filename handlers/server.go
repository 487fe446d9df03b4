// Package handlers speaks HTTP for the domain: one file per noun, wire structs
// beside the routes that use them, and no rule of its own. Everything that a
// client sees of an error is made in errors.go.
package handlers

import (
	"context"
	"errors"
	"haidang/courses"
	"io/fs"
	"net"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humafiber"
	"github.com/gofiber/fiber/v2"
)

// Config is what the HTTP layer needs to know of its surroundings.
type Config struct {
	BaseURL   string                                 // such as https://hoc.haiphong.gov.vn; decides the cookies' Secure
	Version   string                                 // of the program
	Clock     courses.Clock                          //
	App       fs.FS                                  // the built web app; nil serves the API alone
	Stores    map[string]func(context.Context) error // what /readyz asks, by name
	Metrics   http.Handler                           // what /metrics answers
	TokenKeys func() []TokenKey                      // keys of access tokens, newest first
	ProxyFrom []string                               // addresses whose X-Forwarded-For is believed
	// Observe is told of every finished request; nil observes nothing.
	Observe func(method string, status int, took time.Duration)
}

// Timeouts and sizes of the HTTP layer.
const (
	requestTimeout = 15 * time.Second
	partTimeout    = 5 * time.Minute // in which a part of 8 MiB has to arrive: 220 kbit/s
	jsonLimit      = 2 << 20         // bytes of a JSON body
	draftLimit     = 8 << 20         // of one that holds a draft: a million letters and what JSON adds
	prefetchBytes  = 64 << 10
)

// Server is the whole HTTP side of the program.
type Server struct {
	app    *fiber.App
	api    huma.API
	config Config
	tokens *tokens
}

// New builds the server with all its routes.
func New(config Config, services Services) *Server {
	useProblems()
	app := fiber.New(fiber.Config{
		AppName: "haidang", DisableStartupMessage: true,
		Immutable:         true, // kept strings must not change under us
		CaseSensitive:     true, // what looks at paths elsewhere need not fold them
		StreamRequestBody: true, BodyLimit: prefetchBytes,
		ReadTimeout: partTimeout, IdleTimeout: 2 * time.Minute,
		EnableTrustedProxyCheck: true, TrustedProxies: config.ProxyFrom, ProxyHeader: fiber.HeaderXForwardedFor,
		DisablePreParseMultipartForm: true, // no route takes one
		ErrorHandler:                 unframed,
	})
	s := &Server{app: app, config: config, tokens: newTokens(config.TokenKeys, config.BaseURL, config.Clock)}
	app.Use(s.frame, s.recovered, secured, s.sameSite)
	s.operations()
	app.Use("/api", packed, wholeBody)
	app.Use("/api", s.authenticate(services))
	app.Use("/media", s.authenticate(services))

	s.api = humafiber.New(app, apiConfig(config.Version))
	s.register(services)
	registerMedia(app, services)
	s.registerCalendar(services)
	app.Use("/api", func(*fiber.Ctx) error { return errNoRoute })
	app.Use("/media", func(*fiber.Ctx) error { return errNoRoute })
	s.webApp()
	return s
}

// apiConfig describes the API; unknown fields are refused everywhere.
func apiConfig(version string) huma.Config {
	config := huma.DefaultConfig("Hải Đăng", version)
	config.Info.Description = "Training and professional development for commune staff."
	config.DocsPath, config.SchemasPath = "", ""
	config.CreateHooks = nil // no $schema fields
	config.AllowAdditionalPropertiesByDefault = false
	config.RejectUnknownQueryParameters = true
	config.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"session": {Type: "apiKey", In: "cookie", Name: "__Host-access", Description: "Set by POST /api/session."},
	}
	return config
}

// OpenAPI is the API's description (OpenAPI 3.1) as indented JSON.
func (s *Server) OpenAPI() ([]byte, error) {
	return s.api.OpenAPI().MarshalJSON()
}

// Serve answers on the listener until Shutdown.
func (s *Server) Serve(l net.Listener) error {
	if err := s.app.Listener(l); err != nil && !errors.Is(err, net.ErrClosed) {
		return err
	}
	return nil
}

// Shutdown lets requests under way finish, within ctx.
func (s *Server) Shutdown(ctx context.Context) error { return s.app.ShutdownWithContext(ctx) }

// Test answers one request without a network, for tests of single routes.
func (s *Server) Test(r *http.Request) (*http.Response, error) { return s.app.Test(r, -1) }
