package handlers

import (
	"context"
	"haidang/courses"
	"haidang/courses/catalog"
	"haidang/courses/surveys"

	"github.com/danielgtaylor/huma/v2"
)

// ResultsView is what the answers on a version of a course amount to, in whole
// groups of five. What fewer said is not in it.
type ResultsView struct {
	Title       string             `json:"title"`
	Version     courses.VersionID  `json:"version"`
	Number      int                `json:"number"`
	Told        []ToldVersion      `json:"told" nullable:"false" doc:"All versions that have results, the newest first"`
	Reaction    *SpreadView        `json:"reaction,omitempty" doc:"From the best choice to the worst"`
	Gains       []GainView         `json:"gains" nullable:"false" doc:"By statement"`
	Rated       int                `json:"rated" doc:"How many rated before and after"`
	Evaluations []EvaluationResult `json:"evaluations" nullable:"false" doc:"One for each template"`
	FollowUps   []SpreadView       `json:"followUps" nullable:"false"`
}

// ToldVersion is a version that has results.
type ToldVersion struct {
	Version courses.VersionID `json:"version"`
	Number  int               `json:"number"`
}

// SpreadView is how often each choice was taken.
type SpreadView struct {
	Kind   string `json:"kind" enum:"reaction,used-30,used-90,seen-30,seen-90"`
	N      int    `json:"n"`
	Counts []int  `json:"counts" nullable:"false"`
}

// GainView is how far people agreed with a statement, in hundredths from 100 to 500.
type GainView struct {
	Statement string `json:"statement"`
	Before    int    `json:"before"`
	After     int    `json:"after"`
}

// EvaluationResult is the points by a template, in hundredths.
type EvaluationResult struct {
	Template   courses.Date      `json:"template" doc:"Its first day"`
	Title      string            `json:"title"`
	Basis      string            `json:"basis"`
	N          int               `json:"n"`
	Dimensions []DimensionPoints `json:"dimensions" nullable:"false"`
	Total      int               `json:"total"`
	Band       string            `json:"band"`
}

// DimensionPoints is the points of one dimension, in hundredths.
type DimensionPoints struct {
	Title  string `json:"title"`
	Weight int    `json:"weight" doc:"Points at the most"`
	Points int    `json:"points"`
}

// SurveyTemplate is what an evaluation asks from a day on.
type SurveyTemplate struct {
	From       courses.Date      `json:"from"`
	Title      string            `json:"title" minLength:"1" maxLength:"500"`
	Basis      string            `json:"basis" minLength:"1" maxLength:"500" doc:"The document that prescribes it"`
	Scale      []ScaleStep       `json:"scale" minItems:"2" maxItems:"7" nullable:"false" doc:"What may be answered, from the worst to the best"`
	Dimensions []SurveyDimension `json:"dimensions" minItems:"1" maxItems:"12" nullable:"false" doc:"Their weights are 100 together"`
	Bands      []SurveyBand      `json:"bands" minItems:"1" maxItems:"10" nullable:"false" doc:"From the best to the worst, which is from 0 on"`
	Revision   int               `json:"revision" minimum:"0" doc:"Give it back when saving; 0 of a new one"`
	Fixed      bool              `json:"fixed" doc:"Its day has come: it changes no more"`
}

// ScaleStep is an answer and its worth in percent of the weight.
type ScaleStep struct {
	Label string `json:"label" minLength:"1" maxLength:"500"`
	Worth int    `json:"worth" minimum:"0" maximum:"100"`
}

// SurveyDimension is one side of a course that is evaluated. Its question q of
// dimension d, from 0, is answered as "d0q0".
type SurveyDimension struct {
	Title     string   `json:"title" minLength:"1" maxLength:"500"`
	Weight    int      `json:"weight" minimum:"1" maximum:"100"`
	Questions []string `json:"questions" minItems:"1" maxItems:"10" nullable:"false"`
}

// SurveyBand is what points amount to, from so many on.
type SurveyBand struct {
	From  int    `json:"from" minimum:"0" maximum:"100"`
	Label string `json:"label" minLength:"1" maxLength:"500"`
}

func registerResults(api huma.API, r surveyRoutes) {
	private(api, get("getResults", "/api/courses/{id}/results", "What surveys on a course say, for who keeps it and for HR"), r.results)
	private(api, get("listSurveyTexts", "/api/courses/{id}/results/texts", "What was written, in no order, once five people wrote"), r.texts)
}

func registerTemplates(api huma.API, r surveyRoutes) {
	private(api, get("listTemplates", "/api/survey-templates", "Templates of evaluations, the latest first"), r.templates)
	private(api, put("saveTemplate", "/api/survey-templates/{from}", "Write the template of a day to come"), r.saveTemplate)
	private(api, remove("removeTemplate", "/api/survey-templates/{from}", "Take the template of a day to come away"), r.removeTemplate)
}

type resultsIn struct {
	CoursePath
	Version courses.VersionID `query:"version" maxLength:"36" doc:"Absent: the newest that has results"`
}

