package handlers

import (
	"context"
	"haidang/courses"
	"haidang/courses/catalog"
	"haidang/courses/exchange"
	"time"

	"github.com/danielgtaylor/huma/v2"
)

// DraftCard is a course in the studio's list.
type DraftCard struct {
	ID        courses.CourseID `json:"id"`
	Code      string           `json:"code"`
	Title     string           `json:"title"`
	Owner     courses.UnitID   `json:"owner"`
	OwnerName string           `json:"ownerName"`
	Published int              `json:"published" doc:"Number of the newest version; 0 for none"`
	Changed   bool             `json:"changed" doc:"The draft differs from the newest version"`
	Keeper    string           `json:"keeper,omitempty" doc:"Name of who answers for it"`
	SavedAt   time.Time        `json:"savedAt"`
	Ended     []string         `json:"ended" nullable:"false" doc:"Documents, some with an article, that the draft or the newest version cites and that are no longer in force"`
}

// Missing is one thing that publishing asks for.
type Missing struct {
	Code   string `json:"code" enum:"title,summary,knowledge,tiet,citation,module,module_title,lesson,lesson_title,lesson_minutes,only_pretests,quiz_empty,quiz_short,statement,article_empty,asset_missing,asset_not_ready,asset_failed,asset_kind,captions,picture_alt,question,question_time,official,law_ended,law_article"`
	Path   string `json:"path" doc:"Such as modules[0].lessons[2]"`
	Name   string `json:"name,omitempty" doc:"Title of the module or lesson; number of a document"`
	Lesson string `json:"lesson,omitempty" doc:"Of codes law_ended and law_article: the lesson with the block that cites it; absent of the course itself"`

	Article string `json:"article,omitempty" doc:"Of code law_ended: the article, where the document is still in force; of law_article: the one that is not listed"`
}

// Draft is a course as its authors see it.
type Draft struct {
	Card     DraftCard      `json:"card"`
	Revision int            `json:"revision" doc:"Give it back when saving"`
	SavedBy  string         `json:"savedBy" doc:"Name of who saved it last"`
	Content  CourseContent  `json:"content"`
	Assets   []AssetView    `json:"assets" nullable:"false" doc:"The files that its lessons show"`
	May      []string       `json:"may" nullable:"false" enum:"write,review,publish" doc:"What the actor may do to it"`
	Files    courses.UnitID `json:"files" doc:"The organisation in whose name the actor sends files for it; empty for none"`
	Hands    HandsView      `json:"hands" doc:"Who keeps it besides its owner"`
	Review   *ReviewView    `json:"review,omitempty" doc:"Its way to publication; absent while authors write"`
	Missing  []Missing      `json:"missing" nullable:"false" doc:"What publishing still asks for"`
	Warnings []Missing      `json:"warnings" nullable:"false" doc:"Code tiet: far more declared than the material takes; code citation: unverified; code law_ended: cites what is no longer in force; code law_article: cites an article that the registry does not list"`
	Measures Measures       `json:"measures" doc:"How heavy and how long it is"`
}

type newCourse struct {
	Code  string         `json:"code" minLength:"1" maxLength:"40"`
	Title string         `json:"title" minLength:"1" maxLength:"300"`
	Owner courses.UnitID `json:"owner" minLength:"1" maxLength:"40"`
}

type savedDraft struct {
	Revision int              `json:"revision" minimum:"1"`
	Person   courses.PersonID `json:"person,omitempty" maxLength:"80" doc:"Who typed it: refused unless it is who is signed in"`
	Edit     string           `json:"edit,omitempty" format:"uuid" doc:"Made on the device; the same again changes nothing"`
	Content  CourseContent    `json:"content"`
}

type publishing struct {
	Revision  int          `json:"revision" minimum:"1"`
	Effective courses.Date `json:"effective,omitempty" maxLength:"10" doc:"The day from which it takes effect; today if absent"`
}

