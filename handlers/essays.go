package handlers

import (
	"context"
	"fmt"
	"haidang/courses"
	"haidang/courses/assessment"
	"haidang/courses/catalog"
	"mime"
	"time"

	"github.com/danielgtaylor/huma/v2"
)

// attachedLimit is of a request with a file of 4 MiB, and what base64 adds.
const attachedLimit = 6 << 20

// AskedEssay is what an essay has more than its text.
type AskedEssay struct {
	Words    int              `json:"words" doc:"How many it should not exceed; 0 is no limit"`
	MaxFiles int              `json:"maxFiles" doc:"How many files may be attached"`
	Criteria []AskedCriterion `json:"criteria" nullable:"false"`
	Files    []AttachedFile   `json:"files" nullable:"false" doc:"That the server has"`
	Marks    []EssayMark      `json:"marks" nullable:"false" doc:"That count; of a graded attempt, where the quiz shows marks"`
}

// AskedCriterion is one thing that an essay is judged by.
type AskedCriterion struct {
	Name   string        `json:"name"`
	Points int           `json:"points" doc:"Hundredths, of its best level"`
	Levels []RubricLevel `json:"levels" nullable:"false" doc:"As marks"`
}

// AttachedFile is a file of an essay.
type AttachedFile struct {
	SHA256 string `json:"sha256"`
	Name   string `json:"name"`
	Bytes  int    `json:"bytes"`
	URL    string `json:"url"`
}

// EssayMark is what somebody gave an essay.
type EssayMark struct {
	Role    string    `json:"role" enum:"first,second,final"`
	Name    string    `json:"name,omitempty" doc:"Of who gave it; those who mark see it"`
	At      time.Time `json:"at"`
	Levels  []int     `json:"levels" nullable:"false" doc:"By criterion, from 0, the best"`
	Comment string    `json:"comment,omitempty"`
	Points  int       `json:"points" doc:"Hundredths"`
}

// RegradeView is what the correction of a question changed in an attempt.
type RegradeView struct {
	Question int       `json:"question" doc:"From 1"`
	At       time.Time `json:"at"`
	Name     string    `json:"name" doc:"Of who had it marked anew"`
	Reason   string    `json:"reason"`
	Before   *int      `json:"before,omitempty" doc:"Hundredths of the question's point; absent where the quiz shows only the score"`
	After    *int      `json:"after,omitempty"`
	BeforeBp *int      `json:"beforeBp,omitempty" doc:"Of the attempt; absent while people marked it"`
	AfterBp  *int      `json:"afterBp,omitempty"`
}

func attachedFile(id courses.AttemptID, slot int, f assessment.File) AttachedFile {
	return AttachedFile{SHA256: f.SHA256, Name: f.Name, Bytes: f.Bytes, URL: fmt.Sprintf("/api/attempts/%s/files/%d/%s", id, slot, f.SHA256)}
}

// askedEssay shows what its learner may see of an essay now.
func askedEssay(q assessment.Question, a assessment.Attempt, i int) *AskedEssay {
	v := &AskedEssay{Words: q.Words, MaxFiles: q.Files, Files: []AttachedFile{}, Marks: []EssayMark{}}
	here, _ := a.Attached(i, a.Given[i].Answer)
	for _, f := range here {
		v.Files = append(v.Files, attachedFile(a.ID, i, f))
	}
	shown := a.State == assessment.Done && !a.Grading && a.Feedback != catalog.ShowScore
	for _, c := range rubric(q) {
		x := AskedCriterion{Name: c.Name, Points: c.Levels[0].Points, Levels: []RubricLevel{}}
		if shown {
			x.Levels = c.Levels
		}
		v.Criteria = append(v.Criteria, x)
	}
	if shown {
		v.Marks = counting(each(a.Standing(i, q).Marks, func(m assessment.Mark) EssayMark { return essayMark(m, q) }))
	}
	return v
}

// counting is the marks that make the score: the final one, if there is one.
func counting(marks []EssayMark) []EssayMark {
	if n := len(marks); n > 0 && marks[n-1].Role == string(assessment.Final) {
		return marks[n-1:]
	}
	return marks
}

func essayMark(m assessment.Mark, q assessment.Question) EssayMark {
	v := EssayMark{Role: string(m.Role), At: m.At, Levels: m.Levels, Comment: m.Comment}
	for i, c := range q.Rubric {
		v.Points += c.Levels[m.Levels[i]].Points
	}
	return v
}

// regrades shows the trail of an attempt.
func (r quizRoutes) regrades(ctx context.Context, a assessment.Attempt) ([]RegradeView, error) {
	names, err := r.fullNames(ctx, each(a.Regrades, func(x assessment.Regrade) courses.PersonID { return x.By })...)
	if err != nil {
		return nil, err
	}
	views := make([]RegradeView, len(a.Regrades))
	for i, x := range a.Regrades {
		views[i] = RegradeView{Question: x.Slot + 1, At: x.At, Name: names[x.By], Reason: x.Reason}
		if a.Feedback != catalog.ShowScore {
			views[i].Before, views[i].After = &x.Before, &x.After
		}
		if x.Graded {
			views[i].BeforeBp, views[i].AfterBp = &x.BeforeBp, &x.AfterBp
		}
	}
	return views, nil
}

