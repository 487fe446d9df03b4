package handlers

import (
	"context"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"haidang/courses"
)

// LessonState is what the server holds of one lesson's progress.
type LessonState struct {
	Lesson     courses.LessonID `json:"lesson"`
	Watched    [][2]int64       `json:"watched" nullable:"false" doc:"Watched stretches [from, to) in milliseconds, in order, disjoint"`
	Pages      int              `json:"pages" doc:"Furthest page of a document"`
	Read       bool             `json:"read" doc:"An article was read to its end"`
	PositionMs int64            `json:"positionMs" doc:"Where to resume"`
	ShareBp    int              `json:"shareBp" doc:"Basis points towards completion"`
	Complete   bool             `json:"complete"`
	LastAt     time.Time        `json:"lastAt"`
}

// EnrolmentView is a person on a version of a course.
type EnrolmentView struct {
	ID          courses.EnrolmentID `json:"id"`
	Course      courses.CourseID    `json:"course"`
	Version     courses.VersionID   `json:"version"`
	EnrolledAt  time.Time           `json:"enrolledAt"`
	CompletedAt *time.Time          `json:"completedAt,omitempty"`
	ShareBp     int                 `json:"shareBp"`
	Resume      courses.LessonID    `json:"resume" doc:"The lesson to go on with"`
	Lessons     []LessonState       `json:"lessons" nullable:"false"`
}

// LearningEvent is one thing that happened on a device. Ids are made there.
type LearningEvent struct {
	ID        courses.EventID     `json:"id" format:"uuid"`
	Enrolment courses.EnrolmentID `json:"enrolment" minLength:"1" maxLength:"80"`
	Lesson    courses.LessonID    `json:"lesson" minLength:"1" maxLength:"36"`
	Kind      string              `json:"kind" enum:"opened,watched,paged,read" doc:"watched: fromMs–toMs was played; paged: page was shown; read: the end of an article was reached"`
	At        time.Time           `json:"at" doc:"By the device's clock"`
	FromMs    int64               `json:"fromMs,omitempty" minimum:"0"`
	ToMs      int64               `json:"toMs,omitempty" minimum:"0"`
	ElapsedMs int64               `json:"elapsedMs,omitempty" minimum:"0" doc:"Of a watched stretch: device time that passed while it played"`
	Page      int                 `json:"page,omitempty" minimum:"0" maximum:"100000"`
	Offline   bool                `json:"offline,omitempty" doc:"Happened while no server was in reach"`
}

type eventBatch struct {
	Events []LearningEvent `json:"events" minItems:"1" maxItems:"500" nullable:"false"`
}

// Receipt says that an event is in the database, on a majority with its journal.
type Receipt struct {
	Event courses.EventID `json:"event"`
	Code  string          `json:"code" doc:"Quote it to the help desk"`
}

// Receipts answer a batch, with the merged state of every enrolment in it.
type Receipts struct {
	Receipts   []Receipt       `json:"receipts" nullable:"false"`
	Enrolments []EnrolmentView `json:"enrolments" nullable:"false"`
}

// Today is what stands above the catalogue.
type Today struct {
	Continue []CourseCard `json:"continue" nullable:"false" doc:"Begun and not finished, latest first"`
	New      []CourseCard `json:"new" nullable:"false" doc:"For the actor's positions, not begun, newest first"`
	Tiet     int          `json:"tiet" doc:"Credited this year"`
	Target   int          `json:"target" doc:"Of the actor's category this year; 0 where none applies"`
}

func registerLearning(api huma.API, _ Services) {
	private(api, get("today", "/api/today", "What to do today"), func(context.Context, courses.Actor, *nothing) (*body[Today], error) { return nil, errNotBuilt })
	private(api, post("enrol", "/api/courses/{id}/enrolment", "Enrol oneself on the newest version; again gives the same enrolment"), func(context.Context, courses.Actor, *coursePath) (*body[EnrolmentView], error) {
		return nil, errNotBuilt
	})
	private(api, get("getEnrolment", "/api/enrolments/{id}", "One's own enrolment with its progress"), func(context.Context, courses.Actor, *struct {
		ID courses.EnrolmentID `path:"id" maxLength:"80"`
	}) (*body[EnrolmentView], error) {
		return nil, errNotBuilt
	})
	private(api, post("sendEvents", "/api/learning/events", "Learning events, in any order, any number of times; all are taken or none"), func(context.Context, courses.Actor, *body[eventBatch]) (*body[Receipts], error) {
		return nil, errNotBuilt
	})
}
