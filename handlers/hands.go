package handlers

import (
	"context"
	"haidang/courses"
	"haidang/courses/catalog"
	"haidang/courses/staff"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// PersonName is somebody by name.
type PersonName struct {
	ID   courses.PersonID `json:"id"`
	Name string           `json:"name"`
}

// UnitName is a unit by name.
type UnitName struct {
	Code courses.UnitID `json:"code"`
	Name string         `json:"name"`
}

// HandsView says who keeps a course besides its owner.
type HandsView struct {
	CoOwners []UnitName   `json:"coOwners" nullable:"false" doc:"Organisations that read, write and review it, too"`
	Keeper   PersonName   `json:"keeper" doc:"Who answers for it; empty for nobody"`
	Deputies []PersonName `json:"deputies" nullable:"false" doc:"Stand in for the keeper"`
}

type handsSaved struct {
	CoOwners []courses.UnitID   `json:"coOwners" maxItems:"5" nullable:"false"`
	Keeper   courses.PersonID   `json:"keeper" minLength:"1" maxLength:"36"`
	Deputies []courses.PersonID `json:"deputies" maxItems:"3" nullable:"false"`
}

// KeepingView is courses of an organisation whose keeper is no longer there.
type KeepingView struct {
	Owner   UnitName   `json:"owner"`
	Keeper  PersonName `json:"keeper" doc:"Empty where nobody ever kept them"`
	Courses int        `json:"courses"`
}

type handingOver struct {
	Owner courses.UnitID   `json:"owner" minLength:"1" maxLength:"40"`
	From  courses.PersonID `json:"from" maxLength:"36" doc:"Whose courses; empty for those that nobody keeps"`
	To    courses.PersonID `json:"to" minLength:"1" maxLength:"36"`
}

type handsRoutes struct{ studioRoutes }

func registerHands(api huma.API, services Services, clock courses.Clock) {
	r := handsRoutes{studioRoutes{catalogRoutes{Services: services, clock: clock}}}
	private(api, get("listKeepers", "/api/studio/keepers", "Who could keep courses of an organisation, by given name"), r.keepers)
	private(api, put("setHands", "/api/studio/courses/{id}/hands", "Say who keeps a course: co-owners, keeper and deputies"), r.set)
	private(api, get("listHandovers", "/api/studio/handovers", "Keepers who no longer work for the organisation whose courses they keep"), r.left)
	private(api, post("handOver", "/api/studio/handovers", "Give all courses that somebody keeps for an organisation to another"), r.handOver)
}

type keepersIn struct {
	Owner courses.UnitID `query:"owner" maxLength:"40" required:"true"`
}

func (r handsRoutes) keepers(ctx context.Context, actor courses.Actor, in *keepersIn) (*body[list[PersonName]], error) {
	people, err := r.Catalog.Candidates(ctx, actor, in.Owner)
	if err != nil {
		return nil, err
	}
	names, err := r.fullNames(ctx, people...)
	if err != nil {
		return nil, err
	}
	return &body[list[PersonName]]{Body: list[PersonName]{Items: namesOf(people, names)}}, nil
}

type handsIn struct {
	CoursePath
	Body handsSaved
}

func (r handsRoutes) set(ctx context.Context, actor courses.Actor, in *handsIn) (*body[Draft], error) {
	return r.show(ctx)(r.Catalog.SetHands(ctx, actor, in.ID, catalog.Hands(in.Body)))
}

func (r handsRoutes) left(ctx context.Context, actor courses.Actor, _ *struct{}) (*body[list[KeepingView]], error) {
	left, err := r.Catalog.Left(ctx, actor)
	if err != nil {
		return nil, err
	}
	names, err := r.fullNames(ctx, each(left, func(k catalog.Keeping) courses.PersonID { return k.Keeper })...)
	if err != nil {
		return nil, err
	}
	tree, err := r.Staff.Tree(ctx)
	if err != nil {
		return nil, err
	}
	return &body[list[KeepingView]]{Body: list[KeepingView]{Items: each(left, func(k catalog.Keeping) KeepingView {
		return KeepingView{
			Owner:  UnitName{k.Owner, nameIn(tree, k.Owner, r.clock.Today())},
			Keeper: PersonName{k.Keeper, names[k.Keeper]}, Courses: k.Courses,
		}
	})}}, nil
}

// HandedOver says how many courses changed hands.
type HandedOver struct {
	Courses int `json:"courses"`
}

func (r handsRoutes) handOver(ctx context.Context, actor courses.Actor, in *body[handingOver]) (*body[HandedOver], error) {
	n, err := r.Catalog.HandOver(ctx, actor, in.Body.Owner, in.Body.From, in.Body.To)
	return &body[HandedOver]{Body: HandedOver{Courses: n}}, err
}

// deedName is an action as the studio calls it: course.write is write.
func deedName(action courses.Action) string {
	return strings.TrimPrefix(string(action), "course.")
}

func namesOf(people []courses.PersonID, names map[courses.PersonID]string) []PersonName {
	list := make([]PersonName, len(people))
	for i, id := range people {
		list[i] = PersonName{id, names[id]}
	}
	return list
}

func handsView(h catalog.Hands, tree *staff.Tree, names map[courses.PersonID]string, today courses.Date) HandsView {
	units := make([]UnitName, len(h.CoOwners))
	for i, code := range h.CoOwners {
		units[i] = UnitName{code, nameIn(tree, code, today)}
	}
	return HandsView{CoOwners: units, Keeper: PersonName{h.Keeper, names[h.Keeper]}, Deputies: namesOf(h.Deputies, names)}
}
