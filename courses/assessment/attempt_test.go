package assessment

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"haidang/courses"
	"haidang/courses/catalog"
	mathrand "math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var noon = time.Date(2026, 11, 24, 5, 0, 0, 0, time.UTC)

func anyGiven(t *rapid.T) Given {
	return Given{
		Answer: Answer{Chosen: []int{rapid.IntRange(0, 3).Draw(t, "chosen")}}, Event: courses.EventID(rapid.StringMatching("[a-d]").Draw(t, "event")),
		Seq: rapid.Int64Range(1, 4).Draw(t, "seq"),
	}
}

func TestAnswersMergeInAnyOrderAndSplit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		// An id names one answer, as on devices.
		known := map[string]Given{}
		type said struct {
			slot int
			Given
		}
		list := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) said {
			x := said{rapid.IntRange(0, 2).Draw(t, "slot"), anyGiven(t)}
			id := fmt.Sprint(x.slot, x.Event)
			if was, there := known[id]; there {
				x.Given = was
			}
			known[id] = x.Given
			return x
		}), 0, 12).Draw(t, "answers")
		merge := func(list []said) map[int]Given {
			all := map[int]Given{}
			for _, x := range list {
				all = Join(all, map[int]Given{x.slot: x.Given})
			}
			return all
		}
		want := merge(list)
		mixed := rapid.Permutation(list).Draw(t, "mixed")
		cut := rapid.IntRange(0, len(mixed)).Draw(t, "cut")
		got := Join(merge(mixed[cut:]), Join(merge(mixed[:cut]), merge(mixed)))
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("mixed they give %v, want %v", got, want)
		}
	})
}

// A pool of items, and what a paper wants of them; whether the paper can be
// filled is known from how the pool was made.
func TestAPaperThatCanBeFilledIsFilled(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		topics, difficulties := []string{"a", "b"}, []string{"easy", "hard"}
		var pool []Entry
		var p catalog.Paper
		for i := range rapid.IntRange(1, 12).Draw(t, "wants") {
			e := Entry{ID: courses.ItemID(fmt.Sprint(i)), Topic: rapid.SampledFrom(topics).Draw(t, "topic"), Difficulty: rapid.SampledFrom(difficulties).Draw(t, "difficulty")}
			pool = append(pool, e)
			switch rapid.IntRange(0, 3).Draw(t, "how") {
			case 0:
				p.Fixed = append(p.Fixed, e.ID)
			case 1:
				p.Draws = append(p.Draws, catalog.Draw{Topic: e.Topic, Difficulty: e.Difficulty, Count: 1})
			case 2:
				p.Draws = append(p.Draws, catalog.Draw{Topic: e.Topic, Count: 1})
			case 3:
				p.Draws = append(p.Draws, catalog.Draw{Difficulty: e.Difficulty, Count: 1})
			}
		}
		picked, short := draw(pool, p, mathrand.New(mathrand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0)))
		if short != 0 || len(picked) != p.Size() {
			t.Fatalf("of %v the paper %+v lacks %d", pool, p, short)
		}
		seen := map[courses.ItemID]bool{}
		for i, e := range picked {
			if seen[e.ID] {
				t.Fatalf("%s is asked twice", e.ID)
			}
			seen[e.ID] = true
			if i >= len(p.Fixed) && !p.Draws[i-len(p.Fixed)].Fits(e.Topic, e.Difficulty) {
				t.Fatalf("%+v was drawn for %+v", e, p.Draws[i-len(p.Fixed)])
			}
		}
		p.Draws = append(p.Draws, catalog.Draw{Count: 1})
		if _, short := draw(pool, p, mathrand.New(mathrand.NewPCG(1, 0))); short != 1 {
			t.Fatalf("with one more than there are it lacks %d", short)
		}
	})
}

func TestDrawsAreNotAlwaysTheSame(t *testing.T) {
	var pool []Entry
	for i := range 10 {
		pool = append(pool, Entry{ID: courses.ItemID(fmt.Sprint(i))})
	}
	times := map[courses.ItemID]int{}
	for seed := range uint64(1000) {
		picked, _ := draw(pool, catalog.Paper{Draws: []catalog.Draw{{Count: 3}}}, mathrand.New(mathrand.NewPCG(seed, 0)))
		for _, e := range picked {
			times[e.ID]++
		}
	}
	for id, n := range times { // 300 each is expected; six standard deviations are 87
		if n < 213 || n > 387 {
			t.Errorf("%s was drawn %d times of 1000", id, n)
		}
	}
}

