package apptest_test

import (
	"haidang/cmd/internal/apptest"
	"haidang/courses"
	"haidang/handlers"
	"slices"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/bson"
)

// stopAt is a question with two answers, the first of which is right.
func stopAt(at int64, text string) handlers.TimedQuestion {
	run := func(text string) []handlers.Inline { return []handlers.Inline{{Text: text}} }
	return handlers.TimedQuestion{AtMs: at, Block: handlers.Block{
		Type: "question", Text: run(text), Items: [][]handlers.Inline{run("Có"), run("Không")}, Right: []int{0}, Note: "Luật ghi.",
	}}
}

// heard publishes a recording of six seconds with two questions.
func heard(t *testing.T, w *apptest.World) (courses.CourseID, handlers.Lesson) {
	t.Helper()
	author := w.SignIn(t, "tacgia")
	sound := uploaded(t, w, author, "nghe.m4a", made(t, "a.m4a", "-f lavfi -i sine=duration=6 -c:a aac"))
	d, path := complete(t, author, "NGHE-01")
	c := d.Content
	ask := func(questions ...handlers.TimedQuestion) {
		c.Modules[0].Lessons = []handlers.Lesson{{Kind: "audio", Title: "Nghe", Minutes: 30, Asset: sound.ID, Questions: questions}}
	}
	ask(stopAt(2000, "Một?"), stopAt(2000, "Hai?"))
	refused(t, author, "two questions at one moment", "PUT", path, map[string]any{"revision": d.Revision, "content": c}, "catalog.bad_content")
	ask(stopAt(7000, "Sau khi hết?"))
	author.Must("PUT", path, map[string]any{"revision": d.Revision, "content": c}, &d)
	if len(d.Missing) != 1 || d.Missing[0].Code != "question_time" {
		t.Errorf("a question after the end lacks %+v", d.Missing)
	}
	refused(t, author, "a question after the end", "POST", path+"/review", map[string]any{"revision": d.Revision}, "catalog.incomplete")
	ask(stopAt(4000, "Hai?"), stopAt(2000, "Một?"))
	author.Must("PUT", path, map[string]any{"revision": d.Revision, "content": c}, &d)
	w.Publish(t, author, &d, "")
	return d.Card.ID, d.Content.Modules[0].Lessons[0]
}

func TestARecordingAsksAndIsCompleteOnceAllIsAnswered(t *testing.T) {
	w := apptest.New(t)
	course, lesson := heard(t, w)
	if len(lesson.Questions) != 2 || lesson.Questions[0].AtMs != 2000 || lesson.Questions[0].Block.ID == "" {
		t.Fatalf("the draft has %+v", lesson.Questions)
	}
	c := w.SignIn(t, "hocvien")
	var e handlers.EnrolmentView
	c.Must("POST", "/api/courses/"+string(course)+"/enrolment", nil, &e)
	var view handlers.LessonView
	c.Must("GET", "/api/versions/"+string(e.Version)+"/lessons/"+string(lesson.ID), nil, &view)
	if jsonOf(t, view.Lesson.Questions) != jsonOf(t, lesson.Questions) {
		t.Errorf("learners are asked %s", jsonOf(t, view.Lesson.Questions))
	}
	first, second := lesson.Questions[0].Block.ID, lesson.Questions[1].Block.ID
	answer := func(question string, at time.Duration, chosen ...int) map[string]any {
		return event(w, e, lesson.ID, "answered", map[string]any{"question": question, "chosen": chosen, "at": w.App.Now().Add(at)})
	}
	w.Pass(10 * time.Second)
	badAnswers(t, w, c, e, lesson)

	now := send(t, c, event(w, e, lesson.ID, "watched", map[string]any{"fromMs": 0, "toMs": 6000, "elapsedMs": 6000})).Enrolments[0]
	if got := now.Lessons[0]; got.Complete || got.ShareBp != 9800 || len(got.Answers) != 0 || now.CompletedAt != nil {
		t.Errorf("watched and not answered it is %+v", got)
	}
	wrong := answer(second, 0, 1)
	send(t, c, wrong)
	send(t, c, answer(second, -time.Minute, 0)) // an older one comes late
	now = send(t, c, wrong).Enrolments[0]       // again
	if got := now.Lessons[0]; got.Complete || got.ShareBp != 9900 || len(got.Answers) != 1 || got.Answers[0].Question != second || !slices.Equal(got.Answers[0].Chosen, []int{1}) {
		t.Errorf("with one of two it is %+v", got)
	}
	now = send(t, c, answer(first, 0, 1)).Enrolments[0]
	if got := now.Lessons[0]; !got.Complete || len(got.Answers) != 2 || now.CompletedAt == nil {
		t.Errorf("with both, wrongly answered, it is %+v of %+v", got, now)
	}
}

// badAnswers are refused by name, each with a good event beside it, and change nothing.
func badAnswers(t *testing.T, w *apptest.World, c *apptest.Client, e handlers.EnrolmentView, lesson handlers.Lesson) {
	t.Helper()
	course, lessons := quizCourse(t, w, "HOI-01", nil) // of an article and a quiz
	var other handlers.EnrolmentView
	c.Must("POST", "/api/courses/"+string(course)+"/enrolment", nil, &other)
	question := lesson.Questions[0].Block.ID
	for what, x := range map[string]struct {
		bad  map[string]any
		want string
	}{
		"a question that nobody asks": {event(w, e, lesson.ID, "answered", map[string]any{"question": "01a00000-0000-7000-8000-000000000000", "chosen": []int{0}}), "learning.no_such_question"},
		"an answer that is none":      {event(w, e, lesson.ID, "answered", map[string]any{"question": question, "chosen": []int{2}}), "learning.no_such_question"},
		"two where one is right":      {event(w, e, lesson.ID, "answered", map[string]any{"question": question, "chosen": []int{0, 1}}), "learning.bad_event"},
		"no answer":                   {event(w, e, lesson.ID, "answered", map[string]any{"question": question}), "learning.bad_event"},
		"of an article":               {event(w, other, lessons[0].ID, "answered", map[string]any{"question": question, "chosen": []int{0}}), "learning.not_in_version"},
		"of a quiz":                   {event(w, other, lessons[1].ID, "answered", map[string]any{"question": question, "chosen": []int{0}}), "learning.not_in_version"},
		"of no lesson":                {event(w, e, lessons[0].ID, "answered", map[string]any{"question": question, "chosen": []int{0}}), "learning.not_in_version"},
	} {
		good := event(w, e, lesson.ID, "answered", map[string]any{"question": question, "chosen": []int{0}})
		refused(t, c, what, "POST", "/api/learning/events", map[string]any{"events": []any{good, x.bad}}, x.want)
	}
	var now handlers.EnrolmentView
	c.Must("GET", "/api/enrolments/"+string(e.ID), nil, &now)
	logged, err := w.App.DB.Raw().Collection("eventlog").CountDocuments(t.Context(), bson.M{"deliveries.events.kind": "answered"})
	if err != nil || logged != 0 || len(now.Lessons[0].Answers) != 0 || now.ShareBp != 0 {
		t.Errorf("refused answers left %d in the log and %+v, %v", logged, now.Lessons[0], err)
	}
}
