package notices

import (
	"fmt"
	"haidang/courses"
	"time"
)

// From and until which hour, Monday to Friday in Việt Nam, anything leaves.
const (
	opens  = 7
	closes = 20
)

// Quiet says that nothing leaves at an instant: in the evening, at night and at
// weekends.
func Quiet(t time.Time) bool {
	t = t.In(courses.Zone)
	return weekend(t) || t.Hour() < opens || t.Hour() >= closes
}

func weekend(t time.Time) bool { return t.Weekday() == time.Saturday || t.Weekday() == time.Sunday }

// Opening is the first instant from t on that is not quiet.
func Opening(t time.Time) time.Time {
	if !Quiet(t) {
		return t
	}
	t = t.In(courses.Zone)
	at := time.Date(t.Year(), t.Month(), t.Day(), opens, 0, 0, 0, courses.Zone)
	for at.Before(t) || weekend(at) {
		at = at.AddDate(0, 0, 1)
	}
	return at.UTC()
}

// weekOf is the week of an instant in Việt Nam, as "2026-W48".
func weekOf(t time.Time) string {
	year, week := t.In(courses.Zone).ISOWeek()
	return fmt.Sprintf("%d-W%02d", year, week)
}
