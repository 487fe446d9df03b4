package mongo

import (
	"context"
	"haidang/courses"
	"haidang/courses/records"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"
)

var recordIndexes = []index{
	{"completions", bson.D{{Key: "person", Value: 1}, {Key: "completedAt", Value: -1}, {Key: "_id", Value: -1}, {Key: "tiet", Value: 1}}, nil},
	{"completions", bson.D{{Key: "unit", Value: 1}, {Key: "completedAt", Value: -1}, {Key: "_id", Value: -1}}, nil},
	{"completions", bson.D{{Key: "leaf", Value: 1}}, options.Index().SetUnique(true).
		SetPartialFilterExpression(bson.D{{Key: "leaf", Value: bson.D{{Key: "$gte", Value: 0}}}})},
	{"completions", bson.D{{Key: "pending", Value: 1}, {Key: "completedAt", Value: 1}}, options.Index().
		SetPartialFilterExpression(bson.D{{Key: "pending", Value: true}})},
}

// Records keeps the ledger.
type Records struct {
	completions, heads, hashes *mongo.Collection
	tiet                       *gather[personIn, int]
	ranges                     *gather[personBetween, []records.Completion]
	credits                    *gather[personBetween, []records.Credit]
}

// Records is the store of the records package.
func (db *DB) Records() *Records {
	s := &Records{completions: db.db.Collection("completions"), heads: db.db.Collection("ledger_heads"), hashes: db.db.Collection("ledger_hashes")}
	s.tiet = &gather[personIn, int]{read: s.sums}
	s.ranges = &gather[personBetween, []records.Completion]{read: func(ctx context.Context, keys []personBetween) (map[personBetween][]records.Completion, error) {
		return completedBetween(ctx, s.completions, keys, completionDoc.completion)
	}}
	s.credits = &gather[personBetween, []records.Credit]{read: func(ctx context.Context, keys []personBetween) (map[personBetween][]records.Credit, error) {
		return completedBetween(ctx, s.completions, keys, completionDoc.credit, options.Find().
			SetProjection(bson.D{{Key: "person", Value: 1}, {Key: "completedAt", Value: 1}, {Key: "tiet", Value: 1}}))
	}}
	return s
}

type completionDoc struct {
	ID          courses.CompletionID `bson:"_id"`
	Person      courses.PersonID     `bson:"person"`
	Course      courses.CourseID     `bson:"course"`
	Version     courses.VersionID    `bson:"version"`
	CourseCode  string               `bson:"courseCode"`
	CourseTitle string               `bson:"courseTitle"`
	Issuer      courses.UnitID       `bson:"issuer"`
	IssuerName  string               `bson:"issuerName"`
	Knowledge   string               `bson:"knowledge"`
	Tiet        int                  `bson:"tiet"`
	Unit        courses.UnitID       `bson:"unit"`
	UnitName    string               `bson:"unitName"`
	StartedAt   time.Time            `bson:"startedAt"`
	CompletedAt time.Time            `bson:"completedAt"`
	Salt        string               `bson:"salt"`
	Leaf        *int64               `bson:"leaf,omitempty"`
	Pending     bool                 `bson:"pending,omitempty"`
}

func completionToDoc(c records.Completion) completionDoc {
	return completionDoc{
		ID: c.ID, Person: c.Person, Course: c.Course, Version: c.Version, CourseCode: c.CourseCode, CourseTitle: c.CourseTitle,
		Issuer: c.Issuer, IssuerName: c.IssuerName, Knowledge: c.Knowledge, Tiet: c.Tiet, Unit: c.Unit, UnitName: c.UnitName,
		StartedAt: c.StartedAt, CompletedAt: c.CompletedAt, Salt: c.Salt, Leaf: c.Leaf, Pending: c.Leaf == nil,
	}
}

func (d completionDoc) completion() records.Completion {
	return records.Completion{
		ID: d.ID, Person: d.Person, Course: d.Course, Version: d.Version, CourseCode: d.CourseCode, CourseTitle: d.CourseTitle,
		Issuer: d.Issuer, IssuerName: d.IssuerName, Knowledge: d.Knowledge, Tiet: d.Tiet, Unit: d.Unit, UnitName: d.UnitName,
		StartedAt: d.StartedAt, CompletedAt: d.CompletedAt, Salt: d.Salt, Leaf: d.Leaf,
	}
}

