package apptest

import (
	"bytes"
	"context"
	"fmt"
	"haidang/cmd/internal/app"
	"haidang/cmd/internal/demo"
	"haidang/courses"
	"haidang/handlers"
	"haidang/storage/mongo"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
	"go.mongodb.org/mongo-driver/bson"
)

// size is the demo that every World begins with.
var size = demo.Size{People: 60, Completions: 30, Seed: 1}

// demoStores is what the demo writes into a database and a bucket.
type demoStores struct {
	documents map[string][]any // bson.Raw by collection
	objects   []object
}

type object struct {
	key, contentType string
	data             []byte
}

// seeded is the demo, made once for the test binary: a film and the pages of a
// document take seconds.
var seeded struct {
	sync.Once
	demoStores
}

// seed makes the demo in stores of its own and keeps what it wrote. Its clock
// stands a minute before every World's begins.
func seed(t testing.TB, config app.Config) {
	t.Helper()
	ctx := context.Background()
	config.MongoName = "seed" + courses.NewID[string](time.Now())
	config.S3Bucket = config.MongoName
	a, err := app.Open(ctx, config, app.Options{Clock: func() time.Time { return Start.Add(-time.Minute) }})
	if err != nil {
		t.Fatal(err)
	}
	err = demo.Seed(ctx, a, size, func(line string) { t.Log(line) })
	if err == nil {
		seeded.documents, err = documents(ctx, a.DB)
	}
	if err == nil {
		seeded.objects, err = objects(ctx, config)
	}
	for _, f := range []func(context.Context) error{a.DB.Drop, a.Objects.Drop, a.Close} {
		if e := f(ctx); err == nil {
			err = e
		}
	}
	if err != nil {
		t.Fatal(err)
	}
}

func documents(ctx context.Context, db *mongo.DB) (map[string][]any, error) {
	names, err := db.Raw().ListCollectionNames(ctx, bson.M{})
	if err != nil {
		return nil, err
	}
	all := map[string][]any{}
	for _, name := range names {
		cursor, err := db.Raw().Collection(name).Find(ctx, bson.M{})
		if err != nil {
			return nil, err
		}
		var raw []bson.Raw
		if err := cursor.All(ctx, &raw); err != nil {
			return nil, err
		}
		for _, d := range raw {
			all[name] = append(all[name], d)
		}
	}
	return all, nil
}

func objects(ctx context.Context, config app.Config) ([]object, error) {
	client, err := s3(config)
	if err != nil {
		return nil, err
	}
	var all []object
	for info := range client.ListObjects(ctx, config.S3Bucket, minio.ListObjectsOptions{Recursive: true}) {
		if info.Err != nil {
			return nil, info.Err
		}
		o, err := client.GetObject(ctx, config.S3Bucket, info.Key, minio.GetObjectOptions{})
		if err != nil {
			return nil, err
		}
		b, err := io.ReadAll(o)
		if err != nil {
			return nil, err
		}
		stat, err := o.Stat()
		if err != nil {
			return nil, err
		}
		all = append(all, object{info.Key, stat.ContentType, b})
	}
	return all, nil
}

func s3(config app.Config) (*minio.Client, error) {
	return minio.New(strings.TrimPrefix(config.S3Endpoint, "http://"), &minio.Options{Creds: credentials.NewStaticV4(config.S3AccessKey, config.S3SecretKey, "")})
}

// fill puts the demo into the empty stores of a World.
func fill(t testing.TB, config app.Config) {
	t.Helper()
	seeded.Do(func() { seed(t, config) })
	if seeded.documents == nil {
		t.Fatal("the demo could not be made")
	}
	if err := fillDatabase(context.Background(), config); err != nil {
		t.Fatal(err)
	}
	if err := fillBucket(context.Background(), config); err != nil {
		t.Fatal(err)
	}
}

func fillDatabase(ctx context.Context, config app.Config) error {
	db, err := mongo.Open(ctx, config.MongoURI, config.MongoName)
	if err != nil {
		return err
	}
	defer db.Close(ctx)
	if err := db.Migrate(ctx); err != nil {
		return err
	}
	for name, list := range seeded.documents {
		if len(list) == 0 {
			continue
		}
		if _, err := db.Raw().Collection(name).InsertMany(ctx, list); err != nil {
			return fmt.Errorf("fill %s: %w", name, err)
		}
	}
	return nil
}

func fillBucket(ctx context.Context, config app.Config) error {
	client, err := s3(config)
	if err != nil {
		return err
	}
	if err := client.MakeBucket(ctx, config.S3Bucket, minio.MakeBucketOptions{}); err != nil {
		return err
	}
	for _, o := range seeded.objects {
		_, err := client.PutObject(ctx, config.S3Bucket, o.key, bytes.NewReader(o.data), int64(len(o.data)), minio.PutObjectOptions{ContentType: o.contentType})
		if err != nil {
			return fmt.Errorf("fill %s: %w", o.key, err)
		}
	}
	return nil
}

// SignIn makes a client that is signed in with a demo account.
func (w *World) SignIn(t testing.TB, username string) *Client {
	t.Helper()
	c := w.Client(t)
	c.Must("POST", "/api/session", map[string]string{"username": username, "password": demo.Password}, nil)
	return c
}

// Publish takes a draft through its review, without a pilot, and publishes it.
// The reviewer of the author's own organisation passes each step.
func (w *World) Publish(t testing.TB, author *Client, d *handlers.Draft, class string) {
	t.Helper()
	path := "/api/studio/courses/" + string(d.Card.ID)
	author.Must("POST", path+"/review", map[string]any{"revision": d.Revision, "class": class}, d)
	reviewer := w.SignIn(t, "thamdinh")
	for d.Review.Step != "ready" {
		reviewer.Must("POST", path+"/step", map[string]any{"action": "pass"}, d)
	}
	author.Must("POST", path+"/versions", map[string]any{"revision": d.Revision}, d)
}
