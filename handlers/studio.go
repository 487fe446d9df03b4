package handlers

import (
	"context"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"haidang/courses"
)

// DraftCard is a course in the studio's list.
type DraftCard struct {
	ID        courses.CourseID `json:"id"`
	Code      string           `json:"code"`
	Title     string           `json:"title"`
	Owner     courses.UnitID   `json:"owner"`
	OwnerName string           `json:"ownerName"`
	Published int              `json:"published" doc:"Number of the newest version; 0 for none"`
	Changed   bool             `json:"changed" doc:"The draft differs from the newest version"`
	SavedAt   time.Time        `json:"savedAt"`
}

// Missing is one thing that publishing asks for.
type Missing struct {
	Code string `json:"code" enum:"title,summary,knowledge,tiet,citation,module,module_title,lesson,lesson_title,lesson_minutes,article_empty,asset_missing,asset_not_ready,asset_failed,asset_kind"`
	Path string `json:"path" doc:"Such as modules[0].lessons[2]"`
	Name string `json:"name,omitempty" doc:"Title of the module or lesson"`
}

// Draft is a course as its authors see it.
type Draft struct {
	Card     DraftCard     `json:"card"`
	Revision int           `json:"revision" doc:"Give it back when saving"`
	Content  CourseContent `json:"content"`
	Assets   []AssetView   `json:"assets" nullable:"false" doc:"The files that its lessons show"`
	Missing  []Missing     `json:"missing" nullable:"false" doc:"What publishing still asks for"`
	Warnings []Missing     `json:"warnings" nullable:"false" doc:"Code tiet: far more declared than the material takes; code citation: unverified"`
}

type newCourse struct {
	Code  string         `json:"code" minLength:"1" maxLength:"40"`
	Title string         `json:"title" minLength:"1" maxLength:"300"`
	Owner courses.UnitID `json:"owner" minLength:"1" maxLength:"40"`
}

type savedDraft struct {
	Revision int           `json:"revision" minimum:"1"`
	Content  CourseContent `json:"content"`
}

type publishing struct {
	Revision int    `json:"revision" minimum:"1"`
	Class    string `json:"class,omitempty" enum:"correction,addition,replacement" doc:"Needed from the second version on"`
}

func registerStudio(api huma.API, _ Services) {
	private(api, get("listDrafts", "/api/studio/courses", "Courses that the actor's organisations own, latest change first"), func(context.Context, courses.Actor, *pageIn) (*body[list[DraftCard]], error) {
		return nil, errNotBuilt
	})
	private(api, post("createCourse", "/api/studio/courses", "Begin a course"), func(context.Context, courses.Actor, *body[newCourse]) (*body[Draft], error) { return nil, errNotBuilt })
	private(api, get("getDraft", "/api/studio/courses/{id}", "The draft of a course"), func(context.Context, courses.Actor, *coursePath) (*body[Draft], error) { return nil, errNotBuilt })
	private(api, put("saveDraft", "/api/studio/courses/{id}", "Save the draft; refused when somebody saved meanwhile"), func(context.Context, courses.Actor, *struct {
		coursePath
		Body savedDraft
	}) (*body[Draft], error) {
		return nil, errNotBuilt
	})
	private(api, post("publishCourse", "/api/studio/courses/{id}/versions", "Publish the draft as the next version"), func(context.Context, courses.Actor, *struct {
		coursePath
		Body publishing
	}) (*body[Draft], error) {
		return nil, errNotBuilt
	})
}
