package bench

import (
	"context"
	"fmt"
	"haidang/courses"
	"math/rand/v2"
	"strconv"
	"sync/atomic"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"
)

// learner is a user who learns: they watch a video to its end, beat by beat, and
// then that of their next course.
type learner struct {
	*user
	random *rand.Rand
	begun  []begun
	on     int   // which of begun
	at     int64 // how far, in milliseconds
	body   []byte
}

// begun is a course that a learner is on.
type begun struct {
	enrolment courses.EnrolmentID
	course
}

// coursesEach is how many courses each learner is on and has not finished.
const coursesEach = 6

// enrol puts the learner on courses that they have not taken.
func (l *learner) enrol(all []course) error {
	var list struct {
		Items []course `json:"items"`
	}
	if err := l.read("/api/courses?limit=100", &list); err != nil {
		return err
	}
	taken := map[courses.CourseID]bool{}
	for _, c := range list.Items {
		taken[c.ID] = c.Enrolment != ""
	}
	for _, i := range l.random.Perm(len(all)) {
		c := all[i]
		if taken[c.ID] || len(l.begun) == coursesEach {
			continue
		}
		if _, err := l.post("/api/courses/"+string(c.ID)+"/enrolment", nil); err != nil {
			return err
		}
		var page struct {
			Enrolment struct {
				ID courses.EnrolmentID `json:"id"`
			} `json:"enrolment"`
		}
		if err := l.read("/api/courses/"+string(c.ID), &page); err != nil {
			return err
		}
		l.begun = append(l.begun, begun{page.Enrolment.ID, c})
	}
	if len(l.begun) == 0 {
		return fmt.Errorf("%s has taken every course of the data set", l.name)
	}
	return nil
}

// beatMs is the stretch of a video that one event tells of.
const beatMs = 5000

// watch is the stretch of video that is watched next.
func (l *learner) watch() (on begun, from int64) {
	if l.at+beatMs > l.begun[l.on].VideoMs {
		l.on, l.at = (l.on+1)%len(l.begun), 0
	}
	from = l.at
	l.at += beatMs
	return l.begun[l.on], from
}

// send sends n events, each of a stretch of video that was just watched, so
// that each changes the learner's progress.
func (l *learner) send(n int) error {
	b := append(l.body[:0], `{"events":[`...)
	at := time.Now().UTC()
	for i := range n {
		if i > 0 {
			b = append(b, ',')
		}
		on, from := l.watch()
		b = append(append(append(b, `{"id":"`...), newID(l.random)...), `","enrolment":"`...)
		b = append(append(append(b, on.enrolment...), `","lesson":"`...), on.Video...)
		b = append(b, `","kind":"watched","at":"`...)
		b = at.Add(time.Duration(i)*time.Millisecond).AppendFormat(b, "2006-01-02T15:04:05.000Z")
		b = strconv.AppendInt(append(b, `","fromMs":`...), from, 10)
		b = strconv.AppendInt(append(b, `,"toMs":`...), from+beatMs, 10)
		b = strconv.AppendInt(append(b, `,"elapsedMs":`...), beatMs, 10)
		b = append(b, '}')
	}
	l.body = append(b, `]}`...)
	_, err := l.post("/api/learning/events", l.body)
	return err
}

// newID is a random UUID.
func newID(random *rand.Rand) string {
	var b [16]byte
	for i := 0; i < len(b); i += 8 {
		n := random.Uint64()
		for j := range 8 {
			b[i+j] = byte(n >> (8 * j))
		}
	}
	return courses.UUID[string](b, 4)
}

// inTurn gives each client so many learners of its own, one after the other.
func (w *world) inTurn(clients, own int) func(client int) *learner {
	turns := make([]int, clients)
	return func(client int) *learner {
		turns[client]++
		return w.learners[client+turns[client]%own*clients]
	}
}

// events measures the writing of learning events and then counts them in the
// database: what was acknowledged has to be there.
func (w *world) events(ctx context.Context) ([]*Row, error) {
	var rows []*Row
	var acknowledged atomic.Int64
	for _, c := range []struct{ clients, each int }{{1, 1}, {64, 1}, {256, 1}, {64, 20}} {
		if err := w.fresh(ctx); err != nil {
			return rows, err
		}
		next, random := w.inTurn(c.clients, 1), make([]*rand.Rand, c.clients)
		for i := range random {
			random[i] = rand.New(rand.NewPCG(uint64(len(rows))+1000, uint64(i)))
		}
		ours, raw, err := w.beside(ctx, c.clients, w.o.While, func(_ context.Context, client int) error {
			err := next(client).send(c.each)
			if err == nil {
				acknowledged.Add(int64(c.each))
			}
			return err
		}, func(ctx context.Context, client int) error { return w.upsert(ctx, random[client], c.each) })
		if err != nil {
			return rows, err
		}
		row := rates(fmt.Sprintf("learning events, %d clients", c.clients), ours, raw, c.each)
		switch {
		case c.each > 1:
			row.Work = fmt.Sprintf("the same in batches of %d, %d clients", c.each, c.clients)
			row.atLeast(20_000)
		case c.clients == 64:
			row.atLeastRaw(2)
		}
		rows = append(rows, row.moodle(92, 119, 0))
	}
	found, err := w.logged(ctx)
	if err == nil && found != acknowledged.Load() {
		err = fmt.Errorf("%d events were acknowledged, %d are in the database", acknowledged.Load(), found)
	}
	return rows, err
}

// logged counts the events in the log.
func (w *world) logged(ctx context.Context) (int64, error) {
	cursor, err := w.db.Collection("eventlog").Aggregate(ctx, mongo.Pipeline{{{Key: "$unwind", Value: "$deliveries"}}, {{Key: "$group", Value: bson.D{
		{Key: "_id", Value: nil}, {Key: "n", Value: bson.D{{Key: "$sum", Value: bson.D{{Key: "$size", Value: "$deliveries.events"}}}}},
	}}}})
	if err != nil {
		return 0, err
	}
	var sums []struct{ N int64 }
	if err := cursor.All(ctx, &sums); err != nil || len(sums) == 0 {
		return 0, err
	}
	return sums[0].N, nil
}

// upsert is what the raw driver does with as many events.
func (w *world) upsert(ctx context.Context, random *rand.Rand, n int) error {
	models := make([]mongo.WriteModel, n)
	for i := range models {
		from := random.Int64N(60_000)
		models[i] = mongo.NewUpdateOneModel().SetUpsert(true).
			SetFilter(bson.D{{Key: "_id", Value: newID(random)}}).
			SetUpdate(bson.D{{Key: "$set", Value: bson.D{
				{Key: "enrolment", Value: "enrolment"},
				{Key: "lesson", Value: "lesson"},
				{Key: "kind", Value: "watched"},
				{Key: "at", Value: time.Now()},
				{Key: "fromMs", Value: from},
				{Key: "toMs", Value: from + beatMs},
				{Key: "elapsedMs", Value: beatMs},
			}}})
	}
	events := w.scratch.Collection("events")
	if n == 1 {
		one, _ := models[0].(*mongo.UpdateOneModel)
		_, err := events.UpdateOne(ctx, one.Filter, one.Update, options.Update().SetUpsert(true))
		return err
	}
	_, err := events.BulkWrite(ctx, models, options.BulkWrite().SetOrdered(false))
	return err
}
