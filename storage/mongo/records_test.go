package mongo_test

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"haidang/courses"
	"haidang/courses/records"
	"haidang/storage/mongo"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"golang.org/x/mod/sumdb/note"
	"pgregory.net/rapid"
)

const origin = "test/ledger"

// newKeys makes keys of the origin, other ones each time.
func newKeys(t *testing.T) records.Keys {
	t.Helper()
	text, err := records.NewKey(origin)
	if err != nil {
		t.Fatal(err)
	}
	keys, err := records.ReadKey(origin, text)
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

func ledger(db *mongo.DB, store records.Store, keys records.Keys) *records.Service {
	return records.NewService(store, nobody{}, db.Atomic, (&clock{}).now, keys)
}

// fewer makes rapid check a property n times: each of these costs many writes.
func fewer(t *testing.T, n int) {
	t.Helper()
	checks := flag.Lookup("rapid.checks")
	was := checks.Value.String()
	if err := checks.Value.Set(fmt.Sprint(n)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := checks.Value.Set(was); err != nil {
			t.Error(err)
		}
	})
}

// empty deletes what is in the collections, but not their indexes.
func empty(t rapid.TB, db *mongo.DB, collections ...string) {
	t.Helper()
	for _, c := range collections {
		if _, err := db.Raw().Collection(c).DeleteMany(context.Background(), bson.M{}); err != nil {
			t.Fatal(err)
		}
	}
}

var ledgerCollections = []string{"completions", "ledger_heads", "ledger_hashes", "ledger_lock"}

