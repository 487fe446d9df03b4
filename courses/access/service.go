// Package access is logins, passwords, sessions and sign-in, and the links that
// open a record without it. Who may do what once signed in is decided in package
// staff.
package access

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"haidang/courses"
	"haidang/courses/vietnamese"
	"log/slog"
	"regexp"
	"strings"
	"sync"
	"time"

	"golang.org/x/text/unicode/norm"
)

// Login is an account; one person has at most one.
type Login struct {
	ID         courses.LoginID
	Person     courses.PersonID
	Username   string // folded, unique, never used again
	Hash       string
	MustChange bool // the password was made by somebody else
	Disabled   bool
	CreatedAt  time.Time
	SignedInAt time.Time // last time; zero before the first
}

// Session is one signed-in device. Its refresh token changes with each use.
type Session struct {
	ID         courses.SessionID
	Person     courses.PersonID
	Hash       string // of the refresh token's secret
	Before     string // of the one before, good for ten seconds more
	RotatedAt  time.Time
	Agent      string
	SignedInAt time.Time
	EndsAt     time.Time
}

// Times and numbers of sessions.
const (
	SessionIdle   = 14 * 24 * time.Hour
	SessionLength = 30 * 24 * time.Hour
	MaxSessions   = 20
	refreshGrace  = 10 * time.Second
	sessionAge    = time.Second         // how old a session may be that a request rests on
	idleLogin     = 45 * 24 * time.Hour // an account that nobody used is closed (Decree 331/2026)
)

// Refusals of access.
var (
	ErrWrong             = courses.Refusal(courses.Unauthenticated, "access.wrong_password", "no account has this user name and password")
	ErrThrottled         = courses.Refusal(courses.Throttled, "access.throttled", "too many failed tries; wait before the next")
	ErrBusy              = courses.Refusal(courses.Unavailable, "access.busy", "too many people sign in at this moment")
	ErrDisabled          = courses.Refusal(courses.Forbidden, "access.disabled", "the account is closed, or was not used for 45 days")
	ErrChangeNeeded      = courses.Refusal(courses.Forbidden, "access.password_change_needed", "change the first password before anything else")
	ErrPasswordShort     = courses.Refusal(courses.Invalid, "access.password_length", "a password has 14 to 256 characters")
	ErrPasswordGuessable = courses.Refusal(courses.Invalid, "access.password_guessable", "the password is made of words or numbers that are tried first")
	ErrPasswordSame      = courses.Refusal(courses.Invalid, "access.password_same", "the new password is the old one")
	ErrUsername          = courses.Refusal(courses.Invalid, "access.bad_username", "user names are 3–60 letters, digits, dots and hyphens")
	ErrUsernameTaken     = courses.Refusal(courses.Conflict, "access.username_taken", "somebody has or had this user name")
	ErrNoLogin           = courses.Refusal(courses.NotFound, "access.no_login", "this person has no account")
)

// Service answers for sign-in.
type Service struct {
	store  Store
	people People
	allow  courses.Authority
	clock  courses.Clock
	hasher *hasher

	mu    sync.Mutex
	known map[courses.SessionID]seen
}

// seen is a session as it was a moment ago.
type seen struct {
	signed Signed
	err    error
	at     time.Time
}

// NewService builds the service.
func NewService(store Store, people People, allow courses.Authority, clock courses.Clock) *Service {
	return &Service{store: store, people: people, allow: allow, clock: clock, hasher: newHasher(), known: map[courses.SessionID]seen{}}
}

// Signed is someone who is signed in.
type Signed struct {
	Actor      courses.Actor
	Username   string
	MustChange bool
}

// Credentials are what a device keeps: the session and, when it is new, the
// secret that refreshes it.
type Credentials struct {
	Signed
	Refresh string // empty when the device has the newest already
	EndsAt  time.Time
}

// Device is where somebody signs in from.
type Device struct {
	Agent   string
	Address string
}

