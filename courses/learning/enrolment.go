package learning

import (
	"haidang/courses"
	"haidang/courses/catalog"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Enrolment is a person on one version of a course, with the merged progress.
// Whoever finished a course gets another one when it is replaced, and one on the
// new lessons when something is added, and one of the next round when what they
// completed ceases to count.
type Enrolment struct {
	ID          courses.EnrolmentID
	Person      courses.PersonID
	Course      courses.CourseID
	Number      int // of the version that made it necessary: the first of the cycle, or an addition
	Round       int // 0, or the how-manieth time it is learnt again because a completion ceased to count
	Rounds      int // of that of round 0: how many there are by now
	Version     courses.VersionID
	Pinned      int                // number of Version
	Only        []courses.LessonID // of a supplement: the lessons to learn; nil is all
	EnrolledAt  time.Time
	CompletedAt *time.Time
	Lessons     map[courses.LessonID]Progress
	ShareBp     int       // over all lessons, as of the last merge
	Next        Stop      // as of the last merge
	LastAt      time.Time // of the last merge or the enrolment
}

// EnrolmentID is the id of a person's enrolment on a course: the same each
// time, so that enrolling twice is enrolling once. Number is that of the version
// that made it necessary.
func EnrolmentID(person courses.PersonID, course courses.CourseID, number int) courses.EnrolmentID {
	return courses.EnrolmentID(string(person) + "." + string(course) + "." + strconv.Itoa(number))
}

// personOf is whose an enrolment is.
func personOf(id courses.EnrolmentID) courses.PersonID {
	person, _, _ := strings.Cut(string(id), ".")
	return courses.PersonID(person)
}

// RoundID is the id of a round of an enrolment.
func RoundID(person courses.PersonID, course courses.CourseID, number, round int) courses.EnrolmentID {
	id := EnrolmentID(person, course, number)
	if round == 0 {
		return id
	}
	return id + courses.EnrolmentID("."+strconv.Itoa(round))
}

// Supplement says that the enrolment is on what was added to a course that the
// person had finished.
func (e Enrolment) Supplement() bool { return e.Only != nil }

// Requires says that the lesson has to be learnt.
func (e Enrolment) Requires(id courses.LessonID) bool {
	return required(e.Only, id)
}

func required(only []courses.LessonID, id courses.LessonID) bool {
	return only == nil || slices.Contains(only, id)
}

// Join merges progress into a copy of the enrolment.
func (e Enrolment) Join(lessons map[courses.LessonID]Progress) Enrolment {
	merged := maps.Clone(e.Lessons)
	if merged == nil {
		merged = map[courses.LessonID]Progress{}
	}
	for id, p := range lessons {
		merged[id] = merged[id].Join(p)
	}
	e.Lessons = merged
	return e
}

// Same says that two states of an enrolment hold the same progress.
func (e Enrolment) Same(other Enrolment) bool {
	return maps.EqualFunc(e.Lessons, other.Lessons, Progress.Equal)
}

// Shares is how far each lesson is, in basis points. What a supplement does not ask
// for was learnt before, and what a passed pre-test stands for is known.
func (e Enrolment) Shares(v catalog.Version) func(catalog.Lesson) int {
	excused := e.Excused(v)
	// What is kept for later is as little as that needs, not the version.
	only, lessons, media := e.Only, e.Lessons, v.Media
	return func(l catalog.Lesson) int {
		if !required(only, l.ID) || excused[l.ID] {
			return 10000
		}
		return lessons[l.ID].ShareBp(l, media[l.Asset])
	}
}

// Excused is the lessons that passed pre-tests stand for.
func (e Enrolment) Excused(v catalog.Version) map[courses.LessonID]bool {
	var excused map[courses.LessonID]bool
	v.Content.Lessons(func(l catalog.Lesson) {
		if !l.Paper.Pretest() || e.Lessons[l.ID].ShareBp(l, catalog.AssetFacts{}) < 10000 {
			return
		}
		if excused == nil {
			excused = map[courses.LessonID]bool{}
		}
		for _, id := range l.Paper.Excuses {
			excused[id] = true
		}
	})
	return excused
}

// share is the mean over the lessons to be learnt, in basis points.
func (e Enrolment) share(v catalog.Version) int {
	share, total, n := e.Shares(v), 0, 0
	v.Content.Lessons(func(l catalog.Lesson) {
		if !e.Requires(l.ID) || l.Paper.Pretest() {
			return
		}
		total += share(l)
		n++
	})
	if n == 0 {
		return 0
	}
	return total / n
}

// Begun says that a lesson is complete.
func (e Enrolment) Begun(v catalog.Version) bool {
	share, begun := e.Shares(v), false
	v.Content.Lessons(func(l catalog.Lesson) { begun = begun || e.Requires(l.ID) && share(l) == 10000 })
	return begun
}

// complete says whether every lesson is complete and no more was watched than
// twice the time since the enrolment: a device that claims otherwise has to
// wait, and loses nothing. The next event, such as a lesson that is opened again,
// completes it.
func (e Enrolment) complete(v catalog.Version, now time.Time) bool {
	if e.share(v) < 10000 {
		return false
	}
	watched := int64(0)
	v.Content.Lessons(func(l catalog.Lesson) {
		watched += e.Lessons[l.ID].Watched.Covered(v.Media[l.Asset].DurationMs)
	})
	return watched <= now.Sub(e.EnrolledAt).Milliseconds()*fastestPlayback+beatSlackMs
}

// Resume is the lesson to go on with: the one touched last if it is not
// complete, else the first that is not; empty when all are. A pre-test is one only
// before it is marked and while nothing else was touched.
func (e Enrolment) Resume(v catalog.Version) courses.LessonID {
	share := e.Shares(v)
	var open []courses.LessonID
	var latest courses.LessonID
	v.Content.Lessons(func(l catalog.Lesson) {
		pastPretest := l.Paper.Pretest() && (e.Lessons[l.ID].ScoreBp > 0 || e.touchedBeside(l.ID))
		if share(l) < 10000 && !pastPretest {
			open = append(open, l.ID)
		}
		if latest == "" || e.Lessons[l.ID].Last.After(e.Lessons[latest].Last) {
			latest = l.ID
		}
	})
	switch {
	case len(open) == 0:
		return ""
	case slices.Contains(open, latest) && !e.Lessons[latest].Last.IsZero():
		return latest
	}
	return open[0]
}

// touchedBeside says that another lesson was.
func (e Enrolment) touchedBeside(id courses.LessonID) bool {
	for other, p := range e.Lessons {
		if other != id && !p.Last.IsZero() {
			return true
		}
	}
	return false
}
