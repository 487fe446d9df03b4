package handlers

import (
	"crypto/ed25519"
	"errors"
	"haidang/courses"
	"sync"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// TokenKey signs access tokens; all servers share it.
type TokenKey struct {
	ID      string
	Private ed25519.PrivateKey
	Since   time.Time
}

// Of an access token.
const (
	accessLife    = 10 * time.Minute
	accessPurpose = "access"
	audience      = "haidang"
	maxToken      = 2 << 10 // bytes
	keyRest       = time.Hour
	maxVerified   = 100_000
)

// tokens signs access tokens and checks them.
type tokens struct {
	keys   func() []TokenKey // newest first, at most two
	issuer string
	clock  courses.Clock

	mu       sync.Mutex
	verified map[string]verified // EdDSA costs more than the rest of a request
}

type verified struct {
	session courses.SessionID
	until   time.Time
}

type accessClaims struct {
	jwt.RegisteredClaims
	Purpose string            `json:"purpose"`
	Session courses.SessionID `json:"sid"`
}

func newTokens(keys func() []TokenKey, issuer string, clock courses.Clock) *tokens {
	return &tokens{keys: keys, issuer: issuer, clock: clock, verified: map[string]verified{}}
}

var errNoKey = errors.New("there is no key to sign access tokens with")

// sign makes an access token for a session. A key that has just been made rests
// for an hour, so that every server knows it before the first token comes.
func (t *tokens) sign(actor courses.Actor) (string, time.Time, error) {
	now := t.clock.Now()
	keys := t.keys()
	if len(keys) == 0 {
		return "", now, errNoKey
	}
	key := keys[0]
	if len(keys) > 1 && now.Sub(key.Since) < keyRest {
		key = keys[1]
	}
	until := now.Add(accessLife)
	token := jwt.NewWithClaims(jwt.SigningMethodEdDSA, accessClaims{
		RegisteredClaims: jwt.RegisteredClaims{
			Issuer: t.issuer, Audience: jwt.ClaimStrings{audience}, Subject: string(actor.Person),
			IssuedAt: jwt.NewNumericDate(now), ExpiresAt: jwt.NewNumericDate(until),
		},
		Purpose: accessPurpose, Session: actor.Session,
	})
	token.Header["kid"] = key.ID
	signed, err := token.SignedString(key.Private)
	return signed, until, err
}

// check gives the session of a valid access token, else courses.ErrSignIn.
func (t *tokens) check(token string) (courses.SessionID, error) {
	now := t.clock.Now()
	if token == "" || len(token) > maxToken {
		return "", courses.ErrSignIn
	}
	t.mu.Lock()
	known, found := t.verified[token]
	t.mu.Unlock()
	if found && now.Before(known.until) {
		return known.session, nil
	}
	var claims accessClaims
	_, err := jwt.ParseWithClaims(token, &claims, t.key,
		jwt.WithValidMethods([]string{jwt.SigningMethodEdDSA.Alg()}), jwt.WithIssuer(t.issuer), jwt.WithAudience(audience),
		jwt.WithExpirationRequired(), jwt.WithTimeFunc(t.clock.Now), jwt.WithStrictDecoding())
	if err != nil || claims.Purpose != accessPurpose || claims.Session == "" {
		return "", courses.ErrSignIn
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.verified) >= maxVerified {
		clear(t.verified)
	}
	t.verified[token] = verified{session: claims.Session, until: claims.ExpiresAt.Time}
	return claims.Session, nil
}

// key finds the public key of a token by its key id, from a fixed list.
func (t *tokens) key(token *jwt.Token) (any, error) {
	for _, k := range t.keys() {
		if token.Header["kid"] == k.ID {
			return k.Private.Public(), nil
		}
	}
	return nil, errNoKey
}
