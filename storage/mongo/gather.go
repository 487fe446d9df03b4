package mongo

import (
	"context"
	"errors"
	"sync"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"
)

// gather makes one query of what many callers look up at the same time: a
// command costs far more than one more key in it. Whoever comes while a query
// is under way waits for the next, so nobody reads what is older than their
// question. Callers share what was found and must not change it.
type gather[K comparable, V any] struct {
	read func(ctx context.Context, keys []K) (map[K]V, error)

	mu      sync.Mutex
	busy    bool
	waiting []*gathered[K, V]
}

// gathered is one query.
type gathered[K comparable, V any] struct {
	keys  []K
	turn  chan struct{} // closed when it may run
	done  chan struct{} // closed when it has
	found map[K]V
	err   error
}

// Of a gathered query.
const (
	gatherKeys    = 1000 // after which the next begins
	gatherTimeout = 10 * time.Second
)

// find looks keys up; those that are not there are missing from the answer.
// Inside a transaction it asks by itself.
func (g *gather[K, V]) find(ctx context.Context, keys ...K) (map[K]V, error) {
	if len(keys) == 0 {
		return nil, nil
	}
	if mongo.SessionFromContext(ctx) != nil {
		return g.read(ctx, keys)
	}
	q, first := g.join(keys)
	if first {
		<-q.turn
		g.run(ctx, q)
	}
	select {
	case <-q.done:
		return q.found, q.err
	case <-ctx.Done():
		return nil, fault("wait for a query", ctx.Err())
	}
}

// join adds keys to the query that waits, or begins one; who began it runs it.
func (g *gather[K, V]) join(keys []K) (q *gathered[K, V], first bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if n := len(g.waiting); n > 0 && len(g.waiting[n-1].keys) < gatherKeys {
		q = g.waiting[n-1]
		q.keys = append(q.keys, keys...)
		return q, false
	}
	q = &gathered[K, V]{keys: append([]K(nil), keys...), turn: make(chan struct{}), done: make(chan struct{})}
	g.waiting = append(g.waiting, q)
	if !g.busy {
		g.busy = true
		close(q.turn)
	}
	return q, true
}

// run asks the database and lets the next query begin. The query is not the
// runner's alone, so the runner's end does not end it.
func (g *gather[K, V]) run(ctx context.Context, q *gathered[K, V]) {
	g.mu.Lock()
	g.waiting = g.waiting[1:]
	g.mu.Unlock()
	q.err = errGatherer
	defer g.next(q)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), gatherTimeout)
	defer cancel()
	q.found, q.err = g.read(ctx, q.keys)
}

// errGatherer is a fault: whoever ran the query for all panicked.
var errGatherer = errors.New("run a gathered query: it did not end")

// next tells everybody of q that it is done, and begins the next query.
func (g *gather[K, V]) next(q *gathered[K, V]) {
	close(q.done)
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.waiting) == 0 {
		g.busy = false
		return
	}
	close(g.waiting[0].turn)
}

// gatherBy looks up documents by a field that is _id or has a unique index.
func gatherBy[K comparable, D any](c *mongo.Collection, field, doing string, key func(D) K, opts ...*options.FindOptions) *gather[K, D] {
	return &gather[K, D]{read: func(ctx context.Context, keys []K) (map[K]D, error) {
		filter := bson.D{{Key: field, Value: bson.D{{Key: "$in", Value: keys}}}}
		if len(keys) == 1 {
			filter = bson.D{{Key: field, Value: keys[0]}}
		}
		docs, err := all[D](ctx, c, filter, doing, opts...)
		if err != nil {
			return nil, err
		}
		found := make(map[K]D, len(docs))
		for _, d := range docs {
			found[key(d)] = d
		}
		return found, nil
	}}
}

// findOne is the document of one key; missing is what it refuses with.
func findOne[K comparable, D any](ctx context.Context, g *gather[K, D], key K, missing error) (D, error) {
	found, err := g.find(ctx, key)
	d, there := found[key]
	if err == nil && !there {
		err = missing
	}
	return d, err
}
