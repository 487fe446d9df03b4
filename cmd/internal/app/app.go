package app

import (
	"context"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"haidang/courses"
	"haidang/handlers"
	"haidang/storage/mongo"
)

// App is the program over its stores.
type App struct {
	Config   Config
	DB       *mongo.DB
	Services handlers.Services
	clock    courses.Clock
}

// Options are what tests and seeds change.
type Options struct {
	Clock courses.Clock // nil is the machine's
}

// Open connects to the stores and builds the services. It does not migrate.
func Open(ctx context.Context, config Config, options Options) (*App, error) {
	if err := config.Check(); err != nil {
		return nil, err
	}
	if options.Clock == nil {
		options.Clock = time.Now
	}
	db, err := mongo.Open(ctx, config.MongoURI, config.MongoName)
	if err != nil {
		return nil, err
	}
	a := &App{Config: config, DB: db, clock: options.Clock}
	if err := a.build(ctx); err != nil {
		return nil, fmt.Errorf("build the program: %w", err)
	}
	return a, nil
}

// build makes every service from its stores.
func (a *App) build(context.Context) error {
	return nil
}

// Server is the HTTP side; web is the built web app, or nil.
func (a *App) Server(web fs.FS) *handlers.Server {
	return handlers.New(handlers.Config{
		BaseURL: a.Config.BaseURL, Version: a.Config.Version, Clock: a.clock, App: web,
		Stores:    map[string]func(context.Context) error{"mongodb": a.DB.Ping},
		ProxyFrom: strings.FieldsFunc(a.Config.TrustProxies, func(r rune) bool { return r == ',' || r == ' ' }),
	}, a.Services)
}

// Close lets go of the stores.
func (a *App) Close(ctx context.Context) error { return a.DB.Close(ctx) }
