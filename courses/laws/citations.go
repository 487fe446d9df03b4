package laws

import (
	"context"
	"haidang/courses"
	"haidang/courses/vietnamese"
	"slices"
)

// Citation is a place in a document, as a text cites it.
type Citation struct {
	Number  string // names the document; see Key
	Article string // as written; empty where the document is cited as a whole
}

// End says that what a citation names is no longer in force.
type End struct {
	Article string       // the label of the article that ended; empty where the document did
	Until   courses.Date // the last day in force
	By      string       // the number of what replaced, amended or repealed it, if known
}

// Ending is a question that answers at once: whether the document that a
// citation names is no longer in force today, or an article that it names.
func (s *Service) Ending(ctx context.Context) (func(Citation) (end End, ended bool), error) {
	registry, err := s.registry(ctx)
	if err != nil {
		return nil, err
	}
	today := s.clock.Today()
	return func(c Citation) (End, bool) {
		return registry[vietnamese.DocumentNumber(c.Number)].end(c.Article, today)
	}, nil
}

// end is what ended of an entry, if an article is cited; the zero entry does not.
func (e entry) end(article string, today courses.Date) (End, bool) {
	if e.State(today) == Ended {
		return End{Until: e.Until, By: e.ReplacedBy}, true
	}
	listed, _ := e.named(article)
	for _, a := range listed {
		if e.ArticleState(a, today) == Ended {
			return End{Article: a.Label, Until: a.Until, By: a.ChangedBy}, true
		}
	}
	return End{}, false
}

// Ended is what is no longer in force today of citations, by citation.
func (s *Service) Ended(ctx context.Context, citations []Citation) (map[Citation]End, error) {
	ending, err := s.Ending(ctx)
	if err != nil {
		return nil, err
	}
	ended := map[Citation]End{}
	for _, c := range citations {
		if end, is := ending(c); is {
			ended[c] = end
		}
	}
	return ended, nil
}

// EndedNumbers is the numbers of the documents that ended or have an article that
// did.
func (s *Service) EndedNumbers(ctx context.Context) ([]string, error) {
	registry, err := s.registry(ctx)
	if err != nil {
		return nil, err
	}
	today := s.clock.Today()
	var numbers []string
	for _, e := range registry {
		if e.State(today) == Ended || slices.ContainsFunc(e.Articles, func(a Article) bool { return e.ArticleState(a, today) == Ended }) {
			numbers = append(numbers, e.Number)
		}
	}
	slices.Sort(numbers)
	return numbers, nil
}

// Unlisted is those citations of which the registry lists the document's
// articles but not the one that they name, with its label.
func (s *Service) Unlisted(ctx context.Context, citations []Citation) (map[Citation]string, error) {
	registry, err := s.registry(ctx)
	if err != nil {
		return nil, err
	}
	labels := map[Citation]string{}
	for _, c := range citations {
		if _, unlisted := registry[vietnamese.DocumentNumber(c.Number)].named(c.Article); len(unlisted) > 0 {
			labels[c] = unlisted[0]
		}
	}
	return labels, nil
}

// Known is what the registry knows of a citation.
type Known struct {
	Document Document
	Named    []Article // those that it names
	Unlisted []string  // labels that it names and the document's list has not
}

// Look says what the registry knows of a citation. It refuses with
// ErrNoDocument.
func (s *Service) Look(ctx context.Context, c Citation) (Known, error) {
	registry, err := s.registry(ctx)
	if err != nil {
		return Known{}, err
	}
	e, found := registry[vietnamese.DocumentNumber(c.Number)]
	if !found {
		return Known{}, ErrNoDocument
	}
	named, unlisted := e.named(c.Article)
	return Known{Document: e.Document, Named: named, Unlisted: unlisted}, nil
}
