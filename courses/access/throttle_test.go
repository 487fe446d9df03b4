package access

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestTheWaitDoublesOnceTheFreeTriesAreUsed(t *testing.T) {
	both, account, address := limits[0], limits[1], limits[2]
	for _, c := range []struct {
		name     string
		limit    limit
		failures int
		want     time.Duration
	}{
		{"account at an address", both, 0, 0},
		{"account at an address", both, 4, 0},
		{"account at an address", both, 5, time.Second},
		{"account at an address", both, 6, 2 * time.Second},
		{"account at an address", both, 10, 32 * time.Second},
		{"account at an address", both, 14, 512 * time.Second},
		{"account at an address", both, 15, 15 * time.Minute},
		{"account at an address", both, 1_000_000, 15 * time.Minute},
		{"account", account, 19, 0},
		{"account", account, 20, time.Second},
		{"account", account, 26, time.Minute},
		{"account", account, 1_000_000, time.Minute},
		{"address", address, 99, 0},
		{"address", address, 100, time.Second},
		{"address", address, 103, 5 * time.Second},
		{"address", address, 1_000_000, 5 * time.Second},
	} {
		if got := c.limit.wait(Failures{Count: c.failures}); got != c.want {
			t.Errorf("%s after %d failures waits %v, want %v", c.name, c.failures, got, c.want)
		}
	}
}

func TestTheWaitNeverShrinksAndNeverPassesItsCap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := rapid.SampledFrom(limits).Draw(t, "limit")
		n := rapid.IntRange(0, 1<<40).Draw(t, "failures")
		now, next := l.wait(Failures{Count: n}), l.wait(Failures{Count: n + 1})
		if now < 0 || next < now || next > l.cap {
			t.Fatalf("%d failures wait %v, one more %v, at most %v", n, now, next, l.cap)
		}
	})
}

func TestEachLimitHasItsKey(t *testing.T) {
	keys := throttleKeys("hocvien", "10.1.2.3")
	if len(keys) != len(limits) {
		t.Fatalf("%d keys for %d limits", len(keys), len(limits))
	}
	for _, c := range []struct {
		name  string
		other []string
		same  []bool
	}{
		{"another account at the address", throttleKeys("tacgia", "10.1.2.3"), []bool{false, false, true}},
		{"the account at another address", throttleKeys("hocvien", "10.1.2.4"), []bool{false, true, false}},
		{"neither", throttleKeys("tacgia", "10.1.2.4"), []bool{false, false, false}},
	} {
		for i := range keys {
			if slices.Contains(c.other, keys[i]) != c.same[i] {
				t.Errorf("%s: %s shared %v, want %v", c.name, keys[i], !c.same[i], c.same[i])
			}
		}
	}
}
