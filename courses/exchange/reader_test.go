package exchange

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os/exec"
	"testing"
)

// reader reads a sheet without any spreadsheet library, so that it shares no
// mistake with the writer.
const reader = `
import io, json, re, sys, zipfile
import xml.etree.ElementTree as ET
M = '{http://schemas.openxmlformats.org/spreadsheetml/2006/main}'
z = zipfile.ZipFile(io.BytesIO(sys.stdin.buffer.read()))
assert z.testzip() is None
sheet, styles, book = (ET.fromstring(z.read('xl/' + n + '.xml')) for n in ('worksheets/sheet1', 'styles', 'workbook'))
shared = []
if 'xl/sharedStrings.xml' in z.namelist():
    for si in ET.fromstring(z.read('xl/sharedStrings.xml')).findall(M + 'si'):
        shared.append(''.join(t.text or '' for t in si.iter(M + 't')))
fonts = styles.find(M + 'fonts').findall(M + 'font')
xfs = styles.find(M + 'cellXfs').findall(M + 'xf')
def style(i):
    xf = xfs[int(i or 0)]
    font = fonts[int(xf.get('fontId', 0))]
    return {'font': font.find(M + 'name').get('val'), 'size': float(font.find(M + 'sz').get('val')), 'bold': font.find(M + 'b') is not None,
            'format': int(xf.get('numFmtId', 0)), 'bordered': xf.get('borderId', '0') != '0'}
cells, formulas = {}, 0
for c in sheet.iter(M + 'c'):
    kind, v = c.get('t', 'n'), c.find(M + 'v')
    formulas += c.find(M + 'f') is not None
    if kind == 'inlineStr':
        value = ''.join(t.text or '' for t in c.iter(M + 't'))
    elif kind == 's':
        value = shared[int(v.text)]
    elif v is None:
        value = None
    elif kind == 'n':
        value = float(v.text)
    else:
        value = v.text
    cells[c.get('r')] = dict(style(c.get('s')), value=value)
pane = sheet.find(M + 'sheetViews/' + M + 'sheetView/' + M + 'pane')
setup = sheet.find(M + 'pageSetup')
json.dump({
    'cells': cells, 'formulas': formulas,
    'merged': sorted(m.get('ref') for m in sheet.iter(M + 'mergeCell')),
    'frozen': [pane.get('state'), pane.get('ySplit'), pane.get('xSplit'), pane.get('topLeftCell')],
    'titles': [d.text for d in book.iter(M + 'definedName') if d.get('name') == '_xlnm.Print_Titles'],
    'paper': [setup.get('paperSize'), setup.get('orientation'), setup.get('fitToWidth'), setup.get('fitToHeight')],
    'fit': [p.get('fitToPage') for p in sheet.iter(M + 'pageSetUpPr')],
    'widths': [[c.get('min'), c.get('max'), float(c.get('width'))] for c in sheet.iter(M + 'col')],
}, sys.stdout)
`

// read is a sheet as the reader sees it.
type read struct {
	Cells    map[string]readCell
	Formulas int
	Merged   []string
	Frozen   []*string
	Titles   []string
	Paper    []*string
	Fit      []string
	Widths   []any
}

type readCell struct {
	Value    any // string, float64 or nil
	Font     string
	Size     float64
	Bold     bool
	Format   int
	Bordered bool
}

func readBack(t *testing.T, sheet []byte) read {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "python3", "-c", reader)
	var out, failure bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(sheet), &out, &failure
	if err := cmd.Run(); err != nil {
		t.Fatalf("read the sheet: %v\n%s", err, failure.Bytes())
	}
	var r read
	if err := json.Unmarshal(out.Bytes(), &r); err != nil {
		t.Fatal(err)
	}
	return r
}

// texts writes a list of optional attributes for comparing.
func texts(list []*string) string {
	var b bytes.Buffer
	for _, s := range list {
		if s == nil {
			b.WriteString("- ")
			continue
		}
		b.WriteString(*s + " ")
	}
	return b.String()
}

// compare holds every cell of the sheet against rows, from the first one down;
// a nil is a cell without a value. No further cell may have one.
func (r read) compare(t *testing.T, rows [][]any) {
	t.Helper()
	seen := 0
	for i, row := range rows {
		for j, want := range row {
			name := fmt.Sprintf("%c%d", 'A'+j, i+1)
			if n, number := want.(int); number {
				want = float64(n)
			}
			cell := r.Cells[name]
			if cell.Value != want && (want != nil || cell.Value != "") {
				t.Errorf("%s holds %T %v, want %T %v", name, cell.Value, cell.Value, want, want)
			}
			if want != nil {
				seen++
			}
		}
	}
	for name, cell := range r.Cells {
		if cell.Value != nil && cell.Value != "" {
			seen--
		}
		if cell.Font != "Times New Roman" || cell.Size < 12 {
			t.Errorf("%s is in %s %g", name, cell.Font, cell.Size)
		}
	}
	if seen != 0 {
		t.Errorf("%d cells more are filled than should be", -seen)
	}
}
