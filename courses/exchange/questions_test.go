package exchange_test

import (
	"bytes"
	"errors"
	"fmt"
	"haidang/courses/assessment"
	"haidang/courses/exchange"
	"strings"
	"testing"
	"unicode/utf16"

	"golang.org/x/text/unicode/norm"
)

// questionsOf reads a file that can be read.
func questionsOf(t testing.TB, format exchange.QuestionFormat, data []byte) exchange.Questions {
	t.Helper()
	q, err := exchange.ReadQuestions(format, data)
	if err != nil {
		t.Fatal(err)
	}
	return q
}

// told is a question in one line.
func told(x exchange.ReadItem) string {
	q := x.Item.Question
	var b strings.Builder
	fmt.Fprintf(&b, "%d %s", x.Row, q.Type)
	if x.Item.Topic != "" {
		fmt.Fprintf(&b, " (%s)", x.Item.Topic)
	}
	fmt.Fprintf(&b, " %s", strings.ReplaceAll(q.Text, "\n", " / "))
	for _, o := range q.Options {
		switch {
		case o.Match != "":
			fmt.Fprintf(&b, " | %s => %s", o.Text, o.Match)
		case o.Right:
			fmt.Fprintf(&b, " | *%s", o.Text)
		default:
			fmt.Fprintf(&b, " | %s", o.Text)
		}
		if o.Area != (assessment.Area{}) {
			fmt.Fprintf(&b, " %v", o.Area)
		}
	}
	if q.Picture.Asset != "" {
		fmt.Fprintf(&b, " on %s: %s", q.Picture.Asset, q.Picture.Alt)
	}
	for _, c := range q.Rubric {
		fmt.Fprintf(&b, " | %s %v", c.Name, c.Levels)
	}
	for _, g := range q.Gaps {
		fmt.Fprintf(&b, " | %s", strings.Join(g.Accepted, ", "))
		if g.Exact {
			b.WriteString("!")
		}
	}
	switch q.Type {
	case assessment.TrueOr:
		fmt.Fprintf(&b, " | %v", q.True)
	case assessment.Numeric:
		fmt.Fprintf(&b, " | %v ± %v %s", q.Number.Value, q.Number.Tolerance, q.Number.Unit)
	}
	if q.Note != "" {
		fmt.Fprintf(&b, " // %s", q.Note)
	}
	return b.String()
}

// compare holds that the questions are those, and then those that are refused.
func compare(t *testing.T, got exchange.Questions, want ...string) {
	t.Helper()
	var lines []string
	for _, x := range got.Items {
		lines = append(lines, told(x))
	}
	for _, r := range got.Refused {
		lines = append(lines, fmt.Sprintf("%d! %s: %s %s", r.Row, r.Name, r.Code, r.Field))
	}
	for i := range max(len(lines), len(want)) {
		a, b := "nothing", "nothing"
		if i < len(lines) {
			a = lines[i]
		}
		if i < len(want) {
			b = want[i]
		}
		if a != b {
			t.Errorf("line %d is\n%s\nwant\n%s", i+1, a, b)
		}
	}
}

