package mongo

import (
	"context"
	"haidang/courses"
	"haidang/courses/learning"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"
)

var learningIndexes = []index{
	{"enrolments", bson.D{{Key: "person", Value: 1}, {Key: "course", Value: 1}, {Key: "open", Value: 1}, {Key: "number", Value: 1}, {Key: "pinned", Value: 1}}, nil},
	{"eventlog", byPerson, nil},
	{"enrolments", bson.D{{Key: "course", Value: 1}, {Key: "open", Value: 1}, {Key: "_id", Value: 1}, {Key: "person", Value: 1}}, nil},
}

// Learning keeps enrolments and the log of learning events.
type Learning struct {
	db              *DB
	enrolments, log *mongo.Collection
	notes, marks    *mongo.Collection
	whole, outer    *gather[courses.EnrolmentID, enrolmentDoc] // outer is without lessons
	begun           *gather[courses.PersonID, []learning.Begun]
}

// Learning is the store of the learning package.
func (db *DB) Learning() *Learning {
	s := &Learning{db: db, enrolments: db.db.Collection("enrolments"), log: db.db.Collection("eventlog"), notes: db.db.Collection("learnernotes"), marks: db.db.Collection("foldmarks")}
	id := func(d enrolmentDoc) courses.EnrolmentID { return d.ID }
	s.whole = gatherBy(s.enrolments, "_id", "find enrolments", id)
	s.outer = gatherBy(s.enrolments, "_id", "find enrolments", id, options.Find().SetProjection(bson.D{{Key: "lessons", Value: 0}}))
	s.begun = &gather[courses.PersonID, []learning.Begun]{read: s.readBegun}
	return s
}

type enrolmentDoc struct {
	ID          courses.EnrolmentID              `bson:"_id"`
	Person      courses.PersonID                 `bson:"person"`
	Course      courses.CourseID                 `bson:"course"`
	Number      int                              `bson:"number"`
	Round       int                              `bson:"round,omitempty"`
	Rounds      int                              `bson:"rounds,omitempty"`
	Version     courses.VersionID                `bson:"version"`
	Pinned      int                              `bson:"pinned"`
	Only        []courses.LessonID               `bson:"only,omitempty"`
	EnrolledAt  time.Time                        `bson:"enrolledAt"`
	CompletedAt *time.Time                       `bson:"completedAt,omitempty"`
	Open        bool                             `bson:"open"` // not completed; for the index
	Lessons     map[courses.LessonID]progressDoc `bson:"lessons"`
	ShareBp     int                              `bson:"shareBp"`
	Next        stopDoc                          `bson:"next,omitempty"`
	LastAt      time.Time                        `bson:"lastAt"`
}

type stopDoc struct {
	Lesson  courses.LessonID `bson:"lesson"`
	Ms      int64            `bson:"ms,omitempty"`
	Page    int              `bson:"page,omitempty"`
	Minutes int              `bson:"minutes"`
}

type progressDoc struct {
	Watched    [][2]int64      `bson:"watched,omitempty"`
	Page       int             `bson:"page,omitempty"`
	Read       bool            `bson:"read,omitempty"`
	ScoreBp    int             `bson:"scoreBp,omitempty"`
	First      time.Time       `bson:"first"`
	Last       time.Time       `bson:"last"`
	PositionMs int64           `bson:"positionMs,omitempty"`
	PositionAt time.Time       `bson:"positionAt,omitempty"`
	PositionBy courses.EventID `bson:"positionBy,omitempty"`

	Answers map[string]answerDoc `bson:"answers,omitempty"`
}

type answerDoc struct {
	Chosen []int           `bson:"chosen"`
	At     time.Time       `bson:"at"`
	Event  courses.EventID `bson:"event"`
}

func lessonsToDocs(lessons map[courses.LessonID]learning.Progress) map[courses.LessonID]progressDoc {
	docs := make(map[courses.LessonID]progressDoc, len(lessons))
	for id, p := range lessons {
		docs[id] = progressToDoc(p)
	}
	return docs
}

func progressToDoc(p learning.Progress) progressDoc {
	d := progressDoc{
		Watched: each(p.Watched, func(s learning.Span) [2]int64 { return [2]int64{s.From, s.To} }),
		Page:    p.Page, Read: p.Read, ScoreBp: p.ScoreBp, First: p.First, Last: p.Last,
		PositionMs: p.Position.Ms, PositionAt: p.Position.At, PositionBy: p.Position.Event,
	}
	if len(p.Answers) > 0 {
		d.Answers = make(map[string]answerDoc, len(p.Answers))
		for id, a := range p.Answers {
			d.Answers[id] = answerDoc(a)
		}
	}
	return d
}

