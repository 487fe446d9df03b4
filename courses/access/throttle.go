package access

import (
	"context"
	"time"
)

// limit says how many failures are free and how long the wait may grow.
type limit struct {
	free int
	cap  time.Duration
}

// An account at one address waits longest. An account alone waits little, or
// anybody could lock it; an address alone waits least, because a whole commune
// shares one.
var limits = []limit{{5, 15 * time.Minute}, {20, time.Minute}, {100, 5 * time.Second}}

// addressLimits are those of an address alone.
var addressLimits = limits[2:]

// forgetAfter is when failures no longer count.
const forgetAfter = 24 * time.Hour

func throttleKeys(username, address string) []string {
	return []string{"both:" + username + "@" + address, "account:" + username, "address:" + address}
}

// wait is how long after its last failure a key has to wait: doubling from one
// second once the free tries are used.
func (l limit) wait(f Failures) time.Duration {
	over := f.Count - l.free
	if over < 0 {
		return 0
	}
	return min(time.Second<<min(over, 20), l.cap)
}

// throttled refuses with ErrThrottled and says when to try again; each key has the
// limit at its place.
func (s *Service) throttled(ctx context.Context, keys []string, limits []limit) error {
	failures, err := s.store.Failures(ctx, keys)
	if err != nil {
		return err
	}
	now := s.clock.Now()
	var longest time.Duration
	for i, key := range keys {
		f := failures[key]
		if now.Sub(f.Last) < forgetAfter {
			longest = max(longest, f.Last.Add(limits[i].wait(f)).Sub(now))
		}
	}
	if longest > 0 {
		return ErrThrottled.After(longest)
	}
	return nil
}
