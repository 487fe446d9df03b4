package durability_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"haidang/cmd/internal/demo"
	"haidang/courses"
	"haidang/handlers"
	"io"
	"net/http"
	"net/http/cookiejar"
	"strings"
	"sync/atomic"
	"time"
)

// stretch is how long each watched event is, in milliseconds.
const stretch = 2000

// learner sends learning events over HTTP, each batch until it is acknowledged,
// and remembers which were.
type learner struct {
	url       string
	username  string
	http      *http.Client
	enrolment handlers.EnrolmentView
	film      courses.LessonID
	filmMs    int64
	acked     map[string]bool // ids of events
	total     *atomic.Int64   // of all learners
	wrong     error           // an answer that no learner should ever see
}

func newLearner(url, username string, total *atomic.Int64) (*learner, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	return &learner{
		url: url, username: username, acked: map[string]bool{}, total: total,
		http: &http.Client{Jar: jar, Timeout: 20 * time.Second},
	}, nil
}

// call sends one request. An answer that is neither success nor "try again" is
// an error; ok is false when it should be tried again.
func (l *learner) call(ctx context.Context, method, path string, in, out any) (ok bool, err error) {
	body, err := json.Marshal(in)
	if err != nil {
		return false, err
	}
	req, err := http.NewRequestWithContext(ctx, method, l.url+path, bytes.NewReader(body))
	if err != nil {
		return false, err
	}
	req.Header.Set("Content-Type", "application/json")
	res, err := l.http.Do(req)
	if err != nil {
		return false, nil // the server is away; what happened to the request is not known
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	switch {
	case err != nil || res.StatusCode == http.StatusServiceUnavailable:
		return false, nil
	case res.StatusCode >= 300:
		return false, fmt.Errorf("%s %s answers %d %s", method, path, res.StatusCode, b)
	}
	return true, json.Unmarshal(b, out)
}

// insist calls until it succeeds.
func (l *learner) insist(ctx context.Context, method, path string, in, out any) error {
	for {
		ok, err := l.call(ctx, method, path, in, out)
		if ok || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// begin signs in and enrols on the course with the film.
func (l *learner) begin(ctx context.Context) error {
	var me handlers.Me
	if err := l.insist(ctx, "POST", "/api/session", map[string]string{"username": l.username, "password": demo.Password}, &me); err != nil {
		return err
	}
	var found struct{ Items []handlers.CourseCard }
	if err := l.insist(ctx, "GET", "/api/courses", nil, &found); err != nil {
		return err
	}
	if err := l.insist(ctx, "POST", "/api/courses/"+string(found.Items[0].ID)+"/enrolment", map[string]string{}, &l.enrolment); err != nil {
		return err
	}
	l.film = l.enrolment.Lessons[0].Lesson
	lesson, err := l.lesson(ctx, l.film)
	if err == nil {
		l.filmMs = lesson.Asset.DurationMs
	}
	return err
}

func (l *learner) lesson(ctx context.Context, id courses.LessonID) (handlers.LessonView, error) {
	var view handlers.LessonView
	err := l.insist(ctx, "GET", fmt.Sprintf("/api/versions/%s/lessons/%s", l.enrolment.Version, id), nil, &view)
	return view, err
}

// learn sends batches of a few stretches until stop is closed.
func (l *learner) learn(ctx context.Context, stop <-chan struct{}) {
	for n := int64(0); l.wrong == nil; n++ {
		select {
		case <-stop:
			return
		default:
		}
		batch := make([]map[string]any, 1+n%4)
		for i := range batch {
			// A part of the film, with holes, so that the state says what arrived.
			from := (n*7 + int64(i)*3) % (l.filmMs / stretch / 2) * 2 * stretch
			batch[i] = l.watched(from)
		}
		l.wrong = l.send(ctx, batch)
	}
}

func (l *learner) event(lesson courses.LessonID, kind string) map[string]any {
	return map[string]any{
		"id": courses.NewID[string](time.Now()), "enrolment": l.enrolment.ID, "lesson": lesson, "kind": kind, "at": time.Now().UTC(),
	}
}

func (l *learner) watched(from int64) map[string]any {
	e := l.event(l.film, "watched")
	e["fromMs"], e["toMs"], e["elapsedMs"] = from, from+stretch, stretch
	return e
}

// send insists on a batch and notes what was acknowledged.
func (l *learner) send(ctx context.Context, batch []map[string]any) error {
	var r handlers.Receipts
	in := map[string]any{"events": batch}
	ok, err := l.call(ctx, "POST", "/api/learning/events", in, &r)
	if err == nil && !ok {
		err = errors.Join(l.remembered(ctx), l.insist(ctx, "POST", "/api/learning/events", in, &r))
	}
	if err != nil {
		return err
	}
	if len(r.Codes) != len(batch) {
		return fmt.Errorf("%d receipts for %d events", len(r.Codes), len(batch))
	}
	for i, e := range batch {
		id, _ := e["id"].(string)
		if !strings.HasSuffix(id, r.Codes[i]) {
			return fmt.Errorf("the receipt of %s is %s", id, r.Codes[i])
		}
		l.acked[id] = true
	}
	l.enrolment = r.Enrolments[0]
	l.total.Add(int64(len(batch)))
	return nil
}

// remembered asks where the learner stands: not behind what was last acknowledged.
func (l *learner) remembered(ctx context.Context) error {
	var is handlers.EnrolmentView
	if err := l.insist(ctx, "GET", "/api/enrolments/"+string(l.enrolment.ID), nil, &is); err != nil {
		return err
	}
	if was := l.enrolment.Lessons[0].LastAt; is.Lessons[0].LastAt.Before(was) {
		return fmt.Errorf("acknowledged until %s, known until %s", was, is.Lessons[0].LastAt)
	}
	return nil
}

// finish sends all that the course still asks for.
func (l *learner) finish(ctx context.Context) error {
	var batch []map[string]any
	for from := int64(0); from+stretch <= l.filmMs; from += stretch {
		batch = append(batch, l.watched(from))
	}
	for _, state := range l.enrolment.Lessons[1:] {
		lesson, err := l.lesson(ctx, state.Lesson)
		if err != nil {
			return err
		}
		e := l.event(state.Lesson, "read")
		if lesson.Asset != nil {
			e["kind"], e["page"] = "paged", lesson.Asset.Pages
		}
		batch = append(batch, l.event(state.Lesson, "opened"), e)
	}
	return l.send(ctx, batch)
}