func (d progressDoc) progress() learning.Progress {
	p := learning.Progress{
		Watched: each(d.Watched, func(s [2]int64) learning.Span { return learning.Span{From: s[0], To: s[1]} }),
		Page:    d.Page, Read: d.Read, ScoreBp: d.ScoreBp, First: d.First, Last: d.Last,
		Position: learning.Position{Ms: d.PositionMs, At: d.PositionAt, Event: d.PositionBy},
	}
	if len(d.Answers) > 0 {
		p.Answers = make(learning.Answers, len(d.Answers))
		for id, a := range d.Answers {
			p.Answers[id] = learning.Answer(a)
		}
	}
	return p
}

func enrolmentToDoc(e learning.Enrolment) enrolmentDoc {
	return enrolmentDoc{
		ID: e.ID, Person: e.Person, Course: e.Course, Number: e.Number, Round: e.Round, Rounds: e.Rounds, Version: e.Version, Pinned: e.Pinned, Only: e.Only, EnrolledAt: e.EnrolledAt,
		CompletedAt: e.CompletedAt, Open: e.CompletedAt == nil, Lessons: lessonsToDocs(e.Lessons),
		ShareBp: e.ShareBp, Next: stopDoc(e.Next), LastAt: e.LastAt,
	}
}

func (d enrolmentDoc) enrolment() learning.Enrolment {
	e := learning.Enrolment{
		ID: d.ID, Person: d.Person, Course: d.Course, Number: d.Number, Round: d.Round, Rounds: d.Rounds, Version: d.Version, Pinned: d.Pinned, Only: d.Only, EnrolledAt: d.EnrolledAt,
		CompletedAt: d.CompletedAt, Lessons: make(map[courses.LessonID]learning.Progress, len(d.Lessons)),
		ShareBp: d.ShareBp, Next: learning.Stop(d.Next), LastAt: d.LastAt,
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

// NoteRounds implements learning.Store; it writes by _id.
func (s *Learning) NoteRounds(ctx context.Context, id courses.EnrolmentID, rounds int) error {
	_, err := s.enrolments.UpdateOne(ctx, bson.D{{Key: "_id", Value: id}}, bson.D{{Key: "$max", Value: bson.D{{Key: "rounds", Value: rounds}}}})
	if err != nil {
		return fault("note rounds of an enrolment", err)
	}
	return nil
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
	d, err := findOne(ctx, s.whole, id, learning.ErrNoEnrolment)
	if err != nil {
		return learning.Enrolment{}, err
	}
	return d.enrolment(), nil
}

// Enrolments implements learning.Store; it reads by _id.
func (s *Learning) Enrolments(ctx context.Context, ids []courses.EnrolmentID) ([]learning.Enrolment, error) {
	return those(ctx, s.whole, ids)
}

// Outlines implements learning.Store; it reads by _id.
func (s *Learning) Outlines(ctx context.Context, ids []courses.EnrolmentID) ([]learning.Enrolment, error) {
	return those(ctx, s.outer, ids)
}

// those is the enrolments of ids that exist, in that order.
func those(ctx context.Context, g *gather[courses.EnrolmentID, enrolmentDoc], ids []courses.EnrolmentID) ([]learning.Enrolment, error) {
	found, err := g.find(ctx, ids...)
	if err != nil {
		return nil, err
	}
	list := make([]learning.Enrolment, 0, len(ids))
	for _, id := range ids {
		if d, there := found[id]; there {
			list = append(list, d.enrolment())
		}
	}
	return list, nil
}

// OnCourse implements learning.Store; index person+course+open+number+pinned.
func (s *Learning) OnCourse(ctx context.Context, course courses.CourseID, people []courses.PersonID) ([]learning.Enrolment, error) {
	docs, err := all[enrolmentDoc](ctx, s.enrolments, bson.D{{Key: "person", Value: bson.D{{Key: "$in", Value: people}}}, {Key: "course", Value: course}},
		"find enrolments on a course", options.Find().SetBatchSize(10_000))
	return each(docs, enrolmentDoc.enrolment), err
}

// ClosedOn implements learning.Store; index person+course+open+number+pinned.
func (s *Learning) ClosedOn(ctx context.Context, course courses.CourseID, people []courses.PersonID) ([]learning.Enrolment, error) {
	docs, err := all[enrolmentDoc](ctx, s.enrolments, bson.D{
		{Key: "person", Value: bson.D{{Key: "$in", Value: people}}}, {Key: "course", Value: course}, {Key: "open", Value: false},
	}, "find who completed a course", options.Find().SetProjection(bson.D{{Key: "lessons", Value: 0}}).SetBatchSize(10_000))
	return each(docs, enrolmentDoc.enrolment), err
}

// Finished implements learning.Store; index course+open+_id+person covers it.
func (s *Learning) Finished(ctx context.Context, course courses.CourseID) (done, open int, err error) {
	for isOpen, n := range map[bool]*int{false: &done, true: &open} {
		count, err := s.enrolments.CountDocuments(ctx, bson.D{{Key: "course", Value: course}, {Key: "open", Value: isOpen}})
		if err != nil {
			return 0, 0, fault("count enrolments", err)
		}
		*n = int(count)
	}
	return done, open, nil
}

// OpenOn implements learning.Store; index course+open+_id+person covers it.
func (s *Learning) OpenOn(ctx context.Context, course courses.CourseID, after courses.EnrolmentID, limit int) ([]learning.Enrolment, error) {
	docs, err := all[enrolmentDoc](ctx, s.enrolments, bson.D{{Key: "course", Value: course}, {Key: "open", Value: true}, {Key: "_id", Value: bson.D{{Key: "$gt", Value: after}}}},
		"list who is on a course", options.Find().SetSort(bson.D{{Key: "_id", Value: 1}}).SetLimit(int64(limit)).SetProjection(bson.D{{Key: "_id", Value: 1}, {Key: "person", Value: 1}}))
	return each(docs, func(d enrolmentDoc) learning.Enrolment { return learning.Enrolment{ID: d.ID, Person: d.Person} }), err
}

// Begun implements learning.Store; index person+course+open+number+pinned covers
// it.
func (s *Learning) Begun(ctx context.Context, person courses.PersonID) ([]learning.Begun, error) {
	found, err := s.begun.find(ctx, person)
	return found[person], err
}

func (s *Learning) readBegun(ctx context.Context, people []courses.PersonID) (map[courses.PersonID][]learning.Begun, error) {
	of := make(map[courses.PersonID][]learning.Begun, len(people))
	err := see(ctx, s.enrolments, bson.D{{Key: "person", Value: bson.D{{Key: "$in", Value: people}}}}, "find begun courses", func(d bson.Raw) {
		person := courses.PersonID(d.Lookup("person").StringValue())
		of[person] = append(of[person], learning.Begun{
			Course: courses.CourseID(d.Lookup("course").StringValue()), Open: d.Lookup("open").Boolean(),
			Number: int(d.Lookup("number").AsInt64()), Pinned: int(d.Lookup("pinned").AsInt64()),
		})
	}, options.Find().
		SetProjection(bson.D{{Key: "_id", Value: 0}, {Key: "person", Value: 1}, {Key: "course", Value: 1}, {Key: "open", Value: 1}, {Key: "number", Value: 1}, {Key: "pinned", Value: 1}}).SetBatchSize(10_000))
	if err != nil {
		return nil, err
	}
	return of, nil
}

// Merge implements learning.Store; it reads and writes by _id. Reading in the
// transaction makes the database notice who else writes, so that the updates need
// no revision and hence no plan, which would be half of their cost.
func (s *Learning) Merge(ctx context.Context, ids []courses.EnrolmentID, decide func([]learning.Enrolment) []learning.Merged) error {
	return s.db.Atomic(ctx, func(ctx context.Context) error {
		docs, err := all[enrolmentDoc](ctx, s.enrolments, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: ids}}}}, "find enrolments",
			options.Find().SetBatchSize(10_000))
		if err != nil {
			return err
		}
		return s.saveProgress(ctx, decide(each(docs, enrolmentDoc.enrolment)))
	})
}

