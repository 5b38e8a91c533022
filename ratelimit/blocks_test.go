package ratelimit_test

import (
	"context"
	"runtime"
	"strconv"
	"testing"
	"time"

	"github.com/seed-9937a0e6/upstash-go/ratelimit"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// TestBlockCache: what is known to be refused is refused without a request, and
// nothing else is.
func TestBlockCache(t *testing.T) {
	t.Parallel()
	srv, now := newServer(t)
	l := newLimiter(t, srv.Client(), now, ratelimit.Options{Limit: ratelimit.GCRA(10, 10*time.Second)})
	ask := func(n int64, trips int, allowed bool, reason ratelimit.Reason) ratelimit.Result {
		t.Helper()
		srv.Reset()
		r := ok(l.AllowN(t.Context(), "u", n))(t)
		check(t, "round trips, allowed, reason", []any{trips, allowed, reason}, []any{srv.Meter().RoundTrips, r.Allowed, r.Reason})
		return r
	}
	ask(8, 2, true, ratelimit.Counted) // cold
	refused := ask(5, 1, false, ratelimit.Counted)
	known := ask(5, 0, false, ratelimit.Blocked)
	known.Reason = ratelimit.Counted
	check(t, "what is known is what was said", refused, known)
	ask(6, 0, false, ratelimit.Blocked)
	ask(2, 1, true, ratelimit.Counted) // a smaller cost was not refused
	ask(1, 1, false, ratelimit.Counted)

	ok(l.Refund(t.Context(), "u", 1))(t)
	ask(1, 1, true, ratelimit.Counted)
	ask(1, 1, false, ratelimit.Counted)
	noErr(t, l.Reset(t.Context(), "u"))
	ask(10, 1, true, ratelimit.Counted)
	r := ask(1, 1, false, ratelimit.Counted)
	now.ms.Store(r.RetryAt.UnixMilli() - 1)
	ask(1, 0, false, ratelimit.Blocked)
	now.Advance(time.Millisecond)
	ask(1, 1, true, ratelimit.Counted)

	ask(1, 1, false, ratelimit.Counted)
	other := ok(l.Decide(t.Context(), ratelimit.Request{Key: "u", N: 1, Limit: ratelimit.GCRA(1000, time.Second)}))(t)
	check(t, "another limit is another question", true, other.Reason == ratelimit.Counted)
}

func TestBlockCacheDynamicLimit(t *testing.T) {
	t.Parallel()
	srv, now := newServer(t)
	o := ratelimit.Options{Limit: ratelimit.FixedWindow(1, time.Hour), DynamicLimit: true}
	l, other := newLimiter(t, srv.Client(), now, o), newLimiter(t, srv.Client(), now, o)
	for range 2 {
		ok(l.Allow(t.Context(), "u"))(t)
	}
	noErr(t, l.SetDynamicLimit(t.Context(), 2))
	check(t, "raised here", true, ok(l.Allow(t.Context(), "u"))(t).Allowed)
	check(t, "full", false, ok(l.Allow(t.Context(), "u"))(t).Allowed)
	noErr(t, other.SetDynamicLimit(t.Context(), 3))
	now.Advance(999 * time.Millisecond)
	check(t, "raised elsewhere", ratelimit.Blocked, ok(l.Allow(t.Context(), "u"))(t).Reason)
	now.Advance(time.Millisecond)
	check(t, "noticed", true, ok(l.Allow(t.Context(), "u"))(t).Allowed)
}

func TestBlockCacheIsBounded(t *testing.T) {
	t.Parallel()
	srv, now := newServer(t)
	l := newLimiter(t, srv.Client(), now, ratelimit.Options{Limit: ratelimit.GCRA(1, time.Hour), BlockCache: 100})
	for i := range 300 {
		for range 2 {
			ok(l.Allow(t.Context(), strconv.Itoa(i)))(t)
		}
	}
	check(t, "blocks", 100, l.Blocks())
	srv.Reset()
	for i := range 300 {
		ok(l.Allow(t.Context(), strconv.Itoa(i)))(t)
	}
	check(t, "some are known", true, srv.Meter().RoundTrips < 300)
}

// TestBlockedAllocatesNothing, of all algorithms.
func TestBlockedAllocatesNothing(t *testing.T) { //nolint:paralleltest // AllocsPerRun counts those of all goroutines
	for _, c := range costs {
		l := blocked(t, c.limit, c.mode)
		ctx := t.Context()
		check(t, c.name+": allocations", 0.0, testing.AllocsPerRun(1000, func() { ok1(l.Allow(ctx, "u")) }))
	}
}

// TestBlockedModelMemory has very many keys blocked one after the other, and
// finds memory as it was after the first ones. UPSTASH_LONG=1 tries 10,000,000.
func TestBlockedModelMemory(t *testing.T) { //nolint:paralleltest // it measures the memory of the process
	const size, slack = 10_000, 2 << 20
	refuse := upstash.DoerFunc(func(context.Context, upstash.Batch) ([]command.Reply, error) {
		numbers := []int64{start, 0, 0, 0, 1, start + time.Hour.Milliseconds(), 0, 0}
		items := make([]command.Reply, len(numbers))
		for i, n := range numbers {
			items[i] = command.IntReply(n)
		}
		return []command.Reply{command.ArrayReply(items...)}, nil
	})
	now := &clock{}
	now.ms.Store(start)
	l := newLimiter(t, refuse, now, ratelimit.Options{Limit: ratelimit.GCRA(1, time.Hour)})
	keys := 0
	more := func(n int) uint64 {
		for range n {
			keys++
			if r, err := l.Allow(t.Context(), "user:"+strconv.Itoa(keys)); err != nil || r.Allowed {
				t.Fatal(r, err)
			}
		}
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before := more(2 * size)
	after := more(scale(size, 10_000_000))
	check(t, "blocks", size, l.Blocks())
	t.Logf("%d keys: %d bytes, then %d", keys, before, after)
	if after > before+slack {
		t.Errorf("%d bytes of memory after %d keys, then %d", before, 2*size, after)
	}
}

// ok1 panics rather than make a closure.
func ok1(r ratelimit.Result, err error) {
	if err != nil || r.Reason != ratelimit.Blocked {
		panic("not from the block cache")
	}
}

func blocked(tb testing.TB, limit ratelimit.Algorithm, mode ratelimit.Mode) *ratelimit.Limiter {
	tb.Helper()
	srv := upstashtest.New(tb, upstashtest.Options{InProcess: true})
	l, err := ratelimit.New(srv.Client(), ratelimit.Options{Limit: limit, Mode: mode, Budget: -1})
	noErr(tb, err)
	for r := (ratelimit.Result{Allowed: true}); r.Allowed; {
		r = ok(l.Allow(tb.Context(), "u"))(tb)
	}
	return l
}

// BenchmarkBlocked is a refusal that is known.
func BenchmarkBlocked(b *testing.B) {
	l, ctx := blocked(b, ratelimit.GCRA(1, time.Hour), ratelimit.Strict), b.Context()
	b.ReportAllocs()
	for b.Loop() {
		ok1(l.Allow(ctx, "u"))
	}
}
