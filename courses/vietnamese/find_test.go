package vietnamese_test

import (
	"haidang/courses/vietnamese"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"
)

func TestAWordIsFoundWhereItStands(t *testing.T) {
	for text, want := range map[string]string{
		"Đăng ký khai sinh.":                   "dang ky khai sinh",
		"129-TB/TU":                            "129 tb tu",
		"Nghị định 30/2020/NĐ-CP":              "nghi dinh 30 2020 nd cp",
		norm.NFD.String("Cẩm Giàng"):           "cam giang",
		"\u0301 a\u0301\u0323b \xff—c\x00d 🙂e": "ab c d e",
		"": "",
	} {
		var keys []string
		for _, w := range vietnamese.Split(text) {
			keys = append(keys, w.Key)
		}
		if got := strings.Join(keys, " "); got != want {
			t.Errorf("%q has the words %q, want %q", text, got, want)
		}
	}
}

func TestOneTypoIsForgivenInLongWords(t *testing.T) {
	for _, c := range []struct {
		asked, word string
		want        bool
	}{
		{"chuyen", "chuyne", true},
		{"chuyen", "chuyn", true},
		{"chuyen", "chuuyen", true},
		{"chuyen", "chuyem", true},
		{"huyen", "chuyen", true},
		{"chuyen", "chuyen", false}, // that is the word
		{"chuyen", "cuhyne", false},
		{"chuyen", "chu", false},
		{"dan", "dang", false}, // short ones differ by a letter from many others
		{"2020", "2021", false},
		{"dang", "dan", true},
	} {
		if got := vietnamese.Near(c.asked, c.word); got != c.want {
			t.Errorf("%s for %s: %v", c.asked, c.word, got)
		}
	}
}

// shown writes what was found between brackets.
func shown(m vietnamese.Marked) string {
	var b strings.Builder
	last := 0
	for _, s := range m.Marks {
		b.WriteString(m.Text[last:s.From] + "[" + m.Text[s.From:s.To] + "]")
		last = s.To
	}
	return b.String() + m.Text[last:]
}

func TestWhatIsAskedForIsMarkedWithItsMarks(t *testing.T) {
	for _, c := range []struct{ words, text, want string }{
		{"khai sinh", "Đăng ký khai sinh, khai tử", "Đăng ký [khai sinh], [khai] tử"},
		{"KHAI SINH", "Sinh viên ở Bình Định", "[Sinh] viên ở Bình Định"}, // Bình is one letter off, but Sinh is there
		{"129", "Thông báo 129-TB/TU", "Thông báo [129]-TB/TU"},
		{"nd 30/2020", "Nghị định 30/2020/NĐ-CP", "Nghị định [30]/[2020]/[NĐ]-CP"},
		{"thong boa", "Thông báo", "[Thông] báo"},
		{"chuyn doi", "Chuyển đổi số", "[Chuyển đổi] số"},
		{"chuyển đ", "Chuyển đổi số", "[Chuyển] đổi số"}, // one letter begins too much
		{"chuyển đô", "Chuyển đổi số", "[Chuyển đổi] số"},
		{"<b>", "a <b>c</b>", "a <[b]>c</[b]>"},
	} {
		if m, _ := vietnamese.Ask(c.words).Mark(c.text); shown(m) != c.want {
			t.Errorf("%q in %q: %q, want %q", c.words, c.text, shown(m), c.want)
		}
	}
}

func TestAnExcerptShowsWhereMostStandsTogether(t *testing.T) {
	long := strings.Repeat("Khai báo thường lệ ở đây. ", 9) + "Lệ phí đăng ký khai sinh được miễn. " + strings.Repeat("Còn lại là việc khác. ", 9)
	m, at := vietnamese.Ask("le phi khai sinh").Excerpt(long, "")
	if want := "… ở đây. [Khai] báo thường [lệ] ở đây. [Lệ phí] đăng ký [khai sinh] được miễn."; !strings.HasPrefix(shown(m), want) || !strings.HasSuffix(m.Text, " …") {
		t.Errorf("%q at %d", shown(m), at)
	}
	if !strings.HasPrefix(long[at:], "Lệ phí") {
		t.Errorf("it is said to stand at %q", long[at:])
	}
	if m, at := vietnamese.Ask("moc").Excerpt("Một dòng.\nHai dòng.", ""); m.Text != "Một dòng." || at != 0 || m.Marks != nil {
		t.Errorf("of what is not there %q is shown", shown(m))
	}
	if m, _ := vietnamese.Ask("dong hai").Excerpt("Một dòng.\nHai dòng.\nBa.", ""); shown(m) != "[Hai dòng]." {
		t.Errorf("of three lines %q is shown", shown(m))
	}
	if m, _ := vietnamese.Ask("sinh").Excerpt("Ở Bình Định", "Khai sinh"); len(m.Marks) > 0 {
		t.Errorf("what stands in the title is taken for %q", shown(m))
	}
}

// anyText is text as people and machines write it.
func anyText(t *rapid.T, name string) string {
	syllables := []string{"Đăng", "ký", "khai", "sinh", "hộ", "tịch", "129-TB/TU", "30/2020/NĐ-CP", norm.NFD.String("Giàng"), "🙂", "\u0301", "İ", "ß", "\xff", "\n", "—", "chuyển", "chuyen", "CHUYỂN", "\x00"}
	one := rapid.OneOf(rapid.SampledFrom(syllables), rapid.String())
	return strings.Join(rapid.SliceOfN(one, 0, 60).Draw(t, name), rapid.SampledFrom([]string{" ", "", "  "}).Draw(t, "between"))
}

func TestMarksAreAlwaysPartsOfTheText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q, text := vietnamese.Ask(anyText(t, "words")), anyText(t, "text")
		whole, _ := q.Mark(text)
		piece, at := q.Excerpt(text, anyText(t, "title"))
		if at < 0 || at > len(text) || whole.Text != text {
			t.Fatalf("at %d of %d", at, len(text))
		}
		if inner := strings.TrimSuffix(strings.TrimPrefix(piece.Text, "… "), " …"); !strings.Contains(text, inner) {
			t.Fatalf("%q is no part of %q", inner, text)
		}
		for _, m := range []vietnamese.Marked{whole, piece} {
			last := 0
			for _, s := range m.Marks {
				if s.From < last || s.To <= s.From || s.To > len(m.Text) || !utf8.RuneStart(m.Text[s.From]) {
					t.Fatalf("marks %v in %q", m.Marks, m.Text)
				}
				last = s.To
				for _, w := range vietnamese.Split(m.Text[s.From:s.To]) {
					if !slices.ContainsFunc(q, func(asked string) bool {
						return w.Key == asked || vietnamese.Near(asked, w.Key) || asked == q[len(q)-1] && strings.HasPrefix(w.Key, asked)
					}) {
						t.Fatalf("%q is marked for %q", m.Text[s.From:s.To], q)
					}
				}
			}
		}
	})
}

func TestAWordKeepsItsKeyHoweverItIsWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.RuneFrom([]rune("aăâbcdđeêghiklmnoôơpqrstuưvxyàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệÀĐƯỢ0129"))).Draw(t, "word")
		want := vietnamese.SearchKey(text)
		for _, form := range []string{text, norm.NFD.String(text), strings.ToUpper(text)} {
			if q := vietnamese.Ask(form); text != "" && (len(q) != 1 || q[0] != want) {
				t.Fatalf("%q is looked for as %q, want %q", form, q, want)
			}
		}
	})
}
