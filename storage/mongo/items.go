package mongo

import (
	"context"
	"haidang/courses"
	"haidang/courses/assessment"
	"haidang/courses/catalog"
	"haidang/courses/vietnamese"
	"slices"
	"strconv"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"
)

var assessmentIndexes = []index{
	{"items", bson.D{{Key: "bank", Value: 1}, {Key: "retired", Value: 1}, {Key: "_id", Value: -1}}, nil},
	{"items", bson.D{{Key: "bank", Value: 1}, {Key: "words", Value: 1}}, nil},
	{"items", bson.D{{Key: "documents", Value: 1}, {Key: "bank", Value: 1}, {Key: "_id", Value: -1}}, nil},
	{"attempts", bson.D{{Key: "enrolment", Value: 1}, {Key: "lesson", Value: 1}, {Key: "number", Value: 1}}, options.Index().SetUnique(true)},
	{"attempts", bson.D{{Key: "deadline", Value: 1}}, options.Index().SetPartialFilterExpression(bson.D{{Key: "state", Value: assessment.Open}})},
	{"attempts", bson.D{{Key: "ended", Value: 1}}, options.Index().SetName("untold").SetPartialFilterExpression(untold)},
	{"attempts", bson.D{{Key: "ended", Value: 1}}, options.Index().SetName("uncounted").SetPartialFilterExpression(uncounted)},
	{"attempts", bson.D{{Key: "person", Value: 1}, {Key: "pictures", Value: 1}}, options.Index().SetPartialFilterExpression(pictured)},
	{"attempts", bson.D{{Key: "owner", Value: 1}, {Key: "_id", Value: 1}}, options.Index().SetPartialFilterExpression(waiting)},
	{"attempts", bson.D{{Key: "owner", Value: 1}, {Key: "_id", Value: 1}}, options.Index().SetName("grading").SetPartialFilterExpression(grading)},
	{"attempts", bson.D{{Key: "slots.item", Value: 1}, {Key: "_id", Value: 1}}, options.Index().SetName("asked").SetPartialFilterExpression(done)},
	{"attempts", bson.D{{Key: "regrades.item", Value: 1}, {Key: "_id", Value: -1}}, options.Index().SetName("corrected").SetPartialFilterExpression(regraded)},
	{"corrections", bson.D{{Key: "item", Value: 1}}, nil},
	{"corrections", bson.D{{Key: "at", Value: 1}}, options.Index().SetPartialFilterExpression(unfinished)},
}

// Assessment keeps question banks and attempts.
type Assessment struct {
	db                                 *DB
	items, versions, figures, attempts *mongo.Collection
	corrections                        *mongo.Collection
	keeps                              *gather[*keeping, kept]
	inserts                            *gather[*attemptDoc, kept]
	replaces                           *gather[*replacing, kept]
	whole                              *gather[courses.AttemptID, attemptDoc]
	sittings                           *gather[sitting, []attemptDoc]
	corrected                          *gather[courses.ItemID, []correctionDoc]
}

// Assessment is the store of the assessment package.
func (db *DB) Assessment() *Assessment {
	c := db.db.Collection
	s := &Assessment{db: db, items: c("items"), versions: c("item_versions"), figures: c("item_figures"), attempts: c("attempts"), corrections: c("corrections")}
	s.joinSitters()
	return s
}

type itemDoc struct {
	ID         string           `bson:"_id"` // of a version with its number
	Item       courses.ItemID   `bson:"item"`
	Bank       courses.UnitID   `bson:"bank"`
	Number     int              `bson:"number"`
	Topic      string           `bson:"topic"`
	Competency string           `bson:"competency,omitempty"`
	Difficulty string           `bson:"difficulty"`
	Cites      []referenceDoc   `bson:"cites,omitempty"`
	Question   questionDoc      `bson:"question"`
	Retired    bool             `bson:"retired"`
	Words      []string         `bson:"words"`               // folded
	Documents  []string         `bson:"documents,omitempty"` // keys of the numbers that it cites
	SavedAt    time.Time        `bson:"savedAt"`
	SavedBy    courses.PersonID `bson:"savedBy"`
}