// saveProgress writes progress by _id.
func (s *Learning) saveProgress(ctx context.Context, list []learning.Merged) error {
	return saveAll(ctx, s.enrolments, "save progress", each(list, func(m learning.Merged) mongo.WriteModel {
		set := bson.D{{Key: "shareBp", Value: m.ShareBp}, {Key: "lastAt", Value: m.LastAt}, {Key: "next", Value: stopDoc(m.Next)}}
		for _, id := range m.Touched {
			set = append(set, bson.E{Key: "lessons." + string(id), Value: progressToDoc(m.Lessons[id])})
		}
		return mongo.NewUpdateOneModel().SetFilter(bson.D{{Key: "_id", Value: m.ID}}).SetUpdate(bson.D{{Key: "$set", Value: set}})
	}))
}

// Complete implements learning.Store; it writes by _id.
func (s *Learning) Complete(ctx context.Context, id courses.EnrolmentID, at time.Time) (bool, error) {
	result, err := s.enrolments.UpdateOne(ctx,
		bson.D{{Key: "_id", Value: id}, {Key: "open", Value: true}},
		bson.D{{Key: "$set", Value: bson.D{{Key: "completedAt", Value: at}, {Key: "open", Value: false}, {Key: "lastAt", Value: at}}}})
	if err != nil {
		return false, fault("complete enrolment", err)
	}
	return result.MatchedCount == 1, nil
}
