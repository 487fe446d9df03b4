package certificates

import (
	"haidang/courses"
	"haidang/courses/catalog"
	"slices"
	"strings"
	"testing"
)

func TestACodeIsReadHoweverItIsTyped(t *testing.T) {
	for range 100 {
		code := newCode()
		printed := code.Printed()
		if len(printed) != 24 || strings.Count(printed, "-") != 4 {
			t.Fatalf("a code is printed as %q", printed)
		}
		for _, typed := range []string{printed, strings.ToLower(printed), strings.ReplaceAll(printed, "-", " "), " " + string(code) + "\u00a0", strings.ReplaceAll(printed, "-", "–")} {
			if got := ReadCode(typed); got != code {
				t.Errorf("%q is read as %q, want %q", typed, got, code)
			}
		}
	}
}

func TestACertificateRestsOnEachDocumentOnceHoweverItIsCited(t *testing.T) {
	c := Certificate{Cites: []catalog.Reference{
		{Number: "Nghị định số 9/2026/nđ-cp", Article: "Điều 5"}, {Number: "9/2026/NĐ-CP"}, {Number: "129-TB/TU", Article: "mục 6"}, {Number: "9/2026/NĐ-CP", Article: "Điều 6"},
	}}
	if got := c.Documents(); !slices.Equal(got, []string{"129-TB/TU", "9/2026/NĐ-CP"}) {
		t.Errorf("it rests on %q", got)
	}
}

// TestTheSealCoversEveryFieldThatIsPrinted changes one at a time.
func TestTheSealCoversEveryFieldThatIsPrinted(t *testing.T) {
	sealed := func(c Certificate) string {
		t.Helper()
		text, err := c.sealed()
		if err != nil || strings.Contains(text, "\n") {
			t.Fatalf("it is sealed as %q, %v", text, err)
		}
		return text
	}
	was := sealed(Certificate{})
	for name, change := range map[string]func(*Certificate){
		"code": func(c *Certificate) { c.Code = "A" }, "completion": func(c *Certificate) { c.Completion = "x" },
		"nation": func(c *Certificate) { c.Text.Nation = "x" }, "motto": func(c *Certificate) { c.Text.Motto = "x\n" }, "parent": func(c *Certificate) { c.Text.Parent = "x" },
		"issuer": func(c *Certificate) { c.Text.Issuer = "x" }, "kind": func(c *Certificate) { c.Text.Kind = Qualified }, "title": func(c *Certificate) { c.Text.Title = "x" },
		"name": func(c *Certificate) { c.Text.FullName = "x" }, "birth date": func(c *Certificate) { c.Text.BirthDate = "x" }, "position": func(c *Certificate) { c.Text.Position = "x" },
		"unit": func(c *Certificate) { c.Text.Unit = "x" }, "course": func(c *Certificate) { c.Text.Course = "x" }, "from": func(c *Certificate) { c.Text.From = "x" },
		"to": func(c *Certificate) { c.Text.To = "x" }, "tiết": func(c *Certificate) { c.Text.Tiet = 1 }, "score": func(c *Certificate) { c.Text.ScoreBp = 1 },
		"scored": func(c *Certificate) { c.Text.Scored = true }, "place": func(c *Certificate) { c.Text.Place = "x" }, "day": func(c *Certificate) { c.Text.On = "x" },
		"dated": func(c *Certificate) { c.Text.Dated = "x" }, "signer's title": func(c *Certificate) { c.Text.SignerTitle = "x" }, "signer": func(c *Certificate) { c.Text.SignerName = "x" },
		"number": func(c *Certificate) { c.Text.Number = "x" }, "register": func(c *Certificate) { c.Text.Register = "x" },
	} {
		var c Certificate
		if change(&c); sealed(c) == was {
			t.Errorf("another %s has the same seal", name)
		}
	}
}

func TestOnlyWhatIsAuthorisedIsAChungChi(t *testing.T) {
	if (Settings{}).Kind() != Attestation || (Settings{Authorised: true}).Kind() != Qualified {
		t.Error("the kind does not follow the authority")
	}
	day := courses.Date("2026-11-24")
	silent := Settings{From: day, Nation: "n", Motto: "m", Title: "t", Place: "p"}
	if err := silent.check(day); err != nil {
		t.Errorf("who issues none needs a signer: %v", err)
	}
}
