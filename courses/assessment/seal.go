package assessment

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"haidang/courses"
	"strings"
	"time"
)

// Start is what a sealed start says: who began which attempt when, and until when
// it runs. Its digest is over the questions and their order, which it does not
// show.
type Start struct {
	Attempt  courses.AttemptID
	Person   courses.PersonID
	Begun    time.Time
	Deadline time.Time // zero where there is no limit
	Size     int       // how many questions
	Digest   string
}

// startForm is how a start is signed: its fields in their order, one a line.
const startForm = "haidang.start.1\n%s\n%s\n%s\n%s\n%d\n%s\n"

func (s Start) body() []byte {
	written := func(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }
	return fmt.Appendf(nil, startForm, s.Attempt, s.Person, written(s.Begun), written(s.Deadline), s.Size, s.Digest)
}

func readStart(body []byte) (Start, error) {
	var s Start
	var begun, deadline string
	if _, err := fmt.Sscanf(string(body), startForm, &s.Attempt, &s.Person, &begun, &deadline, &s.Size, &s.Digest); err != nil {
		return Start{}, fmt.Errorf("read a start: %w", err)
	}
	var err error
	if s.Begun, err = time.Parse(time.RFC3339Nano, begun); err == nil {
		s.Deadline, err = time.Parse(time.RFC3339Nano, deadline)
	}
	if err != nil {
		return Start{}, fmt.Errorf("read a start: %w", err)
	}
	return s, nil
}

// Sealer signs starts. The first key signs; all of them are known.
type Sealer struct{ Keys []ed25519.PrivateKey }

// Seal is the start of an attempt, signed.
func (s Sealer) Seal(a Attempt) string {
	body := startOf(a).body()
	encode := base64.RawURLEncoding.EncodeToString
	return encode(body) + "." + encode(ed25519.Sign(s.Keys[0], body))
}

// Open reads a sealed start. It refuses with ErrSeal what no key of ours signed.
func (s Sealer) Open(seal string) (Start, error) {
	left, right, _ := strings.Cut(seal, ".")
	body, err := base64.RawURLEncoding.DecodeString(left)
	if err != nil {
		return Start{}, ErrSeal
	}
	signature, err := base64.RawURLEncoding.DecodeString(right)
	if err != nil {
		return Start{}, ErrSeal
	}
	for _, key := range s.Keys {
		if public, ok := key.Public().(ed25519.PublicKey); ok && ed25519.Verify(public, body, signature) {
			return readStart(body)
		}
	}
	return Start{}, ErrSeal
}

func startOf(a Attempt) Start {
	var paper []byte
	for _, slot := range a.Slots {
		paper = fmt.Appendln(paper, a.ID, slot.Item, slot.Number, slot.Order)
	}
	digest := sha256.Sum256(paper)
	return Start{
		Attempt: a.ID, Person: a.Sitting.Person, Begun: a.Begun, Deadline: a.Deadline, Size: len(a.Slots),
		Digest: base64.RawURLEncoding.EncodeToString(digest[:]),
	}
}
