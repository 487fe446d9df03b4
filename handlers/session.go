package handlers

import (
	"context"
	"errors"
	"haidang/courses"
	"haidang/courses/access"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"
)

// RoleHere is a role that the person holds over a unit today.
type RoleHere struct {
	Role     courses.Role   `json:"role" enum:"learner,author,reviewer,publisher,leader,hr,administrator,auditor"`
	Unit     courses.UnitID `json:"unit"`
	UnitName string         `json:"unitName"`
}

// Me is the person who is signed in.
type Me struct {
	PersonID           courses.PersonID `json:"personId"`
	FullName           string           `json:"fullName"`
	Username           string           `json:"username"`
	Unit               courses.UnitID   `json:"unit" doc:"Home unit today; empty without a posting"`
	UnitName           string           `json:"unitName"`
	Roles              []RoleHere       `json:"roles" nullable:"false"`
	MustChangePassword bool             `json:"mustChangePassword" doc:"Everything but changing the password is refused until done"`
}

// Device is one place where the person is signed in.
type Device struct {
	ID       courses.SessionID `json:"id"`
	Agent    string            `json:"agent" doc:"What the browser calls itself"`
	SignedIn time.Time         `json:"signedIn"`
	LastSeen time.Time         `json:"lastSeen"`
	Current  bool              `json:"current"`
}

type signIn struct {
	Username string `json:"username" minLength:"1" maxLength:"100"`
	Password string `json:"password" minLength:"1" maxLength:"256"`
}

type passwordChange struct {
	Current string `json:"current" minLength:"1" maxLength:"256"`
	New     string `json:"new" minLength:"1" maxLength:"256"`
}

type sessionPath struct {
	ID courses.SessionID `path:"id" maxLength:"36"`
}

// device is what a request tells of where it comes from, and takes the cookies
// of the answer: huma would join two of them into one header.
type device struct {
	access.Device
	refresh   string
	setCookie func(*fiber.Cookie)
}

func deviceOf(ctx context.Context) device {
	d, _ := ctx.Value(deviceKey).(device)
	return d
}

// cookieNames of the two tokens. The prefixes make browsers insist on https and
// on this host; on loopback without https they cannot be used.
func (s *Server) cookieNames() (accessName, refreshName string) {
	if strings.HasPrefix(s.config.BaseURL, "https:") {
		return "__Host-access", "__Secure-refresh"
	}
	return "access", "refresh"
}

const refreshPath = "/api/session"

// setCookie keeps a token in the browser; an empty one is forgotten.
func (s *Server) setCookie(ctx context.Context, name, value, path string, until time.Time) {
	c := &fiber.Cookie{
		Name: name, Value: value, Path: path, HTTPOnly: true, SameSite: fiber.CookieSameSiteLaxMode,
		Secure: strings.HasPrefix(s.config.BaseURL, "https:"),
		MaxAge: int(until.Sub(s.config.Clock.Now()).Seconds()),
	}
	if value == "" {
		c.MaxAge, c.Expires = 0, time.Unix(0, 0)
	}
	deviceOf(ctx).setCookie(c)
}

// beforeChange are the routes that somebody with a first password may use.
var beforeChange = map[string]bool{"/api/me": true, "/api/password": true, "/api/session": true, "/api/session/refresh": true}

// authenticate puts the actor of a valid access token in the context, or why
// there is none; routes that need one refuse by themselves.
func (s *Server) authenticate(services Services) fiber.Handler {
	accessName, refreshName := s.cookieNames()
	return func(c *fiber.Ctx) error {
		ctx := context.WithValue(c.UserContext(), deviceKey, device{
			Device:  access.Device{Agent: c.Get(fiber.HeaderUserAgent), Address: c.IP()},
			refresh: c.Cookies(refreshName), setCookie: c.Cookie,
		})
		id, err := s.tokens.check(c.Cookies(accessName))
		if err == nil {
			var who access.Signed
			who, err = services.Access.Session(ctx, id)
			switch {
			case err != nil:
			case who.MustChange && !beforeChange[c.Path()]:
				err = access.ErrChangeNeeded
			default:
				ctx = context.WithValue(ctx, actorKey, who.Actor)
			}
		}
		if err != nil {
			ctx = context.WithValue(ctx, actorKey, err)
		}
		c.SetUserContext(ctx)
		return c.Next()
	}
}

type sessionRoutes struct {
	Services
	server *Server
}

func registerSession(api huma.API, services Services, s *Server) {
	r := sessionRoutes{services, s}
	public(api, post("signIn", "/api/session", "Sign in; sets the cookies"), r.signIn)
	public(api, post("refreshSession", "/api/session/refresh", "New access token for a refresh token"), r.refresh)
	public(api, remove("signOut", "/api/session", "Sign out on this device"), r.signOut)
	private(api, get("me", "/api/me", "Who is signed in"), r.me)
	private(api, put("changePassword", "/api/password", "Change one's password; other devices are signed out"), r.changePassword)
	private(api, get("listDevices", "/api/sessions", "Where one is signed in"), r.devices)
	private(api, remove("signOutDevice", "/api/sessions/{id}", "Sign out one device"), r.signOutDevice)
	private(api, remove("signOutEverywhere", "/api/sessions", "Sign out on every device"), r.signOutEverywhere)
}

