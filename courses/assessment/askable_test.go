package assessment

import (
	"haidang/courses"
	"haidang/courses/catalog"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"

	"pgregory.net/rapid"
)

// poolOf is questions of random kinds, the newest first.
func poolOf(t *rapid.T) []Entry {
	pool := make([]Entry, rapid.IntRange(0, 40).Draw(t, "pool"))
	for i := range pool {
		pool[i] = Entry{
			ID:         courses.ItemID(strconv.Itoa(100 - i)),
			Topic:      rapid.SampledFrom([]string{"a", "b", ""}).Draw(t, "topic"),
			Difficulty: rapid.SampledFrom(catalog.Difficulties()).Draw(t, "difficulty"),
		}
	}
	return pool
}

func paperFor(t *rapid.T, pool []Entry) catalog.Paper {
	p := catalog.Paper{Bank: "SNV"}
	for _, e := range pool {
		if rapid.IntRange(0, 9).Draw(t, "fixed") == 0 {
			p.Fixed = append(p.Fixed, e.ID)
		}
	}
	for range rapid.IntRange(0, 3).Draw(t, "draws") {
		p.Draws = append(p.Draws, catalog.Draw{
			Topic:      rapid.SampledFrom([]string{"a", "b", ""}).Draw(t, "of"),
			Difficulty: rapid.SampledFrom(append(catalog.Difficulties(), "")).Draw(t, "as hard"),
			Count:      rapid.IntRange(1, 8).Draw(t, "count"),
		})
	}
	return p
}

func TestWhatIsAskableFillsPapersAsTheWholeBankDoes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pool := poolOf(t)
		papers := []catalog.Paper{paperFor(t, pool), paperFor(t, pool)}
		most := rapid.IntRange(0, 40).Draw(t, "most")
		picked, enough := askable(map[courses.UnitID][]Entry{"SNV": pool}, papers, most)
		all, _ := askable(map[courses.UnitID][]Entry{"SNV": pool}, papers, len(pool))
		if !enough {
			if most >= len(all) {
				t.Fatalf("%d are too few for %d questions", most, len(all))
			}
			return
		}
		if len(picked) > most || len(picked) < min(most, len(all)) {
			t.Fatalf("%d are picked of %d, at most %d", len(picked), len(all), most)
		}
		kept := slices.Collect(maps.Values(picked))
		for _, p := range papers {
			_, whole := draw(pool, p, rand.New(rand.NewPCG(1, 1)))
			if _, part := draw(kept, p, rand.New(rand.NewPCG(1, 1))); part != whole {
				t.Fatalf("%+v lacks %d of the whole bank and %d of what is askable", p, whole, part)
			}
		}
		for _, e := range pool {
			asks := slices.ContainsFunc(papers, func(p catalog.Paper) bool {
				return slices.Contains(p.Fixed, e.ID) || slices.ContainsFunc(p.Draws, func(d catalog.Draw) bool { return d.Fits(e.Topic, e.Difficulty) })
			})
			if _, is := all[e.ID]; is != asks {
				t.Fatalf("%+v is asked: %v; it is picked: %v", e, asks, is)
			}
		}
	})
}
