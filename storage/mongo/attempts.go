package mongo

import (
	"cmp"
	"context"
	"haidang/courses"
	"haidang/courses/assessment"
	"haidang/courses/catalog"
	"strconv"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo/options"
)

// Of done attempts: untold are those whose scores are not passed on, uncounted those
// whose answers are not in the figures, waiting those whose late answers nobody
// decided on.
var (
	untold    = bson.D{{Key: "state", Value: assessment.Done}, {Key: "told", Value: false}}
	uncounted = bson.D{{Key: "state", Value: assessment.Done}, {Key: "counted", Value: false}}
	waiting   = bson.D{{Key: "late", Value: assessment.Waiting}}
	grading   = bson.D{{Key: "grading", Value: true}}
	done      = bson.D{{Key: "state", Value: assessment.Done}}
	regraded  = bson.D{{Key: "regrades", Value: bson.D{{Key: "$exists", Value: true}}}}
)

// pictured are attempts whose questions show pictures.
var pictured = bson.D{{Key: "pictures", Value: bson.D{{Key: "$exists", Value: true}}}}

type attemptDoc struct {
	ID        courses.AttemptID   `bson:"_id"`
	Person    courses.PersonID    `bson:"person"`
	Enrolment courses.EnrolmentID `bson:"enrolment"`
	Course    courses.CourseID    `bson:"course"`
	Version   courses.VersionID   `bson:"version"`
	Lesson    courses.LessonID    `bson:"lesson"`
	Owner     courses.UnitID      `bson:"owner"`
	Number    int                 `bson:"number"`
	Begun     time.Time           `bson:"begun"`
	Deadline  time.Time           `bson:"deadline,omitempty"`
	PassBp    int                 `bson:"passBp"`
	Feedback  catalog.Feedback    `bson:"feedback"`
	Slots     []slotDoc           `bson:"slots"`
	Pictures  []courses.AssetID   `bson:"pictures,omitempty"`
	Given     map[string]givenDoc `bson:"given"`
	State     assessment.State    `bson:"state"`
	Ended     time.Time           `bson:"ended,omitempty"`
	Scores    []int               `bson:"scores,omitempty"`
	ScoreBp   int                 `bson:"scoreBp"`
	Late      assessment.Lateness `bson:"late,omitempty"`
	LateGiven map[string]givenDoc `bson:"lateGiven,omitempty"`
	Decision  *decisionDoc        `bson:"decision,omitempty"`
	Revision  int                 `bson:"revision"`
	Told      bool                `bson:"told"`
	Counted   bool                `bson:"counted"` // in the figures of its items

	SecondMarker bool           `bson:"secondMarker,omitempty"`
	Anonymous    bool           `bson:"anonymous,omitempty"`
	Files        []fileDoc      `bson:"files,omitempty"`
	Marks        []essayMarkDoc `bson:"marks,omitempty"`
	Grading      bool           `bson:"grading,omitempty"`
	Regrades     []regradeDoc   `bson:"regrades,omitempty"`
}

type slotDoc struct {
	Item   courses.ItemID `bson:"item"`
	Number int            `bson:"number"`
	Order  []int          `bson:"order,omitempty"`
	Key    int            `bson:"key,omitempty"`
}

type fileDoc struct {
	Slot   int       `bson:"slot"`
	SHA256 string    `bson:"sha256"`
	Name   string    `bson:"name"`
	Type   string    `bson:"type"`
	Bytes  int       `bson:"bytes"`
	At     time.Time `bson:"at"`
}

type essayMarkDoc struct {
	Slot    int              `bson:"slot"`
	Role    assessment.Role  `bson:"role"`
	By      courses.PersonID `bson:"by"`
	At      time.Time        `bson:"at"`
	Event   courses.EventID  `bson:"event"`
	Levels  []int            `bson:"levels"`
	Comment string           `bson:"comment,omitempty"`
}

type regradeDoc struct {
	Item     courses.ItemID   `bson:"item"`
	Slot     int              `bson:"slot"`
	To       int              `bson:"to"`
	By       courses.PersonID `bson:"by"`
	At       time.Time        `bson:"at"`
	Reason   string           `bson:"reason"`
	Before   int              `bson:"before"`
	After    int              `bson:"after"`
	BeforeBp int              `bson:"beforeBp"`
	AfterBp  int              `bson:"afterBp"`
	Graded   bool             `bson:"graded"`
}

// givenDoc begins with what assessment.Given.Later compares, in its order: of two
// documents the database takes the one whose first field that differs is greater.
type givenDoc struct {
	Seq      int64           `bson:"seq"`
	Event    courses.EventID `bson:"event"`
	Chosen   []int           `bson:"chosen,omitempty"`
	Texts    []string        `bson:"texts,omitempty"`
	Files    []string        `bson:"files,omitempty"`
	At       time.Time       `bson:"at"`
	Received time.Time       `bson:"received"`
	Offline  bool            `bson:"offline,omitempty"`
}

type decisionDoc struct {
	By     courses.PersonID `bson:"by"`
	At     time.Time        `bson:"at"`
	Reason string           `bson:"reason"`
}

