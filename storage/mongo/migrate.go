package mongo

import (
	"context"
	"slices"

	"go.mongodb.org/mongo-driver/mongo"
)

// Migrate makes every collection and index that the program needs. It may run
// any number of times and beside running servers.
func (db *DB) Migrate(ctx context.Context) error {
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
	shareIndexes,
	keyIndexes,
	jobIndexes,
	mediaIndexes,
	recordIndexes,
	reportIndexes,
	catalogIndexes,
	learningIndexes,
	noteIndexes,
	lawIndexes,
	assessmentIndexes,
	surveyIndexes,
	noticeIndexes,
	assignmentIndexes,
	certificateIndexes,
}
