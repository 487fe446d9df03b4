package apptest_test

import (
	"fmt"
	"haidang/cmd/internal/apptest"
	"haidang/courses"
	"haidang/courses/assessment"
	"haidang/handlers"
	"strings"
	"testing"
	"time"
)

var pdf = []byte("%PDF-1.7\nbài làm\n")

// essayItem is an essay that is judged by what it says (7 points) and how (3).
func essayItem(topic string) map[string]any {
	level := func(text string, points int) map[string]any { return map[string]any{"text": text, "points": points} }
	return map[string]any{
		"type": "essay", "text": "Nêu cách xử lý.\nCó dẫn luật.", "topic": topic, "difficulty": "hard", "note": "Cần nêu Điều 15.", "words": 300, "files": 2,
		"rubric": []any{
			map[string]any{"name": "Nội dung", "levels": []any{level("Đủ ý", 700), level("Thiếu một ý", 600), level("Sai", 0)}},
			map[string]any{"name": "Trình bày", "levels": []any{level("Rõ", 300), level("Rối", 0)}},
		},
	}
}

// essayCourse publishes a course with a quiz of a statement and an essay.
func essayCourse(t *testing.T, w *apptest.World, code string, paper map[string]any) (courses.CourseID, []handlers.Lesson) {
	t.Helper()
	author := w.SignIn(t, "tacgia")
	author.Must("POST", "/api/banks/SNV/items", essayItem(code), nil)
	author.Must("POST", "/api/banks/SNV/items", map[string]any{"type": "true_false", "text": "Đúng.", "topic": code, "difficulty": "easy", "true": true}, nil)
	rules := map[string]any{"draws": []any{map[string]any{"topic": code, "difficulty": "hard", "count": 1}, map[string]any{"topic": code, "difficulty": "easy", "count": 1}}, "shuffle": false}
	for k, v := range paper {
		rules[k] = v
	}
	return quizCourse(t, w, code, rules)
}

// attempted is an attempt of which both questions are answered, with a file.
func attempted(t *testing.T, w *apptest.World, c *apptest.Client, a handlers.AttemptView) string {
	t.Helper()
	path := "/api/attempts/" + string(a.ID)
	c.Must("POST", path+"/answers", map[string]any{"seal": a.Seal, "answers": []any{
		sent(w, 0, 1, map[string]any{"texts": []string{"Đồng chí cần lập biên bản."}, "files": []string{sumOf(pdf)}}),
		sent(w, 1, 2, map[string]any{"chosen": []int{0}}),
	}}, nil)
	c.Must("POST", path+"/files", attachmentOf(a, 0, "bài của Lan.pdf", pdf), nil)
	return path
}

func attachmentOf(a handlers.AttemptView, slot int, name string, data []byte) map[string]any {
	return map[string]any{"seal": a.Seal, "slot": slot, "name": name, "file": data}
}

func marking(slot, seen int, levels ...int) map[string]any {
	return map[string]any{"slot": slot, "seen": seen, "levels": levels, "comment": "Cần dẫn luật."}
}

