package mongo_test

import (
	"context"
	"errors"
	"fmt"
	"haidang/courses"
	"haidang/courses/surveys"
	"haidang/storage/mongo"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/bson"
)

var anyKey = surveys.Key{Version: "v", Kind: surveys.Reactions}

// react counts one reaction, as a use case does.
func react(ctx context.Context, db *mongo.DB, person int, text string) error {
	store := db.Surveys()
	return db.Atomic(ctx, func(ctx context.Context) error {
		if err := store.InsertMark(ctx, surveys.Mark{ID: fmt.Sprintf("person-%d/reaction", person), Event: "e"}); err != nil {
			return err
		}
		p, err := store.Pool(ctx, anyKey)
		if err != nil {
			return err
		}
		p.Course = "c"
		p, told := p.Take(surveys.Answer{"reaction": person % 4}, []surveys.Question{{ID: "reaction", Choices: 4}}).Hear(text)
		if told != nil {
			if err := store.InsertTexts(ctx, anyKey, told); err != nil {
				return err
			}
		}
		return store.SavePool(ctx, p)
	})
}

func TestAnswersOfManyAtOnceAreEachCountedOnce(t *testing.T) {
	db := open(t)
	const people = 23
	var all sync.WaitGroup
	failed := make([]error, 2*people)
	for i := range 2 * people { // everybody twice, at the same time
		all.Go(func() { failed[i] = react(t.Context(), db, i%people, fmt.Sprintf("text %d", i%people)) })
	}
	all.Wait()
	twice := 0
	for _, err := range failed {
		if errors.Is(err, surveys.ErrAnswered) {
			twice++
		} else if err != nil {
			t.Error(err)
		}
	}
	p, err := db.Surveys().Pool(t.Context(), anyKey)
	if err != nil || twice != people || p.Shown.N != 20 || p.Waiting.N != 3 || len(p.Texts) != 3 {
		t.Errorf("of %d answers %d were refused, %d are shown and %d wait, with %d texts: %v", 2*people, twice, p.Shown.N, p.Waiting.N, len(p.Texts), err)
	}
	sum := p.Shown.Add(p.Waiting)
	if want := []int{6, 6, 6, 5}; !slices.Equal(sum.Counts["reaction"], want) {
		t.Errorf("counted are %v, want %v", sum.Counts, want)
	}
	told := map[string]bool{}
	for page := (courses.Page{Limit: 7}); ; {
		found, err := db.Surveys().Texts(t.Context(), anyKey, page)
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range found.Items {
			told[text] = true
		}
		if page.After = found.Next; page.After == "" {
			break
		}
	}
	if len(told) != 20 {
		t.Errorf("told are %v", told)
	}
	if versions, err := db.Surveys().Told(t.Context(), "c"); err != nil || !slices.Equal(versions, []courses.VersionID{"v"}) {
		t.Errorf("versions with results are %v, %v", versions, err)
	}
}

func TestAnAnswerThatIsNotTakenLeavesNothing(t *testing.T) {
	db := open(t)
	broken := errors.New("broken")
	err := db.Atomic(t.Context(), func(ctx context.Context) error {
		if err := db.Surveys().InsertMark(ctx, surveys.Mark{ID: "m"}); err != nil {
			return err
		}
		if err := db.Surveys().SavePool(ctx, surveys.Pool{Key: anyKey}); err != nil {
			return err
		}
		return broken
	})
	if !errors.Is(err, broken) || count(t, db, "survey_marks")+count(t, db, "survey_pools") != 0 {
		t.Errorf("it ends with %v, marks %d, pools %d", err, count(t, db, "survey_marks"), count(t, db, "survey_pools"))
	}
}

func TestWhatWasSaidBeforeACourseIsKeptUntilItGoes(t *testing.T) {
	store := open(t).Surveys()
	ctx := t.Context()
	b := surveys.Before{Enrolment: "e", Answer: surveys.Answer{"s": 1}, Until: time.Now().Add(time.Hour)}
	for _, choice := range []int{1, 3} {
		b.Answer["s"] = choice
		if err := store.SaveBefore(ctx, b); err != nil {
			t.Fatal(err)
		}
	}
	if said, err := store.Before(ctx, "e"); err != nil || said["s"] != 3 {
		t.Errorf("said is %v, %v", said, err)
	}
	if err := store.RemoveBefore(ctx, "e"); err != nil {
		t.Fatal(err)
	}
	if said, err := store.Before(ctx, "e"); err != nil || said != nil {
		t.Errorf("removed, it is %v, %v", said, err)
	}
}

func TestTheTemplateOfADayIsTheLatestUntilThen(t *testing.T) {
	store := open(t).Surveys()
	ctx := t.Context()
	for _, from := range []courses.Date{"2025-07-01", "2027-01-01"} {
		if err := store.SaveTemplate(ctx, surveys.Template{From: from, Dimensions: []surveys.Dimension{{Title: "A", Weight: 100, Questions: []string{"a"}}}}, 0); err != nil {
			t.Fatal(err)
		}
	}
	for day, want := range map[courses.Date]courses.Date{"2025-07-01": "2025-07-01", "2026-12-31": "2025-07-01", "2027-01-01": "2027-01-01"} {
		if got, err := store.Template(ctx, day); err != nil || got.From != want || got.Dimensions[0].Weight != 100 {
			t.Errorf("on %s it is %+v, %v", day, got, err)
		}
	}
	if _, err := store.Template(ctx, "2025-06-30"); !errors.Is(err, surveys.ErrNoTemplate) {
		t.Errorf("before the first it is %v", err)
	}
	if err := store.SaveTemplate(ctx, surveys.Template{From: "2027-01-01"}, 7); !errors.Is(err, courses.ErrConflict) {
		t.Errorf("saving over another is %v", err)
	}
	if err := store.RemoveTemplate(ctx, "2027-01-01", 7); !errors.Is(err, courses.ErrConflict) {
		t.Errorf("removing another is %v", err)
	}
}

func TestTheQueriesOfSurveysHaveAnIndex(t *testing.T) {
	db := open(t)
	for _, c := range []struct {
		collection string
		filter     bson.D
	}{
		{"survey_pools", bson.D{{Key: "version", Value: "v"}}},
		{"survey_pools", bson.D{{Key: "course", Value: "c"}, {Key: "shown.n", Value: bson.D{{Key: "$gt", Value: 0}}}}},
		{"survey_texts", bson.D{{Key: "pool", Value: "p"}, {Key: "_id", Value: bson.D{{Key: "$gt", Value: ""}}}}},
		{"completions", bson.D{{Key: "unit", Value: bson.D{{Key: "$in", Value: bson.A{"a", "b"}}}}, {Key: "completedAt", Value: bson.D{{Key: "$gte", Value: noon}}}}},
	} {
		var plan struct {
			QueryPlanner struct{ WinningPlan bson.Raw }
		}
		find := bson.D{{Key: "find", Value: c.collection}, {Key: "filter", Value: c.filter}}
		if err := db.Raw().RunCommand(t.Context(), bson.D{{Key: "explain", Value: find}}).Decode(&plan); err != nil {
			t.Fatal(err)
		}
		if stage := plan.QueryPlanner.WinningPlan.String(); !strings.Contains(stage, "IXSCAN") {
			t.Errorf("%v of %s is %s", c.filter, c.collection, stage)
		}
	}
}
