package search_test

import (
	"fmt"
	"haidang/courses"
	"haidang/courses/catalog"
	"haidang/courses/vietnamese"
	"haidang/storage/search"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// course is a published course whose id is its code.
func course(code, title string, more ...func(*catalog.Newest)) catalog.Course {
	n := &catalog.Newest{Version: courses.VersionID(code + ".1"), Title: title}
	for _, change := range more {
		change(n)
	}
	return catalog.Course{ID: courses.CourseID(code), Code: code, Newest: n}
}

func shelf(t *testing.T) *search.Index {
	t.Helper()
	x := search.New()
	err := x.Put(t.Context(), []catalog.Course{
		course("HCC-01", "Tiếp công dân ở đặc khu", func(n *catalog.Newest) { n.Summary = "Kỹ năng lắng nghe." }),
		course("HT-07", "Hộ tịch: đăng ký khai sinh", func(n *catalog.Newest) { n.Modules = []string{"Chứng thực chữ ký"} }),
		course("TB129-01", "Chuyển đổi số ở xã", func(n *catalog.Newest) { n.Citations = []string{"129-TB/TU", "57-NQ/TW"} }),
		course("CG-01", "Lịch sử Cẩm Giang"),
		course("CG-02", "Lịch sử Cẩm Giàng"),
		course("QD-01", "Quyết định hành chính"),
		course("QH-01", "Quyền con người"),
	})
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func find(t *testing.T, x *search.Index, words string, limit int) []courses.CourseID {
	t.Helper()
	ids, err := x.Find(t.Context(), words, true, limit)
	if err != nil {
		t.Fatal(err)
	}
	return ids
}

func TestCoursesAreFoundHoweverTheWordsAreTyped(t *testing.T) {
	x := shelf(t)
	for _, c := range []struct {
		words string
		want  courses.CourseID
	}{
		{"Tiếp công dân", "HCC-01"},
		{"tiep cong dan", "HCC-01"},
		{"TIẾP CÔNG DÂN", "HCC-01"},
		{"dac khu", "HCC-01"},
		{"ĐẶC KHU", "HCC-01"},
		{"Tie\u0302\u0301p co\u0302ng da\u0302n", "HCC-01"},
		{"dân, tiếp!", "HCC-01"},
		{"“tiếp công dân”", "HCC-01"},
		{"tiếp - công dân", "HCC-01"},
		{"lang nghe", "HCC-01"},
		{"tie", "HCC-01"},
		{"cong ti", "HCC-01"}, // beginnings of words, in any order
		{"chuyen doi so", "TB129-01"},
		{"chuyn doi so", "TB129-01"},
		{"chuyeen đổi số", "TB129-01"},
		{"chuyem", "TB129-01"},
		{"khai sinh", "HT-07"},
		{"chung thuc", "HT-07"},
		{"HCC-01", "HCC-01"},
		{"hcc-01", "HCC-01"},
		{"hcc", "HCC-01"},
		{"tb129", "TB129-01"},
		{"129-TB/TU", "TB129-01"},
		{"129-tb/tu", "TB129-01"},
		{"129-TB", "TB129-01"},
		{"57-NQ/TW", "TB129-01"},
		{"129", "TB129-01"},
		{"129 tb tu", "TB129-01"},
		{"quyen dinh", "QD-01"}, // misspelt, though it is a word of another
		{"quyen", "QH-01"},
	} {
		if ids := find(t, x, c.words, 10); len(ids) == 0 || ids[0] != c.want {
			t.Errorf("%q finds %v, want %s first", c.words, ids, c.want)
		}
	}
}

func TestEveryWordHasToBeFound(t *testing.T) {
	x := shelf(t)
	for _, words := range []string{
		"tiep cong dan helicopter", "khong co gi het", "tiep khai", "999-TB/TU", "", "  ", ".,;!", "*", "-", "title:tiep", "tiep~2", "dam cong tiep", "\x00",
	} {
		if ids := find(t, x, words, 10); len(ids) != 0 {
			t.Errorf("%q finds %v", words, ids)
		}
	}
}

func TestWordsWithMarksFindThoseWithTheSameFirst(t *testing.T) {
	x := shelf(t)
	for _, c := range []struct {
		words string
		want  []courses.CourseID
	}{
		{"Cẩm Giang", []courses.CourseID{"CG-01", "CG-02"}},
		{"Cẩm Giàng", []courses.CourseID{"CG-02", "CG-01"}},
		{"cẩm giàng", []courses.CourseID{"CG-02", "CG-01"}},
	} {
		if ids := find(t, x, c.words, 10); !slices.Equal(ids, c.want) {
			t.Errorf("%q finds %v, want %v", c.words, ids, c.want)
		}
	}
	ids := find(t, x, "cam giang", 10)
	if slices.Sort(ids); !slices.Equal(ids, []courses.CourseID{"CG-01", "CG-02"}) {
		t.Errorf("without marks both are meant, found are %v", ids)
	}
	if ids := find(t, x, "lich su", 1); len(ids) != 1 {
		t.Errorf("at most one is asked for, found are %v", ids)
	}
}

func TestTheTitleCountsMoreThanTheRest(t *testing.T) {
	x := shelf(t)
	if err := x.Put(t.Context(), []catalog.Course{
		course("A", "Nói về việc khác", func(n *catalog.Newest) { n.Summary = "Có nhắc đến dân vận." }),
		course("B", "Dân vận khéo"),
	}); err != nil {
		t.Fatal(err)
	}
	if ids := find(t, x, "dan van", 10); len(ids) != 2 || ids[0] != "B" {
		t.Errorf("found are %v", ids)
	}
}

func TestOfTwoThatAreAsGoodTheNewerComesFirst(t *testing.T) {
	x := search.New()
	on := func(day int) func(*catalog.Newest) {
		return func(n *catalog.Newest) { n.At = time.Date(2026, 11, day, 0, 0, 0, 0, time.UTC) }
	}
	if err := x.Put(t.Context(), []catalog.Course{
		course("B", "Dân vận khéo", on(2)), course("C", "Dân vận ở thôn", on(3)), course("A", "Công tác dân vận", on(1)),
	}); err != nil {
		t.Fatal(err)
	}
	if ids := find(t, x, "dan van", 10); !slices.Equal(ids, []courses.CourseID{"C", "B", "A"}) {
		t.Errorf("found are %v", ids)
	}
}

func TestATonesPlaceMakesNoOtherWord(t *testing.T) {
	x := search.New()
	if err := x.Put(t.Context(), []catalog.Course{course("A", "Thúy Thuy"), course("B", "Bến Thủy")}); err != nil {
		t.Fatal(err)
	}
	for _, words := range []string{"Thủy", "Thuỷ", "thu\u0309y"} {
		if ids := find(t, x, words, 10); !slices.Equal(ids, []courses.CourseID{"B", "A"}) {
			t.Errorf("%q finds %v", words, ids)
		}
	}
}

func TestANewVersionTakesThePlaceOfTheOld(t *testing.T) {
	x := shelf(t)
	renamed := course("HT-07", "Lý lịch tư pháp", func(n *catalog.Newest) { n.Version = "HT-07.2" })
	for range 2 {
		if err := x.Put(t.Context(), []catalog.Course{renamed}); err != nil {
			t.Fatal(err)
		}
	}
	if ids := find(t, x, "khai sinh", 10); len(ids) != 0 {
		t.Errorf("the old title finds %v", ids)
	}
	if ids := find(t, x, "ly lich tu phap", 10); !slices.Equal(ids, []courses.CourseID{"HT-07"}) {
		t.Errorf("the new title finds %v", ids)
	}
	if err := x.Put(t.Context(), nil); err != nil {
		t.Errorf("nothing to put: %v", err)
	}
}

// says is one lesson of a course, whose id is its title.
func says(title string, lines ...string) catalog.Text {
	t := catalog.Text{Lesson: courses.LessonID(title), Kind: catalog.Article, Title: title}
	for i, line := range lines {
		t.Passages = append(t.Passages, catalog.Passage{At: int64(i), Text: line})
	}
	return t
}

func put(t *testing.T, x *search.Index, course courses.CourseID, texts ...catalog.Text) {
	t.Helper()
	if err := x.PutTexts(t.Context(), course, texts); err != nil {
		t.Fatal(err)
	}
}

func spoken(t *testing.T) *search.Index {
	t.Helper()
	x := shelf(t)
	put(t, x, "HCC-01", says("Đón tiếp", "Người dân đến khai báo.", "Sinh viên cũng đến. Lệ phí hộ tịch: miễn."))
	put(t, x, "CG-01", says("Chuyện cũ"), says("Ngày nay", strings.Repeat("Đăng ký khai sinh ở xã. ", 3)+"Thẩm quyền, trình tự."))
	put(t, x, "QD-01", says("Tác phong", "Trang phục khi làm việc.", "Ngồi dưới đất.", "Đại biểu."))
	put(t, x, "QH-01", says("Tác phong", "Trang phục, thẻ công chức."))
	put(t, x, "CG-02", says("Quá hạn", "Việc khai sinh quá hạn; giấy CHỨNG SINH."))
	return x
}

func TestWhatLessonsSayFindsTheCourseBehindThoseWithTheWordsInTheirTitles(t *testing.T) {
	x := spoken(t)
	for words, want := range map[string][]courses.CourseID{
		"khai sinh":          {"HT-07", "CG-01", "CG-02"}, // the title, then those that say it most
		"Khai Sinh":          {"HT-07", "CG-01", "CG-02"},
		"trang phuc":         {"QH-01", "QD-01"}, // as often: the later one first
		"le phi ho tich":     {"HCC-01"},
		"lệ phí":             {"HCC-01"},
		"giay chung sinh":    {"CG-02"},
		"trình tự":           {"CG-01"},
		"dang ky khai sinh":  {"HT-07", "CG-01"},
		"mien khai bao":      {"HCC-01"}, // all of it, though not one after the other
		"trinh tu tham quen": {"CG-01"},  // a typo, where nothing else is found
		"khai tru":           nil,
	} {
		if ids := find(t, x, words, 10); !slices.Equal(ids, want) {
			t.Errorf("%q finds %v, want %v", words, ids, want)
		}
	}
	if ids := find(t, x, "khai sinh", 2); !slices.Equal(ids, []courses.CourseID{"HT-07", "CG-01"}) {
		t.Errorf("at most two are asked for, found are %v", ids)
	}
	put(t, x, "CG-01", says("Ngày nay", "Nay nói về việc khác."))
	if ids := find(t, x, "khai sinh", 10); !slices.Equal(ids, []courses.CourseID{"HT-07", "CG-02"}) {
		t.Errorf("after a correction found are %v", ids)
	}
}

// lessons is the places that words find, as "course lesson file".
func lessons(t *testing.T, x *search.Index, words string, limit int) []string {
	t.Helper()
	places, err := x.FindTexts(t.Context(), vietnamese.Ask(words), limit)
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, p := range places {
		list = append(list, strings.TrimSpace(fmt.Sprintf("%s %s %s", p.Course, p.Lesson, p.File)))
	}
	return list
}

func TestWordsFindTheLessonThatSaysThem(t *testing.T) {
	x := spoken(t)
	film := catalog.Text{Lesson: "Phim", Kind: catalog.Video, Title: "Ở trụ sở", Passages: []catalog.Passage{{At: 1500, Text: "nộp hồ sơ đất"}, {At: 4000, Text: "đai tại xã"}}}
	heads := says("Quy trình", "Đăng ký khai sinh")
	heads.Passages[0].Head = true
	put(t, x, "HT-07", film, heads, catalog.Text{Lesson: "Quy trình", File: "to-khai", Kind: catalog.Attachment, Title: "Tờ khai.docx"})
	for words, want := range map[string][]string{
		"khai sinh":            {"HT-07 Quy trình", "CG-01 Ngày nay", "CG-02 Quá hạn"}, // a heading first
		"KHAI SINH":            {"HT-07 Quy trình", "CG-01 Ngày nay", "CG-02 Quá hạn"},
		"dat dai":              {"HT-07 Phim"}, // goes on from one moment to the next
		"đất đai":              {"HT-07 Phim"},
		"to khai":              {"HT-07 Quy trình to-khai"},
		"lệ phí tịch":          {"HCC-01 Đón tiếp"}, // two of them are neighbours
		"cong chuk":            {"QH-01 Tác phong"}, // misspelt
		"cognv chuc":           nil,                 // two typos are too many
		"thẻ côn":              {"QH-01 Tác phong"}, // not typed to its end
		"bao sinh":             {"HCC-01 Đón tiếp"}, // in two paragraphs, so only when nothing else has them
		"tac phong":            {"QH-01 Tác phong", "QD-01 Tác phong"},
		"trang phuc khoang":    nil,
		"":                     nil,
		"\x00 .,;":             nil,
		"trang phu\u0323c the": {"QH-01 Tác phong"},
	} {
		if got := lessons(t, x, words, 10); !slices.Equal(got, want) {
			t.Errorf("%q finds %q, want %q", words, got, want)
		}
	}
	if got := lessons(t, x, "khai sinh", 1); len(got) != 1 {
		t.Errorf("at most one is asked for, found are %v", got)
	}
	text, there := x.Text(t.Context(), catalog.Place{Course: "HT-07", Lesson: "Phim"})
	if !there || !reflect.DeepEqual(text, film) {
		t.Errorf("the text came back as %+v", text)
	}
	if _, there := x.Text(t.Context(), catalog.Place{Course: "HT-07", Lesson: "Đón tiếp"}); there {
		t.Error("a lesson of another course is there")
	}
}

func TestManySearchWhileOthersPublish(t *testing.T) {
	x := shelf(t)
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Go(func() {
			for j := range 25 {
				code := fmt.Sprintf("N-%d-%d", i, j)
				if err := x.Put(t.Context(), []catalog.Course{course(code, "Bài mới "+code)}); err != nil {
					t.Error(err)
				}
				if ids, err := x.Find(t.Context(), code, true, 1); err != nil || len(ids) != 1 || ids[0] != courses.CourseID(code) {
					t.Errorf("%s, just published, is found as %v, %v", code, ids, err)
				}
			}
		})
	}
	wg.Wait()
	if ids := find(t, x, "bai moi", 200); len(ids) != 100 {
		t.Errorf("%d of 100 are found", len(ids))
	}
}
