package lock_test

import (
	"testing"
	"testing/synctest"

	"github.com/seed-9937a0e6/upstash-go/upstash/lock"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// TestCost holds the package to the table in its documentation.
func TestCost(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv, k := newLocker(t, lock.Options{TTL: ttl})
		ctx := t.Context()
		costs := func(commands int, f func()) {
			t.Helper()
			upstashtest.AssertCost(t, srv, upstashtest.Cost{RoundTrips: 1, Commands: commands}, f)
		}
		var lease *lock.Lease
		costs(1, func() { lease = got(k.TryLock(ctx, "job"))(t) })
		costs(1, func() { isErr(t, errOf(k.TryLock(ctx, "job")), lock.ErrNotAcquired) })
		costs(1, func() { noErr(t, lease.Extend(ctx)) })
		costs(2, func() { got(k.Peek(ctx, "job"))(t) })
		costs(1, func() { noErr(t, lease.Release(ctx)) })
		costs(1, func() { lease = got(k.Lock(ctx, "job"))(t) })
		costs(1, func() { got(k.Break(ctx, "job"))(t) })
		upstashtest.AssertCost(t, srv, upstashtest.Cost{}, func() {
			noErr(t, lease.Err())
			_, cancel := lease.Context(ctx)
			cancel()
		})

		fenced := lockerOver(t, srv.Client(), lock.Options{TTL: ttl, Prefix: "fenced", Fenced: true})
		warm(t, fenced)
		noErr(t, got(fenced.TryLock(ctx, "warm"))(t).GuardedSet(ctx, "report", "x"))
		costs(5, func() { lease = got(fenced.TryLock(ctx, "job"))(t) }) // the first of its key
		costs(2, func() { isErr(t, errOf(fenced.TryLock(ctx, "job")), lock.ErrNotAcquired) })
		costs(3, func() { noErr(t, lease.GuardedSet(ctx, "report", "x")) })
		costs(1, func() { noErr(t, lease.Extend(ctx)) })
		costs(1, func() { noErr(t, lease.Release(ctx)) })
		costs(3, func() { lease = got(fenced.TryLock(ctx, "job"))(t) })
		got(fenced.Break(ctx, "job"))(t)
		costs(3, func() { got(fenced.TryLock(ctx, "job"))(t) })
		costs(2, func() { isErr(t, lease.GuardedSet(ctx, "report", "x"), lock.ErrLost) })
	})
}

// TestWords shows what is sent, for who reads logs or writes another client.
func TestWords(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv, k := newLocker(t, lock.Options{TTL: ttl, Prefix: "shop"})
		lease := got(k.TryLock(t.Context(), "job"))(t)
		noErr(t, lease.Extend(t.Context()))
		noErr(t, lease.Release(t.Context()))
		requests := srv.Requests()
		token := requests[0].Commands[0][2]
		check(t, "length of the token", 26, len(token))
		check(t, "sent", [][][]string{
			{{"SET", "shop:{job}", token, "NX", "GET", "EX", "10"}},
			{{"SET", "shop:{job}", token, "IFEQ", token, "EX", "10"}},
			{{"DELEX", "shop:{job}", "IFEQ", token}},
		}, [][][]string{requests[0].Commands, requests[1].Commands, requests[2].Commands})
	})
}
