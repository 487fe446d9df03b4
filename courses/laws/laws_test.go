package laws

import (
	"haidang/courses"
	"haidang/courses/vietnamese"
	"testing"

	"pgregory.net/rapid"
)

func TestSpellingsOfANumberShareAKey(t *testing.T) {
	for citation, want := range map[string]string{
		"118/2025/NĐ-CP":                            "118/2025/NĐ-CP",
		"Nghị định 118/2025/NĐ-CP":                  "118/2025/NĐ-CP",
		"Nghị định số 118/2025/nđ-cp của Chính phủ": "118/2025/NĐ-CP",
		"Điều 5 Nghị định 118/2025/NĐ-CP.":          "118/2025/NĐ-CP",
		"129-TB/TU":                                          "129-TB/TU",
		"Thông báo 129-TB/TU, ngày 27/8/2025":                "129-TB/TU",
		"Ngày 27/8/2025: Thông báo 129-TB/TU":                "129-TB/TU",
		"Nghị quyết 57-NQ/TW ngày 22/12/2024":                "57-NQ/TW",
		"Luật Tổ chức chính quyền địa phương (72/2025/QH15)": "72/2025/QH15",
		"Hiến pháp 2013":                                     "HIẾN PHÁP 2013",
		"":                                                   "",
	} {
		if got := vietnamese.DocumentNumber(citation); got != want {
			t.Errorf("the key of %q is %q, want %q", citation, got, want)
		}
	}
	if vietnamese.DocumentNumber("118/2025/ND-CP") == vietnamese.DocumentNumber("118/2025/NĐ-CP") {
		t.Error("folding decides which document is meant")
	}
}

func TestTheKeyOfAKeyIsItself(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.RuneFrom([]rune(" 0123456789/-.,;()ĐđAzưỚ"))).Draw(t, "text")
		if once := vietnamese.DocumentNumber(text); vietnamese.DocumentNumber(once) != once {
			t.Fatalf("the key of %q is %q, and of that %q", text, once, vietnamese.DocumentNumber(once))
		}
	})
}

func TestADocumentIsInForceFromItsFirstToItsLastDay(t *testing.T) {
	closed, open := Document{From: "2025-07-01", Until: "2026-11-24"}, Document{From: "2025-07-01"}
	for day, want := range map[courses.Date]State{"2025-06-30": Coming, "2025-07-01": InForce, "2026-11-24": InForce, "2026-11-25": Ended} {
		if got := closed.State(day); got != want {
			t.Errorf("on %s it is %s, want %s", day, got, want)
		}
	}
	if open.State("2099-01-01") != InForce || open.State("2025-06-30") != Coming {
		t.Error("a document without a last day ends")
	}
}

func TestEntriesThatSayNothingClearAreRefused(t *testing.T) {
	good := Document{Number: " 118/2025/NĐ-CP ", From: "2025-07-01", Until: "2026-11-24", ReplacedBy: "7/2026/NĐ-CP"}
	if d, err := clean(good); err != nil || d.Number != "118/2025/NĐ-CP" {
		t.Errorf("%+v, %v", d, err)
	}
	for name, c := range map[string]struct {
		change func(*Document)
		want   *courses.Error
	}{
		"no digit":              {func(d *Document) { d.Number = "Nghị định" }, ErrNumber},
		"too long":              {func(d *Document) { d.Number += "000000000000000000000000000000000000000000000000000000000000" }, ErrNumber},
		"no first day":          {func(d *Document) { d.From = "" }, courses.ErrBadDate},
		"a day that is none":    {func(d *Document) { d.Until = "2026-02-30" }, courses.ErrBadDate},
		"ends before it begins": {func(d *Document) { d.Until = "2025-06-30" }, ErrDates},
		"replaced without end":  {func(d *Document) { d.Until = "" }, ErrDates},
		"replaced by itself":    {func(d *Document) { d.ReplacedBy = "Nghị định 118/2025/nđ-cp" }, ErrDates},
	} {
		d := good
		c.change(&d)
		if _, err := clean(d); err == nil || !c.want.Is(err) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}
