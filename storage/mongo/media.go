package mongo

import (
	"context"
	"haidang/courses"
	"haidang/courses/media"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"
)

var mediaIndexes = []index{
	{"uploads", bson.D{{Key: "person", Value: 1}, {Key: "asset", Value: 1}}, nil},
	{"uploads", bson.D{{Key: "asset", Value: 1}, {Key: "touchedAt", Value: 1}}, nil},
	{"uploads", bson.D{{Key: "owner", Value: 1}, {Key: "asset", Value: 1}}, nil},
	{"assets", bson.D{{Key: "owner", Value: 1}, {Key: "state", Value: 1}}, nil},
	{"assets", bson.D{{Key: "sha256", Value: 1}}, options.Index().SetSparse(true)},
	{"captions", bson.D{{Key: "savedAt", Value: 1}}, nil},
}

// Media keeps uploads, assets, captions and caps.
type Media struct{ uploads, assets, captions, caps *mongo.Collection }

// Media is the store of the media package.
func (db *DB) Media() *Media {
	c := db.db.Collection
	return &Media{uploads: c("uploads"), assets: c("assets"), captions: c("captions"), caps: c("storageCaps")}
}

type uploadDoc struct {
	ID        courses.UploadID `bson:"_id"`
	Person    courses.PersonID `bson:"person"`
	Owner     courses.UnitID   `bson:"owner"`
	Name      string           `bson:"name"`
	Kind      media.Kind       `bson:"kind"`
	Type      string           `bson:"type"`
	Bytes     int64            `bson:"bytes"`
	Multipart string           `bson:"multipart"`
	Parts     []partDoc        `bson:"parts"`
	Asset     courses.AssetID  `bson:"asset"`
	CreatedAt time.Time        `bson:"createdAt"`
	TouchedAt time.Time        `bson:"touchedAt"`
}

type partDoc struct {
	Number int    `bson:"number"`
	SHA256 string `bson:"sha256"`
	ETag   string `bson:"etag"`
	Bytes  int64  `bson:"bytes"`
}

type assetDoc struct {
	ID         courses.AssetID      `bson:"_id"`
	Owner      courses.UnitID       `bson:"owner"`
	Shared     []courses.UnitID     `bson:"shared,omitempty"`
	Name       string               `bson:"name"`
	Kind       media.Kind           `bson:"kind"`
	Type       string               `bson:"type"`
	Bytes      int64                `bson:"bytes"`
	SHA256     string               `bson:"sha256,omitempty"`
	State      media.State          `bson:"state"`
	Problem    string               `bson:"problem,omitempty"`
	Published  bool                 `bson:"published"`
	DurationMs int64                `bson:"durationMs"`
	Width      int                  `bson:"width"`
	Height     int                  `bson:"height"`
	Pages      int                  `bson:"pages"`
	Silent     bool                 `bson:"silent,omitempty"`
	Poster     bool                 `bson:"poster"`
	Made       []renditionDoc       `bson:"made,omitempty"`
	Transcode  media.TranscodeState `bson:"transcode,omitempty"`
	Progress   int                  `bson:"progress,omitempty"`
	Captions   int                  `bson:"captions,omitempty"`
	Staging    string               `bson:"staging"`
	CreatedAt  time.Time            `bson:"createdAt"`
	CreatedBy  courses.PersonID     `bson:"createdBy"`
}

type renditionDoc struct {
	Name    string `bson:"name"`
	File    string `bson:"file"`
	Type    string `bson:"type"`
	Bytes   int64  `bson:"bytes"`
	Width   int    `bson:"width,omitempty"`
	Height  int    `bson:"height,omitempty"`
	Bitrate int64  `bson:"bitrate,omitempty"`
	Peak    int64  `bson:"peak,omitempty"`
	Codecs  string `bson:"codecs,omitempty"`
}

func renditionsToDocs(list []media.Rendition) []renditionDoc {
	return each(list, func(r media.Rendition) renditionDoc { return renditionDoc(r) })
}

func (d uploadDoc) upload() media.Upload {
	return media.Upload{
		ID: d.ID, Person: d.Person, Owner: d.Owner, Name: d.Name, Kind: d.Kind, Type: d.Type, Bytes: d.Bytes, Multipart: d.Multipart,
		Parts: each(d.Parts, func(p partDoc) media.Part { return media.Part(p) }), Asset: d.Asset, CreatedAt: d.CreatedAt, TouchedAt: d.TouchedAt,
	}
}

