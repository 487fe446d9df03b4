// Command haidang is Hải Đăng: the server, its background work and the tools of
// those who run it, in one binary.
package main

import (
	"context"
	"errors"
	"fmt"
	"haidang/cmd/internal/app"
	"haidang/courses"
	"haidang/handlers"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"
)

// version is set when the program is built.
var version = "dev"

// commands are all that the program does.
type commands struct {
	Serve   serveCommand   `cmd:"" help:"Serve the API and the web app; do background work beside it."`
	Work    workCommand    `cmd:"" help:"Do background work only."`
	Run     runCommand     `cmd:"" help:"Serve with local stores, filled with a demo: for trying and developing."`
	Migrate migrateCommand `cmd:"" help:"Make the collections, indexes and the bucket."`
	Seed    seedCommand    `cmd:"" help:"Fill an empty database with invented people, courses and completions."`
	Init    initCommand    `cmd:"" help:"Fill an empty database with units and positions, and make the first administrator."`
	Ledger  ledgerCommand  `cmd:"" help:"The ledger of completions."`
	Rebuild rebuildCommand `cmd:"" help:"Count everything again from the ledger; says which counters differed."`
	OpenAPI openAPICommand `cmd:"" name:"openapi" help:"Print the API's description."`
	Bench   benchCommand   `cmd:"" help:"Measure the program beside the raw stores (see make bench)."`
}

func main() {
	var c commands
	k := kong.Parse(&c, kong.Name("haidang"), kong.Description("Training and professional development for commune staff."), kong.UsageOnError())
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	k.BindTo(ctx, (*context.Context)(nil))
	err := k.Run()
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "haidang:", err)
		os.Exit(exitCode(err))
	}
}

// exitCode is the one place that turns the kind of a refusal into an exit code.
func exitCode(err error) int {
	var refusal *courses.Error
	if !errors.As(err, &refusal) {
		return 1
	}
	switch refusal.Kind {
	case courses.Invalid, courses.TooLarge, courses.Unsupported:
		return 2
	case courses.Unavailable, courses.Throttled:
		return 75 // EX_TEMPFAIL
	case courses.Unauthenticated, courses.Forbidden, courses.NotFound, courses.Conflict:
	}
	return 1
}

// useLog writes JSON lines to the standard error.
func useLog(level slog.Level) {
	slog.SetDefault(slog.New(slog.NewJSONHandler(os.Stderr, &slog.HandlerOptions{Level: level})))
}

// open connects to the stores that config names.
func open(ctx context.Context, config app.Config) (*app.App, error) {
	config.Version = version
	if config.MongoURI == "" || config.S3Endpoint == "" {
		return nil, errors.New("set MONGODB_URI and S3_ENDPOINT (with S3_ACCESS_KEY and S3_SECRET_KEY), or use `haidang run`, which brings its own stores")
	}
	return app.Open(ctx, config, app.Options{})
}

// with opens the program for one command and closes it afterwards.
func with(ctx context.Context, config app.Config, do func(*app.App) error) error {
	a, err := open(ctx, config)
	if err != nil {
		return err
	}
	defer a.Close(context.WithoutCancel(ctx))
	return do(a)
}

type openAPICommand struct{}

// Run prints the API's description.
func (openAPICommand) Run() error {
	b, err := handlers.New(handlers.Config{BaseURL: "http://127.0.0.1", Version: "1"}, handlers.Services{}).OpenAPI()
	if err != nil {
		return err
	}
	_, err = fmt.Println(string(b))
	return err
}
