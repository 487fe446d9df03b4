package local

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"
)

// Mongod is a single-node replica set with journal, on loopback, with a
// password.
type Mongod struct {
	*Process
	URI string
}

// StartMongod starts mongod on the port with its data in dir, and returns when
// it is primary; more is further arguments. A dir that was used before goes on with its data.
func StartMongod(ctx context.Context, dir string, port int, s *Secrets, more ...string) (*Mongod, error) {
	binary, err := Find("mongod")
	if err != nil {
		return nil, err
	}
	key, err := s.keyFile()
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make %s: %w", dir, err)
	}
	p, err := Start("mongod", binary, append([]string{
		"--dbpath", dir, "--bind_ip", "127.0.0.1", "--port", strconv.Itoa(port),
		"--replSet", "rs0", "--keyFile", key, "--nounixsocket",
		"--wiredTigerCacheSizeGB", "1", "--setParameter", "diagnosticDataCollectionEnabled=false",
		"--setParameter", "minSnapshotHistoryWindowInSeconds=0",
	}, more...), nil)
	if err != nil {
		return nil, err
	}
	host := fmt.Sprintf("127.0.0.1:%d", port)
	m := &Mongod{Process: p, URI: fmt.Sprintf(
		"mongodb://haidang:%s@%s/?authSource=admin&replicaSet=rs0", s.MongoPassword, host)}
	ctx, cancel := context.WithTimeout(ctx, 60*time.Second)
	defer cancel()
	if err := p.until(ctx, func(ctx context.Context) error { return m.initiate(ctx, host, s.MongoPassword) }); err != nil {
		p.Kill()
		return nil, err
	}
	return m, nil
}

// initiate makes a new server a replica set of one with one user, tells one whose
// data was used on another port where it is now, and waits until it is primary.
// Until the first user exists mongod takes the first two commands from loopback
// without a password.
func (m *Mongod) initiate(ctx context.Context, host, password string) error {
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	if m.primary(ctx) == nil {
		return nil
	}
	direct := options.Client().ApplyURI("mongodb://" + host + "/?directConnection=true")
	_, err := command(ctx, direct, bson.D{{Key: "replSetInitiate", Value: bson.M{
		"_id":     "rs0",
		"members": bson.A{bson.M{"_id": 0, "host": host}},
	}}})
	var refused mongo.CommandError
	if err != nil && !errors.As(err, &refused) {
		return fmt.Errorf("initiate replica set: %w", err)
	}
	if _, err := command(ctx, direct, bson.D{
		{Key: "createUser", Value: "haidang"},
		{Key: "pwd", Value: password},
		{Key: "roles", Value: bson.A{"root"}},
	}); err != nil && !errors.As(err, &refused) {
		return fmt.Errorf("create user: %w", err)
	}
	if err := move(ctx, direct.SetAuth(options.Credential{Username: "haidang", Password: password}), host); err != nil {
		return err
	}
	return m.primary(ctx)
}

// move has the only member of a replica set live at host.
func move(ctx context.Context, direct *options.ClientOptions, host string) error {
	answer, err := command(ctx, direct, bson.D{{Key: "replSetGetConfig", Value: 1}})
	if err != nil {
		return fmt.Errorf("read the replica set: %w", err)
	}
	var is struct {
		Config struct {
			Version int `bson:"version"`
			Members []struct {
				Host string `bson:"host"`
			} `bson:"members"`
		} `bson:"config"`
	}
	if err := bson.Unmarshal(answer, &is); err != nil {
		return fmt.Errorf("read the replica set: %w", err)
	}
	if len(is.Config.Members) != 1 || is.Config.Members[0].Host == host {
		return nil
	}
	if _, err := command(ctx, direct, bson.D{{Key: "replSetReconfig", Value: bson.M{
		"_id": "rs0", "version": is.Config.Version + 1,
		"members": bson.A{bson.M{"_id": 0, "host": host}},
	}}, {Key: "force", Value: true}}); err != nil {
		return fmt.Errorf("move the replica set: %w", err)
	}
	return nil
}

// command runs one command in the database admin over a connection of its own.
func command(ctx context.Context, to *options.ClientOptions, c bson.D) (bson.Raw, error) {
	client, err := mongo.Connect(ctx, to)
	if err != nil {
		return nil, fmt.Errorf("connect: %w", err)
	}
	defer client.Disconnect(context.WithoutCancel(ctx))
	return client.Database("admin").RunCommand(ctx, c).Raw()
}

func (m *Mongod) primary(ctx context.Context) error {
	_, err := command(ctx, options.Client().ApplyURI(m.URI).SetServerSelectionTimeout(500*time.Millisecond), bson.D{{Key: "ping", Value: 1}})
	return err
}

// MongodDir is where the data of the local mongod lives.
func MongodDir(data string) string { return filepath.Join(data, "mongo") }
