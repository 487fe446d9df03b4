package assessment

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"haidang/courses"
	"haidang/courses/vietnamese"
	"io"
	"path"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Refusals of files of essays.
var (
	ErrNoFile    = courses.Refusal(courses.NotFound, "assessment.no_such_file", "there is no such file of this attempt")
	ErrFileType  = courses.Refusal(courses.Unsupported, "assessment.file_type", "attach a PDF, Word document, JPEG or PNG; the content has to be what the name says")
	ErrFileSize  = courses.Refusal(courses.TooLarge, "assessment.file_too_large", "a file has at most 4 MiB, and at least one byte")
	ErrFileName  = courses.Refusal(courses.Invalid, "assessment.bad_file_name", "the name of the file is missing or too long")
	ErrNoFiles   = courses.Refusal(courses.Invalid, "assessment.no_files_asked", "the question takes no files")
	ErrFilesFull = courses.Refusal(courses.Conflict, "assessment.too_many_files", "the attempt has as many files as it may")
	ErrFileLate  = courses.Refusal(courses.Conflict, "assessment.file_after_end", "the attempt has ended, and no answer of it names this file")
)

// Bounds of what is attached.
const (
	MaxFileBytes = 4 << 20
	MaxFiles     = 12 // of an attempt, with those that were taken away again
)

// File is what somebody attached to an essay. Its bytes stand below a key of the
// attempt and are written once.
type File struct {
	Slot   int
	SHA256 string // hex
	Name   string
	Type   string
	Bytes  int
	At     time.Time
}

// Objects keeps the bytes of files.
type Objects interface {
	Write(ctx context.Context, key, contentType string, data []byte) error
	Read(ctx context.Context, key string, offset, length int64) (io.ReadCloser, error)
}

// formats are what may be attached: how a file of it begins, what it has inside and
// its media type, by the end of its name.
var formats = map[string]struct{ begins, has, media string }{
	".pdf":  {"%PDF-", "", "application/pdf"},
	".doc":  {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "", "application/msword"},
	".docx": {"PK\x03\x04", "word/document.xml", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
	".jpg":  {"\xff\xd8\xff", "", "image/jpeg"},
	".jpeg": {"\xff\xd8\xff", "", "image/jpeg"},
	".png":  {"\x89PNG\r\n\x1a\n", "", "image/png"},
}

// newFile looks at what was sent.
func newFile(name string, data []byte) (File, error) {
	if len(data) == 0 || len(data) > MaxFileBytes {
		return File{}, ErrFileSize
	}
	name, err := vietnamese.Clean(strings.TrimSpace(name))
	if err != nil || name == "" || utf8.RuneCountInString(name) > 200 || strings.ContainsAny(name, "/\\\r\n\"") {
		return File{}, ErrFileName
	}
	f, known := formats[strings.ToLower(path.Ext(name))]
	if !known || !bytes.HasPrefix(data, []byte(f.begins)) || !bytes.Contains(data, []byte(f.has)) {
		return File{}, ErrFileType
	}
	sum := sha256.Sum256(data)
	return File{SHA256: hex.EncodeToString(sum[:]), Name: name, Type: f.media, Bytes: len(data)}, nil
}

func (f File) key(id courses.AttemptID) string { return "a/" + string(id) + "/" + f.SHA256 }

// Neutral is a name for the file that says nothing of its learner.
func (f File) Neutral() string { return "bai-lam-" + f.SHA256[:8] + strings.ToLower(path.Ext(f.Name)) }

// Attached is the files of an answer that are here, and how many of it are not.
func (a Attempt) Attached(slot int, answer Answer) (here []File, missing int) {
	for _, sum := range answer.Files {
		if i := slices.IndexFunc(a.Files, func(f File) bool { return f.Slot == slot && f.SHA256 == sum }); i >= 0 {
			here = append(here, a.Files[i])
		} else {
			missing++
		}
	}
	return here, missing
}

// names says that an answer to the slot names the file.
func (a Attempt) names(f File) bool {
	return slices.Contains(a.Given[f.Slot].Answer.Files, f.SHA256) || slices.Contains(a.LateGiven[f.Slot].Answer.Files, f.SHA256)
}

// Attach keeps a file of an attempt of the actor; once more it changes nothing. The
// device shows the sealed start. After the end a file is taken if an answer names
// it: its SHA-256 says that it is what was meant then. It refuses with ErrSeal,
// ErrNoAttempt, ErrNotInPaper, ErrNoFiles, ErrFileSize, ErrFileType, ErrFileName,
// ErrFilesFull and ErrFileLate.
func (s *Service) Attach(ctx context.Context, actor courses.Actor, id courses.AttemptID, seal string, slot int, name string, data []byte) (File, error) {
	start, err := s.sealed(actor, id, seal)
	if err != nil {
		return File{}, err
	}
	if slot < 0 || slot >= start.Size {
		return File{}, ErrNotInPaper
	}
	f, err := newFile(name, data)
	if err != nil {
		return File{}, err
	}
	f.Slot, f.At = slot, s.now()
	a, err := s.own(ctx, actor, id)
	if err != nil {
		return File{}, err
	}
	questions, err := s.questions(ctx, a.Slots)
	if err != nil {
		return File{}, err
	}
	here, _ := a.Attached(slot, Answer{Files: []string{f.SHA256}})
	switch {
	case len(here) > 0:
		return here[0], nil
	case questions[slot].Files == 0:
		return File{}, ErrNoFiles
	case len(a.Files) >= MaxFiles:
		return File{}, ErrFilesFull
	case (a.State == Done || a.over(s.clock.Now())) && !a.names(f):
		return File{}, ErrFileLate
	}
	if err := s.objects.Write(ctx, f.key(id), f.Type, data); err != nil {
		return File{}, err
	}
	kept, err := s.store.KeepFile(ctx, id, f)
	if err == nil && !kept {
		err = ErrFilesFull
	}
	return f, err
}

// File reads a file of an attempt. Its learner may, and who marks its essays. It
// refuses with ErrNoFile.
func (s *Service) File(ctx context.Context, actor courses.Actor, id courses.AttemptID, slot int, sum string) (File, []byte, error) {
	a, err := s.store.Attempt(ctx, id)
	if err != nil {
		return File{}, nil, err
	}
	mine := a.Sitting.Person == actor.Person
	here, _ := a.Attached(slot, Answer{Files: []string{sum}})
	if len(here) == 0 || !mine && s.allow.Can(ctx, actor, courses.ReviewCourse, courses.Object{Unit: a.Sitting.Owner}) != nil {
		return File{}, nil, ErrNoFile
	}
	f := here[0]
	if !mine && a.Anonymous {
		f.Name = f.Neutral()
	}
	r, err := s.objects.Read(ctx, f.key(id), 0, int64(f.Bytes))
	if err != nil {
		return File{}, nil, err
	}
	defer r.Close()
	data, err := io.ReadAll(io.LimitReader(r, MaxFileBytes))
	return f, data, err
}