// VersionCard is a published version in a list.
type VersionCard struct {
	ID     courses.VersionID `json:"id"`
	Number int               `json:"number"`
	Class  string            `json:"class,omitempty" enum:"correction,addition,replacement" doc:"Absent of the first"`
	At     time.Time         `json:"at"`
}

// ChangedLine is one statement or one block of text that differs.
type ChangedLine struct {
	Op    string `json:"op" enum:"same,added,removed" doc:"same stands before what differs"`
	Field string `json:"field" enum:"title,summary,knowledge,tiet,position,citation,module,lesson,minutes,file,text,paper,excuse,statement,question"`
	Text  string `json:"text"`
}

// ChangedSection is a part of a course that differs.
type ChangedSection struct {
	Lesson courses.LessonID `json:"lesson,omitempty" doc:"Absent of what the course says of itself"`
	Title  string           `json:"title"`
	Lines  []ChangedLine    `json:"lines" nullable:"false"`
}

// Changes is what differs between two versions, or a version and the draft.
type Changes struct {
	Sections []ChangedSection `json:"sections" nullable:"false"`
}

type restoring struct {
	Version  courses.VersionID `json:"version" minLength:"1" maxLength:"36"`
	Revision int               `json:"revision" minimum:"1"`
}

type studioRoutes struct{ catalogRoutes }

func registerStudio(api huma.API, services Services, clock courses.Clock) {
	r := studioRoutes{catalogRoutes{Services: services, clock: clock}}
	private(api, get("listDrafts", "/api/studio/courses", "Courses that the actor's organisations own, latest change first"), r.list)
	private(api, post("createCourse", "/api/studio/courses", "Begin a course"), r.create)
	private(api, get("getDraft", "/api/studio/courses/{id}", "The draft of a course"), r.draft)
	private(api, large(put("saveDraft", "/api/studio/courses/{id}", "Save the draft; refused when somebody saved meanwhile")), r.save)
	private(api, post("importDocument", "/api/studio/courses/{id}/import", "Add the lessons of an uploaded .docx or .pptx to the draft; refused when somebody saved meanwhile"), r.importDocument)
	private(api, get("listVersions", "/api/studio/courses/{id}/versions", "Published versions, newest first"), r.versions)
	private(api, get("listChanges", "/api/studio/courses/{id}/changes", "What differs between two versions, block by block"), r.changes)
	private(api, large(post("compareDraft", "/api/studio/courses/{id}/compare", "What differs between the draft as it is kept and another content; nothing is saved")), r.compare)
	private(api, post("restoreVersion", "/api/studio/courses/{id}/restore", "Make the content of a version the draft; refused when somebody saved meanwhile"), r.restore)
	private(api, post("publishCourse", "/api/studio/courses/{id}/versions", "Publish the approved draft as the next version, today or on a day to come"), r.publish)
}

// large lets an operation take a whole draft.
func large(op huma.Operation) huma.Operation {
	op.MaxBodyBytes = draftLimit
	return op
}

type draftsIn struct {
	PageIn
	Mine bool `query:"mine" doc:"Only those that the actor keeps or stands in for"`
}

func (r studioRoutes) list(ctx context.Context, actor courses.Actor, in *draftsIn) (*body[list[DraftCard]], error) {
	drafts, err := r.Catalog.Drafts(ctx, actor, in.Mine, in.page())
	if err != nil {
		return nil, err
	}
	tree, err := r.Staff.Tree(ctx)
	if err != nil {
		return nil, err
	}
	names, err := r.fullNames(ctx, each(drafts.Items, func(c catalog.Course) courses.PersonID { return c.Hands.Keeper })...)
	if err != nil {
		return nil, err
	}
	cards := make([]DraftCard, len(drafts.Items))
	for i, c := range drafts.Items {
		ended, err := r.endedLaws(ctx, c.AllCited())
		if err != nil {
			return nil, err
		}
		cards[i] = draftCard(c, nameIn(tree, c.Owner, r.clock.Today()), names, ended)
	}
	return &body[list[DraftCard]]{Body: list[DraftCard]{Items: cards, Next: drafts.Next}}, nil
}

