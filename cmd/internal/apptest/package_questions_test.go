package apptest_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"haidang/cmd/internal/apptest"
	"haidang/courses"
	"haidang/courses/exchange"
	"haidang/handlers"
	"io"
	"reflect"
	"strings"
	"testing"
)

// asking is a published course whose quiz fixes a question on a picture and two that
// say the same, draws the eight of a topic, and may not draw what is retired.
func asking(t *testing.T, w *apptest.World, author *apptest.Client) courses.CourseID {
	t.Helper()
	var picture, one, two, retired handlers.BankItemView
	author.Must("POST", "/api/banks/SNV/items", hotspotOn(uploaded(t, w, author, "Mẫu.png", drawn(t, 600, 400)).ID), &picture)
	author.Must("POST", "/api/banks/SNV/items", scenario(), nil) // of a topic that is not drawn
	author.Must("POST", "/api/banks/SNV/items", eightQuestions()[0], &one)
	author.Must("POST", "/api/banks/SNV/items", eightQuestions()[0], &two)
	author.Must("POST", "/api/banks/SNV/items", eightQuestions()[1], &retired)
	retired.Item.Retired = true
	author.Must("PUT", "/api/items/"+string(retired.ID), map[string]any{"number": 1, "item": retired.Item}, nil)
	course, _ := quizCourse(t, w, "GOI-03", map[string]any{"fixed": []any{picture.ID, one.ID, two.ID}})
	return course
}

func TestAQuizTravelsWithItsQuestions(t *testing.T) {
	here, there := apptest.New(t), apptest.New(t)
	author, other := here.SignIn(t, "tacgia"), there.SignIn(t, "xuatban")
	course := asking(t, here, author)
	zipped := packageOf(t, here, author, course)
	bring := func(code string) (made handlers.PackageView) {
		asset := keptFor(t, there, "STP", code+".zip", zipped)
		other.Must("POST", "/api/studio/packages", map[string]any{"asset": asset.ID, "code": code, "owner": "STP"}, &made)
		return made
	}
	made := bring("STP-03")
	paper := made.Content.Modules[0].Lessons[1].Paper
	if made.QuestionsAdded != 11 || made.QuestionsKnown != 0 || len(made.Missing) > 0 || paper.Bank != "STP" {
		t.Fatalf("%d questions came and %d were there; missing is %v of %+v", made.QuestionsAdded, made.QuestionsKnown, made.Missing, paper)
	}
	if was, is := nameless(opened(t, zipped)), nameless(opened(t, packageOf(t, there, other, made.Card.ID))); !reflect.DeepEqual(was, is) {
		t.Errorf("the course was\n%+v\nand is\n%+v", was, is)
	}
	again := bring("STP-04")
	if again.QuestionsAdded != 0 || again.QuestionsKnown != 11 || !reflect.DeepEqual(again.Content.Modules[0].Lessons[1].Paper, paper) {
		t.Errorf("the second time %d questions came and %d were there", again.QuestionsAdded, again.QuestionsKnown)
	}

	other.Must("PUT", "/api/studio/courses/"+string(made.Card.ID)+"/hands", hands(made.Hands.Keeper.ID, []string{"SNV"}), &made.Draft) // whose reviewer passes it
	there.Publish(t, other, &made.Draft, "")
	learner := there.SignIn(t, "hocvien")
	a, _ := began(t, learner, made.Card.ID, made.Content.Modules[0].Lessons[1].ID)
	if len(a.Questions) != 11 {
		t.Errorf("it asks %d questions", len(a.Questions))
	}
	for _, q := range a.Questions {
		if q.Type == "hotspot" && ask(t, learner.HTTP, "GET", there.URL+q.Picture.Forms[0].URL, "").Status != 200 {
			t.Errorf("its picture %+v is not shown", q.Picture)
		}
	}
	questionsStay(t, here, author, course, zipped)
}

// brokenPicture is the package with a picture that begins as one and ends there.
func brokenPicture(t *testing.T, b []byte) []byte {
	t.Helper()
	p := opened(t, b)
	half := drawn(t, 600, 400)[:60]
	p.Assets[0].Bytes, p.Assets[0].SHA256 = int64(len(half)), fmt.Sprintf("%x", sha256.Sum256(half))
	p.Open = func(context.Context, exchange.PackagedAsset) (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader(half)), nil
	}
	f, err := exchange.NewPackageFile(p)
	if err != nil {
		t.Fatal(err)
	}
	made, err := io.ReadAll(f.Open(t.Context()))
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// questionsStay holds what no package does to a bank, and who gets none of it.
func questionsStay(t *testing.T, w *apptest.World, author *apptest.Client, course courses.CourseID, zipped []byte) {
	t.Helper()
	was := opened(t, zipped).Questions
	in := func(name string, b []byte) map[string]any {
		return map[string]any{"asset": uploaded(t, w, author, name, b).ID, "code": "GOI-04", "owner": "SNV"}
	}
	swap := func(pairs ...string) []byte {
		return changed(t, zipped, strings.NewReplacer(pairs...).Replace)
	}
	bad, broken := in("loại lạ.zip", swap(`"true_false"`, `"html"`)), in("ảnh hỏng.zip", brokenPicture(t, zipped))
	before := counted(t, w)
	refused(t, author, "a question of an unknown type", "POST", "/api/studio/packages", bad, "assessment.bad_question")
	refused(t, author, "a picture that is none", "POST", "/api/studio/packages", broken, "media.wrong_content")
	if after := counted(t, w); after != before {
		t.Errorf("courses, files and questions were %s and are %s", before, after)
	}

	var made handlers.PackageView
	const nothing courses.ItemID = "01a00000-0000-7000-8000-000000000001"
	forged := in("sửa.zip", swap("Đảo xa nhất của thành phố?", "Đảo gần nhất của thành phố?", string(was[2].ID)+`"]`, string(nothing)+`"]`))
	author.Must("POST", "/api/studio/packages", forged, &made)
	fixed := made.Content.Modules[0].Lessons[1].Paper.Fixed
	if made.QuestionsAdded != 1 || made.QuestionsKnown != 10 || len(made.Missing) == 0 || fixed[0] != was[0].ID || fixed[2] == nothing || fixed[2] == was[2].ID {
		t.Errorf("of a package with one other question %d came and %d were there; it fixes %v and lacks %v", made.QuestionsAdded, made.QuestionsKnown, fixed, made.Missing)
	}
	for _, x := range was {
		var view handlers.BankItemView
		if author.Must("GET", "/api/items/"+string(x.ID), nil, &view); view.Number != 1 || view.Item.Text != x.Question.Text {
			t.Errorf("%s says %q in version %d now", x.Question.Text, view.Item.Text, view.Number)
		}
	}

	path := "/api/studio/courses/" + string(course)
	var d handlers.Draft
	author.Must("GET", path, nil, &d)
	author.Must("PUT", path+"/hands", hands(d.Hands.Keeper.ID, []string{"STP"}), nil)
	partner := w.SignIn(t, "xuatban")
	partner.Must("GET", path, nil, nil)
	refused(t, partner, "a co-owner who may not read the bank", "GET", path+"/package.zip", nil, "exchange.bank_closed")
}
