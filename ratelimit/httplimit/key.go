package httplimit

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/seed-9937a0e6/upstash-go/ratelimit/clientip"
)

// KeyFunc names who a request counts for. Requests with equal keys share one
// count. An empty key is a failure, [ErrNoKey]: a request that nobody can be
// blamed for does not pass by itself.
//
// What clients may choose freely makes a poor key, because another value is
// another count.
//
// A key that is longer than 256 bytes, or is not UTF-8, reaches the limiter as
// its SHA-256.
type KeyFunc func(*http.Request) string

// ByAddress counts by the address of the client: the text of an IPv4 address,
// the network of an IPv6 address. It is the bare text, the same as of services
// that pass the address as identifier to the TypeScript limiter.
func ByAddress(src clientip.Source) KeyFunc {
	return func(r *http.Request) string { return src.Find(r).Key() }
}

var byPeer = ByAddress(clientip.Peer())

// ByAddressAndPath counts by client and path, as address:/path. However a
// client spells the escapes of a path, it is one path. Each path has its own
// count, so a route with a variable in it ("/users/{id}") is not limited as a
// whole; inside a [http.ServeMux] a KeyFunc may use the Pattern of the request.
func ByAddressAndPath(src clientip.Source) KeyFunc {
	return func(r *http.Request) string {
		return src.Find(r).Key() + ":" + (&url.URL{Path: r.URL.Path}).EscapedPath()
	}
}

// ByHeader counts by the value of a header field, as header:value, and by
// otherwise where there is none. It belongs behind the check of that value:
// before it, a client that invents a value for each request is never limited.
// Of a repeated field the first line counts, the one that [http.Header.Get]
// shows to that check.
func ByHeader(name string, otherwise KeyFunc) KeyFunc {
	return by("header:", func(r *http.Request) string { return r.Header.Get(name) }, otherwise)
}

// ByUser counts by what user returns, as user:name, and by otherwise where that
// is empty, as for a visitor who is not logged in.
func ByUser(user func(*http.Request) string, otherwise KeyFunc) KeyFunc {
	return by("user:", user, otherwise)
}

// by marks the kind of a key, so that a user who is called 192.0.2.1 does not
// count for that address.
func by(kind string, name, otherwise KeyFunc) KeyFunc {
	return func(r *http.Request) string {
		if s := name(r); s != "" {
			return kind + s
		}
		if otherwise == nil {
			return ""
		}
		return otherwise(r)
	}
}

// Hashed replaces keys by their HMAC-SHA256 under a secret, so that neither
// addresses nor names are stored. Without a secret the few billion IPv4
// addresses are soon tried out. Every server needs the same one.
func Hashed(secret []byte, key KeyFunc) KeyFunc {
	return func(r *http.Request) string {
		s := key(r)
		if s == "" {
			return ""
		}
		mac := hmac.New(sha256.New, secret)
		mac.Write([]byte(s)) // never fails
		return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
	}
}

const (
	maxKey     = 256 // bytes; what is longer is some client's idea of a key
	hashedMark = "sha256:"
)

// storable keeps a client from choosing how much is stored, and from making
// the request to the store fail: a string that is not UTF-8 cannot be sent. What
// looks hashed is hashed, or it could be made to meet another key's hash.
func storable(key string) string {
	if len(key) <= maxKey && utf8.ValidString(key) && !strings.HasPrefix(key, hashedMark) {
		return key
	}
	sum := sha256.Sum256([]byte(key))
	return hashedMark + base64.RawURLEncoding.EncodeToString(sum[:])
}
