package handlers

import (
	"context"
	"haidang/courses"
	"haidang/courses/catalog"
	"haidang/courses/surveys"
	"time"

	"github.com/danielgtaylor/huma/v2"
)

// SurveysView is what a learner is asked about a course. What is not asked has no
// state.
type SurveysView struct {
	Statements []Statement     `json:"statements" nullable:"false" doc:"To agree with before and after, from 0 (not at all) to 4 (fully)"`
	Said       map[string]int  `json:"said" nullable:"false" doc:"Before the course, by statement; kept until it is said again after it"`
	Before     string          `json:"before,omitempty" enum:"open,done"`
	After      string          `json:"after,omitempty" enum:"open,done"`
	Reaction   string          `json:"reaction,omitempty" enum:"open,done"`
	Comment    string          `json:"comment,omitempty" enum:"open,done"`
	Evaluation string          `json:"evaluation,omitempty" enum:"open,done"`
	Template   *SurveyTemplate `json:"template,omitempty" doc:"Of the evaluation"`
}

// SurveyAnswer is an answer as a device sends it; nothing that is kept of it names
// who gave it.
type SurveyAnswer struct {
	Event    string         `json:"event" format:"uuid" doc:"Made on the device: sending it again is no second answer"`
	Choices  map[string]int `json:"choices,omitempty" maxProperties:"120" nullable:"false" doc:"By question, from 0"`
	Text     string         `json:"text,omitempty" maxLength:"500"`
	Template courses.Date   `json:"template,omitempty" maxLength:"10" doc:"Of an evaluation: the first day of the template that was shown"`
}

// FollowUpView is a completed course of which somebody is asked whether it shows at
// work.
type FollowUpView struct {
	Completion courses.CompletionID `json:"completion"`
	Days       int                  `json:"days" enum:"30,90"`
	Title      string               `json:"title"`
	Name       string               `json:"name,omitempty" doc:"Of whoever completed it, for those who lead them"`
	At         time.Time            `json:"at" doc:"When it was completed"`
	Until      time.Time            `json:"until"`
	Answered   bool                 `json:"answered"`
}

// FollowUpAnswer is what somebody says of a course at work.
type FollowUpAnswer struct {
	Event  string `json:"event" format:"uuid"`
	Days   int    `json:"days" enum:"30,90"`
	Choice int    `json:"choice" minimum:"0" maximum:"9" doc:"used: weekly, now and then, once, no occasion, of no use; seen: clearly, partly, no, cannot say"`
	Text   string `json:"text,omitempty" maxLength:"500" doc:"One example"`
}

type surveyRoutes struct {
	Services
	clock courses.Clock
}

func registerSurveys(api huma.API, services Services, clock courses.Clock) {
	r := surveyRoutes{Services: services, clock: clock}
	private(api, get("getSurveys", "/api/enrolments/{id}/surveys", "What one is asked about a course that one is on"), r.asked)
	private(api, post("sendSurvey", "/api/enrolments/{id}/surveys/{kind}", "Answer; again under the same id changes nothing"), r.answer)
	private(api, get("listFollowUps", "/api/follow-ups", "Completed courses of one's own that are followed up now"), r.followUps)
	private(api, get("listLedFollowUps", "/api/led-follow-ups", "Those of people whom one leads, latest first; a page may be short"), r.led)
	private(api, post("sendUsed", "/api/follow-ups/{id}/used", "Say whether one used a course"), r.use)
	private(api, post("sendSeen", "/api/follow-ups/{id}/seen", "Say what one saw of a course at the work of somebody whom one leads"), r.see)
	registerResults(api, r)
	registerTemplates(api, r)
}

func (r surveyRoutes) asked(ctx context.Context, actor courses.Actor, in *enrolmentPath) (*body[SurveysView], error) {
	a, err := r.Surveys.Asked(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	v := SurveysView{
		Statements: each(a.Statements, func(x catalog.Statement) Statement { return Statement(x) }), Said: a.Said,
		Before: string(a.Before), After: string(a.After), Reaction: string(a.Reaction), Comment: string(a.Comment), Evaluation: string(a.Evaluation),
	}
	if v.Said == nil {
		v.Said = map[string]int{}
	}
	if a.Evaluation == surveys.Open {
		t := templateView(a.Template)
		v.Template = &t
	}
	return &body[SurveysView]{Body: v}, nil
}

type surveyIn struct {
	ID   courses.EnrolmentID `path:"id" maxLength:"80"`
	Kind string              `path:"kind" enum:"before,after,reaction,comment,evaluation"`
	Body SurveyAnswer
}

func (r surveyRoutes) answer(ctx context.Context, actor courses.Actor, in *surveyIn) (*nothing, error) {
	said := surveys.Said{Event: in.Body.Event, Choices: in.Body.Choices, Text: in.Body.Text, Template: in.Body.Template}
	take := map[string]func(context.Context, courses.Actor, courses.EnrolmentID, surveys.Said) error{
		"before": r.Surveys.Rate, "after": r.Surveys.RateAgain, "reaction": r.Surveys.React, "comment": r.Surveys.Comment, "evaluation": r.Surveys.Evaluate,
	}[in.Kind]
	return nil, take(ctx, actor, in.ID, said)
}

func (r surveyRoutes) followUps(ctx context.Context, actor courses.Actor, _ *nothing) (*body[list[FollowUpView]], error) {
	found, err := r.Surveys.FollowUps(ctx, actor)
	if err != nil {
		return nil, err
	}
	return &body[list[FollowUpView]]{Body: list[FollowUpView]{Items: each(found, followUpView)}}, nil
}

func followUpView(f surveys.FollowUp) FollowUpView {
	return FollowUpView{Completion: f.ID, Days: f.Days, Title: f.Title, At: f.At, Until: f.Until, Answered: f.Answered}
}

func (r surveyRoutes) led(ctx context.Context, actor courses.Actor, in *PageIn) (*body[list[FollowUpView]], error) {
	found, err := r.Surveys.Led(ctx, actor, in.page())
	if err != nil {
		return nil, err
	}
	names, err := r.fullNames(ctx, each(found.Items, func(f surveys.FollowUp) courses.PersonID { return f.Person })...)
	if err != nil {
		return nil, err
	}
	views := each(found.Items, func(f surveys.FollowUp) FollowUpView {
		v := followUpView(f)
		v.Name = names[f.Person]
		return v
	})
	return &body[list[FollowUpView]]{Body: list[FollowUpView]{Items: views, Next: found.Next}}, nil
}

type followUpIn struct {
	ID   courses.CompletionID `path:"id" maxLength:"80"`
	Body FollowUpAnswer
}

func (in *followUpIn) said(question string) surveys.Said {
	return surveys.Said{Event: in.Body.Event, Choices: surveys.Answer{question: in.Body.Choice}, Text: in.Body.Text}
}

func (r surveyRoutes) use(ctx context.Context, actor courses.Actor, in *followUpIn) (*nothing, error) {
	return nil, r.Surveys.Use(ctx, actor, in.ID, in.Body.Days, in.said("used"))
}

func (r surveyRoutes) see(ctx context.Context, actor courses.Actor, in *followUpIn) (*nothing, error) {
	return nil, r.Surveys.See(ctx, actor, in.ID, in.Body.Days, in.said("seen"))
}
