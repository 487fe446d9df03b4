package apptest_test

import (
	"encoding/json"
	"fmt"
	"haidang/cmd/internal/apptest"
	"haidang/courses"
	"haidang/handlers"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// eightQuestions is one of each type; what is right is in capitals where it is text.
func eightQuestions() []map[string]any {
	q := func(kind, text string, more map[string]any) map[string]any {
		x := map[string]any{"type": kind, "text": text, "topic": "Hộ tịch", "difficulty": "easy", "note": "Vì luật nói vậy."}
		for k, v := range more {
			x[k] = v
		}
		return x
	}
	option := func(text string, right bool) map[string]any { return map[string]any{"text": text, "right": right} }
	pair := func(text, match string) map[string]any { return map[string]any{"text": text, "match": match} }
	return []map[string]any{
		q("single", "Ai đăng ký khai sinh?", map[string]any{"options": []any{option("UBND XÃ", true), option("Sở Tư pháp", false), option("Bộ", false)}}),
		q("multiple", "Giấy tờ nào phải xuất trình?", map[string]any{"options": []any{option("CĂN CƯỚC", true), option("GIẤY CHỨNG SINH", true), option("Bằng lái", false)}}),
		q("true_false", "Khai sinh không thu lệ phí.", map[string]any{"true": true}),
		q("short", "Đảo xa nhất của thành phố?", map[string]any{"gaps": []any{map[string]any{"accepted": []string{"BẠCH LONG VĨ"}}}}),
		q("number", "Thời hạn bao nhiêu ngày?", map[string]any{"number": map[string]any{"value": 60, "tolerance": 0, "unit": "ngày"}}),
		q("matching", "Cơ quan nào làm việc gì?", map[string]any{"options": []any{pair("Khai sinh", "XÃ"), pair("Quốc tịch", "BỘ"), pair("Lý lịch", "SỞ")}}),
		q("ordering", "Xếp các bước.", map[string]any{"options": []any{option("NHẬN", false), option("THẨM TRA", false), option("KÝ", false), option("TRẢ", false)}}),
		q("gaps", "Trong [[1]] ngày, tại [[2]].", map[string]any{"gaps": []any{map[string]any{"accepted": []string{"SÁU MƯƠI"}}, map[string]any{"accepted": []string{"MỘT CỬA"}}}}),
	}
}

// quizCourse publishes a course of an article and a quiz of the eight questions. A
// rule of the paper that is a function is given the article.
func quizCourse(t *testing.T, w *apptest.World, code string, paper map[string]any) (course courses.CourseID, lessons []handlers.Lesson) {
	t.Helper()
	author := w.SignIn(t, "tacgia")
	for _, q := range eightQuestions() {
		author.Must("POST", "/api/banks/SNV/items", q, nil)
	}
	d, path := complete(t, author, code)
	rules := map[string]any{"bank": "SNV", "draws": []any{map[string]any{"topic": "Hộ tịch", "count": 8}}, "shuffle": true, "feedback": "right"}
	for k, v := range paper {
		if of, is := v.(func(courses.LessonID) any); is {
			v = of(d.Content.Modules[0].Lessons[0].ID)
		}
		rules[k] = v
	}
	var content map[string]any
	remarshal(t, d.Content, &content)
	module := content["modules"].([]any)[0].(map[string]any)                                                                                            //nolint:forcetypeassert // as complete made it
	module["lessons"] = append(module["lessons"].([]any), map[string]any{"id": "", "kind": "quiz", "title": "Kiểm tra", "minutes": 10, "paper": rules}) //nolint:forcetypeassert // as above
	author.Must("PUT", path, map[string]any{"revision": d.Revision, "content": content}, &d)
	w.Publish(t, author, &d, "")
	return d.Card.ID, d.Content.Modules[0].Lessons
}

// began is a learner's attempt at the quiz of a course.
func began(t *testing.T, c *apptest.Client, course courses.CourseID, lesson courses.LessonID) (handlers.AttemptView, string) {
	t.Helper()
	var e handlers.EnrolmentView
	c.Must("POST", "/api/courses/"+string(course)+"/enrolment", nil, &e)
	quiz := "/api/enrolments/" + string(e.ID) + "/quizzes/" + string(lesson)
	var a handlers.AttemptView
	c.Must("POST", quiz+"/attempts", nil, &a)
	return a, quiz
}

// rightly is the right answer to a question as it stands on the screen.
func rightly(q handlers.AskedQuestion) map[string]any {
	at := func(texts ...string) []int {
		positions := make([]int, len(texts))
		for i, text := range texts {
			positions[i] = slices.Index(q.Options, text)
		}
		return positions
	}
	switch q.Type {
	case "single":
		return map[string]any{"chosen": at("UBND XÃ")}
	case "multiple":
		return map[string]any{"chosen": at("CĂN CƯỚC", "GIẤY CHỨNG SINH")}
	case "true_false":
		return map[string]any{"chosen": []int{0}}
	case "matching":
		match := map[string]string{"Khai sinh": "XÃ", "Quốc tịch": "BỘ", "Lý lịch": "SỞ"}
		texts := make([]string, len(q.Prompts))
		for i, prompt := range q.Prompts {
			texts[i] = match[prompt]
		}
		return map[string]any{"chosen": at(texts...)}
	case "ordering":
		return map[string]any{"chosen": at("NHẬN", "THẨM TRA", "KÝ", "TRẢ")}
	case "short":
		return map[string]any{"texts": []string{"bach long vi"}}
	case "number":
		return map[string]any{"texts": []string{"60"}}
	}
	return map[string]any{"texts": []string{"sáu mươi", "một cửa"}}
}

// sent is an answer as a device sends it; n makes its event's id.
func sent(w *apptest.World, slot, n int, answer map[string]any) map[string]any {
	x := map[string]any{"event": fmt.Sprintf("00000000-0000-4000-8000-%012d", n), "slot": slot, "seq": 1, "at": w.App.Now().UTC().Format(time.RFC3339Nano)}
	for k, v := range answer {
		x[k] = v
	}
	return x
}

func TestAQuizIsAnsweredMarkedAndCompletesTheCourse(t *testing.T) {
	w := apptest.New(t)
	course, lessons := quizCourse(t, w, "KT-01", map[string]any{"passBp": 8000, "attempts": 2})
	learner := w.SignIn(t, "hocvien")
	a, quiz := began(t, learner, course, lessons[1].ID)
	attempt := "/api/attempts/" + string(a.ID)
	shown := ask(t, learner.HTTP, "GET", w.URL+attempt, "")
	for _, secret := range []string{`"right"`, `"note"`, "LONG VĨ", "SÁU MƯƠI", `"score"`, `"value"`} {
		if strings.Contains(string(shown.Body), secret) {
			t.Errorf("an open attempt tells %s: %s", secret, shown.Body)
		}
	}
	var again handlers.AttemptView
	learner.Must("POST", quiz+"/attempts", nil, &again)
	if again.ID != a.ID || len(a.Questions) != 8 {
		t.Errorf("beginning again gives %s of %s, with %d questions", again.ID, a.ID, len(a.Questions))
	}

	// Two right answers, then the end: it is not enough.
	var receipts handlers.AnswerReceipts
	learner.Must("POST", attempt+"/answers", map[string]any{"seal": a.Seal, "answers": []any{sent(w, 0, 1, rightly(a.Questions[0])), sent(w, 1, 2, rightly(a.Questions[1]))}}, &receipts)
	if len(receipts.Receipts) != 2 || receipts.Late || receipts.Receipts[0].Code != "00000001" {
		t.Errorf("the receipts are %+v", receipts)
	}
	learner.Must("POST", attempt+"/submission", nil, &a)
	if a.State != "done" || a.ScoreBp != 2500 || a.Passed {
		t.Errorf("two right answers of eight give %+v", a.AttemptCard)
	}
	if q := a.Questions[0]; q.Score == nil || *q.Score != 100 || q.Right == nil || q.Note == "" {
		t.Errorf("of a marked question is shown %+v", q)
	}

	// All right, sent by two devices, in any order, twice.
	var last handlers.AttemptView
	learner.Must("POST", quiz+"/attempts", nil, &last)
	attempt = "/api/attempts/" + string(last.ID)
	var answers []any
	for i, q := range last.Questions {
		answers = append(answers, sent(w, i, 10+i, rightly(q)))
	}
	slices.Reverse(answers)
	var wg sync.WaitGroup
	for _, part := range [][]any{answers[:5], answers[3:], answers} {
		wg.Go(func() {
			learner.Must("POST", attempt+"/answers", map[string]any{"seal": last.Seal, "answers": part}, nil)
		})
	}
	wg.Wait()
	var e handlers.EnrolmentView
	learner.Must("POST", "/api/courses/"+string(course)+"/enrolment", nil, &e)
	readOut(t, learner, e.ID, lessons[0].ID, w)
	learner.Must("POST", attempt+"/submission", nil, &last)
	if last.ScoreBp != 10000 || !last.Passed {
		t.Errorf("eight right answers give %+v", last.AttemptCard)
		for i, q := range last.Questions {
			t.Logf("%d %s %+v %d", i, q.Type, q.Given, *q.Score)
		}
	}
	for i, q := range last.Questions {
		if want := rightly(q)["chosen"]; want != nil && !reflect.DeepEqual(q.Right.Chosen, want) {
			slices.Sort(q.Right.Chosen)
			if chosen := slices.Sorted(slices.Values(want.([]int))); !slices.Equal(q.Right.Chosen, chosen) { //nolint:forcetypeassert // as rightly made it
				t.Errorf("%d: as right is shown %v, want %v", i, q.Right.Chosen, want)
			}
		}
	}
	learner.Must("GET", "/api/enrolments/"+string(e.ID), nil, &e)
	if e.CompletedAt == nil || !e.Lessons[1].Complete {
		t.Errorf("the course stands at %+v", e)
	}
	refused(t, learner, "a third attempt of two", "POST", quiz+"/attempts", nil, "assessment.no_attempts_left")

	// The bank knows how it was answered.
	var items struct{ Items []handlers.BankItemView }
	author := w.SignIn(t, "tacgia")
	eventually(t, "a question is counted twice", func() bool {
		author.Must("GET", "/api/banks/SNV/items?topic=Hộ%20tịch&type=single", nil, &items)
		f := items.Items[0].Figures
		return f.Asked == 2 && len(f.Chosen) == 3
	})
}

// readOut reads an article to its end.
func readOut(t *testing.T, c *apptest.Client, e courses.EnrolmentID, lesson courses.LessonID, w *apptest.World) {
	t.Helper()
	c.Must("POST", "/api/learning/events", map[string]any{"events": []any{map[string]any{
		"id": "00000000-0000-4000-8000-00000000abcd", "enrolment": e, "lesson": lesson, "kind": "read", "at": w.App.Now().UTC().Format(time.RFC3339Nano),
	}}}, nil)
}

func TestBadAnswersAreRefusedAndChangeNothing(t *testing.T) {
	w := apptest.New(t)
	course, lessons := quizCourse(t, w, "KT-02", map[string]any{"minutes": 20})
	learner, other := w.SignIn(t, "hocvien"), w.SignIn(t, "lanhdao")
	a, quiz := began(t, learner, course, lessons[1].ID)
	theirs, _ := began(t, other, course, lessons[1].ID)
	settled(t, w)
	path := "/api/attempts/" + string(a.ID) + "/answers"
	with := func(seal string, answers ...map[string]any) string {
		return jsonOf(t, map[string]any{"seal": seal, "answers": answers})
	}
	good := rightly(a.Questions[0])
	one := func(change map[string]any) map[string]any {
		x := sent(w, 0, 1, good)
		for k, v := range change {
			x[k] = v
		}
		return x
	}
	tampered := a.Seal[:10] + "A" + a.Seal[11:]
	refusedInputs(t, w, learner, []badInput{
		{"a question that is not in the paper", "POST", path, with(a.Seal, one(nil), one(map[string]any{"slot": 8})), 422, "assessment.not_in_paper"},
		{"a tampered start", "POST", path, with(tampered, one(nil)), 422, "assessment.bad_seal"},
		{"another attempt's start", "POST", path, with(theirs.Seal, one(nil)), 422, "assessment.bad_seal"},
		{"another's attempt", "POST", "/api/attempts/" + string(theirs.ID) + "/answers", with(theirs.Seal, one(nil)), 404, "assessment.no_such_attempt"},
		{"an id that is none", "POST", path, with(a.Seal, one(map[string]any{"event": "x"})), 422, "request.invalid"},
		{"a count from nothing", "POST", path, with(a.Seal, one(map[string]any{"seq": 0})), 422, "request.invalid"},
		{"positions below none", "POST", path, with(a.Seal, one(map[string]any{"chosen": []int{-7}})), 422, "assessment.bad_answer"},
		{"a novel", "POST", path, with(a.Seal, one(map[string]any{"texts": []string{strings.Repeat("a", 3000)}})), 422, "assessment.bad_answer"},
		{"a file for a question that takes none", "POST", path, with(a.Seal, one(map[string]any{"files": []string{sumOf(pdf)}})), 422, "assessment.bad_answer"},
		{"a file without its SHA-256", "POST", path, with(a.Seal, one(map[string]any{"files": []string{"a.pdf"}})), 422, "assessment.bad_answer"},
		{"an answer from the year 0", "POST", path, with(a.Seal, one(map[string]any{"at": "0001-01-01T00:00:00Z"})), 422, "assessment.bad_answer"},
		{"a field that is unknown", "POST", path, with(a.Seal, one(map[string]any{"score": 100})), 422, "request.invalid"},
		{"no answers", "POST", path, with(a.Seal), 422, "request.invalid"},
		{"handing in another's attempt", "POST", "/api/attempts/" + string(theirs.ID) + "/submission", "", 404, "assessment.no_such_attempt"},
		{"a quiz of a lesson that is none", "POST", strings.Replace(quiz, string(lessons[1].ID), string(lessons[0].ID), 1) + "/attempts", "", 422, "learning.not_in_version"},
		{"a score that the device made up", "POST", "/api/learning/events", jsonOf(t, map[string]any{"events": []any{map[string]any{
			"id": nobodysID, "enrolment": a.Enrolment, "lesson": a.Lesson, "kind": "scored", "at": w.App.Now(),
		}}}), 422, "request.invalid"},
	})
	// A device's clock that is a day off changes nothing: the server's counts.
	for i, off := range []time.Duration{-24 * time.Hour, 24 * time.Hour} {
		var receipts handlers.AnswerReceipts
		learner.Must("POST", path, map[string]any{"seal": a.Seal, "answers": []any{one(map[string]any{"slot": i, "at": w.App.Now().Add(off), "event": fmt.Sprintf("00000000-0000-4000-8000-%012d", 90+i)})}}, &receipts)
		if receipts.Late {
			t.Errorf("with a clock that is off by %s an answer in time is late", off)
		}
	}
}

func TestAnswersAfterTheDeadlineWaitForAPerson(t *testing.T) {
	w := apptest.New(t)
	course, lessons := quizCourse(t, w, "KT-03", map[string]any{"minutes": 20, "passBp": 10000})
	learner := w.SignIn(t, "hocvien")
	a, quiz := began(t, learner, course, lessons[1].ID)
	path := "/api/attempts/" + string(a.ID)
	answer := func(seq int) map[string]any {
		var answers []any
		for i, q := range a.Questions {
			x := sent(w, i, seq*100+i, rightly(q))
			x["seq"], x["offline"] = seq, true
			answers = append(answers, x)
		}
		return map[string]any{"seal": a.Seal, "answers": answers}
	}
	w.Pass(25 * time.Minute)
	learner = w.SignIn(t, "hocvien")
	var receipts handlers.AnswerReceipts
	learner.Must("POST", path+"/answers", answer(1), &receipts)
	if !receipts.Late || len(receipts.Receipts) != 8 {
		t.Errorf("after the deadline the receipts are %+v", receipts)
	}
	var q handlers.QuizView
	learner.Must("GET", quiz, nil, &q)
	if x := q.Attempts[0]; x.State != "done" || x.ScoreBp != 0 || x.Late != "waiting" {
		t.Errorf("the attempt stands at %+v", x)
	}
	var list struct{ Items []handlers.LateAttempt }
	reviewer, publisher := w.SignIn(t, "thamdinh"), w.SignIn(t, "tacgia")
	refused(t, reviewer, "a reviewer listing late answers", "GET", "/api/studio/late-answers", nil, "courses.forbidden")
	publisher.Must("GET", "/api/studio/late-answers", nil, &list)
	if len(list.Items) != 1 || len(list.Items[0].Answers) != 8 || !list.Items[0].Answers[0].Offline || list.Items[0].Name == "" {
		t.Fatalf("waiting are %+v", list.Items)
	}
	decide := "/api/studio/late-answers/" + string(a.ID)
	refused(t, w.SignIn(t, "xuatban"), "a publisher of another organisation", "POST", decide, map[string]any{"accept": true, "reason": "x"}, "assessment.no_such_attempt")
	refused(t, publisher, "a decision without a reason", "POST", decide, map[string]any{"accept": true, "reason": ""}, "request.invalid")
	var card handlers.AttemptCard
	publisher.Must("POST", decide, map[string]any{"accept": true, "reason": "Tàu mất sóng."}, &card)
	if card.ScoreBp != 10000 || !card.Passed || card.Late != "accepted" {
		t.Errorf("accepted it is %+v", card)
	}
	refused(t, publisher, "deciding again", "POST", decide, map[string]any{"accept": false, "reason": "x"}, "courses.changed_meanwhile")
	var e handlers.EnrolmentView
	learner.Must("GET", "/api/enrolments/"+string(a.Enrolment), nil, &e)
	if !e.Lessons[1].Complete {
		t.Errorf("the lesson stands at %+v", e.Lessons[1])
	}
}

func TestAQuizIsPublishedOnlyWhenItsBankCanFillIt(t *testing.T) {
	w := apptest.New(t)
	author := w.SignIn(t, "tacgia")
	d, path := complete(t, author, "KT-04")
	quiz := func(bank string, count int) map[string]any {
		var content map[string]any
		remarshal(t, d.Content, &content)
		content["modules"] = append(content["modules"].([]any), map[string]any{"id": "", "title": "Kiểm tra", "tiet": 0, "lessons": []any{map[string]any{ //nolint:forcetypeassert // as complete made it
			"id": "", "kind": "quiz", "title": "Bài", "minutes": 5, "paper": map[string]any{"bank": bank, "draws": []any{map[string]any{"count": count}}, "shuffle": false},
		}}})
		return map[string]any{"revision": d.Revision, "content": content}
	}
	refused(t, author, "another organisation's questions", "PUT", path, quiz("STP", 1), "catalog.foreign_bank")
	author.Must("PUT", path, quiz("SNV", 9), &d)
	if !slices.ContainsFunc(d.Missing, func(m handlers.Missing) bool { return m.Code == "quiz_short" && m.Name == "Bài" }) {
		t.Errorf("missing are %+v", d.Missing)
	}
	refused(t, author, "submitting it", "POST", path+"/review", map[string]any{"revision": d.Revision}, "catalog.incomplete")
	refused(t, author, "a bad question", "POST", "/api/banks/SNV/items", map[string]any{"type": "single", "text": "x", "difficulty": "easy", "options": []any{}}, "assessment.bad_question")
	refused(t, author, "another organisation's bank", "GET", "/api/banks/STP/items", nil, "courses.forbidden")
	refused(t, w.SignIn(t, "hocvien"), "a learner reading a bank", "GET", "/api/banks/SNV/items", nil, "courses.forbidden")
	refused(t, w.SignIn(t, "thamdinh"), "a reviewer adding a question", "POST", "/api/banks/SNV/items", eightQuestions()[0], "courses.forbidden")
}

// remarshal copies a value by its JSON.
func remarshal(t *testing.T, from, to any) {
	t.Helper()
	if err := json.Unmarshal([]byte(jsonOf(t, from)), to); err != nil {
		t.Fatal(err)
	}
}
