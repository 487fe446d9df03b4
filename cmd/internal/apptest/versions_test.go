package apptest_test

import (
	"haidang/cmd/internal/apptest"
	"haidang/handlers"
	"slices"
	"testing"
)

// TestAnOlderVersionIsPublishedAgain changes a course, publishes it and goes back.
func TestAnOlderVersionIsPublishedAgain(t *testing.T) {
	w := apptest.New(t)
	author := w.SignIn(t, "tacgia")
	var drafts struct{ Items []handlers.DraftCard }
	author.Must("GET", "/api/studio/courses", nil, &drafts)
	path := ""
	for _, d := range drafts.Items {
		if d.Published > 0 {
			path = "/api/studio/courses/" + string(d.ID)
		}
	}
	type versions struct {
		Items []handlers.VersionCard
		Next  string
	}
	var before versions
	author.Must("GET", path+"/versions", nil, &before)
	if len(before.Items) != 1 || before.Items[0].Number != 1 || before.Items[0].Class != "" {
		t.Fatalf("published are %+v", before.Items)
	}
	var draft handlers.Draft
	author.Must("GET", path, nil, &draft)
	first := draft.Content
	for _, summary := range []string{"Hai", "Ba"} {
		content := draft.Content
		content.Summary = summary
		author.Must("PUT", path, map[string]any{"revision": draft.Revision, "content": content}, &draft)
		w.Publish(t, author, &draft, "correction")
	}
	var newest, older versions
	author.Must("GET", path+"/versions?limit=2", nil, &newest)
	author.Must("GET", path+"/versions?limit=2&after="+newest.Next, nil, &older)
	if len(newest.Items) != 2 || newest.Items[0].Number != 3 || newest.Items[1].Class != "correction" || len(older.Items) != 1 || older.Items[0].Number != 1 || older.Next != "" {
		t.Errorf("the versions are %+v, then %+v", newest, older)
	}

	var changes handlers.Changes
	author.Must("GET", path+"/changes?from="+string(newest.Items[1].ID)+"&to="+string(newest.Items[0].ID), nil, &changes)
	want := []handlers.ChangedLine{{Op: "same", Field: "title", Text: first.Title}, {Op: "removed", Field: "summary", Text: "Hai"}, {Op: "added", Field: "summary", Text: "Ba"}}
	if len(changes.Sections) != 1 || !slices.Equal(changes.Sections[0].Lines, want) {
		t.Errorf("from the second to the third version %+v", changes.Sections)
	}
	if status, code := author.Do("GET", path+"/changes?from=01a00000-0000-7000-8000-000000000000", nil, nil); status != 404 || code != "catalog.no_such_version" {
		t.Errorf("changes from no version: %d %s", status, code)
	}

	restore := func(version any, revision int) (int, string) {
		return author.Do("POST", path+"/restore", map[string]any{"version": version, "revision": revision}, &draft)
	}
	if status, code := restore(older.Items[0].ID, draft.Revision-1); status != 409 || code != "courses.changed_meanwhile" {
		t.Errorf("over somebody's change it answers %d %s", status, code)
	}
	if status, code := restore("01a00000-0000-7000-8000-000000000000", draft.Revision); status != 404 || code != "catalog.no_such_version" {
		t.Errorf("of no version it answers %d %s", status, code)
	}
	if status, code := restore(older.Items[0].ID, draft.Revision); status != 200 {
		t.Fatalf("it answers %d %s", status, code)
	}
	if jsonOf(t, draft.Content) != jsonOf(t, first) || !draft.Card.Changed || draft.Card.Published != 3 {
		t.Errorf("the draft is %+v", draft.Card)
	}
	w.Publish(t, author, &draft, "correction")
	learner := w.SignIn(t, "hocvien")
	var view handlers.CourseView
	learner.Must("GET", "/api/courses/"+string(draft.Card.ID), nil, &view)
	if view.Number != 4 || view.Card.Summary != first.Summary {
		t.Errorf("learners see version %d, %q", view.Number, view.Card.Summary)
	}
	if status, code := learner.Do("GET", path+"/versions", nil, nil); status != 404 || code != "catalog.no_such_course" {
		t.Errorf("a learner lists versions: %d %s", status, code)
	}
	if status, code := learner.Do("GET", path+"/changes?from="+string(older.Items[0].ID), nil, nil); status != 404 || code != "catalog.no_such_course" {
		t.Errorf("a learner compares versions: %d %s", status, code)
	}
	if status, code := learner.Do("POST", path+"/restore", map[string]any{"version": older.Items[0].ID, "revision": draft.Revision}, nil); status != 404 || code != "catalog.no_such_course" {
		t.Errorf("a learner restores: %d %s", status, code)
	}
}

// TestASavingWhoseAnswerWasLostIsSentAgain saves the same twice under one name.
func TestASavingWhoseAnswerWasLostIsSentAgain(t *testing.T) {
	w := apptest.New(t)
	author, other := w.SignIn(t, "tacgia"), w.SignIn(t, "xuatban")
	d := aDraft(t, author)
	path := "/api/studio/courses/" + string(d.Card.ID)
	author.Must("PUT", path+"/hands", hands(d.Hands.Keeper.ID, []string{"STP"}), nil)
	edit := "01a00000-0000-4000-8000-000000000001"
	content := d.Content
	content.Summary = "Một lần"
	saving := map[string]any{"revision": d.Revision, "edit": edit, "content": content}
	var first, again, now handlers.Draft
	author.Must("PUT", path, saving, &first)
	author.Must("PUT", path, saving, &again)
	if first.Revision != d.Revision+1 || jsonOf(t, again) != jsonOf(t, first) {
		t.Errorf("first %+v, then %+v", first, again)
	}
	refused(t, author, "another saving of the older draft", "PUT", path, map[string]any{"revision": d.Revision, "edit": "01a00000-0000-4000-8000-000000000002", "content": content}, "courses.changed_meanwhile")
	refused(t, other, "somebody else under the same name", "PUT", path, saving, "courses.changed_meanwhile")
	var me handlers.Me
	author.Must("GET", "/api/me", nil, &me)
	typed := map[string]any{"revision": first.Revision, "person": me.PersonID, "content": content}
	refused(t, other, "what another person typed", "PUT", path, typed, "learning.other_person")

	content.Summary = "Của người khác"
	other.Must("PUT", path, map[string]any{"revision": first.Revision, "content": content}, nil)
	refused(t, author, "the same when somebody has saved since", "PUT", path, saving, "courses.changed_meanwhile")
	author.Must("GET", path, nil, &now)
	if now.Content.Summary != "Của người khác" || now.Revision != first.Revision+1 {
		t.Errorf("the draft is %+v", now)
	}
}
