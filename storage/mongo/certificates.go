package mongo

import (
	"context"
	"haidang/courses"
	"haidang/courses/catalog"
	"haidang/courses/certificates"
	"strconv"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"
)

var certificateIndexes = []index{
	{"certificates", bson.D{{Key: "completion", Value: 1}, {Key: "copy", Value: -1}}, options.Index().SetUnique(true)},
	{"certificates", bson.D{{Key: "issuer", Value: 1}, {Key: "number", Value: 1}, {Key: "year", Value: -1}}, options.Index().SetUnique(true)},
	{"certificates", bson.D{{Key: "issuer", Value: 1}, {Key: "_id", Value: -1}}, nil},
	{"certificates", bson.D{{Key: "code", Value: 1}}, options.Index().SetUnique(true)},
	{"certificates", bson.D{{Key: "documents", Value: 1}, {Key: "unit", Value: 1}, {Key: "_id", Value: 1}}, options.Index().
		SetPartialFilterExpression(bson.D{{Key: "state", Value: certificates.Valid}})},
	{"certificate_tallies", bson.D{{Key: "documents", Value: 1}}, nil},
	{"certificate_settings", bson.D{{Key: "unit", Value: 1}, {Key: "from", Value: -1}}, options.Index().SetUnique(true)},
}

// Certificates keeps certificates with their registers (the last number of an issuer's
// year) and tallies (how many of a version are valid).
type Certificates struct {
	certificates, registers, tallies, settings *mongo.Collection
}

// Certificates is the store of the certificates package.
func (db *DB) Certificates() *Certificates {
	return &Certificates{
		certificates: db.db.Collection("certificates"), registers: db.db.Collection("certificate_registers"),
		tallies: db.db.Collection("certificate_tallies"), settings: db.db.Collection("certificate_settings"),
	}
}

type certificateDoc struct {
	ID         certificates.ID      `bson:"_id"`
	Code       certificates.Code    `bson:"code"`
	Completion courses.CompletionID `bson:"completion"`
	Copy       int                  `bson:"copy"`
	Person     courses.PersonID     `bson:"person"`
	Course     courses.CourseID     `bson:"course"`
	Version    courses.VersionID    `bson:"version"`
	Issuer     courses.UnitID       `bson:"issuer"`
	Unit       courses.UnitID       `bson:"unit"`
	Year       int                  `bson:"year"`
	Number     int                  `bson:"number"`
	Text       certificateTextDoc   `bson:"text"`
	Seal       string               `bson:"seal"`
	Cites      []referenceDoc       `bson:"cites"`
	Documents  []string             `bson:"documents"`
	IssuedAt   time.Time            `bson:"issuedAt"`
	IssuedBy   courses.PersonID     `bson:"issuedBy"`
	State      certificates.State   `bson:"state"`
	Reason     string               `bson:"reason,omitempty"`
	SettledAt  time.Time            `bson:"settledAt,omitempty"`
	SettledBy  courses.PersonID     `bson:"settledBy,omitempty"`
}

type certificateTextDoc struct {
	Nation      string            `bson:"nation"`
	Motto       string            `bson:"motto"`
	Parent      string            `bson:"parent"`
	Issuer      string            `bson:"issuer"`
	Kind        certificates.Kind `bson:"kind"`
	Title       string            `bson:"title"`
	FullName    string            `bson:"fullName"`
	BirthDate   courses.Date      `bson:"birthDate"`
	Position    string            `bson:"position"`
	Unit        string            `bson:"unit"`
	Course      string            `bson:"course"`
	From        courses.Date      `bson:"from"`
	To          courses.Date      `bson:"to"`
	Tiet        int               `bson:"tiet"`
	ScoreBp     int               `bson:"scoreBp"`
	Scored      bool              `bson:"scored"`
	Place       string            `bson:"place"`
	On          courses.Date      `bson:"on"`
	Dated       string            `bson:"dated"`
	SignerTitle string            `bson:"signerTitle"`
	SignerName  string            `bson:"signerName"`
	Number      string            `bson:"number"`
	Register    string            `bson:"register"`
}

func certificateToDoc(c certificates.Certificate) certificateDoc {
	return certificateDoc{
		ID: c.ID, Code: c.Code, Completion: c.Completion, Copy: c.Copy, Person: c.Person, Course: c.Course, Version: c.Version,
		Issuer: c.Issuer, Unit: c.Unit, Year: c.Year, Number: c.Number, Text: certificateTextDoc(c.Text), Seal: c.Seal,
		Cites: placesToDocs(c.Cites), Documents: c.Documents(), IssuedAt: c.IssuedAt, IssuedBy: c.IssuedBy,
		State: c.State, Reason: c.Reason, SettledAt: c.SettledAt, SettledBy: c.SettledBy,
	}
}

