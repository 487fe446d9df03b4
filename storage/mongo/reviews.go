package mongo

import (
	"context"
	"haidang/courses"
	"haidang/courses/catalog"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo/options"
)

// underReview is the courses that have a review; those are few at any time, and
// the indexes of reviews hold no others.
var underReview = bson.D{{Key: "review.due", Value: bson.D{{Key: "$exists", Value: true}}}}

type reviewDoc struct {
	Step      catalog.Step     `bson:"step"`
	Class     catalog.Class    `bson:"class,omitempty"`
	Submitter courses.PersonID `bson:"submitter"`
	Since     time.Time        `bson:"since"`
	Due       courses.Date     `bson:"due"`
	Owner     courses.PersonID `bson:"owner,omitempty"`
	Communes  []courses.UnitID `bson:"communes,omitempty"`
	Effective courses.Date     `bson:"effective,omitempty"`
	Publisher courses.PersonID `bson:"publisher,omitempty"`
}

type noteDoc struct {
	ID       catalog.NoteID   `bson:"_id"`
	Course   courses.CourseID `bson:"course"`
	Kind     catalog.NoteKind `bson:"kind"`
	Step     catalog.Step     `bson:"step,omitempty"`
	Revision int              `bson:"revision"`
	At       time.Time        `bson:"at"`
	Person   courses.PersonID `bson:"person"`
	Unit     courses.UnitID   `bson:"unit,omitempty"`
	Lesson   courses.LessonID `bson:"lesson,omitempty"`
	Block    string           `bson:"block,omitempty"`
	Quote    string           `bson:"quote,omitempty"`
	Text     string           `bson:"text,omitempty"`
	To       courses.PersonID `bson:"to,omitempty"`
	DoneAt   *time.Time       `bson:"doneAt,omitempty"`
	DoneBy   courses.PersonID `bson:"doneBy,omitempty"`
}

// same finds a course whose draft and review are those of c.
func same(c catalog.Course) bson.D {
	filter := bson.D{{Key: "_id", Value: c.ID}, {Key: "revision", Value: c.Revision}}
	if c.Review == nil {
		return append(filter, bson.E{Key: "review", Value: nil})
	}
	return append(filter, bson.E{Key: "review.step", Value: c.Review.Step}, bson.E{Key: "review.since", Value: c.Review.Since})
}

// SaveReview implements catalog.Store; it writes by _id.
func (s *Catalog) SaveReview(ctx context.Context, c catalog.Course, to *catalog.Review) error {
	update := bson.D{{Key: "$unset", Value: bson.D{{Key: "review", Value: ""}}}}
	if to != nil {
		update = bson.D{{Key: "$set", Value: bson.D{{Key: "review", Value: reviewDoc(*to)}}}}
	}
	return s.update(ctx, same(c), update, "save review")
}

// SaveNewest implements catalog.Store; it writes by _id.
func (s *Catalog) SaveNewest(ctx context.Context, c catalog.Course, n catalog.Newest) error {
	return s.update(ctx, same(c), bson.D{
		{Key: "$set", Value: bson.D{{Key: "newest", Value: newestToDoc(n)}}},
		{Key: "$unset", Value: bson.D{{Key: "review", Value: ""}}},
	}, "save newest version")
}

// Reviews implements catalog.Store; index review.due, which holds only courses
// under review.
func (s *Catalog) Reviews(ctx context.Context, scope courses.Scope, page courses.Page) (courses.Slice[catalog.Course], error) {
	return s.byDue(ctx, append(ownedIn(scope, "units"), underReview[0]), page)
}

// Pilots implements catalog.Store; index review.communes+due.
func (s *Catalog) Pilots(ctx context.Context, communes []courses.UnitID, page courses.Page) (courses.Slice[catalog.Course], error) {
	return s.byDue(ctx, bson.D{
		underReview[0],
		{Key: "review.communes", Value: bson.D{{Key: "$in", Value: communes}}},
		{Key: "review.step", Value: catalog.Pilot},
	}, page)
}

