package notices

import (
	"context"
	"errors"
	"haidang/courses"
	"slices"
)

// Service answers for notices.
type Service struct {
	// Senders are the channels that leave the house; set them before the first call.
	Senders map[Channel]Sender
	Pusher  Pusher // nil pushes nothing
	PushKey string // public, with which browsers subscribe
	// Observe is told of everything that left or did not; nil observes nothing.
	Observe func(channel Channel, outcome string)
	// What calls need: courses, who may, and how many an organisation has in a week.
	Courses    Courses
	Allow      courses.Authority
	CallsAWeek int
	// Assignments is what reminders of last days need.
	Assignments Assignments

	store    Store
	work     Work
	accounts Accounts
	outbox   Outbox
	atomic   courses.Atomic
	clock    courses.Clock
	words    words
}

// NewService builds the service from its parts; base is the program's address.
func NewService(store Store, work Work, accounts Accounts, outbox Outbox, atomic courses.Atomic, clock courses.Clock, base string) *Service {
	return &Service{store: store, work: work, accounts: accounts, outbox: outbox, atomic: atomic, clock: clock, words: words{base}}
}

// List is the actor's inbox, latest first. What is done by now is left out, so that a
// page may be short.
func (s *Service) List(ctx context.Context, actor courses.Actor, page courses.Page) (courses.Slice[Notice], error) {
	found, err := s.store.Shown(ctx, actor.Person, page)
	if err != nil {
		return courses.Slice[Notice]{}, err
	}
	found.Items, err = s.holding(ctx, actor.Person, found.Items)
	return found, err
}

// Unread counts what waits unread in the actor's inbox.
func (s *Service) Unread(ctx context.Context, actor courses.Actor) (int, error) {
	list, err := s.store.Unread(ctx, actor.Person)
	if err != nil || len(list) == 0 {
		return 0, err
	}
	list, err = s.holding(ctx, actor.Person, list)
	return len(list), err
}

// holding is those of a person's notices of which what they tell still waits.
func (s *Service) holding(ctx context.Context, person courses.PersonID, list []Notice) ([]Notice, error) {
	if len(list) == 0 {
		return list, nil
	}
	still, err := s.work.Still(ctx, person, list)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(slices.Clone(list), func(n Notice) bool { return !still[n.ID] }), nil
}

// Read marks notices of the actor as read: those of ids, or all when there are none.
// Others' do not exist.
func (s *Service) Read(ctx context.Context, actor courses.Actor, ids []ID) error {
	return s.store.Read(ctx, actor.Person, ids, s.clock.Now())
}

// Contact is how the actor wants to be told.
func (s *Service) Contact(ctx context.Context, actor courses.Actor) (Contact, error) {
	return s.store.Contact(ctx, actor.Person)
}

// Choose keeps what the actor wants on which channel; what is not said stays.
func (s *Service) Choose(ctx context.Context, actor courses.Actor, all map[Choice]bool) (Contact, error) {
	return s.change(ctx, actor.Person, func(_ context.Context, c Contact) (Contact, error) { return c.choose(all), nil })
}

// change reads, changes and writes a contact. It refuses with courses.ErrConflict when
// another device does so at the same moment.
func (s *Service) change(ctx context.Context, person courses.PersonID, to func(context.Context, Contact) (Contact, error)) (Contact, error) {
	var is Contact
	err := s.atomic(ctx, func(ctx context.Context) error {
		was, err := s.store.Contact(ctx, person)
		if err != nil {
			return err
		}
		if is, err = to(ctx, was); err != nil {
			return err
		}
		is.Person, is.Revision = person, was.Revision+1
		return s.store.SaveContact(ctx, is, was.Revision)
	})
	return is, err
}

// Tell makes a notice, unless the person has it or wants none of its kind, and queues
// it for the channels that they chose. Again it changes nothing.
func (s *Service) Tell(ctx context.Context, n Notice) error {
	c, err := s.store.Contact(ctx, n.Person)
	if err != nil {
		return err
	}
	return s.tell(ctx, c, n)
}

func (s *Service) tell(ctx context.Context, c Contact, n Notice) error {
	n.Shown = c.Wants(n.Kind, Inbox)
	if !s.anyWay(c, n.Kind) {
		return nil
	}
	err := s.atomic(ctx, func(ctx context.Context) error {
		first, err := s.store.Insert(ctx, n)
		if err != nil || !first {
			return err
		}
		for _, d := range s.deliveries(c, n) {
			if err := s.send(ctx, d); err != nil {
				return err
			}
		}
		return nil
	})
	if errors.Is(err, courses.ErrConflict) { // another server has just told it
		return nil
	}
	return err
}

// ways are the channels that leave the house on which a kind comes.
func (s *Service) ways(c Contact, kind Kind) []Channel {
	return slices.DeleteFunc(slices.Clone(outward), func(channel Channel) bool {
		return !s.Has(channel) || !c.Wants(kind, channel) || !c.reached(channel)
	})
}

// deliveries are the ways of a notice out of the house; each device has one of its own,
// so that one which is tried again does not tell the others twice.
func (s *Service) deliveries(c Contact, n Notice) []Delivery {
	var list []Delivery
	for _, channel := range s.ways(c, n.Kind) {
		d := Delivery{Person: n.Person, Channel: channel, Notice: n.ID, At: Opening(n.MadeAt)}
		if channel != Push {
			list = append(list, d)
			continue
		}
		for _, device := range c.Devices {
			d.Device = device.ID
			list = append(list, d)
		}
	}
	return list
}

// anyWay says that a kind comes at all.
func (s *Service) anyWay(c Contact, kind Kind) bool {
	return c.Wants(kind, Inbox) || len(s.ways(c, kind)) > 0
}

// SendJob is the kind of the jobs that deliver on a channel.
func SendJob(channel Channel) string { return "notices." + string(channel) }

func (s *Service) send(ctx context.Context, d Delivery) error {
	return s.outbox.EnqueueAt(ctx, SendJob(d.Channel), d, d.At)
}

// Result tells somebody that their essay has its result; attempt and n name it.
func (s *Service) Result(ctx context.Context, n Notice) error {
	n.Kind, n.MadeAt = Marked, s.clock.Now()
	n.ID = idOf(n.Person, Marked, n.Subject, "")
	return s.Tell(ctx, n)
}
