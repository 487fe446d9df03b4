package transcode

import (
	"context"
	"errors"
	"fmt"
	"haidang/courses/media"
	"os"
	"path/filepath"
	"strconv"
)

// rung is how one film is encoded. The rates are ceilings: slides take a
// fraction.
type rung struct {
	preset           string // slower ones where few pixels are worth it
	quality, maxRate int    // CRF; kbit/s of the picture
	sound            int    // kbit/s
	channels         int
}

var rungs = map[string]rung{
	"240p": {"medium", 29, 160, 48, 1},
	"480p": {"veryfast", 27, 600, 64, 1},
	"720p": {"veryfast", 25, 1500, 96, 2},
}

// Recording implements media.Encoder.
func (e *Encoder) Recording(ctx context.Context, source, dir, name string, facts media.Facts, told func(ms int64)) (media.Made, error) {
	m := media.Made{Rendition: media.Rendition{Name: name, File: name + ".mp4", Type: "video/mp4"}}
	switch name {
	case "audio":
		m.Type = "audio/mp4"
	case "thumbs":
		m.File, m.Type = name+".jpg", "image/jpeg"
		count, _ := media.ThumbsOf(facts.DurationMs)
		m.Width, m.Height = media.ThumbWidth*media.ThumbColumns, media.ThumbHeight*rows(count)
	}
	m.Path = filepath.Join(dir, m.File)
	err := e.run(ctx, told, Args(name, source, m.Path, facts)...)
	if errors.Is(err, errEncode) {
		return m, fmt.Errorf("%w (%s: %s)", media.ErrTranscode, name, err.Error())
	}
	if err != nil {
		return m, err
	}
	info, err := os.Stat(m.Path)
	if err != nil { // ffmpeg ends well without a file when nothing could be decoded
		return m, media.ErrTranscode
	}
	m.Bytes = info.Size()
	return m, nil
}

// Args are ffmpeg's arguments for a rendition, without those that say how it
// talks: a measurement can run the bare program with the same.
func Args(name, source, out string, facts media.Facts) []string {
	switch name {
	case "audio":
		return append(append(bare(source), soundArgs(64, 1)...), "-frag_duration", "6000000", "-movflags", "+empty_moov+default_base_moof+global_sidx", "-f", "mp4", out)
	case "thumbs":
		return thumbsArgs(source, out, facts)
	}
	return filmArgs(name, source, out, facts)
}

// bare reads a source and leaves behind what it says of itself.
func bare(source string) []string {
	return []string{"-i", source, "-map_metadata", "-1", "-map_chapters", "-1", "-sn", "-dn"}
}

// soundArgs level the loudness to what broadcasters use (EBU R 128, a little
// louder for phones).
func soundArgs(kbit, channels int) []string {
	return []string{
		"-map", "0:a:0", "-af", "loudnorm=I=-16:TP=-1.5:LRA=11", "-c:a", "aac",
		"-b:a", fmt.Sprintf("%dk", kbit), "-ac", strconv.Itoa(channels), "-ar", "44100",
	}
}

// filmArgs make H.264 in fragments that begin with key frames, every six seconds
// and nowhere else, so that each can be fetched and played by itself. The picture
// comes first in each: a player that reads along sees it before six seconds of sound.
func filmArgs(name, source, out string, facts media.Facts) []string {
	r := rungs[name]
	args := append(bare(source), "-map", "0:v:0")
	if !facts.Silent {
		args = append(args, soundArgs(r.sound, r.channels)...)
	}
	return append(args,
		"-vf", fmt.Sprintf("scale=-2:%d", media.Heights[name]), "-fpsmax", "30", "-threads", "1",
		"-c:v", "libx264", "-preset", r.preset, "-crf", strconv.Itoa(r.quality), "-pix_fmt", "yuv420p",
		"-maxrate", fmt.Sprintf("%dk", r.maxRate), "-bufsize", fmt.Sprintf("%dk", 2*r.maxRate),
		"-sc_threshold", "0", "-g", "1000", "-force_key_frames", "expr:gte(t,n_forced*6)",
		"-movflags", "+frag_keyframe+empty_moov+default_base_moof+negative_cts_offsets+global_sidx", "-f", "mp4", out)
}

// thumbsArgs lay small pictures side by side. Not key frames alone: some films
// have one in all. At this size nobody sees what the loop filter would smooth.
func thumbsArgs(source, out string, facts media.Facts) []string {
	count, every := media.ThumbsOf(facts.DurationMs)
	return []string{
		"-skip_loop_filter", "all", "-i", source, "-map", "0:v:0", "-an", "-sn", "-dn", "-map_metadata", "-1",
		"-vf", fmt.Sprintf("fps=1000/%d:start_time=0:eof_action=pass,scale=%[2]d:%[3]d:force_original_aspect_ratio=decrease,pad=%[2]d:%[3]d:-1:-1,setsar=1,tile=%dx%d",
			every, media.ThumbWidth, media.ThumbHeight, media.ThumbColumns, rows(count)),
		"-frames:v", "1", "-c:v", "mjpeg", "-pix_fmt", "yuvj420p", "-q:v", "6", "-f", "image2", "-update", "1", out,
	}
}

func rows(count int) int { return (count + media.ThumbColumns - 1) / media.ThumbColumns }
