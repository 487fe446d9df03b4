package records

import (
	"haidang/courses"
	"haidang/courses/vietnamese"
	"slices"
	"strings"
)

// Filter thins out a person's record; the zero Filter keeps everything.
type Filter struct {
	Period    courses.Period // completed in it
	Knowledge string
	Words     string // each begins a word of the course's code or title or of its issuer, without diacritics
}

// Keeps says that a completion is of the kind and has the words. The period is
// the store's matter.
func (f Filter) Keeps(c Completion) bool {
	if f.Knowledge != "" && f.Knowledge != c.Knowledge {
		return false
	}
	wanted := vietnamese.Words(f.Words, mostWords)
	if len(wanted) == 0 {
		return true
	}
	said := vietnamese.Words(c.CourseCode+" "+c.CourseTitle+" "+c.IssuerName, mostWords)
	return !slices.ContainsFunc(wanted, func(w string) bool {
		return !slices.ContainsFunc(said, func(s string) bool { return strings.HasPrefix(s, w) })
	})
}

// mostWords of a completion and of what is looked for are compared.
const mostWords = 100
