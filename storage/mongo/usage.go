package mongo

import (
	"context"
	"haidang/courses"
	"haidang/courses/media"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
)

// Usage implements media.Store; indexes owner+state of assets and owner+asset of
// uploads.
func (s *Media) Usage(ctx context.Context, owner courses.UnitID) (media.Usage, error) {
	kept, err := total(ctx, s.assets, bson.D{
		{Key: "owner", Value: owner}, {Key: "state", Value: bson.D{{Key: "$in", Value: bson.A{media.Uploaded, media.Ready}}}},
	}, bson.D{{Key: "$add", Value: bson.A{"$bytes", bson.D{{Key: "$sum", Value: "$made.bytes"}}}}})
	if err != nil {
		return media.Usage{}, err
	}
	coming, err := total(ctx, s.uploads, bson.D{{Key: "owner", Value: owner}, {Key: "asset", Value: ""}}, "$bytes")
	return media.Usage{Files: kept.Files, Bytes: kept.Bytes + coming.Bytes}, err
}

type totalDoc struct {
	Files int   `bson:"files"`
	Bytes int64 `bson:"bytes"`
}

// total adds up the bytes of the documents that a filter finds.
func total(ctx context.Context, c *mongo.Collection, filter bson.D, bytes any) (totalDoc, error) {
	cursor, err := c.Aggregate(ctx, mongo.Pipeline{
		{{Key: "$match", Value: filter}},
		{{Key: "$group", Value: bson.D{
			{Key: "_id", Value: nil},
			{Key: "files", Value: bson.D{{Key: "$sum", Value: 1}}},
			{Key: "bytes", Value: bson.D{{Key: "$sum", Value: bytes}}},
		}}},
	})
	if err != nil {
		return totalDoc{}, fault("add up bytes", err)
	}
	var docs []totalDoc
	if err := cursor.All(ctx, &docs); err != nil {
		return totalDoc{}, fault("add up bytes", err)
	}
	if len(docs) == 0 {
		return totalDoc{}, nil
	}
	return docs[0], nil
}
