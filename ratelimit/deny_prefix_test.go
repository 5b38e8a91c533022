package ratelimit_test

import (
	"math/rand/v2"
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/seed-9937a0e6/upstash-go/ratelimit"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

func TestDenyPrefixes(t *testing.T) {
	t.Parallel()
	srv, now := newServer(t)
	var networks []netip.Prefix
	for _, text := range []string{"203.0.113.0/24", "203.0.113.128/25", "198.51.100.7/32", "2001:db8::1/32", "::ffff:192.0.2.0/120"} {
		networks = append(networks, netip.MustParsePrefix(text))
	}
	for _, mode := range []ratelimit.Mode{ratelimit.Strict, ratelimit.Compat} {
		l := newLimiter(t, srv.Client(), now, ratelimit.Options{Limit: ratelimit.FixedWindow(1000, time.Minute), Mode: mode, DenyPrefixes: networks})
		for text, denied := range map[string]bool{
			"203.0.113.1": true, "203.0.114.1": false, "198.51.100.7": true, "198.51.100.8": false, "192.0.2.77": true,
			"::ffff:203.0.113.9": true, "2001:db8:1::": true, "2001:db9::": false, "2001:db8::1%eth0": true,
			"2001:db8:0:1::/64": true, "2001:db9:0:1::/64": false, "2000::/16": false, // as IPv6 is counted; wider than what is denied
			"user:1": false, "203.0.113.1:80": false, "203.0.113": false, "u": false,
		} {
			for _, r := range []ratelimit.Request{{Key: text, N: 1}, {Key: "u", N: 1, Visitor: ratelimit.Visitor{IP: text}}} {
				srv.Reset()
				got := ok(l.Decide(t.Context(), r))(t)
				if got.Allowed == denied || (got.Reason == ratelimit.Denied) != denied || denied && got.Denied != text {
					t.Errorf("%s: %+v", text, got)
				}
				if trips := srv.Meter().RoundTrips; denied == (trips > 0) {
					t.Errorf("%s: %d round trips", text, trips)
				}
			}
		}
	}
	// Several limits at once know only the key.
	l := newLimiter(t, srv.Client(), now, ratelimit.Options{Limit: ratelimit.GCRA(10, time.Minute), DenyPrefixes: networks})
	r := ok(ratelimit.AllowAll(t.Context(), ratelimit.Claim{Limiter: l, Key: "203.0.113.1", N: 1}))(t)
	check(t, "together", ratelimit.Denied, r.Reason)
	upstashtest.AssertCost(t, srv, upstashtest.Cost{}, func() {
		n, r, err := l.AllowUpTo(t.Context(), "203.0.113.1", 3)
		noErr(t, err)
		check(t, "up to", []any{int64(0), ratelimit.Denied}, []any{n, r.Reason})
	})
}

// TestDenyPrefixesOracle compares with asking one network after the other.
func TestDenyPrefixesOracle(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(1, 2))
	addr := func() netip.Addr { // few, so that they meet
		a := [16]byte{0: byte(rng.IntN(2)), 7: byte(rng.IntN(4)), 15: byte(rng.IntN(4))}
		if rng.IntN(2) == 0 {
			return netip.AddrFrom4([4]byte{byte(rng.IntN(2)), 0, byte(rng.IntN(4)), byte(rng.IntN(4))})
		}
		return netip.AddrFrom16(a)
	}
	hits := 0
	for range 300 {
		var networks []netip.Prefix
		for range 1 + rng.IntN(6) {
			a := addr()
			networks = append(networks, netip.PrefixFrom(a, a.BitLen()-rng.IntN(12)))
		}
		l := newLimiter(t, newDoer(t), &clock{}, ratelimit.Options{Limit: ratelimit.GCRA(1000, time.Minute), DenyPrefixes: networks, Budget: -1})
		for range 20 {
			a := addr()
			want := slices.ContainsFunc(networks, func(p netip.Prefix) bool { return p.Contains(a) })
			got := ok(l.Decide(t.Context(), ratelimit.Request{Key: a.String(), N: 1}))(t)
			if (got.Reason == ratelimit.Denied) != want {
				t.Fatalf("%v in %v: %v, want %v", a, networks, got.Reason, want)
			}
			if want {
				hits++
			}
		}
	}
	check(t, "some are denied", true, hits > 100)
}

func TestDenyPrefixesThatAreNone(t *testing.T) {
	t.Parallel()
	for _, p := range []netip.Prefix{{}, netip.PrefixFrom(netip.MustParseAddr("192.0.2.1"), 33), netip.PrefixFrom(netip.MustParseAddr("::ffff:192.0.2.1"), 80)} {
		_, err := ratelimit.New(newDoer(t), ratelimit.Options{Limit: ratelimit.GCRA(1, time.Minute), DenyPrefixes: []netip.Prefix{p}})
		check(t, p.String()+" is refused", true, err != nil)
	}
}