func TestAnEssayIsMarkedByTwoPeopleAndToldAfterwards(t *testing.T) {
	w := apptest.New(t)
	course, lessons := essayCourse(t, w, "TL-01", map[string]any{"passBp": 9000, "secondMarker": true, "anonymous": true, "feedback": "right"})
	learner, author, reviewer, stranger := w.SignIn(t, "hocvien"), w.SignIn(t, "tacgia"), w.SignIn(t, "thamdinh"), w.SignIn(t, "xuatban")
	a, _ := began(t, learner, course, lessons[1].ID)
	if shown := ask(t, learner.HTTP, "GET", w.URL+"/api/attempts/"+string(a.ID), ""); strings.Contains(string(shown.Body), "Đủ ý") || strings.Contains(string(shown.Body), "Điều 15") {
		t.Errorf("an open attempt tells its rubric's levels: %s", shown.Body)
	}
	path := attempted(t, w, learner, a)
	learner.Must("POST", path+"/submission", nil, &a)
	if !a.Grading || a.Passed || a.ScoreBp != 0 || a.Questions[0].Score != nil || len(a.Questions[0].Essay.Files) != 1 {
		t.Fatalf("handed in it is %+v", a)
	}
	var e handlers.EnrolmentView
	learner.Must("GET", "/api/enrolments/"+string(a.Enrolment), nil, &e)
	if e.Lessons[1].Complete || e.Lessons[1].ShareBp != 0 {
		t.Errorf("an attempt that waits for marks is told: %+v", e.Lessons[1])
	}
	var queue struct{ Items []handlers.ToMark }
	reviewer.Must("GET", "/api/studio/grading", nil, &queue)
	if len(queue.Items) != 1 || queue.Items[0].Name != "" || queue.Items[0].Essays[0].Next != "first" {
		t.Fatalf("to mark are %+v", queue.Items)
	}
	refused(t, learner, "a learner listing what is to be marked", "GET", "/api/studio/grading", nil, "courses.forbidden")
	stranger.Must("GET", "/api/studio/grading", nil, &queue)
	if len(queue.Items) != 0 {
		t.Errorf("another organisation's attempts are shown: %+v", queue.Items)
	}
	mark := "/api/studio/grading/" + string(a.ID) + "/marks"
	var v handlers.GradingView
	reviewer.Must("POST", mark, marking(0, 0, 0, 0), &v)
	author.Must("GET", strings.TrimSuffix(mark, "/marks"), nil, &v)
	if x := v.Answers[0]; len(x.Marks) != 0 || x.Seen != 1 || v.Essays[0].Next != "second" || x.Files[0].Name == "bài của Lan.pdf" || x.Note == "" {
		t.Errorf("the second marker sees %+v", x)
	}
	refused(t, reviewer, "the first marker once more", "POST", mark, marking(0, 1, 0, 0), "assessment.marked_already")
	author.Must("POST", mark, marking(0, 1, 2, 1), &v)
	if v.Essays[0].Next != "final" || len(v.Answers[0].Marks) != 2 {
		t.Fatalf("marks that lie apart give %+v", v)
	}
	refused(t, author, "a mark by who did not see both", "POST", mark, marking(0, 1, 0, 0), "courses.changed_meanwhile")
	reviewer.Must("POST", mark, marking(0, 2, 1, 0), &v)
	if v.Essays[0].Next != "" || *v.Answers[0].Score != 90 || len(v.Answers[0].Marks) != 3 {
		t.Errorf("graded it is %+v", v)
	}
	refused(t, author, "a mark of what is graded", "POST", mark, marking(0, 3, 0, 0), "assessment.no_mark_asked")
	learner.Must("GET", path, nil, &a)
	if x := a.Questions[0]; a.Grading || a.ScoreBp != 9500 || !a.Passed || *x.Score != 90 || len(x.Essay.Marks) != 1 || x.Essay.Marks[0].Name != "" || x.Essay.Marks[0].Comment == "" || x.Note == "" {
		t.Errorf("the learner is told %+v", a)
	}
	learner.Must("GET", "/api/enrolments/"+string(a.Enrolment), nil, &e)
	if !e.Lessons[1].Complete {
		t.Errorf("the lesson stands at %+v", e.Lessons[1])
	}
	filesAreForThoseWhoMark(t, w, a, map[string]bool{"hocvien": true, "tacgia": true, "xuatban": false, "lanhdao": false})
}

// filesAreForThoseWhoMark asks for the file of an attempt.
func filesAreForThoseWhoMark(t *testing.T, w *apptest.World, a handlers.AttemptView, who map[string]bool) {
	t.Helper()
	for username, may := range who {
		got := ask(t, w.SignIn(t, username).HTTP, "GET", w.URL+a.Questions[0].Essay.Files[0].URL, "")
		if may && (got.Status != 200 || string(got.Body) != string(pdf) || !strings.HasPrefix(got.Header.Get("Content-Disposition"), "attachment") || got.Header.Get("X-Content-Type-Options") != "nosniff") {
			t.Errorf("%s gets %d %v", username, got.Status, got.Header)
		}
		if !may && got.Code != "assessment.no_such_file" {
			t.Errorf("%s gets %d %s", username, got.Status, got.Code)
		}
	}
}

