package exchange

import (
	"archive/zip"
	"bytes"
	"errors"
	"haidang/courses/vietnamese"
	"maps"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Limits of a workbook that is read.
const (
	mostWorkbook  = 256 << 20 // bytes, unpacked
	mostSheet     = 96 << 20  // bytes of a sheet, and of the texts that sheets share
	mostCellText  = 100_000   // bytes of one text: spreadsheets take 32,767 characters
	mostSheetText = 96 << 20  // bytes of the texts of all cells: sheets may share a long one
	mostColumns   = 200
)

// workbook reads a spreadsheet. Only one row is held in memory, and the texts
// that sheets share.
type workbook struct {
	archive *archive
	sheets  []*zip.File
	shared  []string
	looks   []cellLook // of each style
	text    int        // bytes of cells so far
}

// cellLook says how a number is shown.
type cellLook int

const (
	plainLook cellLook = iota
	dateLook
	timeLook // a date with its time
	percentLook
)

// sheetRow is the cells of a row by column, from 0, trimmed and without empty
// ones. Numbers are as Vietnamese write them.
type sheetRow struct {
	number int
	cells  map[int]string
	broken bool // a formula gave an error
}

// openWorkbook refuses with ErrQuestions, ErrOld, ErrCorrupt, ErrNames,
// ErrUnsafeXML and ErrUnpacked.
func openWorkbook(data []byte) (*workbook, error) {
	wrong := badQuestions("format", "not_xlsx")
	a, err := openArchive(bytes.NewReader(data), int64(len(data)), mostWorkbook, wrong)
	if err != nil {
		return nil, err
	}
	part, _, err := a.mainPart(wrong, "spreadsheetml.sheet.main", "spreadsheetml.template.main", "ms-excel.sheet.macroenabled.main")
	if err != nil {
		return nil, err
	}
	links, err := a.relations(part)
	if err != nil {
		return nil, err
	}
	b := &workbook{archive: a}
	err = a.each(a.find(part), "sheets", func(n *node) error {
		if f := a.find(links[n.link("id")].target); f != nil && len(b.sheets) < 50 {
			b.sheets = append(b.sheets, f)
		}
		return nil
	})
	if err == nil {
		err = b.styles(a.find(linked(links, "styles")))
	}
	if err == nil {
		err = b.sharedTexts(a.find(linked(links, "sharedStrings")))
	}
	return b, err
}

func (b *workbook) sharedTexts(f *zip.File) error {
	if f == nil {
		return nil
	}
	return b.archive.eachWithin(f, mostSheet, "sst", func(n *node) error {
		b.shared = append(b.shared, cellText(n))
		return nil
	})
}

var escapedRune = regexp.MustCompile(`_x[0-9A-Fa-f]{4}_`)

// cellText is the text of a string item, without the readings that Japanese ones
// have.
func cellText(n *node) string {
	var out strings.Builder
	for c := range n.all("rPh") {
		if c.name == "t" && out.Len() < mostCellText {
			out.Write(c.text)
		}
	}
	return escapedRune.ReplaceAllStringFunc(out.String(), func(code string) string {
		r, err := strconv.ParseUint(code[2:6], 16, 16)
		if err != nil {
			return code
		}
		return string(rune(r))
	})
}

// styles reads which styles show numbers as dates or shares.
func (b *workbook) styles(f *zip.File) error {
	if f == nil {
		return nil
	}
	formats := map[string]string{}
	err := b.archive.each(f, "numFmts", func(n *node) error {
		formats[n.attr("numFmtId")] = n.attr("formatCode")
		return nil
	})
	if err != nil {
		return err
	}
	return b.archive.each(f, "cellXfs", func(n *node) error {
		b.looks = append(b.looks, lookOf(n.attr("numFmtId"), formats))
		return nil
	})
}

var quotedFormat = regexp.MustCompile(`"[^"]*"|\[[^\]]*\]|\\.`)

// lookOf knows the formats that have a number and no code, and reads the others.
func lookOf(id string, formats map[string]string) cellLook {
	switch number, _ := strconv.Atoi(id); {
	case number >= 14 && number <= 17 || number >= 27 && number <= 31 || number >= 50 && number <= 58:
		return dateLook
	case number >= 18 && number <= 22 || number >= 45 && number <= 47:
		return timeLook
	case number == 9 || number == 10:
		return percentLook
	}
	code := strings.ToLower(quotedFormat.ReplaceAllString(formats[id], ""))
	switch {
	case strings.ContainsAny(code, "hs"):
		return timeLook
	case strings.ContainsAny(code, "dy"):
		return dateLook
	case strings.HasSuffix(strings.TrimSpace(code), "%"):
		return percentLook
	}
	return plainLook
}

// rows has see look at each row of a sheet that is not empty.
func (b *workbook) rows(sheet *zip.File, see func(sheetRow) error) error {
	number := 0
	return b.archive.eachWithin(sheet, mostSheet, "sheetData", func(n *node) error {
		number++
		if said, err := strconv.Atoi(n.attr("r")); err == nil && said > 0 && said <= 1<<20 {
			number = said
		}
		row := sheetRow{number: number, cells: map[int]string{}}
		at := -1
		for _, c := range n.children {
			at++
			if named := column(c.attr("r")); named >= 0 {
				at = named
			}
			text, broken := b.value(c)
			text = strings.TrimSpace(text)
			if text == "" || at >= mostColumns {
				continue
			}
			row.cells[at], row.broken = text, row.broken || broken
			if b.text += len(text); b.text > mostSheetText {
				return ErrQuestionsSize
			}
		}
		if len(row.cells) == 0 {
			return nil
		}
		return see(row)
	})
}

// column is the column that a reference such as "AB12" names, from 0, or −1.
func column(reference string) int {
	column := 0
	for _, r := range strings.ToUpper(reference) {
		if r < 'A' || r > 'Z' || column > 1<<14 {
			break
		}
		column = column*26 + int(r-'A') + 1
	}
	return column - 1
}

// value is what a cell shows.
func (b *workbook) value(c *node) (text string, broken bool) {
	raw := strings.TrimSpace(string(c.child("v").text))
	switch c.attr("t") {
	case "s":
		if i, err := strconv.Atoi(raw); err == nil && i >= 0 && i < len(b.shared) {
			return b.shared[i], false
		}
		return "", false
	case "inlineStr":
		return cellText(c.child("is")), false
	case "str", "d":
		return string(c.child("v").text), false
	case "b":
		return map[string]string{"0": "Sai", "1": "Đúng"}[raw], false
	case "e":
		return raw, true
	}
	number, err := strconv.ParseFloat(raw, 64)
	if err != nil {
		return raw, false
	}
	style, _ := strconv.Atoi(c.attr("s"))
	if style < 0 || style >= len(b.looks) {
		style = -1
	}
	return b.shown(number, style), false
}

// shown is a number as its cell shows it. Spreadsheets keep 15 digits.
func (b *workbook) shown(number float64, style int) string {
	look := plainLook
	if style >= 0 {
		look = b.looks[style]
	}
	if day := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC); look == dateLook || look == timeLook {
		if number < 0 || number > 2_958_465 {
			return ""
		}
		day = day.AddDate(0, 0, int(number)).Add(time.Duration(math.Round((number-math.Floor(number))*86_400)) * time.Second)
		switch {
		case look == dateLook:
			return day.Format("02/01/2006")
		case number < 1:
			return day.Format("15:04")
		}
		return day.Format("02/01/2006 15:04")
	}
	suffix := ""
	if look == percentLook {
		number, suffix = number*100, "%"
	}
	return vietnamese.WriteNumber(rounded(number)) + suffix
}

// errFound ends the reading of a sheet early.
var errFound = errors.New("found")

// headed finds the first sheet that has a row, among its first 20, of which want
// is satisfied, and that row's number.
func (b *workbook) headed(want func(sheetRow) bool) (sheet *zip.File, number int, err error) {
	for _, sheet := range b.sheets {
		seen := 0
		err := b.rows(sheet, func(r sheetRow) error {
			if seen++; want(r) {
				number = r.number
				return errFound
			}
			if seen == 20 {
				return errFound
			}
			return nil
		})
		if err != nil && !errors.Is(err, errFound) {
			return nil, 0, err
		}
		if number > 0 {
			return sheet, number, nil
		}
	}
	return nil, 0, badQuestions("header", RefusedRequired)
}

// columns lists the columns of a row that are not empty, in order.
func (r sheetRow) columns() []int { return slices.Sorted(maps.Keys(r.cells)) }
