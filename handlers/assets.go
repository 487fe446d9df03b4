package handlers

import (
	"fmt"
	"haidang/courses"
	"haidang/courses/media"
	"strings"
)

// AssetView is a file that lessons show.
type AssetView struct {
	ID         courses.AssetID `json:"id"`
	State      string          `json:"state" enum:"uploaded,ready,failed"`
	Kind       string          `json:"kind" enum:"video,audio,document,image"`
	Name       string          `json:"name"`
	Type       string          `json:"type" doc:"Media type, found by content"`
	Bytes      int64           `json:"bytes"`
	SHA256     string          `json:"sha256,omitempty"`
	DurationMs int64           `json:"durationMs,omitempty"`
	Width      int             `json:"width,omitempty"`
	Height     int             `json:"height,omitempty"`
	Pages      int             `json:"pages,omitempty"`
	URL        string          `json:"url,omitempty" doc:"Ranges of the file, with the session; of a picture, its largest form without metadata"`
	Srcset     string          `json:"srcset,omitempty" doc:"A picture's forms by width, as the attribute takes them"`
	PosterURL  string          `json:"posterUrl,omitempty"`
	Problem    string          `json:"problem,omitempty" doc:"Refusal code of a failed asset"`
}

func assetView(a media.Asset) AssetView {
	view := AssetView{
		ID: a.ID, State: string(a.State), Kind: string(a.Kind), Name: a.Name, Type: a.Type, Bytes: a.Bytes, SHA256: a.SHA256,
		DurationMs: a.Facts.DurationMs, Width: a.Facts.Width, Height: a.Facts.Height, Pages: a.Facts.Pages, Problem: a.Problem,
	}
	if a.State != media.Ready {
		return view
	}
	view.URL = mediaURL(a, "source")
	if a.Poster {
		view.PosterURL = mediaURL(a, "poster.jpg")
	}
	if a.Kind == media.Image && len(a.Made) > 0 {
		view.URL, view.Srcset = mediaURL(a, a.Made[len(a.Made)-1].File), srcset(a)
	}
	return view
}

// mediaURL is where a file of an asset is served.
func mediaURL(a media.Asset, file string) string { return "/media/" + string(a.ID) + "/" + file }

func srcset(a media.Asset) string {
	forms := make([]string, len(a.Made))
	for i, r := range a.Made {
		forms[i] = fmt.Sprintf("%s %dw", mediaURL(a, r.File), r.Width)
	}
	return strings.Join(forms, ", ")
}
