package mongo_test

import (
	"context"
	"errors"
	"fmt"
	"haidang/courses"
	"haidang/courses/catalog"
	"haidang/courses/certificates"
	"haidang/storage/mongo"
	"slices"
	"sync"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/bson"
)

// certificate is one of somebody in one of three units, on a notice that every version
// cites and a decree of its own.
func certificate(i int, issuer courses.UnitID) certificates.Certificate {
	return certificates.Certificate{
		ID: courses.NewID[certificates.ID](noon.Add(time.Duration(i) * time.Millisecond)), Code: certificates.Code(fmt.Sprintf("CODE%016d", i)),
		Completion: courses.CompletionID(fmt.Sprintf("completion-%d", i)), Person: "p", Version: courses.VersionID(fmt.Sprintf("v%d", i%4)), Issuer: issuer,
		Unit: courses.UnitID(fmt.Sprintf("U%d.VP", i%3)), Year: 2026, State: certificates.Valid, IssuedAt: noon,
		Cites: []catalog.Reference{{Number: "129-TB/TU"}, {Number: "129-tb/tu", Article: "mục 6"}, {Number: fmt.Sprintf("%d/2026/NĐ-CP", i%4)}},
	}
}

// issue numbers and keeps a certificate, as a use case does.
func issue(ctx context.Context, db *mongo.DB, c certificates.Certificate) (number int, err error) {
	store := db.Certificates()
	if err := store.OpenRegister(ctx, c); err != nil {
		return 0, err
	}
	err = db.Atomic(ctx, func(ctx context.Context) error {
		n, err := store.NextNumber(ctx, c.Issuer, c.Year)
		if err != nil {
			return err
		}
		c.Number, number = n, n
		return store.Insert(ctx, c)
	})
	return number, err
}

func TestNumbersHaveNoGapsWhoeverAsksAtOnce(t *testing.T) {
	db := open(t)
	const completions = 16
	var all sync.WaitGroup
	var mu sync.Mutex
	numbers, twice := map[courses.UnitID][]int{}, 0
	for i := range 2 * completions { // each twice, from two devices
		all.Go(func() {
			issuer := courses.UnitID([]string{"SNV", "STP"}[i%completions%2])
			c := certificate(i%completions, issuer)
			c.ID, c.Code = courses.NewID[certificates.ID](noon), certificates.Code(fmt.Sprintf("CODE%d", i))
			n, err := issue(t.Context(), db, c)
			mu.Lock()
			defer mu.Unlock()
			switch {
			case errors.Is(err, courses.ErrConflict):
				twice++
			case err != nil:
				t.Error(err)
			default:
				numbers[issuer] = append(numbers[issuer], n)
			}
		})
	}
	all.Wait()
	if twice != completions {
		t.Errorf("%d were refused, want %d", twice, completions)
	}
	for issuer, list := range numbers {
		slices.Sort(list)
		if !slices.Equal(list, []int{1, 2, 3, 4, 5, 6, 7, 8}) {
			t.Errorf("%s has the numbers %v", issuer, list)
		}
	}
	if n, err := db.Certificates().CountCiting(t.Context(), "129-TB/TU"); err != nil || n != completions {
		t.Errorf("%d rest on the notice, %v", n, err)
	}
	next := certificate(99, "SNV")
	next.Year = 2027
	if n, err := issue(t.Context(), db, next); err != nil || n != 1 {
		t.Errorf("the next year begins with %d, %v", n, err)
	}
}

func TestOneOfTwoWhoSettleACertificateDoes(t *testing.T) {
	db := open(t)
	store, c := db.Certificates(), certificate(1, "SNV")
	if _, err := issue(t.Context(), db, c); err != nil {
		t.Fatal(err)
	}
	c.State, c.Reason, c.SettledAt = certificates.Revoked, "Nhầm người", noon
	var all sync.WaitGroup
	failed := make([]error, 8)
	for i := range failed {
		all.Go(func() {
			failed[i] = db.Atomic(t.Context(), func(ctx context.Context) error { return store.Settle(ctx, c) })
		})
	}
	all.Wait()
	done := 0
	for _, err := range failed {
		if err == nil {
			done++
		} else if !errors.Is(err, certificates.ErrSettled) {
			t.Error(err)
		}
	}
	is, err := store.Certificate(t.Context(), c.ID)
	if done != 1 || err != nil || is.State != certificates.Revoked || is.Reason != c.Reason {
		t.Errorf("%d did, it is %+v, %v", done, is, err)
	}
	if n, err := store.CountCiting(t.Context(), "1/2026/NĐ-CP"); err != nil || n != 0 {
		t.Errorf("%d that count rest on its decree, %v", n, err)
	}
}

