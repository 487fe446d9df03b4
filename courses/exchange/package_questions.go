package exchange

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"haidang/courses"
	"haidang/courses/assessment"
	"haidang/courses/catalog"
	"haidang/courses/media"
	"haidang/courses/vietnamese"
	"slices"
)

// mostPacked is how many questions a package has: ten times as many as a quiz asks.
const mostPacked = 10 * catalog.MaxQuestions

func badForm(path, code string) error {
	return ErrPackageForm.With(courses.Field{Path: path, Code: code})
}

// papers is those of the quizzes.
func papers(c catalog.Content) []catalog.Paper {
	var list []catalog.Paper
	c.Lessons(func(l catalog.Lesson) {
		if l.Kind == catalog.Quiz {
			list = append(list, l.Paper)
		}
	})
	return list
}

// asked is what the quizzes of a draft can ask, as a package has it.
func (p *Packager) asked(ctx context.Context, actor courses.Actor, c catalog.Content) ([]assessment.Item, error) {
	found, enough, err := p.assessment.Askable(ctx, actor, papers(c), mostPacked)
	switch {
	case errors.Is(err, courses.ErrForbidden):
		err = ErrBankClosed
	case err == nil && !enough:
		err = ErrPackageSize
	}
	return converted(found, func(x assessment.Item) assessment.Item {
		return assessment.Item{ID: x.ID, Topic: x.Topic, Competency: x.Competency, Difficulty: x.Difficulty, Cites: x.Cites, Question: x.Question}
	}), err
}

// checkQuestions brings the questions to their one form. It refuses with
// assessment.ErrQuestion what no bank takes, and with ErrPackageForm those
// without an id of their own and those that no quiz of the package can ask.
func (p Package) checkQuestions() error {
	seen, fixed, draws := map[courses.ItemID]bool{"": true}, map[courses.ItemID]bool{}, map[catalog.Draw]bool{}
	for _, paper := range papers(p.Content) {
		for _, id := range paper.Fixed {
			fixed[id] = true
		}
		for _, d := range paper.Draws {
			topic, err := vietnamese.Clean(d.Topic)
			if err == nil { // else the catalogue refuses it
				draws[catalog.Draw{Topic: topic, Difficulty: d.Difficulty}] = true
			}
		}
	}
	for i, x := range p.Questions {
		path := fmt.Sprintf("questions[%d]", i)
		if seen[x.ID] {
			return badForm(path+".id", "twice")
		}
		seen[x.ID] = true
		x, err := x.Clean()
		if err != nil {
			return placed(path, err)
		}
		if !fixed[x.ID] && !draws[catalog.Draw{Topic: x.Topic, Difficulty: x.Difficulty}] && !draws[catalog.Draw{Topic: x.Topic}] &&
			!draws[catalog.Draw{Difficulty: x.Difficulty}] && !draws[catalog.Draw{}] {
			return badForm(path, "extra")
		}
		p.Questions[i] = x
	}
	return nil
}

// placed names the fields of an assessment.ErrQuestion by their place in course.json.
func placed(path string, err error) error {
	var refusal *courses.Error
	if !errors.As(err, &refusal) {
		return err
	}
	return assessment.ErrQuestion.With(converted(refusal.Fields, func(f courses.Field) courses.Field {
		return courses.Field{Path: path + "." + f.Path, Code: f.Code}
	})...)
}

// pictured holds that questions show pictures.
func (p Package) pictured() error {
	for i, x := range p.Questions {
		if x.Question.Picture.Asset != "" && !slices.ContainsFunc(p.Assets, func(a PackagedAsset) bool {
			return a.ID == x.Question.Picture.Asset && a.Kind == media.Image
		}) {
			return badForm(fmt.Sprintf("questions[%d].picture.asset", i), "kind")
		}
	}
	return nil
}

// standIn finds to questions of a package others that are asked in a bank and say the
// same, each for one at most: with the topic and the difficulty of the question if
// there is one.
func (p *Packager) standIn(ctx context.Context, actor courses.Actor, bank courses.UnitID, made Package) (map[courses.ItemID]courses.ItemID, error) {
	if len(made.Questions) == 0 {
		return map[courses.ItemID]courses.ItemID{}, nil
	}
	if err := p.assessment.MayWrite(ctx, actor, bank); err != nil {
		return nil, err
	}
	all, err := p.assessment.All(ctx, actor, bank)
	if err != nil {
		return nil, err
	}
	pictures, err := p.media.Assets(ctx, assessment.PicturesOf(all))
	if err != nil {
		return nil, err
	}
	there := map[[32]byte][]assessment.Item{}
	for _, x := range all {
		s := saying(x.Question, pictures[x.Question.Picture.Asset].SHA256)
		there[s] = append(there[s], x)
	}
	return matched(made, there), nil
}

// matched gives each question of a package one of those that say the same.
func matched(made Package, there map[[32]byte][]assessment.Item) map[courses.ItemID]courses.ItemID {
	sums := map[courses.AssetID]string{}
	for _, a := range made.Assets {
		sums[a.ID] = a.SHA256
	}
	found := map[courses.ItemID]courses.ItemID{}
	for _, alike := range []bool{true, false} {
		for _, x := range made.Questions {
			if found[x.ID] != "" {
				continue
			}
			s := saying(x.Question, sums[x.Question.Picture.Asset])
			i := slices.IndexFunc(there[s], func(y assessment.Item) bool { return !alike || x.Topic == y.Topic && x.Difficulty == y.Difficulty })
			if i >= 0 {
				found[x.ID] = there[s][i].ID
				there[s] = slices.Delete(there[s], i, i+1)
			}
		}
	}
	return found
}

// saying is the digest of what a question asks and what is right, by the content of
// its picture; why it is right and what the picture is called are no part of it.
func saying(q assessment.Question, picture string) [32]byte {
	q.Note, q.Picture = "", assessment.Picture{Asset: courses.AssetID(picture)}
	text, err := json.Marshal(questionToDoc(assessment.Item{Question: q}))
	if err != nil {
		panic(err) // texts and finite numbers
	}
	return sha256.Sum256(text)
}

// ask puts the questions that have no stand-in into the bank of an organisation, and
// has the quizzes ask there. An id that a paper fixes and that no question of the
// package has becomes one of nothing, so that the paper says what it lacks.
func (p *Packager) ask(ctx context.Context, actor courses.Actor, bank courses.UnitID, made Package, ids map[courses.ItemID]courses.ItemID) error {
	fresh := without(made.Questions, ids)
	if len(fresh) > 0 {
		added, err := p.assessment.Add(ctx, actor, bank, fresh...)
		if err != nil {
			return err
		}
		for i, x := range added {
			ids[fresh[i].ID] = x.ID
		}
	}
	for _, m := range made.Content.Modules {
		for i := range m.Lessons {
			paper := &m.Lessons[i].Paper
			if paper.Bank != "" {
				paper.Bank = bank
			}
			for j, id := range paper.Fixed {
				if paper.Fixed[j] = ids[id]; paper.Fixed[j] == "" {
					paper.Fixed[j] = courses.NewID[courses.ItemID](p.clock.Now())
				}
			}
		}
	}
	return nil
}

// without is the questions that have no stand-in.
func without(questions []assessment.Item, ids map[courses.ItemID]courses.ItemID) []assessment.Item {
	return slices.DeleteFunc(slices.Clone(questions), func(x assessment.Item) bool { return ids[x.ID] != "" })
}
