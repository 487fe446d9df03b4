// Package certificates issues certificates of completion: one for an entry of the
// ledger, its text as it was on that day, never deleted and open to everybody who has
// its code.
package certificates

import (
	"haidang/courses"
	"haidang/courses/catalog"
	"haidang/courses/vietnamese"
	"slices"
	"strings"
	"time"
)

// Refusals of certificates. Somebody else's completion is none, and a certificate that
// is not the actor's to see is none either.
var (
	ErrNoCertificate = courses.Refusal(courses.NotFound, "certificates.no_such_certificate", "there is no such certificate for this actor")
	ErrNotIssued     = courses.Refusal(courses.Conflict, "certificates.not_issued", "the organisation of the course issues no certificates today")
	ErrSupplement    = courses.Refusal(courses.Conflict, "certificates.supplement", "what was added to a course gets no certificate of its own: the course did")
	ErrSettled       = courses.Refusal(courses.Conflict, "certificates.already_settled", "the certificate was replaced or revoked already")
	ErrReason        = courses.Refusal(courses.Invalid, "certificates.bad_reason", "whoever replaces or revokes says why, in at most 500 characters")
	ErrSettings      = courses.Refusal(courses.Invalid, "certificates.bad_settings", "what is printed on certificates breaks a rule; see fields")
)

// ID names a certificate to those who are signed in; it opens nothing by itself.
type ID string

// Code opens a certificate to everybody: 100 random bits, printed on it.
type Code string

// State says whether a certificate counts.
type State string

// The states of a certificate. Of a replaced one the replacement counts.
const (
	Valid    State = "valid"
	Replaced State = "replaced"
	Revoked  State = "revoked"
)

// Kind is what the certificate is. Only authorised training bodies issue a
// certificate in the law's sense (chứng chỉ).
type Kind string

// The kinds of certificate.
const (
	Attestation Kind = "giay_chung_nhan"
	Qualified   Kind = "chung_chi"
)

// Certificate is one printed paper.
type Certificate struct {
	ID         ID
	Code       Code
	Completion courses.CompletionID // entry of the ledger
	Copy       int                  // 0 is the first; a replacement counts one more
	Person     courses.PersonID
	Course     courses.CourseID
	Version    courses.VersionID
	Issuer     courses.UnitID
	Unit       courses.UnitID // of the person's posting at completion
	Year       int            // of the register
	Number     int            // in the issuer's register of the year, from 1, without gaps
	Text       Text
	Seal       string              // the ledger's signature under the text
	Cites      []catalog.Reference // places that the version cites
	IssuedAt   time.Time
	IssuedBy   courses.PersonID

	State     State
	Reason    string // of a replacement or revocation
	SettledAt time.Time
	SettledBy courses.PersonID
}

// Documents is the keys of the documents that the certificate rests on, each once.
func (c Certificate) Documents() []string {
	keys := make([]string, len(c.Cites))
	for i, place := range c.Cites {
		keys[i] = vietnamese.DocumentNumber(place.Number)
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}

// groups is how many groups of four a code is printed in.
const groups = 5

// Printed is the code as people read it: ABCD-EFGH-….
func (c Code) Printed() string {
	parts := make([]string, 0, groups)
	for part := range slices.Chunk([]byte(c), 4) {
		parts = append(parts, string(part))
	}
	return strings.Join(parts, "-")
}

// ReadCode reads a code as somebody typed it: case, blanks and dashes do not matter.
func ReadCode(typed string) Code {
	return Code(strings.Map(func(r rune) rune {
		switch r {
		case ' ', '-', '–', '\u00a0':
			return -1
		}
		return r
	}, strings.ToUpper(typed)))
}
