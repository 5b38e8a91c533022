package ratelimit_test

import (
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/seed-9937a0e6/upstash-go/ratelimit"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// TestLease: however many processes lease, together they never grant more than
// the limit, and no less than it by k-1 for each other one.
func TestLease(t *testing.T) {
	t.Parallel()
	for _, processes := range []int{1, 2, 4, 8} {
		t.Run(strconv.Itoa(processes), func(t *testing.T) {
			t.Parallel()
			const limit, k, calls = 1000, 20, 1500
			srv, now := newServer(t)
			var granted atomic.Int64
			var wg sync.WaitGroup
			leases := make([]*ratelimit.Lease, processes)
			for p := range processes {
				l := newLimiter(t, srv.Client(), now, ratelimit.Options{Limit: ratelimit.FixedWindow(limit, time.Minute)})
				leases[p] = ok(l.Lease("u", k))(t)
				for range 4 {
					wg.Go(func() {
						for range calls / processes / 4 {
							if ok(leases[p].Allow(t.Context()))(t).Allowed {
								granted.Add(1)
							}
						}
					})
				}
			}
			wg.Wait()
			if g := granted.Load(); g > limit || g < limit-int64(processes-1)*(k-1) {
				t.Errorf("%d granted of %d", g, limit)
			}
			// 2/k for each decision that was granted; cold start, the first and
			// the last of the window, and refusals known afterwards: a few for each process.
			if most := 2*limit/k + 10*processes; srv.Meter().Commands > most {
				t.Errorf("%d billed commands, at most %d wanted", srv.Meter().Commands, most)
			}
			now.Advance(time.Minute)
			check(t, "the next window", true, ok(leases[0].Allow(t.Context()))(t).Allowed)
		})
	}
}

func TestLeaseClose(t *testing.T) {
	t.Parallel()
	srv, now := newServer(t)
	l := newLimiter(t, srv.Client(), now, ratelimit.Options{Limit: ratelimit.FixedWindow(100, time.Minute)})
	lease := ok(l.Lease("u", 10))(t)
	r := ok(lease.AllowN(t.Context(), 3))(t)
	check(t, "first", []any{true, ratelimit.Counted, int64(97)}, []any{r.Allowed, r.Reason, r.Remaining})
	r = ok(lease.AllowN(t.Context(), 2))(t)
	check(t, "second", []any{true, ratelimit.Leased, int64(5)}, []any{r.Allowed, r.Reason, r.Remaining})
	check(t, "in the store", int64(90), ok(l.Peek(t.Context(), "u"))(t).Remaining)
	upstashtest.AssertCost(t, srv, upstashtest.Cost{RoundTrips: 1, Commands: 3}, func() { noErr(t, lease.Close(t.Context())) })
	upstashtest.AssertCost(t, srv, upstashtest.Cost{}, func() { noErr(t, lease.Close(t.Context())) })
	check(t, "in the store", int64(95), ok(l.Peek(t.Context(), "u"))(t).Remaining)

	ok(lease.Allow(t.Context()))(t)
	now.Advance(time.Minute) // the window that the rest belongs to is over
	ok(l.AllowN(t.Context(), "u", 5))(t)
	upstashtest.AssertCost(t, srv, upstashtest.Cost{}, func() { noErr(t, lease.Close(t.Context())) })
	check(t, "of the new window", int64(95), ok(l.Peek(t.Context(), "u"))(t).Remaining)
}

func TestLeaseTooLate(t *testing.T) {
	t.Parallel()
	srv, now := newServer(t)
	l := newLimiter(t, srv.Client(), now, ratelimit.Options{Limit: ratelimit.FixedWindow(10, time.Minute)})
	lease := ok(l.Lease("u", 5))(t)
	srv.Intercept(func(x *upstashtest.Exchange) { // the answer comes when the window is over
		x.Execute()
		now.Advance(time.Minute)
	})
	check(t, "granted too late", false, ok(lease.Allow(t.Context()))(t).Allowed)
	check(t, "in the next window", true, ok(lease.Allow(t.Context()))(t).Allowed)
	for _, o := range []ratelimit.Options{
		{Limit: ratelimit.GCRA(10, time.Minute)}, {Limit: ratelimit.FixedWindow(4, time.Minute)},
		{Limit: ratelimit.FixedWindow(10, time.Minute), Mode: ratelimit.Compat},
	} {
		if _, err := newLimiter(t, srv.Client(), now, o).Lease("u", 5); err == nil {
			t.Errorf("a lease of %+v", o.Limit)
		}
	}
}
