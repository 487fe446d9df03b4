package notices

import (
	"haidang/courses"
	"maps"
	"time"
)

// Contact is how somebody wants to be told. Whoever never chose has none; the zero
// one says what then holds.
type Contact struct {
	Person    courses.PersonID
	Chosen    map[Choice]bool // what differs from usual
	Addresses map[Channel]Address
	Devices   []Device // oldest first
	Calendar  CalendarLink
	Asked     []time.Time // when codes were sent in the last day
	Digested  string      // the week of the last digest
	Revision  int
}

// Choice is a kind on a channel.
type Choice struct {
	Kind    Kind
	Channel Channel
}

// Offered says that a kind can come on a channel at all.
func (c Choice) Offered() bool { return c.Kind != Digest || c.Channel == Mail }

// usual is what holds for who chose nothing: everything in the inbox, the digest by
// mail, and on devices and by SMS, once somebody gave one, what was meant for them
// alone.
func (c Choice) usual() bool {
	switch c.Channel {
	case Inbox:
		return c.Kind != Digest
	case Mail:
		return c.Kind == Digest
	case Push:
		return c.Kind != NewCourse && c.Kind != Digest
	case Gateway:
		return c.Kind == Call
	}
	return false
}

// Wants says whether a kind comes on a channel.
func (c Contact) Wants(kind Kind, channel Channel) bool {
	choice := Choice{kind, channel}
	if is, chosen := c.Chosen[choice]; chosen {
		return is
	}
	return choice.usual()
}

// choose keeps what differs from usual.
func (c Contact) choose(all map[Choice]bool) Contact {
	chosen := map[Choice]bool{}
	for _, kind := range Kinds() {
		for _, channel := range []Channel{Inbox, Mail, Push, Gateway} {
			choice := Choice{kind, channel}
			is, said := all[choice]
			if !said {
				is = c.Wants(kind, channel)
			}
			if choice.Offered() && is != choice.usual() {
				chosen[choice] = is
			}
		}
	}
	c.Chosen = chosen
	return c
}

// reached says that notices can reach the person on a channel that leaves the house.
func (c Contact) reached(channel Channel) bool {
	if channel == Push {
		return len(c.Devices) > 0
	}
	return c.Addresses[channel].usable()
}

// with has another address on a channel; the zero one is none.
func (c Contact) with(channel Channel, a Address) Contact {
	all := map[Channel]Address{}
	maps.Copy(all, c.Addresses)
	if all[channel] = a; a.Value == "" {
		delete(all, channel)
	}
	c.Addresses = all
	return c
}
