package access

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"haidang/courses/vietnamese"
	"math/big"
	"runtime"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"
)

// Cost of a password hash (argon2id; OWASP's least, 19 MiB and two passes).
const (
	hashMemoryKiB = 19 << 10
	hashPasses    = 2
	hashThreads   = 1
	hashBytes     = 32
	saltBytes     = 16
)

// hasher computes password hashes, at most one per core at a time, so that a
// rush of sign-ins cannot take all memory.
type hasher struct {
	slots chan struct{}
	queue chan struct{}
}

// waiting is how many hashes may wait for each that is computed.
const waiting = 32

func newHasher() *hasher {
	cores := runtime.GOMAXPROCS(0)
	return &hasher{slots: make(chan struct{}, cores), queue: make(chan struct{}, cores*(1+waiting))}
}

// key refuses with ErrBusy when too many wait already.
func (h *hasher) key(ctx context.Context, password string, salt []byte) ([]byte, error) {
	select {
	case h.queue <- struct{}{}:
		defer func() { <-h.queue }()
	default:
		return nil, ErrBusy.After(2 * time.Second)
	}
	select {
	case h.slots <- struct{}{}:
		defer func() { <-h.slots }()
	case <-ctx.Done():
		return nil, ErrBusy.After(2 * time.Second)
	}
	return argon2.IDKey([]byte(password), salt, hashPasses, hashMemoryKiB, hashThreads, hashBytes), nil
}

// hash makes the text that is stored: salt and key.
func (h *hasher) hash(ctx context.Context, password string) (string, error) {
	salt := make([]byte, saltBytes)
	if _, err := rand.Read(salt); err != nil {
		return "", fmt.Errorf("make a salt: %w", err)
	}
	key, err := h.key(ctx, password, salt)
	if err != nil {
		return "", err
	}
	enc := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=19$m=%d,t=%d,p=%d$%s$%s", hashMemoryKiB, hashPasses, hashThreads, enc.EncodeToString(salt), enc.EncodeToString(key)), nil
}

// nobody is compared with when there is no login, so that both take as long.
var nobody = "$argon2id$v=19$m=19456,t=2,p=1$" + strings.Repeat("A", 22) + "$" + strings.Repeat("A", 43)

// matches compares a password with a stored hash.
func (h *hasher) matches(ctx context.Context, password, stored string) (bool, error) {
	parts := strings.Split(stored, "$")
	if len(parts) != 6 {
		return false, nil
	}
	salt, err := base64.RawStdEncoding.DecodeString(parts[4])
	if err != nil {
		return false, fmt.Errorf("read a password's salt: %w", err)
	}
	want, err := base64.RawStdEncoding.DecodeString(parts[5])
	if err != nil {
		return false, fmt.Errorf("read a password's hash: %w", err)
	}
	got, err := h.key(ctx, password, salt)
	if err != nil {
		return false, err
	}
	return subtle.ConstantTimeCompare(got, want) == 1, nil
}

// Lengths of a password, in characters. Fourteen is TCVN 14423's least where no
// second factor is used.
const (
	MinPassword = 14
	MaxPassword = 256
)

// guessable are words that every attacker of this system tries first, and the
// stretches of the keyboard of which the common long passwords are made; longer
// ones stand before those that they hold.
var guessable = []string{
	"password", "matkhau", "haidang", "haiphong", "thanhpho", "uyban", "congchuc", "canbo", "daotao", "boiduong",
	"administrator", "admin", "welcome", "letmein", "iloveyou", "anhyeuem", "emyeuanh", "vietnam", "hanoi", "hochiminh",
	"nguyenvana", "dichvucong", "xinchao",
	"abcdefghijklmnop", "abcdefgh", "abcdefg", "abcdef", "abcd", "abc",
	"qwertyuiop", "asdfghjkl", "zxcvbnm", "qwerty", "qwer", "asdf", "zxcv", "qwe", "asd", "zxc",
	"qaz", "wsx", "edc", "rfv", "tgb", "yhn", "ujm", "zaq", "xsw", "cde", "vfr",
}

// lookAlikes are the signs that people put for letters.
var lookAlikes = strings.NewReplacer("@", "a", "0", "o", "$", "s")

// checkPassword refuses with ErrPasswordShort or ErrPasswordGuessable. There are
// no rules on which characters a password is made of. Lists of common passwords
// hold next to nothing of fourteen characters but words and stretches of the
// keyboard with numbers; so those are taken out, and something has to be left.
func checkPassword(password, username string) error {
	n := utf8.RuneCountInString(norm.NFC.String(password)) // typed on some machines, ế is three
	if n < MinPassword || n > MaxPassword {
		return ErrPasswordShort
	}
	folded := vietnamese.SearchKey(password)
	words := slices.Concat([]string{strings.Map(onlyLetters, username)}, guessable)
	left := min(lettersBeside(words, folded), lettersBeside(words, lookAlikes.Replace(folded)))
	if left < 4 && !manySymbols(folded) || distinct(folded) < 6 {
		return ErrPasswordGuessable
	}
	return nil
}

// lettersBeside counts the different letters of s that belong to none of words.
func lettersBeside(words []string, s string) int {
	letters := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return r
		}
		return -1
	}, s)
	for _, word := range words {
		if len(word) >= 3 {
			letters = strings.ReplaceAll(letters, word, "")
		}
	}
	return distinct(letters)
}

func distinct(s string) int {
	seen := map[rune]bool{}
	for _, r := range s {
		seen[r] = true
	}
	return len(seen)
}

func onlyLetters(r rune) rune {
	if r >= 'a' && r <= 'z' {
		return r
	}
	return -1
}

// manySymbols lets a password of few letters through when much of the rest is
// neither a digit nor put for a letter, nor the digits with the shift key held.
func manySymbols(s string) bool {
	s = lookAlikes.Replace(strings.ReplaceAll(s, "!@#$%^&*()", ""))
	return distinct(strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return -1
		}
		return r
	}, s)) >= 6
}

// firstPassword is what somebody signs in with first: drawn until checkPassword
// takes it, for by chance even twenty random signs hold stretches of the keyboard.
func firstPassword(username string) string {
	for {
		if password := drawPassword(); checkPassword(password, username) == nil {
			return password
		}
	}
}

// drawPassword is random and easy to read out: five groups of four.
func drawPassword() string {
	const letters = "abcdefghjkmnpqrstuvwxyz23456789"
	var b strings.Builder
	for i := range 20 {
		if i > 0 && i%4 == 0 {
			b.WriteByte('-')
		}
		n, _ := rand.Int(rand.Reader, big.NewInt(int64(len(letters)))) // the reader never fails
		b.WriteByte(letters[n.Int64()])
	}
	return b.String()
}

// digest is how a refresh token's secret is kept.
func digest(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}