func TestASealIsGoodOnlyAsItWasMade(t *testing.T) {
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	_, other, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	a := Attempt{ID: "attempt", Sitting: Sitting{Person: "p"}, Begun: noon, Deadline: noon.Add(time.Hour), Slots: []Slot{{Item: "x", Number: 1, Order: []int{1, 0}}}}
	seal := Sealer{[]ed25519.PrivateKey{key}}.Seal(a)
	start, err := Sealer{[]ed25519.PrivateKey{other, key}}.Open(seal) // an older key is known still
	if err != nil || !reflect.DeepEqual(start, startOf(a)) {
		t.Errorf("it opens as %+v, %v", start, err)
	}
	body, signature, _ := strings.Cut(seal, ".")
	raw, err := base64.RawURLEncoding.DecodeString(body)
	if err != nil {
		t.Fatal(err)
	}
	later := base64.RawURLEncoding.EncodeToString([]byte(strings.Replace(string(raw), "06:00", "09:00", 1)))
	for name, bad := range map[string]string{
		"nothing": "", "no signature": body, "another's deadline": later + "." + signature, "garbage": "%%%.%%%", "a signature alone": "." + signature,
	} {
		if _, err := (Sealer{[]ed25519.PrivateKey{key}}).Open(bad); !errors.Is(err, ErrSeal) {
			t.Errorf("%s gives %v", name, err)
		}
	}
	if _, err := (Sealer{[]ed25519.PrivateKey{other}}).Open(seal); !errors.Is(err, ErrSeal) {
		t.Errorf("what another key signed gives %v", err)
	}
	if strings.Contains(string(raw), "[1 0]") || later == body {
		t.Errorf("a seal reads %s", raw)
	}
}

func TestFiguresTellTheGoodQuestionFromTheBad(t *testing.T) {
	// Those who know most get "good" right and fail "bad"; everybody knows "easy".
	good, bad, easy := Question{Type: TrueOr, True: true}, Question{Type: TrueOr, True: true}, Question{Type: Single, Options: options("*a", "b")}
	questions := []Question{good, bad, easy, good, good, good}
	refs := make([]Slot, len(questions))
	for i := range refs {
		refs[i] = Slot{Item: courses.ItemID(fmt.Sprint(i)), Number: 1, Order: []int{0, 1}}
	}
	sums := map[Ref]Figures{}
	for person := range 40 {
		knows := person%2 == 0
		say := func(right bool) Given {
			if right {
				return Given{Answer: Answer{Chosen: []int{0}}}
			}
			return Given{Answer: Answer{Chosen: []int{1}}}
		}
		a := Attempt{Slots: refs, Given: map[int]Given{0: say(knows), 1: say(!knows), 2: say(true), 3: say(knows), 4: say(knows)}}
		a = a.mark(questions, noon)
		for ref, f := range a.counts(questions) {
			sums[ref] = sums[ref].plus(f)
		}
	}
	at := func(i int) Figures { return sums[Ref{courses.ItemID(fmt.Sprint(i)), 1}] }
	if f := at(0); f.Facility() != 0.5 || f.Discrimination() < 0.5 || !slices.Equal(f.Chosen, []int{20, 20}) {
		t.Errorf("a good question has facility %v, discrimination %v, %v", f.Facility(), f.Discrimination(), f.Chosen)
	}
	if f := at(1); f.Discrimination() > -0.5 {
		t.Errorf("a bad question has discrimination %v", f.Discrimination())
	}
	if f := at(2); f.Facility() != 1 || f.Discrimination() != 0 || f.Blank != 0 {
		t.Errorf("an easy question has %v, %v, %d", f.Facility(), f.Discrimination(), f.Blank)
	}
	if f := at(5); f.Blank != 40 || f.Facility() != 0 {
		t.Errorf("a question that nobody answered has %d blank, %v", f.Blank, f.Facility())
	}
}
