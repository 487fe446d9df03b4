package handlers

import (
	"context"
	"haidang/courses"
	"haidang/courses/assessment"
	"haidang/courses/catalog"
	"haidang/courses/learning"
	"time"

	"github.com/danielgtaylor/huma/v2"
)

// QuizView is a quiz as its learner sees it before an attempt.
type QuizView struct {
	Size    int `json:"size" doc:"How many questions it asks"`
	PassBp  int `json:"passBp" doc:"Basis points that pass"`
	Allowed int `json:"allowed" doc:"How many attempts; 0 is any number"`
	Minutes int `json:"minutes" doc:"How long an attempt of the actor may take; 0 is no limit"`
	More    int `json:"more" doc:"Minutes of them that are an allowance"`

	LargeText bool `json:"largeText" doc:"The actor is allowed large text"`

	Attempts []AttemptCard `json:"attempts" nullable:"false" doc:"One's own, by number"`
	Excuses  []string      `json:"excuses" nullable:"false" doc:"Titles of the lessons that whoever passes need not learn"`
}

// AttemptCard is an attempt in a list.
type AttemptCard struct {
	ID       courses.AttemptID `json:"id"`
	Number   int               `json:"number"`
	Begun    time.Time         `json:"begun"`
	Deadline *time.Time        `json:"deadline,omitempty" doc:"Absent where there is no limit"`
	State    string            `json:"state" enum:"open,done"`
	Ended    *time.Time        `json:"ended,omitempty"`
	ScoreBp  int               `json:"scoreBp" doc:"Basis points of what could be had; 0 while it is open or people mark it"`
	Grading  bool              `json:"grading" doc:"It is done, and essays of it wait to be marked by people"`
	Passed   bool              `json:"passed"`
	Late     string            `json:"late,omitempty" enum:"waiting,accepted,declined" doc:"What becomes of answers that came after the end; absent if none did"`
	Reason   string            `json:"reason,omitempty" doc:"Why late answers count or not"`
}

// AttemptView is an attempt with its questions. Nothing in it says what is right
// before the quiz's rules allow it.
type AttemptView struct {
	AttemptCard
	Enrolment courses.EnrolmentID `json:"enrolment"`
	Course    courses.CourseID    `json:"course"`
	Lesson    courses.LessonID    `json:"lesson"`
	PassBp    int                 `json:"passBp"`
	Now       time.Time           `json:"now" doc:"The server's clock, to tell a device's that is wrong"`
	Seal      string              `json:"seal" doc:"The start, signed by the server; send it with every answer"`
	Questions []AskedQuestion     `json:"questions" nullable:"false" doc:"By slot"`
	Regrades  []RegradeView       `json:"regrades" nullable:"false" doc:"What corrections of questions changed"`
	Revise    []Revision          `json:"revise" nullable:"false" doc:"Of a done attempt, where the quiz shows marks: the lessons that teach what it missed, most missed first"`
}

// Revision is a lesson to go over again.
type Revision struct {
	Lesson courses.LessonID `json:"lesson"`
	Title  string           `json:"title"`
	Missed int              `json:"missed" doc:"How many questions were not wholly right"`
}

// AskedQuestion is a question of an attempt. Positions are those of its options.
type AskedQuestion struct {
	Type    string         `json:"type" enum:"single,multiple,true_false,short,number,matching,ordering,gaps,hotspot,scenario,essay"`
	Text    string         `json:"text" doc:"Of type gaps with [[1]], [[2]] … where words belong"`
	Options []string       `json:"options" nullable:"false" doc:"To choose among or to order; of matching what is given to the prompts"`
	Prompts []string       `json:"prompts" nullable:"false" doc:"Of matching"`
	Fields  int            `json:"fields" doc:"How many texts the answer has"`
	Unit    string         `json:"unit,omitempty" doc:"Of a number"`
	Picture *AskedPicture  `json:"picture,omitempty" doc:"Of a hotspot"`
	Areas   []Area         `json:"areas,omitempty" nullable:"false" doc:"Of a hotspot: where each option lies on the picture"`
	Scenes  []AskedScene   `json:"scenes,omitempty" nullable:"false" doc:"Of a scenario; it begins with the first"`
	Given   *GivenAnswer   `json:"given,omitempty" doc:"The latest answer"`
	Score   *int           `json:"score,omitempty" doc:"Hundredths of a point; of a done attempt, where the quiz shows marks"`
	Right   *WrittenAnswer `json:"right,omitempty" doc:"Of a done attempt, where the quiz shows what is right"`
	Note    string         `json:"note,omitempty" doc:"Why it is right"`

	Essay *AskedEssay `json:"essay,omitempty" doc:"Of an essay"`
}

