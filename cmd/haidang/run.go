package main

import (
	"context"
	"errors"
	"fmt"
	"haidang/cmd/internal/app"
	"haidang/cmd/internal/demo"
	"haidang/storage/local"
	"log/slog"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

type runCommand struct {
	app.Config `embed:""`
	Listen     string     `help:"Address to listen on." default:"127.0.0.1:8080" env:"HAIDANG_LISTEN"`
	Data       string     `help:"Folder of the local stores." default:"data" type:"path" env:"HAIDANG_DATA"`
	MongoPort  int        `help:"Port of the local mongod." default:"27117" env:"HAIDANG_MONGO_PORT"`
	S3Port     int        `help:"Port of the local object store." default:"9117" env:"HAIDANG_S3_PORT" name:"s3-port"`
	LogLevel   slog.Level `help:"debug, info, warn or error." default:"warn" env:"HAIDANG_LOG"`
	Empty      bool       `help:"Do not fill an empty database with the demo."`
}

// Run serves with local stores until the program is told to stop. Whatever ends
// it, the stores end with it.
func (c runCommand) Run(ctx context.Context) error {
	useLog(c.LogLevel)
	l, err := listen(c.Listen)
	if err != nil {
		return err
	}
	defer l.Close()
	if c.FFmpeg == "ffmpeg" {
		if c.FFmpeg, err = local.Find("ffmpeg"); err != nil {
			return err
		}
	}
	stores := &stores{died: make(chan error, 2)}
	defer stores.stop()
	if err := stores.start(ctx, &c); err != nil {
		return interrupted(ctx, err)
	}
	c.BaseURL = "http://" + c.Listen
	a, err := open(ctx, c.Config)
	if err != nil {
		return interrupted(ctx, err)
	}
	defer a.Close(context.WithoutCancel(ctx))
	if err := c.fill(ctx, a); err != nil {
		return interrupted(ctx, err)
	}
	c.greet()
	return serve(ctx, a, l, true, stores.died)
}

// interrupted makes no error of being told to stop.
func interrupted(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return nil
	}
	return err
}

func (c runCommand) fill(ctx context.Context, a *app.App) error {
	empty, err := demo.Empty(ctx, a)
	if err != nil || !empty || c.Empty {
		return err
	}
	fmt.Println("Filling the empty database with the demo …")
	return demo.Seed(ctx, a, demo.Small, func(line string) { fmt.Println("  " + line) })
}

func (c runCommand) greet() {
	fmt.Printf("\nHải Đăng is ready: %s\n\nDemo accounts, all with the password %q:\n", c.BaseURL, demo.Password)
	for _, x := range demo.Accounts() {
		fmt.Printf("  %-10s %s (%s)\n", x.Username, x.Name, x.What)
	}
	fmt.Println("\nCtrl-C stops it.")
}

// stores are the child processes.
type stores struct {
	children []*local.Process
	died     chan error
}

// least is how much free disk the local stores need to begin with.
const least = 1 << 30

// start starts what the settings do not name, and fills it into them.
func (s *stores) start(ctx context.Context, c *runCommand) error {
	if c.MongoURI != "" && c.S3Endpoint != "" {
		return nil
	}
	secrets, err := local.OpenSecrets(c.Data)
	if err != nil {
		return err
	}
	var disk syscall.Statfs_t
	if err := syscall.Statfs(c.Data, &disk); err == nil && disk.Bavail*uint64(disk.Bsize) < least {
		return fmt.Errorf("the disk of %s is full: %d MiB are free, the stores need %d", c.Data, disk.Bavail*uint64(disk.Bsize)>>20, least>>20)
	}
	if c.MongoURI == "" {
		if err := portFree(c.MongoPort, "--mongo-port"); err != nil {
			return err
		}
		m, err := local.StartMongod(ctx, local.MongodDir(c.Data), c.MongoPort, secrets)
		if err != nil {
			return err
		}
		s.watch(m.Process)
		c.MongoURI = m.URI
	}
	if c.S3Endpoint != "" {
		return nil
	}
	if err := portFree(c.S3Port, "--s3-port"); err != nil {
		return err
	}
	begin := local.StartMinIO
	if _, err := local.Find("minio"); err != nil {
		begin = local.StartVersityGW
	}
	objects, err := begin(ctx, filepath.Join(c.Data, "objects"), c.S3Port, secrets)
	if err != nil {
		return err
	}
	s.watch(objects.Process)
	c.S3Endpoint, c.S3AccessKey, c.S3SecretKey = "http://"+objects.Endpoint, objects.AccessKey, objects.SecretKey
	return nil
}

func portFree(port int, flag string) error {
	if local.PortTaken(port) {
		return fmt.Errorf("port %d is in use by another program, or by another Hải Đăng: stop it or choose another with %s", port, flag)
	}
	return nil
}

// watch tells when a child ends by itself.
func (s *stores) watch(p *local.Process) {
	s.children = append(s.children, p)
	go func() {
		<-p.Done()
		s.died <- fmt.Errorf("a store ended, so Hải Đăng stops: %w", p.Failure())
	}()
}

// stop ends the children, last started first.
func (s *stores) stop() {
	for i := len(s.children) - 1; i >= 0; i-- {
		s.children[i].Stop(20 * time.Second)
	}
}

type seedCommand struct {
	app.Config  `embed:""`
	People      int    `help:"How many people." default:"300"`
	Courses     int    `help:"How many courses besides the one on Notice 129." default:"0"`
	Completions int    `help:"How many completions." default:"120"`
	Seed        uint64 `help:"The same seed gives the same data on the same day." default:"129"`
}

var errNotEmpty = errors.New("the database is not empty: name another with --database")

// Run fills an empty database.
func (c seedCommand) Run(ctx context.Context) error {
	useLog(slog.LevelWarn)
	if !strings.Contains(c.FFmpeg, "/") {
		if found, err := local.Find(c.FFmpeg); err == nil {
			c.FFmpeg = found
		}
	}
	return with(ctx, c.Config, func(a *app.App) error {
		if empty, err := demo.Empty(ctx, a); err != nil || !empty {
			return errors.Join(err, errNotEmpty)
		}
		size := demo.Size{People: c.People, Courses: c.Courses, Completions: c.Completions, Seed: c.Seed}
		start := time.Now()
		return demo.Seed(ctx, a, size, func(line string) { fmt.Printf("%6.1f s  %s\n", time.Since(start).Seconds(), line) })
	})
}
