package handlers

import (
	"context"
	"haidang/courses"
	"haidang/courses/catalog"
	"haidang/courses/staff"
	"time"

	"github.com/danielgtaylor/huma/v2"
)

// ReviewView is a draft's way to publication.
type ReviewView struct {
	Step          string           `json:"step" enum:"content,legal,pilot,ready"`
	Class         string           `json:"class,omitempty" enum:"correction,addition,replacement" doc:"Absent of the first version"`
	Submitter     courses.PersonID `json:"submitter" doc:"Reviews nothing of this round"`
	SubmitterName string           `json:"submitterName"`
	Since         time.Time        `json:"since" doc:"When the step began"`
	Due           courses.Date     `json:"due" doc:"The last day of the step"`
	Late          bool             `json:"late" doc:"That day has passed"`
	OwnerName     string           `json:"ownerName,omitempty" doc:"Who took the step; absent while nobody did"`
	Communes      []string         `json:"communes" nullable:"false" doc:"Names of those that read the pilot"`
	Effective     courses.Date     `json:"effective,omitempty" doc:"The day on which an approved draft will be published"`
}

// ReviewCard is a course under review in a list.
type ReviewCard struct {
	Card   DraftCard  `json:"card"`
	Review ReviewView `json:"review"`
}

// ConsequencesView is what publishing a draft would mean.
type ConsequencesView struct {
	Finished int             `json:"finished" doc:"How often the course was completed"`
	Open     int             `json:"open" doc:"How many are on it: they finish the version that they are on"`
	Lessons  []OutlineLesson `json:"lessons" nullable:"false" doc:"New, or saying something else than the newest version: what an addition asks of those who finished"`
}

// NoteView is a comment on a draft, or an entry of its review's history.
type NoteView struct {
	ID         catalog.NoteID   `json:"id"`
	Kind       string           `json:"kind" enum:"comment,submitted,taken,passed,sent_back,withdrawn,scheduled,published,handed,shared"`
	Step       string           `json:"step,omitempty" enum:"content,legal,pilot,ready" doc:"At which it was written; absent while authors write"`
	At         time.Time        `json:"at"`
	PersonName string           `json:"personName"`
	ToName     string           `json:"toName,omitempty" doc:"Of kind handed: the new keeper"`
	UnitName   string           `json:"unitName,omitempty" doc:"The commune that it speaks for, in a pilot"`
	Lesson     courses.LessonID `json:"lesson,omitempty"`
	Block      string           `json:"block,omitempty"`
	Quote      string           `json:"quote,omitempty" doc:"How the block began when it was written"`
	Text       string           `json:"text"`
	Done       bool             `json:"done" doc:"Marked as dealt with"`
}

// PilotView is a draft that a commune is asked to read.
type PilotView struct {
	Title     string        `json:"title"`
	OwnerName string        `json:"ownerName"`
	Due       courses.Date  `json:"due"`
	Content   CourseContent `json:"content"`
	Assets    []AssetView   `json:"assets" nullable:"false"`
}

// PilotCard is a draft that a commune is asked to read, in a list.
type PilotCard struct {
	ID        courses.CourseID `json:"id"`
	Title     string           `json:"title"`
	OwnerName string           `json:"ownerName"`
	Due       courses.Date     `json:"due"`
}

type submitIn struct {
	CoursePath
	Body struct {
		Revision int    `json:"revision" minimum:"1"`
		Class    string `json:"class,omitempty" enum:",correction,addition,replacement" doc:"Needed from the second version on"`
	}
}

type stepIn struct {
	CoursePath
	Body struct {
		Action   string           `json:"action" enum:"take,pass,send_back,withdraw"`
		Text     string           `json:"text,omitempty" maxLength:"4000" doc:"Needed to send back: what has to be changed"`
		Communes []courses.UnitID `json:"communes,omitempty" nullable:"false" maxItems:"3" doc:"When the legal check is passed: the two or three that read the pilot; none for no pilot"`
		Due      courses.Date     `json:"due,omitempty" maxLength:"10" doc:"The last day of the next step"`
	}
}

type sayIn struct {
	CoursePath
	Body struct {
		Lesson courses.LessonID `json:"lesson,omitempty" maxLength:"36"`
		Block  string           `json:"block,omitempty" maxLength:"36"`
		Text   string           `json:"text" minLength:"1" maxLength:"4000"`
	}
}

type notesIn struct {
	CoursePath
	PageIn
}

type settleIn struct {
	CoursePath
	Note catalog.NoteID `path:"note" maxLength:"36"`
	Body struct {
		Done bool `json:"done"`
	}
}

