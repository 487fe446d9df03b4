package apptest_test

import (
	"haidang/cmd/internal/apptest"
	"haidang/courses"
	"haidang/courses/assignments"
	"haidang/courses/reports"
	"haidang/courses/staff"
	"haidang/handlers"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// assignment is one for a unit, due in 30 days; more is what differs.
func assignment(course courses.CourseID, unit courses.UnitID, more map[string]any) map[string]any {
	a := map[string]any{"course": course, "unit": unit, "positions": []string{}, "level": "required", "basis": "129-TB/TU", "due": "2026-12-24", "renewMonths": 0}
	for k, v := range more {
		a[k] = v
	}
	return a
}

// published makes a course of one article and publishes it.
func published(t *testing.T, w *apptest.World, code string) courses.CourseID {
	t.Helper()
	author := w.SignIn(t, "tacgia")
	d, _ := complete(t, author, code)
	w.Publish(t, author, &d, "")
	return d.Card.ID
}

// owes is where somebody stands with a course by their first page: the state and day,
// empty if it is not among what they must learn. On no page a course stands twice.
func owes(t *testing.T, c *apptest.Client, course courses.CourseID) string {
	t.Helper()
	var today handlers.Today
	c.Must("GET", "/api/today", nil, &today)
	found, times := "", 0
	for _, card := range slices.Concat(today.Must, today.Continue, today.New) {
		if card.ID != course {
			continue
		}
		if times++; card.Assigned != nil {
			found = card.Assigned.State + " " + string(card.Assigned.Day)
		}
	}
	if times > 1 {
		t.Errorf("the course stands %d times on the page", times)
	}
	return found
}

// learnsAll reads the only lesson of a course.
func learnsAll(t *testing.T, w *apptest.World, c *apptest.Client, course courses.CourseID) handlers.EnrolmentView {
	t.Helper()
	var e handlers.EnrolmentView
	c.Must("POST", "/api/courses/"+string(course)+"/enrolment", nil, &e)
	w.Pass(time.Second)
	r := send(t, c, event(w, e, e.Lessons[0].Lesson, "read", nil))
	if r.Enrolments[0].CompletedAt == nil {
		t.Fatalf("the course is not complete: %+v", r.Enrolments[0])
	}
	return r.Enrolments[0]
}

func TestWhatAUnitAssignsIsOwedByItsPeopleUntilTheyLearnIt(t *testing.T) {
	w := apptest.New(t)
	hr := w.SignIn(t, "nhansu")
	course := published(t, w, "GH-01")
	here, person := writer(t, w, "o.dao", island, courses.Learner)
	there, _ := writer(t, w, "o.phuong", ward, courses.Learner)
	var a, other handlers.AssignmentView
	hr.Must("POST", "/api/assignments", assignment(course, island, nil), &a)
	if a.UnitName == "" || a.By != "Vũ Thị Hồng Nhung" || a.AssignerName != "Thành phố Hải Phòng" || a.CourseTitle != "Hộ tịch" || !a.Withdrawable {
		t.Errorf("it is shown as %+v", a)
	}
	if x, y := owes(t, here, course), owes(t, there, course); x != "due 2026-12-24" || y != "" {
		t.Errorf("on the island it is %q, in the ward %q", x, y)
	}
	hr.Must("POST", "/api/assignments", assignment(course, ward, map[string]any{"positions": []string{"CM-TP"}, "due": "2026-12-01"}), &other)
	if x := owes(t, there, course); x != "" {
		t.Errorf("assigned to another position it is %q", x)
	}
	// Whoever moves owes what is assigned there, and no more what is assigned here.
	to := staff.Posting{Unit: ward, Position: "CM-TP", Kind: staff.Transfer, From: "2026-11-24"}
	if _, err := w.App.Services.Staff.Post(t.Context(), allPowers, person, to); err != nil {
		t.Fatal(err)
	}
	if x := owes(t, here, course); x != "due 2026-12-01" {
		t.Errorf("after a transfer it is %q", x)
	}
	w.Pass(8 * 24 * time.Hour)
	here, hr = w.SignIn(t, "o.dao"), w.SignIn(t, "nhansu")
	if x := owes(t, here, course); x != "late 2026-12-01" {
		t.Errorf("after its last day it is %q", x)
	}
	states(t, hr, other.ID, "late", person)
	var view handlers.CourseView
	if here.Must("GET", "/api/courses/"+string(course), nil, &view); view.Card.Assigned == nil || view.Card.Assigned.State != "late" || view.Card.Assigned.By != "Thành phố Hải Phòng" {
		t.Errorf("the course's page says %+v", view.Card.Assigned)
	}
	there = w.SignIn(t, "o.phuong")
	if there.Must("GET", "/api/courses/"+string(course), nil, &view); view.Card.Assigned != nil {
		t.Errorf("to somebody else the course's page says %+v", view.Card.Assigned)
	}
	learnsAll(t, w, here, course)
	if x := owes(t, here, course); x != "" {
		t.Errorf("learnt it is %q", x)
	}
	states(t, hr, other.ID, "done", person)

	hr.Must("POST", "/api/assignments/"+string(a.ID)+"/withdrawal", nil, &a)
	if a.WithdrawnAt == nil || a.Withdrawable {
		t.Errorf("withdrawn it is %+v", a)
	}
	refused(t, hr, "withdrawing it again", "POST", "/api/assignments/"+string(a.ID)+"/withdrawal", nil, "assignments.withdrawn")
	var l struct{ Items []handlers.AssignmentView }
	hr.Must("GET", "/api/assignments", nil, &l)
	if n := len(l.Items); n < 2 || l.Items[n-1].ID != a.ID || !slices.ContainsFunc(l.Items[:n-1], func(x handlers.AssignmentView) bool { return x.ID == other.ID }) {
		t.Errorf("the list is %+v", l.Items)
	}
}

// states checks that a person stands so with an assignment, in the whole list and in the
// one of that state alone.
func states(t *testing.T, c *apptest.Client, id assignments.ID, state string, person courses.PersonID) {
	t.Helper()
	path := "/api/assignments/" + string(id) + "/people?limit=100"
	for _, only := range []string{"", "late", "due", "expiring", "done"} {
		var l struct{ Items []handlers.AssignedPerson }
		query := path
		if only != "" {
			query += "&state=" + only
		}
		c.Must("GET", query, nil, &l)
		i := slices.IndexFunc(l.Items, func(p handlers.AssignedPerson) bool { return p.Person.ID == person })
		if want := only == "" || only == state; want != (i >= 0) || want && l.Items[i].State != state {
			t.Errorf("among %q the person stands at %d of %+v, want %s", only, i, l.Items, state)
		}
	}
}

func TestOfTwoAssignmentsOfACourseTheMorePressingIsShown(t *testing.T) {
	w := apptest.New(t)
	hr := w.SignIn(t, "nhansu")
	course := published(t, w, "GH-02")
	here, _ := writer(t, w, "o.dao", island, courses.Learner)
	hr.Must("POST", "/api/assignments", assignment(course, "HP", map[string]any{"due": "2026-12-31"}), nil)
	hr.Must("POST", "/api/assignments", assignment(course, island, map[string]any{"due": "2026-12-05", "level": "recommended", "basis": ""}), nil)
	if x := owes(t, here, course); x != "due 2026-12-05" {
		t.Errorf("it is %q", x)
	}
	learnsAll(t, w, here, course)
	if x := owes(t, here, course); x != "" {
		t.Errorf("learnt once it is %q", x)
	}
}

func TestAssignmentsThatMakeNoSenseAreRefused(t *testing.T) {
	w := office(t)
	hr := w.SignIn(t, "nhansu.dao")
	course := published(t, w, "GH-03")
	draft, _ := complete(t, w.SignIn(t, "tacgia"), "GH-04")
	for _, c := range []struct {
		name string
		in   map[string]any
		code string
	}{
		{"until yesterday", assignment(course, island, map[string]any{"due": "2026-11-23"}), "assignments.due_over"},
		{"until a day that is none", assignment(course, island, map[string]any{"due": "2026-02-30"}), "courses.bad_date"},
		{"required without a basis", assignment(course, island, map[string]any{"basis": " "}), "assignments.no_basis"},
		{"a long basis", assignment(course, island, map[string]any{"basis": strings.Repeat("ă", 301)}), "assignments.incomplete"},
		{"a course that is none", assignment(nobodysID, island, nil), "catalog.no_such_course"},
		{"a course that is not published", assignment(draft.Card.ID, island, nil), "catalog.no_such_course"},
		{"another unit", assignment(course, ward, nil), "courses.forbidden"},
		{"the city", assignment(course, "HP", nil), "courses.forbidden"},
		{"a position that is none", assignment(course, island, map[string]any{"positions": []string{"NONE"}}), "staff.no_such_position"},
		{"renewed every 121 months", assignment(course, island, map[string]any{"renewMonths": 121}), "request.invalid"},
		{"renewed before it is learnt", assignment(course, island, map[string]any{"renewMonths": -1}), "request.invalid"},
		{"as one likes", assignment(course, island, map[string]any{"level": "free"}), "request.invalid"},
	} {
		refused(t, hr, c.name, "POST", "/api/assignments", c.in, c.code)
	}
	refused(t, w.SignIn(t, "nhansu"), "a unit that is none", "POST", "/api/assignments", assignment(course, "NOWHERE", nil), "staff.no_such_unit")
	var reach handlers.Reach
	hr.Must("GET", "/api/assignments/reach?unit="+string(island), nil, &reach)
	var only handlers.Reach
	hr.Must("GET", "/api/assignments/reach?positions=CM-TP,TP&unit="+string(island), nil, &only)
	if reach.People < 4 || reach.More || only.People == 0 || only.People >= reach.People {
		t.Errorf("it reaches %+v, of two positions %+v", reach, only)
	}
	refused(t, hr, "counting another unit", "GET", "/api/assignments/reach?unit="+string(ward), nil, "courses.forbidden")
	// What the city assigns to all, the island's HR sees, with its own people alone, and does not withdraw.
	var a handlers.AssignmentView
	w.SignIn(t, "nhansu").Must("POST", "/api/assignments", assignment(course, "HP", nil), &a)
	var l struct{ Items []handlers.AssignedPerson }
	hr.Must("GET", "/api/assignments/"+string(a.ID)+"/people?limit=100", nil, &l)
	for _, p := range l.Items {
		if !strings.HasPrefix(string(p.Person.Unit), string(island)) {
			t.Errorf("the island's HR is shown %+v", p)
		}
	}
	if len(l.Items) != reach.People {
		t.Errorf("%d people are listed, %d are reached", len(l.Items), reach.People)
	}
	refused(t, hr, "withdrawing what the city assigned", "POST", "/api/assignments/"+string(a.ID)+"/withdrawal", nil, "courses.forbidden")
	w.SignIn(t, "nhansu").Must("POST", "/api/assignments", assignment(course, ward, nil), &a)
	refused(t, hr, "reading what another unit assigned", "GET", "/api/assignments/"+string(a.ID), nil, "assignments.no_such_assignment")
}

// TestWhatCountsForAWhileIsLearntAgain completes a course that counts for a month
// three times: nothing of what was done before changes.
func TestWhatCountsForAWhileIsLearntAgain(t *testing.T) {
	w := apptest.New(t)
	course := published(t, w, "GH-05")
	c, _ := writer(t, w, "o.dao", island, courses.Learner)
	first := learnsAll(t, w, c, course)
	path := "/api/courses/" + string(course)
	var view handlers.CourseView
	if c.Must("GET", path, nil, &view); view.Card.Owed != "" {
		t.Errorf("done for good it is owed: %q", view.Card.Owed)
	}
	w.SignIn(t, "nhansu").Must("POST", "/api/assignments", assignment(course, island, map[string]any{"renewMonths": 1}), nil)
	if x := owes(t, c, course); x != "expiring 2026-12-24" {
		t.Errorf("done it is %q", x)
	}
	last := first
	for round := 1; round <= 2; round++ {
		w.Pass(40 * 24 * time.Hour)
		c = w.SignIn(t, "o.dao")
		if x := owes(t, c, course); !strings.HasPrefix(x, "late ") {
			t.Errorf("round %d: it is %q", round, x)
		}
		if c.Must("GET", path, nil, &view); view.Card.Owed != "again" || view.Enrolment.ID != last.ID {
			t.Fatalf("round %d: the course's page says %q of %+v", round, view.Card.Owed, view.Enrolment)
		}
		begun := begunTogether(t, c, path)
		if begun.ID == last.ID || begun.CompletedAt != nil || begun.ShareBp != 0 {
			t.Fatalf("round %d: begun again it is %+v", round, begun)
		}
		if x := owes(t, c, course); !strings.HasPrefix(x, "late ") {
			t.Errorf("round %d: begun again it is %q", round, x)
		}
		var list struct{ Items []handlers.CourseCard }
		c.Must("GET", "/api/courses?limit=100", nil, &list)
		if i := slices.IndexFunc(list.Items, func(x handlers.CourseCard) bool { return x.ID == course }); list.Items[i].Enrolment != begun.ID || list.Items[i].Completed {
			t.Errorf("round %d: the catalogue has %+v", round, list.Items[i])
		}
		last = learnsAll(t, w, c, course)
		if last.ID != begun.ID {
			t.Errorf("round %d: %s was begun, and %s is done", round, begun.ID, last.ID)
		}
		if c.Must("GET", path, nil, &view); view.Enrolment.ID != last.ID {
			t.Errorf("round %d: done the page shows %s", round, view.Enrolment.ID)
		}
	}
	var was handlers.EnrolmentView
	c.Must("GET", "/api/enrolments/"+string(first.ID), nil, &was)
	if was.CompletedAt == nil || !was.CompletedAt.Equal(*first.CompletedAt) || was.ShareBp != 10000 {
		t.Errorf("the first time is now %+v", was)
	}
	eventually(t, "three entries are in the ledger and counted", func() bool {
		var record struct{ Entries []handlers.RecordEntry }
		c.Must("GET", "/api/record", nil, &record)
		n := 0
		for _, e := range record.Entries {
			if e.Leaf != nil {
				n++
			}
		}
		return n == 3
	})
	peopleAreNotAttendances(t, w)
}

// begunTogether begins a course from two devices at once, which is beginning it once.
func begunTogether(t *testing.T, c *apptest.Client, path string) handlers.EnrolmentView {
	t.Helper()
	var both [2]handlers.EnrolmentView
	var begins sync.WaitGroup
	for i := range both {
		begins.Go(func() { c.Must("POST", path+"/enrolment", nil, &both[i]) })
	}
	begins.Wait()
	if both[0].ID != both[1].ID {
		t.Errorf("two devices begin %s and %s", both[0].ID, both[1].ID)
	}
	return both[0]
}

// peopleAreNotAttendances looks at the year of the last two completions in BC-01.
func peopleAreNotAttendances(t *testing.T, w *apptest.World) {
	t.Helper()
	eventually(t, "BC-01 counts one person and two attendances", func() bool {
		r, err := w.App.Services.Reports.BC01(t.Context(), allPowers, "2027", reports.Filter{Unit: island})
		return err == nil && len(r.Rows) == 1 && r.Rows[0].Figures.Trained == 1 && r.Rows[0].Figures.Attendances == 2
	})
}
