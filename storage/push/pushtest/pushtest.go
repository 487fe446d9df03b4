// Package pushtest is a browser with its push service on loopback for tests. It decrypts
// what comes (RFC 8291) and checks who signed it (RFC 8292) by the standard library
// alone.
package pushtest

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// Browser is what notices are pushed to.
type Browser struct {
	Endpoint, Key, Auth string // as it subscribes
	Client              *http.Client
	private             *ecdh.PrivateKey
	auth                []byte

	mu      sync.Mutex
	status  int
	asked   int
	shown   []string
	faults  []string
	allowed string // the public key that it subscribed with
}

// Start opens a browser that subscribed with the server's public key; it ends with the
// test.
func Start(t testing.TB) *Browser {
	t.Helper()
	private, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	b := &Browser{private: private, auth: make([]byte, 16), status: http.StatusCreated}
	rand.Read(b.auth) // never fails
	b.Key, b.Auth = encode(private.PublicKey().Bytes()), encode(b.auth)
	service := httptest.NewTLSServer(b)
	t.Cleanup(service.Close)
	b.Endpoint, b.Client = service.URL+"/push/1", service.Client()
	return b
}

var encode, decode = base64.RawURLEncoding.EncodeToString, base64.RawURLEncoding.DecodeString

// Subscribe says with whose key it subscribed.
func (b *Browser) Subscribe(key string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.allowed = key
}

// Answer has its push service answer with a status from now on.
func (b *Browser) Answer(status int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.status = status
}

// Shown is what was decrypted, in order; Asked how often something came at all.
func (b *Browser) Shown(t testing.TB) (list []string, asked int) {
	t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, fault := range b.faults {
		t.Error(fault)
	}
	return append([]string(nil), b.shown...), b.asked
}

// ServeHTTP is the push service.
func (b *Browser) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.asked++
	if err == nil {
		err = b.signed(r)
	}
	var text []byte
	if err == nil && r.Header.Get("Content-Encoding") != "aes128gcm" {
		err = errors.New("the coding is " + r.Header.Get("Content-Encoding"))
	}
	if err == nil {
		text, err = Decrypt(b.private, b.auth, body)
	}
	if err != nil {
		b.faults = append(b.faults, err.Error())
	} else if b.status < 300 {
		b.shown = append(b.shown, string(text))
	}
	w.WriteHeader(b.status)
}

// signed checks the VAPID token of a request.
func (b *Browser) signed(r *http.Request) error {
	header, found := strings.CutPrefix(r.Header.Get("Authorization"), "vapid t=")
	token, key, two := strings.Cut(header, ", k=")
	if !found || !two || key != b.allowed {
		return fmt.Errorf("it is signed as %q, not by %s", r.Header.Get("Authorization"), b.allowed)
	}
	parts := strings.Split(token, ".")
	point, err := decode(key)
	if err != nil || len(parts) != 3 || len(point) != 65 {
		return fmt.Errorf("a token of %d parts, %w", len(parts), err)
	}
	signature, err := decode(parts[2])
	if err != nil || len(signature) != 64 {
		return fmt.Errorf("a signature of %d bytes, %w", len(signature), err)
	}
	sum := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	public, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), point)
	if err != nil {
		return err
	}
	if !ecdsa.Verify(public, sum[:], new(big.Int).SetBytes(signature[:32]), new(big.Int).SetBytes(signature[32:])) {
		return errors.New("the signature is not by that key")
	}
	var claims struct {
		Aud, Sub string
		Exp      int64
	}
	text, err := decode(parts[1])
	if err == nil {
		err = json.Unmarshal(text, &claims)
	}
	left := time.Until(time.Unix(claims.Exp, 0))
	if err != nil || claims.Aud != "https://"+r.Host || claims.Sub == "" || left <= 0 || left > 24*time.Hour {
		return fmt.Errorf("it claims %+v, %w", claims, err)
	}
	return nil
}

// Decrypt reads a body of one record for the browser with the keys.
func Decrypt(private *ecdh.PrivateKey, auth, body []byte) ([]byte, error) {
	if len(body) < 21+65 || body[20] != 65 {
		return nil, fmt.Errorf("a body of %d bytes", len(body))
	}
	salt, size, sender, record := body[:16], binary.BigEndian.Uint32(body[16:20]), body[21:86], body[86:]
	if len(record) > int(size) {
		return nil, errors.New("more than one record")
	}
	public, err := ecdh.P256().NewPublicKey(sender)
	if err != nil {
		return nil, err
	}
	secret, err := private.ECDH(public)
	if err != nil {
		return nil, err
	}
	info := "WebPush: info\x00" + string(private.PublicKey().Bytes()) + string(sender)
	ikm, err := hkdf.Key(sha256.New, secret, auth, info, 32)
	if err != nil {
		return nil, err
	}
	key, err := hkdf.Key(sha256.New, ikm, salt, "Content-Encoding: aes128gcm\x00", 16)
	if err != nil {
		return nil, err
	}
	nonce, err := hkdf.Key(sha256.New, ikm, salt, "Content-Encoding: nonce\x00", 12)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		return nil, err
	}
	padded, err := gcm.Open(nil, nonce, record, nil)
	if err != nil {
		return nil, err
	}
	text, last := bytes.CutSuffix(bytes.TrimRight(padded, "\x00"), []byte{2})
	if !last {
		return nil, errors.New("not the last record")
	}
	return text, nil
}
