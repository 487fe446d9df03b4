package mongo_test

import (
	"context"
	"fmt"
	"haidang/courses"
	"haidang/courses/access"
	"haidang/courses/jobs"
	"haidang/courses/notices"
	"haidang/storage/mongo"
	"slices"
	"sync"
	"testing"
	"time"
)

// waits is work of which what it holds waits, for everybody alike.
type waits struct{ due []notices.Due }

func (w *waits) Waiting(context.Context, courses.PersonID) ([]notices.Due, error) { return w.due, nil }

func (w *waits) Dates(context.Context, courses.PersonID) ([]notices.Date, error) { return nil, nil }

func (w *waits) Still(_ context.Context, _ courses.PersonID, list []notices.Notice) (map[notices.ID]bool, error) {
	still := map[notices.ID]bool{}
	for _, n := range list {
		still[n.ID] = slices.ContainsFunc(w.due, func(d notices.Due) bool { return d.Kind == n.Kind && d.Subject == n.Subject })
	}
	return still, nil
}

// accounts opens so many accounts of people, the last of them closed.
func accounts(t *testing.T, db *mongo.DB, n int) {
	t.Helper()
	list := make([]access.Login, n+1)
	for i := range list {
		id := fmt.Sprintf("p%03d", i)
		list[i] = access.Login{ID: courses.LoginID(id), Person: courses.PersonID(id), Username: id, Disabled: i == n}
	}
	if err := db.Access().InsertLogins(t.Context(), list); err != nil {
		t.Fatal(err)
	}
}

// telling is a server's notices.
func telling(db *mongo.DB, work notices.Work, c *clock) *notices.Service {
	return notices.NewService(db.Notices(), work, db.Access(), jobs.NewService(db.Jobs(), c.now), db.Atomic, c.now, "https://hoc.example.vn")
}

func TestTheWalkTellsEachPersonOnceAndForgetsWhatIsDone(t *testing.T) {
	db, c := open(t), &clock{}
	work := &waits{due: []notices.Due{{Kind: notices.Continue, Subject: "e", Title: "Hộ tịch", Since: noon.AddDate(0, 0, -15)}}}
	accounts(t, db, 250)
	var servers []*notices.Service
	for range 4 {
		servers = append(servers, telling(db, work, c))
	}
	walk := func() {
		t.Helper()
		var wg sync.WaitGroup
		for _, s := range servers {
			wg.Go(func() {
				if err := s.Go(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
	}
	walk()
	walk()
	if n := count(t, db, "notices"); n != 250 {
		t.Fatalf("250 people have %d notices", n)
	}
	of := func() []notices.Notice {
		t.Helper()
		page, err := servers[0].List(t.Context(), courses.Actor{Person: "p000"}, courses.Page{})
		if err != nil {
			t.Fatal(err)
		}
		return page.Items
	}
	if got := of(); len(got) != 1 || got[0].Title != "Hộ tịch" || !got[0].ReadAt.IsZero() {
		t.Fatalf("the inbox holds %+v", got)
	}
	unread := func() int {
		t.Helper()
		n, err := servers[0].Unread(t.Context(), courses.Actor{Person: "p000"})
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	if err := servers[0].Read(t.Context(), courses.Actor{Person: "p001"}, []notices.ID{of()[0].ID}); err != nil || unread() != 1 {
		t.Errorf("somebody else reads it: %d unread, %v", unread(), err)
	}
	if err := servers[0].Read(t.Context(), courses.Actor{Person: "p000"}, []notices.ID{of()[0].ID}); err != nil || unread() != 0 {
		t.Errorf("read, %d are unread, %v", unread(), err)
	}
	c.pass(7 * 24 * time.Hour) // 22 days of rest: told once, and not yet again
	walk()
	if n := count(t, db, "notices"); n != 250 {
		t.Errorf("a week later there are %d notices", n)
	}
	c.pass(7 * 24 * time.Hour)
	walk()
	if n := count(t, db, "notices"); n != 500 {
		t.Errorf("after four weeks of rest there are %d notices", n)
	}
	if unread() != 1 {
		t.Errorf("%d are unread", unread())
	}
	work.due = nil
	if got := of(); len(got) != 0 || unread() != 0 {
		t.Errorf("of what is done the inbox holds %+v", got)
	}
	c.pass(14 * 24 * time.Hour)
	walk()
	if n := count(t, db, "notices"); n != 0 {
		t.Errorf("%d notices of what is done are left", n)
	}
}

func TestTheInboxIsPagedAndQuietHoursStopTheWalk(t *testing.T) {
	db, c := open(t), &clock{}
	work := &waits{}
	accounts(t, db, 1)
	s := telling(db, work, c)
	for i := range 30 {
		work.due = append(work.due, notices.Due{Kind: notices.NewCourse, Subject: courses.NewID[string](noon.Add(time.Duration(i))), Since: noon})
	}
	c.pass(9 * time.Hour) // 21:00 in Việt Nam
	if err := s.Go(t.Context()); err != nil || count(t, db, "notices") != 0 {
		t.Fatalf("in the evening the walk makes %d, %v", count(t, db, "notices"), err)
	}
	c.pass(12 * time.Hour)
	if err := s.Go(t.Context()); err != nil {
		t.Fatal(err)
	}
	seen := map[notices.ID]bool{}
	page := courses.Page{Limit: 7}
	for pages := 1; ; pages++ {
		got, err := s.List(t.Context(), courses.Actor{Person: "p000"}, page)
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range got.Items {
			if seen[n.ID] {
				t.Fatalf("%s is on two pages", n.ID)
			}
			seen[n.ID] = true
		}
		if page.After = got.Next; got.Next == "" {
			if pages != 5 || len(seen) != 30 {
				t.Errorf("%d pages hold %d notices", pages, len(seen))
			}
			return
		}
	}
}
