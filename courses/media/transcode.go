package media

import (
	"context"
	"errors"
	"fmt"
	"haidang/courses"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// TranscodeJob is the kind of the jobs that make a recording's renditions;
// Transcode does them.
const TranscodeJob = "media.transcode"

// TranscodePatience is how long one recording may take: four hours of film on a
// slow machine, three times over.
const TranscodePatience = 24 * time.Hour

// transcoded says that something is made of files of the asset's kind after they
// were looked into.
func (a Asset) transcoded() bool { return a.Kind == Video || a.Kind == Audio || a.Kind == Document }

// job is the kind of the jobs that do it: a document does not wait for a film.
func (a Asset) job() string {
	if a.Kind == Document {
		return PagesJob
	}
	return TranscodeJob
}

// tellEvery is how often progress is written at most.
const tellEvery = 3 * time.Second

// Transcode makes a recording's renditions, and records each as soon as it is
// stored, or a document's pages. It may run again after any failure and goes on
// behind what is stored; what cannot be done is marked with the refusal's code.
func (s *Service) Transcode(ctx context.Context, id courses.AssetID) error {
	a, err := s.store.Asset(ctx, id)
	if err != nil || a.Transcode != Waiting && a.Transcode != Running {
		return err
	}
	if err := s.adopt(ctx, &a); err != nil {
		return err
	}
	err = s.encode(ctx, a)
	defer s.forget(id)
	var refusal *courses.Error
	if errors.As(err, &refusal) && refusal.Kind == courses.Unsupported {
		slog.WarnContext(ctx, "a file cannot be transcoded", "asset", id, "error", err)
		return s.store.SaveTranscode(ctx, id, Transcoding{State: Broken, Problem: refusal.Code}, Waiting, Running)
	}
	if err != nil {
		return err
	}
	return s.store.SaveTranscode(ctx, id, Transcoding{State: Complete, Percent: 100}, Waiting, Running)
}

// adopt takes over what was made of the same bytes before.
func (s *Service) adopt(ctx context.Context, a *Asset) error {
	list, err := s.store.SameContent(ctx, a.SHA256)
	if err != nil {
		return err
	}
	for _, t := range a.targets() {
		i := slices.IndexFunc(list, func(r Rendition) bool { return r.Name == t.name })
		if i < 0 || a.has(t.name) {
			continue
		}
		if err := s.store.AddRendition(ctx, a.ID, list[i]); err != nil {
			return err
		}
		a.Made = append(a.Made, list[i])
	}
	return nil
}

// encode makes what is not there yet, one rendition after the other, so that a
// killed worker loses one at most.
func (s *Service) encode(ctx context.Context, a Asset) error {
	progress := s.newTeller(ctx, a)
	if progress.left() == 0 {
		return nil
	}
	dir, done, err := scratch()
	if err != nil {
		return err
	}
	defer done()
	source := filepath.Join(dir, "source")
	sum, err := s.fetch(ctx, sourceKey(a.SHA256), a.Bytes, source)
	if err != nil {
		return err
	}
	if sum != a.SHA256 {
		return fmt.Errorf("the source of %s has the SHA-256 %s", a.ID, sum)
	}
	for _, t := range a.targets() {
		if a.has(t.name) {
			continue
		}
		told := func(done int64) { progress.tell(t, done) }
		if t.name == pages {
			err = s.drawPages(ctx, a, source, dir, told)
		} else {
			err = s.record(ctx, a, source, dir, t.name, told)
		}
		if err != nil {
			return err
		}
		progress.done += t.weight
	}
	return nil
}

// record makes and keeps one rendition of a recording.
func (s *Service) record(ctx context.Context, a Asset, source, dir, name string, told func(ms int64)) error {
	made, err := s.encoder.Recording(ctx, source, dir, name, a.Facts, told)
	if err != nil {
		return err
	}
	return s.keepMade(ctx, a, made)
}

// keepMade stores a rendition with the text that belongs to it and records it.
func (s *Service) keepMade(ctx context.Context, a Asset, m Made) error {
	defer os.Remove(m.Path)
	text, name := thumbTrack(a.Facts.DurationMs, m.File), thumbsVTT
	if m.Name != thumbs {
		fragments, err := readFile(m.Path, m.Bytes)
		if err != nil {
			return err
		}
		m.Codecs, m.Width, m.Height = fragments.Codecs, fragments.Width, fragments.Height
		m.Bitrate, m.Peak = fragments.Rates()
		text, name = fragments.Playlist(m.File), m.playlist()
	}
	if _, err := s.objects.WriteFile(ctx, madeKey(a.SHA256, m.File), m.Type, m.Path); err != nil {
		return err
	}
	if err := s.objects.Write(ctx, madeKey(a.SHA256, name), typeOf(name), text); err != nil {
		return err
	}
	return s.store.AddRendition(ctx, a.ID, m.Rendition)
}

// readFile reads the layout of what the encoder wrote; an encoder that wrote
// nothing to play refused the recording.
func readFile(path string, size int64) (Fragments, error) {
	f, err := os.Open(path)
	if err != nil {
		return Fragments{}, fmt.Errorf("open a rendition: %w", err)
	}
	defer f.Close()
	fragments, err := ReadFragments(f, size)
	if errors.Is(err, errFragments) {
		return fragments, ErrTranscode
	}
	return fragments, err
}

// teller writes how far transcoding is.
type teller struct {
	total, done int64 // weights
	length      int64 // milliseconds of a recording, pages of a document
	last        time.Time
	percent     int
	now         courses.Clock
	save        func(percent int)
}

// newTeller begins where an earlier worker stopped.
func (s *Service) newTeller(ctx context.Context, a Asset) *teller {
	t := &teller{length: max(1, a.Facts.DurationMs, int64(a.Facts.Pages)), now: s.clock, percent: -1}
	for _, x := range a.targets() {
		t.total += x.weight
		if a.has(x.name) {
			t.done += x.weight
		}
	}
	t.save = func(percent int) {
		// What is lost here is told again in a moment, or by the end.
		_ = s.store.SaveTranscode(ctx, a.ID, Transcoding{State: Running, Percent: percent}, Waiting, Running)
	}
	if t.left() > 0 {
		t.tell(target{}, 0)
	}
	return t
}

func (t *teller) left() int64 { return t.total - t.done }

// tell hears that so much of a rendition is done, in units of the length.
func (t *teller) tell(of target, done int64) {
	part := of.weight * 100 * min(done, t.length) / t.length
	percent, now := int(min(99, (t.done*100+part)/t.total)), t.now.Now()
	if percent == t.percent || now.Sub(t.last) < tellEvery {
		return
	}
	t.percent, t.last = percent, now
	t.save(percent)
}

// Retry queues the transcoding of a file again. It refuses with ErrNotFailed when
// that has not failed.
func (s *Service) Retry(ctx context.Context, actor courses.Actor, id courses.AssetID) (Asset, error) {
	a, err := s.store.Asset(ctx, id)
	if err != nil {
		return Asset{}, err
	}
	if err := s.allow.Can(ctx, actor, courses.WriteCourse, a.object()); err != nil {
		return Asset{}, err
	}
	err = s.atomic(ctx, func(ctx context.Context) error {
		if a, err = s.store.Asset(ctx, id); err != nil {
			return err
		}
		if !a.mayRetry() {
			return ErrNotFailed
		}
		if err := s.store.SaveTranscode(ctx, id, Transcoding{State: Waiting}, a.Transcode); err != nil {
			return err
		}
		return s.queue.Enqueue(ctx, a.job(), id)
	})
	if err != nil {
		return Asset{}, err
	}
	s.forget(id)
	s.queue.Wake()
	a.Transcode, a.Progress, a.Problem = Waiting, 0, ""
	return a, nil
}

// mayRetry is true also of files that are older than transcoding.
func (a Asset) mayRetry() bool {
	return a.State == Ready && (a.Transcode == Broken || a.Transcode == "" && a.transcoded() && len(a.targets()) > 0)
}
