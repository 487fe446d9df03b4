package handlers

import (
	"fmt"
	"haidang/courses"
	"haidang/courses/media"
	"strings"
)

// AssetView is a file that lessons show.
type AssetView struct {
	ID          courses.AssetID `json:"id"`
	State       string          `json:"state" enum:"uploaded,ready,failed"`
	Kind        string          `json:"kind" enum:"video,audio,document,image,office,package"`
	Name        string          `json:"name"`
	Type        string          `json:"type" doc:"Media type, found by content"`
	Bytes       int64           `json:"bytes"`
	SHA256      string          `json:"sha256,omitempty"`
	DurationMs  int64           `json:"durationMs,omitempty"`
	Width       int             `json:"width,omitempty"`
	Height      int             `json:"height,omitempty"`
	Pages       int             `json:"pages,omitempty"`
	URL         string          `json:"url,omitempty" doc:"Ranges of the file, with the session; of a picture, its largest form without metadata"`
	Srcset      string          `json:"srcset,omitempty" doc:"A picture's forms by width, as the attribute takes them"`
	PosterURL   string          `json:"posterUrl,omitempty"`
	Problem     string          `json:"problem,omitempty" doc:"Refusal code of an asset or a transcoding that failed"`
	Transcode   string          `json:"transcode,omitempty" enum:"waiting,running,ready,failed" doc:"Of a recording, which plays before that is ready, and of a document's pages"`
	Progress    int             `json:"progress,omitempty" minimum:"0" maximum:"100" doc:"Percent of the transcoding"`
	Renditions  []Rendition     `json:"renditions,omitempty" nullable:"false" doc:"What else can be played of a recording"`
	PagesURL    string          `json:"pagesUrl,omitempty" doc:"Where the pages of a document begin: with 1.webp behind it the picture of the first, with 1.txt its text"`
	HLSURL      string          `json:"hlsUrl,omitempty" doc:"Playlist of all renditions"`
	CaptionsURL string          `json:"captionsUrl,omitempty" doc:"WebVTT in Vietnamese"`
	ThumbsURL   string          `json:"thumbsUrl,omitempty" doc:"WebVTT of small pictures by time"`
}

// Rendition is a recording for slower networks.
type Rendition struct {
	Name    string `json:"name" doc:"Its height, such as 480p, or audio"`
	Bytes   int64  `json:"bytes"`
	Width   int    `json:"width,omitempty"`
	Height  int    `json:"height,omitempty"`
	Bitrate int64  `json:"bitrate" doc:"Bits per second on average"`
	URL     string `json:"url"`
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
	renditions(&view, a)
	return view
}

// renditions shows what is made of a recording or a document, as far as it is.
func renditions(view *AssetView, a media.Asset) {
	view.Transcode, view.Progress = string(a.Transcode), a.Progress
	for _, r := range a.Recordings() {
		view.Renditions = append(view.Renditions, Rendition{
			Name: r.Name, Bytes: r.Bytes, Width: r.Width, Height: r.Height, Bitrate: r.Bitrate, URL: mediaURL(a, r.File),
		})
	}
	if a.Paged() {
		view.PagesURL = mediaURL(a, "p")
	}
	if a.Transcode == media.Complete && len(view.Renditions) > 0 {
		view.HLSURL = mediaURL(a, "master.m3u8")
	}
	if a.Captions > 0 {
		view.CaptionsURL = mediaURL(a, "captions.vtt")
	}
	if a.Thumbs() {
		view.ThumbsURL = mediaURL(a, "thumbs.vtt")
	}
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