func TestGIFTIsReadAsMoodleUnderstandsIt(t *testing.T) {
	compare(t, questionsOf(t, exchange.GIFT, fixture(t, "questions/course.gift")),
		"6 single (Chính quyền địa phương) Từ ngày 01/7/2025, chính quyền địa phương có mấy cấp? | *Hai cấp | Ba cấp | Bốn cấp // Cấp tỉnh và cấp xã.",
		"14 true_false (Chính quyền địa phương) Đặc khu là đơn vị hành chính cấp xã. | true",
		"16 true_false (Chính quyền địa phương) Ủy ban nhân dân xã do Thủ tướng bầu. | false // Hội đồng nhân dân cùng cấp bầu.",
		"18 number (Chính quyền địa phương) Thành phố Hải Phòng sau sắp xếp có bao nhiêu đơn vị hành chính cấp xã? | 114 ± 0.5 ",
		"20 number (Chính quyền địa phương) Pi nằm trong khoảng nào? | 3.15 ± 0.05 ",
		"23 multiple (Chính quyền địa phương) Những ai là cán bộ, công chức? | *Chủ tịch Ủy ban nhân dân | *Bí thư đảng ủy | Người hoạt động không chuyên trách | Cộng tác viên",
		"30 short (Chính quyền địa phương) Thủ đô của nước ta là gì? | Hà Nội, Ha Noi, Thăng Long",
		"32 matching (Chính quyền địa phương) Ghép đôi văn bản với cơ quan ban hành. | Luật => Quốc hội | Nghị định => Chính phủ | Thông tư => Bộ trưởng",
		"38 single (Chính quyền địa phương) Hội đồng nhân dân có nhiệm kỳ ____ theo luật định. | *5 năm | 4 năm | 6 năm",
		"40 single (Chính quyền địa phương) Ký hiệu HĐND & UBND / nghĩa là gì? | *Hội đồng và Ủy ban | Không rõ",
		`42 single (Chính quyền địa phương) Dấu {ngoặc} = ~ # : và / dòng thứ hai / thứ ba | *{a}=b | c~d \ e`,
		"47! Nêu suy nghĩ của đồng chí.: no_rubric rubric",
		"49! Đây chỉ là một đoạn giới thiệu.: type_unknown type",
		"51! Ảnh nào đúng? [html]: picture text",
		"53! Một phần điểm: partial_credit gaps",
		"55! Bao nhiêu: bad_number number",
		"57! Bất kỳ: wildcard gaps",
		"59! Chỉ có sai: no_right options",
		"61! Hai đúng: one_right options",
		"63! Ngoặc hở {=a ~b: unreadable ",
		"65! Hai chỗ ____ trong câu.: type_unknown type",
	)
}

func TestAikenIsReadOverSeveralLines(t *testing.T) {
	compare(t, questionsOf(t, exchange.Aiken, fixture(t, "questions/course.aiken.txt")),
		"1 single Cơ quan nào bầu Chủ tịch Ủy ban nhân dân xã? | *Hội đồng nhân dân xã | Ủy ban nhân dân thành phố | Mặt trận Tổ quốc",
		"7 single Theo quy định, thời hạn giải quyết thủ tục là bao lâu? | 03 ngày làm việc, không kể ngày lễ | 05 ngày | *07 ngày",
		"18 multiple Việc nào thuộc thẩm quyền cấp xã? | *Đăng ký khai sinh | Cấp hộ chiếu | *Chứng thực bản sao",
		"24! Câu này không có đáp án: no_right right",
		"28! Câu này trỏ ra ngoài: right_unknown right",
		"33! Câu này chỉ có một phương án: too_few options",
		"36! : right_unknown right",
		"37! Câu cuối không có gì cả: no_right right",
	)
}

func TestMoodleXMLIsReadWithItsTypes(t *testing.T) {
	topic := "(Cải cách hành chính/Chuyển đổi số)"
	compare(t, questionsOf(t, exchange.MoodleXML, fixture(t, "questions/course.moodle.xml")),
		"1 single "+topic+" Bộ phận Một cửa đặt ở đâu? / Chọn một. | Tại nhà riêng | *Trung tâm phục vụ hành chính công // Xem Nghị định 118/2025/NĐ-CP.",
		"2 multiple "+topic+" Diện tích 10 m² < 20? | *Có | *Đúng thế | Không",
		"3 true_false "+topic+" Hồ sơ a <b> nộp trực tuyến được. | false",
		"4 short "+topic+" Cảng biển lớn nhất miền Bắc? | Hải Phòng, cảng *HP*!",
		"5 number "+topic+" Chiều dài? | 12.5 ± 0.5 km",
		"6 matching "+topic+" Ghép đôi. | Cát Bà => đảo | Lạch Tray => sông",
		"7 ordering "+topic+" Sắp xếp. | một | hai | ba",
		"8 gaps "+topic+" Thủ đô là [[1]], cảng là [[2]], dấu [[3]]. | Hà Nội, Thăng Long | Hải Phòng! | đúng } ~",
		"9 gaps "+topic+" [[1]] xã có [[2]] tổ. | Mỗi | ba",
		"10 gaps "+topic+" Công dân [[1]] quyền. | có",
		"11! Luận: no_rubric rubric",
		"12! Lời dẫn: type_unknown type",
		"13! Tính: type_unknown type",
		"14! Điểm: type_unknown type",
		"15! Ảnh: picture text",
		"16! Một phần: partial_credit gaps",
		"17! Sao: wildcard gaps",
		"18! Số trong chữ: type_unknown type",
		"19! Thừa: extra_options options",
		"20! Không đúng: no_right options",
		"21! Hai số: one_right number",
		"22! Ngoài: right_unknown gaps",
	)
}

