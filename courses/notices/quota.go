package notices

import (
	"haidang/courses"
	"slices"
	"time"
)

// Quota is how often an organisation has called of late. It is one document, so that
// two people at the same moment do not both take the last.
type Quota struct {
	Owner courses.UnitID
	Calls []Called // of the last week, oldest first
}

// Called is one call of an organisation.
type Called struct {
	Course courses.CourseID
	At     time.Time
}

// ErrQuota says in its RetryAfter when the next call is possible.
var ErrQuota = courses.Refusal(courses.Throttled, "notices.quota", "a course calls once a week, an organisation so often as the installation allows")

// mostCalls is how many calls of one organisation a person is told in a week.
const mostCalls = 2

// lately is the calls of the last week.
func (q Quota) lately(now time.Time) []Called {
	return slices.DeleteFunc(slices.Clone(q.Calls), func(c Called) bool { return now.Sub(c.At) >= rest })
}

// left is how many calls the organisation has this week.
func (q Quota) left(allowed int, now time.Time) int { return max(0, allowed-len(q.lately(now))) }

// next is the first instant from now on at which the course can call.
func (q Quota) next(course courses.CourseID, allowed int, now time.Time) time.Time {
	if allowed <= 0 {
		return now.Add(rest)
	}
	at, calls := now, q.lately(now)
	if over := len(calls) - allowed; over >= 0 {
		at = calls[over].At.Add(rest)
	}
	for _, c := range calls {
		if c.Course == course && c.At.Add(rest).After(at) {
			at = c.At.Add(rest)
		}
	}
	return at
}

// take counts a call; it refuses with ErrQuota.
func (q Quota) take(course courses.CourseID, allowed int, now time.Time) (Quota, error) {
	if at := q.next(course, allowed, now); at.After(now) {
		return q, ErrQuota.After(at.Sub(now))
	}
	q.Calls = append(q.lately(now), Called{course, now})
	return q, nil
}
