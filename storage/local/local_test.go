package local_test

import (
	"haidang/storage/local"
	"haidang/storage/local/localtest"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"
)

func TestMain(m *testing.M) { localtest.Main(m) }

func TestMongodIsAReplicaSetThatAsksForAPassword(t *testing.T) {
	m := localtest.Mongod(t)
	client, err := mongo.Connect(t.Context(), options.Client().ApplyURI(m.URI))
	if err != nil {
		t.Fatal(err)
	}
	defer client.Disconnect(t.Context())
	var hello struct {
		SetName           string `bson:"setName"`
		IsWritablePrimary bool   `bson:"isWritablePrimary"`
	}
	if err := client.Database("admin").RunCommand(t.Context(), bson.D{{Key: "hello", Value: 1}}).Decode(&hello); err != nil {
		t.Fatal(err)
	}
	if hello.SetName != "rs0" || !hello.IsWritablePrimary {
		t.Errorf("hello = %+v, want the primary of rs0", hello)
	}
	open, err := mongo.Connect(t.Context(), options.Client().ApplyURI("mongodb://"+client2host(m.URI)+"/?directConnection=true"))
	if err != nil {
		t.Fatal(err)
	}
	defer open.Disconnect(t.Context())
	if _, err := open.Database("x").Collection("y").InsertOne(t.Context(), bson.M{"a": 1}); err == nil {
		t.Error("a write without a password was taken")
	}
}

// Whoever starts the stores on another port, because something else has theirs,
// finds their data.
func TestAMongodThatMovesToAnotherPortKeepsItsData(t *testing.T) {
	data := t.TempDir()
	secrets, err := local.OpenSecrets(data)
	if err != nil {
		t.Fatal(err)
	}
	var ports []string
	for i := range 2 {
		port, err := local.FreePort()
		if err != nil {
			t.Fatal(err)
		}
		m, err := local.StartMongod(t.Context(), local.MongodDir(data), port, secrets)
		if err != nil {
			t.Fatal(err)
		}
		defer m.Kill()
		ports = append(ports, client2host(m.URI))
		client, err := mongo.Connect(t.Context(), options.Client().ApplyURI(m.URI))
		if err != nil {
			t.Fatal(err)
		}
		things := client.Database("x").Collection("y")
		if n, err := things.CountDocuments(t.Context(), bson.D{}); err != nil || n != int64(i) {
			t.Errorf("at %s there are %d things, %v", ports, n, err)
		}
		if _, err := things.InsertOne(t.Context(), bson.M{"a": i}); err != nil {
			t.Error(err)
		}
		_ = client.Disconnect(t.Context())
		m.Stop(20 * time.Second)
	}
	if ports[0] == ports[1] {
		t.Fatal("it did not move")
	}
}

func client2host(uri string) string {
	at := 0
	for i, r := range uri {
		if r == '@' {
			at = i + 1
		}
	}
	end := at
	for end < len(uri) && uri[end] != '/' {
		end++
	}
	return uri[at:end]
}

func TestObjectStoresStart(t *testing.T) {
	if localtest.MinIO(t).Endpoint == localtest.VersityGW(t).Endpoint {
		t.Error("two stores at one address")
	}
}
