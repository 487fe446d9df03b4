package vietnamese_test

import (
	"haidang/courses/vietnamese"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"
)

func TestCitationsNameArticlesHoweverTheyAreTyped(t *testing.T) {
	for citation, want := range map[string]string{
		"Điều 5":                    "Điều 5",
		"điều 5":                    "Điều 5",
		"ĐIỀU 5.":                   "Điều 5",
		"Dieu 5":                    "Điều 5",
		"Đ.5":                       "Điều 5",
		"Đ5":                        "Điều 5",
		"đ. 05":                     "Điều 5",
		norm.NFD.String("Điều 5"):   "Điều 5",
		"khoản 2 Điều 5":            "Điều 5",
		"Điều 5, khoản 2":           "Điều 5",
		"điểm d khoản 1, 2 Điều 15": "Điều 15",
		"điểm đ khoản 2 Đ.5":        "Điều 5",
		"điểm đ 2":                  "",
		"Điều 5a":                   "Điều 5a",
		"Điều 5Đ":                   "Điều 5đ",
		"Điều 5d":                   "Điều 5d",
		"các Điều 5, 7 và 9":        "Điều 5|Điều 7|Điều 9",
		"Điều 5 và Điều 7":          "Điều 5|Điều 7",
		"Điều 5–7":                  "Điều 5|Điều 6|Điều 7",
		"từ Điều 5 đến Điều 7":      "Điều 5|Điều 6|Điều 7",
		"Điều 7 đến 5":              "Điều 7",
		"Điều 5, 118/2025/NĐ-CP":    "Điều 5",
		"Điều 5 Nghị định 118/2025/NĐ-CP":     "Điều 5",
		"Mục 1 Phần II":                       "Mục 1|Phần II",
		"muc ii":                              "Mục II",
		"Chương III, Điều 20":                 "Chương III|Điều 20",
		"Phụ lục I":                           "Phụ lục I",
		"phu luc 2":                           "Phụ lục 2",
		"mức 2":                               "",
		"tiểu mục 2":                          "",
		"danh mục 2":                          "",
		"Điều":                                "",
		"Điều 0":                              "",
		"khoản 2":                             "",
		"":                                    "",
		"Điều 1 đến Điều 9999":                "Điều 1|Điều 9999",
		"118/2025/NĐ-CP, QĐ 5, ngày 1/7/2025": "",
	} {
		if got := strings.Join(vietnamese.Articles(citation), "|"); got != want {
			t.Errorf("%q names %q, want %q", citation, got, want)
		}
	}
}

func TestALineOfContentsIsALabelAndATitle(t *testing.T) {
	for line, want := range map[string][2]string{
		"Điều 5. Thẩm quyền của Ủy ban nhân dân cấp xã": {"Điều 5", "Thẩm quyền của Ủy ban nhân dân cấp xã"},
		"  dieu 05: Thẩm quyền":                         {"Điều 5", "Thẩm quyền"},
		"Điều 5 Thẩm quyền":                             {"Điều 5", "Thẩm quyền"},
		"Đ.5 – Thẩm quyền":                              {"Điều 5", "Thẩm quyền"},
		"ĐIỀU 5A.":                                      {"Điều 5a", ""},
		"Mục II":                                        {"Mục II", ""},
		"Phụ lục I. Biểu mẫu 01-TP":                     {"Phụ lục I", "Biểu mẫu 01-TP"},
		"Thẩm quyền, Điều 5":                            {},
		"“Điều 5. Thẩm quyền”":                          {},
		"khoản 2 Điều 5":                                {},
		"Điều năm":                                      {},
		"Điều 5/2025":                                   {},
		"":                                              {},
	} {
		label, title, found := vietnamese.Article(line)
		if [2]string{label, title} != want || found != (want[0] != "") {
			t.Errorf("%q is %q and %q, want %q", line, label, title, want)
		}
	}
}

func TestALabelNamesItself(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		line := rapid.StringOf(rapid.RuneFrom([]rune(" 0123456789.,;:-–đĐdiềuMụcIVXaÁ\u0300/"))).Draw(t, "line")
		label, title, found := vietnamese.Article("Điều " + line)
		if !found {
			return
		}
		if got := vietnamese.Articles(label); !slices.Equal(got, []string{label}) {
			t.Fatalf("the label %q of %q names %q", label, line, got)
		}
		if again, same, _ := vietnamese.Article(label + ". " + title); again != label || same != title {
			t.Fatalf("%q is written as %q and %q, then as %q and %q", line, label, title, again, same)
		}
	})
}
