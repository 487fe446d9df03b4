package mongo

import (
	"context"
	"haidang/courses"
	"haidang/courses/staff"
	"haidang/courses/vietnamese"
	"slices"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"
)

var staffIndexes = []index{
	{"people", bson.D{{Key: "sort", Value: 1}, {Key: "_id", Value: 1}}, nil},
	{"people", bson.D{{Key: "postings.unit", Value: 1}, {Key: "sort", Value: 1}, {Key: "_id", Value: 1}}, nil},
	{"people", bson.D{{Key: "words", Value: 1}, {Key: "sort", Value: 1}}, nil},
	{"headcounts", bson.D{{Key: "day", Value: 1}, {Key: "unit", Value: 1}, {Key: "delta", Value: 1}}, nil},
	{"targets", bson.D{{Key: "category", Value: 1}, {Key: "from", Value: -1}}, options.Index().SetUnique(true)},
}

// Staff keeps people, units and positions.
type Staff struct {
	units, positions, people, headcounts, targets *mongo.Collection
	byID                                          *gather[courses.PersonID, personDoc]
}

// Staff is the store of the staff package.
func (db *DB) Staff() *Staff {
	c := db.db.Collection
	s := &Staff{units: c("units"), positions: c("positions"), people: c("people"), headcounts: c("headcounts"), targets: c("targets")}
	s.byID = gatherBy(s.people, "_id", "find people", func(d personDoc) courses.PersonID { return d.ID })
	return s
}

type unitDoc struct {
	ID        string         `bson:"_id"` // code@from
	Code      courses.UnitID `bson:"code"`
	Name      string         `bson:"name"`
	FullName  string         `bson:"fullName"`
	ShortName string         `bson:"shortName,omitempty"`
	Kind      staff.UnitKind `bson:"kind"`
	Parent    courses.UnitID `bson:"parent,omitempty"`
	Order     int            `bson:"order"`
	From      courses.Date   `bson:"from"`
	To        courses.Date   `bson:"to,omitempty"`
	Into      courses.UnitID `bson:"into,omitempty"`
	Verified  bool           `bson:"verified"`
}

type positionDoc struct {
	Code     courses.PositionID `bson:"_id"`
	Title    string             `bson:"title"`
	Body     string             `bson:"body"`
	Group    string             `bson:"group"`
	Order    int                `bson:"order"`
	Verified bool               `bson:"verified"`
}

type personDoc struct {
	ID             courses.PersonID `bson:"_id"`
	FullName       string           `bson:"fullName"`
	Family         string           `bson:"family"`
	Middle         string           `bson:"middle"`
	Given          string           `bson:"given"`
	Sort           string           `bson:"sort"`
	BirthDate      courses.Date     `bson:"birthDate,omitempty"`
	Gender         string           `bson:"gender"`
	EthnicMinority bool             `bson:"ethnicMinority"`
	Category       staff.Category   `bson:"category"`
	Postings       []postingDoc     `bson:"postings"`
	Grants         []grantDoc       `bson:"grants"`
	Allowance      *allowanceDoc    `bson:"allowance,omitempty"`
	Revision       int              `bson:"revision"`
	CreatedAt      time.Time        `bson:"createdAt"`
}

type allowanceDoc struct {
	ExtraBp   int              `bson:"extraBp"`
	LargeText bool             `bson:"largeText"`
	Until     courses.Date     `bson:"until"`
	By        courses.PersonID `bson:"by"`
	On        courses.Date     `bson:"on"`
}

// foundDoc is a person with what only the search looks at.
type foundDoc struct {
	Person personDoc `bson:",inline"`
	Words  []string  `bson:"words"` // folded
}

type postingDoc struct {
	ID         courses.PostingID  `bson:"id"`
	Unit       courses.UnitID     `bson:"unit"`
	Position   courses.PositionID `bson:"position"`
	Kind       staff.PostingKind  `bson:"kind"`
	From       courses.Date       `bson:"from"`
	To         courses.Date       `bson:"to"` // endless while open, so that ranges work
	DecisionNo string             `bson:"decisionNo,omitempty"`
}

