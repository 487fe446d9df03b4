package handlers

import (
	"cmp"
	"context"
	"haidang/courses"
	"haidang/courses/learning"
	"sync"
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

// Today is what stands above the catalogue.
type Today struct {
	Continue  []CourseCard `json:"continue" nullable:"false" doc:"To be learnt anew, then begun and not finished, latest first"`
	New       []CourseCard `json:"new" nullable:"false" doc:"For the actor's positions, not begun, newest first"`
	Pilots    bool         `json:"pilots" doc:"The actor's commune is asked to read a draft; see listPilots"`
	FollowUps int          `json:"followUps" doc:"Completed courses of which the actor is asked whether they use them; see listFollowUps"`
	Led       bool         `json:"led" doc:"The same is asked of somebody whom the actor leads; see listLedFollowUps"`
	Unread    int          `json:"unread" doc:"Notices that wait unread; see listNotices"`
	Tiet      int          `json:"tiet" doc:"Credited this year"`
	Target    int          `json:"target" doc:"Of the actor's category this year; 0 where none applies"`
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

func (r learningRoutes) today(ctx context.Context, actor courses.Actor, _ *nothing) (*body[Today], error) {
	view := Today{Continue: []CourseCard{}, New: []CourseCard{}}
	var failed [2]error
	var asking sync.WaitGroup
	asking.Go(func() { view.FollowUps, view.Led, failed[0] = r.Surveys.Waiting(ctx, actor) })
	asking.Go(func() { view.Unread, failed[1] = r.Notices.Unread(ctx, actor) })
	t, err := r.Learning.Today(ctx, actor)
	asking.Wait()
	if err = cmp.Or(err, failed[0], failed[1]); err != nil {
		return nil, err
	}
	tree, err := r.Staff.Tree(ctx)
	if err != nil {
		return nil, err
	}
	today := r.clock.Today()
	view.Pilots, view.Tiet, view.Target = t.Pilots, t.Tiet, t.Target
	for _, x := range t.Anew {
		view.Continue = append(view.Continue, cardView(x.Course, nameIn(tree, x.Course.Owner, today), learning.Standing{Owed: x.Owed}))
	}
	for _, e := range t.Continue {
		if c, found := t.Courses[e.Course]; found {
			view.Continue = append(view.Continue, cardView(c, nameIn(tree, c.Owner, today), learning.Standing{Enrolment: e}))
		}
	}
	for _, c := range t.New {
		view.New = append(view.New, cardView(c, nameIn(tree, c.Owner, today), learning.Standing{}))
	}
	return &body[Today]{Body: view}, nil
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
