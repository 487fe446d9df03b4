package bench

import (
	"context"
	"fmt"
	"haidang/courses"
	"haidang/courses/vietnamese"
	"math/rand/v2"
	"net/url"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"
)

// readers is how many clients read pages at the same time.
const readers = 16

// pageTail is the budget of every list and page.
const pageTail = 50 * time.Millisecond

// page is a page to be read; path and raw get a random source of their own.
type page struct {
	work string
	as   func(client int) *user
	path func(random *rand.Rand) string
	raw  func(ctx context.Context, random *rand.Rand) error
}

// read measures a page beside reading the same documents with the raw driver.
func (w *world) read(ctx context.Context, p page) (*Row, error) {
	if err := w.fresh(ctx); err != nil {
		return nil, err
	}
	random := make([]*rand.Rand, readers)
	for i := range random {
		random[i] = rand.New(rand.NewPCG(w.o.Size.Seed, uint64(i)))
	}
	ours, raw, err := w.beside(ctx, readers, w.o.While,
		func(_ context.Context, client int) error {
			_, err := p.as(client).get(p.path(random[client]))
			return err
		},
		func(ctx context.Context, client int) error { return p.raw(ctx, random[client]) })
	if err != nil {
		return nil, fmt.Errorf("%s: %w", p.work, err)
	}
	return rates(p.work, ours, raw, 1).tailWithin(pageTail), nil
}

// pages measures what people read.
func (w *world) pages(ctx context.Context) ([]*Row, error) {
	learner := func() func(int) *user {
		next := w.inTurn(readers, 4)
		return func(client int) *user { return next(client).user }
	}
	hr := w.hr.copies(readers)
	office := func(client int) *user { return hr[client] }
	communes, err := w.communes()
	if err != nil {
		return nil, err
	}
	unit := func(random *rand.Rand) commune { return communes[random.IntN(len(communes))] }
	var rows []*Row
	for _, p := range []struct {
		page
		moodle func(*Row) *Row
	}{
		{page{"my courses", learner(), func(*rand.Rand) string { return "/api/today" }, w.rawToday}, moodle(12, 47, 100)},
		{page{"course page", learner(), func(r *rand.Rand) string { return "/api/courses/" + string(w.any(r).ID) }, w.rawCourse}, moodle(82, 82, 50)},
		{page{"search, folded and misspelt", learner(), w.search, w.rawHits}, moodle(68, 68, 50)},
		{page{"catalogue, first page", learner(), func(*rand.Rand) string { return "/api/courses" }, w.rawCatalogue}, nil},
		{page{
			"people of a commune, one page", office, func(r *rand.Rand) string { return "/api/people?unit=" + string(unit(r)[0]) },
			func(ctx context.Context, r *rand.Rand) error { return w.rawPeople(ctx, unit(r), 25, false) },
		}, nil},
		{page{
			"the same with their figures", office, func(r *rand.Rand) string { return w.unitPeople(unit(r), 25) },
			func(ctx context.Context, r *rand.Rand) error { return w.rawPeople(ctx, unit(r), 25, true) },
		}, moodle(13.7, 13.7, 50)},
		{page{
			"a whole commune with its figures", office, func(r *rand.Rand) string { return w.unitPeople(unit(r), 100) },
			func(ctx context.Context, r *rand.Rand) error { return w.rawPeople(ctx, unit(r), 100, true) },
		}, moodle(0.71, 0.71, 0)},
	} {
		row, err := w.read(ctx, p.page)
		if err != nil {
			return rows, err
		}
		if p.moodle != nil {
			row = p.moodle(row)
		}
		rows = append(rows, row)
	}
	return rows, nil
}

func moodle(least, most, times float64) func(*Row) *Row {
	return func(r *Row) *Row { return r.moodle(least, most, times) }
}

func (w *world) any(random *rand.Rand) course { return w.courses[random.IntN(len(w.courses))] }

func (w *world) someone(random *rand.Rand) *learner { return w.learners[random.IntN(len(w.learners))] }

// commune is the code of a commune and those of its rooms.
type commune []courses.UnitID

// communes lists the communes, wards and zones.
func (w *world) communes() ([]commune, error) {
	var all []commune
	for _, kind := range []string{"xa", "phuong", "dac_khu"} {
		codes, err := w.units("kind=" + kind)
		if err != nil {
			return nil, err
		}
		for _, code := range codes {
			rooms, err := w.units("parent=" + string(code))
			if err != nil {
				return nil, err
			}
			all = append(all, append(commune{code}, rooms...))
		}
	}
	return all, nil
}

func (w *world) units(query string) ([]courses.UnitID, error) {
	var list struct {
		Items []struct {
			Code courses.UnitID `json:"code"`
		} `json:"items"`
	}
	err := w.hr.read("/api/units?limit=100&"+query, &list)
	codes := make([]courses.UnitID, len(list.Items))
	for i, u := range list.Items {
		codes[i] = u.Code
	}
	return codes, err
}

func (w *world) unitPeople(unit commune, limit int) string {
	return fmt.Sprintf("/api/reports/units/%s/people?period=%s&limit=%d", unit[0], w.period, limit)
}

