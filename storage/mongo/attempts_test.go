package mongo_test

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"haidang/courses"
	"haidang/courses/assessment"
	"haidang/courses/catalog"
	"haidang/storage/mongo"
	"reflect"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// everybody may do everything.
type everybody struct{}

func (everybody) Can(context.Context, courses.Actor, courses.Action, courses.Object) error {
	return nil
}

func (everybody) Scope(context.Context, courses.Actor, courses.Action) (courses.Scope, error) {
	return courses.NewScope(true, nil), nil
}

// inForce is a registry in which everything is in force but the numbers in it.
type inForce []string

func (l inForce) Lapsed(_ context.Context, places []catalog.Reference) (map[catalog.Reference]bool, error) {
	gone := map[catalog.Reference]bool{}
	for _, place := range places {
		gone[place] = slices.Contains(l, place.Number)
	}
	return gone, nil
}

func (l inForce) Ended(context.Context) ([]string, error) { return l, nil }

// allReady is an organisation to which every picture belongs.
type allReady struct{}

func (allReady) Ready(_ context.Context, _ courses.UnitID, ids []courses.AssetID) (map[courses.AssetID]bool, error) {
	ready := map[courses.AssetID]bool{}
	for _, id := range ids {
		ready[id] = true
	}
	return ready, nil
}

var sealKey = ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))

// banks is a service over a database of its own, with a bank of n questions of
// which option 0 is right.
func banks(t *testing.T, db *mongo.DB, c *clock, n int) *assessment.Service {
	t.Helper()
	s := restarted(db, c)
	items := make([]assessment.Item, n)
	for i := range items {
		items[i] = assessment.Item{Topic: "hộ tịch", Difficulty: "easy", Question: assessment.Question{
			Type: assessment.Single, Text: fmt.Sprint("Câu ", i), Options: []assessment.Option{{Text: "đúng", Right: true}, {Text: "sai"}, {Text: "cũng sai"}},
		}}
	}
	if _, err := s.Add(t.Context(), courses.Actor{}, "SNV", items...); err != nil {
		t.Fatal(err)
	}
	return s
}

// noObjects takes no files.
type noObjects struct{ assessment.Objects }

// restarted is a service that remembers nothing.
func restarted(db *mongo.DB, c *clock) *assessment.Service {
	return assessment.NewService(db.Assessment(), noObjects{}, inForce{"1/2020/ND"}, allReady{}, everybody{}, c.now, func() assessment.Sealer {
		return assessment.Sealer{Keys: []ed25519.PrivateKey{sealKey}}
	})
}

func sittingOf(n int) assessment.Sitting {
	return assessment.Sitting{
		Person: courses.PersonID(fmt.Sprint("p", n)), Enrolment: courses.EnrolmentID(fmt.Sprint("e", n)), Course: "c", Version: "v", Lesson: "l", Owner: "SNV",
	}
}

func paper(count, attempts, minutes int) catalog.Paper {
	return catalog.Paper{Bank: "SNV", Draws: []catalog.Draw{{Count: count}}, Attempts: attempts, Minutes: minutes, Shuffle: true}
}

func saying(slot int, seq int64, event string, position int) assessment.Said {
	return assessment.Said{Slot: slot, Given: assessment.Given{
		Answer: assessment.Answer{Chosen: []int{position}}, Event: courses.EventID("00000000-0000-4000-8000-0000000000" + event), Seq: seq, At: noon,
	}}
}

func TestOfManyStartsForOneAttemptOneWins(t *testing.T) {
	db, c := open(t), &clock{}
	s := banks(t, db, c, 10)
	var wg sync.WaitGroup
	ids := make([]courses.AttemptID, 64)
	for i := range ids {
		wg.Go(func() {
			sheet, err := s.Begin(t.Context(), sittingOf(1), paper(5, 1, 0))
			if err != nil {
				t.Error(err)
			}
			ids[i] = sheet.Attempt.ID
		})
	}
	wg.Wait()
	slices.Sort(ids)
	if n := len(slices.Compact(ids)); n != 1 || count(t, db, "attempts") != 1 {
		t.Errorf("64 starts made %d attempts", n)
	}
	if _, err := s.HandIn(t.Context(), courses.Actor{Person: "p1"}, ids[0]); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Begin(t.Context(), sittingOf(1), paper(5, 1, 0)); !errors.Is(err, assessment.ErrNoMore) {
		t.Errorf("another start gives %v", err)
	}
}

