package local

import (
	"context"
	"fmt"
	"net"
	"os"
	"strconv"
	"time"
)

// S3 is a local object store on loopback.
type S3 struct {
	*Process
	Endpoint  string // host:port, plain http
	AccessKey string
	SecretKey string
}

// StartMinIO starts MinIO on the port with its data in dir.
func StartMinIO(ctx context.Context, dir string, port int, s *Secrets) (*S3, error) {
	address := "127.0.0.1:" + strconv.Itoa(port)
	return startS3(ctx, "minio", dir, address, s,
		[]string{"server", "--quiet", "--address", address, "--console-address", "127.0.0.1:0", dir},
		[]string{"MINIO_ROOT_USER=" + s.S3AccessKey, "MINIO_ROOT_PASSWORD=" + s.S3SecretKey, "MINIO_BROWSER=off", "MINIO_UPDATE=off"})
}

// StartVersityGW starts versitygw on the port with its data in dir: the second
// engine of the S3 tests.
func StartVersityGW(ctx context.Context, dir string, port int, s *Secrets) (*S3, error) {
	address := "127.0.0.1:" + strconv.Itoa(port)
	return startS3(ctx, "versitygw", dir, address, s,
		[]string{"--port", address, "--access", s.S3AccessKey, "--secret", s.S3SecretKey, "posix", dir}, nil)
}

func startS3(ctx context.Context, program, dir, address string, s *Secrets, args, env []string) (*S3, error) {
	binary, err := Find(program)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make %s: %w", dir, err)
	}
	p, err := Start(program, binary, args, env)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	err = p.until(ctx, func(ctx context.Context) error {
		conn, err := (&net.Dialer{Timeout: time.Second}).DialContext(ctx, "tcp", address)
		if err != nil {
			return err
		}
		return conn.Close()
	})
	if err != nil {
		p.Kill()
		return nil, err
	}
	return &S3{Process: p, Endpoint: address, AccessKey: s.S3AccessKey, SecretKey: s.S3SecretKey}, nil
}
