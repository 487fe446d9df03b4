package apptest_test

import (
	"fmt"
	"haidang/cmd/internal/apptest"
	"haidang/courses"
	"haidang/handlers"
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"
)

// sought is what words find, of one sort.
func sought(c *apptest.Client, sort, words string) handlers.SearchGroup {
	var view handlers.SearchView
	c.Must("GET", "/api/search?sort="+sort+"&q="+url.QueryEscape(words), nil, &view)
	return view.Groups[0]
}

// line writes a hit's pieces, with those that were looked for in brackets.
func line(list []handlers.Piece) string {
	var b strings.Builder
	for _, p := range list {
		if p.Mark {
			b.WriteString("[" + p.Text + "]")
		} else {
			b.WriteString(p.Text)
		}
	}
	return b.String()
}

// shown is the titles and excerpts of hits.
func shown(g handlers.SearchGroup) []string {
	list := []string{}
	for _, h := range g.Hits {
		list = append(list, line(h.Title)+" | "+line(h.Excerpt))
	}
	return list
}

// article is a lesson of paragraphs, and files that it offers.
func article(title string, blocks ...handlers.Block) handlers.Lesson {
	return handlers.Lesson{Kind: "article", Title: title, Minutes: 5, Blocks: blocks}
}

func sentence(text string) handlers.Block {
	return handlers.Block{Type: "paragraph", Text: []handlers.Inline{{Text: text}}}
}

func TestWordsFindTheMomentThePageAndTheFile(t *testing.T) {
	w := apptest.New(t)
	author, learner := w.SignIn(t, "tacgia"), w.SignIn(t, "hocvien")
	a, recording := uploaded(t, w, author, "Quy chế.pdf", paper(t, 3, "Trình tự giao đất bãi bồi ven sông.")), uploaded(t, w, author, "a.mp4", film(t))
	form := uploaded(t, w, author, "Mẫu tờ khai TP-01.pdf", paper(t, 1, "Kính gửi cơ quan."))
	for _, id := range []courses.AssetID{a.ID, form.ID} {
		if err := w.App.Services.Media.Transcode(t.Context(), id); err != nil {
			t.Fatal(err)
		}
	}
	author.Must("PUT", "/api/assets/"+string(recording.ID)+"/captions", map[string]any{"revision": 0, "cues": []handlers.Cue{
		{ToMs: 700, Text: "Xin <b>chào</b>\ncác đồng chí"}, {FromMs: 700, ToMs: 1500, Text: "Nộp lệ phí hộ"}, {FromMs: 1500, ToMs: 1900, Text: "tịch tại quầy số ba"},
	}}, nil)
	file := handlers.Block{Type: "file", Asset: form.ID, Text: []handlers.Inline{{Text: "Tờ khai đăng ký"}}}
	d := drafted(t, author, "DAT-01",
		handlers.Lesson{Kind: "document", Title: "Quy chế", Minutes: 200, Asset: a.ID}, handlers.Lesson{Kind: "video", Title: "Phim", Minutes: 5, Asset: recording.ID},
		article("Đăng ký lại khai sinh", sentence("Mất bản chính & sổ gốc <b>1</b>."), file))
	d.Content.Positions = []courses.PositionID{"CM-TP"}
	author.Must("PUT", "/api/studio/courses/"+string(d.Card.ID), map[string]any{"revision": d.Revision, "content": d.Content}, &d)
	w.Publish(t, author, &d, "")
	eventually(t, "what lessons say is found", func() bool { return len(sought(learner, "lesson", "dat bai boi").Hits) > 0 })

	for _, c := range []struct {
		sort, words string
		want        []string
	}{
		{"lesson", "dat bai boi", []string{"Quy chế | Trang 1. Trình tự giao [đất bãi bồi] ven sông."}},
		{"lesson", "ĐẤT BÃI BỒI", []string{"Quy chế | Trang 1. Trình tự giao [đất bãi bồi] ven sông."}},
		{"lesson", norm.NFD.String("đất bãi bồi"), []string{"Quy chế | Trang 1. Trình tự giao [đất bãi bồi] ven sông."}},
		{"lesson", "trang 3 trinh tu", []string{"Quy chế | [Trang 3]. [Trình tự] giao đất bãi bồi ven sông."}},
		{"lesson", "le phi ho tich", []string{"Phim | Xin chào các đồng chí Nộp [lệ phí hộ tịch] tại quầy số ba"}},
		{"lesson", "đăng ký lại khai sing", []string{"[Đăng ký lại khai sinh] | Tờ [khai đăng ký]"}},
		{"lesson", "ban chinh <b>1", []string{"Đăng ký lại khai sinh | Mất [bản chính] & sổ gốc <[b]>[1]</[b]>."}}, // no markup, whatever is typed,
		{"file", "mau to khai", []string{"[Tờ khai] đăng ký | [Mẫu tờ khai] TP-01.pdf"}},
		{"file", "TP-01", []string{"Tờ khai đăng ký | Mẫu tờ khai [TP]-[01].pdf"}},
		{"law", "129", []string{"[129]-TB/TU | "}},
		{"law", "thong bao 129-tb/tu", []string{"[129]-[TB]/[TU] | "}},
		{"course", "cong chuc tu phap ho tich", []string{"Thử | [Công chức Tư pháp]"}},
		{"course", "DAT-01", []string{"Thử | [DAT]-[01]"}},
		{"course", "khong co gi het", []string{}},
		{"lesson", "", []string{}},
		{"law", "\x01\x00 ,;", []string{}},
	} {
		got := shown(sought(learner, c.sort, c.words))
		if c.sort == "law" && len(got) == 1 && len(c.want) == 1 {
			got[0], _, _ = strings.Cut(got[0], "| ")
			got[0] += "| "
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s %q: %q, want %q", c.sort, c.words, got, c.want)
		}
	}
	if h := sought(learner, "lesson", "le phi ho tich").Hits[0]; h.AtMs != 700 || h.Of != "Thử" || h.Kind != "video" || h.Course != d.Card.ID {
		t.Errorf("the film is found as %+v", h)
	}
	if h := sought(learner, "lesson", "trang 3 trinh tu").Hits[0]; h.Page != 3 {
		t.Errorf("the page is found as %+v", h)
	}
	if h := sought(learner, "file", "mau to khai").Hits[0]; h.URL == "" || h.Lesson != d.Content.Modules[0].Lessons[2].ID {
		t.Errorf("the file is found as %+v", h)
	}
	if h := sought(learner, "law", "129-TB/TU").Hits[0]; h.State != "in_force" || h.Citing < 2 {
		t.Errorf("the notice is found as %+v", h)
	}
}

