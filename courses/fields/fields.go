// Package fields looks at what somebody filled in, field by field, so that a refusal
// names all that is wrong at once.
package fields

import (
	"haidang/courses"
	"haidang/courses/vietnamese"
	"regexp"
	"unicode/utf8"
)

// most is how many fields a refusal names.
const most = 20

// Checker collects what is wrong.
type Checker struct{ wrong []courses.Field }

// Refuse notes a field if something speaks against it.
func (k *Checker) Refuse(when bool, path, code string) {
	if when && len(k.wrong) < most {
		k.wrong = append(k.wrong, courses.Field{Path: path, Code: code})
	}
}

// Text brings a text to the one form in which it is kept; runes is how many it may have.
func (k *Checker) Text(path string, s *string, runes int) { k.clean(path, s, runes, vietnamese.Clean) }

// Lines is Text for what may have several lines.
func (k *Checker) Lines(path string, s *string, runes int) {
	k.clean(path, s, runes, vietnamese.CleanLines)
}

func (k *Checker) clean(path string, s *string, runes int, clean func(string) (string, error)) {
	cleaned, err := clean(*s)
	k.Refuse(err != nil, path, "legacy_encoding")
	k.Refuse(utf8.RuneCountInString(cleaned) > runes, path, "too_long")
	*s = cleaned
}

// Err is the refusal with the fields, nothing if none is wrong.
func (k *Checker) Err(refusal *courses.Error) error {
	if len(k.wrong) == 0 {
		return nil
	}
	return refusal.With(k.wrong...)
}

var uuidForm = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`)

// IsUUID says that a text is a UUID, in lower case.
func IsUUID[ID ~string](id ID) bool { return uuidForm.MatchString(string(id)) }
