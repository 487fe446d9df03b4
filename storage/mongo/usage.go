package mongo

import (
	"context"
	"errors"
	"haidang/courses"
	"haidang/courses/media"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"
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

type capDoc struct {
	Owner courses.UnitID   `bson:"_id"`
	Bytes int64            `bson:"bytes"`
	SetAt time.Time        `bson:"setAt"`
	SetBy courses.PersonID `bson:"setBy"`
}

var errNoCap = errors.New("no cap")

// Cap implements media.Store; it reads by _id.
func (s *Media) Cap(ctx context.Context, owner courses.UnitID) (media.Cap, error) {
	d, err := one[capDoc](ctx, s.caps, owner, errNoCap, "find cap")
	if errors.Is(err, errNoCap) {
		return media.Cap{}, nil
	}
	return media.Cap{Bytes: d.Bytes, SetAt: d.SetAt, SetBy: d.SetBy}, err
}

// SaveCap implements media.Store; it writes by _id.
func (s *Media) SaveCap(ctx context.Context, owner courses.UnitID, c media.Cap) error {
	d := capDoc{Owner: owner, Bytes: c.Bytes, SetAt: c.SetAt, SetBy: c.SetBy}
	if _, err := s.caps.ReplaceOne(ctx, bson.D{{Key: "_id", Value: owner}}, d, options.Replace().SetUpsert(true)); err != nil {
		return fault("save cap", err)
	}
	return nil
}