type attachIn struct {
	AttemptPath
	Body attachment
}

type attachment struct {
	Seal string `json:"seal" minLength:"1" maxLength:"2000"`
	Slot int    `json:"slot" minimum:"0" maximum:"199"`
	Name string `json:"name" minLength:"1" maxLength:"255"`
	File []byte `json:"file" doc:"At most 4 MiB of PDF, Word, JPEG or PNG"`
}

func registerEssays(api huma.API, r quizRoutes) {
	op := post("attachFile", "/api/attempts/{id}/files", "Send a file of an essay; again changes nothing")
	op.MaxBodyBytes = attachedLimit
	private(api, op, r.attach)
	private(api, get("attachedFile", "/api/attempts/{id}/files/{slot}/{sum}", "A file of an essay, for its learner and those who mark it"), r.attached)
	private(api, get("listToMark", "/api/studio/grading", "Attempts with essays that wait for marks, at courses that the actor reviews, oldest first"), r.toMark)
	private(api, get("getToMark", "/api/studio/grading/{id}", "The essays of an attempt, for those who mark them"), r.graded)
	private(api, post("markEssay", "/api/studio/grading/{id}/marks", "Add a mark; refused when somebody else's came meanwhile. Marks are never changed"), r.mark)
}

func (r quizRoutes) attach(ctx context.Context, actor courses.Actor, in *attachIn) (*body[AttachedFile], error) {
	// Slow networks used up the request's time; keeping the file has its own.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), requestTimeout)
	defer cancel()
	f, err := r.Assessment.Attach(ctx, actor, in.ID, in.Body.Seal, in.Body.Slot, in.Body.Name, in.Body.File)
	if err != nil {
		return nil, err
	}
	return &body[AttachedFile]{Body: attachedFile(in.ID, f.Slot, f)}, nil
}

type attachedIn struct {
	AttemptPath
	Slot int    `path:"slot" minimum:"0" maximum:"199"`
	Sum  string `path:"sum" maxLength:"64"`
}

// attached sends a file to be kept, never to be shown by the browser in our name.
func (r quizRoutes) attached(ctx context.Context, actor courses.Actor, in *attachedIn) (*file, error) {
	f, data, err := r.Assessment.File(ctx, actor, in.ID, in.Slot, in.Sum)
	if err != nil {
		return nil, err
	}
	return &file{ContentType: f.Type, Disposition: mime.FormatMediaType("attachment", map[string]string{"filename": f.Name}), Body: data}, nil
}

// ToMark is an attempt with essays that wait for marks.
type ToMark struct {
	ID        courses.AttemptID `json:"id"`
	Course    courses.CourseID  `json:"course"`
	Title     string            `json:"title" doc:"Of the course"`
	Lesson    string            `json:"lesson" doc:"Title of the quiz"`
	Ended     *time.Time        `json:"ended,omitempty"`
	Anonymous bool              `json:"anonymous"`
	Name      string            `json:"name,omitempty" doc:"Of the learner; absent where the quiz is marked anonymously"`
	Essays    []EssayToMark     `json:"essays" nullable:"false"`
}

// EssayToMark is how far the marking of an essay is, for the actor.
type EssayToMark struct {
	Slot int    `json:"slot"`
	Next string `json:"next,omitempty" enum:"first,second,final" doc:"The mark that is asked for; absent when it is graded"`
	Mine bool   `json:"mine" doc:"The next mark has to be somebody else's"`
}

func essayToMark(actor courses.Actor, slot int, x assessment.Standing) EssayToMark {
	return EssayToMark{Slot: slot, Next: string(x.Next), Mine: x.Next == assessment.Second && x.Marks[0].By == actor.Person}
}

func (r quizRoutes) toMark(ctx context.Context, actor courses.Actor, in *PageIn) (*body[list[ToMark]], error) {
	found, err := r.Assessment.ToMark(ctx, actor, in.page())
	if err != nil {
		return nil, err
	}
	names, err := r.fullNames(ctx, each(found.Items, func(a assessment.Attempt) courses.PersonID { return a.Sitting.Person })...)
	if err != nil {
		return nil, err
	}
	items := make([]ToMark, len(found.Items))
	for i, a := range found.Items {
		questions, err := r.Assessment.Questions(ctx, a)
		if err != nil {
			return nil, err
		}
		if items[i], err = r.toMarkView(ctx, actor, a, questions, names); err != nil {
			return nil, err
		}
	}
	return &body[list[ToMark]]{Body: list[ToMark]{Items: items, Next: found.Next}}, nil
}

