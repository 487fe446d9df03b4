package access

import (
	"context"
	"encoding/base64"
	"errors"
	"regexp"
	"strings"
	"testing"
	"testing/cryptotest"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"
)

func TestAPasswordHas14To256Characters(t *testing.T) {
	for _, c := range []struct {
		name, password string
		want           error
	}{
		{"13 characters", "ngọn đèn biển", ErrPasswordShort},
		{"13 characters are more bytes", "ngọnđènbiểnxa", ErrPasswordShort},
		{"14 characters", "ngọnđènbiểnxaa", nil},
		{"13 characters, each mark apart", norm.NFD.String("ngọnđènbiểnxa"), ErrPasswordShort},
		{"14 characters, each mark apart", norm.NFD.String("ngọnđènbiểnxaa"), nil},
		{"256 characters", strings.Repeat("đèn biển", 32), nil},
		{"257 characters", strings.Repeat("đèn biển", 32) + "x", ErrPasswordShort},
		{"none", "", ErrPasswordShort},
	} {
		if err := checkPassword(c.password, "hai"); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
}

func TestALongPassphraseIsTaken(t *testing.T) {
	for _, password := range []string{
		"trời mưa thì ở trong nhà", "đèn soi sóng biển đông", "con mèo mà trèo cây cau", "Hải Phòng có bến Bính cũ",
		"toi la canbo xa dao xa", "correct horse battery staple", "kh7#vq!pz2&mwx", "7#4!9&2(5)1[8]{3}", "мой дом у моря 7",
	} {
		if err := checkPassword(password, "doanvanhai"); err != nil {
			t.Errorf("%q: %v", password, err)
		}
	}
}

func TestWhatIsTriedFirstIsRefused(t *testing.T) {
	for name, list := range map[string][]string{
		"only digits":         {"12345678901234", "20261124202611", "0912345678 0912345678"},
		"few different signs": {"aaaaaaaaaaaaaaaa", "abababababababab", "mnpqrmnpqrmnpqr", "!!!!!!!!!!!!!!!!!!"},
		"words of the system": {
			"haidang2026haidang", "HảiPhòng@2026!!", "matkhau123456789", "Mật khẩu 2026 mật khẩu", "CanBo@CongChuc1", "uybandaotao2026", "haidang-------2026",
			"uyban haiphong 1", "admin@1234567890", "hanoi123456789", "vietnam@12345678",
		},
		"common passwords of 14 signs and more": {
			"passwordpassword", "password12345678", "iloveyou12345678", "qwertyuiop123456", "1234567890qwertyuiop", "qwerty1234567890",
			"qwertyuiopasdfghjkl", "zxcvbnmasdfghjkl", "1qaz2wsx3edc4rfv", "!QAZ@WSX#EDC$RFV", "zaq12wsxcde34rfv", "qazwsxedcrfvtgb",
			"1q2w3e4r5t6y7u8i", "q1w2e3r4t5y6u7i8", "1234qwerasdfzxcv", "123qweasdzxc123", "1234567890-=qwer", "!@#$%^&*()_+qwer",
			"abcdefghijklmnop", "abcd1234abcd1234", "abc123abc123abc", "a1b2c3d4e5f6g7", "1234567890abcdef", "nguyenvana123456",
		},
		"signs put for letters": {"P@ssw0rd12345678", "p@$$w0rdp@$$w0rd", "m@tkh@u123456789", "H@id@ng123456789"},
	} {
		for _, password := range list {
			if err := checkPassword(password, "hocvien"); !errors.Is(err, ErrPasswordGuessable) {
				t.Errorf("%s: %q answers %v", name, password, err)
			}
		}
	}
}

func TestAUserNameWithNumbersIsNoPassword(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		username := rapid.StringMatching(`[a-z]{3,20}`).Draw(t, "username")
		digits := rapid.StringMatching(`[0-9]{14,20}`).Draw(t, "digits")
		at := rapid.IntRange(0, len(digits)).Draw(t, "at")
		password := digits[:at] + strings.ToUpper(username[:1]) + username[1:] + digits[at:]
		if err := checkPassword(password, username); !errors.Is(err, ErrPasswordGuessable) {
			t.Fatalf("%q of %s answers %v", password, username, err)
		}
	})
	if err := checkPassword("doanvanhai198512", "nguyenthimai"); err != nil {
		t.Errorf("somebody else's name: %v", err)
	}
}

func TestAFirstPasswordIsNewReadableAndGoodEnough(t *testing.T) {
	form := regexp.MustCompile(`^[a-hjkmnp-z2-9]{4}(-[a-hjkmnp-z2-9]{4}){4}$`) // without i, l, o, 0, 1
	seen := map[string]bool{}
	for range 10_000 {
		password := firstPassword("hocvien")
		if err := checkPassword(password, "hocvien"); err != nil || !form.MatchString(password) || seen[password] {
			t.Fatalf("%q: %v, or made before, or of another form", password, err)
		}
		seen[password] = true
	}
}

