package mongo

import (
	"context"
	"haidang/courses"
	"haidang/courses/access"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"
)

var accessIndexes = []index{
	{"logins", bson.D{{Key: "username", Value: 1}}, options.Index().SetUnique(true)},
	{"logins", bson.D{{Key: "person", Value: 1}}, options.Index().SetUnique(true)},
	{"sessions", bson.D{{Key: "person", Value: 1}, {Key: "signedInAt", Value: -1}}, nil},
	{"sessions", bson.D{{Key: "endsAt", Value: 1}}, options.Index().SetExpireAfterSeconds(0)},
	{"failures", bson.D{{Key: "last", Value: 1}}, options.Index().SetExpireAfterSeconds(86400)},
}

// Access keeps logins, sessions, failed tries and links to records.
type Access struct {
	logins, sessions, failures, shares *mongo.Collection
	bySession                          *gather[courses.SessionID, sessionDoc]
	byPerson                           *gather[courses.PersonID, loginDoc]
}

// Access is the store of the access package.
func (db *DB) Access() *Access {
	s := &Access{logins: db.db.Collection("logins"), sessions: db.db.Collection("sessions"), failures: db.db.Collection("failures"), shares: db.db.Collection("shares")}
	s.bySession = gatherBy(s.sessions, "_id", "find sessions", func(d sessionDoc) courses.SessionID { return d.ID })
	s.byPerson = gatherBy(s.logins, "person", "find logins", func(d loginDoc) courses.PersonID { return d.Person })
	return s
}

type loginDoc struct {
	ID         courses.LoginID  `bson:"_id"`
	Person     courses.PersonID `bson:"person"`
	Username   string           `bson:"username"`
	Hash       string           `bson:"hash"`
	MustChange bool             `bson:"mustChange"`
	Disabled   bool             `bson:"disabled"`
	CreatedAt  time.Time        `bson:"createdAt"`
	SignedInAt time.Time        `bson:"signedInAt"`
}

type sessionDoc struct {
	ID         courses.SessionID `bson:"_id"`
	Person     courses.PersonID  `bson:"person"`
	Hash       string            `bson:"hash"`
	Before     string            `bson:"before"`
	RotatedAt  time.Time         `bson:"rotatedAt"`
	Agent      string            `bson:"agent"`
	SignedInAt time.Time         `bson:"signedInAt"`
	EndsAt     time.Time         `bson:"endsAt"`
}

// InsertLogins implements access.Store.
func (s *Access) InsertLogins(ctx context.Context, list []access.Login) error {
	_, err := s.logins.InsertMany(ctx, each(list, func(l access.Login) any { return loginDoc(l) }))
	if isDuplicate(err) {
		return access.ErrUsernameTaken
	}
	if err != nil {
		return fault("insert logins", err)
	}
	return nil
}

// Login implements access.Store; index username.
func (s *Access) Login(ctx context.Context, username string) (access.Login, error) {
	var d loginDoc
	err := s.logins.FindOne(ctx, bson.D{{Key: "username", Value: username}}).Decode(&d)
	if isMissing(err) {
		return access.Login{}, access.ErrWrong
	}
	if err != nil {
		return access.Login{}, fault("find login", err)
	}
	return access.Login(d), nil
}

// LoginOf implements access.Store; index person.
func (s *Access) LoginOf(ctx context.Context, person courses.PersonID) (access.Login, error) {
	d, err := findOne(ctx, s.byPerson, person, access.ErrNoLogin)
	return access.Login(d), err
}

// SaveLogin implements access.Store; it writes by _id. Every hash has a salt of
// its own, so that it serves as a revision.
func (s *Access) SaveLogin(ctx context.Context, is, was access.Login) error {
	result, err := s.logins.ReplaceOne(ctx, bson.D{
		{Key: "_id", Value: is.ID}, {Key: "hash", Value: was.Hash}, {Key: "disabled", Value: was.Disabled},
	}, loginDoc(is))
	if err != nil {
		return fault("save login", err)
	}
	if result.MatchedCount == 0 {
		return courses.ErrConflict
	}
	return nil
}

// InsertSession implements access.Store.
func (s *Access) InsertSession(ctx context.Context, session access.Session) error {
	if _, err := s.sessions.InsertOne(ctx, sessionDoc(session)); err != nil {
		return fault("insert session", err)
	}
	return nil
}