func (r quizRoutes) toMarkView(ctx context.Context, actor courses.Actor, a assessment.Attempt, questions []assessment.Question, names map[courses.PersonID]string) (ToMark, error) {
	version, err := r.Catalog.Version(ctx, a.Sitting.Version)
	if err != nil {
		return ToMark{}, err
	}
	lesson, _ := version.Content.Lesson(a.Sitting.Lesson)
	v := ToMark{
		ID: a.ID, Course: a.Sitting.Course, Title: version.Content.Title, Lesson: lesson.Title, Ended: instant(a.Ended),
		Anonymous: a.Anonymous, Essays: []EssayToMark{},
	}
	if !a.Anonymous {
		v.Name = names[a.Sitting.Person]
	}
	for slot, q := range questions {
		if q.Type == assessment.Essay {
			v.Essays = append(v.Essays, essayToMark(actor, slot, a.Standing(slot, q)))
		}
	}
	return v, nil
}

// GradingView is the essays of an attempt, for those who mark them.
type GradingView struct {
	ToMark
	Answers  []WrittenEssay `json:"answers" nullable:"false" doc:"By essay"`
	Regrades []RegradeView  `json:"regrades" nullable:"false" doc:"What corrections of questions changed in the attempt"`
}

// WrittenEssay is an essay with what was written and the marks that the actor may
// see: the second marker does not see the first one's.
type WrittenEssay struct {
	Slot    int               `json:"slot"`
	Text    string            `json:"text" doc:"What is asked"`
	Note    string            `json:"note,omitempty" doc:"What the author says of a good answer"`
	Words   int               `json:"words"`
	Rubric  []RubricCriterion `json:"rubric" nullable:"false"`
	Answer  string            `json:"answer"`
	Files   []AttachedFile    `json:"files" nullable:"false"`
	Missing int               `json:"missing" doc:"Files that the device has not sent yet"`
	Seen    int               `json:"seen" doc:"How many marks it has; give it back when marking"`
	Marks   []EssayMark       `json:"marks" nullable:"false"`
	Score   *int              `json:"score,omitempty" doc:"Hundredths of a point; of a graded one"`
}

func (r quizRoutes) graded(ctx context.Context, actor courses.Actor, in *AttemptPath) (*body[GradingView], error) {
	a, questions, err := r.Assessment.Graded(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	names, err := r.fullNames(ctx, a.Sitting.Person)
	if err != nil {
		return nil, err
	}
	v := GradingView{Answers: []WrittenEssay{}}
	if v.ToMark, err = r.toMarkView(ctx, actor, a, questions, names); err != nil {
		return nil, err
	}
	for _, e := range v.Essays {
		written, err := r.written(ctx, actor, a, questions[e.Slot], e.Slot)
		if err != nil {
			return nil, err
		}
		v.Answers = append(v.Answers, written)
	}
	v.Regrades, err = r.regrades(ctx, a)
	return &body[GradingView]{Body: v}, err
}

func (r quizRoutes) written(ctx context.Context, actor courses.Actor, a assessment.Attempt, q assessment.Question, slot int) (WrittenEssay, error) {
	x, answer := a.Standing(slot, q), a.Counting(slot)
	v := WrittenEssay{
		Slot: slot, Text: q.Text, Note: q.Note, Words: q.Words, Rubric: rubric(q), Files: []AttachedFile{}, Seen: len(x.Marks), Marks: []EssayMark{},
	}
	if len(answer.Texts) > 0 {
		v.Answer = answer.Texts[0]
	}
	here, missing := a.Attached(slot, answer)
	for _, f := range here {
		shown := attachedFile(a.ID, slot, f)
		if a.Anonymous {
			shown.Name = f.Neutral()
		}
		v.Files = append(v.Files, shown)
	}
	v.Missing = missing
	names, err := r.fullNames(ctx, each(x.Marks, func(m assessment.Mark) courses.PersonID { return m.By })...)
	if err != nil {
		return WrittenEssay{}, err
	}
	for _, m := range x.Marks {
		if x.Next == assessment.Second && m.By != actor.Person {
			continue
		}
		shown := essayMark(m, q)
		shown.Name = names[m.By]
		v.Marks = append(v.Marks, shown)
	}
	if x.Next == "" {
		v.Score = &x.Score
	}
	return v, nil
}

type markIn struct {
	AttemptPath
	Body newMark
}

type newMark struct {
	Slot    int    `json:"slot" minimum:"0" maximum:"199"`
	Seen    int    `json:"seen" minimum:"0" maximum:"100" doc:"How many marks of the essay the page knew of"`
	Levels  []int  `json:"levels" minItems:"1" maxItems:"10" nullable:"false" doc:"By criterion, from 0, the best"`
	Comment string `json:"comment,omitempty" maxLength:"4000" doc:"The learner sees it"`
}

func (r quizRoutes) mark(ctx context.Context, actor courses.Actor, in *markIn) (*body[GradingView], error) {
	m := assessment.Mark{Slot: in.Body.Slot, Levels: in.Body.Levels, Comment: in.Body.Comment}
	if _, err := r.Learning.Mark(ctx, actor, in.ID, m, in.Body.Seen); err != nil {
		return nil, err
	}
	return r.graded(ctx, actor, &in.AttemptPath)
}
