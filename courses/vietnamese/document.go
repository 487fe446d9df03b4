package vietnamese

import (
	"regexp"
	"strings"
	"unicode"
)

// numberForm is what may be a number within a citation.
var numberForm = regexp.MustCompile(`[^\s,;:()“”"]*\d[^\s,;:()“”"]*`)

// DocumentNumber is what two spellings of a number share: "Nghị định số 118/2025/nđ-cp" and
// "118/2025/NĐ-CP" have one key. It is the first piece that has digits, letters
// and one of "/-", which a day has not; a text without one is its own key.
func DocumentNumber(citation string) string {
	text := citation
	if clean, err := Clean(citation); err == nil {
		text = clean
	}
	text = strings.ToUpper(text)
	for _, number := range numberForm.FindAllString(text, -1) {
		if strings.ContainsAny(number, "/-") && strings.ContainsFunc(number, unicode.IsLetter) {
			return strings.TrimRight(number, ".")
		}
	}
	return text
}
