package lock_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/lock"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// The lease is over for its holder before it is over for the server: it counts
// from before the request, and keeps a margin.
func TestLeaseEndsBeforeTheServersTTL(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv, k := newLocker(t, lock.Options{TTL: ttl})
		srv.Intercept(func(x *upstashtest.Exchange) {
			x.Execute()
			x.Delay(time.Second)
		})
		lease := got(k.TryLock(t.Context(), "job"))(t)
		check(t, "remaining", ttl-time.Second-ttl/100-2*time.Millisecond, lease.Remaining())
		start := time.Now()
		<-lease.Done()
		check(t, "done after", ttl-time.Second-ttl/100-2*time.Millisecond, time.Since(start))
		isErr(t, lease.Err(), lock.ErrLost)
		check(t, "remaining", time.Duration(0), lease.Remaining())
		isFree(t, srv, false)
	})
}

func TestLeaseAfterAFreeze(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name            string
		wall, monotonic time.Duration // what each clock says has passed
		lost            bool
	}{
		{"the monotonic clock stood still", ttl, 0, true},
		{"the wall clock was set back", -time.Hour, ttl, true},
		{"the wall clock was set forward", time.Hour, time.Second, true},
		{"a short one", time.Second, 0, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				srv, k := newLocker(t, lock.Options{TTL: ttl})
				var wall, monotonic time.Duration
				start := time.Now()
				k.SetClock(func() time.Time { return start.Add(wall) }, func() time.Time { return start.Add(monotonic) })
				lease := got(k.TryLock(t.Context(), "job"))(t)
				defer func() { _ = lease.Release(t.Context()) }() // its timer would tick on a clock that stands still
				wall, monotonic = tt.wall, tt.monotonic
				before := srv.Meter().RoundTrips
				if !tt.lost {
					noErr(t, lease.Err())
					noErr(t, lease.Extend(t.Context()))
					return
				}
				// No timer has fired yet, and no request is made to find out.
				isErr(t, lease.Extend(t.Context()), lock.ErrLost)
				isErr(t, lease.Err(), lock.ErrLost)
				check(t, "round trips", before, srv.Meter().RoundTrips)
			})
		})
	}
}

func TestContextEndsWithTheLease(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		_, k := newLocker(t, lock.Options{TTL: ttl})
		lease := got(k.TryLock(t.Context(), "job"))(t)
		ctx, cancel := lease.Context(t.Context())
		defer cancel()
		<-ctx.Done()
		isErr(t, context.Cause(ctx), lock.ErrLost)

		second := got(k.Lock(t.Context(), "job"))(t)
		released, cancel := second.Context(t.Context())
		defer cancel()
		parent, stop := context.WithCancelCause(t.Context())
		child, cancel := second.Context(parent)
		defer cancel()
		why := errors.New("the parent's")
		stop(why)
		isErr(t, context.Cause(child), why)
		noErr(t, second.Release(t.Context()))
		<-released.Done()
		isErr(t, context.Cause(released), lock.ErrNotHeld)
	})
}

func TestExtend(t *testing.T) {
	t.Parallel()
	for _, fault := range []struct {
		name string
		f    func(*upstashtest.Exchange)
	}{
		{"none", nil},
		{"lost", upstashtest.DropBefore},
		{"reply lost", upstashtest.ExecuteThenDrop},
		{"twice", upstashtest.Duplicate},
	} {
		t.Run(fault.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				srv, k := newLocker(t, lock.Options{TTL: ttl})
				lease := got(k.TryLock(t.Context(), "job"))(t)
				for range 5 {
					time.Sleep(ttl * 2 / 3) // bubble
					if fault.f != nil {
						srv.Intercept(fault.f)
					}
					noErr(t, lease.Extend(t.Context()))
				}
				isErr(t, errOf(k.TryLock(t.Context(), "job")), lock.ErrNotAcquired)
				noErr(t, lease.Release(t.Context()))
				isErr(t, lease.Extend(t.Context()), lock.ErrNotHeld)
				isFree(t, srv, true)
			})
		})
	}
}

func TestExtendOfALostLock(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		lose func(t *testing.T, srv *upstashtest.Server, k *lock.Locker)
	}{
		{"evicted", func(_ *testing.T, srv *upstashtest.Server, _ *lock.Locker) { srv.Evict("lock:{job}") }},
		{"expired on the server", func(_ *testing.T, srv *upstashtest.Server, _ *lock.Locker) { srv.Advance(ttl) }},
		{"broken", func(t *testing.T, _ *upstashtest.Server, k *lock.Locker) {
			t.Helper()
			check(t, "broken", true, got(k.Break(t.Context(), "job"))(t))
		}},
		{"somebody else's", func(t *testing.T, srv *upstashtest.Server, k *lock.Locker) {
			t.Helper()
			srv.Advance(ttl)
			got(k.TryLock(t.Context(), "job"))(t)
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				srv, k := newLocker(t, lock.Options{TTL: ttl})
				lease := got(k.TryLock(t.Context(), "job"))(t)
				tt.lose(t, srv, k)
				before := got(srv.Client().Exists(t.Context(), "lock:{job}"))(t)
				isErr(t, lease.Extend(t.Context()), lock.ErrLost)
				isErr(t, lease.Err(), lock.ErrLost)
				<-lease.Done()
				isErr(t, lease.Release(t.Context()), lock.ErrNotHeld)
				// Neither made the lock anew nor took it from its new holder.
				check(t, "locks", before, got(srv.Client().Exists(t.Context(), "lock:{job}"))(t))
			})
		})
	}
}

