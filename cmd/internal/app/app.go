package app

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"fmt"
	"haidang/courses"
	"haidang/courses/access"
	"haidang/courses/assessment"
	"haidang/courses/assignments"
	"haidang/courses/catalog"
	"haidang/courses/certificates"
	"haidang/courses/exchange"
	"haidang/courses/jobs"
	"haidang/courses/laws"
	"haidang/courses/learning"
	"haidang/courses/media"
	"haidang/courses/notices"
	"haidang/courses/records"
	"haidang/courses/reports"
	"haidang/courses/staff"
	"haidang/courses/surveys"
	"haidang/handlers"
	"haidang/storage/minio"
	"haidang/storage/mongo"
	"haidang/storage/office"
	"haidang/storage/pdf"
	"haidang/storage/probe"
	"haidang/storage/search"
	"haidang/storage/transcode"
	"io/fs"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// App is the program over its stores.
type App struct {
	Config   Config
	DB       *mongo.DB
	Objects  *minio.Objects
	Services handlers.Services
	Jobs     *jobs.Service
	clock    courses.Clock
	keys     atomic.Pointer[[]handlers.TokenKey]
	seals    atomic.Pointer[assessment.Sealer]
	metrics  *metrics
}

// Options are what tests and seeds change.
type Options struct {
	Clock courses.Clock // nil is the machine's
}

// Open connects to the stores, migrates and builds the services.
func Open(ctx context.Context, config Config, options Options) (*App, error) {
	if err := config.Check(); err != nil {
		return nil, err
	}
	if options.Clock == nil {
		options.Clock = time.Now
	}
	db, err := mongo.Open(ctx, config.MongoURI, config.MongoName)
	if err != nil {
		return nil, err
	}
	objects, err := minio.Open(minio.Config{
		Endpoint: config.S3Endpoint, Region: config.S3Region, Bucket: config.S3Bucket,
		AccessKey: config.S3AccessKey, SecretKey: config.S3SecretKey,
	})
	if err != nil {
		return nil, err
	}
	a := &App{Config: config, DB: db, Objects: objects, clock: options.Clock, metrics: newMetrics()}
	if err := db.Migrate(ctx); err != nil {
		return nil, fmt.Errorf("prepare the database: %w", err)
	}
	if err := objects.Prepare(ctx); err != nil {
		return nil, fmt.Errorf("prepare the object store: %w", err)
	}
	if err := a.build(ctx); err != nil {
		return nil, fmt.Errorf("build the program: %w", err)
	}
	return a, nil
}

// recountJob is the kind of the jobs that count a moved person again.
const recountJob = "reports.recount"

type recount struct {
	Person courses.PersonID
	From   courses.Date
}