type grantDoc struct {
	ID   courses.GrantID `bson:"id"`
	Role courses.Role    `bson:"role"`
	Unit courses.UnitID  `bson:"unit"`
	From courses.Date    `bson:"from"`
	To   courses.Date    `bson:"to,omitempty"`
}

// endless stands for a posting's open end.
const endless courses.Date = "9999-12-31"

func personToDoc(p staff.Person) foundDoc {
	var allowance *allowanceDoc
	if p.Allowance.By != "" {
		allowance = (*allowanceDoc)(&p.Allowance)
	}
	return foundDoc{Words: strings.Fields(vietnamese.SearchKey(p.FullName)), Person: personDoc{
		ID: p.ID, FullName: p.FullName, Family: p.Name.Family, Middle: p.Name.Middle, Given: p.Name.Given,
		Sort:      p.Name.SortKey(),
		BirthDate: p.BirthDate, Gender: p.Gender, EthnicMinority: p.EthnicMinority, Category: p.Category,
		Postings: each(p.Postings, func(x staff.Posting) postingDoc {
			d := postingDoc(x)
			if d.To == "" {
				d.To = endless
			}
			return d
		}),
		Grants:    each(p.Grants, func(g staff.Grant) grantDoc { return grantDoc(g) }),
		Allowance: allowance, Revision: p.Revision, CreatedAt: p.CreatedAt,
	}}
}

func (d personDoc) person() staff.Person {
	var allowance staff.Allowance
	if d.Allowance != nil {
		allowance = staff.Allowance(*d.Allowance)
	}
	return staff.Person{
		ID: d.ID, FullName: d.FullName, Name: vietnamese.Name{Family: d.Family, Middle: d.Middle, Given: d.Given},
		BirthDate: d.BirthDate, Gender: d.Gender, EthnicMinority: d.EthnicMinority, Category: d.Category,
		Postings: each(d.Postings, func(x postingDoc) staff.Posting {
			p := staff.Posting(x)
			if p.To == endless {
				p.To = ""
			}
			return p
		}),
		Grants:    each(d.Grants, func(g grantDoc) staff.Grant { return staff.Grant(g) }),
		Allowance: allowance, Revision: d.Revision, CreatedAt: d.CreatedAt,
	}
}

// Units implements staff.Store; it reads the small collection whole.
func (s *Staff) Units(ctx context.Context) ([]staff.Unit, error) {
	docs, err := all[unitDoc](ctx, s.units, bson.D{}, "read units")
	return each(docs, func(d unitDoc) staff.Unit {
		return staff.Unit{
			Code: d.Code, Name: d.Name, FullName: d.FullName, ShortName: d.ShortName, Kind: d.Kind, Parent: d.Parent,
			Order: d.Order, From: d.From, To: d.To, Into: d.Into, Verified: d.Verified,
		}
	}), err
}

// SaveUnits implements staff.Store; it writes by _id.
func (s *Staff) SaveUnits(ctx context.Context, rows []staff.Unit) error {
	return saveAll(ctx, s.units, "save units", each(rows, func(u staff.Unit) mongo.WriteModel {
		d := unitDoc{
			ID: string(u.Code) + "@" + string(u.From), Code: u.Code, Name: u.Name, FullName: u.FullName, ShortName: u.ShortName,
			Kind: u.Kind, Parent: u.Parent, Order: u.Order, From: u.From, To: u.To, Into: u.Into, Verified: u.Verified,
		}
		return mongo.NewReplaceOneModel().SetUpsert(true).SetFilter(bson.D{{Key: "_id", Value: d.ID}}).SetReplacement(d)
	}))
}

// Positions implements staff.Store; it reads the small collection whole.
func (s *Staff) Positions(ctx context.Context) ([]staff.Position, error) {
	docs, err := all[positionDoc](ctx, s.positions, bson.D{}, "read positions")
	slices.SortFunc(docs, func(a, b positionDoc) int { return a.Order - b.Order })
	return each(docs, func(d positionDoc) staff.Position { return staff.Position(d) }), err
}

