package mongo

import (
	"context"
	"haidang/courses"
	"haidang/courses/reports"
	"slices"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"
)

var reportIndexes = []index{
	{"person_years", bson.D{{Key: "person", Value: 1}, {Key: "year", Value: 1}}, nil},
	{"counters", bson.D{{Key: "period", Value: 1}}, nil},
}

// Reports keeps what the projection counted.
type Reports struct{ years, counters, cursors *mongo.Collection }

// Reports is the store of the reports package.
func (db *DB) Reports() *Reports {
	return &Reports{years: db.db.Collection("person_years"), counters: db.db.Collection("counters"), cursors: db.db.Collection("cursors")}
}

type figuresDoc struct {
	Trained     int   `bson:"trained"`
	Attendances int   `bson:"attendances"`
	Women       int   `bson:"women"`
	Minority    int   `bson:"minority"`
	ByKnowledge []int `bson:"byKnowledge"`
	Tiet        int   `bson:"tiet"`
	Reached     int   `bson:"reached"`
}

type personYearDoc struct {
	ID      string                        `bson:"_id"` // person.year
	Person  courses.PersonID              `bson:"person"`
	Year    courses.Period                `bson:"year"`
	Periods map[courses.Period]countedDoc `bson:"periods"`
}

type countedDoc struct {
	Unit    courses.UnitID `bson:"unit"`
	Figures figuresDoc     `bson:"figures"`
}

// counterDoc has its figures as fields of their own, so that they can be added
// to; those by knowledge are keyed by their place in the form.
type counterDoc struct {
	ID          string         `bson:"_id"` // unit|period
	Unit        courses.UnitID `bson:"unit"`
	Period      courses.Period `bson:"period"`
	Trained     int            `bson:"trained"`
	Attendances int            `bson:"attendances"`
	Women       int            `bson:"women"`
	Minority    int            `bson:"minority"`
	Knowledge   knowledgeDoc   `bson:"knowledge"`
	Tiet        int            `bson:"tiet"`
	Reached     int            `bson:"reached"`
}

type knowledgeDoc struct {
	K0 int `bson:"k0"`
	K1 int `bson:"k1"`
	K2 int `bson:"k2"`
	K3 int `bson:"k3"`
	K4 int `bson:"k4"`
	K5 int `bson:"k5"`
	K6 int `bson:"k6"`
}

func personYearID(person courses.PersonID, year courses.Period) string {
	return string(person) + "." + string(year)
}

func (d personYearDoc) personYear() reports.PersonYear {
	py := reports.PersonYear{Person: d.Person, Year: d.Year, Periods: make(map[courses.Period]reports.Counted, len(d.Periods))}
	for period, c := range d.Periods {
		py.Periods[period] = reports.Counted{Unit: c.Unit, Figures: reports.Figures(c.Figures)}
	}
	return py
}

func (d counterDoc) figures() reports.Figures {
	k := d.Knowledge
	return reports.Figures{
		Trained: d.Trained, Attendances: d.Attendances, Women: d.Women, Minority: d.Minority, Tiet: d.Tiet, Reached: d.Reached,
		ByKnowledge: []int{k.K0, k.K1, k.K2, k.K3, k.K4, k.K5, k.K6},
	}
}

// PersonYear implements reports.Store; it reads by _id.
func (s *Reports) PersonYear(ctx context.Context, person courses.PersonID, year courses.Period) (reports.PersonYear, error) {
	docs, err := all[personYearDoc](ctx, s.years, bson.D{{Key: "_id", Value: personYearID(person, year)}}, "read a person-year")
	if err != nil || len(docs) == 0 {
		return reports.PersonYear{Person: person, Year: year}, err
	}
	return docs[0].personYear(), nil
}

// Credits implements reports.Store; it reads by _id, and of each year only two
// figures of the period.
func (s *Reports) Credits(ctx context.Context, people []courses.PersonID, period courses.Period) (map[courses.PersonID]reports.Credit, error) {
	ids := each(people, func(p courses.PersonID) string { return personYearID(p, period.Year()) })
	figures := "periods." + string(period) + ".figures."
	of := make(map[courses.PersonID]reports.Credit, len(people))
	err := see(ctx, s.years, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: ids}}}}, "read credits", func(d bson.Raw) {
		if counted, is := d.Lookup("periods", string(period), "figures").DocumentOK(); is {
			of[courses.PersonID(d.Lookup("person").StringValue())] = reports.Credit{
				Attendances: int(counted.Lookup("attendances").AsInt64()), Tiet: int(counted.Lookup("tiet").AsInt64()),
			}
		}
	}, options.Find().
		SetProjection(bson.D{{Key: "_id", Value: 0}, {Key: "person", Value: 1}, {Key: figures + "attendances", Value: 1}, {Key: figures + "tiet", Value: 1}}).
		SetBatchSize(10_000))
	if err != nil {
		return nil, err
	}
	return of, nil
}

// Years implements reports.Store; index person+year.
func (s *Reports) Years(ctx context.Context, person courses.PersonID) ([]courses.Period, error) {
	docs, err := all[personYearDoc](ctx, s.years, bson.D{{Key: "person", Value: person}}, "list person-years",
		options.Find().SetProjection(bson.D{{Key: "year", Value: 1}}))
	return each(docs, func(d personYearDoc) courses.Period { return d.Year }), err
}

