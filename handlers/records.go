package handlers

import (
	"context"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"haidang/courses"
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

func registerRecords(api huma.API, _ Services) {
	private(api, get("myRecord", "/api/record", "One's own training record"), func(context.Context, courses.Actor, *pageIn) (*body[RecordView], error) { return nil, errNotBuilt })
	private(api, get("getRecord", "/api/people/{id}/record", "A person's training record"), func(context.Context, courses.Actor, *struct {
		personPath
		pageIn
	}) (*body[RecordView], error) {
		return nil, errNotBuilt
	})
	public(api, get("ledgerHead", "/api/ledger/head", "The newest signed head; anyone may keep it"), func(context.Context, *nothing) (*body[LedgerHead], error) { return nil, errNotBuilt })
}