// Session implements access.Store; it reads by _id.
func (s *Access) Session(ctx context.Context, id courses.SessionID) (access.Session, error) {
	d, err := findOne(ctx, s.bySession, id, courses.ErrSignIn)
	return access.Session(d), err
}

// Rotate implements access.Store; it writes by _id.
func (s *Access) Rotate(ctx context.Context, session access.Session, was string) (bool, error) {
	result, err := s.sessions.ReplaceOne(ctx, bson.D{{Key: "_id", Value: session.ID}, {Key: "hash", Value: was}}, sessionDoc(session))
	if err != nil {
		return false, fault("rotate session", err)
	}
	return result.MatchedCount == 1, nil
}

// SessionsOf implements access.Store; index person+signedInAt.
func (s *Access) SessionsOf(ctx context.Context, person courses.PersonID, now time.Time) ([]access.Session, error) {
	docs, err := all[sessionDoc](ctx, s.sessions,
		bson.D{{Key: "person", Value: person}, {Key: "endsAt", Value: bson.D{{Key: "$gt", Value: now}}}}, "list sessions",
		options.Find().SetSort(bson.D{{Key: "signedInAt", Value: -1}}).SetLimit(2*access.MaxSessions))
	return each(docs, func(d sessionDoc) access.Session { return access.Session(d) }), err
}

// EndSessions implements access.Store; index person+signedInAt.
func (s *Access) EndSessions(ctx context.Context, person courses.PersonID, one, keep courses.SessionID) error {
	filter := bson.D{{Key: "person", Value: person}, {Key: "_id", Value: bson.D{{Key: "$ne", Value: keep}}}}
	if one != "" {
		filter = bson.D{{Key: "person", Value: person}, {Key: "_id", Value: one}}
	}
	if _, err := s.sessions.DeleteMany(ctx, filter); err != nil {
		return fault("end sessions", err)
	}
	return nil
}

type failuresDoc struct {
	Key   string    `bson:"_id"`
	Count int       `bson:"count"`
	Last  time.Time `bson:"last"`
}

// Failures implements access.Store; it reads by _id.
func (s *Access) Failures(ctx context.Context, keys []string) (map[string]access.Failures, error) {
	docs, err := all[failuresDoc](ctx, s.failures, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: keys}}}}, "read failures")
	failures := make(map[string]access.Failures, len(docs))
	for _, d := range docs {
		failures[d.Key] = access.Failures{Count: d.Count, Last: d.Last}
	}
	return failures, err
}

// Fail implements access.Store; it writes by _id.
func (s *Access) Fail(ctx context.Context, keys []string, now time.Time) error {
	return saveAll(ctx, s.failures, "count failures", each(keys, func(key string) mongo.WriteModel {
		return mongo.NewUpdateOneModel().SetUpsert(true).SetFilter(bson.D{{Key: "_id", Value: key}}).
			SetUpdate(bson.D{{Key: "$inc", Value: bson.D{{Key: "count", Value: 1}}}, {Key: "$set", Value: bson.D{{Key: "last", Value: now}}}})
	}))
}

// Forgive implements access.Store; it writes by _id.
func (s *Access) Forgive(ctx context.Context, keys []string) error {
	if _, err := s.failures.DeleteMany(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: keys}}}}); err != nil {
		return fault("forget failures", err)
	}
	return nil
}

// After implements notices.Accounts; index person.
func (s *Access) After(ctx context.Context, person courses.PersonID, limit int) ([]courses.PersonID, error) {
	docs, err := all[loginDoc](ctx, s.logins, bson.D{{Key: "person", Value: bson.D{{Key: "$gt", Value: person}}}, {Key: "disabled", Value: false}}, "list accounts",
		options.Find().SetSort(bson.D{{Key: "person", Value: 1}}).SetLimit(int64(limit)).SetProjection(bson.D{{Key: "person", Value: 1}}))
	return each(docs, func(d loginDoc) courses.PersonID { return d.Person }), err
}

// Open implements notices.Accounts; index person.
func (s *Access) Open(ctx context.Context, person courses.PersonID) (bool, error) {
	found, err := s.byPerson.find(ctx, person)
	d, there := found[person]
	return there && !d.Disabled, err
}