func registerReview(api huma.API, services Services, clock courses.Clock) {
	r := studioRoutes{catalogRoutes{Services: services, clock: clock}}
	private(api, get("listReviews", "/api/studio/reviews", "Courses under review of the actor's organisations, due first"), r.reviews)
	private(api, get("listStale", "/api/studio/stale", "Published courses of the actor's organisations that cite a document no longer in force, newest first"), r.stale)
	private(api, post("submitDraft", "/api/studio/courses/{id}/review", "Hand the draft to the reviewers"), r.submit)
	private(api, post("stepReview", "/api/studio/courses/{id}/step", "Take, pass or send back the step that the draft stands at, or withdraw it"), r.step)
	private(api, get("getConsequences", "/api/studio/courses/{id}/consequences", "What publishing the draft would mean to those who learnt the course"), r.consequences)
	private(api, get("listNotes", "/api/studio/courses/{id}/notes", "Comments on a draft and the history of its review, newest first; open to communes that read a pilot"), r.notes)
	private(api, post("addNote", "/api/studio/courses/{id}/notes", "Comment on a draft; open to communes that read a pilot"), r.say)
	private(api, put("settleNote", "/api/studio/courses/{id}/notes/{note}", "Mark a comment as dealt with, or as open again"), r.settle)
	private(api, get("listPilots", "/api/pilots", "Drafts that the actor's commune is asked to read, due first"), r.pilots)
	private(api, get("getPilot", "/api/pilots/{id}", "A draft that the actor's commune is asked to read"), r.pilot)
}

func (r studioRoutes) submit(ctx context.Context, actor courses.Actor, in *submitIn) (*body[Draft], error) {
	return r.show(ctx)(r.Catalog.Submit(ctx, actor, in.ID, in.Body.Revision, catalog.Class(in.Body.Class)))
}

