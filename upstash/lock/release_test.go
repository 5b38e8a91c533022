package lock_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
	"github.com/seed-9937a0e6/upstash-go/upstash/lock"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

func TestRelease(t *testing.T) {
	t.Parallel()
	for _, fault := range []struct {
		name string
		f    func(*upstashtest.Exchange)
		want error
	}{
		{"none", nil, nil},
		{"lost", upstashtest.DropBefore, nil},
		{"reply lost", upstashtest.ExecuteThenDrop, nil},
		// Somebody deleted it before: that it was a copy of the request nobody can tell.
		{"twice", upstashtest.Duplicate, lock.ErrNotHeld},
	} {
		t.Run(fault.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				srv, k := newLocker(t, lock.Options{TTL: ttl})
				lease := got(k.TryLock(t.Context(), "job"))(t)
				if fault.f != nil {
					srv.Intercept(fault.f)
				}
				ctx, cancel := context.WithCancel(t.Context())
				cancel() // it is released all the same
				check(t, "error", fault.want == nil, lease.Release(ctx) == nil)
				isErr(t, lease.Err(), lock.ErrNotHeld)
				isFree(t, srv, true)
				<-lease.Done()

				before := srv.Meter().RoundTrips
				check(t, "error of the second call", fault.want == nil, lease.Release(ctx) == nil)
				check(t, "round trips", before, srv.Meter().RoundTrips)
			})
		})
	}
}

func TestReleaseOfALockThatIsLost(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv, k := newLocker(t, lock.Options{TTL: ttl})
		lease := got(k.TryLock(t.Context(), "job"))(t)
		time.Sleep(ttl) // bubble
		other := got(k.TryLock(t.Context(), "job"))(t)
		isErr(t, lease.Release(t.Context()), lock.ErrNotHeld)
		isErr(t, lease.Err(), lock.ErrLost)
		isFree(t, srv, false)
		noErr(t, other.Extend(t.Context()))

		// Whether the lost reply said "deleted" makes no difference then.
		srv.Evict("lock:{job}")
		time.Sleep(ttl) // bubble
		srv.Intercept(upstashtest.ExecuteThenDrop)
		isErr(t, other.Release(t.Context()), lock.ErrNotHeld)
	})
}

func TestReleaseThatFailsCanBeCalledAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv, k := newLocker(t, lock.Options{TTL: ttl})
		lease := got(k.TryLock(t.Context(), "job"))(t)
		stop := srv.InterceptAll(upstashtest.DropBefore)
		if err := lease.Release(t.Context()); !upstash.OutcomeUnknown(err) {
			t.Errorf("error = %v, want one whose outcome is unknown", err)
		}
		isErr(t, lease.Err(), lock.ErrNotHeld) // somebody else may have it
		stop()
		isFree(t, srv, false)
		noErr(t, lease.Release(t.Context()))
		isFree(t, srv, true)
	})
}

// A server that hangs does not hold up a caller whose context has ended for long.
func TestReleaseIsBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv, k := newLocker(t, lock.Options{TTL: time.Hour})
		lease := got(k.TryLock(t.Context(), "job"))(t)
		srv.Intercept(upstashtest.Delay(time.Minute))
		start := time.Now()
		isErr(t, lease.Release(t.Context()), context.DeadlineExceeded)
		check(t, "took", 2*time.Second, time.Since(start))
	})
}

// The lease ends before the request is sent, not when its reply comes: in
// between somebody else may have the lock.
func TestLeaseIsOverWhileItIsReleased(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv, k := newLocker(t, lock.Options{TTL: ttl})
		lease := got(k.TryLock(t.Context(), "job"))(t)
		srv.Intercept(func(x *upstashtest.Exchange) {
			isErr(t, lease.Err(), lock.ErrNotHeld)
			x.Execute()
		})
		noErr(t, lease.Release(t.Context()))
	})
}

// ignoresContexts is a Doer that always waits for the reply.
type ignoresContexts struct{ next upstash.Doer }

// Do sends the batch.
func (d ignoresContexts) Do(ctx context.Context, b upstash.Batch) ([]command.Reply, error) {
	return d.next.Do(context.WithoutCancel(ctx), b)
}
