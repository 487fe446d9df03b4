package vietnamese

import (
	"fmt"
	"haidang/courses"
	"regexp"
	"strconv"
	"strings"
)

// LongDate writes a date as official papers do: days below 10 and the months 1
// and 2 with a zero (Decree 30/2020/NĐ-CP on clerical work).
func LongDate(d courses.Date) string {
	t := d.Time()
	month := strconv.Itoa(int(t.Month()))
	if t.Month() <= 2 {
		month = "0" + month
	}
	return fmt.Sprintf("ngày %02d tháng %s năm %d", t.Day(), month, t.Year())
}

// ShortDate writes dd/mm/yyyy; the empty date stays empty.
func ShortDate(d courses.Date) string {
	if d == "" {
		return ""
	}
	return d.Time().Format("02/01/2006")
}

// Number groups thousands with dots: 1.234.567.
func Number(n int64) string {
	s, sign := strconv.FormatInt(n, 10), ""
	if strings.HasPrefix(s, "-") {
		s, sign = s[1:], "-"
	}
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "." + s[i:]
	}
	return sign + s
}

// WriteNumber writes a number so that ReadNumber reads it: 1234,5.
func WriteNumber(f float64) string {
	return strings.Replace(strconv.FormatFloat(f, 'f', -1, 64), ".", ",", 1)
}

var writtenNumber = regexp.MustCompile(`^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?$`)

// ReadNumber reads a number as Vietnamese write it, 1.234,5, or as programs do,
// 1234.5. A single point with three digits behind it divides thousands.
func ReadNumber(s string) (float64, bool) {
	s = strings.NewReplacer(" ", "", "\u00a0", "", "\u202f", "", "−", "-").Replace(strings.TrimSpace(s))
	points, commas := strings.Count(s, "."), strings.Count(s, ",")
	switch {
	case commas == 1 && strings.LastIndex(s, ",") > strings.LastIndex(s, "."):
		s = strings.Replace(strings.ReplaceAll(s, ".", ""), ",", ".", 1)
	case commas > 0:
		s = strings.ReplaceAll(s, ",", "")
	case points > 1 || points == 1 && len(s)-strings.Index(s, ".") == 4 && !strings.HasPrefix(strings.TrimPrefix(s, "-"), "0"):
		s = strings.ReplaceAll(s, ".", "")
	}
	return ReadPlainNumber(s)
}

// ReadPlainNumber reads a number as programs write it, 1234.5 or 1e3, and nothing
// that is none, such as NaN.
func ReadPlainNumber(s string) (float64, bool) {
	if !writtenNumber.MatchString(s) {
		return 0, false
	}
	f, err := strconv.ParseFloat(s, 64)
	return f, err == nil
}
