package handlers

import (
	"context"
	"haidang/courses"
	"haidang/courses/assessment"
	"haidang/courses/catalog"
	"haidang/courses/laws"
	"time"

	"github.com/danielgtaylor/huma/v2"
)

// BankItem is a question of a bank with what is right.
type BankItem struct {
	Topic      string       `json:"topic,omitempty" maxLength:"100"`
	Competency string       `json:"competency,omitempty" maxLength:"200" doc:"What it shows that somebody can do"`
	Difficulty string       `json:"difficulty" enum:"easy,medium,hard"`
	Cites      []ItemSource `json:"cites,omitempty" maxItems:"20" nullable:"false"`
	Retired    bool         `json:"retired,omitempty" doc:"Asked in no new attempt"`
	Type       string       `json:"type" enum:"single,multiple,true_false,short,number,matching,ordering,gaps,hotspot,scenario,essay"`
	Text       string       `json:"text" minLength:"1" maxLength:"4000" doc:"Of type gaps with [[1]], [[2]] … where words belong"`
	Options    []ItemOption `json:"options,omitempty" maxItems:"20" nullable:"false" doc:"Of ordering in the right order; of matching the pairs"`
	True       bool         `json:"true,omitempty" doc:"Of true_false: the text is right"`
	Gaps       []ItemGap    `json:"gaps,omitempty" maxItems:"9" nullable:"false" doc:"Of gaps, and one of short"`
	Number     *Quantity    `json:"number,omitempty" doc:"Of a number"`
	Picture    *ItemPicture `json:"picture,omitempty" doc:"Of a hotspot"`
	Scenes     []ItemScene  `json:"scenes,omitempty" maxItems:"20" nullable:"false" doc:"Of a scenario; it begins with the first"`
	Note       string       `json:"note,omitempty" maxLength:"4000" doc:"Why; shown with what is right"`

	Words  int               `json:"words,omitempty" minimum:"0" maximum:"5000" doc:"Of an essay: how many it should not exceed; 0 is no limit"`
	Files  int               `json:"files,omitempty" minimum:"0" maximum:"3" doc:"Of an essay: how many may be attached"`
	Rubric []RubricCriterion `json:"rubric,omitempty" maxItems:"10" nullable:"false" doc:"Of an essay: what it is judged by"`
}

// RubricCriterion is one thing that an essay is judged by.
type RubricCriterion struct {
	Name   string        `json:"name" maxLength:"200"`
	Levels []RubricLevel `json:"levels" maxItems:"6" nullable:"false" doc:"The best first; points fall"`
}

// RubricLevel is how well a criterion can be met.
type RubricLevel struct {
	Text   string `json:"text" maxLength:"1000"`
	Points int    `json:"points" minimum:"0" maximum:"10000" doc:"Hundredths"`
}

// ItemSource is a place in a legal document that a question rests on.
type ItemSource struct {
	Number  string `json:"number" minLength:"1" maxLength:"200"`
	Article string `json:"article,omitempty" maxLength:"200"`
}

// ItemOption is something to choose.
type ItemOption struct {
	Text  string `json:"text" maxLength:"1000"`
	Right bool   `json:"right,omitempty"`
	Match string `json:"match,omitempty" maxLength:"1000" doc:"Of matching: what belongs to the text"`
	Area  *Area  `json:"area,omitempty" doc:"Of a hotspot: the place that the text names"`
}

// ItemGap is a place for words.
type ItemGap struct {
	Accepted []string `json:"accepted" minItems:"1" maxItems:"20" nullable:"false"`
	Exact    bool     `json:"exact,omitempty" doc:"Vietnamese marks count"`
}

// Quantity is a number that is right within a tolerance on both sides.
type Quantity struct {
	Value     float64 `json:"value"`
	Tolerance float64 `json:"tolerance" minimum:"0"`
	Unit      string  `json:"unit,omitempty" maxLength:"40"`
}

// BankItemView is a question of a bank with how it was answered.
type BankItemView struct {
	ID      courses.ItemID `json:"id"`
	Bank    courses.UnitID `json:"bank"`
	Number  int            `json:"number" doc:"Of the version; give it back when saving"`
	SavedAt time.Time      `json:"savedAt"`
	Item    BankItem       `json:"item"`
	Ended   []EndedLaw     `json:"ended" nullable:"false" doc:"What it cites and is no longer in force: it is in no new attempt"`
	Figures ItemFigures    `json:"figures"`
}

// ItemFigures is how this version was answered.
type ItemFigures struct {
	Asked          int     `json:"asked"`
	Blank          int     `json:"blank"`
	Facility       float64 `json:"facility" doc:"Mean share of the point, 0 to 1"`
	Discrimination float64 `json:"discrimination" doc:"Correlation with the rest of the attempt, −1 to 1"`
	Chosen         []int   `json:"chosen" nullable:"false" doc:"How often each option was chosen; of true_false right, then wrong"`
}

