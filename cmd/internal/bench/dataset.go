package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"haidang/cmd/internal/app"
	"haidang/cmd/internal/demo"
	"haidang/courses"
	"haidang/courses/access"
	"haidang/storage/local"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo/options"
)

// schema is raised when documents change so that a data set of an older build
// no longer serves.
const schema = 12

// learners is how many people have accounts to learn with.
const learners = 256

// dataAge is how old a data set may grow: its completions lie in the weeks
// before it was made, and accounts close when nobody uses them.
const dataAge = 20 * 24 * time.Hour

// made says what a folder holds. It is written last.
type made struct {
	Size      demo.Size
	Schema    int
	Learners  int
	Film      courses.AssetID
	MongoPort int // a replica set knows its members by their ports
	At        time.Time
	Took      time.Duration
}

func madePath(folder string) string { return filepath.Join(folder, "made.json") }

// serves says that what a folder holds is what was asked for.
func (m made) serves(size demo.Size, now time.Time) bool {
	return m.Size == size && m.Schema == schema && m.Learners == learners && now.Sub(m.At) < dataAge && m.At.Year() == now.Year()
}

// readMade reads what a folder holds; nothing is the zero value.
func readMade(folder string) (made, error) {
	var m made
	b, err := os.ReadFile(madePath(folder))
	if errors.Is(err, fs.ErrNotExist) {
		return m, nil
	}
	if err == nil {
		err = json.Unmarshal(b, &m)
	}
	if err != nil {
		return made{}, fmt.Errorf("read what the folder holds: %w", err)
	}
	return m, nil
}

func (m made) write(folder string) error {
	b, err := json.Marshal(m)
	if err == nil {
		err = os.WriteFile(madePath(folder), b, 0o600)
	}
	if err != nil {
		return fmt.Errorf("note what the folder holds: %w", err)
	}
	return nil
}

// stores are the private stores with the data set in them.
type stores struct {
	made    made
	config  app.Config
	mongod  *local.Mongod
	objects *local.S3
	seeded  bool // in this run
}

// prepare starts the stores in the folder, with the data set of an earlier run
// if it serves.
func prepare(ctx context.Context, o Options) (*stores, error) {
	m, err := readMade(o.Data)
	if err != nil {
		return nil, err
	}
	reuse := !o.Fresh && m.serves(o.Size, time.Now()) && !local.PortTaken(m.MongoPort)
	if !reuse {
		if m, err = begin(o.Data); err != nil {
			return nil, err
		}
	}
	s := &stores{made: m, seeded: !reuse}
	if err := s.start(ctx, o.Data); err != nil {
		s.stop()
		return nil, err
	}
	if err := s.fill(ctx, o); err != nil {
		s.stop()
		return nil, err
	}
	return s, nil
}

// begin empties the folder and marks it as one that may be emptied again. It
// empties no folder that it did not mark.
func begin(folder string) (made, error) {
	entries, err := os.ReadDir(folder)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return made{}, fmt.Errorf("look into %s: %w", folder, err)
	}
	if _, err := os.Stat(madePath(folder)); err != nil && len(entries) > 0 {
		return made{}, fmt.Errorf("%s holds something else than a data set: name another folder with --data", folder)
	}
	if err := os.RemoveAll(folder); err != nil {
		return made{}, fmt.Errorf("empty %s: %w", folder, err)
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return made{}, fmt.Errorf("make %s: %w", folder, err)
	}
	port, err := local.FreePort()
	if err != nil {
		return made{}, err
	}
	m := made{MongoPort: port}
	return m, m.write(folder)
}

