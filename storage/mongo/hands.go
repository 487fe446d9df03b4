package mongo

import (
	"context"
	"haidang/courses"
	"haidang/courses/catalog"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo/options"
)

// SaveHands implements catalog.Store; it writes by _id.
func (s *Catalog) SaveHands(ctx context.Context, c catalog.Course, to catalog.Hands) error {
	filter := bson.D{{Key: "_id", Value: c.ID}, {Key: "hands", Value: handsDoc(c.Hands)}}
	c.Hands = to
	return s.update(ctx, filter, bson.D{{Key: "$set", Value: bson.D{{Key: "hands", Value: handsDoc(to)}, {Key: "units", Value: c.Units()}}}}, "save who keeps a course")
}

// CoOwned implements catalog.Store; index hands.coOwners.
func (s *Catalog) CoOwned(ctx context.Context, scope courses.Scope, limit int) ([]courses.CourseID, error) {
	if scope.Everywhere() {
		return nil, nil
	}
	docs, err := all[courseDoc](ctx, s.courses, ownedIn(scope, "hands.coOwners"), "find co-owned courses",
		options.Find().SetProjection(bson.D{{Key: "_id", Value: 1}}).SetLimit(int64(limit)))
	return each(docs, func(d courseDoc) courses.CourseID { return d.ID }), err
}

// Keepers implements catalog.Store; index owner+hands.keeper, which holds all it reads.
func (s *Catalog) Keepers(ctx context.Context, scope courses.Scope, limit int) ([]catalog.Keeping, error) {
	cursor, err := s.courses.Aggregate(ctx, bson.A{
		bson.D{{Key: "$match", Value: ownedIn(scope, "owner")}},
		bson.D{{Key: "$sort", Value: bson.D{{Key: "owner", Value: 1}, {Key: "hands.keeper", Value: 1}}}},
		bson.D{{Key: "$group", Value: bson.D{
			{Key: "_id", Value: bson.D{{Key: "owner", Value: "$owner"}, {Key: "keeper", Value: "$hands.keeper"}}},
			{Key: "courses", Value: bson.D{{Key: "$sum", Value: 1}}},
		}}},
		bson.D{{Key: "$sort", Value: bson.D{{Key: "_id", Value: 1}}}},
		bson.D{{Key: "$limit", Value: limit}},
	})
	if err != nil {
		return nil, fault("count who keeps courses", err)
	}
	var docs []struct {
		ID struct {
			Owner  courses.UnitID   `bson:"owner"`
			Keeper courses.PersonID `bson:"keeper"`
		} `bson:"_id"`
		Courses int `bson:"courses"`
	}
	if err := cursor.All(ctx, &docs); err != nil {
		return nil, fault("count who keeps courses", err)
	}
	list := make([]catalog.Keeping, len(docs))
	for i, d := range docs {
		list[i] = catalog.Keeping{Owner: d.ID.Owner, Keeper: d.ID.Keeper, Courses: d.Courses}
	}
	return list, nil
}

// KeptBy implements catalog.Store; index owner+hands.keeper.
func (s *Catalog) KeptBy(ctx context.Context, owner courses.UnitID, keeper courses.PersonID, limit int) ([]catalog.Course, error) {
	docs, err := all[courseDoc](ctx, s.courses, bson.D{{Key: "owner", Value: owner}, {Key: "hands.keeper", Value: keeper}}, "find the courses of a keeper",
		options.Find().SetProjection(bson.D{{Key: "draft", Value: 0}}).SetLimit(int64(limit)))
	return each(docs, courseDoc.course), err
}