func (r sessionRoutes) signIn(ctx context.Context, in *body[signIn]) (*body[Me], error) {
	return r.answer(ctx)(r.Access.SignIn(ctx, in.Body.Username, in.Body.Password, deviceOf(ctx).Device))
}

func (r sessionRoutes) refresh(ctx context.Context, _ *nothing) (*body[Me], error) {
	return r.answer(ctx)(r.Access.Refresh(ctx, deviceOf(ctx).refresh))
}

// answer turns credentials into cookies and the person.
func (r sessionRoutes) answer(ctx context.Context) func(access.Credentials, error) (*body[Me], error) {
	return func(c access.Credentials, err error) (*body[Me], error) {
		if err != nil {
			return nil, err
		}
		me, err := r.meView(ctx, c.Signed)
		if err != nil {
			return nil, err
		}
		token, until, err := r.server.tokens.sign(c.Actor)
		if err != nil {
			return nil, err
		}
		accessName, refreshName := r.server.cookieNames()
		r.server.setCookie(ctx, accessName, token, "/", until)
		if c.Refresh != "" {
			r.server.setCookie(ctx, refreshName, c.Refresh, refreshPath, c.EndsAt)
		}
		return &body[Me]{Body: me}, nil
	}
}

func (r sessionRoutes) signOut(ctx context.Context, _ *nothing) (*nothing, error) {
	actor, err := signedIn(ctx)
	if err != nil { // the access token ran out: the refresh token still names the session
		var c access.Credentials
		if c, err = r.Access.Refresh(ctx, deviceOf(ctx).refresh); err == nil {
			actor = c.Actor
		}
	}
	if err == nil {
		err = r.Access.SignOut(ctx, actor, actor.Session)
	}
	if err != nil && !errors.Is(err, courses.ErrSignIn) {
		return nil, err
	}
	r.forget(ctx)
	return nil, nil
}

// forget makes the browser drop both cookies.
func (r sessionRoutes) forget(ctx context.Context) {
	accessName, refreshName := r.server.cookieNames()
	r.server.setCookie(ctx, accessName, "", "/", time.Time{})
	r.server.setCookie(ctx, refreshName, "", refreshPath, time.Time{})
}

func (r sessionRoutes) me(ctx context.Context, actor courses.Actor, _ *nothing) (*body[Me], error) {
	who, err := r.Access.Session(ctx, actor.Session)
	if err != nil {
		return nil, err
	}
	me, err := r.meView(ctx, who)
	return &body[Me]{Body: me}, err
}

func (r sessionRoutes) meView(ctx context.Context, who access.Signed) (Me, error) {
	person, err := r.Staff.Person(ctx, who.Actor.Person)
	if err != nil {
		return Me{}, err
	}
	tree, err := r.Staff.Tree(ctx)
	if err != nil {
		return Me{}, err
	}
	today := r.server.config.Clock.Today()
	me := Me{
		PersonID: person.ID, FullName: person.FullName, Username: who.Username, MustChangePassword: who.MustChange,
		Roles: each(who.Actor.Roles, func(at courses.RoleAt) RoleHere {
			return RoleHere{Role: at.Role, Unit: at.Unit, UnitName: nameIn(tree, at.Unit, today)}
		}),
	}
	if posting, posted := person.HomePosting(today); posted {
		me.Unit, me.UnitName = posting.Unit, nameIn(tree, posting.Unit, today)
	}
	return me, nil
}

func (r sessionRoutes) changePassword(ctx context.Context, actor courses.Actor, in *body[passwordChange]) (*nothing, error) {
	return nil, r.Access.ChangePassword(ctx, actor, in.Body.Current, in.Body.New)
}

func (r sessionRoutes) devices(ctx context.Context, actor courses.Actor, _ *nothing) (*body[list[Device]], error) {
	sessions, err := r.Access.Sessions(ctx, actor)
	return &body[list[Device]]{Body: list[Device]{Items: each(sessions, func(s access.Session) Device {
		return Device{ID: s.ID, Agent: s.Agent, SignedIn: s.SignedInAt, LastSeen: s.RotatedAt, Current: s.ID == actor.Session}
	})}}, err
}

func (r sessionRoutes) signOutDevice(ctx context.Context, actor courses.Actor, in *sessionPath) (*nothing, error) {
	return nil, r.Access.SignOut(ctx, actor, in.ID)
}

func (r sessionRoutes) signOutEverywhere(ctx context.Context, actor courses.Actor, _ *nothing) (*nothing, error) {
	r.forget(ctx)
	return nil, r.Access.SignOutEverywhere(ctx, actor)
}
