package media

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// boxed is a box of an MP4.
func boxed(name string, body ...byte) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(8+len(body)))
	return append(append(b, name...), body...)
}

// indexed is a sidx (version 1) of segments of bytes and milliseconds.
func indexed(skip uint64, references ...[2]uint32) []byte {
	be := binary.BigEndian
	b := append([]byte{1, 0, 0, 0}, 0, 0, 0, 1)
	b = be.AppendUint32(b, 1000)
	b = be.AppendUint64(b, 0)
	b = be.AppendUint64(b, skip)
	b = be.AppendUint32(b, uint32(len(references)))
	for _, r := range references {
		b = be.AppendUint32(be.AppendUint32(be.AppendUint32(b, r[0]), r[1]), 0x9000_0000)
	}
	return boxed("sidx", b...)
}

// moov describes a film of 854x480 with sound.
func moov() []byte {
	entry := append(make([]byte, 24), 3, 0x56, 1, 0xe0)
	body := append([]byte("....avc1"), entry...)
	return boxed("moov", append(body, "....avcC\x01\x64\x00\x1e....mp4a"...)...)
}

func file(index []byte, rest int) []byte {
	return bytes.Join([][]byte{boxed("ftyp", []byte("isom")...), moov(), index, make([]byte, rest)}, nil)
}

