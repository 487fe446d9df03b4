package notices

import (
	"errors"
	"fmt"
	"haidang/courses"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// instants of three years, to the second.
var instants = rapid.Custom(func(t *rapid.T) time.Time {
	return time.Unix(rapid.Int64Range(1767225600, 1861920000).Draw(t, "unix"), 0).UTC()
})

func TestNothingLeavesInTheEveningAndAtWeekends(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		at := instants.Draw(t, "at")
		open := Opening(at)
		local := open.In(courses.Zone)
		if Quiet(open) || local.Hour() < 7 || local.Hour() >= 20 || local.Weekday() == time.Saturday || local.Weekday() == time.Sunday {
			t.Fatalf("what is made at %s leaves at %s", at, local)
		}
		if open.Before(at) || open.Sub(at) > 59*time.Hour+time.Hour*24 {
			t.Fatalf("what is made at %s leaves at %s", at, open)
		}
		if !Quiet(at) && !open.Equal(at) {
			t.Fatalf("what is made at %s, by day, waits until %s", at, open)
		}
		// It is the first such instant: whatever lies between is quiet.
		if between := open.Sub(at); between > 0 {
			if x := at.Add(time.Duration(rapid.Int64Range(0, int64(between)-1).Draw(t, "between"))); !Quiet(x) {
				t.Fatalf("what is made at %s could leave at %s, not only at %s", at, x, open)
			}
		}
	})
	for at, want := range map[string]string{
		"2026-11-24T19:59:59+07:00": "2026-11-24T19:59:59+07:00", "2026-11-24T20:00:00+07:00": "2026-11-25T07:00:00+07:00",
		"2026-11-27T20:00:00+07:00": "2026-11-30T07:00:00+07:00", "2026-11-29T12:00:00+07:00": "2026-11-30T07:00:00+07:00",
		"2026-11-25T06:59:59+07:00": "2026-11-25T07:00:00+07:00", "2026-11-30T07:00:00+07:00": "2026-11-30T07:00:00+07:00",
	} {
		x, err := time.Parse(time.RFC3339, at)
		if err != nil {
			t.Fatal(err)
		}
		if got := Opening(x).In(courses.Zone).Format(time.RFC3339); got != want {
			t.Errorf("what is made at %s leaves at %s, want %s", at, got, want)
		}
	}
}

// TestNobodyIsToldTheSameTwiceInAWeek has somebody learn now and then, and the walk
// come by at any time, from two servers, and looks at all that they were told.
func TestNobodyIsToldTheSameTwiceInAWeek(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		now := instants.Draw(t, "now")
		due := []Due{{Kind: Continue, Subject: "e", Since: now}, {Kind: Anew, Subject: "c/2", Since: now}, {Kind: NewCourse, Subject: "n", Since: now}, {Kind: FollowUp, Subject: "f/30", Since: now}, {Kind: Assigned, Subject: "c/d", Since: now}, {Kind: Assigned, Subject: "c"}}
		told := map[ID]Notice{}
		var all []Notice
		for range rapid.IntRange(1, 60).Draw(t, "days") {
			now = now.Add(time.Duration(rapid.Int64Range(1, int64(6*day)).Draw(t, "passes")))
			if rapid.IntRange(0, 9).Draw(t, "learns") == 0 {
				due[0].Since = now
			}
			first, second := plan("p", due, all, now), plan("p", due, all, now)
			for i, n := range first {
				if second[i].ID != n.ID {
					t.Fatal("two servers make two notices of one")
				}
				if was, there := told[n.ID]; there && now.Sub(was.MadeAt) < rest {
					t.Fatalf("%v was told %v ago", n, now.Sub(was.MadeAt))
				} else if there {
					continue // the store has it, and tells it no more
				}
				for _, was := range all {
					if was.Kind == n.Kind && was.Subject == n.Subject && now.Sub(was.MadeAt) < rest {
						t.Fatalf("%s is told again after %v", n.Kind, now.Sub(was.MadeAt))
					}
				}
				told[n.ID] = n
				all = append(all, n)
			}
		}
		most := map[Kind]int{Anew: 3, NewCourse: 1, FollowUp: 2, Assigned: 3}
		for _, n := range all {
			if _, bounded := most[n.Kind]; !bounded {
				continue
			}
			if most[n.Kind]--; most[n.Kind] < 0 {
				t.Fatalf("%s is told for ever", n.Kind)
			}
		}
	})
}

