package apptest_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"haidang/cmd/internal/apptest"
	"haidang/cmd/internal/demo"
	"haidang/courses"
	"haidang/handlers"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/cookiejar"
	"slices"
	"strings"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/bson"
)

// route is one operation of /openapi.json.
type route struct {
	Method, Path, ID string
	Public           bool
}

// unsafe says that the operation may change something.
func (r route) unsafe() bool { return r.Method != http.MethodGet }

// describedRoutes reads the operations that the running server describes.
func describedRoutes(t *testing.T, w *apptest.World) []route {
	t.Helper()
	var api struct {
		Paths map[string]map[string]struct {
			OperationID string `json:"operationId"`
			Security    []map[string][]string
		}
	}
	w.Client(t).Must("GET", "/openapi.json", nil, &api)
	var list []route
	for path, methods := range api.Paths {
		for method, op := range methods {
			list = append(list, route{Method: strings.ToUpper(method), Path: path, ID: op.OperationID, Public: len(op.Security) == 0})
		}
	}
	if len(list) < 40 {
		t.Fatalf("only %d operations are described", len(list))
	}
	slices.SortFunc(list, func(a, b route) int { return strings.Compare(a.Path+a.Method, b.Path+b.Method) })
	return list
}

// nobodysID is an id that nothing has.
const nobodysID = "00000000-0000-7000-8000-000000000000"

// filled puts something that may stand there into a path's parameters.
func filled(path string) string {
	parts := strings.Split(path, "/")
	for i, part := range parts {
		switch part {
		case "{unit}", "{code}":
			parts[i] = "11948"
		default:
			if strings.HasPrefix(part, "{") {
				parts[i] = nobodysID
			}
		}
	}
	return strings.Join(parts, "/")
}

// answer is what a server said to one request.
type answer struct {
	Status int
	Code   string // of a refusal
	Header http.Header
	Body   []byte
}

// cookie gives the value of a cookie that the answer sets, or "".
func (a answer) cookie(name string) string {
	for _, c := range (&http.Response{Header: a.Header}).Cookies() {
		if c.Name == name {
			return c.Value
		}
	}
	return ""
}

// ask sends a request through a client, with headers as name, value, ….
func ask(t *testing.T, client *http.Client, method, url, body string, headers ...string) answer {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	res, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	a := answer{Status: res.StatusCode, Header: res.Header, Body: b}
	if res.StatusCode >= 400 {
		var p handlers.Problem
		if err := json.Unmarshal(b, &p); err != nil || p.RequestID == "" || p.RequestID != res.Header.Get("X-Request-Id") {
			t.Errorf("%s %s answers %d without a problem of this request: %s", method, url, res.StatusCode, b)
		}
		a.Code = string(p.Code)
	}
	return a
}

// stranger is a client without cookies that keeps none.
var stranger = &http.Client{Timeout: time.Minute}

const credentials = `{"username":"hocvien","password":"` + demo.Password + `"}`

func TestTheFrameOfEveryRoute(t *testing.T) {
	w := apptest.New(t)
	routes := describedRoutes(t, w)
	t.Run("only the public routes answer without a session", func(t *testing.T) { onlyPublicRoutesAnswer(t, w, routes) })
	t.Run("every answer carries the security headers", func(t *testing.T) { everyAnswerIsSecured(t, w, routes) })
	t.Run("other sites change nothing", func(t *testing.T) { otherSitesAreRefused(t, w, routes) })
	t.Run("forms are not taken", func(t *testing.T) { formsAreRefused(t, w, routes) })
	t.Run("reading changes nothing", func(t *testing.T) { readingChangesNothing(t, w, routes) })
}

func onlyPublicRoutesAnswer(t *testing.T, w *apptest.World, routes []route) {
	var public []string
	for _, r := range routes {
		if r.Public {
			public = append(public, r.ID)
			continue
		}
		for _, headers := range [][]string{nil, {"Cookie", "access=forged"}, {"Authorization", "Bearer forged"}} {
			if a := ask(t, stranger, r.Method, w.URL+filled(r.Path), "", headers...); a.Status != 401 || a.Code != "courses.sign_in_needed" {
				t.Errorf("%s %s with %v answers %d %s", r.Method, r.Path, headers, a.Status, a.Code)
			}
		}
	}
	slices.Sort(public)
	if want := []string{"ledgerHead", "openSharedRecord", "refreshSession", "signIn", "signOut", "verifyCertificate"}; !slices.Equal(public, want) {
		t.Errorf("public are %v, want %v", public, want)
	}
	for _, r := range []struct{ method, path string }{
		{"PUT", "/api/uploads/" + nobodysID + "/parts/1"}, {"GET", "/media/" + nobodysID + "/source"}, {"HEAD", "/media/" + nobodysID + "/source"},
	} {
		if res, err := stranger.Do(request(t, r.method, w.URL+r.path)); err != nil || res.StatusCode != 401 {
			t.Errorf("%s %s answers %+v, %v", r.method, r.path, res, err)
		}
	}
}

