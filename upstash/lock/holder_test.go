package lock_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/lock"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

func TestPeekAndBreak(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv, k := newLocker(t, lock.Options{TTL: ttl, Note: "host-7, größer"})
		ctx := t.Context()
		isErr(t, errOf(k.Peek(ctx, "job")), upstash.ErrNil)
		check(t, "broken", false, got(k.Break(ctx, "job"))(t))

		lease := got(k.TryLock(ctx, "job"))(t)
		time.Sleep(time.Second) // bubble
		check(t, "holder", lock.Holder{Note: "host-7, größer", TTL: ttl - time.Second}, got(k.Peek(ctx, "job"))(t))
		noErr(t, lease.Extend(ctx))
		check(t, "holder", lock.Holder{Note: "host-7, größer", TTL: ttl}, got(k.Peek(ctx, "job"))(t))

		check(t, "broken", true, got(k.Break(ctx, "job"))(t))
		isFree(t, srv, true)
		noErr(t, lease.Err()) // it cannot know
		isErr(t, lease.Release(ctx), lock.ErrNotHeld)

		got(srv.Client().RPush(ctx, "lock:{job}", "x"))(t)
		if _, err := k.Peek(ctx, "job"); err == nil {
			t.Error("a list was taken for a lock")
		}
		stop := srv.InterceptAll(upstashtest.DropBefore)
		if _, err := k.Peek(ctx, "job"); !upstash.OutcomeUnknown(err) {
			t.Errorf("error = %v, want one whose outcome is unknown", err)
		}
		stop()
	})
}