// build makes every service from its stores.
func (a *App) build(ctx context.Context) error {
	db, clock := a.DB, a.clock
	a.Jobs = jobs.NewService(db.Jobs(), clock)
	s := &a.Services
	s.Staff = staff.NewService(db.Staff(), db.Atomic, clock, func(ctx context.Context, person courses.PersonID, from courses.Date) error {
		return a.Jobs.Enqueue(ctx, recountJob, recount{person, from})
	})
	s.Access = access.NewService(db.Access(), s.Staff, s.Staff, clock)
	s.Media = media.NewService(db.Media(), a.Objects, probe.New(a.Config.FFmpeg), pdf.New(), transcode.New(a.Config.FFmpeg), a.Jobs, s.Staff, db.Atomic, clock)
	s.Media.CapBytes = int64(a.Config.StorageCap) << 30
	if converter, found := office.Find(a.Config.Soffice); found {
		s.Media.Converter = converter
	}
	s.Laws = laws.NewService(db.Laws(), s.Staff, clock)
	s.Assessment = assessment.NewService(db.Assessment(), a.Objects, lapsed{s.Laws}, pictures{s.Media}, s.Staff, clock, a.sealer)
	s.Media.Viewers = s.Assessment
	s.Catalog = catalog.NewService(db.Catalog(), search.New(), assets{s.Media}, s.Assessment, s.Staff, s.Staff, db.Atomic, clock)
	ledger, err := a.ledgerKey(ctx)
	if err != nil {
		return err
	}
	s.Records = records.NewService(db.Records(), s.Staff, db.Atomic, clock, ledger)
	s.Assignments = assignments.NewService(db.Assignments(), s.Staff, s.Catalog, clock)
	s.Learning = learning.NewService(db.Learning(), s.Catalog, s.Records, s.Assessment, s.Staff, s.Assignments, db.Atomic, clock)
	s.Certificates = certificates.NewService(db.Certificates(), s.Staff, s.Catalog, s.Records, s.Learning, db.Atomic, clock)
	s.Surveys = surveys.NewService(db.Surveys(), s.Catalog, learners{s.Learning}, completions{s.Records}, s.Staff, db.Atomic, clock)
	if err := a.tell(ctx); err != nil {
		return err
	}
	s.Importer = exchange.NewImporter(s.Catalog, s.Media)
	s.Packages = exchange.NewPackager(s.Catalog, s.Media, s.Assessment, s.Staff, clock)
	s.Banker = exchange.NewBanker(s.Assessment, s.Media)
	s.Reports = reports.NewService(db.Reports(), s.Staff, s.Records, s.Learning, s.Assignments, db.Atomic, clock)
	a.work()
	if err := a.readKeys(ctx); err != nil {
		return err
	}
	return s.Catalog.Refresh(ctx)
}

// work says who does which background work.
func (a *App) work() {
	a.Jobs.Handle(media.ProbeJob, decode(a.Services.Media.Probe))
	if a.Config.Transcode {
		a.Jobs.Alone(media.TranscodeJob, media.TranscodePatience, decode(a.Services.Media.Transcode))
		a.Jobs.Alone(media.PagesJob, media.PagesPatience, decode(a.Services.Media.Transcode))
	}
	if a.Services.Media.Converter != nil {
		a.Jobs.Alone(media.ConvertJob, media.ConvertPatience, decode(a.Services.Media.Convert))
	}
	a.Jobs.Handle(recountJob, decode(func(ctx context.Context, r recount) error {
		return a.Services.Reports.Recount(ctx, r.Person, r.From)
	}))
	wake := a.Jobs.Every("records.sequence", time.Second, a.follow)
	a.Services.Records.OnWake(wake)
	a.Jobs.Every("catalog.effective", time.Minute, func(ctx context.Context) error {
		_, err := a.Services.Catalog.PublishDue(ctx)
		return err
	})
	a.Jobs.Every("learning.recover", time.Minute, func(ctx context.Context) error { return a.Services.Learning.Recover(ctx, false) })
	a.Jobs.Every("learning.quizzes", 5*time.Second, a.Services.Learning.SettleQuizzes)
	a.Jobs.Handle(notices.CallJob, decode(a.Services.Notices.CallAll))
	for _, channel := range a.Services.Notices.Channels() {
		a.Jobs.Alone(notices.SendJob(channel), sendPatience, decode(a.Services.Notices.Deliver))
	}
	a.Jobs.Every("notices.walk", time.Minute, a.Services.Notices.Go)
	a.Jobs.Every("notices.remind", time.Minute, a.Services.Notices.Remind)
	a.Jobs.Every("media.sweep", time.Hour, func(ctx context.Context) error {
		_, err := a.Services.Media.Sweep(ctx)
		return err
	})
}

// follow gives completions their leaves and brings the counters up to them.
func (a *App) follow(ctx context.Context) error {
	if _, err := a.Services.Records.Sequence(ctx); err != nil {
		return err
	}
	_, err := a.Services.Reports.Project(ctx)
	return err
}

