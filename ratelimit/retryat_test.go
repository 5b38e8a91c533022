package ratelimit_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/seed-9937a0e6/upstash-go/ratelimit"
)

// numbers are the algorithms with numbers that divide evenly and that do not.
var numbers = []struct {
	name  string
	limit ratelimit.Algorithm
	most  int64 // the largest cost
	span  time.Duration
}{
	{"GCRA", ratelimit.GCRA(10, time.Second), 10, time.Second},
	{"GCRA uneven", ratelimit.GCRA(7, 10*time.Second), 7, 10 * time.Second},
	{"GCRA many", ratelimit.GCRA(3000, time.Second), 3000, time.Second},
	{"GCRA small burst", ratelimit.GCRA(100, 10*time.Second).Burst(3), 3, time.Second},
	{"GCRA large burst", ratelimit.GCRA(3, time.Second).Burst(20), 20, 6 * time.Second},
	{"FixedWindow", ratelimit.FixedWindow(10, time.Second), 10, time.Second},
	{"SlidingWindow", ratelimit.SlidingWindow(10, time.Second), 10, time.Second},
	{"SlidingWindow uneven", ratelimit.SlidingWindow(475, 501*time.Millisecond), 475, 501 * time.Millisecond},
	{"SlidingWindow of one", ratelimit.SlidingWindow(1, time.Second), 1, time.Second},
	{"TokenBucket", ratelimit.TokenBucket(10, 10, time.Second), 10, time.Second},
	{"TokenBucket uneven", ratelimit.TokenBucket(10, 3, 700*time.Millisecond), 10, 3 * time.Second},
	{"SlidingLog", ratelimit.SlidingLog(10, time.Second), 10, time.Second},
	{"GCRA largest", ratelimit.GCRA(1<<40, 8*time.Second), 1 << 40, 8 * time.Second},
	{"FixedWindow largest", ratelimit.FixedWindow(1<<40, 24*time.Hour), 1 << 40, 24 * time.Hour},
	{"SlidingWindow largest", ratelimit.SlidingWindow(1<<40, 24*time.Hour), 1 << 40, 24 * time.Hour},
	{"TokenBucket largest", ratelimit.TokenBucket(1<<40, 1<<39, 24*time.Hour), 1 << 40, 24 * time.Hour},
	{"SlidingLog largest", ratelimit.SlidingLog(1<<40, 24*time.Hour), 1 << 40, 24 * time.Hour},
	{"SlidingLog uneven", ratelimit.SlidingLog(33, 977*time.Millisecond), 33, time.Second},
}

// TestRetryAtModel drives each algorithm through random histories. Of every refusal
// the same cost must be refused a millisecond before RetryAt, and granted then.
func TestRetryAtModel(t *testing.T) {
	t.Parallel()
	for _, n := range numbers {
		for _, server := range []bool{false, true} {
			o := ratelimit.Options{Limit: n.limit, BlockCache: -1, ServerClock: server}
			if _, err := ratelimit.New(newDoer(t), o); err != nil {
				continue // this one needs the client's clock
			}
			t.Run(fmt.Sprint(n.name, " server clock ", server), func(t *testing.T) {
				t.Parallel()
				srv, now := newServer(t)
				l := newLimiter(t, srv.Client(), now, o)
				rng := rand.New(rand.NewPCG(7, uint64(n.most)))
				refusals := 0
				for range scale(60, 1500) {
					now.Advance(time.Duration(rng.Int64N(int64(n.span) / 4)))
					cost := 1 + rng.Int64N(n.most)
					if rng.IntN(3) > 0 {
						cost = 1 + rng.Int64N(1+n.most/4)
					}
					if rng.IntN(10) == 0 {
						ok(l.Refund(t.Context(), "u", cost))(t)
					}
					r := ok(l.AllowN(t.Context(), "u", cost))(t)
					if r.Allowed {
						check(t, "RetryAt of a grant", time.Time{}, r.RetryAt)
						continue
					}
					refusals++
					if !r.RetryAt.After(now.Now()) {
						t.Fatalf("RetryAt %v is not after now, %v", r.RetryAt, now.Now())
					}
					now.ms.Store(r.RetryAt.UnixMilli() - 1)
					early := ok(l.AllowN(t.Context(), "u", cost))(t)
					now.Advance(time.Millisecond)
					then := ok(l.AllowN(t.Context(), "u", cost))(t)
					if early.Allowed || !then.Allowed {
						t.Fatalf("cost %d: a millisecond before %v, then %v: %+v", cost, early.Allowed, then.Allowed, r)
					}
				}
				if refusals < 5 {
					t.Errorf("only %d refusals", refusals)
				}
			})
		}
	}
}

// TestResetAtModel: at that instant the limit is whole, and a millisecond before it
// is not.
func TestResetAtModel(t *testing.T) {
	t.Parallel()
	for _, n := range numbers {
		t.Run(n.name, func(t *testing.T) {
			t.Parallel()
			srv, now := newServer(t)
			l := newLimiter(t, srv.Client(), now, ratelimit.Options{Limit: n.limit})
			rng := rand.New(rand.NewPCG(8, uint64(n.most)))
			for range scale(40, 500) {
				now.Advance(time.Duration(rng.Int64N(int64(n.span))))
				for range 1 + rng.IntN(3) {
					now.Advance(time.Duration(rng.Int64N(int64(n.span) / 8)))
					ok(l.AllowN(t.Context(), "u", 1+rng.Int64N(n.most)))(t)
				}
				r := ok(l.Peek(t.Context(), "u"))(t)
				if r.Remaining == n.most {
					check(t, "ResetAt of what is whole", now.Now(), r.ResetAt)
					continue
				}
				now.ms.Store(r.ResetAt.UnixMilli() - 1)
				early := ok(l.Peek(t.Context(), "u"))(t)
				now.Advance(time.Millisecond)
				then := ok(l.Peek(t.Context(), "u"))(t)
				if early.ResetAt != r.ResetAt || then.Remaining != n.most || then.ResetAt != r.ResetAt {
					t.Fatalf("%+v\nearly %+v\nthen %+v", r, early, then)
				}
			}
		})
	}
}
