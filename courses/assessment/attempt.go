package assessment

import (
	"haidang/courses"
	"haidang/courses/catalog"
	"maps"
	"time"
)

// Refusals of attempts.
var (
	ErrNoAttempt  = courses.Refusal(courses.NotFound, "assessment.no_such_attempt", "there is no such attempt of this person")
	ErrNoMore     = courses.Refusal(courses.Conflict, "assessment.no_attempts_left", "no attempts are left")
	ErrShort      = courses.Refusal(courses.Conflict, "assessment.bank_too_small", "the bank has fewer questions than the quiz asks; its department has to add some")
	ErrNotInPaper = courses.Refusal(courses.Invalid, "assessment.not_in_paper", "the attempt has no such question; see fields")
	ErrAnswer     = courses.Refusal(courses.Invalid, "assessment.bad_answer", "an answer is not well-formed; see fields")
	ErrTooLong    = courses.Refusal(courses.Invalid, "assessment.answer_too_long", "an answer has more than 20,000 characters; see fields")
	ErrEssays     = courses.Refusal(courses.Conflict, "assessment.too_many_essays", "the quiz asks more essays than one attempt may have; its department has to take some out")
	ErrSeal       = courses.Refusal(courses.Invalid, "assessment.bad_seal", "the sealed start is not one that this server made for this attempt")
)

// State is how far an attempt is.
type State string

// The states of an attempt.
const (
	Open State = "open"
	Done State = "done" // handed in or its time is over, and marked
)

// Lateness is what becomes of answers that came after the attempt had ended.
type Lateness string

// A person decides whether late answers count.
const (
	Waiting  Lateness = "waiting"
	Accepted Lateness = "accepted"
	Declined Lateness = "declined"
)

// Sitting is what somebody attempts.
type Sitting struct {
	Person    courses.PersonID
	Enrolment courses.EnrolmentID
	Course    courses.CourseID
	Version   courses.VersionID
	Lesson    courses.LessonID
	Owner     courses.UnitID // of the course
}

// Attempt is one go at a quiz. Its questions and their order are settled when it
// begins.
type Attempt struct {
	ID       courses.AttemptID
	Sitting  Sitting
	Number   int // of the person's attempts at this quiz, from 1
	Begun    time.Time
	Deadline time.Time // zero where there is no limit
	PassBp   int
	Feedback catalog.Feedback
	Slots    []Slot
	Pictures []courses.AssetID // that its questions show
	Given    map[int]Given     // by slot
	State    State
	Ended    time.Time
	Scores   []int // by slot, in hundredths of a point; of a Done one
	ScoreBp  int   // of a Done one

	Late      Lateness // empty where nothing came late
	LateGiven map[int]Given
	Decision  Decision
	Revision  int
	Told      bool // the learner's progress knows of the score, or there is none yet

	SecondMarker bool // as its quiz wanted when it began
	Anonymous    bool
	Files        []File
	Marks        []Mark    // all that people ever gave, in their order
	Grading      bool      // done, but some essays have not all their marks
	Regrades     []Regrade // what corrections changed
}

// Decision is what a person decided on late answers.
type Decision struct {
	By     courses.PersonID
	At     time.Time
	Reason string
}

// Slot is a question of an attempt: which version of which item, and which option
// stands at each position; of Scenario, scene by scene which of its choices.
type Slot struct {
	Item   courses.ItemID
	Number int
	Order  []int
	Key    int // the version that marks it, where that is a corrected one
}

// Given is the latest answer to a question.
type Given struct {
	Answer   Answer
	Event    courses.EventID // made on the device
	Seq      int64           // one more than that of the answer that it replaces
	At       time.Time       // by the device's clock
	Received time.Time
	Offline  bool
}

// Later says that the answer replaces another: the one that knew of more answers
// before it, and between equals the greater id, whatever comes first.
func (g Given) Later(other Given) bool {
	return g.Seq > other.Seq || g.Seq == other.Seq && g.Event > other.Event
}

// Join merges answers by slot. It is commutative, associative and idempotent.
func Join(a, b map[int]Given) map[int]Given {
	joined := maps.Clone(a)
	if joined == nil {
		joined = map[int]Given{}
	}
	for slot, g := range b {
		if was, there := joined[slot]; !there || g.Later(was) {
			joined[slot] = g
		}
	}
	return joined
}

// grace is how long after its deadline an attempt takes answers that were on
// their way.
const grace = 30 * time.Second

// over says that the time of an attempt has run out.
func (a Attempt) over(now time.Time) bool {
	return !a.Deadline.IsZero() && now.After(a.Deadline.Add(grace))
}

// Passed says that the score is enough.
func (a Attempt) Passed() bool { return a.State == Done && !a.Grading && a.ScoreBp >= a.PassBp }

// mark ends the attempt with its scores; questions are those of its slots.
func (a Attempt) mark(questions []Question, now time.Time) Attempt {
	a.State, a.Ended = Done, now
	return a.score(questions)
}

// score works out everything that answers, marks and keys say. While an essay waits
// for a mark there is nothing to tell.
func (a Attempt) score(questions []Question) Attempt {
	given := a.answers()
	a.Scores, a.Grading = make([]int, len(a.Slots)), false
	total := 0
	for i, slot := range a.Slots {
		g, there := given[i]
		switch {
		case !there:
		case questions[i].Type == Essay:
			standing := a.Standing(i, questions[i])
			a.Scores[i] = standing.Score
			a.Grading = a.Grading || standing.Next != ""
		default:
			a.Scores[i] = questions[i].score(slot.Order, g.Answer)
		}
		total += a.Scores[i]
	}
	a.Told = a.Grading
	if len(a.Slots) > 0 {
		a.ScoreBp = total * 10000 / (Marked * len(a.Slots))
	}
	return a
}
