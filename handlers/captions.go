package handlers

import (
	"context"
	"haidang/courses"
	"haidang/courses/media"

	"github.com/danielgtaylor/huma/v2"
)

// Cue is what is said between two instants of a recording.
type Cue struct {
	FromMs int64  `json:"fromMs"`
	ToMs   int64  `json:"toMs"`
	Text   string `json:"text" maxLength:"5000" doc:"Lines, with the marks b, i and u"`
}

// Captions are what is said in a recording.
type Captions struct {
	Language string `json:"language" enum:"vi"`
	Revision int    `json:"revision" doc:"0 before anybody saved"`
	Cues     []Cue  `json:"cues" nullable:"false"`
}

// newCaptions replaces captions by cues or by a WebVTT file.
type newCaptions struct {
	Revision int    `json:"revision" minimum:"0" doc:"The one that was read"`
	Cues     []Cue  `json:"cues,omitempty" maxItems:"20000"`
	VTT      string `json:"vtt,omitempty" doc:"A WebVTT file, instead of cues; at most 1 MiB"`
}

type captionsInput struct {
	ID   courses.AssetID `path:"id" maxLength:"36"`
	Body newCaptions
}

func registerCaptions(api huma.API, r mediaRoutes) {
	private(api, get("getCaptions", "/api/assets/{id}/captions", "What is said in a recording"), r.captions)
	save := put("putCaptions", "/api/assets/{id}/captions", "Replace what is said in a recording")
	save.MaxBodyBytes = jsonLimit // a file of 1 MiB and what JSON adds
	private(api, save, r.saveCaptions)
}

func (r mediaRoutes) captions(ctx context.Context, actor courses.Actor, in *assetPath) (*body[Captions], error) {
	c, err := r.Media.Captions(ctx, actor, in.ID)
	return &body[Captions]{Body: captionsView(c)}, err
}

func (r mediaRoutes) saveCaptions(ctx context.Context, actor courses.Actor, in *captionsInput) (*body[Captions], error) {
	cues := make([]media.Cue, len(in.Body.Cues))
	for i, c := range in.Body.Cues {
		cues[i] = media.Cue(c)
	}
	c, err := r.Media.SaveCaptions(ctx, actor, in.ID, in.Body.Revision, cues, in.Body.VTT)
	return &body[Captions]{Body: captionsView(c)}, err
}

func captionsView(c media.Captions) Captions {
	view := Captions{Language: c.Language, Revision: c.Revision, Cues: make([]Cue, len(c.Cues))}
	for i, cue := range c.Cues {
		view.Cues[i] = Cue(cue)
	}
	return view
}
