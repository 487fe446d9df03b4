package assessment

import (
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func pairs(texts ...string) []Option {
	var list []Option
	for i := 0; i < len(texts); i += 2 {
		list = append(list, Option{Text: texts[i], Match: texts[i+1]})
	}
	return list
}

// fork is a scenario of one scene that ends either way.
func fork(first, second, next int) Question {
	return Question{Type: Scenario, Scenes: []Scene{{Text: "s", Choices: []Choice{{Text: "a", Points: first, Next: next}, {Text: "b", Points: second}}}}}
}

func TestACorrectedKeyMarksWhatWasAsked(t *testing.T) {
	for _, c := range []struct {
		name    string
		was, is Question
		answer  Answer // at positions as the options stand
		score   int
		right   []int
	}{
		{"another option is right", Question{Type: Single, Options: options("*a", "b", "c")}, Question{Type: Single, Options: options("a", "*b", "c")}, Answer{Chosen: []int{1}}, 100, []int{1}},
		{"and they stand in another order", Question{Type: Single, Options: options("*a", "b", "c")}, Question{Type: Single, Options: options("c", "a", "*b")}, Answer{Chosen: []int{1}}, 100, []int{1}},
		{"a word was corrected too", Question{Type: Single, Options: options("*a", "bb", "c")}, Question{Type: Single, Options: options("a", "*b", "c")}, Answer{Chosen: []int{1}}, 100, []int{1}},
		{"one more is right", Question{Type: Multiple, Options: options("*a", "b", "c")}, Question{Type: Multiple, Options: options("*a", "*b", "c")}, Answer{Chosen: []int{0}}, 50, []int{0, 1}},
		{"another place is right", Question{Type: Hotspot, Options: options("*a", "b")}, Question{Type: Hotspot, Options: options("a", "*b")}, Answer{Chosen: []int{1}}, 100, []int{1}},
		{"another decision is best", fork(100, 0, 0), fork(50, 100, 0), Answer{Chosen: []int{1}}, 100, []int{1}},
		{"it is wrong", Question{Type: TrueOr, True: true}, Question{Type: TrueOr}, Answer{Chosen: []int{1}}, 100, []int{1}},
		{"other words are right", Question{Type: Short, Gaps: gap("a")}, Question{Type: Short, Gaps: gap("b")}, Answer{Texts: []string{"b"}}, 100, nil},
		{"another number", Question{Type: Numeric}, Question{Type: Numeric, Number: Quantity{Value: 3}}, Answer{Texts: []string{"3"}}, 100, nil},
		{"another order", Question{Type: Ordering, Options: options("a", "b", "c")}, Question{Type: Ordering, Options: options("b", "a", "c")}, Answer{Chosen: []int{1, 0, 2}}, 100, []int{1, 0, 2}},
		{"two matches were mixed up", Question{Type: Matching, Options: pairs("a", "1", "b", "2", "c", "3")}, Question{Type: Matching, Options: pairs("a", "2", "b", "1", "c", "3")}, Answer{Chosen: []int{1, 0, 2}}, 100, []int{1, 0, 2}},
		{"a match was misspelt", Question{Type: Matching, Options: pairs("a", "1", "b", "2")}, Question{Type: Matching, Options: pairs("b", "2!", "a", "1")}, Answer{Chosen: []int{0, 1}}, 100, nil},
	} {
		order := make([]int, max(2, len(c.was.Options)))
		for i := range order {
			order[i] = i
		}
		q, ok := c.was.corrected(c.is)
		if got := q.score(order, c.answer); !ok || got != c.score {
			t.Errorf("%s: %v, the answer gets %d, want %d", c.name, ok, got, c.score)
		}
		if right := q.Right(order); c.right != nil && !slices.Equal(right.Chosen, c.right) {
			t.Errorf("%s: as right is shown %v, want %v", c.name, right.Chosen, c.right)
		}
	}
}

func TestAnotherQuestionMarksNothing(t *testing.T) {
	for name, c := range map[string][2]Question{
		"another type":                        {{Type: Single, Options: options("*a", "b")}, {Type: Multiple, Options: options("*a", "b")}},
		"an option more":                      {{Type: Single, Options: options("*a", "b")}, {Type: Single, Options: options("*a", "b", "c")}},
		"a gap less":                          {{Type: Gaps, Gaps: append(gap("a"), gap("b")...)}, {Type: Gaps, Gaps: gap("a")}},
		"options that moved and changed":      {{Type: Single, Options: options("*a", "b", "c")}, {Type: Single, Options: options("b", "*x", "c")}},
		"a match that another prompt has now": {{Type: Matching, Options: pairs("a", "1", "b", "2")}, {Type: Matching, Options: pairs("a", "3", "b", "1")}},
		"a scenario that leads elsewhere":     {fork(100, 0, 0), fork(100, 0, 1)},
		"an essay":                            {essay, essay},
	} {
		if _, ok := c[0].corrected(c[1]); ok {
			t.Errorf("%s marks the older question", name)
		}
	}
}

// Where the options stand says nothing, but of what has to be ordered.
func TestOptionsThatOnlyMovedChangeNoScore(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q := anyQuestion(t)
		by := q
		by.Options = rapid.Permutation(q.Options).Draw(t, "moved")
		corrected, ok := q.corrected(by)
		if !ok {
			t.Fatalf("%+v is another question than %+v", by, q)
		}
		order := arrange(q, true, rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0)))
		if got := corrected.score(order, corrected.Right(order)); got != Marked {
			t.Fatalf("what is right gets %d", got)
		}
		answer := Answer{Chosen: rapid.SliceOfN(rapid.IntRange(-1, 9), 0, 9).Draw(t, "chosen"), Texts: []string{"một"}}
		if q.Type != Ordering && corrected.score(order, answer) != q.score(order, answer) {
			t.Fatalf("%v gets %d and %d", answer, q.score(order, answer), corrected.score(order, answer))
		}
	})
}