// Insert implements records.Store.
func (s *Records) Insert(ctx context.Context, list []records.Completion) error {
	_, err := s.completions.InsertMany(ctx, each(list, func(c records.Completion) any { return completionToDoc(c) }))
	if err != nil {
		return fault("insert completions", err)
	}
	return nil
}

// Pending implements records.Store; index pending+completedAt.
func (s *Records) Pending(ctx context.Context, limit int) ([]records.Completion, error) {
	docs, err := all[completionDoc](ctx, s.completions, bson.D{{Key: "pending", Value: true}}, "list pending completions",
		options.Find().SetSort(bson.D{{Key: "completedAt", Value: 1}}).SetLimit(int64(limit)))
	return each(docs, completionDoc.completion), err
}

// SetLeaves implements records.Store; it writes by _id.
func (s *Records) SetLeaves(ctx context.Context, list []records.Completion) error {
	return saveAll(ctx, s.completions, "set leaves", each(list, func(c records.Completion) mongo.WriteModel {
		return mongo.NewUpdateOneModel().SetFilter(bson.D{{Key: "_id", Value: c.ID}}).SetUpdate(bson.D{
			{Key: "$set", Value: bson.D{{Key: "leaf", Value: *c.Leaf}}}, {Key: "$unset", Value: bson.D{{Key: "pending", Value: ""}}},
		})
	}))
}

// Since implements records.Store; index leaf.
func (s *Records) Since(ctx context.Context, leaf int64, limit int) ([]records.Completion, error) {
	docs, err := all[completionDoc](ctx, s.completions, bson.D{{Key: "leaf", Value: bson.D{{Key: "$gte", Value: leaf}}}}, "follow the ledger",
		options.Find().SetSort(bson.D{{Key: "leaf", Value: 1}}).SetLimit(int64(limit)))
	return each(docs, completionDoc.completion), err
}

// Astray implements records.Store; it reads the collection, for the verifier only.
func (s *Records) Astray(ctx context.Context) ([]records.Completion, error) {
	docs, err := all[completionDoc](ctx, s.completions, bson.D{
		{Key: "leaf", Value: bson.D{{Key: "$not", Value: bson.D{{Key: "$gte", Value: 0}}}}},
		{Key: "pending", Value: bson.D{{Key: "$ne", Value: true}}},
	}, "look for completions outside the ledger")
	return each(docs, completionDoc.completion), err
}

// OfPerson implements records.Store; index person+completedAt. Kinds and words are
// looked for among what one person completed, which a working life bounds, and only
// until the page is full.
func (s *Records) OfPerson(ctx context.Context, person courses.PersonID, filter records.Filter, page courses.Page) (courses.Slice[records.Completion], error) {
	var slice courses.Slice[records.Completion]
	query := bson.D{{Key: "person", Value: person}}
	if filter.Period != "" {
		from, to := filter.Period.Range()
		query = append(query, bson.E{Key: "completedAt", Value: between{from.Time(), to.AddDays(1).Time()}.filter()})
	}
	query, err := after(query, "completedAt", page.After)
	if err != nil {
		return slice, err
	}
	find := options.Find().SetSort(bson.D{{Key: "completedAt", Value: -1}, {Key: "_id", Value: -1}})
	if filter.Knowledge == "" && filter.Words == "" {
		find.SetLimit(int64(page.Size() + 1))
	}
	cursor, err := s.completions.Find(ctx, query, find)
	if err != nil {
		return slice, fault("list completions", err)
	}
	defer cursor.Close(context.WithoutCancel(ctx))
	docs := make([]completionDoc, 0, page.Size()+1)
	for len(docs) <= page.Size() && cursor.Next(ctx) {
		var d completionDoc
		if err := cursor.Decode(&d); err != nil {
			return slice, fault("list completions", err)
		}
		if filter.Keeps(d.completion()) {
			docs = append(docs, d)
		}
	}
	if err := cursor.Err(); err != nil {
		return slice, fault("list completions", err)
	}
	return cut(docs, page, func(last completionDoc) string { return instantCursor(last.CompletedAt, string(last.ID)) }, completionDoc.completion), nil
}

