package mongo

import (
	"context"
	"haidang/courses"
	"haidang/courses/laws"
	"haidang/courses/vietnamese"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"
)

var lawIndexes = []index{
	{"laws", bson.D{{Key: "key", Value: 1}}, options.Index().SetUnique(true)},
}

// Laws keeps the registry of legal documents.
type Laws struct{ laws *mongo.Collection }

// Laws is the store of the laws package.
func (db *DB) Laws() *Laws { return &Laws{laws: db.db.Collection("laws")} }

type lawDoc struct {
	ID         courses.DocumentID `bson:"_id"`
	Number     string             `bson:"number"`
	Kind       laws.Kind          `bson:"kind"`
	Abstract   string             `bson:"abstract"`
	Issuer     string             `bson:"issuer"`
	From       courses.Date       `bson:"from"`
	Until      courses.Date       `bson:"until,omitempty"`
	ReplacedBy string             `bson:"replacedBy,omitempty"`
	Articles   []articleDoc       `bson:"articles,omitempty"`
	Keeper     courses.UnitID     `bson:"keeper"`
	Revision   int                `bson:"revision"`
	SavedAt    time.Time          `bson:"savedAt"`
	SavedBy    courses.PersonID   `bson:"savedBy"`
}

type articleDoc struct {
	Label     string       `bson:"label"`
	Title     string       `bson:"title,omitempty"`
	From      courses.Date `bson:"from,omitempty"`
	Until     courses.Date `bson:"until,omitempty"`
	ChangedBy string       `bson:"changedBy,omitempty"`
}

// keyedLawDoc is a document with what its number is told by.
type keyedLawDoc struct {
	Law lawDoc `bson:",inline"`
	Key string `bson:"key"`
}

func lawToDoc(d laws.Document) keyedLawDoc {
	return keyedLawDoc{Key: vietnamese.DocumentNumber(d.Number), Law: lawDoc{
		ID: d.ID, Number: d.Number, Kind: d.Kind, Abstract: d.Abstract, Issuer: d.Issuer, From: d.From, Until: d.Until, ReplacedBy: d.ReplacedBy,
		Articles: each(d.Articles, func(a laws.Article) articleDoc { return articleDoc(a) }),
		Keeper:   d.Keeper, Revision: d.Revision, SavedAt: d.SavedAt, SavedBy: d.SavedBy,
	}}
}

func (d lawDoc) law() laws.Document {
	return laws.Document{
		ID: d.ID, Number: d.Number, Kind: d.Kind, Abstract: d.Abstract, Issuer: d.Issuer, From: d.From, Until: d.Until, ReplacedBy: d.ReplacedBy,
		Articles: each(d.Articles, func(a articleDoc) laws.Article { return laws.Article(a) }),
		Keeper:   d.Keeper, Revision: d.Revision, SavedAt: d.SavedAt, SavedBy: d.SavedBy,
	}
}

// Documents implements laws.Store; it reads the small collection whole.
func (s *Laws) Documents(ctx context.Context) ([]laws.Document, error) {
	docs, err := all[lawDoc](ctx, s.laws, bson.D{}, "read legal documents")
	return each(docs, lawDoc.law), err
}

// Revisions implements laws.Store; it passes over the small collection.
func (s *Laws) Revisions(ctx context.Context) (map[courses.DocumentID]int, error) {
	docs, err := all[lawDoc](ctx, s.laws, bson.D{}, "read revisions of legal documents", options.Find().SetProjection(bson.D{{Key: "revision", Value: 1}}))
	if err != nil {
		return nil, err
	}
	revisions := make(map[courses.DocumentID]int, len(docs))
	for _, d := range docs {
		revisions[d.ID] = d.Revision
	}
	return revisions, nil
}

// Insert implements laws.Store.
func (s *Laws) Insert(ctx context.Context, d laws.Document) error {
	_, err := s.laws.InsertOne(ctx, lawToDoc(d))
	if isDuplicate(err) {
		return laws.ErrTaken
	}
	if err != nil {
		return fault("insert legal document", err)
	}
	return nil
}

// Replace implements laws.Store; it writes by _id.
func (s *Laws) Replace(ctx context.Context, d laws.Document, was int) error {
	result, err := s.laws.ReplaceOne(ctx, bson.D{{Key: "_id", Value: d.ID}, {Key: "revision", Value: was}}, lawToDoc(d))
	if isDuplicate(err) {
		return laws.ErrTaken
	}
	if err != nil {
		return fault("replace legal document", err)
	}
	if result.MatchedCount == 0 {
		return courses.ErrConflict
	}
	return nil
}
