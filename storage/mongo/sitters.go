package mongo

import (
	"cmp"
	"context"
	"errors"
	"haidang/courses"
	"haidang/courses/assessment"
	"slices"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/bson/primitive"
	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"
)

// What many people read and write of their attempts at the same time is one command
// (gather): an exam begins and ends for all at once.

func (s *Assessment) joinSitters() {
	s.keeps = &gather[*keeping, kept]{read: s.keepAll}
	s.inserts = &gather[*attemptDoc, kept]{read: s.insertAll}
	s.replaces = &gather[*replacing, kept]{read: s.replaceAll}
	s.whole = gatherBy(s.attempts, "_id", "read attempts", func(d attemptDoc) courses.AttemptID { return d.ID })
	s.sittings = &gather[sitting, []attemptDoc]{read: s.readSittings}
	s.corrected = &gather[courses.ItemID, []correctionDoc]{read: s.readCorrections}
}

// Attempt implements assessment.Store; it reads by _id.
func (s *Assessment) Attempt(ctx context.Context, id courses.AttemptID) (assessment.Attempt, error) {
	d, err := findOne(ctx, s.whole, id, assessment.ErrNoAttempt)
	if err != nil {
		return assessment.Attempt{}, err
	}
	return d.attempt(), nil
}

// sitting is a person's quiz.
type sitting struct {
	enrolment courses.EnrolmentID
	lesson    courses.LessonID
}

// mostAttempts bounds the attempts at quizzes that are read at a time.
const mostAttempts = 10_000

// Attempts implements assessment.Store; index enrolment+lesson+number.
func (s *Assessment) Attempts(ctx context.Context, enrolment courses.EnrolmentID, lesson courses.LessonID) ([]assessment.Attempt, error) {
	k := sitting{enrolment, lesson}
	found, err := s.sittings.find(ctx, k)
	return each(found[k], attemptDoc.attempt), err
}

func (s *Assessment) readSittings(ctx context.Context, keys []sitting) (map[sitting][]attemptDoc, error) {
	enrolments, lessons := make([]courses.EnrolmentID, len(keys)), make([]courses.LessonID, len(keys))
	for i, k := range keys {
		enrolments[i], lessons[i] = k.enrolment, k.lesson
	}
	slices.Sort(lessons)
	docs, err := all[attemptDoc](ctx, s.attempts, bson.D{
		{Key: "enrolment", Value: bson.D{{Key: "$in", Value: enrolments}}}, {Key: "lesson", Value: bson.D{{Key: "$in", Value: slices.Compact(lessons)}}},
	}, "read attempts", options.Find().SetLimit(mostAttempts).SetBatchSize(mostAttempts).
		SetProjection(bson.D{{Key: "slots", Value: 0}, {Key: "given", Value: 0}, {Key: "lateGiven", Value: 0}, {Key: "scores", Value: 0}, {Key: "marks", Value: 0}}))
	if err != nil {
		return nil, err
	}
	of := make(map[sitting][]attemptDoc, len(keys))
	slices.SortFunc(docs, func(a, b attemptDoc) int { return cmp.Compare(a.Number, b.Number) })
	for _, d := range docs {
		k := sitting{d.Enrolment, d.Lesson}
		of[k] = append(of[k], d)
	}
	return of, nil
}

// InsertAttempt implements assessment.Store; the unique index on
// enrolment+lesson+number lets one of many in.
func (s *Assessment) InsertAttempt(ctx context.Context, a assessment.Attempt) (bool, error) {
	d := attemptToDoc(a)
	results, err := s.inserts.find(ctx, &d)
	return results[&d].found, cmp.Or(err, results[&d].err)
}

func (s *Assessment) insertAll(ctx context.Context, list []*attemptDoc) (map[*attemptDoc]kept, error) {
	results := make(map[*attemptDoc]kept, len(list))
	for _, d := range list {
		results[d] = kept{found: true}
	}
	_, err := s.attempts.InsertMany(ctx, each(list, func(d *attemptDoc) any { return d }), options.InsertMany().SetOrdered(false))
	var partly mongo.BulkWriteException
	if err == nil || errors.As(err, &partly) && partly.WriteConcernError == nil {
		for _, w := range partly.WriteErrors {
			k := kept{}
			if !mongo.IsDuplicateKeyError(w) {
				k.err = fault("insert attempt", w)
			}
			results[list[w.Index]] = k
		}
		return results, nil
	}
	return nil, fault("insert attempts", err)
}

// replacing is an attempt to save in the place of a revision of it.
type replacing struct {
	id       courses.AttemptID
	revision int
	by       primitive.ObjectID // tells who was it, when not all are
	set      bson.D
}

