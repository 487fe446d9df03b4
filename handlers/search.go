package handlers

import (
	"context"
	"haidang/courses"
	"haidang/courses/catalog"
	"haidang/courses/laws"
	"haidang/courses/vietnamese"
	"slices"
	"strconv"

	"github.com/danielgtaylor/huma/v2"
)

// Piece is a piece of a text; those that were looked for are marked.
type Piece struct {
	Text string `json:"text"`
	Mark bool   `json:"mark,omitempty"`
}

// SearchHit is something that words found.
type SearchHit struct {
	Title   []Piece          `json:"title" nullable:"false" doc:"Of the course, lesson or file, or the number of a legal document"`
	Excerpt []Piece          `json:"excerpt" nullable:"false" doc:"What it says where the words stand"`
	Course  courses.CourseID `json:"course,omitempty" doc:"Of a course, lesson or file"`
	Of      string           `json:"of,omitempty" doc:"The title of the course of a lesson or file, else who offers or issued it"`
	Lesson  courses.LessonID `json:"lesson,omitempty" doc:"Of a lesson, or of the one that offers a file"`
	Kind    string           `json:"kind,omitempty" doc:"Of a lesson or a legal document"`
	AtMs    int64            `json:"atMs,omitempty" doc:"Of a recording: the moment at which the excerpt is said"`
	Page    int64            `json:"page,omitempty" doc:"Of a document or a file: the page that has the excerpt"`
	URL     string           `json:"url,omitempty" doc:"Of a file"`
	State   string           `json:"state,omitempty" enum:"coming,in_force,ended" doc:"Of a legal document"`
	Until   courses.Date     `json:"until,omitempty" doc:"The last day in force of one that ended"`
	Citing  int              `json:"citing,omitempty" doc:"How many published courses cite a legal document"`
}

// SearchGroup is a page of the hits of one sort.
type SearchGroup struct {
	Sort  string      `json:"sort" enum:"course,lesson,law,file"`
	Total int         `json:"total" doc:"How many there are; 100 may be more"`
	Hits  []SearchHit `json:"hits" nullable:"false"`
	Next  string      `json:"next,omitempty" doc:"Give it as after, with the sort, for the next page; absent on the last"`
}

// SearchView is what words found, sort by sort.
type SearchView struct {
	Groups []SearchGroup `json:"groups" nullable:"false"`
}

type searchIn struct {
	PageIn
	Query string `query:"q" maxLength:"200" doc:"Words; marks do not matter, and one letter of a longer word may be wrong"`
	Sort  string `query:"sort" enum:"course,lesson,law,file" doc:"Of which alone the hits are wanted; else the first of each"`
}

// eachSort is how many hits of each sort stand on the first page.
const eachSort = 5

type searchRoutes struct{ catalogRoutes }

func registerSearch(api huma.API, services Services, clock courses.Clock) {
	r := searchRoutes{catalogRoutes{Services: services, clock: clock}}
	private(api, get("search", "/api/search", "Courses, lessons with the moment or page, legal documents and files that words find"), r.search)
}

// seeking is what somebody looks for, and the part of the hits that is wanted.
type seeking struct {
	searchRoutes
	actor courses.Actor
	words string
	query vietnamese.Query
	window
}

// search asks all sorts, or the one that is wanted, and shows a page of each.
func (r searchRoutes) search(ctx context.Context, actor courses.Actor, in *searchIn) (*body[SearchView], error) {
	words, err := vietnamese.Clean(in.Query)
	if err != nil {
		return nil, err
	}
	s := seeking{searchRoutes: r, actor: actor, words: words, query: vietnamese.Ask(words), window: window{size: eachSort}}
	if in.Sort != "" {
		s.size = in.page().Size()
	}
	if s.from, err = offset(in.After); err != nil {
		return nil, err
	}
	lessons, files, err := r.Catalog.FindTexts(ctx, actor, s.query)
	if err != nil {
		return nil, err
	}
	view := SearchView{Groups: []SearchGroup{}}
	for _, x := range []struct {
		sort string
		find func(context.Context) (SearchGroup, error)
	}{
		{"course", s.courses},
		{"lesson", func(ctx context.Context) (SearchGroup, error) { return s.places(ctx, lessons) }},
		{"law", s.laws},
		{"file", func(ctx context.Context) (SearchGroup, error) { return s.places(ctx, files) }},
	} {
		if in.Sort != "" && in.Sort != x.sort {
			continue
		}
		group, err := x.find(ctx)
		if err != nil {
			return nil, err
		}
		group.Sort = x.sort
		view.Groups = append(view.Groups, group)
	}
	return &body[SearchView]{Body: view}, nil
}

// window is a part of a list of hits.
type window struct{ from, size int }

func offset(after string) (int, error) {
	if after == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(after)
	if err != nil || n < 0 {
		return 0, courses.ErrBadCursor
	}
	return n, nil
}

// windowed is the part of a list, and the group that tells of the rest.
func windowed[T any](list []T, w window) ([]T, SearchGroup) {
	from := min(w.from, len(list))
	to := min(from+w.size, len(list))
	g := SearchGroup{Total: len(list), Hits: []SearchHit{}}
	if to < len(list) {
		g.Next = strconv.Itoa(to)
	}
	return list[from:to], g
}

func (r seeking) courses(ctx context.Context) (SearchGroup, error) {
	var found []catalog.Course
	titles, err := r.titles(ctx)
	if err != nil {
		return SearchGroup{}, err
	}
	if len(r.query) > 0 {
		if found, err = r.named(ctx, titles); err != nil {
			return SearchGroup{}, err
		}
	}
	shown, group := windowed(found, r.window)
	tree, err := r.Staff.Tree(ctx)
	if err != nil {
		return SearchGroup{}, err
	}
	today := r.clock.Today()
	for _, h := range r.Catalog.Show(r.query, shown, titles) {
		group.Hits = append(group.Hits, SearchHit{
			Title: pieces(h.Title), Excerpt: pieces(h.Excerpt), Course: h.Course.ID, Of: nameIn(tree, h.Course.Owner, today),
		})
	}
	return group, nil
}

