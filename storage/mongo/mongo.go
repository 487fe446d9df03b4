// Package mongo keeps the domain's values in MongoDB: one file per noun with
// its documents, indexes and queries. No type of the driver leaves it. Every
// write is acknowledged by a majority with its journal.
package mongo

import (
	"context"
	"errors"
	"fmt"
	"haidang/courses"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"
	"go.mongodb.org/mongo-driver/mongo/readconcern"
	"go.mongodb.org/mongo-driver/mongo/writeconcern"
)

// DB is one database on a replica set or sharded cluster.
type DB struct {
	client *mongo.Client
	db     *mongo.Database
}

// Open connects to uri and uses the database name. It does not wait for the
// server; Ping does. What the uri says of timeouts and pools counts; how writes
// are acknowledged and what is read it cannot change.
func Open(ctx context.Context, uri, name string) (*DB, error) {
	journal := true
	client, err := mongo.Connect(ctx, options.Client().
		SetAppName("haidang").
		SetServerSelectionTimeout(10*time.Second).
		ApplyURI(uri).
		SetWriteConcern(&writeconcern.WriteConcern{W: "majority", Journal: &journal}).
		SetReadConcern(readconcern.Majority()).
		SetBSONOptions(&options.BSONOptions{NilSliceAsEmpty: true}))
	if err != nil {
		return nil, fmt.Errorf("connect to MongoDB: %w", err)
	}
	return &DB{client: client, db: client.Database(name)}, nil
}

// Close ends all connections.
func (db *DB) Close(ctx context.Context) error { return db.client.Disconnect(ctx) }

// Ping says whether a primary answers.
func (db *DB) Ping(ctx context.Context) error {
	if err := db.client.Ping(ctx, nil); err != nil {
		return fault("ping MongoDB", err)
	}
	return nil
}

// Drop deletes the whole database; tests and `seed --fresh` use it.
func (db *DB) Drop(ctx context.Context) error { return db.db.Drop(ctx) }

// Raw gives the driver's database, for benchmarks and fault tests only.
func (db *DB) Raw() *mongo.Database { return db.db }

// index describes one index of a collection.
type index struct {
	collection string
	keys       bson.D
	options    *options.IndexOptions
}

// fault wraps a driver error with what we were doing. It keeps exactly one %w,
// so that the driver still sees its retry labels; a server that cannot be
// reached becomes courses.ErrUnavailable, unless a transaction may be retried.
func fault(doing string, err error) error {
	var labelled mongo.ServerError
	if errors.As(err, &labelled) && (labelled.HasErrorLabel("TransientTransactionError") ||
		labelled.HasErrorLabel("UnknownTransactionCommitResult")) {
		return fmt.Errorf("%s: %w", doing, err)
	}
	if errors.Is(err, context.Canceled) {
		return fmt.Errorf("%s: %w", doing, err)
	}
	if mongo.IsNetworkError(err) || mongo.IsTimeout(err) {
		return &away{doing: doing, cause: err}
	}
	return fmt.Errorf("%s: %w", doing, err)
}

// away is a refusal to callers (courses.ErrUnavailable) that keeps the cause
// for the log.
type away struct {
	doing string
	cause error
}

func (a *away) Error() string { return a.doing + ": " + a.cause.Error() }
func (a *away) Unwrap() error { return courses.ErrUnavailable.After(2 * time.Second) }

// isDuplicate says that a unique index refused a write.
func isDuplicate(err error) bool { return mongo.IsDuplicateKeyError(err) }

// isMissing says that nothing was found.
func isMissing(err error) bool { return errors.Is(err, mongo.ErrNoDocuments) }
