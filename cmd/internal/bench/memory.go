package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"haidang/courses"
	"haidang/courses/exchange"
	"io"
	"os"
	"os/exec"
	"strconv"
	"time"
)

// Rows of the two sheets whose memory is compared.
const (
	manyRows = 100_000
	fewRows  = 1_000
)

// Sheet is what a process that wrote one sheet tells of itself.
type Sheet struct {
	Rows    int
	Bytes   int
	Seconds float64
	Peak    int64 // bytes of memory
}

// WriteSheet writes a sheet of n people as the server does and tells on w, in
// JSON, what it took. Its process should do nothing else.
func WriteSheet(w io.Writer, n int) error {
	begin := time.Now()
	var b bytes.Buffer
	row := 0
	err := exchange.WritePeople(&b, courses.Period("2026"), func() ([]exchange.PersonLine, error) {
		lines := make([]exchange.PersonLine, min(100, n-row))
		for i := range lines {
			row++
			lines[i] = exchange.PersonLine{
				FullName: fmt.Sprintf("Nguyễn Thị Minh Hương %d", row), BirthYear: 1966 + row%36, Attendances: row % 31, Tiet: row * 7 % 400, Target: 40,
				Unit: fmt.Sprintf("Văn phòng HĐND và UBND, Đơn vị số %d", row%900), Position: fmt.Sprintf("Công chức chuyên môn %d", row%46),
			}
		}
		return lines, nil
	})
	if err != nil {
		return err
	}
	peak, err := resident(os.Getpid(), residentPeak)
	if err != nil {
		return err
	}
	return json.NewEncoder(w).Encode(Sheet{Rows: row, Bytes: b.Len(), Seconds: time.Since(begin).Seconds(), Peak: peak})
}

// sheetOf has a process of its own write a sheet.
func (w *world) sheetOf(ctx context.Context, n int) (Sheet, error) {
	var s Sheet
	cmd := exec.CommandContext(ctx, w.o.Program, "bench", "--only-sheet", strconv.Itoa(n))
	cmd.Stderr = w.o.Progress
	out, err := cmd.Output()
	if err == nil {
		err = json.Unmarshal(out, &s)
	}
	if err == nil && s.Rows != n {
		err = fmt.Errorf("it has %d rows", s.Rows)
	}
	if err != nil {
		return s, fmt.Errorf("write a sheet of %d rows: %w", n, err)
	}
	return s, nil
}

// memory measures what big sheets and all that went before take.
func (w *world) memory(ctx context.Context) ([]*Row, error) {
	after, err := resident(w.server.PID(), residentNow)
	if err != nil {
		return nil, err
	}
	few, err := w.sheetOf(ctx, fewRows)
	if err != nil {
		return nil, err
	}
	many, err := w.sheetOf(ctx, manyRows)
	if err != nil {
		return nil, err
	}
	return []*Row{
		quantity("XLSX of 100,000 rows", "s", many.Seconds),
		quantity("the same: peak memory above that of 1,000 rows", "MiB", mebibytes(many.Peak-few.Peak)).atMost(64, "MiB"),
		quantity("server memory after all of this", "MiB", mebibytes(after)),
	}, nil
}