func (r studioRoutes) create(ctx context.Context, actor courses.Actor, in *body[newCourse]) (*body[Draft], error) {
	return r.show(ctx)(r.Catalog.Create(ctx, actor, in.Body.Code, in.Body.Title, in.Body.Owner))
}

func (r studioRoutes) draft(ctx context.Context, actor courses.Actor, in *CoursePath) (*body[Draft], error) {
	return r.show(ctx)(r.Catalog.Draft(ctx, actor, in.ID))
}

type saveIn struct {
	CoursePath
	Body savedDraft
}

func (r studioRoutes) save(ctx context.Context, actor courses.Actor, in *saveIn) (*body[Draft], error) {
	if err := ownOnly(actor, in.Body.Person); err != nil {
		return nil, err
	}
	return r.show(ctx)(r.Catalog.SaveOnce(ctx, actor, in.ID, in.Body.Revision, in.Body.Edit, in.Body.Content.domain()))
}

type publishIn struct {
	CoursePath
	Body publishing
}

func (r studioRoutes) publish(ctx context.Context, actor courses.Actor, in *publishIn) (*body[Draft], error) {
	return r.show(ctx)(r.Catalog.Publish(ctx, actor, in.ID, in.Body.Revision, in.Body.Effective))
}

type importIn struct {
	CoursePath
	Body struct {
		Revision int             `json:"revision" minimum:"1"`
		Asset    courses.AssetID `json:"asset" minLength:"1" maxLength:"36" doc:"The uploaded document, looked into"`
	}
}

// ImportView is a draft after an import.
type ImportView struct {
	Draft   Draft      `json:"draft"`
	Dropped []DropView `json:"dropped" nullable:"false" doc:"What was left out"`
}

// DropView says that something of a document was left out, and how often.
type DropView struct {
	Code  string `json:"code" enum:"macro,text_box,chart,diagram,embedded_object,equation,symbol,footnote,comment,deleted_text,hidden_text,contents,table_columns,hidden_slide,picture_type,picture_size,picture_count,picture_missing,external_picture,external_part"`
	Count int    `json:"count"`
}

// importTime is how long an import may take; a hostile document takes longer than
// a request has.
const importTime = 2 * time.Minute

func (r studioRoutes) importDocument(ctx context.Context, actor courses.Actor, in *importIn) (*body[ImportView], error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), importTime)
	defer cancel()
	e, dropped, err := r.Importer.Import(ctx, actor, in.ID, in.Body.Revision, in.Body.Asset)
	draft, err := r.show(ctx)(e, err)
	if err != nil {
		return nil, err
	}
	return &body[ImportView]{Body: ImportView{Draft: draft.Body, Dropped: each(dropped, func(d exchange.Drop) DropView { return DropView(d) })}}, nil
}

type versionsIn struct {
	CoursePath
	PageIn
}

func (r studioRoutes) versions(ctx context.Context, actor courses.Actor, in *versionsIn) (*body[list[VersionCard]], error) {
	found, err := r.Catalog.Versions(ctx, actor, in.ID, in.page())
	if err != nil {
		return nil, err
	}
	return &body[list[VersionCard]]{Body: list[VersionCard]{Next: found.Next, Items: each(found.Items, func(v catalog.Version) VersionCard {
		return VersionCard{ID: v.ID, Number: v.Number, Class: string(v.Class), At: v.PublishedAt}
	})}}, nil
}

type changesIn struct {
	CoursePath
	From courses.VersionID `query:"from" maxLength:"36" required:"true" doc:"The older version"`
	To   courses.VersionID `query:"to" maxLength:"36" doc:"The newer version; the draft if absent"`
}

