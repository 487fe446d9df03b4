package media

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
)

// Rendition is a smaller form of an asset, in one object that is written once, or
// the pages of a document.
type Rendition struct {
	Name          string // such as "w480", "480p", "audio" or "thumbs"
	File          string // the name with its type: "480p.mp4"
	Type          string // media type
	Bytes         int64  // of pages, all of them together
	Width, Height int    // pixels; 0 without a picture
	Bitrate, Peak int64  // bits per second of a recording: on average, and in its fullest segment
	Codecs        string // of a recording, as playlists name them
}

// recording says that it is to be played, not looked at.
func (r Rendition) recording() bool { return r.Codecs != "" }

// playlist is the name of its HLS playlist.
func (r Rendition) playlist() string { return r.Name + ".m3u8" }

// Recordings are the renditions that can be played, in the order in which they
// were made.
func (a Asset) Recordings() []Rendition {
	return slices.DeleteFunc(slices.Clone(a.Made), func(r Rendition) bool { return !r.recording() })
}

// Thumbs says that a film has a track of small pictures.
func (a Asset) Thumbs() bool { return a.has(thumbs) }

func (a Asset) has(name string) bool {
	return slices.ContainsFunc(a.Made, func(r Rendition) bool { return r.Name == name })
}

// Names of renditions that are no films; those are named by their heights.
const (
	audio  = "audio"
	thumbs = "thumbs"
	pages  = "pages"
)

// Heights are the films' heights in pixels by name. A film is made in those that
// are no higher than itself.
var Heights = map[string]int{"240p": 240, "480p": 480, "720p": 720}

// target is a rendition to be made; weights say how long it takes in comparison.
type target struct {
	name   string
	weight int64
}

// targets are the renditions of a recording, what serves the slowest networks
// first, or the pages of a document.
func (a Asset) targets() []target {
	if a.Kind == Document {
		return []target{{pages, 1}}
	}
	all := []target{{"240p", 2}, {audio, 1}, {"480p", 4}, {"720p", 7}, {thumbs, 2}}
	return slices.DeleteFunc(all, func(t target) bool {
		switch {
		case t.name == audio:
			return a.Facts.Silent
		case a.Kind == Audio:
			return true
		}
		return Heights[t.name] > a.Facts.Height
	})
}

// Small pictures of a film lie in one large one, row by row.
const (
	ThumbWidth   = 160 // pixels
	ThumbHeight  = 90  // pixels
	ThumbColumns = 10
	maxThumbs    = 200
)

// ThumbsOf says how many small pictures a film has and after how many
// milliseconds the next one comes: at least 10 s.
func ThumbsOf(durationMs int64) (count int, everyMs int64) {
	everyMs = max(10_000, (durationMs+maxThumbs*1000-1)/(maxThumbs*1000)*1000)
	return int(max(1, (durationMs+everyMs-1)/everyMs)), everyMs
}

// thumbTrack is the WebVTT that says which small picture belongs to which time.
func thumbTrack(durationMs int64, file string) []byte {
	count, every := ThumbsOf(durationMs)
	var b bytes.Buffer
	b.WriteString("WEBVTT\n")
	for i := range count {
		from := int64(i) * every
		fmt.Fprintf(&b, "\n%s --> %s\n%s#xywh=%d,%d,%d,%d\n", vttTime(from), vttTime(min(from+every, durationMs)), file,
			i%ThumbColumns*ThumbWidth, i/ThumbColumns*ThumbHeight, ThumbWidth, ThumbHeight)
	}
	return b.Bytes()
}

// vttTime is 01:02:03.004 of milliseconds.
func vttTime(ms int64) string {
	return fmt.Sprintf("%02d:%02d:%02d.%03d", ms/3_600_000, ms/60_000%60, ms/1000%60, ms%1000)
}

// called finds a rendition by its file or its playlist.
func (a Asset) called(file string) (r Rendition, found bool) {
	i := slices.IndexFunc(a.Made, func(r Rendition) bool {
		return r.File == file || r.recording() && r.playlist() == file || r.Name == thumbs && file == thumbsVTT
	})
	if i < 0 {
		return r, false
	}
	return a.Made[i], true
}

const thumbsVTT = thumbs + ".vtt"

// typeOf is the media type of a text that lies beside a rendition.
func typeOf(text string) string {
	if strings.HasSuffix(text, ".vtt") {
		return "text/vtt; charset=utf-8"
	}
	return "application/vnd.apple.mpegurl"
}
