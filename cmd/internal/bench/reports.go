package bench

import (
	"context"
	"errors"
	"fmt"
	"haidang/courses"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"
)

// reports measures what HR asks for.
func (w *world) reports(ctx context.Context) ([]*Row, error) {
	if err := w.fresh(ctx); err != nil {
		return nil, err
	}
	hr := w.hr.copies(readers)
	get := func(path string) work {
		return func(_ context.Context, client int) error {
			_, err := hr[client].get(path)
			return err
		}
	}
	ours, raw, err := w.beside(ctx, 1, w.o.While, get("/api/reports/bc01?period="+string(w.period)), w.rawBC01)
	if err != nil {
		return nil, err
	}
	rows := []*Row{rates("BC-01 for the city, 1 client", ours, raw, 1).medianWithin(200 * time.Millisecond)}
	var many, form sample
	if err := w.alone(ctx, &many, readers, w.o.While/2, get("/api/reports/bc01?period="+string(w.period))); err != nil {
		return rows, err
	}
	rows = append(rows, rates(fmt.Sprintf("the same, %d clients", readers), many.figure(), Figure{}, 1).tailWithin(200*time.Millisecond))
	if err := w.alone(ctx, &form, 1, w.o.While/2, get("/api/reports/bc01.xlsx?period="+string(w.period))); err != nil {
		return rows, err
	}
	rows = append(rows, rates("BC-01 as XLSX, 1 client", form.figure(), Figure{}, 1).medianWithin(200*time.Millisecond))
	more, err := w.everybody(ctx)
	return append(rows, more...), err
}

// rawBC01 counts what the report says out of the completions of the year.
func (w *world) rawBC01(ctx context.Context, _ int) error {
	from, to := w.period.Range()
	cursor, err := w.db.Collection("completions").Aggregate(ctx, mongo.Pipeline{
		{{Key: "$match", Value: bson.D{{Key: "completedAt", Value: bson.D{{Key: "$gte", Value: from.Time()}, {Key: "$lt", Value: to.AddDays(1).Time()}}}}}},
		{{Key: "$group", Value: bson.D{
			{Key: "_id", Value: bson.D{{Key: "unit", Value: "$unit"}, {Key: "person", Value: "$person"}}},
			{Key: "n", Value: bson.D{{Key: "$sum", Value: 1}}},
			{Key: "tiet", Value: bson.D{{Key: "$sum", Value: "$tiet"}}},
		}}},
		{{Key: "$group", Value: bson.D{
			{Key: "_id", Value: "$_id.unit"},
			{Key: "people", Value: bson.D{{Key: "$sum", Value: 1}}},
			{Key: "n", Value: bson.D{{Key: "$sum", Value: "$n"}}},
			{Key: "tiet", Value: bson.D{{Key: "$sum", Value: "$tiet"}}},
		}}},
	}, options.Aggregate().SetAllowDiskUse(true))
	if err != nil {
		return err
	}
	var units []bson.Raw
	return cursor.All(ctx, &units)
}

// lists is how often the list of everybody is fetched.
const lists = 3

// everybody fetches the list of all people in both forms, and sees how much
// memory the sheet takes the server.
func (w *world) everybody(ctx context.Context) ([]*Row, error) {
	plain, raw, err := w.list(ctx, "csv")
	if err != nil {
		return nil, err
	}
	people := count(float64(w.o.Size.People))
	rows := []*Row{
		rates("CSV of "+people+" people", plain, raw, 1).medianWithin(300*time.Millisecond).moodle(1/4.3, 1/4.3, 0),
	}
	before, err := resident(w.server.PID(), residentNow)
	if err == nil {
		err = forgetPeak(w.server.PID())
	}
	if err != nil {
		return rows, err
	}
	sheet, raw, err := w.list(ctx, "xlsx")
	if err != nil {
		return rows, err
	}
	peak, err := resident(w.server.PID(), residentPeak)
	return append(rows,
		rates("the same as XLSX", sheet, raw, 1),
		quantity("the same: growth of the server's memory", "MiB", mebibytes(max(0, peak-before))).atMost(64, "MiB"),
	), err
}

// list fetches the list of all people, in turns with the raw driver.
func (w *world) list(ctx context.Context, format string) (ours, raw Figure, err error) {
	var a, b sample
	for range lists {
		begin := time.Now()
		file, err := w.hr.get("/api/reports/people." + format + "?period=" + string(w.period))
		if err != nil {
			return ours, raw, err
		}
		if len(file) < 1<<10 {
			return ours, raw, errors.New("the list of everybody is empty")
		}
		a.took = append(a.took, time.Since(begin))
		a.elapsed += time.Since(begin)
		begin = time.Now()
		if err := w.rawEverybody(ctx); err != nil {
			return ours, raw, err
		}
		b.took = append(b.took, time.Since(begin))
		b.elapsed += time.Since(begin)
	}
	return a.figure(), b.figure(), nil
}

// rawEverybody reads all people and their year.
func (w *world) rawEverybody(ctx context.Context) error {
	for _, c := range []struct {
		collection string
		filter     bson.D
	}{{"people", bson.D{}}, {"person_years", bson.D{{Key: "year", Value: w.period}}}} {
		cursor, err := w.db.Collection(c.collection).Find(ctx, c.filter)
		if err != nil {
			return err
		}
		for cursor.Next(ctx) {
			var id struct {
				ID courses.PersonID `bson:"_id"`
			}
			if err := cursor.Decode(&id); err != nil {
				return err
			}
		}
		if err := cursor.Err(); err != nil {
			return err
		}
	}
	return nil
}
