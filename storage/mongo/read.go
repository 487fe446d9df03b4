package mongo

import (
	"context"
	"regexp"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"
)

// all reads every document that a query finds.
func all[D any](ctx context.Context, c *mongo.Collection, filter bson.D, doing string, opts ...*options.FindOptions) ([]D, error) {
	cursor, err := c.Find(ctx, filter, opts...)
	if err != nil {
		return nil, fault(doing, err)
	}
	docs := []D{}
	if err := cursor.All(ctx, &docs); err != nil {
		return nil, fault(doing, err)
	}
	return docs, nil
}

// see has look at every document that a query finds, undecoded and one at a time:
// decoding many into structs would cost more than the query.
func see(ctx context.Context, c *mongo.Collection, filter bson.D, doing string, look func(bson.Raw), opts ...*options.FindOptions) error {
	cursor, err := c.Find(ctx, filter, opts...)
	if err != nil {
		return fault(doing, err)
	}
	defer cursor.Close(context.WithoutCancel(ctx))
	for cursor.Next(ctx) {
		look(cursor.Current)
	}
	if err := cursor.Err(); err != nil {
		return fault(doing, err)
	}
	return nil
}

// one reads the document with an id; missing is what it refuses with.
func one[D any](ctx context.Context, c *mongo.Collection, id any, missing error, doing string) (D, error) {
	var d D
	err := c.FindOne(ctx, bson.D{{Key: "_id", Value: id}}).Decode(&d)
	if isMissing(err) {
		return d, missing
	}
	if err != nil {
		return d, fault(doing, err)
	}
	return d, nil
}

// saveAll writes many documents by their ids, in no order.
func saveAll(ctx context.Context, c *mongo.Collection, doing string, models []mongo.WriteModel) error {
	if len(models) == 0 {
		return nil
	}
	if _, err := c.BulkWrite(ctx, models, options.BulkWrite().SetOrdered(false)); err != nil {
		return fault(doing, err)
	}
	return nil
}

// withWords finds documents of whose folded words one begins with each of these;
// none of them cut nothing down.
func withWords(words []string) bson.D {
	if len(words) == 0 {
		return nil
	}
	all := each(words, func(w string) any {
		return bson.D{{Key: "words", Value: bson.D{{Key: "$regex", Value: "^" + regexp.QuoteMeta(w)}}}}
	})
	return bson.D{{Key: "$and", Value: bson.A(all)}}
}
