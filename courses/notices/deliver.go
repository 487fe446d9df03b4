package notices

import (
	"context"
	"errors"
	"fmt"
	"haidang/courses"
	"haidang/courses/jobs"
	"log/slog"
	"slices"
	"time"
)

// Delivery is a notice, the digest of a week or the code of an address on its way out
// of the house.
type Delivery struct {
	Person  courses.PersonID
	Channel Channel
	Device  string // of a push
	Notice  ID     // or
	Week    string // of a digest; or
	Code    bool
	At      time.Time // not before
}

// Message is what leaves the house.
type Message struct {
	ID      string // the same each time it is sent
	Subject string
	Text    string
	Page    string // whole address of where there is something to do
}

// Sender takes messages to an address. When that takes nothing for good, it gives a
// *Refused; after every other error the message is sent again later.
type Sender interface {
	Send(ctx context.Context, to string, m Message) error
}

// Refused says that an address takes nothing, in the words of its server.
type Refused struct{ Said string }

func (r *Refused) Error() string { return "refused for good: " + r.Said }

// Has says whether this installation sends on a channel.
func (s *Service) Has(channel Channel) bool {
	if channel == Push {
		return s.Pusher != nil
	}
	return s.Senders[channel] != nil
}

// Channels are those on which this installation sends.
func (s *Service) Channels() []Channel {
	return slices.DeleteFunc(slices.Clone(outward), func(channel Channel) bool { return !s.Has(channel) })
}

// Deliver takes one message out of the house. It may be called again at any time: what
// is done, read or no longer wanted meanwhile is not sent. In the evening and at
// weekends it waits; a code never does, because somebody waits for it.
func (s *Service) Deliver(ctx context.Context, d Delivery) error {
	if now := s.clock.Now(); Quiet(now) && !d.Code {
		return jobs.Later(Opening(now))
	}
	c, err := s.store.Contact(ctx, d.Person)
	if err != nil || !s.Has(d.Channel) {
		return err
	}
	m, wanted, err := s.message(ctx, c, d)
	if err != nil || !wanted {
		return err
	}
	err = s.hand(ctx, c, d, m)
	var refused *Refused
	switch {
	case errors.As(err, &refused):
		s.observe(d.Channel, "refused")
		slog.InfoContext(ctx, "an address takes nothing", "person", d.Person, "channel", d.Channel, "said", refused.Said)
		return s.stop(ctx, d, c.Addresses[d.Channel].Value, refused.Said)
	case err != nil:
		s.observe(d.Channel, "failed")
		return fmt.Errorf("send by %s: %w", d.Channel, err)
	}
	s.observe(d.Channel, "sent")
	return nil
}

// hand gives a message to what takes it out of the house.
func (s *Service) hand(ctx context.Context, c Contact, d Delivery, m Message) error {
	if d.Channel == Push {
		device, _ := c.device(d.Device)
		return s.Pusher.Push(ctx, device, m)
	}
	return s.Senders[d.Channel].Send(ctx, c.Addresses[d.Channel].Value, m)
}

func (s *Service) observe(channel Channel, outcome string) {
	if s.Observe != nil {
		s.Observe(channel, outcome)
	}
}

const longestSaid = 200

// stop notes that an address takes nothing, unless the person has another by now. A
// device is forgotten.
func (s *Service) stop(ctx context.Context, d Delivery, to, said string) error {
	_, err := s.change(ctx, d.Person, func(_ context.Context, c Contact) (Contact, error) {
		if d.Channel == Push {
			return c.without(d.Device), nil
		}
		a := c.Addresses[d.Channel]
		if a.Value == to {
			a.Failed = said[:min(len(said), longestSaid)]
		}
		return c.with(d.Channel, a), nil
	})
	return err
}

// message is what is sent now, if anything is.
func (s *Service) message(ctx context.Context, c Contact, d Delivery) (m Message, wanted bool, err error) {
	a := c.Addresses[d.Channel]
	switch {
	case d.Code:
		return s.words.code(a), a.Code != "" && s.clock.Now().Before(a.CodeUntil), nil
	case !s.at(c, d):
		return Message{}, false, nil
	case d.Week != "":
		return s.digest(ctx, c, d)
	}
	n, wanted, err := s.wanted(ctx, c, d)
	return s.words.notice(n), wanted, err
}

// at says that where a delivery goes is still there.
func (s *Service) at(c Contact, d Delivery) bool {
	if d.Channel == Push {
		_, there := c.device(d.Device)
		return there
	}
	return c.reached(d.Channel)
}

// wanted is the notice of a delivery, if it is still to be told.
func (s *Service) wanted(ctx context.Context, c Contact, d Delivery) (Notice, bool, error) {
	n, found, err := s.store.Notice(ctx, d.Notice)
	if err != nil || !found || !n.ReadAt.IsZero() || !c.Wants(n.Kind, d.Channel) {
		return Notice{}, false, err
	}
	still, err := s.work.Still(ctx, d.Person, []Notice{n})
	return n, still[n.ID], err
}

// digest is the mail of all that waits, in its week.
func (s *Service) digest(ctx context.Context, c Contact, d Delivery) (Message, bool, error) {
	if !c.Wants(Digest, d.Channel) || weekOf(s.clock.Now()) != d.Week {
		return Message{}, false, nil
	}
	due, err := s.work.Waiting(ctx, d.Person)
	return s.words.digest(idOf(d.Person, Digest, d.Week, ""), due), len(due) > 0, err
}
