package search

import (
	"cmp"
	"context"
	"haidang/courses"
	"hash/fnv"
	"slices"
	"strings"
)

// text is what a course's lessons say: for each word, and for each two that stand
// one after the other, a hash and how often it is said. Nearly every syllable is
// said in nearly every course, so that only their neighbours tell courses apart;
// and an index of what stands where would take ten times as much memory. In a
// course of 20,000 words one question in 100,000 finds what is not there.
type text struct {
	keys  []uint32 // ascending
	times []uint8  // 255 is that many or more
}

// PutText implements catalog.Index.
func (x *Index) PutText(_ context.Context, id courses.CourseID, words string) error {
	t := textOf(strings.Fields(fold(words)))
	x.mu.Lock()
	defer x.mu.Unlock()
	x.texts[id] = t
	return nil
}

func textOf(words []string) text {
	all := make([]uint32, 0, 2*len(words))
	for i, word := range words {
		all = append(all, key(word))
		if i > 0 {
			all = append(all, key(words[i-1]+" "+word))
		}
	}
	slices.Sort(all)
	var t text
	for i, k := range all {
		if i == 0 || k != all[i-1] {
			t.keys, t.times = append(t.keys, k), append(t.times, 0)
		}
		if last := &t.times[len(t.times)-1]; *last < 255 {
			*last++
		}
	}
	t.keys, t.times = slices.Clip(t.keys), slices.Clip(t.times)
	return t
}

func key(s string) uint32 {
	h := fnv.New32a()
	_, _ = h.Write([]byte(s))
	return h.Sum32()
}

// pairs is each two neighbours, or the only word.
func pairs(words []string) []string {
	if len(words) == 1 {
		return words
	}
	list := make([]string, len(words)-1)
	for i := range list {
		list[i] = words[i] + " " + words[i+1]
	}
	return list
}

// often is how often a text says what it says least often of some keys; 0 when it
// does not say all of them.
func (t text) often(keys []uint32) int {
	least := 256
	for _, k := range keys {
		i, found := slices.BinarySearch(t.keys, k)
		if !found {
			return 0
		}
		least = min(least, int(t.times[i]))
	}
	return least
}

// said adds to ids the courses whose lessons say all the words or pairs, until
// there are limit: those first that say them most often, newer before older.
func (x *Index) said(ids []courses.CourseID, all []string, limit int) []courses.CourseID {
	keys := make([]uint32, len(all))
	for i, s := range all {
		keys[i] = key(s)
	}
	found := map[courses.CourseID]int{}
	for id, t := range x.texts {
		if n := t.often(keys); n > 0 && !slices.Contains(ids, id) {
			found[id] = n
		}
	}
	more := make([]courses.CourseID, 0, len(found))
	for id := range found {
		more = append(more, id)
	}
	slices.SortFunc(more, func(a, b courses.CourseID) int {
		return cmp.Or(cmp.Compare(found[b], found[a]), strings.Compare(string(b), string(a)))
	})
	return append(ids, more[:max(0, min(len(more), limit-len(ids)))]...)
}
