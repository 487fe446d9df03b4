package mongo

import (
	"context"
	"errors"
	"haidang/courses"
	"haidang/courses/learning"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"
)

var learningIndexes = []index{
	{"enrolments", bson.D{{Key: "person", Value: 1}, {Key: "open", Value: 1}, {Key: "lastAt", Value: -1}, {Key: "_id", Value: -1}}, nil},
	{"enrolments", bson.D{{Key: "person", Value: 1}, {Key: "lastAt", Value: -1}, {Key: "_id", Value: -1}}, nil},
	{"enrolments", bson.D{{Key: "person", Value: 1}, {Key: "course", Value: 1}}, nil},
}

// Learning keeps enrolments and the log of learning events.
type Learning struct{ enrolments, events *mongo.Collection }

// Learning is the store of the learning package.
func (db *DB) Learning() *Learning {
	return &Learning{enrolments: db.db.Collection("enrolments"), events: db.db.Collection("events")}
}

type enrolmentDoc struct {
	ID          courses.EnrolmentID              `bson:"_id"`
	Person      courses.PersonID                 `bson:"person"`
	Course      courses.CourseID                 `bson:"course"`
	Version     courses.VersionID                `bson:"version"`
	EnrolledAt  time.Time                        `bson:"enrolledAt"`
	CompletedAt *time.Time                       `bson:"completedAt,omitempty"`
	Open        bool                             `bson:"open"` // not completed; for the index
	Lessons     map[courses.LessonID]progressDoc `bson:"lessons"`
	ShareBp     int                              `bson:"shareBp"`
	LastAt      time.Time                        `bson:"lastAt"`
	Revision    int64                            `bson:"revision"`
}

type progressDoc struct {
	Watched    [][2]int64      `bson:"watched,omitempty"`
	Page       int             `bson:"page,omitempty"`
	Read       bool            `bson:"read,omitempty"`
	First      time.Time       `bson:"first"`
	Last       time.Time       `bson:"last"`
	PositionMs int64           `bson:"positionMs,omitempty"`
	PositionAt time.Time       `bson:"positionAt,omitempty"`
	PositionBy courses.EventID `bson:"positionBy,omitempty"`
}

type eventDoc struct {
	ID        string              `bson:"_id"` // enrolment and event: another's event id cannot be taken
	Person    courses.PersonID    `bson:"person"`
	Enrolment courses.EnrolmentID `bson:"enrolment"`
	Lesson    courses.LessonID    `bson:"lesson"`
	Kind      learning.EventKind  `bson:"kind"`
	At        time.Time           `bson:"at"`
	FromMs    int64               `bson:"fromMs,omitempty"`
	ToMs      int64               `bson:"toMs,omitempty"`
	ElapsedMs int64               `bson:"elapsedMs,omitempty"`
	Page      int                 `bson:"page,omitempty"`
	Offline   bool                `bson:"offline,omitempty"`
}

func lessonsToDocs(lessons map[courses.LessonID]learning.Progress) map[courses.LessonID]progressDoc {
	docs := make(map[courses.LessonID]progressDoc, len(lessons))
	for id, p := range lessons {
		docs[id] = progressDoc{
			Watched: each(p.Watched, func(s learning.Span) [2]int64 { return [2]int64{s.From, s.To} }),
			Page:    p.Page, Read: p.Read, First: p.First, Last: p.Last,
			PositionMs: p.Position.Ms, PositionAt: p.Position.At, PositionBy: p.Position.Event,
		}
	}
	return docs
}

func (d progressDoc) progress() learning.Progress {
	return learning.Progress{
		Watched: each(d.Watched, func(s [2]int64) learning.Span { return learning.Span{From: s[0], To: s[1]} }),
		Page:    d.Page, Read: d.Read, First: d.First, Last: d.Last,
		Position: learning.Position{Ms: d.PositionMs, At: d.PositionAt, Event: d.PositionBy},
	}
}