func TestAFirstPasswordThatWouldBeRefusedIsDrawnAgain(t *testing.T) {
	cryptotest.SetGlobalRandom(t, 1)
	first := drawPassword()
	username := strings.Map(onlyLetters, first) // so that no letter is left beside it
	if err := checkPassword(first, username); !errors.Is(err, ErrPasswordGuessable) {
		t.Fatalf("%q is not refused, so this shows nothing: %v", first, err)
	}
	cryptotest.SetGlobalRandom(t, 1)
	if password := firstPassword(username); checkPassword(password, username) != nil {
		t.Errorf("%q would be refused", password)
	}
}

func TestAHashMatchesItsPasswordOnly(t *testing.T) {
	h := newHasher()
	stored, err := h.hash(t.Context(), "đèn soi sóng biển đông")
	if err != nil {
		t.Fatal(err)
	}
	again, err := h.hash(t.Context(), "đèn soi sóng biển đông")
	if err != nil || again == stored {
		t.Errorf("the same password has the same hash twice (%v): it has no salt", err)
	}
	for _, c := range []struct {
		password, stored string
		want             bool
	}{
		{"đèn soi sóng biển đông", stored, true},
		{"đèn soi sóng biển đông", again, true},
		{"đèn soi sóng biển đôn", stored, false},
		{"Đèn soi sóng biển đông", stored, false},
		{"", stored, false},
		{"", "", false},
		{"đèn soi sóng biển đông", strings.TrimSuffix(stored, stored[len(stored)-8:]), false},
	} {
		if got, err := h.matches(t.Context(), c.password, c.stored); err != nil || got != c.want {
			t.Errorf("%q matches %q: %v, %v", c.password, c.stored, got, err)
		}
	}
}

// parts cuts a stored hash into its parameters, salt and key.
func parts(t *testing.T, stored string) (parameters string, salt, key []byte) {
	t.Helper()
	p := strings.Split(stored, "$")
	if len(p) != 6 {
		t.Fatalf("%q is no hash", stored)
	}
	salt, err := base64.RawStdEncoding.DecodeString(p[4])
	if err != nil {
		t.Fatal(err)
	}
	if key, err = base64.RawStdEncoding.DecodeString(p[5]); err != nil {
		t.Fatal(err)
	}
	return strings.Join(p[:4], "$"), salt, key
}

func TestNobodyCostsWhatAnAccountCostsAndNeverMatches(t *testing.T) {
	h := newHasher()
	stored, err := h.hash(t.Context(), "đèn soi sóng biển đông")
	if err != nil {
		t.Fatal(err)
	}
	parameters, salt, key := parts(t, stored)
	itsParameters, itsSalt, itsKey := parts(t, nobody)
	if itsParameters != parameters || len(itsSalt) != len(salt) || len(itsKey) != len(key) || parameters != "$argon2id$v=19$m=19456,t=2,p=1" {
		t.Errorf("%s is another sort of hash than %s", nobody, stored)
	}
	for _, password := range []string{"", "nobody", "đèn soi sóng biển đông", strings.Repeat("\x00", 32)} {
		if got, err := h.matches(t.Context(), password, nobody); got || err != nil {
			t.Errorf("%q is nobody's password: %v, %v", password, got, err)
		}
	}
	// With no room in the queue both are refused: both had to compute.
	fill(h.queue)
	for _, hash := range []string{stored, nobody} {
		if _, err := h.matches(t.Context(), "đèn soi sóng biển đông", hash); !errors.Is(err, ErrBusy) {
			t.Errorf("comparing with %s computes nothing: %v", hash, err)
		}
	}
}

func fill(c chan struct{}) {
	for range cap(c) {
		c <- struct{}{}
	}
}

func TestARushOfSignInsIsToldToComeBack(t *testing.T) {
	h := newHasher()
	fill(h.queue)
	_, err := h.hash(t.Context(), "đèn soi sóng biển đông")
	busy := ErrBusy
	if !errors.As(err, &busy) || !errors.Is(err, ErrBusy) || busy.RetryAfter <= 0 {
		t.Errorf("a full queue answers %v", err)
	}
	<-h.queue
	if _, err := h.hash(t.Context(), "đèn soi sóng biển đông"); err != nil {
		t.Errorf("with one place in the queue: %v", err)
	}
	if len(h.queue) != cap(h.queue)-1 || len(h.slots) != 0 {
		t.Errorf("%d of %d places and %d slots are still taken", len(h.queue), cap(h.queue), len(h.slots))
	}
}

func TestWhoeverGoesAwayLeavesTheQueue(t *testing.T) {
	h := newHasher()
	fill(h.slots)
	ctx, leave := context.WithCancel(t.Context())
	leave()
	if _, err := h.hash(ctx, "đèn soi sóng biển đông"); !errors.Is(err, ErrBusy) {
		t.Errorf("waiting without end answers %v", err)
	}
	if len(h.queue) != 0 {
		t.Errorf("%d places in the queue are still taken", len(h.queue))
	}
}
