package handlers

import (
	"context"
	"haidang/courses"
	"mime"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humafiber"
	"github.com/gofiber/fiber/v2"
)

// newPackage names an uploaded package and the course to be made of it.
type newPackage struct {
	Asset courses.AssetID `json:"asset" minLength:"1" maxLength:"36" doc:"The uploaded package, looked into"`
	Code  string          `json:"code" minLength:"1" maxLength:"40" doc:"Of the course to be made"`
	Owner courses.UnitID  `json:"owner" minLength:"1" maxLength:"40"`
}

// PackageView is the course that was made of a package, and what became of its
// questions.
type PackageView struct {
	Draft
	QuestionsAdded int `json:"questionsAdded" doc:"Put into the bank of the owner"`
	QuestionsKnown int `json:"questionsKnown" doc:"Were in the bank with the same words and answers, and are asked instead"`
}

// packageTime is how long an import may take: gigabytes are copied three times.
const packageTime = 10 * time.Minute

func registerPackages(api huma.API, services Services, clock courses.Clock) {
	r := studioRoutes{catalogRoutes{Services: services, clock: clock}}
	export := get("exportCourse", "/api/studio/courses/{id}/package.zip", "The draft with its files and the questions of its quizzes, for another installation: course.json and media/<sha256>")
	export.Responses = map[string]*huma.Response{"200": {
		Description: "A zip; its course.json has format haidang.course, version 2", Content: map[string]*huma.MediaType{"application/zip": {}},
	}}
	private(api, export, r.exportPackage)
	private(api, post("importCourse", "/api/studio/packages", "Make a course of an uploaded package; if anything is refused there is none"), r.importPackage)
}

// exportPackage streams a zip of known length: one that breaks off is not taken
// for whole.
func (r studioRoutes) exportPackage(ctx context.Context, actor courses.Actor, in *CoursePath) (*huma.StreamResponse, error) {
	f, err := r.Packages.Export(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	return &huma.StreamResponse{Body: func(hc huma.Context) {
		c := humafiber.Unwrap(hc)
		c.Set(fiber.HeaderContentType, "application/zip")
		c.Set(fiber.HeaderContentDisposition, mime.FormatMediaType("attachment", map[string]string{"filename": f.Code + ".zip"}))
		// The body is written after this handler returns, when ctx has ended.
		streaming, stop := context.WithCancel(context.WithoutCancel(ctx))
		c.Context().SetBodyStream(&stopOnClose{ReadCloser: f.Open(streaming), stop: stop}, int(f.Bytes))
	}}, nil
}

func (r studioRoutes) importPackage(ctx context.Context, actor courses.Actor, in *body[newPackage]) (*body[PackageView], error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), packageTime)
	defer cancel()
	made, err := r.Packages.Import(ctx, actor, in.Body.Asset, in.Body.Owner, in.Body.Code)
	draft, err := r.show(ctx)(made.Course, err)
	if err != nil {
		return nil, err
	}
	return &body[PackageView]{Body: PackageView{Draft: draft.Body, QuestionsAdded: made.Added, QuestionsKnown: made.Known}}, nil
}