type questionDoc struct {
	Type    assessment.Type `bson:"type"`
	Text    string          `bson:"text"`
	Options []optionDoc     `bson:"options,omitempty"`
	True    bool            `bson:"true,omitempty"`
	Gaps    []gapDoc        `bson:"gaps,omitempty"`
	Number  quantityDoc     `bson:"number"`
	Picture *pictureDoc     `bson:"picture,omitempty"`
	Scenes  []sceneDoc      `bson:"scenes,omitempty"`
	Note    string          `bson:"note,omitempty"`
	Words   int             `bson:"words,omitempty"`
	Files   int             `bson:"files,omitempty"`
	Rubric  []criterionDoc  `bson:"rubric,omitempty"`
}

type criterionDoc struct {
	Name   string     `bson:"name"`
	Levels []levelDoc `bson:"levels"`
}

type levelDoc struct {
	Text   string `bson:"text"`
	Points int    `bson:"points"`
}

func criterionToDoc(c assessment.Criterion) criterionDoc {
	return criterionDoc{Name: c.Name, Levels: each(c.Levels, func(l assessment.Level) levelDoc { return levelDoc(l) })}
}

func (d criterionDoc) domain() assessment.Criterion {
	return assessment.Criterion{Name: d.Name, Levels: each(d.Levels, func(l levelDoc) assessment.Level { return assessment.Level(l) })}
}

type optionDoc struct {
	Text  string   `bson:"text"`
	Right bool     `bson:"right,omitempty"`
	Match string   `bson:"match,omitempty"`
	Area  *areaDoc `bson:"area,omitempty"`
}

type pictureDoc struct {
	Asset courses.AssetID `bson:"asset"`
	Alt   string          `bson:"alt"`
}

// areaDoc is in basis points of the picture.
type areaDoc struct {
	X      int `bson:"x"`
	Y      int `bson:"y"`
	Width  int `bson:"width"`
	Height int `bson:"height"`
}

type sceneDoc struct {
	Text    string      `bson:"text"`
	Choices []choiceDoc `bson:"choices"`
}

type choiceDoc struct {
	Text   string `bson:"text"`
	Then   string `bson:"then"`
	Points int    `bson:"points"`
	Next   int    `bson:"next"`
}

type gapDoc struct {
	Accepted []string `bson:"accepted"`
	Exact    bool     `bson:"exact,omitempty"`
}

type quantityDoc struct {
	Value     float64 `bson:"value"`
	Tolerance float64 `bson:"tolerance"`
	Unit      string  `bson:"unit,omitempty"`
}

func questionToDoc(q assessment.Question) questionDoc {
	d := questionDoc{
		Type: q.Type, Text: q.Text, True: q.True, Number: quantityDoc(q.Number), Note: q.Note,
		Options: each(q.Options, optionToDoc),
		Gaps:    each(q.Gaps, func(g assessment.Gap) gapDoc { return gapDoc(g) }),
		Scenes: each(q.Scenes, func(s assessment.Scene) sceneDoc {
			return sceneDoc{Text: s.Text, Choices: each(s.Choices, func(c assessment.Choice) choiceDoc { return choiceDoc(c) })}
		}),
		Words: q.Words, Files: q.Files, Rubric: each(q.Rubric, criterionToDoc),
	}
	if q.Picture.Asset != "" {
		d.Picture = (*pictureDoc)(&q.Picture)
	}
	return d
}

func (d questionDoc) question() assessment.Question {
	q := assessment.Question{
		Type: d.Type, Text: d.Text, True: d.True, Number: assessment.Quantity(d.Number), Note: d.Note,
		Options: each(d.Options, optionDoc.option),
		Gaps:    each(d.Gaps, func(g gapDoc) assessment.Gap { return assessment.Gap(g) }),
		Scenes: each(d.Scenes, func(s sceneDoc) assessment.Scene {
			return assessment.Scene{Text: s.Text, Choices: each(s.Choices, func(c choiceDoc) assessment.Choice { return assessment.Choice(c) })}
		}),
		Words: d.Words, Files: d.Files, Rubric: each(d.Rubric, criterionDoc.domain),
	}
	if d.Picture != nil {
		q.Picture = assessment.Picture(*d.Picture)
	}
	return q
}

