package demo

import (
	"context"
	"fmt"
	"haidang/cmd/internal/app"
	"haidang/courses"
	"haidang/courses/catalog"
	"haidang/courses/laws"
	"haidang/courses/media"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
)

// Library is what a library was made of, to be looked for.
type Library struct {
	Titles  []string // of lessons
	Phrases []string // a few words from a transcript or an article each
	Numbers []string // of legal documents
	Spoken  int      // bytes of all transcripts
}

// Of a library: courses of eight lessons, of which two are films; bytes of what is
// said in a film and written in an article; documents that the courses cite.
const (
	libraryLessons = 8
	libraryFilms   = 2
	filmBytes      = 10_000
	articleBytes   = 1_700
	libraryLaws    = 300
)

// FillLibrary publishes courses whose lessons say a lot, in invented words of which
// few are frequent and most are rare, as in any language.
func FillLibrary(ctx context.Context, a *app.App, lessons int) (Library, error) {
	tongue, err := newTongue(rand.New(rand.NewPCG(129, 2000)))
	if err != nil {
		return Library{}, err
	}
	l := library{tongue: tongue, app: a, actor: cityPublisher("author")}
	for i := range libraryLaws {
		if err := l.law(ctx, i); err != nil {
			return Library{}, err
		}
	}
	for i := range (lessons + libraryLessons - 1) / libraryLessons {
		if err := l.course(ctx, i); err != nil {
			return Library{}, fmt.Errorf("make course %d of the library: %w", i, err)
		}
	}
	return l.made, nil
}

// tongue speaks: words are of one to three syllables.
type tongue struct {
	random *rand.Rand
	words  []string
	upTo   []float64 // how often a word up to this one is said
}

const tongueWords = 9000

// newTongue makes words of some 2,500 syllables: those of the demo's own texts, and
// such as are made of the same parts.
func newTongue(random *rand.Rand) (*tongue, error) {
	var syllables []string
	known := map[string]bool{}
	add := func(s string) {
		if s = strings.ToLower(strings.Trim(s, ".,;:()[]{}\"'“”/-–…0123456789")); s != "" && !strings.ContainsAny(s, "/\"{}[]_:=0123456789") && !known[s] {
			known[s] = true
			syllables = append(syllables, s)
		}
	}
	for _, name := range []string{"notice-129-TB-TU.txt", "courses.json", "units.csv", "positions.csv"} {
		b, err := data.ReadFile("data/" + name)
		if err != nil {
			return nil, fmt.Errorf("read words: %w", err)
		}
		for _, s := range strings.FieldsFunc(string(b), func(r rune) bool { return strings.ContainsRune(" \n\t,\"", r) }) {
			add(s)
		}
	}
	heads, rhymes := strings.Fields("b c ch d đ g gi h kh l m n ng nh ph qu s t th tr v x"), strings.Fields(
		"a á à ả ạ an án ang áng anh ánh ao ạo ăn ắn ăng ắc âm ấm ân ận âu ậu em en eo ê ề ết ên ến i ị im in ịnh iêm iên iện iêu o ó ong óng ô ộ ôi ội ôn ông ống ơ ớ ơi ới u ụ ui un ung ùng uân uất uôi uông ư ừ ưa ưng ươi ương ướng ưu y yên")
	for _, head := range heads {
		for _, rhyme := range rhymes {
			add(head + rhyme)
		}
	}
	t := &tongue{random: random}
	sum := 0.0
	for rank := range tongueWords {
		word := syllables[random.IntN(len(syllables))]
		for range random.IntN(3) {
			word += " " + syllables[random.IntN(len(syllables))]
		}
		sum += 1 / math.Pow(float64(rank)+2.7, 1.07) // Zipf's law with Mandelbrot's correction
		t.words, t.upTo = append(t.words, word), append(t.upTo, sum)
	}
	return t, nil
}

// word is a word, the frequent ones more often.
func (t *tongue) word() string {
	i, _ := slices.BinarySearch(t.upTo, t.random.Float64()*t.upTo[len(t.upTo)-1])
	return t.words[i]
}

// subject is words that a lesson comes back to.
func (t *tongue) subject() []string {
	list := make([]string, 12)
	for i := range list {
		list[i] = t.words[t.random.IntN(len(t.words))]
	}
	return list
}

// says is about so many bytes of sentences on a subject.
func (t *tongue) says(subject []string, bytes int) []string {
	var sentences []string
	for bytes > 0 {
		var words []string
		for range 6 + t.random.IntN(8) {
			word := t.word()
			if t.random.IntN(4) == 0 {
				word = subject[t.random.IntN(len(subject))]
			}
			words = append(words, word)
		}
		s := strings.Join(words, " ")
		sentences, bytes = append(sentences, s), bytes-len(s)
	}
	return sentences
}

