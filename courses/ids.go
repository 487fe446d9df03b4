package courses

import (
	"crypto/rand"
	"encoding/binary"
	"encoding/hex"
	"time"
)

//revive:disable:exported // each id says what it names

// Identifiers. All but UnitID and PositionID are UUIDv7 made in the domain;
// those two are codes from official lists, never reused.
type (
	PersonID     string // a staff member; not a login and not a posting
	LoginID      string // an account
	SessionID    string // one signed-in device
	PostingID    string // a person in a unit and position, from–to
	GrantID      string // a role over a unit, from–to
	UnitID       string // a unit's code: "10888", "SNV", "10888.VP"
	PositionID   string // a position's code: "CM-TP"
	CourseID     string // a course through all its versions
	VersionID    string // one immutable published version
	LessonID     string // a lesson; the same through versions
	AssetID      string // an uploaded file
	UploadID     string // an upload under way
	EnrolmentID  string // a person on a version of a course
	EventID      string // a learning event, made on the device
	CompletionID string // an entry of the ledger
	JobID        string // a piece of background work
	DocumentID   string // a legal document that courses cite
	ItemID       string // a question of a bank, through all its versions
	AttemptID    string // one go at a quiz
)

// NewID makes a UUIDv7 (RFC 9562): it sorts by the millisecond it was made in.
func NewID[T ~string](now time.Time) T {
	var b [16]byte
	binary.BigEndian.PutUint64(b[:], uint64(now.UnixMilli())<<16)
	rand.Read(b[6:]) // never fails
	return UUID[T](b, 7)
}

// UUID writes bytes as a UUID of a version (RFC 9562).
func UUID[T ~string](b [16]byte, version byte) T {
	b[6] = b[6]&0x0f | version<<4
	b[8] = b[8]&0x3f | 0x80
	h := hex.EncodeToString(b[:])
	return T(h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:])
}
