package catalog

import (
	"cmp"
	"haidang/courses"
)

// Form is one form of a file that learners may load: a picture of a width, a film
// of a height, or sound alone, which has no height.
type Form struct {
	Width, Height int // pixels
	Bytes         int64
}

// Forms are the lighter forms of a file.
type Forms struct {
	List     []Form
	Complete bool // no more are to come
}

// Load is how many bytes a learner loads on each device.
type Load struct{ Phone, Tablet, Desktop int64 }

// Measure is how heavy and how long a lesson is.
type Measure struct {
	Lesson   courses.LessonID
	Minutes  int   // estimated, rounded up; 0 while there is nothing to estimate from
	Load     Load  // text and pictures of an article, or the file in the form that plays by itself
	Attached int64 // bytes of the files that an article offers besides
}

// Measures is how heavy and how long a course is.
type Measures struct {
	Lessons  []Measure // in the order of the content
	Minutes  int       // of all lessons
	Declared int       // minutes of the declared tiết
	Load     Load      // of all lessons, a file in several of them once
	Attached int64
}

// Pixels of its screen in which a device shows a picture of an article, as the
// attribute sizes in player/Blocks.svelte has it: phones and tablets have two for
// each pixel of the page.
const (
	phonePixels   = 360 * 2
	tabletPixels  = 672 * 2
	desktopPixels = 672
)

const (
	secondsPerItem = 60  // of a quiz
	minutesPerPage = 2   // of a document: a page holds some 440 syllables
	playedLines    = 480 // the lowest film that plays by itself (player/quality.ts)
)

// estimate is how many minutes a lesson takes by what it shows.
func (l Lesson) estimate(assets map[courses.AssetID]AssetFacts) int {
	f := assets[l.Asset]
	switch {
	case l.Kind == Article && len(l.Blocks) > 0:
		return ReadingMinutes(l.Blocks)
	case l.Kind == Quiz:
		return l.Paper.estimate()
	case l.Kind == Document:
		return min(f.Pages*minutesPerPage, mostReadingMinutes)
	}
	asked := int64(len(l.Questions)) * secondsPerQuestion * 1000
	return min(int((f.DurationMs+asked+59_999)/60_000), mostReadingMinutes)
}

// Minutes is how many minutes a lesson takes by what it shows, or as declared.
func (v Version) Minutes(l Lesson) int {
	if v.minutes != nil {
		return v.minutes[l.ID]
	}
	return cmp.Or(l.estimate(v.Media), l.Minutes)
}

// timed is the version with the minutes of its lessons at hand: to find them all that
// is written there has to be read.
func (v Version) timed() Version {
	minutes := make(map[courses.LessonID]int, v.Content.LessonCount())
	v.Content.Lessons(func(l Lesson) { minutes[l.ID] = v.Minutes(l) })
	v.minutes = minutes
	return v
}

// material is how many minutes all lessons take by what they show.
func (c Content) material(assets map[courses.AssetID]AssetFacts) int {
	total := 0
	c.Lessons(func(l Lesson) { total += l.estimate(assets) })
	return total
}

// scale weighs lessons; what it has weighed once weighs nothing.
type scale struct {
	assets        map[courses.AssetID]AssetFacts
	forms         map[courses.AssetID]Forms
	seen, offered map[courses.AssetID]bool
}

func newScale(assets map[courses.AssetID]AssetFacts, forms map[courses.AssetID]Forms) scale {
	return scale{assets: assets, forms: forms, seen: map[courses.AssetID]bool{}, offered: map[courses.AssetID]bool{}}
}

// weigh is what a lesson loads and the bytes of the files that it offers besides.
func (s scale) weigh(l Lesson) (load Load, attached int64) {
	if l.Kind != Article {
		n := s.played(l.Asset)
		return Load{n, n, n}, 0
	}
	for _, b := range l.Blocks {
		text := int64(len(b.Words()) + len(b.Note))
		load = load.plus(Load{text, text, text})
		switch {
		case b.Type == Picture && !s.seen[b.Asset]:
			load = load.plus(s.picture(b.Asset))
			s.seen[b.Asset] = true
		case b.Type == File && !s.offered[b.Asset]:
			attached += s.assets[b.Asset].Bytes
			s.offered[b.Asset] = true
		}
	}
	return load, attached
}

func (l Load) plus(m Load) Load {
	return Load{l.Phone + m.Phone, l.Tablet + m.Tablet, l.Desktop + m.Desktop}
}

// picture is a picture in the narrowest form that fills its place on each
// device; the file itself while it has no forms.
func (s scale) picture(id courses.AssetID) Load {
	in := func(pixels int) int64 {
		best := Form{Bytes: s.assets[id].Bytes}
		for _, f := range s.forms[id].List {
			enough := f.Width >= pixels
			if best.Width == 0 || best.Width < pixels && f.Width > best.Width || enough && f.Width < best.Width {
				best = f
			}
		}
		return best.Bytes
	}
	return Load{in(phonePixels), in(tabletPixels), in(desktopPixels)}
}

// played is the bytes of the form of a recording that plays by itself, of the pages
// of a document, or of the file where there is none.
func (s scale) played(id courses.AssetID) int64 {
	if s.seen[id] {
		return 0
	}
	s.seen[id] = true
	facts, forms := s.assets[id], s.forms[id]
	best := Form{Bytes: facts.Bytes}
	for _, f := range forms.List {
		switch {
		case facts.Kind == Audio || facts.Kind == Document:
			return f.Bytes
		case f.Height == 0:
		case f.Height >= playedLines && (best.Height < playedLines || f.Height < best.Height),
			forms.Complete && f.Height < playedLines && f.Height > best.Height:
			best = f
		}
	}
	return best.Bytes
}

// measure tells how heavy and how long content is.
func measure(c Content, assets map[courses.AssetID]AssetFacts, forms map[courses.AssetID]Forms) Measures {
	all := newScale(assets, forms)
	m := Measures{Minutes: c.material(assets), Declared: c.Tiet * minutesPerTiet}
	c.Lessons(func(l Lesson) {
		own := Measure{Lesson: l.ID, Minutes: l.estimate(assets)}
		own.Load, own.Attached = newScale(assets, forms).weigh(l)
		m.Lessons = append(m.Lessons, own)
		load, attached := all.weigh(l)
		m.Load, m.Attached = m.Load.plus(load), m.Attached+attached
	})
	return m
}