func (a *App) ledgerKey(ctx context.Context) (records.Keys, error) {
	keys, err := a.DB.Keys(ctx, "ledger", 0, a.clock.Now(), func() ([]byte, error) { return records.NewKey(a.Config.LedgerOrigin) })
	if err != nil {
		return records.Keys{}, err
	}
	return records.ReadKey(a.Config.LedgerOrigin, keys[0].Secret)
}

// keyAge is how long a key of access tokens or of sealed starts signs.
const keyAge = 90 * 24 * time.Hour

func (a *App) readKeys(ctx context.Context) error {
	access, err := a.signingKeys(ctx, "access")
	if err != nil {
		return err
	}
	starts, err := a.signingKeys(ctx, "quiz")
	if err != nil {
		return err
	}
	keys, sealer := make([]handlers.TokenKey, len(access)), &assessment.Sealer{}
	for i, k := range access {
		keys[i] = handlers.TokenKey{ID: k.ID, Private: ed25519.NewKeyFromSeed(k.Secret), Since: k.CreatedAt}
	}
	for _, k := range starts {
		sealer.Keys = append(sealer.Keys, ed25519.NewKeyFromSeed(k.Secret))
	}
	a.keys.Store(&keys)
	a.seals.Store(sealer)
	return nil
}

// signingKeys are the keys of a purpose, the one that signs first.
func (a *App) signingKeys(ctx context.Context, purpose string) ([]mongo.Key, error) {
	return a.DB.Keys(ctx, purpose, keyAge, a.clock.Now(), func() ([]byte, error) {
		_, private, err := ed25519.GenerateKey(rand.Reader)
		return private.Seed(), err
	})
}

func (a *App) sealer() assessment.Sealer { return *a.seals.Load() }

// Run does the background work until ctx ends, and waits for what it began.
func (a *App) Run(ctx context.Context) {
	var wg sync.WaitGroup
	wg.Go(func() { a.Jobs.Run(ctx) })
	wg.Go(func() { a.Watch(ctx) })
	wg.Wait()
}

// every calls run now and then until ctx ends; a failure is logged and tried
// again the next time.
func every(ctx context.Context, pause time.Duration, run func(context.Context) error) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(pause):
		}
		if err := run(ctx); err != nil && ctx.Err() == nil {
			slog.ErrorContext(ctx, "repeated work", "error", err)
		}
	}
}

// Server is the HTTP side; web is the built web app, or nil.
func (a *App) Server(web fs.FS) *handlers.Server {
	return handlers.New(handlers.Config{
		BaseURL: a.Config.BaseURL, Version: a.Config.Version, Clock: a.clock, App: web,
		Stores:    map[string]func(context.Context) error{"mongodb": a.DB.Ping, "objects": a.Objects.Ping},
		TokenKeys: func() []handlers.TokenKey { return *a.keys.Load() },
		ProxyFrom: strings.FieldsFunc(a.Config.TrustProxies, func(r rune) bool { return r == ',' || r == ' ' }),
		Metrics:   a.metrics.handler(), Observe: a.metrics.observe,
	}, a.Services)
}

// parting is how long taking leave of the stores may take; one that is away
// does not answer.
const parting = 2 * time.Second

// Close lets go of the stores, once enrolments know what was logged here.
func (a *App) Close(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, parting)
	defer cancel()
	return errors.Join(a.Services.Learning.Rest(ctx), a.DB.Close(ctx))
}

// Today is the day by the program's clock.
func (a *App) Today() courses.Date { return a.clock.Today() }

// Now is the instant by the program's clock.
func (a *App) Now() time.Time { return a.clock.Now() }

// Watch keeps this server's index and keys fresh, without the shared work.
func (a *App) Watch(ctx context.Context) {
	var wg sync.WaitGroup
	wg.Go(func() { every(ctx, 2*time.Second, a.Services.Catalog.Refresh) })
	wg.Go(func() { every(ctx, 2*time.Second, a.Services.Catalog.Reread) })
	wg.Go(func() { every(ctx, 10*time.Minute, a.readKeys) })
	wg.Wait()
}
