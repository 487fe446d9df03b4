package courses

import "context"

// Role is what a person may do in a unit and everything below it.
type Role string

// The roles, each granted per unit (a learner is everyone who signs in).
const (
	Learner       Role = "learner"
	Author        Role = "author"
	Reviewer      Role = "reviewer"
	Publisher     Role = "publisher"
	Leader        Role = "leader"
	HR            Role = "hr"
	Administrator Role = "administrator"
	Auditor       Role = "auditor" // reads all, changes nothing
)

// Roles lists every role.
func Roles() []Role {
	return []Role{Learner, Author, Reviewer, Publisher, Leader, HR, Administrator, Auditor}
}

// RoleAt is a role over a unit and all that lies below it.
type RoleAt struct {
	Role Role
	Unit UnitID
}

// Actor is the person who asks, with the roles in force today. It is always an
// explicit argument, never hidden in a context, so that a forgotten
// authorisation shows.
type Actor struct {
	Person  PersonID
	Session SessionID
	Roles   []RoleAt
}

// Action is what an actor wants to do.
type Action string

// The actions that Authority decides on.
const (
	ReadPerson    Action = "person.read"
	EditPerson    Action = "person.edit" // people, postings, logins
	EditUnit      Action = "unit.edit"
	EditRoles     Action = "roles.edit"
	ReadRecord    Action = "record.read"
	ReadReport    Action = "report.read"
	ReadDraft     Action = "draft.read"
	WriteCourse   Action = "course.write"
	ReviewCourse  Action = "course.review"
	PublishCourse Action = "course.publish"
	KeepLaw       Action = "law.keep" // the registry's entries that the unit keeps
	FollowUp      Action = "person.follow_up"
	Assign        Action = "course.assign" // to the people of a unit and of all below it
	ReadResults   Action = "results.read"  // of surveys on the unit's courses
	KeepSurveys   Action = "survey.keep"
	Learn         Action = "learn"
)

// Actions lists every action.
func Actions() []Action {
	return []Action{ReadPerson, EditPerson, EditUnit, EditRoles, ReadRecord, ReadReport, ReadDraft, WriteCourse, ReviewCourse, PublishCourse, KeepLaw, FollowUp, Assign, ReadResults, KeepSurveys, Learn}
}

// Object is what an action touches: a unit, a person, or a person in a unit.
type Object struct {
	Unit     UnitID
	Person   PersonID
	CoOwners []UnitID // organisations that keep a course of the unit with it
}

// Authority decides who may do what. The staff package implements it; every
// use case asks it first.
type Authority interface {
	// Can refuses with ErrForbidden.
	Can(ctx context.Context, actor Actor, action Action, object Object) error
	// Scope is all units in which the actor may do the action; it refuses with
	// ErrForbidden when there is none.
	Scope(ctx context.Context, actor Actor, action Action) (Scope, error)
}

// Scope is a set of units that a list is cut down to. Stores that list what
// belongs to units take one, so that a query without it does not compile. Only
// an Authority makes scopes (the rooms test holds this).
type Scope struct {
	everywhere bool
	units      []UnitID
}

// NewScope makes a scope; everywhere makes units irrelevant.
func NewScope(everywhere bool, units []UnitID) Scope {
	return Scope{everywhere: everywhere, units: units}
}

// Everywhere says that the scope holds every unit.
func (s Scope) Everywhere() bool { return s.everywhere }

// Units lists the units of a scope that does not reach everywhere.
func (s Scope) Units() []UnitID { return s.units }
