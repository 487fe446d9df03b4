package handlers

import (
	"context"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"

	"haidang/courses"
)

// UploadView is an upload under way.
type UploadView struct {
	ID       courses.UploadID `json:"id"`
	Name     string           `json:"name"`
	Bytes    int64            `json:"bytes"`
	PartSize int64            `json:"partSize" doc:"Bytes of every part but the last"`
	Parts    int              `json:"parts" doc:"How many; they are numbered from 1"`
	Have     []int            `json:"have" nullable:"false" doc:"Numbers of the parts that are here"`
	Asset    *AssetView       `json:"asset,omitempty" doc:"Once complete"`
}

type newUpload struct {
	Name  string         `json:"name" minLength:"1" maxLength:"255" doc:"The file's own name"`
	Bytes int64          `json:"bytes" minimum:"1"`
	Type  string         `json:"type" maxLength:"100" doc:"Media type as the browser sees it"`
	Owner courses.UnitID `json:"owner" minLength:"1" maxLength:"40" doc:"Organisation that will own the file"`
}

type uploadPath struct {
	ID courses.UploadID `path:"id" maxLength:"36"`
}

func registerUploads(api huma.API, _ Services) {
	private(api, post("createUpload", "/api/uploads", "Announce a file; name, size and type are checked before its first byte"), func(context.Context, courses.Actor, *body[newUpload]) (*body[UploadView], error) {
		return nil, errNotBuilt
	})
	private(api, get("getUpload", "/api/uploads/{id}", "Which parts are here, to resume"), func(context.Context, courses.Actor, *uploadPath) (*body[UploadView], error) { return nil, errNotBuilt })
	private(api, post("completeUpload", "/api/uploads/{id}/complete", "All parts are here: make an asset of them"), func(context.Context, courses.Actor, *uploadPath) (*body[UploadView], error) {
		return nil, errNotBuilt
	})
	private(api, get("getAsset", "/api/assets/{id}", "State of an asset"), func(context.Context, courses.Actor, *struct {
		ID courses.AssetID `path:"id" maxLength:"36"`
	}) (*body[AssetView], error) {
		return nil, errNotBuilt
	})
}

// registerMedia adds the routes that stream bytes, which huma does not describe:
// PUT /api/uploads/:id/parts/:number (header X-Part-Sha256, hex) answers 204, and
// GET /media/:asset/:file answers ranges (file is "source" or "poster.jpg").
func registerMedia(_ *fiber.App, _ Services) {}
