package handlers

import (
	"context"
	"haidang/courses"
	"haidang/courses/records"
	"haidang/courses/reports"
	"time"

	"github.com/danielgtaylor/huma/v2"
)

// RecordEntry is one completion in a person's record.
type RecordEntry struct {
	ID          courses.CompletionID `json:"id"`
	CourseCode  string               `json:"courseCode"`
	CourseTitle string               `json:"courseTitle"`
	Issuer      string               `json:"issuer" doc:"Name of the owner organisation when completed"`
	Knowledge   string               `json:"knowledge"`
	Tiet        int                  `json:"tiet"`
	StartedAt   time.Time            `json:"startedAt"`
	CompletedAt time.Time            `json:"completedAt"`
	UnitName    string               `json:"unitName" doc:"Where the person was posted then"`
	Leaf        *int64               `json:"leaf,omitempty" doc:"Number in the ledger; absent for the few seconds before it has one"`
	Certificate *CertificateMark     `json:"certificate,omitempty" doc:"The last that was issued for it"`
	Certifiable bool                 `json:"certifiable,omitempty" doc:"Its person may have a certificate"`
}

// YearTotal is what a person was credited in a year.
type YearTotal struct {
	Year        string `json:"year"`
	Tiet        int    `json:"tiet"`
	Completions int    `json:"completions"`
	Target      int    `json:"target" doc:"0 where none applies"`
}

// RecordView is a person's training record.
type RecordView struct {
	Person  PersonSummary `json:"person"`
	Years   []YearTotal   `json:"years" nullable:"false" doc:"Newest first"`
	Entries []RecordEntry `json:"entries" nullable:"false" doc:"Newest first"`
	Next    string        `json:"next,omitempty"`
}

// LedgerHead is the newest signed head of the ledger.
type LedgerHead struct {
	Size      int64  `json:"size"`
	Note      string `json:"note" doc:"Signed note, as golang.org/x/mod/sumdb/note writes it"`
	PublicKey string `json:"publicKey" doc:"Verifier key of the note"`
}

// RecordFilter is which entries of a record are asked for.
type RecordFilter struct {
	Period    courses.Period `query:"period" maxLength:"7" doc:"Completed in it: 2026, 2026-H1, 2026-Q3 or 2026-11"`
	Knowledge string         `query:"knowledge" maxLength:"40"`
	Words     string         `query:"q" maxLength:"100" doc:"Each begins a word of the course's code or title or of its issuer"`
}

// MyRecordIn is one page of a record.
type MyRecordIn struct {
	PageIn
	RecordFilter
}

type recordIn struct {
	PersonPath
	MyRecordIn
}

type recordRoutes struct {
	Services
	clock courses.Clock
}

func registerRecords(api huma.API, services Services, clock courses.Clock) {
	r := recordRoutes{services, clock}
	private(api, get("myRecord", "/api/record", "One's own training record"), r.mine)
	private(api, get("getRecord", "/api/people/{id}/record", "A person's training record"), r.record)
	public(api, get("ledgerHead", "/api/ledger/head", "The newest signed head; anyone may keep it"), r.head)
}

func (r recordRoutes) mine(ctx context.Context, actor courses.Actor, in *MyRecordIn) (*body[RecordView], error) {
	return r.show(ctx, actor, actor.Person, *in)
}

func (r recordRoutes) record(ctx context.Context, actor courses.Actor, in *recordIn) (*body[RecordView], error) {
	return r.show(ctx, actor, in.ID, in.MyRecordIn)
}

func (r recordRoutes) show(ctx context.Context, actor courses.Actor, id courses.PersonID, in MyRecordIn) (*body[RecordView], error) {
	entries, err := r.Records.Of(ctx, actor, id, records.Filter(in.RecordFilter), in.page())
	if err != nil {
		return nil, err
	}
	years, err := r.Reports.Years(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	person, err := r.Staff.Person(ctx, id)
	if err != nil {
		return nil, err
	}
	names, err := r.names(ctx, r.clock)
	if err != nil {
		return nil, err
	}
	view := RecordView{
		Person: names.summary(person), Next: entries.Next,
		Years: each(years, func(y reports.YearTotal) YearTotal {
			return YearTotal{Year: string(y.Year), Tiet: y.Tiet, Completions: y.Completions, Target: y.Target}
		}),
		Entries: each(entries.Items, func(c records.Completion) RecordEntry {
			return RecordEntry{
				ID: c.ID, CourseCode: c.CourseCode, CourseTitle: c.CourseTitle, Issuer: c.IssuerName, Knowledge: c.Knowledge, Tiet: c.Tiet,
				StartedAt: c.StartedAt, CompletedAt: c.CompletedAt, UnitName: c.UnitName, Leaf: c.Leaf,
			}
		}),
	}
	certified := certificateRoutes{lawRoutes{catalogRoutes(r)}}
	return &body[RecordView]{Body: view}, certified.marks(ctx, entries.Items, view.Entries)
}

func (r recordRoutes) head(ctx context.Context, _ *nothing) (*body[LedgerHead], error) {
	h, key, err := r.Records.Head(ctx)
	return &body[LedgerHead]{Body: LedgerHead{Size: h.Size, Note: h.Note, PublicKey: key}}, err
}
