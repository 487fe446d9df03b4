package handlers

import (
	"context"
	"haidang/courses"
	"haidang/courses/notices"
	"time"

	"github.com/danielgtaylor/huma/v2"
)

// NoticeView is something that one is told. Its words are made of kind and title.
type NoticeView struct {
	ID     notices.ID       `json:"id"`
	Kind   string           `json:"kind" enum:"continue,anew,new_course,follow_up,marked,assigned,call"`
	Course courses.CourseID `json:"course"`
	Title  string           `json:"title" doc:"Of the course"`
	From   string           `json:"from,omitempty" doc:"Of a call: the organisation"`
	Text   string           `json:"text,omitempty" doc:"Of a call: what it wrote"`
	Page   string           `json:"page" doc:"Where there is something to do"`
	MadeAt time.Time        `json:"madeAt"`
	Read   bool             `json:"read"`
}

// NoticeChoice says on which channels one kind comes. What a kind does not offer is
// absent.
type NoticeChoice struct {
	Kind    string `json:"kind" enum:"continue,anew,new_course,follow_up,marked,assigned,call,digest"`
	Inbox   *bool  `json:"inbox,omitempty"`
	Mail    *bool  `json:"mail,omitempty"`
	Push    *bool  `json:"push,omitempty"`
	Gateway *bool  `json:"gateway,omitempty"`
}

// NoticeSettings is how one wants to be told.
type NoticeSettings struct {
	Choices  []NoticeChoice `json:"choices" nullable:"false"`
	Mail     NoticeAddress  `json:"mail"`
	Gateway  NoticeAddress  `json:"gateway" doc:"SMS or Zalo"`
	Push     NoticePush     `json:"push"`
	Calendar *time.Time     `json:"calendar,omitempty" doc:"Since when one's calendar can be read by an address; absent: it cannot"`
}

// NoticeAddress is where notices come on a channel.
type NoticeAddress struct {
	Available bool   `json:"available" doc:"This installation sends on the channel"`
	Value     string `json:"value,omitempty"`
	State     string `json:"state" enum:"none,waiting,confirmed,failed" doc:"waiting: for the code that was sent there; failed: it takes nothing, and nothing more is sent"`
	Said      string `json:"said,omitempty" doc:"Of failed: the words of its server"`
}

// NoticePush is the browsers that show notices.
type NoticePush struct {
	Key     string         `json:"key" doc:"Public key to subscribe with"`
	Devices []NoticeDevice `json:"devices" nullable:"false" doc:"Oldest first; at most ten"`
}

// NoticeDevice is one of them.
type NoticeDevice struct {
	ID    string    `json:"id" doc:"SHA-256 of its endpoint, in hex"`
	Agent string    `json:"agent"`
	Since time.Time `json:"since"`
}

type newDevice struct {
	Endpoint string `json:"endpoint" minLength:"1" maxLength:"1000"`
	Key      string `json:"key" minLength:"1" maxLength:"100" doc:"p256dh"`
	Auth     string `json:"auth" minLength:"1" maxLength:"40"`
}

type devicePath struct {
	ID string `path:"id" maxLength:"64"`
}

// MadeCalendar is a new address of one's calendar.
type MadeCalendar struct {
	Secret   string         `json:"secret" doc:"Never shown again; the address is /lich/{secret}.ics"`
	Settings NoticeSettings `json:"settings"`
}

// ChannelPath names a channel that has an address.
type ChannelPath struct {
	Channel string `path:"channel" enum:"mail,gateway"`
}

type newAddress struct {
	ChannelPath
	Body struct {
		Value string `json:"value" minLength:"1" maxLength:"254"`
	}
}

type addressCode struct {
	ChannelPath
	Body struct {
		Code string `json:"code" minLength:"1" maxLength:"12"`
	}
}

type readNotices struct {
	IDs []notices.ID `json:"ids" maxItems:"100" nullable:"false" doc:"None is all"`
}

type noticeChoices struct {
	Choices []NoticeChoice `json:"choices" maxItems:"20" nullable:"false"`
}

type noticeRoutes struct{ Services }

func registerNotices(api huma.API, services Services) {
	r := noticeRoutes{services}
	private(api, get("listNotices", "/api/notices", "One's inbox, latest first; what is done is left out, so that a page may be short"), r.list)
	private(api, post("readNotices", "/api/notices/read", "Mark notices as read"), r.read)
	private(api, get("getNoticeSettings", "/api/notices/settings", "How one wants to be told"), r.settings)
	private(api, put("chooseNotices", "/api/notices/choices", "Choose what comes on which channel; what is not said stays"), r.choose)
	private(api, put("setNoticeAddress", "/api/notices/addresses/{channel}", "Send a code to an address of one's own; it is used once the code is given back"), r.setAddress)
	private(api, post("confirmNoticeAddress", "/api/notices/addresses/{channel}/code", "Give back the code"), r.confirm)
	private(api, post("addNoticeDevice", "/api/notices/devices", "Have notices come to this browser"), r.addDevice)
	private(api, remove("dropNoticeDevice", "/api/notices/devices/{id}", "Have them come to a browser no more"), r.dropDevice)
	private(api, post("makeCalendar", "/api/notices/calendar", "Make an address by which calendar programs read one's days; the one before ends"), r.makeCalendar)
	private(api, remove("endCalendar", "/api/notices/calendar", "Take the address back at once"), r.endCalendar)
	private(api, remove("dropNoticeAddress", "/api/notices/addresses/{channel}", "Forget the address"), r.dropAddress)
}

