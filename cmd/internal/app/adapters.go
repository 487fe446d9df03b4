package app

import (
	"context"
	"encoding/json"
	"fmt"
	"haidang/courses"
	"haidang/courses/catalog"
	"haidang/courses/laws"
	"haidang/courses/media"
	"haidang/courses/notices"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// assets is what catalog asks of media.
type assets struct{ media *media.Service }

func (a assets) Facts(ctx context.Context, ids []courses.AssetID) (map[courses.AssetID]catalog.AssetFacts, error) {
	facts, _, err := a.Forms(ctx, ids)
	return facts, err
}

func (a assets) Forms(ctx context.Context, ids []courses.AssetID) (map[courses.AssetID]catalog.AssetFacts, map[courses.AssetID]catalog.Forms, error) {
	found, err := a.media.Assets(ctx, ids)
	if err != nil {
		return nil, nil, err
	}
	facts := make(map[courses.AssetID]catalog.AssetFacts, len(found))
	forms := make(map[courses.AssetID]catalog.Forms, len(found))
	for id, x := range found {
		facts[id] = catalog.AssetFacts{
			Ready: x.State == media.Ready, Failed: x.State == media.Failed, Kind: catalog.LessonKind(x.Kind), Owner: x.Owner,
			Bytes: x.Bytes, DurationMs: x.Facts.DurationMs, Pages: x.Facts.Pages, Paged: x.Paged(), Silent: x.Facts.Silent, Captioned: x.Captions > 0,
		}
		made := x.Recordings()
		if x.Kind == media.Image || x.Kind == media.Document {
			made = x.Made
		}
		f := catalog.Forms{Complete: x.Transcode == media.Complete}
		for _, r := range made {
			f.List = append(f.List, catalog.Form{Width: r.Width, Height: r.Height, Bytes: r.Bytes})
		}
		forms[id] = f
	}
	return facts, forms, nil
}

func (a assets) Says(ctx context.Context, ids []courses.AssetID) (map[courses.AssetID]catalog.Saying, error) {
	found, err := a.media.Assets(ctx, ids)
	if err != nil {
		return nil, err
	}
	said := make(map[courses.AssetID]catalog.Saying, len(found))
	for id, x := range found {
		list, err := a.media.Passages(ctx, x)
		if err != nil {
			return nil, err
		}
		s := catalog.Saying{Name: x.Name}
		for _, p := range list {
			s.Passages = append(s.Passages, catalog.Passage{At: p.At, Text: p.Text})
		}
		said[id] = s
	}
	return said, nil
}

func (a assets) Reworded(ctx context.Context, since time.Time) (map[courses.AssetID]time.Time, error) {
	return a.media.Reworded(ctx, since)
}

func (a assets) Publish(ctx context.Context, ids []courses.AssetID) error {
	return a.media.Publish(ctx, ids)
}

func (a assets) Share(ctx context.Context, ids []courses.AssetID, with, without []courses.UnitID) error {
	return a.media.Share(ctx, ids, with, without)
}

// pictures is what assessment asks of media.
type pictures struct{ media *media.Service }

// Ready implements assessment.Pictures.
func (p pictures) Ready(ctx context.Context, owner courses.UnitID, ids []courses.AssetID) (map[courses.AssetID]bool, error) {
	found, err := p.media.Assets(ctx, ids)
	if err != nil {
		return nil, err
	}
	ready := make(map[courses.AssetID]bool, len(found))
	for id, x := range found {
		if x.Kind == media.Image && x.Owner == owner {
			ready[id] = x.State == media.Ready && len(x.Made) > 0
		}
	}
	return ready, nil
}

// decode reads a job's payload for its handler.
func decode[P any](handle func(context.Context, P) error) func(context.Context, []byte) error {
	return func(ctx context.Context, payload []byte) error {
		var p P
		if err := json.Unmarshal(payload, &p); err != nil {
			return fmt.Errorf("read a job's payload: %w", err)
		}
		return handle(ctx, p)
	}
}

// metrics are what /metrics answers.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	took     prometheus.Histogram
	notices  *prometheus.CounterVec
}

func newMetrics() *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "haidang_http_requests_total", Help: "Finished requests."}, []string{"method", "status"}),
		notices:  prometheus.NewCounterVec(prometheus.CounterOpts{Name: "haidang_notices_total", Help: "Notices that left the house (sent), will be tried again (failed) or met an address that takes nothing (refused)."}, []string{"channel", "outcome"}),
		took: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "haidang_http_request_seconds", Help: "Time until the answer was ready.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 15},
		}),
	}
	m.registry.MustRegister(m.requests, m.took, m.notices, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

func (m *metrics) observe(method string, status int, took time.Duration) {
	m.requests.WithLabelValues(method, strconv.Itoa(status)).Inc()
	m.took.Observe(took.Seconds())
}

func (m *metrics) noticed(channel notices.Channel, outcome string) {
	m.notices.WithLabelValues(string(channel), outcome).Inc()
}

func (m *metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}

// lapsed is what banks ask of the registry of legal documents.
type lapsed struct{ laws *laws.Service }

// Lapsed implements assessment.Laws.
func (l lapsed) Lapsed(ctx context.Context, places []catalog.Reference) (map[catalog.Reference]bool, error) {
	ending, err := l.laws.Ending(ctx)
	if err != nil {
		return nil, err
	}
	gone := map[catalog.Reference]bool{}
	for _, place := range places {
		if _, ended := ending(laws.Citation(place)); ended {
			gone[place] = true
		}
	}
	return gone, nil
}

// Ended implements assessment.Laws.
func (l lapsed) Ended(ctx context.Context) ([]string, error) { return l.laws.EndedNumbers(ctx) }
