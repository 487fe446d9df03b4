package mongo

import (
	"context"
	"crypto/rand"
	"haidang/courses"
	"haidang/courses/surveys"
	mathrand "math/rand/v2"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"
)

var surveyIndexes = []index{
	{"survey_pools", bson.D{{Key: "version", Value: 1}}, nil},
	{"survey_pools", bson.D{{Key: "course", Value: 1}, {Key: "shown.n", Value: 1}, {Key: "version", Value: 1}}, nil},
	{"survey_texts", bson.D{{Key: "pool", Value: 1}, {Key: "_id", Value: 1}}, nil},
	{"survey_befores", bson.D{{Key: "until", Value: 1}}, options.Index().SetExpireAfterSeconds(0)},
}

// Surveys keeps what was answered, as counters without names, and apart from them
// who has answered.
type Surveys struct {
	marks, pools, texts, befores, templates *mongo.Collection
	marked                                  *gather[string, answeredDoc]
}

// Surveys is the store of the surveys package.
func (db *DB) Surveys() *Surveys {
	c := db.db.Collection
	marks := c("survey_marks")
	return &Surveys{
		marked: gatherBy(marks, "_id", "find marks", func(d answeredDoc) string { return d.ID }),
		marks:  marks, pools: c("survey_pools"), texts: c("survey_texts"), befores: c("survey_befores"), templates: c("survey_templates"),
	}
}

type answeredDoc struct {
	ID    string `bson:"_id"` // what was asked of whom
	Event string `bson:"event"`
}

// poolDoc holds nothing of a person and no instant.
type poolDoc struct {
	ID       string            `bson:"_id"` // version, kind and template
	Course   courses.CourseID  `bson:"course"`
	Version  courses.VersionID `bson:"version"`
	Kind     surveys.Kind      `bson:"kind"`
	Template courses.Date      `bson:"template,omitempty"`
	Waiting  tallyDoc          `bson:"waiting"`
	Shown    tallyDoc          `bson:"shown"`
	Texts    []string          `bson:"texts"`
}

type tallyDoc struct {
	N      int              `bson:"n"`
	Counts map[string][]int `bson:"counts"`
}

type textDoc struct {
	ID   string `bson:"_id"` // by chance, so that it sorts by nothing
	Pool string `bson:"pool"`
	Text string `bson:"text"`
}

type beforeDoc struct {
	Enrolment courses.EnrolmentID `bson:"_id"`
	Answer    map[string]int      `bson:"answer"`
	Until     time.Time           `bson:"until"`
}

type templateDoc struct {
	From       courses.Date     `bson:"_id"`
	Title      string           `bson:"title"`
	Basis      string           `bson:"basis"`
	Scale      []stepDoc        `bson:"scale"`
	Dimensions []dimensionDoc   `bson:"dimensions"`
	Bands      []bandDoc        `bson:"bands"`
	Revision   int              `bson:"revision"`
	SavedAt    time.Time        `bson:"savedAt"`
	SavedBy    courses.PersonID `bson:"savedBy"`
}

type stepDoc struct {
	Label string `bson:"label"`
	Worth int    `bson:"worth"`
}

type dimensionDoc struct {
	Title     string   `bson:"title"`
	Weight    int      `bson:"weight"`
	Questions []string `bson:"questions"`
}

type bandDoc struct {
	From  int    `bson:"from"`
	Label string `bson:"label"`
}

func poolID(k surveys.Key) string {
	id := string(k.Version) + "/" + string(k.Kind)
	if k.Template != "" {
		id += "/" + string(k.Template)
	}
	return id
}

func poolToDoc(p surveys.Pool) poolDoc {
	return poolDoc{
		ID: poolID(p.Key), Course: p.Course, Version: p.Key.Version, Kind: p.Key.Kind, Template: p.Key.Template,
		Waiting: tallyDoc(p.Waiting), Shown: tallyDoc(p.Shown), Texts: p.Texts,
	}
}

func (d poolDoc) pool() surveys.Pool {
	return surveys.Pool{
		Key: surveys.Key{Version: d.Version, Kind: d.Kind, Template: d.Template}, Course: d.Course,
		Waiting: surveys.Tally(d.Waiting), Shown: surveys.Tally(d.Shown), Texts: d.Texts,
	}
}

func templateToDoc(t surveys.Template) templateDoc {
	return templateDoc{
		From: t.From, Title: t.Title, Basis: t.Basis, Revision: t.Revision, SavedAt: t.SavedAt, SavedBy: t.SavedBy,
		Scale:      each(t.Scale, func(s surveys.Step) stepDoc { return stepDoc(s) }),
		Dimensions: each(t.Dimensions, func(d surveys.Dimension) dimensionDoc { return dimensionDoc(d) }),
		Bands:      each(t.Bands, func(b surveys.Band) bandDoc { return bandDoc(b) }),
	}
}