// SavePersonYears implements reports.Store; it writes by _id.
func (s *Reports) SavePersonYears(ctx context.Context, list []reports.PersonYear) error {
	return saveAll(ctx, s.years, "save person-years", each(list, func(py reports.PersonYear) mongo.WriteModel {
		d := personYearDoc{
			ID: personYearID(py.Person, py.Year), Person: py.Person, Year: py.Year,
			Periods: make(map[courses.Period]countedDoc, len(py.Periods)),
		}
		for period, c := range py.Periods {
			d.Periods[period] = countedDoc{Unit: c.Unit, Figures: figuresDoc(c.Figures)}
		}
		return mongo.NewReplaceOneModel().SetUpsert(true).SetFilter(bson.D{{Key: "_id", Value: d.ID}}).SetReplacement(d)
	}))
}

// ForgetPersonYears implements reports.Store; it reads the collection by _id
// and writes by _id.
func (s *Reports) ForgetPersonYears(ctx context.Context, known func(courses.PersonID, courses.Period) bool) (int, error) {
	var unknown []string
	err := see(ctx, s.years, bson.D{}, "read person-years", func(d bson.Raw) {
		if !known(courses.PersonID(d.Lookup("person").StringValue()), courses.Period(d.Lookup("year").StringValue())) {
			unknown = append(unknown, d.Lookup("_id").StringValue())
		}
	}, options.Find().SetProjection(bson.D{{Key: "person", Value: 1}, {Key: "year", Value: 1}}))
	if err != nil {
		return 0, err
	}
	for ids := range slices.Chunk(unknown, 1000) {
		if _, err := s.years.DeleteMany(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: ids}}}}); err != nil {
			return 0, fault("forget person-years", err)
		}
	}
	return len(unknown), nil
}

// AddCounters implements reports.Store; it writes by _id.
func (s *Reports) AddCounters(ctx context.Context, sums map[reports.Counter]reports.Figures) error {
	return s.writeCounters(ctx, "$inc", sums)
}

// SetCounters implements reports.Store; it writes by _id.
func (s *Reports) SetCounters(ctx context.Context, sums map[reports.Counter]reports.Figures) error {
	return s.writeCounters(ctx, "$set", sums)
}

func (s *Reports) writeCounters(ctx context.Context, verb string, sums map[reports.Counter]reports.Figures) error {
	models := make([]mongo.WriteModel, 0, len(sums))
	for k, f := range sums {
		fields := bson.D{
			{Key: "trained", Value: f.Trained},
			{Key: "attendances", Value: f.Attendances},
			{Key: "women", Value: f.Women},
			{Key: "minority", Value: f.Minority},
			{Key: "tiet", Value: f.Tiet},
			{Key: "reached", Value: f.Reached},
		}
		places := []string{"k0", "k1", "k2", "k3", "k4", "k5", "k6"}
		for i, place := range places {
			n := 0
			if i < len(f.ByKnowledge) {
				n = f.ByKnowledge[i]
			}
			fields = append(fields, bson.E{Key: "knowledge." + place, Value: n})
		}
		models = append(models, mongo.NewUpdateOneModel().SetUpsert(true).
			SetFilter(bson.D{{Key: "_id", Value: string(k.Unit) + "|" + string(k.Period)}}).
			SetUpdate(bson.D{
				{Key: "$setOnInsert", Value: bson.D{{Key: "unit", Value: k.Unit}, {Key: "period", Value: k.Period}}},
				{Key: verb, Value: fields},
			}))
	}
	return saveAll(ctx, s.counters, "write counters", models)
}

// Counters implements reports.Store; index period.
func (s *Reports) Counters(ctx context.Context, period courses.Period) (map[courses.UnitID]reports.Figures, error) {
	docs, err := all[counterDoc](ctx, s.counters, bson.D{{Key: "period", Value: period}}, "read counters")
	of := make(map[courses.UnitID]reports.Figures, len(docs))
	for _, d := range docs {
		of[d.Unit] = d.figures()
	}
	return of, err
}

// AllCounters implements reports.Store; it reads the collection, which grows
// with units and periods only.
func (s *Reports) AllCounters(ctx context.Context) (map[reports.Counter]reports.Figures, error) {
	docs, err := all[counterDoc](ctx, s.counters, bson.D{}, "read counters")
	of := make(map[reports.Counter]reports.Figures, len(docs))
	for _, d := range docs {
		of[reports.Counter{Unit: d.Unit, Period: d.Period}] = d.figures()
	}
	return of, err
}

type cursorDoc struct {
	ID   string `bson:"_id"`
	Leaf int64  `bson:"leaf"`
}

// Followed implements reports.Store; it reads by _id.
func (s *Reports) Followed(ctx context.Context) (int64, error) {
	var d cursorDoc
	err := s.cursors.FindOne(ctx, bson.D{{Key: "_id", Value: "reports"}}).Decode(&d)
	if err != nil && !isMissing(err) {
		return 0, fault("read the projection's place", err)
	}
	return d.Leaf, nil
}

// Follow implements reports.Store; it writes by _id.
func (s *Reports) Follow(ctx context.Context, leaf int64) error {
	_, err := s.cursors.ReplaceOne(ctx, bson.D{{Key: "_id", Value: "reports"}}, cursorDoc{ID: "reports", Leaf: leaf}, options.Replace().SetUpsert(true))
	if err != nil {
		return fault("save the projection's place", err)
	}
	return nil
}
