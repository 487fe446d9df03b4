// Package mail sends messages by SMTP.
package mail

import (
	"context"
	"errors"
	"fmt"
	"haidang/courses/notices"
	"net/mail"
	"net/url"
	"strconv"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"
)

// Server is a mail server that takes messages for anybody.
type Server struct {
	host    string
	options []gomail.Option
	from    *mail.Address
	name    string // of this program's host, in ids of messages
	base    string
}

const timeout = 30 * time.Second

// Open reads where the server is, smtps://user:password@host:465 or
// smtp://host:587 with STARTTLS, who messages are from, and the program's address. It
// connects to nothing yet. In the clear it speaks to this machine alone.
func Open(server, from, base string) (*Server, error) {
	u, err := url.Parse(server)
	if err != nil || u.Hostname() == "" || u.Scheme != "smtp" && u.Scheme != "smtps" {
		return nil, errors.New("the mail server is written smtps://user:password@host:465 or smtp://host:587") // without the password that may be in it
	}
	sender, err := mail.ParseAddress(from)
	if err != nil {
		return nil, fmt.Errorf("who mail is from is written Hải Đăng <no-reply@example.vn>: %w", err)
	}
	own, err := url.Parse(base)
	if err != nil {
		return nil, fmt.Errorf("read the program's address: %w", err)
	}
	s := &Server{host: u.Hostname(), from: sender, name: own.Hostname(), base: base, options: []gomail.Option{gomail.WithTimeout(timeout), gomail.WithHELO(own.Hostname())}}
	switch {
	case u.Scheme == "smtps":
		s.options = append(s.options, gomail.WithSSLPort(false))
	case loopback(u.Hostname()):
		s.options = append(s.options, gomail.WithTLSPortPolicy(gomail.TLSOpportunistic))
	default:
		s.options = append(s.options, gomail.WithTLSPortPolicy(gomail.TLSMandatory))
	}
	if port, err := strconv.Atoi(u.Port()); err == nil {
		s.options = append(s.options, gomail.WithPort(port))
	}
	if u.User != nil {
		password, _ := u.User.Password()
		s.options = append(s.options, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover), gomail.WithUsername(u.User.Username()), gomail.WithPassword(password))
	}
	return s, nil
}

func loopback(host string) bool { return host == "127.0.0.1" || host == "::1" || host == "localhost" }

// Send implements notices.Sender. A 5xx answer to the recipient or the message is
// final; everything else is not.
func (s *Server) Send(ctx context.Context, to string, m notices.Message) error {
	message, err := s.write(to, m)
	if err != nil {
		return err
	}
	client, err := gomail.NewClient(s.host, s.options...)
	if err != nil {
		return fmt.Errorf("prepare for the mail server: %w", err)
	}
	err = client.DialAndSendWithContext(ctx, message)
	var failed *gomail.SendError
	if errors.As(err, &failed) && failed.ErrorCode() >= 500 && (failed.Reason == gomail.ErrSMTPRcptTo || failed.Reason == gomail.ErrSMTPDataClose) {
		return &notices.Refused{Said: answer(failed)}
	}
	if err != nil {
		return fmt.Errorf("mail: %w", err)
	}
	return nil
}

// answer is what the server said, on one line.
func answer(err *gomail.SendError) string {
	text := err.Error()
	if i := strings.Index(text, strconv.Itoa(err.ErrorCode())); i >= 0 {
		text = text[i:]
	}
	return strings.Join(strings.Fields(text), " ")
}

// write makes the message. Neither subject nor address can begin another header: both
// are encoded by the library, and addresses are checked.
func (s *Server) write(to string, m notices.Message) (*gomail.Msg, error) {
	message := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	message.FromMailAddress(s.from)
	if err := message.To(to); err != nil {
		return nil, &notices.Refused{Said: "no mail address"}
	}
	message.Subject(m.Subject)
	message.SetDate()
	message.SetMessageIDWithValue(m.ID + "@" + s.name)
	message.SetGenHeader(gomail.HeaderListUnsubscribe, "<"+s.base+"/thong-bao/cai-dat>")
	message.SetGenHeader("Auto-Submitted", "auto-generated")
	message.SetGenHeader(gomail.HeaderPrecedence, "bulk")
	message.SetBodyString(gomail.TypeTextPlain, m.Text)
	return message, nil
}
