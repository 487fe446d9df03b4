package assignments

import (
	"haidang/courses"
	"testing"

	"pgregory.net/rapid"
)

func TestWhereSomebodyStandsWithAnAssignment(t *testing.T) {
	const today courses.Date = "2026-11-24"
	for _, c := range []struct {
		name      string
		due       courses.Date
		renew     int
		completed courses.Date
		want      Standing
	}{
		{"not done, time left", "2026-12-31", 0, "", Standing{Due, "2026-12-31"}},
		{"not done, the last day", today, 0, "", Standing{Due, today}},
		{"not done, a day over", "2026-11-23", 0, "", Standing{Late, "2026-11-23"}},
		{"done for good", "2026-01-01", 0, "2020-01-01", Standing{Done, ""}},
		{"done late, but done", "2026-01-01", 0, today, Standing{Done, ""}},
		{"counts for 61 days", "2026-12-31", 12, "2026-01-24", Standing{Done, "2027-01-24"}},
		{"counts for 60 days", "2026-12-31", 12, "2026-01-23", Standing{Expiring, "2027-01-23"}},
		{"counts today for the last time", "2026-01-01", 12, "2025-11-24", Standing{Expiring, today}},
		{"counts no longer", "2026-01-01", 12, "2025-11-23", Standing{Late, "2026-11-23"}},
		{"counted no longer before it was assigned", "2026-12-31", 12, "2020-01-01", Standing{Due, "2026-12-31"}},
		{"and the time for it is over, too", "2026-11-01", 12, "2020-01-01", Standing{Late, "2026-11-01"}},
		{"for a month from the last of a longer one", "2026-01-01", 1, "2026-10-31", Standing{Expiring, "2026-11-30"}},
	} {
		a := Assignment{Due: c.due, RenewMonths: c.renew}
		if got := a.Stands(c.completed, today); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

func anyDay(t *rapid.T, name string) courses.Date {
	return courses.Date("2024-02-01").AddDays(rapid.IntRange(0, 2000).Draw(t, name))
}

func TestTimeAloneOnlyMakesThingsMorePressingAndLearningOnlyLess(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := Assignment{Due: anyDay(t, "due"), RenewMonths: rapid.IntRange(0, mostMonths).Draw(t, "months")}
		completed, today := courses.Date(""), anyDay(t, "today")
		if rapid.Bool().Draw(t, "was done") {
			completed = today.AddDays(-rapid.IntRange(0, 3000).Draw(t, "ago"))
		}
		now := a.Stands(completed, today)
		later := a.Stands(completed, today.AddDays(rapid.IntRange(0, 3000).Draw(t, "later")))
		if now.State == Late && later != now {
			t.Fatalf("late as %v, and then %v", now, later)
		}
		if completed == "" && later.State == Done || now.State == Expiring && later.State == Done {
			t.Fatalf("%v became %v by itself", now, later)
		}
		if anew := a.Stands(today, today); anew.Compare(now) < 0 && now.State == Done {
			t.Fatalf("learning today made %v of %v", anew, now)
		}
		if anew := a.Stands(today, today); anew.State != Done && anew.State != Expiring {
			t.Fatalf("learnt today, and %v", anew)
		}
		if now.State == Due && now.Day < today || now.State == Late && now.Day >= today || now.State == Expiring && now.Day < today {
			t.Fatalf("on %s it is %v", today, now)
		}
	})
}

func TestMonthsEndWhereTheMonthEnds(t *testing.T) {
	for _, c := range []struct {
		day    courses.Date
		months int
		want   courses.Date
	}{
		{"2026-08-31", 6, "2027-02-28"}, {"2027-08-31", 6, "2028-02-29"}, {"2026-12-01", 1, "2027-01-01"}, {"2026-01-15", 120, "2036-01-15"}, {"2026-01-31", 0, "2026-01-31"},
	} {
		if got := AddMonths(c.day, c.months); got != c.want {
			t.Errorf("%s and %d months: %s, want %s", c.day, c.months, got, c.want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		day, n := anyDay(t, "day"), rapid.IntRange(1, mostMonths).Draw(t, "months")
		if is := AddMonths(day, n); is < day.AddDays(28*n) || is > day.AddDays(31*n) {
			t.Fatalf("%s and %d months: %s", day, n, is)
		}
	})
}
