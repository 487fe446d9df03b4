package main

import (
	"context"
	"errors"
	"fmt"
	"haidang/cmd/internal/app"
	"haidang/frontend"
	"log/slog"
	"net"
	"os"
	"runtime/debug"
	"runtime/pprof"
	"sync"
	"time"
)

type serveCommand struct {
	app.Config `embed:""`
	Listen     string     `help:"Address to listen on." default:"127.0.0.1:8080" env:"HAIDANG_LISTEN"`
	LogLevel   slog.Level `help:"debug, info, warn or error." default:"info" env:"HAIDANG_LOG"`
	NoWork     bool       `help:"Leave background work to others (haidang work)." env:"HAIDANG_NO_WORK"`
	CPUProfile string     `help:"File to write a profile of the processor time to, when the server ends (see make profile)." name:"cpu-profile" env:"HAIDANG_CPU_PROFILE" type:"path"`
}

// Run serves until the program is told to stop.
func (c serveCommand) Run(ctx context.Context) error {
	useLog(c.LogLevel)
	l, err := listen(c.Listen)
	if err != nil {
		return err
	}
	defer l.Close()
	return profiled(c.CPUProfile, func() error {
		return with(ctx, c.Config, func(a *app.App) error { return serve(ctx, a, l, !c.NoWork, nil) })
	})
}

// profiled does something and writes to a file, if it names one, where the processor
// time went meanwhile.
func profiled(file string, do func() error) error {
	if file == "" {
		return do()
	}
	f, err := os.Create(file)
	if err != nil {
		return fmt.Errorf("make the file of the profile: %w", err)
	}
	if err := pprof.StartCPUProfile(f); err != nil {
		return errors.Join(fmt.Errorf("profile the processor time: %w", err), f.Close())
	}
	err = do()
	pprof.StopCPUProfile()
	return errors.Join(err, f.Close())
}

// listen says in words when somebody else has the port.
func listen(address string) (net.Listener, error) {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("cannot listen on %s: is another program, or another Hải Đăng, using it? (%w)", address, err)
	}
	return l, nil
}

// How long requests under way may take once the program is told to stop, and
// once a store has ended, on which they may wait in vain.
const (
	drain       = 15 * time.Second
	drainBroken = time.Second
)

// serve answers on l until ctx ends or something breaks; broken is closed when a
// child process ended, or nil.
func serve(ctx context.Context, a *app.App, l net.Listener, work bool, broken <-chan error) error {
	if err := a.Services.Learning.Recover(ctx, true); err != nil {
		return fmt.Errorf("go on with what an earlier server had logged: %w", err)
	}
	debug.FreeOSMemory() // what starting took is not needed again
	server := a.Server(frontend.Files())
	working, stop := context.WithCancel(context.WithoutCancel(ctx))
	var wg sync.WaitGroup
	if work {
		wg.Go(func() { a.Run(working) })
	} else {
		wg.Go(func() { a.Watch(working) })
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(l) }()
	var err error
	ended, patience := false, drain
	select {
	case <-ctx.Done():
	case err = <-failed:
		ended = true
	case err = <-broken:
		patience = drainBroken
		stop()
	}
	draining, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	shut := server.Shutdown(draining)
	if !ended {
		shut = errors.Join(shut, <-failed)
	}
	stop()
	wg.Wait()
	if err != nil {
		return err
	}
	return shut
}

type workCommand struct {
	app.Config `embed:""`
	LogLevel   slog.Level `help:"debug, info, warn or error." default:"info" env:"HAIDANG_LOG"`
}

// Run does background work until the program is told to stop.
func (c workCommand) Run(ctx context.Context) error {
	useLog(c.LogLevel)
	return with(ctx, c.Config, func(a *app.App) error {
		a.Run(ctx)
		return nil
	})
}

type migrateCommand struct {
	app.Config `embed:""`
}

// Run makes what the stores need; opening does it.
func (c migrateCommand) Run(ctx context.Context) error {
	return with(ctx, c.Config, func(*app.App) error { return nil })
}