// BankTopic is how many questions of a topic may be asked today.
type BankTopic struct {
	Name   string `json:"name" doc:"Empty for those without a topic"`
	Easy   int    `json:"easy"`
	Medium int    `json:"medium"`
	Hard   int    `json:"hard"`
}

type bankRoutes struct{ Services }

func registerBanks(api huma.API, services Services) {
	r := bankRoutes{Services: services}
	private(api, get("listItems", "/api/banks/{unit}/items", "Questions of an organisation's bank, newest first"), r.list)
	private(api, post("addItem", "/api/banks/{unit}/items", "Add a question"), r.add)
	private(api, get("listTopics", "/api/banks/{unit}/topics", "How many questions may be asked, by topic and difficulty"), r.topics)
	registerBankFiles(api, r)
	private(api, get("listItemsLike", "/api/banks/{unit}/like", "Questions of a bank that say nearly the same as a text, at most three"), r.like)
	private(api, get("lawItems", "/api/laws/{id}/items", "Questions of the actor's banks that cite a legal document, newest first"), r.citing)
	private(api, get("listStaleItems", "/api/studio/stale-items", "Questions of banks that the actor writes which are asked no more, because what they cite has ended"), r.stale)
	private(api, get("getItem", "/api/items/{id}", "A question of a bank"), r.one)
	registerRegrades(api, r)
	private(api, put("saveItem", "/api/items/{id}", "Change a question; refused when somebody saved meanwhile. Attempts that were begun keep theirs"), r.save)
}

// BankPath names the bank of an organisation.
type BankPath struct {
	Unit courses.UnitID `path:"unit" maxLength:"40"`
}

type itemsIn struct {
	BankPath
	PageIn
	Words      string `query:"q" maxLength:"200"`
	Topic      string `query:"topic" maxLength:"100"`
	Difficulty string `query:"difficulty" enum:"easy,medium,hard"`
	Type       string `query:"type" enum:"single,multiple,true_false,short,number,matching,ordering,gaps,hotspot,scenario,essay"`
	Retired    bool   `query:"retired" doc:"Only those; else only the others"`
}

func (r bankRoutes) list(ctx context.Context, actor courses.Actor, in *itemsIn) (*body[list[BankItemView]], error) {
	return r.listed(ctx)(r.Assessment.Items(ctx, actor, in.Unit, assessment.Filter{
		Words: in.Words, Topic: in.Topic, Difficulty: in.Difficulty, Type: assessment.Type(in.Type), Retired: in.Retired,
	}, in.page()))
}

func (r bankRoutes) views(ctx context.Context, items []assessment.Item, figures map[courses.ItemID]assessment.Figures) ([]BankItemView, error) {
	ending, err := r.Laws.Ending(ctx)
	if err != nil {
		return nil, err
	}
	return each(items, func(x assessment.Item) BankItemView {
		f := figures[x.ID]
		v := BankItemView{
			ID: x.ID, Bank: x.Bank, Number: x.Number, SavedAt: x.SavedAt, Item: bankItem(x), Ended: []EndedLaw{},
			Figures: ItemFigures{Asked: f.N, Blank: f.Blank, Facility: f.Facility(), Discrimination: f.Discrimination(), Chosen: append([]int{}, f.Chosen...)},
		}
		for _, place := range x.Cites {
			if end, ended := ending(laws.Citation(place)); ended {
				v.Ended = append(v.Ended, EndedLaw{Number: place.Number, Article: end.Article, Until: end.Until, ReplacedBy: end.By})
			}
		}
		return v
	}), nil
}

func (r bankRoutes) show(ctx context.Context, x assessment.Item, f assessment.Figures) (*body[BankItemView], error) {
	views, err := r.views(ctx, []assessment.Item{x}, map[courses.ItemID]assessment.Figures{x.ID: f})
	if err != nil {
		return nil, err
	}
	return &body[BankItemView]{Body: views[0]}, nil
}

type addItemIn struct {
	BankPath
	Body BankItem
}

func (r bankRoutes) add(ctx context.Context, actor courses.Actor, in *addItemIn) (*body[BankItemView], error) {
	made, err := r.Assessment.Add(ctx, actor, in.Unit, in.Body.domain())
	if err != nil {
		return nil, err
	}
	return r.show(ctx, made[0], assessment.Figures{})
}

func (r bankRoutes) topics(ctx context.Context, actor courses.Actor, in *BankPath) (*body[[]BankTopic], error) {
	topics, err := r.Assessment.Topics(ctx, actor, in.Unit)
	if err != nil {
		return nil, err
	}
	return &body[[]BankTopic]{Body: each(topics, func(t assessment.Topic) BankTopic { return BankTopic(t) })}, nil
}

type likeIn struct {
	BankPath
	Text string `query:"text" maxLength:"1000" required:"true"`
}

