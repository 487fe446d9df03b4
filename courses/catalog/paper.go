package catalog

import (
	"context"
	"fmt"
	"haidang/courses"
	"haidang/courses/vietnamese"
	"slices"
)

// Paper says which questions a quiz asks, and how. The questions stand in the bank
// of an organisation; which ones somebody gets is drawn when they begin.
type Paper struct {
	Bank     courses.UnitID
	Fixed    []courses.ItemID // that everybody gets
	Draws    []Draw           // and these many more
	Shuffle  bool             // the order of questions and of what may be chosen
	PassBp   int              // basis points of the points to be had; 0 means DefaultPass
	Attempts int              // 0 is any number
	Minutes  int              // from the start on; 0 is no limit
	Feedback Feedback
	Excuses  []courses.LessonID // that whoever passes need not learn

	SecondMarker bool // essays are marked by two people
	Anonymous    bool // who marks essays does not learn whose they are
}

// Pretest says that the quiz is taken before the lessons that it excuses from. It
// is not asked for: who fails it, or passes it by, learns them.
func (p Paper) Pretest() bool { return len(p.Excuses) > 0 }

// Draw is a number of questions of a topic and a difficulty; empty means any.
type Draw struct {
	Topic      string
	Difficulty string // easy, medium or hard
	Count      int
	Lesson     courses.LessonID // that teaches it, if one does
}

// Fits says that the draw takes questions of a topic and a difficulty.
func (d Draw) Fits(topic, difficulty string) bool {
	return (d.Topic == "" || d.Topic == topic) && (d.Difficulty == "" || d.Difficulty == difficulty)
}

// Feedback is what learners see after they have handed in.
type Feedback string

// What learners see: the answers that are right, which of theirs were, or only
// their score.
const (
	ShowRight Feedback = "right"
	ShowMarks Feedback = "marks"
	ShowScore Feedback = "score"
)

// DefaultPass is the share of the points that passes, in basis points.
const DefaultPass = 5000

// Pass is the share that passes, with its default.
func (p Paper) Pass() int {
	if p.PassBp == 0 {
		return DefaultPass
	}
	return p.PassBp
}

// Size is how many questions it asks.
func (p Paper) Size() int {
	n := len(p.Fixed)
	for _, d := range p.Draws {
		n += d.Count
	}
	return n
}

// estimate is how many minutes a quiz takes, which its limit ends.
func (p Paper) estimate() int {
	n := (p.Size()*secondsPerItem + 59) / 60
	if p.Minutes > 0 {
		n = min(n, p.Minutes)
	}
	return n
}

// MaxQuestions is how many questions a quiz may ask.
const MaxQuestions = 200

// Bounds of what a paper says.
const (
	maxDraws   = 50
	maxMinutes = 24 * 60
	maxTries   = 100
)

// Difficulties lists how hard a question can be.
func Difficulties() []string { return []string{"easy", "medium", "hard"} }

func (k *cleaner) paper(path string, p *Paper) {
	if p.Feedback == "" {
		p.Feedback = ShowMarks
	}
	for i := range p.Draws {
		d := &p.Draws[i]
		at := fmt.Sprintf("%s.draws[%d]", path, i)
		d.Topic = k.text(at+".topic", d.Topic)
		if d.Count < 1 || d.Count > MaxQuestions {
			k.refuse(at+".count", "range")
		}
		if d.Difficulty != "" && !slices.Contains(Difficulties(), d.Difficulty) {
			k.refuse(at+".difficulty", "unknown")
		}
	}
	for code, wrong := range map[string]bool{
		"feedback": !slices.Contains([]Feedback{ShowRight, ShowMarks, ShowScore}, p.Feedback),
		"passBp":   p.PassBp < 0 || p.PassBp > 10000,
		"attempts": p.Attempts < 0 || p.Attempts > maxTries,
		"minutes":  p.Minutes < 0 || p.Minutes > maxMinutes,
		"draws":    len(p.Draws) > maxDraws || p.Size() > MaxQuestions,
	} {
		if wrong {
			k.refuse(path+"."+code, "range")
		}
	}
	once(k, path+".fixed", p.Fixed)
	once(k, path+".excuses", p.Excuses)
}

