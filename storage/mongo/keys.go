package mongo

import (
	"context"
	"haidang/courses"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"
)

var keyIndexes = []index{{"keys", bson.D{{Key: "purpose", Value: 1}, {Key: "createdAt", Value: -1}}, nil}}

// Key is a signing key that all servers share. Whoever reads the database can
// sign: guard its backups like passwords.
type Key struct {
	ID        string    `bson:"_id"`
	Purpose   string    `bson:"purpose"`
	Secret    []byte    `bson:"secret"`
	CreatedAt time.Time `bson:"createdAt"`
}

// Keys are the newest two keys of a purpose, newest first. When there is none,
// or the newest is older than age (0 is forever), it makes one.
func (db *DB) Keys(ctx context.Context, purpose string, age time.Duration, now time.Time, create func() ([]byte, error)) ([]Key, error) {
	c := db.db.Collection("keys")
	newest := func() ([]Key, error) {
		return all[Key](ctx, c, bson.D{{Key: "purpose", Value: purpose}}, "read keys",
			options.Find().SetSort(bson.D{{Key: "createdAt", Value: -1}}).SetLimit(2))
	}
	keys, err := newest()
	if err != nil || len(keys) > 0 && (age == 0 || now.Sub(keys[0].CreatedAt) < age) {
		return keys, err
	}
	secret, err := create()
	if err != nil {
		return nil, err
	}
	// Servers that start together make one key: the id is the stretch of time.
	id := purpose + ".first"
	if len(keys) > 0 {
		id = purpose + "." + string(courses.DateOf(now))
	}
	if _, err := c.InsertOne(ctx, Key{ID: id, Purpose: purpose, Secret: secret, CreatedAt: now}); err != nil && !mongo.IsDuplicateKeyError(err) {
		return nil, fault("insert key", err)
	}
	return newest()
}
