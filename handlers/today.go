package handlers

import (
	"cmp"
	"context"
	"haidang/courses"
	"haidang/courses/catalog"
	"haidang/courses/learning"
	"sync"
)

// NextLesson is where somebody goes on with a course, or begins it.
type NextLesson struct {
	Lesson  courses.LessonID `json:"lesson"`
	Title   string           `json:"title"`
	Kind    string           `json:"kind" enum:"article,video,audio,document,quiz"`
	Number  int              `json:"number" doc:"Of the lesson in the course, from 1"`
	AtMs    int64            `json:"atMs,omitempty" doc:"Where a recording was left"`
	Page    int              `json:"page,omitempty" doc:"How far a document was read"`
	Minutes int              `json:"minutes" doc:"That the rest of it takes, by film, text or pages"`
}

// Today is what stands above the catalogue.
type Today struct {
	Must      []CourseCard `json:"must" nullable:"false" doc:"Assigned and not done, or done for a short while only: late first, then by day. The other lists do not repeat it"`
	Continue  []CourseCard `json:"continue" nullable:"false" doc:"To be learnt anew, then begun and not finished, latest first"`
	New       []CourseCard `json:"new" nullable:"false" doc:"For the actor's positions, not begun, newest first"`
	Pilots    bool         `json:"pilots" doc:"The actor's commune is asked to read a draft; see listPilots"`
	FollowUps int          `json:"followUps" doc:"Completed courses of which the actor is asked whether they use them; see listFollowUps"`
	Led       bool         `json:"led" doc:"The same is asked of somebody whom the actor leads; see listLedFollowUps"`
	Unread    int          `json:"unread" doc:"Notices that wait unread; see listNotices"`
	Tiet      int          `json:"tiet" doc:"Credited this year"`
	Target    int          `json:"target" doc:"Of the actor's category this year; 0 where none applies"`
}

func (r learningRoutes) today(ctx context.Context, actor courses.Actor, _ *nothing) (*body[Today], error) {
	view := Today{Must: []CourseCard{}, Continue: []CourseCard{}, New: []CourseCard{}}
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
	card := func(c catalog.Course, on learning.Standing, next *NextLesson) CourseCard {
		view := cardView(c, nameIn(tree, c.Owner, today), on)
		view.Next = next
		return view
	}
	view.Pilots, view.Tiet, view.Target = t.Pilots, t.Tiet, t.Target
	for _, x := range t.Must {
		next, err := r.leads(ctx, x)
		if err != nil {
			return nil, err
		}
		c := card(x.Course, learning.Standing{Enrolment: x.Open}, next)
		c.Assigned = assignedView(x, nameIn(tree, x.Assignment.Assigner, today))
		view.Must = append(view.Must, c)
	}
	for _, x := range t.Anew {
		var next *NextLesson
		if x.Owed == learning.Renewal {
			next = opening(x.Course)
		}
		view.Continue = append(view.Continue, card(x.Course, learning.Standing{Owed: x.Owed}, next))
	}
	for _, e := range t.Continue {
		c, found := t.Courses[e.Course]
		if !found {
			continue
		}
		next, err := r.goesOn(ctx, e)
		if err != nil {
			return nil, err
		}
		view.Continue = append(view.Continue, card(c, learning.Standing{Enrolment: e}, next))
	}
	for _, c := range t.New {
		view.New = append(view.New, card(c, learning.Standing{}, opening(c)))
	}
	return &body[Today]{Body: view}, nil
}

// leads is where somebody goes on with an assigned course, or begins it.
func (r learningRoutes) leads(ctx context.Context, x learning.Must) (*NextLesson, error) {
	if x.Open.ID == "" {
		return opening(x.Course), nil
	}
	return r.goesOn(ctx, x.Open)
}

func assignedView(x learning.Must, by string) *Assigned {
	return &Assigned{State: string(x.Standing.State), Day: x.Standing.Day, Level: string(x.Assignment.Level), Basis: x.Assignment.Basis, By: by}
}

// opening is the lesson with which a course begins; nil of one that was published
// before that was noted.
func opening(c catalog.Course) *NextLesson {
	first := c.Newest.First
	if first.Lesson == "" {
		return nil
	}
	return &NextLesson{Lesson: first.Lesson, Title: first.Title, Kind: string(first.Kind), Number: 1, Minutes: first.Minutes}
}

// goesOn is where an enrolment goes on, nil when nothing is left.
func (r learningRoutes) goesOn(ctx context.Context, e learning.Enrolment) (*NextLesson, error) {
	v, err := r.Catalog.Version(ctx, e.Version)
	if err != nil {
		return nil, err
	}
	stop := e.GoesOn(v)
	number := 0
	var next *NextLesson
	v.Content.Lessons(func(l catalog.Lesson) {
		number++
		if l.ID == stop.Lesson {
			next = &NextLesson{
				Lesson: l.ID, Title: l.Title, Kind: string(l.Kind), Number: number, AtMs: stop.Ms, Page: stop.Page, Minutes: stop.Minutes,
			}
		}
	})
	return next, nil
}
