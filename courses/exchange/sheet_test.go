package exchange

import (
	"bytes"
	"errors"
	"fmt"
	"haidang/courses/reports"
	"haidang/courses/staff"
	"io"
	"slices"
	"testing"
)

// head is the block that stands above every official sheet of n columns; the
// right half begins in column half+1.
func head(n int, title, below string) [][]any {
	half := n / 2
	two := func(left, right string) []any {
		row := make([]any, n)
		row[0], row[half] = left, right
		return row
	}
	one := func(text string) []any {
		row := make([]any, n)
		row[0] = text
		return row
	}
	return [][]any{
		two("THÀNH PHỐ HẢI PHÒNG", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
		two("CƠ QUAN BÁO CÁO", "Độc lập - Tự do - Hạnh phúc"),
		nil,
		one(title),
		one(below),
		one("(Kèm theo Báo cáo số ……/BC-…… ngày …… tháng …… năm ……)"),
		nil,
	}
}

func foot(n int) [][]any {
	rows := head(n, "", "")[:2]
	rows[0][0], rows[0][n/2] = "NGƯỜI LẬP BIỂU", "THỦ TRƯỞNG ĐƠN VỊ"
	rows[1][0], rows[1][n/2] = "(Ký, ghi rõ họ tên)", "(Ký, ghi rõ họ tên, đóng dấu)"
	return append([][]any{nil}, rows...)
}

func figures(trained, attendances int) reports.Figures {
	return reports.Figures{
		Trained: trained, Attendances: attendances, Women: 2, Minority: 1, ByKnowledge: []int{1, 2, 3, 4, 5, 6, 7}, Tiet: 12345, Reached: 1,
	}
}

// bc01 is a report of two communes, an island without people and an office.
func bc01() reports.BC01 {
	unit := func(kind staff.UnitKind, name string) staff.Unit {
		return staff.Unit{Kind: kind, Name: name, FullName: name}
	}
	none := reports.Figures{ByKnowledge: make([]int, 7)}
	return reports.BC01{
		Period: "2026-Q3", From: "2026-07-01", To: "2026-09-30", Ledger: 1234567, Staff: 16,
		Rows: []reports.Row{
			{Unit: unit(staff.Commune, "Xã Cát Hải"), Staff: 3, Figures: figures(1, 4)},
			{Unit: unit(staff.Zone, "Đặc khu Bạch Long Vĩ"), Figures: none},
			{Unit: unit("so", "=Sở Nội vụ"), Staff: 7, Figures: figures(7, 7)},
			{Unit: unit(staff.Commune, "Xã Vĩnh Bảo"), Staff: 6, Figures: figures(2, 5)},
		},
		Subtotals: []reports.Subtotal{
			{Kind: "xa", Units: 2, Staff: 9, Figures: figures(1, 4).Add(figures(2, 5))},
			{Kind: "dac_khu", Units: 1, Figures: none},
			{Kind: "organisation", Units: 1, Staff: 7, Figures: figures(7, 7)},
		},
		Total: figures(1, 4).Add(figures(2, 5)).Add(figures(7, 7)),
	}
}

func TestBC01IsTheOfficialForm(t *testing.T) {
	var b bytes.Buffer
	if err := WriteBC01(&b, bc01()); err != nil {
		t.Fatal(err)
	}
	sheet := readBack(t, b.Bytes())
	n := 18
	numbers := make([]any, n)
	for i := range numbers {
		numbers[i] = fmt.Sprintf("(%d)", i+1)
	}
	over, kinds := make([]any, n), make([]any, n)
	for i, title := range map[int]string{
		0: "STT", 1: "Đơn vị", 2: "Tổng số CBCCVC", 3: "Số người đã bồi dưỡng", 4: "Tỷ lệ (%)", 5: "Tổng số lượt", 15: "Tổng số tiết",
	} {
		over[i] = title
	}
	for i, title := range []string{
		"Nữ", "Dân tộc thiểu số", "Lý luận chính trị", "Quốc phòng – an ninh", "Quản lý nhà nước", "Vị trí việc làm",
		"KHCN, đổi mới sáng tạo, kỹ năng số", "Ngoại ngữ", "Khác",
	} {
		kinds[6+i], over[6+i] = title, "Số lượt theo loại kiến thức"
	}
	over[6], over[7] = "Trong đó (người)", "Trong đó (người)"
	over[16], over[17], kinds[16], kinds[17] = "Đủ số tiết theo quy định", "Đủ số tiết theo quy định", "Người", "Tỷ lệ (%)"
	rows := head(n, "BC-01. KẾT QUẢ BỒI DƯỠNG THEO ĐƠN VỊ",
		"Kỳ báo cáo từ 01/07/2026 đến 30/09/2026; mỗi người tính vào đơn vị giữ vị trí ngày 30/09/2026; số liệu tại mục 1.234.567 của sổ ghi nhận")
	rows = append(rows, over, kinds, numbers,
		[]any{1, "Xã Cát Hải", 3, 1, 33.33, 4, 2, 1, 1, 2, 3, 4, 5, 6, 7, 12345, 1, 33.33},
		[]any{2, "Xã Vĩnh Bảo", 6, 2, 33.33, 5, 2, 1, 1, 2, 3, 4, 5, 6, 7, 12345, 1, 16.67},
		[]any{nil, "Cộng xã", 9, 3, 33.33, 9, 4, 2, 2, 4, 6, 8, 10, 12, 14, 24690, 2, 22.22},
		[]any{3, "Đặc khu Bạch Long Vĩ", 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0},
		[]any{nil, "Cộng đặc khu", 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0},
		[]any{4, "'=Sở Nội vụ", 7, 7, 100, 7, 2, 1, 1, 2, 3, 4, 5, 6, 7, 12345, 1, 14.29},
		[]any{nil, "Cộng cơ quan, tổ chức", 7, 7, 100, 7, 2, 1, 1, 2, 3, 4, 5, 6, 7, 12345, 1, 14.29},
		[]any{nil, "Tổng cộng", 16, 10, 62.5, 16, 6, 3, 3, 6, 9, 12, 15, 18, 21, 37035, 3, 18.75})
	sheet.compare(t, append(rows, foot(n)...))

	merged := []string{
		"A1:I1", "A2:I2", "J1:R1", "J2:R2", "A4:R4", "A5:R5", "A6:R6", // the head
		"A8:A9", "B8:B9", "C8:C9", "D8:D9", "E8:E9", "F8:F9", "G8:H8", "I8:O8", "P8:P9", "Q8:R8", // the header
		"A20:I20", "A21:I21", "J20:R20", "J21:R21", // the signatures
	}
	slices.Sort(merged)
	if !slices.Equal(sheet.Merged, merged) {
		t.Errorf("merged are %v\nwant %v", sheet.Merged, merged)
	}
	sheet.official(t, 10)
	if c := sheet.Cells["P11"]; c.Format != 3 || !c.Bordered || c.Bold {
		t.Errorf("a figure is written as %+v", c)
	}
	if c := sheet.Cells["E11"]; c.Format != 4 {
		t.Errorf("a share is written as %+v", c)
	}
	if c := sheet.Cells["P18"]; c.Format != 3 || !c.Bold {
		t.Errorf("a total is written as %+v", c)
	}
}

// official checks what all sheets have: the first rows stand still, the header
// is repeated on each page of A4 across, one page wide; nothing is a formula.
func (r read) official(t *testing.T, frozen int) {
	t.Helper()
	if got, want := texts(r.Frozen), fmt.Sprintf("frozen %d - A%d ", frozen, frozen+1); got != want {
		t.Errorf("frozen is %q, want %q", got, want)
	}
	if want := fmt.Sprintf("Sheet1!$%d:$%d", frozen-2, frozen); len(r.Titles) != 1 || r.Titles[0] != want {
		t.Errorf("repeated on each page is %q, want %q", r.Titles, want)
	}
	if got := texts(r.Paper); got != "9 landscape 1 0 " {
		t.Errorf("the paper is %q, want A4 across, one page wide", got)
	}
	if len(r.Fit) != 1 || r.Fit[0] != "1" && r.Fit[0] != "true" {
		t.Errorf("fitting to the page is %q", r.Fit)
	}
	if r.Formulas != 0 {
		t.Errorf("it has %d formulas", r.Formulas)
	}
}

// pages gives the lines page by page.
func pages(list ...[]PersonLine) Lines[PersonLine] {
	return func() ([]PersonLine, error) {
		if len(list) == 0 {
			return nil, nil
		}
		page := list[0]
		list = list[1:]
		return page, nil
	}
}

func TestTheListOfPeopleIsTheOfficialForm(t *testing.T) {
	var b bytes.Buffer
	err := WritePeople(&b, "2026", pages(
		[]PersonLine{{"Đoàn Văn Hải", 1990, "Đặc khu Bạch Long Vĩ", "Công chức tư pháp", 3, 48, 40}, {"H'Hen Niê", 0, "Xã Cát Hải", "", 0, 0, 0}},
		[]PersonLine{{"Nguyễn Thị Ánh", 2001, "Sở Nội vụ", "Trưởng phòng", 1, 8, 40}},
	))
	if err != nil {
		t.Fatal(err)
	}
	sheet := readBack(t, b.Bytes())
	rows := head(9, "DANH SÁCH CÁ NHÂN VÀ KẾT QUẢ BỒI DƯỠNG", "Kỳ báo cáo từ 01/01/2026 đến 31/12/2026")
	rows = append(rows,
		[]any{"STT", "Họ và tên", "Năm sinh", "Đơn vị", "Vị trí việc làm", "Số lượt", "Số tiết đã học", "Số tiết theo quy định", "Số tiết còn thiếu"},
		[]any{"(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)", "(8)", "(9)"},
		[]any{1, "Đoàn Văn Hải", 1990, "Đặc khu Bạch Long Vĩ", "Công chức tư pháp", 3, 48, 40, 0},
		[]any{2, "H'Hen Niê", nil, "Xã Cát Hải", nil, 0, 0, 0, 0},
		[]any{3, "Nguyễn Thị Ánh", 2001, "Sở Nội vụ", "Trưởng phòng", 1, 8, 40, 32})
	sheet.compare(t, append(rows, foot(9)...))
	sheet.official(t, 9)
	if c := sheet.Cells["C10"]; c.Format != 1 {
		t.Errorf("a year of birth is written as %+v: it has no thousands", c)
	}
	if c := sheet.Cells["B8"]; !c.Bold || !c.Bordered {
		t.Errorf("the header is written as %+v", c)
	}
}

func TestTheListOfPeopleForOtherPrograms(t *testing.T) {
	var b bytes.Buffer
	err := WritePeopleCSV(&b, pages(
		[]PersonLine{{"Đoàn Văn Hải", 1990, "Đặc khu Bạch Long Vĩ", "Công chức tư pháp, hộ tịch", 3, 48, 40}, {"H'Hen Niê", 0, "Xã Cát Hải", "", 0, 0, 0}},
		[]PersonLine{{"=1+1", 2001, `Sở "Nội vụ"`, "Trưởng phòng", 1, 8, 40}},
	))
	if err != nil {
		t.Fatal(err)
	}
	want := "\ufeffSTT,Họ và tên,Năm sinh,Đơn vị,Vị trí việc làm,Số lượt,Số tiết đã học,Số tiết theo quy định,Số tiết còn thiếu\r\n" +
		"1,Đoàn Văn Hải,1990,Đặc khu Bạch Long Vĩ,\"Công chức tư pháp, hộ tịch\",3,48,40,0\r\n" +
		"2,H'Hen Niê,,Xã Cát Hải,,0,0,0,0\r\n" +
		"3,'=1+1,2001,\"Sở \"\"Nội vụ\"\"\",Trưởng phòng,1,8,40,32\r\n"
	if got := b.String(); got != want {
		t.Errorf("it is\n%q, want\n%q", got, want)
	}
}

func TestNothingThatPeopleWriteBecomesAFormula(t *testing.T) {
	for _, text := range []string{
		"=1+1", `=HYPERLINK("http://example.vn","x")`, "+84", "-1", "@SUM(A1)", "\t=1", "\r=1", "=", "-Nguyễn",
	} {
		var b bytes.Buffer
		if err := WritePeople(&b, "2026", pages([]PersonLine{{text, 1990, text, text, 0, 0, 0}})); err != nil {
			t.Fatal(err)
		}
		sheet := readBack(t, b.Bytes())
		for _, cell := range []string{"B10", "D10", "E10"} {
			got, isText := sheet.Cells[cell].Value.(string)
			if !isText || got == "" || got[0] != '\'' {
				t.Errorf("%q stands in %s as %q", text, cell, got)
			}
		}
		if sheet.Formulas != 0 {
			t.Errorf("%q became a formula", text)
		}
	}
	for _, text := range []string{"Sở Nội vụ", "129-TB/TU", "a=b", "'=1", " =1"} {
		if got := (&form{styles: map[string]int{}}).cell("text", text).Value; got != text {
			t.Errorf("%q became %q", text, got)
		}
	}
	if got := (&form{styles: map[string]int{}}).cell("number", -1).Value; got != -1 {
		t.Errorf("the number -1 became %v", got)
	}
}

func TestASheetThatCannotBeFilledIsAFault(t *testing.T) {
	away := errors.New("the store is away")
	n := 0
	err := WritePeople(io.Discard, "2026", func() ([]PersonLine, error) {
		if n++; n == 1 {
			return []PersonLine{{FullName: "Đoàn Văn Hải"}}, nil
		}
		return nil, away
	})
	if !errors.Is(err, away) {
		t.Errorf("it gives %v", err)
	}
	err = WritePeopleCSV(io.Discard, func() ([]PersonLine, error) { return nil, away })
	if !errors.Is(err, away) {
		t.Errorf("the list for other programs gives %v", err)
	}
	if err := WritePeopleCSV(broken{}, pages()); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("a list into a writer that is closed gives %v", err)
	}
	if err := WriteBC01(broken{}, bc01()); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("a writer that is closed gives %v", err)
	}
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }
