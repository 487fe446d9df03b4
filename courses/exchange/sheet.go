// Package exchange writes the domain's values in the file formats of offices.
package exchange

import (
	"fmt"
	"haidang/courses"
	"io"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"
)

const sheetName = "Sheet1"

// form is a sheet in the form of official papers: A4 across, Times New Roman 12.
type form struct {
	file    *excelize.File
	stream  *excelize.StreamWriter
	columns int
	row     int
	styles  map[string]int
	err     error
}

// newForm begins a sheet; widths are of its columns, in characters.
func newForm(widths []float64, frozen int) *form {
	f := &form{file: excelize.NewFile(), columns: len(widths), styles: map[string]int{}}
	f.style("text", excelize.Style{Alignment: &excelize.Alignment{WrapText: true, Vertical: "center"}, Border: borders, NumFmt: 49})
	f.style("number", excelize.Style{Alignment: &excelize.Alignment{Horizontal: "right", Vertical: "center"}, Border: borders, NumFmt: 3})
	f.style("year", excelize.Style{Alignment: centred, Border: borders, NumFmt: 1})
	dayMonthYear := "dd/mm/yyyy"
	f.style("date", excelize.Style{Alignment: centred, Border: borders, CustomNumFmt: &dayMonthYear})
	f.style("percent", excelize.Style{Alignment: &excelize.Alignment{Horizontal: "right", Vertical: "center"}, Border: borders, NumFmt: 4})
	f.style("head", excelize.Style{Alignment: centred, Border: borders, Font: &excelize.Font{Bold: true}})
	f.style("index", excelize.Style{Alignment: centred, Border: borders, Font: &excelize.Font{Italic: true}})
	f.style("sumText", excelize.Style{Border: borders, Font: &excelize.Font{Bold: true}})
	f.style("sumNumber", excelize.Style{Border: borders, Font: &excelize.Font{Bold: true}, NumFmt: 3})
	f.style("sumPercent", excelize.Style{Border: borders, Font: &excelize.Font{Bold: true}, NumFmt: 4})
	f.style("title", excelize.Style{Alignment: centred, Font: &excelize.Font{Bold: true, Size: 14}})
	f.style("bold", excelize.Style{Alignment: centred, Font: &excelize.Font{Bold: true}})
	f.style("plain", excelize.Style{Alignment: centred})
	f.style("italic", excelize.Style{Alignment: centred, Font: &excelize.Font{Italic: true}})
	f.layout(frozen)
	var err error
	f.stream, err = f.file.NewStreamWriter(sheetName)
	f.keep(err)
	for i, width := range widths {
		f.keep(f.stream.SetColWidth(i+1, i+1, width))
	}
	f.keep(f.stream.SetPanes(&excelize.Panes{
		Freeze: true, YSplit: frozen, TopLeftCell: fmt.Sprintf("A%d", frozen+1), ActivePane: "bottomLeft",
	}))
	return f
}

var (
	centred = &excelize.Alignment{Horizontal: "center", Vertical: "center", WrapText: true}
	borders = []excelize.Border{
		{Type: "left", Color: "000000", Style: 1},
		{Type: "right", Color: "000000", Style: 1},
		{Type: "top", Color: "000000", Style: 1},
		{Type: "bottom", Color: "000000", Style: 1},
	}
)

func (f *form) keep(err error) {
	if f.err == nil {
		f.err = err
	}
}

func (f *form) style(name string, s excelize.Style) {
	if s.Font == nil {
		s.Font = &excelize.Font{}
	}
	s.Font.Family = "Times New Roman"
	if s.Font.Size == 0 {
		s.Font.Size = 12
	}
	id, err := f.file.NewStyle(&s)
	f.keep(err)
	f.styles[name] = id
}

