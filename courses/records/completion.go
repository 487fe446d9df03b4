// Package records is the ledger of completions: what was completed, in a tree
// of hashes with signed heads, so that nobody changes it unseen. It knows no
// other feature.
package records

import (
	"encoding/json"
	"fmt"
	"haidang/courses"
	"time"

	"golang.org/x/mod/sumdb/tlog"
)

// Completion is one person's completion of one version of a course, with the
// texts as they were on that day.
type Completion struct {
	ID          courses.CompletionID
	Person      courses.PersonID
	Course      courses.CourseID
	Version     courses.VersionID
	CourseCode  string
	CourseTitle string
	Issuer      courses.UnitID
	IssuerName  string
	Knowledge   string
	Tiet        int            // credited
	Unit        courses.UnitID // where the person was counted then; empty without a posting
	UnitName    string
	StartedAt   time.Time
	CompletedAt time.Time
	Salt        string // hex; keeps the leaf from being guessed
	Leaf        *int64 // number in the ledger; nil while pending
}

// canonical is the completion as the leaf covers it: JSON with sorted keys, UTC
// instants to the millisecond, and the salt. It never changes for an entry.
func (c Completion) canonical() ([]byte, error) {
	b, err := json.Marshal(map[string]any{
		"id": c.ID, "person": c.Person, "course": c.Course, "version": c.Version,
		"courseCode": c.CourseCode, "courseTitle": c.CourseTitle, "issuer": c.Issuer, "issuerName": c.IssuerName,
		"knowledge": c.Knowledge, "tiet": c.Tiet, "unit": c.Unit, "unitName": c.UnitName,
		"startedAt": instant(c.StartedAt), "completedAt": instant(c.CompletedAt), "salt": c.Salt,
	})
	if err != nil {
		return nil, fmt.Errorf("write completion %s: %w", c.ID, err)
	}
	return b, nil
}

func instant(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// hash is the leaf's hash (RFC 6962).
func (c Completion) hash() (tlog.Hash, error) {
	b, err := c.canonical()
	if err != nil {
		return tlog.Hash{}, err
	}
	return tlog.RecordHash(b), nil
}