// InRange implements records.Store; index person+completedAt.
func (s *Records) InRange(ctx context.Context, person courses.PersonID, from, to time.Time) ([]records.Completion, error) {
	k := personBetween{person, between{from, to}}
	found, err := s.ranges.find(ctx, k)
	return found[k], err
}

// Credits implements records.Store; index person+completedAt+_id+tiet covers it.
func (s *Records) Credits(ctx context.Context, person courses.PersonID, from, to time.Time) ([]records.Credit, error) {
	k := personBetween{person, between{from, to}}
	found, err := s.credits.find(ctx, k)
	return found[k], err
}

func (d completionDoc) credit() records.Credit {
	return records.Credit{ID: d.ID, At: d.CompletedAt, Tiet: d.Tiet}
}

// between is a stretch of time.
type between struct{ from, to time.Time }

func (b between) filter() bson.D {
	return bson.D{{Key: "$gte", Value: b.from}, {Key: "$lt", Value: b.to}}
}

// personBetween is a person in a stretch of time.
type personBetween struct {
	person courses.PersonID
	between
}

// completedBetween reads completions, with one query for each stretch.
func completedBetween[T any](ctx context.Context, c *mongo.Collection, keys []personBetween, as func(completionDoc) T, opts ...*options.FindOptions) (map[personBetween][]T, error) {
	people := map[between][]courses.PersonID{}
	for _, k := range keys {
		people[k.between] = append(people[k.between], k.person)
	}
	found := make(map[personBetween][]T, len(keys))
	for stretch, list := range people {
		docs, err := all[completionDoc](ctx, c, bson.D{
			{Key: "person", Value: bson.D{{Key: "$in", Value: list}}}, {Key: "completedAt", Value: stretch.filter()},
		}, "read completions", append(opts, options.Find().SetBatchSize(10_000))...)
		if err != nil {
			return nil, err
		}
		for _, d := range docs {
			k := personBetween{d.Person, stretch}
			found[k] = append(found[k], as(d))
		}
	}
	return found, nil
}

// InUnits implements records.Store; index unit+completedAt, merged over the units.
func (s *Records) InUnits(ctx context.Context, units []courses.UnitID, from, to time.Time, page courses.Page) (courses.Slice[records.Completion], error) {
	var slice courses.Slice[records.Completion]
	filter, err := after(bson.D{
		{Key: "unit", Value: bson.D{{Key: "$in", Value: units}}}, {Key: "completedAt", Value: between{from, to}.filter()},
	}, "completedAt", page.After)
	if err != nil {
		return slice, err
	}
	docs, err := all[completionDoc](ctx, s.completions, filter, "list completions of units",
		options.Find().SetSort(bson.D{{Key: "completedAt", Value: -1}, {Key: "_id", Value: -1}}).SetLimit(int64(page.Size()+1)))
	if err != nil {
		return slice, err
	}
	return cut(docs, page, func(last completionDoc) string { return instantCursor(last.CompletedAt, string(last.ID)) }, completionDoc.completion), nil
}

// Find implements records.Store; it reads by _id.
func (s *Records) Find(ctx context.Context, id courses.CompletionID) (records.Completion, error) {
	d, err := one[completionDoc](ctx, s.completions, id, records.ErrNoCompletion, "find completion")
	return d.completion(), err
}

// personIn is a person in a period.
type personIn struct {
	person courses.PersonID
	period courses.Period
}

// Tiet implements records.Store; index person+completedAt+tiet covers it.
func (s *Records) Tiet(ctx context.Context, person courses.PersonID, period courses.Period) (int, error) {
	k := personIn{person, period}
	found, err := s.tiet.find(ctx, k)
	return found[k], err
}