type library struct {
	*tongue
	app   *app.App
	actor courses.Actor
	made  Library
}

var lawKinds = []struct {
	kind laws.Kind
	sign string
}{{"nghi_dinh", "NĐ-CP"}, {"thong_tu", "TT-BNV"}, {"quyet_dinh", "QĐ-UBND"}, {"nghi_quyet", "NQ-HĐND"}}

func (l *library) law(ctx context.Context, i int) error {
	k := lawKinds[i%len(lawKinds)]
	number := fmt.Sprintf("%d/%d/%s", 1+i, 2015+i%12, k.sign)
	_, err := l.app.Services.Laws.Add(ctx, l.actor, laws.Document{
		Number: number, Kind: k.kind, Abstract: "Quy định về " + strings.Join(l.subject()[:3], ", "), Issuer: "Chính phủ", From: "2020-01-01", Keeper: "SNV",
	})
	l.made.Numbers = append(l.made.Numbers, number)
	return err
}

func (l *library) course(ctx context.Context, i int) error {
	c, subject := l.app.Services.Catalog, l.subject()
	title := fmt.Sprintf("%s: %s", topics[i%len(topics)], strings.Join(subject[:2], ", "))
	content := catalog.Content{
		Title: title, Summary: strings.Join(l.says(subject, 120), ". "), Knowledge: "quan_ly_nha_nuoc", Tiet: 4,
		Citations: []catalog.Citation{{Number: l.made.Numbers[l.random.IntN(libraryLaws)], Verified: true}},
		Modules:   []catalog.Module{{Title: "Chuyên đề " + subject[3]}},
	}
	for j := range libraryLessons {
		lesson, err := l.lesson(ctx, j < libraryFilms)
		if err != nil {
			return err
		}
		content.Modules[0].Lessons = append(content.Modules[0].Lessons, lesson)
	}
	created, err := c.Create(ctx, l.actor, fmt.Sprintf("TV-%04d", i+1), title, "SNV")
	if err != nil {
		return err
	}
	saved, err := c.Save(ctx, l.actor, created.Course.ID, created.Course.Revision, content)
	if err != nil {
		return err
	}
	_, err = approve(ctx, c, l.actor, saved)
	return err
}

func (l *library) lesson(ctx context.Context, film bool) (catalog.Lesson, error) {
	subject := l.subject()
	lesson := catalog.Lesson{Kind: catalog.Article, Title: "Thủ tục " + strings.Join(subject[:2], " "), Minutes: 8}
	sentences := l.says(subject, articleBytes)
	if film {
		sentences = l.says(subject, filmBytes)
		lesson.Kind = catalog.Video
		var err error
		if lesson.Asset, err = l.film(ctx, sentences); err != nil {
			return lesson, err
		}
	}
	for i, s := range sentences {
		if !film {
			lesson.Blocks = append(lesson.Blocks, catalog.Block{Type: catalog.Paragraph, Text: []catalog.Inline{{Text: s + "."}}})
		}
		if i%7 == 0 {
			words := strings.Fields(s)
			from := l.random.IntN(max(1, len(words)-5))
			l.made.Phrases = append(l.made.Phrases, strings.Join(words[from:min(len(words), from+3+l.random.IntN(3))], " "))
		}
	}
	l.made.Titles = append(l.made.Titles, lesson.Title)
	return lesson, nil
}

// film is a film of which nothing is there but its captions.
func (l *library) film(ctx context.Context, sentences []string) (courses.AssetID, error) {
	const each = 6000 // milliseconds of a sentence
	now := l.app.Now()
	a := media.Asset{
		ID: courses.NewID[courses.AssetID](now), Owner: "SNV", Name: "phim.mp4", Kind: media.Video, Type: "video/mp4", Bytes: 1 << 20, State: media.Ready,
		Facts: media.Facts{DurationMs: int64(len(sentences)+1) * each}, CreatedAt: now, CreatedBy: l.actor.Person,
	}
	c := media.Captions{Asset: a.ID, Language: media.Vietnamese, Revision: 1, SavedAt: now, SavedBy: l.actor.Person}
	for i, s := range sentences {
		from := int64(i) * each
		c.Cues = append(c.Cues, media.Cue{FromMs: from, ToMs: from + each - 1, Text: s})
		l.made.Spoken += len(s)
	}
	store := l.app.DB.Media()
	if err := store.InsertAsset(ctx, a); err != nil {
		return "", err
	}
	return a.ID, l.app.DB.Atomic(ctx, func(ctx context.Context) error { return store.SaveCaptions(ctx, c) })
}
