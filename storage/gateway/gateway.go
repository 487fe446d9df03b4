// Package gateway hands messages to a program that sends them by SMS or Zalo: one signed
// HTTP request for each.
package gateway

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"haidang/courses/notices"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// Service is one gateway.
type Service struct {
	url    string
	secret []byte
	client *http.Client
}

const (
	timeout        = 15 * time.Second
	shortestSecret = 16
)

// Open reads where the gateway is. It connects to nothing yet; in the clear it speaks to
// this machine alone.
func Open(address, secret string) (*Service, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return nil, errors.New("the gateway is a whole address, such as https://sms.example.vn/send")
	}
	host := u.Hostname()
	if u.Scheme != "https" && (u.Scheme != "http" || host != "127.0.0.1" && host != "::1" && host != "localhost") {
		return nil, errors.New("the gateway must be https, except on this machine")
	}
	if len(secret) < shortestSecret {
		return nil, fmt.Errorf("the gateway's secret has fewer than %d letters", shortestSecret)
	}
	return &Service{address, []byte(secret), &http.Client{
		Timeout: timeout, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}, nil
}

// message is the body of a request. Again under its id it is the same message.
type message struct {
	ID   string `json:"id"`
	To   string `json:"to"`
	Text string `json:"text"`
	Page string `json:"page"`
}

// Send implements notices.Sender. An answer 410 or 422 says that the number takes
// nothing; after everything else but 2xx it is tried again.
func (s *Service) Send(ctx context.Context, to string, m notices.Message) error {
	body, err := json.Marshal(message{ID: m.ID, To: to, Text: m.Subject, Page: m.Page})
	if err != nil {
		return fmt.Errorf("write for the gateway: %w", err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.url, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("ask the gateway: %w", err)
	}
	at := strconv.FormatInt(time.Now().Unix(), 10)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("X-Haidang-Timestamp", at)
	req.Header.Set("X-Haidang-Signature", "sha256="+Sign(s.secret, at, body))
	res, err := s.client.Do(req)
	if err != nil {
		return fmt.Errorf("ask the gateway: %w", err)
	}
	defer res.Body.Close()
	if _, err := io.Copy(io.Discard, io.LimitReader(res.Body, 1<<16)); err != nil {
		return fmt.Errorf("hear the gateway: %w", err)
	}
	switch {
	case res.StatusCode == http.StatusGone || res.StatusCode == http.StatusUnprocessableEntity:
		return &notices.Refused{Said: res.Status}
	case res.StatusCode < 200 || res.StatusCode > 299:
		return errors.New("the gateway answers " + res.Status)
	}
	return nil
}

// Sign is HMAC-SHA256 of the time of a request, a dot and its body, in hex.
func Sign(secret []byte, at string, body []byte) string {
	mac := hmac.New(sha256.New, secret)
	fmt.Fprintf(mac, "%s.%s", at, body)
	return hex.EncodeToString(mac.Sum(nil))
}