func optionToDoc(o assessment.Option) optionDoc {
	d := optionDoc{Text: o.Text, Right: o.Right, Match: o.Match}
	if o.Area != (assessment.Area{}) {
		d.Area = (*areaDoc)(&o.Area)
	}
	return d
}

func (d optionDoc) option() assessment.Option {
	o := assessment.Option{Text: d.Text, Right: d.Right, Match: d.Match}
	if d.Area != nil {
		o.Area = assessment.Area(*d.Area)
	}
	return o
}

func itemToDoc(x assessment.Item) itemDoc {
	return itemDoc{
		ID: string(x.ID), Item: x.ID, Bank: x.Bank, Number: x.Number, Topic: x.Topic, Competency: x.Competency, Difficulty: x.Difficulty, Retired: x.Retired,
		Cites:    each(x.Cites, func(r catalog.Reference) referenceDoc { return referenceDoc(r) }),
		Question: questionToDoc(x.Question),
		Words:    x.Words(), Documents: documentKeys(x.Cites), SavedAt: x.SavedAt, SavedBy: x.SavedBy,
	}
}

// version is the document of this version alone.
func (d itemDoc) version() itemDoc {
	d.ID, d.Words, d.Documents = refKey(assessment.Ref{Item: d.Item, Number: d.Number}), nil, nil
	return d
}

func (d itemDoc) domain() assessment.Item {
	return assessment.Item{
		ID: d.Item, Bank: d.Bank, Number: d.Number, Topic: d.Topic, Competency: d.Competency, Difficulty: d.Difficulty, Retired: d.Retired,
		Cites:    each(d.Cites, func(r referenceDoc) catalog.Reference { return catalog.Reference(r) }),
		Question: d.Question.question(),
		SavedAt:  d.SavedAt, SavedBy: d.SavedBy,
	}
}

func refKey(r assessment.Ref) string { return string(r.Item) + "." + strconv.Itoa(r.Number) }

// InsertItems implements assessment.Store.
func (s *Assessment) InsertItems(ctx context.Context, items []assessment.Item) error {
	docs := each(items, itemToDoc)
	return s.db.Atomic(ctx, func(ctx context.Context) error {
		if _, err := s.items.InsertMany(ctx, each(docs, func(d itemDoc) any { return d })); err != nil {
			return fault("insert questions", err)
		}
		if _, err := s.versions.InsertMany(ctx, each(docs, func(d itemDoc) any { return d.version() })); err != nil {
			return fault("insert versions of questions", err)
		}
		return nil
	})
}

// ReplaceItem implements assessment.Store; it writes by _id.
func (s *Assessment) ReplaceItem(ctx context.Context, x assessment.Item) error {
	d := itemToDoc(x)
	return s.db.Atomic(ctx, func(ctx context.Context) error {
		result, err := s.items.ReplaceOne(ctx, bson.D{{Key: "_id", Value: d.ID}, {Key: "number", Value: d.Number - 1}}, d)
		if err != nil {
			return fault("replace question", err)
		}
		if result.MatchedCount == 0 {
			return courses.ErrConflict
		}
		if _, err := s.versions.InsertOne(ctx, d.version()); err != nil {
			return fault("insert version of question", err)
		}
		return nil
	})
}

// Item implements assessment.Store; it reads by _id.
func (s *Assessment) Item(ctx context.Context, id courses.ItemID) (assessment.Item, error) {
	d, err := one[itemDoc](ctx, s.items, id, assessment.ErrNoItem, "read question")
	if err != nil {
		return assessment.Item{}, err
	}
	return d.domain(), nil
}

func inRefs(refs []assessment.Ref) bson.D {
	return bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: each(refs, refKey)}}}}
}

