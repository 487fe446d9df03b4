package mongo

import (
	"haidang/courses"
	"strconv"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/bson"
)

// instantCursor names the last row of a page that is ordered by an instant and
// then by _id, newest first.
func instantCursor(at time.Time, id string) string {
	return strconv.FormatInt(at.UnixMilli(), 10) + "." + id
}

// cut makes a page of what a query found, which asked for one document more than
// fit; cursor names the last of a page that is not the last one.
func cut[D, T any](docs []D, page courses.Page, cursor func(D) string, convert func(D) T) courses.Slice[T] {
	var next string
	if len(docs) > page.Size() {
		docs = docs[:page.Size()]
		next = cursor(docs[len(docs)-1])
	}
	return courses.Slice[T]{Items: each(docs, convert), Next: next}
}

// after cuts a filter down to what follows the cursor; an empty cursor leaves
// it as it is. It refuses with courses.ErrBadCursor.
func after(filter bson.D, by, cursor string) (bson.D, error) {
	if cursor == "" {
		return filter, nil
	}
	ms, id, ok := strings.Cut(cursor, ".")
	n, err := strconv.ParseInt(ms, 10, 64)
	if !ok || err != nil {
		return nil, courses.ErrBadCursor
	}
	at := time.UnixMilli(n).UTC()
	return append(filter, bson.E{Key: "$or", Value: bson.A{
		bson.D{{Key: by, Value: bson.D{{Key: "$lt", Value: at}}}},
		bson.D{{Key: by, Value: at}, {Key: "_id", Value: bson.D{{Key: "$lt", Value: id}}}},
	}}), nil
}
