package mongo

import (
	"context"
	"haidang/courses"
	"haidang/courses/notices"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"
)

// noticesKept is how long a notice stays, read or not.
const noticesKept = 120 * 24 * time.Hour

var noticeIndexes = []index{
	{"notices", bson.D{{Key: "person", Value: 1}, {Key: "madeAt", Value: -1}, {Key: "_id", Value: -1}}, nil},
	{"notices", bson.D{{Key: "person", Value: 1}, {Key: "unread", Value: 1}}, options.Index().SetPartialFilterExpression(bson.D{{Key: "unread", Value: true}})},
	{"notices", bson.D{{Key: "madeAt", Value: 1}}, options.Index().SetExpireAfterSeconds(int32(noticesKept / time.Second))},
	{"notice_contacts", bson.D{{Key: "calendar.hash", Value: 1}}, options.Index().SetUnique(true).SetSparse(true)},
	{"notice_calls", bson.D{{Key: "course", Value: 1}, {Key: "at", Value: -1}}, nil},
}

// Notices keeps notices, how people want to be told, and how far the walk is.
type Notices struct {
	notices, contacts, walks, quotas, calls *mongo.Collection
	unread                                  *gather[courses.PersonID, []notices.Notice]
}

// Notices is the store of the notices package.
func (db *DB) Notices() *Notices {
	c := db.db.Collection
	s := &Notices{notices: c("notices"), contacts: c("notice_contacts"), walks: c("notice_walks"), quotas: c("notice_quotas"), calls: c("notice_calls")}
	s.unread = &gather[courses.PersonID, []notices.Notice]{read: s.readUnread}
	return s
}

type noticeDoc struct {
	ID      notices.ID       `bson:"_id"`
	Person  courses.PersonID `bson:"person"`
	Kind    notices.Kind     `bson:"kind"`
	Course  courses.CourseID `bson:"course"`
	Subject string           `bson:"subject"`
	Title   string           `bson:"title"`
	From    string           `bson:"from,omitempty"`
	Owner   courses.UnitID   `bson:"owner,omitempty"`
	Text    string           `bson:"text,omitempty"`
	Page    string           `bson:"page"`
	Shown   bool             `bson:"shown"`
	Unread  bool             `bson:"unread"` // and shown; for the index
	MadeAt  time.Time        `bson:"madeAt"`
	ReadAt  time.Time        `bson:"readAt"`
}

func (d noticeDoc) notice() notices.Notice {
	return notices.Notice{
		ID: d.ID, Person: d.Person, Kind: d.Kind, Course: d.Course, Subject: d.Subject, Title: d.Title, From: d.From, Owner: d.Owner, Text: d.Text,
		Page: d.Page, Shown: d.Shown, MadeAt: d.MadeAt, ReadAt: d.ReadAt,
	}
}

type contactDoc struct {
	Person    courses.PersonID               `bson:"_id"`
	Chosen    map[string]bool                `bson:"chosen"` // by kind and channel
	Addresses map[notices.Channel]addressDoc `bson:"addresses,omitempty"`
	Devices   []deviceDoc                    `bson:"devices,omitempty"`
	Calendar  *calendarDoc                   `bson:"calendar,omitempty"`
	Asked     []time.Time                    `bson:"asked,omitempty"`
	Digested  string                         `bson:"digested,omitempty"`
	Revision  int                            `bson:"revision"`
}

type deviceDoc struct {
	ID       string    `bson:"id"`
	Endpoint string    `bson:"endpoint"`
	Key      string    `bson:"key"`
	Auth     string    `bson:"auth"`
	Agent    string    `bson:"agent"`
	Since    time.Time `bson:"since"`
}

type calendarDoc struct {
	Hash  string    `bson:"hash"`
	Since time.Time `bson:"since"`
}

type addressDoc struct {
	Value     string    `bson:"value"`
	Confirmed bool      `bson:"confirmed"`
	Code      string    `bson:"code,omitempty"`
	CodeUntil time.Time `bson:"codeUntil,omitempty"`
	Tries     int       `bson:"tries,omitempty"`
	Failed    string    `bson:"failed,omitempty"`
}

func contactToDoc(c notices.Contact) contactDoc {
	d := contactDoc{Person: c.Person, Chosen: map[string]bool{}, Addresses: map[notices.Channel]addressDoc{}, Asked: c.Asked, Digested: c.Digested, Revision: c.Revision}
	d.Devices = each(c.Devices, func(x notices.Device) deviceDoc { return deviceDoc(x) })
	if c.Calendar.Hash != "" {
		d.Calendar = new(calendarDoc(c.Calendar))
	}
	for channel, a := range c.Addresses {
		d.Addresses[channel] = addressDoc(a)
	}
	for choice, is := range c.Chosen {
		d.Chosen[string(choice.Kind)+" "+string(choice.Channel)] = is
	}
	return d
}

