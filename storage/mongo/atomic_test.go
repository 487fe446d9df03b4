package mongo_test

import (
	"context"
	"errors"
	"fmt"
	"haidang/courses"
	"haidang/storage/mongo"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	driver "go.mongodb.org/mongo-driver/mongo"
)

// errTaken is a refusal for the tests.
var errTaken = courses.Refusal(courses.Conflict, "test.taken", "somebody has it")

func insert(ctx context.Context, db *mongo.DB, id string) error {
	_, err := db.Raw().Collection("things").InsertOne(ctx, bson.M{"_id": id})
	return err
}

func things(t *testing.T, db *mongo.DB) int64 {
	t.Helper()
	return count(t, db, "things")
}

func TestATransactionIsWrittenWholeOrNotAtAll(t *testing.T) {
	db := open(t)
	err := db.Atomic(t.Context(), func(ctx context.Context) error {
		if err := insert(ctx, db, "a"); err != nil {
			return err
		}
		if things(t, db) != 0 {
			t.Error("others see what is not committed")
		}
		return insert(ctx, db, "b")
	})
	if err != nil || things(t, db) != 2 {
		t.Errorf("after it there are %d things, %v", things(t, db), err)
	}
	fields := errTaken.With(courses.Field{Path: "a", Code: "b"})
	for name, failure := range map[string]error{
		"a refusal": errTaken, "a refusal with fields": fields, "a wrapped refusal": fmt.Errorf("give it: %w", errTaken), "a fault": errors.New("broken"),
	} {
		err := db.Atomic(t.Context(), func(ctx context.Context) error {
			if err := insert(ctx, db, "c"); err != nil {
				return err
			}
			return failure
		})
		var refusal *courses.Error
		switch {
		case !errors.Is(err, failure):
			t.Errorf("%s became %v", name, err)
		case errors.As(failure, &refusal) && err != failure: //nolint:errorlint // it has to be the same
			t.Errorf("%s was wrapped: %v", name, err)
		case things(t, db) != 2:
			t.Errorf("%s wrote something", name)
		}
	}
}

func TestANestedTransactionJoinsTheOuterOne(t *testing.T) {
	db := open(t)
	nested := func(outer error) error {
		return db.Atomic(t.Context(), func(ctx context.Context) error {
			if err := insert(ctx, db, "outer"); err != nil {
				return err
			}
			err := db.Atomic(ctx, func(ctx context.Context) error {
				n, err := db.Raw().Collection("things").CountDocuments(ctx, bson.M{})
				if err != nil || n != 1 {
					t.Errorf("inside there are %d things, %v", n, err)
				}
				return insert(ctx, db, "inner")
			})
			if err != nil {
				return err
			}
			return outer
		})
	}
	if err := nested(errTaken); !errors.Is(err, errTaken) || things(t, db) != 0 {
		t.Errorf("the outer one fails: %d things, %v", things(t, db), err)
	}
	if err := nested(nil); err != nil || things(t, db) != 2 {
		t.Errorf("both succeed: %d things, %v", things(t, db), err)
	}
}

// Two transactions read one number and write it one higher. The second to write
// meets the first, and has to begin again; nothing may be lost and none refused.
func TestTransactionsThatMeetAreTriedAgain(t *testing.T) {
	db := open(t)
	numbers := db.Raw().Collection("numbers")
	if _, err := numbers.InsertOne(t.Context(), bson.M{"_id": "n", "is": 0}); err != nil {
		t.Fatal(err)
	}
	const writers = 2
	var ran atomic.Int32
	var met sync.WaitGroup // until each has read once
	met.Add(writers)
	var wg sync.WaitGroup
	for range writers {
		wg.Go(func() {
			tries := 0
			err := db.Atomic(t.Context(), func(ctx context.Context) error {
				ran.Add(1)
				tries++
				var n struct{ Is int }
				if err := numbers.FindOne(ctx, bson.M{"_id": "n"}).Decode(&n); err != nil {
					return fmt.Errorf("read: %w", err)
				}
				if tries == 1 {
					met.Done()
					met.Wait()
				}
				// Through a store's own wrapping, whose label has to survive.
				_, err := numbers.UpdateByID(ctx, "n", bson.M{"$set": bson.M{"is": n.Is + 1}})
				return mongo.Fault("write", err)
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	var n struct{ Is int }
	if err := numbers.FindOne(t.Context(), bson.M{"_id": "n"}).Decode(&n); err != nil || n.Is != writers {
		t.Errorf("it is %d, %v", n.Is, err)
	}
	if ran.Load() <= writers {
		t.Errorf("the functions ran %d times: they did not meet", ran.Load())
	}
}

func TestAStoreThatIsAwayIsUnavailableInATransactionToo(t *testing.T) {
	db := open(t)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	err := db.Atomic(ctx, func(ctx context.Context) error {
		if err := insert(ctx, db, "a"); err != nil {
			return mongo.Fault("insert", err)
		}
		<-ctx.Done()
		return mongo.Fault("insert", insert(ctx, db, "b"))
	})
	if !errors.Is(err, courses.ErrUnavailable) || things(t, db) != 0 {
		t.Errorf("a transaction out of time: %d things, %v", things(t, db), err)
	}
	if _, is := err.(driver.ServerError); is { //nolint:errorlint // no type of the driver may show
		t.Errorf("it shows the driver: %v", err)
	}
}
