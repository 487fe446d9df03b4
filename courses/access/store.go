package access

import (
	"context"
	"haidang/courses"
	"time"
)

// Store keeps logins, sessions, failed tries and links to records.
type Store interface {
	// InsertLogins adds logins; it refuses with ErrUsernameTaken.
	InsertLogins(ctx context.Context, list []Login) error
	// Login finds by user name and refuses with ErrWrong.
	Login(ctx context.Context, username string) (Login, error)
	// LoginOf finds by person and refuses with ErrNoLogin.
	LoginOf(ctx context.Context, person courses.PersonID) (Login, error)
	// SaveLogin writes is if password and state are still those of was, else
	// it refuses with courses.ErrConflict.
	SaveLogin(ctx context.Context, is, was Login) error

	// InsertSession adds a session.
	InsertSession(ctx context.Context, s Session) error
	// Session refuses with courses.ErrSignIn.
	Session(ctx context.Context, id courses.SessionID) (Session, error)
	// Rotate gives the session a new refresh hash if it still has the one
	// before, and says whether it had.
	Rotate(ctx context.Context, s Session, was string) (bool, error)
	// SessionsOf lists a person's sessions that end after now, latest first; a
	// person has at most MaxSessions.
	SessionsOf(ctx context.Context, person courses.PersonID, now time.Time) ([]Session, error)
	// EndSessions ends those of a person: one, or with an empty id all but keep.
	EndSessions(ctx context.Context, person courses.PersonID, one, keep courses.SessionID) error

	// Failures is how often each key failed of late and since when it waits.
	Failures(ctx context.Context, keys []string) (map[string]Failures, error)
	// Fail counts one more failure of each key.
	Fail(ctx context.Context, keys []string, now time.Time) error
	// Forgive forgets the failures of the keys.
	Forgive(ctx context.Context, keys []string) error

	// InsertShare adds a link; it refuses with courses.ErrConflict while the person
	// has another in that slot.
	InsertShare(ctx context.Context, s Share) error
	// SharesOf lists a person's links, latest first, with some that ended; there are
	// at most MaxShares.
	SharesOf(ctx context.Context, person courses.PersonID) ([]Share, error)
	// ShareBy finds by the hash of the secret and refuses with ErrNoShare.
	ShareBy(ctx context.Context, hash string) (Share, error)
	// ShareOpened notes when a link was opened, if it is still there.
	ShareOpened(ctx context.Context, id ShareID, at time.Time) error
	// EndShare deletes a link of a person; it refuses with ErrNoShare.
	EndShare(ctx context.Context, person courses.PersonID, id ShareID) error
}

// Failures are the failed tries of one key within the last day.
type Failures struct {
	Count int
	Last  time.Time
}

// People knows what people may do; the staff package implements it.
type People interface {
	// ActorOf turns a person into someone who acts.
	ActorOf(ctx context.Context, id courses.PersonID) (courses.Actor, error)
	// Outranks refuses unless the actor is somebody else who may do all that
	// the person may do, now or later.
	Outranks(ctx context.Context, actor courses.Actor, person courses.PersonID) error
}
