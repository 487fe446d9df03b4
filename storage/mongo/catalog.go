package mongo

import (
	"context"
	"haidang/courses"
	"haidang/courses/catalog"
	"strconv"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"
)

var catalogIndexes = []index{
	{"courses", bson.D{{Key: "code", Value: 1}}, options.Index().SetUnique(true)},
	{"courses", bson.D{{Key: "units", Value: 1}, {Key: "savedAt", Value: -1}, {Key: "_id", Value: -1}}, nil},
	{"courses", bson.D{{Key: "hands.coOwners", Value: 1}}, nil},
	{"courses", bson.D{{Key: "owner", Value: 1}, {Key: "hands.keeper", Value: 1}}, nil},
	{"courses", bson.D{{Key: "savedAt", Value: -1}, {Key: "_id", Value: -1}}, nil},
	{"courses", bson.D{{Key: "newest.at", Value: -1}, {Key: "_id", Value: -1}}, nil},
	{"courses", bson.D{{Key: "review.due", Value: 1}, {Key: "_id", Value: 1}}, options.Index().SetPartialFilterExpression(underReview)},
	{"courses", bson.D{{Key: "review.communes", Value: 1}, {Key: "review.due", Value: 1}, {Key: "_id", Value: 1}}, options.Index().SetPartialFilterExpression(underReview)},
	{"notes", bson.D{{Key: "course", Value: 1}, {Key: "_id", Value: -1}}, nil},
	{"examples", bson.D{{Key: "course", Value: 1}, {Key: "lesson", Value: 1}, {Key: "unit", Value: 1}, {Key: "block", Value: 1}}, options.Index().SetUnique(true)},
	{"examples", bson.D{{Key: "unit", Value: 1}, {Key: "at", Value: -1}, {Key: "_id", Value: -1}}, nil},
	{"examples", bson.D{{Key: "course", Value: 1}, {Key: "at", Value: -1}, {Key: "_id", Value: -1}}, nil},
	{"examples", bson.D{{Key: "at", Value: -1}, {Key: "_id", Value: -1}}, nil},
	{"versions", bson.D{{Key: "course", Value: 1}, {Key: "number", Value: 1}}, options.Index().SetUnique(true)},
}

// Catalog keeps courses and their versions.
type Catalog struct{ courses, versions, notes, examples *mongo.Collection }

// Catalog is the store of the catalog package.
func (db *DB) Catalog() *Catalog {
	c := db.db.Collection
	return &Catalog{courses: c("courses"), versions: c("versions"), notes: c("notes"), examples: c("examples")}
}

type courseDoc struct {
	ID       courses.CourseID `bson:"_id"`
	Code     string           `bson:"code"`
	Owner    courses.UnitID   `bson:"owner"`
	Units    []courses.UnitID `bson:"units"` // owner and co-owners, for queries
	Hands    handsDoc         `bson:"hands"`
	Draft    contentDoc       `bson:"draft"`
	Places   []referenceDoc   `bson:"places,omitempty"`
	Revision int              `bson:"revision"`
	SavedAt  time.Time        `bson:"savedAt"`
	SavedBy  courses.PersonID `bson:"savedBy"`
	Edit     string           `bson:"edit,omitempty"`
	Review   *reviewDoc       `bson:"review,omitempty"`
	Newest   *newestDoc       `bson:"newest,omitempty"`
}

type handsDoc struct {
	CoOwners []courses.UnitID   `bson:"coOwners"`
	Keeper   courses.PersonID   `bson:"keeper"`
	Deputies []courses.PersonID `bson:"deputies"`
}

type contentDoc struct {
	Title     string               `bson:"title"`
	Summary   string               `bson:"summary"`
	Knowledge catalog.Knowledge    `bson:"knowledge"`
	Tiet      int                  `bson:"tiet"`
	Positions []courses.PositionID `bson:"positions"`
	Citations []citationDoc        `bson:"citations"`
	Modules   []moduleDoc          `bson:"modules"`

	Statements []statementDoc `bson:"statements,omitempty"`
}

type statementDoc struct {
	ID   string `bson:"id"`
	Text string `bson:"text"`
}

type citationDoc struct {
	Number   string `bson:"number"`
	Abstract string `bson:"abstract"`
	Verified bool   `bson:"verified"`
}