func (d templateDoc) template() surveys.Template {
	return surveys.Template{
		From: d.From, Title: d.Title, Basis: d.Basis, Revision: d.Revision, SavedAt: d.SavedAt, SavedBy: d.SavedBy,
		Scale:      each(d.Scale, func(s stepDoc) surveys.Step { return surveys.Step(s) }),
		Dimensions: each(d.Dimensions, func(x dimensionDoc) surveys.Dimension { return surveys.Dimension(x) }),
		Bands:      each(d.Bands, func(b bandDoc) surveys.Band { return surveys.Band(b) }),
	}
}

// Mark implements surveys.Store; it reads by _id.
func (s *Surveys) Mark(ctx context.Context, id string) (surveys.Mark, bool, error) {
	docs, err := s.marked.find(ctx, id)
	d, there := docs[id]
	return surveys.Mark(d), there, err
}

// Marked implements surveys.Store; it reads by _id.
func (s *Surveys) Marked(ctx context.Context, ids []string) (map[string]bool, error) {
	docs, err := s.marked.find(ctx, ids...)
	found := make(map[string]bool, len(ids))
	for _, id := range ids {
		_, found[id] = docs[id]
	}
	return found, err
}

// InsertMark implements surveys.Store.
func (s *Surveys) InsertMark(ctx context.Context, m surveys.Mark) error {
	_, err := s.marks.InsertOne(ctx, answeredDoc(m))
	if isDuplicate(err) {
		return surveys.ErrAnswered
	}
	if err != nil {
		return fault("insert a mark", err)
	}
	return nil
}

// Pool implements surveys.Store; it reads by _id.
func (s *Surveys) Pool(ctx context.Context, key surveys.Key) (surveys.Pool, error) {
	docs, err := all[poolDoc](ctx, s.pools, bson.D{{Key: "_id", Value: poolID(key)}}, "find a pool")
	if err != nil || len(docs) == 0 {
		return surveys.Pool{Key: key}, err
	}
	return docs[0].pool(), nil
}

// SavePool implements surveys.Store; it writes by _id.
func (s *Surveys) SavePool(ctx context.Context, p surveys.Pool) error {
	if _, err := s.pools.ReplaceOne(ctx, bson.D{{Key: "_id", Value: poolID(p.Key)}}, poolToDoc(p), options.Replace().SetUpsert(true)); err != nil {
		return fault("save a pool", err)
	}
	return nil
}

// Pools implements surveys.Store; index version.
func (s *Surveys) Pools(ctx context.Context, version courses.VersionID) ([]surveys.Pool, error) {
	docs, err := all[poolDoc](ctx, s.pools, bson.D{{Key: "version", Value: version}}, "read pools", options.Find().SetSort(bson.D{{Key: "_id", Value: 1}}))
	return each(docs, poolDoc.pool), err
}

// Told implements surveys.Store; index course+shown.n+version covers it.
func (s *Surveys) Told(ctx context.Context, course courses.CourseID) ([]courses.VersionID, error) {
	var ids []courses.VersionID
	seen := map[string]bool{}
	err := see(ctx, s.pools, bson.D{{Key: "course", Value: course}, {Key: "shown.n", Value: bson.D{{Key: "$gt", Value: 0}}}}, "list versions with results", func(d bson.Raw) {
		if id := d.Lookup("version").StringValue(); !seen[id] {
			seen[id] = true
			ids = append(ids, courses.VersionID(id))
		}
	}, options.Find().SetProjection(bson.D{{Key: "_id", Value: 0}, {Key: "version", Value: 1}}))
	return ids, err
}

// InsertTexts implements surveys.Store. Their ids and the order in which they are
// stored are by chance.
func (s *Surveys) InsertTexts(ctx context.Context, key surveys.Key, texts []string) error {
	docs := each(texts, func(text string) any {
		var b [16]byte
		rand.Read(b[:]) // never fails
		return textDoc{ID: courses.UUID[string](b, 4), Pool: poolID(key), Text: text}
	})
	mathrand.Shuffle(len(docs), func(i, j int) { docs[i], docs[j] = docs[j], docs[i] })
	if _, err := s.texts.InsertMany(ctx, docs); err != nil {
		return fault("insert texts", err)
	}
	return nil
}