func noticeView(n notices.Notice) NoticeView {
	return NoticeView{
		ID: n.ID, Kind: string(n.Kind), Course: n.Course, Title: n.Title, From: n.From, Text: n.Text, Page: n.Page, MadeAt: n.MadeAt, Read: !n.ReadAt.IsZero(),
	}
}

func (r noticeRoutes) list(ctx context.Context, actor courses.Actor, in *PageIn) (*body[list[NoticeView]], error) {
	found, err := r.Notices.List(ctx, actor, in.page())
	return &body[list[NoticeView]]{Body: list[NoticeView]{Items: each(found.Items, noticeView), Next: found.Next}}, err
}

func (r noticeRoutes) read(ctx context.Context, actor courses.Actor, in *body[readNotices]) (*nothing, error) {
	return nil, r.Notices.Read(ctx, actor, in.Body.IDs)
}

func (r noticeRoutes) settings(ctx context.Context, actor courses.Actor, _ *nothing) (*body[NoticeSettings], error) {
	c, err := r.Notices.Contact(ctx, actor)
	return r.settingsView(c), err
}

func (r noticeRoutes) setAddress(ctx context.Context, actor courses.Actor, in *newAddress) (*body[NoticeSettings], error) {
	c, err := r.Notices.SetAddress(ctx, actor, notices.Channel(in.Channel), in.Body.Value)
	return r.settingsView(c), err
}

func (r noticeRoutes) confirm(ctx context.Context, actor courses.Actor, in *addressCode) (*body[NoticeSettings], error) {
	c, err := r.Notices.Confirm(ctx, actor, notices.Channel(in.Channel), in.Body.Code)
	return r.settingsView(c), err
}

func (r noticeRoutes) dropAddress(ctx context.Context, actor courses.Actor, in *ChannelPath) (*nothing, error) {
	_, err := r.Notices.DropAddress(ctx, actor, notices.Channel(in.Channel))
	return nil, err
}

func (r noticeRoutes) addDevice(ctx context.Context, actor courses.Actor, in *body[newDevice]) (*body[NoticeSettings], error) {
	c, err := r.Notices.AddDevice(ctx, actor, notices.Device{Endpoint: in.Body.Endpoint, Key: in.Body.Key, Auth: in.Body.Auth, Agent: deviceOf(ctx).Agent})
	return r.settingsView(c), err
}

func (r noticeRoutes) dropDevice(ctx context.Context, actor courses.Actor, in *devicePath) (*nothing, error) {
	_, err := r.Notices.DropDevice(ctx, actor, in.ID)
	return nil, err
}

func (r noticeRoutes) makeCalendar(ctx context.Context, actor courses.Actor, _ *nothing) (*body[MadeCalendar], error) {
	secret, c, err := r.Notices.MakeCalendar(ctx, actor)
	return &body[MadeCalendar]{Body: MadeCalendar{Secret: secret, Settings: r.settingsView(c).Body}}, err
}

func (r noticeRoutes) endCalendar(ctx context.Context, actor courses.Actor, _ *nothing) (*nothing, error) {
	_, err := r.Notices.EndCalendar(ctx, actor)
	return nil, err
}

func (r noticeRoutes) addressView(c notices.Contact, channel notices.Channel) NoticeAddress {
	a := c.Addresses[channel]
	v := NoticeAddress{Available: r.Notices.Has(channel), Value: a.Value, Said: a.Failed, State: "waiting"}
	switch {
	case a.Failed != "":
		v.State = "failed"
	case a.Value == "":
		v.State = "none"
	case a.Confirmed:
		v.State = "confirmed"
	}
	return v
}

func (r noticeRoutes) choose(ctx context.Context, actor courses.Actor, in *body[noticeChoices]) (*body[NoticeSettings], error) {
	all := map[notices.Choice]bool{}
	for _, c := range in.Body.Choices {
		for channel, is := range c.channels() {
			if *is != nil {
				all[notices.Choice{Kind: notices.Kind(c.Kind), Channel: channel}] = **is
			}
		}
	}
	c, err := r.Notices.Choose(ctx, actor, all)
	return r.settingsView(c), err
}

// channels are the fields of a choice.
func (c *NoticeChoice) channels() map[notices.Channel]**bool {
	return map[notices.Channel]**bool{notices.Inbox: &c.Inbox, notices.Mail: &c.Mail, notices.Push: &c.Push, notices.Gateway: &c.Gateway}
}

func (r noticeRoutes) settingsView(c notices.Contact) *body[NoticeSettings] {
	view := NoticeSettings{Mail: r.addressView(c, notices.Mail), Gateway: r.addressView(c, notices.Gateway)}
	view.Push = NoticePush{Key: r.Notices.PushKey, Devices: each(c.Devices, func(d notices.Device) NoticeDevice {
		return NoticeDevice{ID: d.ID, Agent: d.Agent, Since: d.Since}
	})}
	view.Calendar = instant(c.Calendar.Since)
	for _, kind := range notices.Kinds() {
		choice := NoticeChoice{Kind: string(kind)}
		for channel, field := range choice.channels() {
			if (notices.Choice{Kind: kind, Channel: channel}).Offered() {
				*field = new(c.Wants(kind, channel))
			}
		}
		view.Choices = append(view.Choices, choice)
	}
	return &body[NoticeSettings]{Body: view}
}