type moduleDoc struct {
	ID      string      `bson:"id"`
	Title   string      `bson:"title"`
	Tiet    int         `bson:"tiet"`
	Lessons []lessonDoc `bson:"lessons"`
}

type lessonDoc struct {
	ID       courses.LessonID   `bson:"id"`
	Kind     catalog.LessonKind `bson:"kind"`
	Title    string             `bson:"title"`
	Minutes  int                `bson:"minutes"`
	Blocks   []blockDoc         `bson:"blocks,omitempty"`
	Asset    courses.AssetID    `bson:"asset,omitempty"`
	Coverage int                `bson:"coverage,omitempty"`
	Paper    *paperDoc          `bson:"paper,omitempty"` // of a quiz

	Questions []timedQuestionDoc `bson:"questions,omitempty"`
}

type versionDoc struct {
	ID          courses.VersionID                 `bson:"_id"`
	Course      courses.CourseID                  `bson:"course"`
	Number      int                               `bson:"number"`
	Class       catalog.Class                     `bson:"class,omitempty"`
	Code        string                            `bson:"code"`
	Owner       courses.UnitID                    `bson:"owner"`
	Content     contentDoc                        `bson:"content"`
	Media       map[courses.AssetID]assetFactsDoc `bson:"media"`
	PublishedAt time.Time                         `bson:"publishedAt"`
	PublishedBy courses.PersonID                  `bson:"publishedBy"`
}

type assetFactsDoc struct {
	Ready      bool               `bson:"ready"`
	Failed     bool               `bson:"failed"`
	Kind       catalog.LessonKind `bson:"kind"`
	Owner      courses.UnitID     `bson:"owner"`
	Bytes      int64              `bson:"bytes"`
	DurationMs int64              `bson:"durationMs"`
	Pages      int                `bson:"pages"`
	Paged      bool               `bson:"paged"`
	Silent     bool               `bson:"silent"`
	Captioned  bool               `bson:"captioned"`
}

// each converts a slice; nil and empty stay as they are.
func each[A, B any](list []A, convert func(A) B) []B {
	if list == nil {
		return nil
	}
	out := make([]B, len(list))
	for i, a := range list {
		out[i] = convert(a)
	}
	return out
}

func contentToDoc(c catalog.Content) contentDoc {
	return contentDoc{
		Title: c.Title, Summary: c.Summary, Knowledge: c.Knowledge, Tiet: c.Tiet, Positions: c.Positions,
		Citations:  each(c.Citations, func(x catalog.Citation) citationDoc { return citationDoc(x) }),
		Statements: each(c.Statements, func(x catalog.Statement) statementDoc { return statementDoc(x) }),
		Modules: each(c.Modules, func(m catalog.Module) moduleDoc {
			return moduleDoc{ID: m.ID, Title: m.Title, Tiet: m.Tiet, Lessons: each(m.Lessons, func(l catalog.Lesson) lessonDoc {
				return lessonDoc{
					ID: l.ID, Kind: l.Kind, Title: l.Title, Minutes: l.Minutes, Asset: l.Asset, Coverage: l.Coverage,
					Blocks: each(l.Blocks, blockToDoc), Paper: paperToDoc(l), Questions: each(l.Questions, timedQuestionToDoc),
				}
			})}
		}),
	}
}

func (d contentDoc) content() catalog.Content {
	return catalog.Content{
		Title: d.Title, Summary: d.Summary, Knowledge: d.Knowledge, Tiet: d.Tiet, Positions: d.Positions,
		Citations:  each(d.Citations, func(x citationDoc) catalog.Citation { return catalog.Citation(x) }),
		Statements: each(d.Statements, func(x statementDoc) catalog.Statement { return catalog.Statement(x) }),
		Modules: each(d.Modules, func(m moduleDoc) catalog.Module {
			return catalog.Module{ID: m.ID, Title: m.Title, Tiet: m.Tiet, Lessons: each(m.Lessons, lessonDoc.lesson)}
		}),
	}
}

func (d lessonDoc) lesson() catalog.Lesson {
	return catalog.Lesson{
		ID: d.ID, Kind: d.Kind, Title: d.Title, Minutes: d.Minutes, Asset: d.Asset, Coverage: d.Coverage,
		Blocks: each(d.Blocks, blockDoc.block), Paper: d.Paper.paper(), Questions: each(d.Questions, timedQuestionDoc.question),
	}
}

