// Package minio keeps objects in MinIO or any other S3 store.
package minio

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"haidang/courses"
	"haidang/courses/media"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"slices"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// Config says where the objects are.
type Config struct {
	Endpoint  string // https://host or http://host:port
	Region    string
	Bucket    string
	AccessKey string
	SecretKey string
}

// Objects implements media.Objects on one bucket.
type Objects struct {
	core   minio.Core
	bucket string
	region string
}

// Open prepares the connection; it does not wait for the store.
func Open(c Config) (*Objects, error) {
	u, err := url.Parse(c.Endpoint)
	if err != nil || u.Host == "" {
		return nil, fmt.Errorf("the S3 endpoint %q is no address such as https://host", c.Endpoint)
	}
	transport, err := minio.DefaultTransport(u.Scheme == "https")
	if err != nil {
		return nil, fmt.Errorf("prepare S3: %w", err)
	}
	transport.MaxIdleConnsPerHost = 64
	transport.DialContext = (&net.Dialer{Timeout: 2 * time.Second, KeepAlive: 15 * time.Second}).DialContext
	core, err := minio.NewCore(u.Host, &minio.Options{
		Creds: credentials.NewStaticV4(c.AccessKey, c.SecretKey, ""), Secure: u.Scheme == "https", Region: c.Region,
		Transport: transport, MaxRetries: 3, BucketLookup: minio.BucketLookupPath,
	})
	if err != nil {
		return nil, fmt.Errorf("prepare S3: %w", err)
	}
	return &Objects{core: *core, bucket: c.Bucket, region: c.Region}, nil
}

// Prepare makes the bucket if it is not there.
func (o *Objects) Prepare(ctx context.Context) error {
	found, err := o.core.BucketExists(ctx, o.bucket)
	if err != nil {
		return fault("look for the bucket", err)
	}
	if found {
		return nil
	}
	err = o.core.MakeBucket(ctx, o.bucket, minio.MakeBucketOptions{Region: o.region})
	if code := minio.ToErrorResponse(err).Code; err != nil && code != "BucketAlreadyOwnedByYou" && code != "BucketAlreadyExists" {
		return fault("make the bucket", err)
	}
	return nil
}

// Ping says whether the store answers.
func (o *Objects) Ping(ctx context.Context) error {
	if _, err := o.core.BucketExists(ctx, o.bucket); err != nil {
		return fault("ping S3", err)
	}
	return nil
}

// Begin implements media.Objects.
func (o *Objects) Begin(ctx context.Context, key, contentType string) (string, error) {
	id, err := o.core.NewMultipartUpload(ctx, o.bucket, key, minio.PutObjectOptions{ContentType: contentType})
	if err != nil {
		return "", fault("begin upload", err)
	}
	return id, nil
}

// PutPart implements media.Objects. The signature covers the SHA-256, so that
// the store refuses bytes that changed on the way. Over plain http the driver
// would hash what it sends piece by piece instead, whatever was announced: that
// is what DisableContentSha256 disables.
func (o *Objects) PutPart(ctx context.Context, key, multipart string, number int, data []byte, sha256 string) (string, error) {
	part, err := o.core.PutObjectPart(ctx, o.bucket, key, multipart, number, bytes.NewReader(data), int64(len(data)),
		minio.PutObjectPartOptions{Sha256Hex: sha256, DisableContentSha256: true})
	if err != nil {
		return "", fault("store part", err)
	}
	return part.ETag, nil
}

// Finish implements media.Objects.
func (o *Objects) Finish(ctx context.Context, key, multipart string, parts []media.Part) (int64, error) {
	list := make([]minio.CompletePart, len(parts))
	for i, p := range parts {
		list[i] = minio.CompletePart{PartNumber: p.Number, ETag: p.ETag}
	}
	slices.SortFunc(list, func(a, b minio.CompletePart) int { return a.PartNumber - b.PartNumber })
	if _, err := o.core.CompleteMultipartUpload(ctx, o.bucket, key, multipart, list, minio.PutObjectOptions{}); err != nil {
		return 0, fault("join parts", err)
	}
	size, _, err := o.Size(ctx, key)
	return size, err
}

// Abandon implements media.Objects.
func (o *Objects) Abandon(ctx context.Context, key, multipart string) error {
	if err := o.core.AbortMultipartUpload(ctx, o.bucket, key, multipart); err != nil && !missing(err) {
		return fault("abandon upload", err)
	}
	return nil
}

// Size implements media.Objects.
func (o *Objects) Size(ctx context.Context, key string) (int64, bool, error) {
	info, err := o.core.StatObject(ctx, o.bucket, key, minio.StatObjectOptions{})
	if missing(err) {
		return 0, false, nil
	}
	if err != nil {
		return 0, false, fault("look for object", err)
	}
	return info.Size, true, nil
}

