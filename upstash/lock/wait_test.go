package lock_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-9937a0e6/upstash-go/upstash/lock"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

func TestLockWaits(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		_, k := newLocker(t, lock.Options{TTL: ttl})
		first := got(k.TryLock(t.Context(), "job"))(t)
		time.AfterFunc(3*time.Second, func() { _ = first.Release(context.Background()) }) //nolint:usetesting // it may outlive the test's
		start := time.Now()
		second := got(k.Lock(t.Context(), "job"))(t)
		if took := time.Since(start); took < 3*time.Second || took > 4*time.Second {
			t.Errorf("waited %v for a lock that was free after 3s", took)
		}
		if n := second.Polls(); n < 4 || n > 40 {
			t.Errorf("%d polls in 3s", n)
		}
	})
}

// A holder that crashed is waited for until its TTL has passed.
func TestLockOutlastsACrash(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		_, k := newLocker(t, lock.Options{TTL: ttl})
		crashed := got(k.TryLock(t.Context(), "job"))(t)
		start := time.Now()
		got(k.Lock(t.Context(), "job"))(t)
		if took := time.Since(start); took < ttl || took > ttl+time.Second {
			t.Errorf("waited %v for a TTL of %v", took, ttl)
		}
		isErr(t, crashed.Err(), lock.ErrLost)
	})
}

func TestLockEndsWithItsContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv, k := newLocker(t, lock.Options{TTL: ttl})
		holder := got(k.TryLock(t.Context(), "job"))(t)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		start := time.Now()
		isErr(t, errOf(k.Lock(ctx, "job")), lock.ErrNotAcquired, context.DeadlineExceeded)
		check(t, "waited", time.Second, time.Since(start))
		noErr(t, holder.Err())
		isFree(t, srv, false)

		why := errors.New("shutting down")
		canceled, stop := context.WithCancelCause(t.Context())
		stop(why)
		before := srv.Meter()
		deaf := lockerOver(t, ignoresContexts{srv.Client()}, lock.Options{TTL: ttl})
		for _, k := range []*lock.Locker{k, deaf} {
			isErr(t, errOf(k.Lock(canceled, "job")), lock.ErrNotAcquired, why)
			isErr(t, errOf(k.TryLock(canceled, "job")), lock.ErrNotAcquired, why)
		}
		check(t, "requests for a context that had ended", before, srv.Meter())
	})
}

// A long wait is not ended by a bad line.
func TestLockWaitsThroughFaults(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv, k := newLocker(t, lock.Options{TTL: ttl})
		got(k.TryLock(t.Context(), "job"))(t)
		for range 9 {
			srv.Intercept(upstashtest.DropBefore)
		}
		lease := got(k.Lock(t.Context(), "job"))(t)
		noErr(t, lease.Err())
	})
}

// TestWaiters compares 50 who wait for a lock that each holds for 100ms with the
// usual recipe, a poll every 100ms, in one run.
func TestWaiters(t *testing.T) {
	t.Parallel()
	ours := queue(t, func(ctx context.Context, k *lock.Locker) (*lock.Lease, int, error) {
		lease, err := k.Lock(ctx, "job")
		if err != nil {
			return nil, 0, err
		}
		return lease, lease.Polls(), nil
	})
	fixed := queue(t, func(ctx context.Context, k *lock.Locker) (*lock.Lease, int, error) {
		for polls := 1; ; polls++ {
			lease, err := k.TryLock(ctx, "job")
			if !errors.Is(err, lock.ErrNotAcquired) {
				return lease, polls, err
			}
			time.Sleep(100 * time.Millisecond) // bubble
		}
	})
	for _, c := range []struct {
		name string
		crowd
	}{{"ours", ours}, {"every 100ms", fixed}} {
		t.Logf("%-11s  %4.1f polls for each lock, waited %v (median), %v (longest)", c.name, float64(c.polls)/waiters, c.median, c.longest)
		if c.polls != c.counted { // Polls of a lease is what its acquisition was billed
			t.Errorf("%s: %d polls were billed, and the leases count %d", c.name, c.polls, c.counted)
		}
	}
	// Each poll is billed. 50 who each get the lock need 50 at least; fixed pauses
	// need some 27 for each, of which ours take less than two thirds.
	if ours.polls < waiters {
		t.Errorf("%d polls for %d locks", ours.polls, waiters)
	}
	// Fewer polls, and longer waits in return: random pauses, of which the last
	// ones have nobody else to fill the gap.
	if ours.polls > fixed.polls*2/3 {
		t.Errorf("%d polls, %d with fixed pauses", ours.polls, fixed.polls)
	}
	if ours.longest > fixed.longest*2 {
		t.Errorf("waited up to %v, %v with fixed pauses", ours.longest, fixed.longest)
	}
}

const waiters = 50

type crowd struct {
	polls           int // billed commands that acquired, or tried to
	counted         int // what the leases say of it
	median, longest time.Duration
}

func queue(t *testing.T, acquire func(context.Context, *lock.Locker) (*lock.Lease, int, error)) (c crowd) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		srv := upstashtest.New(t, upstashtest.Options{InProcess: true})
		k := lockerOver(t, srv.Client(), lock.Options{TTL: ttl})
		var mu sync.Mutex
		var waits []time.Duration
		counted := 0
		var all sync.WaitGroup
		start := time.Now()
		for range waiters {
			all.Go(func() {
				lease, polls, err := acquire(t.Context(), k)
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				waits = append(waits, time.Since(start))
				counted += polls
				mu.Unlock()
				time.Sleep(100 * time.Millisecond) // bubble
				if err := lease.Release(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		slices.Sort(waits)
		c = crowd{polls: srv.Meter().Commands - waiters, counted: counted, median: waits[waiters/2], longest: waits[waiters-1]}
	})
	return c
}

// TestCyclesLeaveNothingBehind: the bubble does not end while a goroutine lives
// that was started in it.
func TestCyclesLeaveNothingBehind(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		_, k := newLocker(t, lock.Options{TTL: ttl, MaxHold: time.Minute})
		for i := range 1000 {
			ctx, cancel := context.WithCancel(t.Context())
			switch i % 4 {
			case 0:
				noErr(t, k.With(ctx, "job", func(context.Context, *lock.Lease) error { return nil }))
			case 1:
				noErr(t, got(k.Lock(ctx, "job"))(t).Release(ctx))
			case 2:
				lease := got(k.TryLock(ctx, "job"))(t)
				done := make(chan error)
				go func() { done <- lease.KeepAlive(ctx) }()
				cancel()
				isErr(t, <-done, context.Canceled)
				noErr(t, lease.Release(ctx))
			case 3: // canceled while it waits
				lease := got(k.TryLock(ctx, "job"))(t)
				time.AfterFunc(time.Second, cancel)
				isErr(t, errOf(k.Lock(ctx, "job")), context.Canceled)
				noErr(t, lease.Release(ctx))
			}
			cancel()
		}
	})
}
