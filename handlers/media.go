package handlers

import (
	"bytes"
	"context"
	"fmt"
	"haidang/courses"
	"haidang/courses/media"
	"io"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/compress"
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
	Owner courses.UnitID `json:"owner" minLength:"1" maxLength:"40" doc:"Organisation that will own the file"`
}

type uploadPath struct {
	ID courses.UploadID `path:"id" maxLength:"36"`
}

type assetPath struct {
	ID courses.AssetID `path:"id" maxLength:"36"`
}

type mediaRoutes struct{ Services }

func registerUploads(api huma.API, services Services) {
	r := mediaRoutes{services}
	private(api, post("createUpload", "/api/uploads", "Announce a file; name, size and type are checked before its first byte"), r.announce)
	private(api, get("getUpload", "/api/uploads/{id}", "Which parts are here, to resume"), r.upload)
	private(api, post("completeUpload", "/api/uploads/{id}/complete", "All parts are here: make an asset of them"), r.complete)
	private(api, get("getAsset", "/api/assets/{id}", "State of an asset"), r.asset)
	private(api, post("retryAsset", "/api/assets/{id}/retry", "Transcode a file again, where that failed"), r.retry)
	registerCaptions(api, r)
}

func (r mediaRoutes) announce(ctx context.Context, actor courses.Actor, in *body[newUpload]) (*body[UploadView], error) {
	u, err := r.Media.Announce(ctx, actor, in.Body.Name, in.Body.Bytes, in.Body.Owner)
	return &body[UploadView]{Body: uploadView(u)}, err
}

