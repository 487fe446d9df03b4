package staff

import (
	"context"
	"sync"
	"time"
)

// kept is a small table that is read again when it is older than treeAge.
type kept[T any] struct {
	mu   sync.Mutex
	list []T
	at   time.Time
}

// get gives the table, which callers do not change.
func (k *kept[T]) get(ctx context.Context, now time.Time, read func(context.Context) ([]T, error)) ([]T, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if !k.at.IsZero() && now.Sub(k.at) < treeAge && !now.Before(k.at) {
		return k.list, nil
	}
	list, err := read(ctx)
	if err != nil {
		return nil, err
	}
	k.list, k.at = list, now
	return list, nil
}

// forget has the table read again at the next call.
func (k *kept[T]) forget() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.at = time.Time{}
}
