package exchange_test

import (
	"bytes"
	"errors"
	"fmt"
	"haidang/courses/exchange"
	"image"
	"image/png"
	"math/rand/v2"
	"strings"
	"testing"
)

// form is a picture of a form in 200 × 100 pixels.
func form(t testing.TB) string {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 200, 100))); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// packageOf is one of an item in a folder, with other files.
func packageOf(t testing.TB, item string, more ...entry) []byte {
	t.Helper()
	return zipped(t, append(more, entry{"items/a.xml", item}, entry{"imsmanifest.xml", `<manifest><resources><resource type="imsqti_item_xmlv2p2" href="items/a.xml"/></resources></manifest>`}))
}

func hotspotOf(picture, choices string) string {
	return qtiOf(`cardinality="multiple" baseType="identifier"`, rightIs("A"), asked("hotspotInteraction", `maxChoices="0"`, picture+choices))
}

const place = `<hotspotChoice identifier="A" shape="rect" coords="20,10,60,30" hotspotLabel="Ô ký"/>`

func TestHotspotsOfOtherPrograms(t *testing.T) {
	object := func(attrs string) string {
		return `<object data="../media/t%E1%BB%9D.png" type="image/png"` + attrs + `/>`
	}
	at := func(shape, coords string) string {
		return hotspotOf(object(""), place+`<hotspotChoice identifier="B" shape="`+shape+`" coords="`+coords+`"/>`)
	}
	const asked = "1 hotspot Hỏi? | *Ô ký {1000 1000 2000 2000} | Vị trí 2 "
	on := func(alt string) string { return " on media/tờ.png: " + alt }
	modern := strings.NewReplacer("hotspotInteraction", "qti-hotspot-interaction", "hotspotChoice", "qti-hotspot-choice", "hotspotLabel", "hotspot-label", "responseIdentifier", "response-identifier",
		"object data", "img alt='Tờ khai' src", "assessmentItem", "qti-assessment-item", "itemBody", "qti-item-body", "responseDeclaration", "qti-response-declaration", "correctResponse", "qti-correct-response", "value", "qti-value")
	cases := map[string]struct{ item, want string }{
		"a rectangle":                {at("rect", "100,50,200,100"), asked + "{5000 5000 5000 5000}" + on("Câu")},
		"a circle":                   {at("circle", "100,50,20"), asked + "{4000 3000 2000 4000}" + on("Câu")},
		"an ellipse":                 {at("ellipse", "100,50,40,10"), asked + "{3000 4000 4000 2000}" + on("Câu")},
		"a polygon":                  {at("poly", "20,10, 60,50, 40,90"), asked + "{1000 1000 2000 8000}" + on("Câu")},
		"an area beyond the edge":    {at("circle", "0,0,20"), asked + "{0 0 1000 2000}" + on("Câu")},
		"an area that is very thin":  {at("rect", "199,0,200,100"), asked + "{9900 0 100 10000}" + on("Câu")},
		"the names of 3.0":           {modern.Replace(at("rect", "100,50,200,100")), asked + "{5000 5000 5000 5000}" + on("Tờ khai")},
		"the size that is shown":     {strings.Replace(at("rect", "200,100,400,200"), `type="image/png"`, `type="image/png" width="400px" height="200"`, 1), "1 hotspot Hỏi? | *Ô ký {500 500 1000 1000} | Vị trí 2 {5000 5000 5000 5000}" + on("Câu")},
		"the words of the picture":   {strings.Replace(at("rect", "100,50,200,100"), `type="image/png"/>`, `type="image/png">Tờ khai</object>`, 1), asked + "{5000 5000 5000 5000}" + on("Tờ khai")},
		"an area beside the picture": {at("rect", "300,50,400,100"), "1! Câu: area options"},
		"an area the wrong way":      {at("rect", "200,100,100,50"), "1! Câu: area options"},
		"a shape without numbers":    {at("rect", "a,b,c,d"), "1! Câu: area options"},
		"a shape that nobody knows":  {at("star", "1,2,3,4"), "1! Câu: area options"},
		"a polygon with half a side": {at("poly", "20,10,60,50,40"), "1! Câu: area options"},
		"a number without an end":    {at("rect", "0,0,Inf,10"), "1! Câu: area options"},
		"a size that is none":        {hotspotOf(object(` width="0" height="10"`), place+place), "1! Câu: picture picture"},
		"a picture from elsewhere":   {hotspotOf(`<object data="http://example.org/a.png"/>`, place), "1! Câu: picture picture"},
		"a picture that is none":     {hotspotOf(`<object data="a.xml"/>`, place), "1! Câu: picture picture"},
		"no picture":                 {hotspotOf("", place), "1! Câu: picture picture"},
		"one area only":              {hotspotOf(object(""), place), "1! Câu: too_few options"},
		"a right one that is absent": {strings.Replace(at("rect", "100,50,200,100"), "<value>A<", "<value>Z<", 1), "1! Câu: right_unknown right"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			got := questionsOf(t, exchange.QTI, packageOf(t, c.item, entry{"media/tờ.png", form(t)}))
			compare(t, got, c.want)
			if len(got.Items) > 0 {
				if p := got.Pictures[got.Items[0].Item.Question.Picture.Asset]; p.Name != "tờ.png" || string(p.Data) != form(t) {
					t.Errorf("the picture is %s of %d bytes", p.Name, len(p.Data))
				}
			}
		})
	}
}