func (d contactDoc) contact() notices.Contact {
	c := notices.Contact{
		Person: d.Person, Chosen: map[notices.Choice]bool{}, Addresses: map[notices.Channel]notices.Address{}, Asked: d.Asked,
		Digested: d.Digested, Revision: d.Revision,
	}
	c.Devices = each(d.Devices, func(x deviceDoc) notices.Device { return notices.Device(x) })
	if d.Calendar != nil {
		c.Calendar = notices.CalendarLink(*d.Calendar)
	}
	for channel, a := range d.Addresses {
		c.Addresses[channel] = notices.Address(a)
	}
	for name, is := range d.Chosen {
		kind, channel, _ := strings.Cut(name, " ")
		c.Chosen[notices.Choice{Kind: notices.Kind(kind), Channel: notices.Channel(channel)}] = is
	}
	return c
}

// Insert implements notices.Store; the _id decides. It looks first, because a
// duplicate would end the transaction.
func (s *Notices) Insert(ctx context.Context, n notices.Notice) (bool, error) {
	if _, there, err := s.Notice(ctx, n.ID); err != nil || there {
		return false, err
	}
	_, err := s.notices.InsertOne(ctx, noticeDoc{
		ID: n.ID, Person: n.Person, Kind: n.Kind, Course: n.Course, Subject: n.Subject, Title: n.Title, From: n.From, Owner: n.Owner, Text: n.Text,
		Page: n.Page, Shown: n.Shown, Unread: n.Shown && n.ReadAt.IsZero(), MadeAt: n.MadeAt, ReadAt: n.ReadAt,
	})
	if isDuplicate(err) {
		return false, courses.ErrConflict
	}
	if err != nil {
		return false, fault("insert a notice", err)
	}
	return true, nil
}

// Notice implements notices.Store; it reads by _id.
func (s *Notices) Notice(ctx context.Context, id notices.ID) (notices.Notice, bool, error) {
	docs, err := all[noticeDoc](ctx, s.notices, bson.D{{Key: "_id", Value: id}}, "find a notice")
	if err != nil || len(docs) == 0 {
		return notices.Notice{}, false, err
	}
	return docs[0].notice(), true, nil
}

// Shown implements notices.Store; index person+madeAt+_id.
func (s *Notices) Shown(ctx context.Context, person courses.PersonID, page courses.Page) (courses.Slice[notices.Notice], error) {
	filter, err := after(bson.D{{Key: "person", Value: person}, {Key: "shown", Value: true}}, "madeAt", page.After)
	if err != nil {
		return courses.Slice[notices.Notice]{}, err
	}
	docs, err := all[noticeDoc](ctx, s.notices, filter, "list notices", latest(page.Size()+1))
	if err != nil {
		return courses.Slice[notices.Notice]{}, err
	}
	return cut(docs, page, func(last noticeDoc) string { return instantCursor(last.MadeAt, string(last.ID)) }, noticeDoc.notice), nil
}

func latest(limit int) *options.FindOptions {
	return options.Find().SetSort(bson.D{{Key: "madeAt", Value: -1}, {Key: "_id", Value: -1}}).SetLimit(int64(limit))
}

// Unread implements notices.Store; index person+unread.
func (s *Notices) Unread(ctx context.Context, person courses.PersonID) ([]notices.Notice, error) {
	found, err := s.unread.find(ctx, person)
	return found[person], err
}

func (s *Notices) readUnread(ctx context.Context, people []courses.PersonID) (map[courses.PersonID][]notices.Notice, error) {
	docs, err := all[noticeDoc](ctx, s.notices, bson.D{{Key: "person", Value: bson.D{{Key: "$in", Value: people}}}, {Key: "unread", Value: true}}, "find unread notices")
	of := make(map[courses.PersonID][]notices.Notice, len(docs))
	for _, d := range docs {
		of[d.Person] = append(of[d.Person], d.notice())
	}
	return of, err
}

// Of implements notices.Store; index person+madeAt+_id.
func (s *Notices) Of(ctx context.Context, person courses.PersonID, limit int) ([]notices.Notice, error) {
	docs, err := all[noticeDoc](ctx, s.notices, bson.D{{Key: "person", Value: person}}, "find notices of a person", latest(limit))
	return each(docs, noticeDoc.notice), err
}

// Read implements notices.Store; index person+unread.
func (s *Notices) Read(ctx context.Context, person courses.PersonID, ids []notices.ID, at time.Time) error {
	filter := bson.D{{Key: "person", Value: person}, {Key: "unread", Value: true}}
	if len(ids) > 0 {
		filter = append(filter, bson.E{Key: "_id", Value: bson.D{{Key: "$in", Value: ids}}})
	}
	_, err := s.notices.UpdateMany(ctx, filter, bson.D{{Key: "$set", Value: bson.D{{Key: "unread", Value: false}, {Key: "readAt", Value: at}}}})
	if err != nil {
		return fault("mark notices as read", err)
	}
	return nil
}

