package apptest_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"haidang/cmd/internal/app"
	"haidang/cmd/internal/apptest"
	"haidang/handlers"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

const gatewaySecret = "bí mật của cổng tin nhắn"

// gateway is a program that would send SMS.
type gateway struct {
	t      *testing.T
	mu     sync.Mutex
	status int
	asked  int
	taken  []map[string]string
}

func (g *gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		g.t.Error(err)
	}
	mac := hmac.New(sha256.New, []byte(gatewaySecret))
	io.WriteString(mac, r.Header.Get("X-Haidang-Timestamp")+"."+string(body))
	if r.Header.Get("X-Haidang-Signature") != "sha256="+hex.EncodeToString(mac.Sum(nil)) {
		g.t.Errorf("it is signed %v", r.Header)
	}
	var m map[string]string
	if err := json.Unmarshal(body, &m); err != nil || len(m) != 4 {
		g.t.Errorf("it says %s, %v", body, err)
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.asked++; g.status == http.StatusOK {
		g.taken = append(g.taken, m)
	}
	w.WriteHeader(g.status)
}

func (g *gateway) answer(status int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.status = status
}

// sent waits for n messages and gives the last.
func (g *gateway) sent(n int) map[string]string {
	g.t.Helper()
	var last map[string]string
	eventually(g.t, "the gateway is asked", func() bool {
		g.mu.Lock()
		defer g.mu.Unlock()
		if len(g.taken) > 0 {
			last = g.taken[len(g.taken)-1]
		}
		return len(g.taken) >= n
	})
	return last
}

func (g *gateway) times() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.asked
}

func TestCallsComeByTheGatewayToAConfirmedNumber(t *testing.T) {
	g := &gateway{t: t, status: http.StatusOK}
	server := httptest.NewServer(g)
	t.Cleanup(server.Close)
	w := apptest.New(t, func(c *app.Config) { c.Gateway, c.GatewaySecret = server.URL+"/send", gatewaySecret })
	course, _, _, _ := ratedCourse(t, w, "CT-01")
	learner := w.SignIn(t, "hocvien")
	learner.Must("POST", "/api/courses/"+string(course)+"/enrolment", nil, nil)
	refused(t, learner, "a number that is none", "PUT", "/api/notices/addresses/gateway", map[string]any{"value": "mười hai"}, "notices.bad_address")
	var s handlers.NoticeSettings
	learner.Must("PUT", "/api/notices/addresses/gateway", map[string]any{"value": "0912 345.678"}, &s)
	code := g.sent(1)
	if s.Gateway.Value != "0912345678" || code["to"] != "0912345678" || s.Gateway.State != "waiting" {
		t.Errorf("it is %+v, and %v is sent", s.Gateway, code)
	}
	learner.Must("POST", "/api/notices/addresses/gateway/code", map[string]any{"code": regexp.MustCompile(`[0-9]{6}`).FindString(code["text"])}, &s)
	author := w.SignIn(t, "tacgia")
	g.answer(http.StatusBadGateway)
	author.Must("POST", calls(course), map[string]any{"text": "Mời học tiếp."}, nil)
	eventually(t, "it is tried in vain", func() bool { return g.times() >= 2 })
	g.answer(http.StatusOK)
	w.Pass(time.Minute)
	if call := g.sent(2); !strings.HasSuffix(call["text"], "nhắc học “Hộ tịch”") || call["page"] != w.URL+"/khoa-hoc/"+string(course) || strings.Contains(call["text"], "Đoàn") {
		t.Errorf("the call is sent as %v", call)
	}
	g.answer(http.StatusGone)
	w.Pass(7 * 24 * time.Hour)
	w.SignIn(t, "tacgia").Must("POST", calls(course), map[string]any{}, nil)
	learner = w.SignIn(t, "hocvien")
	eventually(t, "the number is known to take nothing", func() bool {
		learner.Must("GET", "/api/notices/settings", nil, &s)
		return s.Gateway.State == "failed"
	})
}

func TestBadGatewaysAreRefused(t *testing.T) {
	w := apptest.New(t)
	for name, change := range map[string]func(*app.Config){
		"in the clear":   func(c *app.Config) { c.Gateway, c.GatewaySecret = "http://sms.example.vn/", gatewaySecret },
		"no address":     func(c *app.Config) { c.Gateway, c.GatewaySecret = "sms.example.vn", gatewaySecret },
		"a short secret": func(c *app.Config) { c.Gateway, c.GatewaySecret = "https://sms.example.vn/", "kurz" },
	} {
		config := w.App.Config
		change(&config)
		if a, err := app.Open(t.Context(), config, app.Options{Clock: w.App.Now}); err == nil || strings.Contains(err.Error(), gatewaySecret) {
			t.Errorf("a gateway with %s gives %v, %v", name, a, err)
		}
	}
}