func assetToDoc(a media.Asset) assetDoc {
	return assetDoc{
		ID: a.ID, Owner: a.Owner, Shared: a.Shared, Name: a.Name, Kind: a.Kind, Type: a.Type, Bytes: a.Bytes, SHA256: a.SHA256, State: a.State,
		Problem: a.Problem, Published: a.Published, DurationMs: a.Facts.DurationMs, Width: a.Facts.Width, Height: a.Facts.Height,
		Pages: a.Facts.Pages, Silent: a.Facts.Silent, Transcode: a.Transcode, Progress: a.Progress, Captions: a.Captions, Poster: a.Poster, Made: renditionsToDocs(a.Made), Staging: a.Staging, CreatedAt: a.CreatedAt, CreatedBy: a.CreatedBy,
	}
}

func (d assetDoc) asset() media.Asset {
	return media.Asset{
		ID: d.ID, Owner: d.Owner, Shared: d.Shared, Name: d.Name, Kind: d.Kind, Type: d.Type, Bytes: d.Bytes, SHA256: d.SHA256, State: d.State,
		Problem: d.Problem, Published: d.Published, Poster: d.Poster, Staging: d.Staging, CreatedAt: d.CreatedAt, CreatedBy: d.CreatedBy,
		Made:      each(d.Made, func(r renditionDoc) media.Rendition { return media.Rendition(r) }),
		Facts:     media.Facts{DurationMs: d.DurationMs, Width: d.Width, Height: d.Height, Pages: d.Pages, Silent: d.Silent},
		Transcode: d.Transcode, Progress: d.Progress, Captions: d.Captions,
	}
}

// InsertUpload implements media.Store.
func (s *Media) InsertUpload(ctx context.Context, u media.Upload) error {
	d := uploadDoc{
		ID: u.ID, Person: u.Person, Owner: u.Owner, Name: u.Name, Kind: u.Kind, Type: u.Type, Bytes: u.Bytes,
		Multipart: u.Multipart, CreatedAt: u.CreatedAt, TouchedAt: u.TouchedAt,
	}
	if _, err := s.uploads.InsertOne(ctx, d); err != nil {
		return fault("insert upload", err)
	}
	return nil
}

// Upload implements media.Store; it reads by _id.
func (s *Media) Upload(ctx context.Context, id courses.UploadID) (media.Upload, error) {
	d, err := one[uploadDoc](ctx, s.uploads, id, media.ErrNoUpload, "find upload")
	return d.upload(), err
}

// OpenUploads implements media.Store; index person+asset.
func (s *Media) OpenUploads(ctx context.Context, person courses.PersonID) (int, error) {
	n, err := s.uploads.CountDocuments(ctx, bson.D{{Key: "person", Value: person}, {Key: "asset", Value: ""}})
	if err != nil {
		return 0, fault("count uploads", err)
	}
	return int(n), nil
}

// SavePart implements media.Store; it writes by _id. The part replaces one of
// the same number.
func (s *Media) SavePart(ctx context.Context, id courses.UploadID, p media.Part, now time.Time) error {
	others := bson.D{{Key: "$filter", Value: bson.D{{Key: "input", Value: "$parts"}, {Key: "cond", Value: bson.D{{Key: "$ne", Value: bson.A{"$$this.number", p.Number}}}}}}}
	_, err := s.uploads.UpdateByID(ctx, id, mongo.Pipeline{{{Key: "$set", Value: bson.D{
		{Key: "parts", Value: bson.D{{Key: "$concatArrays", Value: bson.A{others, bson.A{partDoc(p)}}}}},
		{Key: "touchedAt", Value: now},
	}}}})
	if err != nil {
		return fault("save part", err)
	}
	return nil
}

// Completed implements media.Store; it writes by _id.
func (s *Media) Completed(ctx context.Context, id courses.UploadID, asset courses.AssetID) error {
	result, err := s.uploads.UpdateOne(ctx, bson.D{{Key: "_id", Value: id}, {Key: "asset", Value: ""}},
		bson.D{{Key: "$set", Value: bson.D{{Key: "asset", Value: asset}}}})
	if err != nil {
		return fault("complete upload", err)
	}
	if result.MatchedCount == 0 {
		return courses.ErrConflict
	}
	return nil
}

// Stale implements media.Store; index asset+touchedAt.
func (s *Media) Stale(ctx context.Context, before time.Time, limit int) ([]media.Upload, error) {
	docs, err := all[uploadDoc](ctx, s.uploads, bson.D{{Key: "asset", Value: ""}, {Key: "touchedAt", Value: bson.D{{Key: "$lt", Value: before}}}},
		"find stale uploads", options.Find().SetLimit(int64(limit)))
	return each(docs, uploadDoc.upload), err
}

// RemoveUpload implements media.Store; it writes by _id.
func (s *Media) RemoveUpload(ctx context.Context, id courses.UploadID) error {
	if _, err := s.uploads.DeleteOne(ctx, bson.D{{Key: "_id", Value: id}}); err != nil {
		return fault("remove upload", err)
	}
	return nil
}

// InsertAsset implements media.Store.
func (s *Media) InsertAsset(ctx context.Context, a media.Asset) error {
	if _, err := s.assets.InsertOne(ctx, assetToDoc(a)); err != nil {
		return fault("insert asset", err)
	}
	return nil
}

