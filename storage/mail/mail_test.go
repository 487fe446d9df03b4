package mail_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"haidang/courses/notices"
	"haidang/storage/mail"
	"haidang/storage/mail/mailtest"
	"io"
	"math/big"
	"mime"
	"mime/quotedprintable"
	"net"
	netmail "net/mail"
	"strings"
	"testing"
	"time"
)

const from = "Hải Đăng <khong-tra-loi@hoc.example.vn>"

func opened(t *testing.T, scheme string, s *mailtest.Server) *mail.Server {
	t.Helper()
	server, err := mail.Open(scheme+"://"+s.Address(), from, "https://hoc.example.vn")
	if err != nil {
		t.Fatal(err)
	}
	return server
}

func TestAMessageArrivesAsItWasWritten(t *testing.T) {
	s := mailtest.Start(t, nil)
	text := "Học tiếp “Hộ tịch”.\n\n.một dòng bắt đầu bằng dấu chấm\n" + strings.Repeat("Đăng ký khai sinh quá hạn ", 60) + "\n\nMở: https://hoc.example.vn/khoa-hoc/1?a=b\n"
	subject := "Học tiếp “Hộ tịch: đăng ký khai sinh, kết hôn và những việc khác của tư pháp – hộ tịch ở cấp xã”"
	err := opened(t, "smtp", s).Send(t.Context(), "hai@example.vn", notices.Message{ID: "01a-b", Subject: subject, Text: text})
	if err != nil {
		t.Fatal(err)
	}
	taken := s.Taken("hai@example.vn")
	if len(taken) != 1 || taken[0].From != "khong-tra-loi@hoc.example.vn" {
		t.Fatalf("the server took %+v", taken)
	}
	m := taken[0].Read(t)
	words := new(mime.WordDecoder)
	for name, want := range map[string]string{
		"Subject": subject, "To": "<hai@example.vn>", "Message-Id": "<01a-b@hoc.example.vn>", "Auto-Submitted": "auto-generated",
		"List-Unsubscribe": "<https://hoc.example.vn/thong-bao/cai-dat>", "Precedence": "bulk", "Content-Type": "text/plain; charset=UTF-8", "User-Agent": "", "Bcc": "",
	} {
		if got, err := words.DecodeHeader(m.Header.Get(name)); err != nil || got != want {
			t.Errorf("%s is %q, %v", name, got, err)
		}
	}
	if sender, err := m.Header.AddressList("From"); err != nil || len(sender) != 1 || *sender[0] != (netmail.Address{Name: "Hải Đăng", Address: "khong-tra-loi@hoc.example.vn"}) {
		t.Errorf("it is from %v, %v", sender, err)
	}
	if at, err := m.Header.Date(); err != nil || time.Since(at) > time.Minute {
		t.Errorf("it is of %v, %v", at, err)
	}
	body, err := io.ReadAll(quotedprintable.NewReader(m.Body))
	if got := strings.ReplaceAll(string(body), "\r\n", "\n"); err != nil || strings.TrimRight(got, "\n") != strings.TrimRight(text, "\n") {
		t.Errorf("it says %q, %v", got, err)
	}
	for line := range strings.SplitSeq(taken[0].Raw, "\r\n") {
		if len(line) > 998 || strings.Contains(line, "\n") {
			t.Errorf("a line of %d bytes: %q", len(line), line)
		}
	}
}

func TestNothingBeginsAnotherHeader(t *testing.T) {
	s := mailtest.Start(t, nil)
	server := opened(t, "smtp", s)
	err := server.Send(t.Context(), "hai@example.vn", notices.Message{ID: "1", Subject: "Học\r\nBcc: thief@example.vn\r\n\r\nxin", Text: "x"})
	if err != nil {
		t.Fatal(err)
	}
	m := s.Taken("hai@example.vn")[0].Read(t)
	if m.Header.Get("Bcc") != "" || len(s.Taken("thief@example.vn")) != 0 {
		t.Errorf("the headers are %v", m.Header)
	}
	for _, to := range []string{"hai@example.vn\r\nRCPT TO:<thief@example.vn>", "hai@example.vn, thief@example.vn", "", "<>", "a b@example.vn"} {
		if err := server.Send(t.Context(), to, notices.Message{ID: "1", Subject: "x", Text: "x"}); err == nil {
			t.Errorf("%q is sent to", to)
		}
	}
	if len(s.Taken("thief@example.vn")) != 0 {
		t.Error("somebody else gets it")
	}
}

func TestARefusalIsFinalAndAServerThatIsAwayIsNot(t *testing.T) {
	s := mailtest.Start(t, nil)
	server := opened(t, "smtp", s)
	s.Refuse("gone@example.vn", "no such mailbox here")
	var refused *notices.Refused
	if err := server.Send(t.Context(), "gone@example.vn", notices.Message{ID: "1", Subject: "x", Text: "x"}); !errors.As(err, &refused) || !strings.Contains(refused.Said, "no such mailbox here") || !strings.HasPrefix(refused.Said, "550") {
		t.Errorf("an unknown mailbox gives %v", err)
	}
	s.Down()
	if err := server.Send(t.Context(), "hai@example.vn", notices.Message{ID: "1", Subject: "x", Text: "x"}); err == nil || errors.As(err, &refused) {
		t.Errorf("a server that is away gives %v", err)
	}
}

func TestAServerThatNobodyVouchesForGetsNothing(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
	cert, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	s := mailtest.Start(t, &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{cert}, PrivateKey: key}}}) //nolint:gosec // of a test
	err = opened(t, "smtps", s).Send(t.Context(), "hai@example.vn", notices.Message{ID: "1", Subject: "x", Text: "x"})
	var unknown x509.UnknownAuthorityError
	if !errors.As(err, &unknown) || len(s.Taken("hai@example.vn")) != 0 {
		t.Errorf("a certificate of its own making gives %v", err)
	}
}

func TestBadSettingsAreRefusedWithoutTheirPassword(t *testing.T) {
	for _, server := range []string{"", "mail.example.vn", "http://user:geheim@mail.example.vn", "smtp://", "smtp://user:geheim@:25", "smtp://user:geheim@host:%zz"} {
		if _, err := mail.Open(server, from, "https://hoc.example.vn"); err == nil || strings.Contains(err.Error(), "geheim") {
			t.Errorf("%q gives %v", server, err)
		}
	}
	if _, err := mail.Open("smtp://mail.example.vn", "nobody", "https://hoc.example.vn"); err == nil {
		t.Error("mail may be from nobody")
	}
}