// A reply that comes when the lease is over does not bring it back: work has
// been told that it ended.
func TestExtendThatIsAnsweredTooLate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv, _ := newLocker(t, lock.Options{TTL: ttl})
		deaf := lockerOver(t, ignoresContexts{srv.Client()}, lock.Options{TTL: ttl})
		lease := got(deaf.TryLock(t.Context(), "job"))(t)
		time.Sleep(ttl / 2) // bubble
		srv.Intercept(func(x *upstashtest.Exchange) {
			x.Execute()
			x.Delay(ttl * 3 / 4)
		})
		isErr(t, lease.Extend(t.Context()), lock.ErrLost)
		isErr(t, lease.Err(), lock.ErrLost)
	})
}

func TestExtendGivesUpWithItsContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv, k := newLocker(t, lock.Options{TTL: ttl})
		lease := got(k.TryLock(t.Context(), "job"))(t)
		for range 3 {
			srv.Intercept(upstashtest.DropBefore)
		}
		if err := lease.Extend(t.Context()); !upstash.OutcomeUnknown(err) {
			t.Errorf("error = %v, want one whose outcome is unknown", err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		srv.Intercept(upstashtest.Delay(2 * time.Second))
		isErr(t, lease.Extend(ctx), context.DeadlineExceeded)
		noErr(t, lease.Err()) // neither ends it
	})
}

func TestKeepAlive(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv, k := newLocker(t, lock.Options{TTL: ttl})
		keep := func(ctx context.Context, lease *lock.Lease) chan error {
			done := make(chan error, 1)
			go func() { done <- lease.KeepAlive(ctx) }()
			return done
		}
		lease := got(k.TryLock(t.Context(), "job"))(t)
		srv.Reset()
		done := keep(t.Context(), lease)
		time.Sleep(10 * ttl) // bubble
		noErr(t, lease.Err())
		if n := srv.Meter().Commands; n < 28 || n > 40 {
			t.Errorf("%d extensions in 10 TTLs, want about 3 for each", n)
		}
		// A few seconds without a server are survived.
		stop := srv.InterceptAll(upstashtest.Status(500))
		time.Sleep(ttl / 2) // bubble
		stop()
		time.Sleep(ttl) // bubble
		noErr(t, lease.Err())
		noErr(t, lease.Release(t.Context()))
		noErr(t, <-done)

		lease = got(k.TryLock(t.Context(), "job"))(t)
		done = keep(t.Context(), lease)
		got(k.Break(t.Context(), "job"))(t)
		isErr(t, <-done, lock.ErrLost)

		lease = got(k.TryLock(t.Context(), "job"))(t)
		ctx, cancel := context.WithTimeout(t.Context(), 3*ttl)
		defer cancel()
		done = keep(ctx, lease)
		isErr(t, <-done, context.DeadlineExceeded)
		noErr(t, lease.Err())
		<-lease.Done() // nobody extends it any more

		lease = got(k.Lock(t.Context(), "job"))(t)
		done = keep(t.Context(), lease)
		defer srv.InterceptAll(upstashtest.DropBefore)()
		isErr(t, <-done, lock.ErrLost)
	})
}

// A process that was frozen for longer than its TTL finds the lease lost when it
// goes on, and extends nothing: its timers fire in a burst then.
func TestKeepAliveAfterAFreeze(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv, k := newLocker(t, lock.Options{TTL: ttl})
		var frozen atomic.Int64
		k.SetClock(func() time.Time { return time.Now().Add(time.Duration(frozen.Load())) }, time.Now)
		lease := got(k.TryLock(t.Context(), "job"))(t)
		done := make(chan error, 1)
		go func() { done <- lease.KeepAlive(t.Context()) }()
		synctest.Wait()
		srv.Advance(time.Hour)
		frozen.Store(int64(time.Hour))
		other := got(lockerOver(t, srv.Client(), lock.Options{TTL: ttl}).TryLock(t.Context(), "job"))(t)
		before := srv.Meter().RoundTrips
		isErr(t, <-done, lock.ErrLost)
		check(t, "round trips", before, srv.Meter().RoundTrips)
		noErr(t, other.Err())
	})
}
