package media

import (
	"slices"
	"testing"
)

func TestADeviceKeepsWhatShowsAnAsset(t *testing.T) {
	film := Rendition{Name: "240p", File: "240p.mp4", Bytes: 24, Codecs: "avc1"}
	sound := Rendition{Name: audio, File: "audio.mp4", Bytes: 3, Codecs: "mp4a"}
	narrow, wide, wider := Rendition{File: "w480.jpg", Width: 480, Bytes: 4}, Rendition{File: "w960.jpg", Width: 960, Bytes: 9}, Rendition{File: "w1600.jpg", Width: 1600, Bytes: 16}
	for _, c := range []struct {
		name  string
		asset Asset
		want  []Piece
	}{
		{
			"a film, of which a rendition is chosen",
			Asset{Kind: Video, State: Ready, Bytes: 99, Poster: true, Captions: 2, Made: []Rendition{film, sound, {Name: thumbs, File: "thumbs.jpg"}}},
			[]Piece{{File: "240p.mp4", Bytes: 24, Rendition: "240p"}, {File: "audio.mp4", Bytes: 3, Rendition: "audio"}, {File: "poster.jpg"}, {File: "captions.vtt"}},
		},
		{"a film of which nothing is made", Asset{Kind: Video, State: Ready, Bytes: 99}, []Piece{{File: "source", Bytes: 99}}},
		{"a picture that fills a phone", Asset{Kind: Image, State: Ready, Bytes: 99, Made: []Rendition{narrow, wide, wider}}, []Piece{{File: "w960.jpg", Bytes: 9}}},
		{"a narrow picture", Asset{Kind: Image, State: Ready, Bytes: 99, Made: []Rendition{narrow}}, []Piece{{File: "w480.jpg", Bytes: 4}}},
		{
			"a document with its pages",
			Asset{Kind: Document, State: Ready, Bytes: 99, Facts: Facts{Pages: 3}, Made: []Rendition{{Name: pages, File: wordsFile, Bytes: 30}}},
			[]Piece{{File: "p", Bytes: 30, Pages: 3}, {File: "source", Bytes: 99}},
		},
		{"what is not looked into", Asset{Kind: Video, State: Uploaded, Bytes: 99}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := c.asset.Pieces(); !slices.Equal(got, c.want) {
				t.Errorf("Pieces() = %+v, want %+v", got, c.want)
			}
		})
	}
}
