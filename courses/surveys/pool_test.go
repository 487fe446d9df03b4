package surveys

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func anyForm(t *rapid.T) []Question {
	form := make([]Question, rapid.IntRange(1, 5).Draw(t, "questions"))
	for i := range form {
		form[i] = Question{ID: fmt.Sprintf("q%d", i), Choices: rapid.IntRange(2, 5).Draw(t, "choices")}
	}
	return form
}

func anyAnswer(t *rapid.T, form []Question) Answer {
	a := Answer{}
	for _, q := range form {
		a[q.ID] = rapid.IntRange(0, q.Choices-1).Draw(t, q.ID)
	}
	return a
}

// counted counts answers a second time, without tallies.
func counted(answers []Answer, form []Question) Tally {
	if len(answers) == 0 {
		return Tally{}
	}
	t := Tally{N: len(answers), Counts: map[string][]int{}}
	for _, q := range form {
		t.Counts[q.ID] = make([]int, q.Choices)
		for _, a := range answers {
			t.Counts[q.ID][a[q.ID]]++
		}
	}
	return t
}

func TestAPoolShowsWhatWholeGroupsSaidAndNothingOfTheRest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		form := anyForm(t)
		var p Pool
		var answers []Answer
		for range rapid.IntRange(0, 23).Draw(t, "answers") {
			a, was := anyAnswer(t, form), p
			answers = append(answers, a)
			p = p.Take(a, form)
			whole := len(answers) / 5 * 5
			if want := counted(answers[:whole], form); !reflect.DeepEqual(want, p.Shown) {
				t.Fatalf("after %d answers is shown %+v, want %+v", len(answers), p.Shown, want)
			}
			if grown := p.Shown.N - was.Shown.N; grown != 0 && grown != 5 || p.Waiting.N != len(answers)-whole {
				t.Fatalf("answer %d changes what is shown by %d, and %d wait", len(answers), grown, p.Waiting.N)
			}
		}
	})
}

func TestTextsAreToldInFivesAndNoneIsLost(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var p Pool
		var all, told []string
		for i := range rapid.IntRange(0, 23).Draw(t, "texts") {
			text := fmt.Sprint(i)
			all = append(all, text)
			var now []string
			p, now = p.Hear(text)
			if len(now) != 0 && len(now) != 5 || len(p.Texts) > 4 {
				t.Fatalf("text %d tells %d, and %d wait", i, len(now), len(p.Texts))
			}
			told = append(told, now...)
		}
		whole := append(slices.Clone(told), p.Texts...)
		slices.Sort(whole)
		slices.Sort(all)
		if !slices.Equal(whole, all) {
			t.Fatalf("of %v are told or wait %v", all, whole)
		}
	})
}

func TestTheOrderOfTextsSaysNothing(t *testing.T) {
	first := map[string]int{}
	for range 500 {
		var p Pool
		var told []string
		for i := range 5 {
			p, told = p.Hear(fmt.Sprint(i))
		}
		first[told[0]]++
	}
	for _, text := range []string{"0", "1", "2", "3", "4"} {
		if n := first[text]; n < 50 || n > 160 {
			t.Errorf("text %s stands first %d times of 500", text, n)
		}
	}
}

func TestAnAnswerIsToAllQuestionsAndToNoOthers(t *testing.T) {
	form := []Question{{"a", 5}, {"b", 2}}
	for _, c := range []struct {
		name   string
		answer Answer
		want   error
	}{
		{"all", Answer{"a": 4, "b": 0}, nil},
		{"one is missing", Answer{"a": 4}, ErrQuestion},
		{"nothing", nil, ErrQuestion},
		{"one too many", Answer{"a": 4, "b": 0, "c": 0}, ErrQuestion},
		{"above the range", Answer{"a": 5, "b": 0}, ErrRating},
		{"below the range", Answer{"a": -1, "b": 0}, ErrRating},
	} {
		if err := c.answer.check(form); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
}

func TestTheDifferenceOfMeansIsTheMeanOfDifferences(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		form := []Question{{"s:before", 5}, {"s:after", 5}}
		var sum Tally
		differences, n := 0, rapid.IntRange(5, 60).Draw(t, "pairs")
		for range n {
			a := anyAnswer(t, form)
			differences += a["s:after"] - a["s:before"]
			sum = sum.Add(tallyOf(a, form))
		}
		gain := sum.hundredths("s:after") - sum.hundredths("s:before")
		if off := gain - rounded(100*differences, n); off < -1 || off > 1 { // each mean is rounded
			t.Fatalf("the gain is %d, the mean of the differences %d", gain, rounded(100*differences, n))
		}
	})
}

