package handlers

import (
	"context"

	"github.com/danielgtaylor/huma/v2"

	"haidang/courses"
)

// Unit is a unit of the tree on a day.
type Unit struct {
	Code      courses.UnitID `json:"code"`
	Name      string         `json:"name"`
	FullName  string         `json:"fullName"`
	ShortName string         `json:"shortName,omitempty"`
	Kind      string         `json:"kind" enum:"thanh_pho,xa,phuong,dac_khu,dang,hdnd,so,ban_quan_ly,luc_luong,mttq,ctxh,su_nghiep,phong"`
	Parent    courses.UnitID `json:"parent,omitempty"`
	From      courses.Date   `json:"from"`
	To        courses.Date   `json:"to,omitempty"`
	Verified  bool           `json:"verified" doc:"False: the source of this row is still to be checked"`
}

// Position is a job position.
type Position struct {
	Code     courses.PositionID `json:"code"`
	Title    string             `json:"title"`
	Body     string             `json:"body"`
	Group    string             `json:"group"`
	Verified bool               `json:"verified"`
}

// PersonSummary is a person in a list: enough to tell two namesakes apart.
type PersonSummary struct {
	ID            courses.PersonID `json:"id"`
	FullName      string           `json:"fullName"`
	BirthYear     int              `json:"birthYear,omitempty"`
	Unit          courses.UnitID   `json:"unit"`
	UnitName      string           `json:"unitName"`
	PositionTitle string           `json:"positionTitle"`
}

// Posting is a person in a unit and position for a time.
type Posting struct {
	ID            courses.PostingID  `json:"id"`
	Unit          courses.UnitID     `json:"unit"`
	UnitName      string             `json:"unitName"`
	Position      courses.PositionID `json:"position"`
	PositionTitle string             `json:"positionTitle"`
	Kind          string             `json:"kind" enum:"permanent,concurrent,secondment,rotation,transfer"`
	From          courses.Date       `json:"from"`
	To            courses.Date       `json:"to,omitempty"`
	DecisionNo    string             `json:"decisionNo,omitempty"`
}

// Grant is a role over a unit for a time.
type Grant struct {
	ID       courses.GrantID `json:"id"`
	Role     courses.Role    `json:"role" enum:"learner,author,reviewer,publisher,leader,hr,administrator,auditor"`
	Unit     courses.UnitID  `json:"unit"`
	UnitName string          `json:"unitName"`
	From     courses.Date    `json:"from"`
	To       courses.Date    `json:"to,omitempty"`
}

// Person is one person whole.
type Person struct {
	ID             courses.PersonID `json:"id"`
	FullName       string           `json:"fullName"`
	FamilyName     string           `json:"familyName"`
	MiddleName     string           `json:"middleName"`
	GivenName      string           `json:"givenName"`
	BirthDate      courses.Date     `json:"birthDate,omitempty"`
	Gender         string           `json:"gender" enum:"female,male,unstated"`
	EthnicMinority bool             `json:"ethnicMinority"`
	Category       string           `json:"category" enum:"can_bo,cong_chuc,vien_chuc,khac"`
	Username       string           `json:"username,omitempty"`
	Postings       []Posting        `json:"postings" nullable:"false"`
	Grants         []Grant          `json:"grants" nullable:"false"`
}

type unitInput struct {
	Code      courses.UnitID `json:"code" minLength:"1" maxLength:"40" pattern:"^[A-Z0-9][A-Z0-9.-]*$"`
	Name      string         `json:"name" minLength:"1" maxLength:"200"`
	FullName  string         `json:"fullName" minLength:"1" maxLength:"300"`
	ShortName string         `json:"shortName,omitempty" maxLength:"60"`
	Kind      string         `json:"kind" enum:"xa,phuong,dac_khu,dang,hdnd,so,ban_quan_ly,luc_luong,mttq,ctxh,su_nghiep,phong"`
	Parent    courses.UnitID `json:"parent" maxLength:"40"`
	From      courses.Date   `json:"from" format:"date"`
}

type unitChange struct {
	From     courses.Date   `json:"from" format:"date" doc:"The day from which the change holds"`
	Name     string         `json:"name,omitempty" maxLength:"200"`
	FullName string         `json:"fullName,omitempty" maxLength:"300"`
	Parent   courses.UnitID `json:"parent,omitempty" maxLength:"40"`
	Close    bool           `json:"close,omitempty" doc:"The unit ends the day before from"`
	Into     courses.UnitID `json:"into,omitempty" maxLength:"40" doc:"Where a closed unit was merged into"`
}

type personInput struct {
	FullName       string       `json:"fullName" minLength:"1" maxLength:"120"`
	BirthDate      courses.Date `json:"birthDate,omitempty" format:"date"`
	Gender         string       `json:"gender" enum:"female,male,unstated"`
	EthnicMinority bool         `json:"ethnicMinority,omitempty"`
	Category       string       `json:"category" enum:"can_bo,cong_chuc,vien_chuc,khac"`
	Posting        postingInput `json:"posting" doc:"The first posting"`
}

