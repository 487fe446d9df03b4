package handlers

import (
	"context"
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"haidang/courses"
	"haidang/courses/access"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/golang-jwt/jwt/v5"
)

var morning = time.Date(2026, 11, 24, 1, 0, 0, 0, time.UTC)

const issuer = "https://hoc.example.vn"

// signer is tokens with a clock and keys that a test changes.
type signer struct {
	*tokens
	now  time.Time
	list []TokenKey
}

func newSigner(t *testing.T, ids ...string) *signer {
	t.Helper()
	s := &signer{now: morning}
	for _, id := range ids {
		s.list = append(s.list, newKey(t, id, morning.Add(-48*time.Hour)))
	}
	s.tokens = newTokens(func() []TokenKey { return s.list }, issuer, func() time.Time { return s.now })
	return s
}

func newKey(t *testing.T, id string, since time.Time) TokenKey {
	t.Helper()
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return TokenKey{ID: id, Private: private, Since: since}
}

// good is the claims of a token that is accepted.
func good() jwt.MapClaims {
	return jwt.MapClaims{
		"iss": issuer, "aud": []string{"haidang"}, "sub": "p1", "sid": "s1", "purpose": "access",
		"iat": morning.Unix(), "exp": morning.Add(10 * time.Minute).Unix(),
	}
}

// with changes claims; a nil value takes one away.
func with(claims jwt.MapClaims, key string, value any) jwt.MapClaims {
	claims[key] = value
	if value == nil {
		delete(claims, key)
	}
	return claims
}

// made signs claims by a method with a key, and names a key id unless it is empty.
func made(t *testing.T, method jwt.SigningMethod, kid string, key crypto.PrivateKey, claims jwt.Claims) string {
	t.Helper()
	token := jwt.NewWithClaims(method, claims)
	if kid != "" {
		token.Header["kid"] = kid
	}
	signed, err := token.SignedString(key)
	if err != nil {
		t.Fatal(err)
	}
	return signed
}

func (s *signer) accepts(t *testing.T, name, token string, want bool) {
	t.Helper()
	session, err := s.check(token)
	switch {
	case want && (err != nil || session != "s1"):
		t.Errorf("%s is refused: %q, %v", name, session, err)
	case !want && !errors.Is(err, courses.ErrSignIn):
		t.Errorf("%s is accepted as %q, %v", name, session, err)
	case !want && session != "":
		t.Errorf("%s is refused, and yet gives the session %q", name, session)
	}
}

func TestATokenIsAcceptedOnlyWithTheRightClaims(t *testing.T) {
	s := newSigner(t, "k1")
	for _, c := range []struct {
		name   string
		claims jwt.MapClaims
		want   bool
	}{
		{"a good one", good(), true},
		{"one audience of several", with(good(), "aud", []string{"other", "haidang"}), true},
		{"begun a second ago", with(good(), "nbf", morning.Add(-time.Second).Unix()), true},
		{"of another audience", with(good(), "aud", []string{"other"}), false},
		{"without an audience", with(good(), "aud", nil), false},
		{"of another issuer", with(good(), "iss", "https://hoc.example.vn.evil.example"), false},
		{"without an issuer", with(good(), "iss", nil), false},
		{"without an end", with(good(), "exp", nil), false},
		{"that ended", with(good(), "exp", morning.Add(-time.Second).Unix()), false},
		{"that ends now", with(good(), "exp", morning.Unix()), false},
		{"that begins in a minute", with(good(), "nbf", morning.Add(time.Minute).Unix()), false},
		{"for another purpose", with(good(), "purpose", "refresh"), false},
		{"without a purpose", with(good(), "purpose", nil), false},
		{"without a session", with(good(), "sid", nil), false},
		{"of an empty session", with(good(), "sid", ""), false},
		{"whose end is text", with(good(), "exp", "2030-01-01"), false},
	} {
		s.accepts(t, c.name, made(t, jwt.SigningMethodEdDSA, "k1", s.list[0].Private, c.claims), c.want)
	}
}

