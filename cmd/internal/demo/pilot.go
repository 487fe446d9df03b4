package demo

import (
	"context"
	"fmt"
	"haidang/cmd/internal/app"
	"haidang/courses"
	"haidang/courses/catalog"
	"haidang/courses/staff"
)

// pilotPlaces are the communes that read the demo's pilot: Bạch Long Vĩ, where
// the demo's learner works, and Cát Hải.
var pilotPlaces = []courses.UnitID{"11948", "11914"}

// pilot leaves a draft with the communes that are asked to read it.
func pilot(ctx context.Context, a *app.App, byName map[string]staff.Person) error {
	over := func(name string) courses.Actor {
		return courses.Actor{Person: byName[name].ID, Roles: []courses.RoleAt{{Role: courses.Publisher, Unit: "SNV"}}}
	}
	author, reviewer, c := over("tacgia"), over("thamdinh"), a.Services.Catalog
	e, err := c.Create(ctx, author, "TD-00", "Tiếp công dân ở trụ sở xã", "SNV")
	if err == nil {
		e, err = c.Save(ctx, author, e.Course.ID, e.Course.Revision, pilotContent)
	}
	if err == nil {
		e, err = c.Submit(ctx, author, e.Course.ID, e.Course.Revision, "")
	}
	if err == nil {
		e, err = c.Pass(ctx, reviewer, e.Course.ID, catalog.Passing{})
	}
	if err == nil {
		_, err = c.Pass(ctx, reviewer, e.Course.ID, catalog.Passing{Communes: pilotPlaces})
	}
	if err != nil {
		return fmt.Errorf("begin the pilot: %w", err)
	}
	return nil
}

func said(text string) []catalog.Inline { return []catalog.Inline{{Text: text}} }

var pilotContent = catalog.Content{
	Title: "Tiếp công dân ở trụ sở xã", Summary: "Các bước tiếp một người dân, từ lúc đến cửa tới lúc ra về.", Knowledge: "vi_tri_viec_lam", Tiet: 1,
	Citations: []catalog.Citation{{Number: "42/2013/QH13", Abstract: "Luật Tiếp công dân"}},
	Modules: []catalog.Module{{Title: "Ở quầy tiếp dân", Tiet: 1, Lessons: []catalog.Lesson{{
		Kind: catalog.Article, Title: "Một buổi tiếp dân", Minutes: 25, Blocks: []catalog.Block{
			{Type: catalog.Heading, Level: 2, Text: said("Trước khi người dân đến")},
			{Type: catalog.Paragraph, Text: said("Lịch tiếp được niêm yết ở chỗ dễ thấy. Người tiếp đeo thẻ, có sổ và phiếu hẹn ở bàn.")},
			{Type: catalog.Heading, Level: 2, Text: said("Trong lúc tiếp")},
			{Type: catalog.Numbers, Items: [][]catalog.Inline{said("Chào, mời ngồi, hỏi việc."), said("Nghe hết rồi mới ghi."), said("Đọc lại phần đã ghi cho người dân nghe."), said("Nói rõ ai sẽ trả lời và khi nào.")}},
			{Type: catalog.Callout, Style: "warning", Text: said("Không hứa kết quả khi chưa xem hồ sơ.")},
			{Type: catalog.Table, Rows: [][]catalog.Cell{
				{{Text: said("Việc"), Head: true}, {Text: said("Ai làm"), Head: true}},
				{{Text: said("Ghi sổ tiếp công dân")}, {Text: said("Người tiếp")}},
				{{Text: said("Chuyển đơn")}, {Text: said("Văn phòng")}},
			}},
			{
				Type: catalog.Question, Text: said("Người dân hỏi bao giờ có kết quả mà bạn chưa rõ. Bạn làm gì?"),
				Items: [][]catalog.Inline{said("Hẹn đại một ngày gần"), said("Ghi lại, nói rõ ai sẽ trả lời và khi nào trả lời")},
				Right: []int{1}, Note: "Một lời hẹn không giữ được làm mất lòng tin hơn một lời chưa biết.",
			},
		},
	}}}},
}