// SignIn checks a user name and password. It refuses with ErrWrong, ErrThrottled,
// ErrBusy, ErrDisabled or, when the password changes at this moment,
// courses.ErrConflict, and takes as long for an account that does not exist.
func (s *Service) SignIn(ctx context.Context, username, password string, from Device) (Credentials, error) {
	username = vietnamese.SearchKey(strings.TrimSpace(username))
	keys := throttleKeys(username, from.Address)
	if err := s.throttled(ctx, keys, limits); err != nil {
		return Credentials{}, err
	}
	login, err := s.store.Login(ctx, username)
	if err != nil && !errors.Is(err, ErrWrong) {
		return Credentials{}, err
	}
	matches, err := s.hasher.matches(ctx, norm.NFC.String(password), cmp.Or(login.Hash, nobody))
	if err != nil {
		return Credentials{}, err
	}
	if !matches || login.ID == "" {
		slog.WarnContext(ctx, "sign-in refused", "username", username, "address", from.Address)
		if err := s.store.Fail(ctx, keys, s.clock.Now()); err != nil {
			return Credentials{}, err
		}
		return Credentials{}, ErrWrong
	}
	return s.enter(ctx, login, from, keys)
}

// enter begins a session for a login whose password was right.
func (s *Service) enter(ctx context.Context, login Login, from Device, keys []string) (Credentials, error) {
	now := s.clock.Now()
	used := login.SignedInAt
	if used.IsZero() {
		used = login.CreatedAt
	}
	if login.Disabled || now.Sub(used) > idleLogin {
		return Credentials{}, ErrDisabled
	}
	if err := s.store.Forgive(ctx, keys[:2]); err != nil {
		return Credentials{}, err
	}
	session := Session{
		ID: courses.NewID[courses.SessionID](now), Person: login.Person, RotatedAt: now,
		Agent: cut(from.Agent, 200), SignedInAt: now, EndsAt: now.Add(SessionIdle),
	}
	secret := rand.Text() + rand.Text()
	session.Hash = digest(secret)
	if err := s.store.InsertSession(ctx, session); err != nil {
		return Credentials{}, err
	}
	// A password that was changed since it was checked opens nothing: either this
	// is refused, or the session is there already when the change ends them all.
	is := login
	is.SignedInAt = now
	if err := s.store.SaveLogin(ctx, is, login); err != nil {
		if err := s.end(ctx, login.Person, session.ID, ""); err != nil {
			return Credentials{}, err
		}
		return Credentials{}, err
	}
	if err := s.endOldest(ctx, login.Person, now); err != nil {
		return Credentials{}, err
	}
	slog.InfoContext(ctx, "signed in", "person", login.Person, "session", session.ID, "address", from.Address)
	signed, err := s.Session(ctx, session.ID)
	return Credentials{Signed: signed, Refresh: string(session.ID) + "." + secret, EndsAt: session.EndsAt}, err
}

// endOldest keeps a person within MaxSessions.
func (s *Service) endOldest(ctx context.Context, person courses.PersonID, now time.Time) error {
	list, err := s.store.SessionsOf(ctx, person, now)
	if err != nil {
		return err
	}
	for _, old := range list[min(len(list), MaxSessions):] {
		if err := s.end(ctx, person, old.ID, ""); err != nil {
			return err
		}
	}
	return nil
}

func cut(s string, n int) string {
	r := []rune(strings.ToValidUTF8(s, ""))
	return string(r[:min(len(r), n)])
}

// Refresh exchanges a refresh token for a new one. A token that was exchanged
// before ends the session, because somebody else may hold it; for ten seconds it
// is still good, because two tabs may refresh at once. It refuses with
// courses.ErrSignIn.
func (s *Service) Refresh(ctx context.Context, token string) (Credentials, error) {
	id, secret, _ := strings.Cut(token, ".")
	session, err := s.store.Session(ctx, courses.SessionID(id))
	if err != nil {
		return Credentials{}, err
	}
	now := s.clock.Now()
	given := digest(secret)
	if !now.Before(session.EndsAt) {
		return Credentials{}, courses.ErrSignIn
	}
	if given != session.Hash {
		return s.second(ctx, session, given, now)
	}
	next := session
	secret = rand.Text() + rand.Text()
	next.Hash, next.Before, next.RotatedAt = digest(secret), session.Hash, now
	next.EndsAt = now.Add(SessionIdle)
	if last := session.SignedInAt.Add(SessionLength); next.EndsAt.After(last) {
		next.EndsAt = last
	}
	rotated, err := s.store.Rotate(ctx, next, session.Hash)
	if err != nil {
		return Credentials{}, err
	}
	signed, err := s.Session(ctx, session.ID)
	if err != nil || !rotated { // not rotated: another tab was faster
		return Credentials{Signed: signed, EndsAt: session.EndsAt}, err
	}
	return Credentials{Signed: signed, Refresh: id + "." + secret, EndsAt: next.EndsAt}, nil
}

