package notices

import (
	"context"
	"crypto/ecdh"
	"encoding/base64"
	"haidang/courses"
	"net/url"
	"slices"
	"time"
)

// Device is a browser that shows notices. Its endpoint lies at the push service of its
// maker, and messages are encrypted for it alone.
type Device struct {
	ID       string // hash of the endpoint; opens nothing
	Endpoint string
	Key      string // public, P-256, base64url
	Auth     string // 16 bytes, base64url
	Agent    string
	Since    time.Time
}

// ErrDevice refuses what is no subscription of a browser.
var ErrDevice = courses.Refusal(courses.Invalid, "notices.bad_device", "a device has an https endpoint of its push service, a public key and a secret of 16 bytes")

// Bounds of devices.
const (
	mostDevices     = 10 // the oldest goes
	longestEndpoint = 1000
	authBytes       = 16
)

// Pusher takes messages to devices, as Sender does to addresses.
type Pusher interface {
	Push(ctx context.Context, to Device, m Message) error
}

func (d Device) check() error {
	u, err := url.Parse(d.Endpoint)
	if err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil || len(d.Endpoint) > longestEndpoint {
		return ErrDevice
	}
	key, err := base64.RawURLEncoding.DecodeString(d.Key)
	if err != nil {
		return ErrDevice
	}
	if _, err := ecdh.P256().NewPublicKey(key); err != nil {
		return ErrDevice
	}
	if auth, err := base64.RawURLEncoding.DecodeString(d.Auth); err != nil || len(auth) != authBytes {
		return ErrDevice
	}
	return nil
}

// AddDevice has notices come to a browser of the actor's, in place of what is known of
// it. It refuses with ErrDevice and ErrNoChannel.
func (s *Service) AddDevice(ctx context.Context, actor courses.Actor, d Device) (Contact, error) {
	if !s.Has(Push) {
		return Contact{}, ErrNoChannel
	}
	if err := d.check(); err != nil {
		return Contact{}, err
	}
	d.ID, d.Since = digestOf(d.Endpoint), s.clock.Now()
	return s.change(ctx, actor.Person, func(_ context.Context, c Contact) (Contact, error) {
		c = c.without(d.ID)
		c.Devices = append(c.Devices, d)
		c.Devices = c.Devices[max(0, len(c.Devices)-mostDevices):]
		return c, nil
	})
}

// DropDevice has notices come to a browser of the actor's no more.
func (s *Service) DropDevice(ctx context.Context, actor courses.Actor, id string) (Contact, error) {
	return s.change(ctx, actor.Person, func(_ context.Context, c Contact) (Contact, error) { return c.without(id), nil })
}

func (c Contact) device(id string) (Device, bool) {
	i := slices.IndexFunc(c.Devices, func(d Device) bool { return d.ID == id })
	if i < 0 {
		return Device{}, false
	}
	return c.Devices[i], true
}

func (c Contact) without(device string) Contact {
	c.Devices = slices.DeleteFunc(slices.Clone(c.Devices), func(d Device) bool { return d.ID == device })
	return c
}
