package surveys

import (
	"context"
	"fmt"
	"haidang/courses"
	"haidang/courses/fields"
	"time"
)

// Template is what an evaluation asks and how it is turned into points, from a day
// until the next template's. It does not change once that day has come.
type Template struct {
	From       courses.Date
	Title      string
	Basis      string // the document that prescribes it
	Scale      []Step // what may be answered, from the worst to the best
	Dimensions []Dimension
	Bands      []Band // from the best to the worst
	Revision   int
	SavedAt    time.Time
	SavedBy    courses.PersonID
}

// Step is an answer and its worth in percent of the weight.
type Step struct {
	Label string
	Worth int
}

// Dimension is one of the sides of a course that are evaluated; the weights of all
// are 100 points.
type Dimension struct {
	Title     string
	Weight    int
	Questions []string
}

// Band is what points amount to, from so many on.
type Band struct {
	From  int
	Label string
}

// Refusals of templates.
var (
	ErrNoTemplate = courses.Refusal(courses.NotFound, "surveys.no_such_template", "no template is in force on that day")
	ErrTemplate   = courses.Refusal(courses.Invalid, "surveys.bad_template", "the template breaks a rule; see fields")
	ErrInForce    = courses.Refusal(courses.Conflict, "surveys.template_in_force", "the template's first day has come: it does not change any more, make one for a day to come")
)

// Bounds of a template.
const (
	MostSteps      = 7
	MostDimensions = 12
	MostQuestions  = 10 // of a dimension
	mostBands      = 10
	mostRunes      = 500
	points         = 100
)

// form is the questions that it asks.
func (t Template) form() []Question {
	var form []Question
	for i, d := range t.Dimensions {
		for j := range d.Questions {
			form = append(form, Question{ID: questionID(i, j), Choices: len(t.Scale)})
		}
	}
	return form
}

// Points is what a tally amounts to.
type Points struct {
	Dimensions []int // hundredths of a point
	Total      int   // their sum, so that a reader can add them up
	Band       string
}

// Points turns answers into points: a dimension has its weight times the mean
// worth of what was chosen.
func (t Template) Points(of Tally) Points {
	p := Points{}
	for i, d := range t.Dimensions {
		sum := 0
		for j := range d.Questions {
			for k, n := range of.Counts[questionID(i, j)] {
				sum += n * t.Scale[k].Worth
			}
		}
		got := rounded(d.Weight*sum, of.N*len(d.Questions))
		p.Dimensions = append(p.Dimensions, got)
		p.Total += got
	}
	for _, b := range t.Bands {
		if p.Total >= 100*b.From {
			p.Band = b.Label
			break
		}
	}
	return p
}

// checker collects what a template breaks.
type checker struct{ fields.Checker }

// text is one that has to be there.
func (k *checker) text(path, s string) string {
	k.Text(path, &s, mostRunes)
	k.Refuse(s == "", path, "required")
	return s
}

// clean gives the template in canonical form, or refuses with ErrTemplate.
func (t Template) clean() (Template, error) {
	k := &checker{}
	t.Title, t.Basis = k.text("title", t.Title), k.text("basis", t.Basis)
	k.Refuse(len(t.Scale) < 2 || len(t.Scale) > MostSteps, "scale", "range")
	for i := range t.Scale {
		s := &t.Scale[i]
		s.Label = k.text(fmt.Sprintf("scale[%d].label", i), s.Label)
		k.Refuse(s.Worth < 0 || s.Worth > 100 || i > 0 && s.Worth <= t.Scale[i-1].Worth, fmt.Sprintf("scale[%d].worth", i), "range")
	}
	k.dimensions(t.Dimensions)
	k.Refuse(len(t.Bands) < 1 || len(t.Bands) > mostBands, "bands", "range")
	for i := range t.Bands {
		b := &t.Bands[i]
		b.Label = k.text(fmt.Sprintf("bands[%d].label", i), b.Label)
		k.Refuse(b.From < 0 || b.From > points || i > 0 && b.From >= t.Bands[i-1].From, fmt.Sprintf("bands[%d].from", i), "range")
		k.Refuse(i == len(t.Bands)-1 && b.From != 0, fmt.Sprintf("bands[%d].from", i), "last_is_zero")
	}
	if err := k.Err(ErrTemplate); err != nil {
		return Template{}, err
	}
	return t, nil
}

func (k *checker) dimensions(list []Dimension) {
	weights := 0
	for i := range list {
		d, at := &list[i], fmt.Sprintf("dimensions[%d]", i)
		d.Title = k.text(at+".title", d.Title)
		k.Refuse(d.Weight < 1 || d.Weight > points, at+".weight", "range")
		weights += d.Weight
		k.Refuse(len(d.Questions) < 1 || len(d.Questions) > MostQuestions, at+".questions", "range")
		for j := range d.Questions {
			d.Questions[j] = k.text(fmt.Sprintf("%s.questions[%d]", at, j), d.Questions[j])
		}
	}
	k.Refuse(len(list) > MostDimensions || weights != points, "dimensions", "sum_is_100")
}

// Templates lists the templates, the latest first, for who keeps them.
func (s *Service) Templates(ctx context.Context, actor courses.Actor, page courses.Page) (courses.Slice[Template], error) {
	if err := s.keeps(ctx, actor); err != nil {
		return courses.Slice[Template]{}, err
	}
	return s.store.Templates(ctx, page)
}

// keeps refuses everybody but those who keep the surveys of the whole city.
func (s *Service) keeps(ctx context.Context, actor courses.Actor) error {
	scope, err := s.allow.Scope(ctx, actor, courses.KeepSurveys)
	if err == nil && !scope.Everywhere() {
		err = courses.ErrForbidden
	}
	return err
}

// SaveTemplate writes the template of a day to come. It refuses with ErrInForce,
// ErrTemplate and, if somebody saved since revision was, courses.ErrConflict.
func (s *Service) SaveTemplate(ctx context.Context, actor courses.Actor, t Template, was int) (Template, error) {
	if err := s.toCome(ctx, actor, t.From); err != nil {
		return Template{}, err
	}
	t, err := t.clean()
	if err != nil {
		return Template{}, err
	}
	t.Revision, t.SavedAt, t.SavedBy = was+1, s.clock.Now(), actor.Person
	return t, s.store.SaveTemplate(ctx, t, was)
}

// RemoveTemplate takes the template of a day to come away.
func (s *Service) RemoveTemplate(ctx context.Context, actor courses.Actor, from courses.Date, was int) error {
	if err := s.toCome(ctx, actor, from); err != nil {
		return err
	}
	return s.store.RemoveTemplate(ctx, from, was)
}

func (s *Service) toCome(ctx context.Context, actor courses.Actor, from courses.Date) error {
	if err := s.keeps(ctx, actor); err != nil {
		return err
	}
	if _, err := courses.ParseDate(string(from)); err != nil {
		return err
	}
	if from <= s.clock.Today() {
		return ErrInForce
	}
	return nil
}

// Import keeps a template whatever its day: from the command line only.
func (s *Service) Import(ctx context.Context, t Template) error {
	t, err := t.clean()
	if err != nil {
		return err
	}
	t.Revision, t.SavedAt = 1, s.clock.Now()
	return s.store.SaveTemplate(ctx, t, 0)
}
