package handlers

import (
	"context"
	"errors"
	"haidang/courses"
	"haidang/courses/catalog"
	"haidang/courses/learning"
	"haidang/courses/staff"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"
)

// Citation is a legal document that a course rests on.
type Citation struct {
	Number   string `json:"number" minLength:"1" maxLength:"200" doc:"As written: 129-TB/TU"`
	Abstract string `json:"abstract,omitempty" maxLength:"500"`
	Verified bool   `json:"verified" doc:"False is shown as cần rà soát"`
}

// Lesson is one lesson with its content.
type Lesson struct {
	ID       courses.LessonID `json:"id" maxLength:"36" pattern:"^([0-9a-f-]{36})?$" doc:"A UUID; empty lets the server make it"`
	Kind     string           `json:"kind" enum:"article,video,audio,document,quiz"`
	Title    string           `json:"title" maxLength:"300"`
	Minutes  int              `json:"minutes" minimum:"0" maximum:"600" doc:"How long it takes, as declared"`
	Blocks   []Block          `json:"blocks,omitempty" nullable:"false" maxItems:"2000" doc:"Of an article"`
	Asset    courses.AssetID  `json:"asset,omitempty" maxLength:"36" doc:"Of a video, audio or document"`
	Coverage int              `json:"coverage,omitempty" minimum:"0" maximum:"10000" doc:"Share of a video that must be watched, in basis points; 0 means 9000"`
	Paper    *Paper           `json:"paper,omitempty" doc:"Of a quiz; learners see no questions in it"`

	Questions []TimedQuestion `json:"questions,omitempty" nullable:"false" maxItems:"30" doc:"Of a video or audio, in the order of time: each has to be answered, rightly or not"`
}

// Module is a group of lessons (chuyên đề).
type Module struct {
	ID      string   `json:"id" maxLength:"36" pattern:"^([0-9a-f-]{36})?$" doc:"A UUID; empty lets the server make it"`
	Title   string   `json:"title" maxLength:"300"`
	Tiet    int      `json:"tiet" minimum:"0" maximum:"400"`
	Lessons []Lesson `json:"lessons" nullable:"false" maxItems:"100"`
}

// CourseContent is all that an author writes and a version freezes.
type CourseContent struct {
	Title     string               `json:"title" maxLength:"300"`
	Summary   string               `json:"summary" maxLength:"2000"`
	Knowledge string               `json:"knowledge" enum:",ly_luan_chinh_tri,quoc_phong_an_ninh,quan_ly_nha_nuoc,vi_tri_viec_lam,ky_nang_so,ngoai_ngu,khac" doc:"Empty in a draft that has not decided"`
	Tiet      int                  `json:"tiet" minimum:"0" maximum:"400"`
	Positions []courses.PositionID `json:"positions" nullable:"false" maxItems:"100" doc:"Whom it is for; empty means everyone"`
	Citations []Citation           `json:"citations" nullable:"false" maxItems:"100"`
	Modules   []Module             `json:"modules" nullable:"false" maxItems:"100"`

	Statements []Statement `json:"statements,omitempty" nullable:"false" maxItems:"10" doc:"What learners say of themselves before and after the course"`
}

// Statement is something that somebody can do after a course.
type Statement struct {
	ID   string `json:"id" maxLength:"36" pattern:"^([0-9a-f-]{36})?$" doc:"A UUID; empty lets the server make it"`
	Text string `json:"text" maxLength:"300"`
}

// CourseCard is a published course in a list.
type CourseCard struct {
	ID          courses.CourseID    `json:"id"`
	Code        string              `json:"code"`
	Title       string              `json:"title"`
	Summary     string              `json:"summary"`
	Owner       courses.UnitID      `json:"owner"`
	OwnerName   string              `json:"ownerName"`
	Knowledge   string              `json:"knowledge"`
	Tiet        int                 `json:"tiet"`
	Minutes     int                 `json:"minutes"`
	Lessons     int                 `json:"lessons"`
	PublishedAt time.Time           `json:"publishedAt"`
	Enrolment   courses.EnrolmentID `json:"enrolment,omitempty" doc:"The actor's own, if any"`
	ShareBp     int                 `json:"shareBp" doc:"The actor's progress in basis points"`
	Completed   bool                `json:"completed"`
	Next        *NextLesson         `json:"next,omitempty" doc:"On the first page: the lesson to go on with, or to begin with"`
	Assigned    *Assigned           `json:"assigned,omitempty" doc:"Among what somebody must learn, and on the course's own page: until when, on what basis and for whom"`
	Owed        string              `json:"owed,omitempty" enum:"addition,replacement,again" doc:"Of what the actor finished: what was added or replaced since has to be learnt, or, on the course's own page, all of it again, because the completion counts no longer or not for long"`
}

