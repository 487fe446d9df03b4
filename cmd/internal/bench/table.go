package bench

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"time"
	"unicode/utf8"
)

// Row is one line of the table. What does not apply is empty or 0.
type Row struct {
	Work     string   `json:"work"`
	Ours     string   `json:"ours"`
	Raw      string   `json:"raw,omitempty"`
	Ratio    float64  `json:"ratio,omitempty"` // of the rates, ours by raw
	Moodle   string   `json:"moodle,omitempty"`
	Budgets  []Budget `json:"budgets,omitempty"`
	Figure   *Side    `json:"figure,omitempty"`
	RawSide  *Side    `json:"rawFigure,omitempty"`
	Quantity float64  `json:"quantity,omitempty"` // of a row that is no rate, in its unit
}

// Side is one side of a row in numbers.
type Side struct {
	PerSecond float64 `json:"perSecond"`
	P50Ms     float64 `json:"p50Ms"`
	P95Ms     float64 `json:"p95Ms"`
	P99Ms     float64 `json:"p99Ms"`
	CPUMs     float64 `json:"cpuMs"` // that each took, but for the server's clients
}

// Budget is what was asked of a row, and whether the row meets it.
type Budget struct {
	What string `json:"what"`
	Met  bool   `json:"met"`
}

func side(f Figure, each int) *Side {
	return &Side{PerSecond: f.PerSecond() * float64(each), P50Ms: milliseconds(f.P50), P95Ms: milliseconds(f.P95), P99Ms: milliseconds(f.P99), CPUMs: milliseconds(f.CPU) / float64(each)}
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// rates is the row of two figures, of which each operation counts each times.
func rates(work string, ours, raw Figure, each int) *Row {
	r := &Row{Work: work, Figure: side(ours, each)}
	r.Ours = fmt.Sprintf("%s (%s, %s)", count(r.Figure.PerSecond), short(ours.P50), short(ours.P99))
	if raw.Count > 0 {
		r.RawSide = side(raw, each)
		r.Raw = fmt.Sprintf("%s (%s)", count(r.RawSide.PerSecond), short(raw.P50))
		r.Ratio = r.Figure.PerSecond / r.RawSide.PerSecond
	}
	return r
}

// quantity is the row of one number.
func quantity(work, unit string, n float64) *Row {
	return &Row{Work: work, Ours: fmt.Sprintf("%.3g %s", n, unit), Quantity: n}
}

// atLeastRaw asks for a share of what the raw store does.
func (r *Row) atLeastRaw(times float64) *Row {
	return r.budget(fmt.Sprintf("≥ %.3g × raw", times), r.Ratio >= times)
}

// atLeast asks for a rate.
func (r *Row) atLeast(perSecond float64) *Row {
	return r.budget("≥ "+count(perSecond)+"/s", r.Figure.PerSecond >= perSecond)
}

// medianWithin, mostWithin and tailWithin ask for a latency.
func (r *Row) medianWithin(limit time.Duration) *Row {
	return r.budget("p50 ≤ "+short(limit), r.Figure.P50Ms <= milliseconds(limit))
}

func (r *Row) mostWithin(limit time.Duration) *Row {
	return r.budget(fmt.Sprintf("p95 ≤ %s (%.3g ms)", short(limit), r.Figure.P95Ms), r.Figure.P95Ms <= milliseconds(limit))
}

func (r *Row) tailWithin(limit time.Duration) *Row {
	return r.budget("p99 ≤ "+short(limit), r.Figure.P99Ms <= milliseconds(limit))
}

// atMost asks for a quantity.
func (r *Row) atMost(n float64, unit string) *Row {
	return r.budget(fmt.Sprintf("≤ %.3g %s", n, unit), r.Quantity <= n)
}

// moodle compares with what Moodle 4.5 did per second on such a machine, where
// it did between least and most; both have to be beaten times over.
func (r *Row) moodle(least, most, times float64) *Row {
	r.Moodle = fmt.Sprintf("%.3g", least)
	multiple := fmt.Sprintf("%.0f", r.Figure.PerSecond/least)
	if most > least {
		r.Moodle += fmt.Sprintf("–%.3g", most)
		multiple = fmt.Sprintf("%.0f–%.0f", r.Figure.PerSecond/most, r.Figure.PerSecond/least)
	}
	r.Moodle += "/s: " + multiple + " ×"
	if times == 0 {
		return r
	}
	return r.budget(fmt.Sprintf("≥ %.3g × Moodle", times), r.Figure.PerSecond >= times*most)
}

func (r *Row) budget(what string, met bool) *Row {
	r.Budgets = append(r.Budgets, Budget{What: what, Met: met})
	return r
}

func (r *Row) cells() []string {
	ratio, cpu, verdict := "", "", ""
	if r.Figure != nil && r.Figure.CPUMs > 0 {
		cpu = fmt.Sprintf("%.2f ms", r.Figure.CPUMs)
	}
	if r.RawSide != nil && r.RawSide.CPUMs > 0 {
		cpu += fmt.Sprintf(" (%.2f)", r.RawSide.CPUMs)
	}
	if r.Ratio > 0 {
		ratio = fmt.Sprintf("%.2f", r.Ratio)
	}
	asked := make([]string, len(r.Budgets))
	for i, b := range r.Budgets {
		asked[i] = b.What
		switch {
		case !b.Met:
			verdict = "MISSED"
		case verdict == "":
			verdict = "met"
		}
	}
	return []string{r.Work, r.Ours, r.Raw, ratio, cpu, strings.Join(asked, ", "), verdict, r.Moodle}
}

// write prints the rows as a table.
func write(w io.Writer, rows []*Row) error {
	lines := [][]string{{"work", "Hải Đăng per second (p50, p99)", "raw per second (p50)", "ratio", "CPU each (raw)", "budget", "verdict", "Moodle 4.5"}}
	for _, r := range rows {
		lines = append(lines, r.cells())
	}
	widths := make([]int, len(lines[0]))
	for _, line := range lines {
		for i, cell := range line {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	for n, line := range lines {
		if _, err := fmt.Fprintln(w, padded(line, widths)); err != nil {
			return fmt.Errorf("print the table: %w", err)
		}
		if n == 0 {
			rule := make([]string, len(widths))
			for i, width := range widths {
				rule[i] = strings.Repeat("─", width)
			}
			if _, err := fmt.Fprintln(w, padded(rule, widths)); err != nil {
				return fmt.Errorf("print the table: %w", err)
			}
		}
	}
	return nil
}

func padded(cells []string, widths []int) string {
	var b strings.Builder
	for i, cell := range cells {
		b.WriteString(cell)
		b.WriteString(strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell)+2))
	}
	return strings.TrimRight(b.String(), " ")
}

// writeJSON keeps the rows in a file.
func writeJSON(path string, rows []*Row) error {
	b, err := json.MarshalIndent(rows, "", "  ")
	if err == nil {
		err = os.WriteFile(path, append(b, '\n'), 0o600)
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}

// count writes a rate with a comma between thousands.
func count(n float64) string {
	if n < 10 {
		return fmt.Sprintf("%.2g", n)
	}
	s := fmt.Sprintf("%.0f", n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// short writes a latency with two digits that matter.
func short(d time.Duration) string {
	ms := milliseconds(d)
	switch {
	case ms >= 1000:
		return fmt.Sprintf("%.1f s", ms/1000)
	case ms >= 10:
		return fmt.Sprintf("%.0f ms", ms)
	case ms >= 1:
		return fmt.Sprintf("%.1f ms", ms)
	}
	return fmt.Sprintf("%.2f ms", ms)
}
