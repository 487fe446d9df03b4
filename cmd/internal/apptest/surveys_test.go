package apptest_test

import (
	"fmt"
	"haidang/cmd/internal/apptest"
	"haidang/cmd/internal/demo"
	"haidang/courses"
	"haidang/courses/access"
	"haidang/courses/staff"
	"haidang/handlers"
	"slices"
	"strings"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/bson"
)

// respondent is a learner with what they are asked about the course of a test.
type respondent struct {
	t       *testing.T
	client  *apptest.Client
	person  courses.PersonID
	mine    handlers.EnrolmentView
	surveys handlers.SurveysView
}

// ratedCourse publishes a course of one article and two statements.
func ratedCourse(t *testing.T, w *apptest.World, code string) (courses.CourseID, courses.VersionID, courses.LessonID, []handlers.Statement) {
	t.Helper()
	author := w.SignIn(t, "tacgia")
	d, path := complete(t, author, code)
	d.Content.Statements = []handlers.Statement{{Text: "Tôi tự đăng ký được khai sinh"}, {Text: "Tôi trả lời được người dân"}}
	author.Must("PUT", path, map[string]any{"revision": d.Revision, "content": d.Content}, &d)
	w.Publish(t, author, &d, "")
	var c handlers.CourseView
	author.Must("GET", "/api/courses/"+string(d.Card.ID), nil, &c)
	if !c.Rated {
		t.Errorf("the course does not say that it is rated: %+v", c)
	}
	return d.Card.ID, c.Version, d.Content.Modules[0].Lessons[0].ID, d.Content.Statements
}

func surveyedOn(t *testing.T, w *apptest.World, username string, course courses.CourseID) *respondent {
	t.Helper()
	s := &respondent{t: t, client: w.SignIn(t, username), person: personOf(t, w, username)}
	s.client.Must("POST", "/api/courses/"+string(course)+"/enrolment", nil, &s.mine)
	s.look()
	return s
}

func (s *respondent) path() string { return "/api/enrolments/" + string(s.mine.ID) + "/surveys" }
func (s *respondent) look()        { s.client.Must("GET", s.path(), nil, &s.surveys) }

// say sends an answer under a new id.
func (s *respondent) say(kind string, in map[string]any) (int, string) {
	s.t.Helper()
	in["event"] = courses.NewID[string](time.Now())
	return s.client.Do("POST", s.path()+"/"+kind, in, nil)
}

func (s *respondent) must(kind string, in map[string]any) {
	s.t.Helper()
	if status, code := s.say(kind, in); status != 204 {
		s.t.Fatalf("%s answers %d %s", kind, status, code)
	}
}

func choices(ids []string, choice int) map[string]any {
	all := map[string]int{}
	for _, id := range ids {
		all[id] = choice
	}
	return map[string]any{"choices": all}
}

// evaluation answers every question of a template alike.
func evaluation(t handlers.SurveyTemplate, choice int) map[string]any {
	var ids []string
	for i, d := range t.Dimensions {
		for j := range d.Questions {
			ids = append(ids, fmt.Sprintf("d%dq%d", i, j))
		}
	}
	in := choices(ids, choice)
	in["template"] = t.From
	return in
}

func TestSurveysAreShownInFivesAndNameNobody(t *testing.T) {
	w := apptest.New(t)
	course, version, lesson, statements := ratedCourse(t, w, "KS-01")
	ids := []string{statements[0].ID, statements[1].ID}
	author := w.SignIn(t, "tacgia")
	var secrets []string
	for i, account := range demo.Accounts() {
		s := surveyedOn(t, w, account.Username, course)
		secrets = append(secrets, string(s.person), string(s.mine.ID), account.Username)
		if s.surveys.Before != "open" || s.surveys.Reaction != "" || s.surveys.Evaluation != "" {
			t.Fatalf("before the course is asked %+v", s.surveys)
		}
		s.must("before", choices(ids, 1))
		send(t, s.client, event(w, s.mine, lesson, "read", nil))
		s.look()
		if s.surveys.Before != "" || s.surveys.After != "open" || s.surveys.Reaction != "open" || s.surveys.Comment != "" || s.surveys.Template == nil {
			t.Fatalf("after the course is asked %+v", s.surveys)
		}
		s.must("reaction", choices([]string{"reaction"}, i%2))
		s.must("comment", map[string]any{"text": fmt.Sprintf("Ý kiến %d", i)})
		s.must("after", choices(ids, 3))
		s.must("evaluation", evaluation(*s.surveys.Template, 3))
		s.look()
		if x := s.surveys; x.Reaction != "done" || x.Comment != "done" || x.After != "done" || x.Evaluation != "done" || len(x.Said) != 0 {
			t.Errorf("when all is answered is asked %+v", x)
		}
		resultsShow(t, author, course, version, (i+1)/5*5)
	}
	namesNobody(t, w, secrets)
	readByWhoMay(t, w, course)
}

