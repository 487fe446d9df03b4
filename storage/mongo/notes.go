package mongo

import (
	"context"
	"haidang/courses"
	"haidang/courses/learning"
	"haidang/courses/vietnamese"
	"regexp"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo/options"
)

// What learners write for themselves; the catalogue's notes on drafts are others.
var noteIndexes = []index{
	{"learnernotes", bson.D{{Key: "person", Value: 1}, {Key: "_id", Value: 1}}, nil},
}

type learnerNoteDoc struct {
	ID     string           `bson:"_id"` // person.course.lesson: by it they stand course by course
	Person courses.PersonID `bson:"person"`
	Course courses.CourseID `bson:"course"`
	Lesson courses.LessonID `bson:"lesson"`
	Title  string           `bson:"title"`
	Text   string           `bson:"text"`
	Key    string           `bson:"key"` // folded, for finding
	Edit   learning.EditID  `bson:"edit"`
	At     time.Time        `bson:"at"`
}

func noteID(person courses.PersonID, course courses.CourseID, lesson courses.LessonID) string {
	return string(person) + "." + string(course) + "." + string(lesson)
}

func noteToDoc(n learning.Note) learnerNoteDoc {
	return learnerNoteDoc{
		ID: noteID(n.Person, n.Course, n.Lesson), Person: n.Person, Course: n.Course, Lesson: n.Lesson, Title: n.Title,
		Text: n.Text, Key: vietnamese.SearchKey(n.Title + "\n" + n.Text), Edit: n.Edit, At: n.At,
	}
}

func (d learnerNoteDoc) note() learning.Note {
	return learning.Note{Person: d.Person, Course: d.Course, Lesson: d.Lesson, Title: d.Title, Text: d.Text, Edit: d.Edit, At: d.At}
}

// Note implements learning.Store; it reads by _id.
func (s *Learning) Note(ctx context.Context, person courses.PersonID, course courses.CourseID, lesson courses.LessonID) (learning.Note, error) {
	var d learnerNoteDoc
	err := s.notes.FindOne(ctx, bson.D{{Key: "_id", Value: noteID(person, course, lesson)}}).Decode(&d)
	if isMissing(err) {
		return learning.Note{Person: person, Course: course, Lesson: lesson}, nil
	}
	if err != nil {
		return learning.Note{}, fault("find note", err)
	}
	return d.note(), nil
}

// SaveNote implements learning.Store; it writes by _id, and the state that is
// replaced is part of the filter.
func (s *Learning) SaveNote(ctx context.Context, n learning.Note, base learning.EditID) error {
	d := noteToDoc(n)
	if base == "" {
		_, err := s.notes.InsertOne(ctx, d)
		if isDuplicate(err) {
			return learning.ErrNoteChanged
		}
		if err != nil {
			return fault("insert note", err)
		}
		return nil
	}
	was := bson.D{{Key: "_id", Value: d.ID}, {Key: "edit", Value: base}}
	var count int64
	if n.Text == "" {
		result, err := s.notes.DeleteOne(ctx, was)
		if err != nil {
			return fault("delete note", err)
		}
		count = result.DeletedCount
	} else {
		result, err := s.notes.ReplaceOne(ctx, was, d)
		if err != nil {
			return fault("save note", err)
		}
		count = result.MatchedCount
	}
	if count == 0 {
		return learning.ErrNoteChanged
	}
	return nil
}

// Notes implements learning.Store; index person+_id. Words are looked for in what
// one person wrote.
func (s *Learning) Notes(ctx context.Context, person courses.PersonID, key string, page courses.Page) (courses.Slice[learning.Note], error) {
	filter, own := bson.D{{Key: "person", Value: person}}, string(person)+"."
	if page.After != "" {
		filter = append(filter, bson.E{Key: "_id", Value: bson.D{{Key: "$gt", Value: own + page.After}}})
	}
	if key != "" {
		filter = append(filter, bson.E{Key: "key", Value: bson.D{{Key: "$regex", Value: regexp.QuoteMeta(key)}}})
	}
	docs, err := all[learnerNoteDoc](ctx, s.notes, filter, "list notes",
		options.Find().SetSort(bson.D{{Key: "_id", Value: 1}}).SetLimit(int64(page.Size()+1)).SetHint(noteIndexes[0].keys))
	if err != nil {
		return courses.Slice[learning.Note]{}, err
	}
	return cut(docs, page, func(d learnerNoteDoc) string { return strings.TrimPrefix(d.ID, own) }, learnerNoteDoc.note), nil
}
