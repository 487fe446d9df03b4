package app

import (
	"context"
	"fmt"
	"haidang/courses"
	"haidang/courses/assessment"
	"haidang/courses/catalog"
	"haidang/courses/learning"
	"haidang/courses/notices"
	"haidang/courses/surveys"
	"haidang/handlers"
	"haidang/storage/gateway"
	"haidang/storage/mail"
	"haidang/storage/push"
	"slices"
	"strings"
	"time"
)

// sendPatience is how long one message may take.
const sendPatience = 2 * time.Minute

// tell builds what tells people things, with the channels that are configured.
func (a *App) tell(ctx context.Context) error {
	s := &a.Services
	s.Notices = notices.NewService(a.DB.Notices(), work{s.Learning, s.Surveys, s.Catalog}, a.DB.Access(), a.Jobs, a.DB.Atomic, a.clock, strings.TrimSuffix(a.Config.BaseURL, "/"))
	s.Notices.Senders, s.Notices.Observe = map[notices.Channel]notices.Sender{}, a.metrics.noticed
	s.Notices.Courses, s.Notices.Allow, s.Notices.CallsAWeek = callable{s, a.clock}, s.Staff, a.Config.CallsAWeek
	s.Notices.Assignments = reminders{s, a.clock}
	s.Learning.Marked = a.marked
	keys, err := a.DB.Keys(ctx, "push", 0, a.clock.Now(), push.NewKey) // for ever: browsers subscribe with it
	if err != nil {
		return err
	}
	pusher, err := push.New(keys[0].Secret, a.Config.BaseURL, strings.TrimSuffix(a.Config.BaseURL, "/"), a.Config.PushClient)
	if err != nil {
		return err
	}
	s.Notices.Pusher, s.Notices.PushKey = pusher, pusher.Key
	return a.senders(s.Notices.Senders)
}

// senders opens the channels that are configured.
func (a *App) senders(on map[notices.Channel]notices.Sender) error {
	if a.Config.SMTP != "" {
		server, err := mail.Open(a.Config.SMTP, a.Config.SMTPFrom, a.Config.BaseURL)
		if err != nil {
			return fmt.Errorf("HAIDANG_SMTP: %w", err)
		}
		on[notices.Mail] = server
	}
	if a.Config.Gateway != "" {
		service, err := gateway.Open(a.Config.Gateway, a.Config.GatewaySecret)
		if err != nil {
			return fmt.Errorf("HAIDANG_GATEWAY: %w", err)
		}
		on[notices.Gateway] = service
	}
	return nil
}

// callable is what calls ask of the catalogue and of learning.
type callable struct {
	*handlers.Services
	clock courses.Clock
}

// Callable implements notices.Courses.
func (c callable) Callable(ctx context.Context, actor courses.Actor, id courses.CourseID) (notices.Callable, error) {
	e, err := c.Catalog.Draft(ctx, actor, id)
	if err != nil {
		return notices.Callable{}, err
	}
	x := notices.Callable{Owner: e.Course.Owner, Page: coursePage(id)}
	if e.Course.Newest == nil {
		return x, nil
	}
	x.Title = e.Course.Newest.Title
	tree, err := c.Staff.Tree(ctx)
	if err != nil {
		return x, err
	}
	if unit, found := tree.At(x.Owner, c.clock.Today()); found {
		x.From = unit.FullName
	}
	x.Open, err = c.Learning.Unfinished(ctx, id)
	return x, err
}

// On implements notices.Courses.
func (c callable) On(ctx context.Context, course courses.CourseID, after courses.EnrolmentID, limit int) ([]notices.Learner, error) {
	found, err := c.Learning.OpenOn(ctx, course, after, limit)
	list := make([]notices.Learner, len(found))
	for i, e := range found {
		list[i] = notices.Learner{Enrolment: e.ID, Person: e.Person}
	}
	return list, err
}

