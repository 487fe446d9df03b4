package apptest_test

import (
	"haidang/cmd/internal/apptest"
	"haidang/handlers"
	"net/http"
	"reflect"
	"strings"
	"testing"
)

func TestBanksTravelInFiles(t *testing.T) {
	w := apptest.New(t)
	author := w.SignIn(t, "tacgia")
	gift := "// lời dẫn\n::Một:: Ai đăng ký khai sinh? {=UBND xã ~Sở ~Bộ}\n\nKhông thu lệ phí. {T}\n\nViết một bài. {}\n\nHai cộng hai? {#4}\n"
	file := func(name, content string, dry bool) map[string]any {
		return map[string]any{"name": name, "file": []byte(content), "dry": dry}
	}
	var taken handlers.QuestionsTaken
	for _, dry := range []bool{true, false} {
		author.Must("POST", "/api/banks/SNV/import", file("cau-hoi.gift.txt", gift, dry), &taken)
		if taken.Format != "gift" || taken.Taken != 3 || len(taken.Refused) != 1 || taken.Refused[0].Code != "no_rubric" || taken.First[0] != "Ai đăng ký khai sinh?" {
			t.Errorf("dry %v: it gives %+v", dry, taken)
		}
		var items struct{ Items []handlers.BankItemView }
		author.Must("GET", "/api/banks/SNV/items", nil, &items)
		if want := map[bool]int{true: 0, false: 3}[dry]; len(items.Items) != want {
			t.Errorf("dry %v: the bank has %d questions, want %d", dry, len(items.Items), want)
		}
	}
	for format, name := range map[string]string{"xlsx": "a.xlsx", "moodle": "a.xml", "gift": "a.txt", "qti": "a.zip"} {
		exported := ask(t, author.HTTP, "GET", w.URL+"/api/banks/SNV/export?format="+format, "")
		author.Must("POST", "/api/banks/SNV/import", file(name, string(exported.Body), true), &taken)
		if taken.Format != format || taken.Taken != 3 || len(taken.Refused) != 0 || taken.First[0] != "Ai đăng ký khai sinh?" {
			t.Errorf("what was exported as %s gives %+v", format, taken)
		}
		if got := exported.Header.Get("Content-Type"); format == "qti" && got != "application/zip" {
			t.Errorf("a package is sent as %q", got)
		}
	}
	refused(t, author, "a film", "POST", "/api/banks/SNV/import", file("phim.mp4", "\x00\x00\x00 ftypisom", false), "exchange.bad_questions")
	refused(t, author, "another organisation's bank", "POST", "/api/banks/STP/import", file("a.txt", gift, true), "courses.forbidden")
	refused(t, author, "another organisation's questions", "GET", "/api/banks/STP/export", nil, "courses.forbidden")
}

// Hotspots and essays travel whole in QTI alone: the picture is in the package, and
// becomes a file of the other organisation.
func TestPicturesAndRubricsTravelInQTI(t *testing.T) {
	w := apptest.New(t)
	author, other := w.SignIn(t, "tacgia"), w.SignIn(t, "xuatban")
	picture := uploaded(t, w, author, "Mẫu.png", drawn(t, 600, 400)).ID
	author.Must("POST", "/api/banks/SNV/items", hotspotOn(picture), nil)
	author.Must("POST", "/api/banks/SNV/items", hotspotOn(picture), nil)
	author.Must("POST", "/api/banks/SNV/items", essayItem("TL"), nil)
	exported := ask(t, author.HTTP, "GET", w.URL+"/api/banks/SNV/export?format=qti", "").Body
	bring := func(file []byte, dry bool) (taken handlers.QuestionsTaken) {
		other.Must("POST", "/api/banks/STP/import", map[string]any{"name": "a.txt", "file": file, "dry": dry}, &taken)
		return taken
	}
	files := func() int {
		n, err := w.App.DB.Raw().Collection("assets").CountDocuments(t.Context(), map[string]any{"owner": "STP"})
		if err != nil {
			t.Fatal(err)
		}
		return int(n)
	}
	before := files()
	if taken := bring(exported, true); taken.Taken != 3 || len(taken.Refused) != 0 || files() != before {
		t.Errorf("only read, it gives %+v and %d files", taken, files()-before)
	}
	if taken := bring(exported, false); taken.Taken != 3 || files() != before+1 {
		t.Errorf("it gives %+v and %d files", taken, files()-before)
	}
	var was, is struct{ Items []handlers.BankItemView }
	author.Must("GET", "/api/banks/SNV/items", nil, &was)
	other.Must("GET", "/api/banks/STP/items", nil, &is)
	for i, x := range is.Items {
		want := was.Items[i].Item
		if x.Item.Type == "hotspot" {
			if x.Item.Picture.Asset == picture || ask(t, other.HTTP, "GET", w.URL+"/media/"+string(x.Item.Picture.Asset)+"/w600.webp", "").Status != http.StatusOK {
				t.Errorf("its picture is %+v", x.Item.Picture)
			}
			x.Item.Picture.Asset = picture
			for j, o := range x.Item.Options { // in whole pixels
				if near := *want.Options[j].Area; abs(near.X-o.Area.X)+abs(near.Y-o.Area.Y)+abs(near.Width-o.Area.Width)+abs(near.Height-o.Area.Height) <= 40 {
					x.Item.Options[j].Area = &near
				}
			}
		}
		if !reflect.DeepEqual(x.Item, want) {
			t.Errorf("brought is\n%+v, it was\n%+v", jsonOf(t, x.Item), jsonOf(t, want))
		}
	}
	broken := rezipped(t, exported, func(name string, content []byte) []byte {
		if strings.HasPrefix(name, "pictures/") {
			return content[:60]
		}
		return content
	})
	if taken := bring(broken, false); taken.Taken != 1 || len(taken.Refused) != 2 || taken.Refused[0].Code != "picture" || taken.Refused[1].Row != 2 || files() != before+1 {
		t.Errorf("half a picture gives %+v and %d files", taken, files()-before)
	}
	w.App.Services.Media.CapBytes = 1
	refused(t, other, "more pictures than there is room for", "POST", "/api/banks/STP/import", map[string]any{"name": "a.zip", "file": exported}, "media.storage_full")
	if taken := bring([]byte("Không thu lệ phí. {T}\n"), false); taken.Taken != 1 {
		t.Errorf("without room for pictures, a question without one gives %+v", taken)
	}
}

func abs(n int) int { return max(n, -n) }
