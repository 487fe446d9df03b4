package durability_test

import (
	"context"
	"fmt"
	"haidang/cmd/internal/app"
	"haidang/cmd/internal/demo"
	"haidang/courses"
	"haidang/handlers"
	"math/rand/v2"
	"sync/atomic"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
)

// asked is how many questions the quiz has.
const asked = 12

// publishQuiz publishes a course that is one quiz.
func (r *rig) publishQuiz(ctx context.Context) (courses.CourseID, courses.LessonID) {
	r.t.Helper()
	a, err := app.Open(ctx, r.config(), app.Options{})
	if err != nil {
		r.t.Fatal(err)
	}
	defer a.Close(ctx)
	course, lesson, err := demo.PublishQuiz(ctx, a, "KT-01", asked)
	if err != nil {
		r.t.Fatal(err)
	}
	return course, lesson
}

// sitter answers the questions of an attempt over and over, each answer until it is
// acknowledged, and remembers the latest of each question.
type sitter struct {
	*learner
	attempt handlers.AttemptView
	acked   [asked]int64 // by slot: the count of the latest answer
	chosen  [asked]int
	wrong   error
}

func (s *sitter) begin(ctx context.Context, course courses.CourseID, lesson courses.LessonID) error {
	var e handlers.EnrolmentView
	if err := s.insist(ctx, "POST", "/api/courses/"+string(course)+"/enrolment", map[string]string{}, &e); err != nil {
		return err
	}
	return s.insist(ctx, "POST", fmt.Sprintf("/api/enrolments/%s/quizzes/%s/attempts", e.ID, lesson), map[string]string{}, &s.attempt)
}

func (s *sitter) answer(ctx context.Context, total *atomic.Int64, stop <-chan struct{}) {
	random := rand.New(rand.NewPCG(1, 2))
	for s.wrong == nil {
		select {
		case <-stop:
			return
		default:
		}
		slot, chosen := random.IntN(asked), random.IntN(2)
		var receipts handlers.AnswerReceipts
		s.wrong = s.insist(ctx, "POST", "/api/attempts/"+string(s.attempt.ID)+"/answers", map[string]any{"seal": s.attempt.Seal, "answers": []any{map[string]any{
			"event": courses.NewID[string](time.Now()), "slot": slot, "seq": s.acked[slot] + 1, "at": time.Now().UTC(), "chosen": []int{chosen},
		}}}, &receipts)
		if receipts.Late {
			s.wrong = fmt.Errorf("an answer in time was taken for late")
		}
		if s.wrong == nil {
			s.acked[slot]++
			s.chosen[slot] = chosen
			total.Add(1)
		}
	}
}

// handedIn hands the attempt in and compares it with what was acknowledged.
func (s *sitter) handedIn(ctx context.Context, t *testing.T, db *mongo.Database) {
	t.Helper()
	var a handlers.AttemptView
	if err := s.insist(ctx, "POST", "/api/attempts/"+string(s.attempt.ID)+"/submission", map[string]string{}, &a); err != nil {
		t.Fatal(err)
	}
	var d struct {
		Given map[string]struct {
			Seq    int64
			Chosen []int
		}
	}
	if err := db.Collection("attempts").FindOne(ctx, bson.M{"_id": s.attempt.ID}).Decode(&d); err != nil {
		t.Fatal(err)
	}
	right := 0
	for slot, seq := range s.acked {
		g := d.Given[fmt.Sprint(slot)]
		if g.Seq != seq || seq > 0 && g.Chosen[0] != s.chosen[slot] {
			t.Errorf("%s: question %d holds answer %d (%v), acknowledged was %d (%d)", s.username, slot, g.Seq, g.Chosen, seq, s.chosen[slot])
		}
		if seq > 0 && s.chosen[slot] == 0 {
			right++
		}
	}
	if want := right * 10000 / asked; a.ScoreBp != want || a.Late != "" {
		t.Errorf("%s: the score is %d, want %d; late: %q", s.username, a.ScoreBp, want, a.Late)
	}
}