// The database merges answers as the domain does, however they are cut and mixed.
func TestTheStoreJoinsAnswersAsTheDomainDoes(t *testing.T) {
	db, c := open(t), &clock{}
	s := banks(t, db, c, 10)
	n := 0
	rapid.Check(t, func(r *rapid.T) {
		n++
		sheet, err := s.Begin(t.Context(), sittingOf(n), paper(3, 0, 0))
		if err != nil {
			r.Fatal(err)
		}
		known := map[string]assessment.Said{}
		list := rapid.SliceOfN(rapid.Custom(func(r *rapid.T) assessment.Said {
			x := saying(rapid.IntRange(0, 2).Draw(r, "slot"), rapid.Int64Range(1, 4).Draw(r, "seq"), rapid.StringMatching("[0-3][0-3]").Draw(r, "event"), rapid.IntRange(0, 2).Draw(r, "position"))
			key := fmt.Sprint(x.Slot, x.Event)
			if was, there := known[key]; there {
				return was
			}
			known[key] = x
			return x
		}), 1, 12).Draw(r, "answers")
		want := map[int]assessment.Given{}
		for _, x := range list {
			x.Received = noon
			want = assessment.Join(want, map[int]assessment.Given{x.Slot: x.Given})
		}
		for rest := rapid.Permutation(list).Draw(r, "mixed"); len(rest) > 0; {
			k := rapid.IntRange(1, len(rest)).Draw(r, "batch")
			if _, err := s.Answer(t.Context(), courses.Actor{Person: sheet.Attempt.Sitting.Person}, sheet.Attempt.ID, sheet.Seal, rest[:k]); err != nil {
				r.Fatal(err)
			}
			rest = rest[k:]
		}
		got, err := s.Sheet(t.Context(), courses.Actor{Person: sheet.Attempt.Sitting.Person}, sheet.Attempt.ID)
		if err != nil {
			r.Fatal(err)
		}
		for slot, g := range got.Attempt.Given {
			w := want[slot]
			if g.Event != w.Event || g.Seq != w.Seq || !reflect.DeepEqual(g.Answer, w.Answer) {
				r.Fatalf("slot %d holds %+v, want %+v", slot, g, w)
			}
		}
		if len(got.Attempt.Given) != len(want) {
			r.Fatalf("%d answers are there, want %d", len(got.Attempt.Given), len(want))
		}
	})
}

func TestAnswersThatComeWhileAnAttemptIsHandedInAreCountedOrLate(t *testing.T) {
	db, c := open(t), &clock{}
	s := banks(t, db, c, 40)
	actor := courses.Actor{Person: "p1"}
	sheet, err := s.Begin(t.Context(), sittingOf(1), paper(40, 1, 0))
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	var late atomic.Int64
	for slot := range 40 {
		wg.Go(func() {
			position := slices.Index(sheet.Attempt.Slots[slot].Order, 0)
			outcome, err := s.Answer(t.Context(), actor, sheet.Attempt.ID, sheet.Seal, []assessment.Said{saying(slot, 1, "00", position)})
			if err != nil {
				t.Error(err)
			}
			if outcome.Late {
				late.Add(1)
			}
		})
		if slot == 20 {
			wg.Go(func() {
				if _, err := s.HandIn(t.Context(), actor, sheet.Attempt.ID); err != nil {
					t.Error(err)
				}
			})
		}
	}
	wg.Wait()
	done, err := s.HandIn(t.Context(), actor, sheet.Attempt.ID)
	if err != nil {
		t.Fatal(err)
	}
	now, err := s.Sheet(t.Context(), actor, sheet.Attempt.ID)
	if err != nil {
		t.Fatal(err)
	}
	a := now.Attempt
	if len(a.Given)+len(a.LateGiven) != 40 || int64(len(a.LateGiven)) != late.Load() {
		t.Errorf("%d answers are in time and %d late; %d were told so", len(a.Given), len(a.LateGiven), late.Load())
	}
	if want := len(a.Given) * 10000 / 40; done.ScoreBp != want {
		t.Errorf("%d right answers get %d, want %d", len(a.Given), done.ScoreBp, want)
	}
}

func TestLateAnswersAreKeptAndAPersonDecides(t *testing.T) {
	db, c := open(t), &clock{}
	s := banks(t, db, c, 2)
	actor, publisher := courses.Actor{Person: "p1"}, courses.Actor{Person: "boss"}
	sheet, err := s.Begin(t.Context(), sittingOf(1), paper(2, 1, 10))
	if err != nil {
		t.Fatal(err)
	}
	right := func(slot int) int { return slices.Index(sheet.Attempt.Slots[slot].Order, 0) }
	answer := func(list ...assessment.Said) bool {
		t.Helper()
		outcome, err := s.Answer(t.Context(), actor, sheet.Attempt.ID, sheet.Seal, list)
		if err != nil {
			t.Fatal(err)
		}
		return outcome.Late
	}
	if answer(saying(0, 1, "01", right(0))) {
		t.Error("an answer in time is late")
	}
	c.pass(10*time.Minute + 20*time.Second)
	if answer(saying(0, 2, "02", right(0))) {
		t.Error("an answer that was on its way at the deadline is late")
	}
	c.pass(time.Minute)
	for range 2 {
		if !answer(saying(1, 1, "03", right(1))) {
			t.Error("an answer after the deadline is not late")
		}
	}
	if answer(saying(0, 2, "02", right(0))) {
		t.Error("an answer that was counted is late when it comes again")
	}
	waiting, err := s.LateOnes(t.Context(), publisher, courses.Page{})
	if err != nil || len(waiting.Items) != 1 || waiting.Items[0].State != assessment.Done || waiting.Items[0].ScoreBp != 5000 {
		t.Fatalf("waiting are %+v, %v", waiting.Items, err)
	}
	a, err := s.Decide(t.Context(), publisher, sheet.Attempt.ID, true, "Mất mạng ở đảo")
	if err != nil || a.ScoreBp != 10000 || a.Late != assessment.Accepted || a.Told {
		t.Errorf("accepted it is %+v, %v", a, err)
	}
	if _, err := s.Decide(t.Context(), publisher, sheet.Attempt.ID, false, "x"); !errors.Is(err, courses.ErrConflict) {
		t.Errorf("deciding again gives %v", err)
	}
	kept, err := s.Sheet(t.Context(), actor, sheet.Attempt.ID)
	if err != nil || !reflect.DeepEqual(kept.Attempt, a) {
		t.Errorf("kept is %+v, %v, want %+v", kept.Attempt, err, a)
	}
}

