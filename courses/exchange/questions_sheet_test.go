package exchange_test

import (
	"bytes"
	"errors"
	"fmt"
	"haidang/courses/assessment"
	"haidang/courses/catalog"
	"haidang/courses/exchange"
	"html"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/unicode/norm"
)

// bookOf is a workbook whose sheet has that content, made without any library.
func bookOf(rows string, more ...entry) []entry {
	return append([]entry{
		{"[Content_Types].xml", `<Types><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>`},
		{"_rels/.rels", relations(`<Relationship Id="r1" Type="` + office + `/officeDocument" Target="xl/workbook.xml"/>`)},
		{"xl/workbook.xml", `<workbook xmlns:r="` + office + `"><sheets><sheet name="Câu hỏi" r:id="s"/></sheets></workbook>`},
		{"xl/_rels/workbook.xml.rels", relations(`<Relationship Id="s" Type="` + office + `/worksheet" Target="worksheets/sheet1.xml"/>` +
			`<Relationship Id="y" Type="` + office + `/styles" Target="styles.xml"/><Relationship Id="t" Type="` + office + `/sharedStrings" Target="strings.xml"/>`)},
		{"xl/worksheets/sheet1.xml", `<worksheet><sheetData>` + rows + `</sheetData></worksheet>`},
	}, more...)
}

// rowOf is a row of texts; what begins with < stands as it is.
func rowOf(texts ...string) string {
	var b strings.Builder
	b.WriteString("<row>")
	for _, text := range texts {
		switch {
		case strings.HasPrefix(text, "<c"):
			b.WriteString(text)
		default:
			b.WriteString(`<c t="inlineStr"><is><t>` + html.EscapeString(text) + `</t></is></c>`)
		}
	}
	return b.String() + "</row>"
}

func sheetOf(t testing.TB, rows ...string) exchange.Questions {
	t.Helper()
	return questionsOf(t, exchange.QuestionSheet, zipped(t, bookOf(strings.Join(rows, ""))))
}

var header = rowOf("STT", "ĐÚNG", "câu hỏi", norm.NFD.String("Loại"), "Phương án 1", "phuong an 2", "Phương án 3", "Chủ đề", "Độ khó", "Giải thích", "Văn bản", "Điều")

func TestASheetIsReadByItsHeader(t *testing.T) {
	compare(t, sheetOf(t, rowOf("Ngân hàng câu hỏi"), "<row/>", header,
		rowOf("1", "2", "Cấp nào?", "Một đáp án", "huyện", "xã", "", "Chính quyền", "Dễ", "vì luật"),
		rowOf("2", "1; 3", "Những ai?", "nhieu dap an", "a", "b", "c"),
		rowOf("3", "A và C", norm.NFD.String("Những ai nữa?"), "MULTIPLE", "a", "b", "c"),
		rowOf("4", "đúng", "Đúng không?", "Đúng / Sai"),
		rowOf("5", `<c t="b"><v>0</v></c>`, "Sai không?", "true_false", "Đúng", "Sai"),
		rowOf("6", `Hải Phòng | HP \| hp | C:\tệp`, "Đâu?", "Trả lời ngắn"),
		rowOf("7", "Đúng dấu: Hóa", "Tên?", "ngắn"),
		rowOf("8", "12,5 +- 0,5 m²", "Dài?", "Số"),
		rowOf("9", `<c><v>1.234</v></c>`, "Bao nhiêu?", "số"),
		rowOf("10", "1.234", "Bao nhiêu?", "số"),
		rowOf("11", "−1 234 567 đồng", "Bao nhiêu?", "số"),
		rowOf("12", "", "Ghép.", "Ghép đôi", `a \=> b => c`, "d=>e => f"),
		rowOf("13", "", "Xếp.", "Sắp xếp", "một", "hai", "ba"),
		rowOf("14", "3;1;2", "Xếp.", "Sắp xếp", "một", "hai", "ba"),
		rowOf("15", "", "Có [[1]] và [[2]].", "Điền khuyết", "x | y", "đúng dấu: z"),
		rowOf("16", `<c><v>1.3</v></c>`, "Excel làm số của 1,3", "nhiều đáp án", `<c><v>2025</v></c>`, `<c><v>12.5</v></c>`, "'=1+1"),
	),
		"4 single (Chính quyền) Cấp nào? | huyện | *xã // vì luật",
		"5 multiple Những ai? | *a | b | *c",
		"6 multiple Những ai nữa? | *a | b | *c",
		"7 true_false Đúng không? | true",
		"8 true_false Sai không? | false",
		`9 short Đâu? | Hải Phòng, HP | hp, C:\tệp`,
		"10 short Tên? | Hóa!",
		"11 number Dài? | 12.5 ± 0.5 m²",
		"12 number Bao nhiêu? | 1.234 ± 0 ",
		"13 number Bao nhiêu? | 1234 ± 0 ",
		"14 number Bao nhiêu? | -1.234567e+06 ± 0 đồng",
		"15 matching Ghép. | a => b => c | d => e => f",
		"16 ordering Xếp. | một | hai | ba",
		"17 ordering Xếp. | ba | một | hai",
		"18 gaps Có [[1]] và [[2]]. | x, y | z!",
		"19 multiple Excel làm số của 1,3 | *2025 | 12,5 | *=1+1",
	)
}

