package handlers

import (
	"context"
	"haidang/courses"
	"haidang/courses/catalog"
	"haidang/courses/fields"
	"haidang/courses/learning"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"
)

// LessonState is what the server holds of one lesson's progress.
type LessonState struct {
	Lesson     courses.LessonID `json:"lesson"`
	Watched    [][2]int64       `json:"watched" nullable:"false" doc:"Watched stretches [from, to) in milliseconds, in order, disjoint"`
	Answers    []QuestionAnswer `json:"answers,omitempty" nullable:"false" doc:"The latest to each question of a recording, in the order of time; a question without one is open"`
	Pages      int              `json:"pages" doc:"Furthest page of a document"`
	Read       bool             `json:"read" doc:"An article was read to its end"`
	PositionMs int64            `json:"positionMs" doc:"Where to resume"`
	ShareBp    int              `json:"shareBp" doc:"Basis points towards completion"`
	Complete   bool             `json:"complete"`
	Excused    bool             `json:"excused" doc:"A pre-test was passed that stands for it"`
	LastAt     time.Time        `json:"lastAt"`
}

// QuestionAnswer is what somebody answered to a question of a recording.
type QuestionAnswer struct {
	Question string `json:"question" doc:"Id of the block that asks"`
	Chosen   []int  `json:"chosen" nullable:"false" doc:"Which of its answers, from 0, ascending"`
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
	Kind      string              `json:"kind" enum:"opened,watched,answered,paged,read" doc:"watched: fromMs–toMs was played; answered: a question of a recording; paged: page was shown; read: the end of an article was reached"`
	At        time.Time           `json:"at" doc:"By the device's clock"`
	FromMs    int64               `json:"fromMs,omitempty" minimum:"0"`
	ToMs      int64               `json:"toMs,omitempty" minimum:"0"`
	ElapsedMs int64               `json:"elapsedMs,omitempty" minimum:"0" doc:"Of a watched stretch: device time that passed while it played"`
	Page      int                 `json:"page,omitempty" minimum:"0" maximum:"100000"`
	Question  string              `json:"question,omitempty" maxLength:"36" doc:"Of an answer: id of the block that asks"`
	Chosen    []int               `json:"chosen,omitempty" nullable:"false" maxItems:"20" doc:"Of an answer: which of the block's answers, from 0, ascending"`
	Offline   bool                `json:"offline,omitempty" doc:"Happened while no server was in reach"`
}

type eventBatch struct {
	Person courses.PersonID `json:"person,omitempty" maxLength:"80" doc:"Whose events these are: refused unless it is who is signed in"`
	Events []LearningEvent  `json:"events" minItems:"1" maxItems:"500" nullable:"false"`
}

// fits repeats what the tags say.
func (b eventBatch) fits() bool {
	return len(b.Person) <= 80 && within(len(b.Events), 1, 500) &&
		!slices.ContainsFunc(b.Events, func(e LearningEvent) bool { return !e.fits() })
}

func (e LearningEvent) fits() bool {
	return fields.IsUUID(e.ID) && within(len(e.Enrolment), 1, 80) && within(len(e.Lesson), 1, 36) && len(e.Question) <= 36 && len(e.Chosen) <= 20 &&
		slices.Contains(eventKinds, e.Kind) && !e.At.IsZero() &&
		min(e.FromMs, e.ToMs, e.ElapsedMs) >= 0 && within(e.Page, 0, 100_000)
}

var eventKinds = []string{"opened", "watched", "answered", "paged", "read"}

func within(n, least, most int) bool { return n >= least && n <= most }

// Receipt says that an event is in the database, on a majority with its journal.
type Receipt struct {
	Event courses.EventID `json:"event"`
	Code  string          `json:"code" doc:"Quote it to the help desk"`
}

// Receipts answer a batch, with the merged state of every enrolment in it. The ids
// of events do not come back: on a weak network they would be half a second.
type Receipts struct {
	Codes      []string        `json:"codes" nullable:"false" doc:"The receipt of each event, in the order in which they were sent"`
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
	send := post("sendEvents", "/api/learning/events", "Learning events, in any order, any number of times; all are taken or none")
	send.Middlewares = huma.Middlewares{straight(api, byActor(r.receive))}
	private(api, send, r.receive)
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

// ownOnly refuses what a page of one person sends while another is signed in; older
// pages do not say whose it is.
func ownOnly(actor courses.Actor, person courses.PersonID) error {
	if person != "" && person != actor.Person {
		return learning.ErrOtherPerson
	}
	return nil
}

func (r learningRoutes) receive(ctx context.Context, actor courses.Actor, in *body[eventBatch]) (*body[Receipts], error) {
	if err := ownOnly(actor, in.Body.Person); err != nil {
		return nil, err
	}
	events := each(in.Body.Events, LearningEvent.domain)
	merged, err := r.Learning.Receive(ctx, actor, events)
	if err != nil {
		return nil, err
	}
	answer := Receipts{Codes: make([]string, len(events)), Enrolments: make([]EnrolmentView, 0, len(merged))}
	for i, e := range events {
		answer.Codes[i] = e.Receipt()
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
		FromMs: e.FromMs, ToMs: e.ToMs, ElapsedMs: e.ElapsedMs, Page: e.Page, Question: e.Question, Chosen: e.Chosen, Offline: e.Offline,
	}
}

// answerViews is what was answered of what a version's lesson asks.
func answerViews(l catalog.Lesson, p learning.Progress) []QuestionAnswer {
	var views []QuestionAnswer
	for _, q := range l.Questions {
		if a, answered := p.Answers[q.Block.ID]; answered {
			views = append(views, QuestionAnswer{Question: q.Block.ID, Chosen: a.Chosen})
		}
	}
	return views
}