func TestAPlaylistNamesTheBytesOfEachSegment(t *testing.T) {
	b := file(indexed(20, [2]uint32{1000, 3000}, [2]uint32{500, 3000}, [2]uint32{3000, 6004}, [2]uint32{10, 100}), 20+4510)
	f, err := ReadFragments(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	want := `#EXTM3U
#EXT-X-VERSION:7
#EXT-X-TARGETDURATION:7
#EXT-X-PLAYLIST-TYPE:VOD
#EXT-X-INDEPENDENT-SEGMENTS
#EXT-X-MAP:URI="480p.mp4",BYTERANGE="%d@0"
#EXTINF:6.000000,
#EXT-X-BYTERANGE:1500@%d
480p.mp4
#EXTINF:6.004000,
#EXT-X-BYTERANGE:3000@%d
480p.mp4
#EXTINF:0.100000,
#EXT-X-BYTERANGE:10@%d
480p.mp4
#EXT-X-ENDLIST
`
	init, start := len(boxed("ftyp", []byte("isom")...))+len(moov()), len(b)-4510
	want = fmt.Sprintf(want, init, start, start+1500, start+4500)
	if got := string(f.Playlist("480p.mp4")); got != want {
		t.Errorf("the playlist is\n%s\nwant\n%s", got, want)
	}
	if average, peak := f.Rates(); average != 2981 || peak != 3998 { // 3000 bytes in 6.004 s
		t.Errorf("it needs %d bit/s, at most %d", average, peak)
	}
	if f.Codecs != "avc1.64001e,mp4a.40.2" || f.Width != 854 || f.Height != 480 {
		t.Errorf("it is %s of %dx%d", f.Codecs, f.Width, f.Height)
	}
}

func TestTheMasterPlaylistTellsWhatEachNeeds(t *testing.T) {
	a := Asset{Made: []Rendition{
		{Name: "240p", File: "240p.mp4", Width: 426, Height: 240, Bitrate: 90_000, Peak: 120_000, Codecs: "avc1.640015,mp4a.40.2"},
		{Name: "audio", File: "audio.mp4", Bitrate: 64_000, Peak: 70_000, Codecs: "mp4a.40.2"},
		{Name: "thumbs", File: "thumbs.jpg", Width: 1600, Height: 90},
	}}
	want := `#EXTM3U
#EXT-X-VERSION:7
#EXT-X-INDEPENDENT-SEGMENTS
#EXT-X-STREAM-INF:BANDWIDTH=120000,AVERAGE-BANDWIDTH=90000,CODECS="avc1.640015,mp4a.40.2",RESOLUTION=426x240
240p.m3u8
#EXT-X-STREAM-INF:BANDWIDTH=70000,AVERAGE-BANDWIDTH=64000,CODECS="mp4a.40.2"
audio.m3u8
`
	if got := string(master(a)); got != want {
		t.Errorf("it is\n%s", got)
	}
}

func TestFilesWithoutAnIndexHaveNoSegments(t *testing.T) {
	good := indexed(0, [2]uint32{100, 1000})
	cases := map[string][]byte{
		"nothing": nil, "seven bytes": make([]byte, 7), "no index": append(boxed("ftyp"), moov()...),
		"an index without a description": append(append(boxed("ftyp"), good...), make([]byte, 100)...),
		"an index of no time":            file(indexed(0, [2]uint32{100, 0}), 100),
		"an index of no bytes":           file(indexed(0, [2]uint32{0, 100}), 100),
		"an index of an index":           file(indexed(0, [2]uint32{1<<31 | 100, 1000}), 100),
		"segments beyond the end":        file(good, 99),
		"an index that skips all":        file(indexed(1<<39, [2]uint32{100, 1000}), 100),
		"an empty index":                 file(indexed(0), 100),
		"a box larger than the file":     []byte("\xff\xff\xff\xffmoov"),
		"a box smaller than its head":    []byte("\x00\x00\x00\x07moov"),
		"a box as large as can be said":  []byte("\x00\x00\x00\x01moov\xff\xff\xff\xff\xff\xff\xff\xff"),
	}
	for name, b := range cases {
		if f, err := ReadFragments(bytes.NewReader(b), int64(len(b))); err == nil {
			t.Errorf("%s gives %+v", name, f)
		}
	}
}

func FuzzReadFragments(f *testing.F) {
	f.Add(file(indexed(20, [2]uint32{1000, 3000}, [2]uint32{500, 3000}), 1520))
	f.Add([]byte("\x00\x00\x00\x01moov\x00\x00\x00\x00\x00\x00\x00\x10"))
	f.Fuzz(func(t *testing.T, b []byte) {
		fragments, err := ReadFragments(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			return
		}
		for _, s := range fragments.Segments {
			if s.Offset < fragments.Init || s.Bytes < 1 || s.Offset+s.Bytes > int64(len(b)) || s.Micros < 1 {
				t.Fatalf("%+v in %d bytes", s, len(b))
			}
		}
		if average, peak := fragments.Rates(); average < 1 || peak < average {
			t.Fatalf("it needs %d bit/s, at most %d", average, peak)
		}
	})
}

func TestSmallPicturesCoverTheWholeFilm(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ms := rapid.Int64Range(1, 24*3_600_000).Draw(t, "duration")
		count, every := ThumbsOf(ms)
		if count < 1 || count > maxThumbs || every < 10_000 || int64(count)*every < ms || int64(count-1)*every >= ms {
			t.Fatalf("a film of %d ms has %d, every %d ms", ms, count, every)
		}
	})
	want := "WEBVTT\n\n00:00:00.000 --> 00:00:10.000\nthumbs.jpg#xywh=0,0,160,90\n\n00:00:10.000 --> 00:00:12.500\nthumbs.jpg#xywh=160,0,160,90\n"
	if got := string(thumbTrack(12_500, "thumbs.jpg")); got != want {
		t.Errorf("the track is\n%s", got)
	}
}

func TestARecordingIsMadeInWhatIsNoLargerThanItself(t *testing.T) {
	for _, c := range []struct {
		asset Asset
		want  string
	}{
		{Asset{Kind: Video, Facts: Facts{Height: 1080}}, "240p audio 480p 720p thumbs"},
		{Asset{Kind: Video, Facts: Facts{Height: 480}}, "240p audio 480p thumbs"},
		{Asset{Kind: Video, Facts: Facts{Height: 479, Silent: true}}, "240p thumbs"},
		{Asset{Kind: Video, Facts: Facts{Height: 144}}, "audio thumbs"},
		{Asset{Kind: Audio}, "audio"},
	} {
		var names []string
		for _, t := range c.asset.targets() {
			names = append(names, t.name)
		}
		if got := strings.Join(names, " "); got != c.want {
			t.Errorf("%+v is made in %s", c.asset, got)
		}
	}
}
