package mongo

import (
	"context"
	"haidang/courses"
	"haidang/courses/jobs"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"
)

var jobIndexes = []index{{"jobs", bson.D{{Key: "runAt", Value: 1}, {Key: "kind", Value: 1}}, nil}}

// Jobs keeps jobs and leases.
type Jobs struct{ jobs, leases *mongo.Collection }

// Jobs is the store of the jobs package.
func (db *DB) Jobs() *Jobs {
	return &Jobs{jobs: db.db.Collection("jobs"), leases: db.db.Collection("leases")}
}

type jobDoc struct {
	ID      courses.JobID `bson:"_id"`
	Kind    string        `bson:"kind"`
	Payload []byte        `bson:"payload"`
	RunAt   time.Time     `bson:"runAt"` // while somebody works on it, the end of the lease
	Tries   int           `bson:"tries"`
	Reason  string        `bson:"reason,omitempty"`
}

// Insert implements jobs.Store.
func (s *Jobs) Insert(ctx context.Context, j jobs.Job) error {
	d := jobDoc{ID: j.ID, Kind: j.Kind, Payload: j.Payload, RunAt: j.RunAt}
	if _, err := s.jobs.InsertOne(ctx, d); err != nil {
		return fault("insert job", err)
	}
	return nil
}

// Take implements jobs.Store; index runAt+kind.
func (s *Jobs) Take(ctx context.Context, kinds []string, now, until time.Time) (jobs.Job, bool, error) {
	var d jobDoc
	err := s.jobs.FindOneAndUpdate(ctx,
		bson.D{{Key: "runAt", Value: bson.D{{Key: "$lte", Value: now}}}, {Key: "kind", Value: bson.D{{Key: "$in", Value: kinds}}}},
		bson.D{{Key: "$set", Value: bson.D{{Key: "runAt", Value: until}}}, {Key: "$inc", Value: bson.D{{Key: "tries", Value: 1}}}},
		options.FindOneAndUpdate().SetSort(bson.D{{Key: "runAt", Value: 1}}).SetReturnDocument(options.After)).Decode(&d)
	if isMissing(err) {
		return jobs.Job{}, false, nil
	}
	if err != nil {
		return jobs.Job{}, false, fault("take job", err)
	}
	return jobs.Job{ID: d.ID, Kind: d.Kind, Payload: d.Payload, RunAt: d.RunAt, Tries: d.Tries}, true, nil
}

// Hold implements jobs.Store; it writes by _id. Each taking counts the tries up,
// so that they tell whose job it is.
func (s *Jobs) Hold(ctx context.Context, j jobs.Job, until time.Time) (bool, error) {
	result, err := s.jobs.UpdateOne(ctx, bson.D{{Key: "_id", Value: j.ID}, {Key: "tries", Value: j.Tries}},
		bson.D{{Key: "$set", Value: bson.D{{Key: "runAt", Value: until}}}})
	if err != nil {
		return false, fault("hold job", err)
	}
	return result.MatchedCount == 1, nil
}

// Remove implements jobs.Store; it writes by _id.
func (s *Jobs) Remove(ctx context.Context, id courses.JobID) error {
	if _, err := s.jobs.DeleteOne(ctx, bson.D{{Key: "_id", Value: id}}); err != nil {
		return fault("remove job", err)
	}
	return nil
}

// Delay implements jobs.Store; it writes by _id.
func (s *Jobs) Delay(ctx context.Context, j jobs.Job, reason string) error {
	_, err := s.jobs.UpdateOne(ctx, bson.D{{Key: "_id", Value: j.ID}, {Key: "tries", Value: j.Tries}}, bson.D{{Key: "$set", Value: bson.D{{Key: "runAt", Value: j.RunAt}, {Key: "reason", Value: reason}}}})
	if err != nil {
		return fault("delay job", err)
	}
	return nil
}

type leaseDoc struct {
	Name  string    `bson:"_id"`
	Owner string    `bson:"owner"`
	Until time.Time `bson:"until"`
}

// Lease implements jobs.Store; it writes by _id. When another owner holds the
// lease the upsert meets its document, and the duplicate says so.
func (s *Jobs) Lease(ctx context.Context, name, owner string, now, until time.Time) (bool, error) {
	_, err := s.leases.ReplaceOne(ctx, bson.D{{Key: "_id", Value: name}, {Key: "$or", Value: bson.A{
		bson.D{{Key: "owner", Value: owner}},
		bson.D{{Key: "until", Value: bson.D{{Key: "$lt", Value: now}}}},
	}}}, leaseDoc{Name: name, Owner: owner, Until: until}, options.Replace().SetUpsert(true))
	if isDuplicate(err) {
		return false, nil
	}
	if err != nil {
		return false, fault("lease", err)
	}
	return true, nil
}
