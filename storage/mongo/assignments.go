package mongo

import (
	"context"
	"haidang/courses"
	"haidang/courses/assignments"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
)

var assignmentIndexes = []index{
	{"assignments", bson.D{{Key: "changedAt", Value: 1}}, nil},
}

// Assignments keeps what units assign.
type Assignments struct{ assignments *mongo.Collection }

// Assignments is the store of the assignments package.
func (db *DB) Assignments() *Assignments {
	return &Assignments{assignments: db.db.Collection("assignments")}
}

type assignmentDoc struct {
	ID          assignments.ID       `bson:"_id"`
	Course      courses.CourseID     `bson:"course"`
	Assigner    courses.UnitID       `bson:"assigner"`
	Unit        courses.UnitID       `bson:"unit"`
	Positions   []courses.PositionID `bson:"positions"`
	Level       assignments.Level    `bson:"level"`
	Basis       string               `bson:"basis"`
	Due         courses.Date         `bson:"due"`
	RenewMonths int                  `bson:"renewMonths"`
	By          courses.PersonID     `bson:"by"`
	At          time.Time            `bson:"at"`
	WithdrawnAt time.Time            `bson:"withdrawnAt,omitempty"`
	WithdrawnBy courses.PersonID     `bson:"withdrawnBy,omitempty"`
}

// changedDoc is an assignment with when it was last written.
type changedDoc struct {
	Assignment assignmentDoc `bson:",inline"`
	ChangedAt  time.Time     `bson:"changedAt"`
}

// Insert implements assignments.Store.
func (s *Assignments) Insert(ctx context.Context, a assignments.Assignment) error {
	if _, err := s.assignments.InsertOne(ctx, changedDoc{Assignment: assignmentDoc(a), ChangedAt: a.At}); err != nil {
		return fault("insert assignment", err)
	}
	return nil
}

// Withdraw implements assignments.Store; it writes by _id.
func (s *Assignments) Withdraw(ctx context.Context, id assignments.ID, by courses.PersonID, at time.Time) (bool, error) {
	result, err := s.assignments.UpdateOne(ctx,
		bson.D{{Key: "_id", Value: id}, {Key: "withdrawnAt", Value: bson.D{{Key: "$exists", Value: false}}}},
		bson.D{{Key: "$set", Value: bson.D{{Key: "withdrawnAt", Value: at}, {Key: "withdrawnBy", Value: by}, {Key: "changedAt", Value: at}}}})
	if err != nil {
		return false, fault("withdraw assignment", err)
	}
	return result.MatchedCount == 1, nil
}

// Since implements assignments.Store; index changedAt.
func (s *Assignments) Since(ctx context.Context, at time.Time) ([]assignments.Assignment, error) {
	docs, err := all[assignmentDoc](ctx, s.assignments, bson.D{{Key: "changedAt", Value: bson.D{{Key: "$gte", Value: at}}}}, "read assignments")
	return each(docs, func(d assignmentDoc) assignments.Assignment { return assignments.Assignment(d) }), err
}
