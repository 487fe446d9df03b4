// Package durability_test kills the real program and the real database while
// people learn, and counts what was lost.
package durability_test

import (
	"context"
	"fmt"
	"haidang/cmd/internal/app"
	"haidang/storage/local"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"
)

// rig is a server over stores of its own, each of which can be killed and
// started again on the same data.
type rig struct {
	t       *testing.T
	dir     string
	program string
	secrets *local.Secrets
	env     []string
	url     string
	ports   struct{ mongo, s3, http int }
	mongod  *local.Mongod
	s3      *local.S3
	server  *local.Process
}

// newRig builds the program, starts everything and fills in a small demo.
func newRig(t *testing.T) *rig {
	t.Helper()
	r := &rig{t: t, dir: t.TempDir()}
	r.program = filepath.Join(r.dir, "haidang")
	build := exec.CommandContext(t.Context(), "go", "build", "-trimpath", "-o", r.program, "haidang/cmd/haidang")
	build.Env = append(os.Environ(), "CGO_ENABLED=0") // as the Makefile does, so that little is compiled anew
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build the program: %v\n%s", err, out)
	}
	var err error
	if r.secrets, err = local.OpenSecrets(r.dir); err != nil {
		t.Fatal(err)
	}
	for _, port := range []*int{&r.ports.mongo, &r.ports.s3, &r.ports.http} {
		if *port, err = local.FreePort(); err != nil {
			t.Fatal(err)
		}
	}
	r.url = fmt.Sprintf("http://127.0.0.1:%d", r.ports.http)
	r.startMongod()
	t.Cleanup(func() { r.mongod.Kill() })
	if r.s3, err = local.StartMinIO(t.Context(), filepath.Join(r.dir, "objects"), r.ports.s3, r.secrets); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.s3.Kill)
	ffmpeg, err := local.Find("ffmpeg")
	if err != nil {
		t.Fatal(err)
	}
	r.env = []string{
		"MONGODB_URI=" + r.mongod.URI, "S3_ENDPOINT=http://" + r.s3.Endpoint, "S3_ACCESS_KEY=" + r.s3.AccessKey, "S3_SECRET_KEY=" + r.s3.SecretKey,
		"HAIDANG_FFMPEG=" + ffmpeg, "HAIDANG_BASE_URL=" + r.url,
	}
	r.tool("seed", "--people", "20", "--completions", "20")
	r.startServer()
	t.Cleanup(func() { r.server.Kill() })
	return r
}

func (r *rig) startMongod() {
	r.t.Helper()
	var err error
	if r.mongod, err = local.StartMongod(r.t.Context(), local.MongodDir(r.dir), r.ports.mongo, r.secrets); err != nil {
		r.t.Fatal(err)
	}
}

// startServer starts the program and waits until it says that it is ready.
func (r *rig) startServer() {
	r.t.Helper()
	var err error
	if r.server, err = local.Start("haidang", r.program, []string{"serve", "--listen", fmt.Sprintf("127.0.0.1:%d", r.ports.http)}, r.env); err != nil {
		r.t.Fatal(err)
	}
	for range 600 {
		select {
		case <-r.server.Done():
			r.t.Fatal(r.server.Failure())
		case <-time.After(50 * time.Millisecond):
		}
		res, err := http.Get(r.url + "/readyz")
		if err != nil {
			continue
		}
		res.Body.Close()
		if res.StatusCode == http.StatusOK {
			return
		}
	}
	r.t.Fatal("the server is not ready within 30 s")
}

// config is how a program in this process opens the same stores.
func (r *rig) config() app.Config {
	return app.Config{
		Env: "development", BaseURL: r.url, MongoURI: r.mongod.URI, MongoName: "haidang", S3Endpoint: "http://" + r.s3.Endpoint, S3Bucket: "haidang",
		S3Region: "us-east-1", S3AccessKey: r.s3.AccessKey, S3SecretKey: r.s3.SecretKey, LedgerOrigin: "haidang.haiphong.gov.vn/ledger",
	}
}

// tool runs a command of the program and gives what it prints.
func (r *rig) tool(args ...string) string {
	r.t.Helper()
	cmd := exec.CommandContext(r.t.Context(), r.program, args...)
	cmd.Env = append(os.Environ(), r.env...)
	out, err := cmd.CombinedOutput()
	if err != nil {
		r.t.Fatalf("haidang %v: %v\n%s", args, err, out)
	}
	return string(out)
}

// database is the server's, by a client of its own.
func (r *rig) database(ctx context.Context) *mongo.Database {
	r.t.Helper()
	client, err := mongo.Connect(ctx, options.Client().ApplyURI(r.mongod.URI))
	if err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(func() {
		if err := client.Disconnect(context.WithoutCancel(ctx)); err != nil {
			r.t.Error(err)
		}
	})
	return client.Database("haidang")
}