// Read implements media.Objects.
func (o *Objects) Read(ctx context.Context, key string, offset, length int64) (io.ReadCloser, error) {
	if offset < 0 || length < 1 { // which the driver would take for counted from the end
		return nil, fmt.Errorf("read range: there are no %d bytes from %d", length, offset)
	}
	opts := minio.GetObjectOptions{}
	if err := opts.SetRange(offset, offset+length-1); err != nil {
		return nil, fmt.Errorf("read range: %w", err)
	}
	body, _, _, err := o.core.GetObject(ctx, o.bucket, key, opts)
	if err != nil {
		return nil, fault("read object", err)
	}
	return body, nil
}

// Write implements media.Objects.
func (o *Objects) Write(ctx context.Context, key, contentType string, data []byte) error {
	_, err := o.core.Client.PutObject(ctx, o.bucket, key, bytes.NewReader(data), int64(len(data)), minio.PutObjectOptions{ContentType: contentType})
	if err != nil {
		return fault("write object", err)
	}
	return nil
}

// WriteFile implements media.Objects.
func (o *Objects) WriteFile(ctx context.Context, key, contentType, file string) (int64, error) {
	f, err := os.Open(file)
	if err != nil {
		return 0, fmt.Errorf("open what to store: %w", err)
	}
	defer f.Close()
	multipart, err := o.Begin(ctx, key, contentType)
	if err != nil {
		return 0, err
	}
	sent, parts, err := o.putParts(ctx, key, multipart, f)
	if err != nil {
		return 0, errors.Join(err, o.Abandon(context.WithoutCancel(ctx), key, multipart))
	}
	size, err := o.Finish(ctx, key, multipart, parts)
	if err == nil && size != sent {
		err = fmt.Errorf("%s has %d bytes instead of %d: %w", key, size, sent, io.ErrShortWrite)
	}
	return size, err
}

// putParts sends all that r has, one part in memory at a time.
func (o *Objects) putParts(ctx context.Context, key, multipart string, r io.Reader) (sent int64, parts []media.Part, err error) {
	buffer := make([]byte, media.PartBytes)
	for number := 1; ; number++ {
		n, err := io.ReadFull(r, buffer)
		last := errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
		if err != nil && !last {
			return 0, nil, fmt.Errorf("read what to store: %w", err)
		}
		if n > 0 {
			sum := sha256.Sum256(buffer[:n])
			etag, err := o.PutPart(ctx, key, multipart, number, buffer[:n], hex.EncodeToString(sum[:]))
			if err != nil {
				return 0, nil, err
			}
			parts, sent = append(parts, media.Part{Number: number, ETag: etag}), sent+int64(n)
		}
		if last {
			return sent, parts, nil
		}
	}
}

// Copy implements media.Objects.
func (o *Objects) Copy(ctx context.Context, from, to string) error {
	_, err := o.core.Client.CopyObject(ctx, minio.CopyDestOptions{Bucket: o.bucket, Object: to}, minio.CopySrcOptions{Bucket: o.bucket, Object: from})
	if err != nil {
		return fault("copy object", err)
	}
	return nil
}

// Remove implements media.Objects.
func (o *Objects) Remove(ctx context.Context, key string) error {
	if err := o.core.RemoveObject(ctx, o.bucket, key, minio.RemoveObjectOptions{}); err != nil && !missing(err) {
		return fault("remove object", err)
	}
	return nil
}

// Drop deletes the bucket with all that is in it; tests and `seed --fresh` use it.
func (o *Objects) Drop(ctx context.Context) error {
	for info := range o.core.Client.ListObjects(ctx, o.bucket, minio.ListObjectsOptions{Recursive: true}) {
		if info.Err != nil {
			return fault("list objects", info.Err)
		}
		if err := o.Remove(ctx, info.Key); err != nil {
			return err
		}
	}
	if err := o.core.RemoveBucket(ctx, o.bucket); err != nil && !missing(err) {
		return fault("remove bucket", err)
	}
	return nil
}

func missing(err error) bool {
	switch minio.ToErrorResponse(err).Code {
	case "NoSuchKey", "NoSuchBucket", "NoSuchUpload", "NotFound":
		return err != nil
	}
	return err != nil && minio.ToErrorResponse(err).StatusCode == http.StatusNotFound
}

// fault wraps a driver error; a store that cannot be reached becomes
// courses.ErrUnavailable with the cause kept for the log.
func fault(doing string, err error) error {
	var netErr net.Error
	if errors.As(err, &netErr) || minio.ToErrorResponse(err).StatusCode >= 500 {
		return &away{doing: doing, cause: err}
	}
	return fmt.Errorf("%s: %w", doing, err)
}

type away struct {
	doing string
	cause error
}

func (a *away) Error() string { return a.doing + ": " + a.cause.Error() }
func (a *away) Unwrap() error { return courses.ErrUnavailable.After(2 * time.Second) }

var _ media.Objects = (*Objects)(nil)