// Versions implements assessment.Store; it reads by _id.
func (s *Assessment) Versions(ctx context.Context, refs []assessment.Ref) (map[assessment.Ref]assessment.Item, error) {
	docs, err := all[itemDoc](ctx, s.versions, inRefs(refs), "read versions of questions")
	if err != nil {
		return nil, err
	}
	found := make(map[assessment.Ref]assessment.Item, len(docs))
	for _, d := range docs {
		found[assessment.Ref{Item: d.Item, Number: d.Number}] = d.domain()
	}
	return found, nil
}

// mostAsked is how many words a search looks at.
const mostAsked = 20

// Items implements assessment.Store; index bank+retired+_id, with words bank+words.
func (s *Assessment) Items(ctx context.Context, bank courses.UnitID, f assessment.Filter, page courses.Page) (courses.Slice[assessment.Item], error) {
	query := bson.D{{Key: "bank", Value: bank}, {Key: "retired", Value: f.Retired}}
	for key, value := range map[string]string{"topic": f.Topic, "difficulty": f.Difficulty, "question.type": string(f.Type)} {
		if value != "" {
			query = append(query, bson.E{Key: key, Value: value})
		}
	}
	query = append(query, withWords(vietnamese.Words(f.Words, mostAsked))...)
	if page.After != "" {
		query = append(query, bson.E{Key: "_id", Value: bson.D{{Key: "$lt", Value: page.After}}})
	}
	return s.listItems(ctx, query, page)
}

func documentKeys(cites []catalog.Reference) []string {
	keys := each(cites, func(r catalog.Reference) string { return vietnamese.DocumentNumber(r.Number) })
	slices.Sort(keys)
	return slices.Compact(keys)
}

// Citing implements assessment.Store; index documents+bank+_id.
func (s *Assessment) Citing(ctx context.Context, scope courses.Scope, numbers []string, page courses.Page) (courses.Slice[assessment.Item], error) {
	query := append(bson.D{
		{Key: "documents", Value: bson.D{{Key: "$in", Value: each(numbers, vietnamese.DocumentNumber)}}}, {Key: "retired", Value: false},
	}, ownedIn(scope, "bank")...)
	if page.After != "" {
		query = append(query, bson.E{Key: "_id", Value: bson.D{{Key: "$lt", Value: page.After}}})
	}
	return s.listItems(ctx, query, page)
}

func (s *Assessment) listItems(ctx context.Context, query bson.D, page courses.Page) (courses.Slice[assessment.Item], error) {
	docs, err := all[itemDoc](ctx, s.items, query, "list questions",
		options.Find().SetSort(bson.D{{Key: "_id", Value: -1}}).SetLimit(int64(page.Size()+1)))
	if err != nil {
		return courses.Slice[assessment.Item]{}, err
	}
	return cut(docs, page, func(d itemDoc) string { return d.ID }, itemDoc.domain), nil
}

// Like implements assessment.Store; index bank+words, by the longest of the words,
// which are the rarest as a rule.
func (s *Assessment) Like(ctx context.Context, bank courses.UnitID, words []string, limit int) ([]assessment.Item, []int, error) {
	rare := slices.Clone(words)
	slices.SortStableFunc(rare, func(a, b string) int { return len(b) - len(a) })
	cursor, err := s.items.Aggregate(ctx, mongo.Pipeline{
		{{Key: "$match", Value: bson.D{
			{Key: "bank", Value: bank}, {Key: "words", Value: bson.D{{Key: "$in", Value: rare[:min(len(rare), 4)]}}}, {Key: "retired", Value: false},
		}}},
		{{Key: "$set", Value: bson.D{{Key: "held", Value: bson.D{{Key: "$size", Value: bson.D{{Key: "$setIntersection", Value: bson.A{"$words", words}}}}}}}}},
		{{Key: "$sort", Value: bson.D{{Key: "held", Value: -1}, {Key: "_id", Value: -1}}}},
		{{Key: "$limit", Value: limit}},
	})
	if err != nil {
		return nil, nil, fault("find questions alike", err)
	}
	var docs []struct {
		Item itemDoc `bson:",inline"`
		Held int     `bson:"held"`
	}
	if err := cursor.All(ctx, &docs); err != nil {
		return nil, nil, fault("find questions alike", err)
	}
	items, held := make([]assessment.Item, len(docs)), make([]int, len(docs))
	for i, d := range docs {
		items[i], held[i] = d.Item.domain(), d.Held
	}
	return items, held, nil
}

