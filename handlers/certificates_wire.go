package handlers

import (
	"haidang/courses"
	"haidang/courses/certificates"
	"time"
)

// CertificateMark says of a certificate whether it counts.
type CertificateMark struct {
	ID     certificates.ID `json:"id"`
	Number string          `json:"number"`
	State  string          `json:"state" enum:"valid,replaced,revoked"`
	Ended  []EndedLaw      `json:"ended" nullable:"false" doc:"What it rests on and is no longer in force today; it still counts"`
}

// CertificateText is all that is printed, as it was on the day of issue.
type CertificateText struct {
	Nation      string            `json:"nation"`
	Motto       string            `json:"motto"`
	Parent      string            `json:"parent,omitempty"`
	Issuer      string            `json:"issuer"`
	Kind        certificates.Kind `json:"kind" enum:"giay_chung_nhan,chung_chi"`
	Title       string            `json:"title"`
	FullName    string            `json:"fullName" doc:"In capitals"`
	BirthDate   courses.Date      `json:"birthDate,omitempty"`
	Position    string            `json:"position,omitempty"`
	Unit        string            `json:"unit,omitempty"`
	Course      string            `json:"course"`
	From        courses.Date      `json:"from"`
	To          courses.Date      `json:"to"`
	Tiet        int               `json:"tiet"`
	ScoreBp     int               `json:"scoreBp" doc:"Of 10000; means something where scored"`
	Scored      bool              `json:"scored" doc:"The course has quizzes"`
	Place       string            `json:"place"`
	On          courses.Date      `json:"on" doc:"Day of issue"`
	Dated       string            `json:"dated" doc:"Place and day as official papers write them"`
	SignerTitle string            `json:"signerTitle"`
	SignerName  string            `json:"signerName"`
	Number      string            `json:"number"`
	Register    string            `json:"register" doc:"Number in the issuer's register of the year"`
}

// LedgerEntry proves that the ledger has a completion.
type LedgerEntry struct {
	Leaf int64      `json:"leaf"`
	Hash string     `json:"hash" doc:"Base64, of the leaf"`
	Path []string   `json:"path" nullable:"false" doc:"Base64, from the leaf to the head (RFC 6962)"`
	Head LedgerHead `json:"head"`
}

// CertificateView is a certificate for its holder, for those who may read their record
// and for its issuer.
type CertificateView struct {
	CertificateMark
	Text       CertificateText `json:"text"`
	Code       string          `json:"code" doc:"Opens it to everybody at /xac-minh#code"`
	Entry      *LedgerEntry    `json:"entry,omitempty" doc:"Absent for the few seconds before the ledger has it"`
	Reason     string          `json:"reason,omitempty" doc:"Why it was replaced or revoked"`
	SettledAt  *time.Time      `json:"settledAt,omitempty" doc:"When it was replaced or revoked"`
	ReplacedBy certificates.ID `json:"replacedBy,omitempty" doc:"The copy that counts, or was the last to"`
	Mine       bool            `json:"mine" doc:"It is the actor's own"`
	MayChange  bool            `json:"mayChange" doc:"The actor may replace and revoke it"`
}

// altered is the state of a certificate that is not what was sealed.
const altered = "altered"

// VerifiedCertificate is what everybody sees who has a certificate's code.
type VerifiedCertificate struct {
	Text      CertificateText `json:"text"`
	Code      string          `json:"code"`
	State     string          `json:"state" enum:"valid,replaced,revoked,altered" doc:"Altered is what is not as it was sealed"`
	SettledAt *time.Time      `json:"settledAt,omitempty"`
	Ended     []EndedLaw      `json:"ended" nullable:"false"`
	Entry     *LedgerEntry    `json:"entry,omitempty"`
}

// RegisterLine is a certificate in a list.
type RegisterLine struct {
	CertificateMark
	Register  string       `json:"register"`
	FullName  string       `json:"fullName"`
	BirthDate courses.Date `json:"birthDate,omitempty"`
	Unit      string       `json:"unit,omitempty"`
	Course    string       `json:"course"`
	On        courses.Date `json:"on"`
}

// RestingCertificates is what rests on a legal document.
type RestingCertificates struct {
	Count int            `json:"count" doc:"Of all that are valid"`
	Items []RegisterLine `json:"items" nullable:"false" doc:"Of people whose records the actor may read, by unit; a page may be shorter than asked for"`
	Next  string         `json:"next,omitempty"`
}

// CertificateSettings is what an organisation prints from a day on.
type CertificateSettings struct {
	From        courses.Date `json:"from,omitempty" maxLength:"10" doc:"The first day; today if absent"`
	Issues      bool         `json:"issues" doc:"Whoever completed a course of the organisation may have a certificate"`
	Authorised  bool         `json:"authorised" doc:"A training body that may issue a chứng chỉ; only administrators say so"`
	Nation      string       `json:"nation" maxLength:"200"`
	Motto       string       `json:"motto" maxLength:"200"`
	Parent      string       `json:"parent,omitempty" maxLength:"200"`
	Title       string       `json:"title" maxLength:"200"`
	Place       string       `json:"place" maxLength:"200"`
	SignerTitle string       `json:"signerTitle" maxLength:"200"`
	SignerName  string       `json:"signerName" maxLength:"200"`
	Suffix      string       `json:"suffix,omitempty" maxLength:"100" doc:"Behind each number"`
}

// CertificateForm is what an organisation printed and prints, and what a form begins
// with.
type CertificateForm struct {
	Settings     []CertificateSettings `json:"settings" nullable:"false" doc:"Latest day first"`
	Usual        CertificateSettings   `json:"usual"`
	MayAuthorise bool                  `json:"mayAuthorise"`
}

type newCertificate struct {
	Completion courses.CompletionID `json:"completion" minLength:"1" maxLength:"120"`
}

// CertificatePath names a certificate.
type CertificatePath struct {
	ID certificates.ID `path:"id" maxLength:"36"`
}

type settleCertificateReason struct {
	Reason string `json:"reason" maxLength:"2000"`
}

type settleCertificateIn struct {
	CertificatePath
	Body settleCertificateReason
}

type certificateCode struct {
	Code string `json:"code" minLength:"1" maxLength:"60" doc:"As printed; case, blanks and dashes do not matter"`
}

// OwnerIn names an organisation.
type OwnerIn struct {
	Owner courses.UnitID `query:"owner" minLength:"1" maxLength:"40" required:"true"`
}

type registerIn struct {
	PageIn
	OwnerIn
	Number int `query:"number" minimum:"1" doc:"Only what has it in the register of some year"`
}

type saveCertificateSettingsIn struct {
	OwnerIn
	Body CertificateSettings
}
