package handlers

import (
	"bytes"
	"context"
	"io"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-json-experiment/json"
)

// fitting is a body that can say without its schema that it keeps to it.
type fitting interface {
	// fits says that the body keeps to the limits in its tags. It may say no to one that
	// does; then huma looks.
	fits() bool
}

// straight reads the body of a route once, into its struct, where huma would read it into
// a tree, compare that with the schema and read it again (docs/adr/0038). Whatever is
// not plainly as the schema wants it goes to huma, which finds the words for it.
func straight[I fitting, O any](api huma.API, handle func(ctx context.Context, in *body[I]) (*body[O], error)) func(huma.Context, func(huma.Context)) {
	return func(hc huma.Context, next func(huma.Context)) {
		accepted, err := api.Negotiate(hc.Header("Accept"))
		sent, isWhole := hc.BodyReader().(*bytes.Reader)
		query := hc.URL().RawQuery
		if err != nil || accepted != "application/json" || !isWhole || query != "" {
			next(hc)
			return
		}
		in, plain := plainly[I](sent)
		if !plain {
			next(hc)
			return
		}
		out, err := handle(hc.Context(), &body[I]{Body: in})
		if err != nil {
			_ = huma.WriteErr(api, hc, http.StatusInternalServerError, "unexpected error occurred", err)
			return
		}
		hc.SetHeader("Content-Type", accepted)
		hc.SetStatus(http.StatusOK)
		_ = api.Marshal(hc.BodyWriter(), accepted, out.Body) // into memory
	}
}

// plainly is the body if it is JSON that the schema allows. If not, or if that is not
// sure, it can be read again.
func plainly[I fitting](sent *bytes.Reader) (in I, plain bool) {
	whole := make([]byte, sent.Len())
	_, err := io.ReadFull(sent, whole)
	if err == nil && !bytes.Contains(whole, []byte("null")) { // which reads like nothing, and is refused
		err = json.Unmarshal(whole, &in, json.RejectUnknownMembers(true))
		plain = err == nil && in.fits()
	}
	if !plain {
		_, _ = sent.Seek(0, io.SeekStart)
	}
	return in, plain
}
