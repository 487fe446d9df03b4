// Package notices tells people quietly what waits for them: in an inbox, and, as
// each of them chose, by mail, push or a gateway for SMS and Zalo. Nothing leaves
// in the evening or at weekends, and what is done is told no more.
package notices

import (
	"crypto/sha256"
	"fmt"
	"haidang/courses"
	"slices"
	"time"
)

// Kind is what a notice is about.
type Kind string

// The kinds.
const (
	Continue  Kind = "continue"   // a course begun, and not gone on with
	Anew      Kind = "anew"       // a finished course that was added to or replaced
	NewCourse Kind = "new_course" // for one's positions
	FollowUp  Kind = "follow_up"  // does a course show at work?
	Marked    Kind = "marked"     // an essay has its result
	Assigned  Kind = "assigned"   // a course by a day, which is near or over
	Call      Kind = "call"       // an organisation writes to those on its course
	Digest    Kind = "digest"     // no notice: the weekly mail of all that waits
)

// Kinds lists every kind.
func Kinds() []Kind {
	return []Kind{Continue, Anew, NewCourse, FollowUp, Marked, Assigned, Call, Digest}
}

// Channel is a way on which notices come.
type Channel string

// The channels.
const (
	Inbox   Channel = "inbox"
	Mail    Channel = "mail"
	Push    Channel = "push"
	Gateway Channel = "gateway"
)

// outward are the channels that leave the house.
var outward = []Channel{Mail, Push, Gateway}

// ID names a notice: the same for the same person, kind, subject and period.
type ID string

// Notice is one thing that somebody is told, once.
type Notice struct {
	ID      ID
	Person  courses.PersonID
	Kind    Kind
	Course  courses.CourseID
	Subject string // what it is about, by an id that stays
	Title   string // of the course
	From    string // of a call: the organisation; of an assigned course: the last day, dd/mm/yyyy
	Owner   courses.UnitID
	Text    string // of a call: what it wrote; may be empty
	Page    string // where there is something to do, below the program's address
	Shown   bool   // in the inbox
	MadeAt  time.Time
	ReadAt  time.Time // zero while it is unread
}

// Due is something that waits for a person.
type Due struct {
	Kind    Kind
	Course  courses.CourseID
	Title   string
	Subject string
	Page    string
	From    string    // as of a notice
	Since   time.Time // since when it waits; of Continue: when the person last learnt; zero of what only Remind and the digest tell
}

const day = 24 * time.Hour

// rest is how long nobody is told the same again, whatever else says so.
const rest = 7 * day

// steps says after how many days of waiting something is told, and told again;
// then never more. What is assigned until a day is told by that day instead (Remind);
// Assigned here is a completion, told before and after its Since: the day until which it counts.
var steps = map[Kind][]int{Continue: {14, 28, 56}, Anew: {0, 28, 56}, FollowUp: {0, 21}, NewCourse: {0}, Assigned: {-60, -14, 1}}

// freshFor is how long a course is new.
const freshFor = 14 * day

// idOf makes the id of a notice.
func idOf(person courses.PersonID, kind Kind, subject, period string) ID {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\n%s\n%s\n%s", person, kind, subject, period))
	return courses.UUID[ID]([16]byte(sum[:16]), 8)
}

// step is the last one that something has come to; 0 before the first.
func (d Due) step(now time.Time) int {
	waited, n := now.Sub(d.Since), 0
	if d.Since.IsZero() || d.Kind == NewCourse && waited >= freshFor {
		return 0
	}
	for _, days := range steps[d.Kind] {
		if waited >= time.Duration(days)*day {
			n++
		}
	}
	return n
}

// plan is the notices to make of what waits for a person who was told recent of
// late.
func plan(person courses.PersonID, due []Due, recent []Notice, now time.Time) []Notice {
	var list []Notice
	for _, d := range due {
		step := d.step(now)
		told := func(n Notice) bool { return n.Kind == d.Kind && n.Subject == d.Subject && now.Sub(n.MadeAt) < rest }
		if step == 0 || slices.ContainsFunc(recent, told) || slices.ContainsFunc(list, told) {
			continue
		}
		list = append(list, Notice{
			ID: idOf(person, d.Kind, d.Subject, fmt.Sprintf("%s.%d", courses.DateOf(d.Since), step)), Person: person, Kind: d.Kind,
			Course: d.Course, Subject: d.Subject, Title: d.Title, From: d.From, Page: d.Page, MadeAt: now,
		})
	}
	return list
}
