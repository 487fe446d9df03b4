// Package mailtest is a real SMTP server on loopback for tests. It keeps what it takes
// and hands it out as it came over the wire.
package mailtest

import (
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
)

// Server takes mail until it goes down.
type Server struct {
	t       testing.TB
	address string
	server  *smtp.Server
	served  chan error

	mu      sync.Mutex
	taken   []Mail
	refuses map[string]string
}

// Mail is one message that was taken.
type Mail struct {
	From, To string // of the envelope
	Raw      string
}

// Start begins a server; it ends with the test. With a configuration it speaks TLS from
// the first byte on.
func Start(t testing.TB, encrypted *tls.Config) *Server {
	t.Helper()
	s := &Server{t: t, address: "127.0.0.1:0", refuses: map[string]string{}}
	s.up(encrypted)
	t.Cleanup(s.Down)
	return s
}

// Address is host and port.
func (s *Server) Address() string { return s.address }

// Up starts a server that went down, at its old address.
func (s *Server) Up() { s.up(nil) }

func (s *Server) up(encrypted *tls.Config) {
	s.t.Helper()
	l, err := net.Listen("tcp", s.address)
	if err != nil {
		s.t.Fatal(err)
	}
	s.address = l.Addr().String()
	if encrypted != nil {
		l = tls.NewListener(l, encrypted)
	}
	s.server = smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &session{server: s}, nil }))
	s.server.Domain, s.server.ReadTimeout, s.server.WriteTimeout = "mail.test", 10*time.Second, 10*time.Second
	s.server.ErrorLog = quiet{}
	served, server := make(chan error, 1), s.server
	s.served = served
	go func() { served <- server.Serve(l) }()
}

// quiet says nothing of clients that break off.
type quiet struct{}

func (quiet) Printf(string, ...any) {}
func (quiet) Println(...any)        {}

// Down lets nobody in any more.
func (s *Server) Down() {
	if s.server == nil {
		return
	}
	if err := s.server.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
		s.t.Error(err)
	}
	if err := <-s.served; err != nil && !errors.Is(err, smtp.ErrServerClosed) && !errors.Is(err, net.ErrClosed) {
		s.t.Error(err)
	}
	s.server = nil
}

// Refuse has an address refused, with what is said.
func (s *Server) Refuse(address, said string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refuses[address] = said
}

// Taken is what came for an address, in order.
func (s *Server) Taken(address string) []Mail {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []Mail
	for _, m := range s.taken {
		if m.To == address {
			list = append(list, m)
		}
	}
	return list
}

// Read parses a message by the standard library, which had no part in writing it.
func (m Mail) Read(t testing.TB) *mail.Message {
	t.Helper()
	message, err := mail.ReadMessage(strings.NewReader(m.Raw))
	if err != nil {
		t.Fatalf("%v in %s", err, m.Raw)
	}
	return message
}

// session is one connection.
type session struct {
	server   *Server
	from, to string
}

func (s *session) Reset()        { s.from, s.to = "", "" }
func (s *session) Logout() error { return nil }

func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	s.from = from
	return nil
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.server.mu.Lock()
	defer s.server.mu.Unlock()
	if said, refused := s.server.refuses[to]; refused {
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: said}
	}
	s.to = to
	return nil
}

func (s *session) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	s.server.mu.Lock()
	defer s.server.mu.Unlock()
	s.server.taken = append(s.server.taken, Mail{s.from, s.to, string(raw)})
	return nil
}
