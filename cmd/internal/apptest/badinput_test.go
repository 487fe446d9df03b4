package apptest_test

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"haidang/cmd/internal/apptest"
	"haidang/courses"
	"haidang/handlers"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/unicode/norm"
)

// badInput is a request that has to be refused and change nothing.
type badInput struct {
	name, method, path, body string
	status                   int
	code                     string
}

func TestBadInputIsRefusedWithACodeAndChangesNothing(t *testing.T) {
	w := apptest.New(t)
	author, learner, hr := w.SignIn(t, "tacgia"), w.SignIn(t, "hocvien"), w.SignIn(t, "nhansu")
	draft, enrolment := aDraft(t, author), anEnrolment(t, learner)
	settled(t, w)
	refusedInputs(t, w, author, draftInputs(t, draft))
	refusedInputs(t, w, learner, eventInputs(t, w, enrolment, anEnrolment(t, w.SignIn(t, "lanhdao"))))
	refusedInputs(t, w, hr, personInputs())
	publisher := w.SignIn(t, "xuatban")
	var entered handlers.Law
	publisher.Must("POST", "/api/laws", map[string]any{"law": law("1/2026/NĐ-CP", "2026-01-01", "", ""), "keeper": "STP"}, &entered)
	refusedInputs(t, w, publisher, lawInputs(t, entered))
	sentDecomposed(t, w, hr)
	refusedUploads(t, w, author)
	brokenParts(t, w, author)
}

func refusedInputs(t *testing.T, w *apptest.World, c *apptest.Client, list []badInput) {
	t.Helper()
	before := fingerprint(t, w)
	for _, x := range list {
		a := ask(t, c.HTTP, x.method, w.URL+x.path, x.body)
		if a.Status != x.status || a.Code != x.code {
			t.Errorf("%s answers %d %s, want %d %s: %s", x.name, a.Status, a.Code, x.status, x.code, a.Body)
		}
	}
	for collection, was := range before {
		if is := fingerprint(t, w)[collection]; is != was {
			t.Errorf("bad input changed %s", collection)
		}
	}
}

func aDraft(t *testing.T, c *apptest.Client) handlers.Draft {
	t.Helper()
	var d handlers.Draft
	c.Must("POST", "/api/studio/courses", map[string]any{"code": "SAI-01", "title": "Thử", "owner": "SNV"}, &d)
	return d
}

func anEnrolment(t *testing.T, c *apptest.Client) handlers.EnrolmentView {
	t.Helper()
	var found struct{ Items []handlers.CourseCard }
	c.Must("GET", "/api/courses", nil, &found)
	var e handlers.EnrolmentView
	c.Must("POST", "/api/courses/"+string(found.Items[0].ID)+"/enrolment", nil, &e)
	return e
}