// sixty is a template with dimensions of different weights and lengths.
func sixty() Template {
	return Template{
		Title: "Phiếu", Basis: "TT",
		Scale:      []Step{{"1", 20}, {"2", 40}, {"3", 60}, {"4", 80}, {"5", 100}},
		Dimensions: []Dimension{{"A", 60, []string{"a", "b", "c"}}, {"B", 40, []string{"d"}}},
		Bands:      []Band{{80, "Tốt"}, {70, "Khá"}, {50, "Đạt"}, {0, "Không đạt"}},
	}
}

func TestPointsAreTheMeanWorthTimesTheWeight(t *testing.T) {
	template := sixty()
	tally := func(answers ...[4]int) Tally {
		var sum Tally
		for _, a := range answers {
			sum = sum.Add(tallyOf(Answer{"d0q0": a[0], "d0q1": a[1], "d0q2": a[2], "d1q0": a[3]}, template.form()))
		}
		return sum
	}
	for _, c := range []struct {
		name string
		of   Tally
		want Points
	}{
		{"the best", tally([4]int{4, 4, 4, 4}), Points{[]int{6000, 4000}, 10000, "Tốt"}},
		{"the worst", tally([4]int{0, 0, 0, 0}), Points{[]int{1200, 800}, 2000, "Không đạt"}},
		{"just good", tally([4]int{3, 3, 3, 3}), Points{[]int{4800, 3200}, 8000, "Tốt"}},
		{"just not good", tally([4]int{3, 3, 3, 3}, [4]int{3, 3, 3, 3}, [4]int{3, 3, 2, 3}), Points{[]int{4667, 3200}, 7867, "Khá"}},
		{"two who differ", tally([4]int{4, 3, 2, 0}, [4]int{2, 3, 4, 2}), Points{[]int{4800, 1600}, 6400, "Đạt"}},
	} {
		if got := template.Points(c.of); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
	}
}

func TestATemplateThatBreaksARuleIsRefusedByItsFields(t *testing.T) {
	if _, err := sixty().clean(); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		change func(*Template)
		path   string
	}{
		"weights that are not 100":     {func(x *Template) { x.Dimensions[0].Weight = 59 }, "dimensions"},
		"no questions":                 {func(x *Template) { x.Dimensions[1].Questions = nil }, "dimensions[1].questions"},
		"an empty question":            {func(x *Template) { x.Dimensions[1].Questions = []string{" "} }, "dimensions[1].questions[0]"},
		"a scale that does not rise":   {func(x *Template) { x.Scale[2].Worth = 40 }, "scale[2].worth"},
		"one step":                     {func(x *Template) { x.Scale = x.Scale[:1] }, "scale"},
		"bands that do not fall":       {func(x *Template) { x.Bands[1].From = 80 }, "bands[1].from"},
		"no band for the fewest point": {func(x *Template) { x.Bands[3].From = 10 }, "bands[3].from"},
		"no title":                     {func(x *Template) { x.Title = "" }, "title"},
	} {
		x := sixty()
		c.change(&x)
		_, err := x.clean()
		want := ErrTemplate
		if !errors.As(err, &want) || !errors.Is(err, ErrTemplate) || want.Fields[0].Path != c.path {
			t.Errorf("%s: %v %+v", name, err, want.Fields)
		}
	}
}

func TestAddingTalliesForgetsNothing(t *testing.T) {
	form := []Question{{"a", 3}}
	var parts [2]Tally
	var answers []Answer
	for range 40 {
		a := Answer{"a": rand.IntN(3)}
		answers = append(answers, a)
		i := rand.IntN(2)
		parts[i] = parts[i].Add(tallyOf(a, form))
	}
	was := maps.Clone(parts[0].Counts)
	if got, want := parts[0].Add(parts[1]), counted(answers, form); !reflect.DeepEqual(got, want) {
		t.Errorf("together they are %+v, want %+v", got, want)
	}
	if !reflect.DeepEqual(was, parts[0].Counts) {
		t.Errorf("adding changed what it was added to: %v, was %v", parts[0].Counts, was)
	}
}
