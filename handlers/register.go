package handlers

import (
	"context"
	"haidang/courses"
	"haidang/courses/access"
	"haidang/courses/assessment"
	"haidang/courses/assignments"
	"haidang/courses/catalog"
	"haidang/courses/certificates"
	"haidang/courses/exchange"
	"haidang/courses/laws"
	"haidang/courses/learning"
	"haidang/courses/media"
	"haidang/courses/notices"
	"haidang/courses/records"
	"haidang/courses/reports"
	"haidang/courses/staff"
	"haidang/courses/surveys"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
)

// Services are the use cases that the routes call, built by cmd.
type Services struct {
	Access       *access.Service
	Staff        *staff.Service
	Catalog      *catalog.Service
	Media        *media.Service
	Assignments  *assignments.Service
	Learning     *learning.Service
	Records      *records.Service
	Reports      *reports.Service
	Laws         *laws.Service
	Assessment   *assessment.Service
	Surveys      *surveys.Service
	Notices      *notices.Service
	Certificates *certificates.Service
	Importer     *exchange.Importer
	Packages     *exchange.Packager
	Banker       *exchange.Banker
}

func (s *Server) register(services Services) {
	api, clock := s.api, s.config.Clock
	registerSession(api, services, s)
	registerStaff(api, services, clock)
	registerCatalog(api, services, clock)
	registerStudio(api, services, clock)
	registerPackages(api, services, clock)
	registerReview(api, services, clock)
	registerHands(api, services, clock)
	registerExamples(api, services, clock)
	registerUploads(api, services)
	registerStorage(api, services, clock)
	registerLearning(api, services, clock)
	registerNotes(api, services)
	registerQuizzes(api, services, clock)
	registerBanks(api, services)
	registerSurveys(api, services, clock)
	registerNotices(api, services)
	registerCalls(api, services, clock)
	registerRecords(api, services, clock)
	registerShares(api, services, clock)
	registerCertificates(api, services, clock)
	registerReceipts(api, services)
	registerAssignments(api, services, clock)
	registerReports(api, services, clock)
	registerLaws(api, services, clock)
	registerSearch(api, services, clock)
}

// body is an answer or a request that is nothing but a JSON body.
type body[T any] struct {
	Body T
}

// nothing is a request without input, or an answer without content.
type nothing struct{}

// PageIn is the query of every paged list.
type PageIn struct {
	Limit int    `query:"limit" minimum:"1" maximum:"100" default:"25" doc:"How many at the most"`
	After string `query:"after" maxLength:"400" doc:"The next of the page before"`
}

func (p PageIn) page() courses.Page { return courses.Page{Limit: p.Limit, After: p.After} }

// list is one page of a list.
type list[T any] struct {
	Items []T    `json:"items" nullable:"false"`
	Next  string `json:"next,omitempty" doc:"Give it as after for the next page; absent on the last"`
}

// private registers a route for those who are signed in; the others are refused
// before their input is looked at.
func private[I, O any](api huma.API, op huma.Operation, handle func(ctx context.Context, actor courses.Actor, in *I) (*O, error)) {
	op.Security = []map[string][]string{{"session": {}}}
	op.Middlewares = append(huma.Middlewares{func(hc huma.Context, next func(huma.Context)) {
		if _, err := signedIn(hc.Context()); err != nil {
			_ = huma.WriteErr(api, hc, http.StatusInternalServerError, "sign in", err)
			return
		}
		next(hc)
	}}, op.Middlewares...)
	public(api, op, byActor(handle))
}

// byActor finds who is signed in for a handler.
func byActor[I, O any](handle func(ctx context.Context, actor courses.Actor, in *I) (*O, error)) func(ctx context.Context, in *I) (*O, error) {
	return func(ctx context.Context, in *I) (*O, error) {
		actor, err := signedIn(ctx)
		if err != nil {
			return nil, err
		}
		return handle(ctx, actor, in)
	}
}

// public registers a route for everybody.
func public[I, O any](api huma.API, op huma.Operation, handle func(ctx context.Context, in *I) (*O, error)) {
	if op.DefaultStatus == 0 && op.Method == http.MethodDelete {
		op.DefaultStatus = http.StatusNoContent
	}
	op.SkipValidateParams = false
	huma.Register(api, op, handle)
}

func get(id, path, summary string) huma.Operation {
	return huma.Operation{OperationID: id, Method: http.MethodGet, Path: path, Summary: summary}
}

func post(id, path, summary string) huma.Operation {
	return huma.Operation{OperationID: id, Method: http.MethodPost, Path: path, Summary: summary}
}

func put(id, path, summary string) huma.Operation {
	return huma.Operation{OperationID: id, Method: http.MethodPut, Path: path, Summary: summary}
}

func remove(id, path, summary string) huma.Operation {
	return huma.Operation{OperationID: id, Method: http.MethodDelete, Path: path, Summary: summary}
}