// search asks for a few words of some title, without marks and with one letter
// left out of a long word.
func (w *world) search(random *rand.Rand) string {
	words := strings.FieldsFunc(vietnamese.SearchKey(w.any(random).Title), func(r rune) bool { return r < 'a' || r > 'z' })
	first := random.IntN(max(1, len(words)-2))
	words = words[first:min(len(words), first+3)]
	for i, word := range words {
		if len(word) >= 5 {
			at := 1 + random.IntN(len(word)-1)
			words[i] = word[:at] + word[at+1:]
			break
		}
	}
	return "/api/courses?q=" + url.QueryEscape(strings.Join(words, " "))
}

// drain reads all that a query finds, as it is.
func drain(ctx context.Context, c *mongo.Collection, filter bson.D, opts *options.FindOptions) error {
	cursor, err := c.Find(ctx, filter, opts)
	if err != nil {
		return err
	}
	var docs []bson.Raw
	return cursor.All(ctx, &docs)
}

func byID(id any) bson.D { return bson.D{{Key: "_id", Value: id}} }

func in[T any](list []T) bson.D { return bson.D{{Key: "$in", Value: list}} }

// person is the id of a learner; an enrolment's id begins with it.
func (l *learner) person() courses.PersonID {
	id, _, _ := strings.Cut(string(l.begun[0].enrolment), ".")
	return courses.PersonID(id)
}

// rawToday reads the learner, their open enrolments and the courses of these.
func (w *world) rawToday(ctx context.Context, random *rand.Rand) error {
	l := w.someone(random)
	if err := w.db.Collection("people").FindOne(ctx, byID(l.person())).Err(); err != nil {
		return err
	}
	if err := drain(ctx, w.db.Collection("enrolments"), bson.D{{Key: "person", Value: l.person()}, {Key: "open", Value: true}},
		options.Find().SetSort(bson.D{{Key: "lastAt", Value: -1}, {Key: "_id", Value: -1}}).SetLimit(coursesEach)); err != nil {
		return err
	}
	ids := make([]courses.CourseID, len(l.begun))
	for i, b := range l.begun {
		ids[i] = b.ID
	}
	return drain(ctx, w.db.Collection("courses"), byID(in(ids)), options.Find().SetProjection(bson.D{{Key: "draft", Value: 0}}))
}

// rawCourse finds the course, its version and an enrolment.
func (w *world) rawCourse(ctx context.Context, random *rand.Rand) error {
	l := w.someone(random)
	on := l.begun[random.IntN(len(l.begun))]
	if err := w.db.Collection("courses").FindOne(ctx, byID(on.ID)).Err(); err != nil {
		return err
	}
	if err := w.db.Collection("versions").FindOne(ctx, byID(on.Version)).Err(); err != nil {
		return err
	}
	return w.db.Collection("enrolments").FindOne(ctx, byID(on.enrolment)).Err()
}

// rawHits finds a handful of courses and the enrolments on them.
func (w *world) rawHits(ctx context.Context, random *rand.Rand) error {
	ids := make([]courses.CourseID, 5)
	for i := range ids {
		ids[i] = w.any(random).ID
	}
	if err := drain(ctx, w.db.Collection("courses"), byID(in(ids)), options.Find().SetProjection(bson.D{{Key: "draft", Value: 0}})); err != nil {
		return err
	}
	return drain(ctx, w.db.Collection("enrolments"), bson.D{{Key: "person", Value: w.someone(random).person()}, {Key: "course", Value: in(ids)}}, options.Find())
}

// rawCatalogue finds the newest courses and the enrolments on them.
func (w *world) rawCatalogue(ctx context.Context, random *rand.Rand) error {
	cursor, err := w.db.Collection("courses").Find(ctx, bson.D{{Key: "newest.at", Value: bson.D{{Key: "$exists", Value: true}}}},
		options.Find().SetSort(bson.D{{Key: "newest.at", Value: -1}, {Key: "_id", Value: -1}}).SetLimit(26).SetProjection(bson.D{{Key: "draft", Value: 0}}))
	if err != nil {
		return err
	}
	var found []struct {
		ID courses.CourseID `bson:"_id"`
	}
	if err := cursor.All(ctx, &found); err != nil {
		return err
	}
	ids := make([]courses.CourseID, len(found))
	for i, c := range found {
		ids[i] = c.ID
	}
	return drain(ctx, w.db.Collection("enrolments"), bson.D{{Key: "person", Value: w.someone(random).person()}, {Key: "course", Value: in(ids)}}, options.Find())
}

// rawPeople finds a page of a commune's people and, if asked, their year.
func (w *world) rawPeople(ctx context.Context, unit commune, limit int64, figures bool) error {
	cursor, err := w.db.Collection("people").Find(ctx, bson.D{{Key: "postings.unit", Value: in(unit)}},
		options.Find().SetSort(bson.D{{Key: "sort", Value: 1}, {Key: "_id", Value: 1}}).SetLimit(limit+1))
	if err != nil {
		return err
	}
	var found []struct {
		ID courses.PersonID `bson:"_id"`
	}
	if err := cursor.All(ctx, &found); err != nil || !figures {
		return err
	}
	ids := make([]string, len(found))
	for i, p := range found {
		ids[i] = string(p.ID) + "." + string(w.period)
	}
	return drain(ctx, w.db.Collection("person_years"), byID(in(ids)), options.Find())
}
