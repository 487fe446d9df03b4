package handlers

import (
	"haidang/courses"
	"haidang/courses/assessment"
	"haidang/courses/media"
)

// Area is a rectangle on a picture, in basis points of its width and height.
type Area struct {
	X      int `json:"x" doc:"From the left"`
	Y      int `json:"y" doc:"From above"`
	Width  int `json:"width"`
	Height int `json:"height"`
}

// ItemPicture is what the areas of a hotspot lie on.
type ItemPicture struct {
	Asset courses.AssetID `json:"asset" maxLength:"36" doc:"A picture of the bank's organisation that is ready"`
	Alt   string          `json:"alt" maxLength:"1000" doc:"What it shows, for those who cannot see it"`
}

// ItemScene is a place in a scenario where something has to be decided.
type ItemScene struct {
	Text    string       `json:"text" maxLength:"4000"`
	Choices []ItemChoice `json:"choices" maxItems:"6" nullable:"false"`
}

// ItemChoice is one way on from a scene.
type ItemChoice struct {
	Text   string `json:"text" maxLength:"1000"`
	Then   string `json:"then" maxLength:"1000" doc:"What comes of it"`
	Points int    `json:"points" minimum:"0" maximum:"100"`
	Next   int    `json:"next" minimum:"0" maximum:"20" doc:"The scene that follows, from 1; 0 is the end"`
}

// AskedPicture is the picture of a hotspot in an attempt.
type AskedPicture struct {
	Alt    string        `json:"alt"`
	Width  int           `json:"width"`
	Height int           `json:"height"`
	Forms  []PictureForm `json:"forms" nullable:"false" doc:"Narrowest first; keep one on the device, so that the attempt goes on without a network"`
}

// PictureForm is a picture at a width.
type PictureForm struct {
	URL   string `json:"url"`
	Width int    `json:"width"`
}

// AskedScene is a scene of a scenario in an attempt. Texts of all scenes are there,
// so that the attempt goes on without a network; points are not.
type AskedScene struct {
	Text    string        `json:"text"`
	Choices []AskedChoice `json:"choices" nullable:"false" doc:"By position"`
}

// AskedChoice is one way on from a scene.
type AskedChoice struct {
	Text   string `json:"text"`
	Then   string `json:"then" doc:"What comes of it"`
	Next   int    `json:"next" doc:"The scene that follows, from 1; 0 is the end"`
	Points *int   `json:"points,omitempty" doc:"Of a done attempt, where the quiz shows what is right"`
}

func itemOption(o assessment.Option) ItemOption {
	v := ItemOption{Text: o.Text, Right: o.Right, Match: o.Match}
	if o.Area != (assessment.Area{}) {
		v.Area = (*Area)(&o.Area)
	}
	return v
}

func (v ItemOption) domain() assessment.Option {
	o := assessment.Option{Text: v.Text, Right: v.Right, Match: v.Match}
	if v.Area != nil {
		o.Area = assessment.Area(*v.Area)
	}
	return o
}

func itemScene(s assessment.Scene) ItemScene {
	return ItemScene{Text: s.Text, Choices: each(s.Choices, func(c assessment.Choice) ItemChoice { return ItemChoice(c) })}
}

func (v ItemScene) domain() assessment.Scene {
	return assessment.Scene{Text: v.Text, Choices: each(v.Choices, func(c ItemChoice) assessment.Choice { return assessment.Choice(c) })}
}

func askedPicture(q assessment.Question, a media.Asset) *AskedPicture {
	return &AskedPicture{
		Alt: q.Picture.Alt, Width: a.Facts.Width, Height: a.Facts.Height,
		Forms: each(a.Made, func(r media.Rendition) PictureForm { return PictureForm{URL: mediaURL(a, r.File), Width: r.Width} }),
	}
}

func askedScenes(q assessment.Question, order []int, pointed bool) []AskedScene {
	return each(q.ScenesIn(order), func(s assessment.Scene) AskedScene {
		return AskedScene{Text: s.Text, Choices: each(s.Choices, func(c assessment.Choice) AskedChoice {
			v := AskedChoice{Text: c.Text, Then: c.Then, Next: c.Next}
			if pointed {
				v.Points = &c.Points
			}
			return v
		})}
	})
}