func enrolmentToDoc(e learning.Enrolment) enrolmentDoc {
	return enrolmentDoc{
		ID: e.ID, Person: e.Person, Course: e.Course, Version: e.Version, EnrolledAt: e.EnrolledAt,
		CompletedAt: e.CompletedAt, Open: e.CompletedAt == nil, Lessons: lessonsToDocs(e.Lessons),
		ShareBp: e.ShareBp, LastAt: e.LastAt, Revision: e.Revision,
	}
}

func (d enrolmentDoc) enrolment() learning.Enrolment {
	e := learning.Enrolment{
		ID: d.ID, Person: d.Person, Course: d.Course, Version: d.Version, EnrolledAt: d.EnrolledAt,
		CompletedAt: d.CompletedAt, Lessons: make(map[courses.LessonID]learning.Progress, len(d.Lessons)),
		ShareBp: d.ShareBp, LastAt: d.LastAt, Revision: d.Revision,
	}
	for id, p := range d.Lessons {
		e.Lessons[id] = p.progress()
	}
	return e
}

// InsertEnrolment implements learning.Store.
func (s *Learning) InsertEnrolment(ctx context.Context, e learning.Enrolment) (learning.Enrolment, error) {
	_, err := s.enrolments.InsertOne(ctx, enrolmentToDoc(e))
	if isDuplicate(err) {
		return s.Enrolment(ctx, e.ID)
	}
	if err != nil {
		return learning.Enrolment{}, fault("insert enrolment", err)
	}
	return e, nil
}

// InsertEnrolments implements learning.Store.
func (s *Learning) InsertEnrolments(ctx context.Context, list []learning.Enrolment) error {
	_, err := s.enrolments.InsertMany(ctx, each(list, func(e learning.Enrolment) any { return enrolmentToDoc(e) }))
	if err != nil {
		return fault("insert enrolments", err)
	}
	return nil
}

// Enrolment implements learning.Store; it reads by _id.
func (s *Learning) Enrolment(ctx context.Context, id courses.EnrolmentID) (learning.Enrolment, error) {
	var d enrolmentDoc
	err := s.enrolments.FindOne(ctx, bson.D{{Key: "_id", Value: id}}).Decode(&d)
	if isMissing(err) {
		return learning.Enrolment{}, learning.ErrNoEnrolment
	}
	if err != nil {
		return learning.Enrolment{}, fault("find enrolment", err)
	}
	return d.enrolment(), nil
}

// Enrolments implements learning.Store; it reads by _id.
func (s *Learning) Enrolments(ctx context.Context, ids []courses.EnrolmentID) ([]learning.Enrolment, error) {
	return s.find(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: ids}}}}, options.Find())
}

// OfPersonIn implements learning.Store; index person+course.
func (s *Learning) OfPersonIn(ctx context.Context, person courses.PersonID, in []courses.CourseID) ([]learning.Enrolment, error) {
	if len(in) == 0 {
		return nil, nil
	}
	return s.find(ctx, bson.D{{Key: "person", Value: person}, {Key: "course", Value: bson.D{{Key: "$in", Value: in}}}}, options.Find())
}

// OfPerson implements learning.Store; index person+open+lastAt, or person+lastAt.
func (s *Learning) OfPerson(ctx context.Context, person courses.PersonID, open bool, page courses.Page) (courses.Slice[learning.Enrolment], error) {
	var slice courses.Slice[learning.Enrolment]
	filter := bson.D{{Key: "person", Value: person}}
	if open {
		filter = append(filter, bson.E{Key: "open", Value: true})
	}
	filter, err := after(filter, "lastAt", page.After)
	if err != nil {
		return slice, err
	}
	list, err := s.find(ctx, filter, options.Find().
		SetSort(bson.D{{Key: "lastAt", Value: -1}, {Key: "_id", Value: -1}}).SetLimit(int64(page.Size()+1)))
	if err != nil {
		return slice, err
	}
	if len(list) > page.Size() {
		list = list[:page.Size()]
		last := list[len(list)-1]
		slice.Next = instantCursor(last.LastAt, string(last.ID))
	}
	slice.Items = list
	return slice, nil
}