// SavePositions implements staff.Store; it writes by _id.
func (s *Staff) SavePositions(ctx context.Context, list []staff.Position) error {
	return saveAll(ctx, s.positions, "save positions", each(list, func(p staff.Position) mongo.WriteModel {
		return mongo.NewReplaceOneModel().SetUpsert(true).SetFilter(bson.D{{Key: "_id", Value: p.Code}}).SetReplacement(positionDoc(p))
	}))
}

// InsertPeople implements staff.Store.
func (s *Staff) InsertPeople(ctx context.Context, list []staff.Person) error {
	_, err := s.people.InsertMany(ctx, each(list, func(p staff.Person) any { return personToDoc(p) }))
	if err != nil {
		return fault("insert people", err)
	}
	return nil
}

// Person implements staff.Store; it reads by _id.
func (s *Staff) Person(ctx context.Context, id courses.PersonID) (staff.Person, error) {
	d, err := findOne(ctx, s.byID, id, staff.ErrNoPerson)
	return d.person(), err
}

// PeopleByID implements staff.Store; it reads by _id.
func (s *Staff) PeopleByID(ctx context.Context, ids []courses.PersonID) ([]staff.Person, error) {
	docs, err := all[personDoc](ctx, s.people, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: ids}}}}, "find people")
	return each(docs, personDoc.person), err
}

// ReplacePerson implements staff.Store; it writes by _id.
func (s *Staff) ReplacePerson(ctx context.Context, p staff.Person, was int) error {
	result, err := s.people.ReplaceOne(ctx, bson.D{{Key: "_id", Value: p.ID}, {Key: "revision", Value: was}}, personToDoc(p))
	if err != nil {
		return fault("replace person", err)
	}
	if result.MatchedCount == 0 {
		return courses.ErrConflict
	}
	return nil
}

// People implements staff.Store; index postings.unit+sort for units, sort for
// everyone, words for a name. The cursor is the sort key and id of the last.
func (s *Staff) People(ctx context.Context, scope courses.Scope, filter staff.Filter, page courses.Page) (courses.Slice[staff.Person], error) {
	var slice courses.Slice[staff.Person]
	query := postedBy(filter, within(scope, filter.Units))
	if page.After != "" {
		sort, id, ok := strings.Cut(page.After, ".")
		if !ok {
			return slice, courses.ErrBadCursor
		}
		query = append(query, bson.E{Key: "$or", Value: bson.A{
			bson.D{{Key: "sort", Value: bson.D{{Key: "$gt", Value: sort}}}},
			bson.D{{Key: "sort", Value: sort}, {Key: "_id", Value: bson.D{{Key: "$gt", Value: id}}}},
		}})
	}
	docs, err := all[personDoc](ctx, s.people, query, "list people", options.Find().
		SetSort(bson.D{{Key: "sort", Value: 1}, {Key: "_id", Value: 1}}).SetLimit(int64(page.Size()+1)))
	if err != nil {
		return slice, err
	}
	return cut(docs, page, func(last personDoc) string { return last.Sort + "." + string(last.ID) }, personDoc.person), nil
}

// postedBy finds those whom a filter lets through, posted in units; nil is anywhere.
func postedBy(filter staff.Filter, units []courses.UnitID) bson.D {
	posted := bson.D{
		{Key: "from", Value: bson.D{{Key: "$lte", Value: filter.Day}}},
		{Key: "to", Value: bson.D{{Key: "$gte", Value: filter.Day}}},
	}
	if filter.HomeOnly {
		posted = append(posted, bson.E{Key: "kind", Value: bson.D{{Key: "$in", Value: []staff.PostingKind{staff.Permanent, staff.Rotation, staff.Transfer}}}})
	}
	if len(filter.Positions) > 0 {
		posted = append(posted, bson.E{Key: "position", Value: bson.D{{Key: "$in", Value: filter.Positions}}})
	}
	if units != nil {
		posted = append(posted, bson.E{Key: "unit", Value: bson.D{{Key: "$in", Value: units}}})
	}
	query := bson.D{{Key: "postings", Value: bson.D{{Key: "$elemMatch", Value: posted}}}}
	if len(filter.Roles) > 0 {
		query = append(query, bson.E{Key: "grants.role", Value: bson.D{{Key: "$in", Value: filter.Roles}}})
	}
	return append(query, withWords(filter.Words)...)
}