// WrittenAnswer is what was chosen or written.
type WrittenAnswer struct {
	Chosen []int    `json:"chosen,omitempty" maxItems:"20" nullable:"false" doc:"Positions; of true_false 0 is right and 1 is wrong; of ordering all in the order given; of matching one for each prompt, −1 for none; of a scenario the choice in each scene of the path"`
	Texts  []string `json:"texts,omitempty" maxItems:"9" nullable:"false" doc:"One for each field"`
	Files  []string `json:"files,omitempty" maxItems:"3" nullable:"false" doc:"Of an essay: the SHA-256 in hex of what is attached; it is sent to /files"`
}

// GivenAnswer is an answer that the server holds.
type GivenAnswer struct {
	WrittenAnswer
	Event courses.EventID `json:"event"`
	Seq   int64           `json:"seq" doc:"The next answer to this question has one more"`
}

// SentAnswer is an answer as a device sends it. Ids are made there.
type SentAnswer struct {
	WrittenAnswer
	Event   courses.EventID `json:"event" format:"uuid"`
	Slot    int             `json:"slot" minimum:"0" maximum:"199"`
	Seq     int64           `json:"seq" minimum:"1"`
	At      time.Time       `json:"at" doc:"By the device's clock"`
	Offline bool            `json:"offline,omitempty" doc:"Given while no server was in reach"`
}

type answerBatch struct {
	Seal    string       `json:"seal" minLength:"1" maxLength:"2000"`
	Answers []SentAnswer `json:"answers" minItems:"1" maxItems:"400" nullable:"false"`
}

// AnswerReceipts say that answers are in the database, on a majority with its
// journal.
type AnswerReceipts struct {
	Receipts []Receipt `json:"receipts" nullable:"false"`
	Late     bool      `json:"late" doc:"They came after the end of the attempt: kept, and a person decides whether they count"`
}

type quizRoutes struct {
	Services
	clock courses.Clock
}

func registerQuizzes(api huma.API, services Services, clock courses.Clock) {
	r := quizRoutes{Services: services, clock: clock}
	private(api, get("getQuiz", "/api/enrolments/{id}/quizzes/{lesson}", "A quiz of a course that one is on, with one's attempts"), r.quiz)
	private(api, post("beginAttempt", "/api/enrolments/{id}/quizzes/{lesson}/attempts", "Begin an attempt; gives the one that is open"), r.begin)
	private(api, get("getAttempt", "/api/attempts/{id}", "One's own attempt with its questions"), r.attempt)
	private(api, post("sendAnswers", "/api/attempts/{id}/answers", "Answers, in any order, any number of times; all are taken or none"), r.answer)
	private(api, post("handIn", "/api/attempts/{id}/submission", "End the attempt and have it marked; again gives the same"), r.handIn)
	registerEssays(api, r)
	registerLateAnswers(api, r)
}

type quizPath struct {
	ID     courses.EnrolmentID `path:"id" maxLength:"80"`
	Lesson courses.LessonID    `path:"lesson" maxLength:"36"`
}

func (r quizRoutes) quiz(ctx context.Context, actor courses.Actor, in *quizPath) (*body[QuizView], error) {
	q, err := r.Learning.Quiz(ctx, actor, in.ID, in.Lesson)
	if err != nil {
		return nil, err
	}
	return &body[QuizView]{Body: quizView(q)}, nil
}

func quizView(q learning.Quiz) QuizView {
	p := q.Lesson.Paper
	return QuizView{Size: p.Size(), PassBp: p.Pass(), Allowed: p.Attempts, Minutes: q.Minutes, More: q.Minutes - p.Minutes, LargeText: q.LargeText, Attempts: each(q.Attempts, attemptCard), Excuses: q.Excuses}
}

func (r quizRoutes) begin(ctx context.Context, actor courses.Actor, in *quizPath) (*body[AttemptView], error) {
	return r.show(ctx)(r.Learning.Begin(ctx, actor, in.ID, in.Lesson))
}

// AttemptPath names an attempt.
type AttemptPath struct {
	ID courses.AttemptID `path:"id" maxLength:"36"`
}

func (r quizRoutes) attempt(ctx context.Context, actor courses.Actor, in *AttemptPath) (*body[AttemptView], error) {
	return r.show(ctx)(r.Assessment.Sheet(ctx, actor, in.ID))
}

type answersIn struct {
	AttemptPath
	Body answerBatch
}

func (r quizRoutes) answer(ctx context.Context, actor courses.Actor, in *answersIn) (*body[AnswerReceipts], error) {
	said := each(in.Body.Answers, SentAnswer.domain)
	outcome, err := r.Assessment.Answer(ctx, actor, in.ID, in.Body.Seal, said)
	if err != nil {
		return nil, err
	}
	return &body[AnswerReceipts]{Body: AnswerReceipts{
		Late: outcome.Late,
		Receipts: each(said, func(x assessment.Said) Receipt {
			return Receipt{Event: x.Event, Code: learning.Event{ID: x.Event}.Receipt()}
		}),
	}}, nil
}