// resultsShow holds what so many answers of those above show; fewer than five show
// nothing.
func resultsShow(t *testing.T, author *apptest.Client, course courses.CourseID, version courses.VersionID, n int) {
	t.Helper()
	var r handlers.ResultsView
	author.Must("GET", "/api/courses/"+string(course)+"/results", nil, &r)
	var texts struct{ Items []string }
	author.Must("GET", "/api/courses/"+string(course)+"/results/texts?kind=reaction&version="+string(version), nil, &texts)
	slices.Sort(texts.Items)
	if n == 0 {
		if r.Reaction != nil || r.Rated != 0 || len(r.Gains)+len(r.Evaluations)+len(r.FollowUps)+len(r.Told)+len(texts.Items) != 0 {
			t.Fatalf("fewer than five answers show %+v %v", r, texts)
		}
		return
	}
	if r.Reaction == nil || r.Reaction.N != 5 || !slices.Equal(r.Reaction.Counts, []int{3, 2, 0, 0}) {
		t.Errorf("the reactions are %+v", r.Reaction)
	}
	if r.Rated != 5 || len(r.Gains) != 2 || r.Gains[0].Before != 200 || r.Gains[0].After != 400 {
		t.Errorf("the gains of %d are %+v", r.Rated, r.Gains)
	}
	if len(r.Evaluations) != 1 || r.Evaluations[0].N != 5 || len(r.Evaluations[0].Dimensions) != 6 || r.Evaluations[0].Total != 8000 || r.Evaluations[0].Band != "Tốt" {
		t.Errorf("the evaluations are %+v", r.Evaluations)
	}
	if want := []string{"Ý kiến 0", "Ý kiến 1", "Ý kiến 2", "Ý kiến 3", "Ý kiến 4"}; !slices.Equal(texts.Items, want) {
		t.Errorf("the texts are %v", texts.Items)
	}
}

// namesNobody looks through everything that is kept of answers for who gave them
// and when.
func namesNobody(t *testing.T, w *apptest.World, secrets []string) {
	t.Helper()
	for _, collection := range []string{"survey_pools", "survey_texts"} {
		rows := rowsOf[bson.Raw](t, w, collection)
		if len(rows) == 0 {
			t.Errorf("%s is empty: that it names nobody shows nothing", collection)
		}
		for _, row := range rows {
			for _, secret := range secrets {
				if strings.Contains(row.String(), secret) {
					t.Errorf("%s names %s: %s", collection, secret, row)
				}
			}
			eachValue(t, row, func(v bson.RawValue) {
				if v.Type == bson.TypeDateTime || v.Type == bson.TypeTimestamp || v.Type == bson.TypeObjectID {
					t.Errorf("%s has an instant: %s", collection, row)
				}
			})
		}
	}
	for _, text := range rowsOf[struct {
		ID string `bson:"_id"`
	}](t, w, "survey_texts") {
		if text.ID[14] != '4' { // a UUID by chance; one of version 7 tells when
			t.Errorf("a text has the id %s", text.ID)
		}
	}
	if left := rowsOf[bson.Raw](t, w, "survey_befores"); len(left) > 0 {
		t.Errorf("of what was said before is left %v", left)
	}
}

func eachValue(t *testing.T, d bson.Raw, see func(bson.RawValue)) {
	t.Helper()
	values, err := d.Values()
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range values {
		see(v)
		if v.Type == bson.TypeEmbeddedDocument {
			eachValue(t, v.Document(), see)
		}
	}
}

