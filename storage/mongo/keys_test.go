package mongo_test

import (
	"fmt"
	"haidang/storage/mongo"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// ids are those of the keys, newest first.
func ids(keys []mongo.Key) []string {
	list := make([]string, len(keys))
	for i, k := range keys {
		list[i] = k.ID + "=" + string(k.Secret)
	}
	return list
}

// together has many servers ask for the keys of a purpose at the same time.
func together(t *testing.T, servers []*mongo.DB, purpose string, age time.Duration, now time.Time, secret *atomic.Int32) [][]string {
	t.Helper()
	const each = 4
	answers := make([][]string, len(servers)*each)
	begin := make(chan struct{})
	var wg sync.WaitGroup
	for i := range answers {
		wg.Go(func() {
			<-begin
			keys, err := servers[i%len(servers)].Keys(t.Context(), purpose, age, now, func() ([]byte, error) {
				return fmt.Append(nil, secret.Add(1)), nil
			})
			if err != nil {
				t.Error(err)
			}
			answers[i] = ids(keys)
		})
	}
	close(begin)
	wg.Wait()
	return answers
}

func TestServersThatStartTogetherMakeOneKey(t *testing.T) {
	db := open(t)
	servers := []*mongo.DB{db}
	for range 3 {
		servers = append(servers, connect(t, db.Raw().Name()))
	}
	for round := range 20 {
		var secret atomic.Int32
		answers := together(t, servers, fmt.Sprintf("purpose%d", round), 0, noon, &secret)
		for _, a := range answers {
			if len(a) != 1 || !slices.Equal(a, answers[0]) {
				t.Fatalf("servers have the keys %v", answers)
			}
		}
	}
}

func TestKeysAreRotated(t *testing.T) {
	db := open(t)
	servers := []*mongo.DB{db, connect(t, db.Raw().Name())}
	var secret atomic.Int32
	const age = 90 * 24 * time.Hour
	keys := func(at time.Time, age time.Duration) []string {
		t.Helper()
		answers := together(t, servers, "access", age, at, &secret)
		for _, a := range answers {
			if !slices.Equal(a, answers[0]) {
				t.Fatalf("servers have the keys %v", answers)
			}
		}
		return answers[0]
	}
	first := keys(noon, age)
	if before := keys(noon.Add(age-time.Millisecond), age); !slices.Equal(before, first) {
		t.Errorf("before their time %v became %v", first, before)
	}
	second := keys(noon.Add(age), age)
	if len(second) != 2 || second[1] != first[0] || second[0] == first[0] {
		t.Errorf("after 90 days %v became %v", first, second)
	}
	third := keys(noon.Add(2*age), age)
	if len(third) != 2 || third[1] != second[0] || third[0] == second[0] {
		t.Errorf("after 180 days %v became %v", second, third)
	}
	if forever := keys(noon.Add(20*age), 0); !slices.Equal(forever, third) {
		t.Errorf("keys without an age became %v", forever)
	}
}

func TestAKeyThatCannotBeMadeIsNotKept(t *testing.T) {
	db := open(t)
	for _, failure := range []error{errTaken, nil} {
		keys, err := db.Keys(t.Context(), "access", 0, noon, func() ([]byte, error) { return []byte("secret"), failure })
		if (err == nil) != (failure == nil) || len(keys) != 0 && failure != nil {
			t.Errorf("after %v there are %v, %v", failure, ids(keys), err)
		}
	}
}