func courseToDoc(c catalog.Course) courseDoc {
	d := courseDoc{
		ID: c.ID, Code: c.Code, Owner: c.Owner, Units: c.Units(), Hands: handsDoc(c.Hands), Draft: contentToDoc(c.Draft), Places: placesToDocs(c.Cited),
		Revision: c.Revision, SavedAt: c.SavedAt, SavedBy: c.SavedBy, Edit: c.Edit, Review: (*reviewDoc)(c.Review),
	}
	if c.Newest != nil {
		newest := newestToDoc(*c.Newest)
		d.Newest = &newest
	}
	return d
}

func (d courseDoc) course() catalog.Course {
	c := catalog.Course{
		ID: d.ID, Code: d.Code, Owner: d.Owner, Hands: catalog.Hands(d.Hands), Draft: d.Draft.content(), Cited: placesOf(d.Places),
		Revision: d.Revision, SavedAt: d.SavedAt, SavedBy: d.SavedBy, Edit: d.Edit, Review: (*catalog.Review)(d.Review),
	}
	if d.Newest != nil {
		newest := d.Newest.newest()
		c.Newest = &newest
	}
	return c
}

// InsertCourse implements catalog.Store.
func (s *Catalog) InsertCourse(ctx context.Context, c catalog.Course) error {
	_, err := s.courses.InsertOne(ctx, courseToDoc(c))
	if isDuplicate(err) {
		return catalog.ErrCodeTaken
	}
	if err != nil {
		return fault("insert course", err)
	}
	return nil
}

// CodeTaken implements catalog.Store; index code.
func (s *Catalog) CodeTaken(ctx context.Context, code string) (bool, error) {
	n, err := s.courses.CountDocuments(ctx, bson.D{{Key: "code", Value: code}}, options.Count().SetLimit(1))
	if err != nil {
		return false, fault("look for a code", err)
	}
	return n > 0, nil
}

// Course implements catalog.Store; it reads by _id.
func (s *Catalog) Course(ctx context.Context, id courses.CourseID) (catalog.Course, error) {
	var d courseDoc
	err := s.courses.FindOne(ctx, bson.D{{Key: "_id", Value: id}}).Decode(&d)
	if isMissing(err) {
		return catalog.Course{}, catalog.ErrNoCourse
	}
	if err != nil {
		return catalog.Course{}, fault("find course", err)
	}
	return d.course(), nil
}

// SaveDraft implements catalog.Store; it writes by _id.
func (s *Catalog) SaveDraft(ctx context.Context, c catalog.Course, was int) error {
	filter := bson.D{{Key: "_id", Value: c.ID}, {Key: "revision", Value: was}, {Key: "review", Value: nil}}
	return s.update(ctx, filter, bson.D{{Key: "$set", Value: bson.D{
		{Key: "draft", Value: contentToDoc(c.Draft)},
		{Key: "places", Value: placesToDocs(c.Cited)},
		{Key: "revision", Value: c.Revision},
		{Key: "savedAt", Value: c.SavedAt},
		{Key: "savedBy", Value: c.SavedBy},
		{Key: "edit", Value: c.Edit},
	}}}, "save draft")
}

// update changes the one course that the filter finds, else it refuses with
// courses.ErrConflict.
func (s *Catalog) update(ctx context.Context, filter, change bson.D, doing string) error {
	result, err := s.courses.UpdateOne(ctx, filter, change)
	if err != nil {
		return fault(doing, err)
	}
	if result.MatchedCount == 0 {
		return courses.ErrConflict
	}
	return nil
}

// ownedIn finds what units in the scope own or co-own, by the units of a course.
func ownedIn(scope courses.Scope, field string) bson.D {
	if scope.Everywhere() {
		return bson.D{}
	}
	return bson.D{{Key: field, Value: bson.D{{Key: "$in", Value: scope.Units()}}}}
}

