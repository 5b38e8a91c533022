package ratelimit_test

import (
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"github.com/seed-9937a0e6/upstash-go/ratelimit"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// TestRealRedis makes the same calls on a real Redis and on the local server.
// The two have clocks of their own, so no key expires meanwhile: the windows are
// of hours, and the clock of the limiters moves by minutes.
func TestRealRedis(t *testing.T) {
	t.Parallel()
	addr := os.Getenv("UPSTASH_TEST_REDIS_ADDR")
	if addr == "" {
		t.Skip("UPSTASH_TEST_REDIS_ADDR names no Redis server; keys of its database 0 would be written")
	}
	redis := upstashtest.New(t, upstashtest.Options{InProcess: true, Redis: addr})
	for _, c := range []struct {
		name  string
		limit ratelimit.Algorithm
		mode  ratelimit.Mode
	}{
		{"GCRA", ratelimit.GCRA(50, 7*time.Hour), ratelimit.Strict},
		{"FixedWindow", ratelimit.FixedWindow(50, 7*time.Hour), ratelimit.Strict},
		{"SlidingWindow", ratelimit.SlidingWindow(50, 7*time.Hour), ratelimit.Strict},
		{"TokenBucket", ratelimit.TokenBucket(50, 7, time.Hour), ratelimit.Strict},
		{"SlidingLog", ratelimit.SlidingLog(50, 7*time.Hour), ratelimit.Strict},
		{"Compat FixedWindow", ratelimit.FixedWindow(50, 7*time.Hour), ratelimit.Compat},
		{"Compat SlidingWindow", ratelimit.SlidingWindow(50, 7*time.Hour), ratelimit.Compat},
		{"Compat TokenBucket", ratelimit.TokenBucket(50, 7, time.Hour), ratelimit.Compat},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			local, now := newServer(t)
			o := ratelimit.Options{Limit: c.limit, Mode: c.mode, Prefix: "upstash-go-test:" + c.name, BlockCache: -1}
			theirs, ours := newLimiter(t, redis.Client(), now, o), newLimiter(t, local.Client(), now, o)
			noErr(t, theirs.Reset(t.Context(), "u"))
			rng := rand.New(rand.NewPCG(5, 6))
			for range 200 {
				now.Advance(time.Duration(rng.Int64N(int64(time.Minute))))
				n, refund := 1+rng.Int64N(4), rng.IntN(8) == 0
				for _, l := range []*ratelimit.Limiter{theirs, ours} {
					if refund {
						ok(l.Refund(t.Context(), "u", n))(t)
					}
				}
				check(t, "decision", ok(ours.AllowN(t.Context(), "u", n))(t), ok(theirs.AllowN(t.Context(), "u", n))(t))
				check(t, "peek", ok(ours.Peek(t.Context(), "u"))(t), ok(theirs.Peek(t.Context(), "u"))(t))
			}
			noErr(t, theirs.Reset(t.Context(), "u"))
		})
	}
}