func readByWhoMay(t *testing.T, w *apptest.World, course courses.CourseID) {
	t.Helper()
	for username, want := range map[string]string{"thamdinh": "", "nhansu": "", "kiemtra": "", "hocvien": "courses.forbidden", "xuatban": "courses.forbidden", "lanhdao": "courses.forbidden", "quantri": "courses.forbidden"} {
		if _, code := w.SignIn(t, username).Do("GET", "/api/courses/"+string(course)+"/results", nil, nil); code != want {
			t.Errorf("%s reads results: %q, want %q", username, code, want)
		}
	}
}

func TestSurveyAnswersThatCannotBeAreRefused(t *testing.T) {
	w := apptest.New(t)
	course, _, lesson, statements := ratedCourse(t, w, "KS-02")
	open, done, other := surveyedOn(t, w, "hocvien", course), surveyedOn(t, w, "lanhdao", course), surveyedOn(t, w, "kiemtra", course)
	send(t, done.client, event(w, done.mine, lesson, "read", nil))
	done.look()
	ids := []string{statements[0].ID, statements[1].ID}
	again := choices([]string{"reaction"}, 0)
	done.must("reaction", again)
	done.client.Must("POST", done.path()+"/reaction", again, nil) // the same answer, sent again
	settled(t, w)

	body := func(in map[string]any) string {
		in["event"] = courses.NewID[string](time.Now())
		return jsonOf(t, in)
	}
	late := evaluation(*done.surveys.Template, 0)
	late["template"] = "2026-11-01"
	short := evaluation(*done.surveys.Template, 0)
	delete(short["choices"].(map[string]int), "d0q0") //nolint:forcetypeassert // as evaluation made it
	refusedInputs(t, w, open.client, []badInput{
		{"a rating above the range", "POST", open.path() + "/before", body(choices(ids, 5)), 422, "surveys.no_such_choice"},
		{"a rating below the range", "POST", open.path() + "/before", body(choices(ids, -1)), 422, "surveys.no_such_choice"},
		{"an unknown statement", "POST", open.path() + "/before", body(choices(append([]string{nobodysID}, ids...), 1)), 422, "surveys.other_questions"},
		{"a statement too few", "POST", open.path() + "/before", body(choices(ids[:1], 1)), 422, "surveys.other_questions"},
		{"a reaction before the end", "POST", open.path() + "/reaction", body(choices([]string{"reaction"}, 1)), 409, "surveys.not_asked"},
		{"an evaluation before the end", "POST", open.path() + "/evaluation", body(evaluation(*done.surveys.Template, 1)), 409, "surveys.not_asked"},
		{"somebody else's enrolment", "POST", other.path() + "/before", body(choices(ids, 1)), 404, "learning.no_such_enrolment"},
		{"looking at somebody else's", "GET", other.path(), "", 404, "learning.no_such_enrolment"},
		{"an enrolment that is none", "POST", "/api/enrolments/" + nobodysID + "/surveys/before", body(choices(ids, 1)), 404, "learning.no_such_enrolment"},
		{"a survey that is none", "POST", open.path() + "/all", body(choices(ids, 1)), 422, "request.invalid"},
	})
	refusedInputs(t, w, done.client, []badInput{
		{"a second reaction", "POST", done.path() + "/reaction", body(choices([]string{"reaction"}, 1)), 409, "surveys.answered"},
		{"before, when the course is over", "POST", done.path() + "/before", body(choices(ids, 1)), 409, "surveys.not_asked"},
		{"after, without before", "POST", done.path() + "/after", body(choices(ids, 1)), 409, "surveys.nothing_before"},
		{"a choice that there is not", "POST", done.path() + "/evaluation", body(evaluation(*done.surveys.Template, 5)), 422, "surveys.no_such_choice"},
		{"a question left out", "POST", done.path() + "/evaluation", body(short), 422, "surveys.other_questions"},
		{"the template of another day", "POST", done.path() + "/evaluation", body(late), 409, "surveys.other_template"},
		{"an empty comment", "POST", done.path() + "/comment", body(map[string]any{"text": " "}), 422, "surveys.bad_text"},
		{"a comment of 501 letters", "POST", done.path() + "/comment", body(map[string]any{"text": strings.Repeat("ữ", 501)}), 422, "request.invalid"},
		{"a comment of 5 MB", "POST", done.path() + "/comment", body(map[string]any{"text": strings.Repeat("a", 5<<20)}), 413, "request.too_large"},
		{"a comment in TCVN3", "POST", done.path() + "/comment", body(map[string]any{"text": "Hµ Néi, H¶i Phßng, §µ N½ng"}), 422, "vietnamese.legacy_encoding"},
		{"no id of the device", "POST", done.path() + "/comment", jsonOf(t, map[string]any{"event": "x", "text": "a"}), 422, "request.invalid"},
	})
	open.must("before", choices(ids, 1))
	open.must("before", choices(ids, 2)) // until the first lesson is complete
	if open.look(); open.surveys.Before != "done" || open.surveys.Said[ids[0]] != 2 {
		t.Errorf("what was said before is %+v", open.surveys)
	}
}

