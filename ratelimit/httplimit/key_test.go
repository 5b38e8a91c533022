package httplimit_test

import (
	"net/http"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/ratelimit/clientip"
	"github.com/seed-9937a0e6/upstash-go/ratelimit/httplimit"
)

var clientSource = clientip.Peer()

// keyOf is the key that reaches the limiter.
func keyOf(t *testing.T, key httplimit.KeyFunc, r *http.Request) string {
	t.Helper()
	l := perMinute("burst", 100)
	serve(limited(t, l, httplimit.Options{Key: key}, nil), r)
	if len(l.calls) != 1 {
		t.Fatalf("%d calls of the limiter, want 1", len(l.calls))
	}
	return l.calls[0].Key
}

func TestKeys(t *testing.T) {
	t.Parallel()
	hop, err := clientip.TrustedHops(1)
	if err != nil {
		t.Fatal(err)
	}
	address := httplimit.ByAddress(clientSource)
	user := func(r *http.Request) string { return r.Header.Get("User") }
	v6 := request(t, "/api")
	v6.RemoteAddr = "[2001:db8::7]:1"
	for _, tt := range []struct {
		name string
		key  httplimit.KeyFunc
		r    *http.Request
		want string
	}{
		{"default", nil, request(t, "/api", "X-Forwarded-For", "198.51.100.1"), "203.0.113.7"},
		{"address", address, request(t, "/api"), "203.0.113.7"},
		{"address IPv6", address, v6, "2001:db8::/64"},
		{"address behind a proxy", httplimit.ByAddress(hop), request(t, "/", "X-Forwarded-For", "198.51.100.1, 192.0.2.9"), "192.0.2.9"},
		{"path", httplimit.ByAddressAndPath(clientSource), request(t, "/api/a?b=c"), "203.0.113.7:/api/a"},
		{"path IPv6", httplimit.ByAddressAndPath(clientSource), v6, "2001:db8::/64:/api"},
		{"path in escapes", httplimit.ByAddressAndPath(clientSource), request(t, "/%61pi/%C3%BC%20%2fx"), "203.0.113.7:/api/%C3%BC%20/x"},
		{"header", httplimit.ByHeader("x-api-key", address), request(t, "/", "X-Api-Key", "k1", "X-Api-Key", "junk"), "header:k1"},
		{"header, none", httplimit.ByHeader("x-api-key", address), request(t, "/"), "203.0.113.7"},
		{"user", httplimit.ByUser(user, address), request(t, "/", "User", "ann"), "user:ann"},
		{"user, none", httplimit.ByUser(user, address), request(t, "/"), "203.0.113.7"},
		{"user who is called like an address", httplimit.ByUser(user, address), request(t, "/", "User", "203.0.113.7"), "user:203.0.113.7"},
		{"own", func(r *http.Request) string { return r.Method }, request(t, "/"), "GET"},
		{"own, not UTF-8", func(*http.Request) string { return "\xff" }, request(t, "/"), "sha256:qBAK5qoZQNC2Y7sxzUZhQuu9vVGHExuS2TgYmHgy64k"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, keyOf(t, tt.key, tt.r)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// TestKeysStayApart gives keys that must not meet, and must be fit to be stored.
func TestKeysStayApart(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("k", 257)
	seen := map[string]string{}
	keys := []string{long[1:], long, long + "k", "\xff", "\xfe"}
	for _, key := range keys {
		stored := keyOf(t, func(*http.Request) string { return key }, request(t, "/"))
		keys = append(keys, stored) // what a client sends who has seen it
	}
	for _, key := range keys {
		stored := keyOf(t, func(*http.Request) string { return key }, request(t, "/"))
		if other, ok := seen[stored]; ok && other != key {
			t.Errorf("%q and %q are both stored as %q", other, key, stored)
		}
		seen[stored] = key
		if len(stored) > 256 || !utf8.ValidString(stored) {
			t.Errorf("stored as %q", stored)
		}
	}
}

func TestHashed(t *testing.T) {
	t.Parallel()
	address := httplimit.ByAddress(clientSource)
	one := keyOf(t, httplimit.Hashed([]byte("s1"), address), request(t, "/"))
	again := keyOf(t, httplimit.Hashed([]byte("s1"), address), request(t, "/a"))
	other := keyOf(t, httplimit.Hashed([]byte("s2"), address), request(t, "/"))
	if one != again || one == other || len(one) != 43 || strings.Contains(one, "203") {
		t.Errorf("hashed keys: %q, %q, %q", one, again, other)
	}
	h := limited(t, perMinute("burst", 1), httplimit.Options{
		Key: httplimit.Hashed([]byte("s"), httplimit.ByHeader("X-Api-Key", nil)),
	}, nil)
	if w := serve(h, request(t, "/")); w.Code != http.StatusServiceUnavailable {
		t.Errorf("status %d: no key was hashed to a key", w.Code)
	}
}
