package durability_test

import (
	"context"
	"encoding/json"
	"fmt"
	"haidang/cmd/internal/demo"
	"haidang/storage/local/localtest"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"
	"go.mongodb.org/mongo-driver/mongo/writeconcern"
)

// kills is how often each of the two is killed, and between how many further
// acknowledgements.
const (
	kills   = 4
	between = 40
)

func TestNothingThatWasAcknowledgedIsLost(t *testing.T) {
	r := newRig(t)
	ctx, cancel := context.WithTimeout(t.Context(), 4*time.Minute)
	defer cancel()
	var total atomic.Int64
	var learners []*learner
	for _, account := range demo.Accounts() {
		l, err := newLearner(r.url, account.Username, &total)
		if err == nil {
			err = l.begin(ctx)
		}
		if err != nil {
			t.Fatal(err)
		}
		learners = append(learners, l)
	}
	course, quiz := r.publishQuiz(ctx)
	sitters := make([]*sitter, 3)
	for i := range sitters {
		sitters[i] = &sitter{learner: learners[i]}
		if err := sitters[i].begin(ctx, course, quiz); err != nil {
			t.Fatal(err)
		}
	}
	stop, began := make(chan struct{}), time.Now()
	var answers atomic.Int64
	var wg sync.WaitGroup
	for _, s := range sitters {
		wg.Go(func() { s.answer(ctx, &answers, stop) })
	}
	for _, l := range learners {
		wg.Go(func() { l.learn(ctx, stop) })
	}
	r.killOften(ctx, &total)
	close(stop)
	wg.Wait()
	for _, l := range learners {
		if l.wrong != nil {
			t.Fatalf("%s: %v", l.username, l.wrong)
		}
		if err := l.finish(ctx); err != nil {
			t.Fatalf("%s: %v", l.username, err)
		}
	}
	t.Logf("%d events and %d answers acknowledged over %d kills in %s", total.Load(), answers.Load(), 2*kills, time.Since(began))
	db := r.database(ctx)
	for _, s := range sitters {
		if s.wrong != nil {
			t.Fatalf("%s: %v", s.username, s.wrong)
		}
		s.handedIn(ctx, t, db)
	}
	for _, l := range learners {
		l.keptAll(ctx, t, db)
	}
	for _, l := range learners {
		l.completedOnce(ctx, t, db)
	}
	if out := r.tool("ledger", "verify"); !strings.Contains(out, "every one as it was signed") {
		t.Errorf("ledger verify says %s", out)
	}
	if out := r.tool("rebuild"); !strings.Contains(out, ", 0 differed") {
		t.Errorf("rebuild says %s", out)
	}
	r.controlSpeaks(ctx)
}

// killOften kills the server and the database in turn, each time when some more
// was acknowledged, and starts them again.
func (r *rig) killOften(ctx context.Context, total *atomic.Int64) {
	r.t.Helper()
	for range kills {
		for _, kill := range []func(){
			func() { r.server.Kill(); r.startServer() },
			func() { r.mongod.Kill(); r.startMongod() },
		} {
			for from := total.Load(); total.Load() < from+between; {
				select {
				case <-ctx.Done():
					r.t.Fatal("the learners do not get on")
				case <-time.After(time.Millisecond):
				}
			}
			kill()
		}
	}
}

// lost counts those of ids that a collection does not hold.
func lost(ctx context.Context, t *testing.T, c *mongo.Collection, ids []string) int {
	t.Helper()
	n, err := c.CountDocuments(ctx, bson.M{"_id": bson.M{"$in": ids}})
	if err != nil {
		t.Fatal(err)
	}
	return len(ids) - int(n)
}

// loggedOf says how often the log holds each of a person's events.
func loggedOf(ctx context.Context, t *testing.T, db *mongo.Database, person string) map[string]int {
	t.Helper()
	cursor, err := db.Collection("eventlog").Aggregate(ctx, bson.A{
		bson.M{"$unwind": "$deliveries"}, bson.M{"$replaceWith": "$deliveries"}, bson.M{"$match": bson.M{"person": person}},
	})
	if err != nil {
		t.Fatal(err)
	}
	var deliveries []struct{ Events []struct{ ID string } }
	if err := cursor.All(ctx, &deliveries); err != nil {
		t.Fatal(err)
	}
	times := map[string]int{}
	for _, d := range deliveries {
		for _, e := range d.Events {
			times[e.ID]++
		}
	}
	return times
}