func (r quizRoutes) handIn(ctx context.Context, actor courses.Actor, in *AttemptPath) (*body[AttemptView], error) {
	a, err := r.Learning.HandIn(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	return r.show(ctx)(r.Assessment.SheetOf(ctx, a))
}

func (a SentAnswer) domain() assessment.Said {
	return assessment.Said{Slot: a.Slot, Given: assessment.Given{
		Answer: assessment.Answer{Chosen: a.Chosen, Texts: a.Texts, Files: a.Files}, Event: a.Event, Seq: a.Seq, At: a.At, Offline: a.Offline,
	}}
}

func instant(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func attemptCard(a assessment.Attempt) AttemptCard {
	card := AttemptCard{
		ID: a.ID, Number: a.Number, Begun: a.Begun, Deadline: instant(a.Deadline), State: string(a.State), Ended: instant(a.Ended),
		ScoreBp: a.ScoreBp, Grading: a.Grading, Passed: a.Passed(), Late: string(a.Late), Reason: a.Decision.Reason,
	}
	if a.Grading {
		card.ScoreBp = 0
	}
	return card
}

// show turns what the use cases answer into the view of an attempt.
func (r quizRoutes) show(ctx context.Context) func(assessment.Sheet, error) (*body[AttemptView], error) {
	return func(s assessment.Sheet, err error) (*body[AttemptView], error) {
		if err != nil {
			return nil, err
		}
		v := r.attemptView(s)
		pictures, err := r.Media.Assets(ctx, s.Attempt.Pictures)
		if err != nil {
			return nil, err
		}
		for i, q := range s.Questions {
			if q.Type == assessment.Hotspot {
				v.Questions[i].Picture = askedPicture(q, pictures[q.Picture.Asset])
			}
		}
		if v.Regrades, err = r.regrades(ctx, s.Attempt); err != nil {
			return nil, err
		}
		revise, err := r.Learning.Revisions(ctx, s.Attempt)
		v.Revise = each(revise, func(x learning.Revision) Revision { return Revision{x.Lesson.ID, x.Lesson.Title, x.Missed} })
		return &body[AttemptView]{Body: v}, err
	}
}

func (r quizRoutes) attemptView(s assessment.Sheet) AttemptView {
	a := s.Attempt
	v := AttemptView{
		AttemptCard: attemptCard(a), Enrolment: a.Sitting.Enrolment, Course: a.Sitting.Course, Lesson: a.Sitting.Lesson, PassBp: a.PassBp,
		Now: r.clock.Now(), Seal: s.Seal, Questions: make([]AskedQuestion, len(s.Questions)),
	}
	for i, q := range s.Questions {
		v.Questions[i] = askedQuestion(q, a, i)
	}
	return v
}

// askedQuestion shows a question of an attempt, and of a done one what the quiz
// shows of its marks.
func askedQuestion(q assessment.Question, a assessment.Attempt, i int) AskedQuestion {
	order := a.Slots[i].Order
	v := AskedQuestion{Type: string(q.Type), Text: q.Text, Options: []string{}, Prompts: []string{}, Unit: q.Number.Unit}
	switch q.Type {
	case assessment.Matching:
		for _, o := range q.Options {
			v.Prompts = append(v.Prompts, o.Text)
		}
		for _, option := range order {
			v.Options = append(v.Options, q.Options[option].Match)
		}
	case assessment.Short, assessment.Numeric:
		v.Fields = 1
	case assessment.Gaps:
		v.Fields = len(q.Gaps)
	case assessment.Essay:
		v.Fields, v.Essay = 1, askedEssay(q, a, i)
	case assessment.TrueOr:
	case assessment.Scenario:
		v.Scenes = askedScenes(q, order, a.State == assessment.Done && a.Feedback == catalog.ShowRight)
	default:
		for _, option := range order {
			v.Options = append(v.Options, q.Options[option].Text)
			if q.Type == assessment.Hotspot {
				v.Areas = append(v.Areas, Area(q.Options[option].Area))
			}
		}
	}
	if g, there := a.Given[i]; there {
		v.Given = &GivenAnswer{WrittenAnswer: WrittenAnswer(g.Answer), Event: g.Event, Seq: g.Seq}
	}
	if a.State != assessment.Done || a.Feedback == catalog.ShowScore || a.Grading && q.Type == assessment.Essay {
		return v
	}
	v.Score = &a.Scores[i]
	if a.Feedback == catalog.ShowRight && q.Type == assessment.Essay {
		v.Note = q.Note
	} else if a.Feedback == catalog.ShowRight {
		right := WrittenAnswer(q.Right(order))
		v.Right, v.Note = &right, q.Note
	}
	return v
}
