// Command haidang is the whole of Hải Đăng in one binary.
package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/alecthomas/kong"

	"haidang/courses"
	"haidang/handlers"
)

// version is set at link time.
var version = "dev"

type commands struct {
	OpenAPI openAPICommand `cmd:"" name:"openapi" help:"Print the description of the API."`
}

type openAPICommand struct{}

func (openAPICommand) Run() error {
	b, err := handlers.New(handlers.Config{Version: "1"}, handlers.Services{}).OpenAPI()
	if err != nil {
		return fmt.Errorf("describe the API: %w", err)
	}
	_, err = os.Stdout.Write(append(b, '\n'))
	return err
}

func main() {
	var c commands
	run := kong.Parse(&c, kong.Name("haidang"), kong.Description("Training and professional development for commune staff."),
		kong.DefaultEnvars("HAIDANG"), kong.Vars{"version": version})
	if err := run.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "haidang:", err)
		os.Exit(exitCode(err))
	}
}

// exitCode is the one place where the kind of an error becomes an exit code.
func exitCode(err error) int {
	var refusal *courses.Error
	if errors.As(err, &refusal) && refusal.Kind == courses.Unavailable {
		return 75 // EX_TEMPFAIL: try again
	}
	return 1
}
