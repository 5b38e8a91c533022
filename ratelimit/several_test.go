package ratelimit_test

import (
	"errors"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/seed-9937a0e6/upstash-go/ratelimit"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// together are limits of all algorithms, each under a prefix of its own.
func together(t *testing.T, d upstash.Doer, now *clock) []*ratelimit.Limiter {
	t.Helper()
	var all []*ratelimit.Limiter
	for name, limit := range map[string]ratelimit.Algorithm{
		"a": ratelimit.GCRA(10, time.Second), "b": ratelimit.FixedWindow(40, 5*time.Second),
		"c": ratelimit.SlidingWindow(30, 3*time.Second), "d": ratelimit.TokenBucket(35, 5, time.Second),
		"e": ratelimit.SlidingLog(32, 4*time.Second),
	} {
		all = append(all, newLimiter(t, d, now, ratelimit.Options{Limit: limit, Prefix: name, Name: name, BlockCache: -1}))
	}
	return all
}

// TestSeveralModel: one round trip; what is refused by one is consumed of none; the
// result is the tightest.
func TestSeveralModel(t *testing.T) {
	t.Parallel()
	srv, now := newServer(t)
	limiters := together(t, srv.Client(), now)
	joint, err := ratelimit.Join(limiters...)
	noErr(t, err)
	ok(joint.Allow(t.Context(), "u"))(t) // the script is known then
	for _, l := range limiters {
		ok(l.Peek(t.Context(), "u"))(t)
	}
	rng := rand.New(rand.NewPCG(1, 2))
	refused := map[string]int{}
	for range scale(60, 100_000) {
		now.Advance(time.Duration(rng.Int64N(int64(400 * time.Millisecond))))
		if rng.IntN(50) == 0 {
			now.Advance(20 * time.Second) // all are whole again, so that it is not the slowest one that refuses for ever
		}
		n := 1 + rng.Int64N(5)
		if rng.IntN(30) > 0 && scale(0, 1) == 1 { // what is left is looked at now and then: that takes most of the time
			ok(joint.AllowN(t.Context(), "u", n))(t)
			continue
		}
		before := peekAll(t, limiters)
		srv.Reset()
		r := ok(joint.AllowN(t.Context(), "u", n))(t)
		check(t, "round trips", 1, srv.Meter().RoundTrips)
		least, refuses := before[0].Remaining, false
		for i, after := range peekAll(t, limiters) {
			least = min(least, after.Remaining)
			refuses = refuses || before[i].Remaining < n
			want := before[i].Remaining
			if r.Allowed {
				want -= n
			}
			check(t, "left of "+after.Policy.Name, want, after.Remaining)
		}
		check(t, "allowed", !refuses, r.Allowed)
		if r.Allowed {
			check(t, "least left", least, r.Remaining)
			continue
		}
		refused[r.Policy.Name]++
		now.ms.Store(r.RetryAt.UnixMilli() - 1)
		early := ok(joint.AllowN(t.Context(), "u", n))(t)
		now.Advance(time.Millisecond)
		then := ok(joint.AllowN(t.Context(), "u", n))(t)
		if early.Allowed || !then.Allowed {
			t.Fatalf("a millisecond before RetryAt %v, then %v: %+v", early.Allowed, then.Allowed, r)
		}
	}
	t.Logf("refused: %v", refused)
	if len(refused) < 2 {
		t.Errorf("only these refused: %v", refused)
	}
}

func peekAll(t *testing.T, limiters []*ratelimit.Limiter) (found []ratelimit.Result) {
	t.Helper()
	for _, l := range limiters {
		found = append(found, ok(l.Peek(t.Context(), "u"))(t))
	}
	return found
}

func TestSeveralCost(t *testing.T) {
	t.Parallel()
	srv, now := newServer(t)
	second := newLimiter(t, srv.Client(), now, ratelimit.Options{Limit: ratelimit.GCRA(2, time.Second), Prefix: "s"})
	day := newLimiter(t, srv.Client(), now, ratelimit.Options{Limit: ratelimit.FixedWindow(100, 24*time.Hour), Prefix: "d"})
	ask := func() {
		ok(ratelimit.AllowAll(t.Context(), ratelimit.Claim{Limiter: second, Key: "user:1", N: 1}, ratelimit.Claim{Limiter: day, Key: "tenant:1", N: 1}))(t)
	}
	ask()
	upstashtest.AssertCost(t, srv, upstashtest.Cost{RoundTrips: 1, Commands: 1 + 2 + 1}, ask)
	upstashtest.AssertCost(t, srv, upstashtest.Cost{RoundTrips: 1, Commands: 1 + 1 + 2}, ask) // refused, and taken back
	upstashtest.AssertCost(t, srv, upstashtest.Cost{}, ask)                                   // the block cache
	check(t, "left of the day", int64(98), ok(day.Peek(t.Context(), "tenant:1"))(t).Remaining)
}

func TestSeveralRefusals(t *testing.T) {
	t.Parallel()
	srv, now := newServer(t)
	a := newLimiter(t, srv.Client(), now, ratelimit.Options{Limit: ratelimit.GCRA(2, time.Second)})
	b := newLimiter(t, srv.Client(), now, ratelimit.Options{Limit: ratelimit.GCRA(3, time.Minute)})
	compat := newLimiter(t, srv.Client(), now, ratelimit.Options{Limit: ratelimit.FixedWindow(3, time.Minute), Mode: ratelimit.Compat})
	elsewhere := newLimiter(t, newDoer(t), now, ratelimit.Options{Limit: ratelimit.GCRA(3, time.Minute), Prefix: "x"})
	for name, f := range map[string]func() error{
		"none":        func() error { _, err := ratelimit.Join(); return err },
		"nil":         func() error { _, err := ratelimit.Join(a, nil); return err },
		"Compat":      func() error { _, err := ratelimit.Join(a, compat); return err },
		"other store": func() error { _, err := ratelimit.Join(a, elsewhere); return err },
		"same keys": func() error {
			_, err := ratelimit.AllowAll(t.Context(), ratelimit.Claim{Limiter: a, Key: "u", N: 1}, ratelimit.Claim{Limiter: b, Key: "u", N: 1})
			return err
		},
		"cost": func() error {
			_, err := ratelimit.AllowAll(t.Context(), ratelimit.Claim{Limiter: a, Key: "u", N: 1}, ratelimit.Claim{Limiter: b, Key: "v", N: 4})
			if _, is := errors.AsType[*ratelimit.CostError](err); !is {
				t.Errorf("not a CostError: %v", err)
			}
			return err
		},
	} {
		if f() == nil {
			t.Errorf("%s: no error", name)
		}
	}
	check(t, "sent", 0, srv.Meter().RoundTrips)
}
