// Package probe looks into uploaded files: recordings with ffmpeg, pictures by
// their heads.
package probe

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"haidang/courses/media"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
)

// Prober implements media.Prober with an ffmpeg program (no ffprobe needed).
type Prober struct{ ffmpeg string }

// New uses the ffmpeg program of that name or path.
func New(ffmpeg string) *Prober { return &Prober{ffmpeg: ffmpeg} }

// Probe implements media.Prober.
func (p *Prober) Probe(ctx context.Context, path string, kind media.Kind) (media.Facts, []byte, error) {
	if kind == media.Image {
		facts, err := pixels(path)
		return facts, nil, err
	}
	out, err := p.run(ctx, "-i", path)
	if err != nil {
		return media.Facts{}, nil, err
	}
	facts, err := read(out, kind)
	if err != nil || kind == media.Audio {
		return facts, nil, err
	}
	poster, err := p.poster(ctx, path, facts)
	return facts, poster, err
}

// run calls ffmpeg and gives what it prints. ffmpeg fails when it is asked for
// no output, which is how a file is only looked into; so an exit code alone is
// no fault, but to be killed is: that says nothing of the file.
func (p *Prober) run(ctx context.Context, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, p.ffmpeg, append([]string{"-hide_banner", "-nostdin", "-protocol_whitelist", "file", "-threads", "1"}, args...)...)
	var out bytes.Buffer
	cmd.Stderr = &out
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && (!errors.As(err, &exit) || !exit.Exited()) || ctx.Err() != nil {
		return "", fmt.Errorf("run ffmpeg: %w", cmp.Or(err, ctx.Err()))
	}
	return out.String(), nil
}

var (
	duration = regexp.MustCompile(`Duration: (\d+):(\d\d):(\d\d)\.(\d\d)`)
	picture  = regexp.MustCompile(`Stream #.*Video: (\w+).*?, (\d{2,5})x(\d{2,5})`)
	sound    = regexp.MustCompile(`Stream #.*Audio: (\w+)`)
)

// playable are the codecs that the browsers of phones and offices all play.
var playable = map[string]bool{
	"h264": true, "vp8": true, "vp9": true, "av1": true,
	"aac": true, "mp3": true, "opus": true, "vorbis": true,
}

// read takes the facts out of what ffmpeg prints of a file.
func read(out string, kind media.Kind) (media.Facts, error) {
	var facts media.Facts
	video, audio := picture.FindStringSubmatch(out), sound.FindStringSubmatch(out)
	if kind == media.Video && video == nil || kind == media.Audio && (audio == nil || video != nil && !strings.Contains(out, "attached pic")) {
		return facts, media.ErrContent
	}
	for _, found := range [][]string{video, audio} {
		if found != nil && !playable[found[1]] && (kind == media.Video || found[0] == audio[0]) {
			return facts, media.ErrCodec
		}
	}
	d := duration.FindStringSubmatch(out)
	if d == nil {
		return facts, media.ErrLength
	}
	facts.DurationMs = int64(number(d[1]))*3_600_000 + int64(number(d[2]))*60_000 + int64(number(d[3]))*1000 + int64(number(d[4]))*10
	if kind == media.Video {
		facts.Width, facts.Height, facts.Silent = number(video[2]), number(video[3]), audio == nil
	}
	if facts.DurationMs == 0 {
		return facts, media.ErrLength
	}
	return facts, nil
}

func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0 // the pattern lets digits through only
	}
	return n
}

// spoilt is what ffmpeg says when two of three frames cannot be decoded: of a film
// that is encrypted, the head alone is right.
const spoilt = "Decode error rate"

// poster is one frame of the first seconds, as a JPEG of at most 640 pixels. It
// refuses a film whose next frames cannot be seen.
func (p *Prober) poster(ctx context.Context, path string, facts media.Facts) ([]byte, error) {
	out := path + ".jpg"
	defer os.Remove(out)
	at := min(facts.DurationMs/10, 3000)
	printed, err := p.run(ctx, "-ss", fmt.Sprintf("%d.%03d", at/1000, at%1000), "-i", path,
		"-frames:v", "1", "-vf", "scale='min(640,iw)':-2", "-q:v", "5", "-y", out,
		"-frames:v", "25", "-an", "-f", "null", "-")
	if err != nil {
		return nil, err
	}
	if strings.Contains(printed, spoilt) {
		return nil, fmt.Errorf("%w: %s", media.ErrContent, lastLine(printed))
	}
	b, err := os.ReadFile(out)
	if err != nil { // a file that cannot be decoded is refused, whatever its head says
		return nil, fmt.Errorf("%w: %s", media.ErrContent, lastLine(printed))
	}
	return b, nil
}

func lastLine(s string) string {
	lines := strings.Split(strings.TrimSpace(s), "\n")
	return lines[len(lines)-1]
}

var _ media.Prober = (*Prober)(nil)
