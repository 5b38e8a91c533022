package lock_test

import (
	"context"
	"fmt"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
	"github.com/seed-9937a0e6/upstash-go/upstash/lock"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

func TestFenceIncreases(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv, k := newLocker(t, lock.Options{TTL: ttl, Fenced: true})
		ctx := t.Context()
		last := uint64(0)
		next := func(how string) {
			t.Helper()
			lease := got(k.Lock(ctx, "job"))(t)
			if lease.Fence() <= last {
				t.Errorf("%s: fencing token %d after %d", how, lease.Fence(), last)
			}
			last = lease.Fence()
		}
		next("first")
		time.Sleep(ttl) // bubble
		next("expired")
		got(k.Break(ctx, "job"))(t)
		next("broken")
		srv.Evict("lock:{job}")
		next("evicted")
		time.Sleep(time.Second) // bubble
		srv.Evict("lock:{job}", "lock:{job}:fence")
		next("evicted with its counter")
		time.Sleep(time.Second) // bubble
		srv.Flush()
		next("flushed")

		plain := lockerOver(t, srv.Client(), lock.Options{TTL: ttl, Prefix: "plain"})
		check(t, "token of a lease without", uint64(0), got(plain.TryLock(ctx, "job"))(t).Fence())
	})
}

func TestGuardedSet(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv, k := newLocker(t, lock.Options{TTL: ttl, Fenced: true})
		ctx, rdb := t.Context(), srv.Client()
		lease := got(k.TryLock(ctx, "job"))(t)
		noErr(t, lease.GuardedSet(ctx, "report", "first \xff"))
		check(t, "stored", "first \xff", got(rdb.Get(ctx, "report"))(t))

		srv.Intercept(upstashtest.ExecuteThenDrop)
		if err := lease.GuardedSet(ctx, "report", "again"); !upstash.OutcomeUnknown(err) {
			t.Errorf("error = %v, want one whose outcome is unknown", err)
		}
		noErr(t, lease.Err())

		srv.Evict("lock:{job}:fence") // nobody knows any more
		isErr(t, lease.GuardedSet(ctx, "report", "blind"), lock.ErrLost)
		isErr(t, lease.Err(), lock.ErrLost)
		check(t, "stored", "again", got(rdb.Get(ctx, "report"))(t))

		plain := got(lockerOver(t, rdb, lock.Options{Prefix: "plain"}).TryLock(ctx, "job"))(t)
		if err := plain.GuardedSet(ctx, "report", "x"); err == nil {
			t.Error("written without a fencing token")
		}
		list := got(k.TryLock(ctx, "another job"))(t)
		got(rdb.Del(ctx, "lock:{another job}:fence"))(t)
		got(rdb.RPush(ctx, "lock:{another job}:fence", "x"))(t)
		if err := list.GuardedSet(ctx, "report", "x"); err == nil {
			t.Error("written although the counter is no counter")
		}
	})
}

// TestModelStaleWrites has holders stand still at the worst moment: between
// their look at the lease and the write, for as long as somebody else needs to
// acquire the lock and to write. UPSTASH_LONG=1 does that 100,000 times.
func TestModelStaleWrites(t *testing.T) {
	t.Parallel()
	rounds := 1000
	if os.Getenv("UPSTASH_LONG") != "" {
		rounds = 100_000
	}
	synctest.Test(t, func(t *testing.T) {
		ctx := t.Context()
		srv := upstashtest.New(t, upstashtest.Options{InProcess: true})
		o := lock.Options{TTL: ttl, Fenced: true}
		fresh := lockerOver(t, srv.Client(), o)
		var pause func()
		stale := lockerOver(t, upstash.DoerFunc(func(ctx context.Context, b upstash.Batch) ([]command.Reply, error) {
			if f := pause; f != nil {
				pause = nil
				f()
			}
			return srv.Client().Do(ctx, b)
		}), o)
		accepted := 0
		for i := range rounds {
			first := got(stale.TryLock(ctx, "job"))(t)
			var second *lock.Lease
			want := fmt.Sprint("of the second holder, ", i)
			pause = func() {
				srv.Advance(ttl) // the server's clock alone: the first holder cannot know
				second = got(fresh.TryLock(ctx, "job"))(t)
				if i%2 == 0 {
					noErr(t, second.GuardedSet(ctx, "report", want))
				} else {
					got(srv.Client().Del(ctx, "report"))(t)
				}
			}
			if first.GuardedSet(ctx, "report", "stale") == nil {
				accepted++
			}
			if i%2 == 1 {
				noErr(t, second.GuardedSet(ctx, "report", want))
			}
			check(t, "stored", want, got(srv.Client().Get(ctx, "report"))(t))
			isErr(t, first.Err(), lock.ErrLost)
			noErr(t, second.Release(ctx))
		}
		t.Logf("stale writes accepted: %d of %d", accepted, rounds)
		if accepted > 0 {
			t.Errorf("%d stale writes were accepted", accepted)
		}
	})
}