// A picture in no package is nowhere.
func TestAHotspotAloneHasNoPicture(t *testing.T) {
	compare(t, questionsOf(t, exchange.QTI, []byte(hotspotOf(`<object data="a.png"/>`, place))), "1! Câu: picture picture")
}

func TestPicturesOfAPackageHaveABound(t *testing.T) {
	var items strings.Builder
	var list []entry
	random := rand.New(rand.NewPCG(1, 2))
	for i := range 3 { // of 7 MiB each, which pack ten times smaller
		bytes := bytes.Repeat([]byte("0123456789abcdefghijklmnopqrstuv"), 7<<20/32)
		for at := 0; at < len(bytes); at += 32 {
			bytes[at], bytes[at+1] = byte(random.Uint32()), byte(random.Uint32())
		}
		list = append(list, entry{fmt.Sprintf("%d.png", i), form(t) + string(bytes)})
		list = append(list, entry{fmt.Sprintf("%d.xml", i), hotspotOf(fmt.Sprintf(`<object data="%d.png"/>`, i), place+strings.Replace(place, "A", "B", 1))})
		fmt.Fprintf(&items, `<resource type="imsqti_item_xmlv2p2" href="%d.xml"/>`, i)
	}
	list = append(list, entry{"imsmanifest.xml", "<manifest><resources>" + items.String() + "</resources></manifest>"})
	if _, err := exchange.ReadQuestions(exchange.QTI, zipped(t, list)); !errors.Is(err, exchange.ErrQuestionsSize) {
		t.Errorf("21 MiB of pictures give %v", err)
	}
}

func TestRubricsAreReadWhereTheyAreOurs(t *testing.T) {
	essay := func(attrs, block string) string {
		return qtiOf(`cardinality="single" baseType="string"`, "", asked("extendedTextInteraction", attrs, "")+block)
	}
	block := func(inside string) string {
		return `<rubricBlock view="scorer" class="haidang-rubric">` + inside + "</rubricBlock>"
	}
	level := func(points, text string) string {
		return `<li><span class="haidang-points">` + points + "</span> " + text + "</li>"
	}
	two := "<ul>" + level("1.5", "đủ ba") + level("0", "thiếu") + "</ul>"
	for name, c := range map[string]struct{ item, want string }{
		"criteria with levels":       {essay(`class="haidang-words-300 haidang-files-2"`, block("<p>Nội dung</p>"+two+"<p>Trình bày</p>"+two)), "1 essay Hỏi? | Nội dung [{đủ ba 150} {thiếu 0}] | Trình bày [{đủ ba 150} {thiếu 0}]"},
		"words of another program":   {essay("", "<rubricBlock view='scorer'><p>Nội dung</p>"+two+"</rubricBlock>"), "1! Câu: no_rubric rubric"},
		"levels without a criterion": {essay("", block(two)), "1! Câu: no_rubric rubric"},
		"points that are no number":  {essay("", block("<p>Nội dung</p><ul>"+level("nhiều", "đủ")+level("0", "thiếu")+"</ul>")), "1! Câu: no_rubric rubric"},
		"one level":                  {essay("", block("<p>Nội dung</p><ul>"+level("1", "đủ")+"</ul>")), "1! Câu: too_few rubric[0]"},
		"levels that rise":           {essay("", block("<p>Nội dung</p><ul>"+level("1", "đủ")+level("2", "hơn")+"</ul>")), "1! Câu: order rubric[0].levels[1].points"},
		"too many words":             {essay(`class="haidang-words-99999"`, block("<p>Nội dung</p>"+two)), "1! Câu: bad_number words"},
	} {
		t.Run(name, func(t *testing.T) {
			got := questionsOf(t, exchange.QTI, []byte(c.item))
			compare(t, got, c.want)
			if len(got.Items) > 0 {
				if q := got.Items[0].Item.Question; q.Words != 300 || q.Files != 2 {
					t.Errorf("it may have %d words and %d files", q.Words, q.Files)
				}
			}
		})
	}
}
