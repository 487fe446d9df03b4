package assessment

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"haidang/courses"
	"strings"
	"time"
)

// Start is what a sealed start says: who began which attempt when, and until when
// it runs. Its digest is over the questions and their order, which it does not
// show.
type Start struct {
	Attempt  courses.AttemptID `json:"attempt"`
	Person   courses.PersonID  `json:"person"`
	Begun    time.Time         `json:"begun"`
	Deadline time.Time         `json:"deadline,omitzero"`
	Size     int               `json:"size"`
	Digest   string            `json:"digest"`
}

// Sealer signs starts. The first key signs; all of them are known.
type Sealer struct{ Keys []ed25519.PrivateKey }

// Seal is the start of an attempt, signed.
func (s Sealer) Seal(a Attempt) (string, error) {
	body, err := json.Marshal(startOf(a))
	if err != nil {
		return "", fmt.Errorf("seal a start: %w", err)
	}
	encode := base64.RawURLEncoding.EncodeToString
	return encode(body) + "." + encode(ed25519.Sign(s.Keys[0], body)), nil
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
		var start Start
		if public, ok := key.Public().(ed25519.PublicKey); ok && ed25519.Verify(public, body, signature) && json.Unmarshal(body, &start) == nil {
			return start, nil
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
