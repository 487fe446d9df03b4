package exchange

import (
	"fmt"
	"haidang/courses/reports"
	"haidang/courses/staff"
	"haidang/courses/vietnamese"
	"io"
)

// bc01Columns are the columns of the form, in order, with their widths; of is
// the heading that stands over several.
var bc01Columns = []struct {
	title, of string
	width     float64
}{
	{"STT", "", 6},
	{"Đơn vị", "", 38},
	{"Tổng số CBCCVC", "", 11},
	{"Số người đã bồi dưỡng", "", 11},
	{"Tỷ lệ (%)", "", 9},
	{"Tổng số lượt", "", 10},
	{"Nữ", "Trong đó (người)", 8},
	{"Dân tộc thiểu số", "Trong đó (người)", 9},
	{"Lý luận chính trị", "Số lượt theo loại kiến thức", 9},
	{"Quốc phòng – an ninh", "Số lượt theo loại kiến thức", 9},
	{"Quản lý nhà nước", "Số lượt theo loại kiến thức", 9},
	{"Vị trí việc làm", "Số lượt theo loại kiến thức", 9},
	{"KHCN, đổi mới sáng tạo, kỹ năng số", "Số lượt theo loại kiến thức", 12},
	{"Ngoại ngữ", "Số lượt theo loại kiến thức", 9},
	{"Khác", "Số lượt theo loại kiến thức", 8},
	{"Tổng số tiết", "", 10},
	{"Người", "Đủ số tiết theo quy định", 8},
	{"Tỷ lệ (%)", "Đủ số tiết theo quy định", 9},
}

// bc01Frozen is how many rows of the form stand still: the head, the two-level
// header and the row of column numbers.
const bc01Frozen = 10

var subtotalNames = map[string]string{
	"xa": "Cộng xã", "phuong": "Cộng phường", "dac_khu": "Cộng đặc khu", "organisation": "Cộng cơ quan, tổ chức",
}

// WriteBC01 writes BC-01 in its official form.
func WriteBC01(w io.Writer, r reports.BC01) error {
	widths := make([]float64, len(bc01Columns))
	for i, c := range bc01Columns {
		widths[i] = c.width
	}
	f := newForm(widths, bc01Frozen)
	f.head("BC-01. KẾT QUẢ BỒI DƯỠNG THEO ĐƠN VỊ", fmt.Sprintf("Kỳ báo cáo từ %s đến %s; mỗi người tính vào đơn vị giữ vị trí ngày %s; số liệu tại mục %s của sổ ghi nhận",
		vietnamese.ShortDate(r.From), vietnamese.ShortDate(r.To), vietnamese.ShortDate(r.To), vietnamese.Number(r.Ledger)))
	f.put()
	f.header()
	n := 0
	for _, sub := range r.Subtotals {
		for _, row := range r.Rows {
			if kindOf(row.Unit.Kind) == sub.Kind {
				n++
				f.figures("", n, row.Unit.FullName, row.Staff, row.Figures)
			}
		}
		f.figures("sum", nil, subtotalNames[sub.Kind], sub.Staff, sub.Figures)
	}
	f.figures("sum", nil, "Tổng cộng", r.Staff, r.Total)
	f.sign()
	return f.write(w)
}

func kindOf(kind staff.UnitKind) string {
	if _, own := subtotalNames[string(kind)]; own {
		return string(kind)
	}
	return "organisation"
}

// header writes the two rows of headings and the row of numbers.
func (f *form) header() {
	over, under, numbers := make([]any, len(bc01Columns)), make([]any, len(bc01Columns)), make([]any, len(bc01Columns))
	top := f.row + 1
	for i, c := range bc01Columns {
		over[i], under[i] = f.cell("head", c.of), f.cell("head", c.title)
		if c.of == "" {
			over[i], under[i] = f.cell("head", c.title), f.cell("head", "")
		}
		numbers[i] = f.cell("index", fmt.Sprintf("(%d)", i+1))
	}
	f.put(over...)
	f.put(under...)
	f.put(numbers...)
	for i := 0; i < len(bc01Columns); {
		last := i
		for last+1 < len(bc01Columns) && bc01Columns[i].of != "" && bc01Columns[last+1].of == bc01Columns[i].of {
			last++
		}
		if bc01Columns[i].of == "" {
			f.merge(top, i+1, top+1, i+1)
		} else {
			f.merge(top, i+1, top, last+1)
		}
		i = last + 1
	}
}

// figures writes a unit's row, or with the prefix "sum" a total.
func (f *form) figures(prefix string, index any, name string, people int, x reports.Figures) {
	text, number, percent := "text", "number", "percent"
	if prefix != "" {
		text, number, percent = "sumText", "sumNumber", "sumPercent"
	}
	cells := []any{
		f.cell(number, index), f.cell(text, name), f.cell(number, people), f.cell(number, x.Trained), f.percent(percent, reports.ShareBp(x.Trained, people)),
		f.cell(number, x.Attendances), f.cell(number, x.Women), f.cell(number, x.Minority),
	}
	for _, n := range x.ByKnowledge {
		cells = append(cells, f.cell(number, n))
	}
	f.put(append(cells, f.cell(number, x.Tiet), f.cell(number, x.Reached), f.percent(percent, reports.ShareBp(x.Reached, people)))...)
}