type postingInput struct {
	Unit       courses.UnitID     `json:"unit" minLength:"1" maxLength:"40"`
	Position   courses.PositionID `json:"position" minLength:"1" maxLength:"40"`
	Kind       string             `json:"kind" enum:"permanent,concurrent,secondment,rotation,transfer"`
	From       courses.Date       `json:"from" format:"date"`
	To         courses.Date       `json:"to,omitempty"`
	DecisionNo string             `json:"decisionNo,omitempty" maxLength:"60"`
}

type grantInput struct {
	Role courses.Role   `json:"role" enum:"author,reviewer,publisher,leader,hr,administrator,auditor"`
	Unit courses.UnitID `json:"unit" minLength:"1" maxLength:"40"`
	From courses.Date   `json:"from" format:"date"`
	To   courses.Date   `json:"to,omitempty"`
}

type loginInput struct {
	Username string `json:"username" minLength:"3" maxLength:"60"`
}

// FirstPassword is shown once to whoever made the account.
type FirstPassword struct {
	Username string `json:"username"`
	Password string `json:"password" doc:"To be changed at the first sign-in"`
}

type personPath struct {
	ID courses.PersonID `path:"id" maxLength:"36"`
}

func registerStaff(api huma.API, _ Services) {
	private(api, get("listUnits", "/api/units", "Units by official order, or found by name without diacritics"), func(context.Context, courses.Actor, *struct {
		pageIn
		Query  string         `query:"q" maxLength:"100"`
		Parent courses.UnitID `query:"parent" maxLength:"40"`
		Kind   string         `query:"kind" maxLength:"20"`
		At     string         `query:"at" maxLength:"10" doc:"Day, today by default"`
	}) (*body[list[Unit]], error) {
		return nil, errNotBuilt
	})
	private(api, post("createUnit", "/api/units", "Add a unit"), func(context.Context, courses.Actor, *body[unitInput]) (*body[Unit], error) { return nil, errNotBuilt })
	private(api, post("changeUnit", "/api/units/{code}/changes", "Rename, move or close a unit from a day"), func(context.Context, courses.Actor, *struct {
		Code courses.UnitID `path:"code" maxLength:"40"`
		Body unitChange
	}) (*body[Unit], error) {
		return nil, errNotBuilt
	})
	private(api, get("listPositions", "/api/positions", "All job positions"), func(context.Context, courses.Actor, *nothing) (*body[list[Position]], error) { return nil, errNotBuilt })
	private(api, get("listPeople", "/api/people", "People in the units that the actor may see, by given name"), func(context.Context, courses.Actor, *struct {
		pageIn
		Query string         `query:"q" maxLength:"100"`
		Unit  courses.UnitID `query:"unit" maxLength:"40"`
	}) (*body[list[PersonSummary]], error) {
		return nil, errNotBuilt
	})
	private(api, post("createPerson", "/api/people", "Add a person with a first posting"), func(context.Context, courses.Actor, *body[personInput]) (*body[Person], error) {
		return nil, errNotBuilt
	})
	private(api, get("getPerson", "/api/people/{id}", "One person"), func(context.Context, courses.Actor, *personPath) (*body[Person], error) { return nil, errNotBuilt })
	private(api, post("addPosting", "/api/people/{id}/postings", "Post a person; a new home posting ends the one before"), func(context.Context, courses.Actor, *struct {
		personPath
		Body postingInput
	}) (*body[Person], error) {
		return nil, errNotBuilt
	})
	private(api, post("endPosting", "/api/people/{id}/postings/{posting}/end", "End a posting on a day"), func(context.Context, courses.Actor, *struct {
		personPath
		Posting courses.PostingID `path:"posting" maxLength:"36"`
		Body    struct {
			To courses.Date `json:"to" format:"date" doc:"The last day"`
		}
	}) (*body[Person], error) {
		return nil, errNotBuilt
	})
	private(api, post("addGrant", "/api/people/{id}/grants", "Give a role over a unit"), func(context.Context, courses.Actor, *struct {
		personPath
		Body grantInput
	}) (*body[Person], error) {
		return nil, errNotBuilt
	})
	private(api, remove("endGrant", "/api/people/{id}/grants/{grant}", "Take a role back from today"), func(context.Context, courses.Actor, *struct {
		personPath
		Grant courses.GrantID `path:"grant" maxLength:"36"`
	}) (*nothing, error) {
		return nil, errNotBuilt
	})
	private(api, post("createLogin", "/api/people/{id}/login", "Make an account, or a new first password for it"), func(context.Context, courses.Actor, *struct {
		personPath
		Body loginInput
	}) (*body[FirstPassword], error) {
		return nil, errNotBuilt
	})
}