func TestTextInOtherFormsOfUnicodeIsTheSame(t *testing.T) {
	text := "Đảo nào ở Hải Phòng? {=Cát Bà ~Phú Quốc}"
	wide := "\xff\xfe"
	for _, unit := range utf16.Encode([]rune(text)) {
		wide += string([]byte{byte(unit), byte(unit >> 8)})
	}
	for name, data := range map[string]string{"NFC": text, "NFD": norm.NFD.String(text), "a mark of UTF-8": "\ufeff" + text, "UTF-16": wide} {
		t.Run(name, func(t *testing.T) {
			compare(t, questionsOf(t, exchange.GIFT, []byte(data)), "1 single Đảo nào ở Hải Phòng? | *Cát Bà | Phú Quốc")
		})
	}
}

func TestTheFormatIsGuessed(t *testing.T) {
	var sheet bytes.Buffer
	if err := exchange.WriteQuestionSheet(&sheet, nil); err != nil {
		t.Fatal(err)
	}
	qti := string(fixture(t, "questions/choice.qti.xml"))
	for name, c := range map[string]struct {
		content string
		want    exchange.QuestionFormat
	}{
		"a.xlsx":    {sheet.String(), exchange.QuestionSheet},
		"a.txt":     {string(fixture(t, "questions/course.aiken.txt")), exchange.Aiken},
		"b.txt":     {string(fixture(t, "questions/course.gift")), exchange.GIFT},
		"c.gift":    {"Một câu", exchange.GIFT},
		"a.xml":     {string(fixture(t, "questions/course.moodle.xml")), exchange.MoodleXML},
		"item.xml":  {qti, exchange.QTI},
		"a.zip":     {string(zipped(t, []entry{{"imsmanifest.xml", "<manifest/>"}})), exchange.QTI},
		"other.zip": {string(zipped(t, []entry{{"x.txt", "ANSWER: A"}})), ""},
		"other.xml": {"<html>{}</html>", exchange.GIFT}, // a guess; reading refuses it
		"other":     {"không có gì", ""},
		"binary":    {"\x00\xff{", ""},
	} {
		got, known := exchange.GuessQuestionFormat(name, []byte(c.content))
		if known != (c.want != "") || known && got != c.want {
			t.Errorf("%s is %q, %v; want %q", name, got, known, c.want)
		}
	}
}

