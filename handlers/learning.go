package handlers

import (
	"context"
	"haidang/courses"
	"haidang/courses/learning"
	"time"

	"github.com/danielgtaylor/huma/v2"
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
	Excused    bool             `json:"excused" doc:"A pre-test was passed that stands for it"`
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
	Supplement  bool                `json:"supplement" doc:"It is on what was added to a course that was finished before"`
	Lessons     []LessonState       `json:"lessons" nullable:"false" doc:"What a supplement does not ask for is complete"`
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

type learningRoutes struct {
	catalogRoutes
}

func registerLearning(api huma.API, services Services, clock courses.Clock) {
	r := learningRoutes{catalogRoutes{Services: services, clock: clock}}
	private(api, get("today", "/api/today", "What to do today"), r.today)
	private(api, post("enrol", "/api/courses/{id}/enrolment", "Enrol oneself on the newest version; again gives the same enrolment"), r.enrol)
	private(api, get("getEnrolment", "/api/enrolments/{id}", "One's own enrolment with its progress"), r.enrolment)
	private(api, post("sendEvents", "/api/learning/events", "Learning events, in any order, any number of times; all are taken or none"), r.receive)
}

func (r learningRoutes) enrol(ctx context.Context, actor courses.Actor, in *CoursePath) (*body[EnrolmentView], error) {
	e, err := r.Learning.Enrol(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	return r.show(ctx, e)
}

type enrolmentPath struct {
	ID courses.EnrolmentID `path:"id" maxLength:"80"`
}

func (r learningRoutes) enrolment(ctx context.Context, actor courses.Actor, in *enrolmentPath) (*body[EnrolmentView], error) {
	e, err := r.Learning.Enrolment(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	return r.show(ctx, e)
}

func (r learningRoutes) show(ctx context.Context, e learning.Enrolment) (*body[EnrolmentView], error) {
	v, err := r.Catalog.Version(ctx, e.Version)
	if err != nil {
		return nil, err
	}
	return &body[EnrolmentView]{Body: enrolmentView(e, v)}, nil
}

func (r learningRoutes) receive(ctx context.Context, actor courses.Actor, in *body[eventBatch]) (*body[Receipts], error) {
	events := each(in.Body.Events, LearningEvent.domain)
	merged, err := r.Learning.Receive(ctx, actor, events)
	if err != nil {
		return nil, err
	}
	answer := Receipts{Receipts: make([]Receipt, len(events)), Enrolments: make([]EnrolmentView, 0, len(merged))}
	for i, e := range events {
		answer.Receipts[i] = Receipt{Event: e.ID, Code: e.Receipt()}
	}
	for _, e := range merged {
		v, err := r.Catalog.Version(ctx, e.Version)
		if err != nil {
			return nil, err
		}
		answer.Enrolments = append(answer.Enrolments, enrolmentView(e, v))
	}
	return &body[Receipts]{Body: answer}, nil
}

func (e LearningEvent) domain() learning.Event {
	return learning.Event{
		ID: e.ID, Enrolment: e.Enrolment, Lesson: e.Lesson, Kind: learning.EventKind(e.Kind), At: e.At,
		FromMs: e.FromMs, ToMs: e.ToMs, ElapsedMs: e.ElapsedMs, Page: e.Page, Offline: e.Offline,
	}
}
