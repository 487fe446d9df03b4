package mongo

import (
	"context"
	"slices"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
)

// Migrate makes every collection and index that the program needs. It may run
// any number of times and beside running servers.
func (db *DB) Migrate(ctx context.Context) error {
	var hello struct {
		Message string `bson:"msg"`
	}
	if err := db.db.RunCommand(ctx, bson.D{{Key: "hello", Value: 1}}).Decode(&hello); err != nil {
		return fault("greet MongoDB", err)
	}
	db.sharded = hello.Message == "isdbgrid"
	for _, ix := range slices.Concat(indexes...) {
		model := mongo.IndexModel{Keys: ix.keys, Options: ix.options}
		if _, err := db.db.Collection(ix.collection).Indexes().CreateOne(ctx, model); err != nil {
			return fault("index "+ix.collection, err)
		}
	}
	return nil
}

// indexes of every noun, each beside its queries.
var indexes = [][]index{
	staffIndexes,
	accessIndexes,
	keyIndexes,
	jobIndexes,
	mediaIndexes,
	recordIndexes,
	reportIndexes,
	catalogIndexes,
	learningIndexes,
}
