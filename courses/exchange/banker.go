package exchange

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"haidang/courses"
	"haidang/courses/assessment"
	"haidang/courses/media"
	"io"
	"slices"
)

// QuestionPicture is what a hotspot lies on, as it travels.
type QuestionPicture struct {
	Name          string // of its file
	Type          string // media type
	Width, Height int    // pixels; areas of QTI are in these
	Data          []byte
}

// QuestionPictures are those of the questions of a file, by what their items name.
type QuestionPictures map[courses.AssetID]QuestionPicture

// mostQuestionPictures is how many bytes the pictures of a file have together.
const mostQuestionPictures = 16 << 20

// Banker moves questions between files and the banks of organisations.
type Banker struct {
	assessment *assessment.Service
	media      *media.Service
}

// NewBanker builds the banker from its parts.
func NewBanker(a *assessment.Service, m *media.Service) *Banker { return &Banker{a, m} }

// QuestionFile is a file with questions. Without a format, its name and its content
// tell it.
type QuestionFile struct {
	Name   string
	Format QuestionFormat
	Data   []byte
}

// Import adds the questions of a file to a bank, or only says what it would add. What
// is wrong with one of them refuses that one; else it adds all or none, and a store
// that fails may leave pictures without a question. It refuses as
// assessment.Service.MayWrite, ReadQuestions and media.Service.Fits do.
func (b *Banker) Import(ctx context.Context, actor courses.Actor, bank courses.UnitID, f QuestionFile, dry bool) (Questions, error) {
	if err := b.assessment.MayWrite(ctx, actor, bank); err != nil {
		return Questions{}, err
	}
	if f.Format == "" {
		var known bool
		if f.Format, known = GuessQuestionFormat(f.Name, f.Data); !known {
			return Questions{}, badQuestions("body.name", "format")
		}
	}
	read, err := ReadQuestions(f.Format, f.Data)
	if err != nil || dry || len(read.Items) == 0 {
		return read, err
	}
	if named := assessment.PicturesOf(itemsOf(read)); len(named) > 0 {
		if read, err = b.keep(ctx, actor, bank, read, named); err != nil {
			return Questions{}, err
		}
	}
	_, err = b.assessment.Add(ctx, actor, bank, itemsOf(read)...)
	return read, err
}

func itemsOf(read Questions) []assessment.Item {
	return converted(read.Items, func(x ReadItem) assessment.Item { return x.Item })
}

// keep makes files of the bank's organisation of the pictures that questions name, and
// refuses the questions of those that cannot be shown.
func (b *Banker) keep(ctx context.Context, actor courses.Actor, bank courses.UnitID, read Questions, named []courses.AssetID) (Questions, error) {
	total := 0
	for _, name := range named {
		total += len(read.Pictures[name].Data)
	}
	if err := b.media.Fits(ctx, actor, bank, int64(total)); err != nil {
		return read, err
	}
	kept, wrong := map[courses.AssetID]courses.AssetID{}, map[courses.AssetID]bool{}
	for _, name := range named {
		p := read.Pictures[name]
		a, err := b.media.KeepPicture(ctx, actor, bank, p.Name, int64(len(p.Data)), bytes.NewReader(p.Data))
		var refusal *courses.Error
		if errors.As(err, &refusal) && refusal.Kind == courses.Unsupported {
			wrong[name] = true
		} else if err != nil {
			return read, err
		}
		kept[name] = a.ID
	}
	taken := read.Items[:0]
	for _, x := range read.Items {
		name := x.Item.Question.Picture.Asset
		if wrong[name] {
			read.Refused = append(read.Refused, RefusedQuestion{Row: x.Row, Name: excerpt(x.Item.Question.Text), Code: RefusedPicture, Field: "picture"})
			continue
		}
		x.Item.Question.Picture.Asset = kept[name]
		taken = append(taken, x)
	}
	read.Items = taken
	slices.SortStableFunc(read.Refused, func(a, b RefusedQuestion) int { return cmp.Compare(a.Row, b.Row) })
	return read, nil
}

// Export gives the questions of a bank, oldest first, as something that writes them in
// a format. It refuses as assessment.Service.All does.
func (b *Banker) Export(ctx context.Context, actor courses.Actor, bank courses.UnitID, format QuestionFormat) (func(io.Writer) error, error) {
	items, err := b.assessment.All(ctx, actor, bank)
	if err != nil {
		return nil, err
	}
	if format == QTI {
		pictures, err := b.pictures(ctx, actor, items)
		return func(w io.Writer) error { return WriteQTI(w, items, pictures) }, err
	}
	write := map[QuestionFormat]func(io.Writer, []assessment.Item) error{
		QuestionSheet: WriteQuestionSheet, MoodleXML: WriteMoodleXML, GIFT: WriteGIFT, Aiken: WriteAiken,
	}[format]
	if write == nil {
		return nil, badQuestions("format", "unknown")
	}
	return func(w io.Writer) error { return write(w, items) }, nil
}

// pictures reads those that questions show as far as a file has room for them, in
// their largest form: it stands upright and does not tell where it was taken.
func (b *Banker) pictures(ctx context.Context, actor courses.Actor, items []assessment.Item) (QuestionPictures, error) {
	ids := assessment.PicturesOf(items)
	found, err := b.media.Assets(ctx, ids)
	if err != nil {
		return nil, err
	}
	made, left := QuestionPictures{}, int64(mostQuestionPictures)
	for _, id := range ids {
		forms := found[id].Made
		if len(forms) == 0 || forms[len(forms)-1].Bytes > left {
			continue
		}
		form := forms[len(forms)-1]
		left -= form.Bytes
		data, err := b.bytes(ctx, actor, id, form.File)
		if err != nil {
			return nil, err
		}
		made[id] = QuestionPicture{Name: string(id) + "-" + form.File, Type: form.Type, Width: form.Width, Height: form.Height, Data: data}
	}
	return made, nil
}

func (b *Banker) bytes(ctx context.Context, actor courses.Actor, id courses.AssetID, name string) ([]byte, error) {
	file, err := b.media.Open(ctx, actor, id, name)
	if err != nil {
		return nil, err
	}
	r, err := b.media.Read(ctx, file, 0, file.Bytes)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("read a picture of a question: %w", err)
	}
	return data, nil
}
