package mongo

import (
	"context"
	"haidang/courses"
	"haidang/courses/access"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo/options"
)

var shareIndexes = []index{
	{"shares", bson.D{{Key: "person", Value: 1}, {Key: "slot", Value: 1}}, options.Index().SetUnique(true)},
	{"shares", bson.D{{Key: "hash", Value: 1}}, options.Index().SetUnique(true)},
	{"shares", bson.D{{Key: "endsAt", Value: 1}}, options.Index().SetExpireAfterSeconds(0)},
}

type shareDoc struct {
	ID       access.ShareID   `bson:"_id"`
	Person   courses.PersonID `bson:"person"`
	Slot     int              `bson:"slot"`
	Hash     string           `bson:"hash"`
	Label    string           `bson:"label"`
	MadeAt   time.Time        `bson:"madeAt"`
	OpenedAt time.Time        `bson:"openedAt"`
	EndsAt   time.Time        `bson:"endsAt"`
}

// InsertShare implements access.Store; the unique index person+slot decides.
func (s *Access) InsertShare(ctx context.Context, share access.Share) error {
	_, err := s.shares.InsertOne(ctx, shareDoc(share))
	if isDuplicate(err) {
		return courses.ErrConflict
	}
	if err != nil {
		return fault("insert share", err)
	}
	return nil
}

// SharesOf implements access.Store; index person+slot.
func (s *Access) SharesOf(ctx context.Context, person courses.PersonID) ([]access.Share, error) {
	docs, err := all[shareDoc](ctx, s.shares, bson.D{{Key: "person", Value: person}}, "list shares",
		options.Find().SetSort(bson.D{{Key: "madeAt", Value: -1}, {Key: "_id", Value: -1}}))
	return each(docs, func(d shareDoc) access.Share { return access.Share(d) }), err
}

// ShareBy implements access.Store; index hash.
func (s *Access) ShareBy(ctx context.Context, hash string) (access.Share, error) {
	var d shareDoc
	err := s.shares.FindOne(ctx, bson.D{{Key: "hash", Value: hash}}).Decode(&d)
	if isMissing(err) {
		return access.Share{}, access.ErrNoShare
	}
	if err != nil {
		return access.Share{}, fault("find share", err)
	}
	return access.Share(d), nil
}

// ShareOpened implements access.Store; it writes by _id.
func (s *Access) ShareOpened(ctx context.Context, id access.ShareID, at time.Time) error {
	_, err := s.shares.UpdateOne(ctx, bson.D{{Key: "_id", Value: id}}, bson.D{{Key: "$set", Value: bson.D{{Key: "openedAt", Value: at}}}})
	if err != nil {
		return fault("note an opened share", err)
	}
	return nil
}

// EndShare implements access.Store; it deletes by _id.
func (s *Access) EndShare(ctx context.Context, person courses.PersonID, id access.ShareID) error {
	result, err := s.shares.DeleteOne(ctx, bson.D{{Key: "_id", Value: id}, {Key: "person", Value: person}})
	if err != nil {
		return fault("end share", err)
	}
	if result.DeletedCount == 0 {
		return access.ErrNoShare
	}
	return nil
}