func givenToDoc(g assessment.Given) givenDoc {
	return givenDoc{
		Chosen: g.Answer.Chosen, Texts: g.Answer.Texts, Files: g.Answer.Files, Event: g.Event, Seq: g.Seq, At: g.At, Received: g.Received, Offline: g.Offline,
	}
}

func givenToDocs(given map[int]assessment.Given) map[string]givenDoc {
	docs := make(map[string]givenDoc, len(given))
	for slot, g := range given {
		docs[strconv.Itoa(slot)] = givenToDoc(g)
	}
	return docs
}

func givenOf(docs map[string]givenDoc) map[int]assessment.Given {
	given := make(map[int]assessment.Given, len(docs))
	for key, d := range docs {
		slot, err := strconv.Atoi(key)
		if err != nil {
			continue // we write numbers only
		}
		given[slot] = assessment.Given{
			Answer: assessment.Answer{Chosen: d.Chosen, Texts: d.Texts, Files: d.Files}, Event: d.Event, Seq: d.Seq, At: d.At, Received: d.Received, Offline: d.Offline,
		}
	}
	return given
}

func attemptToDoc(a assessment.Attempt) attemptDoc {
	d := attemptDoc{
		ID: a.ID, Person: a.Sitting.Person, Enrolment: a.Sitting.Enrolment, Course: a.Sitting.Course, Version: a.Sitting.Version,
		Lesson: a.Sitting.Lesson, Owner: a.Sitting.Owner, Number: a.Number, Begun: a.Begun, Deadline: a.Deadline, PassBp: a.PassBp,
		Feedback: a.Feedback, Slots: each(a.Slots, func(s assessment.Slot) slotDoc { return slotDoc(s) }), Pictures: a.Pictures, Given: givenToDocs(a.Given),
		State: a.State, Ended: a.Ended, Scores: a.Scores, ScoreBp: a.ScoreBp, Late: a.Late, Revision: a.Revision, Told: a.Told,
		SecondMarker: a.SecondMarker, Anonymous: a.Anonymous, Grading: a.Grading,
		Files:    each(a.Files, func(f assessment.File) fileDoc { return fileDoc(f) }),
		Marks:    each(a.Marks, func(m assessment.Mark) essayMarkDoc { return essayMarkDoc(m) }),
		Regrades: each(a.Regrades, func(r assessment.Regrade) regradeDoc { return regradeDoc(r) }),
	}
	if len(a.LateGiven) > 0 {
		d.LateGiven = givenToDocs(a.LateGiven)
	}
	if a.Decision.By != "" {
		d.Decision = (*decisionDoc)(&a.Decision)
	}
	return d
}

func (d attemptDoc) attempt() assessment.Attempt {
	a := assessment.Attempt{
		ID: d.ID, Sitting: assessment.Sitting{Person: d.Person, Enrolment: d.Enrolment, Course: d.Course, Version: d.Version, Lesson: d.Lesson, Owner: d.Owner},
		Number: d.Number, Begun: d.Begun, Deadline: d.Deadline, PassBp: d.PassBp, Feedback: d.Feedback,
		Slots: each(d.Slots, func(s slotDoc) assessment.Slot { return assessment.Slot(s) }), Pictures: d.Pictures, Given: givenOf(d.Given),
		State: d.State, Ended: d.Ended, Scores: d.Scores, ScoreBp: d.ScoreBp, Late: d.Late, LateGiven: givenOf(d.LateGiven),
		Revision: d.Revision, Told: d.Told, SecondMarker: d.SecondMarker, Anonymous: d.Anonymous, Grading: d.Grading,
		Files:    each(d.Files, func(f fileDoc) assessment.File { return assessment.File(f) }),
		Marks:    each(d.Marks, func(m essayMarkDoc) assessment.Mark { return assessment.Mark(m) }),
		Regrades: each(d.Regrades, func(r regradeDoc) assessment.Regrade { return assessment.Regrade(r) }),
	}
	if d.Decision != nil {
		a.Decision = assessment.Decision(*d.Decision)
	}
	return a
}

// Shows implements assessment.Store; the partial index on person+pictures.
func (s *Assessment) Shows(ctx context.Context, person courses.PersonID, picture courses.AssetID) (bool, error) {
	n, err := s.attempts.CountDocuments(ctx, bson.D{{Key: "person", Value: person}, {Key: "pictures", Value: picture}}, options.Count().SetLimit(1))
	if err != nil {
		return false, fault("look for a picture in attempts", err)
	}
	return n > 0, nil
}

// Overdue implements assessment.Store; the partial index on deadline.
func (s *Assessment) Overdue(ctx context.Context, before time.Time, limit int) ([]assessment.Attempt, error) {
	return s.list(ctx, bson.D{{Key: "state", Value: assessment.Open}, {Key: "deadline", Value: bson.D{{Key: "$lt", Value: before}}}}, "deadline", limit)
}

// Untold implements assessment.Store; the partial index on ended.
func (s *Assessment) Untold(ctx context.Context, limit int) ([]assessment.Attempt, error) {
	return s.list(ctx, untold, "ended", limit)
}