// Drafts implements catalog.Store; index units+savedAt, or savedAt for all.
func (s *Catalog) Drafts(ctx context.Context, scope courses.Scope, minder courses.PersonID, page courses.Page) (courses.Slice[catalog.Course], error) {
	var slice courses.Slice[catalog.Course]
	filter := ownedIn(scope, "units")
	if minder != "" {
		filter = append(filter, bson.E{Key: "$and", Value: bson.A{bson.D{{Key: "$or", Value: bson.A{
			bson.D{{Key: "hands.keeper", Value: minder}}, bson.D{{Key: "hands.deputies", Value: minder}},
		}}}}})
	}
	filter, err := after(filter, "savedAt", page.After)
	if err != nil {
		return slice, err
	}
	docs, err := all[courseDoc](ctx, s.courses, filter, "list drafts", options.Find().SetProjection(bson.D{{Key: "draft.modules", Value: 0}}).
		SetSort(bson.D{{Key: "savedAt", Value: -1}, {Key: "_id", Value: -1}}).SetLimit(int64(page.Size()+1)))
	if err != nil {
		return slice, err
	}
	return cut(docs, page, func(last courseDoc) string { return instantCursor(last.SavedAt, string(last.ID)) }, courseDoc.course), nil
}

// PublishedSince implements catalog.Store; index newest.at.
func (s *Catalog) PublishedSince(ctx context.Context, since time.Time, limit int) ([]catalog.Course, error) {
	docs, err := all[courseDoc](ctx, s.courses, bson.D{{Key: "newest.at", Value: bson.D{{Key: "$gte", Value: since}}}}, "find published courses",
		options.Find().SetSort(bson.D{{Key: "newest.at", Value: 1}, {Key: "_id", Value: 1}}).SetLimit(int64(limit)).
			SetProjection(bson.D{{Key: "draft", Value: 0}}))
	return each(docs, courseDoc.course), err
}

// InsertVersion implements catalog.Store.
func (s *Catalog) InsertVersion(ctx context.Context, v catalog.Version) error {
	d := versionDoc{
		ID: v.ID, Course: v.Course, Number: v.Number, Class: v.Class, Code: v.Code, Owner: v.Owner,
		Content: contentToDoc(v.Content), PublishedAt: v.PublishedAt, PublishedBy: v.PublishedBy,
		Media: make(map[courses.AssetID]assetFactsDoc, len(v.Media)),
	}
	for id, f := range v.Media {
		d.Media[id] = assetFactsDoc(f)
	}
	_, err := s.versions.InsertOne(ctx, d)
	if isDuplicate(err) {
		return courses.ErrConflict
	}
	if err != nil {
		return fault("insert version", err)
	}
	return nil
}

// Versions implements catalog.Store; index course+number. The cursor is the
// number of the last.
func (s *Catalog) Versions(ctx context.Context, id courses.CourseID, page courses.Page) (courses.Slice[catalog.Version], error) {
	var slice courses.Slice[catalog.Version]
	filter := bson.D{{Key: "course", Value: id}}
	if page.After != "" {
		last, err := strconv.Atoi(page.After)
		if err != nil {
			return slice, courses.ErrBadCursor
		}
		filter = append(filter, bson.E{Key: "number", Value: bson.D{{Key: "$lt", Value: last}}})
	}
	docs, err := all[versionDoc](ctx, s.versions, filter, "list versions", options.Find().
		SetSort(bson.D{{Key: "number", Value: -1}}).SetLimit(int64(page.Size()+1)).
		SetProjection(bson.D{{Key: "content", Value: 0}, {Key: "media", Value: 0}}))
	if err != nil {
		return slice, err
	}
	return cut(docs, page, func(last versionDoc) string { return strconv.Itoa(last.Number) }, func(d versionDoc) catalog.Version {
		return catalog.Version{
			ID: d.ID, Course: d.Course, Number: d.Number, Class: d.Class, Code: d.Code, Owner: d.Owner, PublishedAt: d.PublishedAt, PublishedBy: d.PublishedBy,
		}
	}), nil
}

// Version implements catalog.Store; it reads by _id.
func (s *Catalog) Version(ctx context.Context, id courses.VersionID) (catalog.Version, error) {
	var d versionDoc
	err := s.versions.FindOne(ctx, bson.D{{Key: "_id", Value: id}}).Decode(&d)
	if isMissing(err) {
		return catalog.Version{}, catalog.ErrNoVersion
	}
	if err != nil {
		return catalog.Version{}, fault("find version", err)
	}
	v := catalog.Version{
		ID: d.ID, Course: d.Course, Number: d.Number, Class: d.Class, Code: d.Code, Owner: d.Owner,
		Content: d.Content.content(), PublishedAt: d.PublishedAt, PublishedBy: d.PublishedBy,
		Media: make(map[courses.AssetID]catalog.AssetFacts, len(d.Media)),
	}
	for id, f := range d.Media {
		v.Media[id] = catalog.AssetFacts(f)
	}
	return v, nil
}
