package learning

import (
	"haidang/courses"
	"haidang/courses/catalog"
	"maps"
	"slices"
	"time"
)

// Span is a watched stretch of a recording, [From, To) in milliseconds.
type Span struct{ From, To int64 }

// joinGap is how far apart two spans may lie and still count as one. Players
// report in beats, whose ends never meet exactly; closing gaps up to a fixed
// width keeps the union associative and bounds its size.
const joinGap = 1000

// Spans is a set of watched stretches: ordered, disjoint, more than joinGap apart.
type Spans []Span

// Union joins two sets. It is commutative, associative and idempotent.
func (s Spans) Union(other Spans) Spans {
	all := make(Spans, 0, len(s)+len(other))
	all = append(append(all, s...), other...)
	slices.SortFunc(all, func(a, b Span) int {
		if a.From != b.From {
			return int(a.From - b.From)
		}
		return int(a.To - b.To)
	})
	joined := all[:0]
	for _, span := range all {
		if last := len(joined) - 1; last >= 0 && span.From <= joined[last].To+joinGap {
			joined[last].To = max(joined[last].To, span.To)
			continue
		}
		joined = append(joined, span)
	}
	return joined
}

// Covered is how many of the first duration milliseconds are in the set.
func (s Spans) Covered(duration int64) int64 {
	total := int64(0)
	for _, span := range s {
		total += max(0, min(span.To, duration)-span.From)
	}
	return total
}

// Progress is what is known of one person's way through one lesson. Join makes
// it a semilattice: events may come late, twice, in any order and from any
// number of devices.
type Progress struct {
	Watched  Spans
	Answers  Answers // to the questions of a recording
	Page     int     // furthest page
	Read     bool    // the end of an article was reached
	ScoreBp  int     // best score of a quiz that was handed in, in basis points
	First    time.Time
	Last     time.Time
	Position Position
}

// Position is where to resume: the one of the latest event.
type Position struct {
	Ms    int64
	At    time.Time
	Event courses.EventID // decides between events of one instant
}

func (p Position) later(q Position) Position {
	if c := p.At.Compare(q.At); c < 0 || c == 0 && p.Event < q.Event {
		return q
	}
	return p
}

// Join merges two states of one lesson. It is commutative, associative and
// idempotent, and the zero Progress is its identity.
func (p Progress) Join(q Progress) Progress {
	return Progress{
		Watched:  p.Watched.Union(q.Watched),
		Answers:  p.Answers.Union(q.Answers),
		Page:     max(p.Page, q.Page),
		Read:     p.Read || q.Read,
		ScoreBp:  max(p.ScoreBp, q.ScoreBp),
		First:    earliest(p.First, q.First),
		Last:     latest(p.Last, q.Last),
		Position: p.Position.later(q.Position),
	}
}

func earliest(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

func latest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// Equal says that two states are the same.
func (p Progress) Equal(q Progress) bool {
	return slices.Equal(p.Watched, q.Watched) && maps.EqualFunc(p.Answers, q.Answers, Answer.equal) && p.Page == q.Page && p.Read == q.Read && p.ScoreBp == q.ScoreBp &&
		p.First.Equal(q.First) && p.Last.Equal(q.Last) &&
		p.Position.Ms == q.Position.Ms && p.Position.At.Equal(q.Position.At) && p.Position.Event == q.Position.Event
}

// ShareBp is how far the lesson is towards completion, in basis points; 10000
// is complete. A recording is complete when its threshold is covered and all that
// it asks is answered, rightly or not.
func (p Progress) ShareBp(l catalog.Lesson, facts catalog.AssetFacts) int {
	share := 0
	switch l.Kind {
	case catalog.Article:
		if p.Read {
			share = 10000
		}
	case catalog.Video, catalog.Audio:
		if needed := facts.DurationMs * int64(l.Threshold()) / 10000; needed > 0 {
			share = int(p.Watched.Covered(facts.DurationMs) * 10000 / needed)
		}
		share = min(share, 10000) * (100 - p.Answers.open(l)) / 100
	case catalog.Quiz:
		if p.ScoreBp >= l.Paper.Pass() {
			share = 10000
		}
	case catalog.Document:
		if facts.Pages > 0 {
			share = p.Page * 10000 / facts.Pages
		}
	}
	return min(share, 10000)
}