// Uncounted implements assessment.Store; the partial index on ended.
func (s *Assessment) Uncounted(ctx context.Context, limit int) ([]assessment.Attempt, error) {
	return s.list(ctx, uncounted, "ended", limit)
}

func (s *Assessment) list(ctx context.Context, filter bson.D, by string, limit int) ([]assessment.Attempt, error) {
	docs, err := all[attemptDoc](ctx, s.attempts, filter, "read attempts", options.Find().SetSort(bson.D{{Key: by, Value: 1}}).SetLimit(int64(limit)))
	return each(docs, attemptDoc.attempt), err
}

// LateOnes implements assessment.Store; the partial index on owner+_id.
func (s *Assessment) LateOnes(ctx context.Context, scope courses.Scope, page courses.Page) (courses.Slice[assessment.Attempt], error) {
	return s.page(ctx, append(ownedIn(scope, "owner"), waiting...), 1, page)
}

// page lists attempts by their ids, in a direction.
func (s *Assessment) page(ctx context.Context, filter bson.D, direction int, page courses.Page) (courses.Slice[assessment.Attempt], error) {
	if page.After != "" {
		beyond := map[int]string{1: "$gt", -1: "$lt"}[direction]
		filter = append(filter, bson.E{Key: "_id", Value: bson.D{{Key: beyond, Value: page.After}}})
	}
	docs, err := all[attemptDoc](ctx, s.attempts, filter, "list attempts", options.Find().SetSort(bson.D{{Key: "_id", Value: direction}}).SetLimit(int64(page.Size()+1)))
	if err != nil {
		return courses.Slice[assessment.Attempt]{}, err
	}
	return cut(docs, page, func(d attemptDoc) string { return string(d.ID) }, attemptDoc.attempt), nil
}

// KeepLate implements assessment.Store; it writes by _id.
func (s *Assessment) KeepLate(ctx context.Context, id courses.AttemptID, person courses.PersonID, given map[int]assessment.Given) (bool, error) {
	news := bson.A{}
	for slot, g := range given {
		news = append(news, bson.D{{Key: "$or", Value: isLater("$lateGiven."+strconv.Itoa(slot), g)}})
	}
	filter := bson.D{
		{Key: "_id", Value: id}, {Key: "person", Value: person}, {Key: "state", Value: assessment.Done}, {Key: "$expr", Value: bson.D{{Key: "$or", Value: news}}},
	}
	update := append(joining("lateGiven", given), bson.E{Key: "$set", Value: bson.D{{Key: "late", Value: assessment.Waiting}}})
	result, err := s.attempts.UpdateOne(ctx, filter, update)
	if err != nil {
		return false, fault("keep late answers", err)
	}
	return result.MatchedCount == 1, nil
}

// joining is the update that merges answers into those in a field: $max keeps the
// later of two (see givenDoc).
func joining(field string, given map[int]assessment.Given) bson.D {
	later := make(bson.D, 0, len(given))
	for slot, g := range given {
		later = append(later, bson.E{Key: field + "." + strconv.Itoa(slot), Value: givenToDoc(g)})
	}
	return bson.D{{Key: "$max", Value: later}, {Key: "$inc", Value: bson.D{{Key: "revision", Value: 1}}}}
}

// isLater is assessment.Given.Later, asked of the answer at a path.
func isLater(at string, g assessment.Given) bson.A {
	seq := bson.D{{Key: "$ifNull", Value: bson.A{at + ".seq", 0}}}
	return bson.A{
		bson.D{{Key: "$lt", Value: bson.A{seq, g.Seq}}},
		bson.D{{Key: "$and", Value: bson.A{
			bson.D{{Key: "$eq", Value: bson.A{seq, g.Seq}}}, bson.D{{Key: "$lt", Value: bson.A{at + ".event", bson.D{{Key: "$literal", Value: g.Event}}}}},
		}}},
	}
}

// Tell implements assessment.Store; it writes by _id.
func (s *Assessment) Tell(ctx context.Context, a assessment.Attempt) error {
	k := &keeping{
		filter: bson.D{{Key: "_id", Value: a.ID}, {Key: "revision", Value: a.Revision}},
		update: bson.D{{Key: "$set", Value: bson.D{{Key: "told", Value: true}}}},
	}
	results, err := s.keeps.find(ctx, k)
	return cmp.Or(err, results[k].err)
}

// Count implements assessment.Store; it writes by _id.
func (s *Assessment) Count(ctx context.Context, ids []courses.AttemptID, counts map[assessment.Ref]assessment.Figures) error {
	return s.db.Atomic(ctx, func(ctx context.Context) error {
		result, err := s.attempts.UpdateMany(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: ids}}}, {Key: "counted", Value: false}},
			bson.D{{Key: "$set", Value: bson.D{{Key: "counted", Value: true}}}})
		if err != nil {
			return fault("mark attempts as counted", err)
		}
		if result.ModifiedCount != int64(len(ids)) {
			return courses.ErrConflict
		}
		return s.count(ctx, counts)
	})
}
