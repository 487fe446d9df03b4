package push

import (
	"crypto/ecdh"
	"encoding/base64"
	"encoding/json"
	"errors"
	"haidang/courses/notices"
	"haidang/storage/push/pushtest"
	"net/netip"
	"strings"
	"testing"
)

// TestTheBrowserOfTheTestsDecryptsTheExampleOfTheStandard holds the tests' own reader to
// RFC 8291, appendix A.
func TestTheBrowserOfTheTestsDecryptsTheExampleOfTheStandard(t *testing.T) {
	read := func(s string) []byte {
		b, err := base64.RawURLEncoding.DecodeString(s)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	private, err := ecdh.P256().NewPrivateKey(read("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"))
	if err != nil {
		t.Fatal(err)
	}
	body := read("DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN")
	text, err := pushtest.Decrypt(private, read("BTBZMqHH6r4Tts7J_aSIgg"), body)
	if err != nil || string(text) != "When I grow up, I want to be a watermelon" {
		t.Errorf("it reads %q, %v", text, err)
	}
}

func TestAMessageComesEncryptedAndSigned(t *testing.T) {
	key, err := NewKey()
	if err != nil {
		t.Fatal(err)
	}
	b := pushtest.Start(t)
	s, err := New(key, "https://hoc.example.vn", "https://hoc.example.vn", b.Client)
	if err != nil {
		t.Fatal(err)
	}
	b.Subscribe(s.Key)
	device := notices.Device{Endpoint: b.Endpoint, Key: b.Key, Auth: b.Auth}
	m := notices.Message{ID: "1", Subject: "Học tiếp “Hộ tịch”", Text: "geheim", Page: "https://hoc.example.vn/khoa-hoc/1"}
	if err := s.Push(t.Context(), device, m); err != nil {
		t.Fatal(err)
	}
	shown, _ := b.Shown(t)
	var got map[string]string
	if len(shown) != 1 || json.Unmarshal([]byte(shown[0]), &got) != nil || len(got) != 3 || got["body"] != m.Subject || got["page"] != "/khoa-hoc/1" || got["id"] != "1" {
		t.Errorf("the browser is shown %v", shown)
	}
	var refused *notices.Refused
	for status, final := range map[int]bool{404: true, 410: true, 429: false, 500: false, 403: false, 301: false} {
		b.Answer(status)
		if err := s.Push(t.Context(), device, m); err == nil || errors.As(err, &refused) != final {
			t.Errorf("an answer %d gives %v", status, err)
		}
	}
}

func TestNothingGoesToPrivateAddresses(t *testing.T) {
	key, err := NewKey()
	if err != nil {
		t.Fatal(err)
	}
	b := pushtest.Start(t)
	s, err := New(key, "https://hoc.example.vn", "https://hoc.example.vn", nil)
	if err != nil {
		t.Fatal(err)
	}
	m := notices.Message{ID: "1", Subject: "x", Page: "https://hoc.example.vn/"}
	port := b.Endpoint[strings.LastIndex(b.Endpoint, ":"):]
	for _, endpoint := range []string{
		b.Endpoint, "https://localhost" + port, "https://[::1]" + port, "https://[::ffff:127.0.0.1]" + port, "https://2130706433" + port, "https://127.1:443/", "https://10.0.0.1/", "https://169.254.169.254/latest",
	} {
		err := s.Push(t.Context(), notices.Device{Endpoint: endpoint, Key: b.Key, Auth: b.Auth}, m)
		if err == nil {
			t.Errorf("%s is reached", endpoint)
		}
	}
	if _, asked := b.Shown(t); asked != 0 {
		t.Errorf("the service on loopback was asked %d times", asked)
	}
	for address, want := range map[string]bool{
		"142.250.4.188": true, "2404:6800:4003::bc": true, "127.0.0.1": false, "10.1.2.3": false, "172.16.0.1": false, "192.168.1.1": false, "169.254.169.254": false,
		"100.64.0.1": false, "0.0.0.0": false, "224.0.0.1": false, "255.255.255.255": false, "::1": false, "::": false, "fe80::1": false, "fc00::1": false, "ff02::1": false,
		"::ffff:10.0.0.1": false, "64:ff9b::a00:1": false, "2002:a00:1::": false, "192.0.2.1": false, "198.18.0.1": false, "fe80::1%eth0": false, "2001::1": false,
	} {
		if got := public(netip.MustParseAddr(address)); got != want {
			t.Errorf("%s is public: %v", address, got)
		}
	}
}
