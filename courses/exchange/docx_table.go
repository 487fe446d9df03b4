package exchange

import (
	"context"
	"haidang/courses/catalog"
)

// What the catalogue takes of a table.
const (
	tableRows    = 200
	tableColumns = 20
)

// table adds a table. A table of one cell is a frame around paragraphs; one of
// more rows than the catalogue takes becomes several, each with the head.
func (d *docx) table(ctx context.Context, n *node) error {
	rows := tableRowsOf(n)
	if len(rows) == 1 {
		if cells := cellsOf(rows[0]); len(cells) == 1 {
			return d.framed(ctx, cells[0])
		}
	}
	g := grid{}
	if err := g.read(ctx, d, rows); err != nil {
		return err
	}
	for _, table := range g.tables() {
		if err := d.out.add(table, 0); err != nil {
			return err
		}
	}
	for _, picture := range g.pictures {
		if err := d.out.add(picture, 0); err != nil {
			return err
		}
	}
	return nil
}

// framed adds what a frame surrounds.
func (d *docx) framed(ctx context.Context, cell *node) error {
	for c := range cell.inside() {
		if err := d.body(ctx, c); err != nil {
			return err
		}
	}
	return nil
}

// tableRowsOf lists the rows that were not deleted.
func tableRowsOf(table *node) []*node {
	var rows []*node
	for c := range table.inside() {
		if c.name == "tr" && !c.child("trPr").has("del") {
			rows = append(rows, c)
		}
	}
	return rows
}

func cellsOf(row *node) []*node {
	var cells []*node
	for c := range row.inside() {
		if c.name == "tc" {
			cells = append(cells, c)
		}
	}
	return cells
}

// grid is a table as read: cells with their places, so that a cell which goes on
// below is found.
type grid struct {
	rows     [][]gridCell
	heads    int // rows at the top that are its head
	pictures []catalog.Block
}

type gridCell struct {
	cell   catalog.Cell
	column int
	goesOn bool // it belongs to the cell above
}

// read reads the rows.
func (g *grid) read(ctx context.Context, d *docx, rows []*node) error {
	for i, row := range rows {
		if err := ctx.Err(); err != nil {
			return err
		}
		if head, _ := row.child("trPr").on("tblHeader"); head && g.heads == i {
			g.heads++
		}
		cells, err := g.row(ctx, d, row)
		if err != nil {
			return err
		}
		g.rows = append(g.rows, cells)
	}
	if g.heads == 0 && len(g.rows) > 1 && boldRow(g.rows[0]) {
		g.heads = 1
	}
	return nil
}

// row reads the cells of a row up to the last column that tables have.
func (g *grid) row(ctx context.Context, d *docx, row *node) ([]gridCell, error) {
	var cells []gridCell
	column := min(small(row.at("trPr", "gridBefore").attr("val"), 0), tableColumns)
	if column > 0 {
		cells = append(cells, gridCell{cell: catalog.Cell{Columns: over(column)}})
	}
	for _, tc := range cellsOf(row) {
		if column >= tableColumns {
			d.dropped.add(DropColumns)
			continue
		}
		c, err := g.cell(ctx, d, tc, column)
		if err != nil {
			return nil, err
		}
		column += max(c.cell.Columns, 1)
		cells = append(cells, c)
	}
	return cells, nil
}

func (g *grid) cell(ctx context.Context, d *docx, tc *node, column int) (gridCell, error) {
	text, pictures, err := d.cellText(ctx, tc)
	g.pictures = append(g.pictures, pictures...)
	tcPr := tc.child("tcPr")
	merge := tcPr.child("vMerge")
	return gridCell{
		cell:   catalog.Cell{Text: text, Columns: over(min(small(tcPr.child("gridSpan").attr("val"), 1), tableColumns-column))},
		column: column,
		goesOn: merge.name != "" && merge.attr("val") != "restart",
	}, err
}

// over is how many columns or rows a cell reaches over, as cells say it.
func over(n int) int {
	if n <= 1 {
		return 0
	}
	return n
}

// boldRow says that a row has text and all of it is bold.
func boldRow(cells []gridCell) bool {
	bold := false
	for _, c := range cells {
		if len(c.cell.Text) == 0 {
			continue
		}
		if bold = allBold(c.cell.Text); !bold {
			return false
		}
	}
	return bold
}

// tables makes blocks of the grid; none if it has no text at all.
func (g *grid) tables() []catalog.Block {
	if !g.filled() {
		return nil
	}
	if g.heads >= tableRows || g.heads == len(g.rows) {
		g.heads = 0
	}
	var made []catalog.Block
	head, rest := g.rows[:g.heads], g.rows[g.heads:]
	for len(rest) > 0 {
		n := min(len(rest), tableRows-len(head))
		rows := append(joined(head, true), joined(rest[:n], false)...)
		made = append(made, catalog.Block{Type: catalog.Table, Rows: rows})
		rest = rest[n:]
	}
	return made
}

func (g *grid) filled() bool {
	for _, row := range g.rows {
		for _, c := range row {
			if len(c.cell.Text) > 0 {
				return true
			}
		}
	}
	return false
}

// joined makes rows of cells; those that go on below become one. What goes on
// from a row that is not among them begins here, empty.
func joined(rows [][]gridCell, head bool) [][]catalog.Cell {
	made := make([][]catalog.Cell, len(rows))
	above := map[int]*catalog.Cell{} // the cells of the row above, by column
	for i, row := range rows {
		made[i] = make([]catalog.Cell, 0, len(row)) // never moved: above points into it
		reached := map[int]*catalog.Cell{}
		for _, c := range row {
			if origin := above[c.column]; c.goesOn && origin != nil && max(origin.Columns, 1) == max(c.cell.Columns, 1) {
				origin.Rows = max(origin.Rows, 1) + 1
				reached[c.column] = origin
				continue
			}
			cell := c.cell
			if cell.Head = head; head {
				cell.Text = unbold(cell.Text)
			}
			made[i] = append(made[i], cell)
			reached[c.column] = &made[i][len(made[i])-1]
		}
		above = reached
	}
	return made
}

// unbold gives text without bold: a head is bold anyway.
func unbold(runs []catalog.Inline) []catalog.Inline {
	var kept []catalog.Inline
	for _, r := range runs {
		var marks []catalog.Mark
		for _, m := range r.Marks {
			if m.Type != "bold" {
				marks = append(marks, m)
			}
		}
		kept = append(kept, catalog.Inline{Text: r.Text, Marks: marks})
	}
	return kept
}