// Texts implements surveys.Store; index pool+_id. The cursor is the last id.
func (s *Surveys) Texts(ctx context.Context, key surveys.Key, page courses.Page) (courses.Slice[string], error) {
	docs, err := all[textDoc](ctx, s.texts, bson.D{{Key: "pool", Value: poolID(key)}, {Key: "_id", Value: bson.D{{Key: "$gt", Value: page.After}}}}, "list texts",
		options.Find().SetSort(bson.D{{Key: "_id", Value: 1}}).SetLimit(int64(page.Size()+1)))
	if err != nil {
		return courses.Slice[string]{}, err
	}
	return cut(docs, page, func(last textDoc) string { return last.ID }, func(d textDoc) string { return d.Text }), nil
}

// SaveBefore implements surveys.Store; it writes by _id.
func (s *Surveys) SaveBefore(ctx context.Context, b surveys.Before) error {
	_, err := s.befores.ReplaceOne(ctx, bson.D{{Key: "_id", Value: b.Enrolment}}, beforeDoc{Enrolment: b.Enrolment, Answer: b.Answer, Until: b.Until}, options.Replace().SetUpsert(true))
	if err != nil && !isDuplicate(err) { // of two first ones at once, one is kept
		return fault("save what was said before a course", err)
	}
	return nil
}

// Before implements surveys.Store; it reads by _id.
func (s *Surveys) Before(ctx context.Context, id courses.EnrolmentID) (surveys.Answer, error) {
	docs, err := all[beforeDoc](ctx, s.befores, bson.D{{Key: "_id", Value: id}}, "find what was said before a course")
	if err != nil || len(docs) == 0 {
		return nil, err
	}
	return docs[0].Answer, nil
}

// RemoveBefore implements surveys.Store; it writes by _id.
func (s *Surveys) RemoveBefore(ctx context.Context, id courses.EnrolmentID) error {
	if _, err := s.befores.DeleteOne(ctx, bson.D{{Key: "_id", Value: id}}); err != nil {
		return fault("remove what was said before a course", err)
	}
	return nil
}

// Template implements surveys.Store; it reads by _id, last first.
func (s *Surveys) Template(ctx context.Context, day courses.Date) (surveys.Template, error) {
	docs, err := all[templateDoc](ctx, s.templates, bson.D{{Key: "_id", Value: bson.D{{Key: "$lte", Value: day}}}}, "find a template",
		options.Find().SetSort(bson.D{{Key: "_id", Value: -1}}).SetLimit(1))
	if err != nil {
		return surveys.Template{}, err
	}
	if len(docs) == 0 {
		return surveys.Template{}, surveys.ErrNoTemplate
	}
	return docs[0].template(), nil
}

// Templates implements surveys.Store; it reads by _id. The cursor is the last day.
func (s *Surveys) Templates(ctx context.Context, page courses.Page) (courses.Slice[surveys.Template], error) {
	filter := bson.D{}
	if page.After != "" {
		filter = bson.D{{Key: "_id", Value: bson.D{{Key: "$lt", Value: page.After}}}}
	}
	docs, err := all[templateDoc](ctx, s.templates, filter, "list templates",
		options.Find().SetSort(bson.D{{Key: "_id", Value: -1}}).SetLimit(int64(page.Size()+1)))
	if err != nil {
		return courses.Slice[surveys.Template]{}, err
	}
	return cut(docs, page, func(last templateDoc) string { return string(last.From) }, templateDoc.template), nil
}

// SaveTemplate implements surveys.Store; it writes by _id.
func (s *Surveys) SaveTemplate(ctx context.Context, t surveys.Template, was int) error {
	if was == 0 {
		_, err := s.templates.InsertOne(ctx, templateToDoc(t))
		if isDuplicate(err) {
			return courses.ErrConflict
		}
		if err != nil {
			return fault("insert a template", err)
		}
		return nil
	}
	result, err := s.templates.ReplaceOne(ctx, bson.D{{Key: "_id", Value: t.From}, {Key: "revision", Value: was}}, templateToDoc(t))
	if err != nil {
		return fault("save a template", err)
	}
	if result.MatchedCount == 0 {
		return courses.ErrConflict
	}
	return nil
}

// RemoveTemplate implements surveys.Store; it writes by _id.
func (s *Surveys) RemoveTemplate(ctx context.Context, from courses.Date, was int) error {
	result, err := s.templates.DeleteOne(ctx, bson.D{{Key: "_id", Value: from}, {Key: "revision", Value: was}})
	if err != nil {
		return fault("remove a template", err)
	}
	if result.DeletedCount == 0 {
		return courses.ErrConflict
	}
	return nil
}