func TestATokenIsAcceptedOnlyFromOurKeyByOurMethod(t *testing.T) {
	s := newSigner(t, "k1", "k2")
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	public, ours := s.list[0].Private.Public().(ed25519.PublicKey), s.list[0].Private
	stranger := newKey(t, "k1", morning).Private
	for _, c := range []struct {
		name, token string
		want        bool
	}{
		{"a good one", made(t, jwt.SigningMethodEdDSA, "k1", ours, good()), true},
		{"by none", made(t, jwt.SigningMethodNone, "k1", jwt.UnsafeAllowNoneSignatureType, good()), false},
		{"by HS256 with the public key", made(t, jwt.SigningMethodHS256, "k1", []byte(public), good()), false},
		{"by HS256 with nothing", made(t, jwt.SigningMethodHS256, "k1", []byte{}, good()), false},
		{"by RS256", made(t, jwt.SigningMethodRS256, "k1", rsaKey, good()), false},
		{"with an unknown key id", made(t, jwt.SigningMethodEdDSA, "k3", ours, good()), false},
		{"with the id of another key", made(t, jwt.SigningMethodEdDSA, "k2", ours, good()), false},
		{"without a key id", made(t, jwt.SigningMethodEdDSA, "", ours, good()), false},
		{"signed by a stranger", made(t, jwt.SigningMethodEdDSA, "k1", stranger, good()), false},
		{"that is empty", "", false},
		{"that is no token", "a.b.c", false},
	} {
		s.accepts(t, c.name, c.token, c.want)
	}
}

func TestATokenThatWasTamperedWithIsRefused(t *testing.T) {
	s := newSigner(t, "k1")
	token := made(t, jwt.SigningMethodEdDSA, "k1", s.list[0].Private, good())
	s.accepts(t, "untouched", token, true)
	s.accepts(t, "with garbage after it", token+"A", false)
	s.accepts(t, "with a blank after it", token+" ", false)
	s.accepts(t, "with a fourth part", token+"."+token[:8], false)
	s.accepts(t, "with padding", token+"==", false)
	s.accepts(t, "without its signature", token[:strings.LastIndex(token, ".")+1], false)
	head := strings.Repeat("A", 64<<10)
	s.accepts(t, "with a header of 64 KiB", head+token[strings.Index(token, "."):], false)
	huge := with(good(), "more", strings.Repeat("a", 4<<10))
	s.accepts(t, "signed by us, but longer than any of ours", made(t, jwt.SigningMethodEdDSA, "k1", s.list[0].Private, huge), false)
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	for i := range token {
		some := letters[:2]
		if i == len(token)-1 {
			some = letters // of the last one, a lax decoder drops half of the bits
		}
		for _, letter := range []byte(some) {
			if token[i] != letter {
				s.accepts(t, "with one letter changed", token[:i]+string(letter)+token[i+1:], false)
			}
		}
	}
}

func TestAVerifiedTokenIsNotRememberedBeyondItsEnd(t *testing.T) {
	s := newSigner(t, "k1")
	token, until, err := s.sign(courses.Actor{Person: "p1", Session: "s1"})
	if err != nil || !until.Equal(morning.Add(10*time.Minute)) {
		t.Fatalf("a token until %v, %v", until, err)
	}
	s.accepts(t, "a new one", token, true)
	keys := s.list
	s.list = nil
	s.accepts(t, "a remembered one, whose key is not asked for", token, true)
	s.list = keys
	s.now = until.Add(-time.Millisecond)
	s.accepts(t, "one in its last moment", token, true)
	s.now = until
	s.accepts(t, "one at its end", token, false)
	s.now = until.Add(time.Hour)
	s.accepts(t, "one an hour after its end", token, false)
}

