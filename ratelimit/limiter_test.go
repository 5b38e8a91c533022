package ratelimit_test

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/seed-9937a0e6/upstash-go/ratelimit"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	d := newDoer(t)
	if _, err := ratelimit.New(nil, ratelimit.Options{Limit: ratelimit.GCRA(1, time.Second)}); err == nil {
		t.Error("a nil Doer: no error")
	}
	for name, o := range map[string]ratelimit.Options{
		"no limit":           {},
		"zero":               {Limit: ratelimit.GCRA(0, time.Second)},
		"negative":           {Limit: ratelimit.FixedWindow(-1, time.Second)},
		"no window":          {Limit: ratelimit.SlidingLog(1, 0)},
		"below a ms":         {Limit: ratelimit.SlidingLog(1, 1500*time.Microsecond)},
		"two years":          {Limit: ratelimit.FixedWindow(1, 2*366*24*time.Hour)},
		"no refill":          {Limit: ratelimit.TokenBucket(1, 0, time.Second)},
		"burst of a window":  {Limit: ratelimit.FixedWindow(1, time.Second).Burst(2)},
		"no burst":           {Limit: ratelimit.GCRA(1, time.Second).Burst(0)},
		"slow bucket":        {Limit: ratelimit.TokenBucket(1<<40, 1, time.Second)},
		"local":              {Limit: ratelimit.FixedWindow(1<<40, 24*time.Hour), OnFailure: ratelimit.FailLocal},
		"too exact":          {Limit: ratelimit.GCRA(1<<39, 24*time.Hour)},
		"Compat GCRA":        {Limit: ratelimit.GCRA(1, time.Second), Mode: ratelimit.Compat},
		"mode":               {Limit: ratelimit.GCRA(1, time.Second), Mode: 7},
		"clock of windows":   {Limit: ratelimit.FixedWindow(1, time.Second), ServerClock: true},
		"policy":             {Limit: ratelimit.GCRA(1, time.Second), OnFailure: 9},
		"negative instances": {Limit: ratelimit.GCRA(1, time.Second), Instances: -1},
	} {
		if _, err := ratelimit.New(d, o); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestRefusedQuestions(t *testing.T) {
	t.Parallel()
	srv, now := newServer(t)
	l := newLimiter(t, srv.Client(), now, ratelimit.Options{Limit: ratelimit.GCRA(10, time.Second), Name: "burst"})
	for _, n := range []int64{-1, 0, 11} {
		_, err := l.AllowN(t.Context(), "u", n)
		var cost *ratelimit.CostError
		if !errors.As(err, &cost) || *cost != (ratelimit.CostError{Cost: n, Capacity: 10, Policy: "burst"}) {
			t.Errorf("cost %d: %v", n, err)
		}
	}
	for _, key := range []string{"", "events", "events:1", "denyList:all", "dynamic:global", "ipDenyListStatus"} {
		if _, err := l.Allow(t.Context(), key); !errors.Is(err, ratelimit.ErrKey) {
			t.Errorf("key %q: %v", key, err)
		}
		check(t, "reset of it", true, errors.Is(l.Reset(t.Context(), key), ratelimit.ErrKey))
	}
	if _, err := l.Decide(t.Context(), ratelimit.Request{Key: "u", N: 1, Limit: ratelimit.SlidingLog(1, time.Second)}); err == nil {
		t.Error("another algorithm: no error")
	}
	check(t, "no dynamic limit", true, l.SetDynamicLimit(t.Context(), 3) != nil)
	check(t, "sent", 0, srv.Meter().RoundTrips)
}

// TestRefusedCostIsNotConsumed, of all algorithms.
func TestRefusedCostIsNotConsumed(t *testing.T) {
	t.Parallel()
	for _, n := range numbers {
		if n.most == 1 { // there is no rest
			continue
		}
		srv, now := newServer(t)
		l := newLimiter(t, srv.Client(), now, ratelimit.Options{Limit: n.limit, BlockCache: -1})
		ok(l.AllowN(t.Context(), "u", 1))(t)
		for range 5 {
			check(t, n.name+": all of it", false, ok(l.AllowN(t.Context(), "u", n.most))(t).Allowed)
		}
		check(t, n.name+": the rest", true, ok(l.AllowN(t.Context(), "u", n.most-1))(t).Allowed)
		granted, r, err := l.AllowUpTo(t.Context(), "u", n.most)
		noErr(t, err)
		check(t, n.name+": up to", []any{int64(0), false}, []any{granted, r.Allowed})
		ok(l.Refund(t.Context(), "u", math.MaxInt64))(t)
		check(t, n.name+": refunds end at the limit", n.most, ok(l.Peek(t.Context(), "u"))(t).Remaining)
		granted, _, err = l.AllowUpTo(t.Context(), "u", math.MaxInt64)
		noErr(t, err)
		check(t, n.name+": as many as there are", n.most, granted)
		noErr(t, l.Reset(t.Context(), "u"))
		check(t, n.name+": after a reset", n.most, ok(l.Peek(t.Context(), "u"))(t).Remaining)
	}
}

// TestEveryKeyExpiresModel, but for the dynamic limit and the deny list.
func TestEveryKeyExpiresModel(t *testing.T) {
	t.Parallel()
	for _, n := range numbers {
		t.Run(n.name, func(t *testing.T) {
			t.Parallel()
			srv, now := newServer(t)
			l := newLimiter(t, srv.Client(), now, ratelimit.Options{
				Limit: n.limit, DynamicLimit: true, DenyList: true, Analytics: true, BlockCache: -1,
			})
			noErr(t, l.Deny(t.Context(), "bad"))
			rng := rand.New(rand.NewPCG(3, 4))
			for range scale(30, 300) {
				now.Advance(time.Duration(rng.Int64N(int64(n.span))))
				key, cost := []string{"u", "v", "bad"}[rng.IntN(3)], 1+rng.Int64N(n.most)
				switch rng.IntN(8) {
				case 0:
					ok(l.Refund(t.Context(), key, cost))(t)
				case 1:
					_, _, err := l.AllowUpTo(t.Context(), key, cost)
					noErr(t, err)
				case 2:
					ok(l.Peek(t.Context(), key))(t)
				case 3:
					noErr(t, l.SetDynamicLimit(t.Context(), rng.Int64N(n.most+1)))
				case 4:
					noErr(t, l.Reset(t.Context(), key))
				default:
					ok(l.AllowN(t.Context(), key, cost))(t)
				}
				for _, k := range dump(t, srv, now) {
					lasting := strings.HasSuffix(k.Key, ":dynamic:global") || strings.HasSuffix(k.Key, ":denyList:all")
					if k.ExpiresAt == nil && !lasting {
						t.Fatalf("%s has no TTL", k.Key)
					}
				}
			}
		})
	}
}

func TestLimitOfACall(t *testing.T) {
	t.Parallel()
	srv, now := newServer(t)
	l := newLimiter(t, srv.Client(), now, ratelimit.Options{Limit: ratelimit.GCRA(2, time.Minute)})
	gold := ratelimit.Request{Key: "gold", N: 5, Limit: ratelimit.GCRA(10, time.Minute)}
	r := ok(l.Decide(t.Context(), gold))(t)
	check(t, "result", []any{true, int64(10), int64(5), int64(10)}, []any{r.Allowed, r.Limit, r.Remaining, r.Policy.Limit})
	r = ok(l.Decide(t.Context(), gold))(t)
	check(t, "result", []any{true, int64(0)}, []any{r.Allowed, r.Remaining})
	r = ok(l.Decide(t.Context(), gold))(t)
	check(t, "result", []any{false, now.Now().Add(30 * time.Second)}, []any{r.Allowed, r.RetryAt})
}

func TestDynamicLimit(t *testing.T) {
	t.Parallel()
	srv, now := newServer(t)
	for name, limit := range map[string]ratelimit.Algorithm{
		"g": ratelimit.GCRA(5, time.Minute), "f": ratelimit.FixedWindow(5, time.Minute), "s": ratelimit.SlidingWindow(5, time.Minute),
		"b": ratelimit.TokenBucket(5, 1, time.Minute), "l": ratelimit.SlidingLog(5, time.Minute),
	} {
		l := newLimiter(t, srv.Client(), now, ratelimit.Options{Limit: limit, Prefix: name, DynamicLimit: true})
		check(t, "none", int64(0), ok(l.DynamicLimit(t.Context()))(t))
		noErr(t, l.SetDynamicLimit(t.Context(), 2))
		check(t, "set", int64(2), ok(l.DynamicLimit(t.Context()))(t))
		r := ok(l.AllowN(t.Context(), "u", 3))(t)
		check(t, name+": lowered", []any{false, int64(2), true}, []any{r.Allowed, r.Limit, r.RetryAt.IsZero()})
		check(t, name+": within", true, ok(l.AllowN(t.Context(), "u", 2))(t).Allowed)
		noErr(t, l.SetDynamicLimit(t.Context(), 0))
		check(t, name+": taken away", int64(5), ok(l.Peek(t.Context(), "u"))(t).Limit)
	}
}

func TestDenyList(t *testing.T) {
	t.Parallel()
	srv, now := newServer(t)
	l := newLimiter(t, srv.Client(), now, ratelimit.Options{Limit: ratelimit.GCRA(5, time.Minute), DenyList: true})
	noErr(t, l.Deny(t.Context(), "198.51.100.7", "BadBot"))
	from := func(ip string) ratelimit.Result {
		return ok(l.Decide(t.Context(), ratelimit.Request{Key: "u", N: 1, Visitor: ratelimit.Visitor{IP: ip}}))(t)
	}
	check(t, "allowed", true, from("203.0.113.1").Allowed)
	r := from("198.51.100.7")
	check(t, "denied", []any{false, ratelimit.Denied, "198.51.100.7"}, []any{r.Allowed, r.Reason, r.Denied})
	upstashtest.AssertCost(t, srv, upstashtest.Cost{}, func() { check(t, "known", ratelimit.Denied, from("198.51.100.7").Reason) })
	check(t, "what is denied is not consumed", int64(4), ok(l.Peek(t.Context(), "u"))(t).Remaining)
	noErr(t, l.Pardon(t.Context(), "198.51.100.7"))
	check(t, "pardoned", true, from("198.51.100.7").Allowed)
}

func TestShadow(t *testing.T) {
	t.Parallel()
	srv, now := newServer(t)
	l := newLimiter(t, srv.Client(), now, ratelimit.Options{Limit: ratelimit.GCRA(1, time.Minute), Shadow: true})
	var shadows []bool
	for range 3 { // the third one is from the block cache
		r := ok(l.Allow(t.Context(), "u"))(t)
		check(t, "allowed", true, r.Allowed)
		shadows = append(shadows, r.Shadow)
	}
	check(t, "would be refused", []bool{false, true, true}, shadows)
}

// TestEventMember: as JSON.stringify writes it.
func TestEventMember(t *testing.T) {
	t.Parallel()
	got := ratelimit.EventMember(ratelimit.Request{
		Key: "<a> & \"b\"\\\n\x01\u007f\u2028é😀", Visitor: ratelimit.Visitor{IP: "not this", Geo: ratelimit.Geo{Country: "DE", Region: "BE", IP: "192.0.2.1"}},
	}, ratelimit.Result{})
	check(t, "member", `{"identifier":"<a> & \"b\"\\\n\u0001`+"\u007f\u2028é😀"+`","success":false,"country":"DE","region":"BE","ip":"192.0.2.1"}`, got)
	got = ratelimit.EventMember(ratelimit.Request{Key: "u"}, ratelimit.Result{Reason: ratelimit.Denied, Denied: "x"})
	check(t, "member", `{"identifier":"x","success":"denied"}`, got)
}

// TestSecrecy: no key is in an error.
func TestSecrecy(t *testing.T) {
	t.Parallel()
	srv, now := newServer(t)
	l := newLimiter(t, srv.Client(), now, ratelimit.Options{Limit: ratelimit.GCRA(1, time.Minute)})
	srv.InterceptAll(upstashtest.Status(500))
	_, peek := l.Peek(t.Context(), "secret-key")
	_, cost := l.AllowN(t.Context(), "secret-key", 2)
	_, refund := l.Refund(t.Context(), "secret-key", 1)
	for _, err := range []error{peek, cost, refund, l.Reset(t.Context(), "secret-key"), ratelimit.ErrKey} {
		texts := []string{fmt.Sprint(err), fmt.Sprintf("%+v", err), fmt.Sprintf("%#v", err)}
		if err == nil || slices.ContainsFunc(texts, func(s string) bool { return strings.Contains(s, "secret-key") }) {
			t.Errorf("%v", texts)
		}
	}
}
