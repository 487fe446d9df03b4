package vietnamese_test

import (
	"errors"
	"haidang/courses/vietnamese"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"
)

func TestTextIsKeptInOneForm(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"decomposed text", norm.NFD.String("Thủy Nguyên"), "Thủy Nguyên"},
		{"no-break and double spaces", "  Bạch\u00a0Long   Vĩ ", "Bạch Long Vĩ"},
		{"invisible characters", "\ufeffCát\u200b Hải", "Cát Hải"},
		{"a broken byte", "Đồ\xff Sơn", "Đồ Sơn"},
		{"an ethnic name with an apostrophe", "H'Hen Niê", "H'Hen Niê"},
		{"a French name with one suspicious pair", "Noël Huệ", "Noël Huệ"},
		{"a trademark", "Windows® 11", "Windows® 11"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got, err := vietnamese.Clean(c.in); err != nil || got != c.want {
				t.Errorf("Clean(%q) = %q, %v; want %q", c.in, got, err, c.want)
			}
		})
	}
}

func TestLegacyFontsAreRefused(t *testing.T) {
	for _, in := range []string{"Céng hßa x· héi chñ nghÜa ViÖt Nam: H¶i Phßng, Hµ Néi, §é¬n vÞ µn", "Haø Noäi, Haûi Phoøng", "Nguyeãn Vaên Teøo"} {
		if _, err := vietnamese.Clean(in); !errors.Is(err, vietnamese.ErrLegacyEncoding) {
			t.Errorf("Clean(%q): %v, want a refusal", in, err)
		}
	}
}

func TestSearchKeysFold(t *testing.T) {
	for in, want := range map[string]string{
		"Đặc khu Bạch Long Vĩ":        "dac khu bach long vi",
		"ĐẶNG":                        "dang",
		norm.NFD.String("Cẩm Giàng"):  "cam giang",
		"Cẩm Giang":                   "cam giang",
		"Phường Thuỷ Nguyên":          "phuong thuy nguyen",
		"129-TB/TU":                   "129-tb/tu",
		"Nghị  quyết\u00a0về ƯU TIÊN": "nghi quyet ve uu tien",
	} {
		if got := vietnamese.SearchKey(in); got != want {
			t.Errorf("SearchKey(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestFoldingNeverDecidesAnIdentity(t *testing.T) {
	if vietnamese.ToneKey("Cẩm Giang") == vietnamese.ToneKey("Cẩm Giàng") {
		t.Error("Cẩm Giang and Cẩm Giàng are two communes")
	}
}

func TestTwoSpellingsOfATonePlaceAreOne(t *testing.T) {
	for _, c := range [][2]string{
		{"Thủy Nguyên", "Thuỷ Nguyên"}, {"Hòa Bình", "Hoà Bình"}, {"Khỏe", "Khoẻ"}, {"Lê Quý Đôn", "Lê Quý Đôn"}, {"Hoàn", "Hoàn"},
	} {
		if a, b := vietnamese.ToneKey(c[0]), vietnamese.ToneKey(c[1]); a != b {
			t.Errorf("%q and %q have keys %q and %q", c[0], c[1], a, b)
		}
	}
	if got := vietnamese.ToneKey("Quý"); got != "quý" {
		t.Errorf("after q the y keeps its tone, got %q", got)
	}
}

func TestMarksAreSeen(t *testing.T) {
	for in, want := range map[string]bool{"bach long vi": false, "Bạch": true, "đảo": true, "Dao": false, "": false} {
		if got := vietnamese.HasMarks(in); got != want {
			t.Errorf("HasMarks(%q) = %v", in, got)
		}
	}
}

func TestNamesHaveParts(t *testing.T) {
	for in, want := range map[string]vietnamese.Name{
		"Nguyễn Thị Minh Khai": {Family: "Nguyễn", Middle: "Thị Minh", Given: "Khai"},
		"Tuấn":                 {Given: "Tuấn"},
		"H'Hen Niê":            {Family: "H'Hen", Given: "Niê"},
		"Tôn Nữ Thị Ngọc Anh":  {Family: "Tôn", Middle: "Nữ Thị Ngọc", Given: "Anh"},
		"":                     {},
	} {
		if got := vietnamese.SplitName(in); got != want {
			t.Errorf("SplitName(%q) = %+v, want %+v", in, got, want)
		}
	}
}

func TestNamesSortAsTheDictionaryDoes(t *testing.T) {
	want := []string{"An", "Anh", "Ánh", "Ăn", "Ân", "Bình", "Dũng", "Đạt", "Em", "Êm", "Oanh", "Ông", "Ơn", "Uyên", "Ước", "Yến"}
	got := slices.Clone(want)
	slices.Reverse(got)
	slices.SortFunc(got, func(a, b string) int { return strings.Compare(vietnamese.SortKey(a), vietnamese.SortKey(b)) })
	if !slices.Equal(got, want) {
		t.Errorf("sorted %v\n  want %v", got, want)
	}
}

func TestPeopleSortByGivenThenFamilyThenMiddleName(t *testing.T) {
	want := []string{"Trần Văn An", "Lê Thị Ánh", "Đỗ Ân", "Phạm Dũng", "Bùi Minh Đạt", "Nguyễn Đạt", "Nguyễn Văn Đạt"}
	got := slices.Clone(want)
	slices.Reverse(got)
	slices.SortFunc(got, func(a, b string) int {
		return strings.Compare(vietnamese.SplitName(a).SortKey(), vietnamese.SplitName(b).SortKey())
	})
	if !slices.Equal(got, want) {
		t.Errorf("sorted %v\n  want %v", got, want)
	}
}

func TestFoldingTwiceIsFoldingOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "text")
		if key := vietnamese.SearchKey(s); vietnamese.SearchKey(key) != key {
			t.Fatalf("key %q folds again to %q", key, vietnamese.SearchKey(key))
		}
		if clean, err := vietnamese.Clean(s); err == nil {
			if again, err := vietnamese.Clean(clean); err != nil || again != clean {
				t.Fatalf("%q cleans again to %q, %v", clean, again, err)
			}
		}
	})
}

