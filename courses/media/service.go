package media

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"haidang/courses"
	"slices"
	"strings"
	"sync"
	"time"
)

// Service answers for files.
type Service struct {
	// CapBytes is how much an organisation may keep for which no administrator set a
	// cap; 0 is no cap. Set it before the first call, if at all.
	CapBytes int64
	// Converter takes old documents, if the machine has one: set it before the
	// first call, if at all. Without it they are refused with ErrOldOffice.
	Converter Converter

	// Viewers are shown files that are not published: set it before the first call, if
	// at all.
	Viewers Viewers

	store   Store
	objects Objects
	prober  Prober
	pager   Pager
	encoder Encoder
	queue   Queue
	allow   courses.Authority
	atomic  courses.Atomic
	clock   courses.Clock

	mu   sync.RWMutex
	kept map[courses.AssetID]keptAsset
}

// keptAsset is a ready and published asset in memory: its bytes never change, but
// renditions and captions may come.
type keptAsset struct {
	Asset
	until time.Time
}

// Bounds of what stays in memory.
const (
	keptAssets = 5000
	keptFor    = 10 * time.Second
)

// ProbeJob is the kind of the jobs that look into a file; Probe does them.
const ProbeJob = "media.probe"

// NewService builds the service.
func NewService(store Store, objects Objects, prober Prober, pager Pager, encoder Encoder, queue Queue, allow courses.Authority, atomic courses.Atomic, clock courses.Clock) *Service {
	return &Service{store: store, objects: objects, prober: prober, pager: pager, encoder: encoder, queue: queue, allow: allow, atomic: atomic, clock: clock}
}

// maxOpen is how many uploads one person may have under way.
const maxOpen = 20

// Announce begins an upload. It refuses with ErrName, ErrType, ErrOldOffice,
// ErrSize, ErrTooMany or ErrStorageFull before the first byte.
func (s *Service) Announce(ctx context.Context, actor courses.Actor, name string, size int64, owner courses.UnitID) (Upload, error) {
	if err := s.allow.Can(ctx, actor, courses.WriteCourse, courses.Object{Unit: owner}); err != nil {
		return Upload{}, err
	}
	name, err := cleanName(name)
	if err != nil {
		return Upload{}, err
	}
	f, err := s.announced(name, size)
	if err != nil {
		return Upload{}, err
	}
	open, err := s.store.OpenUploads(ctx, actor.Person)
	if err != nil {
		return Upload{}, err
	}
	if open >= maxOpen {
		return Upload{}, ErrTooMany.After(time.Hour)
	}
	if err := s.room(ctx, owner, size); err != nil {
		return Upload{}, err
	}
	now := s.clock.Now()
	u := Upload{
		ID: courses.NewID[courses.UploadID](now), Person: actor.Person, Owner: owner, Name: name,
		Kind: f.kind, Type: f.media, Bytes: size, CreatedAt: now, TouchedAt: now,
	}
	if u.Multipart, err = s.objects.Begin(ctx, u.key(), f.media); err != nil {
		return Upload{}, err
	}
	return u, s.store.InsertUpload(ctx, u)
}

// Upload is the actor's own.
func (s *Service) Upload(ctx context.Context, actor courses.Actor, id courses.UploadID) (Upload, error) {
	u, err := s.store.Upload(ctx, id)
	if err == nil && u.Person != actor.Person {
		return Upload{}, ErrNoUpload
	}
	return u, err
}

// PutPart keeps one part whose bytes have the announced SHA-256 (hex). A part
// that is here already is taken again. It refuses with ErrPartNumber, ErrPartSize,
// ErrPartHash or, for a first part that is no such file, ErrContent.
func (s *Service) PutPart(ctx context.Context, actor courses.Actor, id courses.UploadID, number int, announced string, data []byte) error {
	u, err := s.Upload(ctx, actor, id)
	if err != nil {
		return err
	}
	size := u.PartSize(number)
	sum := sha256.Sum256(data)
	switch {
	case size == 0 || u.Asset != "":
		return ErrPartNumber
	case int64(len(data)) != size:
		return ErrPartSize
	case !strings.EqualFold(hex.EncodeToString(sum[:]), announced):
		return ErrPartHash
	case number == 1 && !known(u.Name).begins(data):
		return ErrContent
	}
	hash := hex.EncodeToString(sum[:])
	etag, err := s.objects.PutPart(ctx, u.key(), u.Multipart, number, data, hash)
	if err != nil {
		return err
	}
	return s.store.SavePart(ctx, id, Part{Number: number, SHA256: hash, ETag: etag, Bytes: size}, s.clock.Now())
}