// OutlineLesson is a lesson in a course's outline.
type OutlineLesson struct {
	ID      courses.LessonID `json:"id"`
	Kind    string           `json:"kind" enum:"article,video,audio,document,quiz"`
	Title   string           `json:"title"`
	Minutes int              `json:"minutes"`
	Bytes   int64            `json:"bytes" doc:"Size of its media; 0 for an article"`
	Pretest bool             `json:"pretest" doc:"A quiz that the course does not ask for; passing it excuses from lessons"`
}

// OutlineModule is a module in a course's outline.
type OutlineModule struct {
	ID      string          `json:"id"`
	Title   string          `json:"title"`
	Tiet    int             `json:"tiet"`
	Lessons []OutlineLesson `json:"lessons" nullable:"false"`
}

// CourseView is a published course with its outline and the actor's progress.
type CourseView struct {
	Card      CourseCard        `json:"card"`
	Version   courses.VersionID `json:"version"`
	Number    int               `json:"number" doc:"Of the version, from 1"`
	Positions []string          `json:"positions" nullable:"false" doc:"Titles of those it is for"`
	Citations []CitedLaw        `json:"citations" nullable:"false"`
	Modules   []OutlineModule   `json:"modules" nullable:"false"`
	Enrolment *EnrolmentView    `json:"enrolment,omitempty"`
	Rated     bool              `json:"rated" doc:"It has statements that learners rate before and after"`
}

// LessonView is one lesson as the player shows it.
type LessonView struct {
	Lesson   Lesson         `json:"lesson"`
	Asset    *AssetView     `json:"asset,omitempty" doc:"Of a video, audio or document"`
	Assets   []AssetView    `json:"assets" nullable:"false" doc:"Those that the blocks show"`
	Ended    []EndedLaw     `json:"ended" nullable:"false" doc:"Documents and articles that a block cites and that are no longer in force"`
	Examples []LocalExample `json:"examples" nullable:"false" doc:"What the actor's own units added"`
}

// CoursePath is a route of one course. It and its like are exported because huma
// passes over embedded types that are not.
type CoursePath struct {
	ID courses.CourseID `path:"id" maxLength:"36"`
}

type coursesIn struct {
	PageIn
	Query     string         `query:"q" maxLength:"200"`
	Knowledge string         `query:"knowledge" maxLength:"30"`
	Owner     courses.UnitID `query:"owner" maxLength:"40"`
}

type lessonPath struct {
	Version courses.VersionID `path:"version" maxLength:"36"`
	Lesson  courses.LessonID  `path:"lesson" maxLength:"36"`
}

// catalogRoutes answers learners' questions about courses.
type catalogRoutes struct {
	Services
	clock courses.Clock
}

func registerCatalog(api huma.API, services Services, clock courses.Clock) {
	r := catalogRoutes{Services: services, clock: clock}
	private(api, get("listCourses", "/api/courses", "Published courses, newest first, or found by words (folded, typo-tolerant)"), r.list)
	private(api, get("getCourse", "/api/courses/{id}", "A published course: the version that the actor is enrolled on, else the newest"), r.course)
	private(api, get("getLesson", "/api/versions/{version}/lessons/{lesson}", "A lesson of a published version"), r.lesson)
	private(api, get("getPack", "/api/versions/{version}/pack", "The files of a published version, lesson by lesson, for a device that keeps them"), r.pack)
}

func (r catalogRoutes) list(ctx context.Context, actor courses.Actor, in *coursesIn) (*body[list[CourseCard]], error) {
	return r.browse(ctx, actor, in.Query, catalog.Filter{Knowledge: catalog.Knowledge(in.Knowledge), Owner: in.Owner}, in.page())
}

// browse is a page of published courses.
func (r catalogRoutes) browse(ctx context.Context, actor courses.Actor, words string, filter catalog.Filter, page courses.Page) (*body[list[CourseCard]], error) {
	found, err := r.Catalog.Browse(ctx, actor, words, filter, page)
	if err != nil {
		return nil, err
	}
	cards, err := r.cards(ctx, actor, found.Items)
	if err != nil {
		return nil, err
	}
	return &body[list[CourseCard]]{Body: list[CourseCard]{Items: cards, Next: found.Next}}, nil
}

