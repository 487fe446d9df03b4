package mongo_test

import (
	"errors"
	"fmt"
	"haidang/courses"
	"haidang/courses/catalog"
	"haidang/courses/records"
	"haidang/courses/staff"
	"haidang/courses/vietnamese"
	"haidang/storage/mongo"
	"slices"
	"testing"
	"time"
)

// everywhere is the scope of whoever may see all.
var everywhere = courses.NewScope(true, nil)

// list asks for a page of ids.
type list func(courses.Page) (ids []string, next string, err error)

// walk reads a list to its end, page by page.
func walk(t *testing.T, ask list, limit int) (ids []string, pages int) {
	t.Helper()
	page := courses.Page{Limit: limit}
	for {
		found, next, err := ask(page)
		if err != nil {
			t.Fatal(err)
		}
		if len(found) > limit || next != "" && len(found) != limit {
			t.Fatalf("a page of %d has %d rows", limit, len(found))
		}
		if pages > 0 && len(found) == 0 || pages > 1000 {
			t.Fatalf("page %d has %d rows: the list does not end", pages+1, len(found))
		}
		ids = append(ids, found...)
		pages++
		if page.After = next; next == "" {
			return ids, pages
		}
	}
}

// once checks that every row is seen, in the same order, whatever a page holds.
func once(t *testing.T, ask list, want []string) {
	t.Helper()
	whole, _ := walk(t, ask, 100)
	for _, limit := range []int{1, 4, 7} {
		ids, pages := walk(t, ask, limit)
		if pages <= 3 || !slices.Equal(ids, whole) {
			t.Errorf("in %d pages of %d the list is another", pages, limit)
		}
	}
	sorted := slices.Sorted(slices.Values(whole))
	if want = slices.Sorted(slices.Values(want)); !slices.Equal(sorted, want) {
		t.Errorf("seen are %d rows, want %d, each once", len(whole), len(want))
	}
}

func asking[T any](find func(courses.Page) (courses.Slice[T], error), id func(T) string) list {
	return func(page courses.Page) ([]string, string, error) {
		found, err := find(page)
		ids := make([]string, len(found.Items))
		for i, x := range found.Items {
			ids[i] = id(x)
		}
		return ids, found.Next, err
	}
}

// person is somebody in a unit since 2025.
func person(i int, name string, unit courses.UnitID) staff.Person {
	return staff.Person{
		ID: courses.PersonID(fmt.Sprintf("person-%03d", i)), FullName: name, Name: vietnamese.SplitName(name), Revision: 1, Category: "cong_chuc", CreatedAt: noon,
		Postings: []staff.Posting{{ID: courses.PostingID(fmt.Sprintf("posting-%03d", i)), Unit: unit, Kind: staff.Permanent, From: "2025-07-01"}},
	}
}

// people are n people of few names in three units, and some who left.
func people(t *testing.T, db *mongo.DB, n int) []staff.Person {
	t.Helper()
	names := []string{"Nguyễn Văn An", "Trần Thị Ánh", "Nguyễn Văn An", "H'Hen Niê", "Đỗ Đạt"}
	var all []staff.Person
	for i := range n {
		p := person(i, names[i%len(names)], courses.UnitID(fmt.Sprintf("U%d", i%3)))
		if i%10 == 9 {
			p.Postings[0].To = "2025-12-31"
		}
		all = append(all, p)
	}
	if err := db.Staff().InsertPeople(t.Context(), all); err != nil {
		t.Fatal(err)
	}
	return all
}

func TestPagingPeopleSeesEachOnce(t *testing.T) {
	db := open(t)
	all := people(t, db, 90)
	for _, c := range []struct {
		name   string
		scope  courses.Scope
		filter staff.Filter
		wanted func(staff.Person) bool
	}{
		{"everybody", everywhere, staff.Filter{}, func(staff.Person) bool { return true }},
		{"a scope of two units", courses.NewScope(false, []courses.UnitID{"U0", "U2"}), staff.Filter{}, func(p staff.Person) bool { return p.Postings[0].Unit != "U1" }},
		{"one unit of the scope", courses.NewScope(false, []courses.UnitID{"U0", "U1"}), staff.Filter{Units: []courses.UnitID{"U1", "U2"}}, func(p staff.Person) bool { return p.Postings[0].Unit == "U1" }},
		{"a name", everywhere, staff.Filter{Words: []string{"ngu", "an"}}, func(p staff.Person) bool { return p.Name.Given == "An" }},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.filter.Day = "2026-11-24"
			var want []string
			for _, p := range all {
				if p.Postings[0].To == "" && c.wanted(p) {
					want = append(want, string(p.ID))
				}
			}
			once(t, asking(func(page courses.Page) (courses.Slice[staff.Person], error) {
				return db.Staff().People(t.Context(), c.scope, c.filter, page)
			}, func(p staff.Person) string { return string(p.ID) }), want)
		})
	}
	for name, scope := range map[string]courses.Scope{"no unit at all": courses.NewScope(false, nil), "a unit of nobody": courses.NewScope(false, []courses.UnitID{"U9"})} {
		found, err := db.Staff().People(t.Context(), scope, staff.Filter{Day: "2026-11-24"}, courses.Page{})
		if err != nil || len(found.Items) != 0 {
			t.Errorf("a scope of %s shows %d people, %v", name, len(found.Items), err)
		}
	}
}