func (r bankRoutes) like(ctx context.Context, actor courses.Actor, in *likeIn) (*body[[]BankItemView], error) {
	found, err := r.Assessment.Like(ctx, actor, in.Unit, in.Text)
	if err != nil {
		return nil, err
	}
	views, err := r.answered(ctx, found)
	return &body[[]BankItemView]{Body: views}, err
}

func (r bankRoutes) citing(ctx context.Context, actor courses.Actor, in *citingIn) (*body[list[BankItemView]], error) {
	d, err := r.Laws.Get(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return r.listed(ctx)(r.Assessment.Citing(ctx, actor, d.Number, in.page()))
}

func (r bankRoutes) stale(ctx context.Context, actor courses.Actor, in *PageIn) (*body[list[BankItemView]], error) {
	return r.listed(ctx)(r.Assessment.Stale(ctx, actor, in.page()))
}

// answered shows questions with how they were answered.
func (r bankRoutes) answered(ctx context.Context, items []assessment.Item) ([]BankItemView, error) {
	figures, err := r.Assessment.Figures(ctx, items)
	if err != nil {
		return nil, err
	}
	return r.views(ctx, items, figures)
}

// listed turns a list of questions into views.
func (r bankRoutes) listed(ctx context.Context) func(courses.Slice[assessment.Item], error) (*body[list[BankItemView]], error) {
	return func(found courses.Slice[assessment.Item], err error) (*body[list[BankItemView]], error) {
		if err != nil {
			return nil, err
		}
		views, err := r.answered(ctx, found.Items)
		return &body[list[BankItemView]]{Body: list[BankItemView]{Items: views, Next: found.Next}}, err
	}
}

// ItemPath names a question of a bank.
type ItemPath struct {
	ID courses.ItemID `path:"id" maxLength:"36"`
}

func (r bankRoutes) one(ctx context.Context, actor courses.Actor, in *ItemPath) (*body[BankItemView], error) {
	x, f, err := r.Assessment.Item(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	return r.show(ctx, x, f)
}

type savedItem struct {
	Number int      `json:"number" minimum:"1"`
	Item   BankItem `json:"item"`
}

type saveItemIn struct {
	ItemPath
	Body savedItem
}

func (r bankRoutes) save(ctx context.Context, actor courses.Actor, in *saveItemIn) (*body[BankItemView], error) {
	x, err := r.Assessment.Change(ctx, actor, in.ID, in.Body.Number, in.Body.Item.domain())
	if err != nil {
		return nil, err
	}
	return r.show(ctx, x, assessment.Figures{})
}

func rubric(q assessment.Question) []RubricCriterion {
	return each(q.Rubric, func(c assessment.Criterion) RubricCriterion {
		return RubricCriterion{Name: c.Name, Levels: each(c.Levels, func(l assessment.Level) RubricLevel { return RubricLevel(l) })}
	})
}

func bankItem(x assessment.Item) BankItem {
	q := x.Question
	v := BankItem{
		Topic: x.Topic, Competency: x.Competency, Difficulty: x.Difficulty, Retired: x.Retired, Type: string(q.Type), Text: q.Text, True: q.True, Note: q.Note,
		Cites:   each(x.Cites, func(r catalog.Reference) ItemSource { return ItemSource(r) }),
		Options: each(q.Options, itemOption),
		Gaps:    each(q.Gaps, func(g assessment.Gap) ItemGap { return ItemGap(g) }),
		Words:   q.Words, Files: q.Files, Rubric: rubric(q),
		Scenes: each(q.Scenes, itemScene),
	}
	if q.Type == assessment.Hotspot {
		v.Picture = (*ItemPicture)(&q.Picture)
	}
	if q.Type == assessment.Numeric {
		v.Number = (*Quantity)(&q.Number)
	}
	return v
}

func (v BankItem) domain() assessment.Item {
	x := assessment.Item{
		Topic: v.Topic, Competency: v.Competency, Difficulty: v.Difficulty, Retired: v.Retired,
		Cites: each(v.Cites, func(r ItemSource) catalog.Reference { return catalog.Reference(r) }),
		Question: assessment.Question{
			Type: assessment.Type(v.Type), Text: v.Text, True: v.True, Note: v.Note,
			Options: each(v.Options, ItemOption.domain),
			Gaps:    each(v.Gaps, func(g ItemGap) assessment.Gap { return assessment.Gap(g) }),
			Words:   v.Words, Files: v.Files, Rubric: each(v.Rubric, func(c RubricCriterion) assessment.Criterion {
				return assessment.Criterion{Name: c.Name, Levels: each(c.Levels, func(l RubricLevel) assessment.Level { return assessment.Level(l) })}
			}),
			Scenes: each(v.Scenes, ItemScene.domain),
		},
	}
	if v.Picture != nil {
		x.Question.Picture = assessment.Picture(*v.Picture)
	}
	if v.Number != nil {
		x.Question.Number = assessment.Quantity(*v.Number)
	}
	return x
}
