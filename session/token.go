package session

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"
)

// Token is what a client keeps to be recognized: whoever has it is the user.
// It belongs into a cookie, and nowhere else: string(t) is its text, and
// Token(text) brings it back. It does not print itself.
//
// A token is 100 characters that a cookie can carry: a version, the handle of
// its user, both limits of the session, 256 random bits and a check.
type Token string

const hiddenToken = "session.Token{hidden}"

// Format prints the type, whatever the verb.
func (Token) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, hiddenToken) }

// LogValue is the type, so that a logger shows no more.
func (Token) LogValue() slog.Value { return slog.StringValue(hiddenToken) }

// MarshalText fails: documents end up in logs, pages and caches.
func (Token) MarshalText() ([]byte, error) {
	return nil, errors.New("session: a token belongs into a cookie, not into a document")
}

// The layout of a token, in bytes.
const (
	tokenVersion = 1

	handleAt   = 1
	expiresAt  = handleAt + handleSize
	idleAt     = expiresAt + 6
	secretAt   = idleAt + 4
	macAt      = secretAt + secretSize
	tokenSize  = macAt + macSize
	handleSize = 16
	secretSize = 32
	macSize    = 16
)

var tokenLength = base64.RawURLEncoding.EncodedLen(tokenSize)

// claims is what a token says in clear. All of it is part of the digest that
// the session is found by, so that a token with other claims is of no session.
type claims struct {
	handle  [handleSize]byte
	expires time.Time     // the absolute limit, to the millisecond
	idle    time.Duration // whole seconds
}

// issue makes the token of a secret, and the ID of its session.
func (m *Manager[T]) issue(c claims, secret [secretSize]byte) (token Token, id string) {
	var b [tokenSize]byte
	b[0] = tokenVersion
	copy(b[handleAt:], c.handle[:])
	var wide [8]byte
	binary.BigEndian.PutUint64(wide[:], uint64(c.expires.UnixMilli()))
	copy(b[expiresAt:], wide[2:])
	binary.BigEndian.PutUint32(b[idleAt:], uint32(c.idle/time.Second)) //nolint:gosec // checkLimits holds it below 2^32
	copy(b[secretAt:], secret[:])
	copy(b[macAt:], m.mac("token", b[:macAt]))
	return Token(base64.RawURLEncoding.EncodeToString(b[:])), publicID(b[:macAt])
}

// read takes a token apart. What this manager did not issue is refused, all of
// it when there is a Secret, and only what is malformed otherwise.
func (m *Manager[T]) read(t Token) (c claims, id string, ok bool) {
	if len(t) != tokenLength {
		return claims{}, "", false
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(string(t))
	if err != nil || len(b) != tokenSize || b[0] != tokenVersion ||
		subtle.ConstantTimeCompare(b[macAt:], m.mac("token", b[:macAt])) == 0 {
		return claims{}, "", false
	}
	copy(c.handle[:], b[handleAt:])
	var wide [8]byte
	copy(wide[2:], b[expiresAt:idleAt])
	c.expires = time.UnixMilli(int64(binary.BigEndian.Uint64(wide[:]))) //nolint:gosec // 48 bits fit
	c.idle = time.Duration(binary.BigEndian.Uint32(b[idleAt:])) * time.Second
	return c, publicID(b[:macAt]), c.idle > 0
}

// publicID names a session in the database and in device lists. The digest of
// 256 random bits leads nobody back to them, so that a fast hash is enough.
func publicID(claimed []byte) string {
	sum := sha256.Sum256(append([]byte("upstash-go session id\x00"), claimed...))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// mac is keyed by the Secret, and a plain digest without one: then it tells
// typing errors from tokens, and no more.
func (m *Manager[T]) mac(purpose string, message []byte) []byte {
	sum := sha256.New()
	if m.opts.Secret != nil {
		sum = hmac.New(sha256.New, m.opts.Secret)
	}
	_, _ = sum.Write([]byte("upstash-go session " + purpose + "\x00")) // a hash does not fail
	_, _ = sum.Write(message)
	return sum.Sum(nil)[:macSize]
}