// ReplaceAttempt implements assessment.Store; it writes by _id.
func (s *Assessment) ReplaceAttempt(ctx context.Context, a assessment.Attempt, revision int) (bool, error) {
	d := attemptToDoc(a)
	set := bson.D{
		{Key: "state", Value: d.State},
		{Key: "ended", Value: d.Ended},
		{Key: "scores", Value: d.Scores},
		{Key: "scoreBp", Value: d.ScoreBp},
		{Key: "told", Value: d.Told},
		{Key: "grading", Value: d.Grading},
		{Key: "revision", Value: revision + 1},
	}
	if slices.ContainsFunc(d.Slots, func(s slotDoc) bool { return s.Key != 0 }) {
		set = append(set, bson.E{Key: "slots", Value: d.Slots})
	}
	if len(d.Marks) > 0 {
		set = append(set, bson.E{Key: "marks", Value: d.Marks})
	}
	if len(d.Regrades) > 0 {
		set = append(set, bson.E{Key: "regrades", Value: d.Regrades})
	}
	if d.Late != "" {
		set = append(set, bson.E{Key: "late", Value: d.Late}, bson.E{Key: "decision", Value: d.Decision})
	}
	if d.Late == assessment.Accepted {
		set = append(set, bson.E{Key: "given", Value: d.Given})
	}
	by := primitive.NewObjectID()
	r := &replacing{a.ID, revision, by, append(set, bson.E{Key: "savedBy", Value: by})}
	results, err := s.replaces.find(ctx, r)
	return results[r].found, err
}

func (s *Assessment) replaceAll(ctx context.Context, list []*replacing) (map[*replacing]kept, error) {
	result, err := s.attempts.BulkWrite(ctx, each(list, func(r *replacing) mongo.WriteModel {
		return mongo.NewUpdateOneModel().SetFilter(bson.D{{Key: "_id", Value: r.id}, {Key: "revision", Value: r.revision}}).SetUpdate(bson.D{{Key: "$set", Value: r.set}})
	}), options.BulkWrite().SetOrdered(false))
	if err != nil {
		return nil, fault("save attempts", err)
	}
	results := make(map[*replacing]kept, len(list))
	whole := result.MatchedCount == int64(len(list))
	saved := map[primitive.ObjectID]bool{}
	if !whole {
		ids := each(list, func(r *replacing) courses.AttemptID { return r.id })
		err := see(ctx, s.attempts, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: ids}}}}, "see who saved attempts", func(d bson.Raw) {
			if by, ok := d.Lookup("savedBy").ObjectIDOK(); ok {
				saved[by] = true
			}
		}, options.Find().SetProjection(bson.D{{Key: "savedBy", Value: 1}}))
		if err != nil {
			return nil, err
		}
	}
	for _, r := range list {
		results[r] = kept{found: whole || saved[r.by]}
	}
	return results, nil
}

// keeping is an update of an attempt that, done once more, changes nothing: answers of
// one request to an open one, say.
type keeping struct{ filter, update any }

// kept is what became of them.
type kept struct {
	found bool
	err   error
}

// Keep implements assessment.Store; it writes by _id. The database compares, so that
// no earlier read is needed. What many people answer at the same time is one write.
func (s *Assessment) Keep(ctx context.Context, id courses.AttemptID, person courses.PersonID, given map[int]assessment.Given) (bool, error) {
	k := &keeping{
		filter: bson.D{{Key: "_id", Value: id}, {Key: "person", Value: person}, {Key: "state", Value: assessment.Open}},
		update: joining("given", given),
	}
	results, err := s.keeps.find(ctx, k)
	if err != nil {
		return false, err
	}
	return results[k].found, results[k].err
}

// keepAll writes answers of many attempts. When some of the attempts are not there
// or something fails, each is written by itself to learn which: once more changes
// nothing.
func (s *Assessment) keepAll(ctx context.Context, list []*keeping) (map[*keeping]kept, error) {
	results := make(map[*keeping]kept, len(list))
	if len(list) > 1 {
		models := each(list, func(k *keeping) mongo.WriteModel {
			return mongo.NewUpdateOneModel().SetFilter(k.filter).SetUpdate(k.update)
		})
		result, err := s.attempts.BulkWrite(ctx, models, options.BulkWrite().SetOrdered(false))
		if err == nil && result.MatchedCount == int64(len(list)) {
			for _, k := range list {
				results[k] = kept{found: true}
			}
			return results, nil
		}
	}
	for _, k := range list {
		result, err := s.attempts.UpdateOne(ctx, k.filter, k.update)
		if err != nil {
			results[k] = kept{err: fault("keep what an attempt got", err)}
			continue
		}
		results[k] = kept{found: result.MatchedCount == 1}
	}
	return results, nil
}
