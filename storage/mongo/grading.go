package mongo

import (
	"context"
	"haidang/courses"
	"haidang/courses/assessment"
	"strconv"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo/options"
)

// unfinished is corrections of which some attempts may not know.
var unfinished = bson.D{{Key: "done", Value: false}}

type correctionDoc struct {
	ID     string           `bson:"_id"` // that of the version that corrects
	Item   courses.ItemID   `bson:"item"`
	From   int              `bson:"from"`
	To     int              `bson:"to"`
	By     courses.PersonID `bson:"by"`
	At     time.Time        `bson:"at"`
	Reason string           `bson:"reason"`
	Done   bool             `bson:"done"`
}

func (d correctionDoc) domain() assessment.Correction {
	return assessment.Correction{Item: d.Item, From: d.From, To: d.To, By: d.By, At: d.At, Reason: d.Reason, Done: d.Done}
}

func correctionKey(c assessment.Correction) string {
	return refKey(assessment.Ref{Item: c.Item, Number: c.To})
}

// KeepFile implements assessment.Store; it writes by _id.
func (s *Assessment) KeepFile(ctx context.Context, id courses.AttemptID, f assessment.File) (bool, error) {
	same := bson.D{{Key: "slot", Value: f.Slot}, {Key: "sha256", Value: f.SHA256}}
	full := "files." + strconv.Itoa(assessment.MaxFiles-1)
	result, err := s.attempts.UpdateOne(ctx, bson.D{
		{Key: "_id", Value: id},
		{Key: "files", Value: bson.D{{Key: "$not", Value: bson.D{{Key: "$elemMatch", Value: same}}}}},
		{Key: full, Value: bson.D{{Key: "$exists", Value: false}}},
	}, bson.D{{Key: "$push", Value: bson.D{{Key: "files", Value: fileDoc(f)}}}})
	if err != nil {
		return false, fault("keep a file of an attempt", err)
	}
	if result.MatchedCount == 1 {
		return true, nil
	}
	n, err := s.attempts.CountDocuments(ctx, bson.D{{Key: "_id", Value: id}, {Key: "files", Value: bson.D{{Key: "$elemMatch", Value: same}}}})
	if err != nil {
		return false, fault("look for a file of an attempt", err)
	}
	return n == 1, nil
}

// ToMark implements assessment.Store; the partial index grading.
func (s *Assessment) ToMark(ctx context.Context, scope courses.Scope, without courses.PersonID, page courses.Page) (courses.Slice[assessment.Attempt], error) {
	filter := append(ownedIn(scope, "owner"), grading...)
	return s.page(ctx, append(filter, bson.E{Key: "person", Value: bson.D{{Key: "$ne", Value: without}}}), 1, page)
}

// InsertCorrection implements assessment.Store.
func (s *Assessment) InsertCorrection(ctx context.Context, c assessment.Correction) error {
	_, err := s.corrections.InsertOne(ctx, correctionDoc{ID: correctionKey(c), Item: c.Item, From: c.From, To: c.To, By: c.By, At: c.At, Reason: c.Reason})
	if isDuplicate(err) {
		return courses.ErrConflict
	}
	if err != nil {
		return fault("insert a correction", err)
	}
	return nil
}

// Corrections implements assessment.Store; index item.
func (s *Assessment) Corrections(ctx context.Context, items []courses.ItemID) ([]assessment.Correction, error) {
	found, err := s.corrected.find(ctx, items...)
	var list []assessment.Correction
	for _, id := range items {
		list = append(list, each(found[id], correctionDoc.domain)...)
	}
	return list, err
}

func (s *Assessment) readCorrections(ctx context.Context, items []courses.ItemID) (map[courses.ItemID][]correctionDoc, error) {
	docs, err := all[correctionDoc](ctx, s.corrections, bson.D{{Key: "item", Value: bson.D{{Key: "$in", Value: items}}}}, "read corrections")
	of := map[courses.ItemID][]correctionDoc{}
	for _, d := range docs {
		of[d.Item] = append(of[d.Item], d)
	}
	return of, err
}

// mostCorrections is how many corrections are worked on at a time.
const mostCorrections = 100

// OpenCorrections implements assessment.Store; the partial index at.
func (s *Assessment) OpenCorrections(ctx context.Context) ([]assessment.Correction, error) {
	docs, err := all[correctionDoc](ctx, s.corrections, unfinished, "read open corrections", options.Find().SetSort(bson.D{{Key: "at", Value: 1}}).SetLimit(mostCorrections))
	return each(docs, correctionDoc.domain), err
}

// FinishCorrection implements assessment.Store; it writes by _id.
func (s *Assessment) FinishCorrection(ctx context.Context, c assessment.Correction) error {
	_, err := s.corrections.UpdateOne(ctx, bson.D{{Key: "_id", Value: correctionKey(c)}}, bson.D{{Key: "$set", Value: bson.D{{Key: "done", Value: true}}}})
	if err != nil {
		return fault("finish a correction", err)
	}
	return nil
}

// Uncorrected implements assessment.Store; the partial index asked.
func (s *Assessment) Uncorrected(ctx context.Context, c assessment.Correction, after courses.AttemptID, limit int) ([]assessment.Attempt, error) {
	given := bson.D{
		{Key: "item", Value: c.Item},
		{Key: "number", Value: bson.D{{Key: "$gte", Value: c.From}, {Key: "$lt", Value: c.To}}},
		{Key: "key", Value: bson.D{{Key: "$not", Value: bson.D{{Key: "$gte", Value: c.To}}}}},
	}
	filter := bson.D{{Key: "slots", Value: bson.D{{Key: "$elemMatch", Value: given}}}, {Key: "_id", Value: bson.D{{Key: "$gt", Value: after}}}}
	return s.list(ctx, append(filter, done...), "_id", limit)
}

// Corrected implements assessment.Store; the partial index corrected.
func (s *Assessment) Corrected(ctx context.Context, scope courses.Scope, item courses.ItemID, page courses.Page) (courses.Slice[assessment.Attempt], error) {
	filter := append(ownedIn(scope, "owner"), bson.E{Key: "regrades.item", Value: item})
	return s.page(ctx, append(filter, regraded...), -1, page)
}
