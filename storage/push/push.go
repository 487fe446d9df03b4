// Package push takes messages to browsers by their makers' push services (RFC 8030),
// encrypted (RFC 8291) and signed (VAPID, RFC 8292).
package push

import (
	"context"
	"crypto/ecdh"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"haidang/courses/notices"
	"io"
	"net"
	"net/http"
	"net/netip"
	"syscall"
	"time"

	webpush "github.com/SherClockHolmes/webpush-go"
)

// NewKey makes a key that signs: a P-256 private key.
func NewKey() ([]byte, error) {
	key, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("make a key for push: %w", err)
	}
	return key.Bytes(), nil
}

// Service signs with one key.
type Service struct {
	Key     string // public, base64url: what browsers subscribe with
	private string
	contact string // where push services may complain
	base    string
	client  *http.Client
}

// Times of a message.
const (
	timeout = 15 * time.Second
	ttl     = 24 * 3600 // seconds for which a service keeps it for a device that is off
)

// New builds the service; base is the program's address. A nil client is Outward.
func New(key []byte, contact, base string, client *http.Client) (*Service, error) {
	private, err := ecdh.P256().NewPrivateKey(key)
	if err != nil {
		return nil, fmt.Errorf("read the key for push: %w", err)
	}
	if client == nil {
		client = Outward()
	}
	encode := base64.RawURLEncoding.EncodeToString
	return &Service{Key: encode(private.PublicKey().Bytes()), private: encode(key), contact: contact, base: base, client: client}, nil
}

// Outward is a client that reaches public addresses alone, follows nothing and knows no
// proxy: endpoints are what browsers say.
func Outward() *http.Client {
	dialer := &net.Dialer{Timeout: timeout, Control: func(_, address string, _ syscall.RawConn) error {
		host, err := netip.ParseAddrPort(address)
		if err != nil || !public(host.Addr()) || host.Port() != 443 {
			return fmt.Errorf("%s is no public address", address)
		}
		return nil
	}}
	return &http.Client{
		Timeout: timeout, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{DialContext: dialer.DialContext, TLSHandshakeTimeout: timeout, ForceAttemptHTTP2: true, MaxIdleConns: 20, IdleConnTimeout: time.Minute},
	}
}

// inside are ranges that netip has no name for: shared and documentation addresses,
// benchmarks, IPv4 within IPv6, and what is kept for later.
var inside = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("192.0.0.0/24"), netip.MustParsePrefix("192.0.2.0/24"),
	netip.MustParsePrefix("198.18.0.0/15"), netip.MustParsePrefix("198.51.100.0/24"), netip.MustParsePrefix("203.0.113.0/24"), netip.MustParsePrefix("240.0.0.0/4"),
	netip.MustParsePrefix("64:ff9b::/96"), netip.MustParsePrefix("64:ff9b:1::/48"), netip.MustParsePrefix("2001::/23"), netip.MustParsePrefix("2001:db8::/32"), netip.MustParsePrefix("2002::/16"),
}

func public(a netip.Addr) bool {
	a = a.Unmap()
	if !a.IsGlobalUnicast() || a.IsPrivate() || a.IsLoopback() || a.IsLinkLocalUnicast() || a.Zone() != "" {
		return false
	}
	for _, p := range inside {
		if p.Contains(a) {
			return false
		}
	}
	return true
}

// shown is what the service worker shows. It names the course and nobody.
type shown struct {
	ID   string `json:"id"`
	Body string `json:"body"`
	Page string `json:"page"`
}

// Push implements notices.Pusher. A device that its push service no longer knows is
// refused for good.
func (s *Service) Push(ctx context.Context, to notices.Device, m notices.Message) error {
	body, err := json.Marshal(shown{ID: m.ID, Body: m.Subject, Page: m.Page[min(len(s.base), len(m.Page)):]})
	if err != nil {
		return fmt.Errorf("write a push message: %w", err)
	}
	res, err := webpush.SendNotificationWithContext(ctx, body, &webpush.Subscription{Endpoint: to.Endpoint, Keys: webpush.Keys{Auth: to.Auth, P256dh: to.Key}}, &webpush.Options{
		HTTPClient: s.client, Subscriber: s.contact, TTL: ttl, VAPIDPublicKey: s.Key, VAPIDPrivateKey: s.private,
	})
	if err != nil {
		return fmt.Errorf("push: %w", err)
	}
	defer res.Body.Close()
	_, err = io.Copy(io.Discard, io.LimitReader(res.Body, 1<<16))
	switch {
	case res.StatusCode == http.StatusNotFound || res.StatusCode == http.StatusGone:
		return &notices.Refused{Said: res.Status}
	case res.StatusCode < 200 || res.StatusCode > 299:
		return errors.New("push: the service answers " + res.Status)
	}
	return err
}
