package learning

import (
	"haidang/courses"
	"haidang/courses/catalog"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var noon = time.Date(2026, 11, 24, 5, 0, 0, 0, time.UTC)

// anyEvent draws an event of one lesson; ids are few, so that some come twice.
func anyEvent(t *rapid.T) Event {
	from := rapid.Int64Range(0, 100_000).Draw(t, "from")
	return Event{
		ID:     courses.EventID(rapid.StringMatching(`[0-9a-f]{2}`).Draw(t, "id")),
		Kind:   rapid.SampledFrom([]EventKind{Opened, Watched, Answered, Paged, ReadEnd, Scored}).Draw(t, "kind"),
		At:     noon.Add(time.Duration(rapid.Int64Range(0, 5000).Draw(t, "at")) * time.Millisecond),
		FromMs: from, ToMs: from + rapid.Int64Range(1, 20_000).Draw(t, "length"),
		Page: rapid.IntRange(1, 40).Draw(t, "page"), ScoreBp: rapid.IntRange(0, 10000).Draw(t, "score"),
		Question: rapid.SampledFrom([]string{"q1", "q2", "q3"}).Draw(t, "question"),
		Chosen:   rapid.SliceOfNDistinct(rapid.IntRange(0, 3), 1, 3, rapid.ID[int]).Draw(t, "chosen"),
	}
}

func merged(events []Event) Progress {
	var p Progress
	for _, e := range events {
		p = p.Join(e.progress())
	}
	return p
}

func TestAnyOrderDuplicationAndSplitGiveTheSameState(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		events := rapid.SliceOfN(rapid.Custom(anyEvent), 0, 40).Draw(t, "events")
		want := merged(events)

		shuffled := rapid.Permutation(events).Draw(t, "shuffled")
		if len(events) > 0 {
			again := rapid.SliceOf(rapid.SampledFrom(events)).Draw(t, "again")
			shuffled = append(slices.Clone(shuffled), again...)
		}
		// Split into batches on two devices, merge each, join the results in
		// some order.
		var parts []Progress
		for len(shuffled) > 0 {
			n := rapid.IntRange(1, len(shuffled)).Draw(t, "batch")
			parts = append(parts, merged(shuffled[:n]))
			shuffled = shuffled[n:]
		}
		var got Progress
		for _, part := range rapid.Permutation(parts).Draw(t, "parts") {
			got = part.Join(got)
		}
		if !got.Equal(want) {
			t.Fatalf("got %+v, want %+v", got, want)
		}
	})
}

func TestJoinIsASemilattice(t *testing.T) {
	progress := rapid.Custom(func(t *rapid.T) Progress {
		return merged(rapid.SliceOfN(rapid.Custom(anyEvent), 0, 10).Draw(t, "events"))
	})
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := progress.Draw(t, "a"), progress.Draw(t, "b"), progress.Draw(t, "c")
		switch {
		case !a.Join(b).Equal(b.Join(a)):
			t.Fatal("not commutative")
		case !a.Join(b.Join(c)).Equal(a.Join(b).Join(c)):
			t.Fatal("not associative")
		case !a.Join(a).Equal(a):
			t.Fatal("not idempotent")
		case !a.Join(Progress{}).Equal(a):
			t.Fatal("the empty state is no identity")
		}
	})
}

// TestOfTwoAnswersTheSameOneIsAlwaysTheLater has instants and ids of which most are
// the same, as where a device sends under one id what it did not answer at once.
func TestOfTwoAnswersTheSameOneIsAlwaysTheLater(t *testing.T) {
	answers := rapid.Custom(func(t *rapid.T) Answers {
		return rapid.MapOfN(rapid.SampledFrom([]string{"q1", "q2"}), rapid.Custom(func(t *rapid.T) Answer {
			return Answer{
				Chosen: rapid.SliceOfN(rapid.IntRange(0, 2), 1, 2).Draw(t, "chosen"),
				At:     noon.Add(time.Duration(rapid.IntRange(0, 1).Draw(t, "at")) * time.Millisecond),
				Event:  rapid.SampledFrom([]courses.EventID{"a", "b"}).Draw(t, "event"),
			}
		}), 0, 2).Draw(t, "answers")
	})
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := Progress{Answers: answers.Draw(t, "a")}, Progress{Answers: answers.Draw(t, "b")}, Progress{Answers: answers.Draw(t, "c")}
		before := len(a.Answers)
		switch {
		case !a.Join(b).Equal(b.Join(a)):
			t.Fatal("not commutative")
		case !a.Join(b.Join(c)).Equal(a.Join(b).Join(c)):
			t.Fatal("not associative")
		case !a.Join(a).Equal(a):
			t.Fatal("not idempotent")
		case len(a.Answers) != before:
			t.Fatal("joining changed what was joined")
		}
	})
}

func TestARecordingIsCompleteWhenItWasWatchedAndAllItAsksIsAnswered(t *testing.T) {
	asks := func(ids ...string) catalog.Lesson {
		l := catalog.Lesson{Kind: catalog.Video}
		for i, id := range ids {
			l.Questions = append(l.Questions, catalog.TimedQuestion{AtMs: int64(i) * 1000, Block: catalog.Block{ID: id, Type: catalog.Question}})
		}
		return l
	}
	answered := func(ids ...string) Answers {
		a := Answers{}
		for _, id := range ids {
			a[id] = Answer{Chosen: []int{0}, At: noon}
		}
		return a
	}
	film := catalog.AssetFacts{DurationMs: 100_000}
	all, half := Spans{{0, 90_000}}, Spans{{0, 45_000}}
	for _, c := range []struct {
		name    string
		lesson  catalog.Lesson
		watched Spans
		answers Answers
		want    int
	}{
		{"without questions", asks(), all, nil, 10_000},
		{"half of it", asks(), half, nil, 5000},
		{"watched, nothing answered", asks("a", "b"), all, nil, 9800},
		{"watched, one of two answered", asks("a", "b"), all, answered("a"), 9900},
		{"watched, an answer to what an older version asked", asks("a"), all, answered("z"), 9900},
		{"watched and answered", asks("a", "b"), all, answered("a", "b"), 10_000},
		{"answered, half watched", asks("a", "b"), half, answered("a", "b"), 5000},
		{"answered, not watched", asks("a"), nil, answered("a"), 0},
	} {
		if got := (Progress{Watched: c.watched, Answers: c.answers}).ShareBp(c.lesson, film); got != c.want {
			t.Errorf("%s: the share is %d, want %d", c.name, got, c.want)
		}
	}
}

func TestSpansAgreeWithASetOfMilliseconds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var spans Spans
		covered := make([]bool, 20_000)
		for range rapid.IntRange(0, 12).Draw(t, "n") {
			from := rapid.Int64Range(0, 15_000).Draw(t, "from")
			to := from + rapid.Int64Range(1, 4000).Draw(t, "length")
			spans = spans.Union(Spans{{from, to}})
			for ms := from; ms < to; ms++ {
				covered[ms] = true
			}
		}
		closeGaps(covered)
		want := int64(0)
		for _, c := range covered {
			if c {
				want++
			}
		}
		if got := spans.Covered(20_000); got != want {
			t.Fatalf("%v covers %d ms, want %d", spans, got, want)
		}
	})
}

// closeGaps covers every uncovered run of at most joinGap between covered ones.
func closeGaps(covered []bool) {
	last := -1
	for i, c := range covered {
		if !c {
			continue
		}
		if last >= 0 && i-last-1 <= joinGap {
			for j := last + 1; j < i; j++ {
				covered[j] = true
			}
		}
		last = i
	}
}
