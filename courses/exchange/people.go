package exchange

import (
	"encoding/csv"
	"fmt"
	"haidang/courses"
	"haidang/courses/vietnamese"
	"io"
	"strconv"
)

// PersonLine is a row of the list of people.
type PersonLine struct {
	FullName    string
	BirthYear   int
	Unit        string
	Position    string
	Attendances int
	Tiet        int
	Target      int
}

// titles stand above the list of people.
var titles = []string{
	"STT", "Họ và tên", "Năm sinh", "Đơn vị", "Vị trí việc làm", "Số lượt", "Số tiết đã học", "Số tiết theo quy định", "Số tiết còn thiếu",
}

// missing is how many tiết the person owes.
func (l PersonLine) missing() int { return max(0, l.Target-l.Tiet) }

// Lines gives the next lines of a list, and none at its end; only those are
// held in memory.
type Lines[L any] func() ([]L, error)

// each has put write every line, numbered from 1.
func (next Lines[L]) each(put func(n int, l L) error) error {
	n := 0
	for {
		lines, err := next()
		if err != nil || len(lines) == 0 {
			return err
		}
		for _, l := range lines {
			n++
			if err := put(n, l); err != nil {
				return err
			}
		}
	}
}

// peopleFrozen is how many rows stand still above the list.
const peopleFrozen = 9

// WritePeople writes the list of people with their training in a period.
func WritePeople(w io.Writer, period courses.Period, next Lines[PersonLine]) error {
	f := newForm([]float64{8, 28, 10, 42, 36, 9, 11, 11, 11}, peopleFrozen)
	from, to := period.Range()
	f.head("DANH SÁCH CÁ NHÂN VÀ KẾT QUẢ BỒI DƯỠNG", fmt.Sprintf("Kỳ báo cáo từ %s đến %s", vietnamese.ShortDate(from), vietnamese.ShortDate(to)))
	f.put()
	f.titles(titles)
	err := next.each(func(n int, l PersonLine) error {
		f.put(f.cell("number", n), f.cell("text", l.FullName), f.year(l.BirthYear), f.cell("text", l.Unit), f.cell("text", l.Position),
			f.cell("number", l.Attendances), f.cell("number", l.Tiet), f.cell("number", l.Target), f.cell("number", l.missing()))
		return f.err
	})
	if err != nil {
		f.keep(f.file.Close())
		return err
	}
	f.sign()
	return f.write(w)
}

// byteOrderMark tells spreadsheets that a file is UTF-8.
const byteOrderMark = "\ufeff"

// WritePeopleCSV writes the same list for other programs (RFC 4180, UTF-8).
func WritePeopleCSV(w io.Writer, next Lines[PersonLine]) error {
	if _, err := io.WriteString(w, byteOrderMark); err != nil {
		return fmt.Errorf("write list: %w", err)
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	put := func(cells ...string) error {
		if err := out.Write(cells); err != nil {
			return fmt.Errorf("write list: %w", err)
		}
		return nil
	}
	if err := put(titles...); err != nil {
		return err
	}
	err := next.each(func(n int, l PersonLine) error {
		born := ""
		if l.BirthYear > 0 {
			born = strconv.Itoa(l.BirthYear)
		}
		return put(strconv.Itoa(n), harmless(l.FullName), born, harmless(l.Unit), harmless(l.Position),
			strconv.Itoa(l.Attendances), strconv.Itoa(l.Tiet), strconv.Itoa(l.Target), strconv.Itoa(l.missing()))
	})
	if err != nil {
		return err
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return fmt.Errorf("write list: %w", err)
	}
	return nil
}
