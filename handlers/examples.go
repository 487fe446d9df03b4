package handlers

import (
	"context"
	"haidang/courses"
	"haidang/courses/catalog"
	"time"

	"github.com/danielgtaylor/huma/v2"
)

// LocalExample is what the learner's own unit added to a lesson.
type LocalExample struct {
	Block    string `json:"block,omitempty" doc:"Below which it stands; absent below the whole lesson"`
	UnitName string `json:"unitName"`
	Text     string `json:"text"`
}

// ExampleView is a unit's example as those see it who keep it.
type ExampleView struct {
	ID       catalog.ExampleID `json:"id"`
	Course   courses.CourseID  `json:"course"`
	Title    string            `json:"title" doc:"Of the course"`
	Lesson   courses.LessonID  `json:"lesson"`
	Block    string            `json:"block,omitempty"`
	Quote    string            `json:"quote" doc:"How the block began when the example was written"`
	Unit     UnitName          `json:"unit"`
	Text     string            `json:"text"`
	State    string            `json:"state" enum:"shown,altered,lost,hidden" doc:"altered: the block says something else since; lost: the newest version has no such block; hidden: the course's owner took it away"`
	Reason   string            `json:"reason,omitempty" doc:"Of one that was taken away"`
	Revision int               `json:"revision" doc:"Give it back when saving"`
	At       time.Time         `json:"at"`
	ByName   string            `json:"byName"`
}

// ExamplePage is the newest version of a course, for those who add to it.
type ExamplePage struct {
	Title   string            `json:"title"`
	Version courses.VersionID `json:"version"`
	Modules []OutlineModule   `json:"modules" nullable:"false"`
}

type exampleSaved struct {
	Unit     courses.UnitID   `json:"unit" minLength:"1" maxLength:"40"`
	Lesson   courses.LessonID `json:"lesson" minLength:"1" maxLength:"36"`
	Block    string           `json:"block,omitempty" maxLength:"36" doc:"Absent below the whole lesson"`
	Text     string           `json:"text" maxLength:"16000" doc:"Nothing removes it"`
	Revision int              `json:"revision" minimum:"0" doc:"0 for a new one"`
}

type exampleRoutes struct{ studioRoutes }

func registerExamples(api huma.API, services Services, clock courses.Clock) {
	r := exampleRoutes{studioRoutes{catalogRoutes{Services: services, clock: clock}}}
	private(api, get("listExamples", "/api/studio/examples", "What the actor's units added to published courses, latest first"), r.list)
	private(api, get("getExamplePage", "/api/examples/{id}", "The newest version of a course, for those who add to it"), r.page)
	private(api, get("courseExamples", "/api/examples/{id}/list", "What units added to a course, latest first: every unit for those who read its draft, else one's own"), r.ofCourse)
	private(api, put("saveExample", "/api/examples/{id}", "Write a unit's example below a block of a published course, or remove it; refused when somebody wrote meanwhile"), r.save)
	private(api, post("hideExample", "/api/examples/{id}/{example}/hide", "Take a unit's example away from learners, with a reason"), r.hide)
}

func (r exampleRoutes) list(ctx context.Context, actor courses.Actor, in *PageIn) (*body[list[ExampleView]], error) {
	return r.views(ctx)(r.Catalog.Examples(ctx, actor, in.page()))
}

type courseExamplesIn struct {
	CoursePath
	PageIn
}

func (r exampleRoutes) ofCourse(ctx context.Context, actor courses.Actor, in *courseExamplesIn) (*body[list[ExampleView]], error) {
	return r.views(ctx)(r.Catalog.ExamplesOf(ctx, actor, in.ID, in.page()))
}

func (r exampleRoutes) page(ctx context.Context, _ courses.Actor, in *CoursePath) (*body[ExamplePage], error) {
	c, err := r.Catalog.Published(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	v, err := r.Catalog.Version(ctx, c.Newest.Version)
	if err != nil {
		return nil, err
	}
	return &body[ExamplePage]{Body: ExamplePage{Title: c.Newest.Title, Version: v.ID, Modules: outlineView(v)}}, nil
}

type saveExampleIn struct {
	CoursePath
	Body exampleSaved
}

func (r exampleRoutes) save(ctx context.Context, actor courses.Actor, in *saveExampleIn) (*body[ExampleView], error) {
	b := in.Body
	x, err := r.Catalog.PutExample(ctx, actor, catalog.Example{Course: in.ID, Lesson: b.Lesson, Block: b.Block, Unit: b.Unit, Text: b.Text}, b.Revision)
	saved, err := r.views(ctx)(courses.Slice[catalog.Exhibit]{Items: []catalog.Exhibit{x}}, err)
	if err != nil {
		return nil, err
	}
	return &body[ExampleView]{Body: saved.Body.Items[0]}, nil
}

type hideExampleIn struct {
	CoursePath
	Example catalog.ExampleID `path:"example" maxLength:"36"`
	Body    struct {
		Reason string `json:"reason" minLength:"1" maxLength:"16000"`
	}
}

func (r exampleRoutes) hide(ctx context.Context, actor courses.Actor, in *hideExampleIn) (*struct{}, error) {
	return nil, r.Catalog.HideExample(ctx, actor, in.ID, in.Example, in.Body.Reason)
}

func (r exampleRoutes) views(ctx context.Context) func(courses.Slice[catalog.Exhibit], error) (*body[list[ExampleView]], error) {
	return func(found courses.Slice[catalog.Exhibit], err error) (*body[list[ExampleView]], error) {
		if err != nil {
			return nil, err
		}
		tree, err := r.Staff.Tree(ctx)
		if err != nil {
			return nil, err
		}
		names, err := r.fullNames(ctx, each(found.Items, func(x catalog.Exhibit) courses.PersonID { return x.By })...)
		if err != nil {
			return nil, err
		}
		return &body[list[ExampleView]]{Body: list[ExampleView]{Next: found.Next, Items: each(found.Items, func(x catalog.Exhibit) ExampleView {
			view := ExampleView{
				ID: x.ID, Course: x.Course, Title: x.Title, Lesson: x.Lesson, Block: x.Block, Quote: x.Quote,
				Unit: UnitName{x.Unit, nameIn(tree, x.Unit, r.clock.Today())}, Text: x.Text, State: string(x.State),
				Revision: x.Revision, At: x.At, ByName: names[x.By],
			}
			if x.Hidden != nil {
				view.Reason = x.Hidden.Reason
			}
			return view
		})}}, nil
	}
}

// localExamples is what the learner's units added to a lesson.
func (r catalogRoutes) localExamples(ctx context.Context, actor courses.Actor, course courses.CourseID, lesson courses.LessonID) ([]LocalExample, error) {
	found, err := r.Catalog.ExamplesFor(ctx, actor, course, lesson)
	if err != nil {
		return nil, err
	}
	tree, err := r.Staff.Tree(ctx)
	if err != nil {
		return nil, err
	}
	return each(found, func(x catalog.Example) LocalExample {
		return LocalExample{Block: x.Block, UnitName: nameIn(tree, x.Unit, r.clock.Today()), Text: x.Text}
	}), nil
}
