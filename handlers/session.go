package handlers

import (
	"context"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"

	"haidang/courses"
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

// authenticate puts the actor of a valid access token in the context; routes
// that need one refuse by themselves.
func authenticate(Services) fiber.Handler {
	return func(c *fiber.Ctx) error { return c.Next() }
}

func registerSession(api huma.API, _ Services) {
	public(api, post("signIn", "/api/session", "Sign in; sets the cookies"), func(context.Context, *body[signIn]) (*body[Me], error) { return nil, errNotBuilt })
	public(api, post("refreshSession", "/api/session/refresh", "New access token for a refresh token"), func(context.Context, *nothing) (*body[Me], error) { return nil, errNotBuilt })
	public(api, remove("signOut", "/api/session", "Sign out on this device"), func(context.Context, *nothing) (*nothing, error) { return nil, errNotBuilt })
	private(api, get("me", "/api/me", "Who is signed in"), func(context.Context, courses.Actor, *nothing) (*body[Me], error) { return nil, errNotBuilt })
	private(api, put("changePassword", "/api/password", "Change one's password; other devices are signed out"), func(context.Context, courses.Actor, *body[passwordChange]) (*nothing, error) { return nil, errNotBuilt })
	private(api, get("listDevices", "/api/sessions", "Where one is signed in"), func(context.Context, courses.Actor, *nothing) (*body[list[Device]], error) { return nil, errNotBuilt })
	private(api, remove("signOutDevice", "/api/sessions/{id}", "Sign out one device"), func(context.Context, courses.Actor, *struct {
		ID courses.SessionID `path:"id" maxLength:"36"`
	}) (*nothing, error) {
		return nil, errNotBuilt
	})
	private(api, remove("signOutEverywhere", "/api/sessions", "Sign out on every device"), func(context.Context, courses.Actor, *nothing) (*nothing, error) { return nil, errNotBuilt })
}

var errNotBuilt = courses.Refusal(courses.NotFound, "request.not_built", "this is not built yet")
