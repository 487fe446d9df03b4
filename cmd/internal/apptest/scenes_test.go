package apptest_test

import (
	"haidang/cmd/internal/apptest"
	"haidang/courses"
	"haidang/courses/media"
	"haidang/handlers"
	"slices"
	"strings"
	"testing"
)

func hotspotOn(picture courses.AssetID) map[string]any {
	place := func(text string, right bool, y int) map[string]any {
		return map[string]any{"text": text, "right": right, "area": map[string]any{"x": 1000, "y": y, "width": 3000, "height": 800}}
	}
	return map[string]any{
		"type": "hotspot", "text": "Người dân ký ở đâu?", "topic": "Hình", "difficulty": "easy", "note": "Vì mẫu nói vậy.",
		"picture": map[string]any{"asset": picture, "alt": "Tờ khai có ba ô"}, "options": []any{place("Ô DƯỚI", true, 9000), place("Ô giữa", false, 5000), place("Ô trên", false, 0)},
	}
}

func scenario() map[string]any {
	way := func(text string, points, next int) map[string]any {
		return map[string]any{"text": text, "then": "Sau đó: " + text, "points": points, "next": next}
	}
	return map[string]any{
		"type": "scenario", "text": "Bạn trực ở bộ phận một cửa.", "topic": "Hình", "difficulty": "easy", "scenes": []any{
			map[string]any{"text": "Người dân chờ lâu.", "choices": []any{way("XIN LỖI", 37, 2), way("Im lặng", 0, 2), way("Về nhà", 0, 0)}},
			map[string]any{"text": "Hồ sơ thiếu một giấy.", "choices": []any{way("Trả lại", 11, 0), way("HƯỚNG DẪN", 59, 0)}},
		},
	}
}

// bestOf is the answer that gets all points.
func bestOf(q handlers.AskedQuestion) map[string]any {
	if q.Type == "hotspot" {
		return map[string]any{"chosen": []int{slices.Index(q.Options, "Ô DƯỚI")}}
	}
	var path []int
	for i, text := range []string{"XIN LỖI", "HƯỚNG DẪN"} {
		path = append(path, slices.IndexFunc(q.Scenes[i].Choices, func(c handlers.AskedChoice) bool { return c.Text == text }))
	}
	return map[string]any{"chosen": path}
}

func TestAPictureIsShownToWhomItsQuestionIsAsked(t *testing.T) {
	w := apptest.New(t)
	author, learner, other := w.SignIn(t, "tacgia"), w.SignIn(t, "hocvien"), w.SignIn(t, "lanhdao")
	picture := uploaded(t, w, author, "Mẫu.png", drawn(t, 600, 400)).ID
	foreign := keptFor(t, w, "STP", "Của sở khác.png", drawn(t, 60, 40)).ID
	const unready courses.AssetID = "0190a000-0000-7000-8000-000000000001"
	if err := w.App.DB.Media().InsertAsset(t.Context(), media.Asset{ID: unready, Owner: "SNV", Name: "a.png", Kind: media.Image, State: media.Uploaded}); err != nil {
		t.Fatal(err)
	}
	for _, wrong := range []courses.AssetID{foreign, unready, nobodysID} {
		refused(t, author, "a question on the picture "+string(wrong), "POST", "/api/banks/SNV/items", hotspotOn(wrong), "assessment.bad_question")
	}
	author.Must("POST", "/api/banks/SNV/items", hotspotOn(picture), nil)
	author.Must("POST", "/api/banks/SNV/items", scenario(), nil)
	course, lessons := quizCourse(t, w, "KT-09", map[string]any{"draws": []any{map[string]any{"topic": "Hình", "count": 2}}})

	form := w.URL + "/media/" + string(picture) + "/w480.webp"
	reads := func(c *apptest.Client, url string) int { return ask(t, c.HTTP, "GET", url, "").Status }
	if got := []int{reads(learner, form), reads(w.SignIn(t, "thamdinh"), form), reads(w.SignIn(t, "xuatban"), form)}; !slices.Equal(got, []int{403, 200, 403}) {
		t.Errorf("before an attempt a learner, the bank's reviewer and another department get %v", got)
	}
	a, _ := began(t, learner, course, lessons[1].ID)
	source := strings.Replace(form, "w480.webp", "source", 1)
	asset := w.URL + "/api/assets/" + string(picture)
	if got := []int{reads(learner, form), reads(learner, source), reads(learner, asset), reads(other, form)}; !slices.Equal(got, []int{200, 403, 403, 403}) {
		t.Errorf("with an attempt its learner gets the picture, its source and its facts, and another the picture, with %v", got)
	}

	path := "/api/attempts/" + string(a.ID)
	shown := ask(t, learner.HTTP, "GET", w.URL+path, "")
	for _, secret := range []string{`"right"`, `"note"`, `"score"`, `"points"`, "Mẫu.png"} {
		if strings.Contains(string(shown.Body), secret) {
			t.Errorf("an open attempt tells %s: %s", secret, shown.Body)
		}
	}
	var answers []any
	for i, q := range a.Questions {
		answers = append(answers, sent(w, i, i+1, bestOf(q)))
		if q.Type == "hotspot" && (q.Picture == nil || q.Picture.Alt == "" || q.Picture.Width != 600 || len(q.Areas) != 3 || len(q.Picture.Forms) < 2 || w.URL+q.Picture.Forms[0].URL != form) {
			t.Errorf("the picture is shown as %+v with %v", q.Picture, q.Areas)
		}
	}
	learner.Must("POST", path+"/answers", map[string]any{"seal": a.Seal, "answers": answers}, nil)
	learner.Must("POST", path+"/submission", nil, &a)
	if a.ScoreBp != 10_000 {
		t.Errorf("the best answers get %d", a.ScoreBp)
	}
	for _, q := range a.Questions {
		if q.Right == nil || !slices.Equal(q.Right.Chosen, bestOf(q)["chosen"].([]int)) { //nolint:forcetypeassert // as bestOf made it
			t.Errorf("of %s as right is shown %+v", q.Type, q.Right)
		}
		if q.Type == "scenario" && (q.Scenes[0].Choices[0].Points == nil || q.Scenes[1].Text != "Hồ sơ thiếu một giấy.") {
			t.Errorf("afterwards the scenes are %+v", q.Scenes)
		}
	}
}
