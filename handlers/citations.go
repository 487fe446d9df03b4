package handlers

import (
	"cmp"
	"context"
	"errors"
	"haidang/courses"
	"haidang/courses/catalog"
	"haidang/courses/laws"
	"slices"
)

// EndedLaw is a document that is no longer in force, or an article of one that is.
type EndedLaw struct {
	Number     string       `json:"number" doc:"As the text cites it"`
	Article    string       `json:"article,omitempty" doc:"As the text cites it; absent where the whole document ended"`
	Until      courses.Date `json:"until" doc:"The last day in force"`
	ReplacedBy string       `json:"replacedBy,omitempty" doc:"The number of what took its place; of an article, of what amended or repealed it"`
}

// named is the document, with the article if it is one.
func (e EndedLaw) named() string {
	if e.Article == "" {
		return e.Number
	}
	return e.Number + " (" + e.Article + ")"
}

// CitationView is what the registry knows of a citation.
type CitationView struct {
	Known    bool         `json:"known" doc:"The registry has the document"`
	State    string       `json:"state,omitempty" enum:"coming,in_force,ended" doc:"Of the document"`
	Articles []LawArticle `json:"articles" nullable:"false" doc:"All that are listed of the document"`
	Named    []LawArticle `json:"named" nullable:"false" doc:"Those that the citation names"`
	Unlisted []string     `json:"unlisted" nullable:"false" doc:"Those that it names and that should be listed"`
}

type citationIn struct {
	Number  string `query:"number" maxLength:"200" required:"true" doc:"As typed: Nghị định số 118/2025/NĐ-CP"`
	Article string `query:"article" maxLength:"200" doc:"As typed: khoản 2 Điều 5"`
}

func (r lawRoutes) look(ctx context.Context, _ courses.Actor, in *citationIn) (*body[CitationView], error) {
	known, err := r.Laws.Look(ctx, laws.Citation{Number: in.Number, Article: in.Article})
	if errors.Is(err, laws.ErrNoDocument) {
		return &body[CitationView]{Body: CitationView{Articles: []LawArticle{}, Named: []LawArticle{}, Unlisted: []string{}}}, nil
	}
	if err != nil {
		return nil, err
	}
	d, today := known.Document, r.clock.Today()
	return &body[CitationView]{Body: CitationView{
		Known: true, State: string(d.State(today)),
		Articles: articleViews(d, d.Articles, today), Named: articleViews(d, known.Named, today),
		Unlisted: append([]string{}, known.Unlisted...),
	}}, nil
}

// articleViews shows articles of a document as they stand on a day.
func articleViews(d laws.Document, list []laws.Article, today courses.Date) []LawArticle {
	views := make([]LawArticle, len(list))
	for i, a := range list {
		views[i] = LawArticle{
			Label: a.Label, Title: a.Title, From: a.From, Until: a.Until, ChangedBy: a.ChangedBy, State: string(d.ArticleState(a, today)),
		}
	}
	return views
}

func lawCitation(place catalog.Reference) laws.Citation { return laws.Citation(place) }

// endedLaws is what is no longer in force of cited places.
func (r catalogRoutes) endedLaws(ctx context.Context, cited []catalog.Reference) ([]EndedLaw, error) {
	ended, err := r.Laws.Ended(ctx, each(cited, lawCitation))
	if err != nil {
		return nil, err
	}
	views := make([]EndedLaw, 0, len(ended))
	for c, end := range ended {
		view := EndedLaw{Number: c.Number, Until: end.Until, ReplacedBy: end.By}
		if end.Article != "" {
			view.Article = c.Article
		}
		views = append(views, view)
	}
	slices.SortFunc(views, func(a, b EndedLaw) int {
		return cmp.Or(cmp.Compare(a.Number, b.Number), cmp.Compare(a.Article, b.Article))
	})
	return slices.Compact(views), nil // whoever cites three articles of an ended document is told once
}

// lawWarnings tells authors, block by block, what is no longer in force and which
// articles the registry does not list.
func (r catalogRoutes) lawWarnings(ctx context.Context, c catalog.Content) ([]Missing, error) {
	cited := each(c.Cited(), lawCitation)
	ended, err := r.Laws.Ended(ctx, cited)
	if err != nil {
		return nil, err
	}
	unlisted, err := r.Laws.Unlisted(ctx, cited)
	if err != nil {
		return nil, err
	}
	var list []Missing
	c.References(func(path, lesson string, place catalog.Reference) {
		end, is := ended[lawCitation(place)]
		label, missing := unlisted[lawCitation(place)]
		switch {
		case is && end.Article != "":
			list = append(list, Missing{Code: "law_ended", Path: path, Name: place.Number, Article: end.Article, Lesson: lesson})
		case is:
			list = append(list, Missing{Code: "law_ended", Path: path, Name: place.Number, Lesson: lesson})
		case missing:
			list = append(list, Missing{Code: "law_article", Path: path, Name: place.Number, Article: label, Lesson: lesson})
		}
	})
	return list, nil
}

// cited is the documents of a course as learners see them.
func (r catalogRoutes) cited(ctx context.Context, c catalog.Content) ([]CitedLaw, error) {
	citations := slices.Clone(c.Citations)
	for _, place := range c.Cited() {
		if !slices.ContainsFunc(citations, func(x catalog.Citation) bool { return x.Number == place.Number }) {
			citations = append(citations, catalog.Citation{Number: place.Number, Verified: true}) // of a block only
		}
	}
	whole := func(x catalog.Citation) laws.Citation { return laws.Citation{Number: x.Number} }
	ended, err := r.Laws.Ended(ctx, each(citations, whole))
	if err != nil {
		return nil, err
	}
	return each(citations, func(x catalog.Citation) CitedLaw {
		end := ended[whole(x)]
		return CitedLaw{Citation: citationView(x), Ended: end.Until, ReplacedBy: end.By}
	}), nil
}
