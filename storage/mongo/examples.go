package mongo

import (
	"context"
	"haidang/courses"
	"haidang/courses/catalog"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo/options"
)

type exampleDoc struct {
	ID       catalog.ExampleID `bson:"_id"`
	Course   courses.CourseID  `bson:"course"`
	Lesson   courses.LessonID  `bson:"lesson"`
	Block    string            `bson:"block"`
	Unit     courses.UnitID    `bson:"unit"`
	Text     string            `bson:"text"`
	Quote    string            `bson:"quote"`
	Sum      string            `bson:"sum"`
	Revision int               `bson:"revision"`
	At       time.Time         `bson:"at"`
	By       courses.PersonID  `bson:"by"`
	Hidden   *hidingDoc        `bson:"hidden,omitempty"`
}

type hidingDoc struct {
	At     time.Time        `bson:"at"`
	By     courses.PersonID `bson:"by"`
	Reason string           `bson:"reason"`
}

func exampleToDoc(x catalog.Example) exampleDoc {
	return exampleDoc{
		ID: x.ID, Course: x.Course, Lesson: x.Lesson, Block: x.Block, Unit: x.Unit, Text: x.Text, Quote: x.Quote, Sum: x.Sum,
		Revision: x.Revision, At: x.At, By: x.By, Hidden: (*hidingDoc)(x.Hidden),
	}
}

func (d exampleDoc) example() catalog.Example {
	return catalog.Example{
		ID: d.ID, Course: d.Course, Lesson: d.Lesson, Block: d.Block, Unit: d.Unit, Text: d.Text, Quote: d.Quote, Sum: d.Sum,
		Revision: d.Revision, At: d.At, By: d.By, Hidden: (*catalog.Hiding)(d.Hidden),
	}
}

// placeOf finds the example of a unit at a place; index course+lesson+unit+block.
func placeOf(x catalog.Example, revision int) bson.D {
	return bson.D{
		{Key: "course", Value: x.Course},
		{Key: "lesson", Value: x.Lesson},
		{Key: "unit", Value: x.Unit},
		{Key: "block", Value: x.Block},
		{Key: "revision", Value: revision},
	}
}

// SaveExample implements catalog.Store; the unique index decides between two that
// are new.
func (s *Catalog) SaveExample(ctx context.Context, x catalog.Example, was int) error {
	if was == 0 {
		_, err := s.examples.InsertOne(ctx, exampleToDoc(x))
		if isDuplicate(err) {
			return courses.ErrConflict
		}
		if err != nil {
			return fault("insert example", err)
		}
		return nil
	}
	result, err := s.examples.UpdateOne(ctx, placeOf(x, was), bson.D{
		{Key: "$set", Value: bson.D{
			{Key: "text", Value: x.Text},
			{Key: "quote", Value: x.Quote},
			{Key: "sum", Value: x.Sum},
			{Key: "revision", Value: x.Revision},
			{Key: "at", Value: x.At},
			{Key: "by", Value: x.By},
		}},
		{Key: "$unset", Value: bson.D{{Key: "hidden", Value: ""}}},
	})
	if err != nil {
		return fault("save example", err)
	}
	if result.MatchedCount == 0 {
		return courses.ErrConflict
	}
	return nil
}

// RemoveExample implements catalog.Store.
func (s *Catalog) RemoveExample(ctx context.Context, x catalog.Example, was int) error {
	result, err := s.examples.DeleteOne(ctx, placeOf(x, was))
	if err != nil {
		return fault("remove example", err)
	}
	if result.DeletedCount == 0 && was > 0 {
		return courses.ErrConflict
	}
	return nil
}

// HideExample implements catalog.Store; it writes by _id.
func (s *Catalog) HideExample(ctx context.Context, course courses.CourseID, id catalog.ExampleID, why catalog.Hiding) error {
	result, err := s.examples.UpdateOne(ctx, bson.D{{Key: "_id", Value: id}, {Key: "course", Value: course}},
		bson.D{{Key: "$set", Value: bson.D{{Key: "hidden", Value: hidingDoc(why)}}}, {Key: "$inc", Value: bson.D{{Key: "revision", Value: 1}}}})
	if err != nil {
		return fault("hide example", err)
	}
	if result.MatchedCount == 0 {
		return catalog.ErrNoExample
	}
	return nil
}

// Examples implements catalog.Store; index unit+at, or at for all.
func (s *Catalog) Examples(ctx context.Context, scope courses.Scope, page courses.Page) (courses.Slice[catalog.Example], error) {
	return s.latestExamples(ctx, ownedIn(scope, "unit"), page)
}

// ExamplesOf implements catalog.Store; index course+at.
func (s *Catalog) ExamplesOf(ctx context.Context, course courses.CourseID, scope courses.Scope, every bool, page courses.Page) (courses.Slice[catalog.Example], error) {
	filter := bson.D{{Key: "course", Value: course}}
	if !every {
		filter = append(filter, ownedIn(scope, "unit")...)
	}
	return s.latestExamples(ctx, filter, page)
}

func (s *Catalog) latestExamples(ctx context.Context, filter bson.D, page courses.Page) (courses.Slice[catalog.Example], error) {
	var slice courses.Slice[catalog.Example]
	filter, err := after(filter, "at", page.After)
	if err != nil {
		return slice, err
	}
	docs, err := all[exampleDoc](ctx, s.examples, filter, "list examples", options.Find().
		SetSort(bson.D{{Key: "at", Value: -1}, {Key: "_id", Value: -1}}).SetLimit(int64(page.Size()+1)))
	if err != nil {
		return slice, err
	}
	return cut(docs, page, func(last exampleDoc) string { return instantCursor(last.At, string(last.ID)) }, exampleDoc.example), nil
}

// ExamplesFor implements catalog.Store; index course+lesson+unit+block.
func (s *Catalog) ExamplesFor(ctx context.Context, course courses.CourseID, lesson courses.LessonID, units []courses.UnitID) ([]catalog.Example, error) {
	docs, err := all[exampleDoc](ctx, s.examples, bson.D{
		{Key: "course", Value: course},
		{Key: "lesson", Value: lesson},
		{Key: "unit", Value: bson.D{{Key: "$in", Value: units}}},
		{Key: "hidden", Value: nil},
	}, "find examples")
	return each(docs, exampleDoc.example), err
}