// ledBy makes somebody who leads a unit, with an account.
func ledBy(t *testing.T, w *apptest.World, username string, unit courses.UnitID) {
	t.Helper()
	p := somebodyIn(t, w, unit, staff.Grant{ID: courses.GrantID("g-" + username), Role: courses.Leader, Unit: unit, From: "2026-01-01"})
	if err := w.App.Services.Access.Import(t.Context(), []access.NewLogin{{Person: p.ID, Username: username, Password: demo.Password}}); err != nil {
		t.Fatal(err)
	}
}

// months lets so many times 30 days pass, in which nobody stays away for long.
func months(t *testing.T, w *apptest.World, n int) {
	t.Helper()
	for range n {
		w.Pass(30 * 24 * time.Hour)
		for _, username := range []string{"hocvien", "lanhdao", "lanhdao.phuong", "kiemtra"} {
			w.SignIn(t, username)
		}
	}
}

func TestACourseIsFollowedUpAfterThirtyAndNinetyDays(t *testing.T) {
	w := apptest.New(t)
	course, _, lesson, _ := ratedCourse(t, w, "KS-03")
	ledBy(t, w, "lanhdao.phuong", ward)
	learner := surveyedOn(t, w, "hocvien", course)
	send(t, learner.client, event(w, learner.mine, lesson, "read", nil))
	path := "/api/follow-ups/" + string(learner.mine.ID)
	answer := func(days int) map[string]any {
		return map[string]any{"event": courses.NewID[string](time.Now()), "days": days, "choice": 1, "text": "Đã đăng ký khai sinh cho một cháu."}
	}
	asked := func(username, path string) (found []handlers.FollowUpView) {
		var all struct{ Items []handlers.FollowUpView }
		w.SignIn(t, username).Must("GET", path, nil, &all)
		for _, f := range all.Items {
			if string(f.Completion) == string(learner.mine.ID) {
				found = append(found, f)
			}
		}
		return found
	}
	refused(t, learner.client, "following up on the first day", "POST", path+"/used", answer(30), "surveys.not_asked")
	if due := asked("hocvien", "/api/follow-ups"); len(due) > 0 {
		t.Errorf("on the first day is asked %+v", due)
	}
	for _, days := range []int{30, 90} {
		months(t, w, map[int]int{30: 1, 90: 2}[days])
		learner.client = w.SignIn(t, "hocvien")
		due, led := asked("hocvien", "/api/follow-ups"), asked("lanhdao", "/api/led-follow-ups")
		if len(due) != 1 || due[0].Days != days || due[0].Answered || len(led) != 1 || led[0].Name != "Đoàn Văn Hải" || led[0].Days != days {
			t.Fatalf("after %d days are asked %+v and %+v", days, due, led)
		}
		refused(t, learner.client, "the other follow-up", "POST", path+"/used", answer(120-days), "surveys.not_asked")
		refused(t, learner.client, "seeing oneself", "POST", path+"/seen", answer(days), "surveys.no_such_follow_up")
		refused(t, w.SignIn(t, "lanhdao.phuong"), "a leader of another unit", "POST", path+"/seen", answer(days), "surveys.no_such_follow_up")
		refused(t, w.SignIn(t, "kiemtra"), "somebody else's", "POST", path+"/used", answer(days), "surveys.no_such_follow_up")
		refused(t, learner.client, "one that there is not", "POST", "/api/follow-ups/"+nobodysID+"/used", answer(days), "surveys.no_such_follow_up")
		if led := asked("lanhdao.phuong", "/api/led-follow-ups"); len(led) > 0 {
			t.Errorf("a leader of another unit is asked %+v", led)
		}
		said := answer(days)
		learner.client.Must("POST", path+"/used", said, nil)
		learner.client.Must("POST", path+"/used", said, nil)
		refused(t, learner.client, "a second answer", "POST", path+"/used", answer(days), "surveys.answered")
		w.SignIn(t, "lanhdao").Must("POST", path+"/seen", answer(days), nil)
		if due, led := asked("hocvien", "/api/follow-ups"), asked("lanhdao", "/api/led-follow-ups"); !due[0].Answered || !led[0].Answered {
			t.Errorf("answered, it is %+v and %+v", due, led)
		}
	}
	months(t, w, 2)
	if due, led := asked("hocvien", "/api/follow-ups"), asked("lanhdao", "/api/led-follow-ups"); len(due)+len(led) > 0 {
		t.Errorf("after 150 days are asked %+v and %+v", due, led)
	}
	namesNobodyIn(t, w, string(learner.person))
}

