package vietnamese

import (
	"encoding/hex"
	"strings"
	"sync"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
)

// Name is a full name in its usual parts. The parts are a proposal: names of
// one token, of five and of ethnic minorities are all real.
type Name struct{ Family, Middle, Given string }

// SplitName proposes the parts of a cleaned full name: the first token is the
// family name, the last one the given name. A single token is a given name.
func SplitName(full string) Name {
	tokens := strings.Fields(full)
	switch n := len(tokens); n {
	case 0:
		return Name{}
	case 1:
		return Name{Given: tokens[0]}
	default:
		return Name{Family: tokens[0], Middle: strings.Join(tokens[1:n-1], " "), Given: tokens[n-1]}
	}
}

var collators = sync.Pool{New: func() any { return collate.New(language.Vietnamese) }}

// SortKey gives a string whose byte order is the dictionary's: a ă â … d đ …,
// tones after letters.
func SortKey(s string) string {
	c := collators.Get().(*collate.Collator) //nolint:forcetypeassert // the pool holds nothing else
	defer collators.Put(c)
	var b collate.Buffer
	return hex.EncodeToString(c.KeyFromString(&b, s))
}

// SortKey orders people as Vietnamese lists do: by given name, then family
// name, then middle name.
func (n Name) SortKey() string {
	return SortKey(n.Given) + "!" + SortKey(n.Family) + "!" + SortKey(n.Middle)
}