func (r studioRoutes) consequences(ctx context.Context, actor courses.Actor, in *CoursePath) (*body[ConsequencesView], error) {
	c, err := r.Learning.Consequences(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	view := ConsequencesView{Finished: c.Finished, Open: c.Open, Lessons: []OutlineLesson{}}
	for _, l := range c.Lessons {
		view.Lessons = append(view.Lessons, OutlineLesson{ID: l.ID, Kind: string(l.Kind), Title: l.Title, Minutes: l.Minutes})
	}
	return &body[ConsequencesView]{Body: view}, nil
}

func (r studioRoutes) step(ctx context.Context, actor courses.Actor, in *stepIn) (*body[Draft], error) {
	switch b := in.Body; b.Action {
	case "take":
		return r.show(ctx)(r.Catalog.Take(ctx, actor, in.ID))
	case "pass":
		return r.show(ctx)(r.Catalog.Pass(ctx, actor, in.ID, catalog.Passing{Text: b.Text, Communes: b.Communes, Due: b.Due}))
	case "send_back":
		return r.show(ctx)(r.Catalog.SendBack(ctx, actor, in.ID, b.Text))
	default:
		return r.show(ctx)(r.Catalog.Withdraw(ctx, actor, in.ID))
	}
}

// reviewView shows a review; names has those of its people.
func reviewView(v catalog.Review, tree *staff.Tree, names map[courses.PersonID]string, today courses.Date) ReviewView {
	return ReviewView{
		Step: string(v.Step), Class: string(v.Class), Submitter: v.Submitter, SubmitterName: names[v.Submitter], OwnerName: names[v.Owner],
		Since: v.Since, Due: v.Due, Late: v.Due < today, Effective: v.Effective,
		Communes: each(v.Communes, func(u courses.UnitID) string { return nameIn(tree, u, today) }),
	}
}

// fullNames is the full names of people.
func (s Services) fullNames(ctx context.Context, ids ...courses.PersonID) (map[courses.PersonID]string, error) {
	people, err := s.Staff.People(ctx, ids)
	if err != nil {
		return nil, err
	}
	names := make(map[courses.PersonID]string, len(people))
	for id, p := range people {
		names[id] = p.FullName
	}
	return names, nil
}

func (r studioRoutes) reviews(ctx context.Context, actor courses.Actor, in *PageIn) (*body[list[ReviewCard]], error) {
	found, err := r.Catalog.Reviews(ctx, actor, in.page())
	if err != nil {
		return nil, err
	}
	tree, err := r.Staff.Tree(ctx)
	if err != nil {
		return nil, err
	}
	var people []courses.PersonID
	for _, c := range found.Items {
		people = append(people, c.Review.Submitter, c.Review.Owner, c.Hands.Keeper)
	}
	names, err := r.fullNames(ctx, people...)
	if err != nil {
		return nil, err
	}
	today := r.clock.Today()
	return &body[list[ReviewCard]]{Body: list[ReviewCard]{Next: found.Next, Items: each(found.Items, func(c catalog.Course) ReviewCard {
		return ReviewCard{Card: draftCard(c, nameIn(tree, c.Owner, today), names, nil), Review: reviewView(*c.Review, tree, names, today)}
	})}}, nil
}

// StaleCard is a published course that has to be looked through.
type StaleCard struct {
	ID        courses.CourseID `json:"id"`
	Code      string           `json:"code"`
	Title     string           `json:"title"`
	OwnerName string           `json:"ownerName"`
	Ended     []EndedLaw       `json:"ended" nullable:"false" doc:"What it cites and is no longer in force"`

	Certificates int `json:"certificates,omitempty" doc:"How many valid certificates rest on the version that does"`
}

func (r studioRoutes) stale(ctx context.Context, actor courses.Actor, in *PageIn) (*body[list[StaleCard]], error) {
	ending, err := r.Laws.Ending(ctx)
	if err != nil {
		return nil, err
	}
	found, err := r.Catalog.Stale(ctx, actor, func(place catalog.Reference) bool { _, ended := ending(lawCitation(place)); return ended }, in.page())
	if err != nil {
		return nil, err
	}
	tree, err := r.Staff.Tree(ctx)
	if err != nil {
		return nil, err
	}
	certified, err := r.Certificates.CountOf(ctx, each(found.Items, func(c catalog.Course) courses.VersionID { return c.Newest.Version }))
	if err != nil {
		return nil, err
	}
	cards := make([]StaleCard, len(found.Items))
	for i, c := range found.Items {
		cards[i] = StaleCard{ID: c.ID, Code: c.Code, Title: c.Newest.Title, OwnerName: nameIn(tree, c.Owner, r.clock.Today()), Certificates: certified[c.Newest.Version]}
		if cards[i].Ended, err = r.endedLaws(ctx, c.Newest.Cited); err != nil {
			return nil, err
		}
	}
	return &body[list[StaleCard]]{Body: list[StaleCard]{Items: cards, Next: found.Next}}, nil
}

func (r studioRoutes) notes(ctx context.Context, actor courses.Actor, in *notesIn) (*body[list[NoteView]], error) {
	found, err := r.Catalog.Notes(ctx, actor, in.ID, in.page())
	if err != nil {
		return nil, err
	}
	views, err := r.noteViews(ctx, found.Items...)
	if err != nil {
		return nil, err
	}
	return &body[list[NoteView]]{Body: list[NoteView]{Items: views, Next: found.Next}}, nil
}

func (r studioRoutes) noteViews(ctx context.Context, notes ...catalog.Note) ([]NoteView, error) {
	tree, err := r.Staff.Tree(ctx)
	if err != nil {
		return nil, err
	}
	var people []courses.PersonID
	for _, n := range notes {
		people = append(people, n.Person, n.To)
	}
	names, err := r.fullNames(ctx, people...)
	if err != nil {
		return nil, err
	}
	return each(notes, func(n catalog.Note) NoteView {
		view := NoteView{
			ID: n.ID, Kind: string(n.Kind), Step: string(n.Step), At: n.At, PersonName: names[n.Person], ToName: names[n.To],
			Lesson: n.Lesson, Block: n.Block, Quote: n.Quote, Text: n.Text, Done: n.DoneAt != nil,
		}
		if n.Unit != "" {
			view.UnitName = nameIn(tree, n.Unit, r.clock.Today())
		}
		return view
	}), nil
}

func (r studioRoutes) say(ctx context.Context, actor courses.Actor, in *sayIn) (*body[NoteView], error) {
	n, err := r.Catalog.Say(ctx, actor, in.ID, in.Body.Lesson, in.Body.Block, in.Body.Text)
	if err != nil {
		return nil, err
	}
	views, err := r.noteViews(ctx, n)
	if err != nil {
		return nil, err
	}
	return &body[NoteView]{Body: views[0]}, nil
}

func (r studioRoutes) settle(ctx context.Context, actor courses.Actor, in *settleIn) (*struct{}, error) {
	return nil, r.Catalog.Settle(ctx, actor, in.ID, in.Note, in.Body.Done)
}

func (r studioRoutes) pilots(ctx context.Context, actor courses.Actor, in *PageIn) (*body[list[PilotCard]], error) {
	found, err := r.Catalog.Pilots(ctx, actor, in.page())
	if err != nil {
		return nil, err
	}
	tree, err := r.Staff.Tree(ctx)
	if err != nil {
		return nil, err
	}
	today := r.clock.Today()
	return &body[list[PilotCard]]{Body: list[PilotCard]{Next: found.Next, Items: each(found.Items, func(c catalog.Course) PilotCard {
		return PilotCard{ID: c.ID, Title: c.Draft.Title, OwnerName: nameIn(tree, c.Owner, today), Due: c.Review.Due}
	})}}, nil
}

func (r studioRoutes) pilot(ctx context.Context, actor courses.Actor, in *CoursePath) (*body[PilotView], error) {
	c, err := r.Catalog.PilotOf(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	tree, err := r.Staff.Tree(ctx)
	if err != nil {
		return nil, err
	}
	assets, err := r.assetViews(ctx, c.Draft)
	if err != nil {
		return nil, err
	}
	return &body[PilotView]{Body: PilotView{
		Title: c.Draft.Title, OwnerName: nameIn(tree, c.Owner, r.clock.Today()), Due: c.Review.Due,
		Content: contentView(c.Draft), Assets: assets,
	}}, nil
}