func TestBadMarksAndFilesAreRefusedAndChangeNothing(t *testing.T) {
	w := apptest.New(t)
	course, lessons := essayCourse(t, w, "TL-02", nil)
	learner, other := w.SignIn(t, "hocvien"), w.SignIn(t, "lanhdao")
	author, stranger := w.SignIn(t, "tacgia"), w.SignIn(t, "xuatban")
	a, _ := began(t, learner, course, lessons[1].ID)
	theirs, _ := began(t, other, course, lessons[1].ID)
	own, _ := began(t, author, course, lessons[1].ID)
	for c, x := range map[*apptest.Client]handlers.AttemptView{learner: a, author: own} {
		c.Must("POST", attempted(t, w, c, x)+"/submission", nil, nil)
	}
	settled(t, w)
	files := func(id courses.AttemptID) string { return "/api/attempts/" + string(id) + "/files" }
	file := func(a handlers.AttemptView, slot int, name string, data []byte) string {
		return jsonOf(t, attachmentOf(a, slot, name, data))
	}
	answers := func(text string, slot int) string {
		return jsonOf(t, map[string]any{"seal": theirs.Seal, "answers": []any{sent(w, slot, 5, map[string]any{"texts": []string{text}})}})
	}
	refusedInputs(t, w, other, []badInput{
		{"a program", "POST", files(theirs.ID), file(theirs, 0, "a.exe", pdf), 415, "assessment.file_type"},
		{"a PDF that is none", "POST", files(theirs.ID), file(theirs, 0, "a.pdf", []byte("<html>")), 415, "assessment.file_type"},
		{"a file of five MiB", "POST", files(theirs.ID), file(theirs, 0, "a.pdf", append(pdf, make([]byte, 4<<20)...)), 413, "assessment.file_too_large"},
		{"a file of seven MiB", "POST", files(theirs.ID), file(theirs, 0, "a.pdf", make([]byte, 7<<20)), 413, "request.too_large"},
		{"a name with a path", "POST", files(theirs.ID), file(theirs, 0, "../a.pdf", pdf), 422, "assessment.bad_file_name"},
		{"a file for a statement", "POST", files(theirs.ID), file(theirs, 1, "a.pdf", pdf), 422, "assessment.no_files_asked"},
		{"a file for no question", "POST", files(theirs.ID), file(theirs, 2, "a.pdf", pdf), 422, "assessment.not_in_paper"},
		{"a file for another's attempt", "POST", files(a.ID), file(a, 0, "a.pdf", pdf), 404, "assessment.no_such_attempt"},
		{"a file with another's start", "POST", files(theirs.ID), file(a, 0, "a.pdf", pdf), 422, "assessment.bad_seal"},
		{"a book", "POST", "/api/attempts/" + string(theirs.ID) + "/answers", answers(strings.Repeat("ế", 20_001), 0), 422, "assessment.answer_too_long"},
		{"an essay for a statement", "POST", "/api/attempts/" + string(theirs.ID) + "/answers", answers(strings.Repeat("ế", 2_001), 1), 422, "assessment.bad_answer"},
	})
	refusedInputs(t, w, learner, []badInput{
		{"a file after the end", "POST", files(a.ID), file(a, 0, "b.pdf", append(pdf, 'x')), 409, "assessment.file_after_end"},
	})
	marks := func(id courses.AttemptID) string { return "/api/studio/grading/" + string(id) + "/marks" }
	refusedInputs(t, w, author, []badInput{
		{"a level that is not there", "POST", marks(a.ID), jsonOf(t, marking(0, 0, 3, 0)), 422, "assessment.bad_level"},
		{"a criterion less", "POST", marks(a.ID), jsonOf(t, marking(0, 0, 0)), 422, "assessment.bad_level"},
		{"a mark of a statement", "POST", marks(a.ID), jsonOf(t, marking(1, 0, 0, 0)), 422, "assessment.no_such_essay"},
		{"a mark of no question", "POST", marks(a.ID), jsonOf(t, marking(7, 0, 0, 0)), 422, "assessment.no_such_essay"},
		{"a mark of one's own attempt", "POST", marks(own.ID), jsonOf(t, marking(0, 0, 0, 0)), 403, "assessment.own_attempt"},
		{"reading one's own attempt to mark it", "GET", strings.TrimSuffix(marks(own.ID), "/marks"), "", 403, "assessment.own_attempt"},
		{"a mark of an attempt under way", "POST", marks(theirs.ID), jsonOf(t, marking(0, 0, 0, 0)), 409, "assessment.not_handed_in"},
		{"a mark that knew of another", "POST", marks(a.ID), jsonOf(t, marking(0, 1, 0, 0)), 409, "courses.changed_meanwhile"},
		{"a comment of a book", "POST", marks(a.ID), jsonOf(t, map[string]any{"slot": 0, "seen": 0, "levels": []int{0, 0}, "comment": strings.Repeat("a", 4001)}), 422, "request.invalid"},
	})
	refusedInputs(t, w, stranger, []badInput{
		{"a mark by another organisation", "POST", marks(a.ID), jsonOf(t, marking(0, 0, 0, 0)), 404, "assessment.no_such_attempt"},
	})
	attemptIsFull(t, w, other, theirs)
}

