package notices

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"fmt"
	"haidang/courses"
	"log/slog"
	"math/big"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Address is where somebody wants mail or messages of the gateway. Nothing but its
// code is sent there before it is confirmed.
type Address struct {
	Value     string
	Confirmed bool
	Code      string // while it is not confirmed
	CodeUntil time.Time
	Tries     int    // wrong codes
	Failed    string // what its server said when it refused for good: nothing is sent any more
}

// usable says that notices are sent there.
func (a Address) usable() bool { return a.Confirmed && a.Failed == "" }

// Refusals of addresses.
var (
	ErrAddress   = courses.Refusal(courses.Invalid, "notices.bad_address", "a mail address has the form name@example.vn, a telephone number 9–15 digits")
	ErrCode      = courses.Refusal(courses.Invalid, "notices.wrong_code", "the code is wrong, was used up or is too old; ask for another")
	ErrCodeLimit = courses.Refusal(courses.Throttled, "notices.too_many_codes", "at most one code a minute and five a day are sent")
	ErrNoChannel = courses.Refusal(courses.NotFound, "notices.no_such_channel", "this installation sends nothing on that channel")
)

// Bounds of codes.
const (
	codeFor    = 30 * time.Minute
	codeTries  = 5
	codesDaily = 5
	codeEvery  = time.Minute
)

var forms = map[Channel]*regexp.Regexp{
	Mail:    regexp.MustCompile(`^[A-Za-z0-9.!#$%&'*+/=?^_{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$`),
	Gateway: regexp.MustCompile(`^\+?[0-9]{9,15}$`),
}

const longestAddress = 254

// cleaned is an address in one form; it refuses with ErrAddress.
func cleaned(channel Channel, value string) (string, error) {
	value = strings.TrimSpace(value)
	if channel == Gateway {
		value = strings.NewReplacer(" ", "", ".", "", "-", "").Replace(value)
	}
	if len(value) > longestAddress || !forms[channel].MatchString(value) {
		return "", ErrAddress
	}
	return value, nil
}

// asked notes that a code is sent now; it refuses with ErrCodeLimit.
func asked(before []time.Time, now time.Time) ([]time.Time, error) {
	before = slices.DeleteFunc(slices.Clone(before), func(at time.Time) bool { return now.Sub(at) >= day })
	var wait time.Duration
	n := len(before)
	if n > 0 {
		wait = before[n-1].Add(codeEvery).Sub(now)
	}
	if n >= codesDaily {
		wait = max(wait, before[n-codesDaily].Add(day).Sub(now))
	}
	if wait > 0 {
		return nil, ErrCodeLimit.After(wait)
	}
	return append(before, now), nil
}

// newCode is six digits.
func newCode() (string, error) {
	n, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
	if err != nil {
		return "", fmt.Errorf("make a code: %w", err)
	}
	return fmt.Sprintf("%06d", n), nil
}

// SetAddress sends a code to an address of the actor's, which is used once they give
// the code back; the one before is used no more. It refuses with ErrNoChannel,
// ErrAddress and ErrCodeLimit.
func (s *Service) SetAddress(ctx context.Context, actor courses.Actor, channel Channel, value string) (Contact, error) {
	if !s.Has(channel) {
		return Contact{}, ErrNoChannel
	}
	value, err := cleaned(channel, value)
	if err != nil {
		return Contact{}, err
	}
	code, err := newCode()
	if err != nil {
		return Contact{}, err
	}
	now := s.clock.Now()
	return s.change(ctx, actor.Person, func(ctx context.Context, c Contact) (Contact, error) {
		sent, err := asked(c.Asked, now)
		if err != nil {
			return c, err
		}
		c.Asked = sent
		c = c.with(channel, Address{Value: value, Code: code, CodeUntil: now.Add(codeFor)})
		return c, s.send(ctx, Delivery{Person: actor.Person, Channel: channel, Code: true, At: now})
	})
}

// Confirm takes the code that came to an address of the actor's. It refuses with
// ErrCode.
func (s *Service) Confirm(ctx context.Context, actor courses.Actor, channel Channel, code string) (Contact, error) {
	wrong := false
	c, err := s.change(ctx, actor.Person, func(_ context.Context, c Contact) (Contact, error) {
		a := c.Addresses[channel]
		wrong = false
		switch live := a.Code != "" && s.clock.Now().Before(a.CodeUntil) && a.Tries < codeTries; {
		case !live:
			return c, ErrCode
		case subtle.ConstantTimeCompare([]byte(a.Code), []byte(strings.TrimSpace(code))) == 0:
			a.Tries++
			wrong = true
		default:
			a = Address{Value: a.Value, Confirmed: true}
		}
		return c.with(channel, a), nil
	})
	if err == nil && wrong {
		err = ErrCode
	}
	if err == nil {
		slog.InfoContext(ctx, "address confirmed", "person", actor.Person, "channel", channel)
	}
	return c, err
}

// DropAddress forgets an address of the actor's.
func (s *Service) DropAddress(ctx context.Context, actor courses.Actor, channel Channel) (Contact, error) {
	return s.change(ctx, actor.Person, func(_ context.Context, c Contact) (Contact, error) { return c.with(channel, Address{}), nil })
}
