package learning

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"haidang/courses"
	"haidang/courses/assessment"
	"haidang/courses/catalog"
	"slices"
)

// Quiz is a quiz of a course that somebody is on.
type Quiz struct {
	Lesson    catalog.Lesson
	Attempts  []assessment.Attempt // of theirs, by number
	Excuses   []string             // titles of lessons
	Minutes   int                  // that they have; 0 is no limit
	LargeText bool
}

// Quiz is the actor's own. It refuses with ErrNoEnrolment and, when the lesson is
// no quiz of the version, ErrNotInCourse.
func (s *Service) Quiz(ctx context.Context, actor courses.Actor, id courses.EnrolmentID, lesson courses.LessonID) (Quiz, error) {
	at, err := s.sitting(ctx, actor, id, lesson)
	if err != nil {
		return Quiz{}, err
	}
	q := Quiz{Lesson: at.lesson, Excuses: make([]string, len(at.lesson.Paper.Excuses))}
	for i, id := range at.lesson.Paper.Excuses {
		excused, _ := at.version.Content.Lesson(id)
		q.Excuses[i] = excused.Title
	}
	if q.Minutes, q.LargeText, err = s.allowed(ctx, actor, at.lesson.Paper); err != nil {
		return Quiz{}, err
	}
	q.Attempts, err = s.quizzes.Attempts(ctx, at.Sitting)
	return q, err
}

// Begin begins an attempt at a quiz, or gives the one that is open. It refuses as
// Quiz and assessment.Service.Begin do.
func (s *Service) Begin(ctx context.Context, actor courses.Actor, id courses.EnrolmentID, lesson courses.LessonID) (assessment.Sheet, error) {
	at, err := s.sitting(ctx, actor, id, lesson)
	if err != nil {
		return assessment.Sheet{}, err
	}
	paper := at.lesson.Paper
	if paper.Minutes, _, err = s.allowed(ctx, actor, paper); err != nil {
		return assessment.Sheet{}, err
	}
	return s.quizzes.Begin(ctx, at.Sitting, paper)
}

// sitting is a quiz that somebody is on.
type sitting struct {
	assessment.Sitting
	version catalog.Version
	lesson  catalog.Lesson
}

func (s *Service) sitting(ctx context.Context, actor courses.Actor, id courses.EnrolmentID, lesson courses.LessonID) (sitting, error) {
	e, v, err := s.Standing(ctx, actor, id)
	if err != nil {
		return sitting{}, err
	}
	l, found := v.Content.Lesson(lesson)
	if !found || l.Kind != catalog.Quiz {
		return sitting{}, ErrNotInCourse
	}
	at := assessment.Sitting{Person: e.Person, Enrolment: e.ID, Course: e.Course, Version: e.Version, Lesson: l.ID, Owner: v.Owner}
	return sitting{at, v, l}, nil
}

// allowed is how many minutes the actor has for a paper today, and whether they are
// shown it in large text.
func (s *Service) allowed(ctx context.Context, actor courses.Actor, p catalog.Paper) (minutes int, large bool, err error) {
	person, err := s.staff.Person(ctx, actor.Person)
	a := person.Allowance.At(s.clock.Today())
	return p.Minutes + (p.Minutes*a.ExtraBp+9999)/10000, a.LargeText, err
}

// Revision is a lesson to go over again, and how many questions say so.
type Revision struct {
	Lesson catalog.Lesson
	Missed int
}

// Revisions is the lessons of the course that teach what a done attempt missed, most
// missed first: those that the quiz names, or else those that cite what the question
// does. There are none where the quiz shows nothing but the score.
func (s *Service) Revisions(ctx context.Context, a assessment.Attempt) ([]Revision, error) {
	if a.State != assessment.Done || a.Feedback == catalog.ShowScore {
		return nil, nil
	}
	missed, err := s.quizzes.Missed(ctx, a)
	if err != nil || len(missed) == 0 {
		return nil, err
	}
	v, err := s.catalog.Version(ctx, a.Sitting.Version)
	if err != nil {
		return nil, err
	}
	quiz, _ := v.Content.Lesson(a.Sitting.Lesson)
	teaching, times := v.Content.Teaching(quiz.Paper), map[courses.LessonID]int{}
	for _, x := range missed {
		for _, id := range teaching(x.Topic, x.Difficulty, x.Cites) {
			times[id]++
		}
	}
	var list []Revision
	v.Content.Lessons(func(l catalog.Lesson) {
		if times[l.ID] > 0 {
			list = append(list, Revision{l, times[l.ID]})
		}
	})
	slices.SortStableFunc(list, func(a, b Revision) int { return b.Missed - a.Missed })
	return list, nil
}

// HandIn ends the actor's attempt, and their progress knows of its score when it
// returns. Again it gives the same.
func (s *Service) HandIn(ctx context.Context, actor courses.Actor, id courses.AttemptID) (assessment.Attempt, error) {
	a, err := s.quizzes.HandIn(ctx, actor, id)
	if err != nil || a.Told {
		return a, err
	}
	return a, s.tell(ctx, a)
}

// Decide says whether late answers count; see assessment.Service.Decide.
func (s *Service) Decide(ctx context.Context, actor courses.Actor, id courses.AttemptID, accept bool, reason string) (assessment.Attempt, error) {
	a, err := s.quizzes.Decide(ctx, actor, id, accept, reason)
	if err != nil || a.Told {
		return a, err
	}
	return a, s.tell(ctx, a)
}

// Mark adds a mark of an essay; see assessment.Service.Mark. When it was the last
// that the attempt waited for, the learner's progress knows of the score.
func (s *Service) Mark(ctx context.Context, actor courses.Actor, id courses.AttemptID, m assessment.Mark, seen int) (assessment.Attempt, error) {
	a, err := s.quizzes.Mark(ctx, actor, id, m, seen)
	if err != nil || a.Told {
		return a, err
	}
	return a, s.tell(ctx, a)
}

// SettleQuizzes ends the attempts whose time is over, marks anew what corrections are
// about, passes on the scores that a server died with and counts how questions were
// answered: whatever was marked is told in the end.
func (s *Service) SettleQuizzes(ctx context.Context) error {
	failed := []error{s.quizzes.EndOverdue(ctx), s.quizzes.Correct(ctx)}
	list, err := s.quizzes.Untold(ctx)
	failed = append(failed, err)
	for _, a := range list {
		failed = append(failed, s.tell(ctx, a))
	}
	return errors.Join(append(failed, s.quizzes.Count(ctx))...)
}

// tell merges the score of a done attempt into the learner's progress.
func (s *Service) tell(ctx context.Context, a assessment.Attempt) error {
	event := Event{
		ID: scoredID(a), Enrolment: a.Sitting.Enrolment, Lesson: a.Sitting.Lesson, Kind: Scored, At: a.Ended, ScoreBp: a.ScoreBp,
	}
	if _, err := s.Receive(ctx, courses.Actor{Person: a.Sitting.Person}, []Event{event}); err != nil {
		return fmt.Errorf("tell the score of %s: %w", a.ID, err)
	}
	if len(a.Marks) > 0 && s.Marked != nil {
		if err := s.Marked(ctx, a); err != nil {
			return fmt.Errorf("tell that %s is marked: %w", a.ID, err)
		}
	}
	return s.quizzes.Told(ctx, a)
}

// scoredID is the id of the event of a score: the same each time it is told.
func scoredID(a assessment.Attempt) courses.EventID {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %d", a.ID, a.ScoreBp))
	return courses.UUID[courses.EventID]([16]byte(sum[:16]), 8)
}