func (r surveyRoutes) results(ctx context.Context, actor courses.Actor, in *resultsIn) (*body[ResultsView], error) {
	x, err := r.Surveys.Results(ctx, actor, in.ID, in.Version)
	if err != nil {
		return nil, err
	}
	v := ResultsView{
		Title: x.Version.Content.Title, Version: x.Version.ID, Number: x.Version.Number, Rated: x.Pairs,
		Told:        each(x.Told, func(v catalog.Version) ToldVersion { return ToldVersion{Version: v.ID, Number: v.Number} }),
		Gains:       each(x.Gains, func(g surveys.Gain) GainView { return GainView(g) }),
		Evaluations: each(x.Evaluations, evaluationView), FollowUps: each(x.FollowUps, spreadView),
	}
	if x.Reaction.N > 0 {
		s := spreadView(surveys.Spread{Kind: surveys.Reactions, N: x.Reaction.N, Counts: x.Reaction.Counts["reaction"]})
		v.Reaction = &s
	}
	return &body[ResultsView]{Body: v}, nil
}

func spreadView(s surveys.Spread) SpreadView {
	return SpreadView{Kind: string(s.Kind), N: s.N, Counts: s.Counts}
}

func evaluationView(e surveys.Evaluation) EvaluationResult {
	v := EvaluationResult{Template: e.Template.From, Title: e.Template.Title, Basis: e.Template.Basis, N: e.N, Total: e.Total, Band: e.Band}
	for i, d := range e.Template.Dimensions {
		v.Dimensions = append(v.Dimensions, DimensionPoints{Title: d.Title, Weight: d.Weight, Points: e.Dimensions[i]})
	}
	return v
}

type textsIn struct {
	CoursePath
	PageIn
	Version  courses.VersionID `query:"version" required:"true" maxLength:"36"`
	Kind     string            `query:"kind" required:"true" enum:"reaction,evaluation,used-30,used-90,seen-30,seen-90"`
	Template courses.Date      `query:"template" maxLength:"10" doc:"Of evaluations"`
}

func (r surveyRoutes) texts(ctx context.Context, actor courses.Actor, in *textsIn) (*body[list[string]], error) {
	key := surveys.Key{Version: in.Version, Kind: surveys.Kind(in.Kind), Template: in.Template}
	found, err := r.Surveys.Texts(ctx, actor, in.ID, key, in.page())
	if err != nil {
		return nil, err
	}
	return &body[list[string]]{Body: list[string]{Items: each(found.Items, func(s string) string { return s }), Next: found.Next}}, nil
}

func (r surveyRoutes) templates(ctx context.Context, actor courses.Actor, in *PageIn) (*body[list[SurveyTemplate]], error) {
	found, err := r.Surveys.Templates(ctx, actor, in.page())
	if err != nil {
		return nil, err
	}
	return &body[list[SurveyTemplate]]{Body: list[SurveyTemplate]{Items: each(found.Items, r.template), Next: found.Next}}, nil
}

// template is a template with whether it may still be changed.
func (r surveyRoutes) template(t surveys.Template) SurveyTemplate {
	v := templateView(t)
	v.Fixed = t.From <= r.clock.Today()
	return v
}

type saveTemplateIn struct {
	From courses.Date `path:"from" maxLength:"10"`
	Body SurveyTemplate
}

func (r surveyRoutes) saveTemplate(ctx context.Context, actor courses.Actor, in *saveTemplateIn) (*body[SurveyTemplate], error) {
	t := in.Body.domain()
	t.From = in.From
	saved, err := r.Surveys.SaveTemplate(ctx, actor, t, in.Body.Revision)
	if err != nil {
		return nil, err
	}
	return &body[SurveyTemplate]{Body: r.template(saved)}, nil
}

type removeTemplateIn struct {
	From     courses.Date `path:"from" maxLength:"10"`
	Revision int          `query:"revision" required:"true" minimum:"1"`
}

func (r surveyRoutes) removeTemplate(ctx context.Context, actor courses.Actor, in *removeTemplateIn) (*nothing, error) {
	return nil, r.Surveys.RemoveTemplate(ctx, actor, in.From, in.Revision)
}

func templateView(t surveys.Template) SurveyTemplate {
	return SurveyTemplate{
		From: t.From, Title: t.Title, Basis: t.Basis, Revision: t.Revision,
		Scale: each(t.Scale, func(s surveys.Step) ScaleStep { return ScaleStep(s) }),
		Dimensions: each(t.Dimensions, func(d surveys.Dimension) SurveyDimension {
			return SurveyDimension{Title: d.Title, Weight: d.Weight, Questions: d.Questions}
		}),
		Bands: each(t.Bands, func(b surveys.Band) SurveyBand { return SurveyBand(b) }),
	}
}

func (t SurveyTemplate) domain() surveys.Template {
	return surveys.Template{
		Title: t.Title, Basis: t.Basis,
		Scale: each(t.Scale, func(s ScaleStep) surveys.Step { return surveys.Step(s) }),
		Dimensions: each(t.Dimensions, func(d SurveyDimension) surveys.Dimension {
			return surveys.Dimension{Title: d.Title, Weight: d.Weight, Questions: d.Questions}
		}),
		Bands: each(t.Bands, func(b SurveyBand) surveys.Band { return surveys.Band(b) }),
	}
}