// attemptIsFull sends one file more than an attempt may have.
func attemptIsFull(t *testing.T, w *apptest.World, c *apptest.Client, a handlers.AttemptView) {
	t.Helper()
	for i := range assessment.MaxFiles {
		c.Must("POST", "/api/attempts/"+string(a.ID)+"/files", attachmentOf(a, 0, "a.pdf", fmt.Appendf(pdf[:len(pdf):len(pdf)], "%d", i)), nil)
	}
	c.Must("POST", "/api/attempts/"+string(a.ID)+"/files", attachmentOf(a, 0, "a.pdf", fmt.Appendf(pdf[:len(pdf):len(pdf)], "%d", 3)), nil) // once more
	refused(t, c, "a thirteenth file", "POST", "/api/attempts/"+string(a.ID)+"/files", attachmentOf(a, 0, "a.pdf", pdf), "assessment.too_many_files")
}

func TestACorrectedQuestionMarksWhatWasDone(t *testing.T) {
	w := apptest.New(t)
	course, lessons := essayCourse(t, w, "TL-03", map[string]any{"passBp": 9000})
	learner, author, reviewer := w.SignIn(t, "hocvien"), w.SignIn(t, "tacgia"), w.SignIn(t, "thamdinh")
	a, _ := began(t, learner, course, lessons[1].ID)
	path := attempted(t, w, learner, a)
	learner.Must("POST", path+"/submission", nil, nil)
	reviewer.Must("POST", "/api/studio/grading/"+string(a.ID)+"/marks", marking(0, 0, 0, 0), nil)
	learner.Must("GET", path, nil, &a)
	if a.ScoreBp != 10000 || !a.Passed {
		t.Fatalf("all right gives %+v", a.AttemptCard)
	}
	open, _ := began(t, w.SignIn(t, "lanhdao"), course, lessons[1].ID) // is under way while the question changes
	var items struct{ Items []handlers.BankItemView }
	author.Must("GET", "/api/banks/SNV/items?topic=TL-03&type=true_false", nil, &items)
	x := items.Items[0]
	item := "/api/items/" + string(x.ID)
	again := map[string]any{"number": 2, "reason": "Đáp án ghi nhầm."}
	refused(t, author, "correcting what never changed", "POST", item+"/regrades", map[string]any{"number": 1, "reason": "x"}, "assessment.nothing_to_correct")
	x.Item.True = false
	author.Must("PUT", item, map[string]any{"number": 1, "item": x.Item}, nil)
	refused(t, reviewer, "a reviewer having it marked anew", "POST", item+"/regrades", again, "courses.forbidden")
	refused(t, author, "no reason", "POST", item+"/regrades", map[string]any{"number": 2, "reason": " "}, "request.invalid")
	refused(t, author, "an older version", "POST", item+"/regrades", map[string]any{"number": 1, "reason": "x"}, "courses.changed_meanwhile")
	author.Must("POST", item+"/regrades", again, nil)
	refused(t, author, "twice", "POST", item+"/regrades", again, "courses.changed_meanwhile")
	eventually(t, "the attempt is marked anew", func() bool {
		learner.Must("GET", path, nil, &a)
		return len(a.Regrades) == 1
	})
	if r := a.Regrades[0]; a.ScoreBp != 5000 || a.Passed || r.Question != 2 || *r.Before != 100 || *r.After != 0 || *r.BeforeBp != 10000 || *r.AfterBp != 5000 || r.Reason != "Đáp án ghi nhầm." || r.Name == "" {
		t.Errorf("the trail is %+v of %+v", r, a.AttemptCard)
	}
	if len(a.Questions[0].Essay.Marks) != 1 || *a.Questions[0].Score != 100 {
		t.Errorf("the essay's mark is %+v", a.Questions[0])
	}
	var e handlers.EnrolmentView
	learner.Must("GET", "/api/enrolments/"+string(a.Enrolment), nil, &e)
	if !e.Lessons[1].Complete {
		t.Error("what was completed is taken away")
	}
	var regraded struct{ Items []handlers.RegradedAttempt }
	author.Must("GET", item+"/regraded", nil, &regraded)
	if len(regraded.Items) != 1 || regraded.Items[0].Name == "" || len(regraded.Items[0].Regrades) != 1 {
		t.Errorf("the publisher is shown %+v", regraded.Items)
	}
	// What ends afterwards is marked by the corrected question.
	leader := w.SignIn(t, "lanhdao")
	leader.Must("POST", attempted(t, w, leader, open)+"/submission", nil, &open)
	if *open.Questions[1].Score != 0 || len(open.Regrades) != 0 {
		t.Errorf("an attempt that was under way gets %+v", open.Questions[1])
	}
	w.Pass(2 * time.Minute)
	eventually(t, "the correction is finished", func() bool {
		var list []handlers.CorrectionView
		w.SignIn(t, "tacgia").Must("GET", item+"/regrades", nil, &list)
		return len(list) == 1 && list[0].Done && list[0].From == 1
	})
}

