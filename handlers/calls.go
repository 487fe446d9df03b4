package handlers

import (
	"context"
	"haidang/courses"
	"haidang/courses/notices"
	"time"

	"github.com/danielgtaylor/huma/v2"
)

// CallingView is how a course stands with what its organisation writes to those on it.
type CallingView struct {
	Open    int        `json:"open" doc:"People who are on it and have not finished"`
	Left    int        `json:"left" doc:"Of the organisation, this week"`
	Allowed int        `json:"allowed" doc:"Of an organisation, a week"`
	Next    *time.Time `json:"next,omitempty" doc:"When the course can call again; absent: now"`
	Last    *CallView  `json:"last,omitempty"`
}

// CallView is one call.
type CallView struct {
	At     time.Time `json:"at"`
	Text   string    `json:"text"`
	Told   int       `json:"told"`
	Spared int       `json:"spared" doc:"Who want none, or were called twice this week"`
	Done   bool      `json:"done"`
}

type newCall struct {
	CoursePath
	Body struct {
		Text string `json:"text,omitempty" maxLength:"2000"`
	}
}

type callRoutes struct {
	Services
	clock courses.Clock
}

func registerCalls(api huma.API, services Services, clock courses.Clock) {
	r := callRoutes{services, clock}
	private(api, get("getCalls", "/api/studio/courses/{id}/calls", "How a course stands with calls to those on it"), r.calling)
	private(api, post("callLearners", "/api/studio/courses/{id}/calls", "Ask all who are on a course and have not finished to go on"), r.call)
}

func callView(c notices.CallOut) CallView {
	return CallView{At: c.At, Text: c.Text, Told: c.Told, Spared: c.Spared, Done: c.Done}
}

func (r callRoutes) calling(ctx context.Context, actor courses.Actor, in *CoursePath) (*body[CallingView], error) {
	c, err := r.Notices.Calling(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	v := CallingView{Open: c.Open, Left: c.Left, Allowed: c.Allowed}
	if c.Next.After(r.clock.Now()) {
		v.Next = &c.Next
	}
	if c.Last != nil {
		v.Last = new(callView(*c.Last))
	}
	return &body[CallingView]{Body: v}, nil
}

func (r callRoutes) call(ctx context.Context, actor courses.Actor, in *newCall) (*body[CallView], error) {
	c, err := r.Notices.Call(ctx, actor, in.ID, in.Body.Text)
	return &body[CallView]{Body: callView(c)}, err
}