// Remove implements notices.Store; it deletes by _id.
func (s *Notices) Remove(ctx context.Context, person courses.PersonID, ids []notices.ID) error {
	if _, err := s.notices.DeleteMany(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: ids}}}, {Key: "person", Value: person}}); err != nil {
		return fault("remove notices", err)
	}
	return nil
}

// Contact implements notices.Store; it reads by _id.
func (s *Notices) Contact(ctx context.Context, person courses.PersonID) (notices.Contact, error) {
	docs, err := all[contactDoc](ctx, s.contacts, bson.D{{Key: "_id", Value: person}}, "find a contact")
	if err != nil || len(docs) == 0 {
		return notices.Contact{Person: person}, err
	}
	return docs[0].contact(), nil
}

// CalendarOf implements notices.Store; index calendar.hash.
func (s *Notices) CalendarOf(ctx context.Context, hash string) (courses.PersonID, error) {
	docs, err := all[contactDoc](ctx, s.contacts, bson.D{{Key: "calendar.hash", Value: hash}}, "find a calendar", options.Find().SetProjection(bson.D{{Key: "_id", Value: 1}}))
	if err != nil {
		return "", err
	}
	if len(docs) == 0 {
		return "", notices.ErrNoCalendar
	}
	return docs[0].Person, nil
}

// SaveContact implements notices.Store; it writes by _id.
func (s *Notices) SaveContact(ctx context.Context, c notices.Contact, was int) error {
	return save(ctx, s.contacts, c.Person, was, contactToDoc(c), "save a contact")
}

// save writes a document with a revision if that of what is there is was, 0 for
// nothing; else it refuses with courses.ErrConflict.
func save(ctx context.Context, c *mongo.Collection, id any, was int, d any, doing string) error {
	if was == 0 {
		_, err := c.InsertOne(ctx, d)
		if isDuplicate(err) {
			return courses.ErrConflict
		}
		if err != nil {
			return fault(doing, err)
		}
		return nil
	}
	result, err := c.ReplaceOne(ctx, bson.D{{Key: "_id", Value: id}, {Key: "revision", Value: was}}, d)
	if err != nil {
		return fault(doing, err)
	}
	if result.MatchedCount == 0 {
		return courses.ErrConflict
	}
	return nil
}

type walkDoc struct {
	ID    string           `bson:"_id"`
	Week  string           `bson:"week"`
	After courses.PersonID `bson:"after"`
	Done  bool             `bson:"done"`
}

// theWalk is the _id of the one walk there is.
const theWalk = "week"

// remindedDoc is how far reminders are.
type remindedDoc struct {
	ID  string       `bson:"_id"`
	Day courses.Date `bson:"day"`
}

// theReminders is the _id of how far they are.
const theReminders = "reminders"

// Reminded implements notices.Store; it reads by _id.
func (s *Notices) Reminded(ctx context.Context) (courses.Date, error) {
	docs, err := all[remindedDoc](ctx, s.walks, bson.D{{Key: "_id", Value: theReminders}}, "find how far reminders are")
	if err != nil || len(docs) == 0 {
		return "", err
	}
	return docs[0].Day, nil
}

// SaveReminded implements notices.Store; it writes by _id.
func (s *Notices) SaveReminded(ctx context.Context, day courses.Date) error {
	_, err := s.walks.ReplaceOne(ctx, bson.D{{Key: "_id", Value: theReminders}}, remindedDoc{theReminders, day}, options.Replace().SetUpsert(true))
	if err != nil {
		return fault("save how far reminders are", err)
	}
	return nil
}

// Walk implements notices.Store; it reads by _id.
func (s *Notices) Walk(ctx context.Context) (notices.Walk, error) {
	docs, err := all[walkDoc](ctx, s.walks, bson.D{{Key: "_id", Value: theWalk}}, "find the walk")
	if err != nil || len(docs) == 0 {
		return notices.Walk{}, err
	}
	return notices.Walk{Week: docs[0].Week, After: docs[0].After, Done: docs[0].Done}, nil
}

// SaveWalk implements notices.Store; it writes by _id.
func (s *Notices) SaveWalk(ctx context.Context, w notices.Walk) error {
	_, err := s.walks.ReplaceOne(ctx, bson.D{{Key: "_id", Value: theWalk}}, walkDoc{theWalk, w.Week, w.After, w.Done}, options.Replace().SetUpsert(true))
	if err != nil {
		return fault("save the walk", err)
	}
	return nil
}
