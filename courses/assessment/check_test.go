package assessment

import (
	"errors"
	"strings"
	"testing"
)

func TestMoreGapsThanAQuestionHasAreNotLookedFor(t *testing.T) {
	x := Item{Difficulty: "easy", Question: Question{Type: Gaps, Text: strings.Repeat("[[1]] ", 100_000), Gaps: make([]Gap, 1_000_000)}}
	if _, err := x.Clean(); !errors.Is(err, ErrQuestion) { // or it takes minutes
		t.Error(err)
	}
}
