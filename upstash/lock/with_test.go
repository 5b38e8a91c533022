package lock_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/lock"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

func TestWith(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv, k := newLocker(t, lock.Options{TTL: ttl})
		ctx := t.Context()
		noErr(t, k.With(ctx, "job", func(ctx context.Context, lease *lock.Lease) error {
			isFree(t, srv, false) //nolint:contextcheck // the test asks, not the work
			noErr(t, lease.Err())
			return ctx.Err()
		}))
		isFree(t, srv, true)

		failed := errors.New("the work failed")
		err := k.With(ctx, "job", func(context.Context, *lock.Lease) error { return failed })
		check(t, "error", failed.Error(), err.Error())
		isFree(t, srv, true)

		func() {
			defer func() { check(t, "panic", any("oops"), recover()) }()
			_ = k.With(ctx, "job", func(context.Context, *lock.Lease) error { panic("oops") })
		}()
		isFree(t, srv, true)

		canceled, cancel := context.WithCancel(ctx)
		isErr(t, k.With(canceled, "job", func(work context.Context, _ *lock.Lease) error {
			cancel()
			return work.Err()
		}), context.Canceled)
		isFree(t, srv, true)

		noErr(t, k.With(ctx, "job", func(ctx context.Context, lease *lock.Lease) error { return lease.Release(ctx) }))

		got(k.TryLock(ctx, "job"))(t)
		short, stop := context.WithTimeout(ctx, time.Second)
		defer stop()
		isErr(t, k.With(short, "job", func(context.Context, *lock.Lease) error {
			t.Error("ran without the lock")
			return nil
		}), lock.ErrNotAcquired)
	})
}

func TestWithTellsThatTheLeaseWasLost(t *testing.T) {
	t.Parallel()
	failed := errors.New("the work failed")
	for _, tt := range []struct {
		name string
		work func(ctx context.Context, srv *upstashtest.Server) error
		want []error
	}{
		{"its time was up", func(ctx context.Context, _ *upstashtest.Server) error {
			<-ctx.Done()
			return context.Cause(ctx)
		}, []error{lock.ErrLost}},
		{"its time was up, and nobody noticed", func(context.Context, *upstashtest.Server) error {
			time.Sleep(ttl) // bubble
			return nil
		}, []error{lock.ErrLost}},
		{"evicted", func(_ context.Context, srv *upstashtest.Server) error {
			srv.Evict("lock:{job}")
			return nil
		}, []error{lock.ErrLost}},
		{"evicted, and the work failed", func(_ context.Context, srv *upstashtest.Server) error {
			srv.Evict("lock:{job}")
			return failed
		}, []error{lock.ErrLost, failed}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				srv, k := newLocker(t, lock.Options{TTL: ttl})
				isErr(t, k.With(t.Context(), "job", func(ctx context.Context, _ *lock.Lease) error { return tt.work(ctx, srv) }), tt.want...)
			})
		})
	}
}

func TestWithExtendsForMaxHold(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv, k := newLocker(t, lock.Options{TTL: ttl, MaxHold: 5 * ttl})
		noErr(t, k.With(t.Context(), "job", func(ctx context.Context, _ *lock.Lease) error {
			time.Sleep(4 * ttl)   // bubble
			isFree(t, srv, false) //nolint:contextcheck // the test asks, not the work
			return ctx.Err()
		}))
		isFree(t, srv, true)
		start := time.Now()
		isErr(t, k.With(t.Context(), "job", func(ctx context.Context, _ *lock.Lease) error {
			<-ctx.Done() // it hangs
			return context.Cause(ctx)
		}), lock.ErrLost)
		if held := time.Since(start); held < 5*ttl || held > 6*ttl {
			t.Errorf("held for %v", held)
		}
	})
}

// The work is done and was alone: that the lock stays for a while is not its failure.
func TestWithTellsOfALockThatStays(t *testing.T) {
	t.Parallel()
	var told []error
	o := lock.Options{TTL: ttl, OnError: func(_ context.Context, err error) { told = append(told, err) }}
	synctest.Test(t, func(t *testing.T) {
		srv, k := newLocker(t, o)
		defer srv.InterceptAll(upstashtest.On("DELEX", upstashtest.DropBefore))()
		noErr(t, k.With(t.Context(), "job", func(context.Context, *lock.Lease) error { return nil }))
		if len(told) != 1 || !upstash.OutcomeUnknown(told[0]) {
			t.Errorf("told: %v", told)
		}
	})
}
