package jobs

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"
)

func TestAJobRestsLongerAfterEachTry(t *testing.T) {
	for tries, want := range map[int]time.Duration{
		1: 2 * time.Second, 2: 4 * time.Second, 3: 8 * time.Second, 11: 2048 * time.Second, 12: 24 * time.Hour, 13: 24 * time.Hour,
		1000: 24 * time.Hour, 0: time.Second, -1: time.Second,
	} {
		if got := pause(tries); got != want {
			t.Errorf("after %d tries it rests %s, want %s", tries, got, want)
		}
	}
	for tries := 1; tries < 100; tries++ {
		if pause(tries) < pause(tries-1) {
			t.Errorf("it rests less after %d tries than before", tries)
		}
	}
}

func TestWorkThatIsSomebodyElsesByNowIsStopped(t *testing.T) {
	var asked atomic.Int32
	renew := func(context.Context) (bool, error) {
		switch asked.Add(1) {
		case 1:
			return true, nil
		case 2:
			return false, errors.New("the store is away") // which says nothing of the lease
		}
		return false, nil
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	err := holding(ctx, time.Millisecond, renew, func(ctx context.Context) error {
		<-ctx.Done()
		return ctx.Err()
	})
	if !errors.Is(err, context.Canceled) || asked.Load() != 3 {
		t.Errorf("after %d renewals the work ended with %v", asked.Load(), err)
	}
}

func TestNoLeaseIsRenewedOnceTheWorkIsDone(t *testing.T) {
	var finished atomic.Bool
	renewing := make(chan struct{})
	err := holding(t.Context(), time.Millisecond, func(ctx context.Context) (bool, error) {
		close(renewing)
		<-ctx.Done()
		finished.Store(true)
		return false, ctx.Err()
	}, func(context.Context) error {
		<-renewing
		return errors.ErrUnsupported
	})
	if !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("the work's own error became %v", err)
	}
	if !finished.Load() {
		t.Error("a renewal goes on after the work")
	}
}