func jsonOf(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func draftInputs(t *testing.T, d handlers.Draft) []badInput {
	path := "/api/studio/courses/" + string(d.Card.ID)
	with := func(change func(*handlers.CourseContent)) string {
		content := d.Content
		change(&content)
		return jsonOf(t, map[string]any{"revision": d.Revision, "content": content})
	}
	article := func(b handlers.Block) string {
		return with(func(c *handlers.CourseContent) {
			c.Modules = []handlers.Module{{Title: "Một", Lessons: []handlers.Lesson{{Kind: "article", Title: "Bài", Blocks: []handlers.Block{b}}}}}
		})
	}
	link := handlers.Inline{Text: "bấm", Marks: []handlers.Mark{{Type: "link", Href: "javascript:alert(1)"}}}
	return []badInput{
		{"an unknown field", "POST", "/api/studio/courses", `{"code":"A-1","title":"A","owner":"SNV","price":1}`, 422, "request.invalid"},
		{"a number for a text", "POST", "/api/studio/courses", `{"code":7,"title":"A","owner":"SNV"}`, 422, "request.invalid"},
		{"half a JSON text", "POST", "/api/studio/courses", `{"code":"A-1",`, 422, "request.malformed"},
		{"10 MB", "PUT", path, `{"revision":1,"content":"` + strings.Repeat("x", 10<<20) + `"}`, 413, "request.too_large"},
		{"small letters in a code", "POST", "/api/studio/courses", `{"code":"a b","title":"A","owner":"SNV"}`, 422, "catalog.bad_code"},
		{"a title in a TCVN3 font", "POST", "/api/studio/courses", `{"code":"A-1","title":"Hµ Néi, H¶i Phßng, §µ N½ng: x· héi chñ nghÜa","owner":"SNV"}`, 422, "catalog.bad_content"},
		{"a link that runs a script", "PUT", path, article(handlers.Block{Type: "paragraph", Text: []handlers.Inline{link}}), 422, "catalog.bad_content"},
		{"a block of raw HTML", "PUT", path, article(handlers.Block{Type: "html", Text: []handlers.Inline{{Text: "<script>"}}}), 422, "request.invalid"},
		{"an old revision", "PUT", path, jsonOf(t, map[string]any{"revision": d.Revision + 7, "content": d.Content}), 409, "courses.changed_meanwhile"},
		{"a course of nothing", "POST", path + "/review", fmt.Sprintf(`{"revision":%d}`, d.Revision), 422, "catalog.incomplete"},
		{"an unknown query", "GET", "/api/courses?sort=title", "", 422, "request.invalid"},
		{"a made-up cursor", "GET", "/api/studio/courses?after=x", "", 422, "courses.bad_cursor"},
	}
}

func eventInputs(t *testing.T, w *apptest.World, mine, another handlers.EnrolmentView) []badInput {
	film := mine.Lessons[0].Lesson
	batch := func(events ...map[string]any) string { return jsonOf(t, map[string]any{"events": events}) }
	watched := func(e handlers.EnrolmentView, lesson courses.LessonID, more map[string]any) map[string]any {
		m := event(w, e, lesson, "watched", map[string]any{"fromMs": 0, "toMs": 2000, "elapsedMs": 2000})
		for k, v := range more {
			m[k] = v
		}
		return m
	}
	once := watched(mine, film, nil)
	good := watched(mine, film, nil) // a batch is taken whole or not at all
	many := make([]map[string]any, 501)
	for i := range many {
		many[i] = watched(mine, film, nil)
	}
	const path = "/api/learning/events"
	return []badInput{
		{"a lesson that is not in the version", "POST", path, batch(good, watched(mine, "01a00000-0000-7000-8000-000000000000", nil)), 422, "learning.not_in_version"},
		{"a film in a reading", "POST", path, batch(good, watched(mine, mine.Lessons[1].Lesson, nil)), 422, "learning.not_in_version"},
		{"somebody else's enrolment", "POST", path, batch(good, watched(another, film, nil)), 404, "learning.no_such_enrolment"},
		{"the future", "POST", path, batch(good, watched(mine, film, map[string]any{"at": w.App.Now().Add(time.Hour)})), 422, "learning.event_in_future"},
		{"one id twice", "POST", path, batch(once, once), 422, "learning.event_twice"},
		{"more than twice the time", "POST", path, batch(good, watched(mine, film, map[string]any{"toMs": 60_000})), 422, "learning.watched_too_fast"},
		{"beyond the end", "POST", path, batch(good, watched(mine, film, map[string]any{"fromMs": 900_000, "toMs": 902_000})), 422, "learning.bad_event"},
		{"an id that is none", "POST", path, batch(good, watched(mine, film, map[string]any{"id": "1"})), 422, "request.invalid"},
		{"501 events", "POST", path, batch(many...), 422, "request.invalid"},
		{"no events", "POST", path, `{"events":[]}`, 422, "request.invalid"},
	}
}

func lawInputs(t *testing.T, entered handlers.Law) []badInput {
	t.Helper()
	add := func(l map[string]any) string { return jsonOf(t, map[string]any{"law": l, "keeper": "STP"}) }
	path := "/api/laws/" + string(entered.ID)
	return []badInput{
		{"a number that is there, spelt otherwise", "POST", "/api/laws", add(law("Nghị định số 1/2026/nđ-cp", "2026-01-01", "", "")), 409, "laws.number_taken"},
		{"a number without a digit", "POST", "/api/laws", add(law("Nghị định", "2026-01-01", "", "")), 422, "laws.bad_number"},
		{"a last day before the first", "POST", "/api/laws", add(law("2/2026/NĐ-CP", "2026-01-01", "2025-12-31", "")), 422, "laws.dates"},
		{"replaced without a last day", "POST", "/api/laws", add(law("2/2026/NĐ-CP", "2026-01-01", "", "3/2026/NĐ-CP")), 422, "laws.dates"},
		{"a line that is no article", "POST", "/api/laws", add(with(law("2/2026/NĐ-CP", "2026-01-01", "", ""), "Điều 1\nQuy định chung")), 422, "laws.bad_articles"},
		{"a change of an article that is not listed", "PUT", path, jsonOf(t, map[string]any{"law": map[string]any{
			"number": "1/2026/NĐ-CP", "kind": "khac", "abstract": "", "issuer": "", "from": "2026-01-01", "changes": []any{map[string]any{"label": "Điều 1", "until": "2026-02-01"}},
		}, "revision": 1}), 422, "laws.bad_articles"},
		{"a document that nobody entered", "PUT", "/api/laws/01a00000-0000-7000-8000-000000000000", jsonOf(t, map[string]any{"law": law("1/2026/NĐ-CP", "2026-01-01", "", ""), "revision": 1}), 404, "laws.no_such_document"},
		{"an entry that somebody changed", "PUT", path, jsonOf(t, map[string]any{"law": law("1/2026/NĐ-CP", "2026-01-01", "", ""), "revision": 7}), 409, "courses.changed_meanwhile"},
		{"a kind that is none", "PUT", path, jsonOf(t, map[string]any{"law": map[string]any{"number": "1/2026/NĐ-CP", "kind": "x", "abstract": "", "issuer": "", "from": "2026-01-01"}, "revision": 1}), 422, "request.invalid"},
	}
}

func personInputs() []badInput {
	person := func(name, unit, from string) string {
		return fmt.Sprintf(`{"fullName":%q,"gender":"male","category":"cong_chuc","posting":{"unit":%q,"position":"CM-TP","kind":"permanent","from":%q}}`, name, unit, from)
	}
	return []badInput{
		{"a name of signs", "POST", "/api/people", person("<script>", "11948", "2026-01-01"), 422, "staff.bad_name"},
		{"a name in a VNI font", "POST", "/api/people", person("Nguyeãn Vaên Teøo", "11948", "2026-01-01"), 422, "vietnamese.legacy_encoding"},
		{"a unit that is none", "POST", "/api/people", person("Lê An", "99999", "2026-01-01"), 422, "staff.no_such_unit"},
		{"the 31st of February", "POST", "/api/people", person("Lê An", "11948", "2026-02-31"), 422, "request.invalid"},
		{"a period that is none", "GET", "/api/reports/bc01?period=2026-Q9", "", 422, "courses.bad_period"},
		{"people of a unit that never was", "GET", "/api/people?unit=KHONG-CO", "", 422, "staff.no_such_unit"},
		{"figures of the same", "GET", "/api/reports/units/KHONG-CO/people?period=2026", "", 422, "staff.no_such_unit"},
	}
}

// sentDecomposed keeps decomposed text in its one form and finds it again.
func sentDecomposed(t *testing.T, w *apptest.World, hr *apptest.Client) {
	t.Helper()
	const name = "Vũ Thị Thuỷ Tiên"
	var p handlers.Person
	hr.Must("POST", "/api/people", map[string]any{
		"fullName": norm.NFD.String(name), "gender": "female", "category": "cong_chuc",
		"posting": map[string]any{"unit": "11948", "position": "CM-TP", "kind": "permanent", "from": "2026-01-01"},
	}, &p)
	if p.FullName != name || p.GivenName != "Tiên" {
		t.Errorf("decomposed text is kept as %q", p.FullName)
	}
	var found struct{ Items []handlers.PersonSummary }
	hr.Must("GET", "/api/people?q="+url.QueryEscape(norm.NFD.String("thuỷ tiên")), nil, &found)
	if !slices.ContainsFunc(found.Items, func(x handlers.PersonSummary) bool { return x.ID == p.ID }) {
		t.Error("it is not found by decomposed text")
	}
}

func refusedUploads(t *testing.T, w *apptest.World, author *apptest.Client) {
	t.Helper()
	announce := func(name string, bytes int64) string {
		return jsonOf(t, map[string]any{"name": name, "bytes": bytes, "owner": "SNV"})
	}
	refusedInputs(t, w, author, []badInput{
		{"a path in a name", "POST", "/api/uploads", announce("../../etc/phim.mp4", 100), 422, "media.bad_name"},
		{"a Windows path", "POST", "/api/uploads", announce(`C:\phim.mp4`, 100), 422, "media.bad_name"},
		{"a program", "POST", "/api/uploads", announce("phim.exe", 100), 415, "media.type_not_taken"},
		{"3 GiB", "POST", "/api/uploads", announce("phim.mp4", 3<<30), 413, "media.too_large"},
		{"an organisation of others", "POST", "/api/uploads", `{"name":"phim.mp4","bytes":100,"owner":"STP"}`, 403, "courses.forbidden"},
	})
}

// anUpload announces a PDF of two parts and gives them.
func anUpload(t *testing.T, author *apptest.Client, name string) (u handlers.UploadView, first, second []byte) {
	t.Helper()
	author.Must("POST", "/api/uploads", map[string]any{"name": name, "bytes": 8<<20 + 100, "owner": "SNV"}, &u)
	first = append([]byte("%PDF-1.4\n"), make([]byte, 8<<20-9)...)
	return u, first, make([]byte, 100)
}

func sumOf(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

func brokenParts(t *testing.T, w *apptest.World, author *apptest.Client) {
	t.Helper()
	u, first, second := anUpload(t, author, "Tài liệu số 1.pdf")
	at := fmt.Sprintf("%s/api/uploads/%s/parts/", w.URL, u.ID)
	for _, x := range []struct {
		name, part string
		data       []byte
		hash       string
		status     int
		code       string
	}{
		{"a wrong hash", "1", first, sumOf(second), 422, "media.part_hash"},
		{"too short a part", "1", first[:1000], sumOf(first[:1000]), 422, "media.part_size"},
		{"too long a part", "2", make([]byte, 101), sumOf(make([]byte, 101)), 422, "media.part_size"},
		{"part 0", "0", second, sumOf(second), 422, "media.no_such_part"},
		{"part 99", "99", second, sumOf(second), 422, "media.no_such_part"},
		{"a zip named .pdf", "1", append([]byte("PK\x03\x04"), first[4:]...), sumOf(append([]byte("PK\x03\x04"), first[4:]...)), 415, "media.wrong_content"},
	} {
		status, answer := put(t, author, at+x.part, x.data, x.hash)
		if status != x.status || !strings.Contains(answer, x.code) {
			t.Errorf("%s answers %d %s, want %d %s", x.name, status, answer, x.status, x.code)
		}
	}
	for _, reset := range []bool{false, true} {
		cutInTheMiddle(t, w, author, u, first, reset)
	}
	if status, code := author.Do("POST", fmt.Sprintf("/api/uploads/%s/complete", u.ID), nil, nil); status != 409 || code != "media.parts_missing" {
		t.Errorf("completing without parts answers %d %s", status, code)
	}
	author.Must("GET", "/api/uploads/"+string(u.ID), nil, &u)
	if len(u.Have) != 0 {
		t.Errorf("refused parts are here: %v", u.Have)
	}
	// The upload goes on after all of that, parts in any order.
	for part, data := range map[string][]byte{"2": second, "1": first} {
		if status, answer := put(t, author, at+part, data, sumOf(data)); status != 204 {
			t.Errorf("part %s answers %d %s", part, status, answer)
		}
	}
	author.Must("POST", fmt.Sprintf("/api/uploads/%s/complete", u.ID), nil, &u)
	if u.Asset == nil || u.Asset.Name != "Tài liệu số 1.pdf" {
		t.Errorf("the completed upload is %+v", u)
	}
}

// cutInTheMiddle sends half of a part and ends the connection, as a closed tab
// (FIN) or a lost network (RST) does.
func cutInTheMiddle(t *testing.T, w *apptest.World, author *apptest.Client, u handlers.UploadView, part []byte, reset bool) {
	t.Helper()
	at, err := url.Parse(w.URL)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := net.Dial("tcp", at.Host)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	var cookies []string
	for _, c := range author.HTTP.Jar.Cookies(at) {
		cookies = append(cookies, c.Name+"="+c.Value)
	}
	fmt.Fprintf(conn, "PUT /api/uploads/%s/parts/1 HTTP/1.1\r\nHost: %s\r\nCookie: %s\r\nX-Part-Sha256: %s\r\nContent-Length: %d\r\n\r\n",
		u.ID, at.Host, strings.Join(cookies, "; "), sumOf(part), len(part))
	if _, err := conn.Write(part[:len(part)/2]); err != nil {
		t.Fatal(err)
	}
	tcp, ok := conn.(*net.TCPConn)
	if !ok {
		t.Fatal("no TCP connection")
	}
	if reset {
		if err := tcp.SetLinger(0); err != nil {
			t.Fatal(err)
		}
		return // Close sends the RST
	}
	if err := tcp.CloseWrite(); err != nil {
		t.Fatal(err)
	}
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		return // the server may hang up without an answer
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != 422 || !strings.Contains(string(b), "request.cut_short") {
		t.Errorf("half a part answers %d %s, %v", res.StatusCode, b, err)
	}
}

func TestAZipNamedMP4BecomesAFailedFileWithAReason(t *testing.T) {
	w := apptest.New(t)
	author := w.SignIn(t, "tacgia")
	// It begins as an MP4 does, so that only looking into it shows what it is.
	zip := append([]byte("\x00\x00\x00\x18ftypmp42"), []byte(strings.Repeat("PK\x03\x04 no film ", 1000))...)
	if a := uploaded(t, w, author, "phim.mp4", zip); a.State != "failed" || a.Problem != "media.wrong_content" || a.URL != "" {
		t.Errorf("it became %+v", a)
	}
}

func TestAnUploadThatNobodyFinishesIsSweptAfterADay(t *testing.T) {
	w := apptest.New(t)
	author := w.SignIn(t, "tacgia")
	u, first, _ := anUpload(t, author, "dở dang.pdf")
	if status, answer := put(t, author, fmt.Sprintf("%s/api/uploads/%s/parts/1", w.URL, u.ID), first, sumOf(first)); status != 204 {
		t.Fatalf("part 1 answers %d %s", status, answer)
	}
	sweep := func() int {
		n, err := w.App.Services.Media.Sweep(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	w.Pass(23 * time.Hour)
	if n := sweep(); n != 0 {
		t.Errorf("%d uploads are swept within the day", n)
	}
	w.Pass(2 * time.Hour)
	if n := sweep(); n != 1 {
		t.Errorf("%d uploads are swept after the day", n)
	}
	author = w.SignIn(t, "tacgia")
	if status, code := author.Do("GET", "/api/uploads/"+string(u.ID), nil, nil); status != 404 || code != "media.no_such_upload" {
		t.Errorf("the swept upload answers %d %s", status, code)
	}
}

func TestAFileIsServedInRangesWithItsOwnName(t *testing.T) {
	w := apptest.New(t)
	author := w.SignIn(t, "tacgia")
	a := uploaded(t, w, author, "Bài giảng số 1.mp4", film(t))
	size := a.Bytes
	for _, x := range []struct {
		header string
		status int
		length int64
		within string
	}{
		{"", 200, size, ""},
		{"bytes=0-0", 206, 1, fmt.Sprintf("bytes 0-0/%d", size)},
		{"bytes=-10", 206, 10, fmt.Sprintf("bytes %d-%d/%d", size-10, size-1, size)},
		{"bytes=100-", 206, size - 100, fmt.Sprintf("bytes 100-%d/%d", size-1, size)},
		{fmt.Sprintf("bytes=%d-", size), 416, 0, fmt.Sprintf("bytes */%d", size)},
		{"bytes=9-3", 416, 0, fmt.Sprintf("bytes */%d", size)},
		{"lines=1-2", 416, 0, fmt.Sprintf("bytes */%d", size)},
	} {
		var headers []string
		if x.header != "" {
			headers = []string{"Range", x.header}
		}
		got := ask(t, author.HTTP, "GET", w.URL+a.URL, "", headers...)
		if got.Status != x.status || got.Header.Get("Content-Range") != x.within || x.status < 400 && int64(len(got.Body)) != x.length {
			t.Errorf("%q answers %d, %q, %d bytes", x.header, got.Status, got.Header.Get("Content-Range"), len(got.Body))
		}
	}
	whole := ask(t, author.HTTP, "GET", w.URL+a.URL, "")
	if sumOf(whole.Body) != a.SHA256 {
		t.Error("the bytes are not those of the file's SHA-256")
	}
	if name := whole.Header.Get("Content-Disposition"); !strings.Contains(name, "filename*=utf-8''B%C3%A0i%20gi%E1%BA%A3ng%20s%E1%BB%91%201.mp4") {
		t.Errorf("the name is sent as %s", name)
	}
	if again := ask(t, author.HTTP, "GET", w.URL+a.URL, "", "If-None-Match", whole.Header.Get("ETag")); again.Status != 304 {
		t.Errorf("a known file answers %d", again.Status)
	}
	if head := ask(t, author.HTTP, "HEAD", w.URL+a.URL, ""); head.Status != 200 || head.Header.Get("Content-Length") != fmt.Sprint(size) {
		t.Errorf("HEAD answers %d, %s bytes", head.Status, head.Header.Get("Content-Length"))
	}
	learner := w.SignIn(t, "hocvien")
	if got := ask(t, learner.HTTP, "GET", w.URL+a.URL, ""); got.Status != 403 {
		t.Errorf("a learner reads an unpublished file: %d", got.Status)
	}
}