func TestWhatIsNotPublishedIsNeverFound(t *testing.T) {
	w := apptest.New(t)
	author, learner, other := w.SignIn(t, "tacgia"), w.SignIn(t, "hocvien"), w.SignIn(t, "nhansu")
	d := drafted(t, author, "CU-01", article("Bài giữ lại", sentence("Hải âu bay về tổ.")), article("Bài bỏ đi", sentence("Chim yến làm tổ.")))
	path := "/api/studio/courses/" + string(d.Card.ID)
	w.Publish(t, author, &d, "")
	lessons := func(c *apptest.Client, words string) string {
		return strings.Join(shown(sought(c, "lesson", words)), "; ")
	}
	eventually(t, "the first version is found", func() bool { return lessons(learner, "chim yen") != "" })
	learner.Must("POST", "/api/courses/"+string(d.Card.ID)+"/enrolment", nil, nil)

	content := d.Content
	content.Modules[0].Lessons = []handlers.Lesson{content.Modules[0].Lessons[0], article("Bài mới", sentence("Sao la trên núi."))}
	author.Must("PUT", path, map[string]any{"revision": d.Revision, "content": content}, &d)
	for _, c := range []*apptest.Client{author, learner} {
		if hits := lessons(c, "sao la tren nui"); hits != "" {
			t.Errorf("a draft is found: %s", hits)
		}
	}
	w.Publish(t, author, &d, "correction")
	eventually(t, "the second version is found", func() bool { return lessons(other, "sao la tren nui") != "" })
	if hits := lessons(other, "chim yen"); hits != "" {
		t.Errorf("a lesson of the first version is found: %s", hits)
	}
	for words, want := range map[string]bool{"sao la tren nui": false, "hai au": true} {
		if hits := lessons(learner, words); (hits != "") != want {
			t.Errorf("whoever learns the first version finds with %q: %q", words, hits)
		}
	}
	if hits := lessons(learner, "Ai có quyền ký chứng thực"); hits != "" {
		t.Errorf("questions of banks are found: %s", hits)
	}
}

func TestHitsComePageByPage(t *testing.T) {
	w := apptest.New(t)
	author, learner := w.SignIn(t, "tacgia"), w.SignIn(t, "hocvien")
	var list []handlers.Lesson
	for i := range 12 {
		list = append(list, article(fmt.Sprintf("Bài số %d", i), sentence("Con cá heo trắng.")))
	}
	d := drafted(t, author, "CA-01", list...)
	w.Publish(t, author, &d, "")
	eventually(t, "the lessons are found", func() bool { return sought(learner, "lesson", "ca heo trang").Total == 12 })
	var view handlers.SearchView
	learner.Must("GET", "/api/search?q=ca+heo+trang", nil, &view)
	if len(view.Groups) != 4 || len(view.Groups[1].Hits) != 5 || view.Groups[1].Next == "" {
		t.Fatalf("the first page has %+v", view.Groups)
	}
	seen := map[courses.LessonID]bool{}
	for after := ""; ; after = view.Groups[0].Next {
		learner.Must("GET", "/api/search?q=ca+heo+trang&sort=lesson&limit=5&after="+after, nil, &view)
		for _, h := range view.Groups[0].Hits {
			seen[h.Lesson] = true
		}
		if view.Groups[0].Next == "" {
			break
		}
	}
	if len(seen) != 12 {
		t.Errorf("%d of 12 lessons are listed", len(seen))
	}
	for _, query := range []string{"after=x", "after=-1", "after=99999999999999999999", "sort=people", "limit=0", "q=" + strings.Repeat("a", 10_000)} {
		if status, _ := learner.Do("GET", "/api/search?"+query, nil, nil); status != 422 {
			t.Errorf("?%.20s answers %d", query, status)
		}
	}
	refused(t, learner, "text of an old font", "GET", "/api/search?q="+url.QueryEscape("Hµ Néi, H¶i Phßng µn"), nil, "vietnamese.legacy_encoding")
	learner.Must("GET", "/api/search?q="+url.QueryEscape(strings.Repeat("ấ", 100))+"&after=500", nil, &view)
}
