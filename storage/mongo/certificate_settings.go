package mongo

import (
	"context"
	"haidang/courses"
	"haidang/courses/certificates"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo/options"
)

type certificateSettingsDoc struct {
	Unit        courses.UnitID   `bson:"unit"`
	From        courses.Date     `bson:"from"`
	Issues      bool             `bson:"issues"`
	Authorised  bool             `bson:"authorised"`
	Nation      string           `bson:"nation"`
	Motto       string           `bson:"motto"`
	Parent      string           `bson:"parent"`
	Title       string           `bson:"title"`
	Place       string           `bson:"place"`
	SignerTitle string           `bson:"signerTitle"`
	SignerName  string           `bson:"signerName"`
	Suffix      string           `bson:"suffix"`
	SavedAt     time.Time        `bson:"savedAt"`
	SavedBy     courses.PersonID `bson:"savedBy"`
}

// latestFirst is the order of the index unit+from.
var latestFirst = bson.D{{Key: "unit", Value: 1}, {Key: "from", Value: -1}}

// SettingsOf implements certificates.Store; index unit+from.
func (s *Certificates) SettingsOf(ctx context.Context, unit courses.UnitID, limit int) ([]certificates.Settings, error) {
	docs, err := all[certificateSettingsDoc](ctx, s.settings, bson.D{{Key: "unit", Value: unit}}, "list settings of certificates",
		options.Find().SetSort(latestFirst).SetLimit(int64(limit)))
	return each(docs, func(d certificateSettingsDoc) certificates.Settings { return certificates.Settings(d) }), err
}

// SettingsOn implements certificates.Store; index unit+from. An organisation has as many
// as it had signers.
func (s *Certificates) SettingsOn(ctx context.Context, units []courses.UnitID, day courses.Date) (map[courses.UnitID]certificates.Settings, error) {
	docs, err := all[certificateSettingsDoc](ctx, s.settings, bson.D{
		{Key: "unit", Value: bson.D{{Key: "$in", Value: units}}}, {Key: "from", Value: bson.D{{Key: "$lte", Value: day}}},
	}, "find settings of certificates", options.Find().SetSort(latestFirst))
	found := make(map[courses.UnitID]certificates.Settings, len(units))
	for _, d := range docs {
		if _, there := found[d.Unit]; !there {
			found[d.Unit] = certificates.Settings(d)
		}
	}
	return found, err
}

// SaveSettings implements certificates.Store; the unique index unit+from decides.
func (s *Certificates) SaveSettings(ctx context.Context, set certificates.Settings) error {
	_, err := s.settings.ReplaceOne(ctx, bson.D{{Key: "unit", Value: set.Unit}, {Key: "from", Value: set.From}}, certificateSettingsDoc(set), options.Replace().SetUpsert(true))
	if isDuplicate(err) {
		return courses.ErrConflict // two saved their first at the same moment
	}
	if err != nil {
		return fault("save settings of certificates", err)
	}
	return nil
}