// completion is an entry that has no leaf yet.
func completion(i int, person courses.PersonID, at time.Time) records.Completion {
	return records.Completion{
		ID: courses.CompletionID(fmt.Sprintf("completion-%04d", i)), Person: person, Course: courses.CourseID(fmt.Sprintf("course-%d", i%7)), Version: "version",
		CourseCode: "HCC-01", CourseTitle: "Tiếp công dân", Issuer: "SNV", IssuerName: "Sở Nội vụ", Knowledge: "vi_tri_viec_lam", Tiet: 4 + i%5,
		Unit: "U0", UnitName: "Xã Cát Hải", StartedAt: at.Add(-time.Hour), CompletedAt: at, Salt: "00",
	}
}

func TestPagingCompletionsSeesEachOnce(t *testing.T) {
	db := open(t)
	var all []records.Completion
	var want []string
	for i := range 90 {
		c := completion(i, courses.PersonID(fmt.Sprintf("person-%d", i%2)), noon.Add(time.Duration(i%3)*time.Millisecond))
		all = append(all, c)
		if c.Person == "person-1" {
			want = append(want, string(c.ID))
		}
	}
	if err := db.Records().Insert(t.Context(), all); err != nil {
		t.Fatal(err)
	}
	ask := asking(func(page courses.Page) (courses.Slice[records.Completion], error) {
		return db.Records().OfPerson(t.Context(), "person-1", records.Filter{}, page)
	}, func(c records.Completion) string { return string(c.ID) })
	once(t, ask, want)
	found, err := db.Records().OfPerson(t.Context(), "person-1", records.Filter{}, courses.Page{Limit: 100})
	if err != nil || !slices.IsSortedFunc(found.Items, func(a, b records.Completion) int { return b.CompletedAt.Compare(a.CompletedAt) }) {
		t.Errorf("they are not newest first, %v", err)
	}
}

func TestPagingDraftsSeesEachOnce(t *testing.T) {
	db := open(t)
	var all, own []string
	for i := range 90 {
		c := catalog.Course{
			ID: courses.CourseID(fmt.Sprintf("course-%03d", i)), Code: fmt.Sprintf("C-%03d", i), Owner: courses.UnitID(fmt.Sprintf("U%d", i%3)),
			Draft: catalog.Content{Title: "Khóa"}, Revision: 1, SavedAt: noon.Add(time.Duration(i%3) * time.Millisecond), SavedBy: "p",
		}
		if err := db.Catalog().InsertCourse(t.Context(), c); err != nil {
			t.Fatal(err)
		}
		all = append(all, string(c.ID))
		if c.Owner != "U0" {
			own = append(own, string(c.ID))
		}
	}
	for _, c := range []struct {
		scope courses.Scope
		want  []string
	}{{everywhere, all}, {courses.NewScope(false, []courses.UnitID{"U1", "U2"}), own}} {
		once(t, asking(func(page courses.Page) (courses.Slice[catalog.Course], error) {
			return db.Catalog().Drafts(t.Context(), c.scope, "", page)
		}, func(c catalog.Course) string { return string(c.ID) }), c.want)
	}
}

func TestCursorsOfNobodyAreRefused(t *testing.T) {
	db := open(t)
	instants := []string{"x", "x.y", ".", ".x", "1", "1e3.x", "0x10.x", " 1.x", "9223372036854775808.x", "-", "٣.x", "1 .x"}
	for name, c := range map[string]struct {
		ask     func(courses.Page) error
		cursors []string
	}{
		"people": {func(p courses.Page) error {
			_, err := db.Staff().People(t.Context(), everywhere, staff.Filter{Day: "2026-11-24"}, p)
			return err
		}, []string{"x", "-", "!"}},
		"completions": {func(p courses.Page) error {
			_, err := db.Records().OfPerson(t.Context(), "p", records.Filter{}, p)
			return err
		}, instants},
		"drafts": {func(p courses.Page) error { _, err := db.Catalog().Drafts(t.Context(), everywhere, "", p); return err }, instants},
	} {
		for _, cursor := range c.cursors {
			if err := c.ask(courses.Page{After: cursor}); !errors.Is(err, courses.ErrBadCursor) {
				t.Errorf("%s after %q: %v", name, cursor, err)
			}
		}
		for _, cursor := range []string{"-62135596800001.x", "9223372036854775807.x", "0.", "1.$gt", "1.\x00"} { // odd, but only places in the order
			if err := c.ask(courses.Page{After: cursor}); err != nil {
				t.Errorf("%s after %q: %v", name, cursor, err)
			}
		}
	}
}