func (r mediaRoutes) upload(ctx context.Context, actor courses.Actor, in *uploadPath) (*body[UploadView], error) {
	u, err := r.Media.Upload(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	view := uploadView(u)
	if u.Asset != "" {
		found, err := r.Media.Assets(ctx, []courses.AssetID{u.Asset})
		if err != nil {
			return nil, err
		}
		a := assetView(found[u.Asset])
		view.Asset = &a
	}
	return &body[UploadView]{Body: view}, nil
}

func (r mediaRoutes) complete(ctx context.Context, actor courses.Actor, in *uploadPath) (*body[UploadView], error) {
	u, asset, err := r.Media.Complete(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	view, a := uploadView(u), assetView(asset)
	view.Asset = &a
	return &body[UploadView]{Body: view}, nil
}

func (r mediaRoutes) asset(ctx context.Context, actor courses.Actor, in *assetPath) (*body[AssetView], error) {
	a, err := r.Media.Asset(ctx, actor, in.ID)
	return &body[AssetView]{Body: assetView(a)}, err
}

func (r mediaRoutes) retry(ctx context.Context, actor courses.Actor, in *assetPath) (*body[AssetView], error) {
	a, err := r.Media.Retry(ctx, actor, in.ID)
	return &body[AssetView]{Body: assetView(a)}, err
}

func uploadView(u media.Upload) UploadView {
	return UploadView{ID: u.ID, Name: u.Name, Bytes: u.Bytes, PartSize: media.PartBytes, Parts: u.PartCount(), Have: u.Have()}
}

// registerMedia adds the routes that stream bytes, which huma does not describe:
// PUT /api/uploads/:id/parts/:number (header X-Part-Sha256, hex) answers 204, and
// GET /media/:asset/:file answers ranges (file is "source", "poster.jpg" or a
// rendition).
func registerMedia(app *fiber.App, services Services) {
	r := mediaRoutes{services}
	app.Put("/api/uploads/:id/parts/:number", r.putPart)
	app.Get("/media/:asset/:file", packedLists, r.file)
}

// partBuffers hold one part each, because its hash is known only at its end.
// There are few, so that many uploads at once wait instead of taking all memory.
var (
	partSlots   = make(chan struct{}, 32)
	partBuffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}
)

func (r mediaRoutes) putPart(c *fiber.Ctx) error {
	ctx := c.UserContext()
	actor, err := signedIn(ctx)
	if err != nil {
		discard(c)
		return err
	}
	number, err := strconv.Atoi(c.Params("number"))
	if err != nil {
		discard(c)
		return media.ErrPartNumber
	}
	announced := c.Request().Header.ContentLength()
	if announced < 1 || announced > media.PartBytes {
		discard(c)
		return media.ErrPartSize
	}
	select {
	case partSlots <- struct{}{}:
		defer func() { <-partSlots }()
	case <-ctx.Done():
		c.Context().SetConnectionClose()
		return courses.ErrUnavailable
	}
	buffer := partBuffers.Get().(*bytes.Buffer) //nolint:forcetypeassert // the pool holds nothing else
	defer partBuffers.Put(buffer)
	buffer.Reset()
	n, err := io.Copy(buffer, io.LimitReader(c.Context().RequestBodyStream(), media.PartBytes+1))
	if err != nil || n != int64(announced) { // a cut connection looks like a clean end
		c.Context().SetConnectionClose()
		return errBodyCut
	}
	// Slow networks used up the request's time; keeping the part has its own.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), requestTimeout)
	defer cancel()
	err = r.Media.PutPart(ctx, actor, courses.UploadID(c.Params("id")), number, c.Get("X-Part-Sha256"), buffer.Bytes())
	if err != nil {
		return err
	}
	return c.SendStatus(http.StatusNoContent)
}

// packedLists has playlists compressed: that of four hours is 140 kB, before the
// first second plays.
var packedLists = compress.New(compress.Config{
	Level: compress.LevelBestSpeed,
	Next: func(c *fiber.Ctx) bool {
		return path.Ext(c.Path()) != ".m3u8" || c.Get(fiber.HeaderRange) != ""
	},
})

// file streams a file or one range of it to whoever may read it.
func (r mediaRoutes) file(c *fiber.Ctx) error {
	ctx := c.UserContext()
	actor, err := signedIn(ctx)
	if err != nil {
		return err
	}
	f, err := r.Media.Open(ctx, actor, courses.AssetID(c.Params("asset")), c.Params("file"))
	if err != nil {
		return err
	}
	etag := `"` + f.ETag + `"`
	c.Set(fiber.HeaderETag, etag)
	c.Set(fiber.HeaderCacheControl, kept(f))
	c.Set(fiber.HeaderAcceptRanges, "bytes")
	c.Set(fiber.HeaderContentDisposition, mime.FormatMediaType("inline", map[string]string{"filename": f.Name}))
	if c.Get(fiber.HeaderIfNoneMatch) == etag {
		return c.SendStatus(http.StatusNotModified)
	}
	offset, length := int64(0), f.Bytes
	if header := c.Get(fiber.HeaderRange); header != "" && (c.Get(fiber.HeaderIfRange) == "" || c.Get(fiber.HeaderIfRange) == etag) {
		if offset, length, err = oneRange(header, f.Bytes); err != nil {
			c.Set(fiber.HeaderContentRange, fmt.Sprintf("bytes */%d", f.Bytes))
			err = answer(c, err)
			c.Status(http.StatusRequestedRangeNotSatisfiable)
			return err
		}
		c.Status(http.StatusPartialContent)
		c.Set(fiber.HeaderContentRange, fmt.Sprintf("bytes %d-%d/%d", offset, offset+length-1, f.Bytes))
	}
	c.Set(fiber.HeaderContentType, f.Type)
	if c.Method() == http.MethodHead {
		c.Response().SkipBody = true
		c.Response().Header.SetContentLength(int(length))
		return nil
	}
	// The body is written after this handler returns, when ctx has ended.
	streaming, stop := context.WithCancel(context.WithoutCancel(ctx))
	stream, err := r.Media.Read(streaming, f, offset, length)
	if err != nil {
		stop()
		return err
	}
	c.Context().SetBodyStream(&stopOnClose{ReadCloser: stream, stop: stop}, int(length))
	return nil
}

// kept says how long a browser may keep a file.
func kept(f media.File) string {
	if f.Fresh {
		return "private, no-cache"
	}
	return "private, max-age=31536000, immutable"
}

// stopOnClose ends the read from the store when the client has all or went away.
type stopOnClose struct {
	io.ReadCloser
	stop context.CancelFunc
}

func (s *stopOnClose) Close() error {
	defer s.stop()
	return s.ReadCloser.Close()
}

// oneRange reads "bytes=a-b", "bytes=a-" or "bytes=-n". It refuses with
// media.ErrRange; several ranges at once are not served.
func oneRange(header string, size int64) (offset, length int64, err error) {
	spec, ok := strings.CutPrefix(header, "bytes=")
	first, last, dash := strings.Cut(spec, "-")
	if !ok || !dash {
		return 0, 0, media.ErrRange
	}
	if first == "" {
		n, err := strconv.ParseInt(last, 10, 64)
		if err != nil || n < 1 {
			return 0, 0, media.ErrRange
		}
		n = min(n, size)
		return size - n, n, nil
	}
	from, err := strconv.ParseInt(first, 10, 64)
	to := size - 1
	if err == nil && last != "" {
		to, err = strconv.ParseInt(last, 10, 64)
	}
	if err != nil || from < 0 || from >= size || to < from {
		return 0, 0, media.ErrRange
	}
	return from, min(to, size-1) - from + 1, nil
}