func TestTheListOfVerifiedTokensStaysBounded(t *testing.T) {
	s := newSigner(t, "k1")
	for i := range maxVerified {
		s.verified[strconv.Itoa(i)] = verified{}
	}
	token, _, err := s.sign(courses.Actor{Person: "p1", Session: "s1"})
	if err != nil {
		t.Fatal(err)
	}
	s.accepts(t, "one more", token, true)
	if len(s.verified) > maxVerified {
		t.Errorf("%d tokens are remembered", len(s.verified))
	}
}

// kidOf is the key that signed a token, by its own account.
func kidOf(t *testing.T, token string) any {
	t.Helper()
	parsed, _, err := jwt.NewParser().ParseUnverified(token, jwt.MapClaims{})
	if err != nil {
		t.Fatal(err)
	}
	return parsed.Header["kid"]
}

func TestANewKeyRestsForAnHourAndTheOldOneStillVerifies(t *testing.T) {
	s := newSigner(t, "k1")
	sign := func() string {
		t.Helper()
		token, _, err := s.sign(courses.Actor{Person: "p1", Session: "s1"})
		if err != nil {
			t.Fatal(err)
		}
		return token
	}
	s.list = append([]TokenKey{newKey(t, "k2", s.now)}, s.list...)
	for _, c := range []struct {
		after time.Duration
		kid   string
	}{{0, "k1"}, {time.Hour - time.Millisecond, "k1"}, {time.Hour, "k2"}, {90 * 24 * time.Hour, "k2"}} {
		s.now = morning.Add(c.after)
		if got := kidOf(t, sign()); got != c.kid {
			t.Errorf("%v after it was made, %v signs, want %s", c.after, got, c.kid)
		}
	}
	s.now = morning
	old := sign()
	s.now = morning.Add(time.Minute)
	// Another server, which has not seen the token yet.
	other := newTokens(func() []TokenKey { return s.list }, issuer, func() time.Time { return s.now })
	(&signer{tokens: other}).accepts(t, "one of the key before", old, true)
	s.list = s.list[:1]
	gone := newTokens(func() []TokenKey { return s.list }, issuer, func() time.Time { return s.now })
	(&signer{tokens: gone}).accepts(t, "one of a key that is gone", old, false)
}

func TestTheFirstKeyOfAllSignsAtOnce(t *testing.T) {
	s := newSigner(t)
	if _, _, err := s.sign(courses.Actor{Person: "p1", Session: "s1"}); !errors.Is(err, errNoKey) {
		t.Errorf("without a key: %v", err)
	}
	s.list = []TokenKey{newKey(t, "k1", s.now)}
	token, _, err := s.sign(courses.Actor{Person: "p1", Session: "s1"})
	if err != nil {
		t.Fatal(err)
	}
	s.accepts(t, "one of the first key", token, true)
}

func TestTheCookiesOfTokensStayOutOfReach(t *testing.T) {
	for _, c := range []struct {
		base, access, refresh string
		secure                bool
	}{
		{"https://hoc.example.vn", "__Host-access", "__Secure-refresh", true},
		{"http://127.0.0.1:8080", "access", "refresh", false},
	} {
		s := &Server{config: Config{BaseURL: c.base, Clock: func() time.Time { return morning }}}
		if a, r := s.cookieNames(); a != c.access || r != c.refresh {
			t.Errorf("%s: cookies %s and %s", c.base, a, r)
		}
		var set *fiber.Cookie
		ctx := context.WithValue(t.Context(), deviceKey, device{Device: access.Device{}, setCookie: func(k *fiber.Cookie) { set = k }})
		s.setCookie(ctx, c.access, "secret", "/", morning.Add(time.Minute))
		if set == nil || !set.HTTPOnly || set.Secure != c.secure || set.SameSite != fiber.CookieSameSiteLaxMode ||
			set.Domain != "" || set.Path != "/" || set.MaxAge != 60 {
			t.Errorf("%s: %+v", c.base, set)
		}
		s.setCookie(ctx, c.access, "", "/", time.Time{})
		if set.MaxAge != 0 || !set.Expires.Before(morning) || set.Value != "" {
			t.Errorf("%s: a forgotten cookie is %+v", c.base, set)
		}
	}
}
