package media

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Fragments is how a fragmented MP4 lies in its file.
type Fragments struct {
	Init          int64 // bytes that come before every segment: ftyp and moov
	Segments      []Segment
	Codecs        string // as playlists name them
	Width, Height int    // pixels; 0 without a picture
}

// Segment is a run of bytes that can be played by itself after the init bytes.
type Segment struct {
	Offset, Bytes int64
	Micros        int64 // how long it plays, in microseconds
}

// segmentMicros is how long a segment plays at least, but for the last one: a
// little less than the encoder's six seconds, which fall on frames.
const segmentMicros = 5_500_000

// The largest heads that are read into memory; those of a day have less.
const (
	maxMoov = 1 << 20
	maxSidx = 4 << 20
)

var errFragments = errors.New("this is no fragmented MP4 with an index")

// ReadFragments reads the layout off an MP4 that begins with ftyp, moov and a
// segment index (sidx), as the encoder writes it.
func ReadFragments(r io.ReaderAt, size int64) (Fragments, error) {
	var f Fragments
	for at := int64(0); at < size; {
		box, err := boxAt(r, at, size)
		if err != nil {
			return f, err
		}
		switch box.name {
		case "moov":
			b, err := box.body(r, maxMoov)
			if err != nil {
				return f, err
			}
			f.Init = at + box.bytes
			f.Codecs, f.Width, f.Height = codecs(b)
		case "sidx":
			b, err := box.body(r, maxSidx)
			if err != nil {
				return f, err
			}
			f.Segments, err = segments(b, at+box.bytes, size)
			if err == nil && (f.Init == 0 || f.Codecs == "") {
				err = errFragments
			}
			return f, err
		}
		at += box.bytes
	}
	return f, errFragments
}

// box is one box of an MP4 (ISO/IEC 14496-12).
type box struct {
	name          string
	at            int64
	bytes, header int64
}

func boxAt(r io.ReaderAt, at, size int64) (box, error) {
	var b [16]byte
	n, err := r.ReadAt(b[:], at)
	if err != nil && !errors.Is(err, io.EOF) {
		return box{}, fmt.Errorf("read a box at %d: %w", at, err)
	}
	if n < 8 {
		return box{}, errFragments
	}
	x := box{name: string(b[4:8]), at: at, bytes: int64(binary.BigEndian.Uint32(b[:])), header: 8}
	if x.bytes == 1 && n == 16 {
		x.bytes, x.header = int64(binary.BigEndian.Uint64(b[8:])&(1<<62-1)), 16
	}
	if x.bytes < x.header || x.bytes > size-at {
		return box{}, errFragments
	}
	return x, nil
}

func (x box) body(r io.ReaderAt, most int64) ([]byte, error) {
	if x.bytes > most {
		return nil, errFragments
	}
	b := make([]byte, x.bytes-x.header)
	if _, err := r.ReadAt(b, x.at+x.header); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read %s: %w", x.name, err)
	}
	return b, nil
}

// segments reads a sidx whose references count from anchor, and joins them until
// each plays long enough.
func segments(b []byte, anchor, size int64) ([]Segment, error) {
	be := binary.BigEndian
	head := 24
	if len(b) > 0 && b[0] > 0 {
		head = 32
	}
	if len(b) < head {
		return nil, errFragments
	}
	scale, at := int64(be.Uint32(b[8:])), anchor+int64(be.Uint32(b[16:]))
	if head == 32 {
		at = anchor + int64(be.Uint64(b[20:])&(1<<40-1))
	}
	count := int(be.Uint16(b[head-2:]))
	if scale == 0 || count == 0 || len(b) != head+12*count {
		return nil, errFragments
	}
	var list []Segment
	for i := range count {
		reference := b[head+12*i:]
		bytes, micros := int64(be.Uint32(reference)), int64(be.Uint32(reference[4:]))*1_000_000/scale
		if bytes < 1 || bytes > size-at || micros < 1 { // also an index of indexes, whose first bit is set
			return nil, errFragments
		}
		if last := len(list) - 1; last >= 0 && list[last].Micros < segmentMicros {
			list[last].Bytes += bytes
			list[last].Micros += micros
		} else {
			list = append(list, Segment{Offset: at, Bytes: bytes, Micros: micros})
		}
		at += bytes
	}
	return list, nil
}

// codecs names what a moov describes: H.264 by the profile and level in its
// avcC, AAC-LC by its sample entry.
func codecs(moov []byte) (names string, width, height int) {
	var list []string
	if at := bytes.Index(moov, []byte("avcC")); at >= 0 && len(moov) > at+8 {
		list = append(list, fmt.Sprintf("avc1.%02x%02x%02x", moov[at+5], moov[at+6], moov[at+7]))
	}
	if at := bytes.Index(moov, []byte("avc1")); len(list) > 0 && at >= 0 && len(moov) > at+32 {
		width, height = int(binary.BigEndian.Uint16(moov[at+28:])), int(binary.BigEndian.Uint16(moov[at+30:]))
	}
	if bytes.Contains(moov, []byte("mp4a")) {
		list = append(list, "mp4a.40.2")
	}
	return strings.Join(list, ","), width, height
}

// Micros is how long all segments play.
func (f Fragments) Micros() int64 {
	total := int64(0)
	for _, s := range f.Segments {
		total += s.Micros
	}
	return total
}

// Rates are the bits per second on average and in the fullest segment. One that
// plays less than half as long as others tells nothing (RFC 8216 §4.3.4.2).
func (f Fragments) Rates() (average, peak int64) {
	sum := int64(0)
	for _, s := range f.Segments {
		sum += s.Bytes
		if s.Micros >= segmentMicros/2 {
			peak = max(peak, rate(s.Bytes, s.Micros))
		}
	}
	average = rate(sum, f.Micros())
	return average, max(average, peak)
}

// rate is bits per second, rounded up.
func rate(bytes, micros int64) int64 { return (bytes*8_000_000 + micros - 1) / max(micros, 1) }

// Playlist is the HLS media playlist of a file that lies beside it.
func (f Fragments) Playlist(file string) []byte {
	longest := int64(0)
	for _, s := range f.Segments {
		longest = max(longest, s.Micros)
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:%d\n#EXT-X-PLAYLIST-TYPE:VOD\n#EXT-X-INDEPENDENT-SEGMENTS\n", (longest+999_999)/1_000_000)
	fmt.Fprintf(&b, "#EXT-X-MAP:URI=%q,BYTERANGE=\"%d@0\"\n", file, f.Init)
	for _, s := range f.Segments {
		fmt.Fprintf(&b, "#EXTINF:%d.%06d,\n#EXT-X-BYTERANGE:%d@%d\n%s\n", s.Micros/1_000_000, s.Micros%1_000_000, s.Bytes, s.Offset, file)
	}
	b.WriteString("#EXT-X-ENDLIST\n")
	return b.Bytes()
}

// master is the HLS playlist of all recordings among an asset's renditions.
func master(a Asset) []byte {
	var b bytes.Buffer
	b.WriteString("#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-INDEPENDENT-SEGMENTS\n")
	for _, r := range a.Recordings() {
		fmt.Fprintf(&b, "#EXT-X-STREAM-INF:BANDWIDTH=%d,AVERAGE-BANDWIDTH=%d,CODECS=%q", r.Peak, r.Bitrate, r.Codecs)
		if r.Width > 0 {
			fmt.Fprintf(&b, ",RESOLUTION=%dx%d", r.Width, r.Height)
		}
		fmt.Fprintf(&b, "\n%s\n", r.playlist())
	}
	return b.Bytes()
}
