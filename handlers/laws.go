package handlers

import (
	"context"
	"haidang/courses"
	"haidang/courses/catalog"
	"haidang/courses/laws"
	"haidang/courses/vietnamese"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"
)

// Law is a legal document in the registry.
type Law struct {
	ID         courses.DocumentID `json:"id"`
	Number     string             `json:"number"`
	Kind       string             `json:"kind" enum:"luat,nghi_quyet,nghi_dinh,thong_tu,quyet_dinh,chi_thi,thong_bao,khac"`
	Abstract   string             `json:"abstract"`
	Issuer     string             `json:"issuer"`
	From       courses.Date       `json:"from" doc:"The first day in force"`
	Until      courses.Date       `json:"until,omitempty" doc:"The last day in force; absent while nobody knows one"`
	ReplacedBy string             `json:"replacedBy,omitempty" doc:"The number of what took its place"`
	State      string             `json:"state" enum:"coming,in_force,ended"`
	Articles   []LawArticle       `json:"articles,omitempty" nullable:"false" doc:"Of a document alone, as far as they are listed; lists leave them out"`
	Keeper     courses.UnitID     `json:"keeper"`
	KeeperName string             `json:"keeperName" doc:"The organisation that keeps the entry current"`
	Revision   int                `json:"revision" doc:"Give it back when saving"`
	SavedAt    time.Time          `json:"savedAt"`
}

// LawArticle is an article of a legal document.
type LawArticle struct {
	Label     string       `json:"label"`
	Title     string       `json:"title,omitempty"`
	From      courses.Date `json:"from,omitempty" doc:"Its own first day in force; absent where it is the document's"`
	Until     courses.Date `json:"until,omitempty" doc:"Its own last day in force; absent where it is the document's"`
	ChangedBy string       `json:"changedBy,omitempty" doc:"The number of what amended or repealed it"`
	State     string       `json:"state" enum:"coming,in_force,ended"`
}

// ArticleChange gives an article days of its own.
type ArticleChange struct {
	Label     string       `json:"label" minLength:"1" maxLength:"60" doc:"As the list of articles has it, or as a citation names it"`
	From      courses.Date `json:"from,omitempty" maxLength:"10"`
	Until     courses.Date `json:"until,omitempty" maxLength:"10"`
	ChangedBy string       `json:"changedBy,omitempty" maxLength:"60"`
}

// LawInput is what people say of a legal document.
type LawInput struct {
	Number     string       `json:"number" minLength:"1" maxLength:"60" doc:"As written: 118/2025/NĐ-CP"`
	Kind       string       `json:"kind" enum:"luat,nghi_quyet,nghi_dinh,thong_tu,quyet_dinh,chi_thi,thong_bao,khac"`
	Abstract   string       `json:"abstract" maxLength:"500"`
	Issuer     string       `json:"issuer" maxLength:"200"`
	From       courses.Date `json:"from" maxLength:"10"`
	Until      courses.Date `json:"until,omitempty" maxLength:"10"`
	ReplacedBy string       `json:"replacedBy,omitempty" maxLength:"60"`

	Articles string          `json:"articles,omitempty" maxLength:"100000" doc:"All of them, one a line: Điều 5. Thẩm quyền"`
	Changes  []ArticleChange `json:"changes,omitempty" maxItems:"1000" doc:"Those of the articles whose days are not the document's"`
}

type newLaw struct {
	Law    LawInput       `json:"law"`
	Keeper courses.UnitID `json:"keeper" minLength:"1" maxLength:"40"`
}

type savedLaw struct {
	Law      LawInput `json:"law"`
	Revision int      `json:"revision" minimum:"1"`
}

// CitingCourse is a published course that cites a legal document.
type CitingCourse struct {
	CourseCard
	Articles []string `json:"articles" nullable:"false" doc:"Those that it names, by label, else as written; an empty one where it cites the document as a whole"`
}

// CitedLaw is a document that a course cites, as learners see it.
type CitedLaw struct {
	Citation
	Ended      courses.Date `json:"ended,omitempty" doc:"The last day in force of a document that is no longer; the course is being reviewed"`
	ReplacedBy string       `json:"replacedBy,omitempty" doc:"Of an ended one: the number of what took its place"`
}

type lawRoutes struct{ catalogRoutes }

func registerLaws(api huma.API, services Services, clock courses.Clock) {
	r := lawRoutes{catalogRoutes{Services: services, clock: clock}}
	private(api, get("listLaws", "/api/laws", "The registry of legal documents, newest in force first"), r.list)
	private(api, post("addLaw", "/api/laws", "Enter a legal document"), r.add)
	private(api, get("getLaw", "/api/laws/{id}", "A legal document"), r.one)
	private(api, put("saveLaw", "/api/laws/{id}", "Change a legal document; refused when somebody saved meanwhile"), r.save)
	private(api, get("lookUpCitation", "/api/citation", "What the registry knows of a citation as somebody types it"), r.look)
	private(api, get("lawCourses", "/api/laws/{id}/courses", "Published courses that cite a legal document, newest first"), r.citing)
}