// essayToMark is a done attempt of somebody with an essay of a unit's course.
func essayToMark(t *testing.T, w *apptest.World, person courses.PersonID, unit courses.UnitID) courses.AttemptID {
	t.Helper()
	level := func(points int) assessment.Level { return assessment.Level{Text: fmt.Sprint(points), Points: points} }
	made, err := w.App.Services.Assessment.Add(t.Context(), allPowers, unit, assessment.Item{Difficulty: "easy", Question: assessment.Question{
		Type: assessment.Essay, Text: "Viết.", Files: 1, Rubric: []assessment.Criterion{{Name: "Đủ", Levels: []assessment.Level{level(100), level(0)}}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	var version struct {
		ID courses.VersionID `bson:"_id"`
	}
	if err := w.App.DB.Raw().Collection("versions").FindOne(t.Context(), map[string]any{}).Decode(&version); err != nil {
		t.Fatal(err)
	}
	id, now := courses.NewID[courses.AttemptID](w.App.Now()), w.App.Now()
	if err := w.App.Objects.Write(t.Context(), "a/"+string(id)+"/"+sumOf(pdf), "application/pdf", pdf); err != nil {
		t.Fatal(err)
	}
	_, err = w.App.DB.Assessment().InsertAttempt(t.Context(), assessment.Attempt{
		ID: id, Sitting: assessment.Sitting{Person: person, Enrolment: courses.EnrolmentID(id), Version: version.ID, Owner: unit}, State: assessment.Done, Revision: 1,
		Slots: []assessment.Slot{{Item: made[0].ID, Number: 1}}, Scores: []int{0}, Told: true, Grading: true, SecondMarker: true, Begun: now, Ended: now,
		Given: map[int]assessment.Given{0: {Answer: assessment.Answer{Texts: []string{"Bài"}, Files: []string{sumOf(pdf)}}, Event: "e", Seq: 1}},
		Files: []assessment.File{{SHA256: sumOf(pdf), Name: "a.pdf", Type: "application/pdf", Bytes: len(pdf), At: now}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return id
}
