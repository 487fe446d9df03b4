package exchange

import (
	"fmt"
	"haidang/courses"
	"haidang/courses/vietnamese"
	"io"
)

// LearnerLine is a row of BC-04.
type LearnerLine struct {
	FullName  string
	BirthYear int
	Unit      string
	Position  string
	Enrolled  courses.Date
	Completed courses.Date // empty while it is not
	ScoreBp   int
	Scored    bool
	ShareBp   int
}

// bc04Titles are the columns of the form.
var bc04Titles = []string{
	"STT", "Họ và tên", "Năm sinh", "Đơn vị", "Vị trí việc làm", "Ngày bắt đầu", "Ngày hoàn thành", "Điểm kiểm tra (%)", "Kết quả", "Số giấy chứng nhận",
}

// WriteBC04 writes BC-04, the learners of one course on a day.
func WriteBC04(w io.Writer, code, title string, day courses.Date, next Lines[LearnerLine]) error {
	f := newForm([]float64{8, 28, 10, 42, 36, 13, 13, 12, 24, 18}, peopleFrozen)
	f.head("BC-04. KẾT QUẢ THEO KHÓA BỒI DƯỠNG", fmt.Sprintf("Khóa %s: %s; số liệu ngày %s", code, title, vietnamese.ShortDate(day)))
	f.put()
	f.titles(bc04Titles)
	err := next.each(func(n int, l LearnerLine) error {
		f.put(f.cell("number", n), f.cell("text", l.FullName), f.year(l.BirthYear), f.cell("text", l.Unit), f.cell("text", l.Position),
			f.date(l.Enrolled), f.date(l.Completed), l.score(f), f.cell("text", l.result()), f.cell("text", ""))
		return f.err
	})
	if err != nil {
		f.keep(f.file.Close())
		return err
	}
	f.sign()
	return f.write(w)
}

func (l LearnerLine) score(f *form) any {
	if !l.Scored {
		return f.cell("text", "")
	}
	return f.percent("percent", l.ScoreBp)
}

func (l LearnerLine) result() string {
	if l.Completed != "" {
		return "Hoàn thành"
	}
	return fmt.Sprintf("Đang học (%d%%)", l.ShareBp/100)
}