func (r studioRoutes) changes(ctx context.Context, actor courses.Actor, in *changesIn) (*body[Changes], error) {
	sections, err := r.Catalog.Changes(ctx, actor, in.ID, in.From, in.To)
	if err != nil {
		return nil, err
	}
	return changesView(sections), nil
}

func changesView(sections []catalog.Section) *body[Changes] {
	return &body[Changes]{Body: Changes{Sections: each(sections, func(s catalog.Section) ChangedSection {
		return ChangedSection{Lesson: s.Lesson, Title: s.Title, Lines: each(s.Lines, func(l catalog.Line) ChangedLine {
			return ChangedLine{Op: string(l.Op), Field: string(l.Field), Text: l.Text}
		})}
	})}}
}

type compareIn struct {
	CoursePath
	Body struct {
		Content CourseContent `json:"content"`
	}
}

func (r studioRoutes) compare(ctx context.Context, actor courses.Actor, in *compareIn) (*body[Changes], error) {
	sections, err := r.Catalog.Compare(ctx, actor, in.ID, in.Body.Content.domain())
	if err != nil {
		return nil, err
	}
	return changesView(sections), nil
}

type restoreIn struct {
	CoursePath
	Body restoring
}

func (r studioRoutes) restore(ctx context.Context, actor courses.Actor, in *restoreIn) (*body[Draft], error) {
	return r.show(ctx)(r.Catalog.Restore(ctx, actor, in.ID, in.Body.Version, in.Body.Revision))
}

// show turns what the catalogue answers into the studio's view of a draft.
func (r studioRoutes) show(ctx context.Context) func(catalog.Editable, error) (*body[Draft], error) {
	return func(e catalog.Editable, err error) (*body[Draft], error) {
		if err != nil {
			return nil, err
		}
		tree, err := r.Staff.Tree(ctx)
		if err != nil {
			return nil, err
		}
		assets, err := r.assetViews(ctx, e.Course.Draft)
		if err != nil {
			return nil, err
		}
		ended, err := r.endedLaws(ctx, e.Course.AllCited())
		if err != nil {
			return nil, err
		}
		warnings, err := r.lawWarnings(ctx, e.Course.Draft)
		if err != nil {
			return nil, err
		}
		people := append([]courses.PersonID{e.Course.SavedBy, e.Course.Hands.Keeper}, e.Course.Hands.Deputies...)
		if v := e.Course.Review; v != nil {
			people = append(people, v.Submitter, v.Owner)
		}
		names, err := r.fullNames(ctx, people...)
		if err != nil {
			return nil, err
		}
		today := r.clock.Today()
		d := Draft{
			SavedBy: names[e.Course.SavedBy],
			Card:    draftCard(e.Course, nameIn(tree, e.Course.Owner, today), names, ended),
			May:     each(e.May, deedName), Files: e.Files, Hands: handsView(e.Course.Hands, tree, names, today),
			Revision: e.Course.Revision, Content: contentView(e.Course.Draft), Assets: assets,
			Missing: each(e.Missing, missingView), Warnings: append(each(e.Warnings, missingView), warnings...),
			Measures: measuresView(e.Course.Draft, e.Measures),
		}
		if e.Course.Review != nil {
			review := reviewView(*e.Course.Review, tree, names, today)
			d.Review = &review
		}
		return &body[Draft]{Body: d}, nil
	}
}

func missingView(m catalog.Missing) Missing { return Missing{Code: m.Code, Path: m.Path, Name: m.Name} }

func draftCard(c catalog.Course, ownerName string, names map[courses.PersonID]string, ended []EndedLaw) DraftCard {
	card := DraftCard{
		Ended: each(ended, EndedLaw.named),
		ID:    c.ID, Code: c.Code, Title: c.Draft.Title, Owner: c.Owner, OwnerName: ownerName,
		Changed: c.Changed(), SavedAt: c.SavedAt, Keeper: names[c.Hands.Keeper],
	}
	if c.Newest != nil {
		card.Published = c.Newest.Number
	}
	return card
}