// second answers a token that was exchanged before.
func (s *Service) second(ctx context.Context, session Session, given string, now time.Time) (Credentials, error) {
	if given == session.Before && now.Sub(session.RotatedAt) <= refreshGrace {
		signed, err := s.Session(ctx, session.ID)
		return Credentials{Signed: signed, EndsAt: session.EndsAt}, err
	}
	slog.WarnContext(ctx, "refresh token used twice", "person", session.Person, "session", session.ID)
	if err := s.end(ctx, session.Person, session.ID, ""); err != nil {
		return Credentials{}, err
	}
	return Credentials{}, courses.ErrSignIn
}

// Session is who holds a session, at most a second old. It refuses with
// courses.ErrSignIn once the session ended or the login was disabled.
func (s *Service) Session(ctx context.Context, id courses.SessionID) (Signed, error) {
	now := s.clock.Now()
	s.mu.Lock()
	if len(s.known) > 100_000 {
		clear(s.known)
	}
	k, found := s.known[id]
	s.mu.Unlock()
	if found && now.Sub(k.at) < sessionAge && !now.Before(k.at) {
		return k.signed, k.err
	}
	signed, err := s.session(ctx, id, now)
	var refusal *courses.Error
	if err == nil || errors.As(err, &refusal) && refusal.Kind == courses.Unauthenticated {
		s.mu.Lock()
		s.known[id] = seen{signed: signed, err: err, at: now}
		s.mu.Unlock()
	}
	return signed, err
}

func (s *Service) session(ctx context.Context, id courses.SessionID, now time.Time) (Signed, error) {
	session, err := s.store.Session(ctx, id)
	if err != nil {
		return Signed{}, err
	}
	if !now.Before(session.EndsAt) {
		return Signed{}, courses.ErrSignIn
	}
	login, err := s.store.LoginOf(ctx, session.Person)
	if err != nil {
		return Signed{}, err
	}
	if login.Disabled {
		return Signed{}, courses.ErrSignIn
	}
	actor, err := s.people.ActorOf(ctx, session.Person)
	actor.Session = id
	return Signed{Actor: actor, Username: login.Username, MustChange: login.MustChange}, err
}

// Sessions lists where the actor is signed in, latest first.
func (s *Service) Sessions(ctx context.Context, actor courses.Actor) ([]Session, error) {
	return s.store.SessionsOf(ctx, actor.Person, s.clock.Now())
}

// SignOut ends one of the actor's sessions.
func (s *Service) SignOut(ctx context.Context, actor courses.Actor, id courses.SessionID) error {
	return s.end(ctx, actor.Person, id, "")
}

// SignOutEverywhere ends all of the actor's sessions.
func (s *Service) SignOutEverywhere(ctx context.Context, actor courses.Actor) error {
	return s.end(ctx, actor.Person, "", "")
}

// end ends sessions: one, or with an empty id all but keep.
func (s *Service) end(ctx context.Context, person courses.PersonID, one, keep courses.SessionID) error {
	defer func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		for id, k := range s.known {
			if k.signed.Actor.Person == person {
				delete(s.known, id)
			}
		}
	}()
	return s.store.EndSessions(ctx, person, one, keep)
}