// Asset implements media.Store; it reads by _id.
func (s *Media) Asset(ctx context.Context, id courses.AssetID) (media.Asset, error) {
	d, err := one[assetDoc](ctx, s.assets, id, media.ErrNoAsset, "find asset")
	return d.asset(), err
}

// Assets implements media.Store; it reads by _id.
func (s *Media) Assets(ctx context.Context, ids []courses.AssetID) ([]media.Asset, error) {
	docs, err := all[assetDoc](ctx, s.assets, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: ids}}}}, "find assets")
	return each(docs, assetDoc.asset), err
}

// SaveAsset implements media.Store; it writes by _id.
func (s *Media) SaveAsset(ctx context.Context, a media.Asset) (bool, error) {
	result, err := s.assets.UpdateOne(ctx, bson.D{{Key: "_id", Value: a.ID}, {Key: "state", Value: media.Uploaded}}, bson.D{{Key: "$set", Value: bson.D{
		{Key: "name", Value: a.Name}, // of a document that was converted, as the next two
		{Key: "type", Value: a.Type},
		{Key: "bytes", Value: a.Bytes},
		{Key: "state", Value: a.State},
		{Key: "problem", Value: a.Problem},
		{Key: "sha256", Value: a.SHA256},
		{Key: "poster", Value: a.Poster},
		{Key: "made", Value: renditionsToDocs(a.Made)},
		{Key: "transcode", Value: a.Transcode},
		{Key: "durationMs", Value: a.Facts.DurationMs},
		{Key: "width", Value: a.Facts.Width},
		{Key: "height", Value: a.Facts.Height},
		{Key: "pages", Value: a.Facts.Pages},
		{Key: "silent", Value: a.Facts.Silent},
	}}})
	if err != nil {
		return false, fault("save asset", err)
	}
	return result.MatchedCount == 1, nil
}

// SaveTranscode implements media.Store; it writes by _id.
func (s *Media) SaveTranscode(ctx context.Context, id courses.AssetID, t media.Transcoding, from ...media.TranscodeState) error {
	states := bson.A{}
	for _, state := range from {
		states = append(states, state)
		if state == "" { // older than transcoding
			states = append(states, nil)
		}
	}
	_, err := s.assets.UpdateOne(ctx, bson.D{{Key: "_id", Value: id}, {Key: "transcode", Value: bson.D{{Key: "$in", Value: states}}}}, bson.D{{Key: "$set", Value: bson.D{
		{Key: "transcode", Value: t.State},
		{Key: "progress", Value: t.Percent},
		{Key: "problem", Value: t.Problem},
	}}})
	if err != nil {
		return fault("save transcoding", err)
	}
	return nil
}

// AddRendition implements media.Store; it writes by _id.
func (s *Media) AddRendition(ctx context.Context, id courses.AssetID, r media.Rendition) error {
	_, err := s.assets.UpdateOne(ctx, bson.D{{Key: "_id", Value: id}, {Key: "made.name", Value: bson.D{{Key: "$ne", Value: r.Name}}}},
		bson.D{{Key: "$push", Value: bson.D{{Key: "made", Value: renditionDoc(r)}}}})
	if err != nil {
		return fault("add rendition", err)
	}
	return nil
}

// SameContent implements media.Store; index sha256.
func (s *Media) SameContent(ctx context.Context, sha256 string) ([]media.Rendition, error) {
	docs, err := all[assetDoc](ctx, s.assets, bson.D{{Key: "sha256", Value: sha256}}, "find the same content")
	var list []media.Rendition
	for _, d := range docs {
		list = append(list, d.asset().Made...)
	}
	return list, err
}

// Share implements media.Store; it writes by _id.
func (s *Media) Share(ctx context.Context, ids []courses.AssetID, with, without []courses.UnitID) error {
	those := bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: ids}}}}
	for _, change := range []struct {
		operator string
		units    []courses.UnitID
		value    bson.D
	}{
		{"$addToSet", with, bson.D{{Key: "$each", Value: with}}},
		{"$pull", without, bson.D{{Key: "$in", Value: without}}},
	} {
		if len(change.units) == 0 {
			continue
		}
		if _, err := s.assets.UpdateMany(ctx, those, bson.D{{Key: change.operator, Value: bson.D{{Key: "shared", Value: change.value}}}}); err != nil {
			return fault("share assets", err)
		}
	}
	return nil
}

// MarkPublished implements media.Store; it writes by _id.
func (s *Media) MarkPublished(ctx context.Context, ids []courses.AssetID) error {
	_, err := s.assets.UpdateMany(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: ids}}}},
		bson.D{{Key: "$set", Value: bson.D{{Key: "published", Value: true}}}})
	if err != nil {
		return fault("publish assets", err)
	}
	return nil
}
