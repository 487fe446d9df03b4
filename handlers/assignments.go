package handlers

import (
	"context"
	"haidang/courses"
	"haidang/courses/assignments"
	"haidang/courses/reports"
	"time"

	"github.com/danielgtaylor/huma/v2"
)

// NewAssignment is what somebody assigns.
type NewAssignment struct {
	Course      courses.CourseID     `json:"course" maxLength:"36"`
	Unit        courses.UnitID       `json:"unit" minLength:"1" maxLength:"40" doc:"It is for the people of this unit and of all below it"`
	Positions   []courses.PositionID `json:"positions" nullable:"false" maxItems:"60" doc:"Only for those in one of them; empty for all"`
	Level       string               `json:"level" enum:"required,recommended"`
	Basis       string               `json:"basis" maxLength:"1200" doc:"Legal basis, at most 300 characters; what is required has one"`
	Due         courses.Date         `json:"due" maxLength:"10" doc:"The last day"`
	RenewMonths int                  `json:"renewMonths" minimum:"0" maximum:"120" doc:"So long a completion counts; 0 for good"`
}

// AssignmentView is an assignment as HR sees it.
type AssignmentView struct {
	NewAssignment
	ID             assignments.ID `json:"id"`
	CourseTitle    string         `json:"courseTitle"`
	CourseTiet     int            `json:"courseTiet"`
	CourseMinutes  int            `json:"courseMinutes"`
	UnitName       string         `json:"unitName"`
	PositionTitles []string       `json:"positionTitles" nullable:"false"`
	By             string         `json:"by" doc:"Who assigned it, by name"`
	AssignerName   string         `json:"assignerName" doc:"The unit for which they did"`
	At             time.Time      `json:"at"`
	WithdrawnAt    *time.Time     `json:"withdrawnAt,omitempty"`
	Withdrawable   bool           `json:"withdrawable" doc:"The actor may withdraw it"`
}

// Assigned is where somebody stands with a course that was assigned to them.
type Assigned struct {
	State string       `json:"state" enum:"late,due,expiring,done"`
	Day   courses.Date `json:"day,omitempty" doc:"The last day to learn it, or, if expiring or done, the last on which the completion counts"`
	Level string       `json:"level,omitempty" enum:"required,recommended"`
	Basis string       `json:"basis,omitempty"`
	By    string       `json:"by,omitempty" doc:"The unit that assigns it"`
}

// AssignedPerson is somebody whom an assignment reaches.
type AssignedPerson struct {
	Person      PersonSummary `json:"person"`
	State       string        `json:"state" enum:"late,due,expiring,done"`
	Day         courses.Date  `json:"day,omitempty" doc:"As in Assigned"`
	CompletedAt *time.Time    `json:"completedAt,omitempty"`
}

// Reach is how many people an assignment would reach.
type Reach struct {
	People int  `json:"people"`
	More   bool `json:"more" doc:"There are more; they were not counted"`
}

type assignmentRoutes struct {
	Services
	clock courses.Clock
}

func registerAssignments(api huma.API, services Services, clock courses.Clock) {
	r := assignmentRoutes{services, clock}
	private(api, get("listAssignments", "/api/assignments", "What was assigned to units on which the actor reports: what holds, then what was withdrawn, latest first"), r.list)
	private(api, post("assign", "/api/assignments", "Assign a course to the people of a unit and of all below it"), r.assign)
	private(api, get("assignmentReach", "/api/assignments/reach", "How many people it would reach"), r.reach)
	private(api, get("getAssignment", "/api/assignments/{id}", "One assignment"), r.get)
	private(api, post("withdrawAssignment", "/api/assignments/{id}/withdrawal", "Withdraw it; it stays in the list"), r.withdraw)
	private(api, get("assignedPeople", "/api/assignments/{id}/people", "Where the actor's people stand with it, by given name; a page may be shorter than was asked for"), r.people)
}

// AssignmentPath names an assignment.
type AssignmentPath struct {
	ID assignments.ID `path:"id" maxLength:"36"`
}

func (r assignmentRoutes) list(ctx context.Context, actor courses.Actor, in *PageIn) (*body[list[AssignmentView]], error) {
	found, err := r.Assignments.List(ctx, actor, in.page())
	if err != nil {
		return nil, err
	}
	views, err := r.views(ctx, actor, found.Items)
	return &body[list[AssignmentView]]{Body: list[AssignmentView]{Items: views, Next: found.Next}}, err
}

