package learning

import (
	"context"
	"errors"
	"haidang/courses"
	"haidang/courses/catalog"
)

// Result is how somebody stands on a course, as reports tell it.
type Result struct {
	Enrolment Enrolment
	ScoreBp   int  // mean of the best scores of the quizzes, in basis points
	Scored    bool // the version has quizzes
}

// Results is how people stand on a course, for those of them who are on it: in their
// newest cycle, not in what was added later to what they had finished.
func (s *Service) Results(ctx context.Context, course courses.CourseID, people []courses.PersonID) (map[courses.PersonID]Result, error) {
	list, err := s.onCourse(ctx, course, people)
	if err != nil {
		return nil, err
	}
	newest := map[courses.PersonID]Enrolment{}
	for _, e := range list {
		if was, there := newest[e.Person]; !e.Supplement() && (!there || e.after(was)) {
			newest[e.Person] = e
		}
	}
	results := make(map[courses.PersonID]Result, len(newest))
	for person, e := range newest {
		v, err := s.catalog.Version(ctx, e.Version)
		if err != nil {
			return nil, err
		}
		r := Result{Enrolment: e}
		r.ScoreBp, r.Scored = e.score(v)
		results[person] = r
	}
	return results, nil
}

// score is the mean of the best scores of the quizzes that the version asks for; what
// was not handed in counts as nothing.
func (e Enrolment) score(v catalog.Version) (bp int, scored bool) {
	total, n := 0, 0
	v.Content.Lessons(func(l catalog.Lesson) {
		if l.Kind == catalog.Quiz && !l.Paper.Pretest() {
			total += e.Lessons[l.ID].ScoreBp
			n++
		}
	})
	if n == 0 {
		return 0, false
	}
	return total / n, true
}

// Score is the mean of the quizzes of a completed enrolment, whose ledger entry has its
// id, for other packages, which ask Can themselves.
func (s *Service) Score(ctx context.Context, id courses.CompletionID) (bp int, scored bool, err error) {
	e, err := s.enrolment(ctx, courses.EnrolmentID(id))
	if errors.Is(err, ErrNoEnrolment) {
		return 0, false, nil
	}
	if err != nil {
		return 0, false, err
	}
	v, err := s.catalog.Version(ctx, e.Version)
	if err != nil {
		return 0, false, err
	}
	bp, scored = e.score(v)
	return bp, scored, nil
}