// CountPeople implements staff.Store; index postings.unit+sort, and no more people than
// most.
func (s *Staff) CountPeople(ctx context.Context, filter staff.Filter, most int) (int, error) {
	n, err := s.people.CountDocuments(ctx, postedBy(filter, filter.Units), options.Count().SetLimit(int64(most)))
	if err != nil {
		return 0, fault("count people", err)
	}
	return int(n), nil
}

// within is the units of the scope that are also in units; nil is everywhere.
func within(scope courses.Scope, units []courses.UnitID) []courses.UnitID {
	if scope.Everywhere() {
		return units
	}
	if len(units) == 0 {
		return append([]courses.UnitID{}, scope.Units()...)
	}
	both := []courses.UnitID{}
	for _, u := range units {
		if slices.Contains(scope.Units(), u) {
			both = append(both, u)
		}
	}
	return both
}

// ChangeHeadcounts implements staff.Store; it writes by _id.
func (s *Staff) ChangeHeadcounts(ctx context.Context, list []staff.Change) error {
	return saveAll(ctx, s.headcounts, "change headcounts", each(list, func(c staff.Change) mongo.WriteModel {
		return mongo.NewUpdateOneModel().SetUpsert(true).
			SetFilter(bson.D{{Key: "_id", Value: string(c.Unit) + "@" + string(c.Day)}}).
			SetUpdate(bson.D{
				{Key: "$setOnInsert", Value: bson.D{{Key: "unit", Value: c.Unit}, {Key: "day", Value: c.Day}}},
				{Key: "$inc", Value: bson.D{{Key: "delta", Value: c.Delta}}},
			})
	}))
}

// Headcounts implements staff.Store; index day+unit+delta covers it. It reads a
// row for each unit and day on which somebody came or went, never people.
func (s *Staff) Headcounts(ctx context.Context, day courses.Date) (map[courses.UnitID]int, error) {
	cursor, err := s.headcounts.Aggregate(ctx, mongo.Pipeline{
		{{Key: "$match", Value: bson.D{{Key: "day", Value: bson.D{{Key: "$lte", Value: day}}}}}},
		{{Key: "$group", Value: bson.D{{Key: "_id", Value: "$unit"}, {Key: "n", Value: bson.D{{Key: "$sum", Value: "$delta"}}}}}},
	})
	if err != nil {
		return nil, fault("sum headcounts", err)
	}
	var rows []struct {
		Unit courses.UnitID `bson:"_id"`
		N    int            `bson:"n"`
	}
	if err := cursor.All(ctx, &rows); err != nil {
		return nil, fault("sum headcounts", err)
	}
	sums := make(map[courses.UnitID]int, len(rows))
	for _, r := range rows {
		sums[r.Unit] = r.N
	}
	return sums, nil
}

type targetDoc struct {
	ID       string         `bson:"_id"`
	Category staff.Category `bson:"category"`
	From     courses.Date   `bson:"from"`
	Tiet     int            `bson:"tiet"`
}

// Targets implements staff.Store; it reads the small collection whole.
func (s *Staff) Targets(ctx context.Context) ([]staff.Target, error) {
	docs, err := all[targetDoc](ctx, s.targets, bson.D{}, "read targets")
	return each(docs, func(d targetDoc) staff.Target {
		return staff.Target{Category: d.Category, From: d.From, Tiet: d.Tiet}
	}), err
}

// SaveTarget implements staff.Store; it writes by _id.
func (s *Staff) SaveTarget(ctx context.Context, category staff.Category, from courses.Date, tiet int) error {
	d := targetDoc{ID: string(category) + "@" + string(from), Category: category, From: from, Tiet: tiet}
	_, err := s.targets.ReplaceOne(ctx, bson.D{{Key: "_id", Value: d.ID}}, d, options.Replace().SetUpsert(true))
	if err != nil {
		return fault("save target", err)
	}
	return nil
}
