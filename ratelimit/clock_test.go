package ratelimit_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/seed-9937a0e6/upstash-go/ratelimit"
)

// TestServerClock: processes whose clocks are five seconds apart decide by the
// server's as if their own were right.
func TestServerClock(t *testing.T) {
	t.Parallel()
	for _, limit := range []ratelimit.Algorithm{
		ratelimit.GCRA(20, 2*time.Second), ratelimit.TokenBucket(20, 1, 100*time.Millisecond), ratelimit.SlidingLog(20, 2*time.Second),
	} {
		granted := map[time.Duration][]bool{}
		for _, skew := range []time.Duration{0, 5 * time.Second} {
			srv, now := newServer(t)
			early, late := &clock{}, &clock{}
			o := ratelimit.Options{Limit: limit, ServerClock: true}
			limiters := []*ratelimit.Limiter{newLimiter(t, srv.Client(), early, o), newLimiter(t, srv.Client(), late, o)}
			rng := rand.New(rand.NewPCG(1, 2))
			for i := range scale(200, 2000) {
				now.Advance(time.Duration(rng.Int64N(int64(100 * time.Millisecond))))
				early.ms.Store(now.ms.Load() - skew.Milliseconds())
				late.ms.Store(now.ms.Load() + skew.Milliseconds())
				granted[skew] = append(granted[skew], ok(limiters[i%2].Allow(t.Context(), "u"))(t).Allowed)
			}
			check(t, "skew", []time.Duration{skew, -skew}, []time.Duration{limiters[0].Skew(), limiters[1].Skew()})
		}
		check(t, "granted", granted[0], granted[5*time.Second])
	}
}

// TestNegativeWindow: a refund of @upstash/ratelimit can leave a counter below
// zero, under the keys that Strict shares. What is left and when to come back is
// told as the script sees it.
func TestNegativeWindow(t *testing.T) {
	t.Parallel()
	srv, now := newServer(t)
	const window = 10_000
	now.ms.Store(start/window*window + 3333)
	l := newLimiter(t, srv.Client(), now, ratelimit.Options{Limit: ratelimit.SlidingWindow(10, window*time.Millisecond), BlockCache: -1})
	compat := newLimiter(t, srv.Client(), now, ratelimit.Options{Limit: ratelimit.SlidingWindow(10, window*time.Millisecond), Mode: ratelimit.Compat})
	ok(compat.Refund(t.Context(), "u", 7))(t)
	now.Advance(window * time.Millisecond) // two thirds of the seven are left, which is not whole
	left := ok(compat.Peek(t.Context(), "u"))(t).Remaining
	check(t, "there are more than the limit", int64(15), left)
	check(t, "never told to be more", int64(10), ok(l.Peek(t.Context(), "u"))(t).Remaining)
	for range 2 {
		ok(l.AllowN(t.Context(), "u", 6))(t)
	}
	check(t, "left", left-12, ok(l.Peek(t.Context(), "u"))(t).Remaining)
	granted, r, err := l.AllowUpTo(t.Context(), "u", 10)
	noErr(t, err)
	check(t, "granted, then left", []int64{left - 12, 0}, []int64{granted, r.Remaining})
	refused := ok(l.Allow(t.Context(), "u"))(t)
	now.ms.Store(refused.RetryAt.UnixMilli() - 1)
	check(t, "a millisecond early", false, ok(l.Allow(t.Context(), "u"))(t).Allowed)
	now.Advance(time.Millisecond)
	check(t, "then", true, ok(l.Allow(t.Context(), "u"))(t).Allowed)
}