type lawsIn struct {
	PageIn
	Words string `query:"q" maxLength:"200" doc:"In number, abstract or issuer; marks do not matter"`
	State string `query:"state" enum:"coming,in_force,ended"`
}

// LawPath names a legal document.
type LawPath struct {
	ID courses.DocumentID `path:"id" maxLength:"36"`
}

func (r lawRoutes) list(ctx context.Context, _ courses.Actor, in *lawsIn) (*body[list[Law]], error) {
	found, err := r.Laws.List(ctx, laws.Filter{Words: in.Words, State: laws.State(in.State)}, in.page())
	if err != nil {
		return nil, err
	}
	views, err := r.views(ctx, found.Items...)
	if err != nil {
		return nil, err
	}
	return &body[list[Law]]{Body: list[Law]{Items: views, Next: found.Next}}, nil
}

// views shows documents as they stand today.
func (r lawRoutes) views(ctx context.Context, found ...laws.Document) ([]Law, error) {
	tree, err := r.Staff.Tree(ctx)
	if err != nil {
		return nil, err
	}
	today := r.clock.Today()
	return each(found, func(d laws.Document) Law { return lawView(d, nameIn(tree, d.Keeper, today), today) }), nil
}

// show turns what the registry answers into the view of a document.
func (r lawRoutes) show(ctx context.Context) func(laws.Document, error) (*body[Law], error) {
	return func(d laws.Document, err error) (*body[Law], error) {
		if err != nil {
			return nil, err
		}
		views, err := r.views(ctx, d)
		if err != nil {
			return nil, err
		}
		views[0].Articles = articleViews(d, d.Articles, r.clock.Today())
		return &body[Law]{Body: views[0]}, nil
	}
}

func (r lawRoutes) one(ctx context.Context, _ courses.Actor, in *LawPath) (*body[Law], error) {
	return r.show(ctx)(r.Laws.Get(ctx, in.ID))
}

func (r lawRoutes) add(ctx context.Context, actor courses.Actor, in *body[newLaw]) (*body[Law], error) {
	d, err := in.Body.Law.domain()
	if err != nil {
		return nil, err
	}
	d.Keeper = in.Body.Keeper
	return r.show(ctx)(r.Laws.Add(ctx, actor, d))
}

type saveLawIn struct {
	LawPath
	Body savedLaw
}

func (r lawRoutes) save(ctx context.Context, actor courses.Actor, in *saveLawIn) (*body[Law], error) {
	d, err := in.Body.Law.domain()
	if err != nil {
		return nil, err
	}
	return r.show(ctx)(r.Laws.Change(ctx, actor, in.ID, in.Body.Revision, d))
}

type citingIn struct {
	LawPath
	PageIn
}

func (r lawRoutes) citing(ctx context.Context, actor courses.Actor, in *citingIn) (*body[list[CitingCourse]], error) {
	d, err := r.Laws.Get(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	key := vietnamese.DocumentNumber(d.Number)
	cites := func(place catalog.Reference) bool { return vietnamese.DocumentNumber(place.Number) == key }
	found, err := r.Catalog.Browse(ctx, actor, "", catalog.Filter{Cites: cites}, in.page())
	if err != nil {
		return nil, err
	}
	cards, err := r.cards(ctx, actor, found.Items)
	if err != nil {
		return nil, err
	}
	items := make([]CitingCourse, len(cards))
	for i, card := range cards {
		items[i] = CitingCourse{CourseCard: card, Articles: articlesOf(found.Items[i].Newest.Cited, cites)}
	}
	return &body[list[CitingCourse]]{Body: list[CitingCourse]{Items: items, Next: found.Next}}, nil
}

// articlesOf is the articles that places in one document name.
func articlesOf(places []catalog.Reference, in func(catalog.Reference) bool) []string {
	names := []string{}
	for _, place := range places {
		if !in(place) {
			continue
		}
		if labels := vietnamese.Articles(place.Article); len(labels) > 0 {
			names = append(names, labels...)
		} else {
			names = append(names, place.Article)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func (in LawInput) domain() (laws.Document, error) {
	articles, err := laws.ReadArticles(in.Articles, each(in.Changes, func(c ArticleChange) laws.Article {
		return laws.Article{Label: c.Label, From: c.From, Until: c.Until, ChangedBy: c.ChangedBy}
	}))
	return laws.Document{
		Number: in.Number, Kind: laws.Kind(in.Kind), Abstract: in.Abstract, Issuer: in.Issuer, From: in.From, Until: in.Until, ReplacedBy: in.ReplacedBy,
		Articles: articles,
	}, err
}

func lawView(d laws.Document, keeper string, today courses.Date) Law {
	return Law{
		ID: d.ID, Number: d.Number, Kind: string(d.Kind), Abstract: d.Abstract, Issuer: d.Issuer, From: d.From, Until: d.Until, ReplacedBy: d.ReplacedBy,
		State: string(d.State(today)), Keeper: d.Keeper, KeeperName: keeper, Revision: d.Revision, SavedAt: d.SavedAt,
	}
}
