package handlers

import (
	"bytes"
	"context"
	"fmt"
	"haidang/courses"
	"haidang/courses/catalog"
	"haidang/courses/exchange"
	"haidang/courses/reports"
	"haidang/courses/staff"
	"io"
	"time"

	"github.com/danielgtaylor/huma/v2"
)

// Figures are the counted columns of BC-01.
type Figures struct {
	Staff       int   `json:"staff" doc:"People posted there on the cut-off date"`
	Trained     int   `json:"trained" doc:"Different people with a completion in the period"`
	TrainedBp   int   `json:"trainedBp" doc:"Trained of staff, basis points"`
	Attendances int   `json:"attendances"`
	Women       int   `json:"women" doc:"Of trained"`
	Minority    int   `json:"minority" doc:"Of trained"`
	ByKnowledge []int `json:"byKnowledge" nullable:"false" doc:"Attendances by knowledge kind, in the order of Bc01.knowledge"`
	Tiet        int   `json:"tiet"`
	Reached     int   `json:"reached" doc:"People at their yearly target"`
	ReachedBp   int   `json:"reachedBp" doc:"Reached of staff, basis points"`
}

// Bc01Row is a unit's line.
type Bc01Row struct {
	Unit     courses.UnitID `json:"unit"`
	UnitName string         `json:"unitName"`
	Kind     string         `json:"kind" enum:"xa,phuong,dac_khu,dang,hdnd,so,ban_quan_ly,luc_luong,mttq,ctxh,su_nghiep"`
	Figures  Figures        `json:"figures"`
}

// Bc01Subtotal adds up the units of one kind.
type Bc01Subtotal struct {
	Kind    string  `json:"kind" enum:"xa,phuong,dac_khu,organisation"`
	Units   int     `json:"units"`
	Figures Figures `json:"figures"`
}

// Bc01 is the report by unit.
type Bc01 struct {
	Period     courses.Period `json:"period"`
	From       courses.Date   `json:"from"`
	To         courses.Date   `json:"to"`
	CutOff     courses.Date   `json:"cutOff" doc:"A person counts in the unit held on this day"`
	LedgerSize int64          `json:"ledgerSize" doc:"The figures are as of this size of the ledger"`
	AsOf       time.Time      `json:"asOf"`
	Knowledge  []string       `json:"knowledge" nullable:"false"`
	Rows       []Bc01Row      `json:"rows" nullable:"false" doc:"In official order"`
	Subtotals  []Bc01Subtotal `json:"subtotals" nullable:"false"`
	Total      Figures        `json:"total"`
}

// PersonFigures is one person's line in a unit.
type PersonFigures struct {
	Person      PersonSummary `json:"person"`
	Attendances int           `json:"attendances"`
	Tiet        int           `json:"tiet"`
	Target      int           `json:"target"`
	Reached     bool          `json:"reached"`
}

type bc01In struct {
	Period string         `query:"period" required:"true" maxLength:"7" doc:"2026, 2026-H1, 2026-Q3 or 2026-11"`
	Kind   string         `query:"kind" maxLength:"20" doc:"One kind of unit"`
	Unit   courses.UnitID `query:"unit" maxLength:"40"`
}

type unitPeopleIn struct {
	PageIn
	Unit   courses.UnitID `path:"unit" maxLength:"40"`
	Period string         `query:"period" required:"true" maxLength:"7"`
}

type reportRoutes struct {
	Services
	clock courses.Clock
}

func registerReports(api huma.API, services Services, clock courses.Clock) {
	r := reportRoutes{services, clock}
	private(api, get("bc01", "/api/reports/bc01", "BC-01: training by unit"), r.bc01)
	private(api, get("bc01Sheet", "/api/reports/bc01.xlsx", "BC-01 as an official sheet"), r.bc01Sheet)
	private(api, get("unitPeople", "/api/reports/units/{unit}/people", "People of a unit with their figures, by given name"), r.unitPeople)
	private(api, get("peopleSheet", "/api/reports/people.xlsx", "Everyone in the actor's units with their figures, as a sheet"), r.peopleSheet)
	private(api, get("bc04", "/api/reports/bc04", "BC-04: the learners of a course with their results, by given name; a page may be shorter than was asked for"), r.bc04)
	private(api, get("bc04Sheet", "/api/reports/bc04.xlsx", "BC-04 as an official sheet"), r.bc04Sheet)
	private(api, get("peopleCSV", "/api/reports/people.csv", "The same for other programs"), r.peopleCSV)
}