// work is what notices ask of learning and surveys.
type work struct {
	learning *learning.Service
	surveys  *surveys.Service
	catalog  *catalog.Service
}

// Waiting implements notices.Work.
func (w work) Waiting(ctx context.Context, person courses.PersonID) ([]notices.Due, error) {
	found, err := w.learning.Waiting(ctx, person)
	if err != nil {
		return nil, err
	}
	var due []notices.Due
	for _, e := range found.Open {
		if c, published := found.Courses[e.Course]; published {
			due = append(due, dueOf(notices.Continue, c, string(e.ID), e))
		}
	}
	for _, x := range found.Anew {
		due = append(due, dueOf(notices.Anew, x.Course, fmt.Sprintf("%s/%d", x.Course.ID, max(x.Course.Newest.Renewed, x.Course.Newest.Added)), learning.Enrolment{}))
	}
	for _, c := range found.New {
		if c.Newest.Number == 1 {
			due = append(due, dueOf(notices.NewCourse, c, string(c.ID), learning.Enrolment{}))
		}
	}
	must, err := w.learning.Assigned(ctx, person)
	if err != nil {
		return nil, err
	}
	for _, m := range must {
		due = append(due, assignedDue(m))
	}
	asked, err := w.surveys.FollowUps(ctx, courses.Actor{Person: person})
	if err != nil {
		return nil, err
	}
	for _, f := range asked {
		if !f.Answered {
			due = append(due, notices.Due{
				Kind: notices.FollowUp, Course: f.Course, Title: f.Title, Subject: followed(f), Page: "/khao-sat/viec",
				Since: f.At.AddDate(0, 0, f.Days),
			})
		}
	}
	return due, nil
}

func dueOf(kind notices.Kind, c catalog.Course, subject string, e learning.Enrolment) notices.Due {
	since := c.Newest.At
	if kind == notices.Continue {
		since = e.LastAt
	}
	return notices.Due{Kind: kind, Course: c.ID, Title: c.Newest.Title, Subject: subject, Page: coursePage(c.ID), Since: since}
}

func coursePage(id courses.CourseID) string { return "/khoa-hoc/" + string(id) }

func followed(f surveys.FollowUp) string { return fmt.Sprintf("%s/%d", f.ID, f.Days) }

// standing is what there is to know of a person to say what still waits.
type standing struct {
	enrolments map[string]learning.Enrolment
	owing      map[courses.CourseID]learning.Owed
	followUps  map[string]bool
	assigned   map[courses.CourseID]bool
}

// Still implements notices.Work. It asks only for what the notices are about.
func (w work) Still(ctx context.Context, person courses.PersonID, list []notices.Notice) (map[notices.ID]bool, error) {
	s, err := w.standing(ctx, person, list)
	if err != nil {
		return nil, err
	}
	still := make(map[notices.ID]bool, len(list))
	for _, n := range list {
		still[n.ID] = s.holds(n)
	}
	return still, nil
}

func (w work) standing(ctx context.Context, person courses.PersonID, list []notices.Notice) (standing, error) {
	s := standing{enrolments: map[string]learning.Enrolment{}, followUps: map[string]bool{}, assigned: map[courses.CourseID]bool{}}
	var ids []courses.EnrolmentID
	asks := map[notices.Kind]bool{}
	for _, n := range list {
		if asks[n.Kind] = true; n.Kind == notices.Continue || n.Kind == notices.Call {
			ids = append(ids, enrolmentOf(n))
		}
	}
	outlines, err := w.learning.Outlines(ctx, ids)
	if err != nil {
		return s, err
	}
	for _, e := range outlines {
		s.enrolments[string(e.ID)] = e
	}
	if asks[notices.Anew] || asks[notices.NewCourse] {
		if s.owing, err = w.learning.Owing(ctx, person); err != nil {
			return s, err
		}
	}
	if asks[notices.Assigned] {
		must, err := w.learning.Assigned(ctx, person)
		if err != nil {
			return s, err
		}
		for _, m := range must {
			s.assigned[m.Course.ID] = true
		}
	}
	if !asks[notices.FollowUp] {
		return s, nil
	}
	asked, err := w.surveys.FollowUps(ctx, courses.Actor{Person: person})
	for _, f := range asked {
		s.followUps[followed(f)] = !f.Answered
	}
	return s, err
}

