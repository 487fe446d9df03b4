package mongo

import (
	"context"
	"haidang/courses/learning"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo/options"
)

type foldMarkDoc struct {
	Server string    `bson:"_id"`
	From   time.Time `bson:"from"`
	Seen   time.Time `bson:"seen"`
}

// KeepMark implements learning.Store.
func (s *Learning) KeepMark(ctx context.Context, m learning.Mark) error {
	return s.saveMark(ctx, m, bson.D{{Key: "$setOnInsert", Value: bson.D{{Key: "from", Value: m.From}}}, {Key: "$set", Value: bson.D{{Key: "seen", Value: m.Seen}}}})
}

// MoveMark implements learning.Store.
func (s *Learning) MoveMark(ctx context.Context, m learning.Mark) error {
	return s.saveMark(ctx, m, bson.D{{Key: "$set", Value: bson.D{{Key: "from", Value: m.From}, {Key: "seen", Value: m.Seen}}}})
}

func (s *Learning) saveMark(ctx context.Context, m learning.Mark, update bson.D) error {
	_, err := s.marks.UpdateOne(ctx, bson.D{{Key: "_id", Value: m.Server}}, update, options.Update().SetUpsert(true))
	if err != nil {
		return fault("save the mark of a server", err)
	}
	return nil
}

// DropMark implements learning.Store.
func (s *Learning) DropMark(ctx context.Context, m learning.Mark) error {
	filter := bson.D{{Key: "_id", Value: m.Server}}
	if !m.Seen.IsZero() {
		filter = append(filter, bson.E{Key: "seen", Value: m.Seen})
	}
	if _, err := s.marks.DeleteOne(ctx, filter); err != nil {
		return fault("drop the mark of a server", err)
	}
	return nil
}

// Marks implements learning.Store: there are a few, one for each server.
func (s *Learning) Marks(ctx context.Context) ([]learning.Mark, error) {
	docs, err := all[foldMarkDoc](ctx, s.marks, bson.D{}, "read the marks of servers")
	return each(docs, func(d foldMarkDoc) learning.Mark { return learning.Mark(d) }), err
}
