package media

import (
	"fmt"
	"haidang/courses"
	"haidang/courses/vietnamese"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Cue is what is said between two instants of a recording. Its text may have
// several lines and the marks <b>, <i> and <u>.
type Cue struct {
	FromMs, ToMs int64
	Text         string
}

// Bounds of captions.
const (
	MaxVTT   = 1 << 20 // bytes of a WebVTT file
	MaxCues  = 20_000
	maxCueMs = 60_000
	maxText  = 500 // characters
	graceMs  = 1000
)

// Refusals of captions. The field of ErrCaptions names the line of the file, or
// the cue, and one of no_header, encoding, time, negative, backwards, overlap,
// too_long, beyond_end, empty, text_too_long and too_many.
var (
	ErrCaptions     = courses.Refusal(courses.Invalid, "media.bad_captions", "the captions break a rule")
	ErrCaptionsSize = courses.Refusal(courses.TooLarge, "media.captions_too_large", "captions have at most 1 MiB")
)

// placedCue is a cue and where it stands in what was sent.
type placedCue struct {
	Cue
	place string
}

func badCaptions(place, code string) error {
	return ErrCaptions.With(courses.Field{Path: place, Code: code})
}

// ReadVTT reads the cues of a WebVTT file for a recording. It keeps the marks
// <b>, <i> and <u> and text in its one form; styles, regions, notes, voices and
// places on the screen go. It refuses with ErrCaptions or ErrCaptionsSize.
func ReadVTT(text string, durationMs int64) ([]Cue, error) {
	if len(text) > MaxVTT {
		return nil, ErrCaptionsSize
	}
	if !utf8.ValidString(text) {
		return nil, badCaptions("line:1", "encoding")
	}
	lines := strings.Split(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(strings.TrimPrefix(text, "\ufeff")), "\n")
	if head := lines[0]; head != "WEBVTT" && !strings.HasPrefix(head, "WEBVTT ") && !strings.HasPrefix(head, "WEBVTT\t") {
		return nil, badCaptions("line:1", "no_header")
	}
	var list []placedCue
	first := true
	for at := 0; at < len(lines); at++ {
		from := at
		for at < len(lines) && lines[at] != "" {
			at++
		}
		if block := lines[from:at]; len(block) > 0 && !first {
			cue, found, err := readBlock(block, from)
			if err != nil {
				return nil, err
			}
			if found {
				list = append(list, cue)
			}
		}
		first = false // the block of the head
	}
	return checkCues(list, durationMs)
}

var timing = regexp.MustCompile(`^(?:(\d{2,4}):)?([0-5]\d):([0-5]\d)\.(\d{3})[ \t]+-->[ \t]+(?:(\d{2,4}):)?([0-5]\d):([0-5]\d)\.(\d{3})(?:[ \t].*)?$`)

// readBlock reads lines without a blank one between them; from is the number of
// lines above.
func readBlock(block []string, from int) (cue placedCue, found bool, err error) {
	if word, _, _ := strings.Cut(block[0], " "); word == "NOTE" || word == "STYLE" || word == "REGION" {
		return cue, false, nil
	}
	at := 0
	if !strings.Contains(block[0], "-->") {
		at = 1 // the cue's name
	}
	place := "line:" + strconv.Itoa(from+at+1)
	if at == len(block) {
		return cue, false, badCaptions("line:"+strconv.Itoa(from+1), "time")
	}
	t := timing.FindStringSubmatch(block[at])
	if t == nil || strings.Contains(strings.Join(block[at+1:], "\n"), "-->") {
		return cue, false, badCaptions(place, "time")
	}
	text := unescaped.Replace(withoutTags(strings.Join(block[at+1:], "\n")))
	return placedCue{Cue{millis(t[1:5]), millis(t[5:9]), text}, place}, true, nil
}

// millis reads hours (perhaps none), minutes, seconds and thousandths, all of
// them digits.
func millis(parts []string) int64 {
	total := int64(0)
	for i, unit := range []int64{3_600_000, 60_000, 1000, 1} {
		n, _ := strconv.ParseInt("0"+parts[i], 10, 64)
		total += n * unit
	}
	return total
}

var unescaped = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&nbsp;", "\u00a0", "&lrm;", "", "&rlm;", "", "&amp;", "&")

// CleanCues checks cues that were typed, as ReadVTT checks a file's.
func CleanCues(cues []Cue, durationMs int64) ([]Cue, error) {
	list := make([]placedCue, len(cues))
	for i, c := range cues {
		c.Text = withoutTags(c.Text)
		list[i] = placedCue{c, fmt.Sprintf("cues[%d]", i)}
	}
	return checkCues(list, durationMs)
}

// checkCues checks that cues follow each other within the recording.
func checkCues(list []placedCue, durationMs int64) ([]Cue, error) {
	if len(list) > MaxCues {
		return nil, badCaptions(list[MaxCues].place, "too_many")
	}
	cues, before := make([]Cue, len(list)), int64(0)
	for i, c := range list {
		if code := c.fault(before, durationMs); code != "" {
			return nil, badCaptions(c.place, code)
		}
		text, err := cleanText(c.Text)
		if err != nil {
			return nil, err
		}
		switch n := utf8.RuneCountInString(text); {
		case plain(text) == "":
			return nil, badCaptions(c.place, "empty")
		case n > maxText:
			return nil, badCaptions(c.place, "text_too_long")
		}
		cues[i], before = Cue{c.FromMs, c.ToMs, text}, c.ToMs
	}
	return cues, nil
}

// fault is what is wrong with the times of a cue, or "".
func (c Cue) fault(before, durationMs int64) string {
	switch {
	case c.FromMs < 0 || c.ToMs < 0:
		return "negative"
	case c.ToMs <= c.FromMs:
		return "backwards"
	case c.FromMs < before:
		return "overlap"
	case c.ToMs > durationMs+graceMs:
		return "beyond_end"
	case c.ToMs-c.FromMs > maxCueMs:
		return "too_long"
	}
	return ""
}

var (
	tag   = regexp.MustCompile(`<(/?)([a-zA-Z]+)(?:[.\s][^<>]*)?>|<\d[\d:.]*>`)
	marks = map[string]bool{"b": true, "i": true, "u": true}
)

// withoutTags keeps the marks that are known, without their classes.
func withoutTags(text string) string {
	return tag.ReplaceAllStringFunc(text, func(s string) string {
		if parts := tag.FindStringSubmatch(s); marks[parts[2]] {
			return "<" + parts[1] + parts[2] + ">"
		}
		return ""
	})
}

// cleanText puts each line into its one form.
func cleanText(text string) (string, error) {
	var lines []string
	for line := range strings.SplitSeq(text, "\n") {
		clean, err := vietnamese.Clean(line)
		if err != nil {
			return "", err
		}
		if clean != "" {
			lines = append(lines, clean)
		}
	}
	return strings.Join(lines, "\n"), nil
}

var mark = regexp.MustCompile(`</?[biu]>`)

// plain is a cue's text without its marks.
func plain(text string) string { return strings.TrimSpace(mark.ReplaceAllString(text, "")) }

var escaped = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// WriteVTT writes cues that were checked as a WebVTT file.
func WriteVTT(cues []Cue) []byte {
	var b strings.Builder
	b.WriteString("WEBVTT\n")
	for _, c := range cues {
		fmt.Fprintf(&b, "\n%s --> %s\n", vttTime(c.FromMs), vttTime(c.ToMs))
		at := 0
		for _, m := range mark.FindAllStringIndex(c.Text, -1) {
			b.WriteString(escaped.Replace(c.Text[at:m[0]]) + c.Text[m[0]:m[1]])
			at = m[1]
		}
		b.WriteString(escaped.Replace(c.Text[at:]) + "\n")
	}
	return []byte(b.String())
}
