package courses

import (
	"fmt"
	"time"
	_ "time/tzdata" // years are cut in Asia/Ho_Chi_Minh on every machine
)

// Clock tells the time; tests inject a fixed one.
type Clock func() time.Time

// Now is the instant in UTC, cut to milliseconds, as the database keeps it.
func (c Clock) Now() time.Time { return c().UTC().Truncate(time.Millisecond) }

// Today is the calendar day in Việt Nam.
func (c Clock) Today() Date { return DateOf(c()) }

// Zone is where days, months and years are cut.
var Zone = mustZone("Asia/Ho_Chi_Minh")

func mustZone(name string) *time.Location {
	zone, err := time.LoadLocation(name)
	if err != nil {
		panic(err)
	}
	return zone
}

// Date is a calendar day, "2026-11-24". Dates compare as strings. The empty
// Date stands for "open" at either end of a range.
type Date string

// DateOf is the day of an instant in Việt Nam.
func DateOf(t time.Time) Date { return Date(t.In(Zone).Format(time.DateOnly)) }

// ParseDate reads yyyy-mm-dd and refuses with ErrBadDate.
func ParseDate(s string) (Date, error) {
	if _, err := time.Parse(time.DateOnly, s); err != nil {
		return "", ErrBadDate
	}
	return Date(s), nil
}

// Time is midnight at the start of the day in Việt Nam.
func (d Date) Time() time.Time {
	t, err := time.ParseInLocation(time.DateOnly, string(d), Zone)
	if err != nil {
		return time.Time{}
	}
	return t
}

// AddDays moves the date by n days.
func (d Date) AddDays(n int) Date { return DateOf(d.Time().AddDate(0, 0, n)) }

// Within says whether d lies in from–to, both included, either end open.
func (d Date) Within(from, to Date) bool {
	return (from == "" || from <= d) && (to == "" || d <= to)
}

// Period is a stretch that reports are drawn for: "2026", "2026-H1",
// "2026-Q3" or "2026-11".
type Period string

// ParsePeriod reads a period and refuses with ErrBadPeriod.
func ParsePeriod(s string) (Period, error) {
	if from, _ := Period(s).Range(); from == "" {
		return "", ErrBadPeriod
	}
	return Period(s), nil
}

// Year is the period's year, "2026".
func (p Period) Year() Period { return p[:4] }

// Range is the first and the last day, or two empty dates if p is malformed.
func (p Period) Range() (from, to Date) {
	var year, n int
	months, first := 12, 1
	switch {
	case len(p) == 4 && scan(string(p), "%4d", &year):
	case len(p) == 7 && p[5] == 'H' && scan(string(p), "%4d-H%1d", &year, &n) && n >= 1 && n <= 2:
		months, first = 6, 6*n-5
	case len(p) == 7 && p[5] == 'Q' && scan(string(p), "%4d-Q%1d", &year, &n) && n >= 1 && n <= 4:
		months, first = 3, 3*n-2
	case len(p) == 7 && scan(string(p), "%4d-%2d", &year, &n) && n >= 1 && n <= 12:
		months, first = 1, n
	default:
		return "", ""
	}
	if year < 1900 {
		return "", ""
	}
	start := time.Date(year, time.Month(first), 1, 0, 0, 0, 0, Zone)
	return DateOf(start), DateOf(start.AddDate(0, months, -1))
}

func scan(s, format string, into ...any) bool {
	n, err := fmt.Sscanf(s, format, into...)
	return err == nil && n == len(into)
}

// PeriodsOf lists the year, half, quarter and month that hold the date.
func PeriodsOf(d Date) []Period {
	t := d.Time()
	month := int(t.Month())
	return []Period{
		Period(fmt.Sprintf("%04d", t.Year())),
		Period(fmt.Sprintf("%04d-H%d", t.Year(), (month+5)/6)),
		Period(fmt.Sprintf("%04d-Q%d", t.Year(), (month+2)/3)),
		Period(fmt.Sprintf("%04d-%02d", t.Year(), month)),
	}
}