func (s *Catalog) byDue(ctx context.Context, filter bson.D, page courses.Page) (courses.Slice[catalog.Course], error) {
	var slice courses.Slice[catalog.Course]
	if page.After != "" {
		due, id, ok := strings.Cut(page.After, ".")
		if _, err := courses.ParseDate(due); err != nil || !ok {
			return slice, courses.ErrBadCursor
		}
		filter = append(filter, bson.E{Key: "$or", Value: bson.A{
			bson.D{{Key: "review.due", Value: bson.D{{Key: "$gt", Value: due}}}},
			bson.D{{Key: "review.due", Value: due}, {Key: "_id", Value: bson.D{{Key: "$gt", Value: id}}}},
		}})
	}
	docs, err := all[courseDoc](ctx, s.courses, filter, "list reviews", options.Find().SetProjection(bson.D{{Key: "draft.modules", Value: 0}}).
		SetSort(bson.D{{Key: "review.due", Value: 1}, {Key: "_id", Value: 1}}).SetLimit(int64(page.Size()+1)))
	if err != nil {
		return slice, err
	}
	return cut(docs, page, func(last courseDoc) string { return string(last.Review.Due) + "." + string(last.ID) }, courseDoc.course), nil
}

// PilotCommunes implements catalog.Store; index review.communes.
func (s *Catalog) PilotCommunes(ctx context.Context) ([]courses.UnitID, error) {
	values, err := s.courses.Distinct(ctx, "review.communes", bson.D{underReview[0], {Key: "review.step", Value: catalog.Pilot}})
	if err != nil {
		return nil, fault("find the communes of pilots", err)
	}
	communes := make([]courses.UnitID, 0, len(values))
	for _, v := range values {
		if code, is := v.(string); is {
			communes = append(communes, courses.UnitID(code))
		}
	}
	return communes, nil
}

// Effective implements catalog.Store; index review.due, which holds only courses
// under review.
func (s *Catalog) Effective(ctx context.Context, day courses.Date, limit int) ([]catalog.Course, error) {
	docs, err := all[courseDoc](ctx, s.courses, bson.D{
		underReview[0],
		{Key: "review.step", Value: catalog.Approved},
		{Key: "review.effective", Value: bson.D{{Key: "$gt", Value: ""}, {Key: "$lte", Value: day}}},
	}, "find courses that take effect", options.Find().SetLimit(int64(limit)))
	return each(docs, courseDoc.course), err
}

// InsertNote implements catalog.Store.
func (s *Catalog) InsertNote(ctx context.Context, n catalog.Note) error {
	if _, err := s.notes.InsertOne(ctx, noteDoc(n)); err != nil {
		return fault("insert note", err)
	}
	return nil
}

// Notes implements catalog.Store; index course+_id. The cursor is the id of the
// last.
func (s *Catalog) Notes(ctx context.Context, id courses.CourseID, commune courses.UnitID, page courses.Page) (courses.Slice[catalog.Note], error) {
	var slice courses.Slice[catalog.Note]
	filter := bson.D{{Key: "course", Value: id}}
	if commune != "" {
		filter = append(filter, bson.E{Key: "unit", Value: commune})
	}
	if page.After != "" {
		filter = append(filter, bson.E{Key: "_id", Value: bson.D{{Key: "$lt", Value: page.After}}})
	}
	docs, err := all[noteDoc](ctx, s.notes, filter, "list notes", options.Find().
		SetSort(bson.D{{Key: "_id", Value: -1}}).SetLimit(int64(page.Size()+1)))
	if err != nil {
		return slice, err
	}
	return cut(docs, page, func(last noteDoc) string { return string(last.ID) }, func(d noteDoc) catalog.Note { return catalog.Note(d) }), nil
}

// SettleNote implements catalog.Store; it writes by _id.
func (s *Catalog) SettleNote(ctx context.Context, id courses.CourseID, note catalog.NoteID, at *time.Time, by courses.PersonID) error {
	result, err := s.notes.UpdateOne(ctx, bson.D{{Key: "_id", Value: note}, {Key: "course", Value: id}, {Key: "kind", Value: catalog.Comment}},
		bson.D{{Key: "$set", Value: bson.D{{Key: "doneAt", Value: at}, {Key: "doneBy", Value: by}}}})
	if err != nil {
		return fault("settle note", err)
	}
	if result.MatchedCount == 0 {
		return catalog.ErrNoNote
	}
	return nil
}
