package local

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Secrets are the passwords of the local stores, made once and kept in the
// data folder with mode 0600.
type Secrets struct {
	MongoPassword string `json:"mongoPassword"`
	S3AccessKey   string `json:"s3AccessKey"`
	S3SecretKey   string `json:"s3SecretKey"`
	dir           string
}

// OpenSecrets reads dir/secrets.json, or makes it.
func OpenSecrets(dir string) (*Secrets, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the data folder: %w", err)
	}
	s := &Secrets{dir: dir}
	path := filepath.Join(dir, "secrets.json")
	b, err := os.ReadFile(path)
	if err == nil {
		if err := json.Unmarshal(b, s); err != nil {
			return nil, fmt.Errorf("read %s: %w", path, err)
		}
		return s, nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("read the local secrets: %w", err)
	}
	s.MongoPassword, s.S3AccessKey, s.S3SecretKey = rand.Text(), rand.Text(), rand.Text()
	b, err = json.Marshal(s)
	if err != nil {
		return nil, fmt.Errorf("write the local secrets: %w", err)
	}
	return s, writeWhole(path, b)
}

// keyFile makes the key that members of a replica set know each other by.
func (s *Secrets) keyFile() (string, error) {
	path := filepath.Join(s.dir, "mongo.key")
	if _, err := os.Stat(path); err == nil {
		return path, nil
	}
	return path, writeWhole(path, []byte(rand.Text()+rand.Text()))
}

// writeWhole writes a private file so that it is there whole or not at all.
func writeWhole(path string, b []byte) error {
	if err := os.WriteFile(path+".new", b, 0o600); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}
