package handlers

import (
	"context"
	"haidang/courses"
	"haidang/courses/access"
	"haidang/courses/records"
	"time"

	"github.com/danielgtaylor/huma/v2"
)

// RecordShare is a live link to one's record, as its maker sees it.
type RecordShare struct {
	ID       access.ShareID `json:"id"`
	Label    string         `json:"label,omitempty"`
	MadeAt   time.Time      `json:"madeAt"`
	OpenedAt *time.Time     `json:"openedAt,omitempty" doc:"Last time, to the minute; absent before the first"`
	EndsAt   time.Time      `json:"endsAt"`
}

// MadeShare is a new link with the secret that is never shown again.
type MadeShare struct {
	Share  RecordShare `json:"share"`
	Secret string      `json:"secret" doc:"Goes behind # in the address /chia-se, which no server is sent"`
}

// SharedRecord is what a link shows of a person.
type SharedRecord struct {
	FullName string        `json:"fullName"`
	UnitName string        `json:"unitName"`
	EndsAt   time.Time     `json:"endsAt" doc:"Until when the link opens"`
	Entries  []SharedEntry `json:"entries" nullable:"false" doc:"Newest first"`
	Next     string        `json:"next,omitempty"`
}

// SharedEntry is one completion of a shared record.
type SharedEntry struct {
	CourseCode  string    `json:"courseCode"`
	CourseTitle string    `json:"courseTitle"`
	Issuer      string    `json:"issuer"`
	Knowledge   string    `json:"knowledge"`
	Tiet        int       `json:"tiet"`
	CompletedAt time.Time `json:"completedAt"`
	Leaf        *int64    `json:"leaf,omitempty"`
}

type newShare struct {
	Label string `json:"label,omitempty" maxLength:"80" doc:"For whom; only its maker sees it"`
	Days  int    `json:"days,omitempty" enum:"7,30,90" default:"30"`
}

type openShare struct {
	Secret string `json:"secret" minLength:"1" maxLength:"100"`
	After  string `json:"after,omitempty" maxLength:"400" doc:"The next of the page before"`
}

type sharePath struct {
	ID access.ShareID `path:"id" maxLength:"36"`
}

func registerShares(api huma.API, services Services, clock courses.Clock) {
	r := recordRoutes{services, clock}
	private(api, get("listShares", "/api/record/shares", "One's live links to one's record"), r.shares)
	private(api, post("shareRecord", "/api/record/shares", "Make a link by which others read one's record"), r.share)
	private(api, remove("endShare", "/api/record/shares/{id}", "Take a link back at once"), r.endShare)
	public(api, post("openSharedRecord", "/api/record/shared", "The record that a link shows, without signing in"), r.shared)
}

func shareView(s access.Share) RecordShare {
	return RecordShare{ID: s.ID, Label: s.Label, MadeAt: s.MadeAt, EndsAt: s.EndsAt, OpenedAt: instant(s.OpenedAt)}
}

func (r recordRoutes) shares(ctx context.Context, actor courses.Actor, _ *nothing) (*body[list[RecordShare]], error) {
	shares, err := r.Access.Shares(ctx, actor)
	return &body[list[RecordShare]]{Body: list[RecordShare]{Items: each(shares, shareView)}}, err
}

func (r recordRoutes) share(ctx context.Context, actor courses.Actor, in *body[newShare]) (*body[MadeShare], error) {
	made, secret, err := r.Access.MakeShare(ctx, actor, in.Body.Label, in.Body.Days)
	return &body[MadeShare]{Body: MadeShare{Share: shareView(made), Secret: secret}}, err
}

func (r recordRoutes) endShare(ctx context.Context, actor courses.Actor, in *sharePath) (*nothing, error) {
	return nil, r.Access.EndShare(ctx, actor, in.ID)
}

// shared reads the record as its person does, who gave the link away.
func (r recordRoutes) shared(ctx context.Context, in *body[openShare]) (*body[SharedRecord], error) {
	share, err := r.Access.OpenShare(ctx, in.Body.Secret, deviceOf(ctx).Address)
	if err != nil {
		return nil, err
	}
	entries, err := r.Records.Of(ctx, courses.Actor{Person: share.Person}, share.Person, records.Filter{}, courses.Page{After: in.Body.After})
	if err != nil {
		return nil, err
	}
	person, err := r.Staff.Person(ctx, share.Person)
	if err != nil {
		return nil, err
	}
	names, err := r.names(ctx, r.clock)
	if err != nil {
		return nil, err
	}
	who := names.summary(person)
	return &body[SharedRecord]{Body: SharedRecord{
		FullName: who.FullName, UnitName: who.UnitName, EndsAt: share.EndsAt, Next: entries.Next,
		Entries: each(entries.Items, func(c records.Completion) SharedEntry {
			return SharedEntry{
				CourseCode: c.CourseCode, CourseTitle: c.CourseTitle, Issuer: c.IssuerName, Knowledge: c.Knowledge,
				Tiet: c.Tiet, CompletedAt: c.CompletedAt, Leaf: c.Leaf,
			}
		}),
	}}, nil
}
