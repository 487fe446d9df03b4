package exchange

import (
	"fmt"
	"haidang/courses"
	"haidang/courses/vietnamese"
	"io"
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

// peopleFrozen is how many rows stand still above the list.
const peopleFrozen = 9

// WritePeople writes the list of people with their training in a period. next
// gives further rows until it gives none; only those are held in memory.
func WritePeople(w io.Writer, period courses.Period, next func() ([]PersonLine, error)) error {
	titles := []string{"STT", "Họ và tên", "Năm sinh", "Đơn vị", "Vị trí việc làm", "Số lượt", "Số tiết đã học", "Số tiết theo quy định", "Số tiết còn thiếu"}
	f := newForm([]float64{8, 28, 10, 42, 36, 9, 11, 11, 11}, peopleFrozen)
	from, to := period.Range()
	f.head("DANH SÁCH CÁ NHÂN VÀ KẾT QUẢ BỒI DƯỠNG", fmt.Sprintf("Kỳ báo cáo từ %s đến %s", vietnamese.ShortDate(from), vietnamese.ShortDate(to)))
	f.put()
	head, numbers := make([]any, len(titles)), make([]any, len(titles))
	for i, title := range titles {
		head[i], numbers[i] = f.cell("head", title), f.cell("index", fmt.Sprintf("(%d)", i+1))
	}
	f.put(head...)
	f.put(numbers...)
	n := 0
	for {
		lines, err := next()
		if err != nil {
			f.keep(f.file.Close())
			return err
		}
		for _, l := range lines {
			n++
			var born any
			if l.BirthYear > 0 {
				born = l.BirthYear
			}
			f.put(f.cell("number", n), f.cell("text", l.FullName), f.cell("year", born), f.cell("text", l.Unit), f.cell("text", l.Position),
				f.cell("number", l.Attendances), f.cell("number", l.Tiet), f.cell("number", l.Target), f.cell("number", max(0, l.Target-l.Tiet)))
		}
		if len(lines) == 0 {
			break
		}
	}
	f.sign()
	return f.write(w)
}