// Complete makes an asset of an upload whose parts are all here; a job looks
// into it. Calling it again gives the same asset.
func (s *Service) Complete(ctx context.Context, actor courses.Actor, id courses.UploadID) (Upload, Asset, error) {
	u, err := s.Upload(ctx, actor, id)
	if err != nil {
		return u, Asset{}, err
	}
	if u.Asset != "" {
		a, err := s.store.Asset(ctx, u.Asset)
		return u, a, err
	}
	if len(u.Parts) != u.PartCount() {
		return u, Asset{}, ErrParts
	}
	size, found, err := s.objects.Size(ctx, u.key())
	if err == nil && !found { // else an earlier call joined the parts and went no further
		size, err = s.objects.Finish(ctx, u.key(), u.Multipart, u.Parts)
	}
	if err != nil {
		return u, Asset{}, err
	}
	if size != u.Bytes {
		return u, Asset{}, ErrPartSize
	}
	now := s.clock.Now()
	a := Asset{
		ID: courses.NewID[courses.AssetID](now), Owner: u.Owner, Name: u.Name, Kind: u.Kind, Type: u.Type, Bytes: u.Bytes,
		State: Uploaded, Staging: u.key(), CreatedAt: now, CreatedBy: u.Person,
	}
	u.Asset = a.ID
	return u, a, s.insert(ctx, a, func(ctx context.Context) error { return s.store.Completed(ctx, u.ID, a.ID) })
}

// insert writes an asset, what goes with it, and the job that looks into it.
func (s *Service) insert(ctx context.Context, a Asset, with func(context.Context) error) error {
	defer s.queue.Wake()
	return s.atomic(ctx, func(ctx context.Context) error {
		if err := s.store.InsertAsset(ctx, a); err != nil {
			return err
		}
		if err := with(ctx); err != nil {
			return err
		}
		return s.queue.Enqueue(ctx, jobOf(a), a.ID)
	})
}

// Asset is an asset for someone who may read it.
func (s *Service) Asset(ctx context.Context, actor courses.Actor, id courses.AssetID) (Asset, error) {
	now := s.clock.Now()
	s.mu.RLock()
	kept := s.kept[id]
	s.mu.RUnlock()
	if now.Before(kept.until) {
		return kept.Asset, nil
	}
	a, err := s.store.Asset(ctx, id)
	if err != nil {
		return Asset{}, err
	}
	if !a.Published {
		if err := s.allow.Can(ctx, actor, courses.ReadDraft, a.object()); err != nil {
			return Asset{}, err
		}
	}
	if a.Published && a.State == Ready {
		s.keep(keptAsset{a, now.Add(keptFor)})
	}
	return a, nil
}

func (s *Service) keep(a keptAsset) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.kept == nil || len(s.kept) >= keptAssets {
		s.kept = map[courses.AssetID]keptAsset{}
	}
	s.kept[a.ID] = a
}

// Assets finds assets for another package, which asks its own questions.
func (s *Service) Assets(ctx context.Context, ids []courses.AssetID) (map[courses.AssetID]Asset, error) {
	found := make(map[courses.AssetID]Asset, len(ids))
	if len(ids) == 0 {
		return found, nil
	}
	list, err := s.store.Assets(ctx, ids)
	for _, a := range list {
		found[a.ID] = a
	}
	return found, err
}

// Publish lets every learner read the assets; it joins the transaction in ctx.
func (s *Service) Publish(ctx context.Context, ids []courses.AssetID) error {
	if len(ids) == 0 {
		return nil
	}
	return s.store.MarkPublished(ctx, ids)
}

// Share lets the units in with read the assets as their own, and those in without
// no longer; it joins the transaction in ctx.
func (s *Service) Share(ctx context.Context, ids []courses.AssetID, with, without []courses.UnitID) error {
	if len(ids) == 0 {
		return nil
	}
	return s.store.Share(ctx, ids, with, without)
}

// staleAfter is how long an upload may rest before it is thrown away.
const staleAfter = 24 * time.Hour

// Sweep throws away uploads that nobody went on with for a day, and says how
// many.
func (s *Service) Sweep(ctx context.Context) (int, error) {
	stale, err := s.store.Stale(ctx, s.clock.Now().Add(-staleAfter), 100)
	if err != nil {
		return 0, err
	}
	for _, u := range stale {
		if err := s.objects.Abandon(ctx, u.key(), u.Multipart); err != nil {
			return 0, err
		}
		if err := s.objects.Remove(ctx, u.key()); err != nil {
			return 0, err
		}
		if err := s.store.RemoveUpload(ctx, u.ID); err != nil {
			return 0, err
		}
	}
	return len(stale), nil
}

// Have lists the numbers of the parts that are here.
func (u Upload) Have() []int {
	numbers := make([]int, len(u.Parts))
	for i, p := range u.Parts {
		numbers[i] = p.Number
	}
	slices.Sort(numbers)
	return numbers
}