// keptAll compares what a learner was acknowledged with the log, and the log
// with the merged state: the union of the logged stretches, no more and no less.
func (l *learner) keptAll(ctx context.Context, t *testing.T, db *mongo.Database) {
	t.Helper()
	logged := loggedOf(ctx, t, db, l.person())
	lost := 0
	for id := range l.acked {
		if logged[id] == 0 {
			lost++
		}
	}
	if lost != 0 {
		t.Errorf("%s: %d of %d acknowledged events are lost", l.username, lost, len(l.acked))
	}
	for id, n := range logged {
		if n > 1 { // a batch that is sent again is the same
			t.Errorf("%s: event %s is in the log %d times", l.username, id, n)
		}
	}
	var state struct {
		Lessons map[string]struct{ Watched [][2]int64 }
	}
	want := [][2]int64{{0, l.filmMs / stretch * stretch}}
	for deadline := time.Now().Add(5 * time.Second); ; time.Sleep(50 * time.Millisecond) { // enrolments follow the log
		if err := db.Collection("enrolments").FindOne(ctx, bson.M{"_id": l.enrolment.ID}).Decode(&state); err != nil {
			t.Fatal(err)
		}
		if slices.Equal(state.Lessons[string(l.film)].Watched, want) {
			return
		}
		if time.Now().After(deadline) {
			t.Errorf("%s: the merged state is %v, want %v", l.username, state.Lessons[string(l.film)].Watched, want)
			return
		}
	}
}

// completedOnce goes on until the course counts as completed (nobody is completed
// sooner than half of what they watched takes) and counts the ledger's entries.
func (l *learner) completedOnce(ctx context.Context, t *testing.T, db *mongo.Database) {
	t.Helper()
	for ; l.enrolment.CompletedAt == nil; time.Sleep(200 * time.Millisecond) {
		if err := l.send(ctx, []map[string]any{l.event(l.film, "opened")}); err != nil {
			t.Fatalf("%s: %v", l.username, err)
		}
		if l.enrolment.ShareBp < 10000 {
			t.Fatalf("%s: all is acknowledged, but the share is %d", l.username, l.enrolment.ShareBp)
		}
	}
	n, err := db.Collection("completions").CountDocuments(ctx, bson.M{"person": l.person(), "version": l.enrolment.Version})
	if err != nil || n != 1 {
		t.Errorf("%s: %d completions in the ledger, %v", l.username, n, err)
	}
}

func (l *learner) person() string {
	person, _, _ := strings.Cut(string(l.enrolment.ID), ".")
	return person
}

// controlSpeaks has a writer that takes its writes for kept before they are:
// the same kill and the same count have to show a loss, or they could not show
// one of the server's either.
func (r *rig) controlSpeaks(ctx context.Context) {
	r.t.Helper()
	careless := r.database(ctx).Collection("careless", options.Collection().SetWriteConcern(writeconcern.Unacknowledged()))
	ids := make([]string, 50)
	for i := range ids {
		ids[i] = fmt.Sprint("write ", i)
	}
	insert := func(id string) {
		if _, err := careless.InsertOne(ctx, bson.M{"_id": id}); err != nil && err.Error() != mongo.ErrUnacknowledgedWrite.Error() {
			r.t.Fatal(err)
		}
	}
	insert("a connection is open now")
	localtest.Freeze(r.t, r.mongod.Process)
	for _, id := range ids {
		insert(id)
	}
	r.mongodAway()
	r.mongod.Kill()
	r.startMongod()
	if n := lost(ctx, r.t, r.database(ctx).Collection("careless"), ids); n == 0 {
		r.t.Error("the positive control lost nothing: this test could not see a loss")
	} else {
		r.t.Logf("positive control: %d of %d careless writes are lost", n, len(ids))
	}
}

// mongodAway has the server say that this store is away, and no other.
func (r *rig) mongodAway() {
	r.t.Helper()
	res, err := http.Get(r.url + "/readyz")
	if err != nil {
		r.t.Fatal(err)
	}
	defer res.Body.Close()
	var state map[string]string
	if err := json.NewDecoder(res.Body).Decode(&state); err != nil {
		r.t.Fatal(err)
	}
	if want := map[string]string{"mongodb": "away", "objects": "ready"}; res.StatusCode != http.StatusServiceUnavailable || !maps.Equal(state, want) {
		r.t.Errorf("readyz: %d %v, want %v", res.StatusCode, state, want)
	}
}