func request(t *testing.T, method, url string) *http.Request {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	return req
}

// secured checks the headers of one answer.
func secured(t *testing.T, what string, h http.Header) {
	t.Helper()
	for name, want := range map[string]string{
		"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin",
		"Cross-Origin-Resource-Policy": "same-origin", "Strict-Transport-Security": "max-age=31536000",
	} {
		if got := h.Get(name); got != want {
			t.Errorf("%s: %s is %q", what, name, got)
		}
	}
	csp := h.Get("Content-Security-Policy")
	for _, rule := range []string{"default-src 'self'", "script-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"} {
		if !strings.Contains(csp, rule) {
			t.Errorf("%s: the content security policy lacks %s: %q", what, rule, csp)
		}
	}
	if strings.Contains(csp, "unsafe") {
		t.Errorf("%s: the content security policy is %q", what, csp)
	}
	for _, name := range []string{"Server", "X-Powered-By", "Access-Control-Allow-Origin"} {
		if h.Get(name) != "" {
			t.Errorf("%s: %s is %q", what, name, h.Get(name))
		}
	}
}

func everyAnswerIsSecured(t *testing.T, w *apptest.World, routes []route) {
	learner := w.SignIn(t, "hocvien")
	for _, r := range routes {
		if r.ID == "signOut" || r.ID == "signOutEverywhere" {
			continue
		}
		for who, client := range map[string]*http.Client{"nobody": stranger, "a learner": learner.HTTP} {
			a := ask(t, client, r.Method, w.URL+filled(r.Path), "")
			what := fmt.Sprintf("%s %s of %s (%d)", r.Method, r.Path, who, a.Status)
			secured(t, what, a.Header)
			if cache := a.Header.Get("Cache-Control"); cache != "no-store" {
				t.Errorf("%s: Cache-Control is %q", what, cache)
			}
		}
	}
	for _, c := range []struct {
		method, path string
		status       int
	}{
		{"GET", "/healthz", 200},
		{"GET", "/readyz", 200},
		{"GET", "/metrics", 200},
		{"GET", "/openapi.json", 200},
		{"GET", "/nothing", 404},
		{"GET", "/api/nothing", 404},
		{"GET", "/api", 404},
		{"GET", "/API/me", 404}, // not another way to /api/me
		{"GET", "/media/nothing", 404},
		{"POST", "/healthz", 422},
		{"DELETE", "/api/units", 404},
		{"OPTIONS", "/api/units", 404},
		{"POST", "/api/session", 422},
		{"GET", "/%2e%2e/%2e%2e/etc/passwd", 404},
	} {
		a := ask(t, learner.HTTP, c.method, w.URL+c.path, "")
		if a.Status != c.status {
			t.Errorf("%s %s answers %d %s, want %d", c.method, c.path, a.Status, a.Code, c.status)
		}
		secured(t, c.method+" "+c.path, a.Header)
	}
	mediaErrorsAreNotKept(t, w, learner)
	requestsThatAreNoneAreSecured(t, w)
}

// mediaErrorsAreNotKept asks for a range that a film has not: the film itself is
// kept for a year.
func mediaErrorsAreNotKept(t *testing.T, w *apptest.World, c *apptest.Client) {
	t.Helper()
	var asset struct {
		ID string `bson:"_id"`
	}
	if err := w.App.DB.Raw().Collection("assets").FindOne(t.Context(), bson.M{"published": true, "state": "ready"}).Decode(&asset); err != nil {
		t.Fatal(err)
	}
	a := ask(t, c.HTTP, "GET", w.URL+"/media/"+asset.ID+"/source", "", "Range", "bytes=999999999999-")
	if a.Status != 416 || a.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("a range beyond the end answers %d with Cache-Control %q", a.Status, a.Header.Get("Cache-Control"))
	}
	secured(t, "a range beyond the end", a.Header)
	whole := ask(t, c.HTTP, "GET", w.URL+"/media/"+asset.ID+"/source", "", "Range", "bytes=0-9")
	if whole.Status != 206 || len(whole.Body) != 10 {
		t.Errorf("a range of the film answers %d, %d bytes", whole.Status, len(whole.Body))
	}
	secured(t, "a range of the film", whole.Header)
}

