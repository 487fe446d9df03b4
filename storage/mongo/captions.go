package mongo

import (
	"context"
	"errors"
	"haidang/courses"
	"haidang/courses/media"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo/options"
)

type captionsID struct {
	Asset    courses.AssetID `bson:"asset"`
	Language string          `bson:"language"`
}

type captionsDoc struct {
	ID       captionsID       `bson:"_id"`
	Revision int              `bson:"revision"`
	Cues     []cueDoc         `bson:"cues"`
	SavedAt  time.Time        `bson:"savedAt"`
	SavedBy  courses.PersonID `bson:"savedBy"`
}

type cueDoc struct {
	FromMs int64  `bson:"from"`
	ToMs   int64  `bson:"to"`
	Text   string `bson:"text"`
}

// captionedDoc is what tells whose captions were saved when.
type captionedDoc struct {
	ID      captionsID `bson:"_id"`
	SavedAt time.Time  `bson:"savedAt"`
}

// Captioned implements media.Store; index savedAt.
func (s *Media) Captioned(ctx context.Context, since time.Time) (map[courses.AssetID]time.Time, error) {
	docs, err := all[captionedDoc](ctx, s.captions, bson.D{{Key: "savedAt", Value: bson.D{{Key: "$gte", Value: since}}}}, "find new captions",
		options.Find().SetProjection(bson.D{{Key: "savedAt", Value: 1}}))
	saved := make(map[courses.AssetID]time.Time, len(docs))
	for _, d := range docs {
		saved[d.ID.Asset] = d.SavedAt
	}
	return saved, err
}

var errNoCaptions = errors.New("no captions")

// Captions implements media.Store; it reads by _id.
func (s *Media) Captions(ctx context.Context, id courses.AssetID, language string) (media.Captions, error) {
	d, err := one[captionsDoc](ctx, s.captions, captionsID{id, language}, errNoCaptions, "find captions")
	if errors.Is(err, errNoCaptions) {
		return media.Captions{Asset: id, Language: language}, nil
	}
	return media.Captions{
		Asset: id, Language: language, Revision: d.Revision, SavedAt: d.SavedAt, SavedBy: d.SavedBy,
		Cues: each(d.Cues, func(c cueDoc) media.Cue { return media.Cue(c) }),
	}, err
}

// SaveCaptions implements media.Store; it writes by _id. Captions of another
// revision than the one before meet the upsert as a duplicate.
func (s *Media) SaveCaptions(ctx context.Context, c media.Captions) error {
	id := captionsID{c.Asset, c.Language}
	d := captionsDoc{
		ID: id, Revision: c.Revision, SavedAt: c.SavedAt, SavedBy: c.SavedBy,
		Cues: each(c.Cues, func(c media.Cue) cueDoc { return cueDoc(c) }),
	}
	result, err := s.captions.ReplaceOne(ctx, bson.D{{Key: "_id", Value: id}, {Key: "revision", Value: c.Revision - 1}}, d,
		options.Replace().SetUpsert(c.Revision == 1))
	if isDuplicate(err) || err == nil && result.MatchedCount+result.UpsertedCount == 0 {
		return courses.ErrConflict
	}
	if err != nil {
		return fault("save captions", err)
	}
	shown := c.Revision
	if len(c.Cues) == 0 {
		shown = 0
	}
	if _, err := s.assets.UpdateByID(ctx, c.Asset, bson.D{{Key: "$set", Value: bson.D{{Key: "captions", Value: shown}}}}); err != nil {
		return fault("note captions", err)
	}
	return nil
}