func TestWhatCitesAnEndedDocumentIsInNoNewPaper(t *testing.T) {
	db, c := open(t), &clock{}
	s := banks(t, db, c, 3)
	actor := courses.Actor{Person: "author"}
	page, err := s.Items(t.Context(), actor, "SNV", assessment.Filter{Words: "cau 2"}, courses.Page{})
	if err != nil || len(page.Items) != 1 {
		t.Fatalf("found are %+v, %v", page.Items, err)
	}
	x := page.Items[0]
	began, err := s.Begin(t.Context(), sittingOf(1), paper(3, 0, 0))
	if err != nil {
		t.Fatal(err)
	}
	x.Cites = []catalog.Reference{{Number: "1/2020/ND"}}
	x.Question.Text = "Câu đã sửa"
	changed, err := s.Change(t.Context(), actor, x.ID, 1, x)
	if err != nil || changed.Number != 2 {
		t.Fatalf("changed it is %+v, %v", changed, err)
	}
	if _, err := s.Change(t.Context(), actor, x.ID, 1, x); !errors.Is(err, courses.ErrConflict) {
		t.Errorf("changing the older version gives %v", err)
	}
	if short, err := s.Lacking(t.Context(), paper(3, 0, 0)); err != nil || short != 1 {
		t.Errorf("the paper lacks %d, %v", short, err)
	}
	if _, err := s.Begin(t.Context(), sittingOf(2), paper(3, 0, 0)); !errors.Is(err, assessment.ErrShort) {
		t.Errorf("a new attempt gives %v", err)
	}
	again, err := s.Sheet(t.Context(), courses.Actor{Person: "p1"}, began.Attempt.ID)
	if err != nil || slices.ContainsFunc(again.Questions, func(q assessment.Question) bool { return q.Text == "Câu đã sửa" }) {
		t.Errorf("the attempt that was begun asks %+v, %v", again.Questions, err)
	}
	topics, err := s.Topics(t.Context(), actor, "SNV")
	if err != nil || !reflect.DeepEqual(topics, []assessment.Topic{{Name: "hộ tịch", Easy: 2}}) {
		t.Errorf("the bank has %+v, %v", topics, err)
	}
}

func TestAnswersAreToldAndCountedOnce(t *testing.T) {
	db, c := open(t), &clock{}
	s := banks(t, db, c, 4)
	actor := courses.Actor{Person: "p1"}
	sheet, err := s.Begin(t.Context(), sittingOf(1), paper(4, 0, 5))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Answer(t.Context(), actor, sheet.Attempt.ID, sheet.Seal, []assessment.Said{saying(0, 1, "01", slices.Index(sheet.Attempt.Slots[0].Order, 0))}); err != nil {
		t.Fatal(err)
	}
	c.pass(6 * time.Minute)
	if err := s.EndOverdue(t.Context()); err != nil {
		t.Fatal(err)
	}
	list, err := s.Untold(t.Context())
	if err != nil || len(list) != 1 || list[0].ScoreBp != 2500 {
		t.Fatalf("untold are %+v, %v", list, err)
	}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if err := s.Told(t.Context(), list[0]); err != nil {
				t.Error(err)
			}
			if err := s.Count(t.Context()); err != nil && !errors.Is(err, courses.ErrConflict) {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if rest, err := s.Untold(t.Context()); err != nil || len(rest) != 0 {
		t.Errorf("still untold are %+v, %v", rest, err)
	}
	x, f, err := s.Item(t.Context(), actor, sheet.Attempt.Slots[0].Item)
	if err != nil || f.N != 1 || f.X != 1 || !slices.Equal(f.Chosen[:1], []int{1}) {
		t.Errorf("%s was counted as %+v, %v", x.Question.Text, f, err)
	}
}
