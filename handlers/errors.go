package handlers

import (
	"context"
	"errors"
	"haidang/courses"
	"log/slog"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"
)

// statusOf is the one table from the kind of a refusal to an HTTP status.
var statusOf = map[courses.Kind]int{
	courses.Invalid:         http.StatusUnprocessableEntity,
	courses.Unauthenticated: http.StatusUnauthorized,
	courses.Forbidden:       http.StatusForbidden,
	courses.NotFound:        http.StatusNotFound,
	courses.Conflict:        http.StatusConflict,
	courses.TooLarge:        http.StatusRequestEntityTooLarge,
	courses.Unsupported:     http.StatusUnsupportedMediaType,
	courses.Throttled:       http.StatusTooManyRequests,
	courses.Unavailable:     http.StatusServiceUnavailable,
}

// Refusals of the HTTP layer itself.
var (
	errMalformed  = courses.Refusal(courses.Invalid, "request.malformed", "the request is not well-formed")
	errInvalid    = courses.Refusal(courses.Invalid, "request.invalid", "a field is missing, unknown or of the wrong type")
	errNoRoute    = courses.Refusal(courses.NotFound, "request.no_such_page", "nothing lives at this address")
	errBodySize   = courses.Refusal(courses.TooLarge, "request.too_large", "the request's body is too large")
	errBodyCut    = courses.Refusal(courses.Invalid, "request.cut_short", "fewer bytes came than were announced")
	errBodyType   = courses.Refusal(courses.Unsupported, "request.not_json", "send application/json")
	errCrossSite  = courses.Refusal(courses.Forbidden, "request.cross_site", "the request comes from another site")
	errInternal   = courses.Refusal(courses.Unavailable, "request.fault", "something went wrong here; quote the request id")
	errWrongVerb  = courses.Refusal(courses.Invalid, "request.wrong_method", "this address does not take that method")
	errNoSuchType = courses.Refusal(courses.Unsupported, "request.not_acceptable", "no representation that you accept")
)

// RefusalCode is the stable code of a refusal; its schema lists every code, so
// that a client which misspells one does not compile.
type RefusalCode string

// Schema lists the codes of all refusals in the program.
func (RefusalCode) Schema(r huma.Registry) *huma.Schema {
	const name = "RefusalCode"
	if _, found := r.Map()[name]; !found {
		schema := &huma.Schema{Type: huma.TypeString, Description: "Stable code of a refusal."}
		for _, code := range courses.Codes() {
			schema.Enum = append(schema.Enum, code)
		}
		r.Map()[name] = schema
	}
	return &huma.Schema{Ref: "#/components/schemas/" + name}
}

// ProblemField names one part of the request and what is wrong with it.
type ProblemField struct {
	Path string `json:"path" doc:"Such as body.events[3].at"`
	Code string `json:"code" doc:"What is wrong, in short English"`
}

// Problem is every error answer (RFC 9457) with a stable code and request id.
type Problem struct {
	Type      string         `json:"type"`
	Title     string         `json:"title"`
	Status    int            `json:"status"`
	Code      RefusalCode    `json:"code"`
	Detail    string         `json:"detail" doc:"English, for developers"`
	RequestID string         `json:"requestId" doc:"Quote it when asking for help"`
	Fields    []ProblemField `json:"fields,omitempty"`
}

func (p *Problem) Error() string { return string(p.Code) + ": " + p.Detail }

// GetStatus is the HTTP status.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType makes it application/problem+json.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

// problem turns any error into the answer that a client sees. A fault is
// logged here, once, and its text never leaves the server.
func problem(ctx context.Context, err error) *Problem {
	var refusal *courses.Error
	status := http.StatusInternalServerError
	if errors.As(err, &refusal) {
		status = statusOf[refusal.Kind]
	} else {
		slog.ErrorContext(ctx, "fault", "error", err, "request_id", requestID(ctx))
		refusal = errInternal
	}
	p := &Problem{
		Type: "about:blank", Title: http.StatusText(status), Status: status,
		Code: RefusalCode(refusal.Code), Detail: refusal.Detail, RequestID: requestID(ctx),
	}
	for _, f := range refusal.Fields {
		p.Fields = append(p.Fields, ProblemField(f))
	}
	return p
}

// useProblems makes huma answer every error with a Problem.
func useProblems() {
	huma.NewError = func(status int, msg string, errs ...error) huma.StatusError {
		return humaProblem(context.Background(), status, msg, errs)
	}
	huma.NewErrorWithContext = func(hc huma.Context, status int, msg string, errs ...error) huma.StatusError {
		p := humaProblem(hc.Context(), status, msg, errs)
		for _, err := range errs {
			if after := retryAfter(err); after != "" {
				hc.SetHeader("Retry-After", after)
			}
		}
		return p
	}
}

func humaProblem(ctx context.Context, status int, msg string, errs []error) *Problem {
	var refusal *courses.Error
	switch {
	case len(errs) == 1 && errors.As(errs[0], &refusal):
		return problem(ctx, errs[0])
	case status == http.StatusInternalServerError && len(errs) > 0:
		return problem(ctx, errs[0])
	case status == http.StatusBadRequest:
		refusal = errMalformed
	case status == http.StatusNotAcceptable:
		refusal = errNoSuchType
	case status == http.StatusUnsupportedMediaType:
		refusal = errBodyType
	case status == http.StatusRequestEntityTooLarge:
		refusal = errBodySize
	default:
		refusal = errInvalid
	}
	for _, err := range errs {
		var d huma.ErrorDetailer
		if errors.As(err, &d) {
			refusal = refusal.With(courses.Field{Path: d.ErrorDetail().Location, Code: d.ErrorDetail().Message})
		}
	}
	p := problem(ctx, refusal)
	p.Detail += ": " + msg
	return p
}

func retryAfter(err error) string {
	var refusal *courses.Error
	if errors.As(err, &refusal) && refusal.RetryAfter > 0 {
		return strconv.Itoa(int(refusal.RetryAfter.Seconds() + 1))
	}
	return ""
}

// answer writes err as a Problem on a plain Fiber route.
func answer(c *fiber.Ctx, err error) error {
	var fe *fiber.Error
	if errors.As(err, &fe) {
		err = fiberRefusal(fe)
	}
	p := problem(c.UserContext(), err)
	if after := retryAfter(err); after != "" {
		c.Set(fiber.HeaderRetryAfter, after)
	}
	c.Status(p.Status)
	c.Set(fiber.HeaderCacheControl, "no-store") // also where the answer would have been kept for a year
	if err := c.JSON(p); err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, p.ContentType(""))
	return nil
}

func fiberRefusal(fe *fiber.Error) error {
	switch fe.Code {
	case http.StatusNotFound:
		return errNoRoute
	case http.StatusMethodNotAllowed:
		return errWrongVerb
	case http.StatusRequestEntityTooLarge:
		return errBodySize
	case http.StatusBadRequest, http.StatusRequestTimeout, http.StatusRequestHeaderFieldsTooLarge,
		http.StatusBadGateway: // so Fiber names a client that went away
		return errMalformed
	}
	return fe
}

var _ huma.SchemaProvider = RefusalCode("")