// once refuses ids that a list names again.
func once[ID ~string](k *cleaner, path string, ids []ID) {
	seen := map[ID]bool{}
	for i, id := range ids {
		if seen[id] {
			k.refuse(fmt.Sprintf("%s[%d]", path, i), "twice")
		}
		seen[id] = true
	}
}

// resolve drops the lessons that quizzes name and that are no longer there, and
// those that a pre-test cannot excuse from: itself and others like it.
func (c Content) resolve() {
	there, lasting := map[courses.LessonID]bool{}, map[courses.LessonID]bool{}
	c.Lessons(func(l Lesson) {
		there[l.ID] = true
		lasting[l.ID] = !l.Paper.Pretest()
	})
	for i := range c.Modules {
		for j := range c.Modules[i].Lessons {
			p := &c.Modules[i].Lessons[j].Paper
			p.Excuses = slices.DeleteFunc(p.Excuses, func(id courses.LessonID) bool { return !lasting[id] })
			for d := range p.Draws {
				if !there[p.Draws[d].Lesson] {
					p.Draws[d].Lesson = ""
				}
			}
		}
	}
}

// onlyPretests says that there are lessons and none of them is asked for.
func (c Content) onlyPretests() bool {
	asked, n := 0, 0
	c.Lessons(func(l Lesson) {
		n++
		if !l.Paper.Pretest() {
			asked++
		}
	})
	return n > 0 && asked == 0
}

// Teaching says which lessons teach what a question of the paper asks: the one that a
// draw names for its kind, or else those that cite what it cites.
func (c Content) Teaching(p Paper) func(topic, difficulty string, cites []Reference) []courses.LessonID {
	var cited []lessonPlaces // of the lessons that cite something, once it is asked for
	return func(topic, difficulty string, cites []Reference) []courses.LessonID {
		for _, d := range p.Draws {
			if d.Lesson != "" && d.Fits(topic, difficulty) {
				return []courses.LessonID{d.Lesson}
			}
		}
		if cited == nil {
			cited = c.places()
		}
		asked := placesOf(cites)
		var list []courses.LessonID
		for _, l := range cited {
			if slices.ContainsFunc(l.places, func(mine place) bool { return slices.ContainsFunc(asked, mine.meets) }) {
				list = append(list, l.lesson)
			}
		}
		return list
	}
}

// place is a place in a legal document, however it was written.
type place struct {
	number   string
	articles []string
}

// lessonPlaces is what a lesson cites.
type lessonPlaces struct {
	lesson courses.LessonID
	places []place
}

// places is what each lesson cites.
func (c Content) places() []lessonPlaces {
	list := []lessonPlaces{}
	c.Lessons(func(l Lesson) {
		var cites []Reference
		l.pieces(func(_ string, b Block) { cites = append(cites, b.Cited()...) })
		if len(cites) > 0 {
			list = append(list, lessonPlaces{l.ID, placesOf(cites)})
		}
	})
	return list
}

func placesOf(cites []Reference) []place {
	var list []place
	for _, r := range cites {
		if r.Number != "" {
			list = append(list, place{vietnamese.DocumentNumber(r.Number), vietnamese.Articles(r.Article)})
		}
	}
	return list
}

// meets says that two places are in one document, and in one article if both name
// theirs.
func (p place) meets(q place) bool {
	return p.number == q.number && (len(p.articles) == 0 || len(q.articles) == 0 ||
		slices.ContainsFunc(p.articles, func(label string) bool { return slices.Contains(q.articles, label) }))
}

// Banks is what catalog asks of the question banks.
type Banks interface {
	// Lacking is how many questions of the paper its bank cannot give.
	Lacking(ctx context.Context, p Paper) (int, error)
}

// banks is the organisations whose questions the content asks.
func (c Content) banks() map[courses.UnitID]bool {
	all := map[courses.UnitID]bool{}
	c.Lessons(func(l Lesson) {
		if l.Kind == Quiz && l.Paper.Bank != "" {
			all[l.Paper.Bank] = true
		}
	})
	return all
}

// papers asks of every quiz of the content what its bank lacks.
func (s *Service) papers(ctx context.Context, c Content) (map[courses.LessonID]int, error) {
	lacking := map[courses.LessonID]int{}
	var failed error
	c.Lessons(func(l Lesson) {
		if l.Kind != Quiz || failed != nil {
			return
		}
		lacking[l.ID], failed = s.banks.Lacking(ctx, l.Paper)
	})
	return lacking, failed
}