func TestDatesAndSharesAreReadAsTheyShow(t *testing.T) {
	list := bookOf(header+rowOf("", "1", "Ngày nào?", "single", `<c s="1"><v>45839</v></c>`, `<c s="2"><v>45839.5</v></c>`, `<c s="3"><v>0.125</v></c>`)+
		rowOf("", "1", "Chung?", "single", `<c t="s"><v>0</v></c>`, `<c t="s"><v>1</v></c>`, `<c t="s"><v>99</v></c>`),
		entry{"xl/styles.xml", `<styleSheet><numFmts><numFmt numFmtId="170" formatCode="dd/mm/yyyy\ hh:mm;@"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="170"/><xf numFmtId="10"/></cellXfs></styleSheet>`},
		entry{"xl/strings.xml", `<sst><si><r><t>một </t></r><r><t>hai_x000D_</t></r><rPh><t>x</t></rPh></si><si><t>ba</t></si></sst>`})
	compare(t, questionsOf(t, exchange.QuestionSheet, zipped(t, list)),
		"2 single Ngày nào? | *01/07/2025 | 01/07/2025 12:00 | 12,5%",
		"3 single Chung? | *một hai | ba",
	)
}

func TestEachWrongRowIsListed(t *testing.T) {
	long := strings.Repeat("a", 4001)
	compare(t, sheetOf(t, header,
		rowOf("", "1", "Không loại", "", "a", "b"),
		rowOf("", "1", "Loại lạ", "tự luận", "a", "b"),
		rowOf("", "1", "Khó lạ", "single", "a", "b", "", "", "siêu khó"),
		rowOf("", "", "Không đúng", "single", "a", "b"),
		rowOf("", "1;2", "Hai đúng", "single", "a", "b"),
		rowOf("", "3", "Ngoài", "single", "a", "b"),
		rowOf("", "một", "Chữ", "single", "a", "b"),
		rowOf("", "x", "Thật?", "true_false"),
		rowOf("", "năm", "Số?", "số"),
		rowOf("", "1", "Số?", "số", "a"),
		rowOf("", "", "Ghép", "ghép đôi", "a => b", "c"),
		rowOf("", "1", "Ghép", "ghép đôi", "a => b", "c => d"),
		rowOf("", "1;1", "Xếp", "sắp xếp", "a", "b"),
		rowOf("", "", "Khuyết", "điền khuyết", "a"),
		rowOf("", "1", "", "single", "a", "b"),
		rowOf("", "1", long, "single", "a", "b"),
		rowOf("", "1", "Trùng", "single", "a", "a"),
		rowOf("", `<c t="e"><v>#REF!</v></c>`, "Lỗi", "single", "a", "b"),
		rowOf("", "1", "Dẫn", "single", "a", "b", "", "", "", "", "", "Điều 5"),
		rowOf("", "1", "Dẫn", "single", "a", "b", "", "", "", "", "A | B", "1 | 2 | 3"),
		rowOf("", "1", "Trêng Hµ Néi µ¸", "single", "Hµ Néi", "b"),
	),
		"2! Không loại: required type",
		"3! Loại lạ: no_rubric rubric",
		"4! Khó lạ: difficulty_unknown difficulty",
		"5! Không đúng: no_right right",
		"6! Hai đúng: one_right options",
		"7! Ngoài: right_unknown right",
		"8! Chữ: right_unknown right",
		"9! Thật?: right_unknown right",
		"10! Số?: bad_number right",
		"11! Số?: unused options",
		"12! Ghép: unreadable options[1]",
		"13! Ghép: unused right",
		"14! Xếp: right_unknown right",
		"15! Khuyết: not_in_text gaps[0]",
		"16! : required text",
		"17! "+long[:79]+"…: too_long text",
		"18! Trùng: twice options[1].text",
		"19! Lỗi: unreadable ",
		"20! Dẫn: required cites[0].number",
		"21! Dẫn: too_many cites",
		"22! Trêng Hµ Néi µ¸: legacy_encoding text",
	)
}

func TestASheetNamesWhatAQuestionCites(t *testing.T) {
	got := sheetOf(t, header, rowOf("", "1", "Dẫn", "single", "a", "b", "", "", "", "", "118/2025/NĐ-CP", "Điều 5 | Điều 7"))
	want := []catalog.Reference{{Number: "118/2025/NĐ-CP", Article: "Điều 5"}, {Number: "118/2025/NĐ-CP", Article: "Điều 7"}}
	if len(got.Items) != 1 || fmt.Sprint(got.Items[0].Item.Cites) != fmt.Sprint(want) {
		t.Errorf("%+v", got)
	}
}

