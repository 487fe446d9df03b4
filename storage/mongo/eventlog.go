package mongo

import (
	"context"
	"haidang/courses"
	"haidang/courses/learning"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/bson/primitive"
	"go.mongodb.org/mongo-driver/mongo/options"
)

// byPerson is the index of the log.
var byPerson = bson.D{{Key: "deliveries.person", Value: 1}, {Key: "_id", Value: 1}}

// writeDoc is the deliveries of one write: a document costs the database as much as
// the twenty that it holds would each.
type writeDoc struct {
	ID         primitive.ObjectID `bson:"_id"`
	Deliveries []deliveryDoc      `bson:"deliveries"`
}

type deliveryDoc struct {
	Person courses.PersonID `bson:"person"`
	At     time.Time        `bson:"at"`
	Events []eventDoc       `bson:"events"`
}

type eventDoc struct {
	ID        courses.EventID     `bson:"id"`
	Enrolment courses.EnrolmentID `bson:"enrolment"`
	Lesson    courses.LessonID    `bson:"lesson"`
	Kind      learning.EventKind  `bson:"kind"`
	At        time.Time           `bson:"at"`
	FromMs    int64               `bson:"fromMs,omitempty"`
	ToMs      int64               `bson:"toMs,omitempty"`
	ElapsedMs int64               `bson:"elapsedMs,omitempty"`
	Page      int                 `bson:"page,omitempty"`
	ScoreBp   int                 `bson:"scoreBp,omitempty"`
	Question  string              `bson:"question,omitempty"`
	Chosen    []int               `bson:"chosen,omitempty"`
	Offline   bool                `bson:"offline,omitempty"`
}

func deliveryToDoc(d learning.Delivery) deliveryDoc {
	return deliveryDoc{Person: d.Person, At: d.At, Events: each(d.Events, func(e learning.Event) eventDoc { return eventDoc(e) })}
}

func (d deliveryDoc) delivery() learning.Delivery {
	return learning.Delivery{Person: d.Person, At: d.At, Events: each(d.Events, func(e eventDoc) learning.Event { return learning.Event(e) })}
}

// Log implements learning.Store; the id begins with the second in which they came.
func (s *Learning) Log(ctx context.Context, list []learning.Delivery) error {
	id := primitive.NewObjectIDFromTimestamp(list[0].At)
	if _, err := s.log.InsertOne(ctx, writeDoc{id, each(list, deliveryToDoc)}); err != nil {
		return fault("log events", err)
	}
	return nil
}

// Logged implements learning.Store; it reads by _id, whose order within a second says
// nothing.
func (s *Learning) Logged(ctx context.Context, since time.Time, tell func(learning.Delivery) error) error {
	cursor, err := s.log.Find(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$gte", Value: primitive.NewObjectIDFromTimestamp(since.Add(-time.Second))}}}},
		options.Find().SetSort(bson.D{{Key: "_id", Value: 1}}))
	if err != nil {
		return fault("read the log", err)
	}
	defer cursor.Close(context.WithoutCancel(ctx))
	for cursor.Next(ctx) {
		var d writeDoc
		if err := cursor.Decode(&d); err != nil {
			return fault("read the log", err)
		}
		for _, of := range d.Deliveries {
			if err := tell(of.delivery()); err != nil {
				return err
			}
		}
	}
	if err := cursor.Err(); err != nil {
		return fault("read the log", err)
	}
	return nil
}

// Known implements learning.Store; index deliveries.person+_id, whose ids begin with
// the second of the write.
func (s *Learning) Known(ctx context.Context, person courses.PersonID, ids []courses.EventID, since time.Time) (map[courses.EventID]bool, error) {
	asked := make(map[courses.EventID]bool, len(ids))
	for _, id := range ids {
		asked[id] = true
	}
	docs, err := all[writeDoc](ctx, s.log, bson.D{
		{Key: "deliveries.person", Value: person},
		{Key: "_id", Value: bson.D{{Key: "$gte", Value: primitive.NewObjectIDFromTimestamp(since)}}},
		{Key: "deliveries.events.id", Value: bson.D{{Key: "$in", Value: ids}}},
	}, "find events", options.Find().SetHint(byPerson))
	known := map[courses.EventID]bool{}
	for _, d := range docs {
		for _, of := range d.Deliveries {
			for _, e := range of.Events {
				if of.Person == person && asked[e.ID] {
					known[e.ID] = true
				}
			}
		}
	}
	return known, err
}

// Deliveries implements learning.Store; index deliveries.person+_id. A receipt is
// looked for in the person's own writes, one by one.
func (s *Learning) Deliveries(ctx context.Context, person courses.PersonID, receipt string, page courses.Page) (courses.Slice[learning.Delivery], error) {
	none := courses.Slice[learning.Delivery]{}
	filter := bson.D{{Key: "deliveries.person", Value: person}}
	if receipt != "" {
		filter = append(filter, bson.E{Key: "deliveries.events.id", Value: bson.D{{Key: "$regex", Value: receipt + "$"}}})
	}
	if page.After != "" {
		id, err := primitive.ObjectIDFromHex(page.After)
		if err != nil {
			return none, courses.ErrBadCursor
		}
		filter = append(filter, bson.E{Key: "_id", Value: bson.D{{Key: "$lt", Value: id}}})
	}
	docs, err := all[writeDoc](ctx, s.log, filter, "find deliveries", options.Find().
		SetHint(byPerson).SetSort(bson.D{{Key: "_id", Value: -1}}).SetLimit(int64(page.Size())+1))
	if err != nil {
		return none, err
	}
	writes := cut(docs, page, func(d writeDoc) string { return d.ID.Hex() }, func(d writeDoc) []learning.Delivery { return d.of(person, receipt) })
	list := courses.Slice[learning.Delivery]{Next: writes.Next}
	for _, of := range writes.Items {
		list.Items = append(list.Items, of...)
	}
	return list, nil
}

// of is what a write holds of a person, or of it only the event with a receipt.
func (d writeDoc) of(person courses.PersonID, receipt string) []learning.Delivery {
	var list []learning.Delivery
	for _, doc := range d.Deliveries {
		if doc.Person != person {
			continue
		}
		is := doc.delivery()
		if receipt != "" {
			is.Events = slices.DeleteFunc(is.Events, func(e learning.Event) bool { return e.Receipt() != receipt })
		}
		if len(is.Events) > 0 {
			list = append(list, is)
		}
	}
	return list
}