// layout prints on A4 across, one page wide, with the head repeated.
func (f *form) layout(frozen int) {
	a4, landscape, one, many, yes := 9, "landscape", 1, 0, true
	f.keep(f.file.SetPageLayout(sheetName, &excelize.PageLayoutOptions{Size: &a4, Orientation: &landscape, FitToWidth: &one, FitToHeight: &many}))
	f.keep(f.file.SetSheetProps(sheetName, &excelize.SheetPropsOptions{FitToPage: &yes}))
	f.keep(f.file.SetDefinedName(&excelize.DefinedName{
		Name: "_xlnm.Print_Titles", Scope: sheetName, RefersTo: fmt.Sprintf("%s!$%d:$%d", sheetName, max(1, frozen-2), frozen),
	}))
}

// put writes the next row; nil cells stay empty.
func (f *form) put(cells ...any) {
	f.row++
	if f.err == nil {
		f.keep(f.stream.SetRow(fmt.Sprintf("A%d", f.row), cells))
	}
}

// titles writes the row of headings and the row of their numbers.
func (f *form) titles(titles []string) {
	head, numbers := make([]any, len(titles)), make([]any, len(titles))
	for i, title := range titles {
		head[i], numbers[i] = f.cell("head", title), f.cell("index", fmt.Sprintf("(%d)", i+1))
	}
	f.put(head...)
	f.put(numbers...)
}

// date is a day as spreadsheets know days; nothing for none.
func (f *form) date(day courses.Date) any {
	t, err := time.Parse(time.DateOnly, string(day))
	if err != nil {
		return f.cell("text", "")
	}
	return f.cell("date", t)
}

// year is a year of birth; nothing where it is not known.
func (f *form) year(n int) any {
	if n > 0 {
		return f.cell("year", n)
	}
	return f.cell("year", nil)
}

// harmless is a text that no spreadsheet takes for a formula.
func harmless(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r", rune(text[0])) {
		return "'" + text
	}
	return text
}

// cell is a value in a style.
func (f *form) cell(style string, value any) excelize.Cell {
	if text, is := value.(string); is {
		value = harmless(text)
	}
	return excelize.Cell{StyleID: f.styles[style], Value: value}
}

// percent writes basis points as a number with two places.
func (f *form) percent(style string, bp int) excelize.Cell { return f.cell(style, float64(bp)/100) }

// merge joins cells of the row before and the rows below it; columns from 1.
func (f *form) merge(row, fromColumn, toRow, toColumn int) {
	from, err := excelize.CoordinatesToCellName(fromColumn, row)
	f.keep(err)
	to, err := excelize.CoordinatesToCellName(toColumn, toRow)
	f.keep(err)
	if f.err == nil {
		f.keep(f.stream.MergeCell(from, to))
	}
}

// two writes a row of two centred texts, each over half of the columns.
func (f *form) two(style, left, right string) {
	half := f.columns / 2
	cells := make([]any, f.columns)
	cells[0], cells[half] = f.cell(style, left), f.cell(style, right)
	f.put(cells...)
	f.merge(f.row, 1, f.row, half)
	f.merge(f.row, half+1, f.row, f.columns)
}

// across writes a row of one centred text over all columns.
func (f *form) across(style, text string) {
	f.put(f.cell(style, text))
	f.merge(f.row, 1, f.row, f.columns)
}

// head is the block above each official sheet.
func (f *form) head(title, below string) {
	f.two("plain", "THÀNH PHỐ HẢI PHÒNG", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
	f.two("bold", "CƠ QUAN BÁO CÁO", "Độc lập - Tự do - Hạnh phúc")
	f.put()
	f.across("title", title)
	f.across("italic", below)
	f.across("italic", "(Kèm theo Báo cáo số ……/BC-…… ngày …… tháng …… năm ……)")
}

// sign is the block below each official sheet.
func (f *form) sign() {
	f.put()
	f.two("bold", "NGƯỜI LẬP BIỂU", "THỦ TRƯỞNG ĐƠN VỊ")
	f.two("italic", "(Ký, ghi rõ họ tên)", "(Ký, ghi rõ họ tên, đóng dấu)")
}

// write ends the sheet.
func (f *form) write(w io.Writer) error {
	if f.err == nil {
		f.keep(f.stream.Flush())
	}
	if f.err == nil {
		f.keep(f.file.Write(w))
	}
	f.keep(f.file.Close())
	if f.err != nil {
		return fmt.Errorf("write sheet: %w", f.err)
	}
	return nil
}