func (s *Learning) find(ctx context.Context, filter bson.D, opts *options.FindOptions) ([]learning.Enrolment, error) {
	cursor, err := s.enrolments.Find(ctx, filter, opts)
	if err != nil {
		return nil, fault("find enrolments", err)
	}
	var docs []enrolmentDoc
	if err := cursor.All(ctx, &docs); err != nil {
		return nil, fault("find enrolments", err)
	}
	return each(docs, enrolmentDoc.enrolment), nil
}

// Log implements learning.Store. A duplicate is an event sent again; it is
// acknowledged after a majority read has seen it.
func (s *Learning) Log(ctx context.Context, person func(courses.EnrolmentID) courses.PersonID, events []learning.Event) error {
	docs := make([]any, len(events))
	ids := make([]string, len(events))
	for i, e := range events {
		ids[i] = string(e.Enrolment) + "." + string(e.ID)
		docs[i] = eventDoc{
			ID: ids[i], Person: person(e.Enrolment), Enrolment: e.Enrolment, Lesson: e.Lesson, Kind: e.Kind, At: e.At,
			FromMs: e.FromMs, ToMs: e.ToMs, ElapsedMs: e.ElapsedMs, Page: e.Page, Offline: e.Offline,
		}
	}
	_, err := s.events.InsertMany(ctx, docs, options.InsertMany().SetOrdered(false))
	if err == nil {
		return nil
	}
	if !onlyDuplicates(err) {
		return fault("log events", err)
	}
	return s.seen(ctx, ids)
}

// seen succeeds once a majority holds all the ids.
func (s *Learning) seen(ctx context.Context, ids []string) error {
	want := map[string]bool{}
	for _, id := range ids {
		want[id] = true
	}
	for {
		n, err := s.events.CountDocuments(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: ids}}}})
		if err != nil {
			return fault("read events back", err)
		}
		if int(n) == len(want) {
			return nil
		}
		select {
		case <-ctx.Done():
			return fault("read events back", ctx.Err())
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// onlyDuplicates says that every failed write of a bulk was a duplicate key.
func onlyDuplicates(err error) bool {
	var bulk mongo.BulkWriteException
	if !errors.As(err, &bulk) || bulk.WriteConcernError != nil {
		return false
	}
	for _, e := range bulk.WriteErrors {
		if e.Code != 11000 {
			return false
		}
	}
	return len(bulk.WriteErrors) > 0
}

// SaveProgress implements learning.Store; it writes by _id.
func (s *Learning) SaveProgress(ctx context.Context, list []learning.Enrolment) (bool, error) {
	models := make([]mongo.WriteModel, len(list))
	for i, e := range list {
		models[i] = mongo.NewUpdateOneModel().
			SetFilter(bson.D{{Key: "_id", Value: e.ID}, {Key: "revision", Value: e.Revision}}).
			SetUpdate(bson.D{
				{Key: "$set", Value: bson.D{
					{Key: "lessons", Value: lessonsToDocs(e.Lessons)}, {Key: "shareBp", Value: e.ShareBp}, {Key: "lastAt", Value: e.LastAt},
				}},
				{Key: "$inc", Value: bson.D{{Key: "revision", Value: 1}}},
			})
	}
	result, err := s.enrolments.BulkWrite(ctx, models, options.BulkWrite().SetOrdered(false))
	if err != nil {
		return false, fault("save progress", err)
	}
	return result.MatchedCount == int64(len(list)), nil
}

// Complete implements learning.Store; it writes by _id.
func (s *Learning) Complete(ctx context.Context, id courses.EnrolmentID, at time.Time) (bool, error) {
	result, err := s.enrolments.UpdateOne(ctx,
		bson.D{{Key: "_id", Value: id}, {Key: "open", Value: true}},
		bson.D{
			{Key: "$set", Value: bson.D{{Key: "completedAt", Value: at}, {Key: "open", Value: false}, {Key: "lastAt", Value: at}}},
			{Key: "$inc", Value: bson.D{{Key: "revision", Value: 1}}},
		})
	if err != nil {
		return false, fault("complete enrolment", err)
	}
	return result.MatchedCount == 1, nil
}
