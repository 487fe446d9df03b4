package bench

import (
	"context"
	"errors"
	"fmt"
	"haidang/courses"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"
	"go.mongodb.org/mongo-driver/mongo/readconcern"
	"go.mongodb.org/mongo-driver/mongo/writeconcern"
)

// world is the running server, those who use it, and the raw stores.
type world struct {
	o        Options
	stores   *stores
	server   *server
	client   *mongo.Client
	db       *mongo.Database // the server's own
	scratch  *mongo.Database // for raw writes
	objects  *minio.Core
	period   courses.Period
	learners []*learner
	courses  []course
	hr       *user
}

// course is a published course of the data set.
type course struct {
	ID        courses.CourseID    `json:"id"`
	Title     string              `json:"title"`
	Enrolment courses.EnrolmentID `json:"enrolment"`
	Version   courses.VersionID   `json:"-"`
	Video     courses.LessonID    `json:"-"`
	VideoMs   int64               `json:"-"`
}

// starts is how often the server is started to see how long that takes.
const starts = 3

// rest is how long a server is left alone before its memory is read.
const rest = 3 * time.Second

// open starts the server and brings in its users. The rows are of the start.
func open(ctx context.Context, o Options, s *stores) ([]*Row, *world, error) {
	var took []time.Duration
	w := &world{o: o, stores: s, period: courses.PeriodsOf(courses.DateOf(time.Now()))[0]}
	for len(took) < starts {
		if w.server != nil {
			w.server.stop()
		}
		server, err := startServer(ctx, o.Program, s)
		if err != nil {
			return nil, nil, err
		}
		w.server = server
		took = append(took, server.ready)
	}
	slices.Sort(took)
	rows := []*Row{quantity("server start beside running stores", "s", took[len(took)/2].Seconds()).atMost(1, "s")}
	err := w.connect(ctx)
	if err == nil {
		var row *Row
		row, err = w.idle(ctx)
		rows = append(rows, row)
	}
	if err == nil {
		err = w.people(ctx)
	}
	if err != nil {
		w.close()
		return nil, nil, err
	}
	return rows, w, nil
}

// idle is the memory of a server that has just started.
func (w *world) idle(ctx context.Context) (*Row, error) {
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-time.After(rest):
	}
	n, err := resident(w.server.PID(), residentNow)
	return quantity("server memory at rest", "MiB", mebibytes(n)).atMost(60, "MiB"), err
}

func mebibytes(n int64) float64 { return float64(n) / (1 << 20) }

// connect opens the raw stores with the same promises as the product: majority
// and journal.
func (w *world) connect(ctx context.Context) error {
	journal := true
	client, err := mongo.Connect(ctx, options.Client().ApplyURI(w.stores.config.MongoURI).SetMaxPoolSize(learners).
		SetWriteConcern(&writeconcern.WriteConcern{W: "majority", Journal: &journal}).SetReadConcern(readconcern.Majority()))
	if err != nil {
		return fmt.Errorf("connect to MongoDB: %w", err)
	}
	w.client, w.db, w.scratch = client, client.Database(w.stores.config.MongoName), client.Database("bench_raw")
	transport, err := minio.DefaultTransport(false)
	if err != nil {
		return fmt.Errorf("connect to MinIO: %w", err)
	}
	transport.MaxIdleConnsPerHost = 64
	w.objects, err = minio.NewCore(w.stores.objects.Endpoint, &minio.Options{
		Creds: credentials.NewStaticV4(w.stores.config.S3AccessKey, w.stores.config.S3SecretKey, ""), Region: w.stores.config.S3Region,
		Transport: transport, BucketLookup: minio.BucketLookupPath,
	})
	if err != nil {
		return fmt.Errorf("connect to MinIO: %w", err)
	}
	return w.scratch.Drop(ctx)
}

func (w *world) close() {
	w.server.stop()
	if w.client == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	_ = w.scratch.Drop(ctx) // only room on the disk; the next run drops it as well
	_ = w.client.Disconnect(ctx)
}

// people signs everybody in, reads the catalogue and enrols the learners.
func (w *world) people(ctx context.Context) error {
	fmt.Fprintf(w.o.Progress, "signing %d people in …\n", learners+1)
	var err error
	if w.hr, err = signIn(w.server.host, "nhansu"); err != nil {
		return err
	}
	if err := w.catalogue(); err != nil {
		return err
	}
	w.learners = make([]*learner, learners)
	return atOnce(ctx, learners, func(i int) error {
		u, err := signIn(w.server.host, learnerName(i))
		if err != nil {
			return err
		}
		w.learners[i] = &learner{user: u, random: rand.New(rand.NewPCG(w.o.Size.Seed, uint64(i)))}
		return w.learners[i].enrol(w.courses)
	})
}

// catalogue reads the courses that have a video.
func (w *world) catalogue() error {
	var list struct {
		Items []course `json:"items"`
	}
	if err := w.hr.read("/api/courses?limit=100", &list); err != nil {
		return err
	}
	for _, c := range list.Items {
		if err := c.look(w.hr); err != nil {
			return err
		}
		if c.Video != "" {
			w.courses = append(w.courses, c)
		}
	}
	if len(w.courses) == 0 {
		return errors.New("the data set has no course with a video")
	}
	return nil
}

// look fills in the version and the video of a course.
func (c *course) look(u *user) error {
	var page struct {
		Version courses.VersionID `json:"version"`
		Modules []struct {
			Lessons []struct {
				ID   courses.LessonID `json:"id"`
				Kind string           `json:"kind"`
			} `json:"lessons"`
		} `json:"modules"`
	}
	if err := u.read("/api/courses/"+string(c.ID), &page); err != nil {
		return err
	}
	c.Version = page.Version
	for _, m := range page.Modules {
		for _, l := range m.Lessons {
			if l.Kind == "video" && c.Video == "" {
				c.Video = l.ID
			}
		}
	}
	if c.Video == "" {
		return nil
	}
	var lesson struct {
		Asset struct {
			DurationMs int64 `json:"durationMs"`
		} `json:"asset"`
	}
	err := u.read(fmt.Sprintf("/api/versions/%s/lessons/%s", c.Version, c.Video), &lesson)
	c.VideoMs = lesson.Asset.DurationMs
	return err
}

// atOnce does n things, a few at a time, and gives the first failure.
func atOnce(ctx context.Context, n int, do func(i int) error) error {
	const few = 8
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var wg sync.WaitGroup
	for first := range few {
		wg.Go(func() {
			for i := first; i < n && ctx.Err() == nil; i += few {
				if err := do(i); err != nil {
					cancel(err)
				}
			}
		})
	}
	wg.Wait()
	return context.Cause(ctx)
}

// fresh renews what would run out during the next figures.
func (w *world) fresh(ctx context.Context) error {
	if err := w.hr.fresh(); err != nil {
		return err
	}
	return atOnce(ctx, len(w.learners), func(i int) error { return w.learners[i].fresh() })
}

// copies are n devices of one user, because a user serves one goroutine.
func (u *user) copies(n int) []*user {
	list := make([]*user, n)
	for i := range list {
		list[i] = &user{host: u.host, name: u.name, access: u.access, at: u.at}
	}
	return list
}