// enrolmentOf is the one that a notice is about.
func enrolmentOf(n notices.Notice) courses.EnrolmentID { return courses.EnrolmentID(n.Subject) }

func (s standing) holds(n notices.Notice) bool {
	switch n.Kind {
	case notices.Continue: // whoever has gone on since needs no reminder
		e, there := s.enrolments[n.Subject]
		return there && e.CompletedAt == nil && !e.LastAt.After(n.MadeAt)
	case notices.Call:
		e, there := s.enrolments[n.Subject]
		return there && e.CompletedAt == nil
	case notices.Anew:
		return s.owing[n.Course] != learning.Nothing
	case notices.NewCourse:
		_, begun := s.owing[n.Course]
		return !begun
	case notices.Assigned:
		return s.assigned[n.Course]
	case notices.FollowUp:
		return s.followUps[n.Subject]
	}
	return true
}

// marked tells whoever wrote an essay that it has its result.
func (a *App) marked(ctx context.Context, x assessment.Attempt) error {
	v, err := a.Services.Catalog.Version(ctx, x.Sitting.Version)
	if err != nil {
		return err
	}
	return a.Services.Notices.Result(ctx, notices.Notice{
		Person: x.Sitting.Person, Course: x.Sitting.Course, Subject: string(x.ID), Title: v.Content.Title,
		Page: coursePage(x.Sitting.Course) + "/" + string(x.Sitting.Lesson),
	})
}

// Dates implements notices.Work.
func (w work) Dates(ctx context.Context, person courses.PersonID) ([]notices.Date, error) {
	found, err := w.learning.Waiting(ctx, person)
	if err != nil {
		return nil, err
	}
	var list []notices.Date
	for _, e := range found.Open {
		if c, published := found.Courses[e.Course]; published {
			list = append(list, notices.Date{
				Kind: notices.Continue, Subject: string(e.ID), Title: c.Newest.Title, Page: coursePage(c.ID), Since: e.LastAt, Percent: e.ShareBp / 100,
			})
		}
	}
	must, err := w.learning.Assigned(ctx, person)
	if err != nil {
		return nil, err
	}
	for _, m := range must {
		list = append(list, deadline(m))
	}
	ahead, err := w.surveys.Ahead(ctx, person)
	if err != nil {
		return nil, err
	}
	for _, f := range ahead {
		list = append(list, notices.Date{Kind: notices.FollowUp, Subject: followed(f), Title: f.Title, Page: "/khao-sat/viec", Day: f.Due(), Since: f.At})
	}
	coming, err := w.coming(ctx, person)
	return append(list, coming...), err
}

// coming is the versions that are to take effect of courses that a person began.
func (w work) coming(ctx context.Context, person courses.PersonID) ([]notices.Date, error) {
	days, err := w.catalog.Coming(ctx)
	if err != nil || len(days) == 0 {
		return nil, err
	}
	begun, err := w.learning.Owing(ctx, person)
	if err != nil {
		return nil, err
	}
	var ids []courses.CourseID
	for id := range days {
		if _, is := begun[id]; is {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	found, err := w.catalog.PublishedByID(ctx, ids)
	var list []notices.Date
	for _, id := range ids {
		if c, there := found[id]; there {
			list = append(list, notices.Date{
				Kind: notices.Coming, Subject: fmt.Sprintf("%s/%d", id, c.Newest.Number), Title: c.Newest.Title, Page: coursePage(id), Day: days[id], Since: c.Newest.At,
			})
		}
	}
	return list, err
}