// It takes a second; the bound is for slow machines that look for races too.
func TestOfTenThousandRowsEachTenthIsRefused(t *testing.T) {
	rows := []string{header}
	for i := 1; i <= 10_000; i++ {
		right := "2"
		if i%10 == 0 {
			right = "3"
		}
		rows = append(rows, rowOf(fmt.Sprint(i), right, fmt.Sprintf("Câu hỏi số %d về %s?", i, letters(40)), "Một đáp án", "phương án một", "phương án hai", "", "Chủ đề", "khó"))
	}
	data := zipped(t, bookOf(strings.Join(rows, "")))
	begun := time.Now()
	got := questionsOf(t, exchange.QuestionSheet, data)
	took := time.Since(begun)
	t.Logf("10,000 rows in %v", took)
	if len(got.Items) != 9_000 || len(got.Refused) != 1_000 || took > time.Minute {
		t.Fatalf("%d items and %d refused in %v", len(got.Items), len(got.Refused), took)
	}
	for i, r := range got.Refused {
		if r.Row != (i+1)*10+1 || r.Code != "right_unknown" || r.Field != "right" || !strings.HasPrefix(r.Name, fmt.Sprintf("Câu hỏi số %d về", (i+1)*10)) {
			t.Fatalf("refused is %+v", r)
		}
	}
}

func TestMoreThanTwentyThousandRowsAreRefused(t *testing.T) {
	rows := strings.Repeat(rowOf("", "đúng", "Câu?", "true_false"), 20_001)
	if _, err := exchange.ReadQuestions(exchange.QuestionSheet, zipped(t, bookOf(header+rows+noise()))); !errors.Is(err, exchange.ErrQuestionsSize) {
		t.Error(err)
	}
}

// noise is a cell beyond those that are read, which packs badly.
func noise() string { return "<!--" + letters(200_000) + "-->" }

func TestSharedTextsAreCountedEachTime(t *testing.T) {
	rows := strings.Repeat(rowOf("", "1", `<c t="s"><v>0</v></c>`, "single", "a", "b"), 5_000)
	list := bookOf(header+rows+noise(), entry{"xl/strings.xml", "<sst><si><t>" + letters(90_000) + "</t></si></sst>"})
	if _, err := exchange.ReadQuestions(exchange.QuestionSheet, zipped(t, list)); !errors.Is(err, exchange.ErrQuestionsSize) {
		t.Error(err)
	}
}

func TestNothingInAWrittenSheetIsAFormula(t *testing.T) {
	options := []assessment.Option{{Text: "=1+1", Right: true}, {Text: "+1"}, {Text: "-1"}, {Text: "@SUM(A1)"}, {Text: "'=x"}, {Text: "''-y"}, {Text: "'"}}
	x := assessment.Item{Difficulty: "hard", Topic: "=T", Question: assessment.Question{Type: assessment.Single, Text: "=HYPERLINK(1)", Note: "-n", Options: options}}
	var b bytes.Buffer
	if err := exchange.WriteQuestionSheet(&b, []assessment.Item{x}); err != nil {
		t.Fatal(err)
	}
	file, err := excelize.OpenReader(bytes.NewReader(b.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := file.GetRows("Sheet1")
	if err != nil || len(rows) != 2 {
		t.Fatal(len(rows), err)
	}
	for _, text := range rows[1] {
		if strings.HasPrefix(text, "=") || strings.HasPrefix(text, "+") || strings.HasPrefix(text, "-") || strings.HasPrefix(text, "@") {
			t.Errorf("a cell holds %q", text)
		}
	}
	got := questionsOf(t, exchange.QuestionSheet, b.Bytes())
	compare(t, got, "2 single (=T) =HYPERLINK(1) | *=1+1 | +1 | -1 | @SUM(A1) | '=x | ''-y | ' // -n")
}

func TestASheetOfOneOfTheirOwnIsReadToo(t *testing.T) {
	file := excelize.NewFile()
	for cell, value := range map[string]any{"A1": "Loại", "B1": "Câu hỏi", "C1": "Đúng", "A2": "Số", "B2": "Bao nhiêu?", "C2": 2.5, "A3": "Đúng/Sai", "B3": "Phải không?", "C3": true} {
		if err := file.SetCellValue("Sheet1", cell, value); err != nil {
			t.Fatal(err)
		}
	}
	b, err := file.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	compare(t, questionsOf(t, exchange.QuestionSheet, b.Bytes()), "2 number Bao nhiêu? | 2.5 ± 0 ", "3 true_false Phải không? | true")
}