// ChangePassword changes the actor's password and ends all other sessions.
func (s *Service) ChangePassword(ctx context.Context, actor courses.Actor, current, next string) error {
	login, err := s.store.LoginOf(ctx, actor.Person)
	if err != nil {
		return err
	}
	keys := throttleKeys(login.Username, "password change")
	if err := s.throttled(ctx, keys, limits); err != nil {
		return err
	}
	current, next = norm.NFC.String(current), norm.NFC.String(next)
	matches, err := s.hasher.matches(ctx, current, login.Hash)
	if err != nil {
		return err
	}
	if !matches {
		if err := s.store.Fail(ctx, keys[:1], s.clock.Now()); err != nil {
			return err
		}
		return ErrWrong
	}
	if current == next {
		return ErrPasswordSame
	}
	if err := checkPassword(next, login.Username); err != nil {
		return err
	}
	is := login
	if is.Hash, err = s.hasher.hash(ctx, next); err != nil {
		return err
	}
	is.MustChange = false
	if err := s.store.SaveLogin(ctx, is, login); err != nil {
		return err
	}
	slog.InfoContext(ctx, "password changed", "person", actor.Person)
	return s.end(ctx, actor.Person, "", actor.Session)
}

var usernameForm = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]{2,59}$`)

// CreateLogin makes an account for a person, or a new first password for the
// one that is there; its sessions end. The password is shown once, to somebody
// who could sign in with it: it has to be one who outranks the person.
func (s *Service) CreateLogin(ctx context.Context, actor courses.Actor, person courses.PersonID, username string) (Login, string, error) {
	if err := s.allow.Can(ctx, actor, courses.EditPerson, courses.Object{Person: person}); err != nil {
		return Login{}, "", err
	}
	if err := s.people.Outranks(ctx, actor, person); err != nil {
		return Login{}, "", err
	}
	login, err := s.store.LoginOf(ctx, person)
	if err != nil && !errors.Is(err, ErrNoLogin) {
		return Login{}, "", err
	}
	is := login
	if login.ID == "" {
		is.ID, is.Person, is.Username = courses.NewID[courses.LoginID](s.clock.Now()), person, vietnamese.SearchKey(username)
		if !usernameForm.MatchString(is.Username) {
			return Login{}, "", ErrUsername
		}
	}
	password := firstPassword(is.Username)
	if is.Hash, err = s.hasher.hash(ctx, password); err != nil {
		return Login{}, "", err
	}
	is.MustChange, is.Disabled = true, false
	is.CreatedAt, is.SignedInAt = s.clock.Now(), time.Time{}
	if login.ID == "" {
		return is, password, s.store.InsertLogins(ctx, []Login{is})
	}
	if err := s.store.SaveLogin(ctx, is, login); err != nil {
		return Login{}, "", err
	}
	return is, password, s.end(ctx, person, "", "")
}

// Username is the user name of a person, or "" without an account.
func (s *Service) Username(ctx context.Context, person courses.PersonID) (string, error) {
	login, err := s.store.LoginOf(ctx, person)
	if errors.Is(err, ErrNoLogin) {
		return "", nil
	}
	return login.Username, err
}

// NewLogin is an account to be imported.
type NewLogin struct {
	Person     courses.PersonID
	Username   string
	Password   string
	MustChange bool
}

// Import adds accounts, from the command line only. Equal passwords share the
// work of one hash: use it for first accounts and demonstrations.
func (s *Service) Import(ctx context.Context, list []NewLogin) error {
	hashes := map[string]string{}
	logins := make([]Login, 0, len(list))
	for _, n := range list {
		if err := checkPassword(n.Password, n.Username); err != nil {
			return err
		}
		if hashes[n.Password] == "" {
			hash, err := s.hasher.hash(ctx, norm.NFC.String(n.Password))
			if err != nil {
				return err
			}
			hashes[n.Password] = hash
		}
		logins = append(logins, Login{
			ID: courses.NewID[courses.LoginID](s.clock.Now()), Person: n.Person, Username: vietnamese.SearchKey(n.Username),
			Hash: hashes[n.Password], MustChange: n.MustChange, CreatedAt: s.clock.Now(),
		})
	}
	return s.store.InsertLogins(ctx, logins)
}
