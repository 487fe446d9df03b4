package handlers

import (
	"context"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"haidang/courses"
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

func registerReports(api huma.API, _ Services) {
	private(api, get("bc01", "/api/reports/bc01", "BC-01: training by unit"), func(context.Context, courses.Actor, *bc01In) (*body[Bc01], error) { return nil, errNotBuilt })
	private(api, get("bc01Sheet", "/api/reports/bc01.xlsx", "BC-01 as an official sheet"), func(context.Context, courses.Actor, *bc01In) (*sheet, error) { return nil, errNotBuilt })
	private(api, get("unitPeople", "/api/reports/units/{unit}/people", "People of a unit with their figures, by given name"), func(context.Context, courses.Actor, *struct {
		pageIn
		Unit   courses.UnitID `path:"unit" maxLength:"40"`
		Period string         `query:"period" required:"true" maxLength:"7"`
	}) (*body[list[PersonFigures]], error) {
		return nil, errNotBuilt
	})
}

// sheet is an XLSX file that is streamed.
type sheet struct {
	ContentType string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Body        func(huma.Context)
}