func (r reportRoutes) bc01(ctx context.Context, actor courses.Actor, in *bc01In) (*body[Bc01], error) {
	report, err := r.Reports.BC01(ctx, actor, courses.Period(in.Period), in.filter())
	if err != nil {
		return nil, err
	}
	return &body[Bc01]{Body: Bc01{
		Period: report.Period, From: report.From, To: report.To, CutOff: report.To, LedgerSize: report.Ledger, AsOf: report.At,
		Knowledge: each(catalog.Knowledges(), func(k catalog.Knowledge) string { return string(k) }),
		Rows: each(report.Rows, func(row reports.Row) Bc01Row {
			return Bc01Row{Unit: row.Unit.Code, UnitName: row.Unit.FullName, Kind: string(row.Unit.Kind), Figures: figuresView(row.Staff, row.Figures)}
		}),
		Subtotals: each(report.Subtotals, func(s reports.Subtotal) Bc01Subtotal {
			return Bc01Subtotal{Kind: s.Kind, Units: s.Units, Figures: figuresView(s.Staff, s.Figures)}
		}),
		Total: figuresView(report.Staff, report.Total),
	}}, nil
}

func (in bc01In) filter() reports.Filter {
	return reports.Filter{Kind: staff.UnitKind(in.Kind), Unit: in.Unit}
}

func figuresView(people int, f reports.Figures) Figures {
	return Figures{
		Staff: people, Trained: f.Trained, TrainedBp: reports.ShareBp(f.Trained, people), Attendances: f.Attendances, Women: f.Women, Minority: f.Minority,
		ByKnowledge: each(f.ByKnowledge, func(n int) int { return n }), Tiet: f.Tiet, Reached: f.Reached, ReachedBp: reports.ShareBp(f.Reached, people),
	}
}

func (r reportRoutes) unitPeople(ctx context.Context, actor courses.Actor, in *unitPeopleIn) (*body[list[PersonFigures]], error) {
	found, err := r.Reports.People(ctx, actor, in.Unit, courses.Period(in.Period), in.page())
	if err != nil {
		return nil, err
	}
	names, err := r.names(ctx, r.clock)
	if err != nil {
		return nil, err
	}
	return &body[list[PersonFigures]]{Body: list[PersonFigures]{Next: found.Next, Items: each(found.Items, func(row reports.PersonRow) PersonFigures {
		return PersonFigures{
			Person: names.summary(row.Person), Attendances: row.Credit.Attendances, Tiet: row.Credit.Tiet,
			Target: row.Target, Reached: row.Target > 0 && row.Credit.Tiet >= row.Target,
		}
	})}}, nil
}

// file is what the browser keeps.
type file struct {
	ContentType string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Body        []byte
}

// fileTypes are the media types by the end of a file's name.
var fileTypes = map[string]string{
	"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	"csv":  "text/csv; charset=utf-8",
	"xml":  "text/xml; charset=utf-8",
	"txt":  "text/plain; charset=utf-8",
	"zip":  "application/zip",
}

func newFile(name, format string, write func(io.Writer) error) (*file, error) {
	var b bytes.Buffer
	if err := write(&b); err != nil {
		return nil, err
	}
	return &file{ContentType: fileTypes[format], Disposition: fmt.Sprintf(`attachment; filename="%s.%s"`, name, format), Body: b.Bytes()}, nil
}

func (r reportRoutes) bc01Sheet(ctx context.Context, actor courses.Actor, in *bc01In) (*file, error) {
	report, err := r.Reports.BC01(ctx, actor, courses.Period(in.Period), in.filter())
	if err != nil {
		return nil, err
	}
	return newFile("BC-01-"+string(report.Period), "xlsx", func(w io.Writer) error { return exchange.WriteBC01(w, report) })
}

func (r reportRoutes) peopleSheet(ctx context.Context, actor courses.Actor, in *bc01In) (*file, error) {
	return r.people(ctx, actor, in, "xlsx", exchange.WritePeople)
}

func (r reportRoutes) peopleCSV(ctx context.Context, actor courses.Actor, in *bc01In) (*file, error) {
	return r.people(ctx, actor, in, "csv", func(w io.Writer, _ courses.Period, next exchange.Lines[exchange.PersonLine]) error {
		return exchange.WritePeopleCSV(w, next)
	})
}

// people has write make a file of everyone in the actor's units.
func (r reportRoutes) people(ctx context.Context, actor courses.Actor, in *bc01In, format string, write func(io.Writer, courses.Period, exchange.Lines[exchange.PersonLine]) error) (*file, error) {
	period, err := courses.ParsePeriod(in.Period)
	if err != nil {
		return nil, err
	}
	names, err := r.names(ctx, r.clock)
	if err != nil {
		return nil, err
	}
	rows, end := r.Reports.Everyone(ctx, actor, in.Unit, period)
	defer end()
	next := func() ([]exchange.PersonLine, error) {
		list, err := rows()
		return each(list, func(row reports.PersonRow) exchange.PersonLine {
			s := names.summary(row.Person)
			return exchange.PersonLine{
				FullName: s.FullName, BirthYear: s.BirthYear, Unit: s.UnitName, Position: s.PositionTitle,
				Attendances: row.Credit.Attendances, Tiet: row.Credit.Tiet, Target: row.Target,
			}
		}), err
	}
	return newFile("danh-sach-"+string(period), format, func(w io.Writer) error { return write(w, period, next) })
}