func (d certificateDoc) certificate() certificates.Certificate {
	return certificates.Certificate{
		ID: d.ID, Code: d.Code, Completion: d.Completion, Copy: d.Copy, Person: d.Person, Course: d.Course, Version: d.Version,
		Issuer: d.Issuer, Unit: d.Unit, Year: d.Year, Number: d.Number, Text: certificates.Text(d.Text), Seal: d.Seal,
		Cites: each(d.Cites, func(r referenceDoc) catalog.Reference { return catalog.Reference(r) }), IssuedAt: d.IssuedAt, IssuedBy: d.IssuedBy,
		State: d.State, Reason: d.Reason, SettledAt: d.SettledAt, SettledBy: d.SettledBy,
	}
}

func registerID(issuer courses.UnitID, year int) string {
	return string(issuer) + "." + strconv.Itoa(year)
}

// OpenRegister implements certificates.Store; it writes by _id.
func (s *Certificates) OpenRegister(ctx context.Context, c certificates.Certificate) error {
	for _, made := range []struct {
		in    *mongo.Collection
		id    any
		first bson.D
	}{
		{s.registers, registerID(c.Issuer, c.Year), bson.D{{Key: "last", Value: 0}}},
		{s.tallies, c.Version, bson.D{{Key: "valid", Value: 0}, {Key: "documents", Value: c.Documents()}}},
	} {
		_, err := made.in.UpdateByID(ctx, made.id, bson.D{{Key: "$setOnInsert", Value: made.first}}, options.Update().SetUpsert(true))
		if err != nil && !isDuplicate(err) { // another made it at the same moment
			return fault("open a register", err)
		}
	}
	return nil
}

// NextNumber implements certificates.Store; it writes by _id.
func (s *Certificates) NextNumber(ctx context.Context, issuer courses.UnitID, year int) (int, error) {
	var d struct {
		Last int `bson:"last"`
	}
	err := s.registers.FindOneAndUpdate(ctx, bson.D{{Key: "_id", Value: registerID(issuer, year)}},
		bson.D{{Key: "$inc", Value: bson.D{{Key: "last", Value: 1}}}}, options.FindOneAndUpdate().SetReturnDocument(options.After)).Decode(&d)
	if err != nil {
		return 0, fault("number a certificate", err)
	}
	return d.Last, nil
}

// Insert implements certificates.Store; the unique index completion+copy decides.
func (s *Certificates) Insert(ctx context.Context, c certificates.Certificate) error {
	_, err := s.certificates.InsertOne(ctx, certificateToDoc(c))
	if isDuplicate(err) {
		return courses.ErrConflict
	}
	if err != nil {
		return fault("insert certificate", err)
	}
	return s.tally(ctx, c.Version, 1)
}

func (s *Certificates) tally(ctx context.Context, version courses.VersionID, by int) error {
	_, err := s.tallies.UpdateByID(ctx, version, bson.D{{Key: "$inc", Value: bson.D{{Key: "valid", Value: by}}}})
	if err != nil {
		return fault("tally certificates", err)
	}
	return nil
}

// Settle implements certificates.Store; it writes by _id.
func (s *Certificates) Settle(ctx context.Context, c certificates.Certificate) error {
	result, err := s.certificates.UpdateOne(ctx, bson.D{{Key: "_id", Value: c.ID}, {Key: "state", Value: certificates.Valid}}, bson.D{{Key: "$set", Value: bson.D{
		{Key: "state", Value: c.State}, {Key: "reason", Value: c.Reason}, {Key: "settledAt", Value: c.SettledAt}, {Key: "settledBy", Value: c.SettledBy},
	}}})
	if err != nil {
		return fault("settle certificate", err)
	}
	if result.MatchedCount == 0 {
		return certificates.ErrSettled
	}
	return s.tally(ctx, c.Version, -1)
}

// Certificate implements certificates.Store; it reads by _id.
func (s *Certificates) Certificate(ctx context.Context, id certificates.ID) (certificates.Certificate, error) {
	d, err := one[certificateDoc](ctx, s.certificates, id, certificates.ErrNoCertificate, "find certificate")
	return d.certificate(), err
}

// ByCode implements certificates.Store; index code.
func (s *Certificates) ByCode(ctx context.Context, code certificates.Code) (certificates.Certificate, error) {
	var d certificateDoc
	err := s.certificates.FindOne(ctx, bson.D{{Key: "code", Value: code}}).Decode(&d)
	if isMissing(err) {
		return certificates.Certificate{}, certificates.ErrNoCertificate
	}
	if err != nil {
		return certificates.Certificate{}, fault("find certificate by its code", err)
	}
	return d.certificate(), nil
}

