package exchange

import (
	"archive/zip"
	"bytes"
	"cmp"
	"errors"
	"haidang/courses"
	"haidang/courses/assessment"
	"haidang/courses/media"
	"haidang/courses/vietnamese"
	"image"
	_ "image/jpeg" // what DecodeConfig reads
	_ "image/png"  // what DecodeConfig reads
	"io"
	"math"
	"path"
	"strconv"
	"strings"
)

// qtiFolder is where an item of a package lies, beside its pictures.
type qtiFolder struct {
	archive *archive
	name    string // empty or with a slash at its end
	found   *Questions
	fault   error // refuses the package
}

// picture is the one that an item names, which is among the found ones then; empty
// where it is not there, or no picture that can be kept.
func (f *qtiFolder) picture(src string) courses.AssetID {
	if f.archive == nil {
		return ""
	}
	file := f.archive.referred(f.name, src)
	if file == nil {
		return ""
	}
	id := courses.AssetID(file.Name)
	if _, known := f.found.Pictures[id]; known {
		return id
	}
	name, err := vietnamese.Clean(path.Base(file.Name))
	if err != nil {
		return ""
	}
	kind, mediaType, err := media.TypeOf(name, int64(min(file.UncompressedSize64, math.MaxInt64)))
	if err != nil || kind != media.Image {
		return ""
	}
	data, err := f.read(file)
	if err != nil {
		if !errors.Is(err, ErrCorrupt) {
			f.fault = err
		}
		return ""
	}
	size, _, _ := image.DecodeConfig(bytes.NewReader(data)) // nothing: the item has to say it
	if f.found.Pictures == nil {
		f.found.Pictures = QuestionPictures{}
	}
	f.found.Pictures[id] = QuestionPicture{Name: name, Type: mediaType, Width: size.Width, Height: size.Height, Data: data}
	return id
}

// read refuses with ErrQuestionsSize when the pictures are too much together.
func (f *qtiFolder) read(file *zip.File) ([]byte, error) {
	left := int64(mostQuestionPictures)
	for _, p := range f.found.Pictures {
		left -= int64(len(p.Data))
	}
	if file.UncompressedSize64 > uint64(max(left, 0)) {
		return nil, ErrQuestionsSize
	}
	r, err := f.archive.open(file, left)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(r)
}

// hotspot reads areas of a picture; of other shapes the rectangle around them. An
// area without a name gets a number, for those who cannot see it.
func (i *qtiItem) hotspot(n, declaration *node) flaw {
	i.q.Type = assessment.Hotspot
	shown := n.child("object")
	if shown.name == "" {
		shown = n.child("img")
	}
	i.q.Picture.Asset = i.folder.picture(cmp.Or(shown.attr("data"), shown.attr("src")))
	if i.q.Picture.Asset == "" {
		return flaw{RefusedPicture, "picture"}
	}
	i.q.Picture.Alt = cmp.Or(said(shown), strings.TrimSpace(shown.attr("alt")), i.root.attr("title"), i.q.Text)
	picture := i.folder.found.Pictures[i.q.Picture.Asset]
	width, wide := side(shown.attr("width"), picture.Width)
	height, high := side(shown.attr("height"), picture.Height)
	if !wide || !high {
		return flaw{RefusedPicture, "picture"}
	}
	right := rights(declaration)
	for at, choice := range n.named("hotspotChoice") {
		box, known := boxOf(choice.attr("shape"), choice.attr("coords"))
		if !known {
			return flaw{RefusedArea, "options"}
		}
		o := assessment.Option{Text: cmp.Or(strings.TrimSpace(choice.attr("hotspotLabel")), strings.TrimSpace(choice.attr("ariaLabel")), "Vị trí "+strconv.Itoa(at+1))}
		o.Area.X, o.Area.Width = stretch(box[0], box[2], width)
		o.Area.Y, o.Area.Height = stretch(box[1], box[3], height)
		o.Right = right[choice.attr("identifier")]
		delete(right, choice.attr("identifier"))
		i.q.Options = append(i.q.Options, o)
	}
	return unknown(right)
}

// side is how many pixels an item shows a picture wide or high, or those that it has.
func side(says string, has int) (float64, bool) {
	if says == "" {
		return float64(has), has > 0
	}
	n, err := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(says), "px"), 64)
	return n, err == nil && n > 0 && n < 1e6
}

// boxOf is left, top, right and bottom of a shape.
func boxOf(shape, coords string) (box [4]float64, known bool) {
	var at []float64
	for _, says := range strings.Split(coords, ",") {
		n, err := strconv.ParseFloat(strings.TrimSpace(says), 64)
		if err != nil || math.Abs(n) > 1e6 || math.IsNaN(n) {
			return box, false
		}
		at = append(at, n)
	}
	switch {
	case shape == "rect" && len(at) == 4:
		return [4]float64(at), true
	case shape == "circle" && len(at) == 3:
		at = append(at, at[2])
		fallthrough
	case shape == "ellipse" && len(at) == 4:
		return [4]float64{at[0] - at[2], at[1] - at[3], at[0] + at[2], at[1] + at[3]}, true
	case shape == "poly" && len(at) >= 6 && len(at)%2 == 0:
		box = [4]float64{at[0], at[1], at[0], at[1]}
		for k, n := range at {
			box[k%2], box[k%2+2] = min(box[k%2], n), max(box[k%2+2], n)
		}
		return box, true
	}
	return box, false
}

// stretch is from and to in basis points of a side; at least as long as an area has to
// be, unless it is nothing at all.
func stretch(from, to, side float64) (at, length int) {
	part := func(n float64) int {
		return int(math.Round(min(max(n, 0), side) * assessment.FullSide / side))
	}
	at = part(from)
	length = part(to) - at
	if length > 0 {
		length = max(length, assessment.MinArea)
		at = min(at, assessment.FullSide-length)
	}
	return at, length
}
