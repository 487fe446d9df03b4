package mongo

import (
	"context"
	"haidang/courses"
	"haidang/courses/notices"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo/options"
)

type quotaDoc struct {
	Owner courses.UnitID `bson:"_id"`
	Calls []calledDoc    `bson:"calls"`
}

type calledDoc struct {
	Course courses.CourseID `bson:"course"`
	At     time.Time        `bson:"at"`
}

type callDoc struct {
	ID     string              `bson:"_id"`
	Course courses.CourseID    `bson:"course"`
	Owner  courses.UnitID      `bson:"owner"`
	From   string              `bson:"from"`
	Title  string              `bson:"title"`
	Page   string              `bson:"page"`
	Text   string              `bson:"text"`
	By     courses.PersonID    `bson:"by"`
	At     time.Time           `bson:"at"`
	After  courses.EnrolmentID `bson:"after"`
	Told   int                 `bson:"told"`
	Spared int                 `bson:"spared"`
	Done   bool                `bson:"done"`
}

// Quota implements notices.Store; it reads by _id.
func (s *Notices) Quota(ctx context.Context, owner courses.UnitID) (notices.Quota, error) {
	docs, err := all[quotaDoc](ctx, s.quotas, bson.D{{Key: "_id", Value: owner}}, "find a quota")
	if err != nil || len(docs) == 0 {
		return notices.Quota{Owner: owner}, err
	}
	d := docs[0]
	return notices.Quota{Owner: d.Owner, Calls: each(d.Calls, func(c calledDoc) notices.Called { return notices.Called(c) })}, nil
}

// SaveQuota implements notices.Store; it writes by _id.
func (s *Notices) SaveQuota(ctx context.Context, q notices.Quota) error {
	d := quotaDoc{Owner: q.Owner, Calls: each(q.Calls, func(c notices.Called) calledDoc { return calledDoc(c) })}
	if _, err := s.quotas.ReplaceOne(ctx, bson.D{{Key: "_id", Value: q.Owner}}, d, options.Replace().SetUpsert(true)); err != nil {
		return fault("save a quota", err)
	}
	return nil
}

// Call implements notices.Store; it reads by _id.
func (s *Notices) Call(ctx context.Context, id string) (notices.CallOut, error) {
	d, err := one[callDoc](ctx, s.calls, id, courses.ErrConflict, "find a call")
	return notices.CallOut(d), err
}

// LastCall implements notices.Store; index course+at.
func (s *Notices) LastCall(ctx context.Context, course courses.CourseID) (*notices.CallOut, error) {
	docs, err := all[callDoc](ctx, s.calls, bson.D{{Key: "course", Value: course}}, "find the last call", options.Find().SetSort(bson.D{{Key: "at", Value: -1}}).SetLimit(1))
	if err != nil || len(docs) == 0 {
		return nil, err
	}
	c := notices.CallOut(docs[0])
	return &c, nil
}

// SaveCall implements notices.Store; it writes by _id.
func (s *Notices) SaveCall(ctx context.Context, c notices.CallOut) error {
	_, err := s.calls.ReplaceOne(ctx, bson.D{{Key: "_id", Value: c.ID}}, callDoc(c), options.Replace().SetUpsert(true))
	if err != nil {
		return fault("save a call", err)
	}
	return nil
}