func (s *stores) start(ctx context.Context, folder string) error {
	secrets, err := local.OpenSecrets(folder)
	if err != nil {
		return err
	}
	if s.mongod, err = local.StartMongod(ctx, local.MongodDir(folder), s.made.MongoPort, secrets); err != nil {
		return err
	}
	port, err := local.FreePort()
	if err != nil {
		return err
	}
	if s.objects, err = local.StartMinIO(ctx, filepath.Join(folder, "objects"), port, secrets); err != nil {
		return err
	}
	ffmpeg, err := local.Find("ffmpeg")
	s.config = app.Config{
		Env: "development", BaseURL: "http://127.0.0.1", MongoURI: s.mongod.URI, MongoName: "haidang",
		S3Endpoint: "http://" + s.objects.Endpoint, S3Bucket: "haidang", S3Region: "us-east-1",
		S3AccessKey: s.objects.AccessKey, S3SecretKey: s.objects.SecretKey, FFmpeg: ffmpeg, LedgerOrigin: "bench/ledger",
	}
	return err
}

// stop ends the stores; the folder keeps their data.
func (s *stores) stop() {
	if s.objects != nil {
		s.objects.Stop(20 * time.Second)
	}
	if s.mongod != nil {
		s.mongod.Stop(20 * time.Second)
	}
}

// fill makes the data set, or clears away what an earlier run left in it.
func (s *stores) fill(ctx context.Context, o Options) error {
	a, err := app.Open(ctx, s.config, app.Options{})
	if err != nil {
		return err
	}
	defer a.Close(context.WithoutCancel(ctx))
	if !s.seeded {
		return clearRun(ctx, a)
	}
	begin := time.Now()
	say := func(line string) { fmt.Fprintf(o.Progress, "%6.1f s  %s\n", time.Since(begin).Seconds(), line) }
	if err := demo.Seed(ctx, a, o.Size, say); err != nil {
		return fmt.Errorf("make the data set: %w", err)
	}
	s.made.Size, s.made.Schema, s.made.Learners, s.made.Took = o.Size, schema, learners, time.Since(begin)
	if err := addLearners(ctx, a); err != nil {
		return err
	}
	if s.made.Film, err = addFilm(ctx, a); err != nil {
		return fmt.Errorf("add a film: %w", err)
	}
	s.made.At = time.Now()
	return s.made.write(o.Data)
}

func learnerName(i int) string { return fmt.Sprintf("hocvien.%03d", i) }

// addLearners gives accounts to the first people of the data set who have none.
func addLearners(ctx context.Context, a *app.App) error {
	found, err := a.DB.Raw().Collection("people").Find(ctx, bson.D{{Key: "grants", Value: bson.D{{Key: "$size", Value: 0}}}},
		options.Find().SetSort(bson.D{{Key: "_id", Value: -1}}).SetLimit(learners).SetProjection(bson.D{{Key: "_id", Value: 1}}))
	if err != nil {
		return fmt.Errorf("find people to learn: %w", err)
	}
	var people []struct {
		ID courses.PersonID `bson:"_id"`
	}
	if err := found.All(ctx, &people); err != nil {
		return fmt.Errorf("find people to learn: %w", err)
	}
	logins := make([]access.NewLogin, len(people))
	for i, p := range people {
		logins[i] = access.NewLogin{Person: p.ID, Username: learnerName(i), Password: demo.Password}
	}
	if err := a.Services.Access.Import(ctx, logins); err != nil {
		return fmt.Errorf("give the learners accounts: %w", err)
	}
	return nil
}

// clearRun removes what measuring added: open enrolments (the data set has only
// completed ones), events and sessions.
func clearRun(ctx context.Context, a *app.App) error {
	db := a.DB.Raw()
	if _, err := db.Collection("enrolments").DeleteMany(ctx, bson.D{{Key: "open", Value: true}}); err != nil {
		return fmt.Errorf("clear away the last run: %w", err)
	}
	for _, name := range []string{"eventlog", "sessions"} {
		if _, err := db.Collection(name).DeleteMany(ctx, bson.D{}); err != nil {
			return fmt.Errorf("clear away the last run: %w", err)
		}
	}
	return nil
}