// Latest implements certificates.Store; index completion+copy. A completion has as many
// copies as were lost.
func (s *Certificates) Latest(ctx context.Context, ids []courses.CompletionID) (map[courses.CompletionID]certificates.Certificate, error) {
	docs, err := all[certificateDoc](ctx, s.certificates, bson.D{{Key: "completion", Value: bson.D{{Key: "$in", Value: ids}}}}, "find certificates of completions",
		options.Find().SetSort(bson.D{{Key: "completion", Value: 1}, {Key: "copy", Value: -1}}))
	latest := make(map[courses.CompletionID]certificates.Certificate, len(docs))
	for _, d := range docs {
		if _, there := latest[d.Completion]; !there {
			latest[d.Completion] = d.certificate()
		}
	}
	return latest, err
}

// Register implements certificates.Store; index issuer+_id, or with a number
// issuer+number+year, of which there is one a year.
func (s *Certificates) Register(ctx context.Context, issuer courses.UnitID, number int, page courses.Page) (courses.Slice[certificates.Certificate], error) {
	filter := bson.D{{Key: "issuer", Value: issuer}}
	if number != 0 {
		filter = append(filter, bson.E{Key: "number", Value: number})
	}
	if page.After != "" {
		filter = append(filter, bson.E{Key: "_id", Value: bson.D{{Key: "$lt", Value: page.After}}})
	}
	docs, err := all[certificateDoc](ctx, s.certificates, filter, "list a register",
		options.Find().SetSort(bson.D{{Key: "_id", Value: -1}}).SetLimit(int64(page.Size()+1)))
	if err != nil {
		return courses.Slice[certificates.Certificate]{}, err
	}
	return cut(docs, page, func(last certificateDoc) string { return string(last.ID) }, certificateDoc.certificate), nil
}

// Citing implements certificates.Store; index documents+unit+_id.
func (s *Certificates) Citing(ctx context.Context, scope courses.Scope, document string, page courses.Page) (courses.Slice[certificates.Certificate], error) {
	var within bson.D
	if !scope.Everywhere() {
		within = append(within, bson.E{Key: "$in", Value: scope.Units()})
	}
	filter := bson.D{{Key: "documents", Value: document}, {Key: "state", Value: certificates.Valid}}
	if page.After != "" {
		at := strings.LastIndexByte(page.After, '.')
		if at < 0 {
			return courses.Slice[certificates.Certificate]{}, courses.ErrBadCursor
		}
		unit, id := page.After[:at], page.After[at+1:]
		within = append(within, bson.E{Key: "$gte", Value: unit}) // the index begins there; of that unit some were seen
		filter = append(filter, bson.E{Key: "$or", Value: bson.A{
			bson.D{{Key: "unit", Value: bson.D{{Key: "$ne", Value: unit}}}},
			bson.D{{Key: "_id", Value: bson.D{{Key: "$gt", Value: id}}}},
		}})
	}
	if within != nil {
		filter = append(filter, bson.E{Key: "unit", Value: within})
	}
	docs, err := all[certificateDoc](ctx, s.certificates, filter, "list certificates that rest on a document",
		options.Find().SetSort(bson.D{{Key: "unit", Value: 1}, {Key: "_id", Value: 1}}).SetLimit(int64(page.Size()+1)))
	if err != nil {
		return courses.Slice[certificates.Certificate]{}, err
	}
	return cut(docs, page, func(last certificateDoc) string { return string(last.Unit) + "." + string(last.ID) }, certificateDoc.certificate), nil
}

type certificateTallyDoc struct {
	Version courses.VersionID `bson:"_id"`
	Valid   int               `bson:"valid"`
}

// CountCiting implements certificates.Store; index documents of the tallies, which grow
// with versions.
func (s *Certificates) CountCiting(ctx context.Context, document string) (int, error) {
	docs, err := all[certificateTallyDoc](ctx, s.tallies, bson.D{{Key: "documents", Value: document}}, "count certificates that rest on a document",
		options.Find().SetProjection(bson.D{{Key: "valid", Value: 1}}))
	sum := 0
	for _, d := range docs {
		sum += d.Valid
	}
	return sum, err
}

// CountOf implements certificates.Store; it reads by _id.
func (s *Certificates) CountOf(ctx context.Context, versions []courses.VersionID) (map[courses.VersionID]int, error) {
	docs, err := all[certificateTallyDoc](ctx, s.tallies, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: versions}}}}, "count certificates of versions",
		options.Find().SetProjection(bson.D{{Key: "valid", Value: 1}}))
	counts := make(map[courses.VersionID]int, len(docs))
	for _, d := range docs {
		counts[d.Version] = d.Valid
	}
	return counts, err
}