// many fills the certificates of a few issuers, each with its tally.
func many(t *testing.T, db *mongo.DB, n int) {
	t.Helper()
	for i := range n {
		if _, err := issue(t.Context(), db, certificate(i, courses.UnitID([]string{"SNV", "SNV", "STP"}[i%3]))); err != nil {
			t.Fatal(err)
		}
	}
}

func TestListsOfCertificatesSeeEachOnce(t *testing.T) {
	db := open(t)
	store := db.Certificates()
	many(t, db, 60)
	of := func(keep func(i int) bool) (ids []string) {
		for i := range 60 {
			if keep(i) {
				ids = append(ids, string(certificate(i, "").Completion))
			}
		}
		return ids
	}
	id := func(c certificates.Certificate) string { return string(c.Completion) }
	citing := func(scope courses.Scope, document string) list {
		return asking(func(p courses.Page) (courses.Slice[certificates.Certificate], error) {
			return store.Citing(t.Context(), scope, document, p)
		}, id)
	}
	once(t, citing(everywhere, "129-TB/TU"), of(func(int) bool { return true }))
	once(t, citing(courses.NewScope(false, []courses.UnitID{"U0.VP", "U2.VP", "U9"}), "129-TB/TU"), of(func(i int) bool { return i%3 != 1 }))
	once(t, asking(func(p courses.Page) (courses.Slice[certificates.Certificate], error) {
		return store.Register(t.Context(), "SNV", 0, p)
	}, id), of(func(i int) bool { return i%3 != 2 }))
	if _, err := store.Citing(t.Context(), everywhere, "129-TB/TU", courses.Page{After: "nonsense"}); !errors.Is(err, courses.ErrBadCursor) {
		t.Errorf("a cursor of nobody answers %v", err)
	}
}

// asked is what the server noted of a query.
type askedQuery struct {
	Namespace string `bson:"ns"`
	Plan      string `bson:"planSummary"`
	Keys      int    `bson:"keysExamined"`
	Sorts     bool   `bson:"hasSortStage"`
}

func TestQueriesOfCertificatesReadByTheirIndexes(t *testing.T) {
	db := open(t)
	store := db.Certificates()
	many(t, db, 300)
	latest, err := store.Register(t.Context(), "SNV", 0, courses.Page{Limit: 1})
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Raw().RunCommand(t.Context(), bson.D{{Key: "profile", Value: 2}}).Err(); err != nil {
		t.Fatal(err)
	}
	two := courses.NewScope(false, []courses.UnitID{"U0.VP", "U2.VP"})
	page := courses.Page{Limit: 5}
	deep := courses.Page{Limit: 5, After: "U2.VP." + string(latest.Items[0].ID)}
	for _, q := range []struct {
		what string
		most int // keys
		run  func() error
	}{
		{"of completions", 5, func() error {
			_, err := store.Latest(t.Context(), []courses.CompletionID{"completion-1", "completion-2"})
			return err
		}},
		{"by code", 2, func() error { _, err := store.ByCode(t.Context(), latest.Items[0].Code); return err }},
		{"a register", 7, func() error { _, err := store.Register(t.Context(), "SNV", 0, page); return err }},
		{"a number", 3, func() error { _, err := store.Register(t.Context(), "SNV", 7, page); return err }},
		{"on a document, everywhere", 8, func() error { _, err := store.Citing(t.Context(), everywhere, "129-TB/TU", page); return err }},
		{"on a document, in two units", 8, func() error { _, err := store.Citing(t.Context(), two, "129-TB/TU", page); return err }},
		{"a later page", 110, func() error { _, err := store.Citing(t.Context(), everywhere, "129-TB/TU", deep); return err }},
		{"how many rest on a document", 5, func() error { _, err := store.CountCiting(t.Context(), "129-TB/TU"); return err }},
		{"settings", 3, func() error {
			_, err := store.SettingsOn(t.Context(), []courses.UnitID{"SNV"}, "2026-11-24")
			return err
		}},
	} {
		if err := q.run(); err != nil {
			t.Fatal(err)
		}
		var noted []askedQuery
		cursor, err := db.Raw().Collection("system.profile").Find(t.Context(), bson.D{{Key: "op", Value: "query"}, {Key: "ns", Value: bson.D{{Key: "$not", Value: bson.D{{Key: "$regex", Value: "profile$"}}}}}})
		if err == nil {
			err = cursor.All(t.Context(), &noted)
		}
		if err != nil || len(noted) == 0 {
			t.Fatalf("%s: %d queries were noted, %v", q.what, len(noted), err)
		}
		if last := noted[len(noted)-1]; last.Plan[:6] != "IXSCAN" || last.Sorts && q.what != "a number" || last.Keys > q.most {
			t.Errorf("%s: %+v", q.what, last)
		}
	}
}
