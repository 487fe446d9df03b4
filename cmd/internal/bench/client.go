package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"haidang/cmd/internal/demo"
	"time"

	"github.com/valyala/fasthttp"
)

// newHost keeps connections open to one server and costs little beside it.
func newHost(address string) *fasthttp.HostClient {
	return &fasthttp.HostClient{
		Addr: address, MaxConns: 2048, MaxIdleConnDuration: time.Minute, ReadTimeout: 30 * time.Second, WriteTimeout: 30 * time.Second,
		ReadBufferSize: 16 << 10, MaxIdemponentCallAttempts: 1, NoDefaultUserAgentHeader: true, DisablePathNormalizing: true,
	}
}

// user is somebody who is signed in. Only one goroutine at a time may call it.
type user struct {
	host   *fasthttp.HostClient
	name   string
	access string
	renew  string
	at     time.Time
	req    fasthttp.Request
	res    fasthttp.Response
}

// signIn signs in with the password of the demo.
func signIn(host *fasthttp.HostClient, name string) (*user, error) {
	u := &user{host: host, name: name}
	body, err := json.Marshal(map[string]string{"username": name, "password": demo.Password})
	if err != nil {
		return nil, fmt.Errorf("sign in: %w", err)
	}
	if _, err := u.post("/api/session", body); err != nil {
		return nil, fmt.Errorf("sign %s in: %w", name, err)
	}
	u.keepCookies()
	return u, nil
}

func (u *user) keepCookies() {
	for name, cookie := range u.res.Header.Cookies() {
		c := fasthttp.AcquireCookie()
		if c.ParseBytes(cookie) == nil && len(c.Value()) > 0 {
			switch string(name) {
			case "access":
				u.access = string(c.Value())
			case "refresh":
				u.renew = string(c.Value())
			}
		}
		fasthttp.ReleaseCookie(c)
	}
	u.at = time.Now()
}

// tokenAge is when a new access token is fetched; one lives ten minutes.
const tokenAge = 5 * time.Minute

// fresh renews an access token that has grown old.
func (u *user) fresh() error {
	if time.Since(u.at) < tokenAge {
		return nil
	}
	if _, err := u.post("/api/session/refresh", nil); err != nil {
		return fmt.Errorf("renew the session of %s: %w", u.name, err)
	}
	u.keepCookies()
	return nil
}

// get gives the body of an answer, which holds until the next call.
func (u *user) get(path string) ([]byte, error) {
	u.req.Reset()
	return u.send(path)
}

// getRange gives bytes first to last of a file.
func (u *user) getRange(path string, first, last int64) ([]byte, error) {
	u.req.Reset()
	u.req.Header.SetByteRange(int(first), int(last))
	return u.send(path)
}

func (u *user) post(path string, body []byte) ([]byte, error) {
	u.req.Reset()
	u.req.Header.SetMethod(fasthttp.MethodPost)
	u.req.Header.SetContentType("application/json")
	u.req.SetBodyRaw(body)
	return u.send(path)
}

func (u *user) send(path string) ([]byte, error) {
	u.req.SetRequestURI(path)
	u.req.Header.SetHost(u.host.Addr)
	if u.access != "" {
		u.req.Header.SetCookie("access", u.access)
	}
	if u.renew != "" && path == "/api/session/refresh" {
		u.req.Header.SetCookie("refresh", u.renew)
	}
	if err := u.host.Do(&u.req, &u.res); err != nil {
		return nil, fmt.Errorf("%s %s: %w", u.req.Header.Method(), path, err)
	}
	if status := u.res.StatusCode(); status >= 300 {
		return nil, fmt.Errorf("%s %s answers %d: %.300s", u.req.Header.Method(), path, status, u.res.Body())
	}
	return u.res.Body(), nil
}

// read decodes what a path answers.
func (u *user) read(path string, into any) error {
	b, err := u.get(path)
	if err == nil {
		err = json.NewDecoder(bytes.NewReader(b)).Decode(into)
	}
	if err != nil {
		return fmt.Errorf("read %s: %w", path, err)
	}
	return nil
}

// wait asks a path until it answers well, the context ends or stop is closed.
func wait(ctx context.Context, host *fasthttp.HostClient, path string, stop <-chan struct{}) error {
	u := &user{host: host}
	for {
		_, err := u.get(path)
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return err
		case <-stop:
			return err
		case <-time.After(2 * time.Millisecond):
		}
	}
}