func TestFilesThatHoldNoQuestionsAreRefused(t *testing.T) {
	deep := strings.Repeat("<a>", 200) + strings.Repeat("</a>", 200)
	laughs := `<!DOCTYPE quiz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><quiz><question type="truefalse"><name><text>&b;</text></name></question></quiz>`
	external := `<!DOCTYPE quiz SYSTEM "http://10.0.0.1/x.dtd"><quiz/>`
	for name, c := range map[string]struct {
		format  exchange.QuestionFormat
		content string
		want    error
	}{
		"an unknown format":      {"qti9", "x", exchange.ErrQuestions},
		"nothing":                {exchange.GIFT, "", exchange.ErrQuestions},
		"comments":               {exchange.GIFT, "// a\n\n// b", exchange.ErrQuestions},
		"bytes that are no text": {exchange.Aiken, "\xff\x41\xc3", exchange.ErrQuestions},
		"a NUL":                  {exchange.GIFT, "a\x00b {T}", exchange.ErrQuestions},
		"too large":              {exchange.GIFT, strings.Repeat("a", 10<<20+1), exchange.ErrQuestionsSize},
		"too many":               {exchange.GIFT, strings.Repeat("a {T}\n\n", 20_001), exchange.ErrQuestionsSize},
		"a billion laughs":       {exchange.MoodleXML, laughs, exchange.ErrUnsafeXML},
		"an external entity":     {exchange.MoodleXML, external, exchange.ErrUnsafeXML},
		"an entity of nobody":    {exchange.MoodleXML, `<quiz><question type="essay"><name><text>&b;</text></name></question></quiz>`, exchange.ErrCorrupt},
		"deep XML":               {exchange.MoodleXML, "<quiz>" + deep + "</quiz>", exchange.ErrUnsafeXML},
		"XML with wrong bytes":   {exchange.MoodleXML, "<quiz><question>\xff</question></quiz>", exchange.ErrCorrupt},
		"another encoding":       {exchange.MoodleXML, `<?xml version="1.0" encoding="windows-1258"?><quiz/>`, exchange.ErrCorrupt},
		"XML that breaks off":    {exchange.MoodleXML, `<quiz><question type="essay">`, exchange.ErrCorrupt},
		"no XML":                 {exchange.MoodleXML, "ANSWER: A", exchange.ErrCorrupt},
		"other XML":              {exchange.MoodleXML, "<html><body/></html>", exchange.ErrQuestions},
		"laughs in QTI":          {exchange.QTI, strings.ReplaceAll(laughs, "quiz", "assessmentItem"), exchange.ErrUnsafeXML},
		"deep QTI":               {exchange.QTI, deep, exchange.ErrUnsafeXML},
		"other XML as QTI":       {exchange.QTI, "<quiz/>", exchange.ErrQuestions},
		"no archive":             {exchange.QuestionSheet, "Loại,Câu hỏi", exchange.ErrQuestions},
		"an old workbook":        {exchange.QuestionSheet, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1" + strings.Repeat("x", 600), exchange.ErrOld},
	} {
		got, err := exchange.ReadQuestions(c.format, []byte(c.content))
		if !errors.Is(err, c.want) || len(got.Items) > 0 {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

func TestArchivesWithQuestionsAreBounded(t *testing.T) {
	bomb := strings.Repeat("0", 60<<20)
	manifest := entry{"imsmanifest.xml", `<manifest><resources><resource type="imsqti_item_xmlv2p2" href="a.xml"/></resources></manifest>`}
	for name, c := range map[string]struct {
		format exchange.QuestionFormat
		list   []entry
		want   error
	}{
		"a bomb in a workbook":       {exchange.QuestionSheet, bookOf(`<row><c t="inlineStr"><is><t>` + bomb + `</t></is></c></row>`), exchange.ErrUnpacked},
		"a bomb in a package":        {exchange.QTI, []entry{manifest, {"a.xml", "<assessmentItem>" + bomb + "</assessmentItem>"}}, exchange.ErrUnpacked},
		"a path upwards":             {exchange.QTI, []entry{manifest, {"../a.xml", "x"}}, exchange.ErrNames},
		"no manifest":                {exchange.QTI, []entry{{"a.xml", "x"}}, exchange.ErrQuestions},
		"a manifest of other things": {exchange.QTI, []entry{{"imsmanifest.xml", `<manifest><resources><resource type="webcontent" href="a"/></resources></manifest>`}}, exchange.ErrQuestions},
		"a hostile item":             {exchange.QTI, []entry{manifest, {"a.xml", `<!DOCTYPE a><assessmentItem/>`}}, exchange.ErrUnsafeXML},
		"no header":                  {exchange.QuestionSheet, bookOf(`<row><c t="inlineStr"><is><t>Loại</t></is></c></row>`), exchange.ErrQuestions},
		"a document":                 {exchange.QuestionSheet, parts(para("", "chữ")), exchange.ErrQuestions},
	} {
		if _, err := exchange.ReadQuestions(c.format, zipped(t, c.list)); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}