// leafOf is an entry's leaf as docs say it is, written here once more: sorted
// keys, instants in UTC to the millisecond.
func leafOf(t rapid.TB, c records.Completion) []byte {
	t.Helper()
	at := func(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }
	b, err := json.Marshal(struct {
		CompletedAt string               `json:"completedAt"`
		Course      courses.CourseID     `json:"course"`
		CourseCode  string               `json:"courseCode"`
		CourseTitle string               `json:"courseTitle"`
		ID          courses.CompletionID `json:"id"`
		Issuer      courses.UnitID       `json:"issuer"`
		IssuerName  string               `json:"issuerName"`
		Knowledge   string               `json:"knowledge"`
		Person      courses.PersonID     `json:"person"`
		Salt        string               `json:"salt"`
		StartedAt   string               `json:"startedAt"`
		Tiet        int                  `json:"tiet"`
		Unit        courses.UnitID       `json:"unit"`
		UnitName    string               `json:"unitName"`
		Version     courses.VersionID    `json:"version"`
	}{
		at(c.CompletedAt), c.Course, c.CourseCode, c.CourseTitle, c.ID, c.Issuer, c.IssuerName, c.Knowledge, c.Person, c.Salt,
		at(c.StartedAt), c.Tiet, c.Unit, c.UnitName, c.Version,
	})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// treeHash hashes leaves all at once, as RFC 6962 (2.1) defines it.
func treeHash(leaves [][]byte) [32]byte {
	switch len(leaves) {
	case 0:
		return sha256.Sum256(nil)
	case 1:
		return sha256.Sum256(append([]byte{0}, leaves[0]...))
	}
	k := 1
	for k*2 < len(leaves) {
		k *= 2
	}
	left, right := treeHash(leaves[:k]), treeHash(leaves[k:])
	return sha256.Sum256(slices.Concat([]byte{1}, left[:], right[:]))
}

// right checks a ledger from outside: every entry has one leaf, without gaps,
// and every head is signed and says what hashing all at once gives.
func right(t rapid.TB, db *mongo.DB, s *records.Service, entries int) {
	t.Helper()
	ctx := context.Background()
	list, err := s.Since(ctx, 0, entries+1)
	if err != nil || len(list) != entries {
		t.Fatalf("%d of %d entries have a leaf, %v", len(list), entries, err)
	}
	leaves := make([][]byte, entries)
	seen := map[courses.CompletionID]bool{}
	for i, c := range list {
		if *c.Leaf != int64(i) || seen[c.ID] {
			t.Fatalf("entry %s has leaf %d in place %d", c.ID, *c.Leaf, i)
		}
		leaves[i], seen[c.ID] = leafOf(t, c), true
	}
	newest, public, err := s.Head(ctx)
	if err != nil || newest.Size != int64(entries) {
		t.Fatalf("the newest head covers %d of %d entries, %v", newest.Size, entries, err)
	}
	verifier, err := note.NewVerifier(public)
	if err != nil {
		t.Fatal(err)
	}
	heads, err := db.Records().Heads(ctx, 0, 10_000)
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range heads {
		n, err := note.Open([]byte(h.Note), note.VerifierList(verifier))
		if err != nil {
			t.Fatal(err)
		}
		hash := treeHash(leaves[:h.Size])
		if want := fmt.Sprintf("%s\n%d\n%s\n", origin, h.Size, base64.StdEncoding.EncodeToString(hash[:])); n.Text != want {
			t.Fatalf("the head of size %d says %q, want %q", h.Size, n.Text, want)
		}
	}
	if found := findings(t, s); len(found) != 0 {
		t.Fatalf("verify finds %+v", found)
	}
}

func findings(t rapid.TB, s *records.Service) (list []records.Finding) {
	t.Helper()
	if _, err := s.Verify(context.Background(), func(f records.Finding) { list = append(list, f) }); err != nil {
		t.Fatal(err)
	}
	return list
}

// add adds n entries that are pending.
func add(t rapid.TB, db *mongo.DB, from, n int) {
	t.Helper()
	if n == 0 {
		return
	}
	list := make([]records.Completion, n)
	for i := range list {
		list[i] = completion(from+i, courses.PersonID(fmt.Sprintf("person-%d", (from+i)%5)), noon.Add(time.Duration((from+i)*37%100)*time.Second))
		list[i].Salt = fmt.Sprintf("%032x", from+i)
	}
	if err := db.Records().Insert(context.Background(), list); err != nil {
		t.Fatal(err)
	}
}

func sequence(t rapid.TB, s *records.Service, want int) {
	t.Helper()
	if n, err := s.Sequence(context.Background()); err != nil || n != want {
		t.Fatalf("%d entries got a leaf, %v; want %d", n, err, want)
	}
}

func TestAnyBatchesGiveTheTreeOfHashingAllAtOnce(t *testing.T) {
	fewer(t, 15)
	db := open(t)
	s := ledger(db, db.Records(), newKeys(t))
	rapid.Check(t, func(t *rapid.T) {
		empty(t, db, ledgerCollections...)
		total, pending := 0, 0
		for _, n := range rapid.SliceOfN(rapid.IntRange(-3, 150), 1, 8).Draw(t, "batches") {
			if n <= 0 { // time to sequence
				sequence(t, s, pending)
				pending = 0
				continue
			}
			add(t, db, total, n)
			total, pending = total+n, pending+n
		}
		sequence(t, s, pending)
		sequence(t, s, 0)
		if total > 0 {
			right(t, db, s, total)
		}
	})
}

func TestMoreThanOneHeadsWorthIsSequencedInOneGo(t *testing.T) {
	db := open(t)
	s := ledger(db, db.Records(), newKeys(t))
	add(t, db, 0, 4100)
	sequence(t, s, 4100)
	right(t, db, s, 4100)
}

func TestImportedEntriesHaveTheirLeavesAtOnce(t *testing.T) {
	db := open(t)
	s := ledger(db, db.Records(), newKeys(t))
	for _, n := range []int{1, 300} {
		list := make([]records.Completion, n)
		for i := range list {
			list[i] = completion(n+i, "p", noon)
		}
		if err := s.Import(t.Context(), list); err != nil {
			t.Fatal(err)
		}
		sequence(t, s, 0)
	}
	right(t, db, s, 301)
}

func TestAnEmptyLedgerIsRight(t *testing.T) {
	db := open(t)
	s := ledger(db, db.Records(), newKeys(t))
	if found := findings(t, s); len(found) != 0 {
		t.Errorf("verify finds %+v", found)
	}
	if h, _, err := s.Head(t.Context()); err != nil || h.Size != 0 {
		t.Errorf("its head is %+v, %v", h, err)
	}
	sequence(t, s, 0)
}

func TestAnEntryJoinsTheTransaction(t *testing.T) {
	db := open(t)
	s := ledger(db, db.Records(), newKeys(t))
	for i, failure := range []error{errTaken, nil} {
		err := db.Atomic(t.Context(), func(ctx context.Context) error {
			if err := s.Add(ctx, completion(0, "p", noon)); err != nil {
				return err
			}
			return failure
		})
		if !errors.Is(err, failure) {
			t.Fatal(err)
		}
		sequence(t, s, i)
	}
	if err := s.Add(t.Context(), completion(0, "p", noon)); err == nil {
		t.Error("one completion is added twice")
	}
	right(t, db, s, 1)
	list, err := s.Since(t.Context(), 0, 1)
	if err != nil || len(list[0].Salt) != 32 || list[0].Salt == strings.Repeat("0", 32) {
		t.Errorf("its salt is %q, %v", list[0].Salt, err)
	}
}

// interposed lets something happen just before a call of the real store, once.
type interposed struct {
	*mongo.Records
	before  string
	happens func()
}

func (i *interposed) at(call string) {
	if i.before == call && i.happens != nil {
		happens := i.happens
		i.happens = nil
		happens()
	}
}

func (i *interposed) Pending(ctx context.Context, limit int) ([]records.Completion, error) {
	i.at("Pending")
	return i.Records.Pending(ctx, limit)
}

func (i *interposed) Head(ctx context.Context) (records.Head, error) {
	i.at("Head")
	return i.Records.Head(ctx)
}

func (i *interposed) Hashes(ctx context.Context, chunks []int64) ([][]byte, error) {
	i.at("Hashes")
	return i.Records.Hashes(ctx, chunks)
}

func (i *interposed) AddHead(ctx context.Context, h records.Head, was int64) error {
	i.at("AddHead")
	return i.Records.AddHead(ctx, h, was)
}

func TestASequencerThatAnotherOvertakesForksNothing(t *testing.T) {
	keys := newKeys(t)
	for _, there := range []int{0, 1, 100} { // leaves before
		for _, call := range []string{"Pending", "Head", "Hashes", "AddHead"} {
			t.Run(fmt.Sprintf("%d before %s", there, call), func(t *testing.T) {
				db := open(t)
				fast := ledger(db, db.Records(), keys)
				add(t, db, 0, there)
				sequence(t, fast, there)
				store := &interposed{Records: db.Records(), before: call}
				slow := ledger(db, store, keys)
				add(t, db, there, 30)
				store.happens = func() {
					sequence(t, fast, 30)
					add(t, db, there+30, 7)
				}
				n, err := slow.Sequence(t.Context())
				if store.happens != nil {
					t.Fatal("nothing happened")
				}
				if err != nil && !errors.Is(err, courses.ErrConflict) {
					t.Fatalf("the slow one fails with %v", err)
				}
				sequence(t, slow, 7-n) // it goes on as if nothing had been
				right(t, db, slow, there+37)
			})
		}
	}
}

func TestManySequencersAtOnceNeverFork(t *testing.T) {
	db := open(t)
	keys := newKeys(t)
	const servers, entries = 4, 240
	var wg sync.WaitGroup
	var conflicts atomic.Int32
	for i := range servers {
		other := connect(t, db.Raw().Name())
		s := ledger(other, other.Records(), keys)
		wg.Go(func() {
			for j := range entries / servers {
				if err := s.Add(t.Context(), completion(i*entries/servers+j, "p", noon)); err != nil {
					t.Error(err)
				}
				_, err := s.Sequence(t.Context())
				if errors.Is(err, courses.ErrConflict) {
					conflicts.Add(1)
				} else if err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	s := ledger(db, db.Records(), keys)
	if _, err := s.Sequence(t.Context()); err != nil {
		t.Fatal(err)
	}
	right(t, db, s, entries)
	if conflicts.Load() == 0 {
		t.Error("they never met")
	}
}

func TestARecordIsOfOnePersonAndItsYears(t *testing.T) {
	db := open(t)
	s := ledger(db, db.Records(), newKeys(t))
	midnight := time.Date(2026, 12, 31, 17, 0, 0, 0, time.UTC) // in Việt Nam
	for i, at := range []time.Time{midnight.Add(-time.Millisecond), midnight, midnight.AddDate(0, 3, 0)} {
		if err := s.Add(t.Context(), completion(i, "p", at)); err != nil {
			t.Fatal(err)
		}
		if err := s.Add(t.Context(), completion(10+i, "q", at)); err != nil {
			t.Fatal(err)
		}
	}
	for period, want := range map[courses.Period]int{"2026": 1, "2027": 2, "2026-12": 1, "2027-Q1": 1, "2027-01": 1, "2027-Q2": 1, "2025": 0} {
		if list, err := s.In(t.Context(), "p", period); err != nil || len(list) != want {
			t.Errorf("%d completions in %s, %v; want %d", len(list), period, err, want)
		}
	}
	if tiet, err := s.TietIn(t.Context(), "p", "2027"); err != nil || tiet != 5+6 {
		t.Errorf("%d tiết in 2027, %v", tiet, err)
	}
	if _, err := s.Of(t.Context(), courses.Actor{Person: "q"}, "p", records.Filter{}, courses.Page{}); !errors.Is(err, courses.ErrForbidden) {
		t.Errorf("whoever may not read it gets %v", err)
	}
}

func TestASealHoldsForItsTextAndKeyAlone(t *testing.T) {
	db := open(t)
	s, other := ledger(db, db.Records(), newKeys(t)), ledger(db, db.Records(), newKeys(t))
	seal, err := s.Seal(`{"a":"ấ"}`)
	if err != nil || !s.Sealed(`{"a":"ấ"}`, seal) {
		t.Fatalf("what was sealed does not hold: %v", err)
	}
	if s.Sealed(`{"a":"á"}`, seal) || other.Sealed(`{"a":"ấ"}`, seal) || s.Sealed(`{"a":"ấ"}`, "") || s.Sealed("", seal) {
		t.Error("a seal holds for another text or by another key")
	}
}