func namesNobodyIn(t *testing.T, w *apptest.World, secret string) {
	t.Helper()
	for _, row := range rowsOf[bson.Raw](t, w, "survey_pools") {
		if strings.Contains(row.String(), secret) {
			t.Errorf("a pool names %s: %s", secret, row)
		}
	}
}

func TestTemplatesAreDatedAndChangeOnlyBeforeTheirDay(t *testing.T) {
	w := apptest.New(t)
	admin := w.SignIn(t, "quantri")
	var all struct{ Items []handlers.SurveyTemplate }
	admin.Must("GET", "/api/survey-templates", nil, &all)
	if len(all.Items) != 1 || len(all.Items[0].Dimensions) != 6 || !all.Items[0].Fixed {
		t.Fatalf("the templates are %+v", all.Items)
	}
	x := all.Items[0]
	refused(t, admin, "changing what is in force", "PUT", "/api/survey-templates/"+string(x.From), x, "surveys.template_in_force")
	x.Revision, x.Title = 0, "Phiếu mới"
	refused(t, admin, "one from today", "PUT", "/api/survey-templates/2026-11-24", x, "surveys.template_in_force")
	refused(t, admin, "a day that is none", "PUT", "/api/survey-templates/2026-13-01", x, "courses.bad_date")
	wrong := x
	wrong.Dimensions = slices.Clone(x.Dimensions)
	wrong.Dimensions[0].Weight++
	refused(t, admin, "101 points", "PUT", "/api/survey-templates/2026-11-26", wrong, "surveys.bad_template")
	admin.Must("PUT", "/api/survey-templates/2026-11-26", x, &x)
	if x.Fixed || x.From != "2026-11-26" || x.Revision != 1 {
		t.Errorf("the new one is %+v", x)
	}
	stale := x
	admin.Must("PUT", "/api/survey-templates/2026-11-26", x, &x)
	refused(t, admin, "saving what was saved since", "PUT", "/api/survey-templates/2026-11-26", stale, "courses.changed_meanwhile")

	// Whoever completes a course today evaluates it by the template of today.
	course, _, lesson, _ := ratedCourse(t, w, "KS-04")
	learner := surveyedOn(t, w, "hocvien", course)
	send(t, learner.client, event(w, learner.mine, lesson, "read", nil))
	w.Pass(3 * 24 * time.Hour)
	learner.client = w.SignIn(t, "hocvien")
	if learner.look(); learner.surveys.Template.From != "2025-07-01" {
		t.Errorf("evaluated is by %+v", learner.surveys.Template)
	}
	admin = w.SignIn(t, "quantri")
	refused(t, admin, "taking away what is in force", "DELETE", "/api/survey-templates/2026-11-26?revision=2", nil, "surveys.template_in_force")
	x.Revision = 0
	admin.Must("PUT", "/api/survey-templates/2027-01-01", x, &x)
	admin.Must("DELETE", "/api/survey-templates/2027-01-01?revision=1", nil, nil)
}