func TestOfficialDatesAndNumbers(t *testing.T) {
	if got := vietnamese.LongDate("2026-02-05"); got != "ngày 05 tháng 02 năm 2026" {
		t.Error(got)
	}
	if got := vietnamese.LongDate("2026-11-24"); got != "ngày 24 tháng 11 năm 2026" {
		t.Error(got)
	}
	if got := vietnamese.ShortDate("2026-11-04"); got != "04/11/2026" {
		t.Error(got)
	}
	for in, want := range map[int64]string{0: "0", 999: "999", 1000: "1.000", 1234567: "1.234.567", -1234: "-1.234"} {
		if got := vietnamese.Number(in); got != want {
			t.Errorf("Number(%d) = %q", in, got)
		}
	}
}

func TestNumbersAreReadAsVietnameseWriteThem(t *testing.T) {
	for text, want := range map[string]float64{
		"1.234,5": 1234.5, "1234.5": 1234.5, "1,234.5": 1234.5, "1.234": 1234, "0.123": 0.123, "12,5": 12.5, " −3 ": -3, "1.234.567": 1234567,
		"1 234,5": 1234.5, "0,1": 0.1, "1e3": 1000, "-1.234": -1234,
	} {
		if got, ok := vietnamese.ReadNumber(text); !ok || got != want {
			t.Errorf("%q is read as %v, %v, want %v", text, got, ok, want)
		}
	}
	for _, text := range []string{"", "một", "NaN", "Inf", "0x10", "1_000", "1,2,3.4.5", "1e9999", "--1", "5 m²"} {
		if got, ok := vietnamese.ReadNumber(text); ok {
			t.Errorf("%q is read as %v", text, got)
		}
	}
}
