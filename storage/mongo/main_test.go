package mongo_test

import (
	"context"
	"haidang/courses"
	"haidang/storage/local/localtest"
	"haidang/storage/mongo"
	"sync/atomic"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/bson"
)

func TestMain(m *testing.M) { localtest.Main(m) }

// noon is when the tests' clocks stand.
var noon = time.Date(2026, 11, 24, 5, 0, 0, 0, time.UTC)

// open makes a database that goes with the test.
func open(t testing.TB) *mongo.DB {
	t.Helper()
	db := connect(t, "t"+courses.NewID[string](time.Now()))
	t.Cleanup(func() {
		if err := db.Drop(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return db
}

// connect is another server on the same database.
func connect(t testing.TB, name string) *mongo.DB {
	t.Helper()
	db, err := mongo.Open(t.Context(), localtest.Mongod(t).URI, name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	if err := db.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	return db
}

// clock stands until it is moved.
type clock struct{ passed atomic.Int64 }

func (c *clock) now() time.Time       { return noon.Add(time.Duration(c.passed.Load())) }
func (c *clock) pass(d time.Duration) { c.passed.Add(int64(d)) }

// nobody refuses everything.
type nobody struct{}

func (nobody) Can(context.Context, courses.Actor, courses.Action, courses.Object) error {
	return courses.ErrForbidden
}

func (nobody) Scope(context.Context, courses.Actor, courses.Action) (courses.Scope, error) {
	return courses.Scope{}, courses.ErrForbidden
}

// count is how many documents a collection has.
func count(t *testing.T, db *mongo.DB, collection string) int64 {
	t.Helper()
	n, err := db.Raw().Collection(collection).CountDocuments(t.Context(), bson.M{})
	if err != nil {
		t.Fatal(err)
	}
	return n
}
