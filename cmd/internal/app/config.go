// Package app is the only place where services are built from stores.
package app

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
)

// Config says where the stores are and how the program is reached.
type Config struct {
	Env           string `help:"production refuses unsafe settings." enum:"development,production" default:"development" env:"HAIDANG_ENV"`
	BaseURL       string `help:"Address that browsers use." default:"http://127.0.0.1:8080" env:"HAIDANG_BASE_URL"`
	MongoURI      string `help:"MongoDB replica set or sharded cluster." env:"MONGODB_URI" name:"mongodb-uri"`
	MongoName     string `help:"Name of the database." default:"haidang" env:"HAIDANG_DATABASE" name:"database"`
	S3Endpoint    string `help:"Object storage: https://host or http://host:port." env:"S3_ENDPOINT" name:"s3-endpoint"`
	S3Bucket      string `help:"Bucket for lesson media." default:"haidang" env:"S3_BUCKET" name:"s3-bucket"`
	S3Region      string `help:"Region of the bucket." default:"us-east-1" env:"S3_REGION" name:"s3-region"`
	S3AccessKey   string `help:"Access key." env:"S3_ACCESS_KEY" name:"s3-access-key"`
	S3SecretKey   string `help:"Secret key." env:"S3_SECRET_KEY" name:"s3-secret-key"`
	FFmpeg        string `help:"The ffmpeg program." default:"ffmpeg" env:"HAIDANG_FFMPEG" name:"ffmpeg"`
	Soffice       string `help:"The LibreOffice program that converts old .doc and .ppt; where there is none, they are refused." default:"soffice" env:"HAIDANG_SOFFICE" name:"soffice"`
	Transcode     bool   `help:"Make smaller forms of recordings, and pages of documents, on this server." default:"true" negatable:"" env:"HAIDANG_TRANSCODE"`
	StorageCap    int    `help:"GiB that an organisation may keep for which administrators set nothing else; 0 is no cap." default:"0" env:"HAIDANG_STORAGE_CAP_GIB" name:"storage-cap-gib"`
	SMTP          string `help:"Mail server: smtps://user:password@host:465, or smtp://host:587 with STARTTLS; without it no mail is sent." env:"HAIDANG_SMTP" name:"smtp"`
	SMTPFrom      string `help:"Who mail is from." default:"Hải Đăng <no-reply@localhost>" env:"HAIDANG_SMTP_FROM" name:"smtp-from"`
	Gateway       string `help:"Address of a program that sends SMS or Zalo, which is sent one signed request for each message; without it none are sent." env:"HAIDANG_GATEWAY" name:"gateway"`
	GatewaySecret string `help:"What requests to the gateway are signed with (HMAC-SHA256)." env:"HAIDANG_GATEWAY_SECRET" name:"gateway-secret"`
	CallsAWeek    int    `help:"How often an organisation may write to those on its courses, in a week." default:"5" env:"HAIDANG_CALLS_A_WEEK" name:"calls-a-week"`
	LedgerOrigin  string `help:"Name that the ledger signs its heads with." default:"haidang.haiphong.gov.vn/ledger" env:"HAIDANG_LEDGER_ORIGIN"`
	TrustProxies  string `help:"Comma-separated addresses of proxies whose X-Forwarded-For is believed." env:"HAIDANG_TRUST_PROXIES"`
	Version       string `kong:"-"`
	// PushClient reaches push services; nil reaches public addresses alone. Only tests
	// set it.
	PushClient *http.Client `kong:"-"`
}

// Check refuses settings that would be unsafe in production.
func (c Config) Check() error {
	base, err := url.Parse(c.BaseURL)
	if err != nil || base.Host == "" {
		return errors.New("HAIDANG_BASE_URL must be a whole address, such as https://hoc.example.vn")
	}
	loopback := base.Hostname() == "127.0.0.1" || base.Hostname() == "localhost" || base.Hostname() == "::1"
	if base.Scheme != "https" && !loopback {
		return errors.New("HAIDANG_BASE_URL must be https, except on loopback: cookies would travel in the clear")
	}
	if c.Env != "production" {
		return nil
	}
	switch {
	case base.Scheme != "https":
		return errors.New("production needs an https HAIDANG_BASE_URL")
	case !strings.Contains(c.MongoURI, "tls=true") && !strings.Contains(c.MongoURI, "ssl=true") && !strings.HasPrefix(c.MongoURI, "mongodb+srv://"):
		return errors.New("production needs TLS to MongoDB: add tls=true to MONGODB_URI")
	case !strings.HasPrefix(c.S3Endpoint, "https://"):
		return errors.New("production needs an https S3_ENDPOINT")
	case c.SMTP != "" && strings.Contains(c.SMTPFrom, "@localhost"):
		return errors.New("production needs a HAIDANG_SMTP_FROM beside HAIDANG_SMTP")
	case c.Gateway != "" && weak(c.GatewaySecret):
		return errors.New("HAIDANG_GATEWAY_SECRET is a known default or shorter than 16 characters")
	case weak(c.S3SecretKey):
		return errors.New("S3_SECRET_KEY is a known default or shorter than 16 characters")
	}
	return nil
}

// weak says that a secret is a published default or too short to be one.
func weak(secret string) bool {
	return len(secret) < 16 || strings.Contains(strings.ToLower(secret), "minioadmin") ||
		strings.Contains(strings.ToLower(secret), "password") || strings.Contains(strings.ToLower(secret), "changeme")
}