func TestWhatWaitsIsToldAfterSoManyDays(t *testing.T) {
	since := time.Date(2026, 11, 2, 3, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		kind Kind
		days int
		want int
	}{
		{Continue, 0, 0},
		{Continue, 13, 0},
		{Continue, 14, 1},
		{Continue, 27, 1},
		{Continue, 28, 2},
		{Continue, 56, 3},
		{Continue, 400, 3},
		{Anew, 0, 1},
		{NewCourse, 0, 1},
		{NewCourse, 13, 1},
		{NewCourse, 14, 0},
		{FollowUp, 0, 1},
		{FollowUp, 21, 2},
		{Assigned, -61, 0},
		{Assigned, -60, 1},
		{Assigned, -14, 2},
		{Assigned, 0, 2},
		{Assigned, 1, 3},
		{Call, 30, 0},
	} {
		if got := (Due{Kind: c.kind, Since: since}).step(since.AddDate(0, 0, c.days)); got != c.want {
			t.Errorf("%s after %d days is step %d, want %d", c.kind, c.days, got, c.want)
		}
	}
}

func TestChoicesAreKeptAsTheyWereMade(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var c Contact
		want := map[Choice]bool{}
		for i := range rapid.IntRange(0, 9).Draw(t, "times") {
			all := map[Choice]bool{}
			for _, kind := range Kinds() {
				for _, channel := range []Channel{Inbox, Mail, Push, Gateway} {
					if rapid.Bool().Draw(t, fmt.Sprint(i, kind, channel)) {
						all[Choice{kind, channel}] = rapid.Bool().Draw(t, "is")
						want[Choice{kind, channel}] = all[Choice{kind, channel}]
					}
				}
			}
			c = c.choose(all)
		}
		for _, kind := range Kinds() {
			for _, channel := range []Channel{Inbox, Mail, Push, Gateway} {
				choice := Choice{kind, channel}
				is, chosen := want[choice]
				if !chosen || !choice.Offered() {
					is = choice.usual()
				}
				if got := c.Wants(kind, channel); got != is {
					t.Fatalf("%s by %s: %v, want %v", kind, channel, got, is)
				}
			}
		}
		for choice, is := range c.Chosen {
			if is == choice.usual() {
				t.Fatalf("%v is kept though it is usual", choice)
			}
		}
	})
}

func TestCodesAreAMinuteApartAndFiveADay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		now := instants.Draw(t, "now")
		var sent, all []time.Time
		for range rapid.IntRange(1, 40).Draw(t, "times") {
			now = now.Add(time.Duration(rapid.Int64Range(0, int64(4*time.Hour)).Draw(t, "passes")))
			next, err := asked(sent, now)
			var refusal *courses.Error
			if errors.As(err, &refusal) {
				if _, err := asked(sent, now.Add(refusal.RetryAfter)); err != nil {
					t.Fatalf("after the wait of %v it answers %v", refusal.RetryAfter, err)
				}
				if _, err := asked(sent, now.Add(refusal.RetryAfter-1)); err == nil {
					t.Fatalf("a shorter wait than %v would do", refusal.RetryAfter)
				}
				continue
			}
			sent, all = next, append(all, now)
			lately := 0
			for i, at := range all {
				if i > 0 && at.Sub(all[i-1]) < time.Minute {
					t.Fatalf("two codes within %v", at.Sub(all[i-1]))
				}
				if now.Sub(at) < day {
					lately++
				}
			}
			if lately > 5 || len(sent) > 5 {
				t.Fatalf("%d codes within a day, %d remembered", lately, len(sent))
			}
		}
	})
}

func TestNoOrganisationCallsTooOften(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		now, allowed := instants.Draw(t, "now"), rapid.IntRange(0, 4).Draw(t, "allowed")
		var q Quota
		var all []Called
		for range rapid.IntRange(1, 40).Draw(t, "times") {
			now = now.Add(time.Duration(rapid.Int64Range(0, int64(3*day)).Draw(t, "passes")))
			course := courses.CourseID(rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "course"))
			next, err := q.take(course, allowed, now)
			var refusal *courses.Error
			if errors.As(err, &refusal) {
				if at := now.Add(refusal.RetryAfter); allowed > 0 && !at.Equal(q.next(course, allowed, now)) {
					t.Fatalf("it says %v and shows %v", at, q.next(course, allowed, now))
				}
				if _, err := q.take(course, allowed, now.Add(refusal.RetryAfter)); err != nil && allowed > 0 {
					t.Fatalf("after the wait of %v it answers %v", refusal.RetryAfter, err)
				}
				if _, err := q.take(course, allowed, now.Add(refusal.RetryAfter-1)); err == nil {
					t.Fatalf("a shorter wait than %v would do", refusal.RetryAfter)
				}
				continue
			}
			q, all = next, append(all, Called{course, now})
			week := 0
			for _, c := range all {
				if now.Sub(c.At) < rest {
					week++
				}
				if c.Course == course && c.At != now && now.Sub(c.At) < rest {
					t.Fatalf("%s calls again after %v", course, now.Sub(c.At))
				}
			}
			if week > allowed || q.left(allowed, now) != allowed-week {
				t.Fatalf("%d calls in a week, %d left of %d", week, q.left(allowed, now), allowed)
			}
		}
	})
}