// titles is those of all positions.
func (r searchRoutes) titles(ctx context.Context) (map[courses.PositionID]string, error) {
	positions, err := r.Staff.Positions(ctx)
	titles := make(map[courses.PositionID]string, len(positions))
	for _, p := range positions {
		titles[p.Code] = p.Title
	}
	return titles, err
}

// mostHits is how many hits of a sort there are at the most.
const mostHits = 100

// named is the courses that lists show with the words and, behind them, those for a
// position that the words name; what only lessons say is found there.
func (r seeking) named(ctx context.Context, titles map[courses.PositionID]string) ([]catalog.Course, error) {
	found, err := r.Catalog.Browse(ctx, r.actor, r.words, catalog.Filter{Shown: true}, courses.Page{Limit: mostHits})
	if err != nil {
		return nil, err
	}
	list := found.Items
	var meant []courses.PositionID
	for code, title := range titles {
		if split := vietnamese.Split(title); r.query.In(split) || r.query.Holds(split) {
			meant = append(meant, code)
		}
	}
	if len(meant) == 0 {
		return list, nil
	}
	more, err := r.Catalog.Browse(ctx, r.actor, "", catalog.Filter{For: meant, Named: true}, courses.Page{Limit: mostHits})
	for _, c := range more.Items {
		if !slices.ContainsFunc(list, func(f catalog.Course) bool { return f.ID == c.ID }) {
			list = append(list, c)
		}
	}
	return list, err
}

// places shows lessons or files, but for those that the actor's version of their
// course does not have.
func (r seeking) places(ctx context.Context, found []catalog.Place) (SearchGroup, error) {
	shown, group := windowed(found, r.window)
	ids := each(shown, func(p catalog.Place) courses.CourseID { return p.Course })
	of, err := r.Catalog.PublishedByID(ctx, ids)
	if err != nil {
		return SearchGroup{}, err
	}
	reads, err := r.reads(ctx, of)
	if err != nil {
		return SearchGroup{}, err
	}
	assets, err := r.Media.Assets(ctx, filesOf(shown))
	if err != nil {
		return SearchGroup{}, err
	}
	for _, h := range r.Catalog.Hits(ctx, r.query, shown) {
		course, there := of[h.Place.Course]
		if !there || !reads(h.Place) {
			continue
		}
		hit := SearchHit{
			Title: pieces(h.Title), Excerpt: pieces(h.Excerpt), Course: course.ID, Of: course.Newest.Title, Lesson: h.Place.Lesson, Kind: string(h.Kind),
		}
		switch h.Kind {
		case catalog.Video, catalog.Audio:
			hit.AtMs = h.At
		case catalog.Document, catalog.Attachment:
			hit.Page = h.At
		}
		if a, found := assets[h.Place.File]; found {
			hit.URL = assetView(a).URL
		}
		group.Hits = append(group.Hits, hit)
	}
	return group, nil
}

func filesOf(places []catalog.Place) []courses.AssetID {
	var ids []courses.AssetID
	for _, p := range places {
		if p.File != "" {
			ids = append(ids, p.File)
		}
	}
	return ids
}

// reads is a question that answers at once: whether the actor's version of a
// course, which may be older than the one that was searched, has the place.
func (r seeking) reads(ctx context.Context, of map[courses.CourseID]catalog.Course) (func(catalog.Place) bool, error) {
	list := make([]catalog.Course, 0, len(of))
	for _, c := range of {
		list = append(list, c)
	}
	on, err := r.Learning.On(ctx, r.actor, list)
	if err != nil {
		return nil, err
	}
	older := map[courses.CourseID]catalog.Version{}
	for id, standing := range on {
		if standing.Version == of[id].Newest.Version {
			continue
		}
		if older[id], err = r.Catalog.Version(ctx, standing.Version); err != nil {
			return nil, err
		}
	}
	return func(p catalog.Place) bool {
		v, is := older[p.Course]
		if !is {
			return true
		}
		l, has := v.Content.Lesson(p.Lesson)
		return has && (p.File == "" || slices.Contains(l.Alone().Assets(), p.File))
	}, nil
}

func (r seeking) laws(ctx context.Context) (SearchGroup, error) {
	found, err := r.Laws.Find(ctx, r.query)
	if err != nil {
		return SearchGroup{}, err
	}
	shown, group := windowed(found[:min(len(found), mostHits)], r.window)
	today := r.clock.Today()
	for _, d := range shown {
		number, _ := r.query.Mark(d.Number)
		abstract, _ := r.query.Excerpt(d.Abstract, d.Number)
		hit := SearchHit{
			Title: pieces(number), Excerpt: pieces(abstract), Of: d.Issuer, Kind: string(d.Kind),
			State: string(d.State(today)), Citing: r.Catalog.Citing(d.Number),
		}
		if d.State(today) == laws.Ended {
			hit.Until = d.Until
		}
		group.Hits = append(group.Hits, hit)
	}
	return group, nil
}

// pieces cuts a text where its marks begin and end.
func pieces(m vietnamese.Marked) []Piece {
	list := []Piece{}
	add := func(text string, mark bool) {
		if text != "" {
			list = append(list, Piece{Text: text, Mark: mark})
		}
	}
	last := 0
	for _, s := range m.Marks {
		add(m.Text[last:s.From], false)
		add(m.Text[s.From:s.To], true)
		last = s.To
	}
	add(m.Text[last:], false)
	return list
}
