package handlers

import (
	"context"
	"haidang/courses"
	"haidang/courses/staff"

	"github.com/danielgtaylor/huma/v2"
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
	Allowance      *Allowance       `json:"allowance,omitempty" doc:"Also one that has ended"`
}

// Allowance is what somebody needs in quizzes. Why is not kept.
type Allowance struct {
	ExtraBp   int          `json:"extraBp" minimum:"0" maximum:"10000" doc:"More time, in basis points of a quiz's limit"`
	LargeText bool         `json:"largeText" doc:"Quizzes in large text"`
	Until     courses.Date `json:"until,omitempty" doc:"The last day; to be given unless nothing is allowed"`
	By        string       `json:"by,omitempty" readOnly:"true" doc:"Who gave it"`
	On        courses.Date `json:"on,omitempty" readOnly:"true"`
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

// PersonPath is a route of one person.
type PersonPath struct {
	ID courses.PersonID `path:"id" maxLength:"36"`
}

type unitsIn struct {
	PageIn
	Query  string         `query:"q" maxLength:"100"`
	Parent courses.UnitID `query:"parent" maxLength:"40"`
	Kind   string         `query:"kind" maxLength:"20"`
	At     string         `query:"at" maxLength:"10" doc:"Day, today by default"`
}

type unitChangeIn struct {
	Code courses.UnitID `path:"code" maxLength:"40"`
	Body unitChange
}

type peopleIn struct {
	PageIn
	Query string         `query:"q" maxLength:"100"`
	Unit  courses.UnitID `query:"unit" maxLength:"40"`
}

type postingIn struct {
	PersonPath
	Body postingInput
}

type endPostingIn struct {
	PersonPath
	Posting courses.PostingID `path:"posting" maxLength:"36"`
	Body    postingEnd
}

type postingEnd struct {
	To courses.Date `json:"to" format:"date" doc:"The last day"`
}

type allowanceIn struct {
	PersonPath
	Body Allowance
}

type grantIn struct {
	PersonPath
	Body grantInput
}

type endGrantIn struct {
	PersonPath
	Grant courses.GrantID `path:"grant" maxLength:"36"`
}

type loginIn struct {
	PersonPath
	Body loginInput
}

type staffRoutes struct {
	Services
	clock courses.Clock
}

func registerStaff(api huma.API, services Services, clock courses.Clock) {
	r := staffRoutes{services, clock}
	private(api, get("listUnits", "/api/units", "Units by official order, or found by name without diacritics"), r.units)
	private(api, post("createUnit", "/api/units", "Add a unit"), r.createUnit)
	private(api, post("changeUnit", "/api/units/{code}/changes", "Rename, move or close a unit from a day"), r.changeUnit)
	private(api, get("listPositions", "/api/positions", "All job positions"), r.positions)
	private(api, get("listPeople", "/api/people", "People in the units that the actor may see, by given name"), r.people)
	private(api, post("createPerson", "/api/people", "Add a person with a first posting"), r.createPerson)
	private(api, get("getPerson", "/api/people/{id}", "One person"), r.person)
	private(api, post("addPosting", "/api/people/{id}/postings", "Post a person; a new home posting ends the one before"), r.addPosting)
	private(api, post("endPosting", "/api/people/{id}/postings/{posting}/end", "End a posting on a day"), r.endPosting)
	private(api, put("setAllowance", "/api/people/{id}/allowance", "What somebody needs in quizzes, from the next attempt on; nothing takes it back"), r.allow)
	private(api, post("addGrant", "/api/people/{id}/grants", "Give a role over a unit"), r.addGrant)
	private(api, remove("endGrant", "/api/people/{id}/grants/{grant}", "Take a role back from today"), r.endGrant)
	private(api, post("createLogin", "/api/people/{id}/login", "Make an account, or a new first password for it"), r.createLogin)
}

func (r staffRoutes) units(ctx context.Context, actor courses.Actor, in *unitsIn) (*body[list[Unit]], error) {
	filter := staff.UnitFilter{Query: in.Query, Parent: in.Parent, Kind: staff.UnitKind(in.Kind)}
	if in.At != "" {
		day, err := courses.ParseDate(in.At)
		if err != nil {
			return nil, err
		}
		filter.Day = day
	}
	found, err := r.Staff.Units(ctx, actor, filter, in.page())
	return &body[list[Unit]]{Body: list[Unit]{Items: each(found.Items, unitView), Next: found.Next}}, err
}

func (r staffRoutes) createUnit(ctx context.Context, actor courses.Actor, in *body[unitInput]) (*body[Unit], error) {
	u, err := r.Staff.CreateUnit(ctx, actor, staff.Unit{
		Code: in.Body.Code, Name: in.Body.Name, FullName: in.Body.FullName, ShortName: in.Body.ShortName,
		Kind: staff.UnitKind(in.Body.Kind), Parent: in.Body.Parent, From: in.Body.From,
	})
	return &body[Unit]{Body: unitView(u)}, err
}

func (r staffRoutes) changeUnit(ctx context.Context, actor courses.Actor, in *unitChangeIn) (*body[Unit], error) {
	u, err := r.Staff.ChangeUnit(ctx, actor, in.Code, staff.UnitChange(in.Body))
	return &body[Unit]{Body: unitView(u)}, err
}

func (r staffRoutes) positions(ctx context.Context, _ courses.Actor, _ *nothing) (*body[list[Position]], error) {
	all, err := r.Staff.Positions(ctx)
	return &body[list[Position]]{Body: list[Position]{Items: each(all, func(p staff.Position) Position {
		return Position{Code: p.Code, Title: p.Title, Body: p.Body, Group: p.Group, Verified: p.Verified}
	})}}, err
}

func (r staffRoutes) people(ctx context.Context, actor courses.Actor, in *peopleIn) (*body[list[PersonSummary]], error) {
	found, err := r.Staff.List(ctx, actor, courses.ReadPerson, in.Query, in.Unit, staff.Filter{}, in.page())
	if err != nil {
		return nil, err
	}
	names, err := r.names(ctx, r.clock)
	if err != nil {
		return nil, err
	}
	return &body[list[PersonSummary]]{Body: list[PersonSummary]{Items: each(found.Items, names.summary), Next: found.Next}}, nil
}

func (r staffRoutes) createPerson(ctx context.Context, actor courses.Actor, in *body[personInput]) (*body[Person], error) {
	return r.show(ctx)(r.Staff.Create(ctx, actor, staff.Person{
		FullName: in.Body.FullName, BirthDate: in.Body.BirthDate, Gender: in.Body.Gender,
		EthnicMinority: in.Body.EthnicMinority, Category: staff.Category(in.Body.Category),
	}, in.Body.Posting.domain()))
}

func (p postingInput) domain() staff.Posting {
	return staff.Posting{Unit: p.Unit, Position: p.Position, Kind: staff.PostingKind(p.Kind), From: p.From, To: p.To, DecisionNo: p.DecisionNo}
}

func (r staffRoutes) person(ctx context.Context, actor courses.Actor, in *PersonPath) (*body[Person], error) {
	return r.show(ctx)(r.Staff.Get(ctx, actor, in.ID))
}

func (r staffRoutes) addPosting(ctx context.Context, actor courses.Actor, in *postingIn) (*body[Person], error) {
	return r.show(ctx)(r.Staff.Post(ctx, actor, in.ID, in.Body.domain()))
}

func (r staffRoutes) endPosting(ctx context.Context, actor courses.Actor, in *endPostingIn) (*body[Person], error) {
	return r.show(ctx)(r.Staff.EndPosting(ctx, actor, in.ID, in.Posting, in.Body.To))
}

func (r staffRoutes) allow(ctx context.Context, actor courses.Actor, in *allowanceIn) (*body[Person], error) {
	return r.show(ctx)(r.Staff.Allow(ctx, actor, in.ID, staff.Allowance{ExtraBp: in.Body.ExtraBp, LargeText: in.Body.LargeText, Until: in.Body.Until}))
}

// allowance is that of a person in words.
func (r staffRoutes) allowance(ctx context.Context, a staff.Allowance) (*Allowance, error) {
	if a.By == "" {
		return nil, nil //nolint:nilnil // there is none
	}
	names, err := r.fullNames(ctx, a.By)
	return &Allowance{ExtraBp: a.ExtraBp, LargeText: a.LargeText, Until: a.Until, By: names[a.By], On: a.On}, err
}

func (r staffRoutes) addGrant(ctx context.Context, actor courses.Actor, in *grantIn) (*body[Person], error) {
	return r.show(ctx)(r.Staff.Give(ctx, actor, in.ID, staff.Grant{Role: in.Body.Role, Unit: in.Body.Unit, From: in.Body.From, To: in.Body.To}))
}

func (r staffRoutes) endGrant(ctx context.Context, actor courses.Actor, in *endGrantIn) (*nothing, error) {
	return nil, r.Staff.TakeBack(ctx, actor, in.ID, in.Grant)
}

func (r staffRoutes) createLogin(ctx context.Context, actor courses.Actor, in *loginIn) (*body[FirstPassword], error) {
	login, password, err := r.Access.CreateLogin(ctx, actor, in.ID, in.Body.Username)
	return &body[FirstPassword]{Body: FirstPassword{Username: login.Username, Password: password}}, err
}

// show turns what staff answers into the person's page.
func (r staffRoutes) show(ctx context.Context) func(staff.Person, error) (*body[Person], error) {
	return func(p staff.Person, err error) (*body[Person], error) {
		if err != nil {
			return nil, err
		}
		username, err := r.Access.Username(ctx, p.ID)
		if err != nil {
			return nil, err
		}
		names, err := r.names(ctx, r.clock)
		if err != nil {
			return nil, err
		}
		allowance, err := r.allowance(ctx, p.Allowance)
		if err != nil {
			return nil, err
		}
		return &body[Person]{Body: Person{
			ID: p.ID, FullName: p.FullName, FamilyName: p.Name.Family, MiddleName: p.Name.Middle, GivenName: p.Name.Given,
			BirthDate: p.BirthDate, Gender: p.Gender, EthnicMinority: p.EthnicMinority, Category: string(p.Category), Username: username,
			Postings: each(p.Postings, func(x staff.Posting) Posting {
				return Posting{
					ID: x.ID, Unit: x.Unit, UnitName: nameIn(names.tree, x.Unit, x.From), Position: x.Position, PositionTitle: names.titles[x.Position],
					Kind: string(x.Kind), From: x.From, To: x.To, DecisionNo: x.DecisionNo,
				}
			}),
			Grants: each(p.Grants, func(g staff.Grant) Grant {
				return Grant{ID: g.ID, Role: g.Role, Unit: g.Unit, UnitName: nameIn(names.tree, g.Unit, names.today), From: g.From, To: g.To}
			}),
			Allowance: allowance,
		}}, nil
	}
}

func unitView(u staff.Unit) Unit {
	return Unit{
		Code: u.Code, Name: u.Name, FullName: u.FullName, ShortName: u.ShortName, Kind: string(u.Kind), Parent: u.Parent,
		From: u.From, To: u.To, Verified: u.Verified,
	}
}

// names turns codes into words on one day.
type names struct {
	tree   *staff.Tree
	titles map[courses.PositionID]string
	today  courses.Date
}

func (s Services) names(ctx context.Context, clock courses.Clock) (names, error) {
	tree, err := s.Staff.Tree(ctx)
	if err != nil {
		return names{}, err
	}
	positions, err := s.Staff.Positions(ctx)
	titles := make(map[courses.PositionID]string, len(positions))
	for _, p := range positions {
		titles[p.Code] = p.Title
	}
	return names{tree: tree, titles: titles, today: clock.Today()}, err
}

// summary shows a person as lists do: with unit, position and year of birth.
func (n names) summary(p staff.Person) PersonSummary {
	view := PersonSummary{ID: p.ID, FullName: p.FullName}
	if p.BirthDate != "" {
		view.BirthYear = p.BirthDate.Time().Year()
	}
	posting, posted := p.HomePosting(n.today)
	if !posted && len(p.Postings) > 0 {
		posting, posted = p.Postings[len(p.Postings)-1], true
	}
	if posted {
		view.Unit, view.UnitName, view.PositionTitle = posting.Unit, nameIn(n.tree, posting.Unit, n.today), n.titles[posting.Position]
	}
	return view
}