// cards shows published courses with the actor's own progress.
func (r catalogRoutes) cards(ctx context.Context, actor courses.Actor, found []catalog.Course) ([]CourseCard, error) {
	mine, err := r.Learning.On(ctx, actor, found)
	if err != nil {
		return nil, err
	}
	tree, err := r.Staff.Tree(ctx)
	if err != nil {
		return nil, err
	}
	today := r.clock.Today()
	return each(found, func(c catalog.Course) CourseCard {
		return cardView(c, nameIn(tree, c.Owner, today), mine[c.ID])
	}), nil
}

func (r catalogRoutes) course(ctx context.Context, actor courses.Actor, in *CoursePath) (*body[CourseView], error) {
	course, err := r.Catalog.Published(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	standing, err := r.Learning.OnCourse(ctx, actor, course)
	enrolled := err == nil
	if err != nil && !errors.Is(err, learning.ErrNoEnrolment) {
		return nil, err
	}
	version := course.Newest.Version
	if enrolled {
		version = standing.Version
	}
	v, err := r.Catalog.Version(ctx, version)
	if err != nil {
		return nil, err
	}
	tree, err := r.Staff.Tree(ctx)
	if err != nil {
		return nil, err
	}
	titles, err := r.positionTitles(ctx, v.Content.Positions)
	if err != nil {
		return nil, err
	}
	citations, err := r.cited(ctx, v.Content)
	if err != nil {
		return nil, err
	}
	view := CourseView{
		Card:    cardView(course, nameIn(tree, course.Owner, r.clock.Today()), standing),
		Version: v.ID, Number: v.Number, Positions: titles,
		Citations: citations, Modules: outlineView(v), Rated: len(v.Content.Statements) > 0,
	}
	if view.Card.Assigned, err = r.assignedOn(ctx, actor, tree, course.ID); err != nil {
		return nil, err
	}
	if enrolled {
		e := enrolmentView(standing.Enrolment, v)
		view.Enrolment = &e
	}
	return &body[CourseView]{Body: view}, nil
}

// assignedOn is what assigns a course to the actor; nil if nothing does.
func (r catalogRoutes) assignedOn(ctx context.Context, actor courses.Actor, tree *staff.Tree, id courses.CourseID) (*Assigned, error) {
	m, assigned, err := r.Learning.MustOn(ctx, actor, id)
	if err != nil || !assigned {
		return nil, err
	}
	return assignedView(m, nameIn(tree, m.Assignment.Assigner, r.clock.Today())), nil
}

func (r catalogRoutes) positionTitles(ctx context.Context, ids []courses.PositionID) ([]string, error) {
	titles := []string{}
	if len(ids) == 0 {
		return titles, nil
	}
	positions, err := r.Staff.Positions(ctx)
	if err != nil {
		return nil, err
	}
	for _, p := range positions {
		if slices.Contains(ids, p.Code) {
			titles = append(titles, p.Title)
		}
	}
	return titles, nil
}

func (r catalogRoutes) lesson(ctx context.Context, actor courses.Actor, in *lessonPath) (*body[LessonView], error) {
	v, err := r.Catalog.Version(ctx, in.Version)
	if err != nil {
		return nil, err
	}
	l, found := v.Content.Lesson(in.Lesson)
	if !found {
		return nil, catalog.ErrNoLesson
	}
	alone := l.Alone()
	ended, err := r.endedLaws(ctx, alone.Cited())
	if err != nil {
		return nil, err
	}
	view := LessonView{Lesson: lessonContentView(l), Ended: ended}
	if view.Examples, err = r.localExamples(ctx, actor, v.Course, l.ID); err != nil {
		return nil, err
	}
	if view.Assets, err = r.assetViews(ctx, alone); err != nil {
		return nil, err
	}
	if i := slices.IndexFunc(view.Assets, func(a AssetView) bool { return a.ID == l.Asset }); i >= 0 {
		view.Asset = &view.Assets[i]
		view.Assets = view.Assets[:0:0]
	}
	return &body[LessonView]{Body: view}, nil
}

// assetViews shows the files of a content, in its order.
func (r catalogRoutes) assetViews(ctx context.Context, c catalog.Content) ([]AssetView, error) {
	shown := c.Assets()
	assets, err := r.Media.Assets(ctx, shown)
	if err != nil {
		return nil, err
	}
	views := []AssetView{}
	for _, id := range shown {
		if a, found := assets[id]; found {
			views = append(views, assetView(a))
		}
	}
	return views, nil
}