// sums adds up tiết, with one query for each period: nearly always this year.
func (s *Records) sums(ctx context.Context, keys []personIn) (map[personIn]int, error) {
	people := map[courses.Period][]courses.PersonID{}
	for _, k := range keys {
		people[k.period] = append(people[k.period], k.person)
	}
	sums := make(map[personIn]int, len(keys))
	for period, list := range people {
		from, to := period.Range()
		cursor, err := s.completions.Aggregate(ctx, mongo.Pipeline{
			{{Key: "$match", Value: bson.D{
				{Key: "person", Value: bson.D{{Key: "$in", Value: list}}},
				{Key: "completedAt", Value: bson.D{{Key: "$gte", Value: from.Time()}, {Key: "$lt", Value: to.AddDays(1).Time()}}},
			}}},
			{{Key: "$group", Value: bson.D{{Key: "_id", Value: "$person"}, {Key: "tiet", Value: bson.D{{Key: "$sum", Value: "$tiet"}}}}}},
		}, options.Aggregate().SetBatchSize(gatherKeys))
		if err != nil {
			return nil, fault("sum tiết", err)
		}
		var rows []struct {
			Person courses.PersonID `bson:"_id"`
			Tiet   int              `bson:"tiet"`
		}
		if err := cursor.All(ctx, &rows); err != nil {
			return nil, fault("sum tiết", err)
		}
		for _, r := range rows {
			sums[personIn{r.Person, period}] = r.Tiet
		}
	}
	return sums, nil
}

type headDoc struct {
	Size int64     `bson:"_id"`
	Note string    `bson:"note"`
	At   time.Time `bson:"at"`
}

// Head implements records.Store; it reads by _id, last first.
func (s *Records) Head(ctx context.Context) (records.Head, error) {
	docs, err := all[headDoc](ctx, s.heads, bson.D{}, "read head", options.Find().SetSort(bson.D{{Key: "_id", Value: -1}}).SetLimit(1))
	if err != nil || len(docs) == 0 {
		return records.Head{}, err
	}
	return records.Head(docs[0]), nil
}

// AddHead implements records.Store. Every sequencer writes the one lock document
// first, so that of two only one commits.
func (s *Records) AddHead(ctx context.Context, h records.Head, was int64) error {
	type lockDoc struct {
		ID   string `bson:"_id"`
		Size int64  `bson:"size"`
	}
	lock := s.heads.Database().Collection("ledger_lock")
	var err error
	if was == 0 {
		_, err = lock.InsertOne(ctx, lockDoc{ID: "head", Size: h.Size})
	} else {
		var result *mongo.UpdateResult
		result, err = lock.UpdateOne(ctx, bson.D{{Key: "_id", Value: "head"}, {Key: "size", Value: was}},
			bson.D{{Key: "$set", Value: bson.D{{Key: "size", Value: h.Size}}}})
		if err == nil && result.MatchedCount == 0 {
			return courses.ErrConflict
		}
	}
	if err == nil {
		_, err = s.heads.InsertOne(ctx, headDoc(h))
	}
	if isDuplicate(err) {
		return courses.ErrConflict
	}
	if err != nil {
		return fault("add head", err)
	}
	return nil
}

// Heads implements records.Store; it reads by _id.
func (s *Records) Heads(ctx context.Context, from int64, limit int) ([]records.Head, error) {
	docs, err := all[headDoc](ctx, s.heads, bson.D{{Key: "_id", Value: bson.D{{Key: "$gte", Value: from}}}}, "list heads",
		options.Find().SetSort(bson.D{{Key: "_id", Value: 1}}).SetLimit(int64(limit)))
	return each(docs, func(d headDoc) records.Head { return records.Head(d) }), err
}

type hashesDoc struct {
	Chunk  int64  `bson:"_id"`
	Hashes []byte `bson:"hashes"`
}

// Hashes implements records.Store; it reads by _id.
func (s *Records) Hashes(ctx context.Context, chunks []int64) ([][]byte, error) {
	docs, err := all[hashesDoc](ctx, s.hashes, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: chunks}}}}, "read hashes")
	if err != nil {
		return nil, err
	}
	found := make(map[int64][]byte, len(docs))
	for _, d := range docs {
		found[d.Chunk] = d.Hashes
	}
	return each(chunks, func(n int64) []byte { return found[n] }), nil
}

// SaveHashes implements records.Store; it writes by _id.
func (s *Records) SaveHashes(ctx context.Context, chunks map[int64][]byte) error {
	models := make([]mongo.WriteModel, 0, len(chunks))
	for n, hashes := range chunks {
		models = append(models, mongo.NewReplaceOneModel().SetUpsert(true).
			SetFilter(bson.D{{Key: "_id", Value: n}}).SetReplacement(hashesDoc{Chunk: n, Hashes: hashes}))
	}
	return saveAll(ctx, s.hashes, "save hashes", models)
}