// requestsThatAreNoneAreSecured sends what no HTTP client would.
func requestsThatAreNoneAreSecured(t *testing.T, w *apptest.World) {
	t.Helper()
	for name, raw := range map[string]string{
		"a header of 64 KiB":     "GET /api/me HTTP/1.1\r\nHost: a\r\nCookie: access=" + strings.Repeat("a", 64<<10) + "\r\n\r\n",
		"a header without colon": "GET /api/me HTTP/1.1\r\nHost: a\r\nno colon here\r\n\r\n",
		"a negative length":      "POST /api/session HTTP/1.1\r\nHost: a\r\nContent-Length: -5\r\n\r\n",
	} {
		conn, err := net.Dial("tcp", strings.TrimPrefix(w.URL, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(conn, raw); err != nil {
			t.Fatal(err)
		}
		res, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if res.StatusCode < 400 || res.StatusCode >= 500 {
			t.Errorf("%s answers %d", name, res.StatusCode)
		}
		if res.Header.Get("X-Request-Id") == "" {
			t.Errorf("%s has no request id", name)
		}
		secured(t, name, res.Header)
		res.Body.Close()
		conn.Close()
	}
}

func otherSitesAreRefused(t *testing.T, w *apptest.World, routes []route) {
	learner := w.SignIn(t, "hocvien")
	asked := 0
	for _, r := range routes {
		if !r.unsafe() {
			continue
		}
		asked++
		for _, headers := range [][]string{
			{"Origin", "https://evil.example"},
			{"Origin", "null"},
			{"Origin", "http://127.0.0.1:1"},
			{"Origin", w.URL + ".evil.example"},
			{"Sec-Fetch-Site", "cross-site"},
			{"Sec-Fetch-Site", "same-site"},
			{"Origin", w.URL, "Sec-Fetch-Site", "cross-site"},
		} {
			if a := ask(t, learner.HTTP, r.Method, w.URL+filled(r.Path), "{}", headers...); a.Status != 403 || a.Code != "request.cross_site" {
				t.Errorf("%s %s with %v answers %d %s", r.Method, r.Path, headers, a.Status, a.Code)
			}
		}
	}
	if asked < 15 {
		t.Errorf("only %d routes change anything", asked)
	}
	for _, headers := range [][]string{{"Origin", "https://evil.example"}, {"Sec-Fetch-Site", "cross-site"}} {
		if a := ask(t, stranger, "POST", w.URL+"/api/session", credentials, headers...); a.Status != 403 || a.cookie("access") != "" {
			t.Errorf("another site signs somebody in: %d, cookie %q", a.Status, a.cookie("access"))
		}
	}
	for _, headers := range [][]string{nil, {"Origin", w.URL}, {"Sec-Fetch-Site", "same-origin", "Origin", w.URL}, {"Sec-Fetch-Site", "none"}} {
		if a := ask(t, stranger, "POST", w.URL+"/api/session", credentials, headers...); a.Status != 200 || a.cookie("access") == "" {
			t.Errorf("with %v signing in answers %d %s", headers, a.Status, a.Code)
		}
	}
	var me handlers.Me
	learner.Must("GET", "/api/me", nil, &me) // the session outlived all of it
}

func formsAreRefused(t *testing.T, w *apptest.World, routes []route) {
	learner := w.SignIn(t, "hocvien")
	for _, r := range routes {
		if !r.unsafe() {
			continue
		}
		for _, form := range []string{"application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain", "text/plain;charset=UTF-8", ""} {
			a := ask(t, learner.HTTP, r.Method, w.URL+filled(r.Path), credentials, "Content-Type", form)
			if a.Status != 415 || a.Code != "request.not_json" {
				t.Errorf("%s %s takes %q: %d %s", r.Method, r.Path, form, a.Status, a.Code)
			}
		}
	}
	if a := ask(t, stranger, "POST", w.URL+"/api/session", credentials, "Content-Type", "text/plain"); a.cookie("access") != "" {
		t.Error("a form signs somebody in")
	}
}

// fingerprint is a hash of every collection but those of the background work.
func fingerprint(t *testing.T, w *apptest.World) map[string]string {
	t.Helper()
	// What the background work still has to do to attempts, it does now.
	eventually(t, "attempts are settled", func() bool { return w.App.Services.Learning.SettleQuizzes(t.Context()) == nil })
	eventually(t, "everybody is told what waits", func() bool { return w.App.Services.Notices.Go(t.Context()) == nil })
	eventually(t, "everybody is reminded", func() bool { return w.App.Services.Notices.Remind(t.Context()) == nil })
	var state struct {
		Collections map[string]string
	}
	if err := w.App.DB.Raw().RunCommand(t.Context(), bson.D{{Key: "dbHash", Value: 1}}).Decode(&state); err != nil {
		t.Fatal(err)
	}
	delete(state.Collections, "leases")
	delete(state.Collections, "jobs")
	if len(state.Collections) < 15 {
		t.Fatalf("only %d collections have a hash", len(state.Collections))
	}
	return state.Collections
}

// existing fills a path's parameters with things that are there.
func existing(t *testing.T, w *apptest.World, path string, me handlers.Me) string {
	t.Helper()
	id := func(collection string, filter bson.M) string {
		var d struct {
			ID string `bson:"_id"`
		}
		if err := w.App.DB.Raw().Collection(collection).FindOne(t.Context(), filter).Decode(&d); err != nil {
			t.Fatalf("%s: find one in %s: %v", path, collection, err)
		}
		return d.ID
	}
	var version struct {
		ID      string `bson:"_id"`
		Content struct {
			Modules []struct{ Lessons []struct{ ID string } }
		}
	}
	if strings.Contains(path, "{version}") {
		if err := w.App.DB.Raw().Collection("versions").FindOne(t.Context(), bson.M{}).Decode(&version); err != nil {
			t.Fatal(err)
		}
		path = strings.ReplaceAll(path, "{version}", version.ID)
		path = strings.ReplaceAll(path, "{lesson}", version.Content.Modules[0].Lessons[0].ID)
	}
	if strings.HasPrefix(path, "/api/enrolments/{id}/quizzes/{lesson}") {
		var a struct{ Enrolment, Lesson string }
		if err := w.App.DB.Raw().Collection("attempts").FindOne(t.Context(), bson.M{"person": me.PersonID}).Decode(&a); err != nil {
			t.Fatal(err)
		}
		path = strings.NewReplacer("{id}", a.Enrolment, "{lesson}", a.Lesson).Replace(path)
	}
	if strings.HasSuffix(path, "/files/{slot}/{sum}") {
		path = strings.NewReplacer("{id}", id("attempts", bson.M{"files.0": bson.M{"$exists": true}}), "{slot}", "0", "{sum}", sumOf(pdf)).Replace(path)
	}
	path = strings.Replace(path, "/receipts/{code}", "/receipts/0123abcd", 1) // nobody has it
	path = strings.Replace(path, "/api/banks/{unit}", "/api/banks/SNV", 1)
	for prefix, find := range map[string]func() string{
		"/api/people/{id}":         func() string { return string(me.PersonID) },
		"/api/courses/{id}":        func() string { return id("courses", bson.M{"newest": bson.M{"$ne": nil}}) },
		"/api/examples/{id}":       func() string { return id("courses", bson.M{"newest": bson.M{"$ne": nil}}) },
		"/api/studio/courses/{id}": func() string { return id("courses", bson.M{"newest": bson.M{"$ne": nil}}) },
		"/api/enrolments/{id}":     func() string { return id("enrolments", bson.M{"person": me.PersonID}) },
		"/api/assets/{id}":         func() string { return id("assets", bson.M{"published": true}) },
		"/api/pilots/{id}":         func() string { return id("courses", bson.M{"review.step": "pilot"}) },
		"/api/attempts/{id}":       func() string { return id("attempts", bson.M{"person": me.PersonID}) },
		"/api/studio/grading/{id}": func() string { return id("attempts", bson.M{"grading": true}) },
		"/api/items/{id}":          func() string { return id("items", bson.M{}) },
		"/api/assignments/{id}":    func() string { return id("assignments", bson.M{"unit": "11948"}) },
		"/api/laws/{id}":           func() string { return id("laws", bson.M{}) },
		"/api/certificates/{id}":   func() string { return id("certificates", bson.M{}) },
		"/api/uploads/{id}":        func() string { return id("uploads", bson.M{"person": me.PersonID}) },
	} {
		if strings.HasPrefix(path, prefix) {
			path = strings.Replace(path, "{id}", find(), 1)
		}
	}
	return filled(path)
}

// asked is the query that a route cannot do without.
func asked(t *testing.T, w *apptest.World, path string) string {
	t.Helper()
	if path == "/api/studio/storage" || path == "/api/studio/keepers" || strings.HasPrefix(path, "/api/studio/certificates") {
		return "?owner=SNV"
	}
	if path == "/api/assignments/reach" {
		return "?unit=" + string(island)
	}
	if strings.HasSuffix(path, "/like") {
		return "?text=Ai+c%C3%B3+quy%E1%BB%81n+k%C3%BD"
	}
	if path == "/api/citation" {
		return "?number=129-TB/TU"
	}
	report, texts := strings.HasPrefix(path, "/api/reports/bc04"), strings.HasSuffix(path, "/results/texts")
	if !report && !texts && !strings.HasSuffix(path, "/changes") {
		return ""
	}
	var course struct {
		ID     string `bson:"_id"`
		Newest struct{ Version string }
	}
	if err := w.App.DB.Raw().Collection("courses").FindOne(t.Context(), bson.M{"newest": bson.M{"$ne": nil}}).Decode(&course); err != nil {
		t.Fatal(err)
	}
	if report {
		return "?course=" + course.ID
	}
	if texts {
		return "?kind=reaction&version=" + course.Newest.Version
	}
	return "?from=" + course.Newest.Version
}

func readingChangesNothing(t *testing.T, w *apptest.World, routes []route) {
	var clients []*apptest.Client
	for _, account := range demo.Accounts() {
		clients = append(clients, w.SignIn(t, account.Username))
	}
	var found struct{ Items []handlers.CourseCard }
	course, lessons := quizCourse(t, w, "KT-00", nil)
	essayToMark(t, w, "somebody", "SNV")
	certificateOf(t, w, island, "SNV")
	eventually(t, "the ledger and the counters have its completion", func() bool {
		if _, err := w.App.Services.Records.Sequence(t.Context()); err != nil {
			return false
		}
		_, err := w.App.Services.Reports.Project(t.Context())
		return err == nil
	})
	for i, c := range clients {
		began(t, c, course, lessons[1].ID)
		c.Must("GET", "/api/courses", nil, &found)
		c.Must("POST", "/api/courses/"+string(found.Items[0].ID)+"/enrolment", nil, nil)
		account, upload := demo.Accounts()[i], courses.NewID[courses.UploadID](w.App.Now())
		var me handlers.Me
		c.Must("GET", "/api/me", nil, &me)
		if status, _ := c.Do("POST", "/api/uploads", map[string]any{"name": "a.mp4", "bytes": 9, "owner": account.Unit}, nil); status != 200 {
			// Whoever may not upload has one in the database all the same.
			if _, err := w.App.DB.Raw().Collection("uploads").InsertOne(t.Context(), bson.M{"_id": upload, "person": me.PersonID, "touchedAt": w.App.Now()}); err != nil {
				t.Fatal(err)
			}
		}
	}
	before, answered := fingerprint(t, w), map[string]bool{}
	for _, c := range clients {
		var me handlers.Me
		c.Must("GET", "/api/me", nil, &me)
		for _, r := range routes {
			if r.unsafe() {
				continue
			}
			a := ask(t, c.HTTP, "GET", w.URL+existing(t, w, r.Path, me)+"?period=2026", "")
			if a.Code == "request.invalid" {
				a = ask(t, c.HTTP, "GET", w.URL+existing(t, w, r.Path, me)+asked(t, w, r.Path), "")
			}
			if a.Status >= 500 {
				t.Errorf("GET %s answers %d to %s", r.Path, a.Status, me.Username)
			}
			answered[r.Path] = answered[r.Path] || a.Status == 200
		}
	}
	for path, ok := range answered {
		if !ok {
			t.Errorf("GET %s answered nobody: that it changes nothing shows nothing", path)
		}
	}
	if after := fingerprint(t, w); !maps.Equal(before, after) {
		t.Errorf("reading changed something:\n%v\n%v", before, after)
	}
}

// from is a client that connects from another address of this machine.
func from(t *testing.T, address string) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	dialer := &net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(address)}}
	transport := &http.Transport{DialContext: dialer.DialContext}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Jar: jar, Transport: transport, Timeout: time.Minute}
}