// views shows assignments with the names of what they speak of.
func (r assignmentRoutes) views(ctx context.Context, actor courses.Actor, list []assignments.Assignment) ([]AssignmentView, error) {
	names, err := r.names(ctx, r.clock)
	if err != nil {
		return nil, err
	}
	people, err := r.Staff.People(ctx, each(list, func(a assignments.Assignment) courses.PersonID { return a.By }))
	if err != nil {
		return nil, err
	}
	found, err := r.Catalog.PublishedByID(ctx, each(list, func(a assignments.Assignment) courses.CourseID { return a.Course }))
	if err != nil {
		return nil, err
	}
	return each(list, func(a assignments.Assignment) AssignmentView {
		v := AssignmentView{
			ID: a.ID, UnitName: nameIn(names.tree, a.Unit, names.today), By: people[a.By].FullName, WithdrawnAt: instant(a.WithdrawnAt), AssignerName: nameIn(names.tree, a.Assigner, names.today), At: a.At,
			Withdrawable:   r.Assignments.MayWithdraw(ctx, actor, a),
			PositionTitles: each(a.Positions, func(p courses.PositionID) string { return names.titles[p] }),
			NewAssignment: NewAssignment{
				Course: a.Course, Unit: a.Unit, Positions: each(a.Positions, func(p courses.PositionID) courses.PositionID { return p }),
				Level: string(a.Level), Basis: a.Basis, Due: a.Due, RenewMonths: a.RenewMonths,
			},
		}
		if c, there := found[a.Course]; there {
			v.CourseTitle, v.CourseTiet, v.CourseMinutes = c.Newest.Title, c.Newest.Tiet, c.Newest.Minutes
		}
		return v
	}), nil
}

// view shows one.
func (r assignmentRoutes) view(ctx context.Context, actor courses.Actor, a assignments.Assignment) (*body[AssignmentView], error) {
	views, err := r.views(ctx, actor, []assignments.Assignment{a})
	if err != nil {
		return nil, err
	}
	return &body[AssignmentView]{Body: views[0]}, nil
}

func (r assignmentRoutes) assign(ctx context.Context, actor courses.Actor, in *body[NewAssignment]) (*body[AssignmentView], error) {
	n := in.Body
	a, err := r.Assignments.Assign(ctx, actor, assignments.Assignment{
		Course: n.Course, Unit: n.Unit, Positions: n.Positions, Level: assignments.Level(n.Level), Basis: n.Basis, Due: n.Due, RenewMonths: n.RenewMonths,
	})
	if err != nil {
		return nil, err
	}
	return r.view(ctx, actor, a)
}

func (r assignmentRoutes) get(ctx context.Context, actor courses.Actor, in *AssignmentPath) (*body[AssignmentView], error) {
	a, err := r.Assignments.Get(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	return r.view(ctx, actor, a)
}

func (r assignmentRoutes) withdraw(ctx context.Context, actor courses.Actor, in *AssignmentPath) (*body[AssignmentView], error) {
	a, err := r.Assignments.Withdraw(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	return r.view(ctx, actor, a)
}

type reachIn struct {
	Unit      courses.UnitID       `query:"unit" required:"true" maxLength:"40"`
	Positions []courses.PositionID `query:"positions" maxItems:"60" doc:"With commas between them"`
}

func (r assignmentRoutes) reach(ctx context.Context, actor courses.Actor, in *reachIn) (*body[Reach], error) {
	n, err := r.Assignments.Reach(ctx, actor, in.Unit, in.Positions)
	return &body[Reach]{Body: Reach{People: n, More: n >= assignments.MostReached}}, err
}

type assignedIn struct {
	PageIn
	AssignmentPath
	State string `query:"state" enum:"late,due,expiring,done" doc:"Only those who stand so"`
}

func (r assignmentRoutes) people(ctx context.Context, actor courses.Actor, in *assignedIn) (*body[list[AssignedPerson]], error) {
	var states []assignments.State
	if in.State != "" {
		states = append(states, assignments.State(in.State))
	}
	found, err := r.Reports.Assigned(ctx, actor, in.ID, states, in.page())
	if err != nil {
		return nil, err
	}
	names, err := r.names(ctx, r.clock)
	if err != nil {
		return nil, err
	}
	return &body[list[AssignedPerson]]{Body: list[AssignedPerson]{Next: found.Next, Items: each(found.Items, func(row reports.AssignedRow) AssignedPerson {
		return AssignedPerson{Person: names.summary(row.Person), State: string(row.Standing.State), Day: row.Standing.Day, CompletedAt: instant(row.CompletedAt)}
	})}}, nil
}