// Pool implements assessment.Store; index bank+retired+_id.
func (s *Assessment) Pool(ctx context.Context, bank courses.UnitID) ([]assessment.Entry, error) {
	docs, err := all[itemDoc](ctx, s.items, bson.D{{Key: "bank", Value: bank}, {Key: "retired", Value: false}}, "read a bank",
		options.Find().SetSort(bson.D{{Key: "_id", Value: -1}}).SetBatchSize(10_000).
			SetProjection(bson.D{{Key: "item", Value: 1}, {Key: "number", Value: 1}, {Key: "topic", Value: 1}, {Key: "difficulty", Value: 1}, {Key: "cites", Value: 1}, {Key: "question.type", Value: 1}}))
	if err != nil {
		return nil, err
	}
	return each(docs, func(d itemDoc) assessment.Entry {
		x := d.domain()
		return assessment.Entry{ID: x.ID, Number: x.Number, Type: x.Question.Type, Topic: x.Topic, Difficulty: x.Difficulty, Cites: x.Cites}
	}), nil
}

type itemFiguresDoc struct {
	ID     string         `bson:"_id"` // as that of the version
	Item   courses.ItemID `bson:"item"`
	Number int            `bson:"number"`
	N      int            `bson:"n"`
	Blank  int            `bson:"blank"`
	X      float64        `bson:"x"`
	Y      float64        `bson:"y"`
	XX     float64        `bson:"xx"`
	YY     float64        `bson:"yy"`
	XY     float64        `bson:"xy"`
	Chosen map[string]int `bson:"chosen"`
}

// Figures implements assessment.Store; it reads by _id.
func (s *Assessment) Figures(ctx context.Context, refs []assessment.Ref) (map[assessment.Ref]assessment.Figures, error) {
	docs, err := all[itemFiguresDoc](ctx, s.figures, inRefs(refs), "read figures of questions")
	if err != nil {
		return nil, err
	}
	found := make(map[assessment.Ref]assessment.Figures, len(docs))
	for _, d := range docs {
		f := assessment.Figures{N: d.N, Blank: d.Blank, X: d.X, Y: d.Y, XX: d.XX, YY: d.YY, XY: d.XY}
		for key, n := range d.Chosen {
			option, err := strconv.Atoi(key)
			if err != nil {
				return nil, fault("read figures of a question", err)
			}
			for len(f.Chosen) <= option {
				f.Chosen = append(f.Chosen, 0)
			}
			f.Chosen[option] = n
		}
		found[assessment.Ref{Item: d.Item, Number: d.Number}] = f
	}
	return found, nil
}

// count adds to the figures of items.
func (s *Assessment) count(ctx context.Context, counts map[assessment.Ref]assessment.Figures) error {
	models := make([]mongo.WriteModel, 0, len(counts))
	for ref, f := range counts {
		add := bson.D{
			{Key: "n", Value: f.N},
			{Key: "blank", Value: f.Blank},
			{Key: "x", Value: f.X},
			{Key: "y", Value: f.Y},
			{Key: "xx", Value: f.XX},
			{Key: "yy", Value: f.YY},
			{Key: "xy", Value: f.XY},
		}
		for option, n := range f.Chosen {
			add = append(add, bson.E{Key: "chosen." + strconv.Itoa(option), Value: n})
		}
		models = append(models, mongo.NewUpdateOneModel().SetUpsert(true).SetFilter(bson.D{{Key: "_id", Value: refKey(ref)}}).SetUpdate(bson.D{
			{Key: "$inc", Value: add}, {Key: "$setOnInsert", Value: bson.D{{Key: "item", Value: ref.Item}, {Key: "number", Value: ref.Number}}},
		}))
	}
	return saveAll(ctx, s.figures, "count answers", models)
}
